-- 对账单 of every account: opening balance, every movement of the period and the running balance, per company, customer,
-- currency and class, as known now. One line per document and day: instalments of an invoice are one invoice to whoever
-- received it. Applications inside the account net to zero and are left out; the opening balance is the row without a date.
-- Not materialized, so that a filter on a customer reaches the tables. Columns that are parameters of `customer_statement`,
-- which asks this macro, are named in full: a parameter hides a bare column.
create or replace macro marts.customer_statements(from_date, to_date) as table
with movement as not materialized (
    select
        movement.company_code,
        movement.customer_id,
        movement.effective_date,
        movement.receivable_class,
        movement.currency,
        movement.movement_kind,
        movement.allocation_id,
        item.document_id,
        item.item_kind,
        movement.amount_document,
        movement.amount_functional
    from marts.fct_receivable_movement as movement
    inner join marts.fct_open_item as item on movement.open_item_id = item.open_item_id
    where
        movement.known_to = timestamp '9999-12-31 00:00:00'
        and movement.effective_date <= cast(to_date as date)
),
line as (
    select
        movement.company_code,
        movement.customer_id,
        cast(null as date) as effective_date,
        receivable_class,
        currency,
        'opening' as movement_kind,
        cast(null as varchar) as document_id,
        cast(null as varchar) as item_kind,
        cast(null as varchar) as allocation_id,
        sum(amount_document) as amount_document,
        sum(amount_functional) as amount_functional
    from movement
    where effective_date < cast(from_date as date)
    group by movement.company_code, movement.customer_id, receivable_class, currency
    union all
    select
        movement.company_code,
        movement.customer_id,
        effective_date,
        receivable_class,
        currency,
        movement_kind,
        case when min(document_id) = max(document_id) then min(document_id) end as document_id,
        case when min(item_kind) = max(item_kind) then min(item_kind) end as item_kind,
        allocation_id,
        sum(amount_document) as amount_document,
        sum(amount_functional) as amount_functional
    from movement
    where effective_date >= cast(from_date as date)
    group by
        movement.company_code, movement.customer_id, effective_date, receivable_class, currency, movement_kind,
        allocation_id,
        -- the legs of an allocation belong together whatever they stand on
        case when allocation_id is null then item_kind end,
        case when allocation_id is null then document_id end
    having sum(amount_document) <> 0 or sum(amount_functional) <> 0
)
select
    line.company_code,
    line.customer_id,
    effective_date,
    receivable_class,
    currency,
    movement_kind,
    document_id,
    cast(amount_document as decimal(18, 2)) as amount_document,
    cast(amount_functional as decimal(18, 2)) as amount_functional,
    cast(sum(amount_document) over (
        partition by line.company_code, line.customer_id, receivable_class, currency
        order by
            effective_date nulls first, movement_kind, document_id, amount_document, allocation_id, item_kind
        rows between unbounded preceding and current row
    ) as decimal(18, 2)) as balance_document,
    item_kind,
    allocation_id
from line;
