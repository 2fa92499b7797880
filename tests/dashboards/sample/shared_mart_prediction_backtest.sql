create table marts.mart_prediction_backtest (
    as_of_date date, company_code varchar, horizon varchar, model varchar, predicted_on date, scored_count bigint,
    loss decimal(18,6), late_share decimal(9,6), auc decimal(9,6), mean_absolute_days decimal(18,6), band_coverage
    decimal(9,6), reason_when_null varchar, is_champion boolean, reason varchar
);
