"""What changed overdue since the day reported last: a sentence and a waterfall.

Belongs here: which lines are told together in the sentence. Must not: SQL, encodings.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import streamlit as st

from dashboards.data import bridge
from dashboards.data.release import Release, Row
from dashboards.i18n import label, t
from dashboards.ui import cards, charts_overview, numbers
from dashboards.views.parts.overview_figures import Headlines
from dashboards.views.parts.overview_today import COUNT

# lines that the sentence tells together: placeholder -> lines; the rest is its last part
TOLD = {
    "new": bridge.NEW,
    "cash": ("cash",),
    "bills": ("bill",),
    "credits": ("credit_note", "discount", "offset", "settlement"),
    "extended": ("extended", "due_date_changed"),
    "written_off": ("write_off",),
    "fx": ("fx",),
    "restated": ("restated",),
}


def draw(release: Release, shown: Headlines) -> None:
    """The part of the page."""
    st.subheader(t("overview.change_title"), anchor=False)
    row = bridge.since_reported(release, shown.where)
    if row is None:
        st.caption(t("overview.change_none"))
        return
    cards.sentence(sentence(release, shown, row))
    lines = [(label("bridge_line", name), row[name]) for name in bridge.SINCE_REPORTED if row[name]]
    if not lines:
        st.caption(t("overview.change_nothing"))
        return
    charts_overview.waterfall(
        lines,
        closing=t("overview.net_change"),
        currency=shown.currency,
        unit=numbers.unit_for(max(abs(amount) for _, amount in lines)),
    )
    st.caption(
        t("overview.change_note", opening=shown.told(row["opening"]), closing=shown.told(row["closing"]),
          previous=_previous(row))
    )  # fmt: skip


def sentence(release: Release, shown: Headlines, row: Row) -> str:
    """What changed in one sentence; a second one names what the first has no word for."""
    # the same question as that of the things to look at, so it is asked once
    largest = bridge.turned_overdue(release, shown.where, limit=COUNT)
    unit = numbers.unit_for(max((abs(row[name]) for name in bridge.SINCE_REPORTED), default=Decimal(0)))

    def told(amount: Decimal | None) -> str:
        return numbers.money(amount, currency=shown.currency, unit=unit, is_signed=True)

    amounts = together(row)
    day = numbers.day(row["previous_day"])
    is_yesterday = row["previous_day"] == release.as_of - timedelta(days=1)
    words = {name: told(amount) for name, amount in amounts.items()} | {
        "net": told(row["closing"] - row["opening"]),
        "previous": t("overview.yesterday", day=day) if is_yesterday else day,
    }
    if largest:
        words |= {
            "count": f"{largest[0]['all_count']:,}",
            "customer": largest[0]["customer_name"],
            "amount": told(largest[0]["amount"]),
        }
    text = (
        t("overview.change_sentence", **words) if largest else t("overview.change_sentence_none_new", **words)
    )
    return f"{text}{t('overview.change_other', other=words['other'])}" if amounts["other"] else text


def together(row: Row) -> dict[str, Decimal]:
    """Lines of a bridge as the sentence and the pack tell them; they add up to the change."""
    amounts = {
        name: sum((row.get(line) or Decimal(0) for line in lines), Decimal(0)) for name, lines in TOLD.items()
    }
    amounts["other"] = row["closing"] - row["opening"] - sum(amounts.values(), Decimal(0))
    return amounts


def _previous(row: Row) -> str:
    first, last = row["first_previous_day"], row["previous_day"]
    return numbers.day(last) if first == last else f"{numbers.day(first)} – {numbers.day(last)}"
