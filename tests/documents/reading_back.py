"""What a reader finds in a file: cells of a workbook, text of a PDF.

Belongs here: reading bytes back with other libraries than those that wrote them. Must not: assertions.
"""

import io
import re
import zipfile

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
        for node in styles.find(f"{_MAIN}cellXfs")  # type: ignore[union-attr]
    ]
    return {
        cell.get("r"): (cell.get("t") or "n", formats[int(cell.get("s") or 0)])
        for cell in part_of(content, f"xl/worksheets/sheet{sheet}.xml").iter(f"{_MAIN}c")
        if cell.find(f"{_MAIN}v") is not None
    }


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
