"""camt.052, .053 and .054: balances, batches, reversals, and files that mean harm."""

import tracemalloc
from pathlib import Path

import pytest
from lxml import etree

from ingest.formats.statements.camt import read_camt
from ingest.formats.statements.camt_parts import ENTRY, Parts
from ingest.formats.statements.model import Line, Statement, StatementError


def _balance(code: str, amount: str, direction: str = "CRDT", day: str = "2026-03-31") -> str:
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy='EUR'>{amount}</Amt>"
        f"<CdtDbtInd>{direction}</CdtDbtInd><Dt><Dt>{day}</Dt></Dt></Bal>"
    )


def _entry(
    amount: str, direction: str = "CRDT", *, more: str = "", details: str = "", status: str = "BOOK"
) -> str:
    return (
        f"<Ntry><Amt Ccy='EUR'>{amount}</Amt><CdtDbtInd>{direction}</CdtDbtInd>{more}<Sts>{status}</Sts>"
        "<BookgDt><Dt>2026-03-31</Dt></BookgDt><ValDt><DtTm>2026-04-01T00:00:00+02:00</DtTm></ValDt>"
        f"<AcctSvcrRef>B1</AcctSvcrRef>{details and f'<NtryDtls>{details}</NtryDtls>'}</Ntry>"
    )


def _detail(
    amount: str | None, *, name: str = "Payer", direction: str | None = None, text: str = "INV-1"
) -> str:
    money = f"<Amt Ccy='EUR'>{amount}</Amt>" if amount else ""
    mark = f"<CdtDbtInd>{direction}</CdtDbtInd>" if direction else ""
    return (
        f"<TxDtls><Refs><EndToEndId>E-{name}</EndToEndId></Refs>{money}{mark}"
        f"<RltdPties><Dbtr><Nm>{name}</Nm></Dbtr><DbtrAcct><Id><IBAN>DE1</IBAN></Id></DbtrAcct></RltdPties>"
        f"<RmtInf><Ustrd>{text}</Ustrd></RmtInf></TxDtls>"
    )


def _file(
    tmp_path: Path,
    *parts: str,
    namespace: str = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.02",
    head: str = "",
) -> Path:
    path = tmp_path / "statement.xml"
    path.write_text(
        f"<?xml version='1.0' encoding='UTF-8'?>{head}<Document xmlns='{namespace}'><BkToCstmrStmt><Stmt><Id>S1</Id>"
        "<ElctrncSeqNb>7</ElctrncSeqNb><CreDtTm>2026-04-01T06:00:00</CreDtTm>"
        f"<Acct><Id><IBAN>DE99</IBAN></Id><Ccy>EUR</Ccy></Acct>{''.join(parts)}</Stmt></BkToCstmrStmt></Document>",
        encoding="utf-8",
    )
    return path


def _read(path: Path) -> tuple[list[Line], list[Statement]]:
    records = list(read_camt(path))
    return [r for r in records if isinstance(r, Line)], [r for r in records if isinstance(r, Statement)]


@pytest.mark.parametrize("version", ["053.001.02", "053.001.08", "052.001.06", "999.001.99"])
def test_a_statement_in_any_version(tmp_path: Path, version: str) -> None:
    path = _file(
        tmp_path,
        _balance("OPBD", "100.00", day="2026-03-30"),
        _balance("CLBD", "25.5000"),
        _balance("CLAV", "1.00"),
        _entry("74.50", "DBIT"),
        namespace=f"urn:iso:std:iso:20022:tech:xsd:camt.{version}",
    )
    (line,), (statement,) = _read(path)
    assert statement.cells == {
        "account": "DE99",
        "currency": "EUR",
        "statement_id": "2026-03-31-S1-7",
        "opening_balance": "100.00",
        "opening_date": "2026-03-30",
        "closing_balance": "25.50",
        "closing_date": "2026-03-31",
        "pending_count": "0",
    }
    assert (line.cells["amount"], line.cells["booking_date"], line.cells["value_date"]) == (
        "-74.50",
        "2026-03-31",
        "2026-04-01",
    )


def test_a_batch_whose_details_add_up_is_a_line_per_payer(tmp_path: Path) -> None:
    entry = _entry(
        "30.00", details=_detail("10.00", name="A", text="INV-1") + _detail("20.00", name="B", text="INV-2")
    )
    lines, _ = _read(_file(tmp_path, entry))
    assert [(x.cells["amount"], x.cells["counterparty_name"], x.cells["remittance_text"]) for x in lines] == [
        ("10.00", "A", "INV-1"),
        ("20.00", "B", "INV-2"),
    ]


@pytest.mark.parametrize("second", [None, "19.99"])
def test_a_batch_whose_details_do_not_add_up_is_one_line_with_every_text(
    tmp_path: Path, second: str | None
) -> None:
    entry = _entry(
        "30.00", details=_detail("10.00", name="A", text="INV-1") + _detail(second, name="B", text="INV-2")
    )
    (line,), _ = _read(_file(tmp_path, entry))
    assert (line.cells["amount"], line.cells["counterparty_name"], line.cells["remittance_text"]) == (
        "30.00",
        None,
        "INV-1 INV-2",
    )


def test_details_of_a_debit_are_debits_unless_they_say_otherwise(tmp_path: Path) -> None:
    entry = _entry("30.00", "DBIT", details=_detail("50.00") + _detail("20.00", direction="CRDT"))
    lines, _ = _read(_file(tmp_path, entry))
    assert [line.cells["amount"] for line in lines] == ["-50.00", "20.00"]


def test_a_reversal_keeps_the_direction_of_this_booking(tmp_path: Path) -> None:
    (line,), _ = _read(_file(tmp_path, _entry("5.00", "DBIT", more="<RvslInd>true</RvslInd>")))
    assert line.cells["amount"] == "-5.00"
    assert line.cells["transaction_code"] == "reversal"


def test_what_is_not_booked_is_counted_and_no_money(tmp_path: Path) -> None:
    lines, (statement,) = _read(
        _file(tmp_path, _entry("5.00", status="PDNG"), _entry("6.00", status="<Cd>BOOK</Cd>"))
    )
    assert [line.cells["amount"] for line in lines] == ["6.00"]
    assert statement.cells["pending_count"] == "1"


def test_an_account_without_an_iban(tmp_path: Path) -> None:
    path = _file(tmp_path, _entry("5.00"))
    path.write_text(path.read_text().replace("<IBAN>DE99</IBAN>", "<Othr><Id>6222 0001</Id></Othr>"))
    (line,), _ = _read(path)
    assert line.cells["account"] == "6222 0001"


def test_entities_and_document_types_are_refused(tmp_path: Path) -> None:
    head = "<!DOCTYPE d [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;'><!ENTITY x SYSTEM 'file:///etc/passwd'>]>"
    with pytest.raises(StatementError, match="document type declaration"):
        _read(_file(tmp_path, _entry("5.00", details=_detail(None, name="&x;&b;")), head=head))


def test_elements_without_end_are_refused(tmp_path: Path) -> None:
    with pytest.raises(StatementError, match="deep"):
        _read(_file(tmp_path, "<Ntry>" + "<a>" * 300 + "</a>" * 300 + "</Ntry>"))


def test_a_file_that_was_cut_off_is_refused(tmp_path: Path) -> None:
    path = _file(tmp_path, _entry("5.00") * 3)
    path.write_bytes(path.read_bytes()[:-60])
    with pytest.raises(StatementError, match="not whole XML"):
        _read(path)


def test_another_message_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "pain.xml"
    path.write_text(
        "<Document xmlns='urn:iso:std:iso:20022:tech:xsd:pain.001.001.03'><CstmrCdtTrfInitn/></Document>"
    )
    with pytest.raises(StatementError, match="holds no camt"):
        _read(path)


def test_memory_does_not_grow_with_the_entries(tmp_path: Path) -> None:
    def peak(count: int) -> int:
        path = _file(tmp_path, *([_entry("1.00", details=_detail("1.00"))] * count))
        tracemalloc.start()
        total = sum(1 for _ in read_camt(path))
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert total == count + 1
        return most

    assert peak(8_000) < 2 * peak(500)


def test_asking_for_a_value_that_is_not_read_is_told_as_a_mistake() -> None:
    entry = Parts(
        etree.fromstring("<Ntry><Amt Ccy='EUR'>1.00</Amt><Chrgs><Amt>2.00</Amt></Chrgs></Ntry>"), ENTRY
    )
    assert entry.text("Amt") == "1.00"
    assert entry.text("AcctSvcrRef") is None
    with pytest.raises(KeyError):
        entry.text("Chrgs/Amt")
