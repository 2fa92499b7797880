"""Policy is data: a company's own table replaces the shipped one, and every figure follows it.

Belongs here: bucket schemes from the policy folder. Must not: what the shipped schemes say; the trap tests hold that.
"""

import csv
from datetime import date
from pathlib import Path

from tests.kit import D, Extracts, Warehouse
from tests.kit.worlds import WORLD_DAY

SHIPPED = Path(__file__).parents[2] / "dbt" / "seeds" / "policy" / "policy_aging_bucket.csv"
FORTNIGHT = [
    ("not_due", "", "0"),
    ("1-14", "1", "14"),
    (">14", "15", ""),
    ("unapplied", "", ""),
]


def build_world(extracts: Extracts) -> None:
    """The shipped schemes and one of the company's own, which ages by the first due date ever landed."""
    with SHIPPED.open(encoding="utf-8", newline="") as file:
        shipped = list(csv.DictReader(file))
    own = [
        dict.fromkeys(shipped[0], "")
        | {
            "scheme": "fortnight",
            "scheme_label_zh": "两周",
            "scheme_label_en": "fortnight",
            "basis": "original_due_date",
            "unit": "day",
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
        for number, (bucket, lower, upper) in enumerate(FORTNIGHT, 1)
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


def test_customer_aging_and_trend_know_the_scheme_too(world: Warehouse) -> None:
    aging = world.query(
        "select sum(net_amount_document) as net from marts.mart_aging_customer"
        " where company_code = 'POL' and scheme = 'fortnight'"
    )
    trend = world.query(
        "select sum(balance_document) as balance from marts.mart_overdue_trend"
        " where company_code = 'POL' and scheme = 'fortnight' and day = (select as_of_date from marts.dim_release)"
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
