-- Grain: one row per customer invoice or credit note that has a number; a credit note has negative amounts.
-- A cancelled invoice keeps its number; cancel_move_number is the move that takes its posting back.
-- Amounts are those that Tryton keeps once an invoice is posted. The structured reference on the invoice (RF..) is
-- calculated from the number when it is printed, so it is no column.
select
    invoice.id as invoice_id,
    invoice.number as invoice_number,
    company_party.code as company_code,
    party.code as customer_code,
    invoice.invoice_date,
    invoice.accounting_date,
    invoice.payment_term_date,
    currency.code as currency,
    invoice.untaxed_amount_cache as untaxed_amount,
    invoice.tax_amount_cache as tax_amount,
    invoice.total_amount_cache as total_amount,
    term.name as payment_term,
    invoice.reference,
    invoice.description,
    invoice.state,
    move.number as move_number,
    move.date as posting_date,
    move.post_date as posted_on,
    cancel_move.number as cancel_move_number
from account_invoice as invoice
inner join company_company as company on invoice.company = company.id
inner join party_party as company_party on company.party = company_party.id
inner join party_party as party on invoice.party = party.id
inner join currency_currency as currency on invoice.currency = currency.id
left join account_invoice_payment_term as term on invoice.payment_term = term.id
left join account_move as move on invoice.move = move.id
left join account_move as cancel_move on invoice.cancel_move = cancel_move.id
where
    invoice.type = 'out'
    and invoice.number is not null
order by invoice.id
