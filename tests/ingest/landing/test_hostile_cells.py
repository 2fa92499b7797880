"""Cells that try to be something else land exactly as they are written, or are set aside with what was written."""

from collections.abc import Sequence
from pathlib import Path

import pytest
import xlsxwriter

from tests.ingest.landing.world import CUSTOMER, DOCUMENT, World, document, table

DAY = "2026-01-31"
FORMULAS = ["=cmd|'/c calc'!A1", "+1+1", "@SUM(A1)", "-2+3", '=HYPERLINK("http://x","y")', "＝1+1", "%0A-1"]
UNSEEN = ["\u200b", "\ufeff", "\u2060", "\u00ad", "\u202e", "\u2066", "\u200d", "\u0085", "\x1b", "\x00"]


def quoted(text: str) -> str:
    doubled = text.replace('"', '""')
    return f'"{doubled}"'


def land_one(world: World, header: str, line: str, *, name: str) -> tuple[str, str | None, str | None]:
    """Lands a sound row and one more; how the other was set aside: reason, column, original text."""
    world.source["reject_threshold"] = 0.6
    world.deliver(DAY, table(header, line), name=name)
    world.land()
    (row,) = world.rejected()
    return row.reason_code, row.column_name, row.original_text


def amount(world: World, text: str) -> tuple[str, str | None, str | None]:
    return land_one(world, DOCUMENT, document(1, amount=quoted(text)), name="document.csv")


def names(world: World) -> set[str]:
    return {row["name"] for row in world.rows("customer")}


@pytest.mark.parametrize("prefix", ["", "\t", "\r", " "], ids=["plain", "tab", "return", "blank"])
def test_a_formula_is_a_text_like_any_other(world: World, prefix: str) -> None:
    lines = [f"CN01,C{n},{quoted(prefix + text)}" for n, text in enumerate(FORMULAS)]
    world.deliver(DAY, table(CUSTOMER, *lines), name="customer.csv")
    report = world.land()
    assert not report.refused and not world.rejected()
    # blanks around a cell belong to no text; the formula itself is kept to the letter
    assert names(world) == set(FORMULAS)


def test_a_formula_in_a_workbook_written_as_text_lands_as_that_text(world: World, tmp_path: Path) -> None:
    path = tmp_path / "in" / DAY / "customer.xlsx"
    path.parent.mkdir(parents=True)
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(
            [CUSTOMER.split(","), *(["CN01", f"C{n}", t] for n, t in enumerate(FORMULAS))]
        ):
            for column, cell in enumerate(row):
                sheet.write_string(number, column, cell)
    world.land()
    assert names(world) == set(FORMULAS)


@pytest.mark.parametrize(
    "text",
    [
        *("=1+1", "+1+1", "-2+3", "@SUM(A1)", "+5", "1e3", "0x10", "1_000", "1,5", "NaN", "Infinity", "--1"),
        *("١٢٣", "１２３", "12３", "²", "Ⅳ", "1\u00a0000", "−5", "1\u200b0"),
        *("#REF!", "#N/A", "#DIV/0!", "true", "TRUE", "'5"),
    ],
)
def test_only_plain_digits_are_an_amount(world: World, text: str) -> None:
    assert amount(world, text) == ("not_exact", "amount", text)


@pytest.mark.parametrize(
    "text",
    [
        *("2026-02-30", "2026-02-29", "2023-02-29", "2100-02-29", "2026-13-01", "2026-04-31", "2026-00-10"),
        *("0000-00-00", "0001-01-01", "0024-02-03", "24-02-03", "2026-1-1", "20260131", "9999-12-31"),
        *("45000", "#REF!", "２０２６-01-31", "٢٠٢٦-01-31", "2026-01-31x", "2026-01-31T25:61:00"),
    ],
)
def test_what_is_no_day_is_never_moved_to_one(world: World, text: str) -> None:
    line = document(1).replace("2026-01-31", text)
    assert land_one(world, DOCUMENT, line, name="document.csv") == ("bad_date", "document_date", text)


def test_a_leap_day_is_a_day(world: World) -> None:
    world.deliver(DAY, table(DOCUMENT, document(1).replace("2026-01-31", "2024-02-29")))
    world.land()
    assert str(world.rows()[0]["document_date"]) == "2024-02-29"


@pytest.mark.parametrize("mark", UNSEEN, ids=[f"U+{ord(mark):04X}" for mark in UNSEEN])
def test_a_key_with_something_unseen_inside_is_refused_and_around_it_is_taken_away(
    world: World, mark: str
) -> None:
    world.source["reject_threshold"] = 0.9
    lines = ["CN01,C1,One", f"CN01,{mark}C2{mark},Two", f"CN01,C{mark}1,Other"]
    world.deliver(DAY, table(CUSTOMER, *lines), name="customer.csv")
    world.land()
    assert world.live(entity="customer", column="customer_id") == {"C1", "C2"}
    (row,) = world.rejected()
    assert (row.reason_code, row.column_name, row.row) == ("bad_characters", "customer_id", 3)
    assert row.original_text == f"C{mark}1"


def test_a_key_of_nothing_that_can_be_seen_is_refused(world: World) -> None:
    line = "CN01,\u200b\ufeff,Name"
    assert land_one(world, CUSTOMER, line, name="customer.csv")[:2] == ("bad_characters", "customer_id")


def test_a_record_whose_key_cannot_be_read_deletes_nothing(world: World) -> None:
    world.source["reject_threshold"] = 0.9
    world.deliver("2026-01-30", table(CUSTOMER, "CN01,C1,One", "CN01,C2,Two"), name="customer.csv")
    world.deliver(DAY, table(CUSTOMER, "CN01,C1,One", "CN01,C\u200b2,Two"), name="customer.csv")
    report = world.land()
    assert world.live(entity="customer", column="customer_id") == {"C1", "C2"}
    assert any("none was taken for deleted" in warning for warning in report.warnings)


@pytest.mark.parametrize(
    "text", ["Ali\u200dReza", "\u202bشركة\u202c", "Soft\u00adhyphen", "two\nlines\tand tab"]
)
def test_a_name_keeps_what_belongs_to_its_script(world: World, text: str) -> None:
    world.deliver(DAY, table(CUSTOMER, f"CN01,C1,{quoted(text)}"), name="customer.csv")
    world.land()
    assert names(world) == {text}


@pytest.mark.parametrize("mark", ["\x00", "\x1b[31m", "\x07", "\x7f", "\x1f"])
def test_control_characters_are_no_text(world: World, mark: str) -> None:
    line = f"CN01,C1,Na{mark}me"
    assert land_one(world, CUSTOMER, line, name="customer.csv") == ("bad_characters", "name", f"Na{mark}me")


@pytest.mark.parametrize("text", ["#REF!", "#N/A", "#DIV/0!", "#NAME?"])
def test_the_error_of_a_spreadsheet_is_no_name_and_no_key(world: World, text: str) -> None:
    line = f"CN01,C1,{text}"
    assert land_one(world, CUSTOMER, line, name="customer.csv") == ("spreadsheet_error", "name", text)


def test_a_name_that_begins_with_a_hash_is_a_name(world: World) -> None:
    world.deliver(DAY, table(CUSTOMER, "CN01,#1,#REF! Trading"), name="customer.csv")
    world.land()
    assert names(world) == {"#REF! Trading"}


@pytest.mark.parametrize(("length", "is_long"), [(64 * 1024, False), (64 * 1024 + 1, True)])
def test_a_text_has_a_longest_length(world: World, length: int, is_long: bool) -> None:
    world.source["reject_threshold"] = 0.9
    world.deliver(DAY, table(CUSTOMER, f"CN01,C1,{'x' * length}", "CN01,C2,Two"), name="customer.csv")
    world.land()
    told = [(row.reason_code, row.column_name) for row in world.rejected()]
    assert told == ([("text_too_long", "name")] if is_long else [])
    if is_long:
        row = world.rejected()[0]
        assert row.original_text == "x" * 1_000 + "… (65537 characters)"
        assert row.record is not None and len(row.record) < 2_000


@pytest.mark.parametrize(("length", "is_long"), [(512, False), (513, True)])
def test_a_key_has_a_longest_length(world: World, length: int, is_long: bool) -> None:
    world.source["reject_threshold"] = 0.9
    world.deliver(DAY, table(CUSTOMER, f"CN01,{'x' * length},One", "CN01,C2,Two"), name="customer.csv")
    world.land()
    told = [(row.reason_code, row.column_name) for row in world.rejected()]
    assert told == ([("text_too_long", "customer_id")] if is_long else [])


@pytest.mark.parametrize(
    ("header", "code"),
    [("company_code,document_id,document_id", "bad_header"), ("company_code,document_id,", "missing_column")],
)
def test_a_header_that_cannot_be_used_lands_nothing(world: World, header: str, code: str) -> None:
    world.deliver(DAY, table(header, "CN01,1,2"))
    assert [refusal.reason_code for refusal in world.land().refused] == [code]


def test_a_header_alone_is_a_delivery_without_rows(world: World) -> None:
    world.deliver(DAY, table(DOCUMENT))
    report = world.land()
    assert not report.refused and report.loads[0].rows_read == 0


def test_thousands_of_columns_beside_the_wanted_ones_change_nothing(world: World) -> None:
    more = 3_000
    header = DOCUMENT + "".join(f",extra_{n}" for n in range(more))
    world.deliver(DAY, table(header, document(1) + ",x" * more))
    assert not world.land().refused and world.live() == {"1"}


def excel(world: World, rows: Sequence[Sequence[object]]) -> None:
    path = world.root / "in" / DAY / "document.xlsx"
    path.parent.mkdir(parents=True, exist_ok=True)
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, DOCUMENT.split(","))
        for number, row in enumerate(rows, start=1):
            for column, cell in enumerate(row):
                if isinstance(cell, bool):
                    sheet.write_boolean(number, column, cell)
                elif isinstance(cell, str) and cell.startswith("#"):
                    sheet.write_formula(number, column, "=1", None, cell)
                else:
                    sheet.write(number, column, cell)


def test_errors_and_booleans_of_a_workbook_never_become_money_or_nothing(world: World) -> None:
    world.source["reject_threshold"] = 0.9
    good = ["CN01", "1", "invoice", "2026-01-31", "CNY", 100]
    rows = [
        good,
        *([*good[:1], str(n), *good[2:5], cell] for n, cell in enumerate([True, "#REF!", "#N/A"], start=2)),
    ]
    rows += [[*good[:1], "#NAME?", *good[2:]], [*good[:1], "6", "invoice", 45_000, *good[4:]]]
    excel(world, rows)
    world.land()
    assert [(row.row, row.reason_code, row.original_text) for row in world.rejected()] == [
        (2, "not_exact", "true"),
        (3, "not_exact", "#REF!"),
        (4, "not_exact", "#N/A"),
        (5, "spreadsheet_error", "#NAME?"),
        (6, "bad_date", "45000"),
    ]
    assert world.live() == {"1"}


def test_a_control_total_counts_records_that_were_set_aside_for_their_characters(world: World) -> None:
    world.source["reject_threshold"] = 0.9
    world.deliver(DAY, table(DOCUMENT, document(1), document("2\x00")))
    world.deliver(DAY, "entity,rows,amount\ndocument,2,200.00\n", name="_control.csv")
    assert not world.land().refused
