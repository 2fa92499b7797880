create table marts.mart_limitation_customer (
    as_of_date date, company_code varchar, customer_id varchar, claim_count bigint, unconverted_count bigint,
    claim_amount_reporting decimal(18, 2), written_off_claim_amount_reporting decimal(18, 2), ending_in_30_days_count
    bigint, ending_in_30_days_amount_reporting decimal(18, 2), ending_in_90_days_count bigint,
    ending_in_90_days_amount_reporting decimal(18, 2), expired_count bigint, expired_amount_reporting decimal(18, 2),
    uncertain_amount_reporting decimal(18, 2), next_deadline_date date
);
