"""Traps D of traps.md: currencies.

Belongs here: T28-T31. Must not: rates themselves (A13 in test_accounting_a.py).
"""

from datetime import date

from tests.kit import D, Extracts, Warehouse
from tests.kit.worlds import WORLD_DAY


def build_world(extracts: Extracts) -> None:
    _one_sided(extracts)
    _revaluation(extracts)
    _periods(extracts)
    _mixed(extracts)
    _missing_rate(extracts)


def _one_sided(extracts: Extracts) -> None:
    books = extracts.books("T28")
    books.invoice("TINY", "0.01", "2026-10-01", due="2026-10-31", currency="USD", functional_amount="0.00")
    books.invoice(
        "INV1", "100000.00", "2026-10-01", due="2026-10-31", currency="USD", functional_amount="720000.00"
    )
    books.credit_note("REVAL", "0.00", "2026-11-30", currency="USD", functional_amount="10000.00")


def test_t28_an_item_with_an_amount_in_one_currency_only_is_reported_exactly_once(world: Warehouse) -> None:
    rows = world.query(
        "select document_id, open_amount_document, open_amount_functional from marts.mart_aging"
        " where company_code = 'T28' order by document_id"
    )
    assert [tuple(row.values()) for row in rows] == [
        ("INV1", D("100000.00"), D("720000.00")),
        ("REVAL", D("0.00"), D("-10000.00")),
        ("TINY", D("0.01"), D("0.00")),
    ]


def test_t28_booked_plus_posted_revaluation_ties_to_the_ledger(world: Warehouse) -> None:
    # USD 100,000 at 7.20 = 720,000; revaluation of -10,000 posted: 710,000
    functional = world.open_functional(WORLD_DAY, company="T28")
    assert sum(amount for amount in functional.values() if amount is not None) == D("710000.00")


def _revaluation(extracts: Extracts) -> None:
    books = extracts.books("T29")
    books.invoice(
        "INV1", "100.00", "2026-03-01", due="2026-04-30", currency="USD", functional_amount="720.00"
    )
    books.credit_note("REVAL", "0.00", "2026-03-31", currency="USD", functional_amount="10.00")
    books.debit_note("BACK", "0.00", "2026-04-01", currency="USD", functional_amount="10.00")
    books.payment("R1", "INV1", "100.00", "2026-04-20", currency="USD", functional_amount="705.00")


def test_t29_a_revaluation_and_a_settlement_book_the_difference_once(world: Warehouse) -> None:
    def functional(day: str) -> D:
        return sum((item.functional or D(0) for item in world.open_items(day, company="T29")), D(0))

    assert functional("2026-03-31") == D("710.00")
    assert functional("2026-04-01") == D("720.00")
    assert functional("2026-04-20") == D("0.00")  # no ghost balance
    differences = world.movements(company="T29", kind="fx_difference")
    # 705 received for a carrying amount of 720: a loss of 15, on the settled item
    assert [(m.item, m.effective_date, m.document, m.functional) for m in differences] == [
        ("INV1", date(2026, 4, 20), D("0.00"), D("-15.00"))
    ]


def _periods(extracts: Extracts) -> None:
    books = extracts.books("T30")
    books.invoice(
        "INV1", "100.00", "2026-03-01", due="2026-04-30", currency="USD", functional_amount="700.00"
    )
    books.payment("R1", "INV1", "40.00", "2026-03-15", currency="USD", functional_amount="284.00")
    books.payment("R2", "INV1", "60.00", "2026-04-15", currency="USD", functional_amount="414.00")


def test_t29_part_settlements_recognise_their_difference_each_in_its_own_period(world: Warehouse) -> None:
    # March: carrying 700 - 284 = 416, restated to 60 % of 700 = 420: +4. April: 420 - 414 = 6 left: -6
    differences = world.movements(company="T30", kind="fx_difference")
    assert [(m.effective_date, m.functional) for m in differences] == [
        (date(2026, 3, 15), D("4.00")),
        (date(2026, 4, 15), D("-6.00")),
    ]


def test_t30_the_residual_of_a_past_day_is_reduced_in_both_currencies(world: Warehouse) -> None:
    assert world.open_amounts("2026-03-31", company="T30") == {"INV1": D("60.00")}
    assert world.open_functional("2026-03-31", company="T30") == {"INV1": D("420.00")}


def _mixed(extracts: Extracts) -> None:
    books = extracts.books("T30M")
    books.invoice("CNY1", "100.00", "2026-03-01", due="2026-03-31")
    books.invoice(
        "USD1", "100.00", "2026-03-01", due="2026-03-31", currency="USD", functional_amount="700.00"
    )
    books.receipt("USD2", "10.00", "2026-03-05", currency="USD", functional_amount="70.00")


def test_t30_amounts_of_different_currencies_are_never_summed(world: Warehouse) -> None:
    rows = world.query(
        "select currency, bucket, amount_document, amount_functional"
        " from marts.aging_as_of(date '2026-04-30', 'standard') where company_code = 'T30M' order by currency, bucket"
    )
    assert [tuple(row.values()) for row in rows if row["amount_document"]] == [
        ("CNY", "1-30", D("100.00"), D("100.00")),
        ("USD", "1-30", D("100.00"), D("700.00")),
        ("USD", "unapplied", D("-10.00"), D("-70.00")),
    ]


def _missing_rate(extracts: Extracts) -> None:
    books = extracts.books("T31")
    books.invoice("NOK1", "100.00", "2026-10-01", due="2026-10-31", currency="NOK")
    books.payment("R1", "NOK1", "30.00", "2026-11-01", currency="NOK")
    books.invoice("CNY1", "5.00", "2026-10-01", due="2026-10-31")


def test_t31_an_item_without_a_rate_is_flagged_and_dropped_from_nothing(world: Warehouse) -> None:
    rows = world.mart_aging(company="T31")
    shown = {item: (row["open_amount_document"], row["open_amount_functional"]) for item, row in rows.items()}
    assert shown == {"NOK1": (D("70.00"), None), "CNY1": (D("5.00"), D("5.00"))}
    assert {m.functional for m in world.movements(company="T31", item="NOK1")} == {None}
    counted = world.query(
        "select sum(unconverted_count) as items from marts.mart_overdue_trend"
        f" where company_code = 'T31' and day = date '{WORLD_DAY}' and scheme = 'standard'"
    )
    assert counted == [{"items": 1}]
    assert world.findings("missing_rate", company="T31") != []


def test_t31_the_rate_of_the_functional_currency_is_one(world: Warehouse) -> None:
    assert world.open_functional(WORLD_DAY, company="T31")["CNY1"] == D("5.00")
