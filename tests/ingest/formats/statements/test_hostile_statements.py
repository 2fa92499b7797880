"""Statements that would take all memory or time, or reach outside, are refused; digits are digits."""

import os
from pathlib import Path

import pytest

from ingest.formats.statements import camt, read_statements
from ingest.formats.statements.model import Line, StatementError
from tests.kit.limited import read_within

MEGABYTE = 2**20
ENTRY = (
    '<Ntry><Amt Ccy="EUR">1.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts>'
    "<BookgDt><Dt>2026-03-31</Dt></BookgDt></Ntry>"
)
BAI2 = "01,B,C,260401,0600,1,80,1,2/\n02,C,B,1,260331,2359,USD,2/\n03,0975,,010,500000,,/\n"
MT940 = ":20:REF\n:25:1/2\n:28C:1/1\n:60F:C260330EUR1000,00\n"
OFX = "OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\nCHARSET:1252\n\n<OFX>"


def camt_of(inside: str) -> str:
    return f'<?xml version="1.0"?><Document><BkToCstmrStmt><Stmt><Id>1</Id>{inside}</Stmt></BkToCstmrStmt></Document>'


def lines(path: Path, format_name: str) -> list[dict[str, str | None]]:
    records = read_statements(path, format_name=format_name, encodings=("utf-8", "iso-8859-1"))
    return [record.cells for record in records if isinstance(record, Line)]


def refused(path: Path, format_name: str, text: str | bytes) -> str:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(StatementError) as error:
        lines(path, format_name)
    assert error.value.fix and path.name in str(error.value)
    return str(error.value)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "statement.dat"


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


@pytest.mark.parametrize(
    "declared",
    [
        f'<!DOCTYPE x [<!ENTITY l0 "ha">{LAUGHS}]>',
        '<!DOCTYPE x [<!ENTITY l9 SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd" [<!ENTITY % p SYSTEM "http://127.0.0.1:9/y">%p;]>',
    ],
    ids=["expansion", "file", "address"],
)
def test_entities_of_camt_can_neither_expand_nor_fetch(path: Path, declared: str) -> None:
    whole = camt_of("<Ntry><AddtlNtryInf>&l9;</AddtlNtryInf></Ntry>").replace("?>", f"?>{declared}", 1)
    assert "document type declaration" in refused(path, "camt", whole)
    outcome = read_within(path, megabytes=500, profile="camt", entity="bank_transaction")
    assert outcome.said == "unreadable_file" and outcome.grown < 30 * MEGABYTE


def test_elements_of_camt_may_lie_only_so_deep(path: Path) -> None:
    assert "deep" in refused(path, "camt", camt_of("<a>" * 300 + "</a>" * 300))
    assert refused(path, "camt", camt_of("<a>" * 100_000))


@pytest.mark.parametrize(
    "inside",
    [
        "<a/>" * 3_000,
        f"<Ntry>{'<a/>' * 3_000}</Ntry>",
        "<a/>" * 2_600 + ENTRY + "<a/>" * 2_600,
        f"<a>{'x' * 6_000}</a>",
    ],
    ids=["outside of entries", "in one entry", "between entries", "text"],
)
def test_what_camt_holds_in_memory_is_bounded(
    path: Path, monkeypatch: pytest.MonkeyPatch, inside: str
) -> None:
    monkeypatch.setattr(camt, "BLOCK_BYTES", 256)
    monkeypatch.setattr(camt, "MOST_MARKS_HELD", 2_500)
    monkeypatch.setattr(camt, "MOST_BYTES_HELD", 5_000)
    assert "larger than" in refused(path, "camt", camt_of(inside + "<b/>"))


def test_many_entries_of_camt_are_no_large_entry(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(camt, "BLOCK_BYTES", 64)
    monkeypatch.setattr(camt, "MOST_MARKS_HELD", 50)
    monkeypatch.setattr(camt, "MOST_BYTES_HELD", 900)
    path.write_text(camt_of(ENTRY * 500))
    assert len(lines(path, "camt")) == 500


def test_a_camt_file_of_nothing_but_elements_is_refused_in_bounded_memory(path: Path) -> None:
    path.write_text(camt_of("<a/>" * 5_000_000))
    outcome = read_within(path, megabytes=2_000, profile="camt", entity="bank_transaction")
    assert outcome.said == "unreadable_file" and outcome.grown < 900 * MEGABYTE


@pytest.mark.parametrize(
    ("format_name", "text", "told"),
    [
        ("bai2", BAI2 + "16,165,1500000,1,D,,X\n" + "88,yyyyyy\n" * 200_000 + "99,0,1,8/\n", "continued"),
        ("bai2", BAI2 + "16,165,1500000,1,D,,X\n" + "yyyyyyyyy\n" * 200_000 + "99,0,1,8/\n", "continued"),
        ("mt940", MT940 + ":61:2603310331C25,50NTRF\n:86:166?20a" + "?x" * MEGABYTE, "characters"),
        ("mt940", ":20:R\n:25:1\n:60F:C260330EUR" + " " * MEGABYTE + "x\n", "characters"),
        ("ofx", OFX + "<SEVERITY>ERROR" * 100_000, "no bank or card statement"),
        ("ofx", OFX + "<STMTRS>" + "<PAYEE>" * 100_000, "deep"),
    ],
    ids=["continuations", "wrapped text", "marks", "blanks in a balance", "severities", "aggregates"],
)
def test_what_never_ends_is_refused_in_time(path: Path, format_name: str, text: str, told: str) -> None:
    path.write_text(text)
    os.utime(path)
    outcome = read_within(path, megabytes=1_000, profile=format_name, entity="bank_transaction", seconds=30)
    assert outcome.said == "unreadable_file"
    assert told in refused(path, format_name, text)


def test_marks_inside_a_text_take_time_in_proportion_to_their_number(path: Path) -> None:
    field = ":61:2603310331C25,50NTRFINV\n:86:166?20a" + "?x" * 30_000 + "\n"
    path.write_text(MT940 + field * 20 + ":62F:C260331EUR1500,00\n")
    outcome = read_within(path, megabytes=1_000, profile="mt940", entity="bank_transaction", seconds=20)
    assert outcome.rows == 20


def test_letters_that_grow_in_capitals_do_not_move_the_start_of_ofx(path: Path) -> None:
    line = "<STMTTRN><DTPOSTED>20260331<TRNAMT>5.00</STMTTRN>"
    statement = f"<STMTRS><CURDEF>EUR<BANKACCTFROM><ACCTID>1</BANKACCTFROM>{line}</STMTRS>"
    path.write_bytes(f"ENCODING:UTF-8\nNOTE:{'ß' * 40}\n<ofx>{statement}</ofx>".encode())
    assert [line["amount"] for line in lines(path, "ofx")] == ["5.00"]


@pytest.mark.parametrize("digits", ["２６０３３１", "٢٦٠٣٣١"])
def test_only_plain_digits_are_digits_of_a_day(path: Path, digits: str) -> None:
    path.write_text(MT940 + f":61:{digits}C25,50NTRFINV\n:62F:C260331EUR1025,50\n")
    assert [(line.get("booking_date"), line.get("amount")) for line in lines(path, "mt940")] == [(None, None)]
    path.write_text(BAI2.replace("260331", digits) + "16,165,100,,,,X/\n99,0,1,8/\n")
    assert [line["booking_date"] for line in lines(path, "bai2")] == [digits]


@pytest.mark.parametrize("format_name", ["camt", "mt940", "ofx", "bai2", "qif"])
@pytest.mark.parametrize("data", [b"", b"\x00" * 1_000, bytes(range(256)) * 100, b"PK\x03\x04" * 100])
def test_what_is_no_statement_is_refused(path: Path, format_name: str, data: bytes) -> None:
    assert refused(path, format_name, data)
