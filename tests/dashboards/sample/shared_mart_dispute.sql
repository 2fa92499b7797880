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
-- What C001 contests.
insert into marts.mart_dispute (
    as_of_date, company_code, dispute_id, document_id, customer_id, reason, owner, status, opened_on, is_open,
    currency, disputed_amount_document, disputed_amount_reporting, credited_amount_document, outcome, is_intragroup
) values
    ('2026-06-30', 'CN01', 'DSP-1', 'INV-1003', 'C001', '质量问题', '李文博', 'open', '2026-05-20', true, 'CNY', 250000.0,
        250000.0, 0.0, 'open', false);
