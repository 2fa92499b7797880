create table marts.mart_expected_credit_loss (
    as_of_date date, company_code varchar, component varchar, segment_no integer, segment varchar,
    rate_segment varchar, method varchar, presentation varchar, aging varchar, bucket varchar, is_beside boolean,
    functional_currency varchar, open_amount_functional decimal(18, 2), absorbed_functional decimal(18, 2),
    exposure_functional decimal(18, 2), covered_functional decimal(18, 2), uncovered_functional decimal(18, 2),
    covered_base_functional decimal(18, 2), uncovered_base_functional decimal(18, 2),
    covered_loss_functional decimal(18, 2), uncovered_loss_functional decimal(18, 2),
    overlay_functional decimal(18, 2), expected_credit_loss_functional decimal(18, 2),
    open_amount_reporting decimal(18, 2), absorbed_reporting decimal(18, 2), exposure_reporting decimal(18, 2),
    covered_reporting decimal(18, 2), uncovered_reporting decimal(18, 2), covered_base_reporting decimal(18, 2),
    uncovered_base_reporting decimal(18, 2), covered_loss_reporting decimal(18, 2),
    uncovered_loss_reporting decimal(18, 2), overlay_reporting decimal(18, 2),
    expected_credit_loss_reporting decimal(18, 2), rate_source varchar, default_probability decimal(18,9),
    loss_given_default decimal(18,9), loss_rate decimal(18,9), forward_factor decimal(9,6), rate decimal(18,9),
    cover_rate decimal(18,9), item_count bigint, unconverted_count bigint, overlay_reason varchar,
    approved_by varchar, expires_on date, policy_version varchar, fallback_policy_version varchar
);
