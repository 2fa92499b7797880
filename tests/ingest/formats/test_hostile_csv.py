"""What passes for CSV and is not, or never ends, is refused or set aside in bounded time and memory."""

import codecs
import zlib
from pathlib import Path

import pytest

from ingest.formats import StructureError, TextBatch, UnreadableFile, csv_bytes, csv_text, open_text
from ingest.formats.csv_bytes import LONGEST_RECORD_BYTES, lines_of, scan
from ingest.profiles import Profile, load_profile
from tests.kit.limited import read_within

MEGABYTE = 2**20
TEXT = "company_code,document_id,name\nCN01,1,Müller\nCN01,2,客户\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "document.csv"


def read(
    path: Path, *, profile: Profile | None = None
) -> tuple[list[tuple[object, ...]], list[tuple[int, str]]]:
    file = open_text(path, profile=profile or load_profile("generic"), entity="document")
    try:
        batches: list[TextBatch] = list(file.batches())
    except StructureError:
        batches = list(file.salvaged())
    rows = [row for batch in batches for row in batch.frame.rows()]
    return rows, [(record.row, record.reason_code) for batch in batches for record in batch.bad]


def reason(path: Path, *, profile: Profile | None = None) -> str:
    with pytest.raises(UnreadableFile) as error:
        read(path, profile=profile)
    assert error.value.fix and path.name in str(error.value)
    return error.value.reason_code


def sparse(path: Path, *, head: bytes, size: int, fill: bytes) -> None:
    """A large file of one repeated byte; written in pieces."""
    with path.open("wb") as file:
        file.write(head)
        for _ in range(size // MEGABYTE):
            file.write(fill * MEGABYTE)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"])
def test_wide_encodings_are_named_with_and_without_their_mark(path: Path, encoding: str) -> None:
    path.write_bytes(TEXT.encode(encoding))
    assert reason(path) == "wrong_encoding"


@pytest.mark.parametrize("bom", [codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE, codecs.BOM_UTF32_LE])
def test_the_mark_alone_is_enough(path: Path, bom: bytes) -> None:
    path.write_bytes(bom + "客户,名称\n".encode("utf-16-be"))
    assert reason(path) == "wrong_encoding"


@pytest.mark.parametrize(
    "head",
    [
        b"PK\x03\x04",
        b"%PDF-1.7\n",
        b"\x1f\x8b\x08" + zlib.compress(TEXT.encode() * 50),
        b"PAR1",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"\x89PNG\r\n\x1a\n",
        b"SQLite format 3\x00",
        b"\x7fELF\x02\x01\x01",
        bytes(range(256)) * 8,
        b"\x00" * 5_000,
    ],
)
def test_a_binary_file_under_the_name_of_csv_is_refused_as_that(path: Path, head: bytes) -> None:
    path.write_bytes(head + TEXT.encode())
    assert reason(path) == "not_text"


def test_a_stray_nul_is_left_to_the_cell_that_holds_it(path: Path) -> None:
    path.write_bytes(TEXT.replace("Müller", "Mü\x00ller").encode())
    rows, bad = read(path)
    assert (rows[0][3], bad) == ("Mü\x00ller", [])


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf"])
def test_a_file_without_a_header_is_empty(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    assert reason(path) == "empty_file"


@pytest.mark.parametrize("content", [b"\n\n\n", b",,\n"])
def test_a_header_without_names_is_none(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    assert reason(path) == "bad_header"


def test_a_header_that_names_a_column_twice_is_refused_whatever_stands_around_the_name(path: Path) -> None:
    path.write_bytes(b'a,b," a"\n1,2,3\n')
    assert reason(path) == "bad_header"


def test_thousands_of_columns_are_read_and_more_than_any_table_has_are_refused(path: Path) -> None:
    names = [f"c{number}" for number in range(5_000)]
    path.write_text(",".join(names) + "\n" + ",".join("1" for _ in names) + "\n")
    assert len(read(path)[0][0]) == 5_001
    path.write_text(",".join(f"c{number}" for number in range(16_385)) + "\n")
    assert reason(path) == "too_many_columns"


def test_a_first_line_without_an_end_is_refused_quickly_and_in_bounded_memory(path: Path) -> None:
    sparse(path, head=b"a,b,", size=512 * MEGABYTE, fill=b"x")
    outcome = read_within(path, megabytes=1_000, seconds=30)
    assert outcome.said == "record_too_long" and outcome.grown < 50 * MEGABYTE


@pytest.mark.parametrize(
    ("head", "fill", "code"),
    [(b"a,b\n1,x\n2,", b"x", "record_too_long"), (b'a,b\n1,x\n2,"', b"x", "record_too_long")],
    ids=["no line end", "no line end inside a quote"],
)
def test_a_record_without_an_end_spoils_itself_alone_in_bounded_memory(
    path: Path, head: bytes, fill: bytes, code: str
) -> None:
    sparse(path, head=head, size=256 * MEGABYTE, fill=fill)
    with path.open("ab") as file:
        file.write(b"\n3,z\n")
    outcome = read_within(path, megabytes=1_000)
    assert (outcome.rows, outcome.bad) == (2, [code]) and outcome.grown < 100 * MEGABYTE


def test_a_quote_that_is_never_closed_in_a_large_file_spoils_its_line_alone_in_bounded_memory(
    path: Path,
) -> None:
    with path.open("wb") as file:
        file.write(b'a,b\n1,"x\n')
        for _ in range(64):
            file.write(b"2,yyyyyyyyyyyyyyyyyyyyyyyyyyyyy\n" * (MEGABYTE // 32))
    outcome = read_within(path, megabytes=1_500, seconds=120)
    assert outcome.rows == 64 * (MEGABYTE // 32) and outcome.bad == ["open_quote"]
    assert outcome.grown < 700 * MEGABYTE


def test_many_long_records_come_in_batches_of_bounded_size(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csv_text, "BATCH_BYTES", 1_000)
    path.write_text("a,b\n" + "".join(f"{n},{'x' * 400}\n" for n in range(10)))
    file = open_text(path, profile=load_profile("generic"), entity="document")
    heights = [batch.frame.height for batch in file.salvaged()]
    assert sum(heights) == 10 and max(heights) == 3


@pytest.mark.parametrize("size", [0, 1, 1_000])
def test_a_record_may_be_as_long_as_the_longest_and_no_longer(path: Path, size: int) -> None:
    # with its number, the delimiter and the line end
    cell = "x" * (LONGEST_RECORD_BYTES - 3 + size)
    path.write_text(f"a,b\n1,{cell}\n2,y\n")
    rows, bad = read(path)
    assert len(rows) == (1 if size else 2)
    assert bad == ([(1, "record_too_long")] if size else [])


def test_a_quoted_record_of_many_lines_is_scanned_past_and_one_of_too_many_is_not(path: Path) -> None:
    line = b"y" * 1_000 + b"\n"
    path.write_bytes(b'a,b\n1,"' + line * 900 + b'"\n' + b"2,z\n" * 400_000)
    assert scan(path, delimiter=",").delimiters == 1 + 1 + 400_000
    path.write_bytes(b'a,b\n1,"' + line * 1_100 + b'"\n' + b"2,z\n" * 400_000)
    with pytest.raises(StructureError):
        scan(path, delimiter=",")


@pytest.mark.parametrize(
    ("content", "is_plain"),
    [
        ("a,b\n1,x\ty\r\n", True),
        ("a,b\n1,–“客户”°é…\n", True),
        ("\ufeffa,b\n", True),
        ("a,b\n\ufeff1,x\n", False),
        ("a,b\n1,x\x00\n", False),
        ("a,b\n1,x\x7f\n", False),
        ("a,b\n1,\u200bx\n", False),
        ("a,b\n1,\u202ex\n", False),
        ("a,b\n1,\u2066x\n", False),
        ("a,b\n1,\u00adx\n", False),
        ("a,b\n1,\u0085x\n", False),
    ],
)
def test_a_scan_sees_every_character_that_cells_are_looked_through_for(content: str, is_plain: bool) -> None:
    assert scan(content.encode(), delimiter=",").is_plain == is_plain


def test_a_scan_sees_what_lies_across_two_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    data = "a,b\n1,xx\u200b,y\n".encode()
    for size in range(1, len(data)):
        monkeypatch.setattr(csv_bytes, "BLOCK", size)
        found = scan(data, delimiter=",")
        assert (found.delimiters, found.is_plain) == (3, False)


def test_lines_are_the_same_however_the_file_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    data = b"\xef\xbb\xbfa,b\r\n1,x\n\n2,y"
    for size in range(3, len(data) + 1):
        monkeypatch.setattr(csv_bytes, "LINES_BLOCK", size)
        assert list(lines_of(data)) == [b"a,b\r", b"1,x", b"", b"2,y"]


def test_of_a_file_in_two_encodings_only_the_offending_records_are_set_aside(path: Path) -> None:
    lines = [b"id,name", *(f"{n},客户有限公司".encode() for n in range(20)), "20,上海远景".encode("gb18030")]
    path.write_bytes(b"\n".join(lines) + b"\n")
    both = Profile(name="own", encoding="utf-8", fallback_encoding="gb18030")
    rows, bad = read(path, profile=both)
    assert bad == [(21, "bad_encoding")] and {row[2] for row in rows} == {"客户有限公司"}
    path.write_bytes("id,name\n1,上海远景\n2,客户\n".encode("gb18030"))
    assert read(path, profile=both) == ([(1, "1", "上海远景"), (2, "2", "客户")], [])


def test_a_record_that_lies_in_a_large_file_of_another_encoding_is_read_piece_by_piece(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csv_text, "LARGEST_REWRITTEN_BYTES", 10)
    path.write_bytes("id,name\n1,上海远景\n".encode("gb18030"))
    file = open_text(path, profile=Profile(name="own", encoding="gb18030"), entity="document")
    with pytest.raises(StructureError):
        list(file.batches())
    assert read(path, profile=Profile(name="own", encoding="gb18030"))[0] == [(1, "1", "上海远景")]


def test_a_file_whose_table_has_to_be_cut_out_may_not_have_endless_lines(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csv_text, "MOST_REWRITTEN_LINES", 10)
    path.write_bytes(b"\n" * 11 + b"a,b\n")
    assert reason(path, profile=Profile(name="own", ignore_lines="^#")) == "too_many_rows"


def test_what_is_kept_of_a_long_offender_is_short(path: Path) -> None:
    path.write_text("a,b\n" + "x" * 5_000 + "\n1,y\n")
    file = open_text(path, profile=load_profile("generic"), entity="document")
    (batch,) = file.salvaged()
    assert batch.bad[0].text == "x" * 1_000 + "… (5,000 characters)"


@pytest.mark.parametrize("surrogate", [b"\xed\xa0\x80", b"\xed\xb0\x80", b"\xed\xa0\x80\xed\xb0\x80"])
def test_half_a_surrogate_pair_is_no_text(path: Path, surrogate: bytes) -> None:
    path.write_bytes(b"a,b\n1," + surrogate + b"\n2,y\n")
    assert read(path) == ([(2, "2", "y")], [(1, "bad_encoding")])


def test_a_file_that_is_cut_off_inside_a_record_sets_that_record_aside(path: Path) -> None:
    path.write_bytes(b'a,b,c\n1,x,y\n2,"z')
    assert read(path) == ([(1, "1", "x", "y")], [(2, "open_quote")])
    path.write_bytes("a,b,c\n1,x,y\n2,客".encode()[:-1])
    assert read(path) == ([(1, "1", "x", "y")], [(2, "bad_encoding")])


def test_salvaging_a_file_full_of_quotes_takes_time_in_proportion_to_its_size(path: Path) -> None:
    block = 'x,"start\n' + '""""' * 500 + "\n"
    path.write_text("a,b\n" + (block + ('""' * 900 + "\n") * 480) * 4)
    outcome = read_within(path, megabytes=1_500, seconds=45)
    assert outcome.rows + len(outcome.bad) > 0
