{{ config(meta={'gate': 'metric_identity'}, severity=gate_severity('metric_identity')) }}
-- Covered and uncovered are the exposure, no rate decreases with age, the base case of the
-- sensitivities is what is published, and every row is its items: bases to the cent, the loss but for
-- the cent by which each item was rounded.
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

),

item as (

    select
        company_code,
        segment,
        rate_segment,
        aging,
        bucket,
        method,
        count(*) as item_count,
        sum(exposure_reporting) as exposure_reporting,
        sum(covered_base_reporting) as covered_base_reporting,
        sum(uncovered_base_reporting) as uncovered_base_reporting,
        sum(expected_credit_loss_reporting) as expected_credit_loss_reporting
    from {{ ref('mart_expected_credit_loss_item') }}
    group by company_code, segment, rate_segment, aging, bucket, method

),

itemised as (

    select
        'items' as broken,
        coalesce(line.company_code, item.company_code) as company_code,
        coalesce(line.segment, item.segment) as segment,
        coalesce(line.bucket, item.bucket) as place
    from (
        select *
        from {{ ref('mart_expected_credit_loss') }}
        where component = 'matrix' and not is_beside
    ) as line
    full outer join item
        on
            {{ equal_key('line', 'item', ['company_code', 'segment', 'rate_segment', 'aging',
                'bucket', 'method']) }}
    where
        line.item_count is distinct from item.item_count
        or line.exposure_reporting is distinct from item.exposure_reporting
        or line.covered_base_reporting is distinct from item.covered_base_reporting
        or line.uncovered_base_reporting is distinct from item.uncovered_base_reporting
        or abs(line.expected_credit_loss_reporting - item.expected_credit_loss_reporting)
        > cast(0.01 as decimal(18, 2)) * (item.item_count + 1)

)

select * from split
union all
select * from decreasing
union all
select * from sensitivity
union all
select * from itemised
