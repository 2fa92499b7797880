alter table marts.fct_receipt add column if not exists status_date date;
