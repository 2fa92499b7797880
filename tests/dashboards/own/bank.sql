-- On top of the sample: a bill that was paid on the day of one line.
create or replace table marts.fct_bill_event (
    company_code varchar, bill_id varchar, event_date date, kind varchar, currency varchar, amount_document decimal(18, 2)
);
insert into marts.fct_bill_event values ('CN01', 'BILL-6', '2026-06-23', 'honoured', 'CNY', 170.00);
