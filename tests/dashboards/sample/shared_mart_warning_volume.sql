create table marts.mart_warning_volume (
    as_of_date date, week_start date, collector varchar, new_warning_count bigint, new_severe_count bigint,
    new_customer_count bigint, business_day_count integer, new_per_business_day decimal(28,6), is_above_guard boolean,
    active_customer_count bigint, listed_customer_count bigint, severe_customer_count bigint,
    is_list_above_guard boolean, is_severe_above_guard boolean
);
-- The list holds 3 of 7 active customers.
insert into marts.mart_warning_volume (
    as_of_date, week_start, collector, new_warning_count, new_severe_count, new_customer_count, business_day_count,
    active_customer_count, listed_customer_count, severe_customer_count, is_list_above_guard, is_severe_above_guard
) values
    ('2026-06-30', '2026-06-22', '*', 1, 0, 1, 5, null, null, null, null, null),
    ('2026-06-30', '2026-06-29', '*', 0, 0, 0, 2, 7, 3, 1, true, true),
    ('2026-06-30', '2026-06-29', '王芳', 0, 0, 0, 2, null, null, null, null, null);
