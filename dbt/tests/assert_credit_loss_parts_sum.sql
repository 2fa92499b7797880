{{ config(meta={'gate': 'metric_identity'}, severity=gate_severity('metric_identity')) }}
-- Covered and uncovered are the exposure, no rate decreases with age, and the base case of the
-- sensitivities is what is published.
with

split as (

    select
        'split' as broken,
        company_code,
        segment,
        bucket as place
    from {{ ref('mart_expected_credit_loss') }}
    where
        covered_reporting + uncovered_reporting <> exposure_reporting
        or open_amount_reporting - absorbed_reporting <> exposure_reporting
        or uncovered_base_reporting > uncovered_reporting
        or rate < 0
        or rate > 1

),

aged as (

    select
        *,
        lag(fine_loss_rate) over (
            partition by company_code, segment, rate_segment, aging
            order by fine_bucket_no
        ) as younger_rate
    from {{ ref('mart_credit_loss_rate') }}

),

decreasing as (

    select
        'decreasing' as broken,
        company_code,
        segment,
        fine_bucket as place
    from aged
    where fine_loss_rate < younger_rate

),

published as (

    select
        company_code,
        segment,
        sum(expected_credit_loss_reporting) as loss
    from {{ ref('mart_expected_credit_loss') }}
    where not is_beside
    group by company_code, segment

),

sensitivity as (

    select
        'sensitivity' as broken,
        published.company_code,
        published.segment,
        sensitivity.sensitivity as place
    from published
    left join {{ ref('mart_credit_loss_sensitivity') }} as sensitivity
        on
            published.company_code = sensitivity.company_code
            and published.segment = sensitivity.segment
            and sensitivity.sensitivity = 'base'
    where published.loss is distinct from sensitivity.expected_credit_loss_reporting

)

select * from split
union all
select * from decreasing
union all
select * from sensitivity
