{{ config(meta={'gate': 'metric_identity'}, severity=gate_severity('metric_identity')) }}
-- Days to pay = days of terms + days late, exactly, in every row that has them.
select
    paid.period_end, paid.dimension, paid.dimension_value, paid.variant, paid.window_months,
    paid.numerator as paid, terms.numerator as terms, late.numerator as late
from {{ ref('mart_receivable_kpi') }} as paid
{% for name, metric in [('terms', 'days_of_terms'), ('late', 'days_late')] -%}
inner join {{ ref('mart_receivable_kpi') }} as {{ name }}
    on
        {{ name }}.metric = '{{ metric }}'
        and paid.variant = {{ name }}.variant
        and paid.window_months = {{ name }}.window_months
        and paid.period_end = {{ name }}.period_end
        and paid.dimension = {{ name }}.dimension
        and paid.dimension_value = {{ name }}.dimension_value
{% endfor -%}
where
    paid.metric = 'days_to_pay'
    and (
        paid.numerator <> terms.numerator + late.numerator
        or paid.denominator <> terms.denominator
        or paid.denominator <> late.denominator
    )
