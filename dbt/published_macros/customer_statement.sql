-- 对账单: opening balance, every movement of the period and the running balance, per currency and class, as known now.
-- Applications inside the account net to zero and are left out; the opening balance is the row without a date.
create or replace macro marts.customer_statement(company_code, customer_id, from_date, to_date) as table
with movement as (
    select
        movement.effective_date,
        movement.receivable_class,
        movement.currency,
        movement.movement_kind,
        movement.open_item_id,
        movement.allocation_id,
        item.document_id,
        movement.amount_document,
        movement.amount_functional
    from marts.fct_receivable_movement as movement
    inner join marts.fct_open_item as item on movement.open_item_id = item.open_item_id
    where
        movement.company_code = company_code
        and movement.customer_id = customer_id
        and movement.known_to = timestamp '9999-12-31 00:00:00'
        and movement.effective_date <= cast(to_date as date)
),
line as (
    select
        cast(null as date) as effective_date,
        receivable_class,
        currency,
        'opening' as movement_kind,
        cast(null as varchar) as document_id,
        sum(amount_document) as amount_document,
        sum(amount_functional) as amount_functional
    from movement
    where effective_date < cast(from_date as date)
    group by receivable_class, currency
    union all
    select
        effective_date,
        receivable_class,
        currency,
        movement_kind,
        case when min(document_id) = max(document_id) then min(document_id) end as document_id,
        sum(amount_document) as amount_document,
        sum(amount_functional) as amount_functional
    from movement
    where effective_date >= cast(from_date as date)
    group by effective_date, receivable_class, currency, movement_kind, coalesce(allocation_id, open_item_id)
    having sum(amount_document) <> 0 or sum(amount_functional) <> 0
)
select
    effective_date,
    receivable_class,
    currency,
    movement_kind,
    document_id,
    cast(amount_document as decimal(18, 2)) as amount_document,
    cast(amount_functional as decimal(18, 2)) as amount_functional,
    cast(sum(amount_document) over (
        partition by receivable_class, currency
        order by effective_date nulls first, movement_kind, document_id, amount_document
        rows between unbounded preceding and current row
    ) as decimal(18, 2)) as balance_document
from line
order by receivable_class, currency, effective_date nulls first, movement_kind, document_id, amount_document;
