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
-- K300 got a demand with evidence on 2026-06-01.
insert into marts.mart_limitation (
    as_of_date, open_item_id, company_code, customer_id, item_kind, document_id, instalment_no, currency, due_date,
    open_amount_document, written_off_amount_document, claim_amount_document, claim_amount_reporting, is_written_off,
    regime, first_day, last_restart_date, last_restart_kind, deadline_date, days_left, limitation_state,
    is_intragroup, policy_version
) values
    ('2026-06-30', 'DE01|D|RE-7001|1', 'DE01', 'K300', 'invoice', 'RE-7001', 1, 'USD', '2025-01-04', 120000.0, 0.0,
        120000.0, 852000.0, false, 'cn_domestic', '2025-01-05', '2026-06-01', 'demand', '2029-06-01', 1067, 'running',
        false, 'default-1');
