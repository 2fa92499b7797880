"""Single steps of an inspection: encodings, delimiters, numbers, dates.

Belongs here: what one step says about values written here. Must not: whole drafts (test_drafts.py).
"""

import pytest

from ingest.inspection.dates import guess_dates, unreadable_dates
from ingest.inspection.delimited import split
from ingest.inspection.numbers import common_layout, read_marks
from ingest.inspection.sample import guess_encoding
from ingest.inspection.yaml_text import quoted, scalar


@pytest.mark.parametrize(
    ("data", "encoding", "sure", "doubts"),
    [
        (b"\xef\xbb\xbfa", "utf-8", "proven", 0),
        (b"plain", "utf-8", "likely", 0),
        ("Müller".encode(), "utf-8", "proven", 0),
        ("上海某某贸易有限公司,货款".encode("gb18030"), "gb18030", "likely", 0),
        ("Müller & Söhne, Grüße, façade".encode("cp1252"), "cp1252", "likely", 1),
        ("Grüße – 5 €".encode("cp1252"), "cp1252", "likely", 1),
        # 0x81 is no character of Windows-1252
        (b"M\xfcller \x81 S\xf6hne", "iso-8859-1", "likely", 1),
    ],
)
def test_an_encoding_is_told_by_what_decodes(data: bytes, encoding: str, sure: str, doubts: int) -> None:
    found, note, asked = guess_encoding(data)
    assert (found, note.sure, len(asked)) == (encoding, sure, doubts)


@pytest.mark.parametrize(
    ("lines", "delimiter"),
    [
        (["a;b;c", "1,5;2,5;3,5", "1,0;2,0;3,0"], ";"),
        (["a,b", '"1;5",2', '"x;y",3'], ","),
        (["a\tb", "1,5\t2", "2,5\t3"], "\t"),
        (["| a | b |", "|---|---|", "| 1 | 2 |"], "|"),
        (["name", "x", "y"], ","),
        (["Report; of 2026", "a,b,c", "1,2,3", "4,5,6", "7,8,9"], ","),
    ],
)
def test_the_delimiter_is_that_by_which_cells_come_out_clean(lines: list[str], delimiter: str) -> None:
    assert split(lines).delimiter == delimiter


@pytest.mark.parametrize(
    ("values", "decimal", "thousands", "proven"),
    [
        (["1.234,56", "7,00"], ",", ".", True),
        (["1,234.56"], ".", ",", True),
        (["1,25"], ",", "", True),
        (["1.234.567"], ",", ".", True),
        (["1'234.50"], ".", "'", True),
        (["1 234,5"], ",", " ", True),
        (["0.125"], ".", "", True),
        (["1234.567"], ".", "", True),
        (["1,234", "2,500"], ".", ",", False),
        (["1.234"], ",", ".", False),
        (["12", "7"], ".", "", False),
    ],
)
def test_separators_are_proven_or_doubted(
    values: list[str], decimal: str, thousands: str, proven: bool
) -> None:
    layout = common_layout([("amount", read_marks(values))])
    assert (layout.decimal, layout.thousands, layout.is_proven) == (decimal, thousands, proven)
    is_unclear = not proven and any(not value.isdigit() for value in values)
    assert bool(layout.doubts) == is_unclear


@pytest.mark.parametrize(
    "values", [["C1", "C2"], ["INV-1"], ["NET30"], ["1-2-3"], ["10:30"], ["a@b.de"], ["2026/1"]]
)
def test_identifiers_and_words_are_no_numbers(values: list[str]) -> None:
    assert not read_marks(values).is_number


@pytest.mark.parametrize(
    ("values", "prefixes", "suffixes"),
    [
        (["$5.00", "-$5.00"], {"$": 2}, {}),
        (["¥5", "5元"], {"¥": 1}, {"元": 1}),
        (["EUR 5", "+5"], {"EUR": 1, "+": 1}, {}),
        (["5.00 CHF"], {}, {"CHF": 1}),
        (["'USD 9.126,07"], {"'": 1, "USD": 1}, {}),
    ],
)
def test_marks_of_currencies_are_found(
    values: list[str], prefixes: dict[str, int], suffixes: dict[str, int]
) -> None:
    marks = read_marks(values)
    assert marks.is_number
    assert (dict(marks.prefixes), dict(marks.suffixes)) == (prefixes, suffixes)


@pytest.mark.parametrize(
    ("values", "formats"),
    [
        (["2026-01-31", "2026-02-01"], {"%Y-%m-%d"}),
        (["31.01.2026"], {"%d.%m.%Y"}),
        (["1/31/2026", "12/1/2026"], {"%-m/%-d/%Y"}),
        (["03/04/2026"], {"%d/%m/%Y", "%m/%d/%Y"}),
        (["01/02/03"], {"%d/%m/%y", "%m/%d/%y", "%y/%m/%d"}),
        (["20260131"], {"%Y%m%d"}),
        (["20260131101112"], {"%Y%m%d%H%M%S"}),
        (["2026-01-31 10:11:12"], {"%Y-%m-%d %H:%M:%S"}),
        (["2026/1/3 9:05"], {"%Y/%-m/%-d %-H:%M"}),
        (["2026年01月31日"], {"%Y年%m月%d日"}),
        (["2026-01-31T10:11:12"], {"%Y-%m-%dT%H:%M:%S"}),
    ],
)
def test_every_format_that_fits_all_values_is_found(values: list[str], formats: set[str]) -> None:
    found = guess_dates(values)
    assert found is not None
    (shape,) = found.shapes
    assert set(shape.formats.values()) == formats


@pytest.mark.parametrize(
    "values", [["31/02/2026"], ["2026-13-01"], ["1234-56-78"], ["99999999"], ["1.2.3"], ["a"]]
)
def test_what_no_calendar_has_is_no_date(values: list[str]) -> None:
    assert guess_dates(values) is None


@pytest.mark.parametrize(
    "value",
    ["3-Mar-2026", "March 3, 2026", "12/29", "12月29日", "2026-01-31T10:00:00+08:00", "1/2/2026 1:00 PM"],
)
def test_dates_that_no_layout_reads_are_told(value: str) -> None:
    told = unreadable_dates([value])
    assert told is not None
    assert value in told


def test_texts_that_yaml_would_take_for_something_else_are_quoted() -> None:
    assert scalar("plain text") == "plain text"
    assert scalar("a: b") == '"a: b"'
    assert scalar("# no comment") == '"# no comment"'
    assert quoted("next\x85line") == '"next\\u0085line"'
