"""Five things to look at today: a sentence, what is at stake, an owner and a link each.

Belongs here: the sentence of each kind. Must not: choose (data/attention.py), SQL.
"""

from __future__ import annotations

from decimal import Decimal

import streamlit as st

from dashboards.data import attention
from dashboards.data.release import Release, Row
from dashboards.i18n import label, language, t
from dashboards.ui import links, lists, numbers
from dashboards.views.parts.overview_figures import Headlines

COUNT = 5


def draw(release: Release, shown: Headlines) -> None:
    """The part of the page."""
    st.subheader(t("overview.today_title"), anchor=False)
    rows = attention.chosen(attention.candidates(release, shown.where, limit=COUNT), count=COUNT)
    if not rows:
        st.caption(t("overview.today_none", as_of=numbers.day(release.as_of)))
        return
    lists.things(
        [
            lists.Thing(
                kind=label("today_kind", row["kind"]),
                text=_sentence(row, shown),
                stake="" if row["at_stake"] is None else _money(row["at_stake"], shown),
                owner=_owner(row),
                address=_address(row),
            )
            for row in rows
        ]
    )
    st.caption(t("overview.today_note"))


def _sentence(row: Row, shown: Headlines) -> str:
    kind = row["kind"]
    customer = row.get("customer_name") or ""
    if kind in ("severe", "deadline"):
        return t("overview.today_warning", customer=customer, message=row[f"message_{language()}"] or "")
    if kind == "promise_due":
        return t("overview.today_promise_due", customer=customer, day=numbers.day(row["promised_date"]),
                 amount=_money(row["amount"], shown))  # fmt: skip
    if kind == "promise_broken":
        return t("overview.today_promise_broken", customer=customer, day=numbers.day(row["promised_date"]),
                 amount=_money(row["amount"], shown), missing=_money(row["at_stake"], shown))  # fmt: skip
    if kind == "new_overdue":
        return t(
            "overview.today_new",
            customer=customer,
            amount=_money(row["amount"], shown),
            count=row["item_count"],
        )
    if kind == "ledger":
        amount = numbers.money(row["amount"], currency=row["currency"], unit=numbers.EXACT)
        account = label("account_role", row["account_role"])
        return t("overview.today_ledger", company=row["company_code"], account=account, amount=amount)
    status = t("overview.lowered") if row["is_lowered"] else label("gate_status", row["status"])
    return t(
        "overview.today_gate", gate=label("gate", row["gate"]), status=status, count=row["failing_row_count"]
    )


def _money(amount: Decimal | None, shown: Headlines) -> str:
    # each in its own unit: a promise is small beside the receivables of a group
    return numbers.money(amount, currency=shown.currency)


def _owner(row: Row) -> str:
    owner = row.get(f"owner_{language()}") or row.get("collector")
    if owner:
        return str(owner)
    if row["kind"] in ("ledger", "gate"):
        return label("today_owner", "accounting")
    return label("today_owner", row.get("owner_role") or "nobody")


def _address(row: Row) -> str | None:
    if row["kind"] in ("ledger", "gate"):
        return links.address("quality")
    return links.customer_page(row["company_code"], row["customer_id"])
