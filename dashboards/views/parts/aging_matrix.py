"""The matrix of the aging page: rows x buckets, its totals, its proof.

Belongs here: laying rows out. Must not: add figures up (totals come from the same statement as the rows).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pandas as pd
import streamlit as st

from dashboards.data import aging, customers, status
from dashboards.data.aging import Bucket
from dashboards.data.release import Release, Row
from dashboards.i18n import label, language, t
from dashboards.ui import cards, numbers, tables
from dashboards.ui.numbers import Unit
from dashboards.views.parts.aging_filters import Chosen

PAGE_ROWS = aging.FIRST_ROWS
# Together they fill the page on a screen 1,440 wide.
NAME_WIDTH = 166
COMPANY_WIDTH = 66
TOTAL_WIDTH = 88
AMOUNT_WIDTH = 78
EXACT_WIDTH = 122
AGE_WIDTH = 68
DAY_WIDTH = 82
OWNER_WIDTH = 80
MOST_DIFFERENCES = 6
FACT_COLUMNS = ("last_payment_on", "next_promise_on", "collector")


@dataclass(frozen=True)
class Selected:
    """What the reader clicked: a customer, an item, a bucket, or some of these."""

    customer: tuple[str, str] | None = None
    open_item_id: str | None = None
    bucket: str | None = None


def draw(release: Release, chosen: Chosen, *, totals: list[Row], unit: Unit) -> Selected:
    """The matrix; returns what was clicked."""
    st.subheader(t("aging.matrix_title", unit=_unit_title(totals, unit=unit)), anchor=False)
    number = _page_number(chosen, totals=totals)
    rows = aging.matrix(
        release, chosen.scope, scheme=chosen.scheme, limit=PAGE_ROWS, offset=(number - 1) * PAGE_ROWS
    )
    below = [row for row in totals if row["part"] == "below"]
    total_rows = [row for row in totals if row["part"] == "total"]
    # Totals stand first: in a long table a last row would be out of sight.
    lines = [_summary_line(row, chosen, unit=unit, name=t("aging.total")) for row in total_rows]
    lines += [
        _summary_line(row, chosen, unit=unit, name=t("aging.below_minimum", count=row["row_count"]))
        for row in below
    ]
    summaries = set(range(len(lines)))
    shown = sorted({(row["company_code"], row["customer_id"]) for row in rows})
    facts = customers.facts(release, chosen.scope, customers=shown)
    lines += [
        _line(row, chosen, unit=unit) | _facts(facts.get((row["company_code"], row["customer_id"]), {}))
        for row in rows
    ]
    frame = pd.DataFrame(lines)
    buckets = [f"bucket_{bucket.number}" for bucket in chosen.scheme.buckets if bucket.code != "unapplied"]
    credits = [f"bucket_{bucket.number}" for bucket in chosen.scheme.buckets if bucket.code == "unapplied"]
    event = st.dataframe(
        tables.heat(frame, buckets=buckets, credits=[*credits, "credits"], totals=summaries),
        hide_index=True,
        column_config=_columns(chosen, unit=unit),
        column_order=_column_order(frame, totals=total_rows),
        on_select="rerun",
        selection_mode=["single-row", "single-cell"],
        key=f"matrix_{chosen.scope.digest}_{number}",
        row_height=tables.ROW_HEIGHT,
        height=tables.table_height(len(lines), most=20),
        placeholder="–",
        alt=t("aging.matrix_alt"),
    )
    st.caption(t("aging.matrix_hint"))
    _proof(release, chosen, totals=total_rows)
    return _selected(event.selection, rows=rows, chosen=chosen, first_row=len(summaries))


def _unit_title(totals: list[Row], *, unit: Unit) -> str:
    currencies = {row["shown_currency"] for row in totals}
    return f"{currencies.pop()} {unit.name}" if len(currencies) == 1 else unit.name


def _page_number(chosen: Chosen, *, totals: list[Row]) -> int:
    count = sum(row["row_count"] * (1 if row["part"] == "total" else -1) for row in totals)
    if count <= PAGE_ROWS:
        return 1
    left, right = st.columns([2.2, 6], vertical_alignment="center")
    with left:
        number = st.pagination(-(-count // PAGE_ROWS), key=f"page_{chosen.scope.digest}")
    right.caption(
        t("aging.page", first=(number - 1) * PAGE_ROWS + 1, last=min(number * PAGE_ROWS, count), count=count)
    )
    return number


def _line(row: Row, chosen: Chosen, *, unit: Unit) -> dict[str, Any]:
    line: dict[str, Any] = {"customer_name": row["customer_name"], "company_code": row["company_code"]}
    if chosen.scope.presentation == "per_item":
        line |= {"document_id": row["document_id"], "due_date": row["due_date"]}
    return line | _figures(row, chosen, unit=unit)


def _facts(row: Row) -> dict[str, Any]:
    return {name: row.get(name) for name in FACT_COLUMNS}


def _summary_line(row: Row, chosen: Chosen, *, unit: Unit, name: str) -> dict[str, Any]:
    line: dict[str, Any] = {"customer_name": name, "company_code": ""}
    if chosen.scope.presentation == "per_item":
        line |= {"document_id": "", "due_date": None}
    return line | _figures(row, chosen, unit=unit) | _facts({})


def _figures(row: Row, chosen: Chosen, *, unit: Unit) -> dict[str, Any]:
    names = [f"bucket_{bucket.number}" for bucket in chosen.scheme.buckets] + ["unassigned"]
    # The shown parts add up to the shown total.
    parts = dict(zip(names, numbers.apportioned([row[name] for name in names], unit=unit), strict=True))
    line: dict[str, Any] = {"shown_currency": row["shown_currency"]}
    line["outstanding"] = float(sum(parts.values(), Decimal(0)))
    line |= {name: float(value) for name, value in parts.items() if name != "unassigned" or value}
    if chosen.scope.presentation == "net":
        # net leaves only the remainder in the last bucket; what the credits were stays visible
        line["credits"] = float(numbers.scaled(row["unapplied_cash"] + row["open_credits"], unit=unit))
    line["disputed"] = None if row["disputed"] is None else float(numbers.scaled(row["disputed"], unit=unit))
    line["oldest_days"] = row["oldest_days"]
    return line


def _columns(chosen: Chosen, *, unit: Unit) -> dict[str, Any]:
    number = f"%,.{unit.places}f"

    def amount(name: str, *, width: int = AMOUNT_WIDTH) -> Any:
        return st.column_config.NumberColumn(
            name, format=number, width=EXACT_WIDTH if unit is numbers.EXACT else width
        )

    columns: dict[str, Any] = {
        "customer_name": st.column_config.TextColumn(
            label("column", "customer_name"), pinned=True, width=NAME_WIDTH
        ),
        "company_code": st.column_config.TextColumn(label("column", "company_code"), width=COMPANY_WIDTH),
        "document_id": st.column_config.TextColumn(label("column", "document_id")),
        "due_date": st.column_config.DateColumn(label("column", "due_date"), format="YYYY-MM-DD"),
        "shown_currency": st.column_config.TextColumn(label("column", "shown_currency"), width=72),
        "outstanding": amount(label("column", "outstanding"), width=TOTAL_WIDTH),
        "unassigned": amount(label("column", "unassigned")),
        "credits": amount(label("column", "credits")),
        "disputed": amount(label("column", "disputed")),
        "oldest_days": st.column_config.NumberColumn(
            label("column", "oldest_days"), format="%d", width=AGE_WIDTH
        ),
    }
    columns |= {
        name: st.column_config.DateColumn(label("column", name), format="YYYY-MM-DD", width=DAY_WIDTH)
        for name in ("last_payment_on", "next_promise_on")
    }
    columns["collector"] = st.column_config.TextColumn(label("column", "collector"), width=OWNER_WIDTH)
    for bucket in chosen.scheme.buckets:
        columns[f"bucket_{bucket.number}"] = amount(_header(bucket))
    return columns


def _header(bucket: Bucket) -> str:
    # a column is as wide as a figure, so the word for days is cut short there
    return bucket.label(language()).replace(t("aging.days_long"), t("aging.days_short"))


def _column_order(frame: pd.DataFrame, *, totals: list[Row]) -> list[str]:
    # one currency stands in the heading; several need their column
    hidden = {"shown_currency"} if len({row["shown_currency"] for row in totals}) == 1 else set()
    return [name for name in frame.columns if name not in hidden]


def _selected(selection: Any, *, rows: list[Row], chosen: Chosen, first_row: int) -> Selected:
    position: int | None = None
    bucket: str | None = None
    cells = list(selection.get("cells", ()))
    chosen_rows = list(selection.get("rows", ()))
    if cells:
        position, column = cells[0]
        bucket = next((b.code for b in chosen.scheme.buckets if f"bucket_{b.number}" == column), None)
    elif chosen_rows:
        position = chosen_rows[0]
    if position is None:
        return Selected()
    if not first_row <= position < first_row + len(rows):
        return Selected(bucket=bucket)
    row = rows[position - first_row]
    return Selected(
        customer=(row["company_code"], row["customer_id"]),
        open_item_id=row.get("open_item_id"),
        bucket=bucket,
    )


def _proof(release: Release, chosen: Chosen, *, totals: list[Row]) -> None:
    names = [f"bucket_{bucket.number}" for bucket in chosen.scheme.buckets] + ["unassigned"]
    independent = aging.outstanding_unbucketed(release, chosen.scope)
    lines, is_amber = [], False
    for row in totals:
        currency = row["shown_currency"]
        summed = sum((row[name] for name in names), Decimal(0))
        difference = summed - independent.get(currency, Decimal(0))
        is_amber = is_amber or difference != 0 or row["unassigned"] != 0
        lines.append(
            t(
                "aging.proof",
                buckets=numbers.money(summed, currency=currency, unit=numbers.EXACT),
                outstanding=numbers.money(independent.get(currency), currency=currency, unit=numbers.EXACT),
                difference=numbers.money(difference, currency=currency, unit=numbers.EXACT),
                items=row["item_count"],
                customers=row["customer_count"],
            )
        )
    ties = status.tie_out(release, as_of=chosen.scope.as_of, companies=chosen.scope.companies)
    differing = [tie for tie in ties if tie["difference"] or tie["unexplained_difference"]]
    agreed = len(ties) - len(differing)
    if agreed:
        day = numbers.day(max(tie["balance_date"] for tie in ties))
        lines.append(t("aging.tie_out_agreed", count=agreed, day=day))
    for tie in differing[:MOST_DIFFERENCES]:
        lines.append(
            t(
                "aging.tie_out",
                company=tie["company_code"],
                role=label("account_role", tie["account_role"]),
                day=numbers.day(tie["balance_date"]),
                ledger=numbers.money(tie["gl_balance"], currency=tie["currency"], unit=numbers.EXACT),
                difference=numbers.money(tie["difference"], currency=tie["currency"], unit=numbers.EXACT),
                late=numbers.money(tie["late_posting_amount"], currency=tie["currency"], unit=numbers.EXACT),
                unexplained=numbers.money(
                    tie["unexplained_difference"], currency=tie["currency"], unit=numbers.EXACT
                ),
            )
        )
    if not ties:
        lines.append(t("aging.tie_out_none"))
    # late postings explain themselves; only what is left alarms
    is_amber = is_amber or any(tie["unexplained_difference"] for tie in ties)
    cards.proof(lines, is_amber=is_amber)
