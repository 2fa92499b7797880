"""Blocks as an XLSX workbook that prints on A4.

Belongs here: cells, formats, widths, print setup. Must not: choose words or columns. Text is written as text, so that
nothing in it can run; text that a spreadsheet would take for a formula when somebody edits its cell keeps the mark that
holds it as text (quote prefix). Formulas are those of the document alone, written with their values. Money is a number
with two decimals, a day a date.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_range, xl_rowcol_to_cell

from documents.blocks import (
    Blanks,
    Block,
    Cell,
    Choice,
    Column,
    Document,
    Facts,
    Form,
    Formula,
    Heading,
    Sheet,
    Table,
    Value,
)

# The same figures give the same bytes.
CREATED = datetime(2000, 1, 1)
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_LONGEST_TEXT = 32_767
_LONGEST_NAME = 31
_NOT_IN_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
_A4 = 9
_NUMBER_FORMATS: dict[Form, str] = {
    "money": "#,##0.00;-#,##0.00",
    "day": "yyyy-mm-dd",
    "count": "#,##0",
    "share": "0.0%",
    "rate": "0.0000%",
    "factor": "0.000000",
}
_ASSUMPTION_COLOUR = "#1D4ED8"
# of the character 0, with room for the sign and the grid
_FACT_WIDTHS = (34.0, 46.0)


def xlsx_bytes(document: Document) -> bytes:
    """The workbook: one sheet per sheet of the document."""
    buffer = io.BytesIO()
    workbook = xlsxwriter.Workbook(
        buffer,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    workbook.set_properties({"title": document.title, "created": CREATED})
    workbook.set_size(1800, 1200)
    writer = _Writer(workbook, document)
    names: set[str] = set()
    for sheet in document.sheets:
        writer.write(sheet, name=_sheet_name(sheet.name, taken=names))
    workbook.close()
    return buffer.getvalue()


def _sheet_name(wanted: str, *, taken: set[str]) -> str:
    base = wanted.translate(_NOT_IN_NAMES).strip()[:_LONGEST_NAME] or "Sheet"
    name, number = base, 1
    while name.lower() in taken:
        number += 1
        suffix = f" ({number})"
        name = base[: _LONGEST_NAME - len(suffix)] + suffix
    taken.add(name.lower())
    return name


@dataclass(frozen=True)
class _Reference:
    """What a formula calls a column: its cell in the formula's row, and its cells in the rows of the table."""

    cell: str
    rows: str

    def __str__(self) -> str:
        return self.cell


class _Writer:
    """One workbook under way: its formats, each made once."""

    def __init__(self, workbook: Any, document: Document) -> None:
        self._workbook = workbook
        self._document = document
        self._formats: dict[tuple[tuple[str, Any], ...], Any] = {}

    def write(self, sheet: Sheet, *, name: str) -> None:
        page = self._workbook.add_worksheet(name)
        tables = [block for block in sheet.blocks if isinstance(block, Table) and not block.is_short]
        widths = _widths(tables) if tables else list(_FACT_WIDTHS)
        # names of facts stand in the first column, whatever the table below them needs
        names = [name for block in sheet.blocks if isinstance(block, Facts) for name, _ in block.pairs]
        widths[0] = min(max(widths[0], *(_width(name) + 2.0 for name in names), 0.0), _FACT_WIDTHS[0])
        for position, width in enumerate(widths):
            page.set_column(position, position, width)
        self._print_setup(page, is_wide=sum(widths) > 104)
        row = 0
        for block in sheet.blocks:
            if len(tables) == 1 and block is tables[0]:
                # the header of several tables is that of none
                page.repeat_rows(row)
                page.freeze_panes(row + 1, 0)
            row = self._block(page, row, block, widths=widths)

    def _print_setup(self, page: Any, *, is_wide: bool) -> None:
        page.set_paper(_A4)
        if is_wide:
            page.set_landscape()
        page.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        page.fit_to_pages(1, 0)
        page.hide_gridlines(2)
        foot = self._document.foot.replace("&", "&&")[:150]
        counted = self._document.page_of.replace("&", "&&").format(page="&P", pages="&N")
        page.set_footer(f"&L&8{foot}&R&8{counted}")

    def _block(self, page: Any, row: int, block: Block, *, widths: Sequence[float]) -> int:
        """Write one block from `row` on; the row after it."""
        if isinstance(block, Heading):
            size = 16 if block.level == 1 else 11
            gap = 1 if row and block.level > 1 else 0
            page.set_row(row + gap, size * 1.6)
            self._text(page, row + gap, 0, block.text, bold=True, font_size=size, text_wrap=False)
            return row + gap + 1
        if isinstance(block, Facts):
            # beside a narrow column there is room in the next ones
            return self._facts(
                page, row, block, is_wrapped=widths[1] >= _FACT_WIDTHS[1] if len(widths) > 1 else True
            )
        if isinstance(block, Table):
            return self._table(page, row, block)
        if isinstance(block, Blanks):
            for name in block.names:
                page.set_row(row, 26)
                self._text(page, row, 0, name, valign="bottom")
                page.write_blank(row, 1, None, self._format(bottom=1))
                row += 1
            return row
        text = f"□ {block.text}" if isinstance(block, Choice) else block.text
        self._across(page, row, text, widths=widths)
        return row + 1

    def _across(self, page: Any, row: int, text: str, *, widths: Sequence[float]) -> None:
        last_column = len(widths) - 1
        style = self._format(text_wrap=True, valign="top", quote_prefix=_is_like_formula(text))
        if last_column:
            page.merge_range(row, 0, row, last_column, "", style)
        page.write_string(row, 0, text[:_LONGEST_TEXT], style)
        # Excel does not grow the height of merged cells
        page.set_row(row, 15 * max(1, -(-_width(text) // max(78, int(sum(widths) * 0.9)))))

    def _facts(self, page: Any, row: int, facts: Facts, *, is_wrapped: bool) -> int:
        for number, (name, value) in enumerate(facts.pairs):
            is_strong = number in facts.strong
            self._text(page, row, 0, name, font_color="#475569", bold=is_strong, valign="top")
            if facts.form == "text" and isinstance(value, date):
                self._text(page, row, 1, value.isoformat(), bold=True)
            else:
                self._cell(
                    page,
                    row,
                    1,
                    value,
                    facts.form,
                    bold=is_strong or facts.form == "text",
                    valign="top",
                    **({} if is_wrapped else {"text_wrap": False}),
                )
            row += 1
        return row

    def _table(self, page: Any, row: int, table: Table) -> int:
        head = row
        # only Excel makes a row high enough by itself; bold is wider than what columns are measured in
        lines = max(-(-_width(column.title) * 1.25 // (column.width * 1.15)) for column in table.columns)
        page.set_row(head, 15 * max(lines, 1))
        for position, column in enumerate(table.columns):
            align = "left" if column.form in ("text", "day") else "right"
            self._text(
                page,
                head,
                position,
                column.title,
                bold=True,
                bg_color="#E8EDF3",
                bottom=1,
                align=align,
                valign="top",
            )
        row += 1
        if table.first is not None:
            self._row(page, row, table.columns, table.first, bg_color="#F8FAFC")
            row += 1
        start = row
        for values in table.rows:
            self._row(page, row, table.columns, values, start=start, count=len(table.rows), valign="top")
            row += 1
        for values in [*table.subtotals, *([table.last] if table.last is not None else [])]:
            self._row(
                page,
                row,
                table.columns,
                values,
                start=start,
                count=len(table.rows),
                is_sum=True,
                bold=True,
                top=1,
            )
            row += 1
        return row + (1 if table.is_short else 0)

    def _row(
        self,
        page: Any,
        row: int,
        columns: Sequence[Column],
        values: Sequence[Cell],
        *,
        start: int = 0,
        count: int = 0,
        is_sum: bool = False,
        **style: Any,
    ) -> None:
        for position, (column, value) in enumerate(zip(columns, values, strict=True)):
            told = (
                {**style, "font_color": _ASSUMPTION_COLOUR} if column.is_assumption and not is_sum else style
            )
            if isinstance(value, Formula):
                names = _references(columns, row=row, start=start, count=count, formula=value)
                page.write_formula(
                    row,
                    position,
                    f"={value.text.format_map(names)}",
                    self._format(num_format=_NUMBER_FORMATS[column.form], **told),
                    float(value.value),
                )
            else:
                self._cell(page, row, position, value, column.form, **told)

    def _cell(self, page: Any, row: int, position: int, value: Value, form: Form, **style: Any) -> None:
        if value is None or value == "":
            if style:
                page.write_blank(row, position, None, self._format(**style))
        elif isinstance(value, Decimal):
            # a double; spreadsheets keep 15 digits of it, the cents of ten trillion
            page.write_number(
                row, position, float(value), self._format(num_format=_NUMBER_FORMATS[form], **style)
            )
        elif isinstance(value, date):
            page.write_datetime(
                row, position, value, self._format(num_format=_NUMBER_FORMATS["day"], align="left", **style)
            )
        elif isinstance(value, int):
            page.write_number(
                row, position, value, self._format(num_format=_NUMBER_FORMATS["count"], **style)
            )
        else:
            align = "left" if form == "text" else "right"
            self._text(page, row, position, value, align=align, **style)

    def _text(self, page: Any, row: int, position: int, text: str, **style: Any) -> None:
        style.setdefault("text_wrap", True)
        style["quote_prefix"] = _is_like_formula(text)
        page.write_string(row, position, text[:_LONGEST_TEXT], self._format(**style))

    def _format(self, **properties: Any) -> Any:
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            # shown with the face that every Excel has for both scripts, whatever the reader's default is
            self._formats[key] = self._workbook.add_format(
                {"font_name": "Microsoft YaHei", "font_size": 10, **properties}
            )
        return self._formats[key]


def _widths(tables: Sequence[Table]) -> list[float]:
    """Wide enough for every table that stands under the others."""
    return [
        max(table.columns[position].width * 1.15 for table in tables if position < len(table.columns))
        for position in range(max(len(table.columns) for table in tables))
    ]


def _references(
    columns: Sequence[Column], *, row: int, start: int, count: int, formula: Formula
) -> Mapping[str, _Reference]:
    first = start + (formula.first or 0)
    last = start + (count if formula.beyond is None else formula.beyond) - 1
    return {
        column.key: _Reference(
            xl_rowcol_to_cell(row, position), xl_range(first, position, max(last, first), position)
        )
        for position, column in enumerate(columns)
        if column.key
    }


def _is_like_formula(text: str) -> bool:
    return text.lstrip(" \u00a0\u3000").startswith(_FORMULA_STARTS)


def _width(text: str) -> int:
    return sum(1 if ord(character) < 0x2E80 else 2 for character in text)
