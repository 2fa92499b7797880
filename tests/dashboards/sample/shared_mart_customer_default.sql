create table marts.mart_customer_default (
    party_id varchar, spell_no integer, defaulted_on date, first_reason varchar, has_overdue boolean,
    has_insolvency boolean, has_dishonest_debtor boolean, has_write_off boolean, has_forbearance boolean,
    has_dishonoured_bill boolean, largest_overdue_reporting decimal(18, 2), reasons_ended_on date, cured_on date,
    is_in_default boolean, policy_version varchar
);
-- C004 was in default for four months, C003 is since 2026-03-31.
insert into marts.mart_customer_default (
    party_id, spell_no, defaulted_on, first_reason, cured_on, is_in_default, policy_version
) values
    ('CN01|C004', 1, '2025-12-01', 'overdue', '2026-04-01', false, 'default-1'),
    ('CN01|C003', 1, '2026-03-31', 'overdue', null, true, 'default-1');
