"""Files of the aging page: the matrix, cash received since.

Belongs here: which rows, columns and headings a file has. Must not: write bytes (ui/downloads.py), or query outside
`data`.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import partial

import streamlit as st

from dashboards.data import aging, customers, drill
from dashboards.data.release import Release, Row
from dashboards.i18n import label, language, t
from dashboards.ui import downloads, exports, numbers
from dashboards.ui.downloads import Sheet
from dashboards.views.parts.aging_filters import Chosen

EVERYTHING = 1_000_000
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
            t("download.xlsx"), partial(matrix_workbook, release, chosen), file_name=f"aging-{name}.xlsx",
            mime=exports.XLSX, key="xlsx", icon=":material/download:", width="stretch",
        )  # fmt: skip
    is_past = chosen.scope.as_of < release.as_of
    with columns[2]:
        exports.button(
            t("download.received"), partial(received_workbook, release, chosen),
            file_name=f"received-since-{name}.xlsx", mime=exports.XLSX, key="received", icon=":material/payments:",
            width="stretch", disabled=not is_past,
            help=t("download.received_help", until=numbers.day(release.as_of)),
        )  # fmt: skip
    if not is_past:
        columns[3].caption(t("download.received_when", until=numbers.day(release.as_of)))


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
