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
-- K100: 20,000 of 50,000 came so far. C001: 100,000 of 500,000 came after the grace; another promise is three weeks off. C002: an extension, which is no promise.
insert into marts.mart_promise (
    as_of_date, company_code, promise_id, customer_id, document_id, instalment_no, kind, made_on, promised_date,
    grace_end_date, currency, promised_amount_document, promised_amount_reporting, received_by_promised_date_document,
    received_by_grace_end_document, received_since_document, shortfall_document, shortfall_reporting, status,
    policy_version
) values
    ('2026-06-30', 'DE01', 'P1', 'K100', 'RE-5002', null, 'promise', '2026-06-26', '2026-07-03', '2026-07-08', 'EUR',
        50000.0, 390000.0, 20000.0, 20000.0, 0.0, 30000.0, 234000.0, 'open', 'default-1'),
    ('2026-06-30', 'CN01', 'P2', 'C001', null, null, 'promise', '2026-06-05', '2026-06-10', '2026-06-15', 'CNY',
        500000.0, 500000.0, 0.0, 0.0, 100000.0, 500000.0, 500000.0, 'broken', 'default-1'),
    ('2026-06-30', 'CN01', 'P3', 'C001', 'INV-1003', null, 'plan', '2026-06-20', '2026-07-20', '2026-07-23', 'CNY',
        900000.0, 900000.0, 0.0, 0.0, 0.0, 900000.0, 900000.0, 'open', 'default-1'),
    ('2026-06-30', 'CN01', 'P4', 'C002', 'INV-2001', null, 'extension', '2026-03-01', '2026-05-02', '2026-05-07',
        'CNY', 215200.5, 215200.5, 0.0, 0.0, 0.0, 215200.5, 215200.5, 'broken', 'default-1');
