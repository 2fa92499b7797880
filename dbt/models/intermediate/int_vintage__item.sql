{{ config(materialized='view') }}

{#- What of a quarter's bills is followed by days after the first due date (DECISIONS 49), with the
    first step of 30 days on which each item was booked and the last one that it can have reached by
    the as-of date. -#}
with

item as (

    select
        item.open_item_id,
        item.company_code,
        item.customer_id,
        item.currency,
        coalesce(customer.deal_nature, 'other') as deal_nature,
        coalesce(customer.is_intragroup, false) as is_intragroup,
        {{ add_months(month_start('item.posting_date'),
            '-cast((extract(month from item.posting_date) - 1) % 3 as int)') }} as quarter_start,
        coalesce(item.original_due_date, item.due_date) as due_date,
        item.opened_on,
        item.original_amount_document
    from {{ ref('fct_open_item') }} as item
    left join {{ ref('dim_customer') }} as customer
        on
            item.company_code = customer.company_code
            and item.customer_id = customer.customer_id
    where
        item.is_current
        and item.receivable_class = 'trade'
        and item.original_amount_document > 0
        -- of an opening balance only what nobody had paid is known; what was cancelled was never owed
        and item.item_kind not in ('receipt', 'refund', 'credit_note', 'opening_balance')
        and item.voided_on is null
        -- due when a warranty ends, a year and more later, on other terms (mart_retention)
        and item.instalment_kind <> 'retention'
        and not item.is_age_unknown

),

final as (

    select
        *,
        {{ vintage_step('due_date', 'opened_on') }} as first_step,
        {{ vintage_reach('due_date') }} as last_step
    from item

)

select * from final
