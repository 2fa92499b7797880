-- Three debtors: A within its limit, D above its limit and on hold, E new and prepaid.
create or replace table marts.mart_credit_recommendation (
    as_of_date date, party_id varchar, company_code varchar, customer_id varchar, party_name varchar, grade varchar,
    grade_zh varchar, grade_en varchar, score decimal(9, 4), grade_since date, review_due_on date,
    recommended_terms_zh varchar, recommended_terms_en varchar, prepaid_share decimal(9, 6), conditions_zh varchar,
    conditions_en varchar, average_month_billed_reporting decimal(18, 2), limit_factor decimal(9, 6), limit_days integer,
    limit_by_billing_reporting decimal(18, 2), most_by_equity_reporting decimal(18, 2),
    most_by_receivable_reporting decimal(18, 2), recommended_limit_reporting decimal(18, 2), limit_bound_by varchar,
    limit_in_force_reporting decimal(18, 2), exposure_reporting decimal(18, 2), is_hold_advised boolean,
    to_pay_for_release_reporting decimal(18, 2), hold_reason_zh varchar, hold_reason_en varchar, currency varchar,
    policy_version varchar
);
insert into marts.mart_credit_recommendation values
    ('2026-06-30', 'CN01|C001', 'CN01', 'C001', '上海远景建设工程有限公司', 'A', '优', 'very good', 88, '2025-06-30', '2026-06-30', '90天', '90 days', 0, null, null, 400.00, 1.5, 90, 1800.00, null, 5000.00, 1800.00, 'billing', 700.00, 500.00, false, null, null, null, 'CNY', 'p-1'),
    ('2026-06-30', 'CN01|C002', 'CN01', 'C002', 'Guangdong Brightline Retail', 'D', '差', 'poor', 44, '2026-03-31', '2026-06-30', '15天', '15 days', 0.3, '预付30%', '30 % prepaid', 200.00, 0.5, 30, 100.00, 80.00, 5000.00, 80.00, 'equity', 650.00, 900.00, true, 410.00, 'D级:逾期820', 'grade D: 820 overdue', 'CNY', 'p-1'),
    ('2026-06-30', 'DE01|K100', 'DE01', 'K100', 'Müller Maschinenbau AG', 'E', '高危', 'high risk', null, '2026-06-30', '2026-07-30', '款到发货', 'prepaid', 1, null, null, null, 0, 15, 0.00, null, 5000.00, 0.00, 'prepaid', null, 600.00, true, null, 'E级:款到发货', 'grade E: prepaid only', 'CNY', 'p-1');
create or replace table marts.mart_credit_rating (
    as_of_day date, company_code varchar, customer_id varchar, party_id varchar, party_name varchar, is_current boolean,
    is_active boolean, score decimal(9, 4), grade varchar, reason_zh varchar, reason_en varchar,
    party_exposure_reporting decimal(18, 2)
);
insert into marts.mart_credit_rating values
    ('2025-06-30', 'CN01', 'C001', 'CN01|C001', '上海远景建设工程有限公司', false, true, 86, 'A', '得分86', 'score 86', 300.00),
    ('2025-06-30', 'CN01', 'C002', 'CN01|C002', 'Guangdong Brightline Retail', false, true, 85, 'A', '得分85', 'score 85', 100.00),
    ('2026-06-30', 'CN01', 'C001', 'CN01|C001', '上海远景建设工程有限公司', true, true, 88, 'A', '得分88', 'score 88', 500.00),
    ('2026-06-30', 'CN01', 'C002', 'CN01|C002', 'Guangdong Brightline Retail', true, true, 44, 'D', '逾期', 'overdue', 900.00),
    -- one debtor with two customers is one mover
    ('2026-06-30', 'DE01', 'K900', 'CN01|C002', 'Guangdong Brightline Retail', true, true, 44, 'D', '逾期', 'overdue', 900.00),
    ('2026-06-30', 'DE01', 'K100', 'DE01|K100', 'Müller Maschinenbau AG', true, true, null, 'E', '违约', 'in default', 600.00);
create or replace table marts.mart_credit_rating_component (
    as_of_day date, party_id varchar, component_no integer, component varchar, label_zh varchar, label_en varchar,
    weight decimal(9, 6), raw_state varchar, raw_value decimal(18, 6), raw_count bigint, points decimal(9, 6),
    points_before decimal(9, 6), reason_when_missing varchar, source_model varchar, data_of date, data_age_days integer,
    policy_version varchar
);
insert into marts.mart_credit_rating_component values
    ('2026-06-30', 'CN01|C001', 1, 'payment_history', '付款记录', 'payment history', 30, null, 3, null, 24, 30, null, 'mart_payment_behaviour', '2026-06-30', 0, 'p-1'),
    ('2026-06-30', 'CN01|C002', 1, 'payment_history', '付款记录', 'payment history', 30, null, 44, null, 5, 24, null, 'mart_payment_behaviour', '2026-06-30', 0, 'p-1'),
    ('2026-06-30', 'CN01|C002', 4, 'utilisation', '额度占用', 'utilisation', 10, null, 1.4, null, 0, 8, null, 'mart_credit_exposure_history', '2026-06-30', 0, 'p-1'),
    ('2026-06-30', 'CN01|C002', 5, 'accounts', '财务报表', 'financial statements', 15, null, null, null, null, null, 'no_accounts', null, null, null, 'p-1'),
    ('2026-05-31', 'CN01|C002', 1, 'payment_history', '付款记录', 'payment history', 30, null, 9, null, 18, 24, null, 'mart_payment_behaviour', '2026-05-31', 0, 'p-1');
create or replace table marts.mart_credit_exception (
    as_of_date date, kind varchar, party_id varchar, company_code varchar, customer_id varchar, name varchar,
    document_id varchar, grade varchar, raised_by varchar, raised_on date, is_approved boolean, approved_by varchar,
    approved_on date, approval varchar, allowed_days integer, actual_days integer, hold_advised_since date,
    allowed_amount_reporting decimal(18, 2), actual_amount_reporting decimal(18, 2), exposure_reporting decimal(18, 2),
    currency varchar
);
insert into marts.mart_credit_exception values
    ('2026-06-30', 'terms', 'CN01|C002', 'CN01', 'C002', 'Guangdong Brightline Retail', 'INV-2001', 'D', '何俊', '2026-04-02', false, null, null, null, 15, 30, null, null, 415.00, 215.00, 'CNY'),
    ('2026-06-30', 'terms', 'CN01|C002', 'CN01', 'C002', 'Guangdong Brightline Retail', 'INV-2002', 'D', '何俊', '2026-05-11', true, '陈立群', '2026-05-10', '特批60天', 15, 60, null, null, 388.00, 388.00, 'CNY'),
    ('2026-06-30', 'limit', 'CN01|C002', 'CN01', 'C002', 'Guangdong Brightline Retail', null, 'D', '许静怡', '2025-01-01', true, '许静怡', '2025-01-01', null, null, null, null, 80.00, 650.00, 900.00, 'CNY'),
    ('2026-06-30', 'no_limit', 'DE01|K100', 'DE01', 'K100', 'Müller Maschinenbau AG', null, 'E', null, null, false, null, null, null, null, null, null, 0.00, null, 600.00, 'CNY');
create or replace table marts.mart_credit_exposure (
    scope varchar, company_code varchar, subject_id varchar, customer_id varchar, name varchar, status varchar,
    currency varchar, exposure_reporting decimal(18, 2), limit_reporting decimal(18, 2), utilisation_rate decimal(28, 6),
    is_breached boolean, excess_reporting decimal(18, 2), is_breached_by_rate_only boolean, breached_since date,
    days_in_breach integer, group_id varchar
);
insert into marts.mart_credit_exposure values
    ('customer', 'CN01', 'CN01|C002', 'C002', 'Guangdong Brightline Retail', 'active', 'CNY', 900.00, 650.00, 1.384615, true, 250.00, false, '2026-03-31', 91, 'CN01|C002'),
    ('customer', 'CN01', 'CN01|C001', 'C001', '上海远景建设工程有限公司', 'active', 'CNY', 500.00, 700.00, 0.714286, false, 0.00, false, null, null, 'CN01|C001'),
    ('group', '*', 'CN01|C002', 'C002', 'Guangdong Brightline Retail', null, 'CNY', 900.00, 800.00, 1.125, true, 100.00, false, '2026-06-01', 29, 'CN01|C002');
