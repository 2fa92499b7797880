create table marts.mart_prediction_input (
    as_of_date date, kind varchar, name varchar, is_used boolean, item_count bigint, open_amount_reporting
    decimal(18,2), reason varchar
);
