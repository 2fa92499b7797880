{{ config(materialized='table') }}

{#- What is told of bills and cannot be so, or is missing, in current knowledge (mart_data_quality
    publishes it). -#}
with

bill_receipt as (

    select *
    from {{ ref('int_bill__receipt') }}
    where known_to = {{ end_of_time() }}

),

open_part as (

    select
        current_item.*,
        item._load_id as item_load_id,
        item._row as item_row
    from {{ ref('int_open_item__current') }} as current_item
    inner join {{ ref('fct_open_item') }} as item
        on current_item.open_item_id = item.open_item_id
    where current_item.item_kind = 'bill' and current_item.receivable_class = 'bill'

),

without_maturity as (

    select
        'bill_without_maturity' as rule,
        company_code,
        'receipt' as entity,
        receipt_id as record_id,
        'a bill without maturity_date is taken as due on the day it was received' as detail,
        amount as amount_document,
        _load_id,
        _row
    from bill_receipt
    where maturity_date is null

),

-- A bill does not become cash because its day has passed (T17).
without_outcome as (

    select
        'bill_without_outcome' as rule,
        company_code,
        'receipt' as entity,
        open_item_id as record_id,
        'matured, and neither an event nor the status of its receipt says how it ended' as detail,
        open_amount_document as amount_document,
        item_load_id as _load_id,
        item_row as _row
    from open_part
    where days_past_due > 0 and not is_due_date_derived

),

exceeds as (

    select
        'bill_event_exceeds_bill' as rule,
        bill_receipt.company_code,
        'bill_event' as entity,
        bill_receipt.receipt_id as record_id,
        'more was passed on, or came back, than the bill amounts to: the excess has no effect'
            as detail,
        step.excess_amount as amount_document,
        step._load_id,
        step._row
    from bill_receipt
    inner join {{ ref('int_bill__step') }} as step
        on bill_receipt.voucher_key = step.voucher_key
    where step.known_to = {{ end_of_time() }} and step.excess_amount > 0
    qualify row_number() over (partition by step.voucher_key order by step.step_no desc) = 1

),

without_bill as (

    select
        'bill_event_without_bill' as rule,
        event.company_code,
        'bill_event' as entity,
        event.bill_id as record_id,
        'no receipt names this bill: ' || event.kind || ' of '
            || cast(event.event_date as {{ dbt.type_string() }}) || ' has no effect' as detail,
        event.amount as amount_document,
        event._load_id,
        event._row
    from {{ ref('stg_landing__bill_event') }} as event
    left join (
        select distinct company_code, bill_key
        from bill_receipt
    ) as bill
        on event.company_code = bill.company_code and 'B|' || event.bill_id = bill.bill_key
    where
        not event.is_deleted
        and event.known_to = {{ end_of_time() }}
        and bill.bill_key is null

),

finding as (

    select * from without_maturity
    union all
    select * from without_outcome
    union all
    select * from exceeds
    union all
    select * from without_bill

),

final as (

    select
        rule,
        'warning' as severity,
        company_code,
        entity,
        record_id,
        detail,
        amount_document,
        cast(null as {{ dbt.type_string() }}) as currency,
        _load_id,
        _row
    from finding

)

select * from final
