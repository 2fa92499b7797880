create table marts.mart_retention (
    as_of_date date, open_item_id varchar, company_code varchar, customer_id varchar, document_id varchar,
    instalment_no integer, document_date date, contract_id varchar, project varchar, currency varchar,
    retention_amount_document decimal(18, 2), open_amount_document decimal(18, 2), open_amount_reporting
    decimal(18, 2), receivable_class varchar, retention_state varchar, unconditional_on date, contract_retention_until
    date, due_date date, days_until_unconditional bigint, days_since_unconditional bigint, days_past_due bigint,
    overdue_amount_document decimal(18, 2), is_unconditional_date_missing boolean, is_release_late boolean,
    settled_early_amount_document decimal(18, 2), contract_retention_share decimal(9,6),
    document_share_difference_document decimal(18, 2), is_document_share_kept boolean, contract_billed_amount_document
    decimal(18, 2), contract_retention_amount_document decimal(18, 2), contract_share_difference_document
    decimal(18, 2), is_contract_share_kept boolean, is_intragroup boolean, is_unconverted boolean, _load_id bigint,
    _row bigint
);
