-- Grain: one row per party, the company's own among them. payment_term is the one agreed for sales, NULL where none is.
-- Without addresses and contact mechanisms: contact data is kept apart.
select
    party.id as party_id,
    party.code as party_code,
    party.name as party_name,
    case when party.active then 'true' else 'false' end as is_active,
    term.name as payment_term
from party_party as party
left join party_party_payment_term as agreed on agreed.party = party.id
left join account_invoice_payment_term as term on agreed.customer_payment_term = term.id
order by party.id
