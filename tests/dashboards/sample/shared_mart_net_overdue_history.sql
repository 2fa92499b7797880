create table marts.mart_net_overdue_history (
    party_id varchar, knowledge varchar, effective_from date, effective_to date,
    net_overdue_0_reporting decimal(18, 2), net_overdue_7_reporting decimal(18, 2),
    net_overdue_15_reporting decimal(18, 2), net_overdue_30_reporting decimal(18, 2),
    net_overdue_45_reporting decimal(18, 2), net_overdue_60_reporting decimal(18, 2),
    net_overdue_90_reporting decimal(18, 2), oldest_due_date date, reconstructed_until date
);
