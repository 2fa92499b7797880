create table marts.mart_prediction_reliability (
    as_of_date date, horizon varchar, bin_no integer, predicted_share decimal(9,6), observed_share decimal(9,6),
    scored_count bigint
);
