-- Grain: one row per posted line on a receivable account (account_account_type.receivable).
-- Amounts: debit and credit in the currency of the company, at least one of them 0; amount_second_currency is signed and
-- NULL where the line is in the currency of the company.
-- Lines with one reconciliation_id settle each other. reconciliation_date is the later of their dates, as Tryton sets it.
-- posted_on is the day on which the move was posted, the only trace of when it was keyed in that the database has:
-- create_date and write_date are the server's wall clock.
select
    line.id as line_id,
    company_party.code as company_code,
    move.number as move_number,
    journal.code as journal,
    move.date as posting_date,
    move.post_date as posted_on,
    line.maturity_date,
    party.code as customer_code,
    account.code as account_code,
    line.debit,
    line.credit,
    second_currency.code as second_currency,
    line.amount_second_currency,
    invoice.number as invoice_number,
    paid_invoice.number as pays_invoice,
    move.description as move_description,
    line.reconciliation as reconciliation_id,
    reconciliation.date as reconciliation_date
from account_move_line as line
inner join account_move as move on line.move = move.id
inner join account_account as account on line.account = account.id
inner join account_account_type as account_type on account.type = account_type.id
inner join account_journal as journal on move.journal = journal.id
inner join company_company as company on move.company = company.id
inner join party_party as company_party on company.party = company_party.id
left join party_party as party on line.party = party.id
left join currency_currency as second_currency on line.second_currency = second_currency.id
left join account_move_reconciliation as reconciliation on line.reconciliation = reconciliation.id
-- the invoice that this move books
left join account_invoice as invoice on invoice.move = move.id
-- the invoice that a payment names: origin is `account.invoice,<id>`
left join account_invoice as paid_invoice
    on
        move.origin = 'account.invoice,' || cast(paid_invoice.id as varchar)
        and paid_invoice.move <> move.id
where
    account_type.receivable
    and move.state = 'posted'
order by line.id
