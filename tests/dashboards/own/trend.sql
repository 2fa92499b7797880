-- Two months of the bridge, so small that it can be added up by hand: CN01 in CNY and USD, DE01 in EUR, a sister.
delete from marts.mart_overdue_bridge;
insert into marts.mart_overdue_bridge (
    day, company_code, currency, deal_nature, is_intragroup, due_date_basis, opening_document, became_overdue_document,
    cash_document, closing_document, opening_functional, became_overdue_functional, cash_functional, fx_functional,
    closing_functional, opening_reporting, became_overdue_reporting, cash_reporting, write_off_reporting, fx_reporting,
    closing_reporting, unconverted_count
) values
    ('2026-05-31', 'CN01', 'CNY', 'project', false, 'policy', 80, 20, 0, 100, 80, 20, 0, 0, 100, 80, 20, 0, 0, 0, 100, 0),
    ('2026-06-01', 'CN01', 'CNY', 'project', false, 'policy', 100, 50, -30, 120, 100, 50, -30, 0, 120, 100, 50, -30, 0, 0, 120, 0),
    ('2026-06-30', 'CN01', 'CNY', 'project', false, 'policy', 120, 0, 0, 110, 120, 0, 0, 0, 110, 120, 0, 0, -10, 0, 110, 2),
    ('2026-06-01', 'CN01', 'USD', 'manufacturer', false, 'policy', 0, 10, 0, 10, 0, 70, 0, 0, 70, 0, 70, 0, 0, 0, 70, 0),
    ('2026-06-30', 'CN01', 'USD', 'manufacturer', false, 'policy', 10, 0, 0, 10, 70, 0, 0, 1, 71, 70, 0, 0, 0, 1, 71, 0),
    ('2026-06-30', 'DE01', 'EUR', 'other', false, 'policy', 0, 5, 0, 5, 0, 5, 0, 0, 5, 0, 39, 0, 0, 0, 39, 0),
    -- another date, and a company of the group
    ('2026-06-30', 'CN01', 'CNY', 'project', false, 'agreed', 0, 900, 0, 900, 0, 900, 0, 0, 900, 0, 900, 0, 0, 0, 900, 0),
    ('2026-06-30', 'CN01', 'CNY', 'other', true, 'policy', 0, 500, 0, 500, 0, 500, 0, 0, 500, 0, 500, 0, 0, 0, 500, 0);

delete from marts.mart_overdue_bridge_customer;
insert into marts.mart_overdue_bridge_customer (
    month_start, period_end, company_code, customer_id, currency, due_date_basis, opening_reporting,
    became_overdue_reporting, cash_reporting, write_off_reporting, fx_reporting, closing_reporting
) values
    ('2026-05-01', '2026-05-31', 'CN01', 'C001', 'CNY', 'policy', 60, 40, 0, 0, 0, 100),
    ('2026-06-01', '2026-06-30', 'CN01', 'C001', 'CNY', 'policy', 100, 50, -30, -10, 0, 110),
    ('2026-06-01', '2026-06-30', 'CN01', 'C003', 'USD', 'policy', 0, 70, 0, 0, 1, 71),
    ('2026-06-01', '2026-06-30', 'DE01', 'K300', 'EUR', 'policy', 0, 39, 0, 0, 0, 39),
    ('2026-06-01', '2026-06-30', 'CN01', 'C001', 'CNY', 'agreed', 0, 900, 0, 0, 0, 900),
    ('2026-06-01', '2026-06-30', 'CN01', 'C900', 'CNY', 'policy', 0, 500, 0, 0, 0, 500);

delete from marts.fct_overdue_movement;
insert into marts.fct_overdue_movement values
    ('CN01|D|INV-1003|1', 'CN01', 'C001', 'CNY', 'every', '2026-06-01', 'became_overdue', 50, 50),
    ('CN01|D|INV-3002|1', 'CN01', 'C003', 'USD', 'policy', '2026-06-01', 'became_overdue', 10, 70),
    -- not this line, not this basis, the evening that the period begins with, the day after it, a sister
    ('CN01|D|INV-1003|1', 'CN01', 'C001', 'CNY', 'every', '2026-06-01', 'cash', -30, -30),
    ('CN01|D|INV-1003|1', 'CN01', 'C001', 'CNY', 'agreed', '2026-06-30', 'became_overdue', 900, 900),
    ('CN01|D|INV-1001|1', 'CN01', 'C001', 'CNY', 'every', '2026-05-31', 'became_overdue', 20, 20),
    ('CN01|D|INV-1001|1', 'CN01', 'C001', 'CNY', 'every', '2026-07-01', 'became_overdue', 800, 800),
    ('CN01|D|INV-9001|1', 'CN01', 'C900', 'CNY', 'every', '2026-06-30', 'became_overdue', 500, 500);

delete from marts.mart_roll_rate;
insert into marts.mart_roll_rate (
    as_of_date, variant, level, company_code, segment, bucket, bucket_no, pair_no, start_day, end_day, currency,
    amount_reporting, still_open_reporting, open_as_bill_reporting, written_off_reporting, diluted_reporting,
    set_off_reporting, paid_reporting, other_reporting, numerator_reporting, denominator_reporting, roll_rate, pair_count,
    observation_count, item_count, unconverted_count
) values
    ('2026-06-30', 'monthly_30', 'company', 'CN01', '*', '1-30', 2, 1, '2026-05-31', '2026-06-30', 'CNY', 100, 30, 0, 0, 0, 0, 70, 0, 30, 100, 0.3, 1, 4, 0, 0),
    ('2026-06-30', 'monthly_30', 'company', 'CN01', '*', '1-30', 2, 2, '2026-05-01', '2026-05-31', 'CNY', 300, 30, 0, 0, 0, 0, 270, 0, 30, 300, 0.1, 1, 9, 0, 0),
    ('2026-06-30', 'monthly_30', 'company', 'DE01', '*', '1-30', 2, 1, '2026-05-31', '2026-06-30', 'CNY', 200, 50, 10, 0, 0, 40, 100, 0, 60, 160, 0.375, 1, 5, 0, 1),
    -- nothing of it stayed, and nothing that could have stayed
    ('2026-06-30', 'monthly_30', 'company', 'CN01', '*', '31-60', 3, 1, '2026-05-31', '2026-06-30', 'CNY', 80, 0, 0, 0, 0, 0, 80, 0, 0, 80, 0, 1, 1, 0, 0),
    ('2026-06-30', 'monthly_30', 'company', 'CN01', '*', '61-90', 4, 1, '2026-05-31', '2026-06-30', 'CNY', 40, 0, 0, 0, 0, 40, 0, 0, 0, 0, null, 1, 1, 0, 0),
    ('2026-06-30', 'monthly_30', 'segment', 'CN01', 'project', '1-30', 2, 1, '2026-05-31', '2026-06-30', 'CNY', 60, 30, 0, 0, 0, 0, 30, 0, 30, 60, 0.5, 1, 2, 0, 0),
    ('2026-06-30', 'monthly_30', 'segment', 'DE01', 'project', '1-30', 2, 1, '2026-05-31', '2026-06-30', 'CNY', 40, 20, 0, 0, 0, 0, 20, 0, 20, 40, 0.5, 1, 2, 0, 0),
    ('2026-06-30', 'monthly_30', 'segment', 'CN01', 'retail_chain', '1-30', 2, 1, '2026-05-31', '2026-06-30', 'CNY', 40, 0, 0, 0, 0, 0, 40, 0, 0, 40, 0, 1, 2, 0, 0),
    -- sums of others, and years
    ('2026-06-30', 'monthly_30', 'company', 'CN01', '*', '1-30', 2, 0, '2026-05-01', '2026-06-30', 'CNY', 400, 60, 0, 0, 0, 0, 340, 0, 60, 400, 0.15, 2, 13, 0, 0),
    ('2026-06-30', 'monthly_30', 'group', '*', '*', '1-30', 2, 1, '2026-05-31', '2026-06-30', 'CNY', 300, 80, 10, 0, 0, 40, 170, 0, 90, 260, 0.35, 1, 9, 0, 1),
    ('2026-06-30', 'cas_annual', 'company', 'CN01', '*', '1-30', 2, 1, '2025-06-30', '2026-06-30', 'CNY', 900, 900, 0, 0, 0, 0, 0, 0, 900, 900, 1, 1, 9, 0, 0);

-- the items of the newest pair above, 7.1 CNY to the USD; nobody knows what a GBP is
delete from marts.mart_roll_rate_item;
insert into marts.mart_roll_rate_item values
    ('2026-06-30', 1, '2026-05-31', '2026-06-30', '1-30', 2, 'CN01', 'C001', 'project', 'CN01|D|INV-1003|1', 'CNY', 30, 30, 0, 0, 0, 0, 0, 0),
    ('2026-06-30', 1, '2026-05-31', '2026-06-30', '1-30', 2, 'CN01', 'C001', 'project', 'CN01|D|INV-1001|1', 'CNY', 30, 0, 0, 0, 0, 0, 30, 0),
    ('2026-06-30', 1, '2026-05-31', '2026-06-30', '1-30', 2, 'CN01', 'C003', 'retail_chain', 'CN01|D|INV-3002|1', 'USD', 5, 0, 0, 0, 0, 0, 5, 0),
    ('2026-06-30', 1, '2026-05-31', '2026-06-30', '1-30', 2, 'CN01', 'C002', 'retail_chain', 'CN01|D|INV-2001|1', 'CNY', 4.50, 0, 0, 0, 0, 0, 4.50, 0),
    ('2026-06-30', 1, '2026-05-31', '2026-06-30', '1-30', 2, 'DE01', 'K100', 'project', 'DE01|D|RE-5001|1', 'CNY', 20, 20, 0, 0, 0, 0, 0, 0),
    ('2026-06-30', 1, '2026-05-31', '2026-06-30', '1-30', 2, 'DE01', 'K100', 'project', 'DE01|D|RE-5002|1', 'CNY', 20, 0, 0, 0, 0, 0, 20, 0),
    ('2026-06-30', 1, '2026-05-31', '2026-06-30', '1-30', 2, 'DE01', 'K200', 'manufacturer', 'DE01|D|RE-6001|1', 'CNY', 100, 30, 10, 0, 0, 0, 60, 0),
    ('2026-06-30', 1, '2026-05-31', '2026-06-30', '1-30', 2, 'DE01', 'K200', 'manufacturer', 'DE01|D|RE-6002|1', 'CNY', 60, 0, 0, 0, 0, 40, 20, 0),
    ('2026-06-30', 1, '2026-05-31', '2026-06-30', '1-30', 2, 'DE01', 'K300', 'manufacturer', 'DE01|D|RE-7001|1', 'GBP', 999, 0, 0, 0, 0, 0, 999, 0),
    ('2026-06-30', 1, '2026-05-31', '2026-06-30', '31-60', 3, 'CN01', 'C001', 'project', 'CN01|D|INV-1002|1', 'CNY', 80, 0, 0, 0, 0, 0, 80, 0),
    ('2026-06-30', 1, '2026-05-31', '2026-06-30', '61-90', 4, 'CN01', 'C003', 'project', 'CN01|D|INV-3001|1', 'CNY', 40, 0, 0, 0, 0, 40, 0, 0);

delete from marts.mart_unpaid_vintage;
insert into marts.mart_unpaid_vintage (
    as_of_date, company_code, deal_nature, is_intragroup, quarter_start, step_no, days_after_due, currency, billed_reporting,
    reached_reporting, open_reporting, written_off_reporting, unpaid_reporting, unpaid_rate, item_count, is_ripe,
    unconverted_count
) values
    ('2026-06-30', 'CN01', 'project', false, '2025-01-01', 0, 0, 'CNY', 400, 400, 300, 0, 300, 0.75, 4, true, 0),
    ('2026-06-30', 'CN01', 'project', false, '2025-01-01', 1, 30, 'CNY', 400, 400, 40, 0, 40, 0.1, 4, true, 0),
    ('2026-06-30', 'CN01', 'project', false, '2026-01-01', 0, 0, 'CNY', 200, 200, 100, 0, 100, 0.5, 2, true, 0),
    ('2026-06-30', 'CN01', 'project', false, '2026-01-01', 1, 30, 'CNY', 200, 200, 50, 10, 60, 0.3, 2, true, 0),
    -- of another nature only a part has come 30 days, and nothing further
    ('2026-06-30', 'CN01', 'retail_chain', false, '2026-01-01', 0, 0, 'CNY', 100, 100, 80, 0, 80, 0.8, 1, true, 0),
    ('2026-06-30', 'CN01', 'retail_chain', false, '2026-01-01', 1, 30, 'CNY', 100, 50, 15, 0, 15, 0.3, 1, false, 0),
    ('2026-06-30', 'CN01', 'project', false, '2026-01-01', 2, 60, 'CNY', 200, 200, 20, 10, 30, 0.15, 2, true, 0),
    -- too little of it to be told, and none of it due
    ('2026-06-30', 'CN01', 'project', false, '2026-04-01', 0, 0, 'CNY', 1000, 50, 50, 0, 50, 1, 1, false, 0),
    ('2026-06-30', 'CN01', 'retail_chain', false, '2026-04-01', 0, 0, 'CNY', 10, 0, 0, 0, 0, null, 0, false, 0),
    ('2026-06-30', 'CN01', 'other', true, '2025-01-01', 1, 30, 'CNY', 500, 500, 500, 0, 500, 1, 3, true, 0);

-- what is unpaid of the quarters above, from one step to before another
delete from marts.mart_unpaid_vintage_item;
insert into marts.mart_unpaid_vintage_item values
    ('2026-06-30', 'CN01|D|INV-1001|1', 'CN01', 'C001', 'CNY', 'project', false, '2025-01-01', '2025-04-11', 0, 2, 40, 0),
    -- 260: 189 and 10 USD at 7.1
    ('2026-06-30', 'CN01|D|INV-1002|1', 'CN01', 'C001', 'CNY', 'project', false, '2025-01-01', '2025-04-11', 0, 1, 189, 0),
    ('2026-06-30', 'CN01|D|INV-3002|1', 'CN01', 'C003', 'USD', 'project', false, '2025-01-01', '2025-04-11', 0, 1, 10, 0),
    ('2026-06-30', 'CN01|D|INV-9001|1', 'CN01', 'C900', 'CNY', 'other', true, '2025-01-01', '2025-04-11', 1, 2, 500, 0),
    -- 50 of which 40 are paid and 10 written off before the first step, 30 paid before the second, 20 still open
    ('2026-06-30', 'CN01|D|INV-1004|1', 'CN01', 'C001', 'CNY', 'project', false, '2026-01-01', '2026-04-30', 0, 1, 50, 0),
    ('2026-06-30', 'CN01|D|INV-1004|1', 'CN01', 'C001', 'CNY', 'project', false, '2026-01-01', '2026-04-30', 1, 3, 0, 10),
    ('2026-06-30', 'CN01|D|INV-3001|1', 'CN01', 'C003', 'CNY', 'project', false, '2026-01-01', '2026-04-30', 0, 2, 30, 0),
    ('2026-06-30', 'CN01|D|INV-1003|1', 'CN01', 'C001', 'CNY', 'project', false, '2026-01-01', '2026-04-30', 0, 3, 20, 0),
    -- of another nature, 65 of 80 paid
    ('2026-06-30', 'CN01|D|INV-2001|1', 'CN01', 'C002', 'CNY', 'retail_chain', false, '2026-01-01', '2026-05-02', 0, 1, 80, 0),
    ('2026-06-30', 'CN01|D|INV-2001|1', 'CN01', 'C002', 'CNY', 'retail_chain', false, '2026-01-01', '2026-05-02', 1, 2, 15, 0),
    ('2026-06-30', 'CN01|D|INV-4001|1', 'CN01', 'C004', 'CNY', 'project', false, '2026-04-01', '2026-06-30', 0, 1, 50, 0);

-- 100 of two companies in two currencies on one day; the rates of the as-of date are 7.75 and 1
delete from marts.mart_restatement;
insert into marts.mart_restatement (
    restated_at, company_code, customer_id, open_item_id, receivable_class, currency, effective_date, closed_through,
    change_kind, amount_document, amount_functional
) values
    ('2026-05-06', 'CN01', 'C003', 'CN01|D|A|1', 'trade', 'CNY', '2026-04-01', '2026-05-05', 'became known', 100, 100),
    ('2026-05-07', 'DE01', 'D001', 'DE01|D|B|1', 'trade', 'EUR', '2026-04-01', '2026-05-05', 'became known', 100, 100);

-- at most 22 % of the group's debits may be overdue in the quarters of 2026, 20 % in June, 30 % of CN01's
insert into marts.mart_target (
    stated_period, dimension, dimension_value, metric, variant, period_start, period_end, target_value
) values
    ('2026-Q1', 'group', '*', 'overdue_rate', 'gross', '2026-01-01', '2026-03-31', 0.22),
    ('2026-Q2', 'group', '*', 'overdue_rate', 'gross', '2026-04-01', '2026-06-30', 0.22),
    ('2026-06', 'group', '*', 'overdue_rate', 'gross', '2026-06-01', '2026-06-30', 0.20),
    ('2026-06', 'group', '*', 'overdue_rate', 'net', '2026-06-01', '2026-06-30', 0.10),
    ('2026-06', 'company', 'CN01', 'overdue_rate', 'gross', '2026-06-01', '2026-06-30', 0.30);
