create table marts.mart_limitation (
    as_of_date date, open_item_id varchar, company_code varchar, customer_id varchar, item_kind varchar,
    document_id varchar, instalment_no integer, currency varchar, due_date date, open_amount_document decimal(18, 2),
    written_off_amount_document decimal(18, 2), claim_amount_document decimal(18, 2),
    claim_amount_reporting decimal(18, 2), is_written_off boolean, governing_law varchar, regime varchar,
    first_day date, first_deadline_date date, last_restart_date date, last_restart_kind varchar,
    last_restart_source varchar, last_restart_source_id varchar, last_restart_load_id bigint, last_restart_row bigint,
    deadline_date date, latest_deadline_date date, days_left bigint, limitation_state varchar, uncertainty varchar,
    is_intragroup boolean, policy_version varchar
);
