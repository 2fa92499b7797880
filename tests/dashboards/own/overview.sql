-- Rows of the overview's own release: small enough to be added up by hand. They replace what other pages put into the
-- same relations, so that no figure of these tests hangs on another page's.
delete from marts.mart_receivable_kpi;
insert into marts.mart_receivable_kpi (
    month_start, period_end, is_complete, dimension, dimension_value, metric, variant, window_months, currency, unit,
    numerator, denominator, value, reason_when_null
) values
    ('2026-05-01', '2026-05-31', true, 'group', '*', 'overdue_rate', 'gross', null, 'CNY', 'ratio', 300, 1000, 0.30, null),
    ('2026-06-01', '2026-06-30', true, 'group', '*', 'overdue_rate', 'gross', null, 'CNY', 'ratio', 250, 1000, 0.25, null),
    ('2026-06-01', '2026-06-30', true, 'group', '*', 'overdue_rate', 'net', null, 'CNY', 'ratio', 180, 900, 0.20, null),
    ('2026-06-01', '2026-06-30', true, 'group', '*', 'over_90_rate', 'gross', null, 'CNY', 'ratio', 100, 1000, 0.10, null),
    ('2026-05-01', '2026-05-31', true, 'group', '*', 'dso', 'countback', null, 'CNY', 'days', 880, 880, 52.5, null),
    ('2026-06-01', '2026-06-30', true, 'group', '*', 'dso', 'countback', null, 'CNY', 'days', 900, 900, 50.0, null),
    ('2025-06-01', '2025-06-30', true, 'group', '*', 'dso', 'countback', null, 'CNY', 'days', 800, 800, 47.0, null),
    ('2026-06-01', '2026-06-30', true, 'group', '*', 'dso', 'countback_with_bills', null, 'CNY', 'days', 960, 960, 53.0, null),
    ('2026-06-01', '2026-06-30', true, 'group', '*', 'best_possible_dso', 'ending', 3, 'CNY', 'days', 700, 1400, 45.5, null),
    ('2026-05-01', '2026-05-31', true, 'group', '*', 'dso', 'ending', 1, 'CNY', 'days', 880, 500, 54.6, null),
    ('2026-05-01', '2026-05-31', true, 'group', '*', 'dso', 'with_bills', 1, 'CNY', 'days', 920, 500, 57.0, null),
    ('2026-05-01', '2026-05-31', true, 'group', '*', 'collection_rate', 'all_cash', 1, 'CNY', 'ratio', 400, 1600, 0.25, null),
    ('2026-06-01', '2026-06-30', true, 'group', '*', 'collection_rate', 'all_cash', 1, 'CNY', 'ratio', 460, 1600, 0.2875, null),
    ('2026-06-01', '2026-06-30', true, 'group', '*', 'due_collection_rate', 'applied', 1, 'CNY', 'ratio', 330, 600, 0.55, null),
    ('2026-06-01', '2026-06-30', true, 'group', '*', 'collection_effectiveness_index', 'write_off_adjusted', 3, 'CNY', 'index', 80, 100, 80, null),
    -- CN01 counts 50 that DE01 owes it: 600 + 350 = 900 + 50
    ('2026-06-01', '2026-06-30', true, 'company', 'CN01', 'overdue_rate', 'net', null, 'CNY', 'ratio', 100, 600, 0.1667, null),
    ('2026-06-01', '2026-06-30', true, 'company', 'DE01', 'overdue_rate', 'net', null, 'CNY', 'ratio', 80, 350, 0.2286, null),
    ('2026-05-01', '2026-05-31', true, 'company', 'CN01', 'overdue_rate', 'gross', null, 'CNY', 'ratio', 180, 640, 0.28, null),
    ('2026-06-01', '2026-06-30', true, 'company', 'CN01', 'overdue_rate', 'gross', null, 'CNY', 'ratio', 150, 640, 0.2344, null),
    ('2026-05-01', '2026-05-31', true, 'company', 'DE01', 'overdue_rate', 'gross', null, 'CNY', 'ratio', 120, 410, 0.29, null),
    ('2026-06-01', '2026-06-30', true, 'company', 'DE01', 'overdue_rate', 'gross', null, 'CNY', 'ratio', 100, 410, 0.2439, null),
    ('2026-06-01', '2026-06-30', true, 'company', 'CN01', 'over_90_rate', 'gross', null, 'CNY', 'ratio', 70, 640, 0.11, null),
    ('2026-06-01', '2026-06-30', true, 'company', 'DE01', 'over_90_rate', 'gross', null, 'CNY', 'ratio', 30, 410, 0.07, null),
    ('2026-06-01', '2026-06-30', true, 'company', 'CN01', 'dso', 'countback', null, 'CNY', 'days', 600, 600, 49.0, null),
    ('2026-06-01', '2026-06-30', true, 'company', 'DE01', 'dso', 'countback', null, 'CNY', 'days', 350, 350, null, 'beyond_history'),
    ('2026-06-01', '2026-06-30', true, 'deal_nature', 'project', 'overdue_rate', 'net', null, 'CNY', 'ratio', 180, 900, 0.20, null);

-- since CN01 reported the 29th and DE01 the 28th: 300 + 40 + 10 + 5 - 80 - 30 - 12 - 8 - 6 - 4 + 1 + 2 + 3 = 221
delete from marts.mart_overdue_change;
insert into marts.mart_overdue_change (
    as_of_date, company_code, currency, deal_nature, is_intragroup, due_date_basis, previous_day, opening_reporting,
    restated_reporting, became_overdue_reporting, billed_overdue_reporting, reopened_reporting, cash_reporting,
    bill_reporting, credit_note_reporting, discount_reporting, offset_reporting, settlement_reporting,
    write_off_reporting, extended_reporting, due_date_changed_reporting, class_transfer_reporting,
    over_allocated_reporting, fx_reporting, closing_reporting
) values
    ('2026-06-30', 'CN01', 'CNY', 'project', false, 'policy', '2026-06-29', 200, 3, 40, 10, 0, -80, -30, -12, 0, 0, 0, -6, -4, 0, 1, 0, 0, 122),
    ('2026-06-30', 'DE01', 'EUR', 'other', false, 'policy', '2026-06-28', 100, 0, 0, 0, 5, 0, 0, 0, 0, -8, 0, 0, 0, 0, 0, 0, 2, 99),
    ('2026-06-30', 'CN01', 'CNY', 'project', true, 'policy', '2026-06-29', 9000, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9000),
    ('2026-06-30', 'CN01', 'CNY', 'project', false, 'agreed', '2026-06-29', 9000, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9000);
delete from marts.fct_overdue_movement;
insert into marts.fct_overdue_movement (
    open_item_id, company_code, customer_id, currency, due_date_basis, day, line, amount_document, amount_functional
) values
    ('CN01|D|A|1', 'CN01', 'C001', 'CNY', 'every', '2026-06-30', 'became_overdue', 30, 30),
    ('CN01|D|B|1', 'CN01', 'C001', 'CNY', 'policy', '2026-06-30', 'became_overdue', 10, 10),
    ('CN01|D|C|1', 'CN01', 'C002', 'CNY', 'every', '2026-06-30', 'billed_overdue', 10, 10),
    -- not new, not policy, before the day reported, inside the group
    ('CN01|D|D|1', 'CN01', 'C002', 'CNY', 'every', '2026-06-30', 'cash', -80, -80),
    ('CN01|D|E|1', 'CN01', 'C002', 'CNY', 'agreed', '2026-06-30', 'became_overdue', 700, 700),
    ('CN01|D|F|1', 'CN01', 'C002', 'CNY', 'every', '2026-06-29', 'became_overdue', 700, 700),
    ('CN01|D|G|1', 'CN01', 'C900', 'CNY', 'every', '2026-06-30', 'became_overdue', 700, 700);
delete from marts.mart_overdue_bridge;
insert into marts.mart_overdue_bridge (
    day, company_code, currency, deal_nature, is_intragroup, due_date_basis, opening_reporting,
    became_overdue_reporting, cash_reporting, fx_reporting, closing_reporting
) values
    ('2026-05-30', 'CN01', 'CNY', 'project', false, 'policy', 100, 50, -20, 0, 130),
    ('2026-05-31', 'CN01', 'CNY', 'project', false, 'policy', 130, 0, 0, 5, 135),
    ('2026-06-01', 'CN01', 'CNY', 'project', false, 'policy', 135, 7, -2, 0, 140),
    ('2026-06-30', 'DE01', 'EUR', 'other', false, 'policy', 0, 60, 0, 0, 60),
    ('2026-06-30', 'CN01', 'CNY', 'project', false, 'policy', 140, 0, -40, 0, 100);

delete from marts.mart_cash_forecast;
insert into marts.mart_cash_forecast (as_of_date, company_code, currency, week_ahead, expected_reporting, low_reporting, high_reporting)
values
    ('2026-06-30', 'CN01', 'CNY', 1, 100, 80, 130), ('2026-06-30', 'CN01', 'CNY', 4, 50, 40, 60),
    ('2026-06-30', 'DE01', 'EUR', 2, 25, 10, 35), ('2026-06-30', 'CN01', 'CNY', 5, 999, 999, 999);
delete from marts.mart_expected_credit_loss;
insert into marts.mart_expected_credit_loss (
    as_of_date, company_code, component, method, segment_no, segment, presentation, bucket, is_beside, exposure_reporting,
    covered_reporting, overlay_reporting, expected_credit_loss_reporting, unconverted_count
) values
    ('2026-06-30', 'CN01', 'matrix', 'matrix', 12, 'project', 'credit', '1-30', false, 500, 100, 0, 25, 0),
    ('2026-06-30', 'DE01', 'matrix', 'matrix', 12, 'project', 'credit', '>360', false, 100, 0, 0, 60, 0),
    ('2026-06-30', 'CN01', 'overlay', 'overlay', 12, 'project', 'credit', '*', false, 0, 0, 15, 15, 0),
    ('2026-06-30', 'CN01', 'matrix', 'matrix', 12, 'project', 'credit', '0-12', true, 500, 100, 0, 999, 0);
delete from marts.mart_allowance_roll_forward;
insert into marts.mart_allowance_roll_forward (company_code, step_no, step, from_date, to_date, opening_reporting, closing_reporting)
values
    ('CN01', 2, 'proposed', '2026-05-31', '2026-06-30', 30, 40), ('DE01', 2, 'proposed', '2026-05-31', '2026-06-30', 50, 60),
    ('CN01', 1, 'booked', '2026-04-30', '2026-05-31', 999, 30);
delete from marts.mart_overdue_range;
insert into marts.mart_overdue_range (as_of_date, dimension, dimension_value, currency, case_name, line_no, line, amount_reporting) values
    ('2026-06-30', 'group', '*', 'CNY', 'best', 7, 'best_case', 1500000), ('2026-06-30', 'group', '*', 'CNY', 'worst', 4, 'worst_case', 9900000),
    ('2026-06-30', 'company', 'CN01', 'CNY', 'best', 7, 'best_case', 700000), ('2026-06-30', 'company', 'CN01', 'CNY', 'worst', 4, 'worst_case', 800000);

delete from marts.mart_net_overdue_history;
insert into marts.mart_net_overdue_history (party_id, knowledge, effective_from, effective_to, net_overdue_0_reporting, oldest_due_date) values
    ('CN01|C001', 'now', '2026-06-20', '9999-12-31', 80, '2026-05-31'), ('CN01|C002', 'now', '2026-06-20', '9999-12-31', 120, '2026-06-20'),
    ('DE01|K100', 'now', '2026-06-30', '9999-12-31', 100, '2025-06-30'),
    ('CN01|C003', 'now', '2026-01-01', '2026-06-30', 999, '2025-12-31'), ('CN01|C004', 'then', '2026-06-01', '9999-12-31', 999, '2025-12-31');
delete from marts.mart_credit_rating;
insert into marts.mart_credit_rating (as_of_day, company_code, customer_id, party_id, is_current, grade) values
    ('2026-06-30', 'CN01', 'C002', 'CN01|C002', true, 'B'), ('2026-05-31', 'CN01', 'C002', 'CN01|C002', false, 'E');

delete from marts.mart_watchlist;
insert into marts.mart_watchlist (
    as_of_date, watchlist_rank, party_id, company_code, customer_id, name, severity, grade, expected_loss_reporting,
    net_overdue_reporting, oldest_overdue_days, uncovered_exposure_reporting, first_reason_episode_id, owner_zh, owner_en, react_by
) values
    ('2026-06-30', 1, 'CN01|C001', 'CN01', 'C001', '上海远景建设工程有限公司', 'severe', 'E', 500, 800, 90, 4000, 'W1', '法务', 'legal', '2026-07-01'),
    ('2026-06-30', 2, 'DE01|K100', 'DE01', 'K100', 'Müller Maschinenbau AG', 'severe', 'D', 400, 700, 80, 3000, 'W2', 'A. Weber', 'A. Weber', '2026-07-01'),
    ('2026-06-30', 3, 'CN01|C002', 'CN01', 'C002', 'Guangdong Brightline Retail', 'severe', 'D', 300, 600, 70, 2000, 'W3', '李强', '李强', '2026-07-01'),
    ('2026-06-30', 4, 'CN01|C004', 'CN01', 'C004', '北京恒信贸易有限公司', 'warning', 'C', 200, 500, 60, 9000, null, '李强', '李强', '2026-07-02');
delete from marts.mart_risk_warning;
insert into marts.mart_risk_warning (
    as_of_date, episode_id, rule_id, family, scope, company_code, customer_id, name, open_item_id, is_open, severity,
    owner_roles, owner_name, collector, message_zh, message_en
) values
    ('2026-06-30', 'W1', 'B03', 'behaviour', 'customer', 'CN01', 'C001', '上海远景建设工程有限公司', null, true, 'severe', 'legal|controller', null, '王芳', '逾期超90天。', 'More than 90 days overdue.'),
    ('2026-06-30', 'W2', 'B02', 'behaviour', 'customer', 'DE01', 'K100', 'Müller Maschinenbau AG', null, true, 'severe', 'collector', 'A. Weber', 'A. Weber', '逾期超30天。', 'More than 30 days overdue.'),
    ('2026-06-30', 'W3', 'B02', 'behaviour', 'customer', 'CN01', 'C002', 'Guangdong Brightline Retail', null, true, 'severe', 'collector', '李强', '李强', '逾期超30天。', 'More than 30 days overdue.'),
    ('2026-06-30', 'W4', 'D01', 'deadline', 'customer', 'CN01', 'C004', '北京恒信贸易有限公司', null, true, 'warning', 'legal', null, '李强', '诉讼时效将于2026-08-01届满。', 'The limitation period ends on 2026-08-01.'),
    ('2026-06-30', 'W5', 'D01', 'deadline', 'customer', 'CN01', 'C002', 'Guangdong Brightline Retail', null, false, 'closed', 'legal', null, '李强', '已结束。', 'Over.');
delete from marts.mart_limitation_customer;
insert into marts.mart_limitation_customer (as_of_date, company_code, customer_id, ending_in_90_days_amount_reporting) values
    ('2026-06-30', 'CN01', 'C004', 1500);
delete from marts.mart_promise;
insert into marts.mart_promise (
    as_of_date, company_code, promise_id, customer_id, kind, promised_date, grace_end_date, promised_amount_reporting,
    shortfall_document, shortfall_reporting, status
) values
    ('2026-06-30', 'CN01', 'P1', 'C002', 'promise', '2026-07-02', '2026-07-07', 1200, 1000, 1000, 'open'),
    ('2026-06-30', 'CN01', 'P2', 'C002', 'promise', '2026-06-10', '2026-06-15', 600, 600, 600, 'broken'),
    -- too far ahead, too long ago, kept, an extension
    ('2026-06-30', 'CN01', 'P3', 'C002', 'promise', '2026-07-20', '2026-07-23', 7000, 7000, 7000, 'open'),
    ('2026-06-30', 'CN01', 'P4', 'C002', 'promise', '2026-01-10', '2026-01-15', 7000, 7000, 7000, 'broken'),
    ('2026-06-30', 'CN01', 'P5', 'C002', 'promise', '2026-06-29', '2026-07-02', 7000, 0, 0, 'kept'),
    ('2026-06-30', 'CN01', 'P6', 'C002', 'extension', '2026-06-29', '2026-07-02', 7000, 7000, 7000, 'open'),
    ('2026-06-30', 'CN01', 'P7', 'C002', 'promise', '2026-06-12', '2026-06-17', 7000, 7000, 7000, 'broken');
-- of one that was broken a part has come since, of another all
update marts.mart_promise set received_since_document = 200 where promise_id = 'P2';
update marts.mart_promise set received_since_document = 7000 where promise_id = 'P7';

-- K100 is in credit by EUR 10 after its own items, at 7.8
delete from marts.mart_aging_customer;
insert into marts.mart_aging_customer (as_of_date, company_code, customer_id, currency, receivable_class, scheme, bucket, net_amount_document) values
    ('2026-06-30', 'DE01', 'K100', 'EUR', 'trade', 'standard', 'unapplied', -10),
    ('2026-06-30', 'DE01', 'K100', 'EUR', 'trade', 'cas_annual', 'unapplied', -10),
    ('2026-06-30', 'CN01', 'C001', 'CNY', 'trade', 'standard', '1-30', 500),
    ('2026-06-30', 'CN01', 'C900', 'CNY', 'trade', 'standard', 'unapplied', -70);
-- two items of a day before the last month end became known in June
insert into marts.mart_restatement (restated_at, company_code, customer_id, open_item_id, receivable_class, currency, effective_date, closed_through, change_kind, amount_document, amount_functional) values
    ('2026-06-05 01:00:00', 'CN01', 'C001', 'CN01|D|A|1', 'trade', 'CNY', '2026-05-20', '2026-06-04', 'became known', 10, 10),
    ('2026-06-05 01:00:00', 'DE01', 'K100', 'DE01|D|A|1', 'trade', 'EUR', '2026-05-21', '2026-06-04', 'became known', 10, 10),
    ('2026-06-05 01:00:00', 'CN01', 'C001', 'CN01|D|B|1', 'trade', 'CNY', '2026-06-02', '2026-06-04', 'became known', 500, 500),
    -- of a company of the group
    ('2026-06-05 01:00:00', 'CN01', 'C900', 'CN01|D|C|1', 'trade', 'CNY', '2026-05-22', '2026-06-04', 'became known', 33, 33);
update marts.dim_company set borrowing_rate = 0.04 where company_code = 'CN01';
update marts.dim_company set borrowing_rate = 0.05 where company_code = 'DE01';

-- to be collected: 500 in June and 5,000 in the year; 25 % may be overdue at the end of June
insert into marts.mart_target (
    company_code, stated_metric, stated_scope, stated_period, dimension, dimension_value, metric, variant, unit, currency,
    period_start, period_end, measured_on, is_complete, is_lower_better, target_value, actual_value, attainment, is_met,
    reason_when_null, _file, _row
) values
    ('CN01', 'collected', 'group', '2026', 'group', '*', 'collected', 'all_cash', 'amount', 'CNY', '2026-01-01', '2026-12-31', '2026-06-30', false, false, 5000, 1860, 0.372, null, null, 'budget.csv', 1),
    ('CN01', 'collected', 'group', '2026-05', 'group', '*', 'collected', 'all_cash', 'amount', 'CNY', '2026-05-01', '2026-05-31', '2026-05-31', true, false, 500, 400, 0.8, false, null, 'budget.csv', 6),
    ('CN01', 'collected', 'group', '2026-06', 'group', '*', 'collected', 'all_cash', 'amount', 'CNY', '2026-06-01', '2026-06-30', '2026-06-30', true, false, 500, 460, 0.92, false, null, 'budget.csv', 7),
    ('CN01', 'overdue_rate', 'group', '2026-Q2', 'group', '*', 'overdue_rate', 'gross', 'ratio', 'CNY', '2026-04-01', '2026-06-30', '2026-06-30', true, true, 0.22, 0.25, 1.136364, false, null, 'budget.csv', 15),
    -- of a metric that nobody knows
    ('CN01', 'happiness', 'group', '2026-06', null, null, null, null, null, 'CNY', null, null, null, false, null, null, null, null, null, 'unknown_metric', 'budget.csv', 16);
