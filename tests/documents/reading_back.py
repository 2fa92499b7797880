"""What a reader finds in a file: cells of a workbook, text of a PDF.

Belongs here: reading bytes back with other libraries than those that wrote them. Must not: assertions.
"""

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_UP, Decimal

import fastexcel
from lxml import etree
from pypdf import PdfReader

Cells = list[list[object]]
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def sheets(content: bytes) -> dict[str, Cells]:
    """Every sheet as rows of values; empty cells are None."""
    book = fastexcel.read_excel(content)
    found: dict[str, Cells] = {}
    for name in book.sheet_names:
        frame = book.load_sheet(name, header_row=None, dtypes="string").to_polars()
        found[name] = [list(row) for row in frame.iter_rows()]
    return found


def part_of(content: bytes, name: str) -> etree._Element:
    """One part of the workbook as XML."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return etree.fromstring(archive.read(name))


def cell_types(content: bytes, sheet: int = 1) -> dict[str, tuple[str, str]]:
    """Type (s text, n number) and number format of every written cell, by address."""
    styles = part_of(content, "xl/styles.xml")
    codes = {node.get("numFmtId"): node.get("formatCode") for node in styles.iter(f"{_MAIN}numFmt")}
    formats = [
        codes.get(node.get("numFmtId"), node.get("numFmtId"))
        for node in styles.iterfind(f"{_MAIN}cellXfs/{_MAIN}xf")
    ]
    return {
        cell.get("r"): (cell.get("t") or "n", formats[int(cell.get("s") or 0)])
        for cell in part_of(content, f"xl/worksheets/sheet{sheet}.xml").iter(f"{_MAIN}c")
        if cell.find(f"{_MAIN}v") is not None
    }


def cells(content: bytes, sheet: int) -> dict[str, tuple[str | None, Decimal | str]]:
    """Formula and value of every written cell, by address; a number with the 15 digits that a spreadsheet shows."""
    shared = [
        "".join(str(text.text or "") for text in node.iter(f"{_MAIN}t"))
        for node in part_of(content, "xl/sharedStrings.xml").iter(f"{_MAIN}si")
    ]
    found: dict[str, tuple[str | None, Decimal | str]] = {}
    for cell in part_of(content, f"xl/worksheets/sheet{sheet}.xml").iter(f"{_MAIN}c"):
        value = cell.findtext(f"{_MAIN}v")
        if value is not None:
            told = shared[int(value)] if cell.get("t") == "s" else Decimal(f"{float(value):.15g}")
            found[str(cell.get("r"))] = (cell.findtext(f"{_MAIN}f"), told)
    return found


def recalculated(
    found: Mapping[str, tuple[str | None, Decimal | str]], **changed: Decimal
) -> dict[str, Decimal]:
    """What the formulas give, from the cells that they name, with other values in some of them."""
    known: dict[str, Decimal] = {}

    def value(address: str) -> Decimal:
        if address not in known:
            formula, told = found.get(address, (None, Decimal(0)))
            if address in changed:
                known[address] = changed[address]
            elif formula is None:
                # as in a spreadsheet, text adds nothing
                known[address] = told if isinstance(told, Decimal) else Decimal(0)
            else:
                known[address] = _value_of(formula, value)
        return known[address]

    return {address: value(address) for address, (formula, _) in found.items() if formula is not None}


_TERM = re.compile(
    r"(?P<sign>[+-]?)(?:SUM\((?P<column>[A-Z]+)(?P<first>\d+)(?::[A-Z]+(?P<last>\d+))?\)"
    r"|ROUND\((?P<one>[A-Z]+\d+)(?P<sign_of_other>[*-])(?P<other>[A-Z]+\d+),2\)|(?P<cell>[A-Z]+\d+))"
)


def _value_of(formula: str, value: Callable[[str], Decimal]) -> Decimal:
    """A sum of cells, of SUM(range) and of ROUND(cell * or - cell,2): no workbook of ours knows more."""
    total, end = Decimal(0), 0
    for term in _TERM.finditer(formula):
        assert term.start() == end, formula
        end = term.end()
        if term["column"]:
            last = int(term["last"] or term["first"])
            part = sum(
                (value(f"{term['column']}{row}") for row in range(int(term["first"]), last + 1)), Decimal(0)
            )
        elif term["one"]:
            one, other = value(term["one"]), value(term["other"])
            exact = one * other if term["sign_of_other"] == "*" else one - other
            part = exact.quantize(Decimal("0.01"), ROUND_HALF_UP)
        else:
            part = value(term["cell"])
        total += -part if term["sign"] == "-" else part
    assert end == len(formula), formula
    return total


def pages(content: bytes) -> list[str]:
    """Text of every page."""
    return [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]


def text(content: bytes) -> str:
    """All text without blanks and line ends, so that wrapping does not matter."""
    return re.sub(r"\s+", "", "".join(pages(content)))


def embedded_fonts(content: bytes) -> dict[str, bool]:
    """Every font of a PDF, and whether its outlines are in the file."""
    found: dict[str, bool] = {}
    for page in PdfReader(io.BytesIO(content)).pages:
        for font in page["/Resources"]["/Font"].values():  # type: ignore[index]
            described = font.get_object()
            descriptor = described.get("/FontDescriptor")
            found[described["/BaseFont"]] = descriptor is not None and "/FontFile2" in descriptor.get_object()
    return found
