-- 对账单 of one account: `customer_statements` of one customer of one company.
create or replace macro marts.customer_statement(company_code, customer_id, from_date, to_date) as table
select
    line.effective_date,
    line.receivable_class,
    line.currency,
    line.movement_kind,
    line.document_id,
    line.amount_document,
    line.amount_functional,
    line.balance_document,
    line.item_kind,
    line.allocation_id
from marts.customer_statements(from_date, to_date) as line
where line.company_code = company_code and line.customer_id = customer_id
order by
    line.receivable_class, line.currency, line.effective_date nulls first, line.movement_kind, line.document_id,
    line.amount_document, line.allocation_id, line.item_kind;
