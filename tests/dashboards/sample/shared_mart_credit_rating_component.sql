create table marts.mart_credit_rating_component (
    as_of_day date, party_id varchar, component_no integer, component varchar, label_zh varchar, label_en varchar,
    weight decimal(9,6), raw_state varchar, raw_value decimal(18,6), raw_count bigint, points decimal(9,6),
    points_before decimal(9,6), reason_when_missing varchar, source_model varchar, source_key varchar, data_of date,
    data_age_days integer, policy_version varchar
);
