create table marts.mart_credit_exposure (
    as_of_date date, scope varchar, company_code varchar, subject_id varchar, customer_id varchar, name varchar,
    group_id varchar, member_count integer, is_intragroup boolean, related_party varchar, status varchar,
    currency varchar, trade_debit_reporting decimal(18, 2), overdue_reporting decimal(18, 2),
    unbilled_reporting decimal(18, 2), bill_held_reporting decimal(18, 2), bill_transferred_reporting decimal(18, 2),
    unapplied_cash_reporting decimal(18, 2), open_credit_reporting decimal(18, 2),
    credit_surplus_reporting decimal(18, 2), contract_asset_reporting decimal(18, 2),
    late_interest_reporting decimal(18, 2), exposure_reporting decimal(18, 2), insured_cover_reporting decimal(18, 2),
    uncovered_exposure_reporting decimal(18, 2), permanent_limit_reporting decimal(18, 2),
    temporary_limit_reporting decimal(18, 2), limit_reporting decimal(18, 2), utilisation_rate decimal(28,6),
    reason_when_null varchar, own_headroom_reporting decimal(18, 2), group_headroom_reporting decimal(18, 2),
    headroom_reporting decimal(18, 2), is_breached boolean, excess_reporting decimal(18, 2),
    exposure_at_previous_rate_reporting decimal(18, 2), limit_at_previous_rate_reporting decimal(18, 2),
    is_breached_by_rate_only boolean, breached_since date, days_in_breach integer, credit_state varchar,
    is_blocked boolean, unconverted_count bigint, policy_version varchar
);
