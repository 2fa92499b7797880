"""The trend page on the demo release: figures shown are those that the published contract says on another way."""

from __future__ import annotations

import os
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from dashboards.data import (
    bridge,
    bridge_period,
    compare,
    drill,
    roll,
    roll_items,
    trend,
    vintage_items,
    vintages,
)
from dashboards.data.bridge_period import Period
from dashboards.data.release import Release, current_release, fetch, publishes
from dashboards.data.roll import RollScope, Window
from dashboards.data.roll_items import RollCell
from dashboards.data.scope import Scope
from dashboards.data.trend import TrendScope
from dashboards.data.vintage_items import Point
from tests.dashboards.conftest import ROOT
from tests.dashboards.own_release import html_of, open_page

HOME = Path(os.environ.get("ARREARS_DASHBOARD_HOME", ROOT / "build" / "demo" / "home"))
# thousands of amounts, each translated and rounded by itself
CENTS = Decimal(1)
LANGUAGES = ("zh", "en")

pytestmark = pytest.mark.skipif(
    not (HOME / "receivables.duckdb").exists(), reason=f"no published release in {HOME}: run `make demo`"
)


@pytest.fixture
def published(monkeypatch: pytest.MonkeyPatch) -> Release:
    monkeypatch.setenv("ARREARS_HOME", str(HOME))
    return current_release()


def scopes(release: Release) -> list[TrendScope]:
    whole = TrendScope(scheme="standard", first_day=date(2000, 1, 1), last_day=release.as_of)
    found = [
        whole,
        whole.changed(companies=("CN01",)),
        whole.changed(natures=("project",), has_intragroup=True),
    ]
    for basis in ("functional", "document"):
        scope = whole.changed(currency_basis=basis)
        found += [scope.changed(shown_currency=code) for code in trend.shown_currencies(release, scope)]
    return found


def periods(release: Release) -> list[Period]:
    first = release.as_of.replace(day=1)
    return [Period(date(2025, 12, 31), release.as_of), Period(date(2026, 2, 11), date(2026, 4, 17)),
            Period(date.fromordinal(first.toordinal() - 1), release.as_of)]  # fmt: skip


def test_the_bridge_leads_from_one_day_of_the_history_to_another(published: Release) -> None:
    for scope in scopes(published):
        for period in periods(published):
            row = bridge_period.between(published, scope, period)
            if row is None:
                continue
            assert row["opening"] + sum(row[name] for name in bridge.LINES) == row["closing"]
            for day, amount in ((period.after, row["opening"]), (period.until, row["closing"])):
                history = compare.on(published, scope, day)
                assert history is not None
                apart = abs(amount - history["overdue"])
                # translated bucket by bucket there and once here; in the other currencies there is nothing to round
                assert apart < CENTS if scope.currency_basis == "reporting" else apart == 0, (scope, day)


def test_values_of_every_dimension_add_up_to_the_bridge(published: Release) -> None:
    period = Period(date(2025, 12, 31), published.as_of)
    for scope in scopes(published):
        whole = bridge_period.between(published, scope, period)
        if whole is None:
            continue
        for dimension in (*bridge_period.DAILY, *bridge_period.MONTHLY):
            rows = bridge_period.by_value(published, scope, period, dimension=dimension, limit=10_000)
            for name in ("opening", *bridge.LINES, "closing"):
                assert abs(sum(row[name] for row in rows) - whole[name]) < CENTS, (scope, dimension, name)


def test_items_behind_a_line_add_up_to_it(published: Release) -> None:
    period = Period(date(2026, 3, 31), published.as_of)
    for scope in scopes(published):
        whole = bridge_period.between(published, scope, period)
        if whole is None:
            continue
        for line in bridge.LINES:
            if line == "fx" and scope.currency_basis == "reporting":
                # comes from translating what stays, not from an item
                continue
            rows = bridge_period.items(published, scope, period, line=line, limit=100_000)
            total = sum((row["line_amount"] or Decimal(0) for row in rows), Decimal(0))
            rounding = CENTS * 5 if scope.currency_basis == "reporting" else Decimal(0)
            assert abs(total - whole[line]) <= rounding, (scope, line)


def test_what_is_open_of_an_item_is_where_its_movements_lead(published: Release) -> None:
    whole, day = scopes(published)[0], date(2026, 5, 31)
    rows = bridge_period.items(published, whole, Period(date(2026, 4, 30), day), line="cash", limit=20)
    scope = Scope(as_of=day, known_at=None, scheme="standard", unit="day")
    assert rows
    for row in rows:
        item = drill.item_on(published, open_item_id=row["open_item_id"], day=day)
        movements = drill.movements(published, scope, open_item_id=row["open_item_id"])
        assert item is not None and item["open_amount_document"] == movements[-1]["running_balance"]


def test_roll_rates_of_all_companies_are_those_of_the_group(published: Release) -> None:
    count = len(roll.pairs(published))
    rows = roll.rates(published, RollScope(), windows=[Window("newest", 1, 1), Window("all", 1, count)])
    shown = {(row["column"], row["bucket"]): row["roll_rate"] for row in rows}
    told = fetch(
        published,
        "select bucket, pair_no, cast(roll_rate as double) as roll_rate from marts.mart_roll_rate"
        " where variant = 'monthly_30' and level = 'group' and pair_no in (0, 1)",
    )
    assert len(told) > 20
    for row in told:
        assert shown[("newest" if row["pair_no"] else "all", row["bucket"])] == pytest.approx(
            row["roll_rate"], abs=1e-6
        )


def test_the_items_of_every_cell_are_what_its_rate_counts(published: Release) -> None:
    if not publishes(published, roll_items.RELATION):
        pytest.skip(f"the release in {HOME} has no items of roll rates: run `make demo`")
    pairs = [row["pair_no"] for row in roll_items.pairs(published)]
    assert pairs == list(range(1, 13))
    # in every pair; by company and segment in the newest
    asked = [(RollScope(), pair_no) for pair_no in pairs]
    asked += [(RollScope(("CN01",)), 1), *((RollScope(segment=code), 1) for code in roll.segments(published))]
    for scope, pair_no in asked:
        told = roll.rates(published, scope, windows=[Window("cell", pair_no, pair_no)])
        for row in told:
            cell = RollCell(pair_no, row["bucket"])
            total = roll_items.total(published, scope, cell)
            assert {part: total[part] for part in roll.PARTS} == {part: row[part] for part in roll.PARTS}
            assert (total["amount"], total["item_count"]) == (row["opening_amount"], row["observation_count"])
            rows = roll_items.items(published, scope, cell, limit=100_000)
            assert len(rows) == total["item_count"]
            # translated one by one here: cents
            apart = sum((item["opening_amount"] or Decimal(0) for item in rows), Decimal(0)) - total["amount"]
            assert abs(apart) < CENTS


def test_a_vintage_is_what_its_items_were_open_with(published: Release) -> None:
    if not publishes(published, vintages.RELATION):
        pytest.skip(f"the release in {HOME} has no vintages: run `make demo`")
    quarter = date(2025, 1, 1)
    whole = scopes(published)[0]
    rows = [row for row in vintages.steps(published, whole) if row["quarter_start"] == quarter]
    assert [row["days_after_due"] for row in rows] == list(range(0, 361, 30))
    for row in rows:
        # item by item on its own day, which is what the mart does without
        (slow,) = fetch(
            published,
            """
with item as (
    select item.*, item.original_due_date + cast($days as int) as told_on
    from marts.fct_open_item as item
    left join marts.dim_customer as customer using (company_code, customer_id)
    where item.is_current and item.receivable_class = 'trade' and item.original_amount_document > 0
        and item.item_kind in ('invoice', 'debit_note') and item.voided_on is null and not item.is_age_unknown
        and item.instalment_kind != 'retention' and not coalesce(customer.is_intragroup, false)
        and date_trunc('quarter', item.posting_date) = cast($quarter as date)
)
select sum(balance.open_amount_document * rate.rate_to_reporting) as open_amount,
    count(distinct open_item_id) as item_count
from item
left join marts.fct_open_item_balance as balance using (open_item_id)
left join marts.fct_closing_rate as rate
    on item.company_code = rate.company_code and item.currency = rate.currency and rate.day = cast($as_of as date)
where item.told_on <= cast($as_of as date) and item.opened_on <= item.told_on
    and balance.known_to > timestamp '9999-01-01'
    and balance.effective_from <= item.told_on and balance.effective_to > item.told_on
    and balance.receivable_class = 'trade' and balance.open_amount_document > 0""",
            quarter=quarter,
            days=row["days_after_due"],
            as_of=published.as_of,
        )
        assert abs(row["open_amount"] - Decimal(slow["open_amount"] or 0)) < CENTS, row["days_after_due"]
        assert row["item_count"] >= slow["item_count"]


def test_the_items_of_every_point_are_what_its_share_counts(published: Release) -> None:
    if not publishes(published, vintage_items.RELATION):
        pytest.skip(f"the release in {HOME} has no items of vintages: run `make demo`")
    for scope in scopes(published)[:3]:
        for row in vintages.steps(published, scope):
            point = Point(row["quarter_start"], row["days_after_due"] // 30)
            total = vintage_items.total(published, scope, point)
            assert (total["open_amount"], total["written_off"]) == (row["open_amount"], row["written_off"])
            rows = vintage_items.items(published, scope, point, limit=100_000)
            assert len(rows) == total["item_count"] <= row["item_count"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("part", ["history", "bridge", "compare", "roll", "vintage"])
def test_each_part_opens(published: Release, part: str, language: str) -> None:
    app = open_page("trend", language=language, part=part)
    assert not app.exception
    if part == "bridge":
        row = bridge_period.between(published, scopes(published)[0], periods(published)[-1])
        assert row is not None
        assert f"¥{row['closing']:,.2f}" in html_of(app)
        # the proof holds
        assert "ar-proof ar-amber" not in html_of(app)
