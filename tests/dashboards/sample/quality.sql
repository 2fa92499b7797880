-- Data quality and about pages: counts of loads that add up but for one, totals that agree but for one, a ledger
-- difference with its cause.
alter table marts.dim_release_load add column if not exists mode varchar;
alter table marts.dim_release_load add column if not exists landed_at timestamp;
alter table marts.dim_release_load add column if not exists file_count bigint;
alter table marts.dim_release_load add column if not exists rows_unchanged bigint;
alter table marts.dim_release_load add column if not exists rows_collapsed bigint;
alter table marts.dim_release_load add column if not exists rows_tombstoned bigint;
update marts.dim_release_load set mode = 'full', rows_unchanged = 0, rows_collapsed = 0, rows_tombstoned = 0;
-- 40 read = 30 landed + 8 known + 2 twice
update marts.dim_release_load set mode = 'append', rows_landed = 30, rows_unchanged = 8, rows_collapsed = 2 where load_id = 4;
alter table marts.dim_release add column if not exists load_count bigint;
alter table marts.dim_release add column if not exists rows_read bigint;
alter table marts.dim_release add column if not exists open_item_count bigint;
alter table marts.dim_release add column if not exists open_amount_reporting decimal(18, 2);
update marts.dim_release set load_count = 7, rows_read = 84, open_item_count = 24, open_amount_reporting = 9894500.00;
create table marts.dim_release_total as
select
    company_code, receivable_class, currency, bucket_standard as bucket,
    cast(sum(open_amount_document) as decimal(18, 2)) as amount_document,
    cast(sum(open_amount_functional) as decimal(18, 2)) as amount_functional,
    cast(sum(open_amount_reporting) as decimal(18, 2)) as amount_reporting, count(*) as item_count
from marts.mart_aging
group by company_code, receivable_class, currency, bucket_standard;
create table marts.mart_gl_difference (
    company_code varchar, account_role varchar, balance_date date, currency varchar, cause varchar, open_item_id varchar,
    customer_id varchar, movement_kind varchar, effective_date date, amount decimal(18, 2), _load_id bigint, _row bigint
);
insert into marts.mart_gl_difference values
    ('CN01', 'trade_control', '2026-06-30', 'CNY', 'posted after the balance was extracted', 'CN01|D|INV-4002|1', 'C004', 'billed', '2026-06-20', 640000.00, 1, 14),
    ('CN01', 'trade_control', '2026-06-29', 'CNY', 'rejected at the front door', null, null, null, '2026-06-20', 1.00, 1, 25);
