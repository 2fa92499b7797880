create table marts.mart_net_overdue_history (
    party_id varchar, knowledge varchar, effective_from date, effective_to date,
    net_overdue_0_reporting decimal(18, 2), net_overdue_7_reporting decimal(18, 2),
    net_overdue_15_reporting decimal(18, 2), net_overdue_30_reporting decimal(18, 2),
    net_overdue_45_reporting decimal(18, 2), net_overdue_60_reporting decimal(18, 2),
    net_overdue_90_reporting decimal(18, 2), oldest_due_date date, reconstructed_until date
);
-- C003 on both readings: corrected in May from 760,000 to 796,000.
insert into marts.mart_net_overdue_history (
    party_id, knowledge, effective_from, effective_to, net_overdue_0_reporting, net_overdue_7_reporting,
    net_overdue_15_reporting, net_overdue_30_reporting, net_overdue_45_reporting, net_overdue_60_reporting,
    net_overdue_90_reporting, oldest_due_date, reconstructed_until
) values
    ('CN01|C003', 'then', '2025-08-01', '2025-08-20', 300000.0, 300000.0, 300000.0, 300000.0, 0.0, 0.0, 0.0,
        '2025-06-30', '2025-01-01'),
    ('CN01|C003', 'then', '2026-01-01', '2026-05-06', 760000.0, 760000.0, 760000.0, 760000.0, 760000.0, 760000.0,
        760000.0, '2025-12-31', '2025-01-01'),
    ('CN01|C003', 'then', '2026-05-06', '9999-12-31', 796000.0, 796000.0, 796000.0, 796000.0, 796000.0, 796000.0,
        796000.0, '2025-12-31', '2025-01-01'),
    ('CN01|C003', 'now', '2026-01-01', '9999-12-31', 796000.0, 796000.0, 796000.0, 796000.0, 796000.0, 796000.0,
        796000.0, '2025-12-31', '2025-01-01');
