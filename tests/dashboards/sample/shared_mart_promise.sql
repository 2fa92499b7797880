create table marts.mart_promise (
    as_of_date date, company_code varchar, promise_id varchar, customer_id varchar, document_id varchar,
    instalment_no integer, kind varchar, made_on date, promised_date date, grace_end_date date, currency varchar,
    promised_amount_document decimal(18, 2), promised_amount_reporting decimal(18, 2),
    received_by_promised_date_document decimal(18, 2), received_by_grace_end_document decimal(18, 2),
    received_since_document decimal(18, 2), shortfall_document decimal(18, 2), shortfall_reporting decimal(18, 2),
    status varchar, status_reason varchar, cancelled_on date, original_due_date date, agreed_due_date date,
    days_past_original_due bigint, days_past_agreed_due bigint, has_unapplied_receipt boolean, policy_version varchar,
    _load_id bigint, _row bigint
);
