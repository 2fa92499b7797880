{{ config(materialized='table') }}

{#- The last day on which each party paid, applied or not, and how much, as known on the day. A
    payment that bounced or was undone is none from then on, and the one before it is the last. -#}
with

customer as (

    select
        company_code,
        customer_id,
        party_id
    from {{ ref('dim_customer') }}
    where not is_intragroup

),

paid as (

    select
        customer.party_id,
        payment.dated_on,
        payment.day_from,
        payment.day_to,
        payment.amount_document,
        coalesce({{ money_times_rate('payment.amount_document', 'rate.rate_to_reporting') }}, 0)
            as amount
    from {{ ref('int_behaviour__payment') }} as payment
    inner join customer
        on
            payment.company_code = customer.company_code
            and payment.customer_id = customer.customer_id
    left join {{ ref('int_fx_rate__closing') }} as rate
        on
            payment.company_code = rate.company_code
            and payment.currency = rate.currency
            and payment.dated_on = rate.day
    where payment.day_from <= {{ as_of() }}

),

step as (

    {% for sign, day in [('', 'day_from'), ('-', 'day_to')] -%}
    select
        party_id,
        dated_on,
        {{ day }} as day,
        {{ sign }}amount_document as change,
        {{ sign }}amount as amount_change
    from paid
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

-- what of the payments dated on one day stood, day by day
running as (

    select
        party_id,
        dated_on,
        day as day_from,
        coalesce(lead(day) over of_day, {{ end_of_days() }}) as day_to,
        -- of several currencies only whether anything is left: none of them is below nothing
        {% for change, name in [('change', 'left_over'), ('amount_change', 'amount')] -%}
        sum(sum({{ change }})) over (
            of_day rows between unbounded preceding and current row
        ) as {{ name }}{{ ',' if not loop.last }}
        {% endfor %}
    from step
    where day < {{ end_of_days() }}
    group by party_id, dated_on, day
    having sum(change) <> 0 or sum(amount_change) <> 0
    window of_day as (partition by party_id, dated_on order by day)

),

standing as (

    select *
    from running
    where left_over > 0

),

boundary as (

    select
        party_id,
        day_from as day
    from standing
    union
    select
        party_id,
        day_to
    from standing
    where day_to < {{ end_of_days() }}

),

-- nearly all stand to this day: the newest of them so far; those that ended, few, one by one
lasting as (

    select
        boundary.party_id,
        boundary.day,
        max(max(standing.dated_on)) over (
            partition by boundary.party_id
            order by boundary.day
            rows between unbounded preceding and current row
        ) as dated_on
    from boundary
    left join standing
        on
            boundary.party_id = standing.party_id
            and boundary.day = standing.day_from
            and standing.day_to = {{ end_of_days() }}
    group by boundary.party_id, boundary.day

),

ended as (

    select
        boundary.party_id,
        boundary.day,
        max(standing.dated_on) as dated_on
    from boundary
    inner join standing
        on
            boundary.party_id = standing.party_id
            and boundary.day >= standing.day_from
            and boundary.day < standing.day_to
    where standing.day_to < {{ end_of_days() }}
    group by boundary.party_id, boundary.day

),

newest as (

    select
        lasting.party_id,
        lasting.day,
        lead(lasting.day) over (partition by lasting.party_id order by lasting.day) as next_day,
        -- the greatest leaves NULL out
        greatest(lasting.dated_on, ended.dated_on) as dated_on
    from lasting
    left join ended
        on lasting.party_id = ended.party_id and lasting.day = ended.day

),

final as (

    select
        newest.party_id,
        newest.day as effective_from,
        coalesce(newest.next_day, {{ end_of_days() }}) as effective_to,
        newest.dated_on as last_paid_on,
        standing.amount as last_payment_amount
    from newest
    inner join standing
        on
            newest.party_id = standing.party_id
            and newest.dated_on = standing.dated_on
            and newest.day >= standing.day_from
            and newest.day < standing.day_to

)

select * from final
