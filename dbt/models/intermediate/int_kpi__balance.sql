{{ config(materialized='table') }}

{#- What was open at each period end, in document currency, per company, currency, dimensions and
    month of billing. Credits absorb debits as in mart_aging_customer (accounting B5): undisputed
    before disputed, oldest policy due date first; what is left of the debits is the statement
    balance, what is left of the credits is reclassified and no part of it. -#}
{%- set dimensions = kpi_attributes() + ['currency', 'posting_month'] -%}
with

month as (

    select
        *,
        period_end as day
    from {{ ref('int_kpi__month') }}

),

dispute as (

    {{ disputes_open_on('month') }}

),

contested as (

    select distinct
        company_code,
        document_id
    from dispute

),

contested_balance as (

    select balance.*
    from {{ ref('int_kpi__open') }} as balance
    inner join contested
        on
            balance.company_code = contested.company_code
            and balance.document_id = contested.document_id
    where balance.receivable_class = 'trade'

),

disputed as (

    {{ with_disputed_amount('contested_balance', 'dispute') }}

),

valued as {{ read_each_time() }} (

    select
        balance.*,
        coalesce(disputed.disputed_amount_document, 0) as disputed_amount_document
    from {{ ref('int_kpi__open') }} as balance
    left join disputed
        on balance.open_item_id = disputed.open_item_id and balance.day = disputed.day
    where balance.receivable_class in ('trade', 'bill', 'bill_transferred')

),

absorbed as (

    {{ absorbed_by_credits('valued') }}

),

placed as (

    select
        valued.day as period_end,
        scope.is_intragroup,
        valued.scope_no,
        valued.is_credit_sale,
        valued.is_sold_on_credit,
        valued.is_credit,
        valued.item_kind,
        valued.receivable_class,
        valued.open_amount_document,
        valued.open_amount_document - coalesce(absorbed.absorbed_amount, 0) as net_amount_document,
        valued.disputed_amount_document,
        {{ days_between('valued.due_date', 'valued.day') }} as days_past_due,
        {{ days_between('valued.document_date', 'valued.day') }} as days_old,
        valued.is_due_next
    from valued
    inner join {{ ref('int_kpi__scope') }} as scope
        on valued.scope_no = scope.scope_no
    left join absorbed
        on valued.open_item_id = absorbed.open_item_id and valued.day = absorbed.day

),

flagged as (

    select
        *,
        receivable_class = 'trade' and is_credit as is_trade_credit,
        receivable_class = 'trade' and not is_credit as is_trade_debit,
        days_past_due > 0 as is_overdue,
        is_sold_on_credit and not is_intragroup as is_in_sales_scope,
        -- smaller leftovers stay in balances, never in counts (policy section 1)
        open_amount_document >= 1 as is_counted
    from placed

),

{%- set measures = {
    'debit': ('is_trade_debit', 'open_amount_document'),
    'credit': ('is_trade_credit', 'open_amount_document'),
    'statement': ('is_trade_debit', 'net_amount_document'),
    'overdue': ('is_trade_debit and is_overdue', 'open_amount_document'),
    'overdue_net': ('is_trade_debit and is_overdue', 'net_amount_document'),
    'over_90': ('is_trade_debit and days_past_due > 90', 'open_amount_document'),
    'disputed_overdue': ('is_trade_debit and is_overdue', 'disputed_amount_document'),
    'due_next': ('is_trade_debit and is_due_next', 'open_amount_document'),
    'sold': ('is_trade_debit and is_in_sales_scope', 'net_amount_document'),
    'sold_current': ('is_trade_debit and is_in_sales_scope and not is_overdue',
        'net_amount_document'),
    'sold_dated': ('is_trade_debit and is_credit_sale', 'net_amount_document'),
    'unapplied_cash': ("is_trade_credit and item_kind = 'receipt'", '-open_amount_document'),
    'bill': ("receivable_class in ('bill', 'bill_transferred')", 'open_amount_document')
} %}

summed as (

    select
        period_end,
        scope_no,
        {% for measure, (condition, amount) in measures.items() -%}
        cast(sum(case when {{ condition }} then {{ amount }} else 0 end) as decimal(18, 2))
            as {{ measure }}_document,
        {% endfor -%}
        cast(sum(
            case when is_trade_credit and item_kind = 'receipt'
                then -open_amount_document * days_old else 0 end
        ) as decimal(28, 2)) as unapplied_cash_days_document,
        cast(sum(case when is_trade_debit and is_counted then 1 else 0 end) as bigint)
            as item_count,
        cast(sum(case when is_trade_debit and is_counted and is_overdue then 1 else 0 end)
            as bigint) as overdue_item_count
    from flagged
    group by period_end, scope_no

),

final as (

    select
        summed.period_end,
        {{ qualified('scope', dimensions) }},
        {% for measure in measures -%}
        summed.{{ measure }}_document,
        {% endfor -%}
        summed.unapplied_cash_days_document,
        summed.item_count,
        summed.overdue_item_count
    from summed
    inner join {{ ref('int_kpi__scope') }} as scope
        on summed.scope_no = scope.scope_no

)

select * from final
