with

event as (

    {{ current_version('bill_event') }}

),

bill as (

    select
        receipt.voucher_key,
        receipt.company_code,
        receipt.bill_key,
        voucher.currency
    from {{ ref('int_bill__receipt') }} as receipt
    inner join {{ ref('int_voucher__version') }} as voucher
        on receipt.voucher_key = voucher.voucher_key and voucher.known_to = {{ end_of_time() }}
    where receipt.known_to = {{ end_of_time() }}

),

named as (

    select
        company_code,
        bill_key,
        count(*) as receipt_count,
        min(currency) as currency
    from bill
    group by company_code, bill_key

),

step as (

    select
        *,
        coalesce(lag(held_amount) over along, 0) as held_before,
        coalesce(lag(passed_amount) over along, 0) as passed_before
    from {{ ref('int_bill__step') }}
    where known_to = {{ end_of_time() }}
    window along as (partition by voucher_key order by step_no)

),

-- as in the movements: passed on with recourse, it moves from held; else it leaves both
moved as (

    select
        bill.company_code,
        bill.bill_key,
        step.told_as,
        step._load_id,
        step._row,
        max(step.effective_date) as effective_date,
        sum(
            case
                when step.told_as in ('endorsed', 'discounted') and step.is_with_recourse
                    then greatest(step.passed_amount - step.passed_before, 0)
                else greatest(
                    step.held_before + step.passed_before - step.held_amount - step.passed_amount, 0
                )
            end
        ) as effective_amount
    from step
    inner join bill
        on step.voucher_key = bill.voucher_key
    group by bill.company_code, bill.bill_key, step.told_as, step._load_id, step._row

),

final as (

    select
        cast(event.company_code as {{ dbt.type_string() }}) as company_code,
        cast(event.bill_id as {{ dbt.type_string() }}) as bill_id,
        cast(event.event_date as date) as event_date,
        cast(event.kind as {{ dbt.type_string() }}) as kind,
        cast(named.currency as {{ dbt.type_string() }}) as currency,
        cast(event.amount as decimal(18, 2)) as amount_document,
        cast(
            case when event.kind in ('endorsed', 'discounted')
                then coalesce(event.with_recourse, true) end as boolean
        ) as is_with_recourse,
        cast(event.counterparty as {{ dbt.type_string() }}) as counterparty,
        cast(coalesce(named.receipt_count, 0) as bigint) as receipt_count,
        cast(moved.effective_date as date) as effective_date,
        cast(
            case
                when event.kind in ('received', 'pledged', 'split') then null
                else coalesce(moved.effective_amount, 0)
            end as decimal(18, 2)
        ) as effective_amount_document,
        cast(event.known_from as timestamp) as known_from,
        cast(event._source as {{ dbt.type_string() }}) as _source,
        cast(event._load_id as bigint) as _load_id,
        cast(event._file as {{ dbt.type_string() }}) as _file,
        cast(event._row as bigint) as _row
    from event
    left join named
        on event.company_code = named.company_code and 'B|' || event.bill_id = named.bill_key
    left join moved
        on
            event.company_code = moved.company_code
            and 'B|' || event.bill_id = moved.bill_key
            and event.kind = moved.told_as
            and event._load_id = moved._load_id
            and event._row = moved._row

)

select * from final
