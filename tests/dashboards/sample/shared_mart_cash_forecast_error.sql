create table marts.mart_cash_forecast_error (
    as_of_date date, target varchar, model varchar, forecast_on date, company_code varchar, currency varchar,
    week_ahead integer, week_begins date, expected_reporting decimal(18,2), low_reporting decimal(18,2),
    high_reporting decimal(18,2), received_reporting decimal(18,2), error_reporting decimal(18,2), is_in_band boolean,
    is_champion boolean
);
