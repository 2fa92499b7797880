"""Sources without allocations: clearing groups, clearing dates and residuals, with figures by hand.

Belongs here: what each settlement style makes of the deliveries of its own source, and the switch to real allocations.
Must not: rules of allocations in general (test_ledger_rules.py), random worlds (tests/oracles).
"""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal

import pytest

from tests.kit import D, Extracts, SourcePlan, Warehouse
from tests.kit.worlds import APRIL, HISTORY_DAYS, JUNE, MARCH, MAY, made

GROUPS, DATES, RESIDUALS, OPEN_ITEMS = "erp_group", "erp_date", "erp_residual", "erp_open"


def _plan(name: str, **options: object) -> SourcePlan:
    # cases lose most of their keys on purpose
    return SourcePlan(name, HISTORY_DAYS, options={"lost_key_share": 1, **options})


@pytest.fixture(scope="module")
def styles(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    extracts = Extracts(
        [
            _plan(GROUPS, settlement="clearing_group"),
            _plan(DATES, settlement="clearing_date"),
            _plan(RESIDUALS, settlement="residual"),
            _plan(OPEN_ITEMS, settlement="residual", vanished="settled"),
        ]
    )
    for source in (GROUPS, DATES, RESIDUALS, OPEN_ITEMS):
        # a file that is missing says nothing, so every delivery of every source holds a document and a receipt
        anchor = extracts.books(f"H-{source}", source=source)
        anchor.invoice("INV1", "10.00", "2026-01-01", due="2026-01-31")
        anchor.receipt("R1", "5.00", "2026-01-15")
    for add_case in _CASES:
        add_case(extracts)
    warehouse = made(extracts.write(tmp_path_factory.mktemp("styles")), request=request)
    yield warehouse
    warehouse.close()


def _allocations(styles: Warehouse, company: str) -> dict[str, Decimal]:
    rows = styles.query(
        "select allocation_id, amount_document from marts.fct_allocation where company_code = $1 and is_inferred",
        [company],
    )
    return {row["allocation_id"]: row["amount_document"] for row in rows}


def _restated(styles: Warehouse, company: str, delivered: date) -> dict[str, Decimal]:
    """Document amount per item that the delivery of that day changed in days already reported, without zeros."""
    rows = styles.query(
        """
        select split_part(open_item_id, '|', 3) as item, cast(sum(amount_document) as decimal(18, 2)) as amount
        from marts.mart_restatement
        where company_code = $1 and cast(restated_at as date) = $2
        group by item
        """,
        [company, delivered],
    )
    return {row["item"]: row["amount"] for row in rows if row["amount"]}


# -- clearing groups -------------------------------------------------------------------------------------------


def _payment_of_two(extracts: Extracts) -> None:
    books = extracts.books("G01", source=GROUPS)
    for state, cleared in (
        (books.known(until=APRIL), {}),
        (books.known(since=APRIL), {"clearing_id": "K1", "settled_on": "2026-04-15"}),
    ):
        state.invoice("INV1", "100.00", "2026-03-01", due="2026-04-10", **cleared)
        state.invoice("INV2", "50.00", "2026-03-05", due="2026-03-31", **cleared)
    books.known(since=APRIL).receipt("R1", "150.00", "2026-04-15", clearing_id="K1", settled_on="2026-04-15")


def test_items_that_share_a_clearing_settle_each_other_on_its_day(styles: Warehouse) -> None:
    assert styles.open_amounts("2026-04-14", company="G01") == {"INV1": D("100.00"), "INV2": D("50.00")}
    assert styles.open_amounts("2026-04-15", company="G01") == {}
    assert _allocations(styles, "G01") == {"K1~R:R1~D:INV1": D("100.00"), "K1~R:R1~D:INV2": D("50.00")}
    assert {m.kind for m in styles.movements(company="G01")} == {"billed", "cash"}


def test_a_derived_allocation_is_marked_and_traced_to_the_row_that_told_of_it(styles: Warehouse) -> None:
    rows = styles.query(
        "select _source, _file, _row, known_from from marts.fct_allocation where company_code = 'G01'"
    )
    assert {row["_source"] for row in rows} == {GROUPS}
    assert all("2026-04-30" in row["_file"] and row["_row"] for row in rows)
    legs = styles.query(
        """
        select movement_kind, is_inferred from marts.fct_receivable_movement
        where company_code = 'G01' and known_to > timestamp '9999-01-01' group by all order by all
        """
    )
    # the receipt itself is stated; its legs are derived
    assert [tuple(row.values()) for row in legs] == [("billed", False), ("cash", False), ("cash", True)]


def _cleared(clearing: str, day: str = "2026-04-15") -> dict[str, str]:
    return {"clearing_id": clearing, "settled_on": day}


def _discount(extracts: Extracts) -> None:
    books = extracts.books("G02", source=GROUPS)
    cleared = _cleared("K1")
    books.invoice("INV1", "600.00", "2026-03-01", due="2026-04-30", **cleared)
    books.invoice("INV2", "400.00", "2026-03-02", due="2026-05-31", **cleared)
    books.receipt("R1", "980.00", "2026-04-15", **cleared)
    books.credit_note("DSC", "20.00", "2026-04-15", difference_kind="discount", **cleared)


def test_a_discount_posting_settles_what_the_payment_leaves_and_is_no_item(styles: Warehouse) -> None:
    # 980 = 600 on INV1 and 380 on INV2, which leaves the 20 of the discount
    assert _allocations(styles, "G02") == {
        "K1~R:R1~D:INV1": D("600.00"),
        "K1~R:R1~D:INV2": D("380.00"),
        "K1~discount:DSC~D:INV2": D("20.00"),
    }
    assert styles.open_amounts("2026-04-15", company="G02") == {}
    assert [m.document for m in styles.movements(company="G02", kind="discount")] == [D("-20.00")]
    assert styles.movements(company="G02", kind="credit_note") == []


def _write_offs(extracts: Extracts) -> None:
    books = extracts.books("G03", source=GROUPS)
    short, over = _cleared("K1"), _cleared("K2")
    books.invoice("INV1", "100.00", "2026-03-01", **short)
    books.receipt("R1", "95.00", "2026-04-10", **short)
    books.credit_note("WO1", "5.00", "2026-04-15", difference_kind="write_off", **short)
    books.invoice("INV2", "100.00", "2026-03-01", **over)
    books.receipt("R2", "103.00", "2026-04-10", **over)
    books.debit_note("WO2", "3.00", "2026-04-15", difference_kind="write_off", **over)


def test_a_write_off_takes_away_a_short_payment_or_an_over_payment(styles: Warehouse) -> None:
    assert _allocations(styles, "G03") == {
        "K1~R:R1~D:INV1": D("95.00"),
        "K1~write_off:WO1~D:INV1": D("5.00"),
        "K2~R:R2~D:INV2": D("100.00"),
        "K2~write_off:WO2~R:R2": D("-3.00"),
    }
    assert styles.open_amounts("2026-04-14", company="G03") == {
        "INV1": D("100.00"),
        "INV2": D("100.00"),
        "R1": D("-95.00"),
        "R2": D("-103.00"),
    }
    assert styles.open_amounts("2026-04-15", company="G03") == {}
    kinds = {m.item: m.document for m in styles.movements(company="G03", kind="write_off")}
    assert kinds == {"INV1": D("-5.00"), "R2": D("3.00")}


def _exchange_posting(extracts: Extracts) -> None:
    for code, posting in (
        ("G04", {"amount": "0.00", "currency": "USD", "functional_amount": "15.00"}),
        ("G04C", {"amount": "15.00", "currency": "CNY"}),
    ):
        books = extracts.books(code, source=GROUPS)
        cleared = _cleared("K1")
        books.invoice("INV1", "100.00", "2026-03-01", currency="USD", functional_amount="720.00", **cleared)
        books.receipt("R1", "100.00", "2026-04-15", currency="USD", functional_amount="705.00", **cleared)
        amount = posting.pop("amount")
        books.credit_note("EXC", amount, "2026-04-15", difference_kind="fx_difference", **posting, **cleared)


@pytest.mark.parametrize("company", ["G04", "G04C"])
def test_an_exchange_posting_counts_before_a_derived_difference(styles: Warehouse, company: str) -> None:
    # 720.00 carried, 705.00 received: the source booked the loss of 15.00, nothing is left to derive
    differences = styles.movements(company=company, kind="fx_difference")
    assert [(m.allocation_id, m.item, m.document, m.functional) for m in differences] == [
        ("K1~fx_difference:EXC~D:INV1", "INV1", D("0.00"), D("-15.00"))
    ]
    assert styles.open_items("2026-04-15", company=company) == []


def _does_not_net(extracts: Extracts) -> None:
    books = extracts.books("G05", source=GROUPS)
    cleared = _cleared("K1")
    books.invoice("INV1", "100.00", "2026-03-01", **cleared)
    books.receipt("R1", "80.00", "2026-04-15", **cleared)
    over = _cleared("K2")
    books.invoice("INV2", "100.00", "2026-03-01", **over)
    books.receipt("R2", "90.00", "2026-04-15", **over)
    books.credit_note("DSC", "14.00", "2026-04-15", difference_kind="discount", **over)


def test_what_a_clearing_does_not_net_stays_open_and_is_listed(styles: Warehouse) -> None:
    # INV2: 90 paid and 14 of discount on 100 make it a credit of 4; nothing is clipped
    assert styles.open_amounts("2026-04-15", company="G05") == {"INV1": D("20.00"), "INV2": D("-4.00")}
    found = styles.findings("clearing_does_not_net", company="G05")
    assert [(row["record_id"], row["amount_document"], row["currency"]) for row in found] == [
        ("K1", D("20.00"), "CNY"),
        ("K2", D("-4.00"), "CNY"),
    ]
    assert styles.findings("clearing_does_not_net", company="G01") == []


def _two_currencies(extracts: Extracts) -> None:
    books = extracts.books("G06", source=GROUPS)
    cleared = _cleared("K1")
    books.invoice(
        "INV1",
        "100.00",
        "2026-03-01",
        due="2026-03-31",
        currency="USD",
        functional_amount="720.00",
        **cleared,
    )
    books.invoice(
        "INV2", "50.00", "2026-03-01", due="2026-04-30", currency="USD", functional_amount="360.00", **cleared
    )
    books.credit_note(
        "DSC",
        "3.00",
        "2026-04-15",
        currency="USD",
        functional_amount="21.00",
        difference_kind="discount",
        **cleared,
    )
    books.receipt("R1", "100.00", "2026-04-10", currency="EUR", functional_amount="750.00", **cleared)
    books.receipt("R2", "33.34", "2026-04-11", currency="EUR", functional_amount="250.00", **cleared)


def test_what_is_left_in_two_currencies_is_matched_in_proportion(styles: Warehouse) -> None:
    # USD 97 of INV1 and 50 of INV2 are left after the discount: 147 against EUR 133.34. INV1 takes
    # 133.34 x 97 / 147 = 87.99 of R1 (100.00); the rest of R1, 12.01, is 147 x 100 / 133.34 - 97 = 13.24 of INV2, whose
    # other 36.76 takes all of R2.
    rows = styles.query(
        """
        select allocation_id, amount_document, from_amount_document from marts.fct_allocation
        where company_code = 'G06' order by allocation_id
        """
    )
    assert [tuple(row.values()) for row in rows] == [
        ("K1~R:R1~D:INV1", D("97.00"), D("87.99")),
        ("K1~R:R1~D:INV2", D("13.24"), D("12.01")),
        ("K1~R:R2~D:INV2", D("36.76"), D("33.34")),
        ("K1~discount:DSC~D:INV1", D("3.00"), None),
    ]
    assert styles.open_items("2026-04-15", company="G06") == []
    assert styles.findings("clearing_does_not_net", company="G06") == []


def _reset(extracts: Extracts) -> None:
    books = extracts.books("G07", source=GROUPS)
    for state, cleared in (
        (books.known(until=MAY), _cleared("K1", "2026-03-10")),
        (books.known(since=MAY), {}),
    ):
        state.invoice("INV1", "100.00", "2026-03-01", **cleared)
        state.receipt("R1", "100.00", "2026-03-10", **cleared)


def test_t05_a_clearing_that_is_reset_does_not_rewrite_what_was_reported(styles: Warehouse) -> None:
    for day in ("2026-03-10", "2026-03-31", "2026-05-30"):
        assert styles.open_amounts(day, company="G07") == {}
    assert styles.open_amounts("2026-05-31", company="G07") == {"INV1": D("100.00"), "R1": D("-100.00")}
    assert styles.open_amounts("2026-05-31", company="G07", known_at=APRIL) == {}
    assert {(m.effective_date, m.document) for m in styles.movements(company="G07", kind="reversal")} == {
        (MAY, D("100.00")),
        (MAY, D("-100.00")),
    }
    assert styles.restatements(company="G07") == []
    assert _allocations(styles, "G07") == {}


def _lonely_difference(extracts: Extracts) -> None:
    books = extracts.books("G08", source=GROUPS)
    books.credit_note("DSC1", "20.00", "2026-04-15", difference_kind="discount")
    books.credit_note("DSC2", "30.00", "2026-04-15", difference_kind="discount", **_cleared("K1"))


def test_a_difference_posting_with_nothing_to_settle_is_an_ordinary_item(styles: Warehouse) -> None:
    assert styles.open_amounts("2026-04-30", company="G08") == {"DSC1": D("-20.00"), "DSC2": D("-30.00")}


def _late_group(extracts: Extracts) -> None:
    books = extracts.books("G09", source=GROUPS)
    cleared = _cleared("K1", "2026-04-20")
    books.known(until=MAY).invoice("INV1", "100.00", "2026-03-01")
    books.known(until=MAY).receipt("R1", "98.00", "2026-04-20")
    books.known(until=MAY).credit_note("DSC", "2.00", "2026-04-20", difference_kind="discount")
    books.known(since=MAY).invoice("INV1", "100.00", "2026-03-01", **cleared)
    books.known(since=MAY).receipt("R1", "98.00", "2026-04-20", **cleared)
    books.known(since=MAY).credit_note("DSC", "2.00", "2026-04-20", difference_kind="discount", **cleared)


def test_a_clearing_that_is_told_late_restates_the_days_since_its_date(styles: Warehouse) -> None:
    assert styles.open_amounts("2026-04-30", company="G09", known_at=APRIL) == {
        "INV1": D("100.00"),
        "R1": D("-98.00"),
        "DSC": D("-2.00"),
    }
    assert styles.open_amounts("2026-04-30", company="G09") == {}
    # the posting is an item no longer: its 2.00 went to INV1
    assert _restated(styles, "G09", MAY) == {"INV1": D("-100.00"), "R1": D("98.00"), "DSC": D("2.00")}


def _switch(extracts: Extracts) -> None:
    books = extracts.books("G10", source=GROUPS)
    cleared = _cleared("K1")
    books.invoice("INV1", "100.00", "2026-03-01", due="2026-05-01", **cleared)
    books.invoice("INV2", "60.00", "2026-03-01", due="2026-04-01", **cleared)
    books.known(until=APRIL).receipt("R1", "140.00", "2026-04-15", **cleared)
    books.known(since=APRIL).receipt("R1", "145.00", "2026-04-15", **cleared)
    books.credit_note("DSC", "5.00", "2026-04-15", difference_kind="discount", **cleared)
    real = books.known(since=MAY)
    # one of the real ones is called like a derived one
    real.allocation("K1~R:R1~D:INV1", "95.00", "2026-04-15", used="receipt:R1", settles="document:INV1")
    real.allocation("A2", "50.00", "2026-04-15", used="receipt:R1", settles="document:INV2")
    real.allocation("A3", "5.00", "2026-04-15", used="credit_note:DSC", settles="document:INV1")


def test_real_allocations_take_over_and_what_was_derived_is_restated(styles: Warehouse) -> None:
    # derived: INV2 first, 60, then the discount of 5 and 80 on INV1, which are 85 from the delivery of 30 April on.
    # Real: 95 and 5 on INV1, 50 on INV2.
    assert styles.open_amounts("2026-04-15", company="G10", known_at=APRIL) == {
        "INV1": D("15.00"),
        "R1": D("-5.00"),
    }
    assert styles.open_amounts("2026-06-30", company="G10", known_at=APRIL) == {"INV1": D("10.00")}
    for day in ("2026-04-15", "2026-06-30"):
        assert styles.open_amounts(day, company="G10") == {"INV2": D("10.00")}
        assert styles.open_amounts(day, company="G10", known_at=MAY) == {"INV2": D("10.00")}
    assert _restated(styles, "G10", MAY) == {"INV1": D("-10.00"), "INV2": D("10.00")}
    # what was derived was no event: nothing is reversed on the day of the delivery, and nothing before counts any more
    reversals = styles.movements(company="G10", kind="reversal", current=False)
    assert {(m.effective_date, m.is_current) for m in reversals} == {(APRIL, False)}
    assert _allocations(styles, "G10") == {}
    assert styles.findings("clearing_does_not_net", company="G10") == []


# -- clearing dates --------------------------------------------------------------------------------------------


def _dates(extracts: Extracts) -> None:
    books = extracts.books("D01", source=DATES)
    books.known(until=MAY).invoice("INV1", "100.00", "2026-03-01")
    books.known(since=MAY).invoice("INV1", "100.00", "2026-03-01", settled_on="2026-04-20")
    books.invoice("INV2", "100.00", "2026-03-01", settled_on="2026-03-20", settled_amount="60.00")
    books.credit_note("CN1", "40.00", "2026-03-10", settled_on="2026-03-01")
    books.receipt("R1", "7.00", "2026-03-05", settled_on="2026-03-05")
    planned = extracts.books("D02", source=DATES)
    planned.invoice("INV1", "90.00", "2026-03-01", settled_on="2026-04-02", settled_amount="50.00")
    planned.instalment("INV1", 1, "30.00", "2026-03-31")
    planned.instalment("INV1", 2, "60.00", "2026-04-30")


def test_a_clearing_date_settles_the_document_in_one_movement(styles: Warehouse) -> None:
    # a credit note takes its amount the other way, not before it is posted; a receipt says nothing of what it paid
    assert styles.open_amounts("2026-03-09", company="D01") == {
        "INV1": D("100.00"),
        "INV2": D("100.00"),
        "R1": D("-7.00"),
    }
    assert styles.open_amounts("2026-03-20", company="D01") == {
        "INV1": D("100.00"),
        "INV2": D("40.00"),
        "R1": D("-7.00"),
    }
    settled = {
        (m.item, m.effective_date, m.document) for m in styles.movements(company="D01", kind="settlement")
    }
    assert settled == {
        ("INV1", date(2026, 4, 20), D("-100.00")),
        ("INV2", date(2026, 3, 20), D("-60.00")),
        ("CN1", date(2026, 3, 10), D("40.00")),
    }


def test_a_clearing_date_that_appears_late_restates_the_days_since(styles: Warehouse) -> None:
    assert styles.open_amounts("2026-04-30", company="D01", known_at=APRIL)["INV1"] == D("100.00")
    assert "INV1" not in styles.open_amounts("2026-04-30", company="D01")
    assert _restated(styles, "D01", MAY) == {"INV1": D("-100.00")}


def test_a_settlement_fills_the_instalments_like_a_payment(styles: Warehouse) -> None:
    assert styles.open_amounts("2026-04-02", company="D02") == {"INV1#2": D("40.00")}


def test_the_roll_forward_has_a_line_for_settlements_and_closes(styles: Warehouse) -> None:
    rows = styles.roll_forward(company="D01")
    # -100.00 - 60.00 + 40.00
    assert sum(row["settlement_document"] for row in rows) == D("-120.00")
    assert {(row["difference_document"], row["difference_functional"]) for row in rows} == {
        (D("0.00"), D("0.00"))
    }


# -- residuals -------------------------------------------------------------------------------------------------


def _residuals(extracts: Extracts) -> None:
    books = extracts.books("R01", source=RESIDUALS)
    for (since, until), residual in zip(
        ((MARCH, APRIL), (APRIL, MAY), (MAY, JUNE), (JUNE, None)),
        ("100.00", "70.00", "40.00", "55.00"),
        strict=True,
    ):
        books.known(since=since, until=until).invoice(
            "INV1", "100.00", "2026-03-01", residual_amount=residual
        )
    books.known(until=APRIL).invoice("INV2", "80.00", "2026-03-01", residual_amount="80.00")
    books.known(since=APRIL).invoice(
        "INV2", "80.00", "2026-03-01", residual_amount="0.00", settled_on="2026-04-12"
    )
    corrected = extracts.books("R02", source=RESIDUALS)
    corrected.known(until=APRIL).invoice("INV1", "100.00", "2026-03-01", residual_amount="40.00")
    corrected.known(since=APRIL).invoice("INV1", "120.00", "2026-03-01", residual_amount="60.00")
    credit = extracts.books("R03", source=RESIDUALS)
    credit.known(until=APRIL).credit_note("CN1", "50.00", "2026-03-01", settled_amount="0.00")
    credit.known(since=APRIL).credit_note("CN1", "50.00", "2026-03-01", settled_amount="20.00")


def test_each_change_of_a_residual_is_a_settlement_of_its_delivery(styles: Warehouse) -> None:
    by_day = {
        day: styles.open_amounts(day, company="R01").get("INV1")
        for day in ("2026-04-29", "2026-04-30", "2026-05-31", "2026-06-29", "2026-06-30")
    }
    assert by_day == {
        "2026-04-29": D("100.00"),
        "2026-04-30": D("70.00"),
        "2026-05-31": D("40.00"),
        "2026-06-29": D("40.00"),
        "2026-06-30": D("55.00"),  # 15 of what was settled is open again
    }
    assert {key: value for key, value in _allocations(styles, "R01").items() if "INV1" in key} == {
        "settlement~INV1~1": D("30.00"),
        "settlement~INV1~2": D("30.00"),
        "settlement~INV1~3": D("-15.00"),
    }
    assert {m.kind for m in styles.movements(company="R01")} == {"billed", "settlement"}


def test_a_residual_with_a_date_is_settled_on_that_date(styles: Warehouse) -> None:
    assert styles.open_amounts("2026-04-11", company="R01")["INV2"] == D("80.00")
    assert "INV2" not in styles.open_amounts("2026-04-12", company="R01")


def test_what_is_settled_counts_where_the_amount_is_corrected(styles: Warehouse) -> None:
    # part-paid when first seen: 60 settled on the day of the first delivery, and 60 of the corrected amount as well
    assert styles.open_amounts("2026-03-30", company="R02") == {"INV1": D("120.00")}
    assert styles.open_amounts("2026-03-31", company="R02") == {"INV1": D("60.00")}
    assert styles.open_amounts("2026-03-31", company="R02", known_at=MARCH) == {"INV1": D("40.00")}
    assert [m.document for m in styles.movements(company="R02", kind="settlement")] == [D("-60.00")]


def test_a_credit_note_is_settled_from_its_own_side(styles: Warehouse) -> None:
    assert styles.open_amounts("2026-04-30", company="R03") == {"CN1": D("-30.00")}


def _open_items(extracts: Extracts) -> None:
    books = extracts.books("O01", source=OPEN_ITEMS)
    invoice = ("INV1", "100.00", "2026-03-01")
    books.known(until=APRIL).invoice(*invoice, residual_amount="100.00")
    books.known(since=APRIL, until=MAY).invoice(*invoice, residual_amount="30.00")
    books.known(since=JUNE).invoice(*invoice, residual_amount="20.00")
    books.known(until=APRIL).invoice("INV2", "50.00", "2026-03-01", residual_amount="50.00")
    gone = extracts.books("R04", source=RESIDUALS)
    gone.known(until=MAY).invoice(*invoice, residual_amount="30.00")


def test_what_an_open_item_list_leaves_out_is_settled_on_that_day(styles: Warehouse) -> None:
    assert [
        styles.total(day, company="O01") for day in ("2026-04-29", "2026-04-30", "2026-05-30", "2026-05-31")
    ] == [
        D("150.00"),
        D("30.00"),
        D("30.00"),
        D("0.00"),
    ]
    # 20 of it are listed again in June
    assert styles.open_amounts("2026-06-30", company="O01") == {"INV1": D("20.00")}
    assert styles.restatements(company="O01") == []
    rows = styles.query(
        "select document_id, residual_amount_document from marts.fct_document where company_code = 'O01' order by 1"
    )
    assert [tuple(row.values()) for row in rows] == [("INV1", D("20.00")), ("INV2", D("0.00"))]


def test_the_worst_case_of_overdue_does_not_believe_a_settlement_by_absence(styles: Warehouse) -> None:
    rows = styles.query(
        "select line, amount_document from marts.mart_overdue_range where dimension_value = 'O01'"
        " and case_name = 'worst' order by line_no"
    )
    # INV1 is listed again with 20; of INV2 nothing was ever said but that it is not on the list any more
    assert [tuple(row.values()) for row in rows] == [
        ("headline", D("20.00")),
        ("age_unknown", D("0.00")),
        ("due_date_from_terms", D("0.00")),
        ("settlement_by_absence", D("50.00")),
        ("worst_case", D("70.00")),
    ]


def test_a_settlement_by_absence_names_the_delivery_and_no_row(styles: Warehouse) -> None:
    rows = styles.query(
        """
        select load.business_date, allocation._row
        from marts.fct_allocation as allocation
        inner join marts.dim_release_load as load on allocation._load_id = load.load_id
        where allocation.allocation_id = 'settlement~INV2~1' and allocation.company_code = 'O01'
        """
    )
    assert [tuple(row.values()) for row in rows] == [(APRIL, None)]


def test_elsewhere_a_document_that_vanishes_is_deleted_with_its_settlements(styles: Warehouse) -> None:
    assert styles.open_amounts("2026-04-30", company="R04", known_at=APRIL) == {"INV1": D("30.00")}
    assert styles.open_amounts("2026-04-30", company="R04") == {}
    assert styles.movements(company="R04") == []


def test_every_answer_as_known_before_a_style_spoke_is_what_the_documents_said(styles: Warehouse) -> None:
    assert styles.open_amounts("2026-06-30", company="R01", known_at=datetime(2026, 4, 1)) == {
        "INV1": D("100.00"),
        "INV2": D("80.00"),
    }


_CASES = (
    _payment_of_two,
    _discount,
    _write_offs,
    _exchange_posting,
    _does_not_net,
    _two_currencies,
    _reset,
    _lonely_difference,
    _late_group,
    _switch,
    _dates,
    _residuals,
    _open_items,
)
