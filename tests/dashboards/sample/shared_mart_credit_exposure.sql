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
-- C002 against its limit of 800,000.
insert into marts.mart_credit_exposure (
    as_of_date, scope, company_code, subject_id, customer_id, name, group_id, member_count, is_intragroup, status,
    currency, trade_debit_reporting, overdue_reporting, unbilled_reporting, bill_held_reporting,
    bill_transferred_reporting, unapplied_cash_reporting, open_credit_reporting, credit_surplus_reporting,
    exposure_reporting, uncovered_exposure_reporting, limit_reporting, utilisation_rate, is_breached,
    excess_reporting, breached_since, days_in_breach, credit_state, is_blocked, unconverted_count, policy_version
) values
    ('2026-06-30', 'customer', 'CN01', 'CN01|C002', 'C002', 'Guangdong Brightline Retail', 'CN01|C002', 1, false,
        'active', 'CNY', 1005950.75, 603200.5, 0.0, 0.0, 0.0, 0.0, 58000.0, 0.0, 947950.75, 947950.75, 800000.0,
        1.184938, true, 147950.75, '2026-06-26', 4, 'over_limit', true, 0, 'default-1');
