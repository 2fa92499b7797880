"""Proof of the overview: from open items over the control account to the statement line, and what lies beside it.

Belongs here: which lines stand in which order, and whether they agree. Must not: SQL.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import streamlit as st

from dashboards.data import positions, status
from dashboards.data.release import Release, Row
from dashboards.i18n import label, t
from dashboards.ui import cards, lists, numbers, tables
from dashboards.views.parts.dates import month_end_before
from dashboards.views.parts.overview_figures import Headlines

TRADE = frozenset({"trade"})
# amounts of many items, each translated and rounded by itself, may differ by so much
ROUNDING = Decimal("1.00")
DAYS_OF_YEAR = Decimal(365)


@dataclass(frozen=True)
class Line:
    """One line: an amount, or the reason for which there is none."""

    name: str
    amount: Decimal | None
    note: str = ""
    is_sum: bool = False


@dataclass(frozen=True)
class Proof:
    """The way to the statement line, what lies beside it, and by how much the metrics say otherwise."""

    steps: tuple[Line, ...]
    beside: tuple[Line, ...]
    difference: Decimal | None

    @property
    def agrees(self) -> bool:
        return self.difference is not None and abs(self.difference) <= ROUNDING


def gather(release: Release, shown: Headlines) -> Proof:
    """All lines, in the reporting currency."""
    items = shown.position("outstanding", of=TRADE)
    inside = shown.position("outstanding", of=TRADE, is_intragroup=True)
    reclassified = positions.credit_balances(release, shown.where)
    # a company's own statement keeps what its group owes it; the group's does not
    kept = items if shown.where.is_group else items + inside
    gross = kept + reclassified
    allowance = shown["allowance"]
    booked = "" if allowance.value is not None else t("overview.allowance_missing_short")
    said = shown["net_overdue_rate"].denominator
    return Proof(
        steps=(
            Line(t("proof.items"), items + inside, t("proof.items_note")),
            *((Line(t("proof.intragroup"), -inside),) if shown.where.is_group else ()),
            Line(t("proof.reclassified"), reclassified, t("proof.reclassified_note")),
            Line(t("proof.gross"), gross, is_sum=True),
            Line(t("proof.allowance"), None if allowance.value is None else -allowance.value, booked),
            Line(
                t("proof.statement"),
                None if allowance.value is None else gross - allowance.value,
                booked,
                is_sum=True,
            ),
        ),
        beside=_beside(release, shown),
        difference=None if said is None else said - gross,
    )


def verdict(proof: Proof, *, currency: str) -> str:
    """Whether the metrics, which were made on another way, say the same."""
    amount = numbers.money(proof.difference, currency=currency, unit=numbers.EXACT)
    return t("proof.agrees", amount=amount) if proof.agrees else t("proof.differs", amount=amount)


def ties(release: Release, shown: Headlines) -> list[Row]:
    """Items against control accounts, in the currency of the books."""
    return [
        tie | {"account_role": label("account_role", tie["account_role"])}
        for tie in status.tie_out(release, companies=shown.where.companies)
    ]


def draw(release: Release, shown: Headlines) -> None:
    """The panel."""
    st.subheader(t("proof.title"), anchor=False)
    proof = gather(release, shown)
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown(f"**{t('proof.steps')}**")
        _draw(proof.steps, shown)
        cards.proof([verdict(proof, currency=shown.currency)], is_amber=not proof.agrees)
    with right:
        st.markdown(f"**{t('proof.beside')}**")
        _draw(proof.beside, shown)
    st.markdown(f"**{t('proof.ledger_title')}**")
    rows = ties(release, shown)
    if not rows:
        st.caption(t("strip.ledger_none"))
        return
    tables.plain(
        rows,
        columns=("company_code", "account_role", "balance_date", "currency", "subledger_balance", "gl_balance",
                 "difference", "late_posting_amount", "unexplained_difference"),
    )  # fmt: skip


def _beside(release: Release, shown: Headlines) -> tuple[Line, ...]:
    inside = shown.position("outstanding", of=TRADE, is_intragroup=True)
    last = month_end_before(release.as_of)
    restated = positions.restated(release, shown.where, closed=last)
    unidentified = shown.position("unidentified_cash", of=TRADE)
    rows = positions.overdue_by_company(release, shown.where)
    return (
        Line(t("proof.unapplied"), shown.position("unapplied_cash", of=TRADE) - unidentified),
        Line(t("proof.unidentified"), unidentified),
        Line(t("proof.credits"), shown.position("open_credits", of=TRADE)),
        Line(t("proof.disputed"), shown.position("disputed", of=TRADE), t("proof.disputed_note")),
        *(() if shown.where.is_group else (Line(t("proof.from_group"), inside, t("proof.from_group_note")),)),
        Line(t("proof.restated", day=numbers.day(last)), restated["amount"],
             t("proof.restated_note", count=restated["item_count"])),
        _carrying(rows, currency=shown.currency),
    )  # fmt: skip


def _carrying(rows: list[Row], *, currency: str) -> Line:
    """What the overdue costs in a year at the rate at which each company borrows; none where a rate is missing."""
    name = t("proof.carrying")
    without = [row["company_code"] for row in rows if row["borrowing_rate"] is None]
    if without or not rows:
        return Line(
            name, None, t("proof.carrying_missing", companies=t("common.list_separator").join(without))
        )
    cost = sum((row["overdue"] * row["borrowing_rate"] for row in rows), Decimal(0))
    daily = numbers.money(cost / DAYS_OF_YEAR, currency=currency, unit=numbers.EXACT)
    return Line(name, cost, t("proof.carrying_note", daily=daily))


def _draw(lines: tuple[Line, ...], shown: Headlines) -> None:
    lists.steps(
        [
            lists.Step(
                name=line.name,
                amount=numbers.money(line.amount, currency=shown.currency, unit=numbers.EXACT),
                note=line.note,
                is_sum=line.is_sum,
            )
            for line in lines
        ]
    )
