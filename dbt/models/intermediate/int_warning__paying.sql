{{ config(materialized='table') }}

{#- The last day on which each party paid, applied or not, and how much, as known on the day. A
    payment that bounced later was one then: that is another warning (B08). -#}
with

paid as (

    select
        customer.party_id,
        payment.dated_on,
        min(payment.day_from) as known_on
    from {{ ref('int_behaviour__payment_day') }} as payment
    inner join {{ ref('int_behaviour__customer') }} as customer
        on payment.customer_no = customer.customer_no
    where not customer.is_intragroup and payment.day_from <= {{ as_of() }}
    group by customer.party_id, payment.dated_on

),

amount as (

    select
        customer.party_id,
        item.document_date as dated_on,
        sum(coalesce(
            {{ money_times_rate('-item.original_amount_document', 'rate.rate_to_reporting') }}, 0
        )) as amount
    from {{ ref('fct_open_item') }} as item
    inner join {{ ref('dim_customer') }} as customer
        on item.company_code = customer.company_code and item.customer_id = customer.customer_id
    left join {{ ref('int_fx_rate__closing') }} as rate
        on
            item.company_code = rate.company_code
            and item.currency = rate.currency
            and item.document_date = rate.day
    where item.item_kind = 'receipt' and item.is_current
    group by customer.party_id, item.document_date

),

newest as (

    select *
    from paid
    qualify dated_on >= coalesce(
        max(dated_on) over (
            partition by party_id
            order by known_on, dated_on
            rows between unbounded preceding and 1 preceding
        ),
        dated_on
    )

),

one_a_day as (

    select
        party_id,
        known_on,
        max(dated_on) as dated_on
    from newest
    group by party_id, known_on

),

spell as (

    select
        one_a_day.party_id,
        one_a_day.dated_on,
        one_a_day.known_on,
        coalesce(amount.amount, 0) as amount
    from one_a_day
    left join amount
        on one_a_day.party_id = amount.party_id and one_a_day.dated_on = amount.dated_on

),

final as (

    select
        party_id,
        known_on as effective_from,
        coalesce(
            lead(known_on) over (partition by party_id order by known_on), {{ end_of_days() }}
        ) as effective_to,
        dated_on as last_paid_on,
        amount as last_payment_amount
    from spell

)

select * from final
