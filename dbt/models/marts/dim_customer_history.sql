with

version as (

    select *
    from {{ ref('stg_landing__customer') }}
    where not is_deleted

),

final as (

    select
        cast(company_code as {{ dbt.type_string() }}) as company_code,
        cast(customer_id as {{ dbt.type_string() }}) as customer_id,
        cast(name as {{ dbt.type_string() }}) as name,
        cast(tax_id as {{ dbt.type_string() }}) as tax_id,
        cast(customer_type as {{ dbt.type_string() }}) as customer_type,
        cast(deal_nature as {{ dbt.type_string() }}) as deal_nature,
        cast(ownership as {{ dbt.type_string() }}) as ownership,
        cast(size_class as {{ dbt.type_string() }}) as size_class,
        cast(industry as {{ dbt.type_string() }}) as industry,
        cast(region as {{ dbt.type_string() }}) as region,
        cast(country as {{ dbt.type_string() }}) as country,
        cast(parent_customer_id as {{ dbt.type_string() }}) as parent_customer_id,
        cast(guarantor_customer_id as {{ dbt.type_string() }}) as guarantor_customer_id,
        cast(related_party as {{ dbt.type_string() }}) as related_party,
        cast(counterparty_company_code as {{ dbt.type_string() }}) as counterparty_company_code,
        cast(payment_terms as {{ dbt.type_string() }}) as payment_terms,
        cast(sales_owner as {{ dbt.type_string() }}) as sales_owner,
        cast(collector as {{ dbt.type_string() }}) as collector,
        cast(status as {{ dbt.type_string() }}) as status,
        cast(onboarded_on as date) as onboarded_on,
        cast(known_from as timestamp) as known_from,
        cast(known_to as timestamp) as known_to,
        cast(_load_id as bigint) as _load_id,
        cast(_row as bigint) as _row
    from version

)

select * from final
