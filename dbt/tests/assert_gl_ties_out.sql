{{ config(meta={'gate': 'gl_tie_out'}, severity=gate_severity('gl_tie_out')) }}
-- T41: the sub-ledger equals the control accounts on every day with a balance. What was booked after the balance was
-- extracted is timing, not a difference; a role with unconverted items cannot be compared.
select *
from {{ ref('mart_gl_tie_out') }}
where difference <> late_posting_amount and unconverted_count = 0
