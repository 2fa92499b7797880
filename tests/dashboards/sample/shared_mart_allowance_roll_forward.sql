create table marts.mart_allowance_roll_forward (
    company_code varchar, step_no integer, step varchar, from_date date, to_date date, functional_currency varchar,
    opening_functional decimal(18, 2), charge_functional decimal(18, 2), reversal_functional decimal(18, 2),
    written_off_functional decimal(18, 2), recovered_functional decimal(18, 2), closing_functional decimal(18, 2),
    opening_reporting decimal(18, 2), charge_reporting decimal(18, 2), reversal_reporting decimal(18, 2),
    written_off_reporting decimal(18, 2), recovered_reporting decimal(18, 2), fx_reporting decimal(18, 2),
    closing_reporting decimal(18, 2), reason_when_null varchar
);
