create table marts.mart_risk_warning_value (
    episode_id varchar, moment varchar, day date, name varchar, unit varchar, value_number decimal(28,6),
    value_date date, value_text varchar, open_comparison varchar, open_threshold decimal(28,6),
    warning_comparison varchar, warning_threshold decimal(28,6), severe_comparison varchar,
    severe_threshold decimal(28,6), close_comparison varchar, close_threshold decimal(28,6)
);
