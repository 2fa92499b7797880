create table marts.mart_watchlist (
    as_of_date date, watchlist_rank integer, party_id varchar, company_code varchar, customer_id varchar,
    name varchar, group_id varchar, status varchar, severity varchar, grade varchar, previous_grade varchar,
    severe_count integer, warning_count integer, notice_count integer, expected_loss_reporting decimal(18, 2),
    unpriced_item_count bigint, net_overdue_reporting decimal(18, 2), oldest_overdue_days integer,
    exposure_reporting decimal(18, 2), uncovered_exposure_reporting decimal(18, 2), first_seen_on date,
    newest_seen_on date, is_new_this_week boolean, first_reason_episode_id varchar, first_reason_rule_id varchar,
    second_reason_episode_id varchar, second_reason_rule_id varchar, owner_roles varchar, owner_zh varchar,
    owner_en varchar, collector varchar, sales_owner varchar, react_by date, late_reaction_count integer,
    sentence_zh varchar, sentence_en varchar, currency varchar, policy_version varchar
);
