{#- The least amounts that rules look at, in the reporting currency: an amount, or a share of what
    the group's customers owe if that is more. Fixed at the end of each month for the next one, so that
    they do not flap. -#}
{%- set floors = ['minor', 'normal', 'major'] -%}
with

receivable as (

    select
        month_start,
        period_end,
        debit
    from {{ ref('int_kpi__monthly') }}
    where dimension = 'group'

),

month as (

    select
        month.month_start,
        {{ add_months('month.month_start', 1) }} as next_month_start,
        receivable.period_end as fixed_on,
        coalesce(receivable.debit, 0) as receivable_reporting
    from {{ ref('int_kpi__month') }} as month
    left join receivable
        on month.month_start = {{ add_months('receivable.month_start', 1) }}

),

-- amounts of the policy are in a currency of their own
rate as (

    select
        currency,
        day,
        min(rate_to_reporting) as rate_to_reporting
    from {{ ref('int_fx_rate__closing') }}
    group by currency, day

),

amount as (

    select
        parameter,
        value,
        unit as currency,
        policy_version
    from {{ ref('int_policy__parameter') }}
    where parameter in (
        {% for floor in floors -%}
        'floor_{{ floor }}_amount'{{ ',' if not loop.last }}
        {% endfor %}
    )

),

priced as (

    select
        month.month_start,
        amount.parameter,
        amount.policy_version,
        -- without a rate the figure itself: a floor must not vanish
        {{ money('amount.value * coalesce(rate.rate_to_reporting, 1)') }} as amount_reporting
    from month
    cross join amount
    left join rate
        on
            amount.currency = rate.currency
            and amount.currency <> '{{ var("reporting_currency") }}'
            and rate.day = coalesce(month.fixed_on, month.month_start)

),

share as (

    select
        {% for floor in floors -%}
        max(case when parameter = 'floor_{{ floor }}_share' then value end)
            as floor_{{ floor }}{{ ',' if not loop.last }}
        {% endfor %}
    from {{ ref('int_policy__parameter') }}

),

final as (

    select
        month.month_start as valid_from,
        month.next_month_start as valid_to,
        {% for floor in floors -%}
        greatest(
            max(case when priced.parameter = 'floor_{{ floor }}_amount'
                then priced.amount_reporting end),
            {{ money_times_rate('month.receivable_reporting', 'share.floor_' ~ floor) }}
        ) as floor_{{ floor }},
        {% endfor -%}
        max(priced.policy_version) as policy_version
    from month
    inner join priced
        on month.month_start = priced.month_start
    cross join share
    group by
        month.month_start, month.next_month_start, month.receivable_reporting,
        {{ qualified('share', ['floor_minor', 'floor_normal', 'floor_major']) }}

)

select * from final
