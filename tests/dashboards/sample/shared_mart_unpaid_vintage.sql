create table marts.mart_unpaid_vintage (
    as_of_date date, company_code varchar, deal_nature varchar, is_intragroup boolean, quarter_start date,
    step_no integer, days_after_due integer, currency varchar, billed_reporting decimal(18, 2),
    reached_reporting decimal(18, 2), open_reporting decimal(18, 2), written_off_reporting decimal(18, 2),
    unpaid_reporting decimal(18, 2), unpaid_rate decimal(18, 9), reason_when_null varchar, item_count bigint,
    is_ripe boolean, unconverted_count bigint
);
