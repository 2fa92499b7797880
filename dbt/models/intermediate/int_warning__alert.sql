{{ config(materialized='table') }}

{#- Warnings about a customer beside what two naive lists would have said, each with the days on
    which it stood (policy section 3, track record). `net_overdue_30`: everything over 30 days past
    due of at least the minor floor. `largest_net_overdue`: the customers with the largest net
    overdue at each month end, for as many months running as they are among them. -#}
with

warned as (

    select
        'rule' as method,
        warning.rule_id,
        warning.party_id,
        warning.first_seen_on,
        warning.closed_on,
        warning.worst_severity <> 'notice' and not warning.states_default as is_counted_overall,
        warning.states_default
    from {{ ref('mart_risk_warning') }} as warning
    where warning.party_id is not null

),

overdue as (

    select
        owed.party_id,
        greatest(owed.effective_from, floors.valid_from) as effective_from,
        least(owed.effective_to, floors.valid_to, {{ add_days(as_of(), 1) }})
            as effective_to
    from {{ ref('int_warning__owed') }} as owed
    inner join {{ ref('int_floor__monthly') }} as floors
        on
            owed.net_overdue_30 >= floors.floor_minor
            and owed.effective_from < floors.valid_to
            and owed.effective_to > floors.valid_from
    where owed.net_overdue_30 > 0 and floors.valid_from <= {{ as_of() }}

),

overdue_run as (

    {{ joined_spells('overdue', ['party_id']) }}

),

month as (

    select
        month_no,
        period_end
    from {{ ref('int_kpi__month') }}

),

ranked as (

    select
        owed.party_id,
        month.month_no,
        month.period_end
    from {{ ref('int_warning__owed') }} as owed
    inner join month
        on owed.effective_from <= month.period_end and owed.effective_to > month.period_end
    where owed.net_overdue_0 > 0
    qualify row_number() over (
        partition by month.month_no
        order by owed.net_overdue_0 desc, owed.party_id
    ) <= {{ policy_value('backtest_largest_count') }}

),

ranked_run as (

    select
        *,
        month_no - row_number() over (partition by party_id order by month_no) as run_no
    from ranked

),

largest as (

    select
        party_id,
        run_no,
        min(period_end) as first_seen_on,
        max(month_no) as last_month_no
    from ranked_run
    group by party_id, run_no

),

final as (

    select * from warned
    union all
    select
        'net_overdue_30' as method,
        cast(null as {{ dbt.type_string() }}) as rule_id,
        party_id,
        effective_from as first_seen_on,
        case when effective_to <= {{ as_of() }} then effective_to end as closed_on,
        false as is_counted_overall,
        false as states_default
    from overdue_run
    union all
    select
        'largest_net_overdue' as method,
        cast(null as {{ dbt.type_string() }}) as rule_id,
        largest.party_id,
        largest.first_seen_on,
        month.period_end as closed_on,
        false as is_counted_overall,
        false as states_default
    from largest
    left join month
        on largest.last_month_no + 1 = month.month_no

)

select * from final
