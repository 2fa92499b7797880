"""Files a reader takes away must not run, lose digits or lose Chinese."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal

import fastexcel
import pytest

from dashboards.data import aging
from dashboards.data.release import Release
from dashboards.data.scope import Scope
from dashboards.ui import downloads
from dashboards.ui.downloads import Sheet, csv_bytes, harmless, xlsx_bytes

COLUMNS = {"name": "客户", "amount": "=金额", "day": "到期日"}
ROWS = [
    {"name": '=HYPERLINK("http://x")', "amount": Decimal("-1234567890123.45"), "day": date(2026, 6, 30)},
    {"name": "上海远景", "amount": None, "day": None},
]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "　=1", "＝1+1", "\r=1"])
def test_text_that_a_spreadsheet_would_run_is_made_harmless(text: str) -> None:
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("value", ["INV-1", "上海", "", Decimal("-5.00"), -5, None, date(2026, 1, 1)])
def test_everything_else_passes(value: object) -> None:
    assert harmless(value) == value


def test_csv_opens_in_chinese_excel_and_keeps_every_digit() -> None:
    data = csv_bytes(ROWS, columns=COLUMNS)
    assert data.startswith(b"\xef\xbb\xbf")
    header, first, second = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    assert header == ["客户", "'=金额", "到期日"]
    assert first == ['\'=HYPERLINK("http://x")', "-1234567890123.45", "2026-06-30"]
    assert second == ["上海远景", "", ""]


def test_xlsx_holds_text_as_text_and_money_as_numbers() -> None:
    data = xlsx_bytes({"账龄": Sheet(ROWS, COLUMNS)})
    frame = fastexcel.read_excel(data).load_sheet("账龄").to_polars()
    assert frame["客户"].to_list() == ['=HYPERLINK("http://x")', "上海远景"]
    assert frame["=金额"].to_list() == [-1234567890123.45, None]


def test_the_same_rows_give_the_same_bytes() -> None:
    sheet = Sheet(ROWS, COLUMNS, heading=(("截至", "2026-06-30"),))
    assert xlsx_bytes({"a": sheet}) == xlsx_bytes({"a": sheet})


def test_what_is_too_long_for_a_sheet_goes_on_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(downloads, "MOST_LINES", 4)
    rows = [{"name": str(number)} for number in range(5)]
    book = fastexcel.read_excel(xlsx_bytes({"明细": Sheet(rows, {"name": "客户"})}))
    assert book.sheet_names == ["明细", "明细 2", "明细 3"]
    assert sum(book.load_sheet(name).height for name in book.sheet_names) == 5


def test_a_customer_named_like_a_formula_cannot_run(release: Release) -> None:
    scope = Scope(as_of=release.as_of, known_at=None, scheme="standard", unit="day")
    rows = aging.matrix(release, scope, scheme=aging.schemes(release)["standard"], limit=100)
    text = csv_bytes(rows, columns={"customer_name": "Customer"}).decode("utf-8-sig")
    assert "\r\n\"'=HYPERLINK" in text
