"""Policy is data: a company's own table replaces the shipped one, and every figure follows it.

Belongs here: bucket schemes from the policy folder. Must not: what the shipped schemes say; the trap tests hold that.
"""

import csv
from datetime import date
from pathlib import Path

import pytest

from tests.kit import D, Extracts, Warehouse
from tests.kit.worlds import WORLD_DAY

SHIPPED = Path(__file__).parents[2] / "dbt" / "seeds" / "policy" / "policy_aging_bucket.csv"
# scheme, basis and unit, and its buckets; `total` has one bucket without an edge, and leaves its unit out
OWN = {
    ("fortnight", "original_due_date", "day"): [
        ("not_due", "", "0"),
        ("1-14", "1", "14"),
        (">14", "15", ""),
        ("unapplied", "", ""),
    ],
    ("total", "posting_date", ""): [("all", "", ""), ("unapplied", "", "")],
}


def build_world(extracts: Extracts) -> None:
    """The shipped schemes and two of the company's own."""
    with SHIPPED.open(encoding="utf-8", newline="") as file:
        shipped = list(csv.DictReader(file))
    own = [
        dict.fromkeys(shipped[0], "")
        | {
            "scheme": scheme,
            "scheme_label_zh": scheme,
            "scheme_label_en": scheme,
            "basis": basis,
            "unit": unit,
            "bucket_no": str(number),
            "bucket": bucket,
            "lower_bound": lower,
            "upper_bound": upper,
            "label_zh": bucket,
            "label_en": bucket,
            "policy_version": "house-2026",
            "approved_by": "CFO",
            "approved_on": "2026-01-15",
        }
        for (scheme, basis, unit), buckets in OWN.items()
        for number, (bucket, lower, upper) in enumerate(buckets, 1)
    ]
    extracts.policy["policy_aging_bucket"] = [*shipped, *own]
    books = extracts.books("POL")
    # as of 31 December: 14 and 15 days past the first due date, one not due, one receipt of 7
    books.invoice("INV14", "10.00", "2026-11-01", due="2026-12-17")
    books.invoice("INV15", "20.00", "2026-11-01", due="2026-12-16")
    books.invoice("LATER", "40.00", "2026-11-01", due="2027-01-31")
    books.receipt("R1", "7.00", "2026-12-30")


def test_a_scheme_of_the_policy_folder_ages_like_the_shipped_ones(world: Warehouse) -> None:
    rows = world.query(
        "select bucket, amount_document from marts.aging_as_of(?, 'fortnight') where company_code = 'POL'",
        [WORLD_DAY if isinstance(WORLD_DAY, date) else WORLD_DAY.date()],
    )
    assert {row["bucket"]: row["amount_document"] for row in rows} == {
        "1-14": D("10.00"),
        ">14": D("20.00"),
        "not_due": D("40.00"),
        "unapplied": D("-7.00"),
    }


@pytest.mark.parametrize("scheme", ["fortnight", "total"])
def test_customer_aging_and_trend_know_the_scheme_too(world: Warehouse, scheme: str) -> None:
    aging = world.query(
        "select sum(net_amount_document) as net from marts.mart_aging_customer"
        " where company_code = 'POL' and scheme = $1",
        [scheme],
    )
    trend = world.query(
        "select sum(balance_document) as balance from marts.mart_overdue_trend"
        " where company_code = 'POL' and scheme = $1 and day = (select as_of_date from marts.dim_release)",
        [scheme],
    )
    # 10 + 20 + 40 - 7
    assert (aging[0]["net"], trend[0]["balance"]) == (D("63.00"), D("63.00"))


def test_the_policy_version_and_its_approval_are_published(world: Warehouse) -> None:
    rows = world.query(
        "select distinct policy_version, approved_by, approved_on from marts.dim_aging_bucket"
        " where scheme = 'fortnight'"
    )
    assert [(row["policy_version"], row["approved_by"], row["approved_on"]) for row in rows] == [
        ("house-2026", "CFO", date(2026, 1, 15))
    ]
