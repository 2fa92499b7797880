create table marts.mart_write_off_vintage (
    company_code varchar, quarter_start date, months_since integer, currency varchar, billed_reporting decimal(18,2),
    written_off_reporting decimal(18,2), recovered_reporting decimal(18,2), lost_reporting decimal(18,2), loss_rate
    decimal(18,9), reason_when_null varchar, last_loss_on date
);
