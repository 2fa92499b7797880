"""Files a reader takes away: CSV that Excel opens in Chinese, XLSX with the scope on its own sheet.

Belongs here: writing bytes, and making text cells harmless. Must not: query or choose columns.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

import xlsxwriter

# A spreadsheet runs a cell that begins with one of these, in half or full width (OWASP: CSV injection).
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# A fixed stamp: the same figures give the same bytes.
CREATED = datetime(2000, 1, 1)

# Rows an .xlsx sheet holds, header included.
MOST_LINES = 1_048_576

Columns = Mapping[str, str]
Rows = Sequence[Mapping[str, Any]]


class Sheet(NamedTuple):
    """One table of a workbook; `heading` is what stands above it, name and value on each line."""

    rows: Rows
    columns: Columns
    heading: Sequence[tuple[str, Any]] = ()


def harmless(value: Any) -> Any:
    """Text that a spreadsheet could run is prefixed with an apostrophe; numbers and dates pass."""
    if isinstance(value, str) and value.lstrip(" \u00a0\u3000").startswith(FORMULA_STARTS):
        return f"'{value}"
    return value


def csv_bytes(rows: Rows, *, columns: Columns) -> bytes:
    """CSV with a byte order mark; `columns` maps data names to headers."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow([harmless(header) for header in columns.values()])
    for row in rows:
        writer.writerow([_plain(harmless(row.get(name))) for name in columns])
    return buffer.getvalue().encode("utf-8-sig")


def xlsx_bytes(sheets: Mapping[str, Sheet]) -> bytes:
    """A workbook; text is always written as text, so nothing can run. What is too long for a sheet goes on the next."""
    buffer = io.BytesIO()
    workbook = xlsxwriter.Workbook(
        buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    workbook.set_properties({"created": CREATED})
    styles = {
        "head": workbook.add_format(
            {"bold": True, "bg_color": "#E8EDF3", "bottom": 1, "text_wrap": True, "valign": "top"}
        ),
        "name": workbook.add_format({"font_color": "#64748B"}),
        "value": workbook.add_format({"bold": True, "align": "left"}),
        "money": workbook.add_format({"num_format": "#,##0.00;[Red]-#,##0.00"}),
        "day": workbook.add_format({"num_format": "yyyy-mm-dd"}),
    }
    for name, sheet in sheets.items():
        room = MOST_LINES - len(sheet.heading) - 2
        for part in range(max(-(-len(sheet.rows) // room), 1)):
            title = name[:28] if part == 0 else f"{name[:24]} {part + 1}"
            _write(
                workbook.add_worksheet(title),
                sheet._replace(rows=sheet.rows[part * room : (part + 1) * room]),
                styles=styles,
            )
    workbook.close()
    return buffer.getvalue()


def _write(page: Any, sheet: Sheet, *, styles: Mapping[str, Any]) -> None:
    for line, (name, value) in enumerate(sheet.heading):
        page.write_string(line, 0, name, styles["name"])
        _write_cell(page, line, 1, value, styles, text=styles["value"])
    first = len(sheet.heading) + 1 if sheet.heading else 0
    for position, header in enumerate(sheet.columns.values()):
        page.write_string(first, position, header, styles["head"])
    for line, row in enumerate(sheet.rows, start=first + 1):
        for position, column in enumerate(sheet.columns):
            _write_cell(page, line, position, row.get(column), styles)
    page.freeze_panes(first + 1, 0)
    page.autofit(max_width=320)


def _write_cell(
    page: Any, line: int, position: int, value: Any, styles: Mapping[str, Any], *, text: Any = None
) -> None:
    if value is None:
        return
    if isinstance(value, Decimal):
        page.write_number(line, position, float(value), styles["money"])
    elif isinstance(value, bool) or not isinstance(value, (int, date, datetime)):
        page.write_string(line, position, str(value), text)
    elif isinstance(value, int):
        page.write_number(line, position, value)
    else:
        page.write_datetime(line, position, value, styles["day"])


def _plain(value: Any) -> Any:
    return "" if value is None else value
