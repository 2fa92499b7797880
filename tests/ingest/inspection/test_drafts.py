"""Files of every shape become drafts that load: what is guessed right, and what is asked.

Belongs here: small files written here, one shape each. Must not: files of others (test_shared_files.py), single steps
(test_steps.py).
"""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter

from ingest.inspection import CannotInspect, Draft, draft_profile
from ingest.profiles import load_profile
from tests.ingest.tables import Fed, feed
from tests.ingest.test_bank_profiles import SPDB

D = Decimal
Drafted = Callable[[str, str | bytes], Draft]


@pytest.fixture
def drafted(tmp_path: Path) -> Drafted:
    """Writes a file and drafts its profile, which must load as it stands in a folder of its own."""

    def draft(name: str, content: str | bytes) -> Draft:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return _loaded(draft_profile(path), tmp_path)

    return draft


def _loaded(draft: Draft, folder: Path) -> Draft:
    own = folder / "own"
    own.mkdir(exist_ok=True)
    (own / f"{draft.name}.yml").write_text(draft.text, encoding="utf-8")
    assert load_profile(draft.name, folder=own) == draft.profile
    return draft


def _rows(draft: Draft, entity: str) -> Fed:
    """What the draft gives, with the constants that it asks for."""
    return feed(draft.inspection.path, profile=draft.profile, entity=entity, constants=draft.constants)


def _asks(draft: Draft, *words: str) -> bool:
    """Whether one doubt has all these words."""
    return any(all(word in doubt for word in words) for doubt in draft.doubts)


GERMAN = """Rechnungsnummer;Kunde;Kundenname;Rechnungsdatum;Fälligkeitsdatum;Betrag;Währung;Zahlungsbedingung;Telefon
0001001;10001;Müller GmbH;03.01.2026;02.02.2026;1.234,56;EUR;30 Tage netto;+49 30 1234567
0001002;10002;Groß & Söhne;15.01.2026;14.02.2026;99,90;EUR;30 Tage netto;+49 89 7654321
0001003;10001;Müller GmbH;20.01.2026;20.01.2026;-12,00;EUR;sofort;+49 30 1234567
0001004;10003;Jäger AG;31.01.2026;02.03.2026;10.000,00;EUR;30 Tage netto;+49 40 1112223
"""


def test_a_german_list_is_read_with_its_commas_dots_and_umlauts(drafted: Drafted) -> None:
    draft = drafted("offene_posten.csv", GERMAN.encode("cp1252"))
    layout = draft.profile
    assert (layout.encoding, layout.delimiter) == ("cp1252", ";")
    assert (layout.decimal_separator, layout.thousands_separator) == (",", ".")
    assert layout.date_formats == ("%d.%m.%Y",)
    documents = _rows(draft, "document")
    assert documents.faults == []
    # leading zeros of the number stay; the negative one lands as a credit note
    assert [
        (
            d["document_id"],
            d["customer_id"],
            d["document_type"],
            d["document_date"],
            d["due_date"],
            d["amount"],
        )
        for d in documents.accepted
    ] == [
        ("0001001", "10001", "invoice", date(2026, 1, 3), date(2026, 2, 2), D("1234.56")),
        ("0001002", "10002", "invoice", date(2026, 1, 15), date(2026, 2, 14), D("99.90")),
        ("0001003", "10001", "credit_note", date(2026, 1, 20), date(2026, 1, 20), D("12.00")),
        ("0001004", "10003", "invoice", date(2026, 1, 31), date(2026, 3, 2), D("10000.00")),
    ]
    assert _asks(draft, "cp1252", "ßäöü")
    assert _asks(draft, "cannot read", "30 Tage netto", "sofort")
    assert "due 30 days after the document in 100%" in draft.text
    assert _asks(draft, "full", "delta", "append")
    assert _asks(draft, "what settled what")


def test_contact_data_never_stands_in_a_draft(drafted: Drafted) -> None:
    draft = drafted(
        "customers.csv",
        "Client No,Client,Phone,E-Mail,Street,Reach\n"
        "C1,Acme,555-1234567,a@acme.com,1 Main St,+1 555 0101010\n"
        "C2,Bolt,555-7654321,b@bolt.com,2 Side St,+1 555 0202020\n"
        "C3,,555-1112222,c@cog.com,3 Low Rd,+1 555 0303030\n",
    )
    assert [feed.entity for feed in draft.profile.tables["customers"].feeds] == ["customer"]
    assert {"contact_phone", "contact_email", "contact_address"} <= set(
        draft.profile.tables["customers"].feeds[0].columns
    )
    for secret in ("555", "acme.com", "bolt.com", "cog.com", "Main St", "Side St", "Low Rd"):
        assert secret not in draft.text
    assert '"Reach": contact data' in draft.text
    # the row without a name is told by its number alone
    assert "1 x missing_required in name, such as row 3\n" in draft.text


CHINESE = """某某公司应收明细表,,,,,,
编制单位：某某公司,,,截止日期：2026-01-31,,,
单据编号,单据类型,客户编码,业务日期,到期日,币别,价税合计
AR0001,标准应收单,K001,2026-01-03,2026-02-02,人民币,"1,234.50"
AR0002,标准应收单,K002,2026-01-15,2026-02-14,人民币,"2,000.00"
AR0003,特殊单,K001,2026-01-20,2026-02-19,人民币,100.00
合计,,,,,,"3,334.50"
"""


def test_a_chinese_list_is_found_below_its_title_and_above_its_total(drafted: Drafted) -> None:
    draft = drafted("应收明细.csv", CHINESE.encode("gb18030"))
    assert draft.profile.encodings == ("utf-8", "gb18030")
    assert draft.profile.header == "found"
    documents = _rows(draft, "document")
    assert documents.column("amount") == [D("1234.50"), D("2000.00")]
    assert documents.column("currency") == ["CNY", "CNY"]
    # every type of document stands in the map; the one that nobody knows is asked for, and set aside
    assert '"标准应收单": invoice' in draft.text
    assert '"特殊单": 特殊单' in draft.text
    assert _asks(draft, "特殊单", "credit_note")
    assert documents.faults == [("bad_code", "document_type", "特殊单")]
    assert _asks(draft, "totals or remarks")
    (fed,) = draft.dry_run.fed if draft.dry_run else ()
    assert (fed.rows, fed.ignored, fed.accepted, fed.rejected) == (4, 1, 2, 1)


AMERICAN = """Invoice No,Invoice Type,Customer No,Customer Name,Invoice Date,Due Date,Amount,Terms,Paid Date
INV-1,INV,C1,Acme,01/15/2026,02/14/2026,"$1,234.50",Net 30,
INV-2,INV,C2,Bolt,01/20/2026,02/19/2026,$99.00,2/10 NET30,02/01/2026
CM-3,CM,C1,Acme,01/31/2026,01/31/2026,($50.00),,
PMT-4,PMT,C1,Acme,02/01/2026,02/01/2026,($500.00),,
"""


def test_an_american_ledger_gives_documents_and_receipts(drafted: Drafted) -> None:
    draft = drafted("us_invoices.csv", AMERICAN)
    assert draft.profile.date_formats == ("%m/%d/%Y",)
    assert draft.constants == {"company_code": "C1", "currency": "USD"}
    documents, receipts = _rows(draft, "document"), _rows(draft, "receipt")
    assert documents.faults == receipts.faults == []
    assert [(d["document_id"], d["document_type"], d["amount"]) for d in documents.accepted] == [
        ("INV-1", "invoice", D("1234.50")),
        ("INV-2", "invoice", D("99.00")),
        ("CM-3", "credit_note", D("50.00")),
    ]
    assert [(r["receipt_id"], r["amount"]) for r in receipts.accepted] == [("PMT-4", D("500.00"))]
    assert draft.profile.settlement == "clearing_date"
    assert documents.column("settled_on") == [None, date(2026, 2, 1), None]
    assert _asks(draft, "PMT", "receipts")


def test_of_a_workbook_the_sheet_with_the_table_is_read(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(path) as book:
        notes = book.add_worksheet("Notes")
        notes.write(0, 0, "Export of our system")
        sheet = book.add_worksheet("Receipts")
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for column, name in enumerate(
            ("Receipt No", "Customer ID", "Receipt Date", "Amount", "Currency", "Payment Method")
        ):
            sheet.write(2, column, name)
        for row, (number, customer, received, amount, method) in enumerate(
            (
                ("R1", "C1", date(2026, 1, 3), 12.5, "Wire"),
                ("R2", "C2", date(2026, 1, 4), 100, "Check"),
                ("R3", "C1", date(2026, 1, 9), 0.1 + 0.2, "Barter"),
            ),
            start=3,
        ):
            sheet.write(row, 0, number)
            sheet.write(row, 1, customer)
            sheet.write_datetime(row, 2, received, day)
            sheet.write(row, 3, amount)
            sheet.write(row, 4, "EUR")
            sheet.write(row, 5, method)
    draft = _loaded(draft_profile(path), tmp_path)
    assert draft.profile.tables["book"].sheet == "Receipts"
    assert _asks(draft, "sheet", "Notes")
    receipts = _rows(draft, "receipt")
    assert [(r["receipt_id"], r["receipt_date"], r["amount"], r["method"]) for r in receipts.accepted] == [
        ("R1", date(2026, 1, 3), D("12.50"), "transfer"),
        ("R2", date(2026, 1, 4), D("100.00"), "cheque"),
    ]
    assert _asks(draft, "Barter", "alipay")


SAP = """------------------------------------------------------------------------------------------------------------
|  CoCd | Customer | DocumentNo | Year | Itm | Type | Doc. Date  | Net due date | Amount in doc. curr. | Curr. |{more}
------------------------------------------------------------------------------------------------------------
|  1000 | 10001 | 90000001 | 2026 | 1 | RV | 03.01.2026 | 02.02.2026 | 1.234,56  | EUR |{end}
|  1000 | 10001 | 00140001 | 2026 | 2 | DZ | 15.01.2026 | 15.01.2026 | 1.234,56- | EUR |{end}
|  1000 | 10002 | 90000002 | 2026 | 1 | RV | 20.01.2026 | 19.02.2026 | 50,00     | EUR |{end}
------------------------------------------------------------------------------------------------------------
"""


def test_a_sap_list_that_the_shipped_profile_reads_but_for_its_layout_builds_on_it(drafted: Drafted) -> None:
    text = SAP.replace("CoCd", "Company Code").format(more=" Discount amount |", end=" 0,00 |")
    draft = drafted("FBL5N.txt", text)
    assert draft.fit is not None
    assert draft.fit.profile in ("sap", "sap_de")
    assert draft.fit.differs["delimiter"] == "|"
    assert draft.recommended is None
    assert f"base: {draft.fit.profile}" in draft.text
    documents, receipts = _rows(draft, "document"), _rows(draft, "receipt")
    assert documents.faults == receipts.faults == []
    assert documents.column("document_id") == ["90000001-2026-1", "90000002-2026-1"]
    assert receipts.column("amount") == [D("1234.56")]


def test_a_sap_list_without_a_column_that_the_shipped_profile_needs_is_told_which(drafted: Drafted) -> None:
    text = SAP.replace("CoCd", "Company Code").replace(" Year ", " Period ")
    draft = drafted("open_lines.txt", text.format(more="", end=""))
    assert draft.fit is None
    assert draft.inspection.near is not None
    assert "(fbl5n) would read the file if it had GJAHR or Fiscal Year" in draft.inspection.near
    assert _rows(draft, "document").column("amount") == [D("1234.56"), D("50.00")]
    assert draft.profile.trailing_minus


def test_a_table_that_is_read_beside_another_is_told_as_one_of_the_two(drafted: Drafted) -> None:
    draft = drafted("KNA1.csv", "KUNNR;NAME1;LAND1;STCEG\n0000010001;Acme;DE;DE1\n0000010002;Bolt;DE;DE2\n")
    assert draft.inspection.near is not None
    assert (
        "the installed profile sap reads such a file (kna1, called KNA1*) together with knb1"
        in draft.inspection.near
    )
    assert "together" in draft.text


def test_what_nothing_proves_is_asked(drafted: Drafted) -> None:
    draft = drafted(
        "ambiguous.csv",
        'invoice,customer,date,due,amount\n1,C1,03/04/2026,04/04/2026,"1,234"\n2,C2,05/04/2026,06/04/2026,"2,500"\n',
    )
    assert _asks(draft, "03/04/2026", "%d/%m/%Y", "%m/%d/%Y")
    assert _asks(draft, "1,234", "thousands", "decimal")
    assert _asks(draft, "currency")


def test_one_value_proves_the_order_of_dates(drafted: Drafted) -> None:
    head = "invoice,customer,date,due,amount\n1,C1,03/04/2026,04/04/2026,1.00\n"
    day = drafted("a.csv", f"{head}2,C2,31/04/2025,06/04/2026,2.00\n".replace("31/04/2025", "30/04/2026"))
    month = drafted("b.csv", f"{head}2,C2,04/30/2026,06/04/2026,2.00\n")
    assert day.profile.date_formats == ("%d/%m/%Y",)
    assert "proven: day first: 30/04/2026 in date" in day.text
    assert month.profile.date_formats == ("%m/%d/%Y",)
    assert "proven: month first: 04/30/2026 in date" in month.text
    assert not _asks(day, "03/04/2026")


def test_columns_that_contradict_each_other_are_asked(drafted: Drafted) -> None:
    draft = drafted(
        "mixed.csv",
        "invoice,customer,invoice date,due date,amount\n"
        "1,C1,30/04/2026,05/30/2026,1.00\n2,C2,01/04/2026,05/01/2026,2.00\n",
    )
    assert _asks(draft, "different orders", "invoice date", "due date")


def test_a_file_without_a_header_is_described_by_its_values(drafted: Drafted) -> None:
    draft = drafted(
        "headerless.csv",
        "01/05/2026,SHOP A,1.96,,13.04\n01/05/2026,SHOP B,12.10,,15.00\n01/05/2026,REFUND,,10.00,27.10\n"
        "01/04/2026,SHOP C,1.00,,17.10\n01/20/2026,SHOP D,2.00,,18.10\n",
    )
    assert draft.profile.header == ("column_1", "column_2", "column_3", "column_4", "column_5")
    assert _asks(draft, "names no columns")
    lines = _rows(draft, "bank_transaction")
    # the balances tell which of the two columns is money in
    assert lines.column("amount") == [D("-1.96"), D("-12.10"), D("10.00"), D("-1.00"), D("-2.00")]
    assert draft.profile.tables["headerless"].running_balance == "balance"


def test_a_shipped_profile_that_reads_the_file_is_recommended(drafted: Drafted) -> None:
    draft = drafted(
        "流水.csv",
        "账户明细\n账户号,1032001234\n交易时间,收入金额,支出金额,账户余额,对方账号,对方户名,交易用途\n"
        "2026-03-03 10:11:12,,1000.00,9000.00,622001,甲公司,货款\n"
        "2026-03-05 10:11:12,500.00,,9500.00,622002,乙公司,INV-7\n",
    )
    assert draft.recommended == "bank_cn"
    assert "write `profile: bank_cn` in arrears.yml" in draft.text
    assert _rows(draft, "bank_transaction").column("amount") == [D("-1000.00"), D("500.00")]


def test_an_old_workbook_is_looked_into_as_a_new_one(tmp_path: Path) -> None:
    path = tmp_path / "spdb.xls"
    path.write_bytes(SPDB)
    draft = _loaded(draft_profile(path), tmp_path)
    assert draft.recommended == "bank_cn"
    assert _rows(draft, "bank_transaction").column("amount") == [D("-3.88"), D("10.00")]


def test_a_file_in_the_shape_of_the_contract_needs_no_profile(drafted: Drafted) -> None:
    draft = drafted(
        "fx_rate.csv",
        "rate_date,from_currency,to_currency,rate,rate_type\n2026-03-31,EUR,CNY,7.812345678901,closing\n",
    )
    assert draft.recommended == "generic"


def test_terms_that_two_people_read_differently_are_asked(drafted: Drafted) -> None:
    draft = drafted(
        "terms.csv",
        "发票号,客户编码,开票日期,账期,金额,币种\nF1,K1,2026-01-03,月结30天,100.00,CNY\n"
        "F2,K2,2026-01-04,老板同意,50.00,CNY\nF3,K2,2026-01-04,NET30,50.00,CNY\n",
    )
    assert _asks(draft, "月结30天", "two ways")
    assert _asks(draft, "老板同意", "cannot read")
    assert '"月结30天": "EOM+30"' in draft.text
    assert '"NET30"' not in draft.text
    assert _rows(draft, "document").column("payment_terms") == ["EOM+30", "老板同意", "NET30"]


def test_a_running_balance_proves_the_signs(drafted: Drafted) -> None:
    # the two columns are those of the owner's books: debit is money in
    draft = drafted(
        "books.csv",
        "Date,Label,Debit,Credit,Balance\n2026-01-31,a,10.00,,110.00\n2026-02-01,b,,30.00,80.00\n"
        "2026-02-02,c,5.50,,85.50\n2026-02-03,d,,0.50,85.00\n",
    )
    assert _rows(draft, "bank_transaction").column("amount") == [
        D("10.00"),
        D("-30.00"),
        D("5.50"),
        D("-0.50"),
    ]
    assert "proven: 3 of 3 balances follow" in draft.text


def test_a_direction_in_a_column_of_its_own_signs_the_amount(drafted: Drafted) -> None:
    draft = drafted(
        "statement.csv",
        "Booking date,Text,Amount,D/C,Currency,IBAN\n2026-01-31,a,10.00,D,EUR,DE1\n2026-02-01,b,30.00,C,EUR,DE1\n",
    )
    assert _rows(draft, "bank_transaction").column("amount") == [D("-10.00"), D("30.00")]
    assert _asks(draft, "no column") is False


def test_amounts_without_a_minus_are_asked(drafted: Drafted) -> None:
    draft = drafted(
        "card.csv",
        "Card No,Transaction date,Merchant,Amount,Currency\n'5191230567984561',2026-01-31,Shop,3.27,CAD\n"
        "'5191230567984561',2026-02-01,Shop,85.06,CAD\n",
    )
    lines = _rows(draft, "bank_transaction")
    assert lines.column("amount") == [D("-3.27"), D("-85.06")]
    assert lines.column("account") == ["5191230567984561"] * 2
    assert _asks(draft, "no amount is negative")


def test_parquet_is_described_without_a_layout(tmp_path: Path) -> None:
    path = tmp_path / "invoices.parquet"
    pl.DataFrame(
        {
            "invoice_number": ["1", "2"],
            "customer_number": ["C1", "C2"],
            "invoice_date": [date(2026, 1, 31), date(2026, 2, 1)],
            "currency": ["EUR", "EUR"],
            "amount": [D("1.50"), D("2.00")],
        }
    ).write_parquet(path)
    draft = _loaded(draft_profile(path), tmp_path)
    assert "delimiter" not in draft.text
    assert _rows(draft, "document").column("amount") == [D("1.50"), D("2.00")]


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("empty.csv", b"", "is empty"),
        ("blank.csv", b"\n \n", "is empty"),
        ("binary.csv", bytes(range(256)) * 40, "is not text"),
        ("utf16.csv", "a,b\n1,2\n".encode("utf-16"), "is UTF-16"),
        ("book.csv", b"PK\x03\x04rest", "whatever its suffix says"),
        ("book.xlsx", b"a,b\n1,2\n", "whatever its suffix says"),
        ("torn.xlsx", b"PK\x03\x04" + b"\x00" * 100, "not a readable workbook"),
        ("torn.parquet", b"PAR1" + b"\x00" * 100, "not readable Parquet"),
        ("statement.sta", b":20:1\n", "are not read"),
    ],
)
def test_what_cannot_be_described_is_refused_with_a_fix(
    drafted: Drafted, name: str, content: bytes, told: str
) -> None:
    with pytest.raises(CannotInspect, match=told) as refusal:
        drafted(name, content)
    assert refusal.value.fix


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CannotInspect, match="there is no file"):
        draft_profile(tmp_path / "none.csv")


def test_a_header_alone_is_described_by_its_names(drafted: Drafted) -> None:
    draft = drafted("invoices.csv", "Invoice No,Customer No,Invoice Date,Due Date,Currency,Amount\n")
    assert [feed.entity for feed in draft.profile.tables["invoices"].feeds] == ["document"]
    assert _rows(draft, "document").accepted == []


def test_short_long_and_torn_records_do_not_mislead(drafted: Drafted) -> None:
    draft = drafted(
        "lines.csv",
        "Invoice No;Customer No;Invoice Date;Amount;Note\n"
        '1;C1;2026-01-31;1,50;"two\nlines; one cell"\n'
        "2;C2;2026-02-01;2,50\n"
        "3;C2;2026-02-02;3,50;x;y\n"
        ";;;;\n"
        "4;C1;2026-02-03;4,50;\n",
    )
    assert draft.profile.short_records == "pad"
    documents = _rows(draft, "document")
    assert documents.column("amount") == [D("1.50"), D("2.50"), D("4.50")]
    assert [reason for reason, _, _ in documents.faults] == ["ragged_row"]


def test_names_that_stand_twice_are_told_apart(drafted: Drafted) -> None:
    draft = drafted(
        "twice.csv",
        "Invoice No,Customer No,Invoice Date,Amount,Currency,Amount\n"
        "1,C1,2026-01-31,1.50,EUR,10.00\n2,C1,2026-02-01,2.50,EUR,20.00\n",
    )
    assert _asks(draft, "Amount", "twice")
    assert _rows(draft, "document").column("amount") == [D("1.50"), D("2.50")]


def test_of_a_large_file_only_the_first_part_is_read_and_that_is_said(
    drafted: Drafted, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("sample", "dry_run"):
        monkeypatch.setattr(f"ingest.inspection.{module}.MOST_BYTES", 2_000)
    rows = "".join(f"{n},C{n % 7},2026-01-31,{n}.50,EUR\n" for n in range(1, 1_000))
    draft = drafted("invoices.csv", f"Invoice No,Customer No,Invoice Date,Amount,Currency\n{rows}")
    assert "the first" in draft.text.splitlines()[0]
    assert draft.dry_run is not None
    assert 50 < draft.dry_run.accepted < 200
    assert draft.dry_run.rejected == 0
