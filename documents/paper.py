"""Blocks as a PDF on A4: pages counted, headers repeated, figures to the right.

Belongs here: layout. Must not: choose words or columns. Columns of figures are as wide as their figures need; what is
left is shared by the texts, which wrap.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    CondPageBreak,
    Flowable,
    Frame,
    KeepTogether,
    LongTable,
    PageBreak,
    PageTemplate,
    Paragraph,
    Spacer,
)
from reportlab.platypus import Table as Grid

from documents.blocks import (
    Blanks,
    Block,
    Cell,
    Choice,
    Document,
    Facts,
    Form,
    Formula,
    Heading,
    Note,
    Sheet,
    Table,
)
from documents.font import FACE, register, shown, width

_MARGIN = 15 * mm
_FOOT = 9 * mm
_INK, _GREY, _SHADE, _LINE = (
    HexColor("#0F172A"),
    HexColor("#475569"),
    HexColor("#E8EDF3"),
    HexColor("#94A3B8"),
)
_PAD = 3.5
_LEAST_AFTER_HEADING = 32 * mm
_DECIMALS: dict[Form, str] = {"share": "{:,.1%}", "rate": "{:.4%}", "factor": "{:.6f}"}
# forms that stand to the left
_LEFT = ("text", "day")
_SIZE = 8.5
# Size of type, and characters of a text that stay on one line: while it is pleasant to read, a whole document number;
# then half of one.
_FITS = (
    *((size, 16) for size in (_SIZE, 8.0, 7.5, 7.0, 6.5)),
    *((size, 8) for size in (7.5, 7.0, 6.5, 6.0, 5.5, 5.0)),
)


def pdf_bytes(document: Document) -> bytes:
    """The PDF; the same document gives the same bytes."""
    register()
    buffer = io.BytesIO()
    size = landscape(A4) if document.is_wide else A4
    template = BaseDocTemplate(
        buffer,
        pagesize=size,
        leftMargin=_MARGIN,
        rightMargin=_MARGIN,
        topMargin=14 * mm,
        bottomMargin=18 * mm,
        title=shown(document.title),
        invariant=1,
        initialFontName=FACE,
    )
    frame = Frame(
        _MARGIN, 18 * mm, size[0] - 2 * _MARGIN, size[1] - 32 * mm, leftPadding=0, rightPadding=0, topPadding=0,
        bottomPadding=0,
    )  # fmt: skip
    template.addPageTemplates(PageTemplate(frames=[frame]))
    room = size[0] - 2 * _MARGIN
    story: list[Flowable] = []
    for sheet in document.sheets:
        story.extend(_sheet(sheet, room))

    def canvas(*arguments: Any, **options: Any) -> _CountedCanvas:
        return _CountedCanvas(*arguments, foot=shown(document.foot), page_of=document.page_of, **options)

    template.build(story, canvasmaker=canvas)
    return buffer.getvalue()


class _CountedCanvas(Canvas):  # type: ignore[misc] # reportlab has no types
    """Writes the foot of every page when their number is known."""

    def __init__(self, *arguments: Any, foot: str, page_of: str, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._foot, self._page_of = foot, page_of
        self._pages: list[dict[str, Any]] = []

    def showPage(self) -> None:  # noqa: N802 - reportlab's name
        self._pages.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        for page in self._pages:
            self.__dict__.update(page)
            self._write_foot(len(self._pages))
            super().showPage()
        super().save()

    def _write_foot(self, pages: int) -> None:
        across = self._pagesize[0]
        self.setFont(FACE, 7)
        self.setFillColor(_GREY)
        counted = self._page_of.format(page=self._pageNumber, pages=pages)
        self.drawRightString(across - _MARGIN, _FOOT, counted)
        room = across - 2 * _MARGIN - width(counted, size=7) - 6 * mm
        self.drawString(_MARGIN, _FOOT, _cut(self._foot, room, size=7))


def _cut(text: str, room: float, *, size: float) -> str:
    while text and width(text, size=size) > room:
        text = text[:-2].rstrip("…") + "…"
    return text


def _sheet(sheet: Sheet, room: float) -> list[Flowable]:
    flow: list[Flowable] = [PageBreak()] if sheet.starts_page else [Spacer(1, 4 * mm)]
    parts: list[Flowable] = []
    for block in sheet.blocks:
        if isinstance(block, Heading) and block.level > 1 and not sheet.is_together:
            # a heading never stays behind alone
            parts.append(CondPageBreak(_LEAST_AFTER_HEADING))
        parts.extend(_block(block, room))
    flow.extend([KeepTogether(parts)] if sheet.is_together else parts)
    return flow


def _block(block: Block, room: float) -> list[Flowable]:
    if isinstance(block, Heading):
        size = 17 if block.level == 1 else 10.5
        return [_text(block.text, size=size, before=0 if block.level == 1 else 5, after=4)]
    if isinstance(block, Note):
        return [_text(block.text, size=8.5, colour=_GREY, before=3, after=3)]
    if isinstance(block, Choice):
        return [_text(f"□  {block.text}", size=9.5, before=4, after=2)]
    if isinstance(block, Blanks):
        return [_blanks(block, room), Spacer(1, 2 * mm)]
    if isinstance(block, Facts):
        return [_facts(block, room), Spacer(1, 2 * mm)]
    return [_table(block, room), Spacer(1, 2 * mm)]


def _text(
    text: str, *, size: float, colour: Any = _INK, before: float = 0, after: float = 0, is_right: bool = False
) -> Paragraph:
    clean = shown(text)
    style = ParagraphStyle(
        "text",
        fontName=FACE,
        fontSize=size,
        leading=size * 1.35,
        textColor=colour,
        spaceBefore=before,
        spaceAfter=after,
        # Chinese breaks between any two characters, other words between words
        wordWrap="CJK" if any(ord(character) >= 0x2E80 for character in clean) else None,
        splitLongWords=1,
        **({"alignment": TA_RIGHT} if is_right else {}),
    )
    return Paragraph(escape(clean), style)


def _facts(facts: Facts, room: float) -> Grid:
    is_money = facts.form != "text"
    rows = [
        [
            _text(name, size=9, colour=_GREY),
            _text(_written(value, facts.form), size=9.5, is_right=is_money),
        ]
        for name, value in facts.pairs
    ]
    widths = [62 * mm, 45 * mm if is_money else room - 62 * mm]
    style: list[tuple[Any, ...]] = [
        ("FONT", (0, 0), (-1, -1), FACE),
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("TOPPADDING", (0, 0), (-1, -1), 1.2),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 1.2),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ]
    for number in facts.strong:
        style += [
            ("BACKGROUND", (0, number), (-1, number), _SHADE),
            ("LINEABOVE", (0, number), (-1, number), 0.6, _INK),
        ]
    return Grid(rows, colWidths=widths, style=style, hAlign="LEFT", splitInRow=1)


def _blanks(blanks: Blanks, room: float) -> Grid:
    rows = [[_text(name, size=9, colour=_GREY), ""] for name in blanks.names]
    style = [
        ("FONT", (0, 0), (-1, -1), FACE),
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("VALIGN", (0, 0), (-1, -1), "BOTTOM"),
        ("LINEBELOW", (1, 0), (1, -1), 0.5, _LINE),
    ]
    return Grid(
        rows,
        colWidths=[62 * mm, min(room - 62 * mm, 100 * mm)],
        rowHeights=9 * mm,
        style=style,
        hAlign="LEFT",
    )


def _table(table: Table, room: float) -> LongTable:
    told = [
        [_written(value, column.form) for column, value in zip(table.columns, row, strict=True)]
        for row in _all(table)
    ]
    size, widths = _measured(table, told, room)
    heads = [_text(column.title, size=size, is_right=column.form not in _LEFT) for column in table.columns]
    body = [
        [
            _cell(text, column.form, size=size, across=across)
            for column, text, across in zip(table.columns, row, widths, strict=True)
        ]
        for row in told
    ]
    style: list[tuple[Any, ...]] = [
        ("FONT", (0, 0), (-1, -1), FACE, size, size * 1.35),
        ("TEXTCOLOR", (0, 0), (-1, -1), _INK),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("BACKGROUND", (0, 0), (-1, 0), _SHADE),
        ("LINEBELOW", (0, 0), (-1, 0), 0.6, _INK),
        ("LINEBELOW", (0, 1), (-1, -1), 0.25, _SHADE),
        ("LEFTPADDING", (0, 0), (-1, -1), _PAD),
        ("RIGHTPADDING", (0, 0), (-1, -1), _PAD),
        ("TOPPADDING", (0, 0), (-1, -1), 2),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
    ]
    style += [
        ("ALIGN", (position, 1), (position, -1), "RIGHT")
        for position, column in enumerate(table.columns)
        if column.form not in _LEFT
    ]
    if sums := len(table.subtotals) + (table.last is not None):
        style += [
            ("LINEABOVE", (0, -sums), (-1, -sums), 0.6, _INK),
            ("BACKGROUND", (0, -sums), (-1, -1), _SHADE),
        ]
    return LongTable([heads, *body], colWidths=widths, repeatRows=1, style=style, hAlign="LEFT", splitInRow=1)


def _all(table: Table) -> list[Sequence[Cell]]:
    return [
        *([table.first] if table.first is not None else []),
        *table.rows,
        *table.subtotals,
        *([table.last] if table.last is not None else []),
    ]


def _cell(text: str, form: Form, *, size: float, across: float) -> Any:
    # a paragraph costs twenty times what a string costs, and most cells fit
    if width(text, size=size) <= across - 2 * _PAD:
        return text
    return _text(text, size=size, is_right=form not in _LEFT)


def _measured(table: Table, told: Sequence[Sequence[str]], room: float) -> tuple[float, list[float]]:
    """Size of type and width of columns: the largest at which figures fit and texts have room to wrap."""
    columns = table.columns
    if table.is_short:
        return _SIZE, [column.width * 3 * mm for column in columns]
    size, least, wanted = _SIZE, [0.0], [0.0]
    for size, characters in _FITS:
        wanted = [
            max([width(row[position], size=size) for row in told] + [_title_width(column.title, size=size)])
            + 2 * _PAD
            + 1
            for position, column in enumerate(columns)
        ]
        # figures and days keep their width, texts may be given less and wrap
        least = [
            min(wish, characters * size * 0.6 + 2 * _PAD) if column.form == "text" else wish
            for column, wish in zip(columns, wanted, strict=True)
        ]
        if sum(least) <= room:
            break
    spare = room - sum(wanted)
    if spare >= 0:
        return size, [wish + spare / len(columns) for wish in wanted]
    spare, lacking = max(room - sum(least), 0.0), max(sum(wanted) - sum(least), 1.0)
    return size, [floor + (wish - floor) * spare / lacking for floor, wish in zip(least, wanted, strict=True)]


def _title_width(title: str, *, size: float) -> float:
    # a title may wrap, but not inside a word
    words = ["国国国国"] if any(ord(character) >= 0x2E80 for character in title) else title.split()
    return max(width(word, size=size) for word in words)


def _written(value: Cell, form: Form) -> str:
    if isinstance(value, Formula):
        value = value.value
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return _DECIMALS.get(form, "{:,.2f}").format(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int):
        return f"{value:,}"
    return shown(value)
