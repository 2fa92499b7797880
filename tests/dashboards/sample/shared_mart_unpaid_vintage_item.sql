create table marts.mart_unpaid_vintage_item (
    as_of_date date, open_item_id varchar, company_code varchar, customer_id varchar, currency varchar,
    deal_nature varchar, is_intragroup boolean, quarter_start date, due_date date, from_step integer,
    until_step integer, open_document decimal(18, 2), written_off_document decimal(18, 2)
);
