create table marts.fct_bill_event (
    company_code varchar, bill_id varchar, event_date date, kind varchar, currency varchar, amount_document
    decimal(18, 2), is_with_recourse boolean, counterparty varchar, receipt_count bigint, effective_date date,
    effective_amount_document decimal(18, 2), known_from timestamp, _source varchar, _load_id bigint, _file varchar,
    _row bigint
);
