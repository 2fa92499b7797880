"""Files of the aging page: the matrix, cash received since, a customer's statement.

Belongs here: which rows, columns and headings a file has. Must not: write bytes (ui/downloads.py), or query outside
`data`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import streamlit as st

from dashboards.data import aging, customers, drill
from dashboards.data.release import Release, Row
from dashboards.i18n import bilingual, label, language, t
from dashboards.ui import downloads, exports, numbers
from dashboards.ui.downloads import Sheet
from dashboards.views.parts.aging_filters import Chosen
from dashboards.views.parts.dates import months_before

EVERYTHING = 1_000_000
STATEMENT_MONTHS = 2
RECEIVED_SUMS = ("open_amount_document", "received_amount_document", "remaining_amount_document")
RECEIVED_CUSTOMER = (
    "company_code",
    "customer_id",
    "customer_name",
    "currency",
    *RECEIVED_SUMS,
    "last_received_on",
)
RECEIVED_ITEM = (
    "company_code", "customer_id", "customer_name", "document_id", "instalment_no", "due_date", "days_past_due",
    "currency", *RECEIVED_SUMS, "last_received_on",
)  # fmt: skip
STATEMENT_COLUMNS = (
    "effective_date", "receivable_class", "currency", "movement_kind", "document_id", "amount_document",
    "balance_document",
)  # fmt: skip


def draw(release: Release, chosen: Chosen) -> None:
    """Buttons below the matrix."""
    name = f"{numbers.day(chosen.scope.as_of)}-{release.release_id}"
    columns = st.columns([1, 1, 1.9, 4.6], vertical_alignment="center")
    with columns[0]:
        exports.button(
            t("download.csv"),
            lambda: downloads.csv_bytes(_matrix_rows(release, chosen), columns=_matrix_columns(chosen)),
            file_name=f"aging-{name}.csv", mime=exports.CSV, key="csv", icon=":material/download:", width="stretch",
        )  # fmt: skip
    with columns[1]:
        exports.button(
            t("download.xlsx"), lambda: matrix_workbook(release, chosen), file_name=f"aging-{name}.xlsx",
            mime=exports.XLSX, key="xlsx", icon=":material/download:", width="stretch",
        )  # fmt: skip
    is_past = chosen.scope.as_of < release.as_of
    with columns[2]:
        exports.button(
            t("download.received"), lambda: received_workbook(release, chosen), file_name=f"received-since-{name}.xlsx",
            mime=exports.XLSX, key="received", icon=":material/payments:", width="stretch",
            disabled=not is_past, help=t("download.received_help", until=numbers.day(release.as_of)),
        )  # fmt: skip
    if not is_past:
        columns[3].caption(t("download.received_when", until=numbers.day(release.as_of)))


def draw_statement(release: Release, chosen: Chosen, *, customer: tuple[str, str]) -> None:
    """The period of a customer's statement and the button that makes it."""
    as_of = chosen.scope.as_of
    columns = st.columns([1.1, 1.1, 1.9, 4.4], vertical_alignment="bottom")
    first_day = columns[0].date_input(
        t("statement.from"), value=months_before(as_of, months=STATEMENT_MONTHS), key=f"statement_from_{as_of}",
        format="YYYY-MM-DD",
    )  # fmt: skip
    last_day = columns[1].date_input(
        t("statement.to"), value=as_of, key=f"statement_to_{as_of}", format="YYYY-MM-DD"
    )
    if not isinstance(first_day, date) or not isinstance(last_day, date) or first_day > last_day:
        columns[2].warning(t("statement.order"))
        return
    with columns[2]:
        exports.button(
            t("download.statement"),
            lambda: statement_workbook(release, customer=customer, first_day=first_day, last_day=last_day),
            file_name=f"statement-{customer[0]}-{customer[1]}-{numbers.day(last_day)}.xlsx", mime=exports.XLSX,
            key="statement", icon=":material/receipt_long:", width="stretch", help=t("download.statement_help"),
        )  # fmt: skip


def matrix_workbook(release: Release, chosen: Chosen) -> bytes:
    """Matrix, every item behind it, and the scope."""
    items = drill.every_item(release, chosen.scope)
    return downloads.xlsx_bytes(
        {
            t("download.matrix"): Sheet(_matrix_rows(release, chosen), _matrix_columns(chosen)),
            t("download.items"): Sheet(_worded(items, chosen), _headers(drill.ITEM_COLUMNS)),
            t("download.scope"): _scope_sheet(release, chosen),
        }
    )


def received_workbook(release: Release, chosen: Chosen) -> bytes:
    """Cash received since the as-of date, by customer and by item."""
    rows = customers.received_since(release, chosen.scope)
    until = numbers.day(release.as_of)
    heading = ((t("filter.as_of"), numbers.day(chosen.scope.as_of)), (t("download.received_until"), until))
    return downloads.xlsx_bytes(
        {
            t("download.customers"): Sheet(_by_customer(rows), _headers(RECEIVED_CUSTOMER), heading),
            t("download.items"): Sheet(rows, _headers(RECEIVED_ITEM), heading),
            t("download.scope"): _scope_sheet(release, chosen),
        }
    )


def statement_workbook(
    release: Release, *, customer: tuple[str, str], first_day: date, last_day: date
) -> bytes:
    """A statement for the customer, worded in both languages because its reader is not the one who makes it."""
    rows = customers.statement(release, customer=customer, first_day=first_day, last_day=last_day)
    company = next(
        (row["name"] for row in aging.companies(release) if row["company_code"] == customer[0]), None
    )
    name = next(iter(customers.names(release, customer=customer)), customer[1])
    period = f"{numbers.day(first_day)} – {numbers.day(last_day)}"
    heading = [
        (bilingual("statement", "title"), ""),
        (bilingual("column", "company_code"), f"{customer[0]} {company or ''}".strip()),
        (bilingual("column", "customer_name"), f"{customer[1]} {name}"),
        (bilingual("statement", "period"), period),
        (bilingual("strip", "release"), release.release_id),
    ]
    closing = {(row["receivable_class"], row["currency"]): row["balance_document"] for row in rows}
    for (receivable_class, currency), balance in closing.items():
        of_class = bilingual("receivable_class", receivable_class)
        heading.append((f"{bilingual('statement', 'closing')} {of_class} {currency}", balance))
    worded = [
        row
        | {
            "effective_date": row["effective_date"] or first_day,
            "movement_kind": bilingual("movement_kind", row["movement_kind"]),
            "receivable_class": bilingual("receivable_class", row["receivable_class"]),
        }
        for row in rows
    ]
    columns = {name: bilingual("column", name) for name in STATEMENT_COLUMNS}
    return downloads.xlsx_bytes({bilingual("statement", "title"): Sheet(worded, columns, heading)})


def _matrix_rows(release: Release, chosen: Chosen) -> list[Row]:
    facts = customers.facts(release, chosen.scope)
    rows = aging.matrix(release, chosen.scope, scheme=chosen.scheme, limit=EVERYTHING)
    # a customer may have no master row
    return [facts.get((row["company_code"], row["customer_id"]), {}) | row for row in rows]


def _matrix_columns(chosen: Chosen) -> dict[str, str]:
    columns = _headers(("company_code", "customer_id", "customer_name", "shown_currency"))
    if chosen.scope.presentation == "per_item":
        columns |= _headers(("document_id", "instalment_no", "due_date", "currency"))
    columns |= _headers(("outstanding",))
    columns |= {f"bucket_{bucket.number}": bucket.label(language()) for bucket in chosen.scheme.buckets}
    return columns | _headers(
        ("unapplied_cash", "open_credits", "overdue", "disputed", "oldest_days", "last_payment_on", "next_promise_on",
         "collector", "sales_owner")
    )  # fmt: skip


def _worded(items: Sequence[Row], chosen: Chosen) -> list[Row]:
    names = {bucket.code: bucket.label(language()) for bucket in chosen.scheme.buckets}
    return [
        row | {"item_kind": label("item_kind", row["item_kind"]), "bucket": names.get(row["bucket"], row["bucket"]),
               "receivable_class": label("receivable_class", row["receivable_class"])}
        for row in items
    ]  # fmt: skip


def _by_customer(rows: Sequence[Row]) -> list[Row]:
    found: dict[tuple[str, ...], Row] = {}
    for row in rows:
        key = (row["company_code"], row["customer_id"], row["currency"])
        line = found.setdefault(
            key, {name: row[name] for name in RECEIVED_CUSTOMER} | dict.fromkeys(RECEIVED_SUMS, Decimal(0))
        )
        line |= {name: line[name] + row[name] for name in RECEIVED_SUMS}
        days = [day for day in (line["last_received_on"], row["last_received_on"]) if day]
        line["last_received_on"] = max(days, default=None)
    return list(found.values())


def _headers(names: Sequence[str]) -> dict[str, str]:
    return {name: label("column", name) for name in names}


def _scope_sheet(release: Release, chosen: Chosen) -> Sheet:
    rows = [{"name": key, "value": value} for key, value in _scope_facts(release, chosen).items()]
    return Sheet(rows, _headers(("name", "value")))


def _scope_facts(release: Release, chosen: Chosen) -> dict[str, str]:
    scope = chosen.scope
    everything = t("filter.all")
    natures = [label("deal_nature", code) for code in scope.natures]
    classes = [label("receivable_class", code) for code in scope.classes]
    return {
        t("strip.release"): release.release_id,
        t("filter.as_of"): numbers.day(scope.as_of),
        t("filter.known_on"): numbers.moment(scope.known_at) or t("filter.now"),
        t("filter.scheme"): chosen.scheme.label(language()),
        t("filter.basis"): label("basis", scope.basis),
        t("filter.presentation"): label("presentation", scope.presentation),
        t("filter.currency_basis"): label("currency_basis", scope.currency_basis),
        t("filter.currency"): scope.currency or everything,
        t("filter.company"): ", ".join(scope.companies) or everything,
        t("filter.class"): ", ".join(classes) or everything,
        t("filter.owner"): ", ".join(scope.collectors + scope.sales_owners) or everything,
        t("filter.segment"): ", ".join([*natures, *scope.regions]) or everything,
        t("filter.intragroup"): t("common.yes") if scope.has_intragroup else t("common.no"),
        t("filter.minimum"): f"{scope.minimum:,}",
    }
