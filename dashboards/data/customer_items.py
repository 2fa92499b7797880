"""What one customer has open: items, credits and bills, each with what is said and expected of it.

Belongs here: rows of open items of a customer. Must not: movements and source rows (drill.py), totals (aging.py).
"""

from __future__ import annotations

from dashboards.data.aging import Scheme, items_in
from dashboards.data.customer import Customer, key
from dashboards.data.netting import TRADE
from dashboards.data.release import Release, Row, fetch, fetch_whole
from dashboards.data.scope import Scope

PARTS = ("debit", "credit", "bill")
MOST_SHOWN = 300
BILL_CLASSES = ("bill", "bill_transferred")


def scope_of(
    release: Release, customer: Customer, *, scheme: Scheme, classes: tuple[str, ...] = (TRADE,)
) -> Scope:
    """The aging scope of one customer on the release's own day, in reporting currency; no classes: all of them."""
    return Scope(
        as_of=release.as_of,
        known_at=None,
        scheme=scheme.code,
        unit=scheme.unit,
        classes=classes,
        has_intragroup=True,
        customer=customer,
    )


def open_items(release: Release, customer: Customer, *, scheme: Scheme) -> list[Row]:
    """Open items for the screen: of each part the oldest (of bills the first to mature), with how many there are."""
    sql, parameters = _open_items(release, customer, scheme=scheme)
    shown = f"""
select *
from ({sql}) as item
qualify row_number() over (partition by part order by {_ORDER}) <= {MOST_SHOWN}
order by part, {_ORDER}"""
    return fetch(release, shown, **parameters)


def every_open_item(release: Release, customer: Customer, *, scheme: Scheme, part: str) -> list[Row]:
    """All open items of a part, however many: for a file."""
    sql, parameters = _open_items(release, customer, scheme=scheme)
    of_part = f"select * from ({sql}) as item where part = $part order by {_ORDER}"
    return fetch_whole(release, of_part, **parameters, part=part)


_ORDER = "days_past_due desc, due_date, open_item_id"


def _open_items(release: Release, customer: Customer, *, scheme: Scheme) -> tuple[str, dict[str, object]]:
    scope = scope_of(release, customer, scheme=scheme, classes=())
    items = items_in(release, scope)
    bills = ", ".join(f"'{code}'" for code in BILL_CLASSES)
    sql = f"""{items.text},

promise as (

    select
        item.open_item_id,
        promise.promised_date,
        promise.status as promise_status
    from item
    inner join marts.mart_promise as promise
        on item.company_code = promise.company_code
        and item.document_id = promise.document_id
        and (promise.instalment_no is null or item.instalment_no = promise.instalment_no)
    where promise.kind != 'extension' and promise.status != 'cancelled'
        and promise.company_code = $company_code and promise.customer_id = $customer_id
    qualify row_number() over (
        partition by item.open_item_id
        order by promise.status != 'open', promise.promised_date desc, promise.promise_id
    ) = 1

),

warning as (

    select
        item.open_item_id,
        list_sort(list(distinct warning.rule_name_zh)) as warnings_zh,
        list_sort(list(distinct warning.rule_name_en)) as warnings_en
    from item
    inner join marts.mart_risk_warning as warning
        on item.open_item_id = warning.open_item_id
        or (warning.open_item_id is null and item.document_id = warning.document_id)
    where warning.is_open and warning.company_code = $company_code and warning.customer_id = $customer_id
    group by item.open_item_id

)

select
    case
        when item.receivable_class in ({bills}) then 'bill'
        when item.is_credit then 'credit'
        else 'debit'
    end as part,
    item.open_item_id,
    item.company_code,
    item.customer_id,
    item.document_id,
    item.instalment_no,
    item.item_kind,
    item.receivable_class,
    item.document_date,
    item.due_date,
    item.original_due_date,
    item.days_past_due,
    item.currency,
    item.open_amount_document,
    item.amount as open_amount_reporting,
    item.disputed_document,
    promise.promised_date,
    promise.promise_status,
    prediction.pay_date_p10,
    prediction.pay_date_p50,
    prediction.pay_date_p90,
    prediction.reasons_zh,
    prediction.reasons_en,
    warning.warnings_zh,
    warning.warnings_en,
    bill.bill_id,
    bill.method,
    bill.acceptor,
    bill.acceptor_kind,
    bill.maturity_date,
    bill.days_to_maturity,
    bill.bill_state,
    count(*) over (
        partition by item.receivable_class in ({bills}), item.receivable_class not in ({bills}) and item.is_credit
    ) as part_count
from item
left join promise on item.open_item_id = promise.open_item_id
left join warning on item.open_item_id = warning.open_item_id
left join marts.mart_payment_prediction as prediction
    on item.open_item_id = prediction.open_item_id
    and prediction.company_code = $company_code and prediction.customer_id = $customer_id
left join marts.mart_bill as bill
    on item.receivable_class in ({bills})
    and item.document_id = bill.receipt_id
    and bill.company_code = $company_code and bill.customer_id = $customer_id
-- a revaluation journal is open in our books alone
where item.open_amount_document != 0"""
    return sql, items.parameters | key(customer)
