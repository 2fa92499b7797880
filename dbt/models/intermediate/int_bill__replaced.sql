{{ config(materialized='table') }}

{#- The receivable that a bill replaced, on both clocks: the earliest original due date and the
    earliest document date of the documents that its receipt settles on that day, as known (账龄连续计算,
    accounting A3). A document settled by a named instalment counts with that one's due date. A row
    per day on which the answer changes; NULL while the receipt settles nothing. Bills are few and
    settle few documents, so every day of a bill looks at all of them. -#}
with

bill as (

    select
        voucher_key,
        known_from,
        known_to
    from {{ ref('int_bill__outcome') }}

),

bill_voucher as (

    select distinct voucher_key
    from bill

),

settled as (

    select
        bill_voucher.voucher_key,
        leg.voucher_key as document_key,
        leg.instalment_no,
        leg.effective_date,
        -leg.amount_document as amount,
        leg.known_from,
        leg.known_to
    from {{ ref('int_application__leg') }} as leg
    inner join bill_voucher
        on leg.counterpart_voucher_key = bill_voucher.voucher_key
    inner join {{ ref('int_voucher__keyed') }} as keyed
        on leg.voucher_key = keyed.voucher_key and keyed.voucher_kind = 'D'

),

replaced_document as (

    select distinct
        voucher_key,
        document_key
    from settled

),

dated as (

    select
        replaced_document.voucher_key,
        version.voucher_key as document_key,
        item.instalment_no,
        original.original_due_date,
        version.document_date,
        greatest(version.known_from, original.known_from) as known_from,
        least(version.known_to, original.known_to) as known_to
    from replaced_document
    inner join {{ ref('int_open_item__version') }} as version
        on replaced_document.document_key = version.voucher_key
    inner join {{ ref('int_open_item__keyed') }} as item
        on version.item_key = item.item_key
    inner join {{ ref('int_due_date__original') }} as original
        on
            version.item_key = original.item_key
            and version.known_from < original.known_to
            and version.known_to > original.known_from

),

epoch as (

    {{ knowledge_epochs(['voucher_key'], ['bill', 'settled', 'dated'], 'epoch_from', 'epoch_to') }}

),

epoch_leg as (

    select
        epoch.voucher_key,
        epoch.epoch_from,
        settled.document_key,
        settled.instalment_no,
        settled.effective_date,
        settled.amount
    from epoch
    inner join settled
        on
            epoch.voucher_key = settled.voucher_key
            and settled.known_from <= epoch.epoch_from
            and settled.known_to > epoch.epoch_from

),

day as (

    select
        voucher_key,
        epoch_from,
        {{ start_of_days() }} as day
    from epoch
    union distinct
    select
        voucher_key,
        epoch_from,
        effective_date as day
    from epoch_leg

),

standing as (

    select
        day.voucher_key,
        day.epoch_from,
        day.day,
        leg.document_key,
        leg.instalment_no
    from day
    inner join epoch_leg as leg
        on
            day.voucher_key = leg.voucher_key
            and day.epoch_from = leg.epoch_from
            and leg.effective_date <= day.day
    group by day.voucher_key, day.epoch_from, day.day, leg.document_key, leg.instalment_no
    having sum(leg.amount) > 0

),

-- A named instalment that the document does not have counts as none (L4).
document_date as (

    select
        standing.voucher_key,
        standing.epoch_from,
        standing.day,
        coalesce(
            min(case when standing.instalment_no = dated.instalment_no
                then dated.original_due_date end),
            min(dated.original_due_date)
        ) as original_due_date,
        min(dated.document_date) as document_date
    from standing
    inner join dated
        on
            standing.voucher_key = dated.voucher_key
            and standing.document_key = dated.document_key
            and dated.known_from <= standing.epoch_from
            and dated.known_to > standing.epoch_from
    group by
        standing.voucher_key, standing.epoch_from, standing.day, standing.document_key,
        standing.instalment_no

),

earliest as (

    select
        voucher_key,
        epoch_from,
        day,
        min(original_due_date) as original_due_date,
        min(document_date) as document_date
    from document_date
    group by voucher_key, epoch_from, day

),

changing as (

    select
        day.voucher_key,
        day.epoch_from,
        day.day,
        earliest.original_due_date,
        earliest.document_date,
        lag(earliest.original_due_date) over along as previous_due_date,
        lag(earliest.document_date) over along as previous_document_date
    from day
    left join earliest
        on
            day.voucher_key = earliest.voucher_key
            and day.epoch_from = earliest.epoch_from
            and day.day = earliest.day
    window along as (partition by day.voucher_key, day.epoch_from order by day.day)

),

rectangle as (

    select
        changing.voucher_key,
        changing.original_due_date,
        changing.document_date,
        changing.day as effective_from,
        coalesce(
            lead(changing.day) over (
                partition by changing.voucher_key, changing.epoch_from
                order by changing.day
            ),
            {{ end_of_days() }}
        ) as effective_to,
        epoch.epoch_from as known_from,
        epoch.epoch_to as known_to
    from changing
    inner join epoch
        on changing.voucher_key = epoch.voucher_key and changing.epoch_from = epoch.epoch_from
    where
        changing.day = {{ start_of_days() }}
        or changing.original_due_date is distinct from changing.previous_due_date
        or changing.document_date is distinct from changing.previous_document_date

),

final as (

    {{ merge_neighbours('rectangle', [
        'voucher_key', 'original_due_date', 'document_date', 'effective_from', 'effective_to'
    ]) }}

)

select * from final
