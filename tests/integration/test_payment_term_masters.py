"""The masters of payment terms that systems keep: a code becomes a rule, or a question, and not before it is known.

Belongs here: lines of a master in the shape of the contract, and the due dates worked by hand. Must not: how a system
writes its master (tests/ingest/test_payment_term_profiles.py), random rules (test_payment_term_rules.py).
"""

from collections.abc import Mapping
from datetime import date

import pytest

from tests.kit import D, Extracts, Warehouse
from tests.kit.rows import BooksRows, Cell
from tests.kit.worlds import APRIL, JUNE, MARCH, MAY

Lines = tuple[Mapping[str, Cell], ...]

RULES: tuple[tuple[str, Lines, str, str], ...] = (
    # code, its lines, document date, due date by hand
    ("0001", ({"days_after": 0},), "2026-01-10", "2026-01-10"),
    ("ZB30", ({"days_after": 30},), "2026-01-30", "2026-03-01"),
    # a code that the grammar reads otherwise: the master of the system decides
    ("NET30", ({"days_after": 45},), "2026-01-10", "2026-02-24"),
    ("WORDS", ({"terms_text": "月结30天"},), "2026-01-27", "2026-03-02"),  # 31 Jan + 30
    ("EOM", ({"cutoff_day": 31, "months_after": 1},), "2026-01-31", "2026-02-28"),
    ("EOMLEAP", ({"cutoff_day": 31, "months_after": 1},), "2024-01-31", "2024-02-29"),
    ("FIFTEEN", ({"months_after": 1, "day_of_month": 15},), "2026-01-31", "2026-02-15"),
    # 10 Jan + 45 = 24 Feb, then the month's end, then 5
    ("MIXED", ({"days_before": 45, "cutoff_day": 31, "days_after": 5},), "2026-01-10", "2026-03-05"),
    # up to the 15th the end of this month, after it the end of the next: a cut-off day
    ("CUT_A", ({"day_limit": 15, "day_of_month": 31, "months_after": 0}, {"day_of_month": 31, "months_after": 1}),
     "2026-01-15", "2026-01-31"),
    ("CUT_B", ({"day_limit": 15, "day_of_month": 31, "months_after": 0}, {"day_of_month": 31, "months_after": 1}),
     "2026-01-16", "2026-02-28"),
    # parts that all fall due alike are one date
    ("HALVES", ({"share": "0.5", "days_after": 30}, {"share": "0.5", "days_after": 30}), "2026-01-10", "2026-02-09"),
    ("LEFTOVER", ({"share": "0.3", "days_after": 30}, {"days_after": 30}), "2026-01-10", "2026-02-09"),
)  # fmt: skip

QUESTIONS: tuple[tuple[str, Lines, str], ...] = (
    # code, its lines, what is asked
    ("ASKED", ({"question": "it falls due on a day of the week"},), "it falls due on a day of the week"),
    ("SILENT", ({},), "it says neither days nor months"),
    ("AGREED", ({"terms_text": "as agreed"},), "its words are not readable: as agreed"),
    ("THIRDS", ({"share": "0.3", "days_after": 0}, {"share": "0.7", "days_after": 60}),
     "its parts are due on different days"),
    ("LOST", ({"share": "0.3", "days_after": 30},), "its parts do not add up to the whole"),
    ("LIMITS", ({"day_limit": 15, "days_after": 30}, {"days_after": 45}), "its day limits are not one cut-off day"),
    # a month apart, but without a fixed day: 15 January would be due before 16 January by a day and a month
    ("NODAY", ({"day_limit": 15, "months_after": 0}, {"months_after": 1}), "its day limits are not one cut-off day"),
    ("THREE", ({"day_limit": 10, "day_of_month": 20, "months_after": 0},
               {"day_limit": 20, "day_of_month": 20, "months_after": 1},
               {"day_of_month": 20, "months_after": 2}), "its day limits are not one cut-off day"),
    ("SHORT", ({"day_limit": 15, "days_after": 30},), "no line is for the last days of a month"),
    ("BACKWARDS", ({"days_after": -5},), "one of its numbers is no number of days, months or a day of a month"),
    ("DAY32", ({"day_of_month": 32},), "one of its numbers is no number of days, months or a day of a month"),
    ("ENDLESS", ({"days_after": 3651},), "one of its numbers is no number of days, months or a day of a month"),
)  # fmt: skip


def _master(books: BooksRows, code: str, lines: Lines, **columns: Cell) -> None:
    for number, line in enumerate(lines, start=1):
        books.add("payment_term", payment_terms=code, line_id=number, **line, **columns)


def _undated(books: BooksRows, document_id: str, dated: str, terms: str, **columns: Cell) -> None:
    books.document(
        document_id, "1.00", dated, document_type="invoice", due=None, payment_terms=terms, **columns
    )


def build_world(extracts: Extracts) -> None:
    books = extracts.books("PT1")
    for code, lines, dated, _ in RULES:
        _master(books, code, lines)
        _undated(books, code, dated, code)
    # the longest that the grammar reads is the longest that a master may say
    _master(books, "LONGEST", ({"days_after": 3650},))
    _undated(books, "LONGEST", "2026-01-01", "LONGEST")
    _undated(books, "LONGEST_TEXT", "2026-01-01", "NET3650")
    _starts(extracts)
    asked = extracts.books("PT2")
    for code, lines, _ in QUESTIONS:
        _master(asked, code, lines)
        _undated(asked, code, "2026-01-10", code)
    # nobody's terms, so nobody asks; and a question about a code that only a customer has
    _master(asked, "UNUSED", ({"question": "unused"},))
    _master(asked, "OWN", ({"question": "own"},))
    asked.customer("C2", payment_terms="OWN")
    _defaults(extracts)


def _starts(extracts: Extracts) -> None:
    books = extracts.books("PT3")
    _master(books, "POSTED", ({"days_after": 10, "basis": "posting_date"},))
    _master(books, "OPEN", ({"days_after": 10},))
    _master(books, "WORDS", ({"terms_text": "NET10", "basis": "acceptance"},))
    starts = {"posting_date": "2026-01-12", "accepted_on": "2026-02-01", "delivery_date": "2026-01-20"}
    _undated(books, "POSTED", "2026-01-10", "POSTED", **starts)
    _undated(books, "OPEN", "2026-01-10", "OPEN", terms_basis="delivery", **starts)
    _undated(books, "WORDS", "2026-01-10", "WORDS", **starts)
    _undated(books, "NOSTART", "2026-01-10", "WORDS")


def _defaults(extracts: Extracts) -> None:
    """Customers' terms are read by the same masters, and a master is one company's own unless it says `*`."""
    books = extracts.books("PT4", customers=())
    books.customer("C1", payment_terms="STAR")
    books.customer("C2", payment_terms="ASKED")
    extracts.put("payment_term", company_code="*", payment_terms="STAR", line_id=1, days_after=7)
    _master(books, "ASKED", ({"question": "asked"},))
    _undated(books, "BY_CUSTOMER", "2026-01-10", "")
    _undated(books, "ASKED_FALLS_BACK", "2026-01-10", "ASKED")
    _undated(books, "ASKED_TWICE", "2026-01-10", "ASKED", customer_id="C2")
    other = extracts.books("PT5")
    _undated(other, "STAR", "2026-01-10", "STAR")
    _undated(other, "NOT_MINE", "2026-01-10", "ASKED")


@pytest.mark.parametrize(("code", "lines", "dated", "due"), RULES, ids=[row[0] for row in RULES])
def test_a_code_is_due_by_its_master(world: Warehouse, code: str, lines: Lines, dated: str, due: str) -> None:
    row = world.mart_aging(company="PT1")[code]
    assert (row["due_date"], row["is_due_date_derived"]) == (date.fromisoformat(due), True)


def test_the_master_has_no_open_question_where_it_is_a_rule(world: Warehouse) -> None:
    assert world.findings("unread_payment_terms", company="PT1") == []
    assert world.findings("missing_due_date", company="PT1") == []
    due = world.mart_aging(company="PT1")
    assert due["LONGEST"]["due_date"] == due["LONGEST_TEXT"]["due_date"] == date(2035, 12, 30)


@pytest.mark.parametrize(("code", "lines", "question"), QUESTIONS, ids=[row[0] for row in QUESTIONS])
def test_what_is_no_single_rule_is_asked_and_not_guessed(
    world: Warehouse, code: str, lines: Lines, question: str
) -> None:
    asked = {row["record_id"]: row for row in world.findings("unread_payment_terms", company="PT2")}
    assert asked[code]["detail"] == question
    assert asked[code]["_row"] is not None
    # as with any text that nobody can read: the document date, and a finding
    assert world.mart_aging(company="PT2")[code]["due_date"] == date(2026, 1, 10)
    assert f"PT2|D|{code}|1" in {
        row["record_id"] for row in world.findings("missing_due_date", company="PT2")
    }


def test_only_terms_that_somebody_has_are_asked_about(world: Warehouse) -> None:
    asked = {row["record_id"] for row in world.findings("unread_payment_terms", company="PT2")}
    assert asked == {code for code, _, _ in QUESTIONS} | {"OWN"}


@pytest.mark.parametrize(
    ("document_id", "due"),
    [
        ("POSTED", "2026-01-22"),  # posted on the 12th
        ("OPEN", "2026-01-30"),  # the document says that it runs from delivery, on the 20th
        ("WORDS", "2026-02-11"),  # words without a start take that of the line: accepted on 1 February
        ("NOSTART", "2026-01-20"),  # not accepted yet: the document date
    ],
)
def test_the_master_says_what_the_term_runs_from(world: Warehouse, document_id: str, due: str) -> None:
    assert world.mart_aging(company="PT3")[document_id]["due_date"] == date.fromisoformat(due)


@pytest.mark.parametrize(
    ("company", "document_id", "due"),
    [
        ("PT4", "BY_CUSTOMER", "2026-01-17"),
        ("PT4", "ASKED_FALLS_BACK", "2026-01-17"),
        ("PT4", "ASKED_TWICE", "2026-01-10"),
        ("PT5", "STAR", "2026-01-17"),
        ("PT5", "NOT_MINE", "2026-01-10"),
    ],
)
def test_customers_carry_codes_too_and_a_master_is_for_its_own_companies(
    world: Warehouse, company: str, document_id: str, due: str
) -> None:
    assert world.mart_aging(company=company)[document_id]["due_date"] == date.fromisoformat(due)


def build_history(extracts: Extracts) -> None:
    books = extracts.books("PT6", customers=("C1", "C2"))
    for moment, until, days in ((None, APRIL, 60), (APRIL, MAY, 90), (MAY, None, 30)):
        _master(books.known(since=moment, until=until), "Z1", ({"days_after": days},))
    # a term that is split into parts later on, and one that comes after its document
    _master(books.known(until=MAY), "Z2", ({"days_after": 60},))
    _master(
        books.known(since=MAY),
        "Z2",
        ({"days_after": 60, "share": "0.5"}, {"days_after": 90, "share": "0.5"}),
    )
    _master(books.known(since=APRIL), "Z3", ({"days_after": 60},))
    for code in ("Z1", "Z2", "Z3"):
        _undated(books, code, "2026-03-15", code)


@pytest.mark.parametrize(
    ("known", "due"),
    [
        (MARCH, "2026-05-14"),  # 15 March + 60
        (APRIL, "2026-06-13"),  # corrected to 90 days before it was due: a change of terms
        (
            MAY,
            "2026-06-13",
        ),  # corrected to 30 after 14 May, when it was due first: agreed, but no change of terms
        (JUNE, "2026-06-13"),
    ],
)
def test_a_corrected_master_is_known_from_its_delivery_on(history: Warehouse, known: date, due: str) -> None:
    rows = history.query(
        f"select due_date from marts.open_items_as_known(date '{known}', timestamp '{known} 23:59:59')"
        " where company_code = 'PT6' and document_id = 'Z1'"
    )
    assert [row["due_date"] for row in rows] == [date.fromisoformat(due)]


def test_terms_that_become_a_question_or_a_rule_do_so_from_the_delivery_on(history: Warehouse) -> None:
    def due(known: date) -> dict[str, date]:
        rows = history.query(
            "select document_id, due_date"
            f" from marts.open_items_as_known(date '{known}', timestamp '{known} 23:59:59')"
            " where company_code = 'PT6'"
        )
        return {row["document_id"]: row["due_date"] for row in rows}

    # Z3: until its master comes, the document date; its coming is no agreement of before that date
    assert (due(MARCH)["Z2"], due(MARCH)["Z3"]) == (date(2026, 5, 14), date(2026, 3, 15))
    assert (due(APRIL)["Z2"], due(APRIL)["Z3"]) == (date(2026, 5, 14), date(2026, 3, 15))
    agreed = {
        row["document_id"]: row["agreed_due_date"]
        for row in history.query("select * from marts.mart_aging where company_code = 'PT6'")
    }
    # what is learnt after the first due date is shown as agreed and cleans no figure: Z2 falls back to its own date
    assert agreed == {"Z1": date(2026, 4, 14), "Z2": date(2026, 3, 15), "Z3": date(2026, 5, 14)}
    assert due(JUNE)["Z2"] == date(2026, 5, 14)
    asked = history.findings("unread_payment_terms", company="PT6")
    assert [(row["record_id"], row["detail"]) for row in asked] == [
        ("Z2", "its parts are due on different days")
    ]


def test_the_amount_that_is_open_does_not_depend_on_what_terms_mean(history: Warehouse) -> None:
    assert history.total(JUNE, company="PT6") == history.total(MARCH, company="PT6") == D("3.00")
