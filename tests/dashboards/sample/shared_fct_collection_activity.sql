create table marts.fct_collection_activity (
    company_code varchar, activity_id varchar, customer_id varchar, document_id varchar, happened_at timestamp,
    happened_on date, channel varchar, stage varchar, ladder_step integer, outcome varchar, overdue_reason varchar,
    evidence_kind varchar, reached_on date, owner varchar, is_newest boolean, is_standing_step boolean,
    known_from timestamp, _source varchar, _load_id bigint,
    _file varchar, _row bigint
);
-- Contacts are delivered for DE01 and not for CN01. K300: a written demand for RE-7001, a newer reminder for RE-7002.
-- K200: a demand for an invoice that is settled, and a call of tomorrow. K100: two contacts of one day about no document.
insert into marts.fct_collection_activity
select 'DE01', id, customer_id, document_id, happened_at, cast(happened_at as date), channel, stage, step, outcome, null,
    null, null, 'A. Weber', is_newest,
    is_standing_step, timestamp '2026-06-30 15:10:00', 'erp', 9, 'collection_activity.csv', row_no
from (values
    ('A1', 'K300', 'RE-7001', timestamp '2026-06-01 08:00:00', 'letter', 'formal_demand', 5, 'reached', false, true, 1),
    ('A2', 'K300', 'RE-7002', timestamp '2026-06-25 08:00:00', 'phone', 'reminder_1', 3, 'no_answer', true, true, 2),
    ('A3', 'K200', 'RE-0001', timestamp '2026-06-20 08:00:00', 'Telefax', 'final demand', 6, null, true, false, 3),
    ('A4', 'K200', 'RE-6002', timestamp '2026-07-01 08:00:00', 'phone', 'reminder_1', 3, 'promised', false, false, 4),
    ('A5', 'K100', null, timestamp '2026-06-26 08:00:00', 'phone', 'courtesy call', null, 'reached', false, false, 5),
    ('A6', 'K100', null, timestamp '2026-06-26 14:00:00', 'email', '3', 3, null, true, true, 6)
) as contact(id, customer_id, document_id, happened_at, channel, stage, step, outcome, is_newest, is_standing_step, row_no);
alter table marts.dim_company add column has_collection_activity boolean;
update marts.dim_company set has_collection_activity = company_code = 'DE01';
