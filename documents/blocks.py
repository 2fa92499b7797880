"""A document as blocks: what a renderer has to know, and nothing about what it means.

Belongs here: headings, facts, tables, notes, slips. Must not: words, money rules, fonts, cells. Both renderers read
the same blocks, so a figure cannot stand in one format and be missing in the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

Form = Literal["text", "money", "day", "count", "share", "rate", "factor"]


@dataclass(frozen=True)
class Formula:
    """A figure that the reader of a workbook may recompute; on paper its value.

    `text` names cells by the keys of columns: `{loss}` is the cell of that column in the formula's own row, and
    `{loss.rows}` its cells in all rows of the table, or in those from `first` up to but not including `beyond`.
    """

    text: str
    value: Decimal
    first: int | None = None
    beyond: int | None = None


Value = str | Decimal | date | int | None
Cell = Value | Formula


@dataclass(frozen=True)
class Column:
    """One column of a table; `width` in parts of the page."""

    title: str
    form: Form = "text"
    width: int = 10
    # what formulas call it
    key: str = ""
    # an assumption: what a reader may change to see what follows
    is_assumption: bool = False


@dataclass(frozen=True)
class Heading:
    """A title: level 1 for the document, 2 for a block."""

    text: str
    level: int = 2


@dataclass(frozen=True)
class Facts:
    """Names and values, two columns."""

    pairs: Sequence[tuple[str, Value]]
    form: Form = "text"
    # pairs of which the value is a result: shown strongly
    strong: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Table:
    """Rows under columns; `first`, `subtotals` and `last` are set off (brought forward, parts of the total, total)."""

    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    first: Sequence[Cell] | None = None
    last: Sequence[Cell] | None = None
    subtotals: Sequence[Sequence[Cell]] = ()
    is_short: bool = False


@dataclass(frozen=True)
class Note:
    """A sentence."""

    text: str


@dataclass(frozen=True)
class Choice:
    """A box to tick."""

    text: str


@dataclass(frozen=True)
class Blanks:
    """Lines to write on, each with its name."""

    names: Sequence[str]


Block = Heading | Facts | Table | Note | Choice | Blanks


@dataclass(frozen=True)
class Sheet:
    """Blocks that belong on one sheet; on paper they follow each other, and `is_together` ones are kept on one page."""

    name: str
    blocks: Sequence[Block]
    is_together: bool = False
    starts_page: bool = False


@dataclass(frozen=True)
class Document:
    """A whole document: sheets in reading order, and what stands at the foot of each page."""

    title: str
    foot: str
    page_of: str
    sheets: Sequence[Sheet]
    is_wide: bool = False
