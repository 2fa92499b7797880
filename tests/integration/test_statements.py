"""Statements 对账单 and receipts after a day 期后回款, from books by hand to the files that are sent.

Belongs here: figures of small accounts worked by hand, the command line on a real release, what must stop a statement.
Must not: layout (tests/documents), the macros by themselves (test_published_macros.py).
"""

from datetime import date, timedelta
from pathlib import Path

import pytest

from documents import reading
from documents.statement import Account, CurrencyAccount, Statement
from tests.documents import reading_back
from tests.kit import D, Extracts, Warehouse
from tests.kit.office import Office
from tests.kit.worlds import JUNE, MAY

FIRST, LAST = date(2026, 6, 1), date(2026, 6, 30)
AWKWARD = 'A/B:*?"<>| 客户'


def build_world(extracts: Extracts) -> None:
    books = extracts.books("STM", customers=("C1", "C2", "C3", "C4", "C5", "C6", "c1"))
    books.customer(AWKWARD, name="=1+1")
    _one_of_everything(books)
    _foreign(books)
    # nothing happens in June
    books.invoice("INV9", "80.00", "2026-03-01", due="2026-03-31", customer_id="C2")
    # contested whole, by a dispute without an amount
    books.dispute("Q2", "INV9", None, "2026-06-20")
    # three instalments are one invoice
    books.invoice("INV3", "90.00", "2026-06-02", due="2026-09-30", customer_id="C3")
    for number, amount, due in (
        (1, "30.00", "2026-06-20"),
        (2, "30.00", "2026-07-31"),
        (3, "30.00", "2026-09-30"),
    ):
        books.instalment("INV3", number, amount, due)
    # C4 pays what C5 owes
    books.receipt("R4", "60.00", "2026-06-04", customer_id="C4")
    books.invoice("INV5", "60.00", "2026-06-01", due="2026-06-30", customer_id="C5")
    books.allocation("A5", "60.00", "2026-06-09", used="receipt:R4", settles="document:INV5")
    # owes 100, has 100 to be used
    books.invoice("INV6", "100.00", "2026-06-01", due="2026-07-31", customer_id="C6")
    books.receipt("R6", "100.00", "2026-06-15", customer_id="C6")
    # ids that a file name cannot hold, and that differ by case alone
    books.invoice("=INV(1)", "10.00", "2026-05-01", due="2026-05-31", customer_id=AWKWARD)
    books.invoice("INVc", "1.00", "2026-05-01", due="2026-05-31", customer_id="c1")


def _one_of_everything(books) -> None:  # type: ignore[no-untyped-def]
    books.invoice("INV0", "1000.00", "2026-04-01", due="2026-05-01")
    books.payment("R0", "INV0", "400.00", "2026-05-10")
    books.invoice("INV1", "500.00", "2026-06-03", due="2026-07-03", reference="PO-77")
    books.receipt("R1", "300.00", "2026-06-05")
    books.allocation("A1", "300.00", "2026-06-06", used="receipt:R1", settles="document:INV0")
    books.allocation("D1", "10.00", "2026-06-06", used="discount", settles="document:INV0")
    books.credit_note("CN1", "50.00", "2026-06-08")
    books.allocation("A2", "50.00", "2026-06-08", used="credit_note:CN1", settles="document:INV1")
    books.bill("R2", "120.00", "2026-06-10", matures="2026-12-10")
    books.allocation("A3", "120.00", "2026-06-10", used="receipt:R2", settles="document:INV1")
    books.receipt("BAD", "40.00", "2026-06-12", method="cheque", status="bounced", status_date="2026-06-15")
    books.dispute("Q1", "INV1", "100.00", "2026-06-15")
    books.allocation("W1", "5.00", "2026-06-20", used="write_off", settles="document:INV0")
    books.receipt("R3", "70.00", "2026-06-25")
    # after the period
    books.payment("R7", "INV0", "285.00", "2026-07-02")
    books.unbilled("U1", "33.00", "2026-06-29")


def _foreign(books) -> None:  # type: ignore[no-untyped-def]
    books.invoice(
        "INVU", "200.00", "2026-06-02", due="2026-07-02", currency="USD", functional_amount="1440.00"
    )
    books.receipt("RU", "50.00", "2026-06-18", currency="USD", functional_amount="355.00")
    books.allocation("AU", "50.00", "2026-06-18", used="receipt:RU", settles="document:INVU")


def build_history(extracts: Extracts) -> None:
    books = extracts.books("HSTM")
    # billed with 100, known as 130 since the end of May
    books.known(until=MAY).invoice("INV1", "100.00", "2026-04-10", due="2026-05-10")
    books.known(since=MAY).invoice("INV1", "130.00", "2026-04-10", due="2026-05-10")
    # gone from the last delivery: it never was
    books.known(until=JUNE).invoice("GHOST", "7.00", "2026-04-20", due="2026-05-20")


def _statement(
    warehouse: Warehouse, company: str, customer: str, first: date = FIRST, last: date = LAST
) -> Statement:
    connection = warehouse.connection
    release = reading.open_release(connection)
    one = reading.account(connection, company_code=company, customer_id=customer)
    (found,) = reading.statements(connection, [one], release=release, first_day=first, last_day=last)
    return found


def _lines(part: CurrencyAccount) -> list[tuple[int, str, str, str, str]]:
    return [
        (line.day.day, line.kind, line.document, str(line.amount), str(line.balance))
        for line in part.lines
        if line.amount
    ]


def test_every_kind_of_movement_of_a_month_leads_from_opening_to_closing(world: Warehouse) -> None:
    cny, _ = _statement(world, "STM", "C1").currencies
    # 1,000 - 400 before June; the match of 6 June is no line, its discount is
    assert cny.opening == D("600.00")
    assert _lines(cny) == [
        (3, "invoice", "INV1", "500.00", "1100.00"),
        (5, "cash", "R1", "-300.00", "800.00"),
        (6, "discount", "INV0", "-10.00", "790.00"),
        (8, "credit_note", "CN1", "-50.00", "740.00"),
        (10, "bill_received", "R2", "-120.00", "620.00"),
        (12, "cash", "BAD", "-40.00", "580.00"),
        (15, "receipt_reversed", "BAD", "40.00", "620.00"),
        (20, "write_off", "INV0", "-5.00", "615.00"),
        (25, "cash", "R3", "-70.00", "545.00"),
    ]
    assert (cny.debits, cny.credits, cny.closing) == (D("540.00"), D("595.00"), D("545.00"))


def test_open_items_credits_disputes_and_aging_are_those_of_the_last_day(world: Warehouse) -> None:
    cny, _ = _statement(world, "STM", "C1").currencies
    # 1,000 - 400 - 300 - 10 - 5; 500 - 50 - 120
    assert [
        (
            item.document,
            item.due_date,
            item.days_past_due,
            item.original_amount,
            item.open_amount,
            item.disputed_amount,
        )
        for item in cny.owed
    ] == [
        ("INV0", date(2026, 5, 1), 60, D("1000.00"), D("285.00"), D("0.00")),
        ("INV1", date(2026, 7, 3), -3, D("500.00"), D("330.00"), D("100.00")),
    ]
    assert cny.owed[1].reference == "PO-77"
    assert [(item.document, item.open_amount) for item in cny.unapplied] == [("R3", D("-70.00"))]
    assert {bucket.code: bucket.amount for bucket in cny.aging if bucket.amount} == {
        "not_due": D("330.00"),
        "31-60": D("285.00"),
        "unapplied": D("-70.00"),
    }
    assert cny.overdue == D("285.00")


def test_a_bill_and_what_is_not_billed_stand_beside_and_not_in_the_balance(world: Warehouse) -> None:
    cny, _ = _statement(world, "STM", "C1").currencies
    assert [(item.receivable_class, item.open_amount, item.due_date) for item in cny.beside] == [
        ("unbilled", D("33.00"), date(2026, 6, 29)),
        ("bill", D("120.00"), date(2026, 12, 10)),
    ]
    assert dict(cny.beside_moved) == {"bill": D("120.00"), "unbilled": D("33.00")}


def test_each_currency_has_an_account_of_its_own(world: Warehouse) -> None:
    cny, usd = _statement(world, "STM", "C1").currencies
    assert (cny.currency, usd.currency) == ("CNY", "USD")
    assert _lines(usd) == [
        (2, "invoice", "INVU", "200.00", "200.00"),
        (18, "cash", "RU", "-50.00", "150.00"),
    ]
    # 1,440 x 150/200; 50 relieve 355 of the 360 that they settle
    assert usd.closing_functional == D("1080.00")


def test_a_period_without_movements_opens_and_closes_with_the_same(world: Warehouse) -> None:
    (part,) = _statement(world, "STM", "C2").currencies
    assert (part.opening, part.lines, part.closing) == (D("80.00"), (), D("80.00"))
    assert part.owed[0].disputed_amount == D("80.00")


def test_instalments_are_one_line_of_the_account_and_one_open_item_each(world: Warehouse) -> None:
    (part,) = _statement(world, "STM", "C3").currencies
    assert _lines(part) == [(2, "invoice", "INV3", "90.00", "90.00")]
    assert [(item.instalment_no, item.days_past_due) for item in part.owed] == [(1, 10), (2, -31), (3, -92)]


def test_money_that_settles_what_another_owes_is_a_line_of_both_accounts(world: Warehouse) -> None:
    (payer,) = _statement(world, "STM", "C4").currencies
    (debtor,) = _statement(world, "STM", "C5").currencies
    assert _lines(payer) == [
        (4, "cash", "R4", "-60.00", "-60.00"),
        (9, "transfer", "R4", "60.00", "0.00"),
    ]
    assert _lines(debtor) == [
        (1, "invoice", "INV5", "60.00", "60.00"),
        (9, "transfer", "INV5", "-60.00", "0.00"),
    ]


def test_what_was_corrected_since_stands_as_it_is_known_now(history: Warehouse) -> None:
    rows = history.query(
        "select document_id, amount_document"
        " from marts.customer_statement('HSTM', 'C1', date '2026-04-01', date '2026-04-30')"
    )
    assert [tuple(row.values()) for row in rows] == [("INV1", D("130.00"))]
    (part,) = _statement(history, "HSTM", "C1", date(2026, 4, 1), date(2026, 4, 30)).currencies
    assert _lines(part) == [(10, "invoice", "INV1", "130.00", "130.00")]


def test_statements_of_all_accounts_close_and_continue_each_other(world: Warehouse) -> None:
    """Proved inside; what one day closes with, the next opens with; two halves move what the whole moves."""
    connection = world.connection
    release = reading.open_release(connection)
    every = reading.accounts(connection)
    assert len(every) > 5

    def closings(first: date, last: date) -> dict[tuple[str, str, str], tuple[D, D]]:
        return {
            (one.account.company_code, one.account.customer_id, part.currency): (part.opening, part.closing)
            for one in reading.statements(
                connection, every, release=release, first_day=first, last_day=last, is_whole_company=True
            )
            for part in one.currencies
        }

    start, end = date(2026, 1, 1), release.as_of
    whole = closings(start, end)
    for cut in (date(2026, 3, 31), date(2026, 6, 14), date(2026, 6, 15), date(2026, 9, 30)):
        before, after = closings(start, cut), closings(cut + timedelta(days=1), end)
        for key, (opening, closing) in whole.items():
            left = before.get(key, (opening, D("0.00")))
            assert left[0] == opening
            assert after.get(key, (left[1], left[1])) == (left[1], closing), key


def test_disputes_of_the_releases_own_day_are_those_of_mart_aging(world: Warehouse) -> None:
    rows = world.query(
        """
        select count(*) as items, count(*) filter (where aging.disputed_amount_document > 0) as contested,
            count(*) filter (
                where aging.disputed_amount_document
                    <> coalesce(disputed.disputed_amount_document, cast(0 as decimal(18, 2)))
            ) as wrong
        from marts.mart_aging as aging
        left join marts.disputed_as_of(
            (select max(as_of_date) from marts.mart_aging)
        ) as disputed on aging.open_item_id = disputed.open_item_id
        """
    )
    assert rows[0]["items"] > 0
    assert rows[0]["contested"] > 1
    assert rows[0]["wrong"] == 0


JUNE_2026 = ("--from", "2026-06-01", "--to", "2026-06-30")


@pytest.mark.parametrize(("language", "payment"), [("zh", "收款"), ("en", "Payment")])
def test_the_command_writes_both_files_and_they_say_the_same(
    office: Office, language: str, payment: str
) -> None:
    code, out, _ = office.run(
        "statement", "--company", "STM", "--customer", "C1", *JUNE_2026, "--language", language
    )
    assert code == 0
    assert office.files == [
        f"statement_STM_C1_2026-06-01_2026-06-30_{language}.pdf",
        f"statement_STM_C1_2026-06-01_2026-06-30_{language}.xlsx",
    ]
    assert sorted(Path(line).name for line in out.splitlines()) == office.files
    paper = (office.out / office.files[0]).read_bytes()
    text = reading_back.text(paper)
    for figure in ("600.00", "545.00", "285.00", "330.00", "-70.00", "120.00", "150.00"):
        assert figure in text
    rows = list(reading_back.sheets((office.out / office.files[1]).read_bytes()).values())[1]
    assert [row[1:] for row in rows if row[2] == "R1"] == [[payment, "R1", None, None, "300", "800"]]
    # what is beside the account and ours alone
    assert "U1" not in text


def test_all_writes_a_file_for_each_customer_with_something_open(office: Office) -> None:
    code, _, said = office.run(
        "statement", "--company", "STM", "--all", *JUNE_2026, "--language", "en", "--format", "xlsx"
    )
    assert code == 0
    names = [name.split("_2026")[0].removeprefix("statement_STM_").split("_")[0] for name in office.files]
    # C4 and C5 are even; C6 owes and has 100, which is not nothing
    assert sorted(names) == ["A-B", "C1", "C2", "C3", "C6", "c1"]
    assert "6 files of 6 accounts" in said
    assert len({name.lower() for name in office.files}) == len(office.files)
    assert all(name.isascii() and not set(name) & set('/:*?"<>| ') for name in office.files)
    awkward = next(name for name in office.files if "A-B" in name)
    found = reading_back.sheets((office.out / awkward).read_bytes())
    assert found["Open items"][2][0] == "=INV(1)"
    assert AWKWARD in str(found["Statement"])
    assert "=1+1" in str(found["Statement"])


def test_all_overdue_leaves_out_who_is_not(office: Office) -> None:
    office.run("statement", "--company", "STM", "--all-overdue", *JUNE_2026, "--format", "xlsx")
    names = [name.split("_2026")[0].removeprefix("statement_STM_").split("_")[0] for name in office.files]
    # C6 falls due in July
    assert sorted(names) == ["A-B", "C1", "C2", "C3", "c1"]


def test_nothing_to_write_is_said(office: Office) -> None:
    code, out, said = office.run(
        "statement", "--company", "STM", "--all-overdue", "--from", "2025-01-01", "--to", "2025-01-31"
    )
    assert (code, out, office.files) == (0, "", [])
    assert "no customer has anything overdue at the end of 2025-01-31" in said


def test_the_ids_of_a_party_share_a_file_and_no_balance(office: Office) -> None:
    office.change(
        "update marts.dim_customer set party_id = 'STM|C2' where customer_id = 'C3' and company_code = 'STM'"
    )
    code, _, _ = office.run(
        "statement", "--company", "STM", "--customer", "C3", "--party", *JUNE_2026, "--language", "en"
    )
    assert code == 0
    assert [name.split("_")[1] for name in office.files] == ["PARTY", "PARTY"]
    (paper,) = [name for name in office.files if name.endswith(".pdf")]
    pages = reading_back.pages((office.out / paper).read_bytes())
    (first, second) = [page for page in pages if "Part " in page]
    # the one that was asked for stands first
    assert "Part 1 of 2: STM, customer number C3" in first
    assert "Part 2 of 2: STM, customer number C2" in second
    assert "90.00" in first
    assert "80.00" in second
    assert "170.00" not in "".join(pages)


WRONG = {
    "unknown customer": (("--company", "STM", "--customer", "C99", *JUNE_2026), "no customer 'C99'"),
    "zeros lost": (("--company", "STM", "--customer", "C", *JUNE_2026), "did you mean"),
    "unknown company": (
        ("--company", "NONE", "--customer", "C1", *JUNE_2026),
        "no company 'NONE'",
    ),
    "beyond the release": (
        ("--company", "STM", "--customer", "C1", "--from", "2026-12-01", "--to", "2027-01-31"),
        "knows the books up to 2026-12-31",
    ),
    "days exchanged": (
        ("--company", "STM", "--customer", "C1", "--from", "2026-06-30", "--to", "2026-06-01"),
        "exchange the two days",
    ),
    "no day": (
        ("--company", "STM", "--customer", "C1", "--from", "June", "--to", "2026-06-30"),
        "not a date",
    ),
    "nobody": (JUNE_2026, "whose statement"),
    "no company": (("--customer", "C1", *JUNE_2026), "belongs to a company"),
    "one and all": (("--company", "STM", "--customer", "C1", "--all", *JUNE_2026), "leave one of them out"),
    "other format": (("--company", "STM", "--all", *JUNE_2026, "--format", "docx"), "'docx' is no format"),
    "stand-in": (("--company", "STM", "--customer", "(unidentified)", *JUNE_2026), "nobody can confirm"),
}


@pytest.mark.parametrize(("arguments", "said"), WRONG.values(), ids=WRONG.keys())
def test_an_error_says_the_fix_and_writes_nothing(
    office: Office, arguments: tuple[str, ...], said: str
) -> None:
    code, out, error = office.run("statement", *arguments)
    assert (code, out) == (1, "")
    assert said in error
    assert "fix:" in error
    assert office.files == []


def test_a_statement_that_does_not_close_is_never_written(office: Office) -> None:
    office.change(
        "update marts.fct_receivable_movement set amount_document = amount_document + 0.01"
        " where open_item_id = 'STM|R|R3' and movement_kind = 'cash'"
    )
    code, out, error = office.run("statement", "--company", "STM", "--customer", "C1", *JUNE_2026)
    assert (code, out, office.files) == (1, "", [])
    assert "does not close" in error
    assert "545.01" in error
    assert "fix:" in error


def test_a_release_of_an_older_version_says_to_publish_again(office: Office) -> None:
    office.change("drop macro table marts.disputed_as_of")
    code, _, error = office.run("statement", "--company", "STM", "--customer", "C1", *JUNE_2026)
    assert code == 1
    assert "no marts.disputed_as_of" in error
    assert "arrears refresh" in error


def test_before_the_first_release_the_error_says_what_to_run(office: Office) -> None:
    (office.release.parent.parent / "receivables.duckdb").unlink()
    code, _, error = office.run("statement", "--company", "STM", "--customer", "C1", *JUNE_2026)
    assert code == 1
    assert "arrears refresh" in error


def test_receipts_after_a_day_are_one_workbook_item_by_item(office: Office) -> None:
    out = office.out / "after.xlsx"
    code, _, said = office.run(
        "subsequent-receipts", "--company", "STM", "--as-of", "2026-05-31", "--until", "2026-07-31", "--language",
        "en", out=out,
    )  # fmt: skip
    assert code == 0
    totals, items = reading_back.sheets(out.read_bytes()).values()
    of_inv0 = next(row for row in items if row[4] == "INV0")
    # of 600: cash 300 and 285, discount 10, write-off 5
    assert of_inv0[8:17] == ["600", "585", "0", "0", "0", "0", "5", "10", "0"]
    assert str(of_inv0[17]).startswith("2026-07-02")
    of_trade = next(row for row in totals if row[:3] == ["STM", "Trade receivables", "CNY"])
    # and INV9 80, =INV(1) 10, INVc 1, nothing of which was paid
    assert of_trade[3:6] == ["4", "691", "585"]
    assert of_trade[12] == "91"
    assert "4 items open at the end of 2026-05-31" in said


@pytest.mark.parametrize(
    ("arguments", "out", "said"),
    [
        (("--as-of", "2026-06-30", "--until", "2026-06-30"), "x.xlsx", "is not after"),
        (("--as-of", "2026-06-30", "--until", "2027-06-30"), "x.xlsx", "knows the books up to"),
        (
            ("--as-of", "2026-06-30", "--until", "2026-07-31", "--company", "NONE"),
            "x.xlsx",
            "no company 'NONE'",
        ),
        (("--as-of", "2026-06-30", "--until", "2026-07-31"), "x.csv", "ends in .xlsx"),
    ],
)
def test_receipts_after_a_day_that_cannot_be_told_say_the_fix(
    office: Office, arguments: tuple[str, ...], out: str, said: str
) -> None:
    code, _, error = office.run("subsequent-receipts", *arguments, out=office.out / out)
    assert code == 1
    assert said in error
    assert "fix:" in error
    assert office.files == []


def test_an_account_is_a_plain_value(world: Warehouse) -> None:
    one = reading.account(world.connection, company_code="STM", customer_id=AWKWARD)
    assert one == Account("STM", AWKWARD, "Company STM", "=1+1", "CNY", f"STM|{AWKWARD}")
