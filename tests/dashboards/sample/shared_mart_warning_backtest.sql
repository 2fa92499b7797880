create table marts.mart_warning_backtest (
    as_of_date date, method varchar, rule_id varchar, states_default boolean, episode_count bigint,
    timely_count bigint, judged_count bigint, hit_count bigint, precision_rate decimal(28,6),
    precision_reason varchar, default_count bigint, default_amount_reporting decimal(18, 2), recalled_count bigint,
    recalled_amount_reporting decimal(18, 2), recall_rate_by_count decimal(28,6), recall_rate_by_amount decimal(28,6),
    recall_reason varchar, median_lead_days integer, lead_reason varchar, history_days integer,
    alerts_per_week decimal(28,6), policy_version varchar
);
-- Over the whole history.
insert into marts.mart_warning_backtest (
    as_of_date, method, rule_id, states_default, episode_count, timely_count, judged_count, hit_count, precision_rate,
    precision_reason, default_count, default_amount_reporting, recalled_count, recalled_amount_reporting,
    recall_rate_by_count, recall_rate_by_amount, recall_reason, median_lead_days, lead_reason, history_days,
    alerts_per_week, policy_version
) values
    ('2026-06-30', 'rule', 'B02', false, 40, 38, 30, 6, 0.2, null, 8, 1000000.0, 4, 600000.0, 0.5, 0.6, null, 62,
        null, 700, 0.4, 'default-1'),
    ('2026-06-30', 'rule', 'B03', true, 8, null, null, null, null, 'states_default', 8, 1000000.0, null, null, null,
        null, 'states_default', null, 'states_default', 700, 0.08, 'default-1'),
    ('2026-06-30', 'rule', 'E01', false, 10, 10, 4, 0, 0, null, 8, 1000000.0, 0, 0.0, 0, 0, null, null, 'no_hit', 700,
        0.1, 'default-1'),
    ('2026-06-30', 'all_rules', '*', false, 6, 6, 5, 2, 0.4, null, 8, 1000000.0, 5, 700000.0, 0.625, 0.7, null, 59,
        null, 700, 0.06, 'default-1');
