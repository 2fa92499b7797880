with

bill as (

    select
        *,
        {{ month_start('coalesce(maturity_date, received_on)') }} as maturity_month
    from {{ ref('mart_bill') }}
    where held_amount_document + passed_on_amount_document > 0

),

final as (

    select
        cast({{ as_of() }} as date) as as_of_date,
        cast(company_code as {{ dbt.type_string() }}) as company_code,
        cast(currency as {{ dbt.type_string() }}) as currency,
        cast(maturity_month as date) as maturity_month,
        cast(count(*) as bigint) as bill_count,
        cast(sum(held_amount_document) as decimal(18, 2)) as held_amount_document,
        cast(sum(pledged_amount_document) as decimal(18, 2)) as pledged_amount_document,
        cast(sum(matured_without_outcome_amount_document) as decimal(18, 2))
            as matured_without_outcome_amount_document,
        cast(
            sum(case when acceptor_kind = 'corporate' then held_amount_document else 0 end)
            as decimal(18, 2)
        ) as held_of_corporates_amount_document,
        cast(sum(passed_on_amount_document) as decimal(18, 2)) as passed_on_amount_document,
        -- one rate for all rows of a currency: a sum is known or it is not
        cast(sum(held_amount_reporting) as decimal(18, 2)) as held_amount_reporting,
        cast(sum(passed_on_amount_reporting) as decimal(18, 2)) as passed_on_amount_reporting,
        cast(
            sum(case when maturity_date is null then 1 else 0 end) as bigint
        ) as maturity_missing_count
    from bill
    group by company_code, currency, maturity_month

)

select * from final
