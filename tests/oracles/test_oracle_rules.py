"""The oracle on both clocks: small books with figures worked by hand beside each rule.

Belongs here: one rule per test. Does not: the pipeline, random worlds.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from tests.oracles.knowledge import Delivery, Text
from tests.oracles.oracle import Oracle, Row

Columns = dict[str, Text]
JAN, FEB, MAR, APR = (date(2025, month, 20) for month in (1, 2, 3, 4))
END = date(2025, 12, 31)


def known(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 23, 59, 59)


def full(day: date, /, **rows: list[Columns]) -> Delivery:
    return Delivery("full", known(day), day, rows)


def delta(day: date, deletes: dict[str, list[Columns]] | None = None, /, **rows: list[Columns]) -> Delivery:
    return Delivery("delta", known(day), day, rows, deletes or {})


def books(*deliveries: Delivery, functional_currency: str = "CNY") -> Oracle:
    return Oracle("CN01", functional_currency=functional_currency, deliveries=deliveries)


def document(document_id: str, amount: str, /, **columns: Text) -> Columns:
    return {
        "document_id": document_id,
        "document_type": "invoice",
        "customer_id": "C1",
        "document_date": "2025-01-10",
        "due_date": "2025-02-10",
        "currency": "CNY",
        "amount": amount,
        **columns,
    }


def receipt(receipt_id: str, amount: str, /, **columns: Text) -> Columns:
    return {
        "receipt_id": receipt_id,
        "customer_id": "C1",
        "receipt_date": "2025-01-15",
        "currency": "CNY",
        "amount": amount,
        **columns,
    }


def allocation(allocation_id: str, amount: str, /, **columns: Text) -> Columns:
    return {
        "allocation_id": allocation_id,
        "from_kind": "receipt",
        "from_id": "R1",
        "to_kind": "document",
        "to_id": "INV1",
        "allocated_on": "2025-01-15",
        "amount": amount,
        **columns,
    }


def instalment(number: int, due: str, amount: str, /, **columns: Text) -> Columns:
    return {
        "document_id": "INV1",
        "instalment_no": str(number),
        "due_date": due,
        "amount": amount,
        **columns,
    }


def opens(oracle: Oracle, as_of: date, day: date) -> dict[str, str]:
    """What is open per item, as text: `INV1/1` or `R1/1`."""
    return {
        f"{row.document_id}/{row.instalment_no}": str(row.open_document)
        for row in oracle.ledger(as_of, known(day)).values()
        if row.open_document
    }


def row_of(oracle: Oracle, as_of: date, day: date, item_id: str = "CN01|D|INV1|1") -> Row:
    return oracle.ledger(as_of, known(day))[item_id]


def test_a_correction_restates_the_effective_past_but_not_what_was_known() -> None:
    oracle = books(
        full(JAN, document=[document("INV1", "100.00")]), full(MAR, document=[document("INV1", "90.00")])
    )
    assert opens(oracle, JAN, JAN) == {"INV1/1": "100.00"}
    assert opens(oracle, JAN, FEB) == {"INV1/1": "100.00"}
    assert opens(oracle, JAN, MAR) == {"INV1/1": "90.00"}
    assert oracle.restatement(JAN, known(MAR)) == {"CN01|D|INV1|1": (Decimal("-10.00"), Decimal("-10.00"))}


def test_a_full_delivery_without_the_entity_deletes_nothing_and_one_without_the_key_does() -> None:
    invoices = [document("INV1", "100.00"), document("INV2", "50.00")]
    oracle = books(full(JAN, document=invoices), full(FEB, receipt=[]), full(MAR, document=invoices[:1]))
    assert opens(oracle, END, FEB) == {"INV1/1": "100.00", "INV2/1": "50.00"}
    assert opens(oracle, END, MAR) == {"INV1/1": "100.00"}


def test_a_vanished_allocation_is_undone_on_the_day_of_the_delivery_and_comes_back_no_earlier() -> None:
    facts: dict[str, list[Columns]] = {
        "document": [document("INV1", "100.00")],
        "receipt": [receipt("R1", "60.00")],
    }
    oracle = books(
        full(JAN, **facts, allocation=[allocation("A1", "60.00")]),
        full(FEB, **facts, allocation=[]),
        full(MAR, **facts, allocation=[allocation("A1", "60.00")]),
    )
    open_again = {"INV1/1": "100.00", "R1/1": "-60.00"}
    assert opens(oracle, END, JAN) == {"INV1/1": "40.00"}
    assert opens(oracle, date(2025, 2, 19), FEB) == {"INV1/1": "40.00"}
    assert opens(oracle, date(2025, 2, 20), FEB) == open_again
    assert opens(oracle, date(2025, 3, 19), MAR) == open_again
    assert opens(oracle, date(2025, 3, 20), MAR) == {"INV1/1": "40.00"}
    assert opens(oracle, date(2025, 2, 19), MAR) == {"INV1/1": "40.00"}


def test_a_changed_allocation_leaves_the_past_as_it_was() -> None:
    facts: dict[str, list[Columns]] = {
        "document": [document("INV1", "100.00")],
        "receipt": [receipt("R1", "60.00")],
    }
    oracle = books(
        delta(JAN, **facts, allocation=[allocation("A1", "60.00")]),
        delta(FEB, allocation=[allocation("A1", "60.0", reason="resent")]),
        delta(MAR, allocation=[allocation("A1", "25.00")]),
    )
    assert opens(oracle, date(2025, 3, 19), MAR) == {"INV1/1": "40.00"}
    assert opens(oracle, date(2025, 3, 20), MAR) == {"INV1/1": "75.00", "R1/1": "-35.00"}
    assert [leg.event.sign for leg in oracle.at(known(FEB)).legs] == [1, 1]


def test_a_reversal_acts_on_the_later_day_and_waits_for_what_it_names() -> None:
    reversal = allocation(
        "A2", "60.00", is_reversal="true", reverses_allocation_id="A1", allocated_on="2025-01-01"
    )
    facts: dict[str, list[Columns]] = {
        "document": [document("INV1", "100.00")],
        "receipt": [receipt("R1", "60.00")],
    }
    oracle = books(
        delta(JAN, **facts, allocation=[reversal]),
        delta(FEB, allocation=[allocation("A1", "60.00", allocated_on="2025-02-05")]),
    )
    both_open = {"INV1/1": "100.00", "R1/1": "-60.00"}
    assert opens(oracle, END, JAN) == both_open
    assert oracle.at(known(JAN)).orphans == {"A2"}
    assert opens(oracle, END, FEB) == both_open
    assert {leg.effective_from for leg in oracle.at(known(FEB)).legs} == {date(2025, 2, 5)}
    assert oracle.at(known(FEB)).orphans == set()


def test_an_orphan_starts_when_its_item_becomes_known() -> None:
    oracle = books(
        delta(JAN, receipt=[receipt("R1", "60.00")], allocation=[allocation("A1", "60.00")]),
        delta(FEB, document=[document("INV1", "100.00", posting_date="2025-02-03")]),
    )
    assert opens(oracle, END, JAN) == {"R1/1": "-60.00"}
    assert opens(oracle, date(2025, 2, 2), FEB) == {"R1/1": "-60.00"}
    assert opens(oracle, date(2025, 2, 3), FEB) == {"INV1/1": "40.00"}


def test_a_bounced_receipt_reopens_the_invoice_on_its_day() -> None:
    bounced = receipt("R1", "60.00", status="bounced", status_date="2025-03-01")
    facts: dict[str, list[Columns]] = {
        "document": [document("INV1", "100.00")],
        "allocation": [allocation("A1", "60.00")],
    }
    oracle = books(delta(JAN, **facts, receipt=[receipt("R1", "60.00")]), delta(MAR, receipt=[bounced]))
    assert opens(oracle, date(2025, 2, 28), MAR) == {"INV1/1": "40.00"}
    assert opens(oracle, date(2025, 3, 1), MAR) == {"INV1/1": "100.00"}


def test_a_pending_receipt_is_nothing_until_it_clears() -> None:
    facts: dict[str, list[Columns]] = {
        "document": [document("INV1", "100.00")],
        "allocation": [allocation("A1", "60.00")],
    }
    oracle = books(
        delta(JAN, **facts, receipt=[receipt("R1", "60.00", status="pending")]),
        delta(FEB, receipt=[receipt("R1", "60.00", status="cleared", cleared_on="2025-02-01")]),
    )
    assert opens(oracle, END, JAN) == {"INV1/1": "100.00"}
    assert opens(oracle, date(2025, 1, 31), FEB) == {"INV1/1": "100.00"}
    assert opens(oracle, date(2025, 2, 1), FEB) == {"INV1/1": "40.00"}


def test_named_amounts_reduce_their_instalment_and_the_rest_fills_earliest_first() -> None:
    # 40 named on the second leaves 30, 10, 20; 50 unnamed closes the first, the second and 10 of the third
    plan = [
        instalment(1, "2025-02-01", "30.00"),
        instalment(2, "2025-03-01", "50.00"),
        instalment(3, "2025-04-01", "20.00"),
    ]
    oracle = books(
        full(
            JAN,
            document=[document("INV1", "100.00")],
            instalment=plan,
            receipt=[receipt("R1", "90.00")],
            allocation=[allocation("A1", "40.00", to_instalment_no="2"), allocation("A2", "50.00")],
        )
    )
    assert opens(oracle, END, JAN) == {"INV1/3": "10.00"}


def test_an_excess_goes_to_the_last_instalment_and_a_plan_that_does_not_sum_is_set_aside() -> None:
    plan = [instalment(1, "2025-02-01", "30.00"), instalment(2, "2025-03-01", "70.00")]
    facts: dict[str, list[Columns]] = {
        "document": [document("INV1", "100.00")],
        "receipt": [receipt("R1", "120.00")],
        "allocation": [allocation("A1", "120.00")],
    }
    assert opens(books(full(JAN, **facts, instalment=plan)), END, JAN) == {"INV1/2": "-20.00"}
    broken = books(full(JAN, **facts, instalment=plan[:1]))
    assert opens(broken, END, JAN) == {"INV1/1": "-20.00"}
    assert broken.at(known(JAN)).plans_set_aside == {"INV1"}
    assert broken.at(known(JAN)).over_allocated(END) == {"CN01|D|INV1|1"}


def test_a_write_off_on_a_credit_item_is_negative_and_its_reversal_brings_it_back() -> None:
    write_off = allocation("A1", "-10.00", from_kind="write_off", from_id=None, to_kind="receipt", to_id="R1")
    recovery = {
        **write_off,
        "allocation_id": "A2",
        "is_reversal": "true",
        "reverses_allocation_id": "A1",
        "allocated_on": "2025-02-01",
    }
    oracle = books(full(JAN, receipt=[receipt("R1", "60.00")], allocation=[write_off, recovery]))
    assert opens(oracle, date(2025, 1, 31), JAN) == {"R1/1": "-50.00"}
    assert opens(oracle, date(2025, 2, 1), JAN) == {"R1/1": "-60.00"}


def test_a_credit_note_paid_out_and_a_refund_close_each_other() -> None:
    oracle = books(
        full(
            JAN,
            document=[document("CN1", "60.00", document_type="credit_note")],
            receipt=[receipt("REF1", "-60.00")],
            allocation=[
                allocation(
                    "A1",
                    "60.00",
                    from_kind="credit_note",
                    from_id="CN1",
                    to_kind="refund",
                    to_id="REF1",
                    allocated_on="2025-02-01",
                )
            ],
        )
    )
    assert opens(oracle, date(2025, 1, 31), JAN) == {"CN1/1": "-60.00", "REF1/1": "60.00"}
    assert opens(oracle, date(2025, 2, 1), JAN) == {}


def test_an_unbilled_item_gives_way_to_its_invoice_and_returns_when_that_is_void() -> None:
    unbilled = document("U1", "100.00", document_type="unbilled", billed_by_document_id="INV1")
    invoice = document("INV1", "113.00", document_date="2025-02-05")
    void = {**invoice, "is_cancelled": "true", "cancelled_on": "2025-03-01"}
    oracle = books(
        delta(JAN, document=[unbilled]), delta(FEB, document=[invoice]), delta(MAR, document=[void])
    )
    assert opens(oracle, END, JAN) == {"U1/1": "100.00"}
    assert opens(oracle, date(2025, 2, 4), FEB) == {"U1/1": "100.00"}
    assert opens(oracle, date(2025, 2, 5), FEB) == {"INV1/1": "113.00"}
    assert opens(oracle, date(2025, 2, 28), MAR) == {"INV1/1": "113.00"}
    assert opens(oracle, date(2025, 3, 1), MAR) == {"U1/1": "100.00"}


def test_carrying_amounts_round_halves_away_from_zero_and_instalments_share_exactly() -> None:
    # USD 100.01 at 7.1234 = 712.411234; thirds 33.34, 33.34, 33.33 cumulate to 237.4942, 474.9884, 712.41
    plan = [
        instalment(n, f"2025-0{n}-01", amount) for n, amount in ((1, "33.34"), (2, "33.34"), (3, "33.33"))
    ]
    rate: Columns = {
        "rate_date": "2025-01-06",
        "from_currency": "USD",
        "to_currency": "CNY",
        "rate": "7.1234",
        "rate_type": "closing",
    }
    oracle = books(
        full(JAN, document=[document("INV1", "100.01", currency="USD")], instalment=plan, fx_rate=[rate])
    )
    found = [row.open_functional for row in oracle.ledger(END, known(JAN)).values()]
    assert found == [Decimal("237.49"), Decimal("237.50"), Decimal("237.42")]
    # 100.01 x 50 / 100 = 50.005
    half = books(
        full(
            JAN,
            document=[document("INV1", "100.00", currency="USD", functional_amount="100.01")],
            receipt=[receipt("R1", "50.00", currency="USD", functional_amount="50.00")],
            allocation=[allocation("A1", "50.00")],
        )
    )
    assert row_of(half, END, JAN).open_functional == Decimal("50.01")


def test_a_rate_may_be_seven_days_old_inverted_or_missing_and_is_taken_as_known() -> None:
    def rate(day: str, value: str, source: str, target: str) -> Columns:
        return {
            "rate_date": day,
            "from_currency": source,
            "to_currency": target,
            "rate": value,
            "rate_type": None,
        }

    invoice = document("INV1", "100.00", currency="USD")
    oracle = books(
        delta(JAN, document=[invoice], fx_rate=[rate("2025-01-02", "7.0", "USD", "CNY")]),
        delta(FEB, fx_rate=[rate("2025-01-03", "7.2", "USD", "CNY")]),
        delta(MAR, fx_rate=[rate("2025-01-03", "7.3", "USD", "CNY")]),
        delta(
            APR,
            {"fx_rate": [rate("2025-01-03", "", "USD", "CNY")]},
            fx_rate=[rate("2025-01-09", "0.14", "CNY", "USD")],
        ),
    )
    found = [row_of(oracle, END, day).open_functional for day in (JAN, FEB, MAR, APR)]
    # 1 / 0.14 = 7.142857142857
    assert found == [None, Decimal("720.00"), Decimal("730.00"), Decimal("714.29")]


def test_a_revaluation_journal_has_only_a_functional_amount() -> None:
    journal = document("J1", "0.00", document_type="credit_note", currency="USD", functional_amount="12.00")
    row = allocation(
        "A1", "0.00", from_kind="fx_difference", from_id=None, to_id="J1", functional_amount="-2.00"
    )
    oracle = books(full(JAN, document=[journal], allocation=[row]))
    assert row_of(oracle, date(2025, 1, 14), JAN, "CN01|D|J1|1").open_functional == Decimal("-12.00")
    assert row_of(oracle, END, JAN, "CN01|D|J1|1").open_functional == Decimal("-10.00")


def test_an_extension_approved_in_time_moves_the_policy_date_and_a_late_one_does_not() -> None:
    def extension(approved_on: str, **columns: Text) -> Columns:
        return {
            "promise_id": "P1",
            "kind": "extension",
            "document_id": "INV1",
            "approved_on": approved_on,
            "promised_date": "2025-05-01",
            **columns,
        }

    invoice = [document("INV1", "100.00")]
    in_time = books(full(JAN, document=invoice, promise=[extension("2025-02-10", cancelled_on="2025-04-01")]))
    dues = [
        row_of(in_time, day, JAN).due_date for day in (date(2025, 2, 9), date(2025, 2, 10), date(2025, 4, 1))
    ]
    assert dues == [date(2025, 2, 10), date(2025, 5, 1), date(2025, 2, 10)]
    late = row_of(books(full(JAN, document=invoice, promise=[extension("2025-02-11")])), END, JAN)
    assert (late.due_date, late.agreed_due_date) == (date(2025, 2, 10), date(2025, 5, 1))


def test_a_due_date_moved_after_it_passed_is_shown_but_not_followed() -> None:
    oracle = books(
        delta(JAN, document=[document("INV1", "100.00")]),
        delta(FEB, document=[document("INV1", "100.00", due_date="2025-06-01")]),
    )
    row = row_of(oracle, END, FEB)
    assert (row.original_due_date, row.agreed_due_date, row.due_date) == (
        date(2025, 2, 10),
        date(2025, 6, 1),
        date(2025, 2, 10),
    )
    assert row_of(oracle, date(2025, 2, 19), FEB).agreed_due_date is None


def test_terms_of_months_are_due_at_their_end_or_on_their_day() -> None:
    for terms, due in (
        ("EOM+1M", date(2025, 5, 31)),
        ("EOM+2M", date(2025, 6, 30)),
        ("15th of next month", date(2025, 5, 15)),
    ):
        row = document("INV1", "100.00", document_date="2025-04-23", due_date=None, payment_terms=terms)
        assert row_of(books(delta(APR, document=[row])), END, APR).due_date == due


def test_retention_is_a_contract_asset_until_it_is_unconditional() -> None:
    plan = [
        instalment(1, "2025-02-01", "95.00"),
        instalment(2, "2025-03-01", "5.00", kind="retention", unconditional_on="2025-03-01"),
    ]
    oracle = books(full(JAN, document=[document("INV1", "100.00")], instalment=plan))
    classes = [
        row_of(oracle, day, JAN, "CN01|D|INV1|2").receivable_class
        for day in (date(2025, 2, 28), date(2025, 3, 1))
    ]
    assert classes == ["contract_asset", "trade"]


def test_a_reissued_document_keeps_the_first_due_date() -> None:
    old = document("OLD", "100.00", is_cancelled="true", cancelled_on="2025-03-01")
    new = document(
        "INV1", "100.00", document_date="2025-03-01", due_date="2025-06-01", replaces_document_id="OLD"
    )
    oracle = books(delta(JAN, document=[document("OLD", "100.00")]), delta(MAR, document=[old, new]))
    assert row_of(oracle, END, MAR).original_due_date == date(2025, 2, 10)


def test_a_reissue_after_the_first_due_date_is_forbearance() -> None:
    old = document("OLD", "100.00", is_cancelled="true", cancelled_on="2025-03-01")
    new = document(
        "INV1", "100.00", document_date="2025-03-01", due_date="2025-06-01", replaces_document_id="OLD"
    )
    oracle = books(delta(JAN, document=[document("OLD", "100.00")]), delta(MAR, document=[old, new]))
    row = row_of(oracle, END, MAR)
    # due 10 February, re-issued 1 March: agreed shows the new date, the policy date stays
    assert (row.agreed_due_date, row.due_date) == (date(2025, 6, 1), date(2025, 2, 10))


def test_a_reissue_before_the_first_due_date_is_a_change_of_terms() -> None:
    old = document("OLD", "100.00", is_cancelled="true", cancelled_on="2025-02-05")
    new = document(
        "INV1", "100.00", document_date="2025-02-05", due_date="2025-06-01", replaces_document_id="OLD"
    )
    oracle = books(delta(JAN, document=[document("OLD", "100.00")]), delta(MAR, document=[old, new]))
    row = row_of(oracle, END, MAR)
    assert (row.original_due_date, row.due_date) == (date(2025, 2, 10), date(2025, 6, 1))
