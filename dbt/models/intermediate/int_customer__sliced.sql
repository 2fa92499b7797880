{{ config(materialized='table') }}

{#- Customers in slices of some four million rows of balances: what follows every item through every
    month is worked out slice by slice, for of ten million documents at once it does not fit into
    memory. A small company is one slice. -#}
with

slice as (

    select cast(floor(count(*) / {{ env_var('ARREARS_ROWS_PER_SLICE', '4000000') }}.0) as int) + 1 as slice_count
    from {{ ref('fct_open_item_balance') }}

),

final as (

    select
        customer.company_code,
        customer.customer_id,
        cast(
            (row_number() over (order by customer.company_code, customer.customer_id) - 1)
            % slice.slice_count as int
        ) as slice_no
    from {{ ref('int_provision__described') }} as customer
    cross join slice
    where not customer.is_intragroup

)

select * from final
