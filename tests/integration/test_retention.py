"""The table on retention 质保金: a contract asset until it is unconditional, and worked example B7 of accounting.md.

Belongs here: mart_retention on the day of the world. Must not: classes on other days (test_accounting_b.py).
"""

from datetime import date
from typing import Any

from tests.kit import Books, D, Extracts, Warehouse

ZERO = D("0.00")


def build_world(extracts: Extracts) -> None:
    _worked_example(extracts)
    _around_the_day(extracts)
    _settled(extracts)
    _shares(extracts)


def _retention(world: Warehouse, company: str) -> dict[str, dict[str, Any]]:
    rows = world.query("select * from marts.mart_retention where company_code = $1", [company])
    return {row["document_id"]: row for row in rows}


def _retained(
    books: Books, document: str, kept: str, due: str, unconditional: str | None, **columns: Any
) -> None:
    """An invoice of 1,000.00 of 15 January 2026 with a part that is kept back, which is instalment 2."""
    books.invoice(document, "1000.00", "2026-01-15", due="2026-03-31", **columns)
    books.instalment(document, 1, str(D("1000.00") - D(kept)), "2026-03-31")
    books.instalment(document, 2, kept, due, kind="retention", unconditional_on=unconditional)


def _worked_example(extracts: Extracts) -> None:
    books = extracts.books("RET07")
    books.add(
        "contract", contract_id="K", customer_id="C1", retention_share="0.05", retention_until="2027-04-30"
    )
    books.invoice(
        "INV1",
        "1000000.00",
        "2026-04-01",
        due="2026-06-30",
        contract_id="K",
        project="Bridge",
        salesperson="S",
    )
    books.instalment("INV1", 1, "950000.00", "2026-06-30")
    books.instalment("INV1", 2, "50000.00", "2027-04-30", kind="retention", unconditional_on="2027-03-31")


def test_b07_a_conditional_retention_is_a_contract_asset_with_days_to_go_and_not_overdue(
    world: Warehouse,
) -> None:
    assert world.by_class("2026-12-31", company="RET07") == {
        "trade": D("950000.00"),
        "contract_asset": D("50000.00"),
    }
    row = _retention(world, "RET07")["INV1"]
    assert (row["retention_amount_document"], row["open_amount_document"]) == (D("50000.00"), D("50000.00"))
    assert (row["receivable_class"], row["retention_state"]) == ("contract_asset", "conditional")
    assert (row["contract_id"], row["project"], row["contract_retention_until"]) == (
        "K",
        "Bridge",
        date(2027, 4, 30),
    )
    # 31 December to 31 March: 31 + 28 + 31
    assert (row["days_until_unconditional"], row["days_since_unconditional"]) == (90, None)
    assert (row["days_past_due"], row["overdue_amount_document"], row["is_release_late"]) == (0, ZERO, False)
    assert (row["is_unconditional_date_missing"], row["settled_early_amount_document"]) == (False, ZERO)
    assert (row["is_document_share_kept"], row["is_contract_share_kept"]) == (True, True)


def _around_the_day(extracts: Extracts) -> None:
    books = extracts.books("RETDAY")
    _retained(books, "BEFORE", "50.00", "2026-12-31", "2027-01-01")
    _retained(books, "ON", "50.00", "2026-12-31", "2026-12-31")
    _retained(books, "AFTER", "50.00", "2026-12-30", "2026-12-30")
    _retained(books, "LATE", "50.00", "2026-12-30", "2027-01-01")
    _retained(books, "UNTOLD", "50.00", "2026-11-30", None)


def test_retention_is_overdue_only_once_it_is_unconditional_and_its_due_date_has_passed(
    world: Warehouse,
) -> None:
    columns = (
        "receivable_class",
        "retention_state",
        "days_until_unconditional",
        "days_since_unconditional",
        "days_past_due",
        "overdue_amount_document",
        "is_release_late",
        "is_unconditional_date_missing",
    )
    asset, fifty = "contract_asset", D("50.00")
    rows = _retention(world, "RETDAY")
    assert {document: tuple(row[column] for column in columns) for document, row in rows.items()} == {
        "BEFORE": (asset, "conditional", 1, None, 0, ZERO, False, False),
        "ON": ("trade", "unconditional", None, 0, 0, ZERO, False, False),
        "AFTER": ("trade", "overdue", None, 1, 1, fifty, False, False),
        # due, and the right still depends on something
        "LATE": (asset, "conditional", 1, None, 0, ZERO, True, False),
        # nobody said when it stops being conditional, and it was due a month ago
        "UNTOLD": (asset, "conditional", None, None, 0, ZERO, True, True),
    }


def _settled(extracts: Extracts) -> None:
    books = extracts.books("RETPAID")
    for document, unconditional, paid, amount in (
        ("EARLY", "2026-10-01", "2026-09-30", "50.00"),
        ("ONDAY", "2026-10-01", "2026-10-01", "50.00"),
        ("PARTLY", "2027-10-01", "2026-09-30", "20.00"),
        ("UNTOLD", None, "2026-10-05", "50.00"),
        ("UNTOLDEARLY", None, "2026-09-01", "50.00"),
    ):
        _retained(books, document, "50.00", "2026-10-05", unconditional)
        books.receipt(f"R-{document}", amount, paid)
        books.allocation(
            f"A-{document}",
            amount,
            paid,
            used=f"receipt:R-{document}",
            settles=f"document:{document}",
            to_instalment_no=2,
        )
    _retained(books, "CANCELLED", "50.00", "2026-10-05", None, is_cancelled=True, cancelled_on="2026-02-01")


def test_what_was_settled_before_it_was_unconditional_is_settled_early(world: Warehouse) -> None:
    columns = ("retention_state", "open_amount_document", "settled_early_amount_document")
    rows = _retention(world, "RETPAID")
    assert {document: tuple(row[column] for column in columns) for document, row in rows.items()} == {
        "EARLY": ("settled", ZERO, D("50.00")),
        "ONDAY": ("settled", ZERO, ZERO),
        "PARTLY": ("conditional", D("30.00"), D("20.00")),
        # without that day the due date says what is early
        "UNTOLD": ("settled", ZERO, ZERO),
        "UNTOLDEARLY": ("settled", ZERO, D("50.00")),
    }


def _shares(extracts: Extracts) -> None:
    books = extracts.books("RETSHARE")
    for contract in ("EACH", "LAST", "SHORT", "NOSHARE"):
        share = None if contract == "NOSHARE" else "0.05"
        books.add("contract", contract_id=contract, customer_id="C1", retention_share=share)
    for document, kept, contract in (
        ("EACH1", "50.00", "EACH"),
        ("EACH2", "49.99", "EACH"),
        ("SHORT1", "50.00", "SHORT"),
        ("SHORT2", "40.00", "SHORT"),
        ("FREE", "30.00", "NOSHARE"),
        ("ALONE", "30.00", None),
        # of the first invoice nothing was kept back, of the last one for both
        ("LAST2", "100.00", "LAST"),
    ):
        _retained(books, document, kept, "2027-06-30", "2027-06-01", contract_id=contract)
    books.invoice("LAST1", "1000.00", "2026-01-10", due="2026-03-31", contract_id="LAST")
    # not posted yet, so not billed
    books.invoice("NEXT", "1000.00", "2027-01-10", due="2027-03-31", contract_id="EACH")
    # a credit note of 200 gives back what it had kept
    books.credit_note("CN1", "200.00", "2026-02-01", contract_id="EACH")
    books.instalment("CN1", 1, "190.00", "2026-02-01")
    books.instalment("CN1", 2, "10.00", "2027-06-30", kind="retention", unconditional_on="2027-06-01")


def test_retention_is_held_against_the_share_of_the_contract_by_document_and_in_all(world: Warehouse) -> None:
    columns = (
        "document_share_difference_document",
        "is_document_share_kept",
        "contract_billed_amount_document",
        "contract_retention_amount_document",
        "contract_share_difference_document",
        "is_contract_share_kept",
    )
    rows = _retention(world, "RETSHARE")
    # 1,000 + 1,000 - 200 billed under EACH, 50.00 + 49.99 - 10.00 kept, 90.00 agreed; a cent each is rounding
    each = (D("1800.00"), D("89.99"), D("-0.01"), True)
    short = (D("2000.00"), D("90.00"), D("-10.00"), False)
    unknown = (None,) * 6
    assert {document: tuple(row[column] for column in columns) for document, row in rows.items()} == {
        "EACH1": (ZERO, True, *each),
        "EACH2": (D("-0.01"), True, *each),
        "CN1": (ZERO, True, *each),
        "SHORT1": (ZERO, True, *short),
        "SHORT2": (D("-10.00"), False, *short),
        "LAST2": (D("50.00"), False, D("2000.00"), D("100.00"), ZERO, True),
        "FREE": (None, None, D("1000.00"), D("30.00"), None, None),
        "ALONE": unknown,
    }
    assert rows["CN1"]["retention_amount_document"] == D("-10.00")
