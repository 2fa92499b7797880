create table marts.mart_risk_warning (
    as_of_date date, episode_id varchar, rule_id varchar, rule_name_zh varchar, rule_name_en varchar, family varchar,
    states_default boolean, scope varchar, party_id varchar, company_code varchar, customer_id varchar, name varchar,
    group_id varchar, open_item_id varchar, document_id varchar, first_seen_on date, last_seen_on date,
    closed_on date, is_open boolean, stretch_count integer, severity varchar, worst_severity varchar,
    worst_since date, owner_roles varchar, owner_name varchar, collector varchar, sales_owner varchar, react_by date,
    is_reaction_overdue boolean, acknowledged_on date, acknowledged_by varchar, acknowledged_activity_id varchar,
    message_zh varchar, message_en varchar, action_zh varchar, action_en varchar, currency varchar,
    policy_version varchar
);
