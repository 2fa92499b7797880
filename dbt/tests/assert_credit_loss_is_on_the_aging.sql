{{ config(meta={'gate': 'metric_identity'}, severity=gate_severity('metric_identity')) }}
-- What is provisioned is the aging of the as-of date after credits, per company: debit items, what
-- credits absorbed of them, and what is left. No item is left out and none has no rate.
with

provisioned as (

    select
        company_code,
        sum(open_amount_functional) as open_amount,
        sum(exposure_functional) as exposure,
        sum(case when rate is null then item_count else 0 end) as count_without_rate
    from {{ ref('mart_expected_credit_loss') }}
    where not is_beside and component = 'matrix'
    group by company_code

),

aging as (

    select
        company_code,
        sum(gross_amount_functional) as open_amount,
        sum(case when bucket <> 'unapplied' then net_amount_functional else 0 end) as exposure
    from {{ ref('mart_aging_customer') }}
    where scheme = 'standard'
    group by company_code

)

select
    coalesce(provisioned.company_code, aging.company_code) as company_code,
    provisioned.open_amount,
    aging.open_amount as open_amount_of_aging,
    provisioned.exposure,
    aging.exposure as exposure_of_aging,
    provisioned.count_without_rate
from provisioned
full outer join aging
    on provisioned.company_code = aging.company_code
where
    coalesce(provisioned.open_amount, 0) <> coalesce(aging.open_amount, 0)
    or coalesce(provisioned.exposure, 0) <> coalesce(aging.exposure, 0)
    or provisioned.count_without_rate > 0
