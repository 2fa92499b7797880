create table marts.mart_late_interest_customer (
    as_of_date date, company_code varchar, customer_id varchar, currency varchar, item_count bigint,
    uncomputed_item_count bigint, open_interest_document decimal(18, 2), settled_interest_document decimal(18, 2),
    interest_reporting decimal(18, 2), flat_fee_count bigint, flat_fee_reporting decimal(18, 2),
    billed_interest_document decimal(18, 2), open_billed_interest_document decimal(18, 2)
);
