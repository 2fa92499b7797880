create table marts.mart_roll_rate_item (
    as_of_date date, pair_no integer, start_day date, end_day date, bucket varchar, bucket_no integer,
    company_code varchar, customer_id varchar, segment varchar, open_item_id varchar, currency varchar,
    amount_document decimal(18, 2), still_open_document decimal(18, 2), open_as_bill_document decimal(18, 2),
    written_off_document decimal(18, 2), diluted_document decimal(18, 2), set_off_document decimal(18, 2),
    paid_document decimal(18, 2), other_document decimal(18, 2)
);
