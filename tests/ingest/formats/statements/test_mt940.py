"""MT940 and MT942: each rule of the format, and each habit of the banks that is read all the same."""

import pytest

from ingest.formats.statements.model import Line, Statement, StatementError
from ingest.formats.statements.mt940 import read_mt940

HEAD = ":20:REF\n:25:DE99500400000000012345\n:28C:00012/001\n:60F:C260330EUR1000,00\n"
TAIL = ":62F:C260331EUR1000,00\n-"


def _lines(*fields: str) -> list[Line]:
    records = read_mt940(HEAD + "\n".join(fields) + "\n" + TAIL, file_name="x.sta")
    return [record for record in records if isinstance(record, Line)]


def _statements(text: str) -> list[Statement]:
    return [r for r in read_mt940(text, file_name="x.sta") if isinstance(r, Statement)]


def test_a_statement_gives_both_balances_and_an_identification_that_years_tell_apart() -> None:
    (statement,) = _statements(HEAD + TAIL)
    assert statement.cells == {
        "account": "DE99500400000000012345",
        "currency": "EUR",
        "statement_id": "2026-03-31-00012-001",
        "opening_balance": "1000.00",
        "opening_date": "2026-03-30",
        "closing_balance": "1000.00",
        "closing_date": "2026-03-31",
        "pending_count": "0",
    }


@pytest.mark.parametrize(
    ("mark", "amount"),
    [
        ("C", "25.5"),
        ("D", "-25.5"),
        ("RC", "-25.5"),  # a credit taken back
        ("RD", "25.5"),  # a debit taken back
        ("CR", "25.5"),  # third letter of EUR
        ("RCR", "-25.5"),
        ("DF", "-25.5"),  # third letter of HUF
    ],
)
def test_marks_give_the_sign(mark: str, amount: str) -> None:
    (line,) = _lines(f":61:2603310331{mark}25,5NTRFNONREF")
    assert line.cells["amount"] == amount
    assert (line.cells["transaction_code"] or "").endswith("reversal") == mark.startswith("R")


@pytest.mark.parametrize(("text", "amount"), [("300,", "300"), ("000000000473,17", "473.17"), ("27", "27")])
def test_amounts_as_banks_write_them(text: str, amount: str) -> None:
    (line,) = _lines(f":61:2603310331C{text}NTRFNONREF")
    assert line.cells["amount"] == amount


@pytest.mark.parametrize(
    ("dates", "booked", "valued"),
    [
        ("2603310331", "2026-03-31", "2026-03-31"),
        ("260331", "2026-03-31", "2026-03-31"),  # no entry date
        ("260331    ", "2026-03-31", "2026-03-31"),  # a blank one
        ("2601020101", "2026-01-01", "2026-01-02"),
        ("2601021231", "2025-12-31", "2026-01-02"),  # booked in the year before
        ("2512310102", "2026-01-02", "2025-12-31"),  # booked in the year after
        ("2602300301", "2026-03-01", "2026-02-28"),  # 30 days to a month
        ("2402300301", "2024-03-01", "2024-02-29"),
    ],
)
def test_entry_dates_have_the_year_nearest_to_the_value_date(dates: str, booked: str, valued: str) -> None:
    (line,) = _lines(f":61:{dates}C1,00NTRFNONREF")
    assert (line.cells["booking_date"], line.cells["value_date"]) == (booked, valued)


def test_a_day_that_no_month_has_stays_as_it_is_to_be_refused_as_a_cell() -> None:
    (line,) = _lines(":61:2604310431C1,00NTRFNONREF")
    assert line.cells["booking_date"] == "260431"


def test_references_and_the_banks_own_text() -> None:
    (line,) = _lines(":61:2603310331C1,00NTRFINV-7//0724710345313905\nextra 1", ":86:payment of INV-7")
    assert line.cells["end_to_end_id"] == "INV-7"
    assert line.cells["bank_reference"] == "0724710345313905"
    assert line.cells["remittance_text"] == "extra 1 payment of INV-7"


def test_details_in_german_subfields() -> None:
    (line,) = _lines(
        ":61:2603310331C1,00NTRFNONREF",
        ":86:166?00GUTSCHRIFT?100399?20EREF+INV 0042?21SVWZ+Rechnung 42 vom 1?22.3.2026"
        "?30DRESDEFF508?31DE14508800500194785000?32KARL?33 KAUFMANN",
    )
    assert line.cells["end_to_end_id"] == "INV 0042"
    assert line.cells["remittance_text"] == "Rechnung 42 vom 1.3.2026"
    assert line.cells["counterparty_account"] == "DE14508800500194785000"
    assert line.cells["counterparty_name"] == "KARL KAUFMANN"


def test_details_in_dutch_words() -> None:
    (line,) = _lines(
        ":61:2603310331C1,00N654NONREF",
        ":86:/TRTP/SEPA OVERBOEKING/IBAN/FR12345678901234/BIC/GEFRADAM\n/NAME/QASD JGRED"
        "/REMI/factuur 7/EREF/NOTPRO\nVIDED",
    )
    assert line.cells["counterparty_name"] == "QASD JGRED"
    assert line.cells["counterparty_account"] == "FR12345678901234"
    assert line.cells["remittance_text"] == "factuur 7"
    assert line.cells["end_to_end_id"] is None


def test_a_time_in_the_details_is_no_field() -> None:
    (line,) = _lines(":61:2603310331C1,00NTRFNONREF", ":86:805?20paid at 13\n:12:11")
    assert line.cells["remittance_text"] == "paid at 13:12:11"


def test_details_that_a_bank_numbers_as_an_account_stay_details() -> None:
    (line,) = _lines(":61:2603310331C1,00NTRFNONREF", ":25:166?00GUTSCHRIFT?20paid?32KARL")
    assert line.cells["counterparty_name"] == "KARL"
    assert line.cells["account"] == "DE99500400000000012345"


def test_pages_of_one_statement_are_put_together() -> None:
    first = HEAD + ":61:2603310331C10,00NTRFNONREF\n:62M:C260331EUR1010,00\n-\n"
    second = (
        ":20:REF\n:25:DE99500400000000012345\n:28C:00012/002\n:60M:C260331EUR1010,00\n"
        ":61:2603310331C5,00NTRFNONREF\n:62F:C260331EUR1015,00\n-"
    )
    records = list(read_mt940(first + second, file_name="x.sta"))
    assert [r.cells.get("amount") for r in records if isinstance(r, Line)] == ["10.00", "5.00"]
    (statement,) = (r for r in records if isinstance(r, Statement))
    assert (statement.cells["opening_balance"], statement.cells["closing_balance"]) == ("1000.00", "1015.00")


def test_statements_of_several_accounts_stay_apart() -> None:
    other = HEAD.replace("12345", "99999").replace("C260330EUR1000,00", "D260330EUR7,00")
    statements = _statements(HEAD + TAIL + "\n" + other + ":62F:D260331EUR7,00\n-")
    assert [s.cells["account"] for s in statements] == ["DE99500400000000012345", "DE99500400000000099999"]
    assert statements[1].cells["opening_balance"] == "-7.00"


def test_an_interim_report_has_lines_without_balances_and_expected_entries_are_no_money() -> None:
    text = (
        ":20:X\n:25:PL1\n:28C:1/1\n:34F:PLN0,\n:13D:2603311815+0100\n"
        ":61:2603310331CN0,01NTRFNONREF\n:61:2603310331EC99,00NTRFNONREF\n:90D:1PLN0,01\n-"
    )
    records = list(read_mt940(text, file_name="x.sta"))
    assert [r.cells["amount"] for r in records if isinstance(r, Line)] == ["0.01"]
    (statement,) = (r for r in records if isinstance(r, Statement))
    assert statement.cells["pending_count"] == "1"
    assert statement.cells["currency"] == "PLN"
    assert statement.cells["statement_id"] == "2026-03-31-1-1"


def test_a_line_that_is_none_keeps_its_text_for_the_rejects() -> None:
    (line,) = _lines(":61:garbage")
    assert line.cells.get("amount") is None
    assert line.cells["remittance_text"] == "garbage"


def test_another_file_is_refused_with_a_fix() -> None:
    with pytest.raises(StatementError) as refused:
        list(read_mt940("date,amount\n2026-01-01,5\n", file_name="x.sta"))
    assert "no field of an MT940 statement" in str(refused.value)
    assert refused.value.fix


def test_a_line_that_was_cut_off_has_no_amount() -> None:
    # C50 may be the beginning of C5000,00: an amount counts only with the type that follows it
    records = list(read_mt940(HEAD + ":61:2603310331C50", file_name="x.sta"))
    assert [r.cells.get("amount") for r in records if isinstance(r, Line)] == [None]
