with

past as (

    select * from {{ ref('int_prediction__past_cash') }}

),

final as (

    select
        cast({{ as_of() }} as date) as as_of_date,
        cast(target as {{ dbt.type_string() }}) as target,
        cast(forecaster as {{ dbt.type_string() }}) as model,
        cast(origin as date) as forecast_on,
        cast(company_code as {{ dbt.type_string() }}) as company_code,
        cast(currency as {{ dbt.type_string() }}) as currency,
        cast(week_ahead as int) as week_ahead,
        cast({{ add_days('origin', '7 * (week_ahead - 1) + 1') }} as date) as week_begins,
        {{ money('expected') }} as expected_reporting,
        {{ money('low') }} as low_reporting,
        {{ money('high') }} as high_reporting,
        {{ money('actual') }} as received_reporting,
        cast({{ money('expected') }} - {{ money('actual') }} as decimal(18, 2)) as error_reporting,
        cast(
            case when low is not null then actual >= low and actual <= high end as boolean
        ) as is_in_band,
        cast(is_champion as boolean) as is_champion
    from past

)

select * from final
