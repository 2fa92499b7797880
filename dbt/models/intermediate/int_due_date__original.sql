{{ config(materialized='table') }}

{#- The due date in the first version ever landed in which the item existed. A re-issued document
    keeps the first due date of the document it replaces (accounting A16), from the moment that one
    is known; chains up to five deep. -#}
with

first_version as (

    select
        item_key,
        voucher_key,
        min_by(due_date, known_from) as first_due_date,
        min(known_from) as first_known_from
    from {{ ref('int_open_item__version') }}
    group by item_key, voucher_key

),

voucher_first as (

    select
        voucher_key,
        min(first_due_date) as original_due_date,
        min(first_known_from) as first_known_from
    from first_version
    group by voucher_key

),

link as (

    select
        version.voucher_key,
        keyed.voucher_key as replaced_voucher_key,
        version.known_from,
        version.known_to
    from {{ ref('int_voucher__version') }} as version
    inner join {{ ref('int_voucher__keyed') }} as keyed
        on
            version.company_code = keyed.company_code
            and version.replaces_document_id = keyed.voucher_id
            and keyed.voucher_kind = 'D'
    where version.replaces_document_id is not null and keyed.voucher_key <> version.voucher_key

),

newest_link as (

    select
        voucher_key,
        max_by(replaced_voucher_key, known_from) as replaced_voucher_key
    from link
    group by voucher_key

),

chain_0 as (

    select voucher_key, original_due_date
    from voucher_first

),

{% for depth in range(1, 5) -%}
chain_{{ depth }} as (

    select
        own.voucher_key,
        coalesce(replaced.original_due_date, own.original_due_date) as original_due_date
    from voucher_first as own
    left join newest_link
        on own.voucher_key = newest_link.voucher_key
    left join chain_{{ depth - 1 }} as replaced
        on newest_link.replaced_voucher_key = replaced.voucher_key

),

{% endfor -%}
reissued as (

    select
        first_version.item_key,
        chain.original_due_date,
        greatest(link.known_from, replaced.first_known_from) as known_from,
        link.known_to
    from link
    inner join first_version
        on link.voucher_key = first_version.voucher_key
    inner join voucher_first as replaced
        on link.replaced_voucher_key = replaced.voucher_key
    inner join chain_4 as chain
        on link.replaced_voucher_key = chain.voucher_key
    where greatest(link.known_from, replaced.first_known_from) < link.known_to

),

reissued_item as (

    select distinct item_key
    from reissued

),

always as (

    select
        item_key,
        {{ start_of_time() }} as known_from,
        {{ end_of_time() }} as known_to
    from reissued_item

),

epoch as (

    {{ knowledge_epochs(['item_key'], ['always', 'reissued']) }}

),

final as (

    select
        first_version.item_key,
        first_version.first_due_date as original_due_date,
        false as is_reissue,
        {{ start_of_time() }} as known_from,
        {{ end_of_time() }} as known_to
    from first_version
    left join reissued_item
        on first_version.item_key = reissued_item.item_key
    where reissued_item.item_key is null
    union all
    select
        epoch.item_key,
        coalesce(reissued.original_due_date, first_version.first_due_date) as original_due_date,
        reissued.item_key is not null as is_reissue,
        epoch.known_from,
        epoch.known_to
    from epoch
    inner join first_version
        on epoch.item_key = first_version.item_key
    left join reissued
        on
            epoch.item_key = reissued.item_key
            and reissued.known_from <= epoch.known_from
            and reissued.known_to > epoch.known_from

)

select * from final
