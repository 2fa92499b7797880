create table marts.mart_target (
    company_code varchar, stated_metric varchar, stated_scope varchar, stated_period varchar, dimension varchar,
    dimension_value varchar, metric varchar, variant varchar, unit varchar, currency varchar, period_start date,
    period_end date, measured_on date, is_complete boolean, is_lower_better boolean, target_value decimal(28,6),
    actual_value decimal(28,6), attainment decimal(28,6), is_met boolean, reason_when_null varchar, known_from
    timestamp, _source varchar, _load_id bigint, _file varchar, _row bigint
);
