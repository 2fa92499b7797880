create table marts.mart_roll_rate (
    as_of_date date, variant varchar, level varchar, company_code varchar, segment varchar, bucket varchar,
    bucket_no integer, pair_no integer, start_day date, end_day date, currency varchar,
    amount_reporting decimal(18, 2), still_open_reporting decimal(18, 2), open_as_bill_reporting decimal(18, 2),
    written_off_reporting decimal(18, 2), diluted_reporting decimal(18, 2), set_off_reporting decimal(18, 2),
    paid_reporting decimal(18, 2), other_reporting decimal(18, 2), numerator_reporting decimal(18, 2),
    denominator_reporting decimal(18, 2), roll_rate decimal(18, 9), dilution_rate decimal(18, 9),
    reason_when_null varchar, pair_count integer, observation_count bigint, item_count bigint,
    unconverted_count bigint
);
