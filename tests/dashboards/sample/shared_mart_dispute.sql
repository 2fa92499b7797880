create table marts.mart_dispute (
    as_of_date date, company_code varchar, dispute_id varchar, document_id varchar, instalment_no integer,
    customer_id varchar, reason varchar, owner varchar, status varchar, opened_on date, closed_on date,
    is_open boolean, currency varchar, stated_amount_document decimal(18, 2), disputed_amount_document decimal(18, 2),
    disputed_amount_reporting decimal(18, 2), overdue_amount_document decimal(18, 2), is_overdue boolean,
    days_open bigint, processing_days bigint, outcome varchar, contested_amount_document decimal(18, 2),
    credited_amount_document decimal(18, 2), paid_amount_document decimal(18, 2),
    otherwise_settled_amount_document decimal(18, 2), withdrawn_amount_document decimal(18, 2),
    is_other_currency boolean, is_intragroup boolean, _load_id bigint, _row bigint
);
