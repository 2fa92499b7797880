create table marts.mart_credit_recommendation (
    as_of_date date, party_id varchar, company_code varchar, customer_id varchar, party_name varchar, grade varchar,
    grade_zh varchar, grade_en varchar, score decimal(9,4), grade_since date, review_due_on date,
    recommended_terms_days integer, recommended_terms_zh varchar, recommended_terms_en varchar, grace_days integer,
    prepaid_share decimal(9,6), conditions_zh varchar, conditions_en varchar, billing_month_count integer,
    billed_reporting decimal(18, 2), highest_month_billed_reporting decimal(18, 2), average_month_billed_reporting
    decimal(18, 2), limit_factor decimal(9,6), median_days_late integer, late_days_counted integer, limit_days
    integer, limit_by_billing_reporting decimal(18, 2), accounts_period_end date, equity_reporting decimal(18, 2),
    equity_share decimal(9,6), most_by_equity_reporting decimal(18, 2), group_receivable_reporting decimal(18, 2),
    most_by_receivable_reporting decimal(18, 2), most_by_floor_reporting decimal(18, 2), recommended_limit_reporting
    decimal(18, 2), limit_bound_by varchar, limit_in_force_reporting decimal(18, 2), has_group_limit boolean,
    exposure_reporting decimal(18, 2), hold_days integer, hold_floor varchar, hold_floor_reporting decimal(18, 2),
    hold_net_overdue_reporting decimal(18, 2), is_hold_advised boolean, hold_advised_since date, is_on_plan boolean,
    to_pay_for_release_reporting decimal(18, 2), hold_reason_zh varchar, hold_reason_en varchar, currency varchar,
    policy_version varchar
);
