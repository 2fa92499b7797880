create table marts.mart_credit_exception (
    as_of_date date, kind varchar, party_id varchar, company_code varchar, customer_id varchar, name varchar,
    document_id varchar, grade varchar, raised_by varchar, raised_on date, is_approved boolean, approved_by varchar,
    approved_on date, approval varchar, allowed_days integer, actual_days integer, hold_advised_since date,
    allowed_amount_reporting decimal(18, 2), actual_amount_reporting decimal(18, 2), exposure_reporting
    decimal(18, 2), currency varchar, policy_version varchar
);
