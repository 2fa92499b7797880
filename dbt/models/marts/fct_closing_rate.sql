with

final as (

    select
        cast(company_code as {{ dbt.type_string() }}) as company_code,
        cast(currency as {{ dbt.type_string() }}) as currency,
        cast(day as date) as day,
        cast(rate_to_reporting as decimal(28, 12)) as rate_to_reporting
    from {{ ref('int_fx_rate__closing') }}

)

select * from final
