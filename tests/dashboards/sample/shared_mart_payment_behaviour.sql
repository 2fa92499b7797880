create table marts.mart_payment_behaviour (
    as_of_day date, company_code varchar, customer_id varchar, party_id varchar, window_name varchar,
    window_from date, is_intragroup boolean, is_reconstructed boolean, currency varchar, payment_count bigint,
    paid_amount_reporting decimal(18, 2), excluded_payment_count bigint, clearing_date_payment_count bigint,
    unconverted_count bigint, days_late_weighted_sum decimal(28,2), weighted_days_late decimal(28,6),
    weighted_days_to_pay decimal(28,6), median_days_late integer, p90_days_late integer,
    spread_days_late decimal(18,6), late_share_by_count decimal(28,6), late_share_by_amount decimal(28,6),
    paid_item_count bigint, settled_item_count bigint, settled_amount_reporting decimal(18, 2),
    paid_document_count bigint, part_paid_item_count bigint, part_paid_share decimal(28,6),
    discount_offered_count bigint, discount_taken_count bigint, discount_taken_share decimal(28,6),
    payment_day_count bigint, last_business_days_share decimal(28,6), last_calendar_days_share decimal(28,6),
    billed_amount_reporting decimal(18, 2), dispute_count bigint, disputed_amount_reporting decimal(18, 2),
    disputed_share decimal(28,6), promise_count bigint, promise_kept_count bigint, promise_kept_share decimal(28,6),
    late_days decimal(28,6), late_days_reason varchar, late_days_item_count bigint,
    late_days_amount_reporting decimal(18, 2), overdue_item_count bigint, overdue_amount_reporting decimal(18, 2),
    oldest_days_overdue integer, largest_overdue_reporting decimal(18, 2), longest_days_late integer,
    late_days_recent decimal(28,6), late_days_before decimal(28,6), trend_days decimal(28,6),
    trend_recent_count bigint, trend_before_count bigint, trend_p_value decimal(18,6), trend_reason varchar,
    payment_index decimal(18, 2), payment_index_reason varchar, payment_gap_p90_days integer, last_paid_on date,
    is_month_end_payer boolean, first_billed_on date, tenure_days integer, paid_document_count_ever bigint,
    is_new_customer boolean, is_good_payer boolean, floor_minor_reporting decimal(18, 2), policy_version varchar
);
-- How C003 paid in the last 90 days.
insert into marts.mart_payment_behaviour (
    as_of_day, company_code, customer_id, party_id, window_name, is_intragroup, is_reconstructed, currency,
    trend_days, late_days_recent
) values
    ('2026-06-30', 'CN01', 'C003', 'CN01|C003', '90_days', false, false, 'CNY', 12.5, 92);
