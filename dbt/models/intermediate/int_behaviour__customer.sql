{{ config(materialized='table') }}

{#- Customers as numbers: counts per customer, month and number of days are tens of millions of
    rows. -#}
with

final as (

    select
        {{ dense_key(['customer.company_code', 'customer.customer_id']) }} as customer_no,
        customer.company_code,
        customer.customer_id,
        customer.party_id,
        customer.is_intragroup,
        coalesce(company.country, '(none)') as country
    from {{ ref('dim_customer') }} as customer
    inner join {{ ref('int_company') }} as company
        on customer.company_code = company.company_code

)

select * from final
