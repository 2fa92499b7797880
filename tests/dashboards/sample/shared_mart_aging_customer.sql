create table marts.mart_aging_customer (
    as_of_date date, company_code varchar, customer_id varchar, currency varchar, receivable_class varchar,
    scheme varchar, bucket varchar, bucket_no integer, gross_amount_document decimal(18, 2),
    unapplied_amount_document decimal(18, 2), net_amount_document decimal(18, 2),
    gross_amount_functional decimal(18, 2), unapplied_amount_functional decimal(18, 2),
    net_amount_functional decimal(18, 2), open_amount_reporting decimal(18, 2),
    disputed_amount_document decimal(18, 2), item_count bigint, unconverted_count bigint
);
