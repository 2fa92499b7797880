"""Headline figures of the overview, each once: for the sentence, for its card and for the monthly pack.

Belongs here: which figure comes from which query, what it is compared with, and its history of 13 months. Must not:
SQL, looks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from dashboards.data import cash, overview, provision, provision_history, targets, trend
from dashboards.data.cash import CashScope
from dashboards.data.overview import Key, Where
from dashboards.data.positions import by_class
from dashboards.data.provision import ProvisionScope
from dashboards.data.release import Release, Row
from dashboards.data.trend import RATE_SCHEME, TrendScope
from dashboards.i18n import label, t
from dashboards.ui import numbers
from dashboards.ui.numbers import Unit
from dashboards.views.parts.dates import month_end_before, months_before, same_day_last_year

MONTHS = 13
BILLS = frozenset({"bill", "bill_transferred"})


@dataclass(frozen=True)
class Figure:
    """One headline figure; `form` is money, days or share (0 to 1)."""

    name: str
    form: str
    value: Decimal | None
    month_end: Decimal | None = None
    last_year: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    history: tuple[Decimal | None, ...] = ()
    reason: str | None = None

    @property
    def change(self) -> Decimal | None:
        """Since the last month end, or the month before."""
        return None if self.value is None or self.month_end is None else self.value - self.month_end


@dataclass(frozen=True)
class Headlines:
    """All headline figures of the group or a company, by name."""

    where: Where
    currency: str
    unit: Unit
    as_of: date
    figures: dict[str, Figure]
    months: tuple[date, ...]
    metrics: dict[Key, list[Row]]
    positions: Sequence[Row]
    # what the comparison with last year is with: its same day, or the end of its same month
    is_same_day: bool
    # what is to be collected in the period of the as-of date, where a target is delivered
    cash_target: Row | None

    def __getitem__(self, name: str) -> Figure:
        return self.figures[name]

    def text(self, name: str) -> str:
        """The figure as the page shows it."""
        figure = self[name]
        return self.told(figure.value, form=figure.form)

    def told(self, value: Decimal | None, *, form: str = "money", is_signed: bool = False) -> str:
        """An amount, days or a share in the unit of the page."""
        if value is None:
            return t("common.not_available")
        if form == "money":
            return numbers.money(value, currency=self.currency, unit=self.unit, is_signed=is_signed)
        if form == "days":
            return t("overview.days", days=f"{value:+,.1f}" if is_signed else f"{value:,.1f}")
        return t("overview.points", points=numbers.points(value)) if is_signed else numbers.share(value)

    def changes(self, name: str) -> tuple[str, str]:
        """How the figure changed since the last month end and since last year, a line each."""
        figure = self[name]
        if name in _FLOWS:
            against = ("month_before", "last_year_month")
        elif name in _DAILY or self.is_same_day:
            against = ("month_end", "last_year")
        else:
            against = ("month_end", "last_year_month_end")
        return (
            self._change(figure, figure.month_end, against=label("compared_to", against[0])),
            self._change(figure, figure.last_year, against=label("compared_to", against[1])),
        )

    def _change(self, figure: Figure, before: Decimal | None, *, against: str) -> str:
        if figure.value is None or before is None:
            return t("card.no_change", against=against)
        change = figure.value - before
        return t("card.change", against=against, arrow=numbers.arrow(change),
                 change=self.told(change, form=figure.form, is_signed=True))  # fmt: skip

    def position(self, name: str, *, of: frozenset[str], is_intragroup: bool = False) -> Decimal:
        """Sum of a measure over classes of open items."""
        return sum(
            (
                row[name] or Decimal(0)
                for row in self.positions
                if row["receivable_class"] in of and row["is_intragroup"] == is_intragroup
            ),
            Decimal(0),
        )


# told for every day, so that last year's is that of the same day; metrics are told for month ends
_DAILY = frozenset({"receivable", "overdue", "overdue_rate", "over_90", "over_90_rate"})
# of a whole month, so that they are compared with whole months
_FLOWS = frozenset({"cash", "collection_rate", "due_collection_rate"})
_METRICS: dict[str, tuple[Key, str]] = {
    "net_overdue_rate": (("overdue_rate", "net", 0), "share"),
    "dso": (("dso", "countback", 0), "days"),
    "dso_with_bills": (("dso", "countback_with_bills", 0), "days"),
    "best_possible_dso": (("best_possible_dso", "ending", 3), "days"),
    "collection_rate": (("collection_rate", "all_cash", 1), "share"),
    "due_collection_rate": (("due_collection_rate", "applied", 1), "share"),
    "collection_index": (("collection_effectiveness_index", "write_off_adjusted", 3), "share"),
}


def month_scope(release: Release, where: Where) -> TrendScope:
    """The trend page's scope of the 13 months up to the as-of date."""
    return TrendScope(
        scheme=RATE_SCHEME,
        first_day=months_before(release.as_of, months=MONTHS - 1),
        last_day=release.as_of,
        grain="month",
        companies=where.companies,
    )


def gather(release: Release, where: Where) -> Headlines | None:
    """Every headline figure; None where nothing has ever been open."""
    scope = month_scope(release, where)
    months = trend.rates(release, scope)
    if not months:
        return None
    last_year_day = same_day_last_year(release.as_of)
    same_day = trend.rates(
        release, scope.changed(grain="day", first_day=last_year_day, last_day=last_year_day)
    )
    metrics = overview.metrics(release, where, since=scope.first_day)
    positions = by_class(release, where)
    found = _from_trend(months, same_day[0] if same_day else None)
    for name, (key, form) in _METRICS.items():
        found[name] = _from_metric(name, metrics.get(key, []), as_of=release.as_of, form=form)
    found |= _bills(found["receivable"], metrics, positions, as_of=release.as_of)
    found["cash"] = _cash(metrics.get(("collection_rate", "all_cash", 1), []), as_of=release.as_of)
    set_for_cash = _targets(release, where, metric="collected", variant="all_cash")
    set_for_rate = _targets(release, where, metric="overdue_rate", variant="gross")
    found |= _held_against(set_for_cash, set_for_rate, as_of=release.as_of)
    found |= _losses(release, where, metrics)
    found |= _forecast(release, where)
    return Headlines(
        where=where,
        currency=release.reporting_currency,
        unit=numbers.unit_for(max(abs(row["outstanding"]) for row in months)),
        as_of=release.as_of,
        figures=found,
        months=tuple(row["day"] for row in months),
        metrics=metrics,
        positions=positions,
        is_same_day=_month_end(last_year_day) == last_year_day,
        cash_target=targets.shortest(set_for_cash, day=release.as_of),
    )


def _from_trend(months: list[Row], same_day: Row | None) -> dict[str, Figure]:
    now = months[-1]
    before = months[-2] if len(months) > 1 else None

    def of(name: str, column: str, *, form: str = "money") -> Figure:
        def read(row: Row | None) -> Decimal | None:
            return None if row is None else _exact(row[column])

        return Figure(
            name, form, read(now), read(before), read(same_day), history=tuple(read(row) for row in months)
        )

    shares = [
        Figure(
            name,
            "share",
            _share(now, part),
            None if before is None else _share(before, part),
            None if same_day is None else _share(same_day, part),
            numerator=now[part],
            denominator=now["debits"],
            history=tuple(_share(row, part) for row in months),
        )
        for name, part in (("overdue_rate", "overdue"), ("over_90_rate", "over_90"))
    ]
    amounts = [of("receivable", "outstanding"), of("overdue", "overdue"), of("over_90", "over_90")]
    return {figure.name: figure for figure in (*amounts, *shares)}


def _share(row: Row, part: str) -> Decimal | None:
    return numbers.ratio(row[part], whole=row["debits"])


def _from_metric(name: str, rows: list[Row], *, as_of: date, form: str) -> Figure:
    by_end = {row["period_end"]: row for row in rows}
    now = by_end.get(as_of)
    # an index of 100 is a share of 1
    scale = Decimal(100) if now is not None and now["unit"] == "index" else Decimal(1)

    def value(row: Row | None) -> Decimal | None:
        return None if row is None or row["value"] is None else row["value"] / scale

    return Figure(
        name,
        form,
        value(now),
        value(by_end.get(month_end_before(as_of))),
        value(by_end.get(_month_end(same_day_last_year(as_of)))),
        numerator=None if now is None else now["numerator"],
        denominator=None if now is None else now["denominator"],
        history=tuple(value(row) for row in rows),
        reason=None if now is None else now["reason_when_null"],
    )


def _bills(
    receivable: Figure, metrics: dict[Key, list[Row]], positions: Sequence[Row], *, as_of: date
) -> dict[str, Figure]:
    """Bills not matured, contract assets, and receivables with bills.

    Past bills are what the two DSO of a month end differ by, in front of the division.
    """
    without = {row["period_end"]: row["numerator"] for row in metrics.get(("dso", "ending", 1), [])}
    then = {
        row["period_end"]: row["numerator"] - without[row["period_end"]]
        for row in metrics.get(("dso", "with_bills", 1), [])
        if row["numerator"] is not None and without.get(row["period_end"]) is not None
    }

    def open_now(classes: frozenset[str]) -> Decimal:
        amounts = [
            row["outstanding"]
            for row in positions
            if row["receivable_class"] in classes and not row["is_intragroup"]
        ]
        return sum((amount for amount in amounts if amount is not None), Decimal(0))

    bills = open_now(BILLS)
    month_end, last_year = then.get(month_end_before(as_of)), then.get(_month_end(same_day_last_year(as_of)))
    history = tuple(then.values())
    return {
        "bills": Figure("bills", "money", bills, month_end, last_year, history=history),
        "contract_assets": Figure("contract_assets", "money", open_now(frozenset({"contract_asset"}))),
        "receivable_with_bills": Figure(
            "receivable_with_bills",
            "money",
            _plus(receivable.value, bills),
            _plus(receivable.month_end, month_end),
            # the first of the months ended a year ago
            _plus(receivable.history[0], last_year) if len(receivable.history) == MONTHS else None,
            history=tuple(
                _plus(amount, bill)
                for amount, bill in zip(receivable.history[-len(history) :], history, strict=False)
            )
            if history
            else (),
        ),
    }


def _cash(rows: list[Row], *, as_of: date) -> Figure:
    received = {row["period_end"]: row["numerator"] for row in rows}
    return Figure(
        "cash",
        "money",
        received.get(as_of),
        received.get(month_end_before(as_of)),
        received.get(_month_end(same_day_last_year(as_of))),
        history=tuple(received.values()),
    )


def _targets(release: Release, where: Where, *, metric: str, variant: str) -> list[Row]:
    """Targets of the group or a company since the same day last year."""
    return targets.periods(
        release,
        metric=metric,
        variant=variant,
        dimension=where.dimension,
        value=where.company,
        since=same_day_last_year(release.as_of),
        until=release.as_of,
    )


def _held_against(for_cash: list[Row], for_rate: list[Row], *, as_of: date) -> dict[str, Figure]:
    """What is to be collected and how much of it was, and the overdue rate that is not to be exceeded."""

    def told(name: str, form: str, rows: list[Row], column: str) -> Figure:
        now = targets.shortest(rows, day=as_of)

        def value(day: date) -> Decimal | None:
            row = targets.shortest(rows, day=day)
            return None if row is None else _exact(row[column])

        return Figure(
            name,
            form,
            value(as_of),
            value(month_end_before(as_of)),
            value(same_day_last_year(as_of)),
            reason="no_target" if now is None else now["reason_when_null"],
        )

    attainment = told("target_attainment", "share", for_cash, "attainment")
    now = targets.shortest(for_cash, day=as_of)
    if now is not None:
        attainment = replace(attainment, numerator=now["actual_value"], denominator=now["target_value"])
    return {
        "cash_target": told("cash_target", "money", for_cash, "target_value"),
        "target_attainment": attainment,
        "overdue_rate_target": told("overdue_rate_target", "share", for_rate, "target_value"),
    }


def _forecast(release: Release, where: Where) -> dict[str, Figure]:
    """Four weeks of the cash page, nothing where nothing is predicted."""
    weeks = cash.weeks(release, CashScope(companies=where.companies))
    until = cash.until(weeks, cash.SHORT) if weeks else {}
    columns = {"expected_cash": "cumulative", "low_cash": "cumulative_low", "high_cash": "cumulative_high"}
    return {name: Figure(name, "money", until.get(column)) for name, column in columns.items()}


def _losses(release: Release, where: Where, metrics: dict[Key, list[Row]]) -> dict[str, Figure]:
    scope = ProvisionScope(companies=where.companies)
    expected = provision.totals(release, scope)["expected_credit_loss"]
    booked = provision_history.booked(release, scope)
    history = tuple(row["numerator"] for row in metrics.get(("allowance_rate", "booked", 0), []))
    return {
        "expected_loss": Figure("expected_loss", "money", expected),
        "allowance": Figure(
            "allowance", "money", booked["booked"], history=history, reason=booked["missing"] or None
        ),
    }


def _plus(amount: Decimal | None, more: Decimal | None) -> Decimal | None:
    return None if amount is None or more is None else amount + more


def _exact(value: Decimal | float | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def _month_end(day: date) -> date:
    return month_end_before(months_before(day, months=-1))
