"""Formulas of a document: in the workbook they name the cells that stand there, on paper they are their value."""

from decimal import Decimal

from documents.blocks import Column, Document, Formula, Heading, Note, Sheet, Table
from documents.paper import pdf_bytes
from documents.workbook import xlsx_bytes
from tests.documents import reading_back
from tests.documents.kit import D

ROWS = (("A", "100.00", "0.05", "5.00"), ("A", "30.01", "0.5", "15.01"), ("B", "7.00", "1", "7.00"))


def _document() -> Document:
    rows = [
        (name, D(base), D(rate), Formula("ROUND({base}*{rate},2)", D(loss)))
        for name, base, rate, loss in ROWS
    ]
    columns = (
        Column("=name"),
        Column("base", "money", key="base"),
        Column("rate", "rate", key="rate", is_assumption=True),
        Column("loss", "money", key="loss"),
    )
    table = Table(
        columns,
        rows,
        first=("before", None, None, None),
        subtotals=[
            ("A", None, None, Formula("SUM({loss.rows})", D("20.01"), 0, 2)),
            ("B", None, None, Formula("SUM({loss.rows})", D("7.00"), 2, 3)),
        ],
        last=("all", None, None, Formula("SUM({loss.rows})", D("27.01"))),
    )
    return Document("t", "f", "{page}/{pages}", [Sheet("s", [Heading("h"), Note("=1+1"), table])])


def test_a_formula_names_the_cells_of_its_row_and_a_sum_those_of_its_part() -> None:
    # heading, note, header and the row that is set off stand above
    found = reading_back.cells(xlsx_bytes(_document()), 1)
    assert {address: formula for address, (formula, _) in found.items() if formula} == {
        "D5": "ROUND(B5*C5,2)",
        "D6": "ROUND(B6*C6,2)",
        "D7": "ROUND(B7*C7,2)",
        "D8": "SUM(D5:D6)",
        "D9": "SUM(D7)",
        "D10": "SUM(D5:D7)",
    }
    assert reading_back.recalculated(found) == {
        address: value for address, (formula, value) in found.items() if formula
    }


def test_who_changes_an_assumption_sees_what_follows() -> None:
    found = reading_back.cells(xlsx_bytes(_document()), 1)
    after = reading_back.recalculated(found, C6=Decimal("0.1"))
    # 5 + 3 + 7
    assert (after["D6"], after["D8"], after["D9"], after["D10"]) == (
        D("3.00"),
        D("8.00"),
        D("7.00"),
        D("15.00"),
    )


def test_paper_shows_the_values_of_formulas() -> None:
    text = reading_back.text(pdf_bytes(_document()))
    assert "15.01" in text
    assert "27.01" in text
    assert "50.0000%" in text
    assert "ROUND" not in text


def test_the_header_of_the_one_table_is_repeated_and_that_of_several_is_none() -> None:
    table = _document().sheets[0].blocks[-1]
    several = Document("t", "f", "{page}", [Sheet("s", [table, Heading("h"), table])])
    names = [
        [
            node.text
            for node in reading_back.part_of(xlsx_bytes(document), "xl/workbook.xml").iter()
            if node.get("name") == "_xlnm.Print_Titles"
        ]
        for document in (_document(), several)
    ]
    assert names == [["s!$3:$3"], []]
