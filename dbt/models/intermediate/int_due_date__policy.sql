{{ config(materialized='table') }}

{#- Policy and agreed due date of every item whose date was ever moved, on both clocks: one row per
    item, knowledge epoch and effective interval. The agreed date is policy where it was agreed on
    or before the original due date (a change of terms); a later one is forbearance and never cleans
    the figure. -#}
with

agreed as (

    select * from {{ ref('int_due_date__agreed') }}

),

moved_item as (

    select distinct item_key
    from agreed

),

original as (

    select original.*
    from {{ ref('int_due_date__original') }} as original
    inner join moved_item
        on original.item_key = moved_item.item_key

),

epoch as (

    {{ knowledge_epochs(['item_key'], ['original', 'agreed']) }}

),

epoch_agreed as (

    select
        epoch.item_key,
        epoch.known_from,
        agreed.agreed_on,
        agreed.agreed_due_date,
        agreed.cancelled_on,
        agreed.source_no,
        agreed.promise_id,
        agreed.known_from as agreed_known_from
    from epoch
    inner join agreed
        on
            epoch.item_key = agreed.item_key
            and agreed.known_from <= epoch.known_from
            and agreed.known_to > epoch.known_from

),

day as (

    select item_key, known_from, {{ start_of_days() }} as effective_from from epoch
    union distinct
    select item_key, known_from, agreed_on from epoch_agreed
    union distinct
    select item_key, known_from, cancelled_on from epoch_agreed
    where cancelled_on is not null

),

epoch_day as (

    select
        day.item_key,
        day.known_from,
        epoch.known_to,
        day.effective_from,
        coalesce(
            lead(day.effective_from) over (partition by day.item_key,
                day.known_from order by day.effective_from),
            {{ end_of_days() }}
        ) as effective_to,
        original.original_due_date
    from day
    inner join epoch
        on day.item_key = epoch.item_key and day.known_from = epoch.known_from
    inner join original
        on
            day.item_key = original.item_key
            and original.known_from <= day.known_from
            and original.known_to > day.known_from

),

ranked as (

    select
        epoch_day.item_key,
        epoch_day.known_from,
        epoch_day.known_to,
        epoch_day.effective_from,
        epoch_day.effective_to,
        epoch_day.original_due_date,
        agreed.agreed_due_date,
        agreed.agreed_on <= epoch_day.original_due_date as is_change_of_terms,
        row_number() over (
            partition by epoch_day.item_key, epoch_day.known_from, epoch_day.effective_from
            order by
                agreed.agreed_on,
                agreed.source_no,
                case when agreed.source_no = 2 then null
                    else agreed.agreed_known_from end nulls first,
                agreed.promise_id nulls first
        ) as agreement_no
    from epoch_day
    left join epoch_agreed as agreed
        on
            epoch_day.item_key = agreed.item_key
            and epoch_day.known_from = agreed.known_from
            and agreed.agreed_on <= epoch_day.effective_from
            and (agreed.cancelled_on is null or agreed.cancelled_on > epoch_day.effective_from)

),

resolved as (

    select
        item_key,
        original_due_date,
        max_by(agreed_due_date, agreement_no) as agreed_due_date,
        coalesce(
            max_by(agreed_due_date, case when is_change_of_terms then agreement_no end),
            original_due_date
        ) as due_date,
        effective_from,
        effective_to,
        known_from,
        known_to
    from ranked
    group by item_key, original_due_date, effective_from, effective_to, known_from, known_to

),

final as (

    {{ merge_neighbours('resolved', [
        'item_key', 'original_due_date', 'agreed_due_date', 'due_date', 'effective_from',
        'effective_to'
    ]) }}

)

select * from final
