{{ config(materialized='table') }}

{#- What an application needs to know of a voucher, with equal neighbours merged: when it opens,
    when it is void, on which side it stands. Amount corrections leave it untouched. -#}
with

version as (

    select
        voucher_key,
        customer_id,
        item_kind,
        currency,
        nature,
        opened_on,
        voided_on,
        bill_outcome is not null as is_bill,
        is_domestic,
        known_from,
        known_to
    from {{ ref('int_voucher__version') }}

),

final as (

    {{ merge_pieces('version', ['voucher_key'], [
        'voucher_key', 'customer_id', 'item_kind', 'currency', 'nature', 'opened_on', 'voided_on',
        'is_bill', 'is_domestic'
    ]) }}

)

select * from final
