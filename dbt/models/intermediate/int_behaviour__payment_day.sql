{{ config(materialized='table') }}

{#- Days on which a customer paid, applied or not, with the days on which that stood and was
    believed. A bill is a payment on the day it came; what bounced was none from then on. -#}
with

receipt as (

    select
        item.open_item_id,
        item.company_code,
        item.customer_id,
        item.document_date
    from {{ ref('fct_open_item') }} as item
    where item.item_kind = 'receipt'

),

movement as (

    select
        receipt.company_code,
        receipt.customer_id,
        receipt.document_date as dated_on,
        movement.effective_date,
        {{ end_of_days() }} as always_to,
        -movement.amount_document as amount_document,
        movement.known_from,
        movement.known_to
    from {{ ref('fct_receivable_movement') }} as movement
    inner join receipt
        on movement.open_item_id = receipt.open_item_id
    where
        movement.allocation_id is null
        and movement.receivable_class = 'trade'
        and movement.amount_document <> 0
        and movement.effective_date <= {{ as_of() }}
        and receipt.document_date <= {{ as_of() }}

),

believed as (

    {{ believed(
        'then', 'movement', ['company_code', 'customer_id', 'dated_on', 'amount_document'],
        'effective_date', 'always_to'
    ) }}

),

standing as (

    select *
    from (
        {{ standing_amounts('believed', ['company_code', 'customer_id', 'dated_on']) }}
    ) as what_is_left

),

final as (

    select distinct
        customer.customer_no,
        standing.dated_on,
        standing.day_from,
        standing.day_to,
        month_end.business_day_no - paid_day.business_day_no < 3 as is_last_business_days,
        {{ days_between('standing.dated_on', month_end('standing.dated_on')) }} < 5
            as is_last_calendar_days
    from standing
    inner join {{ ref('int_behaviour__customer') }} as customer
        on
            standing.company_code = customer.company_code
            and standing.customer_id = customer.customer_id
    left join {{ ref('int_business_day__numbered') }} as paid_day
        on customer.country = paid_day.country and standing.dated_on = paid_day.day
    left join {{ ref('int_business_day__numbered') }} as month_end
        on
            customer.country = month_end.country
            and {{ month_end('standing.dated_on') }} = month_end.day

)

select * from final
