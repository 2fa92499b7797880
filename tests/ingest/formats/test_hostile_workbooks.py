"""Workbooks that would end the process, or tell something else than they show, are refused before they are opened."""

import io
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter

from ingest.formats import UnreadableFile, archive_guards, open_text, workbook_guards
from ingest.formats.archive_guards import Extent, check_archive
from ingest.profiles import load_profile
from tests.kit.limited import read_within

SHEET, TEXTS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
Rows = list[list[object]]


def workbook(path: Path, rows: Rows) -> Path:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                if isinstance(cell, bool):
                    sheet.write_boolean(number, column, cell)
                elif isinstance(cell, str) and cell.startswith("#"):
                    sheet.write_formula(number, column, "=1", None, cell)
                elif isinstance(cell, str):
                    sheet.write_string(number, column, cell)
                elif cell is not None:
                    sheet.write(number, column, cell)
    return path


def plain(path: Path) -> Path:
    return workbook(path, [["document_id", "amount"], ["a", 1.5], ["b", 2]])


def edited(path: Path, edit: Callable[[str, bytes], bytes], *, more: dict[str, bytes] | None = None) -> Path:
    """A plain workbook with its entries edited, and more entries."""
    plain(path)
    with zipfile.ZipFile(path) as book:
        entries = {name: edit(name, book.read(name)) for name in book.namelist()} | (more or {})
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for name, data in entries.items():
            book.writestr(name, data)
    return path


def with_cell(cell: str, *, row: int = 3) -> Callable[[str, bytes], bytes]:
    added = f'<row r="{row}">{cell}</row></sheetData>'.encode()
    return lambda name, data: data.replace(b"</sheetData>", added) if name == SHEET else data


def read(path: Path) -> list[tuple[object, ...]]:
    file = open_text(path, profile=load_profile("generic"), entity="document")
    return [row for batch in file.batches() for row in batch.frame.rows()]


def reason(path: Path) -> str:
    with pytest.raises(UnreadableFile) as error:
        read(path)
    assert error.value.fix and path.name in str(error.value)
    return error.value.reason_code


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "document.xlsx"


def test_two_cells_in_opposite_corners_do_not_end_the_process(path: Path) -> None:
    edited(path, with_cell('<c r="XFD1048576"><v>1</v></c>', row=1_048_576))
    outcome = read_within(path, megabytes=2_000)
    assert outcome.said == "too_many_rows" and outcome.grown < 100 * 2**20


@pytest.mark.parametrize(
    ("cell", "row", "code"),
    [
        ('<c r="XFE3"><v>1</v></c>', 3, "too_many_columns"),
        ("<c r='A1048577'><v>1</v></c>", 1_048_577, "too_many_rows"),
        # the number of a row is read to its end, however long it is
        ('<c r="D220269999"><v>1</v></c>', 3, "too_many_rows"),
        ('<c r="ABCDEFGH3"><v>1</v></c>', 3, "too_many_columns"),
        # letters without end once wrapped around in the reader, which then asked for 300 GB
        (f'<c r="A{"x" * 70_000}2"><v>1</v></c>', 3, "too_many_columns"),
        (f'<c r="A{"9" * 70_000}"><v>1</v></c>', 3, "too_many_rows"),
        ('<x:c s="1"  r = "ZZZ3"><v>1</v></x:c>', 3, "too_many_columns"),
        ("<c><v>1</v></c>" * 16_385, 3, "too_many_columns"),
    ],
)
def test_a_sheet_is_no_larger_than_excel_allows(path: Path, cell: str, row: int, code: str) -> None:
    assert reason(edited(path, with_cell(cell, row=row))) == code


def test_a_tag_without_end_is_refused_wherever_its_pieces_are_cut(path: Path) -> None:
    # blocks of a megabyte: the first one ends in the middle of the reference
    start = len(zipfile.ZipFile(plain(path)).read(SHEET).partition(b"</sheetData>")[0])
    padding = "x" * (2**20 - start - len('<row r="3"><!---->') - len('<c r="A'))
    cell = f'<!--{padding}--><c r="A{"x" * 2**20}2"><v>1</v></c>'
    assert reason(edited(path, with_cell(cell))) == "unsafe_archive"


def test_the_extent_is_that_of_the_whole_sheet_however_it_is_cut() -> None:
    data = b'<sheetData><row r="2"><c r="C2"/><c/></row><row><c/><c/><c/><c/><c t="e"/></row></sheetData>'
    for size in (1, 7, len(data)):
        whole, held = Extent(), b""
        for start in range(0, len(data), size):
            piece = held + data[start : start + size]
            cut = piece.rfind(b">") + 1
            whole.feed(piece[:cut])
            held = piece[cut:]
        assert (whole.rows, whole.columns, whole.cells, whole.errors) == (2, 5, 7, 1)


def test_a_bomb_is_refused_by_what_it_says_before_it_is_unpacked(path: Path) -> None:
    edited(path, lambda name, data: data, more={"xl/media/image1.png": bytes(150 * 2**20)})
    outcome = read_within(path, megabytes=1_000)
    assert outcome.said == "archive_too_large" and outcome.grown < 50 * 2**20


def test_a_bomb_that_lies_about_its_size_is_found_by_unpacking_it_within_bounds(path: Path) -> None:
    edited(path, lambda name, data: data, more={"xl/media/image1.png": bytes(300 * 2**20)})
    data = bytearray(path.read_bytes())
    said = struct.pack("<L", 300 * 2**20)
    for position in (data.rindex(said), data.index(said)):
        data[position : position + 4] = struct.pack("<L", 1_000)
    path.write_bytes(data)
    outcome = read_within(path, megabytes=1_000)
    assert outcome.said == "unsafe_archive" and outcome.grown < 50 * 2**20


def test_sizes_that_are_less_than_said_are_found_too(path: Path) -> None:
    plain(path)
    data = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as book:
        size = struct.pack("<L", book.getinfo(SHEET).file_size)
    data[data.rindex(size) : data.rindex(size) + 4] = struct.pack("<L", 2**20)
    path.write_bytes(data)
    assert reason(path) == "unsafe_archive"


@pytest.mark.parametrize(
    "name", ["../../etc/cron.d/x", "/etc/passwd", "xl\\..\\..\\x", "C:/x", "xl/worksheets/../../../x"]
)
def test_an_entry_that_leaves_the_archive_is_refused(path: Path, name: str) -> None:
    assert reason(edited(path, lambda _, data: data, more={name: b"x"})) == "unsafe_archive"


def test_an_archive_in_the_archive_is_refused_but_an_embedded_object_is_not(path: Path) -> None:
    inner = plain(path).read_bytes()
    assert reason(edited(path, lambda _, data: data, more={"xl/media/inner.zip": inner})) == "unsafe_archive"
    edited(path, lambda _, data: data, more={"xl/embeddings/Sheet1.xlsx": inner})
    assert len(read(path)) == 2


def test_too_many_entries_are_refused(path: Path) -> None:
    more = {f"xl/media/{number}": b"" for number in range(archive_guards.MOST_ENTRIES + 1)}
    assert reason(edited(path, lambda _, data: data, more=more)) == "archive_too_large"


def test_a_directory_too_large_to_be_listed_is_not_listed(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain(path)
    monkeypatch.setattr(archive_guards, "LARGEST_DIRECTORY_BYTES", 100)
    monkeypatch.setattr(zipfile, "ZipFile", None)
    assert reason(path) == "archive_too_large"


def test_entries_of_one_name_or_in_each_other_are_refused(path: Path) -> None:
    plain(path)
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(path, "a") as book:
        book.writestr(SHEET, b"<worksheet/>")
    assert reason(path) == "unsafe_archive"
    plain(path)
    data = bytearray(path.read_bytes())
    # the second entry of the directory begins where the first one does
    first = data.index(b"PK\x01\x02")
    second = data.index(b"PK\x01\x02", first + 4)
    data[second + 42 : second + 46] = data[first + 42 : first + 46]
    path.write_bytes(data)
    assert reason(path) == "unsafe_archive"


def test_a_password_is_named_whichever_way_it_protects(path: Path) -> None:
    plain(path)
    data = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        data[data.index(mark) + offset] |= 1
    path.write_bytes(data)
    assert reason(path) == "encrypted_file"
    # what Office writes is no zip file
    office = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2**20 - 10) + "EncryptedPackage".encode("utf-16-le")
    path.write_bytes(office)
    assert reason(path) == "encrypted_file"
    path.write_bytes(office[:1_000])
    assert reason(path) == "unreadable_file"


LAUGHS = b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 10))


@pytest.mark.parametrize(
    ("entities", "cell"),
    [
        (b'<!DOCTYPE sst [<!ENTITY l0 "ha">' + LAUGHS + b"]>", b"&l9;"),
        (b'<!DOCTYPE sst [<!ENTITY f SYSTEM "file:///etc/hostname">]>', b"&f;"),
        (b'<!DOCTYPE sst SYSTEM "http://127.0.0.1:9/x.dtd">', b"a"),
    ],
    ids=["expansion", "file", "address"],
)
@pytest.mark.parametrize("part", [TEXTS, SHEET])
def test_entities_can_neither_expand_nor_fetch(path: Path, entities: bytes, cell: bytes, part: str) -> None:
    def declare(name: str, data: bytes) -> bytes:
        if name != part:
            return data
        head, root, rest = data.partition(b"<sst " if part == TEXTS else b"<worksheet ")
        return head + entities + root + rest.replace(b"<t>a</t>", b"<t>%s</t>" % cell)

    outcome = read_within(edited(path, declare), megabytes=1_000)
    assert outcome.said == "unsafe_archive" and outcome.grown < 50 * 2**20


def test_entities_could_not_act_even_without_the_guard(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.formats.workbook.check_workbook", lambda path: None)
    declared = b'<!DOCTYPE sst [<!ENTITY f SYSTEM "file:///etc/hostname">]><sst '

    def declare(name: str, data: bytes) -> bytes:
        return data.replace(b"<sst ", declared).replace(b"<t>a</t>", b"<t>&f;</t>") if name == TEXTS else data

    assert reason(edited(path, declare)) == "unreadable_file"


def test_a_cut_off_entry_is_told_as_damage(path: Path) -> None:
    plain(path)
    with zipfile.ZipFile(path) as book:
        entry = book.getinfo(SHEET)
    data = bytearray(path.read_bytes())
    start = entry.header_offset + 30 + len(SHEET) + entry.compress_size // 2
    data[start : start + 40] = bytes(40)
    path.write_bytes(data)
    assert reason(path) in ("unreadable_file", "unsafe_archive")


@pytest.mark.parametrize("mark", ["#REF!", "#N/A", "#DIV/0!", "#NAME?", "#VALUE!", "#NUM!", "#NULL!"])
def test_an_error_is_shown_as_the_sheet_shows_it_and_is_never_an_empty_cell(path: Path, mark: str) -> None:
    workbook(path, [["id", "amount", "text", "only"], ["a", mark, mark, mark], ["b", 2.5, "x", None]])
    assert read(path) == [(1, "a", mark, mark, mark), (2, "b", "2.5", "x", None)]


def test_true_among_numbers_is_not_the_number_one(path: Path) -> None:
    workbook(path, [["id", "amount", "number"], ["a", True, 1], ["b", 2.5, 2], ["c", False, 3]])
    assert read(path) == [(1, "a", "true", "1"), (2, "b", "2.5", "2"), (3, "c", "false", "3")]


def test_too_many_errors_are_not_made_into_objects(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive_guards, "MOST_ERROR_CELLS", 2)
    assert reason(workbook(path, [["id"], ["#REF!"], ["#REF!"], ["#REF!"]])) == "unreadable_file"


def test_merged_cells_hold_their_text_once_and_a_serial_day_is_a_number(path: Path) -> None:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["document_id", "document_date", "text"])
        sheet.merge_range(1, 0, 2, 0, "merged")
        sheet.write_row(1, 1, [45_000, "a"])
        sheet.write_row(2, 1, [45_001, "b"])
        sheet.write_number(3, 2, 46_053)
    assert read(path) == [(1, "merged", "45000", "a"), (2, None, "45001", "b"), (3, None, None, "46053")]


def test_formulas_written_as_text_are_text(path: Path) -> None:
    cells = ["=cmd|'/c calc'!A1", "+1+1", "@SUM(A1)", "-2+3"]
    workbook(path, [["a", "b", "c", "d"], [*cells]])
    assert read(path) == [(1, *cells)]


def test_what_says_nothing_of_its_extent_is_tried_in_a_process_that_may_die(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = edited(tmp_path / "document.xlsm", with_cell('<c r="A4"><v>1</v></c>'))
    workbook_guards._try_in_a_process(path)
    with pytest.raises(UnreadableFile) as error:
        workbook_guards._try_in_a_process(
            edited(tmp_path / "bomb.xlsm", with_cell('<c r="XFD1048576"><v>1</v></c>', row=1_048_576))
        )
    assert error.value.reason_code == "too_many_rows"
    (tmp_path / "damaged.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 damaged")
    with pytest.raises(UnreadableFile) as error:
        workbook_guards.check_workbook(tmp_path / "damaged.xls")
    assert error.value.reason_code == "unreadable_file"
    monkeypatch.setattr(workbook_guards, "MOST_CELLS", 1)
    with pytest.raises(UnreadableFile) as error:
        workbook_guards._try_in_a_process(path)
    assert error.value.reason_code == "too_many_rows"


def test_a_real_workbook_of_many_rows_is_looked_at_in_bounded_memory(path: Path) -> None:
    rows = b"".join(
        b'<row r="%d"><c r="A%d"><v>%d</v></c><c r="B%d"><v>%d</v></c></row>' % (n, n, n, n, n)
        for n in range(2, 200_000)
    )
    edited(
        path,
        lambda name, data: data.replace(b"</sheetData>", rows + b"</sheetData>") if name == SHEET else data,
    )
    check_archive(path)
    assert read_within(path, megabytes=1_500).rows > 199_000


def test_a_zip_file_with_something_in_front_is_read_or_refused_but_never_breaks(path: Path) -> None:
    plain(path)
    path.write_bytes(b"MZ" + bytes(100) + path.read_bytes())
    try:
        assert len(read(path)) == 2
    except UnreadableFile as error:
        assert error.fix


def test_an_empty_archive_is_no_workbook(path: Path) -> None:
    buffer = io.BytesIO()
    zipfile.ZipFile(buffer, "w").close()
    path.write_bytes(buffer.getvalue())
    assert reason(path) == "unreadable_file"


def test_a_column_without_a_cell_is_no_news(path: Path) -> None:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ("account", "booking_date", "currency", "amount"))
        sheet.write(1, 0, "A1")
    script = (
        "from pathlib import Path\n"
        "from ingest.formats import open_text\n"
        "from ingest.profiles import load_profile\n"
        f"file = open_text(Path({str(path)!r}), profile=load_profile('generic'), entity='bank_transaction')\n"
        "assert sum(batch.frame.height for batch in file.batches()) == 1\n"
    )
    # in a process of its own, since pytest takes what is logged
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stderr == ""
