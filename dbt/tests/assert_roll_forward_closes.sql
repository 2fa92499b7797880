{{ config(meta={'gate': 'roll_forward'}, severity=gate_severity('roll_forward')) }}
-- Per company, class, currency and day: movements = intervals, in both currencies.
select *
from {{ ref('mart_roll_forward') }}
where difference_document <> 0 or difference_functional <> 0
