{{ config(materialized='table') }}

{#- What the credits of a customer take off each of its currently open items, once for all marts
    (accounting B5); rows are missing where nothing is taken. -#}
with

item as (

    select
        *,
        open_amount_document < 0 or (open_amount_document = 0 and open_amount_functional < 0)
            as is_credit
    from {{ ref('int_open_item__current') }}

),

absorbed as (

    {{ absorbed_by_credits('item') }}

),

final as (

    select
        open_item_id,
        absorbed_amount
    from absorbed
    where absorbed_amount <> 0

)

select * from final
