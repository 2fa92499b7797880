{{ config(materialized='table') }}

{#- What became of every bill receipt as known: standing, or void from a day on because the bill
    was dishonoured or returned in full, by its events or by the status of the receipt, whichever
    came first (L12). -#}
with

outcome as (

    select
        voucher_key,
        coalesce(min_by(case when is_void then told_as end, case when is_void then step_no end),
            'standing') as bill_outcome,
        min(case when is_void then effective_date end) as voided_on,
        known_from,
        known_to
    from {{ ref('int_bill__step') }}
    group by voucher_key, known_from, known_to

),

final as (

    {{ merge_pieces('outcome', ['voucher_key'], ['voucher_key', 'bill_outcome', 'voided_on']) }}

)

select * from final
