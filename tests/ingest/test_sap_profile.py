"""SAP's lists and tables in the shapes in which users export them.

Belongs here: headers, numbers and indicators of SAP. Must not: clearings in the warehouse (tests/integration).
"""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from ingest.profiles import load_profile
from tests.ingest.landing.world import World
from tests.ingest.tables import Fed, feed

D = Decimal

GERMAN = """\
Einzelposten Debitoren

Buchungskreis;Konto;Belegnummer;Geschäftsjahr;Buchungszeile;Belegart;Belegdatum;Buchungsdatum;Nettofälligkeit;\
Betrag in Belegwährung;Belegwährung;Betrag in Hauswährung;Ausgleichsbeleg;Ausgleichsdatum;Referenz
1000;0000100234;1800000001;2026;1;RV;05.01.2026;05.01.2026;04.02.2026;1.190,00;EUR;1.190,00;1400000007;02.02.2026;4711
1000;0000100234;1400000007;2026;1;DZ;02.02.2026;02.02.2026;;1.190,00-;EUR;1.190,00-;1400000007;02.02.2026;ZE 17
1000;0000100234;1600000002;2026;1;DG;10.02.2026;10.02.2026;;-59,50;EUR;-59,50;;;4712
"""
PIPES = """\
--------------------------------------------------------------------------------
|CoCd|Customer|DocumentNo|Year|Itm|Type|Doc. Date |Pstng Date|Net Due Dt|Amount in doc.curr.|Curr.|
--------------------------------------------------------------------------------
|1000|100234  |1800000001|2026|1  |RV  |2026/01/05|2026/01/05|2026/02/04|           1,190.00|EUR  |
|1000|100234  |1400000007|2026|1  |DZ  |2026/02/02|2026/02/02|          |           1,190.00-|EUR  |
--------------------------------------------------------------------------------
"""
CHINESE = """\
公司代码,客户,凭证编号,会计年度,行项目,凭证类型,凭证日期,过账日期,净到期日,凭证货币金额,凭证货币,本币金额,清账凭证,清账日期
1000,100234,1800000001,2026,1,RV,2026/01/05,2026/01/05,2026/02/04,"1,190.00",CNY,"1,190.00",,
1000,100234,1400000007,2026,1,DZ,2026/02/02,2026/02/02,,"1,190.00-",CNY,"1,190.00-",,
"""


def _documents(fed: Fed) -> list[tuple[str, str, Decimal, date | None]]:
    return [(r["document_id"], r["document_type"], r["amount"], r["due_date"]) for r in fed.accepted]


def _write(folder: Path, name: str, text: str, *, encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def test_a_german_list_is_read_with_its_numbers_and_dates(tmp_path: Path) -> None:
    (tmp_path / "own.yml").write_text("base: sap_de\ndelimiter: ';'")
    profile = load_profile("own", folder=tmp_path)
    path = _write(tmp_path, "FBL5N_2026.csv", GERMAN)
    documents = feed(path, profile=profile, entity="document")
    receipts = feed(path, profile=profile, entity="receipt")
    assert documents.faults == receipts.faults == []
    assert _documents(documents) == [
        ("1800000001-2026-1", "invoice", D("1190.00"), date(2026, 2, 4)),
        # a credit memo is an invoice of a negative amount, which lands as a credit note
        ("1600000002-2026-1", "credit_note", D("59.50"), None),
    ]
    assert documents.column("customer_id") == ["0000100234", "0000100234"]
    assert documents.column("clearing_id") == ["1400000007-02.02.2026", None]
    assert documents.column("settled_on") == [date(2026, 2, 2), None]
    assert [(r["receipt_id"], r["amount"], r["clearing_id"]) for r in receipts.accepted] == [
        ("1400000007-2026-1", D("1190.00"), "1400000007-02.02.2026")
    ]


def test_a_list_saved_as_text_has_rules_and_bars(tmp_path: Path) -> None:
    (tmp_path / "own.yml").write_text("base: sap\ndelimiter: '|'")
    profile = load_profile("own", folder=tmp_path)
    text = PIPES.replace("CoCd", "Company Code")
    path = _write(tmp_path, "FBL5N.txt", text)
    assert _documents(feed(path, profile=profile, entity="document")) == [
        ("1800000001-2026-1", "invoice", D("1190.00"), date(2026, 2, 4))
    ]
    assert feed(path, profile=profile, entity="receipt").column("amount") == [D("1190.00")]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_chinese_list_is_read_in_either_encoding(tmp_path: Path, encoding: str) -> None:
    path = _write(tmp_path, "行项目.csv", CHINESE, encoding=encoding)
    assert _documents(feed(path, profile=load_profile("sap"), entity="document")) == [
        ("1800000001-2026-1", "invoice", D("1190.00"), date(2026, 2, 4))
    ]


HEADER = (
    "BUKRS;KUNNR;UMSKZ;AUGDT;AUGBL;GJAHR;BELNR;BUZEI;BUDAT;BLDAT;WAERS;BLART;SHKZG;DMBTR;WRBTR;ZFBDT;ZBD1T;ZBD2T;ZBD3T;"
    "WSKTO"
)


def _line(
    number: str,
    kind: str,
    amount: str,
    day: str,
    *,
    sign: str = "S",
    special: str = "",
    days: str = "0;0;0",
    clearing: str = "00000000;",
    discount: str = "0.00",
) -> str:
    return (
        f"1000;100234;{special};{clearing};2026;{number};001;{day};{day};EUR;{kind};{sign};{amount};{amount};{day};{days};"
        f"{discount}"
    )


def _table(*lines: str) -> str:
    return "\n".join([HEADER, *lines]) + "\n"


def test_a_stored_line_has_an_indicator_and_terms_in_days(tmp_path: Path) -> None:
    path = _write(
        tmp_path,
        "BSID.csv",
        _table(
            # 14 days 2 %, 30 days net from 31 January: 2 March
            _line("1800000001", "RV", "1190.00", "20260131", days="14;30;0"),
            _line("1600000002", "DG", "59.50", "20260210", sign="H"),
        ),
    )
    assert _documents(feed(path, profile=load_profile("sap"), entity="document")) == [
        ("1800000001-2026-001", "invoice", D("1190.00"), date(2026, 3, 2)),
        ("1600000002-2026-001", "credit_note", D("59.50"), date(2026, 2, 10)),
    ]


def test_the_discount_that_a_payment_took_is_no_cash(tmp_path: Path) -> None:
    path = _write(
        tmp_path,
        "BSAD.csv",
        _table(
            _line("1800000001", "RV", "1000.00", "20260105", clearing="20260202;1400000007"),
            _line(
                "1400000007",
                "DZ",
                "1000.00",
                "20260202",
                sign="H",
                clearing="20260202;1400000007",
                discount="20.00",
            ),
        ),
    )
    profile = load_profile("sap")
    documents = feed(path, profile=profile, entity="document")
    assert [(r["document_id"], r["amount"], r["difference_kind"]) for r in documents.accepted] == [
        ("1800000001-2026-001", D("1000.00"), None),
        ("1400000007-2026-001-discount", D("20.00"), "discount"),
    ]
    assert feed(path, profile=profile, entity="receipt").column("amount") == [D("980.00")]
    assert set(documents.column("clearing_id")) == {"1400000007-20260202"}


def test_noted_items_are_no_money_and_bills_are_set_aside(tmp_path: Path) -> None:
    path = _write(
        tmp_path,
        "BSID.csv",
        _table(
            _line("1", "DA", "10.00", "20260131", special="F"),
            _line("2", "DZ", "20.00", "20260131", special="W"),
        ),
    )
    documents = feed(path, profile=load_profile("sap"), entity="document")
    assert documents.accepted == []
    assert [reason for reason, _, _ in documents.faults] == ["unclaimed_row"]
    assert '"UMSKZ": "W"' in (documents.faults[0][2] or "")


KNA1 = (
    "KUNNR;NAME1;LAND1;STCEG;LOEVM;AUFSD\n0000100234;Muster GmbH;DE;DE123456789;;\n0000100235;Alt AG;DE;;X;\n"
)
KNB1 = """\
KUNNR;BUKRS;ZTERM;ERDAT
0000100234;1000;ZB30;20200102
0000100234;2000;ZB60;20210102
0000100235;1000;ZB30;20200102
"""


def test_a_customer_has_the_name_of_one_table_and_the_terms_of_another(tmp_path: Path) -> None:
    books = World(tmp_path, source={"profile": "sap"})
    books.deliver("2026-03-31", KNA1, name="KNA1.csv")
    books.deliver("2026-03-31", KNB1, name="KNB1.csv")
    report = books.land()
    assert report.refused == ()
    names = ("company_code", "customer_id", "name", "payment_terms", "status", "country")
    assert sorted(tuple(row[name] for name in names) for row in books.rows("customer")) == [
        ("1000", "0000100234", "Muster GmbH", "ZB30", "active", "DE"),
        ("1000", "0000100235", "Alt AG", "ZB30", "closed", "DE"),
        ("2000", "0000100234", "Muster GmbH", "ZB60", "active", "DE"),
    ]
    # a new name is news, although the company's own table did not change
    books.deliver("2026-04-30", KNA1.replace("Muster GmbH", "Muster SE"), name="KNA1.csv")
    books.deliver("2026-04-30", KNB1, name="KNB1.csv")
    books.land()
    assert {row["name"] for row in books.rows("customer")} == {"Muster GmbH", "Muster SE", "Alt AG"}


def test_a_customer_without_a_name_is_set_aside_and_two_names_refuse_the_delivery(tmp_path: Path) -> None:
    books = World(tmp_path, source={"profile": "sap", "reject_threshold": 0.5})
    books.deliver("2026-03-31", KNA1.replace("0000100235;Alt AG", "0000100299;Alt AG"), name="KNA1.csv")
    books.deliver("2026-03-31", KNB1, name="KNB1.csv")
    books.land()
    assert [(row.reason_code, row.column_name) for row in books.rejected()] == [("missing_required", "name")]
    books.deliver("2026-04-30", KNA1 + "0000100234;Other GmbH;DE;;;\n", name="KNA1.csv")
    books.deliver("2026-04-30", KNB1, name="KNB1.csv")
    refused = books.land().refused
    assert [(one.reason_code, "two different rows" in one.reason) for one in refused] == [
        ("unreadable_file", True)
    ]
