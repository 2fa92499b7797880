{%- set roles = {
    'collector': ('催收员', 'collector'), 'sales': ('销售', 'sales'), 'controller': ('信控', 'controller'),
    'legal': ('法务', 'legal'), 'cfo': ('CFO', 'CFO'), 'ar_accountant': ('应收会计', 'AR accountant'),
    'internal_control': ('内控', 'internal control')
} -%}
with

open_warning as (

    select
        *,
        case severity when 'severe' then 3 when 'warning' then 2 else 1 end as level,
        row_number() over (
            partition by party_id
            order by
                case severity when 'severe' then 3 when 'warning' then 2 else 1 end desc,
                -- a sum of other warnings says less than they do
                case when family = 'score' then 1 else 0 end,
                states_default desc, react_by, rule_id, episode_id
        ) as severity_no
    from {{ ref('mart_risk_warning') }}
    where is_open and party_id is not null

),

-- the second reason tells something else than the first, if there is anything else
warning as (

    select
        *,
        row_number() over (
            partition by party_id
            order by
                case
                    when severity_no = 1 then 0
                    when family = 'score' then 3
                    when family <> first_family then 1
                    else 2
                end,
                severity_no
        ) as reason_no
    from (
        select
            *,
            first_value(family) over (
                partition by party_id
                order by severity_no
                rows between unbounded preceding and unbounded following
            ) as first_family
        from open_warning
    ) as with_first

),

listed as (

    select
        party_id,
        max(level) as level,
        count(*) as warning_count,
        sum(case when level = 3 then 1 else 0 end) as severe_count,
        sum(case when level = 2 then 1 else 0 end) as middle_count,
        sum(case when level = 1 then 1 else 0 end) as notice_count,
        min(first_seen_on) as first_seen_on,
        max(first_seen_on) as newest_seen_on,
        sum(case when is_reaction_overdue then 1 else 0 end) as late_reaction_count,
        {% for no in [1, 2] -%}
        {% for column in ['episode_id', 'rule_id', 'message_zh', 'message_en'] -%}
        max(case when reason_no = {{ no }} then {{ column }} end) as {{ column }}_{{ no }},
        {% endfor -%}
        {% endfor -%}
        {% for column in ['owner_roles', 'owner_name', 'react_by', 'action_zh', 'action_en'] -%}
        max(case when reason_no = 1 then {{ column }} end) as {{ column }}{{ ',' if not loop.last }}
        {% endfor %}
    from warning
    group by party_id
    having max(level) >= 2

),

owed as (

    select *
    from {{ ref('int_warning__owed') }}
    where effective_from <= {{ as_of() }} and effective_to > {{ as_of() }}

),

party as (

    select *
    from {{ ref('dim_customer') }}
    where company_code || '|' || customer_id = party_id

),

graded as (

    select
        graded.party_id,
        graded.grade,
        graded.previous_grade,
        rule.rung_no
    from {{ ref('int_rating__graded') }} as graded
    inner join {{ ref('int_rating__grade') }} as rule
        on graded.grade = rule.grade
    where graded.effective_from <= {{ as_of() }} and graded.effective_to > {{ as_of() }}

),

measured as (

    select
        listed.*,
        graded.grade,
        graded.previous_grade,
        coalesce(case when graded.rung_no is not null then graded.grade || '级' end, '未评级')
            as grade_zh,
        coalesce(case when graded.rung_no is not null then 'grade ' || graded.grade end, 'unrated')
            as grade_en,
        party.company_code,
        party.customer_id,
        party.party_name as name,
        node.group_id,
        party.collector,
        party.sales_owner,
        party.status,
        coalesce(owed.net_overdue_0, 0) as net_overdue,
        coalesce({{ days_between('owed.oldest_due_date', as_of()) }}, 0) as oldest_overdue_days,
        coalesce(exposed.exposure, 0) as exposure,
        coalesce(exposed.uncovered_exposure, 0) as uncovered_exposure,
        coalesce(loss.expected_loss, 0) as expected_loss,
        coalesce(loss.unpriced_count, 0) as unpriced_count
    from listed
    inner join party
        on listed.party_id = party.party_id
    left join {{ ref('int_customer__grouped') }} as node
        on listed.party_id = node.customer_key
    left join graded
        on listed.party_id = graded.party_id
    left join owed
        on listed.party_id = owed.party_id
    left join {{ ref('int_exposure__party') }} as exposed
        on listed.party_id = exposed.party_id
    left join {{ ref('int_warning__loss') }} as loss
        on listed.party_id = loss.party_id

),

named as (

    select
        *,
        {% for language in ['zh', 'en'] -%}
        coalesce(
            owner_name,
            case
                {% for role, names in roles.items() -%}
                when owner_roles = '{{ role }}' or owner_roles like '{{ role }}|%'
                    then '{{ names[0] if language == 'zh' else names[1] }}'
                {% endfor -%}
                else owner_roles
            end
        ) as owner_{{ language }},
        {{ without_full_stop('message_' ~ language ~ '_1') }} as reason_{{ language }}_1,
        {{ without_full_stop('message_' ~ language ~ '_2') }} as reason_{{ language }}_2,
        {% endfor -%}
        row_number() over (
            order by expected_loss desc, net_overdue desc, level desc, party_id
        ) as watchlist_rank
    from measured

),

version as (

    select max(policy_version) as policy_version
    from {{ ref('int_warning__rule') }}

),

final as (

    select
        cast({{ as_of() }} as date) as as_of_date,
        cast(named.watchlist_rank as int) as watchlist_rank,
        cast(named.party_id as {{ dbt.type_string() }}) as party_id,
        cast(named.company_code as {{ dbt.type_string() }}) as company_code,
        cast(named.customer_id as {{ dbt.type_string() }}) as customer_id,
        cast(named.name as {{ dbt.type_string() }}) as name,
        cast(named.group_id as {{ dbt.type_string() }}) as group_id,
        cast(named.status as {{ dbt.type_string() }}) as status,
        cast(case named.level when 3 then 'severe' else 'warning' end as {{ dbt.type_string() }})
            as severity,
        cast(named.grade as {{ dbt.type_string() }}) as grade,
        cast(named.previous_grade as {{ dbt.type_string() }}) as previous_grade,
        cast(named.severe_count as int) as severe_count,
        cast(named.middle_count as int) as warning_count,
        cast(named.notice_count as int) as notice_count,
        cast(named.expected_loss as decimal(18, 2)) as expected_loss_reporting,
        cast(named.unpriced_count as bigint) as unpriced_item_count,
        cast(named.net_overdue as decimal(18, 2)) as net_overdue_reporting,
        cast(named.oldest_overdue_days as int) as oldest_overdue_days,
        cast(named.exposure as decimal(18, 2)) as exposure_reporting,
        cast(named.uncovered_exposure as decimal(18, 2)) as uncovered_exposure_reporting,
        cast(named.first_seen_on as date) as first_seen_on,
        cast(named.newest_seen_on as date) as newest_seen_on,
        cast(named.newest_seen_on > {{ add_days(as_of(), -7) }} as boolean) as is_new_this_week,
        cast(named.episode_id_1 as {{ dbt.type_string() }}) as first_reason_episode_id,
        cast(named.rule_id_1 as {{ dbt.type_string() }}) as first_reason_rule_id,
        cast(named.episode_id_2 as {{ dbt.type_string() }}) as second_reason_episode_id,
        cast(named.rule_id_2 as {{ dbt.type_string() }}) as second_reason_rule_id,
        cast(named.owner_roles as {{ dbt.type_string() }}) as owner_roles,
        cast(named.owner_zh as {{ dbt.type_string() }}) as owner_zh,
        cast(named.owner_en as {{ dbt.type_string() }}) as owner_en,
        cast(named.collector as {{ dbt.type_string() }}) as collector,
        cast(named.sales_owner as {{ dbt.type_string() }}) as sales_owner,
        cast(named.react_by as date) as react_by,
        cast(named.late_reaction_count as int) as late_reaction_count,
        cast(
            named.name || '(' || named.grade_zh || '):净逾期'
            || {{ readable_amount('named.net_overdue', 'zh') }}
            || ',最长' || cast(named.oldest_overdue_days as {{ dbt.type_string() }}) || '天;'
            || named.reason_zh_1 || coalesce(';' || named.reason_zh_2, '')
            || '。未受保障敞口' || {{ readable_amount('named.uncovered_exposure', 'zh') }}
            || ',预计损失' || {{ readable_amount('named.expected_loss', 'zh') }} || '。'
            || coalesce('建议:' || named.action_zh || ';', '')
            || '责任人' || coalesce(named.owner_zh, '未定')
            || coalesce(',' || cast(named.react_by as {{ dbt.type_string() }}) || '前处理', '')
            || '。' as {{ dbt.type_string() }}
        ) as sentence_zh,
        cast(
            named.name || ' (' || named.grade_en || '): '
            || {{ readable_amount('named.net_overdue', 'en') }}
            || ' net overdue, oldest '
            || cast(named.oldest_overdue_days as {{ dbt.type_string() }}) || ' days; '
            || named.reason_en_1 || coalesce('; ' || named.reason_en_2, '')
            || '. Uncovered exposure ' || {{ readable_amount('named.uncovered_exposure', 'en') }}
            || ', expected loss ' || {{ readable_amount('named.expected_loss', 'en') }} || '. '
            || coalesce('Do: ' || named.action_en || '; ', '')
            || coalesce(named.owner_en, 'nobody yet')
            || coalesce(' by ' || cast(named.react_by as {{ dbt.type_string() }}), '')
            || '.' as {{ dbt.type_string() }}
        ) as sentence_en,
        cast('{{ var("reporting_currency") }}' as {{ dbt.type_string() }}) as currency,
        cast(version.policy_version as {{ dbt.type_string() }}) as policy_version
    from named
    cross join version

)

select * from final
