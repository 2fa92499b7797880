"""Concentration of exposure: worked example of accounting.md C13, on mart_concentration and its members.

Belongs here: shares, ranks and what is left out. Must not: exposure itself (test_credit_exposure.py).
"""

from datetime import date
from typing import Any

from tests.kit import D, Extracts, Warehouse
from tests.kit.worlds import WORLD_DAY

NOVEMBER = date(2026, 11, 30)
SHARES = {"C20": "20.00", "C19": "19.00", "C18": "18.00", "C17": "17.00", "C16": "16.00", "C10": "10.00"}


def build_world(extracts: Extracts) -> None:
    books = extracts.books("N13", customers=(*SHARES, "RICH"))
    for customer, amount in SHARES.items():
        books.invoice(f"INV-{customer}", amount, "2026-12-01", due="2027-06-30", customer_id=customer)
    books.invoice("NOVEMBER", "5.00", "2026-11-01", due="2027-06-30", customer_id="C20")
    books.payment("R0", "NOVEMBER", "5.00", "2026-12-01", customer_id="C20")
    # neither has a share: credits only, and a company of the same group
    books.receipt("R1", "40.00", "2026-12-01", customer_id="RICH")
    extracts.books("N13-SIS", intercompany_group="N13")
    extracts.companies["N13"]["intercompany_group"] = "N13"
    books.customer("SISTER", counterparty_company_code="N13-SIS", related_party="group")
    books.invoice("SISTER", "30.00", "2026-12-01", due="2027-06-30", customer_id="SISTER")
    books.add(
        "insurance_cover",
        customer_id="C10",
        policy="P1",
        limit="10.00",
        currency="CNY",
        share="0.5",
        valid_from="2026-12-01",
    )
    paid = extracts.books("N13-PAID")
    paid.receipt("R1", "10.00", "2026-12-01")
    _families(extracts)


def _families(extracts: Extracts) -> None:
    books = extracts.books("N13-FAM", customers=("HEAD", "ALONE"))
    books.customer("CHILD", parent_customer_id="HEAD")
    books.customer("GRANDCHILD", parent_customer_id="CHILD")
    for customer, amount in (
        ("HEAD", "10.00"),
        ("CHILD", "20.00"),
        ("GRANDCHILD", "30.00"),
        ("ALONE", "40.00"),
    ):
        books.invoice(f"INV-{customer}", amount, "2026-12-01", due="2027-06-30", customer_id=customer)


def _row(world: Warehouse, company: str, day: date = WORLD_DAY) -> dict[str, Any]:
    rows = world.query(
        "select * from marts.mart_concentration where dimension = 'company' and dimension_value = $1"
        " and period_end = $2",
        [company, day],
    )
    assert len(rows) == 1
    return rows[0]


def test_c13_the_index_is_the_sum_of_squared_shares(world: Warehouse) -> None:
    row = _row(world, "N13")
    # 400 + 361 + 324 + 289 + 256 + 100 = 1,730
    assert (row["herfindahl_index"], row["exposure_reporting"], row["squared_exposure_reporting"]) == (
        D("1730"),
        D("100.00"),
        D("1730"),
    )


def test_the_largest_have_their_shares(world: Warehouse) -> None:
    row = _row(world, "N13")
    assert [row[f"top_{top}_rate"] for top in (1, 5, 10)] == [D("0.2"), D("0.9"), D("1")]
    members = world.query(
        "select rank_no, group_id, exposure_rate, cumulative_rate from marts.mart_concentration_member"
        " where dimension_value = 'N13' order by rank_no"
    )
    assert [tuple(member.values()) for member in members][:2] == [
        (1, "N13|C20", D("0.2"), D("0.2")),
        (2, "N13|C19", D("0.19"), D("0.39")),
    ]
    assert len(members) == 6


def test_c13_sister_companies_and_credits_have_no_share_and_are_told_apart(world: Warehouse) -> None:
    row = _row(world, "N13")
    assert (row["customer_group_count"], row["credit_only_count"], row["intragroup_exposure_reporting"]) == (
        6,
        1,
        D("30.00"),
    )


def test_c13_the_insured_share_stands_beside(world: Warehouse) -> None:
    row = _row(world, "N13")
    assert (row["insured_cover_reporting"], row["insured_rate"]) == (D("5.00"), D("0.05"))


def test_a_month_end_of_before_has_its_own_shares(world: Warehouse) -> None:
    row = _row(world, "N13", NOVEMBER)
    assert (row["herfindahl_index"], row["exposure_reporting"]) == (D("10000"), D("5.00"))
    # the policy began in December
    assert row["insured_rate"] == D("0")


def test_a_month_in_which_nobody_owed_anything_has_no_index(world: Warehouse) -> None:
    row = _row(world, "N13-PAID")
    assert (row["herfindahl_index"], row["reason_when_null"]) == (None, "no_exposure")


def test_customers_of_one_group_are_one_risk(world: Warehouse) -> None:
    row = _row(world, "N13-FAM")
    # 60 and 40 of 100
    assert (row["herfindahl_index"], row["customer_group_count"]) == (D("5200"), 2)
