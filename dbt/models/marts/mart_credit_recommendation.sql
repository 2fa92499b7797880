{%- set ages = net_overdue_ages() -%}
with

newest as (

    select max(month_no) as month_no
    from {{ ref('int_kpi__month') }}

),

graded as (

    select graded.*
    from {{ ref('int_rating__graded') }} as graded
    inner join newest
        on graded.month_no = newest.month_no

),

party as (

    select *
    from {{ ref('dim_customer') }}
    where company_code || '|' || customer_id = party_id

),

held as (

    select *
    from {{ ref('int_hold__advised') }}
    where effective_from <= {{ as_of() }} and effective_to > {{ as_of() }}

),

on_plan as (

    select distinct party_id
    from {{ ref('int_hold__planned') }}
    where effective_from <= {{ as_of() }} and effective_to > {{ as_of() }}

),

-- since when the grade has been what it is
unchanged as (

    select
        history.party_id,
        max(case when history.grade <> graded.grade then history.month_no end) as last_other_no
    from {{ ref('int_rating__graded') }} as history
    inner join graded
        on history.party_id = graded.party_id
    group by history.party_id

),

begun as (

    select
        history.party_id,
        min(history.day) as grade_since
    from {{ ref('int_rating__graded') }} as history
    inner join unchanged
        on history.party_id = unchanged.party_id
    where history.month_no > coalesce(unchanged.last_other_no, 0)
    group by history.party_id

),

measured as (

    select
        graded.party_id,
        graded.grade,
        graded.score,
        graded.weight_present,
        graded.decided_by,
        rule.label_zh,
        rule.label_en,
        rule.longest_terms_days,
        rule.terms_zh,
        rule.terms_en,
        rule.limit_factor,
        rule.equity_share,
        rule.grace_days,
        rule.hold_days,
        rule.hold_floor,
        rule.review_months,
        rule.prepaid_share,
        rule.conditions_zh,
        rule.conditions_en,
        rule.policy_version,
        begun.grade_since,
        coalesce(exposed.exposure, 0) as exposure,
        case rule.hold_floor
            when 'minor' then evaluated.floor_minor
            when 'normal' then evaluated.floor_normal
            when 'major' then evaluated.floor_major
        end as hold_floor_amount,
        case rule.hold_days
            {% for column, days in ages.items() -%}
            when {{ days }} then evaluated.net_overdue_{{ days }}
            {% endfor -%}
        end as hold_net_overdue,
        held.party_id is not null as is_held,
        held.effective_from as held_since,
        on_plan.party_id is not null as is_on_plan
    from graded
    inner join {{ ref('int_rating__evaluated') }} as evaluated
        on graded.party_id = evaluated.party_id and graded.month_no = evaluated.month_no
    inner join {{ ref('int_rating__grade') }} as rule
        on graded.grade = rule.grade
    left join {{ ref('int_exposure__party') }} as exposed
        on graded.party_id = exposed.party_id
    left join begun
        on graded.party_id = begun.party_id
    left join held
        on graded.party_id = held.party_id
    left join on_plan
        on graded.party_id = on_plan.party_id

),

final as (

    select
        cast({{ as_of() }} as date) as as_of_date,
        cast(measured.party_id as {{ dbt.type_string() }}) as party_id,
        cast(party.company_code as {{ dbt.type_string() }}) as company_code,
        cast(party.customer_id as {{ dbt.type_string() }}) as customer_id,
        cast(party.party_name as {{ dbt.type_string() }}) as party_name,
        cast(measured.grade as {{ dbt.type_string() }}) as grade,
        cast(measured.label_zh as {{ dbt.type_string() }}) as grade_zh,
        cast(measured.label_en as {{ dbt.type_string() }}) as grade_en,
        cast(measured.score as decimal(9, 4)) as score,
        cast(measured.grade_since as date) as grade_since,
        cast({{ add_months('measured.grade_since', 'measured.review_months') }} as date)
            as review_due_on,
        cast(measured.longest_terms_days as int) as recommended_terms_days,
        cast(measured.terms_zh as {{ dbt.type_string() }}) as recommended_terms_zh,
        cast(measured.terms_en as {{ dbt.type_string() }}) as recommended_terms_en,
        cast(measured.grace_days as int) as grace_days,
        cast(measured.prepaid_share as decimal(9, 6)) as prepaid_share,
        cast(measured.conditions_zh as {{ dbt.type_string() }}) as conditions_zh,
        cast(measured.conditions_en as {{ dbt.type_string() }}) as conditions_en,
        cast(recommended.month_count as int) as billing_month_count,
        cast(recommended.billed_amount as decimal(18, 2)) as billed_reporting,
        cast(recommended.highest_amount as decimal(18, 2)) as highest_month_billed_reporting,
        cast(recommended.average_amount as decimal(18, 2)) as average_month_billed_reporting,
        cast(measured.limit_factor as decimal(9, 6)) as limit_factor,
        cast(recommended.median_days_late as int) as median_days_late,
        cast(recommended.late_days_counted as int) as late_days_counted,
        cast(recommended.limit_days as int) as limit_days,
        cast(recommended.limit_by_billing as decimal(18, 2)) as limit_by_billing_reporting,
        cast(recommended.accounts_period_end as date) as accounts_period_end,
        cast(recommended.equity_reporting as decimal(18, 2)) as equity_reporting,
        cast(measured.equity_share as decimal(9, 6)) as equity_share,
        cast(case when recommended.equity_reporting is not null
            then recommended.most_by_equity end as decimal(18, 2)) as most_by_equity_reporting,
        cast(recommended.group_receivable as decimal(18, 2)) as group_receivable_reporting,
        cast(recommended.most_by_receivable as decimal(18, 2)) as most_by_receivable_reporting,
        cast(recommended.most_by_floor as decimal(18, 2)) as most_by_floor_reporting,
        cast(recommended.recommended_limit as decimal(18, 2)) as recommended_limit_reporting,
        cast(recommended.bound_by as {{ dbt.type_string() }}) as limit_bound_by,
        cast(granted.limit_reporting as decimal(18, 2)) as limit_in_force_reporting,
        cast(coalesce(granted.has_group_limit, false) as boolean) as has_group_limit,
        cast(measured.exposure as decimal(18, 2)) as exposure_reporting,
        cast(measured.hold_days as int) as hold_days,
        cast(measured.hold_floor as {{ dbt.type_string() }}) as hold_floor,
        cast(measured.hold_floor_amount as decimal(18, 2)) as hold_floor_reporting,
        cast(measured.hold_net_overdue as decimal(18, 2)) as hold_net_overdue_reporting,
        cast(measured.is_held as boolean) as is_hold_advised,
        cast(measured.held_since as date) as hold_advised_since,
        cast(measured.is_on_plan as boolean) as is_on_plan,
        -- the first cent below half of the floor
        cast(case when measured.is_held and measured.hold_floor <> 'always'
            then greatest(
                measured.hold_net_overdue - {{ money('measured.hold_floor_amount / 2') }} + 0.01, 0
            ) end as decimal(18, 2)) as to_pay_for_release_reporting,
        cast(
            case
                when measured.is_held and measured.hold_floor = 'always'
                    then measured.grade || '级:款到发货'
                when measured.is_held
                    then measured.grade || '级:逾期超'
                    || cast(measured.hold_days as {{ dbt.type_string() }}) || '天'
                    || {{ readable_amount('measured.hold_net_overdue', 'zh') }} || ',暂停供货线'
                    || {{ readable_amount('measured.hold_floor_amount', 'zh') }}
                when measured.is_on_plan then '按批准的还款计划履行中'
            end as {{ dbt.type_string() }}
        ) as hold_reason_zh,
        cast(
            case
                when measured.is_held and measured.hold_floor = 'always'
                    then 'grade ' || measured.grade || ': prepaid only'
                when measured.is_held
                    then 'grade ' || measured.grade || ': '
                    || {{ readable_amount('measured.hold_net_overdue', 'en') }} || ' more than '
                    || cast(measured.hold_days as {{ dbt.type_string() }})
                    || ' days overdue, hold from '
                    || {{ readable_amount('measured.hold_floor_amount', 'en') }} || ' on'
                when measured.is_on_plan then 'keeps to an approved plan'
            end as {{ dbt.type_string() }}
        ) as hold_reason_en,
        cast('{{ var("reporting_currency") }}' as {{ dbt.type_string() }}) as currency,
        cast(measured.policy_version as {{ dbt.type_string() }}) as policy_version
    from measured
    inner join party
        on measured.party_id = party.party_id
    inner join {{ ref('int_rating__recommended') }} as recommended
        on measured.party_id = recommended.party_id
    left join {{ ref('int_credit_limit__granted') }} as granted
        on measured.party_id = granted.party_id

)

select * from final
order by party_id
