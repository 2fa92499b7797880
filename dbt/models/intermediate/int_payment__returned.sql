{{ config(materialized='table') }}

{#- Receipts that bounced and bills that were dishonoured, summed per party, currency and day, as
    believed now. -#}
with

customer as (

    select
        company_code,
        customer_id,
        party_id
    from {{ ref('dim_customer') }}
    where not is_intragroup

),

dishonoured as (

    select
        company_code,
        customer_id,
        currency,
        effective_date as day,
        -sum(amount_document) as amount
    from {{ ref('fct_receivable_movement') }}
    where
        known_to = {{ end_of_time() }}
        and movement_kind = 'bill_dishonoured'
        and amount_document < 0
    group by company_code, customer_id, currency, effective_date

),

returned as (

    select
        company_code,
        customer_id,
        currency,
        status_date as day,
        amount_document as amount,
        'bounced' as kind
    from {{ ref('fct_receipt') }}
    where status = 'bounced' and status_date is not null and amount_document > 0
    union all
    select
        company_code, customer_id, currency, day, amount, 'dishonoured' as kind
    from dishonoured

),

final as (

    select
        customer.party_id,
        returned.company_code,
        returned.currency,
        returned.day,
        returned.kind,
        sum(returned.amount) as amount
    from returned
    inner join customer
        on
            returned.company_code = customer.company_code
            and returned.customer_id = customer.customer_id
    where returned.day <= {{ as_of() }}
    group by
        customer.party_id, returned.company_code, returned.currency, returned.day, returned.kind

)

select * from final
