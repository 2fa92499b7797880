"""Statements as files: what stands in the workbook and on paper, read back with other libraries."""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from documents.font import LONGEST, STAND_IN
from documents.paper import pdf_bytes
from documents.statement import Item
from documents.statement_document import statement_document
from documents.words import LANGUAGES, Language, Words
from documents.workbook import xlsx_bytes
from tests.documents import reading_back
from tests.documents.kit import ACCOUNT, D, item, line, many_items, part, statement

FIVE_HUNDRED = 500
# 500 x 1,000.00 + 0.01 x (1 + ... + 500)
SUM_OF_FIVE_HUNDRED = "501,252.50"


def test_the_workbook_says_cell_by_cell_what_the_statement_says() -> None:
    content = xlsx_bytes(
        statement_document(
            [
                statement(
                    part(
                        item("INV1", "500.00", due=date(2026, 7, 3), disputed_amount=D("100.00")),
                        item("R3", "-70.00", kind="receipt"),
                        lines=(
                            line("invoice", "500.00", "500.00", document="INV1"),
                            line("cash", "-70.00", "430.00", document="R3"),
                        ),
                    )
                )
            ],
            language="en",
        )
    )
    found = reading_back.sheets(content)
    assert list(found) == ["Statement", "Movements", "Open items", "Unapplied", "Reply slip"]
    day, dated = "2026-06-05 00:00:00", "2026-05-01 00:00:00"
    assert found["Movements"][-4:] == [
        [None, "Opening balance", None, None, None, None, "0"],
        [day, "Invoice", "INV1", "PO-1", "500", None, "500"],
        [day, "Payment", "R3", "PO-1", None, "70", "430"],
        [None, "Closing balance", None, None, "500", "70", "430"],
    ]
    assert found["Open items"][-2:] == [
        ["INV1", "Invoice", "PO-1", dated, "2026-07-03 00:00:00", "not due", "500", "500", "100"],
        ["Total", None, None, None, None, None, None, "500", "100"],
    ]
    assert found["Unapplied"][-3:-1] == [
        [dated, "Payment", "R3", "PO-1", "-70", "-70"],
        ["Total", None, None, None, None, "-70"],
    ]
    summary = {row[0]: row[1] for row in found["Statement"]}
    assert summary["Customer number"] == "K00012"
    assert summary["To"] == "Müller & Söhne 机械 GmbH"
    assert summary["Number"] == "CN01-K00012-20260630-r0007"
    assert summary["Closing balance (end of 2026-06-30)"] == "430"
    assert summary["Opening balance (end of 2026-05-31)"] == "0"


def test_money_is_a_number_a_day_a_date_and_text_is_text() -> None:
    content = xlsx_bytes(
        statement_document(
            [statement(part(item("1", "1234567.89"), lines=(line("invoice", "1234567.89", "1234567.89"),)))],
            language="zh",
        )
    )
    cells = reading_back.cell_types(content, sheet=2)
    assert cells["A4"] == ("n", "yyyy-mm-dd")
    assert cells["E4"] == cells["G4"] == ("n", "#,##0.00;-#,##0.00")
    assert cells["C4"][0] == "s"
    # a document number of digits stays text: 1, not 1.00, and no zeros lost
    assert reading_back.cell_types(content, sheet=3)["A3"][0] == "s"


def test_the_workbook_prints_on_a4_with_its_header_on_every_page() -> None:
    content = xlsx_bytes(statement_document([statement(part(*many_items(3)))], language="zh"))
    book = reading_back.part_of(content, "xl/workbook.xml")
    titles = [node.text for node in book.iter() if node.get("name") == "_xlnm.Print_Titles"]
    assert set(titles) == {"本期明细!$2:$2", "未清单据!$2:$2"}
    page = reading_back.part_of(content, "xl/worksheets/sheet3.xml")
    setup = {node.tag.split("}")[1]: dict(node.attrib) for node in page.iter()}
    assert setup["pageSetup"]["paperSize"] == "9"
    assert setup["pageSetup"]["fitToHeight"] == "0"
    foot = next(node.text for node in page.iter() if node.tag.endswith("oddFooter"))
    assert "第 &P 页，共 &N 页" in str(foot)


HOSTILE = ("=1+1", "+1", "-1", "@SUM(A1)", "＝1", "\t=1", '=HYPERLINK("http://x")', "http://x.example")


@pytest.mark.parametrize("name", HOSTILE)
def test_text_that_looks_like_a_formula_is_text_and_stays_it_when_edited(name: str) -> None:
    hostile = replace(ACCOUNT, customer_name=name, customer_id=name)
    content = xlsx_bytes(
        statement_document([statement(part(item(name, "10.00")), account=hostile)], language="en")
    )
    for number in range(1, 5):
        sheet = reading_back.part_of(content, f"xl/worksheets/sheet{number}.xml")
        assert [node for node in sheet.iter() if node.tag.endswith(("}f", "}hyperlink"))] == []
    found = reading_back.sheets(content)
    assert found["Open items"][2][0] == name
    assert reading_back.cell_types(content, sheet=3)["A3"][0] == "s"
    quoted = [
        node
        for node in reading_back.part_of(content, "xl/styles.xml").iter()
        if node.get("quotePrefix") == "1"
    ]
    assert bool(quoted) == (name[0] != "h")


@pytest.mark.parametrize("language", LANGUAGES)
def test_five_hundred_items_run_over_pages_with_header_number_and_sum(language: Language) -> None:
    words = Words(language)
    document = statement_document([statement(part(*many_items(FIVE_HUNDRED)))], language=language)
    content = pdf_bytes(document)
    pages = reading_back.pages(content)
    assert len(pages) > 8
    everything = "\n".join(pages)
    numbers = re.findall(r"AR\d{5}", everything)
    assert sorted(numbers) == [f"AR{number:05d}" for number in range(1, FIVE_HUNDRED + 1)]
    # what is printed adds up to what is printed below it
    printed = [
        Decimal(open_amount.replace(",", ""))
        for open_amount in re.findall(r"AR\d{5}.*?1,00\d\.\d\d\s+(1,00\d\.\d\d)", everything, flags=re.DOTALL)
    ]
    assert len(printed) == FIVE_HUNDRED
    assert f"{sum(printed):,}" == SUM_OF_FIVE_HUNDRED
    assert everything.count(SUM_OF_FIVE_HUNDRED) >= 4
    holds_items = [page for page in pages if re.search(r"AR\d{5}", page)]
    title = words("items.document_date")
    assert all(title in page for page in holds_items)
    for number, page in enumerate(pages, start=1):
        assert words("page.of", page=number, pages=len(pages)) in page


def test_the_workbook_and_the_paper_of_five_hundred_items_have_the_same_sum() -> None:
    document = statement_document([statement(part(*many_items(FIVE_HUNDRED)))], language="en")
    rows = reading_back.sheets(xlsx_bytes(document))["Open items"]
    amounts = [Decimal(str(row[7])) for row in rows[2:-1]]
    assert len(amounts) == FIVE_HUNDRED
    assert f"{sum(amounts):,}" == SUM_OF_FIVE_HUNDRED
    assert Decimal(str(rows[-1][7])) == sum(amounts)


def test_chinese_and_english_stand_in_the_paper_with_their_outlines() -> None:
    for language in LANGUAGES:
        content = pdf_bytes(statement_document([statement(part(item("INV1", "545.00")))], language=language))
        fonts = reading_back.embedded_fonts(content)
        assert fonts
        assert all(fonts.values()), f"not embedded: {fonts}"
        assert ACCOUNT.company_name in reading_back.text(content)
        assert "Müller&Söhne机械GmbH" in reading_back.text(content)
    assert (
        "StatementofAccount".lower()
        in reading_back.text(
            pdf_bytes(statement_document([statement(part(item("INV1", "545.00")))], language="en"))
        ).lower()
    )
    text = reading_back.text(
        pdf_bytes(statement_document([statement(part(item("INV1", "545.00")))], language="zh"))
    )
    assert "对账单" in text
    assert "信息证明无误" in text
    assert "信息不符" in text
    assert "人民币伍佰肆拾伍元整" in text


def test_a_name_of_any_length_wraps_and_loses_nothing() -> None:
    name = "上海国际精密机械设备制造与技术服务集团股份有限公司第二分公司" * 6
    document_id = "INV-2026-0000000000000000-SHANGHAI-PUDONG-0001" * 2
    long = replace(ACCOUNT, customer_name=name)
    content = pdf_bytes(
        statement_document(
            [statement(part(item(document_id, "99999999999999.99")), account=long)], language="zh"
        )
    )
    assert name in reading_back.text(content)
    assert document_id in reading_back.text(content)
    assert "99,999,999,999,999.99" in reading_back.text(content)


def test_text_beyond_reason_is_cut_on_paper_and_whole_in_the_workbook() -> None:
    endless = statement(part(item("X" * 20_000, "1.00")))
    assert reading_back.text(pdf_bytes(statement_document([endless], language="en"))).count("X") == LONGEST
    rows = reading_back.sheets(xlsx_bytes(statement_document([endless], language="en")))["Open items"]
    assert rows[2][0] == "X" * 20_000


def test_a_character_that_the_face_lacks_has_a_sign_in_its_place() -> None:
    rare = replace(ACCOUNT, customer_name="\U00020bb7野家\u200b😀<b>&amp;</b>")
    content = pdf_bytes(statement_document([statement(part(item("1", "1.00")), account=rare)], language="en"))
    # markup is text too
    assert f"{STAND_IN}野家{STAND_IN}<b>&amp;</b>" in reading_back.text(content)
    assert "\U00020bb7野家" in str(
        reading_back.sheets(
            xlsx_bytes(statement_document([statement(part(item("1", "1.00")), account=rare)], language="en"))
        )["Statement"]
    )


def _everything(copy: str, *items: Item) -> str:
    held = item("B1", "30.00", receivable_class="bill", kind="bill")
    accrued = item("ACCRUED-1", "40.00", receivable_class="unbilled", kind="unbilled")
    whole = part(
        *items,
        lines=(
            line("write_off", "-5.00", "-5.00", document="INV1"),
            line("write_off_recovery", "5.00", "0.00", document="INV1"),
            line("fx_difference", "0.00", "0.00", document="FX-7"),
        ),
        beside=(held, accrued),
        beside_moved=(("bill", D("30.00")), ("unbilled", D("40.00"))),
    )
    document = statement_document([statement(whole)], language="en", copy=copy)  # type: ignore[arg-type]
    return str(reading_back.sheets(xlsx_bytes(document))) + reading_back.text(pdf_bytes(document))


OURS_ALONE = (
    "Write-off", "document.csv", "c0de00c0de00", "fa11ba11fa11", "ALLOC-9", "CN01|D|INV1|1", "age unknown", "FX-7",
    "ACCRUED-1", "unctional", "Proof",
)  # fmt: skip


def test_a_customer_sees_nothing_that_is_ours_alone_and_an_auditor_does() -> None:
    open_item = item("INV1", "500.00", is_age_unknown=True)
    for_customer, for_auditor = _everything("customer", open_item), _everything("auditor", open_item)
    assert [word for word in OURS_ALONE if word in for_customer] == []
    assert [word for word in OURS_ALONE if word not in for_auditor] == []
    assert "Adjustment" in for_customer
    assert "Bills held" in for_customer
    assert "Reply slip" in for_customer
    assert "Reply slip" not in for_auditor


def test_a_period_without_movements_says_so_and_has_its_balance() -> None:
    for language in LANGUAGES:
        document = statement_document([statement(part(item("INV9", "80.00")))], language=language)
        text = reading_back.text(pdf_bytes(document))
        assert re.sub(r"\s", "", Words(language)("movements.none")) in text
        assert text.count("80.00") >= 4


def test_sections_of_a_party_have_their_own_balance_slip_and_page() -> None:
    other = replace(ACCOUNT, company_code="EU01", company_name="Yuanheng Europe", customer_id="D1")
    document = statement_document(
        [
            statement(part(item("INV1", "11.00"))),
            statement(part(item("INV2", "22.00"), currency="EUR"), account=other),
        ],
        language="en",
    )
    pages = reading_back.pages(pdf_bytes(document))
    starts = [page for page in pages if "Statement of account" in page]
    assert len(starts) == 2
    assert "Part 1 of 2: CN01" in starts[0]
    assert "Part 2 of 2: EU01" in starts[1]
    assert sum("Reply slip" in page for page in pages) == 2
    # companies and currencies are never added up
    assert not [page for page in pages if "33.00" in page]
    names = list(reading_back.sheets(xlsx_bytes(document)))
    assert names[0] == "Statement 1 CNY"
    assert names[4] == "Statement 2 EUR"


@pytest.mark.parametrize("copy", ["customer", "auditor"])
def test_the_same_statement_gives_the_same_bytes(copy: str) -> None:
    document = statement_document([statement(part(*many_items(40)))], language="zh", copy=copy)  # type: ignore[arg-type]
    assert pdf_bytes(document) == pdf_bytes(document)
    assert xlsx_bytes(document) == xlsx_bytes(document)
