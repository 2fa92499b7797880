{{ config(materialized='view') }}

{#- What each party was billed (policy section 1): invoices and debit notes less credit notes, tax
    included, on their own dates, without opening balances and interest. As believed now, at the
    rate of the day of the document; without a rate it counts 0. -#}
with

final as (

    select
        customer.party_id,
        item.company_code,
        item.customer_id,
        item.document_date,
        coalesce(
            {{ money_times_rate('item.original_amount_document', 'rate.rate_to_reporting') }}, 0
        ) as amount
    from {{ ref('fct_open_item') }} as item
    inner join {{ ref('dim_customer') }} as customer
        on item.company_code = customer.company_code and item.customer_id = customer.customer_id
    left join {{ ref('int_fx_rate__closing') }} as rate
        on
            item.company_code = rate.company_code
            and item.currency = rate.currency
            and item.document_date = rate.day
    where
        item.is_current
        and item.voided_on is null
        and item.item_kind in ('invoice', 'debit_note', 'credit_note')
        and item.document_date <= {{ as_of() }}
        and not customer.is_intragroup

)

select * from final
