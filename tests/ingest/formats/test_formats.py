"""Files become frames of text: every cell as the exact text it means, every record with its number."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter

from ingest.formats import ROW, BadRecord, StructureError, TextBatch, UnreadableFile, csv_text, open_text
from ingest.profiles import Profile, load_profile

Read = tuple[list[tuple[object, ...]], list[BadRecord], str]


def read(path: Path, *, profile: Profile | None = None) -> Read:
    """Rows with their record number, offenders, and which reader gave them."""
    file = open_text(path, profile=profile or load_profile("generic"), entity="document")
    try:
        return *_joined(list(file.batches())), "fast"
    except StructureError:
        return *_joined(list(file.salvaged())), "salvaged"


def _joined(batches: Sequence[TextBatch]) -> tuple[list[tuple[object, ...]], list[BadRecord]]:
    return [row for b in batches for row in b.frame.rows()], [record for b in batches for record in b.bad]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "document.csv"


@pytest.mark.parametrize(
    "content",
    [
        b"a,b\n1,x\n2,y\n",
        b"a,b\r\n1,x\r\n2,y\r\n",
        b"a,b\r\n1,x\n2,y",
        b"\xef\xbb\xbfa,b\n1,x\n2,y\n",
        b'"a","b"\n"1","x"\n2,y\n',
        b" a , b \n1,x\n2,y\n",
    ],
    ids=["lf", "crlf", "mixed", "bom", "quoted", "blanks in header"],
)
def test_sound_csv_is_read_fast(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    assert read(path) == ([(1, "1", "x"), (2, "2", "y")], [], "fast")


def test_quoted_cells_may_hold_delimiters_quotes_and_line_ends(path: Path) -> None:
    path.write_bytes('a,b\n1,"x, ""y""\nz"\n2,"中文"\n'.encode())
    assert read(path) == ([(1, "1", 'x, "y"\nz'), (2, "2", "中文")], [], "fast")


def test_a_short_row_is_ragged_and_not_padded(path: Path) -> None:
    path.write_bytes(b"a,b,c\n1,x,\n2,y\n3,z,w\n")
    rows, bad, reader = read(path)
    assert rows == [(1, "1", "x", ""), (3, "3", "z", "w")]
    assert (bad, reader) == ([BadRecord(2, "ragged_row", "2,y")], "salvaged")


def test_a_short_row_beside_quoted_delimiters_is_still_found(path: Path) -> None:
    path.write_bytes(b'a,b,c\n1,"x,y",z\n2,y\n')
    assert read(path)[1] == [BadRecord(2, "ragged_row", "2,y")]


def test_a_long_row_is_ragged(path: Path) -> None:
    path.write_bytes(b"a,b\n1,x,extra\n2,y\n")
    assert read(path) == ([(2, "2", "y")], [BadRecord(1, "ragged_row", "1,x,extra")], "salvaged")


def test_bad_utf8_spoils_only_its_record(path: Path) -> None:
    path.write_bytes(b"a,b\n1,\xd6\xd0\n2,y\n")
    rows, bad, _ = read(path)
    assert rows == [(2, "2", "y")]
    assert [(record.row, record.reason_code) for record in bad] == [(1, "bad_encoding")]


@pytest.mark.parametrize("tail", [b"2,y\n3,z\n", b'2,"y"\n3,z\n', b'2,y\n3,"z"\n'])
def test_an_open_quote_spoils_only_its_line(path: Path, tail: bytes) -> None:
    path.write_bytes(b'a,b\n1,"x\n' + tail)
    assert read(path) == ([(2, "2", "y"), (3, "3", "z")], [BadRecord(1, "open_quote", '1,"x')], "salvaged")


def test_salvaging_keeps_records_of_several_lines_and_stray_quotes(path: Path) -> None:
    path.write_bytes(b'a,b\n1,"x\n\ny"\n2,5" pipe\nragged\n\n3,z\n')
    rows, bad, _ = read(path)
    assert rows == [(1, "1", "x\n\ny"), (2, "2", '5" pipe'), (4, "3", "z")]
    assert bad == [BadRecord(3, "ragged_row", "ragged")]


def test_a_file_of_old_mac_line_ends_is_read(path: Path) -> None:
    path.write_bytes(b"a,b\r1,x\r2,y\r")
    assert read(path)[0] == [(1, "1", "x"), (2, "2", "y")]


def test_a_header_alone_has_no_rows(path: Path) -> None:
    path.write_bytes(b"a,b\n")
    assert read(path) == ([], [], "fast")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"a,b,a\n", "'a' is there twice"),
        (b",,\n1,2,3\n", "no column names"),
        ("a,b\n1,x\n".encode("utf-16"), "UTF-16"),
    ],
)
def test_a_file_that_cannot_be_read_at_all_says_how_to_mend_it(
    path: Path, content: bytes, message: str
) -> None:
    path.write_bytes(content)
    with pytest.raises(UnreadableFile, match=message) as error:
        read(path)
    assert error.value.fix


def test_encoding_and_delimiter_are_those_of_the_profile(path: Path) -> None:
    path.write_bytes("编号;名称\n1;示例\n".encode("gb18030"))
    profile = Profile(name="own", encoding="gb18030", delimiter=";")
    assert read(path, profile=profile) == ([(1, "1", "示例")], [], "fast")


def test_large_files_come_in_batches_with_running_record_numbers(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csv_text, "SMALL_FILE_BYTES", 0)
    monkeypatch.setattr(csv_text, "BATCH_ROWS", 1_000)
    lines = "".join(f'{n},"x,{n}"\n' for n in range(1, 5_001))
    path.write_text(f"a,b\n{lines}")
    rows, _, reader = read(path)
    assert reader == "fast"
    assert rows == [(n, str(n), f"x,{n}") for n in range(1, 5_001)]
    path.write_text(f"a,b\n{lines}5001\n5002,y\n")
    rows, bad, _ = read(path)
    assert (
        len(rows) == 5_001 and rows[-1] == (5_002, "5002", "y") and [record.row for record in bad] == [5_001]
    )


def test_parquet_values_become_their_exact_text(tmp_path: Path) -> None:
    path = tmp_path / "document.parquet"
    pl.DataFrame(
        {
            "decimal": pl.Series([Decimal("12.3000"), Decimal("100.0000"), None], dtype=pl.Decimal(18, 4)),
            "float": [0.1, 12.0, 1e20],
            "integer": [1, -2, None],
            "date": [date(2026, 1, 31), None, None],
            "moment": [datetime(2026, 1, 31), datetime(2026, 1, 31, 10, 0, 0, 5), None],
            "zoned": pl.Series([datetime(2026, 1, 31, 10, tzinfo=UTC)] * 3).dt.convert_time_zone(
                "Asia/Shanghai"
            ),
            "boolean": [True, False, None],
            "text": ["007", "", None],
        }
    ).write_parquet(path)
    rows, _, _ = read(path)
    assert rows == [
        (1, "12.3", "0.1", "1", "2026-01-31", "2026-01-31", "2026-01-31T10:00:00.000000", "true", "007"),
        (2, "100", "12", "-2", None, "2026-01-31T10:00:00.000005", "2026-01-31T10:00:00.000000", "false", ""),
        (3, None, "1e+20", None, None, None, "2026-01-31T10:00:00.000000", None, None),
    ]


def test_excel_cells_become_the_text_they_mean(tmp_path: Path) -> None:
    path = tmp_path / "document.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        day, moment = (
            book.add_format({"num_format": "yyyy-mm-dd"}),
            book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
        )
        sheet.write_row(0, 0, ["id", "amount", "date", "moment", "mixed", "flag", "number"])
        sheet.write_row(1, 0, ["007", 0.1 + 0.2])
        sheet.write_datetime(1, 2, datetime(2026, 1, 31), day)
        sheet.write_datetime(1, 3, datetime(2026, 1, 31, 10, 30), moment)
        sheet.write_row(1, 4, ["text", True, 1000123])
        # row 3 of the sheet stays blank: it is no record
        sheet.write_row(3, 0, ["008", 1234.5])
        sheet.write_datetime(3, 4, datetime(2026, 2, 1), day)
        sheet.write_number(3, 6, 12345678901234567890)
    rows, _, _ = read(path)
    assert rows == [
        (1, "007", "0.3", "2026-01-31", "2026-01-31T10:30:00.000000", "text", "true", "1000123"),
        (3, "008", "1234.5", None, None, "2026-02-01", None, "1.23456789012346e+19"),
    ]


@pytest.mark.parametrize("name", ["document.parquet", "document.xlsx"])
def test_a_damaged_file_says_how_to_mend_it(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"PAR1 cut off")
    with pytest.raises(UnreadableFile) as error:
        read(path)
    assert error.value.fix


def test_nested_parquet_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "document.parquet"
    pl.DataFrame({"a": [[1, 2]]}).write_parquet(path)
    with pytest.raises(UnreadableFile, match="'a' is List"):
        read(path)


def test_every_batch_carries_its_record_numbers_as_int64(path: Path) -> None:
    path.write_bytes(b"a,b\n1,x\n")
    file = open_text(path, profile=load_profile("generic"), entity="document")
    assert [batch.frame.schema[ROW] for batch in (*file.batches(), *file.salvaged())] == [
        pl.Int64(),
        pl.Int64(),
    ]
