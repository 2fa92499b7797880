"""Bank page: whether statements add up and follow one another, and which lines nothing explains.

Belongs here: the order of the page. Must not: SQL, words.
"""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from dashboards.data import bank, bank_lines, status
from dashboards.data.bank import BankScope
from dashboards.data.release import Release, Row
from dashboards.i18n import label, t
from dashboards.ui import cards, charts_bank, choices, exports, numbers, page, tables
from dashboards.ui.cards import Card
from dashboards.views.parts import bank_account, bank_unexplained
from dashboards.views.parts.dates import months_before

PERIODS = {"m3": 3, "m13": 13, "m37": 37}
MOST_ACCOUNTS = 40
GATE = "bank_statement"
ACCOUNT_COLUMNS = (
    "company_code", "account", "currency", "closing_date", "days_late", "opening_balance_document",
    "line_total_document", "closing_balance_document", "difference_document", "statement_count", "not_proved_count",
    "missing_days", "overlapping_days",
)  # fmt: skip
FINDING_COLUMNS = (
    "company_code", "account", "statement_id", "currency", "opening_date", "closing_date", "proof", "continuity",
    "difference_document", "gap_document", "previous_statement_id", "_file", "_row",
)  # fmt: skip


def main() -> None:
    release = page.begin("bank")
    span = bank.span(release)
    if span is None:
        st.info(t("bank.empty"), icon=":material/inbox:")
        st.stop()
    scope = _choose(release, span)
    accounts = bank.accounts(release, scope)
    if not accounts:
        st.info(t("bank.empty_scope"), icon=":material/inbox:")
        st.stop()
    totals = bank_lines.unexplained_totals(release, scope)
    _sentence(scope, accounts, totals)
    _cards(release, scope, accounts, totals)
    st.subheader(t("bank.coverage_title"), anchor=False)
    st.caption(t("bank.coverage_note"))
    named = {charts_bank.account_name(row) for row in accounts[:MOST_ACCOUNTS]}
    charts_bank.coverage(
        [row for row in bank.coverage(release, scope) if charts_bank.account_name(row) in named]
    )
    if len(accounts) > MOST_ACCOUNTS:
        st.caption(t("bank.accounts_cut", shown=MOST_ACCOUNTS, count=len(accounts)))
    chosen = _accounts(release, accounts)
    if chosen is not None:
        key = (chosen["company_code"], chosen["account"], chosen["currency"])
        bank_account.draw(release, replace(scope, account=key), account=chosen)
    _findings(release, scope)
    bank_unexplained.draw(release, scope, totals=totals)


def _choose(release: Release, span: Row) -> BankScope:
    with st.container(border=True, key="filters"):
        columns = st.columns([2.4, 2.6, 2], vertical_alignment="bottom")
        with columns[0]:
            names = {code: label("period", code) for code in PERIODS}
            period = choices.segments(
                t("filter.period"),
                list(PERIODS),
                name="bank_period",
                format_func=names.__getitem__,
                label_visibility="collapsed",
            )
        with columns[1]:
            companies = st.multiselect(t("filter.company"), bank.companies(release), key="bank_companies",
                                       bind="query-params", placeholder=t("filter.all"))  # fmt: skip
    last_day = max(release.as_of, span["last_day"])
    return BankScope(
        first_day=max(span["first_day"], months_before(last_day, months=PERIODS[period] - 1)),
        last_day=last_day,
        companies=tuple(companies),
    )


def _sentence(scope: BankScope, accounts: list[Row], totals: list[Row]) -> None:
    statements = sum(row["statement_count"] for row in accounts)
    cards.sentence(
        t(
            "bank.sentence",
            first=numbers.day(scope.first_day),
            last=numbers.day(scope.last_day),
            accounts=len(accounts),
            statements=f"{statements:,}",
            proved=f"{sum(row['proved_count'] for row in accounts):,}",
            not_proved=sum(row["not_proved_count"] for row in accounts),
            missing=sum(row["missing_days"] for row in accounts),
            unexplained=sum(row["unexplained_count"] for row in totals if row["direction"] == "in"),
            amounts=bank_unexplained.amounts(totals, direction="in") or t("bank.nothing"),
        )
    )


def _cards(release: Release, scope: BankScope, accounts: list[Row], totals: list[Row]) -> None:
    proved, statements = (sum(row[name] for row in accounts) for name in ("proved_count", "statement_count"))
    missing, overlapping = (
        sum(row[name] for row in accounts) for name in ("missing_days", "overlapping_days")
    )
    gaps, overlaps = (sum(row[name] for row in accounts) for name in ("gap_count", "overlap_count"))
    late = [row for row in accounts if row["days_late"]]
    incoming = [row for row in totals if row["direction"] == "in"]
    unexplained, lines = (sum(row[name] for row in incoming) for name in ("unexplained_count", "line_count"))
    gate = next((row for row in status.gates(release) if row["gate"] == GATE), None)
    cards.row(
        [
            Card(t("bank.card_proved"), f"{proved:,} / {statements:,}",
                 (t("bank.card_proved_note", count=sum(row["not_proved_count"] for row in accounts)),
                  _gate_note(gate)), t("bank.card_proved_definition"), is_strong=proved < statements),
            Card(t("bank.card_missing"), t("bank.days", count=missing),
                 (t("bank.card_missing_note", count=gaps),), t("bank.card_missing_definition"), is_strong=missing > 0),
            Card(t("bank.card_overlaps"), t("bank.days", count=overlapping),
                 (t("bank.card_overlaps_note", count=overlaps),), t("bank.card_overlaps_definition")),
            Card(t("bank.card_late"), t("bank.accounts", count=len(late)),
                 (t("bank.card_late_note", day=numbers.day(scope.last_day)),), t("bank.card_late_definition")),
            Card(t("bank.card_unexplained"), t("bank.lines", count=f"{unexplained:,}"),
                 (t("bank.card_unexplained_note", count=f"{lines:,}"),
                  bank_unexplained.amounts(totals, direction="in")),
                 t("bank.card_unexplained_definition", days=bank_lines.WINDOW_DAYS)),
        ]
    )  # fmt: skip


def _gate_note(gate: Row | None) -> str:
    if gate is None:
        return t("bank.gate_none")
    return t("bank.gate", status=label("gate_status", gate["status"]), count=gate["failing_row_count"])


def _accounts(release: Release, accounts: list[Row]) -> Row | None:
    st.subheader(t("bank.accounts_title"), anchor=False)
    st.caption(t("bank.accounts_note"))
    position = tables.plain(accounts, columns=ACCOUNT_COLUMNS, key="bank_accounts", is_selectable=True)
    exports.of_table(release, accounts, columns=ACCOUNT_COLUMNS, name="bank_accounts")
    return None if position is None else accounts[position]


def _findings(release: Release, scope: BankScope) -> None:
    st.subheader(t("bank.findings_title"), anchor=False)
    rows = bank.findings(release, scope)
    if not rows:
        cards.proof([t("bank.findings_none")], is_amber=False)
        return
    shown = [
        row | {"proof": label("proof", row["proof"]), "continuity": label("continuity", row["continuity"])}
        for row in rows
    ]
    st.caption(t("bank.findings_note", count=len(rows)))
    tables.plain(shown, columns=FINDING_COLUMNS, key="bank_findings")
    exports.of_table(release, shown, columns=FINDING_COLUMNS, name="bank_findings")


main()
