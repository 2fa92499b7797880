{{ config(materialized='table') }}

{#- The scope that each customer counts under, per currency. -#}
with

final as (

    select
        customer.company_code,
        customer.customer_id,
        scope.currency,
        scope.scope_key
    from {{ ref('dim_customer') }} as customer
    inner join {{ ref('int_overdue_trend__scope') }} as scope
        on
            customer.company_code = scope.company_code
            and customer.deal_nature = scope.deal_nature
            and customer.is_intragroup = scope.is_intragroup

)

select * from final
