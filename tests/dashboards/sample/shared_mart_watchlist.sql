create table marts.mart_watchlist (
    as_of_date date, watchlist_rank integer, party_id varchar, company_code varchar, customer_id varchar,
    name varchar, group_id varchar, status varchar, severity varchar, grade varchar, previous_grade varchar,
    severe_count integer, warning_count integer, notice_count integer, expected_loss_reporting decimal(18, 2),
    unpriced_item_count bigint, net_overdue_reporting decimal(18, 2), oldest_overdue_days integer,
    exposure_reporting decimal(18, 2), uncovered_exposure_reporting decimal(18, 2), first_seen_on date,
    newest_seen_on date, is_new_this_week boolean, first_reason_episode_id varchar, first_reason_rule_id varchar,
    second_reason_episode_id varchar, second_reason_rule_id varchar, owner_roles varchar, owner_zh varchar,
    owner_en varchar, collector varchar, sales_owner varchar, react_by date, late_reaction_count integer,
    sentence_zh varchar, sentence_en varchar, currency varchar, policy_version varchar
);
-- C003: 796,000 since 2025-12-31, in default. K300: in legal's hands. C002: over its limit since four days.
insert into marts.mart_watchlist (
    as_of_date, watchlist_rank, party_id, company_code, customer_id, name, group_id, status, severity, grade,
    previous_grade, severe_count, warning_count, notice_count, expected_loss_reporting, unpriced_item_count,
    net_overdue_reporting, oldest_overdue_days, exposure_reporting, uncovered_exposure_reporting, first_seen_on,
    newest_seen_on, is_new_this_week, first_reason_episode_id, first_reason_rule_id, second_reason_episode_id,
    second_reason_rule_id, owner_roles, owner_zh, owner_en, collector, sales_owner, react_by, late_reaction_count,
    sentence_zh, sentence_en, currency, policy_version
) values
    ('2026-06-30', 1, 'CN01|C003', 'CN01', 'C003', '=HYPERLINK("x")电子厂', 'CN01|C003', 'hold', 'severe', 'E', 'D', 1,
        1, 0, 400000.0, 0, 1179400.0, 181, 1179400.0, 1179400.0, '2026-01-31', '2026-03-31', false,
        'B03|CN01|C003|2026-03-31', 'B03', 'B02|CN01|C003|2026-01-31', 'B02', 'legal|controller', '法务', 'legal', '王芳',
        '赵雪', '2026-04-08', 1, '电子厂(E级):净逾期117.9万,最长181天;逾期超90天79.6万。',
        'Dianzichang (grade E): 1.18m net overdue, oldest 181 days; 796.0k is more than 90 days overdue.', 'CNY',
        'default-1'),
    ('2026-06-30', 2, 'DE01|K300', 'DE01', 'K300', 'Pacific Imports Inc.', 'DE01|K100', 'legal', 'warning', 'D', 'D',
        0, 1, 0, 250000.0, 0, 1320600.0, 542, 1320600.0, 900000.0, '2025-02-04', '2025-02-04', false,
        'B02|DE01|K300|2025-02-04', 'B02', null, null, 'collector', 'A. Weber', 'A. Weber', 'A. Weber', 'C. Marin',
        '2025-02-07', 0, 'Pacific Imports Inc.(D级):净逾期132.1万,最长542天。',
        'Pacific Imports Inc. (grade D): 1.32m net overdue, oldest 542 days.', 'CNY', 'default-1'),
    ('2026-06-30', 3, 'CN01|C002', 'CN01', 'C002', 'Guangdong Brightline Retail', 'CN01|C002', 'active', 'warning',
        'C', 'C', 0, 1, 0, 20000.0, 0, 545200.5, 59, 947950.75, 947950.75, '2026-06-26', '2026-06-26', true,
        'E01|customer|CN01|CN01|C002|2026-06-26', 'E01', null, null, 'controller', '信控', 'controller', '李强', '何俊',
        '2026-06-30', 0, 'Guangdong Brightline Retail(C级):净逾期54.5万,最长59天。',
        'Guangdong Brightline Retail (grade C): 545.2k net overdue, oldest 59 days.', 'CNY', 'default-1');
