"""The short ways to a figure give what the long ones give, on the sample and on a published release.

Belongs here: equality of two routes to one figure. Does not: figures worked by hand (test_figures.py).
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from dashboards.data import aging, customers, drill, trend
from dashboards.data.aging import Scheme
from dashboards.data.measures import measures
from dashboards.data.release import Release, Row
from dashboards.data.scope import BASES, CURRENCY_BASES, UNAPPLIED, Scope

Figures = dict[str, tuple[Decimal, ...]]


@pytest.fixture(params=["release", "published"])
def either(request: pytest.FixtureRequest) -> Release:
    found: Release = request.getfixturevalue(request.param)
    return found


def scope_of(release: Release, *, days_before: int = 0, **changes: object) -> Scope:
    day = release.as_of - timedelta(days=days_before)
    return Scope(as_of=day, known_at=None, scheme="standard", unit="day").changed(**changes)


def standard(release: Release) -> Scheme:
    return aging.schemes(release)["standard"]


def total_rows(release: Release, scope: Scope) -> list[Row]:
    rows = aging.totals(release, scope, scheme=standard(release))
    return [row for row in rows if row["part"] == "total"]


def figures(rows: list[Row], *names: str) -> Figures:
    return {row["shown_currency"]: tuple(row[name] for name in names) for row in rows}


@pytest.mark.parametrize("currency_basis", CURRENCY_BASES)
@pytest.mark.parametrize("days_before", [0, 45])
def test_balances_of_a_day_are_its_totals(either: Release, days_before: int, currency_basis: str) -> None:
    scope = scope_of(either, days_before=days_before, currency_basis=currency_basis)
    names = ("outstanding", "overdue", "over_90")
    expected = figures(total_rows(either, scope), *names)
    assert expected
    assert figures(aging.balances(either, scope), *names) == expected


@pytest.mark.parametrize("currency_basis", CURRENCY_BASES)
@pytest.mark.parametrize("basis", BASES)
@pytest.mark.parametrize("days_before", [0, 45])
def test_net_overdue_is_what_net_leaves_of_every_overdue_item(
    either: Release, days_before: int, basis: str, currency_basis: str
) -> None:
    scope = scope_of(either, days_before=days_before, basis=basis, currency_basis=currency_basis)
    expected: dict[str, list[Decimal]] = {}
    for item in drill.every_item(either, scope.changed(presentation="net")):
        sums = expected.setdefault(item["shown_currency"], [Decimal(0), Decimal(0)])
        sums[1] += item["presented"]
        if item["bucket"] != UNAPPLIED and item["days_past_due"] > 0:
            sums[0] += item["presented"]
    assert expected
    found = figures(aging.net_overdue(either, scope), "net_overdue", "net_receivable")
    assert found == {currency: tuple(sums) for currency, sums in expected.items()}


@pytest.mark.parametrize("has_intragroup", [False, True])
@pytest.mark.parametrize("days_before", [0, 45])
def test_shares_of_the_history_are_those_of_the_items(
    either: Release, days_before: int, has_intragroup: bool
) -> None:
    scope = scope_of(
        either, days_before=days_before, currency_basis="functional", has_intragroup=has_intragroup
    )
    held = aging._shares_of_trend(either, scope)
    names = ("company_code", "shown_currency", "bucket", "amount")
    assert held
    assert [tuple(row[name] for name in names) for row in held] == [
        tuple(row[name] for name in names) for row in aging._shares_of_items(either, scope)
    ]


@pytest.mark.parametrize(
    "changes",
    [
        {"classes": ()},
        {"regions": ("华南",)},
        {"basis": "original_due_date"},
        {"scheme": "cas_annual", "unit": "month"},
    ],
)
def test_the_history_is_not_asked_for_what_it_does_not_hold(
    release: Release, changes: dict[str, object]
) -> None:
    assert aging._shares_of_trend(release, scope_of(release, **changes)) is None


def test_an_item_without_a_rate_sends_shares_to_the_items(
    release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert aging._shares_of_trend(release, scope_of(release)) is not None
    monkeypatch.setattr(trend, "shares", lambda *_: [Row(amount=None, unconverted_count=1)])
    assert aging._shares_of_trend(release, scope_of(release)) is None


@pytest.mark.parametrize("currency_basis", CURRENCY_BASES)
@pytest.mark.parametrize("days_before", [0, 45])
def test_items_one_by_one_have_the_totals_of_their_customers(
    either: Release, days_before: int, currency_basis: str
) -> None:
    scope = scope_of(either, days_before=days_before, currency_basis=currency_basis)
    left_out = {"row_count"}
    by_customer = [{k: row[k] for k in row.keys() - left_out} for row in total_rows(either, scope)]
    by_item = total_rows(either, scope.changed(presentation="per_item"))
    assert by_customer
    common = by_item[0].keys() & by_customer[0].keys()
    assert {"outstanding", "overdue", "disputed", "oldest_days", "bucket_1"} <= common
    assert [{k: row[k] for k in common} for row in by_item] == [
        {k: row[k] for k in common} for row in by_customer
    ]


def test_first_rows_and_later_ones_are_one_list(either: Release, monkeypatch: pytest.MonkeyPatch) -> None:
    scope = scope_of(either)
    scheme = standard(either)
    together = aging.matrix(either, scope, scheme=scheme, limit=5)
    monkeypatch.setattr(aging, "FIRST_ROWS", 0)
    alone = aging.matrix(either, scope, scheme=scheme, limit=5)
    assert len(alone) == 5
    assert [{k: row[k] for k in alone[0]} for row in together] == alone


def test_facts_of_some_customers_are_theirs_among_all(either: Release) -> None:
    scope = scope_of(either)
    everyone = customers.facts(either, scope)
    some = sorted(everyone)[:3]
    found = customers.facts(either, scope, customers=some)
    assert {customer: found[customer] for customer in some} == {
        customer: everyone[customer] for customer in some
    }
    assert len(found) < len(everyone)


@pytest.mark.parametrize("currency_basis", CURRENCY_BASES)
@pytest.mark.parametrize("basis", BASES)
def test_summed_items_are_the_named_ones(either: Release, basis: str, currency_basis: str) -> None:
    scope = scope_of(either, basis=basis, currency_basis=currency_basis)
    expected: dict[str, Decimal] = {}
    for item in drill.every_item(either, scope):
        currency = item["shown_currency"]
        expected[currency] = expected.get(currency, Decimal(0)) + item["amount"]
    assert aging.outstanding_unbucketed(either, scope) == expected


def test_one_item_has_the_columns_of_many() -> None:
    names = [
        [
            line.rsplit(" as ", 1)[1]
            for line in measures([1, 2], has_disputes=True, is_item=is_item).split(",\n")
        ]
        for is_item in (False, True)
    ]
    assert names[0] == names[1]


def test_no_customer_shown_is_no_customer_asked(release: Release) -> None:
    assert customers.facts(release, scope_of(release), customers=[]) == {}
    assert release.as_of == date(2026, 6, 30)
