create table marts.mart_credit_exposure_history (
    scope varchar, company_code varchar, subject_id varchar, customer_id varchar, effective_from date,
    effective_to date, exposure_reporting decimal(18, 2), limit_reporting decimal(18, 2), is_breached boolean,
    breached_since date, unconverted_count bigint
);
