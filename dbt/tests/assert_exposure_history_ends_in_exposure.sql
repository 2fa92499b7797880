{{ config(meta={'gate': 'metric_identity'}, severity=gate_severity('metric_identity')) }}
-- The running sum of events ends in what is open today, limit and breach included.
select
    exposure.scope,
    exposure.company_code,
    exposure.subject_id,
    exposure.exposure_reporting,
    history.exposure_reporting as exposure_of_history,
    exposure.limit_reporting,
    history.limit_reporting as limit_of_history
from {{ ref('mart_credit_exposure') }} as exposure
inner join {{ ref('mart_credit_exposure_history') }} as history
    on
        exposure.scope = history.scope
        and exposure.company_code = history.company_code
        and exposure.subject_id = history.subject_id
        and exposure.as_of_date >= history.effective_from
        and exposure.as_of_date < history.effective_to
where
    exposure.unconverted_count = 0
    and history.unconverted_count = 0
    and (
        exposure.exposure_reporting <> history.exposure_reporting
        or exposure.limit_reporting is distinct from history.limit_reporting
        or exposure.is_breached <> history.is_breached
    )
