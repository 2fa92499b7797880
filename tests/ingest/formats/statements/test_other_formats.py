"""OFX, BAI2 and QIF: each rule of the format that gives money, dates and identity."""

from collections.abc import Callable

import pytest

from ingest.formats.statements.bai2 import read_bai2
from ingest.formats.statements.model import Line, Records, Statement, StatementError
from ingest.formats.statements.ofx import decode_ofx, read_ofx
from ingest.formats.statements.qif import read_qif
from tests.fuzz.seeds import BAI2, OFX


def _split(records: Records) -> tuple[list[Line], list[Statement]]:
    found = list(records)
    return [r for r in found if isinstance(r, Line)], [r for r in found if isinstance(r, Statement)]


def test_ofx_without_closing_tags() -> None:
    lines, (statement,) = _split(read_ofx(OFX, file_name="x.ofx"))
    assert [(x.cells["booking_date"], x.cells["amount"], x.cells["counterparty_name"]) for x in lines] == [
        ("2026-03-05", "-80.00", "Smith & Sons"),
        ("2026-03-31", "1234.5", "Payer"),
        ("2026-03-31", "10.50", None),
    ]
    assert lines[0].cells["remittance_text"] == "INV-1"
    assert lines[0].cells["bank_reference"] == "219378"
    assert statement.cells["account"] == "123456"
    assert statement.cells["closing_balance"] == "2156.56"
    assert statement.cells["opening_balance"] is None


def test_ofx_as_xml() -> None:
    text = (
        "<?xml version='1.0'?><?OFX OFXHEADER='200'?><OFX><CREDITCARDMSGSRSV1><CCSTMTTRNRS><CCSTMTRS>"
        "<CURDEF>EUR</CURDEF>"
        "<CCACCTFROM><ACCTID>4111</ACCTID></CCACCTFROM><BANKTRANLIST><STMTTRN><TRNTYPE>DEBIT</TRNTYPE>"
        "<DTPOSTED>20260305</DTPOSTED><TRNAMT>-1.5</TRNAMT><FITID>1</FITID><PAYEE><NAME>Shop</NAME></PAYEE></STMTTRN>"
        "</BANKTRANLIST></CCSTMTRS></CCSTMTTRNRS></CREDITCARDMSGSRSV1></OFX>"
    )
    (line,), _ = _split(read_ofx(text, file_name="x.ofx"))
    assert (line.cells["account"], line.cells["amount"], line.cells["counterparty_name"]) == (
        "4111",
        "-1.5",
        "Shop",
    )


def test_ofx_in_the_charset_of_its_header() -> None:
    assert "Müller" in decode_ofx(OFX.replace("Payer", "Müller").encode("cp1252"))


def test_an_ofx_error_is_refused_with_what_the_bank_says() -> None:
    text = (
        "<OFX><SIGNONMSGSRSV1><SONRS><STATUS><CODE>15500<SEVERITY>ERROR<MESSAGE>Signon invalid</STATUS></OFX>"
    )
    with pytest.raises(StatementError, match="Signon invalid"):
        read_ofx(text, file_name="x.ofx")


def test_bai2_signs_by_code_and_gives_balances_in_minor_units() -> None:
    lines, (statement,) = _split(read_bai2(BAI2, file_name="x.bai"))
    assert [(x.cells["amount"], x.cells["transaction_code"]) for x in lines] == [
        ("15000.00", "165"),
        ("-30012.34", "475"),
    ]
    assert lines[1].cells["value_date"] == "2026-04-02"
    assert lines[1].cells["bank_reference"] == "B77"
    assert lines[1].cells["remittance_text"] == "CHECK 15 / PAID,IN FULL AT THE COUNTER"
    assert (statement.cells["opening_balance"], statement.cells["closing_balance"]) == (
        "5000.00",
        "-10012.34",
    )
    assert (statement.cells["account"], statement.cells["currency"]) == ("0975312468", "USD")


def test_bai2_of_a_currency_without_decimals() -> None:
    lines, _ = _split(read_bai2(BAI2.replace("0975312468,,", "0975312468,JPY,"), file_name="x.bai"))
    assert lines[0].cells["amount"] == "1500000"


def test_bai2_codes_and_counts_are_plain_digits() -> None:
    # a superscript is a digit to Unicode and no number
    lines, _ = _split(
        read_bai2(
            BAI2.replace("16,165,", "16,1\u00b25,").replace("16,475,3001234,V", "16,475,1,D,\u00b2"),
            file_name="x",
        )
    )
    assert [line.cells["transaction_code"] for line in lines] == ["475"]


def test_a_file_that_is_not_bai2_is_refused() -> None:
    with pytest.raises(StatementError, match="is not BAI2"):
        read_bai2("a,b\n1,2\n", file_name="x.bai")


def test_qif_lines_of_bank_sections_only() -> None:
    text = (
        "!Account\nNGiro\nTBank\n^\n!Type:Bank\nD8/12/13\nT-1,000.00\nPDelta PC\nMINV-1\nN17\n^\nD1/ 5'14\nT5.00\n^\n"
        "!Type:Invst\nD1/1/14\nT9.00\n^\n"
    )
    lines, (statement,) = _split(read_qif(text, file_name="x.qif"))
    assert [(x.cells["booking_date"], x.cells["amount"]) for x in lines] == [
        ("8/12/13", "-1,000.00"),
        ("1/5'14", "5.00"),
    ]
    assert lines[0].cells["counterparty_name"] == "Delta PC"
    assert {x.cells["account"] for x in lines} == {"Giro"}
    assert statement.cells["account"] == "Giro"


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (read_ofx, OFX[: OFX.index("+1,2") + 4]),
        (read_bai2, BAI2[: BAI2.index("1500000") + 4]),
        (read_qif, "!Type:Bank\nD8/12/13\nT-1,0"),
    ],
)
def test_a_file_that_was_cut_off_is_refused_before_half_an_amount_is_taken(
    read: Callable[..., Records], text: str
) -> None:
    with pytest.raises(StatementError, match="cut off") as refused:
        list(read(text, file_name="x"))
    assert refused.value.fix
