{{ config(meta={'gate': 'gl_tie_out'}, severity=gate_severity('gl_tie_out')) }}
-- T41: the sub-ledger equals the control accounts on every day with a balance, each as known when
-- the ledger was read. What was booked after that is timing, listed apart; a role with unconverted
-- items cannot be compared.
select *
from {{ ref('mart_gl_tie_out') }}
where unexplained_difference <> 0 and unconverted_count = 0
