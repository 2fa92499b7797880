"""The way down: items of a customer or bucket, their movements, and the source row of each.

Belongs here: queries that end at one item, one movement, one source row. Must not: aggregate what the aging page
shows (aging.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dashboards.data.aging import has_own_day, items_in
from dashboards.data.measures import COUNT_FLOOR, disputed_sum
from dashboards.data.release import Release, Row, fetch, fetch_whole
from dashboards.data.scope import KNOWN_NOW, Scope

MOST_ITEMS = 2_000
# What a list of items shows, the customer's own columns first.
ITEM_COLUMNS = (
    "company_code", "customer_id", "customer_name", "document_id", "instalment_no", "item_kind", "receivable_class",
    "document_date", "due_date", "original_due_date", "agreed_due_date", "days_past_due", "bucket", "currency",
    "open_amount_document", "shown_currency", "amount", "control_account",
)  # fmt: skip


@dataclass(frozen=True)
class Source:
    """One source row, the delivery it came with, and the delivery and row that made the movement.

    They are the same when `is_exact`. They differ where a newer version of the row is what is published.
    """

    table: str
    row: Row
    load: Row
    made_by: Row
    is_exact: bool


def items(
    release: Release, scope: Scope, *, customer: tuple[str, str] | None = None, bucket: str | None = None
) -> list[Row]:
    """Open items for the screen, oldest first, at most `MOST_ITEMS`; `bucket` and `customer` narrow them."""
    sql, parameters = _items(release, scope, customer=customer, bucket=bucket)
    return fetch(release, f"{sql}\nlimit {MOST_ITEMS}", **parameters)


def every_item(release: Release, scope: Scope) -> list[Row]:
    """All open items of a scope, however many: for a file."""
    sql, parameters = _items(release, scope, customer=None, bucket=None)
    return fetch_whole(release, sql, **parameters)


def _items(
    release: Release, scope: Scope, *, customer: tuple[str, str] | None, bucket: str | None
) -> tuple[str, dict[str, object]]:
    statement = items_in(release, scope if customer is None else scope.changed(customer=customer))
    conditions, parameters = ["true"], dict(statement.parameters)
    if bucket is not None:
        conditions.append("bucket = $bucket")
        parameters["bucket"] = bucket
    sql = f"""{statement.text}
select
    open_item_id, company_code, customer_id, customer_name, item_kind, receivable_class, document_id, instalment_no,
    document_date, posting_date, due_date, original_due_date, agreed_due_date, days_past_due, bucket, currency,
    open_amount_document, shown_currency, amount, presented, control_account
from item
where {" and ".join(conditions)}
order by days_past_due desc, open_item_id"""
    return sql, parameters


def customers_of_bucket(release: Release, scope: Scope, *, bucket: str) -> list[Row]:
    """Customers with something in one bucket, largest first."""
    statement = items_in(release, scope)
    sql = f"""{statement.text}
select
    company_code, customer_id, max(customer_name) as customer_name, shown_currency,
    coalesce(sum(presented), 0) as amount, count(*) as item_count, max(days_past_due) as oldest_days
from item
where bucket = $bucket
group by company_code, customer_id, shown_currency
order by abs(coalesce(sum(presented), 0)) desc, company_code, customer_id"""
    return fetch(release, sql, **statement.parameters, bucket=bucket)


def customer_figures(release: Release, scope: Scope, *, customer: tuple[str, str]) -> list[Row]:
    """The figures of a customer's sentence, one row per currency shown."""
    contested = disputed_sum(is_published=has_own_day(release, scope))
    items = items_in(release, scope.changed(presentation="net", customer=customer))
    sql = f"""{items.text}
select
    max(customer_name) as customer_name,
    shown_currency,
    coalesce(sum(amount), 0) as outstanding,
    coalesce(sum(amount) filter (where not is_credit and days_past_due > 0), 0) as overdue,
    count(*) filter (where open_amount_document >= {COUNT_FLOOR} and days_past_due > 0) as overdue_count,
    coalesce(max(days_past_due) filter (where not is_credit and days_past_due > 0), 0) as oldest_days,
    coalesce(sum(amount) filter (where is_credit), 0) as unapplied,
    {contested} as disputed,
    coalesce(sum(presented) filter (where not is_credit and days_past_due > 0), 0) as net_overdue
from item
group by shown_currency
order by shown_currency"""
    return fetch(release, sql, **items.parameters)


def item_on(release: Release, *, open_item_id: str, day: date) -> Row | None:
    """One item with what is open of it at the end of a day, for the way down to its movements."""
    rows = fetch(
        release,
        """
select
    open_item_id, company_code, customer_id, document_id, instalment_no,
    -- the last balance before it was settled ends before the day
    case when effective_to > cast($day as date) then open_amount_document else 0 end as open_amount_document
from marts.fct_open_item_balance
where open_item_id = $open_item_id and effective_from <= cast($day as date)
    and known_to > cast($known_at as timestamp)
order by effective_from desc
limit 1""",
        open_item_id=open_item_id,
        day=day,
        known_at=release.known_at,
    )
    return rows[0] if rows else None


def movements(release: Release, scope: Scope, *, open_item_id: str) -> list[Row]:
    """Every movement of one item up to the as-of date, as known then, with the running balance."""
    # on one day an item opens, is settled, and is closed, in this order
    along = """effective_date,
        case
            when allocation_id is not null then 1
            when movement_kind in ('billed', 'credit_note', 'cash', 'bill_received', 'refund') then 0
            else 2
        end,
        movement_id"""
    sql = f"""
select
    movement_id, effective_date, movement_kind, amount_document, amount_functional, currency, allocation_id,
    counterpart_open_item_id, is_inferred, known_from, _load_id, _row, company_code, open_item_id,
    sum(amount_document) over (
        order by {along}
        rows between unbounded preceding and current row
    ) as running_balance
from marts.fct_receivable_movement
where open_item_id = $open_item_id
    and effective_date <= cast($as_of as date)
    and known_from <= cast($known_at as timestamp)
    and known_to > cast($known_at as timestamp)
order by {along}"""
    return fetch(
        release,
        sql,
        open_item_id=open_item_id,
        as_of=scope.as_of,
        known_at=scope.known_at or KNOWN_NOW,
    )


def disputes(release: Release, scope: Scope, *, item: Row) -> list[Row]:
    """Disputes of an item, of its instalment or of the whole document, opened by the as-of date."""
    return fetch(
        release,
        """
select *
from marts.fct_dispute
where company_code = $company_code and document_id = $document_id
    and (instalment_no is null or instalment_no = $instalment_no)
    and opened_on <= cast($as_of as date) and known_from <= cast($known_at as timestamp)
order by opened_on desc, dispute_id""",
        document_id=item["document_id"],
        **_of_item(scope, item),
    )


def promises(release: Release, scope: Scope, *, item: Row) -> list[Row]:
    """Promises and extensions of an item, and promises for the customer's whole account (without a document)."""
    return fetch(
        release,
        """
select *
from marts.fct_promise
where company_code = $company_code
    and (
        (document_id = $document_id and (instalment_no is null or instalment_no = $instalment_no))
        or (document_id is null and customer_id = $customer_id)
    )
    and coalesce(made_on, promised_date) <= cast($as_of as date) and known_from <= cast($known_at as timestamp)
order by document_id is null, promised_date desc, promise_id""",
        document_id=item["document_id"],
        customer_id=item["customer_id"],
        **_of_item(scope, item),
    )


def _of_item(scope: Scope, item: Row) -> dict[str, object]:
    return {
        "company_code": item["company_code"],
        "instalment_no": item["instalment_no"],
        "as_of": scope.as_of,
        "known_at": scope.known_at or KNOWN_NOW,
    }


def source_of(release: Release, movement: Row) -> Source | None:
    """The source row behind a movement: of the entity whose delivery made it, else of what the movement is about."""
    made_by = load(release, load_id=movement["_load_id"])
    table, rows = "", []
    for table, keys in _source_keys(movement, entity=str(made_by.get("entity"))):
        conditions = " and ".join(f"{name} = ${name}" for name in keys)
        if rows := fetch(release, f"select * from marts.{table} where {conditions}", **keys):
            break
    if not rows:
        return None
    exact = [
        row for row in rows if (row["_load_id"], row["_row"]) == (movement["_load_id"], movement["_row"])
    ]
    row = (exact or rows)[0]
    return Source(
        table=table,
        row=row,
        load=load(release, load_id=row["_load_id"]),
        made_by=made_by,
        is_exact=bool(exact),
    )


def load(release: Release, *, load_id: int) -> Row:
    """The delivery a row came with; empty when the release does not list it."""
    rows = fetch(release, "select * from marts.dim_release_load where load_id = $load_id", load_id=load_id)
    return rows[0] if rows else {}


def _source_keys(movement: Row, *, entity: str) -> list[tuple[str, dict[str, object]]]:
    """Where the source row may be: the row that made the movement first, then what is left where that was withdrawn."""
    company = {"company_code": movement["company_code"]}
    _, kind, identifier, *instalment = str(movement["open_item_id"]).split("|")
    found: list[tuple[str, dict[str, object]]] = []
    if entity == "bill_event":
        found.append(("fct_bill_event", company | {name: movement[name] for name in ("_load_id", "_row")}))
    if entity == "instalment" and instalment:
        found.append(
            ("fct_instalment", company | {"document_id": identifier, "instalment_no": int(instalment[0])})
        )
    if movement["allocation_id"]:
        return [*found, ("fct_allocation", company | {"allocation_id": movement["allocation_id"]})]
    # a bill is what became of the receipt that brought it
    receipt = ("fct_receipt", company | {"receipt_id": identifier})
    return [
        *found,
        receipt if kind in ("R", "B") else ("fct_document", company | {"document_id": identifier}),
    ]
