create table marts.mart_credit_loss_rate (
    as_of_date date, company_code varchar, segment_no integer, segment varchar, segment_label_zh varchar,
    segment_label_en varchar, rate_segment varchar, aging varchar, bucket varchar, bucket_no integer, fine_bucket
    varchar, fine_bucket_no integer, rate_source varchar, reason_not_own varchar, reason_not_pooled varchar,
    pair_count integer, item_count bigint, default_pair_count integer, roll_rate decimal(18,9), default_probability
    decimal(18,9), loss_given_default decimal(18,9), loss_given_default_source varchar, recovery_item_count bigint,
    own_loss_rate decimal(18,9), pooled_loss_rate decimal(18,9), fallback_loss_rate decimal(18,9), fallback_multiple
    decimal(9,6), fine_loss_rate decimal(18,9), weight_reporting decimal(18,2), loss_rate decimal(18,9),
    forward_factor decimal(9,6), rate decimal(18,9), policy_version varchar, fallback_policy_version varchar
);
