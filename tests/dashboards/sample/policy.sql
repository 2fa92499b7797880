-- Credit policy page: what no other page reads. Two debtors of A a year ago: one is A still, one fell to D; one is new.
create table marts.mart_rating_migration (
    period_end date, months_back integer, compared_with date, grade_from varchar, grade_to varchar, direction varchar,
    party_count bigint, share_of_from_by_count decimal(28, 6), exposure_from_reporting decimal(18, 2),
    exposure_to_reporting decimal(18, 2), share_of_from_by_exposure decimal(28, 6), currency varchar, policy_version varchar
);
insert into marts.mart_rating_migration values
    ('2026-06-30', 12, '2025-06-30', 'A', 'A', 'same', 1, 0.5, 300.00, 500.00, 0.75, 'CNY', 'p-1'),
    ('2026-06-30', 12, '2025-06-30', 'A', 'D', 'down', 1, 0.5, 100.00, 900.00, 0.25, 'CNY', 'p-1'),
    ('2026-06-30', 12, '2025-06-30', '(new)', 'E', 'new', 1, 1, 0.00, 600.00, null, 'CNY', 'p-1'),
    -- of an earlier period end
    ('2026-05-31', 12, '2025-05-31', 'A', 'B', 'down', 9, 1, 1.00, 1.00, 1, 'CNY', 'p-1');
create table marts.mart_concentration (
    month_start date, period_end date, dimension varchar, dimension_value varchar, currency varchar,
    exposure_reporting decimal(18, 2), herfindahl_index decimal(28, 6), top_1_rate decimal(28, 6), top_5_rate decimal(28, 6),
    top_10_rate decimal(28, 6), insured_rate decimal(28, 6), customer_group_count bigint
);
insert into marts.mart_concentration values
    ('2026-05-01', '2026-05-31', 'group', '*', 'CNY', 1800.00, 4000, 0.5, 1, 1, 0.1, 3),
    ('2026-06-01', '2026-06-30', 'group', '*', 'CNY', 2000.00, 3550, 0.45, 1, 1, 0.1, 3),
    ('2026-06-01', '2026-06-30', 'company', 'CN01', 'CNY', 1400.00, 5408, 0.642857, 1, 1, 0, 2);
create table marts.mart_concentration_member (
    as_of_date date, dimension varchar, dimension_value varchar, rank_no integer, group_id varchar, name varchar,
    currency varchar, exposure_reporting decimal(18, 2), exposure_rate decimal(28, 6), cumulative_rate decimal(28, 6),
    insured_cover_reporting decimal(18, 2)
);
insert into marts.mart_concentration_member values
    ('2026-06-30', 'group', '*', 1, 'CN01|C002', 'Guangdong Brightline Retail', 'CNY', 900.00, 0.45, 0.45, 0.00),
    ('2026-06-30', 'group', '*', 2, 'DE01|K100', 'Müller Maschinenbau AG', 'CNY', 600.00, 0.3, 0.75, 200.00),
    ('2026-06-30', 'group', '*', 3, 'CN01|C001', '上海远景建设工程有限公司', 'CNY', 500.00, 0.25, 1, 0.00);
create table marts.dim_credit_grade (
    grade varchar, order_no integer, least_score decimal(9, 6), label_zh varchar, label_en varchar,
    longest_terms_days integer, terms_zh varchar, terms_en varchar, limit_factor decimal(9, 6), limit_floor varchar,
    equity_share decimal(9, 6), grace_days integer, hold_days integer, hold_floor varchar, review_months integer,
    prepaid_share decimal(9, 6), conditions_zh varchar, conditions_en varchar, policy_version varchar, approved_by varchar,
    approved_on date
);
insert into marts.dim_credit_grade values
    ('A', 1, 82, '优', 'very good', 90, '90天', '90 days', 1.5, null, 0.2, 15, 45, 'normal', 12, 0, null, null, 'house-2026', '陈立群', '2026-01-15'),
    ('D', 5, 40, '差', 'poor', 15, '15天', '15 days', 0.5, null, 0.05, 0, 0, 'minor', 3, 0.3, '预付30%', '30 % prepaid', 'house-2026', '陈立群', '2026-01-15'),
    ('E', 6, 0, '高危', 'high risk', 0, '款到发货', 'prepaid', 0, null, 0, 0, null, 'always', 1, 1, null, null, 'house-2026', '陈立群', '2026-01-15');
create table marts.dim_scorecard (
    component_no integer, component varchar, label_zh varchar, label_en varchar, weight decimal(9, 6), band_no integer,
    state varchar, at_least decimal(18, 6), at_most decimal(18, 6), below decimal(18, 6), count_at_least integer,
    points decimal(9, 6), policy_version varchar
);
insert into marts.dim_scorecard values
    (1, 'payment_history', '付款记录', 'payment history', 30, 1, null, null, 0, null, null, 30, 'house-2026'),
    (1, 'payment_history', '付款记录', 'payment history', 30, 2, null, null, null, null, null, 0, 'house-2026'),
    (4, 'utilisation', '额度占用', 'utilisation', 10, 1, null, null, 0.5, null, null, 10, 'house-2026'),
    (7, 'relationship', '合作关系', 'relationship', 5, 1, null, 36, null, null, 24, 5, 'house-2026');
