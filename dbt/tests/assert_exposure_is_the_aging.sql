{{ config(meta={'gate': 'metric_identity'}, severity=gate_severity('metric_identity')) }}
-- What customers owe in all classes is what is open on the as-of date, per company: two routes
-- through the data, one answer, to the cent.
with

exposed as (

    select
        company_code,
        sum(
            exposure_reporting - credit_surplus_reporting + contract_asset_reporting
            + late_interest_reporting
        ) as amount
    from {{ ref('mart_credit_exposure') }}
    where scope = 'customer'
    group by company_code

),

aged as (

    select
        company_code,
        coalesce(sum(open_amount_reporting), 0) as amount
    from {{ ref('mart_aging') }}
    group by company_code

)

select
    aged.company_code,
    exposed.amount as amount_of_exposure,
    aged.amount as amount_of_aging
from aged
left join exposed
    on aged.company_code = exposed.company_code
where exposed.amount is distinct from aged.amount
