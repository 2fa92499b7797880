{{ config(meta={'gate': 'metric_identity'}, severity=gate_severity('metric_identity')) }}
-- Five parts are the days from delivery until the money is in and the item closed, exactly.
select *
from {{ ref('mart_delay_decomposition') }}
where
    to_cash_amount_days <> billing_lag_amount_days + terms_amount_days + late_amount_days
    + bill_term_amount_days
    or total_amount_days <> to_cash_amount_days + application_lag_amount_days
