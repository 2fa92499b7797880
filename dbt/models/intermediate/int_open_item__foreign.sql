{{ config(materialized='table') }}

{#- Items of which any version is not kept in its own books' currency, has amount 0, or belongs to a
    company without a currency: only on these can an exchange difference arise, and only their
    carrying amounts have to be followed movement by movement. -#}
with

final as (

    select distinct item_key
    from {{ ref('int_open_item__version') }}
    where not coalesce(is_domestic, false)

)

select * from final
