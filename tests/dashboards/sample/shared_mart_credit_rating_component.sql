create table marts.mart_credit_rating_component (
    as_of_day date, party_id varchar, component_no integer, component varchar, label_zh varchar, label_en varchar,
    weight decimal(9,6), raw_state varchar, raw_value decimal(18,6), raw_count bigint, points decimal(9,6),
    points_before decimal(9,6), reason_when_missing varchar, source_model varchar, source_key varchar, data_of date,
    data_age_days integer, policy_version varchar
);
-- One component of C003.
insert into marts.mart_credit_rating_component (
    as_of_day, party_id, component_no, component, label_zh, label_en, weight, points, points_before, raw_value,
    data_of, policy_version
) values
    ('2026-06-30', 'CN01|C003', 1, 'payment_history', '付款历史', 'Payment history', 30, 0, 5, 92, '2026-06-30',
        'default-1');
