{{ config(materialized='table') }}

{#- Every part of every bill as known, where it ever holds anything: what int_open_item__version is
    for documents and receipts. Its amount is all that ever came into the part, what part 1
    received or the others took over. -#}
with

entered as (

    select
        *,
        greatest(open_document - coalesce(lag(open_document) over along, 0), 0) as entered_document,
        open_functional - coalesce(lag(open_functional) over along, 0) as changed_functional
    from {{ ref('int_bill__valued') }}
    window along as (partition by item_key, known_from order by step_no)

),

part as (

    select
        item_key,
        voucher_key,
        min(case when entered_document > 0 then effective_date end) as opened_on,
        cast(sum(entered_document) as decimal(18, 2)) as amount_document,
        cast(sum(case when entered_document > 0 then changed_functional end) as decimal(18, 2))
            as amount_functional,
        known_from,
        known_to,
        min_by(_load_id, step_no) as _load_id,
        min_by(_row, step_no) as _row
    from entered
    group by item_key, voucher_key, known_from, known_to
    having sum(entered_document) > 0

),

maturity as (

    select distinct
        voucher_key,
        maturity_date,
        known_from,
        known_to
    from {{ ref('int_bill__step') }}

),

final as (

    {% for class_part in bill_parts() -%}
    select
        part.item_key,
        part.voucher_key,
        voucher.customer_id,
        'bill' as item_kind,
        '{{ class_part.receivable_class }}' as receivable_class,
        voucher.currency,
        voucher.document_date,
        voucher.accounting_date,
        maturity.maturity_date,
        part.amount_document,
        part.amount_functional,
        part.opened_on,
        voucher.voided_on,
        -- the account that a receipt names is the one it relieves
        {{ 'voucher.control_account' if class_part.receivable_class == 'trade'
            else 'cast(null as ' ~ dbt.type_string() ~ ')' }} as control_account,
        part.known_from,
        part.known_to,
        part._load_id,
        part._row
    from part
    inner join {{ ref('int_open_item__keyed') }} as item
        on part.item_key = item.item_key and item.instalment_no = {{ class_part.no }}
    inner join {{ ref('int_voucher__version') }} as voucher
        on
            part.voucher_key = voucher.voucher_key
            and voucher.known_from <= part.known_from
            and voucher.known_to > part.known_from
    inner join maturity
        on
            part.voucher_key = maturity.voucher_key
            and maturity.known_from <= part.known_from
            and maturity.known_to > part.known_from
    {{ 'union all' if not loop.last }}
    {% endfor %}

)

select * from final
