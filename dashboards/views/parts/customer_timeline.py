"""One timeline of everything that is dated about the customer.

Belongs here: row four of the page: which events, in which words. Must not: query outside `data.customer_history`.
"""

from __future__ import annotations

from decimal import Decimal

import streamlit as st

from dashboards.data import customer_history
from dashboards.data.customer import Customer
from dashboards.data.customer_history import LANES
from dashboards.data.release import Release, Row
from dashboards.i18n import label, language, namer, t
from dashboards.ui import charts_customer, exports, numbers, tables
from dashboards.views.parts import contact_words
from dashboards.views.parts.dates import months_before

SPANS = {"m6": 6, "m12": 12, "m24": 24}
LISTED = 200
COLUMNS = ("day", "lane", "what", "shown_amount", "_file", "_row")
# A mark is at least this share of the largest of its lane and currency, so that it can be seen.
LEAST_SIZE = 0.05


def draw(release: Release, customer: Customer, *, party_id: str) -> None:
    """Lanes of marks, and the same events as a list."""
    st.subheader(t("customer.timeline_title"), anchor=False)
    span = st.segmented_control(
        t("filter.period"), list(SPANS), default="m24", required=True, key="span", bind="query-params",
        format_func=namer("timeline_span"), label_visibility="collapsed",
    )  # fmt: skip
    first_day = months_before(release.as_of, months=SPANS[span or "m24"] - 1)
    rows = customer_history.timeline(release, customer, party_id=party_id, first_day=first_day)
    if not rows:
        st.caption(t("customer.timeline_none"))
        return
    worded = _sized([row | {"what": _what(row), "shown_amount": _amount(row)} for row in rows])
    charts_customer.timeline(worded, lanes=LANES)
    st.caption(t("customer.timeline_note"))
    with st.expander(t("customer.timeline_list", count=len(rows)), icon=":material/list:"):
        listed = [row | {"lane": label("timeline", row["lane"])} for row in worded]
        columns = tables.filled(COLUMNS, listed)
        tables.plain(listed[:LISTED], columns=columns, key="timeline")
        if len(listed) > LISTED:
            st.caption(t("customer.timeline_cut", shown=LISTED))
        exports.of_table(release, listed, columns=columns, name="timeline")


def _what(row: Row) -> str:
    event = label("timeline_event", f"{row['lane']}.{row['event']}")
    parts = [event]
    if row["event_count"] > 1:
        parts.append(t("customer.events", count=row["event_count"]))
    told = row["contact"] and contact_words.told(**row["contact"])
    parts += [text for text in (told, row["reference"], row[f"text_{language()}"]) if text]
    return t("common.dot").join(parts)


def _amount(row: Row) -> str:
    return "" if row["amount"] is None else numbers.money(row["amount"], currency=row["currency"])


def _sized(rows: list[Row]) -> list[Row]:
    """Amounts as a share of the largest of their lane and currency: amounts of two currencies have no common size."""
    largest: dict[tuple[str, str | None], Decimal] = {}
    for row in rows:
        key = (row["lane"], row["currency"])
        largest[key] = max(largest.get(key, Decimal(0)), abs(row["amount"] or Decimal(0)))
    return [
        row | {"amount_size": _size(row["amount"], largest=largest[(row["lane"], row["currency"])])}
        for row in rows
    ]


def _size(amount: Decimal | None, *, largest: Decimal) -> float:
    if amount is None or not largest:
        return 3 * LEAST_SIZE
    return max(float(abs(amount) / largest), LEAST_SIZE)
