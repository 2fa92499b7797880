create table marts.mart_risk_warning_step (
    episode_id varchar, day date, severity varchar, stretch_no integer
);
-- B02 of C003 opened twice and closed once.
insert into marts.mart_risk_warning_step (
    episode_id, day, severity, stretch_no
) values
    ('B02|CN01|C003|2025-08-01', '2025-08-01', 'warning', 1),
    ('B02|CN01|C003|2025-08-01', '2025-08-10', 'severe', 1),
    ('B02|CN01|C003|2025-08-01', '2025-09-01', 'closed', 1),
    ('B02|CN01|C003|2026-01-31', '2026-01-31', 'warning', 2),
    ('B03|CN01|C003|2026-03-31', '2026-03-31', 'severe', 1);
