create table marts.mart_risk_warning_value (
    episode_id varchar, moment varchar, day date, name varchar, unit varchar, value_number decimal(28,6),
    value_date date, value_text varchar, open_comparison varchar, open_threshold decimal(28,6),
    warning_comparison varchar, warning_threshold decimal(28,6), severe_comparison varchar,
    severe_threshold decimal(28,6), close_comparison varchar, close_threshold decimal(28,6)
);
-- The floor rose from 20,000 to 25,000 between the days.
insert into marts.mart_risk_warning_value (
    episode_id, moment, day, name, unit, value_number, value_date, value_text, open_comparison, open_threshold,
    severe_comparison, severe_threshold, close_comparison, close_threshold
) values
    ('B02|CN01|C003|2026-01-31', 'trigger', '2026-01-31', 'net_overdue_30', 'amount', 760000, null, null, '>=', 20000,
        null, null, '<', 10000),
    ('B02|CN01|C003|2026-01-31', 'latest', '2026-06-30', 'net_overdue_30', 'amount', 796000, null, null, '>=', 25000,
        null, null, '<', 12500),
    ('B02|CN01|C003|2026-01-31', 'trigger', '2026-01-31', 'net_overdue_60', 'amount', 0, null, null, null, null, '>=',
        100000, null, null),
    ('B02|CN01|C003|2026-01-31', 'latest', '2026-06-30', 'net_overdue_60', 'amount', 796000, null, null, null, null,
        '>=', 125000, null, null),
    ('B02|CN01|C003|2026-01-31', 'trigger', '2026-01-31', 'oldest_overdue_days', 'days', 31, null, null, null, null,
        null, null, null, null),
    ('B02|CN01|C003|2026-01-31', 'latest', '2026-06-30', 'oldest_overdue_days', 'days', 181, null, null, null, null,
        null, null, null, null),
    ('B03|CN01|C003|2026-03-31', 'trigger', '2026-03-31', 'net_overdue_90', 'amount', 760000, null, null, '>=', 20000,
        null, null, '<', 5000),
    ('B03|CN01|C003|2026-03-31', 'latest', '2026-06-30', 'net_overdue_90', 'amount', 796000, null, null, '>=', 25000,
        null, null, '<', 6250),
    ('B03|CN01|C003|2026-03-31', 'latest', '2026-06-30', 'oldest_due_date', 'date', null, '2025-12-31', null, null,
        null, null, null, null, null),
    ('E01|customer|CN01|CN01|C002|2026-06-26', 'trigger', '2026-06-26', 'utilisation', 'rate', 1.18, null, null, '>',
        1, '>', 1.2, '<', 0.95),
    ('E01|customer|CN01|CN01|C002|2026-06-26', 'latest', '2026-06-30', 'utilisation', 'rate', 1.184938, null, null,
        '>', 1, '>', 1.2, '<', 0.95);
