-- Grain: one row per step that leads to a due date of a payment term: term, line (one instalment), delta (added in turn).
-- line_type: percent (ratio of what is left), percent_on_total, fixed (amount), remainder. Each delta adds months, weeks
-- and days to the date so far; month, weekday and day of month, where given, then replace that part (31 = the last day).
select
    term.name as payment_term,
    case when term.active then 'true' else 'false' end as is_active,
    line.id as line_id,
    line.sequence as line_sequence,
    line.type as line_type,
    line.ratio,
    line.amount,
    delta.id as delta_id,
    delta.sequence as delta_sequence,
    delta.months,
    delta.weeks,
    delta.days,
    delta.month as month_id,
    delta.weekday as weekday_id,
    delta.day as day_of_month
from account_invoice_payment_term as term
inner join account_invoice_payment_term_line as line on line.payment = term.id
left join account_invoice_payment_term_line_delta as delta on delta.line = line.id
order by term.id, line.sequence nulls first, line.id, delta.sequence nulls first, delta.id
