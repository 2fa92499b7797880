with

activity as (

    {{ current_version('collection_activity') }}

),

collecting as (

    select distinct company_code
    from activity

),

final as (

    select
        cast(company.company_code as {{ dbt.type_string() }}) as company_code,
        cast(company.name as {{ dbt.type_string() }}) as name,
        cast(company.functional_currency as {{ dbt.type_string() }}) as functional_currency,
        cast(company.time_zone as {{ dbt.type_string() }}) as time_zone,
        cast(company.country as {{ dbt.type_string() }}) as country,
        cast(company.intercompany_group as {{ dbt.type_string() }}) as intercompany_group,
        cast(company.borrowing_rate as decimal(28, 12)) as borrowing_rate,
        cast(company.tax_relief_on_bad_debt as boolean) as tax_relief_on_bad_debt,
        cast(collecting.company_code is not null as boolean) as has_collection_activity
    from {{ ref('int_company') }} as company
    left join collecting
        on company.company_code = collecting.company_code

)

select * from final
