create table marts.mart_payment_prediction (
    as_of_date date, open_item_id varchar, company_code varchar, customer_id varchar, document_id varchar,
    instalment_no integer, currency varchar, due_date date, open_amount_document decimal(18, 2), open_amount_reporting
    decimal(18, 2), late_probability decimal(9,6), late_30_probability decimal(9,6), late_90_probability decimal(9,6),
    pay_date_p10 date, pay_date_p50 date, pay_date_p90 date, late_model varchar, late_30_model varchar, late_90_model
    varchar, days_model varchar, reasons_zh varchar, reasons_en varchar, explained_by varchar
);
