create table marts.mart_credit_loss_backtest (
    as_of_date date, months_back integer, valuation_date date, level varchar, company_code varchar, segment_no
    integer, segment varchar, method varchar, aging varchar, bucket varchar, currency varchar, gross_reporting
    decimal(18,2), exposure_reporting decimal(18,2), covered_reporting decimal(18,2), uncovered_base_reporting
    decimal(18,2), rate_source varchar, rate decimal(18,9), uncovered_loss_reporting decimal(18,2),
    covered_loss_reporting decimal(18,2), expected_loss_reporting decimal(18,2), written_off_reporting decimal(18,2),
    recovered_reporting decimal(18,2), open_in_default_reporting decimal(18,2), open_younger_reporting decimal(18,2),
    diluted_reporting decimal(18,2), set_off_reporting decimal(18,2), paid_reporting decimal(18,2), other_reporting
    decimal(18,2), realised_loss_reporting decimal(18,2), expected_in_default_reporting decimal(18,2),
    expected_younger_reporting decimal(18,2), outcome_loss_reporting decimal(18,2), difference_reporting
    decimal(18,2), ratio decimal(18,9), reason_when_null varchar, new_business_loss_reporting decimal(18,2),
    settled_before_loss_reporting decimal(18,2), item_count bigint, unconverted_count bigint, policy_version varchar
);
