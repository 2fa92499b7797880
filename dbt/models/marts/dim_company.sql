with

final as (

    select
        cast(company_code as {{ dbt.type_string() }}) as company_code,
        cast(name as {{ dbt.type_string() }}) as name,
        cast(functional_currency as {{ dbt.type_string() }}) as functional_currency,
        cast(time_zone as {{ dbt.type_string() }}) as time_zone,
        cast(country as {{ dbt.type_string() }}) as country,
        cast(intercompany_group as {{ dbt.type_string() }}) as intercompany_group,
        cast(borrowing_rate as decimal(28, 12)) as borrowing_rate,
        cast(tax_relief_on_bad_debt as boolean) as tax_relief_on_bad_debt
    from {{ ref('int_company') }}

)

select * from final
