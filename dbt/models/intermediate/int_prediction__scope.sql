{{ config(materialized='table') }}

{#- Every item of class trade that is open on the as-of date, and whether it is predicted, or why not. So what is
    predicted and what is left out add up to aging. -#}
with

item as (

    select * from {{ ref('int_open_item__current') }}
    where receivable_class = 'trade'

),

input as (

    select
        open_item_id,
        due_date is not null as has_due_date
    from {{ ref('int_prediction__item') }}

),

predicted_item as (

    select open_item_id
    from {{ ref('int_prediction__estimated') }}

),

final as (

    select
        item.open_item_id,
        item.company_code,
        item.customer_id,
        item.document_id,
        item.instalment_no,
        item.currency,
        item.due_date,
        item.open_amount_document,
        item.open_amount_reporting,
        case
            when item.open_amount_document < 0 then 'credit'
            when customer.is_intragroup then 'intragroup'
            when item.rate_to_reporting is null then 'no_rate'
            when not {{ is_predicted_kind('item.item_kind') }} then 'no_debit_document'
            when
                item.open_amount_document < {{ policy_value('count_floor') }}
                or item.open_amount_reporting < {{ policy_value('count_floor') }}
                then 'below_count_floor'
            when '{{ var("prediction") }}' = 'none' then 'switched_off'
            when not coalesce(input.has_due_date, false) then 'no_due_date'
            when predicted_item.open_item_id is null then 'not_predicted'
            else 'predicted'
        end as outcome
    from item
    inner join {{ ref('dim_customer') }} as customer
        on item.company_code = customer.company_code and item.customer_id = customer.customer_id
    left join input
        on item.open_item_id = input.open_item_id
    left join predicted_item
        on item.open_item_id = predicted_item.open_item_id

)

select * from final
