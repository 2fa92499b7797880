with

forecast as (

    select * from {{ predicted('cash_forecast') }}

),

final as (

    select
        cast({{ as_of() }} as date) as as_of_date,
        cast(company_code as {{ dbt.type_string() }}) as company_code,
        cast(currency as {{ dbt.type_string() }}) as currency,
        cast(week_ahead as int) as week_ahead,
        cast(week_begins as date) as week_begins,
        {{ money('expected') }} as expected_reporting,
        {{ money('low') }} as low_reporting,
        {{ money('high') }} as high_reporting,
        {{ money('expected_new') }} as expected_new_reporting,
        cast(forecaster as {{ dbt.type_string() }}) as model
    from forecast

)

select * from final
