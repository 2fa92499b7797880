"""Targets beside what came of them: DECISIONS 50 in figures worked by hand.

Belongs here: mart_target, and its findings. Must not: the metrics themselves (test_receivable_kpi.py).

WORLD_DAY is 2026-12-31: months, quarters and the year end with it.
"""

from decimal import Decimal
from typing import Any

from tests.kit import Extracts, Warehouse

COMPANY, OTHER = "TARGET-A", "TARGET-B"


def build_world(extracts: Extracts) -> None:
    """Bills of 1,000 in September, 400 collected in November and 150 in December; 450 stay overdue since October."""
    books = extracts.books(COMPANY)
    books.invoice("INV1", "1000.00", "2026-09-01", due="2026-10-01")
    books.payment("R1", "INV1", "400.00", "2026-11-10")
    books.payment("R2", "INV1", "150.00", "2026-12-10")
    # 550 more, not due: 450 of 1,000 debits are overdue at the end
    books.invoice("INV2", "500.00", "2026-12-01", due="2027-01-31")
    books.invoice("INV3", "50.00", "2026-12-01", due="2027-01-31")

    def target(metric: str, period: str, value: str, *, scope: str = "company", of: str = COMPANY) -> None:
        books.add("target", company_code=of, metric=metric, scope=scope, period=period, value=value)

    target("collected", "2026-11", "500")
    target("collected", "2026-Q4", "500")
    target("collected", "2026", "600")
    target("collected", "2027-01", "100")
    target("collected", "1995-01", "100")
    target("overdue_rate", "2026-Q4", "0.40")
    target("overdue_rate:by_count", "2026-12", "0.5")
    target("dso", "2026-12", "60")
    target("Overdue_Rate", "2026-12", "12")
    target("happiness", "2026-12", "1")
    target("overdue_rate", "December", "0.1")
    target("overdue_rate", "2026-13", "0.1")
    target("overdue_rate", "2026-12", "0.1", scope="planet:Mars")
    target("overdue_rate", "2026-12", "0.1", scope="region")
    target("overdue_rate", "2026-12", "0.3", scope="region:Nowhere")
    target("due_collection_rate", "2026-Q4", "0.9")
    # one row for every company of the source
    target("collection_rate", "2026-12", "0.9", of="*")
    target("collected", "2026-12", "100", of="*")
    extracts.books(OTHER).invoice("INV1", "100.00", "2026-12-01", due="2027-01-31")
    # the same twice, said in two ways
    target("over_90_rate", "2026-12", "0.10")
    target("over_90_rate:gross", "2026-12", "0.20")


def _rows(world: Warehouse) -> dict[tuple[str, str, str], dict[str, Any]]:
    rows = world.query(f"select * from marts.mart_target where company_code = '{COMPANY}'")
    return {(row["stated_metric"], row["stated_scope"], row["stated_period"]): row for row in rows}


def _figures(row: dict[str, Any]) -> tuple[Any, ...]:
    names = ("target_value", "actual_value", "attainment", "is_met", "reason_when_null")
    return tuple(row[name] for name in names)


def test_cash_is_that_of_the_months_of_the_period(world: Warehouse) -> None:
    rows = _rows(world)
    assert _figures(rows["collected", "company", "2026-11"]) == (500, 400, Decimal("0.8"), False, None)
    assert _figures(rows["collected", "company", "2026-Q4"]) == (500, 550, Decimal("1.1"), True, None)
    assert rows["collected", "company", "2026-Q4"]["unit"] == "amount"


def test_a_period_outside_of_the_history_is_not_compared(world: Warehouse) -> None:
    rows = _rows(world)
    assert _figures(rows["collected", "company", "2027-01"]) == (100, None, None, None, "not_begun")
    assert _figures(rows["collected", "company", "1995-01"]) == (100, None, None, None, "before_history")


def test_a_share_is_that_of_the_last_day_and_more_of_a_bad_one_is_worse(world: Warehouse) -> None:
    rows = _rows(world)
    row = rows["overdue_rate", "company", "2026-Q4"]
    assert _figures(row) == (Decimal("0.4"), Decimal("0.45"), Decimal("1.125"), False, None)
    assert (str(row["measured_on"]), row["is_lower_better"], row["variant"]) == ("2026-12-31", True, "gross")
    by_count = rows["overdue_rate:by_count", "company", "2026-12"]
    # one of three items
    assert _figures(by_count) == (Decimal("0.5"), Decimal("0.333333"), Decimal("0.666666"), True, None)


def test_a_target_has_the_figure_of_the_metric(world: Warehouse) -> None:
    row = _rows(world)["dso", "company", "2026-12"]
    (kpi,) = world.query(
        "select value from marts.mart_receivable_kpi where dimension = 'company'"
        f" and dimension_value = '{COMPANY}' and metric = 'dso' and variant = 'countback'"
        " and period_end = date '2026-12-31'"
    )
    assert kpi["value"] is not None
    assert row["actual_value"] == kpi["value"]


def test_a_target_of_all_companies_is_compared_with_the_figure_of_each(world: Warehouse) -> None:
    rows = world.query(
        "select dimension_value, actual_value, is_met from marts.mart_target where stated_metric = 'collected'"
        f" and stated_period = '2026-12' and dimension_value in ('{COMPANY}', '{OTHER}') order by 1"
    )
    assert [tuple(row.values()) for row in rows] == [(COMPANY, 150, True), (OTHER, 0, False)]


def test_what_cannot_be_read_says_why_and_is_a_finding(world: Warehouse) -> None:
    rows = _rows(world)
    reasons = {key: row["reason_when_null"] for key, row in rows.items() if row["target_value"] is None}
    assert reasons == {
        ("Overdue_Rate", "company", "2026-12"): "not_a_share",
        ("happiness", "company", "2026-12"): "unknown_metric",
        ("overdue_rate", "company", "December"): "unreadable_period",
        ("overdue_rate", "company", "2026-13"): "unreadable_period",
        ("overdue_rate", "planet:Mars", "2026-12"): "unknown_scope",
        ("overdue_rate", "region", "2026-12"): "unknown_scope",
        ("over_90_rate:gross", "company", "2026-12"): "conflicting_targets",
    }
    found = world.findings("unread_target", company=COMPANY)
    assert {row["record_id"] for row in found} == {" ".join(key) for key in reasons}


def test_what_is_not_measured_has_a_target_and_no_figure(world: Warehouse) -> None:
    rows = _rows(world)
    nowhere = rows["overdue_rate", "region:Nowhere", "2026-12"]
    assert _figures(nowhere) == (Decimal("0.3"), None, None, None, "not_measured")
    # collected of due is told by month only
    quarter = rows["due_collection_rate", "company", "2026-Q4"]
    assert _figures(quarter) == (Decimal("0.9"), None, None, None, "not_measured")
