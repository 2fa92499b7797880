{{ config(materialized='table') }}

{#- Items of every class open at each period end, as believed now, with what their figures count under.
    A table of its own and narrow: metrics and exposure read it, and credits are lined up with debits
    from it in several readings. -#}
{%- set attributes = kpi_attributes() + ['currency', 'posting_month'] -%}
with

item as (

    select
        item.open_item_id,
        scope.scope_no,
        item.is_credit_sale,
        item.is_credit_sale
        or (item.item_kind = 'opening_balance' and not item.is_immediate)
        -- what came back of a bill
        or item.item_kind = 'bill' as is_sold_on_credit
    from {{ ref('int_kpi__item') }} as item
    inner join {{ ref('int_kpi__scope') }} as scope
        on
            {% for column in attributes -%}
            item.{{ column }} = scope.{{ column }}
            {{ 'and' if not loop.last }}
            {% endfor %}

),

final as (

    select
        balance.open_item_id,
        month.period_end as day,
        item.scope_no,
        item.is_credit_sale,
        item.is_sold_on_credit,
        balance.company_code,
        balance.customer_id,
        balance.currency,
        balance.item_kind,
        balance.receivable_class,
        balance.document_id,
        balance.instalment_no,
        balance.document_date,
        balance.due_date,
        balance.open_amount_document,
        balance.open_amount_document < 0 as is_credit,
        -- overdue at the end of the period that follows, unless it is paid
        balance.due_date < month.next_period_end as is_due_next
    from {{ ref('fct_open_item_balance') }} as balance
    inner join {{ ref('int_kpi__month') }} as month
        on balance.effective_from <= month.period_end and balance.effective_to > month.period_end
    inner join item
        on balance.open_item_id = item.open_item_id
    where
        balance.known_to = {{ end_of_time() }}
        and balance.open_amount_document <> 0

)

select * from final
