create table marts.mart_receivable_kpi (
    month_start date, period_end date, is_complete boolean, dimension varchar, dimension_value varchar,
    metric varchar, variant varchar, window_months integer, window_days bigint, currency varchar, unit varchar,
    numerator decimal(28,2), denominator decimal(28,2), value decimal(28,6), reason_when_null varchar,
    excluded_count bigint, unconverted_count bigint
);
