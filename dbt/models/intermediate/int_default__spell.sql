{{ config(materialized='view') }}

{#- Which customers were in default, and when: mart_customer_default per customer. A party is in
    default with all its customers (DECISIONS 29). -#}
with

final as (

    select
        customer.company_code,
        customer.customer_id,
        spell.*
    from {{ ref('mart_customer_default') }} as spell
    inner join {{ ref('dim_customer') }} as customer
        on spell.party_id = customer.party_id
    where not customer.is_intragroup

)

select * from final
