-- What the cash page reads. Worked by hand in test_cash.py: each week brings 1,000,000 of CN01 and 500,000 of DE01.
insert into marts.mart_cash_forecast
select
    date '2026-06-30', series.company_code, series.currency, week.week_ahead,
    date '2026-07-01' + 7 * (week.week_ahead - 1), series.expected, series.expected - series.half,
    series.expected + series.half, series.new_step * week.week_ahead, 'boosting'
from (values
    ('CN01', 'CNY', 1000000.00, 300000.00, 100000.00),
    ('DE01', 'EUR', 500000.00, 400000.00, 0.00)
) as series (company_code, currency, expected, half, new_step)
cross join (select cast(unnest(range(1, 14)) as integer) as week_ahead) as week;

-- one past evening whose first four weeks are over
insert into marts.mart_cash_forecast_error
select
    date '2026-06-30', 'open_items', 'boosting', date '2026-05-31', past.company_code, past.currency, past.week_ahead,
    date '2026-06-01' + 7 * (past.week_ahead - 1), past.expected, past.expected - past.half, past.expected + past.half,
    past.received, past.expected - past.received,
    past.received between past.expected - past.half and past.expected + past.half, true
from (values
    ('CN01', 'CNY', 1, 1000000.00, 300000.00, 1100000.00),
    ('CN01', 'CNY', 2, 1000000.00, 300000.00, 900000.00),
    ('CN01', 'CNY', 3, 1000000.00, 300000.00, 1400000.00),
    ('CN01', 'CNY', 4, 1000000.00, 300000.00, 1000000.00),
    ('DE01', 'EUR', 1, 500000.00, 400000.00, 500000.00),
    ('DE01', 'EUR', 2, 500000.00, 400000.00, 500000.00),
    ('DE01', 'EUR', 3, 500000.00, 400000.00, 500000.00),
    ('DE01', 'EUR', 4, 500000.00, 400000.00, 500000.00)
) as past (company_code, currency, week_ahead, expected, half, received);

insert into marts.mart_cash_forecast_error
select
    date '2026-06-30', 'total', past.model, date '2026-05-31', 'CN01', 'CNY', past.week_ahead,
    date '2026-06-01' + 7 * (past.week_ahead - 1), past.expected, null, null, past.received,
    past.expected - past.received, null, past.model = 'boosting'
from (values
    ('boosting', 1, 1200000.00, 1100000.00), ('boosting', 2, 1200000.00, 900000.00),
    ('boosting', 3, 1200000.00, 1500000.00), ('boosting', 4, 1200000.00, 1100000.00),
    ('due_date', 1, 2000000.00, 1100000.00), ('due_date', 2, 1000000.00, 900000.00),
    ('due_date', 3, 1000000.00, 1500000.00), ('due_date', 4, 1000000.00, 1100000.00),
    ('last_4_weeks', 1, 1000000.00, 1100000.00), ('last_4_weeks', 2, 1000000.00, 900000.00),
    ('last_4_weeks', 3, 1000000.00, 1500000.00), ('last_4_weeks', 4, 1000000.00, 1100000.00)
) as past (model, week_ahead, expected, received);

insert into marts.mart_payment_prediction
select
    date '2026-06-30', 'CN01|D|' || item.document_id || '|1', 'CN01', item.customer_id, item.document_id, 1, 'CNY',
    item.due_date, item.amount, item.amount, item.late, item.late_30, item.late_30 / 2, item.p50 - 5, item.p50,
    item.p50 + 20, 'boosting', 'boosting', 'boosting', 'history', '最近5笔平均晚付8天。',
    'Its last 5 payments were 8 days late on average.', 'boosting'
from (values
    ('C002', 'INV-2003', date '2026-07-12', 402750.25, 0.60, 0.10, date '2026-07-14'),
    ('C002', 'INV-2002', date '2026-06-10', 388000.00, 1.00, 0.40, date '2026-07-05'),
    ('C004', 'INV-4002', date '2026-08-19', 640000.00, 0.30, 0.02, date '2026-08-25')
) as item (customer_id, document_id, due_date, amount, late, late_30, p50);

insert into marts.mart_prediction_backtest (as_of_date, company_code, horizon, model, scored_count, loss, auc,
    mean_absolute_days, band_coverage, is_champion, reason)
values
    ('2026-06-30', 'CN01', 'cash', 'boosting', 8, 0.20, null, null, 0.875, true, 'lowest error over all companies'),
    ('2026-06-30', 'CN01', 'cash', 'due_date', 8, 0.41, null, null, 0.700, false, null),
    ('2026-06-30', 'CN01', 'days', 'history', 90, 6.50, null, 19.3, 0.800, true, 'own back-test'),
    ('2026-06-30', 'CN01', 'late', 'boosting', 90, 0.15, 0.84, null, null, true, 'own back-test'),
    ('2026-06-30', 'CN01', 'late', 'history', 90, 0.16, 0.80, null, null, false, null),
    ('2026-06-30', '*', 'late', 'boosting', 90, 0.15, 0.84, null, null, false, null);

insert into marts.mart_prediction_reliability
values
    ('2026-06-30', 'late', 1, 0.15, 0.20, 40), ('2026-06-30', 'late', 5, 0.55, 0.50, 40),
    ('2026-06-30', 'late_30', 0, 0.05, 0.06, 90);

insert into marts.mart_prediction_input
values
    ('2026-06-30', 'open_item', 'predicted', true, 3, 1430750.25, null),
    ('2026-06-30', 'open_item', 'credit', false, 2, -178000.00, null),
    ('2026-06-30', 'feature', 'terms', true, null, null, 'known by construction'),
    ('2026-06-30', 'feature', 'paid_by', false, null, null, 'filled by the settlement');
