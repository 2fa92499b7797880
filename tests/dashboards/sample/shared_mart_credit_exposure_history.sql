create table marts.mart_credit_exposure_history (
    scope varchar, company_code varchar, subject_id varchar, customer_id varchar, effective_from date,
    effective_to date, exposure_reporting decimal(18, 2), limit_reporting decimal(18, 2), is_breached boolean,
    breached_since date, unconverted_count bigint
);
-- C002 was at half of its limit, and above it since four days.
insert into marts.mart_credit_exposure_history (
    scope, company_code, subject_id, customer_id, effective_from, effective_to, exposure_reporting, limit_reporting,
    is_breached, breached_since, unconverted_count
) values
    ('customer', 'CN01', 'CN01|C002', 'C002', '2026-01-10', '2026-06-26', 400000.0, 800000.0, false, null, 0),
    ('customer', 'CN01', 'CN01|C002', 'C002', '2026-06-26', '9999-12-31', 947950.75, 800000.0, true, '2026-06-26', 0);
