"""Sections of the working list: rows with the ladder and contact data beside them, and the workbook of all of it.

Belongs here: which columns a section has. Must not: who is shown contact data (reach.py), or which rows there are
(data/worklist.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import streamlit as st

from dashboards.access.viewer import Viewer
from dashboards.data import collection, worklist
from dashboards.data.contacts import COLUMNS as CONTACT_COLUMNS
from dashboards.data.contacts import Contact, ContactsUnreadable
from dashboards.data.customer import Customer
from dashboards.data.release import Release, Row
from dashboards.i18n import label, t
from dashboards.ui import downloads, exports, links, numbers, page, tables
from dashboards.ui.downloads import Sheet
from dashboards.ui.numbers import Unit
from dashboards.views.parts import contact_words, ladder_words, reach

LINK = tables.CUSTOMER_LINK
# on the screen a name and a number are enough to call; the workbook has the addresses too
CALL_COLUMNS = ("contact_name", "contact_phone")
COLUMNS = {
    "coming": ("customer_name", "amount_reporting", "disputed_reporting", "promised_reporting", "item_total",
               "due_date", "days_to_due", "reached_step", "next_step", "collector", "sales_owner"),
    "fresh": ("customer_name", "amount_reporting", "disputed_reporting", "promised_reporting", "item_total",
              "due_date", "days_overdue", "reached_step", "next_step", "collector", "sales_owner"),
    "due": ("customer_name", "amount_reporting", "missing_document", "currency", "promised_date", "days_to_promise",
            "grace_end_date", "kind", "document_id", "collector", "sales_owner"),
    "broken": ("customer_name", "amount_reporting", "missing_document", "currency", "promised_date",
               "days_since_promised", "kind", "document_id", "collector", "sales_owner"),
    "unapplied": ("customer_name", "amount_reporting", "receipt_count", "oldest_receipt_on", "days_unapplied",
                  "overdue_reporting", "collector", "sales_owner"),
    "reached": ("customer_name", "amount_reporting", "days_overdue", "reached_on", "reached_how", "reached_step",
                "next_step", "days_since_reached", "reached_by", "collector", "sales_owner"),
}  # fmt: skip
# only where there is any
HELD = ("disputed_reporting", "promised_reporting")
ITEM_COLUMNS = (
    "company_code", "customer_id", "customer_name", "document_id", "instalment_no", "due_date", "days_past_due",
    "currency", "open_amount_document", "amount_reporting", "disputed_reporting", "collector", "sales_owner",
)  # fmt: skip


@dataclass(frozen=True)
class Section:
    """One table of the list; `count` and `amount` are those of all its rows, also of those not read."""

    name: str
    rows: list[Row]

    @property
    def count(self) -> int:
        return int(self.rows[0]["section_count"]) if self.rows else 0

    @property
    def amount(self) -> Decimal:
        return Decimal(self.rows[0]["section_amount"]) if self.rows else Decimal(0)


def sections(
    release: Release, *, owner: str | None, limit: int | None = worklist.MOST_ROWS
) -> dict[str, Section]:
    """Every section, in the order of the page."""
    found = {
        "coming": worklist.falling_due(release, owner=owner, section="coming", limit=limit),
        "fresh": worklist.falling_due(release, owner=owner, section="fresh", limit=limit),
        "due": worklist.promises(release, owner=owner, section="due", limit=limit),
        "broken": worklist.promises(release, owner=owner, section="broken", limit=limit),
        "unapplied": worklist.unapplied(release, owner=owner, limit=limit),
        "reached": worklist.reached(release, owner=owner, limit=limit),
    }
    return {name: Section(name, rows) for name, rows in found.items()}


def unit_of(found: dict[str, Section]) -> Unit:
    """One unit for the page, so that its sections can be compared."""
    rows = [row for section in found.values() for row in section.rows]
    return numbers.table_unit_for(
        max((abs(row["amount_reporting"] or 0) for row in rows), default=Decimal(0))
    )


def customers_of(found: dict[str, Section]) -> set[Customer]:
    """Everybody in the list."""
    return {_customer(row) for section in found.values() for row in section.rows}


def draw(release: Release, section: Section, *, unit: Unit, reachable: Mapping[Customer, Contact]) -> None:
    """A section with its sum, its definition and its files.

    Args:
        reachable: contact data of those whom the reader may reach.
    """
    title = t(
        "mine.section_title",
        name=label("mine_section", section.name),
        count=f"{section.count:,}",
        amount=numbers.money(section.amount, currency=release.reporting_currency),
    )
    st.subheader(title, anchor=False, help=_definition(section))
    if not section.rows:
        st.caption(t("mine.section_nothing"))
        return
    rows = worded(release, section, reachable=reachable)
    shown = [name for name in COLUMNS[section.name] if name not in HELD or any(row[name] for row in rows)]
    columns = [*shown, *_filled(rows, CALL_COLUMNS)]
    tables.plain(rows, columns=[LINK, *columns], unit=unit, height=tables.table_height(len(rows), most=8))
    if len(rows) < section.count:
        st.caption(t("mine.section_cut", shown=f"{len(rows):,}", count=f"{section.count:,}"))
    exports.of_table(
        release, rows, columns=["company_code", "customer_id", *columns], name=f"mine-{section.name}"
    )


def export(release: Release, *, owner: str | None) -> None:
    """One button for the whole list, a sheet per section and one for the items of what is or falls due."""
    viewer = page.viewer()
    exports.button(
        t("mine.export"), lambda: workbook(release, owner=owner, viewer=viewer),
        file_name=f"my-list-{release.as_of:%Y-%m-%d}-{release.release_id}.xlsx", mime=exports.XLSX, key="mine_xlsx",
        icon=":material/download:", width="stretch",
    )  # fmt: skip


def workbook(release: Release, *, owner: str | None, viewer: Viewer) -> bytes:
    """Every row of every section, as this reader may have it."""
    heading = (*exports.heading(release), (t("owner.filter"), owner or t("mine.everybody")))
    found = sections(release, owner=owner, limit=None)
    try:
        reachable = reach.contacts_of(release, customers_of(found), viewer=viewer)
    except ContactsUnreadable as problem:
        # the list is worth having without them, if it says so
        reachable = {}
        heading = (
            *heading,
            (label("column", "contact_name"), t("contacts.unreadable", detail=problem.detail)),
        )
    sheets = {}
    for section in found.values():
        rows = worded(release, section, reachable=reachable)
        columns = ["company_code", "customer_id", *COLUMNS[section.name], *_filled(rows, CONTACT_COLUMNS)]
        sheets[label("mine_section", section.name)] = Sheet(rows, _headers(columns), heading)
    for name in ("coming", "fresh"):
        rows = [
            row | {"amount_reporting": row["open_amount_reporting"]}
            for row in worklist.items(release, owner=owner, section=name)
        ]
        title = t("mine.items_of", name=label("mine_section", name))
        sheets[title] = Sheet(rows, _headers(ITEM_COLUMNS), heading)
    return downloads.xlsx_bytes(sheets)


def worded(release: Release, section: Section, *, reachable: Mapping[Customer, Contact]) -> list[Row]:
    """Rows with the ladder, words for codes, a link, and contact data where the reader is shown any."""
    add = _ADDED[section.name]
    return [
        row
        | add(release, row)
        | {LINK: links.customer_page(row["company_code"], row["customer_id"])}
        | reachable.get(_customer(row), {})
        for row in section.rows
    ]


def _customer(row: Row) -> Customer:
    return row["company_code"], row["customer_id"]


def _definition(section: Section) -> str:
    definition = label("mine_definition", section.name)
    if "next_step" in COLUMNS[section.name]:
        return f"{definition} {t('ladder_step.definition')}"
    return definition


def _standing(release: Release, row: Row) -> Row:
    return ladder_words.standing(
        row["asked_from"], grade=row["grade"], as_of=release.as_of, taken=collection.taken_of(row),
        promised_until=row["promised_until"], is_covered=row["is_covered"],
    )  # fmt: skip


def _falling_due(release: Release, row: Row) -> Row:
    days = row["days_past_due"]
    return _standing(release, row) | {
        "item_total": row["item_count"],
        "days_to_due": -days,
        "days_overdue": days,
    }


def _promise(release: Release, row: Row) -> Row:
    return {"kind": label("promise_kind", row["kind"]), "days_to_promise": -row["days_since_promised"]}


def _unapplied(release: Release, row: Row) -> Row:
    return {"oldest_receipt_on": row["received_on"]}


def _reached(release: Release, row: Row) -> Row:
    return _standing(release, row) | {"days_overdue": row["days_past_due"], "reached_how": _how(row)}


def _how(row: Row) -> str | None:
    how = row["reached_how"]
    if how is None:
        return None
    told = contact_words.told(channel=row["reached_channel"], outcome=row["reached_outcome"])
    return told or label("reached_how", how)


_ADDED: dict[str, Callable[[Release, Row], Row]] = {
    "coming": _falling_due,
    "fresh": _falling_due,
    "due": _promise,
    "broken": _promise,
    "unapplied": _unapplied,
    "reached": _reached,
}


def _filled(rows: Sequence[Row], columns: Sequence[str]) -> list[str]:
    """Contact columns that somebody here has; none at all for a reader who is shown none."""
    return [name for name in columns if any(row.get(name) is not None for row in rows)]


def _headers(names: Sequence[str]) -> dict[str, str]:
    return {name: label("column", name) for name in names}
