{%- set horizon = 'cast(' ~ policy_value('backtest_horizon_days') ~ ' as int)' -%}
{%- set lead_time = 'cast(' ~ policy_value('backtest_lead_days') ~ ' as int)' -%}
with

alert as (

    select
        method,
        coalesce(rule_id, '*') as rule_id,
        party_id,
        first_seen_on,
        closed_on,
        states_default
    from {{ ref('int_warning__alert') }}
    union all
    select
        'all_rules' as method,
        '*' as rule_id,
        party_id,
        first_seen_on,
        closed_on,
        states_default
    from {{ ref('int_warning__alert') }}
    where is_counted_overall

),

asked as (

    select
        'rule' as method,
        rule_id,
        states_default
    from {{ ref('int_warning__rule') }}
    union all
    select
        'all_rules' as method,
        '*' as rule_id,
        false as states_default
    union all
    select
        'net_overdue_30' as method,
        '*' as rule_id,
        false as states_default
    union all
    select
        'largest_net_overdue' as method,
        '*' as rule_id,
        false as states_default

),

spell as (

    select
        party_id,
        defaulted_on,
        coalesce(cured_on, {{ end_of_days() }}) as cured_on
    from {{ ref('mart_customer_default') }}

),

history as (

    select
        min(period_end) as first_day,
        {{ days_between('min(month_start)', as_of()) }} + 1 as days
    from {{ ref('int_kpi__month') }}

),

-- a customer that is in default already cannot be warned of it
timely as (

    select
        row_number() over (
            order by alert.method, alert.rule_id, alert.party_id, alert.first_seen_on
        ) as alert_no,
        alert.*
    from alert
    left join spell
        on
            alert.party_id = spell.party_id
            and alert.first_seen_on >= spell.defaulted_on
            and alert.first_seen_on < spell.cured_on
    where spell.party_id is null

),

followed as (

    select
        timely.alert_no,
        min(spell.defaulted_on) as defaulted_on
    from timely
    inner join spell
        on
            timely.party_id = spell.party_id
            and spell.defaulted_on > timely.first_seen_on
            and spell.defaulted_on <= {{ add_days('timely.first_seen_on', horizon) }}
    group by timely.alert_no

),

judged as (

    select
        timely.*,
        followed.defaulted_on,
        followed.alert_no is not null as is_hit,
        {{ days_between('timely.first_seen_on', 'followed.defaulted_on') }} as lead_days,
        followed.alert_no is not null
        or timely.closed_on is not null
        or {{ add_days('timely.first_seen_on', horizon) }} < {{ as_of() }} as is_judged
    from timely
    left join followed
        on timely.alert_no = followed.alert_no

),

median as (

    select
        method,
        rule_id,
        min(case when 2 * lead_no >= hit_count then lead_days end) as median_lead_days
    from (
        select
            method,
            rule_id,
            lead_days,
            row_number() over (partition by method, rule_id order by lead_days) as lead_no,
            count(*) over (partition by method, rule_id) as hit_count
        from judged
        where is_hit
    ) as lined_up
    group by method, rule_id

),

alert_sum as (

    select
        method,
        rule_id,
        count(*) as alert_count,
        sum(case when is_judged then 1 else 0 end) as judged_count,
        sum(case when is_hit then 1 else 0 end) as hit_count
    from judged
    group by method, rule_id

),

every_alert as (

    select
        method,
        rule_id,
        count(*) as episode_count
    from alert
    group by method, rule_id

),

-- defaults that a warning could have come before, with what was at stake
event as (

    select
        spell.party_id,
        spell.defaulted_on,
        coalesce(exposed.exposure, 0) as amount
    from spell
    cross join history
    left join {{ ref('int_warning__exposed') }} as exposed
        on
            spell.party_id = exposed.party_id
            and spell.defaulted_on >= exposed.effective_from
            and spell.defaulted_on < exposed.effective_to
    where spell.defaulted_on > {{ add_days('history.first_day', horizon) }}

),

recalled as (

    select distinct
        timely.method,
        timely.rule_id,
        event.party_id,
        event.defaulted_on,
        event.amount
    from event
    inner join timely
        on
            event.party_id = timely.party_id
            and {{ add_days('timely.first_seen_on', lead_time) }} <= event.defaulted_on
            and (
                {{ add_days('timely.first_seen_on', horizon) }} >= event.defaulted_on
                or timely.closed_on is null
                or {{ add_days('timely.closed_on', lead_time) }} > event.defaulted_on
            )

),

recall_sum as (

    select
        method,
        rule_id,
        count(*) as recalled_count,
        sum(amount) as recalled_amount
    from recalled
    group by method, rule_id

),

event_sum as (

    select
        count(*) as default_count,
        coalesce(sum(amount), 0) as default_amount
    from event

),

version as (

    select max(policy_version) as policy_version
    from {{ ref('int_warning__rule') }}

),

gathered as (

    select
        asked.method,
        asked.rule_id,
        asked.states_default,
        coalesce(every_alert.episode_count, 0) as episode_count,
        coalesce(alert_sum.alert_count, 0) as timely_count,
        coalesce(alert_sum.judged_count, 0) as judged_count,
        coalesce(alert_sum.hit_count, 0) as hit_count,
        event_sum.default_count,
        event_sum.default_amount,
        coalesce(recall_sum.recalled_count, 0) as recalled_count,
        coalesce(recall_sum.recalled_amount, 0) as recalled_amount,
        median.median_lead_days,
        history.days as history_days,
        version.policy_version
    from asked
    cross join event_sum
    cross join history
    cross join version
    left join every_alert
        on asked.method = every_alert.method and asked.rule_id = every_alert.rule_id
    left join alert_sum
        on asked.method = alert_sum.method and asked.rule_id = alert_sum.rule_id
    left join recall_sum
        on asked.method = recall_sum.method and asked.rule_id = recall_sum.rule_id
    left join median
        on asked.method = median.method and asked.rule_id = median.rule_id

),

final as (

    select
        cast({{ as_of() }} as date) as as_of_date,
        cast(method as {{ dbt.type_string() }}) as method,
        cast(rule_id as {{ dbt.type_string() }}) as rule_id,
        cast(states_default as boolean) as states_default,
        cast(episode_count as bigint) as episode_count,
        cast(case when not states_default then timely_count end as bigint) as timely_count,
        cast(case when not states_default then judged_count end as bigint) as judged_count,
        cast(case when not states_default then hit_count end as bigint) as hit_count,
        cast(case when not states_default then {{ ratio_of('hit_count', 'judged_count') }} end
            as decimal(28, 6)) as precision_rate,
        cast(case when states_default then 'states_default' when judged_count = 0
            then 'nothing_to_judge' end as {{ dbt.type_string() }}) as precision_reason,
        cast(default_count as bigint) as default_count,
        cast(default_amount as decimal(18, 2)) as default_amount_reporting,
        cast(case when not states_default then recalled_count end as bigint) as recalled_count,
        cast(case when not states_default then recalled_amount end as decimal(18, 2))
            as recalled_amount_reporting,
        cast(case when not states_default then {{ ratio_of('recalled_count', 'default_count') }}
            end as decimal(28, 6)) as recall_rate_by_count,
        cast(case when not states_default then {{ ratio_of('recalled_amount', 'default_amount') }}
            end as decimal(28, 6)) as recall_rate_by_amount,
        cast(case when states_default then 'states_default' when default_count = 0
            then 'no_default' when default_amount = 0 then 'no_amount' end
            as {{ dbt.type_string() }}) as recall_reason,
        cast(case when not states_default then median_lead_days end as int) as median_lead_days,
        cast(case when states_default then 'states_default' when hit_count = 0 then 'no_hit' end
            as {{ dbt.type_string() }}) as lead_reason,
        cast(history_days as int) as history_days,
        cast({{ ratio_of('episode_count * 7', 'history_days') }} as decimal(28, 6))
            as alerts_per_week,
        cast(policy_version as {{ dbt.type_string() }}) as policy_version
    from gathered

)

select * from final
