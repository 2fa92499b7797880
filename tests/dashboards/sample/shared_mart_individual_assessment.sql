create table marts.mart_individual_assessment (
    as_of_date date, company_code varchar, customer_id varchar, name varchar, individual_reason varchar, defaulted_on
    date, default_reason varchar, matrix_segment varchar, is_decided boolean, decided_method varchar, decided_reason
    varchar, decided_by varchar, decided_on date, rate decimal(18,9), exposure_functional decimal(18,2),
    covered_functional decimal(18,2), uncovered_base_functional decimal(18,2), expected_credit_loss_functional
    decimal(18,2), exposure_reporting decimal(18,2), covered_reporting decimal(18,2), uncovered_base_reporting
    decimal(18,2), expected_credit_loss_reporting decimal(18,2), item_count bigint
);
