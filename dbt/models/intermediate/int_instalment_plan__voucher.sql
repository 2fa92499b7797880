{{ config(materialized='table') }}

{#- Documents that ever had a plan or, where it does not add up, one item in its place: their items
    are keyed apart from all others (int_open_item__keyed). -#}
with

final as (

    select distinct voucher_key
    from {{ ref('int_instalment_plan__version') }}

)

select * from final
