"""Printing rows as a table, JSON or CSV.

Belongs here: formats. Must not: know what the rows mean. Money stays exact: a Decimal is written as it is, and as
text in JSON, because a JSON number becomes a float in most readers.
"""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from ingest.printable import printable

Format = Literal["table", "json", "csv"]
FORMATS: tuple[Format, ...] = ("table", "json", "csv")
Row = Mapping[str, Any]


def render(rows: Sequence[Row], *, columns: Sequence[str], output: Format) -> str:
    """Rows in one of the formats, without a final newline; the columns are always all there."""
    if output == "json":
        return json.dumps([{name: _plain(row.get(name)) for name in columns} for row in rows], **_JSON)
    if output == "csv":
        return _csv(rows, columns)
    return _table(rows, columns)


def render_object(value: Mapping[str, Any]) -> str:
    """One object as JSON."""
    return json.dumps(_plain(value), **_JSON)


_JSON: dict[str, Any] = {"ensure_ascii": False, "indent": 2}


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    return str(value)


def _csv(rows: Sequence[Row], columns: Sequence[str]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        plain = [_plain(row.get(name)) for name in columns]
        writer.writerow([_field(value) for value in plain])
    return text.getvalue().rstrip("\n")


def _field(value: Any) -> Any:
    if value is None:
        return ""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, (list, dict)) else value


def _table(rows: Sequence[Row], columns: Sequence[str]) -> str:
    cells = [[_shown(row.get(name)) for name in columns] for row in rows]
    widths = [max(_width(text) for text in column) for column in zip(columns, *cells, strict=True)]
    is_number = [
        bool(rows)
        and all(isinstance(row.get(name), (int, float, Decimal)) or row.get(name) is None for row in rows)
        for name in columns
    ]

    def line(texts: Sequence[str]) -> str:
        padded = [
            " " * (width - _width(text)) + text if number else text + " " * (width - _width(text))
            for text, width, number in zip(texts, widths, is_number, strict=True)
        ]
        return "  ".join(padded).rstrip()

    return "\n".join([line(columns), line(["-" * width for width in widths]), *(line(row) for row in cells)])


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value:,f}"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    # what stands in delivered files may tell a terminal what to do
    return " ".join(printable(str(value)).split())


def _width(text: str) -> int:
    """Columns of a terminal; Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
