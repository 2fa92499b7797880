create table marts.mart_credit_loss_sensitivity (
    as_of_date date, company_code varchar, segment_no integer, segment varchar, sensitivity varchar,
    exposure_reporting decimal(18,2), expected_credit_loss_functional decimal(18,2), change_functional decimal(18,2),
    expected_credit_loss_reporting decimal(18,2), change_reporting decimal(18,2)
);
