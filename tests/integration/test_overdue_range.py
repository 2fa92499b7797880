"""Best and worst case of overdue, with figures by hand, on mart_overdue_range.

Belongs here: each uncertainty and its effect, the group beside the companies. Must not: settlements by absence, which
need a source without allocations (test_settlement_styles.py).

The as-of date is 31 December 2026.
"""

from decimal import Decimal

from tests.kit import D, Extracts, Warehouse

ZERO = D("0.00")
OVERDUE, LATER = "2026-11-30", "2027-06-30"


def build_world(extracts: Extracts) -> None:
    _uncertain(extracts)
    _plenty(extracts)
    _sisters(extracts)


def lines(world: Warehouse, company: str, case_name: str, *, currency: str = "CNY") -> dict[str, Decimal]:
    rows = world.query(
        "select line, amount_document from marts.mart_overdue_range where dimension_value = $1"
        " and case_name = $2 and currency = $3 order by line_no",
        [company, case_name, currency],
    )
    return {row["line"]: row["amount_document"] for row in rows}


def _uncertain(extracts: Extracts) -> None:
    books = extracts.books("Z01", customers=("C1", "C2"))
    books.invoice("OVERDUE", "500.00", "2026-10-01", due=OVERDUE)
    books.dispute("D1", "OVERDUE", "120.00", "2026-12-01")
    books.invoice("OTHER", "300.00", "2026-10-01", due=OVERDUE, customer_id="C2")
    books.invoice("LATER", "900.00", "2026-12-01", due=LATER, customer_id="C2")
    # neither a date nor terms: overdue since the document date, if one believes that
    books.document("MISSING", "70.00", "2026-12-10", document_type="invoice", due=None)
    # due on 10 January by its terms
    books.document("TERMS", "60.00", "2026-12-11", document_type="invoice", due=None, payment_terms="NET30")
    books.opening_balance("MIGRATED", "40.00", "2026-07-01", due=None)
    books.receipt("R1", "100.00", "2026-12-20")
    books.credit_note("CN1", "50.00", "2026-12-20")
    # more than C2 has overdue; the rest stays with it
    books.receipt("R2", "310.00", "2026-12-20", customer_id="C2")
    books.receipt("R3", "25.00", "2026-12-20", customer_id=None)


def test_the_best_case_takes_off_what_may_be_paid_contested_or_not_due(world: Warehouse) -> None:
    assert lines(world, "Z01", "best") == {
        "headline": D("910.00"),
        "age_unknown": D("-40.00"),
        "due_date_missing": D("-70.00"),
        "disputed": D("-120.00"),
        # 100 of C1, and of C2 no more than the 300 that it has overdue
        "unapplied_cash": D("-400.00"),
        "open_credit": D("-50.00"),
        "unidentified_cash": D("-25.00"),
        "best_case": D("205.00"),
    }


def test_the_worst_case_believes_no_derived_date(world: Warehouse) -> None:
    assert lines(world, "Z01", "worst") == {
        "headline": D("910.00"),
        "age_unknown": ZERO,
        "due_date_from_terms": D("60.00"),
        "settlement_by_absence": ZERO,
        "worst_case": D("970.00"),
    }


def _plenty(extracts: Extracts) -> None:
    books = extracts.books("Z02")
    books.invoice("OVERDUE", "100.00", "2026-10-01", due=OVERDUE)
    books.receipt("R1", "80.00", "2026-12-20", customer_id=None)
    books.receipt("R2", "70.00", "2026-12-20", customer_id=None)


def test_unidentified_cash_absorbs_no_more_than_there_is(world: Warehouse) -> None:
    found = lines(world, "Z02", "best")
    assert (found["unidentified_cash"], found["best_case"]) == (D("-100.00"), ZERO)


def _sisters(extracts: Extracts) -> None:
    extracts.books("Z03-SIS", intercompany_group="Z03")
    books = extracts.books("Z03", intercompany_group="Z03")
    books.customer("SISTER", counterparty_company_code="Z03-SIS")
    books.invoice("OUTSIDE", "50.00", "2026-10-01", due=OVERDUE)
    books.invoice("INSIDE", "200.00", "2026-10-01", due=OVERDUE, customer_id="SISTER")


def test_a10_the_group_leaves_out_what_a_sister_owes_and_the_company_does_not(world: Warehouse) -> None:
    assert lines(world, "Z03", "best")["headline"] == D("250.00")
    (row,) = world.query(
        """
        select range.amount_reporting as headline, aging.overdue
        from marts.mart_overdue_range as range
        cross join (
            select sum(open_amount_reporting) as overdue
            from marts.mart_aging
            where receivable_class = 'trade' and open_amount_document > 0 and days_past_due > 0
                and not is_intragroup
        ) as aging
        where range.dimension = 'group' and range.case_name = 'best' and range.line = 'headline'
        """
    )
    # sums are translated here and items there: cents, where the 200 of the sister would be 200
    assert abs(row["headline"] - row["overdue"]) < 1
