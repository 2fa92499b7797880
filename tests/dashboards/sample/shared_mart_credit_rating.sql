create table marts.mart_credit_rating (
    as_of_day date, company_code varchar, customer_id varchar, party_id varchar, party_name varchar,
    is_month_end boolean, is_current boolean, is_active boolean, points decimal(9,6), weight_present decimal(9,6),
    component_count integer, score decimal(9,4), score_grade varchar, cap_grade varchar, caps varchar,
    caps_zh varchar, caps_en varchar, deserved_grade varchar, grade varchar, previous_grade varchar, change varchar,
    decided_by varchar, main_component varchar, reason_zh varchar, reason_en varchar, manual_author varchar,
    manual_approved_by varchar, manual_approved_on date, manual_valid_to date, currency varchar,
    party_exposure_reporting decimal(18, 2), policy_version varchar
);
