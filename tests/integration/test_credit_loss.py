"""Expected credit losses 预期信用损失: the worked figures of policy.md section 6 and accounting.md E2-E9.

Belongs here: segments, rates, covered parts, overlays. Must not: what rolled (test_roll_rates.py), what was booked
(test_allowance.py).

A world has one policy: each case that needs rates of its own has a segment of its own. What is old but was posted on
30 December has no history, so its rates are the policy's; what was posted on 20 November has been through one step.
"""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest

from tests.kit import D, Extracts, Warehouse
from tests.kit.extracts import Books
from tests.kit.provision import add_policy, set_factor, set_parameter, set_rates
from tests.kit.scenarios import load_scenarios
from tests.kit.shared import needs_shared

POSTED = "2026-12-30"
# due dates of what is in each bucket on 31 December
DUE = {
    "not_due": "2027-01-31",
    "1-30": "2026-12-10",
    "31-60": "2026-11-15",
    "61-90": "2026-10-15",
    "91-180": "2026-09-15",
    "181-360": "2026-05-15",
    ">360": "2025-06-30",
}
RETAIL = {"deal_nature": "retail_chain"}
IFRS = {
    "not_due": ("15000000.00", "0.003", "45000.00"),
    "1-30": ("7500000.00", "0.016", "120000.00"),
    "31-60": ("4000000.00", "0.036", "144000.00"),
    "61-90": ("2500000.00", "0.066", "165000.00"),
    "91-180": ("1000000.00", "0.106", "106000.00"),
}
# matrices that others publish, with a segment for each; IFRS 9 has the one above
PUBLISHED = [
    (scenario, facts)
    for scenario in load_scenarios(kinds=("metrics",))
    for facts in scenario.expected["metrics"]
    if facts["metric"] == "provision_matrix"
]
SEGMENTS = {
    "ecl_ifrs9_illustrative_example_12": ("retail_chain", RETAIL),
    "ecl_loss_rates_from_a_sales_vintage": ("related", {"related_party": "associate"}),
    "ecl_provision_matrix_company_t": ("individuals", {"customer_type": "individual"}),
}
CHAIN = {
    "not_due": ("2026-12-15", 10),
    "1-30": ("2026-11-15", 40),
    "31-60": ("2026-10-15", 50),
    "61-90": ("2026-09-15", 60),
}
YEARS = {
    "0-12": ("2025-12-10", 15),
    "13-24": ("2024-12-10", 40),
    "25-36": ("2023-12-10", 60),
    "37-48": ("2022-12-10", 80),
    "49-60": ("2021-12-10", 90),
}


def build_world(extracts: Extracts) -> None:
    # as little history as possible is enough: most cases have none
    set_parameter(extracts, "own_rate_pairs", "1")
    set_parameter(extracts, "own_rate_items", "1")
    set_parameter(extracts, "own_rate_default_pairs", "0")
    # what other cases of the world owe must not decide who is large
    set_parameter(extracts, "floor_major_share", "0")
    set_rates(extracts, "retail_chain", {bucket: rate for bucket, (_, rate, _) in IFRS.items()})
    set_rates(extracts, "government", {"31-60": "0.05"})
    set_factor(extracts, "project", "1.05")
    set_factor(extracts, "export_uninsured", "0.9")
    _matrix(extracts)
    _published(extracts)
    _favourable(extracts)
    _chains(extracts)
    _covered(extracts)
    _taxed(extracts)
    _segments(extracts)
    _net(extracts)
    _decided(extracts)


def _customer(
    extracts: Extracts, case: str, /, *, settings: dict[str, object] | None = None, **columns: str
) -> Books:
    books = extracts.books(f"ECL-{case}", customers=(), **(settings or {}))
    books.customer("C1", **columns)
    return books


def _rows(world: Warehouse, case: str, *, beside: bool = False) -> list[dict[str, Any]]:
    return world.query(
        "select * from marts.mart_expected_credit_loss where company_code = $1 and is_beside = $2"
        " order by segment_no, bucket",
        [f"ECL-{case}", beside],
    )


def _row(world: Warehouse, case: str) -> dict[str, Any]:
    (row,) = _rows(world, case)
    return row


def _rates(world: Warehouse, case: str, *, aging: str, column: str) -> dict[str, Decimal]:
    rows = world.query(
        f"select bucket, max({column}) as rate from marts.mart_credit_loss_rate"
        " where company_code = $1 and aging = $2 and segment = rate_segment group by bucket",
        [f"ECL-{case}", aging],
    )
    return {row["bucket"]: row["rate"] for row in rows}


# -- the matrix ---------------------------------------------------------------------------------------------


def _matrix(extracts: Extracts) -> None:
    books = _customer(extracts, "IFRS", **RETAIL)
    for bucket, (amount, _, _) in IFRS.items():
        books.invoice(f"INV{bucket}", amount, POSTED, due=DUE[bucket])
    # in dispute it is no default, and still in the matrix
    books.dispute("D1", "INV91-180", None, POSTED)


def test_ifrs_9_example_12(world: Warehouse) -> None:
    rows = {row["bucket"]: row for row in _rows(world, "IFRS")}
    assert {bucket: row["expected_credit_loss_reporting"] for bucket, row in rows.items()} == {
        bucket: D(loss) for bucket, (_, _, loss) in IFRS.items()
    }
    assert sum(row["expected_credit_loss_functional"] for row in rows.values()) == D("580000.00")
    assert sum(row["exposure_reporting"] for row in rows.values()) == D("30000000.00")
    assert {row["rate_source"] for row in rows.values()} == {"fallback"}


def test_every_assumption_that_might_be_otherwise_is_told(world: Warehouse) -> None:
    rows = world.query(
        "select sensitivity, expected_credit_loss_reporting as loss, change_reporting as change"
        " from marts.mart_credit_loss_sensitivity where company_code = 'ECL-IFRS'"
    )
    loss = {row["sensitivity"]: row["loss"] for row in rows}
    assert loss == {
        "base": D("580000.00"),
        "factor_up": D("638000.00"),
        "factor_down": D("522000.00"),
        # 15 m x 1.6 % + 7.5 m x 3.6 % + 4 m x 6.6 % + 2.5 m x 10.6 % + 1 m x 50 % x 0.8
        "one_bucket_later": D("1439000.00"),
        # the policy's rates are made of no loss given default
        "loss_given_default_up": D("580000.00"),
        "loss_given_default_down": D("580000.00"),
    }
    assert {row["sensitivity"]: row["change"] for row in rows}["factor_up"] == D("58000.00")


def _published(extracts: Extracts) -> None:
    for scenario, facts in PUBLISHED:
        segment, columns = SEGMENTS[scenario.name]
        rates = {bucket: str(D(row[2]) / 100) for bucket, row in zip(IFRS, facts["rows"], strict=False)}
        if segment != "retail_chain":
            set_rates(extracts, segment, rates)
        books = _customer(extracts, f"P{scenario.number}", **columns)
        for bucket, row in zip(IFRS, facts["rows"], strict=False):
            books.invoice(f"INV{bucket}", row[1], POSTED, due=DUE[bucket])
            books.dispute(f"D{bucket}", f"INV{bucket}", None, POSTED)


@pytest.mark.shared
@needs_shared("oracles", "scenarios")
@pytest.mark.parametrize(("scenario", "facts"), PUBLISHED, ids=lambda value: getattr(value, "name", ""))
def test_provision_matrices_as_published(world: Warehouse, scenario: Any, facts: Any) -> None:
    loss = {
        row["bucket"]: row["expected_credit_loss_functional"] for row in _rows(world, f"P{scenario.number}")
    }
    printed = {bucket: D(row[3]) for bucket, row in zip(IFRS, facts["rows"], strict=False)}
    tolerance = D(facts.get("tolerance", "0"))
    assert loss.keys() == printed.keys()
    for bucket, amount in printed.items():
        # printed in whole units
        shown = loss[bucket] if tolerance else loss[bucket].quantize(D("1"), ROUND_HALF_UP)
        assert abs(shown - amount) <= tolerance
    if facts["total"]:
        assert sum(loss.values()).quantize(D("1"), ROUND_HALF_UP) == D(facts["total"])


def _favourable(extracts: Extracts) -> None:
    books = _customer(extracts, "FAVOURABLE", settings={"country": "CN"}, country="JP")
    for bucket in ("181-360", ">360"):
        books.invoice(f"INV{bucket}", "100.00", POSTED, due=DUE[bucket])


def test_e4_what_is_lost_stays_lost_whatever_the_scenarios_say(world: Warehouse) -> None:
    rows = {row["bucket"]: row for row in _rows(world, "FAVOURABLE")}
    # 50 % x 1.2 x 0.9, and 100 %
    assert {bucket: row["rate"] for bucket, row in rows.items()} == {"181-360": D("0.54"), ">360": D("1")}


# -- own rates ----------------------------------------------------------------------------------------------


def _chains(extracts: Extracts) -> None:
    """1,000 in each bucket on 1 December; what rolls by the 31st. Yearly from 31 December to 31 December."""
    books = _customer(extracts, "CHAIN")
    for number, (due, percent) in enumerate(CHAIN.values()):
        books.invoice(f"INV{number}", "1000.00", "2026-11-20", due=due)
        books.payment(f"R{number}", f"INV{number}", 1000 - 10 * percent, "2026-12-20")
    books = _customer(extracts, "YEARS", deal_nature="project")
    for number, (dated, percent) in enumerate(YEARS.values()):
        books.invoice(f"INV{number}", "1000.00", dated, posting_date="2025-12-20", due="2028-12-31")
        books.payment(f"R{number}", f"INV{number}", 1000 - 10 * percent, "2026-06-30")
    # one step of its own is not enough where a bucket of the chain is missing
    books = _customer(extracts, "GAP")
    books.invoice("INV1", "1000.00", "2026-11-20", due="2026-12-15")
    # an item counts where it falls due, and this one was overdue when it came
    books = _customer(extracts, "FEW")
    books.invoice("INV1", "1000.00", "2026-11-20", due="2026-11-15")


def test_e3_the_chain_of_roll_rates_times_the_loss_given_default(world: Warehouse) -> None:
    assert _rates(world, "CHAIN", aging="standard", column="own_loss_rate") == {
        "not_due": D("0.0054"),
        "1-30": D("0.054"),
        "31-60": D("0.135"),
        "61-90": D("0.27"),
        "91-180": D("0.45"),
        "181-360": D("0.45"),
        ">360": D("0.45"),
    }
    used = _rates(world, "CHAIN", aging="standard", column="loss_rate")
    assert used["not_due"] == D("0.0054")
    # the policy's loss given default knows no age: 50 and 100 % x 1.5 are more
    assert [used[bucket] for bucket in ("91-180", "181-360", ">360")] == [D("0.45"), D("0.75"), D("1")]
    rows = {row["bucket"]: row for row in _rows(world, "CHAIN")}
    assert rows["31-60"]["rate_source"] == "own"
    assert rows["31-60"]["default_probability"] == D("0.3")
    assert rows["31-60"]["loss_given_default"] == D("0.45")
    # policy section 6 rule 4: 60 % x 1.00 + 30 % x 1.30 + 10 % x 0.85
    assert rows["31-60"]["forward_factor"] == D("1.075")
    assert rows["31-60"]["rate"] == D("0.145125")


def test_e3_e4_yearly_rolls_and_a_forward_factor_that_stops_at_100_percent(world: Warehouse) -> None:
    rates = _rates(world, "YEARS", aging="cas_annual", column="loss_rate")
    assert rates == {
        "0-12": D("0.02592"),
        "13-24": D("0.1728"),
        "25-36": D("0.432"),
        "37-48": D("0.72"),
        "49-60": D("0.9"),
        ">60": D("1"),
    }
    factored = _rates(world, "YEARS", aging="cas_annual", column="rate")
    shown = [(rate * 100).quantize(D("0.01"), ROUND_HALF_UP) for rate in factored.values()]
    assert sorted(shown) == [D(rate) for rate in ("2.72", "18.14", "45.36", "75.60", "94.50", "100.00")]


def test_projects_are_shown_by_years_beside_days_and_counted_once(world: Warehouse) -> None:
    by_days, by_years = _rows(world, "YEARS"), _rows(world, "YEARS", beside=True)
    assert {row["aging"] for row in by_days} == {"standard"} and {row["aging"] for row in by_years} == {
        "cas_annual"
    }
    assert sum(row["exposure_reporting"] for row in by_days) == sum(
        row["exposure_reporting"] for row in by_years
    )


def test_a_row_says_why_its_rate_is_not_its_own(world: Warehouse) -> None:
    rows = world.query(
        "select company_code, bucket, rate_source, reason_not_own, reason_not_pooled from marts.mart_credit_loss_rate"
        " where company_code in ('ECL-FEW', 'ECL-GAP', 'ECL-IFRS') and aging = 'standard' and fine_bucket = 'not_due'"
        " and segment = rate_segment order by company_code"
    )
    assert [(row["rate_source"], row["reason_not_own"], row["reason_not_pooled"]) for row in rows] == [
        ("fallback", "too_few_items", "too_few_items"),
        ("fallback", "roll_rate_missing", "roll_rate_missing"),
        ("fallback", "too_few_pairs", "too_few_pairs"),
    ]


# -- covered parts and tax ----------------------------------------------------------------------------------


def _covered(extracts: Extracts) -> None:
    for case, columns in (
        ("INSURED", {}),
        ("LATE", {"notification_days": 30}),
        ("ENDED", {"valid_to": "2026-11-30"}),
        ("DISPUTED", {}),
    ):
        books = _customer(extracts, case, ownership="government")
        books.invoice("INV1", "1000000.00", POSTED, due=DUE["31-60"])
        books.add(
            "insurance_cover",
            **{
                "customer_id": "C1",
                "policy": "P1",
                "limit": "800000.00",
                "currency": "CNY",
                "share": "0.9",
                "valid_from": "2026-01-01",
                **columns,
            },
        )
    books.dispute("D1", "INV1", "400000.00", "2026-12-30")
    books = _customer(extracts, "LAYERS", ownership="government")
    # the first item takes the first policy and a part of the second
    books.invoice("INV1", "600000.00", POSTED, due=DUE["31-60"])
    books.invoice("INV2", "200000.00", POSTED, due=DUE["not_due"])
    for policy, share in (("P1", "0.8"), ("P2", "0.9")):
        books.add(
            "insurance_cover",
            customer_id="C1",
            policy=policy,
            limit="500000.00",
            currency="CNY",
            share=share,
            valid_from="2026-01-01",
        )


def test_e7_an_insured_item_is_split_and_its_parts_are_the_item(world: Warehouse) -> None:
    row = _row(world, "INSURED")
    # 720,000 x 0.1 % + 280,000 x 5 %
    assert (row["covered_reporting"], row["uncovered_reporting"]) == (D("720000.00"), D("280000.00"))
    assert (row["covered_loss_reporting"], row["uncovered_loss_reporting"]) == (D("720.00"), D("14000.00"))
    assert row["expected_credit_loss_functional"] == D("14720.00")


def test_two_policies_are_layers_that_items_take_in_turn(world: Warehouse) -> None:
    rows = {row["bucket"]: row["covered_reporting"] for row in _rows(world, "LAYERS")}
    # 500,000 x 90 % + 100,000 x 80 %, then 200,000 x 80 %; exposure says the same: 450,000 + 240,000
    assert rows == {"31-60": D("530000.00"), "not_due": D("160000.00")}
    (exposure,) = world.query(
        "select insured_cover_reporting as cover from marts.mart_credit_exposure"
        " where scope = 'customer' and company_code = 'ECL-LAYERS'"
    )
    assert exposure["cover"] == sum(rows.values())


@pytest.mark.parametrize(
    ("case", "loss"),
    [
        # 46 days past due, to be notified within 30
        ("LATE", "50000.00"),
        ("ENDED", "50000.00"),
        # 600,000 are eligible: 540,000 x 0.1 % + 460,000 x 5 %
        ("DISPUTED", "23540.00"),
    ],
)
def test_what_the_insurer_does_not_answer_for_is_not_covered(world: Warehouse, case: str, loss: str) -> None:
    assert _row(world, case)["expected_credit_loss_reporting"] == D(loss)


def _taxed(extracts: Extracts) -> None:
    for case, relief, amount, tax in (
        ("VAT-CN", False, "113.00", "13.00"),
        ("VAT-DE", True, "119.00", "19.00"),
    ):
        books = _customer(extracts, case, settings={"tax_relief_on_bad_debt": relief})
        books.invoice("INV1", amount, POSTED, due=DUE[">360"], tax_amount=tax)


def test_e8_output_tax_is_part_of_the_loss_where_the_law_does_not_refund_it(world: Warehouse) -> None:
    china, germany = _row(world, "VAT-CN"), _row(world, "VAT-DE")
    assert (china["exposure_reporting"], china["expected_credit_loss_reporting"]) == (
        D("113.00"),
        D("113.00"),
    )
    assert (germany["exposure_reporting"], germany["expected_credit_loss_reporting"]) == (
        D("119.00"),
        D("100.00"),
    )


# -- segments -----------------------------------------------------------------------------------------------


def _segments(extracts: Extracts) -> None:
    books = _customer(extracts, "BILLS")
    for number, method, acceptor, kind, matures in (
        ("B1", "bank_acceptance", "招商银行苏州分行", None, "2027-03-31"),
        # a bank that the policy does not list is none of the major ones, whatever the source says
        ("B2", "bank_acceptance", "温州民商银行", "major_bank", "2027-03-31"),
        ("B3", "bank_acceptance", "华东重工财务有限公司", "finance_company", "2027-03-31"),
        ("B4", "commercial_acceptance", "Jiangbei", None, "2027-03-31"),
        # matured 21 days ago, and nobody said that it was paid
        ("B5", "bank_acceptance", "苏州银行", None, DUE["1-30"]),
    ):
        books.invoice(f"INV-{number}", "1000.00", "2026-10-01", due="2027-01-31")
        books.bill(
            number,
            "1000.00",
            "2026-11-02",
            matures=matures,
            method=method,
            acceptor=acceptor,
            acceptor_kind=kind,
        )
        books.allocation(
            f"A-{number}", "1000.00", "2026-11-02", used=f"receipt:{number}", settles=f"document:INV-{number}"
        )

    books = _customer(extracts, "RETAINED", **RETAIL)
    books.invoice("INV1", "1000.00", "2026-12-01", due="2027-01-31")
    books.instalment("INV1", 1, "900.00", "2027-01-31")
    books.instalment("INV1", 2, "100.00", "2026-12-15", kind="retention")

    books = _customer(extracts, "AGELESS")
    books.opening_balance("OB1", "100.00", "2026-12-30")
    extracts.books("ECL-SISTER", intercompany_group="ECL")
    books = _customer(
        extracts, "GROUP", settings={"intercompany_group": "ECL"}, counterparty_company_code="ECL-SISTER"
    )
    books.invoice("INV1", "1000.00", POSTED, due=DUE["181-360"])


def test_bills_are_provisioned_by_who_answers_for_them(world: Warehouse) -> None:
    rows = {(row["segment"], row["bucket"]): row for row in _rows(world, "BILLS")}
    loss = {key: row["expected_credit_loss_reporting"] for key, row in rows.items()}
    assert loss == {
        ("bank_bill_major", "not_due"): D("0.00"),
        # 2,000 x 0.5 %
        ("bank_bill_other", "not_due"): D("10.00"),
        # a debtor like any other: 2 % x 1.5 x 1.075
        ("bank_bill_other", "1-30"): D("32.25"),
        # 5 % x 1.0 x 1.075, by years since the receivable came to be
        ("commercial_bill", "0-12"): D("53.75"),
    }


def test_a_retention_takes_the_rate_of_what_is_not_due(world: Warehouse) -> None:
    rows = {row["segment"]: row for row in _rows(world, "RETAINED")}
    retained = rows["contract_asset"]
    assert (retained["rate_segment"], retained["bucket"], retained["presentation"]) == (
        "retail_chain",
        "not_due",
        "asset",
    )
    assert (retained["rate"], retained["expected_credit_loss_reporting"]) == (D("0.003"), D("0.30"))
    assert rows["retail_chain"]["presentation"] == "credit"


def test_a15_what_has_no_age_is_taken_for_the_oldest(world: Warehouse) -> None:
    row = _row(world, "AGELESS")
    assert (row["bucket"], row["rate"], row["expected_credit_loss_reporting"]) == (
        "age_unknown",
        D("1"),
        D("100.00"),
    )


def test_a_sister_is_shown_and_eliminated(world: Warehouse) -> None:
    row = _row(world, "GROUP")
    assert (row["segment"], row["method"], row["exposure_reporting"]) == (
        "intragroup",
        "eliminated",
        D("1000.00"),
    )
    assert row["expected_credit_loss_reporting"] == D("0.00")


# -- what is provisioned ------------------------------------------------------------------------------------


def _net(extracts: Extracts) -> None:
    books = _customer(extracts, "NET", **RETAIL)
    books.invoice("OLD", "100.00", POSTED, due=DUE["31-60"])
    books.invoice("NEW", "1000.00", POSTED, due=DUE["not_due"])
    books.receipt("R1", "130.00", POSTED)
    books.receipt("R2", "50.00", POSTED, customer_id="C2")
    books.customer("C2", **RETAIL)


def test_b5_d4_the_allowance_is_on_debit_balances_after_credits(world: Warehouse) -> None:
    rows = {row["bucket"]: row for row in _rows(world, "NET")}
    # 130 absorb the old 100 and 30 of the new; the 50 of another customer absorb nothing
    assert {
        bucket: (row["open_amount_reporting"], row["exposure_reporting"]) for bucket, row in rows.items()
    } == {
        "31-60": (D("100.00"), D("0.00")),
        "not_due": (D("1000.00"), D("970.00")),
    }
    # 970 x 0.3 %
    assert rows["not_due"]["expected_credit_loss_reporting"] == D("2.91")


def _decided(extracts: Extracts) -> None:
    books = _customer(extracts, "DECIDED", **RETAIL)
    books.invoice("INV1", "1000.00", POSTED, due=DUE["31-60"])
    add_policy(
        extracts,
        "policy_individual_assessment",
        company_code="ECL-DECIDED",
        customer_id="C1",
        loss_rate="0.6",
        method="weighted present value",
        reason="estate",
    )
    books = _customer(extracts, "DEFAULTED", **RETAIL)
    books.invoice("OLD", "3000000.00", "2026-06-01", due="2026-06-30")
    books.invoice("NEW", "7000000.00", "2026-12-01", due=DUE["not_due"])
    for company, amount, expires in (("OVERLAID", "500.00", ""), ("EXPIRED", "900.00", "2026-12-30")):
        books = _customer(extracts, company, **RETAIL)
        books.invoice("INV1", "1000.00", POSTED, due=DUE["not_due"])
        add_policy(
            extracts,
            "policy_loss_overlay",
            company_code=f"ECL-{company}",
            segment="retail_chain",
            amount=amount,
            reason="flood",
            expires_on=expires,
        )


def test_e5_a_decision_takes_a_customer_out_of_the_matrix(world: Warehouse) -> None:
    row = _row(world, "DECIDED")
    assert (row["segment"], row["rate_source"], row["expected_credit_loss_reporting"]) == (
        "individual",
        "decision",
        D("600.00"),
    )
    (named,) = world.query(
        "select * from marts.mart_individual_assessment where company_code = 'ECL-DECIDED'"
    )
    assert (named["name"], named["individual_reason"], named["decided_by"]) == (
        "Customer C1",
        "decision",
        "CFO",
    )
    assert (named["rate"], named["expected_credit_loss_reporting"]) == (D("0.6"), D("600.00"))


def test_e5_a_large_customer_in_default_is_lost_until_somebody_decides(world: Warehouse) -> None:
    # 3 m are 184 days past due, 10 m are owed
    (named,) = world.query(
        "select * from marts.mart_individual_assessment where company_code = 'ECL-DEFAULTED'"
    )
    assert (named["individual_reason"], named["is_decided"], str(named["defaulted_on"])) == (
        "default",
        False,
        "2026-09-29",
    )
    assert named["expected_credit_loss_reporting"] == D("10000000.00")
    assert {row["rate_source"] for row in _rows(world, "DEFAULTED")} == {"full"}


def test_a_row_of_the_matrix_opens_its_items(world: Warehouse) -> None:
    items = world.query(
        "select document_id, segment, bucket, rate, exposure_reporting, expected_credit_loss_reporting"
        " from marts.mart_expected_credit_loss_item where company_code = 'ECL-DEFAULTED' order by document_id"
    )
    assert [tuple(item.values()) for item in items] == [
        ("NEW", "individual", "not_due", D("1"), D("7000000.00"), D("7000000.00")),
        ("OLD", "individual", "181-360", D("1"), D("3000000.00"), D("3000000.00")),
    ]
    # a customer that was decided by itself has a rate of its own
    (decided,) = world.query(
        "select rate, rate_source, expected_credit_loss_reporting"
        " from marts.mart_expected_credit_loss_item where company_code = 'ECL-DECIDED'"
    )
    assert tuple(decided.values()) == (D("0.6"), "decision", D("600.00"))
    # every item is provisioned once, and what credits absorbed is gone from it as it is from the row
    (whole,) = world.query(
        "select (select sum(exposure_reporting) from marts.mart_expected_credit_loss_item) as of_items,"
        " (select sum(exposure_reporting) from marts.mart_expected_credit_loss where not is_beside) as of_rows"
    )
    assert whole["of_items"] == whole["of_rows"] != 0


def test_e4_an_overlay_is_a_row_of_its_own_until_it_expires(world: Warehouse) -> None:
    item, overlay = sorted(_rows(world, "OVERLAID"), key=lambda row: row["component"])
    assert (overlay["component"], overlay["overlay_reason"], overlay["approved_by"]) == (
        "overlay",
        "flood",
        "CFO",
    )
    assert (overlay["expected_credit_loss_functional"], item["expected_credit_loss_functional"]) == (
        D("500.00"),
        D("3.00"),
    )
    assert [row["component"] for row in _rows(world, "EXPIRED")] == ["matrix"]


# -- the allowance ------------------------------------------------------------------------------------------


def test_without_a_booked_allowance_there_is_a_reason_and_no_entry(world: Warehouse) -> None:
    (row,) = world.query("select * from marts.mart_allowance_roll_forward where company_code = 'ECL-IFRS'")
    assert (row["step"], row["reason_when_null"]) == ("proposed", "not_delivered")
    assert (row["opening_reporting"], row["charge_reporting"], row["closing_reporting"]) == (
        None,
        None,
        D("580000.00"),
    )
