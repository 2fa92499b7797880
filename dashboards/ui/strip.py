"""The strip: scope, freshness, proof and completeness of the release, on every page.

Belongs here: its chips and the details behind them. Must not: a page's filters. A chip turns amber, and says so with
a sign and words, when a source is stale, the ledger differs, or a gate failed or was lowered.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from html import escape

import streamlit as st

from dashboards.data import status
from dashboards.data.release import Release, Row
from dashboards.i18n import label, t
from dashboards.ui import finding_words, numbers, tables


@dataclass(frozen=True)
class Chip:
    """One part of the strip."""

    name: str
    value: str
    is_amber: bool = False


def draw(release: Release) -> None:
    """The strip, with one button that opens the rows behind it."""
    sources, gates = status.sources(release), status.gates(release)
    ties, rejects = status.tie_out(release), status.rejects(release)
    chips = [
        Chip(t("strip.as_of"), numbers.day(release.as_of)),
        _data_chip(sources),
        _ledger_chip(ties),
        _gate_chip(gates),
        _reject_chip(rejects),
        Chip(t("strip.release"), release.release_id),
    ]
    left, right = st.columns([12, 1.3], vertical_alignment="center")
    left.html(f'<div class="ar-strip" role="status">{"".join(_html(chip) for chip in chips)}</div>')
    if right.button(t("strip.details"), icon=":material/fact_check:", width="stretch", key="strip_details"):
        dialog = st.dialog(t("strip.details_title", release=release.release_id), width="large")
        dialog(_details)(release, sources=sources, gates=gates, ties=ties, rejects=rejects)


def _html(chip: Chip) -> str:
    sign = "⚠ " if chip.is_amber else ""
    colour = " ar-amber" if chip.is_amber else ""
    return f'<span class="ar-chip{colour}"><b>{escape(chip.name)}</b>{sign}{escape(chip.value)}</span>'


def _data_chip(sources: list[Row]) -> Chip:
    parts = []
    for source in sources:
        day = source["business_date"]
        # no delivery of the source may have named one
        part = f"{source['source']} {t('common.not_available') if day is None else f'{day:%m-%d}'}"
        if source["days_late"]:
            part += t("strip.late", days=source["days_late"])
        parts.append(part)
    shown = t("common.list_separator").join(parts) or t("common.not_available")
    return Chip(t("strip.data"), shown, any(source["days_late"] for source in sources))


def _ledger_chip(ties: list[Row]) -> Chip:
    if not ties:
        return Chip(t("strip.ledger"), t("strip.ledger_none"), True)
    if any(tie["unexplained_difference"] is None for tie in ties):
        return Chip(t("strip.ledger"), t("common.not_available"), True)
    # only what nobody has explained alarms; what was posted after the ledger was read is said in words
    unexplained = _by_currency(ties, name="unexplained_difference")
    late = _by_currency(ties, name="late_posting_amount")
    value = unexplained or "0.00"
    if late:
        value += t("strip.ledger_late", amount=late)
    return Chip(t("strip.ledger"), value, bool(unexplained))


def _gate_chip(gates: list[Row]) -> Chip:
    passed = sum(gate["status"] == "passed" for gate in gates)
    lowered = sum(bool(gate["is_lowered"]) for gate in gates)
    warned = sum(gate["status"] == "warned" for gate in gates)
    value = t("strip.gates_passed", passed=passed, total=len(gates))
    if warned:
        value += t("strip.gates_warned", warned=warned)
    if lowered:
        value += t("strip.gates_lowered", lowered=lowered)
    return Chip(t("strip.gates"), value, passed + warned < len(gates) or lowered > 0)


def _reject_chip(rejects: list[Row]) -> Chip:
    count = sum(row["row_count"] for row in rejects)
    amounts = _by_currency(rejects, name="amount_document")
    shown = t("strip.reject_count", count=count)
    return Chip(t("strip.rejects"), f"{shown} {amounts}".strip(), count > 0)


def _by_currency(rows: list[Row], *, name: str) -> str:
    # Amounts of several currencies are never added up.
    totals: dict[str, Decimal] = {}
    for row in rows:
        if row[name] and row["currency"]:
            totals[row["currency"]] = totals.get(row["currency"], Decimal(0)) + abs(row[name])
    return t("common.list_separator").join(
        numbers.money(amount, currency=currency, unit=numbers.EXACT) for currency, amount in totals.items()
    )


def _details(
    release: Release, *, sources: list[Row], gates: list[Row], ties: list[Row], rejects: list[Row]
) -> None:
    st.markdown(f"**{t('strip.sources_title')}**")
    tables.plain(sources, columns=("source", "business_date", "extracted_at", "days_late", "is_required"))
    st.markdown(f"**{t('strip.ledger_title')}**")
    tables.plain(
        [tie | {"account_role": label("account_role", tie["account_role"])} for tie in ties],
        columns=("company_code", "account_role", "balance_date", "currency", "subledger_balance", "gl_balance",
                 "difference", "late_posting_amount", "unexplained_difference", "gl_known_at"),
    )  # fmt: skip
    st.markdown(f"**{t('strip.gates_title')}**")
    shown = [
        gate
        | {
            "gate": label("gate", gate["gate"]),
            "status": label("gate_status", gate["status"]),
            "severity": label("gate_severity", gate["severity"]),
            "default_severity": label("gate_severity", gate["default_severity"]),
        }
        for gate in gates
    ]
    tables.plain(shown, columns=("gate", "status", "failing_row_count", "severity", "default_severity"))
    st.markdown(f"**{t('strip.rejects_title')}**")
    tables.plain(
        [
            row | {"entity": label("entity", row["entity"]), "example": _example(row["example"] or "")}
            for row in rejects
        ],
        columns=("entity", "currency", "row_count", "amount_document", "example"),
    )
    st.caption(t("strip.known_at", known_at=numbers.moment(release.known_at)))


def _example(detail: str) -> str:
    """Why the row was set aside and what stood in it."""
    said = finding_words.rejected(detail)
    return t("common.dot").join(part for part in (said["reason"], said["original_text"]) if part)
