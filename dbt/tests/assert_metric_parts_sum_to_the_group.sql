{{ config(meta={'gate': 'metric_identity'}, severity=gate_severity('metric_identity')) }}
-- Numerators and denominators of every region, nature, salesperson and collector sum to those of the
-- group (accounting C3). Countbacks, medians and averages of balances are not additive.
with

part as (

    select
        period_end, metric, variant, coalesce(window_months, 0) as window_months, dimension,
        sum(numerator) as numerator,
        sum(denominator) as denominator
    from {{ ref('mart_receivable_kpi') }}
    where dimension not in ('group', 'company') and {{ is_additive_metric() }}
    group by period_end, metric, variant, coalesce(window_months, 0), dimension

),

whole as (

    select
        period_end, metric, variant, coalesce(window_months, 0) as window_months, numerator,
        denominator
    from {{ ref('mart_receivable_kpi') }}
    where dimension = 'group' and {{ is_additive_metric() }} and reason_when_null is null

)

select
    whole.*,
    part.dimension,
    part.numerator as numerator_of_parts,
    part.denominator as denominator_of_parts
from whole
inner join part
    on
        whole.period_end = part.period_end
        and whole.metric = part.metric
        and whole.variant = part.variant
        and whole.window_months = part.window_months
where whole.numerator <> part.numerator or whole.denominator <> part.denominator
