{{ config(materialized='table') }}

{#- What grades look at, per party and evaluation: every month end since it first owed something,
    and the as-of date, on which those that never did have a row too. As known on the day where
    there is such a reading: net overdue, exposure, accounts, outside information, habits; as believed
    now: promises, defaults, bills and limits (DECISIONS 46). -#}
{%- set ages = net_overdue_ages() -%}
with

month as (

    select
        month_no,
        month_start,
        period_end,
        is_complete
    from {{ ref('int_kpi__month') }}

),

party as (

    select distinct party_id
    from {{ ref('dim_customer') }}
    where not is_intragroup and customer_id not in ('(unassigned)', '(unidentified)')

),

started as (

    select
        party_id,
        min(effective_from) as first_day
    from {{ ref('int_risk__measured_then') }}
    group by party_id

),

grid as (

    select
        party.party_id,
        month.month_no,
        month.month_start,
        month.period_end,
        month.is_complete
    from party
    left join started
        on party.party_id = started.party_id
    inner join month
        on month.period_end >= coalesce(started.first_day, {{ as_of() }})

),

owed as (

    {{ at_evaluations(
        ref('int_risk__measured_then'),
        ['party_id', 'gross_receivable_reporting'] + ages.keys() | list
    ) }}

),

exposed as (

    {{ at_evaluations(ref('int_warning__exposed'), ['party_id', 'exposure']) }}

),

accounts as (

    {{ at_evaluations(ref('int_warning__accounts'), [
        'party_id', 'accounts_period_end', 'z_score', 'equity'
    ]) }}

),

promised as (

    {{ at_evaluations(ref('int_warning__promised'), ['party_id', 'broken_promise_count']) }}

),

defaulted as (

    select
        party_id,
        defaulted_on as effective_from,
        coalesce(cured_on, {{ end_of_days() }}) as effective_to
    from {{ ref('mart_customer_default') }}

),

in_default as (

    {{ at_evaluations('defaulted', ['party_id']) }}

),

-- credit information of a company begins when anything of anybody is told
told as (

    select
        company_code,
        event_date as told_from,
        cast(null as date) as no_end,
        known_from,
        known_to
    from {{ ref('stg_landing__credit_event') }}
    where not is_deleted and kind not in ('limit_change', 'terms_change', 'approval')

),

known as (

    select
        company_code,
        min(day_from) as day_from
    from (
        {{ believed('then', 'told', ['company_code'], 'told_from', 'no_end') }}
    ) as believed_event
    group by company_code

),

informed as (

    select
        customer.party_id,
        min(known.day_from) as informed_from
    from {{ ref('dim_customer') }} as customer
    inner join known
        on customer.company_code = known.company_code
    where not customer.is_intragroup
    group by customer.party_id

),

final as (

    select
        grid.party_id,
        grid.month_no,
        grid.period_end as day,
        grid.is_complete as is_month_end,
        floors.floor_minor,
        floors.floor_normal,
        floors.floor_major,
        {% for column, days in ages.items() -%}
        coalesce(owed.{{ column }}, 0) as net_overdue_{{ days }},
        {% endfor -%}
        -- the highest age that amounts of the floor have passed
        case
            {% for column, days in ages.items() | reverse -%}
            when owed.{{ column }} > 0 and owed.{{ column }} >= floors.floor_minor
                then {{ days }}
            {% endfor -%}
        end as overdue_age_days,
        started.first_day is not null as has_owed,
        coalesce(owed.gross_receivable_reporting, 0) as gross_receivable,
        coalesce(exposed.exposure, 0) as exposure,
        accounts.accounts_period_end,
        accounts.z_score,
        accounts.equity,
        utilised.utilisation,
        coalesce(promised.broken_promise_count, 0) as broken_promise_count,
        in_default.party_id is not null as is_in_default,
        informed.informed_from <= grid.period_end as is_informed,
        behaviour.company_code as behaviour_company_code,
        behaviour.customer_id as behaviour_customer_id,
        behaviour.late_days_year,
        coalesce(behaviour.late_days_year_reason, 'nothing_settled') as late_days_year_reason,
        behaviour.trend_days,
        behaviour.trend_reason,
        behaviour.median_days_late_year,
        behaviour.last_paid_on,
        coalesce(behaviour.overdue_item_count, 0) > 0 as has_overdue_item,
        behaviour.first_billed_on,
        behaviour.paid_document_count,
        {{ days_between('behaviour.first_billed_on', 'grid.period_end') }} as tenure_days,
        coalesce(behaviour.has_12_months, false) or coalesce(exposed.exposure, 0) > 0 as is_active
    from grid
    left join started
        on grid.party_id = started.party_id
    left join {{ ref('int_floor__monthly') }} as floors
        on grid.month_start = floors.valid_from
    left join owed
        on grid.party_id = owed.party_id and grid.month_no = owed.month_no
    left join exposed
        on grid.party_id = exposed.party_id and grid.month_no = exposed.month_no
    left join accounts
        on grid.party_id = accounts.party_id and grid.month_no = accounts.month_no
    left join {{ ref('int_rating__utilised') }} as utilised
        on grid.party_id = utilised.party_id and grid.month_no = utilised.month_no
    left join promised
        on grid.party_id = promised.party_id and grid.month_no = promised.month_no
    left join in_default
        on grid.party_id = in_default.party_id and grid.month_no = in_default.month_no
    left join informed
        on grid.party_id = informed.party_id
    left join {{ ref('int_behaviour__party') }} as behaviour
        on grid.party_id = behaviour.party_id and grid.period_end = behaviour.as_of_day

)

select * from final
