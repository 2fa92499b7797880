create table marts.mart_expected_credit_loss_item (
    as_of_date date, open_item_id varchar, company_code varchar, customer_id varchar, document_id varchar,
    receivable_class varchar, currency varchar, open_amount_document decimal(18,2), segment_no integer, segment
    varchar, rate_segment varchar, method varchar, aging varchar, bucket varchar, rate_source varchar, rate
    decimal(18,9), cover_rate decimal(18,9), open_amount_functional decimal(18,2), absorbed_functional decimal(18,2),
    exposure_functional decimal(18,2), covered_functional decimal(18,2), covered_base_functional decimal(18,2),
    uncovered_base_functional decimal(18,2), expected_credit_loss_functional decimal(18,2), open_amount_reporting
    decimal(18,2), absorbed_reporting decimal(18,2), exposure_reporting decimal(18,2), covered_reporting
    decimal(18,2), covered_base_reporting decimal(18,2), uncovered_base_reporting decimal(18,2),
    expected_credit_loss_reporting decimal(18,2), is_unconverted boolean
);
