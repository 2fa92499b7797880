"""Aging page: who owes what, how old it is, and the way down to the source row.

Belongs here: the order of the page. Must not: SQL, words.
"""

from __future__ import annotations

from decimal import Decimal

import streamlit as st

from dashboards.data import aging
from dashboards.data.release import Release, Row
from dashboards.i18n import label, t
from dashboards.ui import cards, charts, choices, numbers, page
from dashboards.ui.cards import Card
from dashboards.ui.numbers import Unit
from dashboards.views.parts import aging_downloads, aging_drill, aging_filters, aging_matrix
from dashboards.views.parts.aging_filters import Chosen
from dashboards.views.parts.dates import month_end_before, same_day_last_year


def main() -> None:
    release = page.begin("aging")
    chosen = aging_filters.choose(release)
    totals = aging.totals(release, chosen.scope, scheme=chosen.scheme)
    shown = [row for row in totals if row["part"] == "total"]
    if not shown:
        st.info(t("aging.empty"), icon=":material/inbox:")
        st.stop()
    unit = numbers.unit_named(chosen.unit_code, largest=max(abs(row["outstanding"]) for row in shown))
    _warnings(release, chosen, shown)
    if len(shown) == 1:
        _cards(release, chosen, shown[0], unit=_card_unit(chosen, shown[0]))
    _beside(release, chosen, unit=unit)
    _pictures(release, chosen, shown, unit=unit)
    selected = aging_matrix.draw(release, chosen, totals=totals, unit=unit)
    aging_downloads.draw(release, chosen)
    aging_drill.draw(release, chosen, selected=selected, unit=unit)


def _warnings(release: Release, chosen: Chosen, totals: list[Row]) -> None:
    scope = chosen.scope
    missing = sum(row["unconverted_count"] for row in totals)
    if missing:
        st.warning(t("aging.unconverted", count=missing), icon=":material/currency_exchange:")
    if scope.as_of > release.as_of:
        st.warning(t("aging.future", as_of=numbers.day(release.as_of)), icon=":material/event_upcoming:")
    if scope.known_at is not None:
        st.info(t("aging.known_on", known_on=numbers.day(scope.known_at)), icon=":material/history:")


def _cards(release: Release, chosen: Chosen, total: Row, *, unit: Unit) -> None:
    scope, currency = chosen.scope, total["shown_currency"]
    earlier = [
        (label("compared_to", name), _total_on(release, chosen, day=day, currency=currency))
        for name, day in (
            ("month_end", month_end_before(scope.as_of)),
            ("last_year", same_day_last_year(scope.as_of)),
        )
    ]
    net = next(
        (row for row in aging.net_overdue(release, scope) if row["shown_currency"] == currency),
        Row(net_overdue=None, net_receivable=Decimal(0)),
    )

    def shown(amount: Decimal | None) -> str:
        return numbers.money(amount, currency=currency, unit=unit)

    def changes(name: str) -> tuple[str, ...]:
        lines = []
        for against, row in earlier:
            if row is None:
                lines.append(t("card.no_change", against=against))
                continue
            change = total[name] - row[name]
            figure = numbers.money(change, currency=currency, unit=unit, is_signed=True)
            lines.append(t("card.change", against=against, arrow=numbers.arrow(change), change=figure))
        return tuple(lines)

    gross_rate = numbers.ratio(total["overdue"], whole=total["debits"])
    net_rate = (
        None if net["net_overdue"] is None else numbers.ratio(net["net_overdue"], whole=net["net_receivable"])
    )
    parts = {"currency": currency, "overdue": shown(total["overdue"]), "debits": shown(total["debits"]),
             "net_overdue": shown(net["net_overdue"]), "net_receivable": shown(net["net_receivable"])}  # fmt: skip
    cards.row(
        [
            Card(t("card.outstanding"), shown(total["outstanding"]), changes("outstanding"),
                 t("card.outstanding_definition", count=total["item_count"], customers=total["customer_count"])),
            Card(t("card.overdue"), shown(total["overdue"]), changes("overdue"),
                 t("card.overdue_definition", **parts), is_strong=True),
            Card(t("card.rate"), numbers.share(net_rate),
                 (t("card.rate_gross", rate=numbers.share(gross_rate)),
                  t("card.net_overdue", amount=parts["net_overdue"])),
                 t("card.rate_definition", **parts)),
            Card(t("card.over_90"), shown(total["over_90"]), changes("over_90"), t("card.over_90_definition")),
            Card(t("card.credits"), shown(total["unapplied_cash"] + total["open_credits"]),
                 (t("card.unapplied_cash", amount=shown(total["unapplied_cash"])),
                  t("card.open_credits", amount=shown(total["open_credits"]))),
                 t("card.credits_definition")),
            Card(t("card.disputed"), shown(total["disputed"]),
                 (t("card.disputed_reason") if total["disputed"] is None else t("card.disputed_note"),),
                 t("card.disputed_definition")),
        ]
    )  # fmt: skip


def _card_unit(chosen: Chosen, total: Row) -> Unit:
    if chosen.unit_code == aging_filters.AUTOMATIC:
        return numbers.unit_for(total["outstanding"])
    return numbers.unit_named(chosen.unit_code, largest=total["outstanding"])


def _total_on(release: Release, chosen: Chosen, *, day: object, currency: str) -> Row | None:
    rows = aging.balances(release, chosen.scope.changed(as_of=day))
    return next((row for row in rows if row["shown_currency"] == currency), None)


def _beside(release: Release, chosen: Chosen, *, unit: Unit) -> None:
    rows = aging.beside(release, chosen.scope)
    if not rows:
        return
    parts = [
        t("aging.beside_part", name=label("receivable_class", row["receivable_class"]), count=row["item_count"],
          amount=numbers.money(row["amount"], currency=row["shown_currency"]))
        for row in rows
    ]  # fmt: skip
    st.caption(t("aging.beside", parts=t("common.list_separator").join(parts)))


def _pictures(release: Release, chosen: Chosen, totals: list[Row], *, unit: Unit) -> None:
    scope, scheme = chosen.scope, chosen.scheme
    left, right = st.columns(2, gap="large")
    with left:
        st.subheader(t("aging.buckets_title"), anchor=False)
        total = totals[0]
        if len(totals) > 1:
            codes = [row["shown_currency"] for row in totals]
            currency = choices.segments(t("filter.currency"), codes, name="bucket_currency", format_func=str,
                                        label_visibility="collapsed")  # fmt: skip
            total = next((row for row in totals if row["shown_currency"] == currency), total)
        amounts = {bucket.code: total[f"bucket_{bucket.number}"] for bucket in scheme.buckets}
        charts.bucket_totals(scheme, amounts, currency=total["shown_currency"], unit=unit)
    with right:
        st.subheader(t("aging.companies_title"), anchor=False)
        st.caption(t("aging.companies_note"))
        rows = aging.shares_by_company(release, scope, days=(scope.as_of, same_day_last_year(scope.as_of)))
        charts.company_shares(scheme, rows)


main()
