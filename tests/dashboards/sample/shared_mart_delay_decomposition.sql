create table marts.mart_delay_decomposition (
    as_of_date date, company_code varchar, customer_id varchar, basis varchar, window_name varchar, window_from date,
    currency varchar, payment_count bigint, paid_amount_reporting decimal(18, 2), billing_lag_amount_days
    decimal(28,2), days_billing_lag decimal(28,6), terms_amount_days decimal(28,2), days_terms decimal(28,6),
    late_amount_days decimal(28,2), days_late decimal(28,6), bill_term_amount_days decimal(28,2), days_bill_term
    decimal(28,6), application_lag_amount_days decimal(28,2), days_application_lag decimal(28,6), to_cash_amount_days
    decimal(28,2), days_to_cash decimal(28,6), total_amount_days decimal(28,2), days_total decimal(28,6),
    reason_when_null varchar, delivery_unknown_count bigint, delivery_unknown_amount_reporting decimal(18, 2),
    excluded_before_document_count bigint, excluded_before_document_amount_reporting decimal(18, 2),
    excluded_cash_terms_count bigint, excluded_cash_terms_amount_reporting decimal(18, 2), unconverted_count bigint
);
