{{ config(meta={'gate': 'metric_identity'}, severity=gate_severity('metric_identity')) }}
-- Exposure is the sum of its parts in every scope, cover is a part of it, and headroom and excess are
-- two sides of one difference.
select *
from {{ ref('mart_credit_exposure') }}
where
    exposure_reporting <> trade_debit_reporting + unbilled_reporting + bill_held_reporting
    + bill_transferred_reporting - unapplied_cash_reporting - open_credit_reporting
    + credit_surplus_reporting
    or exposure_reporting < 0
    or insured_cover_reporting < 0
    or insured_cover_reporting > exposure_reporting
    or uncovered_exposure_reporting <> exposure_reporting - insured_cover_reporting
    or own_headroom_reporting <> limit_reporting - exposure_reporting
    or excess_reporting <> greatest(-own_headroom_reporting, 0)
    or limit_reporting <> coalesce(permanent_limit_reporting, 0)
    + coalesce(temporary_limit_reporting, 0)
