create table marts.mart_cash_forecast (
    as_of_date date, company_code varchar, currency varchar, week_ahead integer, week_begins date,
    expected_reporting decimal(18, 2), low_reporting decimal(18, 2), high_reporting decimal(18, 2),
    expected_new_reporting decimal(18, 2), model varchar
);
