create table marts.mart_promise_customer (
    as_of_date date, company_code varchar, customer_id varchar, promise_window varchar, fallen_due_count bigint,
    kept_count bigint, kept_late_count bigint, partial_count bigint, broken_count bigint, missed_plan_line_count
    bigint, unconverted_count bigint, fallen_due_amount_reporting decimal(18, 2), kept_amount_reporting
    decimal(18, 2), shortfall_reporting decimal(18, 2), kept_rate_by_count decimal(28,6), kept_rate_by_amount
    decimal(28,6), reason_when_null varchar
);
