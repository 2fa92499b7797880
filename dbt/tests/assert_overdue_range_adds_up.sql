{{ config(meta={'gate': 'metric_identity'}, severity=gate_severity('metric_identity')) }}
-- Headline and lines are the best and the worst case, in both currencies; the headline is the
-- overdue of the aging; the best case is no more than it and the worst no less.
with

summed as (

    select
        dimension, dimension_value, currency, case_name,
        {% for column in ['amount_document', 'amount_reporting'] -%}
        sum(case when line = 'headline' then {{ column }} end) as {{ column }}_headline,
        sum(case when line not in ('best_case', 'worst_case') then {{ column }} end)
            as {{ column }}_of_lines,
        sum(case when line in ('best_case', 'worst_case') then {{ column }} end)
            as {{ column }}_of_case{{ ',' if not loop.last }}
        {% endfor %}
    from {{ ref('mart_overdue_range') }}
    group by dimension, dimension_value, currency, case_name

),

aged as (

    select
        company_code,
        currency,
        sum(case when days_past_due > 0 and open_amount_document > 0
            then open_amount_document else 0 end) as overdue
    from {{ ref('mart_aging') }}
    where receivable_class = 'trade'
    group by company_code, currency

)

select
    summed.*,
    aged.overdue
from summed
left join aged
    on
        summed.dimension = 'company'
        and summed.dimension_value = aged.company_code
        and summed.currency = aged.currency
where
    summed.amount_document_of_lines <> summed.amount_document_of_case
    or summed.amount_reporting_of_lines <> summed.amount_reporting_of_case
    or (summed.dimension = 'company'
        and summed.amount_document_headline is distinct from aged.overdue)
    or (summed.case_name = 'best' and summed.amount_document_of_case < 0)
    or (summed.case_name = 'best'
        and summed.amount_reporting_of_case > summed.amount_reporting_headline)
    or (summed.case_name = 'worst'
        and summed.amount_reporting_of_case < summed.amount_reporting_headline)
