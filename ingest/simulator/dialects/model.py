"""What a dialect is: the files of a system, and how it writes texts, numbers and dates.

Belongs here: the shape of a dialect and writing its files. Must not: what a certain system calls a column.
"""

import csv
import io
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import xlsxwriter

from ingest.profiles import load_profile

Record = Mapping[str, str]
# a cell of a database; files hold text alone
StoredValue = str | int | float | None
Stored = Mapping[str, StoredValue]
# everything known at the end of a delivery: entity -> key -> row of the generic dialect
State = Mapping[str, Mapping[tuple[str, ...], Record]]
# the name of a generic column, or a function of the row
Cell = str | Callable[[Record], str]


def _as_is(text: str) -> str:
    return text


@dataclass(frozen=True)
class Style:
    """How a system writes files. `above` and `below` stand around the table; `suffix` is .csv, .txt or .xlsx."""

    suffix: str = ".csv"
    encoding: str = "utf-8"
    delimiter: str = ","
    number: Callable[[str], str] = _as_is
    date: Callable[[str], str] = _as_is
    above: tuple[tuple[str, ...], ...] = ()
    below: Callable[[int], Sequence[Sequence[str]]] = field(default=lambda rows: ())


@dataclass(frozen=True)
class Sheet:
    """One file: rows of a generic entity under the headers of the system."""

    name: str
    entity: str
    columns: tuple[tuple[str, Cell], ...]
    where: Callable[[Record], bool] = field(default=lambda row: True)
    style: Style | None = None


@dataclass(frozen=True)
class Dialect:
    """A system: its profile, its files, and the entities that are carried by them."""

    profile: str
    style: Style = Style()
    sheets: tuple[Sheet, ...] = ()
    # rows that no single entity gives, such as line items: file, or table of the database -> rows by header
    make: Mapping[str, Callable[[State], Iterable[Stored]]] = field(default_factory=dict)
    # entities that `make` carries
    entities: frozenset[str] = frozenset()
    # exports say which company they are of; else the source says it
    names_company: bool = True
    # the system is read from its database: `make` gives its tables, None is NULL; columns of tables without rows
    is_database: bool = False
    empty_tables: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def settlement(self) -> str:
        """How the system tells what settles what, as its profile says."""
        return load_profile(self.profile).settlement

    @property
    def carried(self) -> frozenset[str]:
        """Entities of which nothing is left to tell."""
        return self.entities | {sheet.entity for sheet in self.sheets}

    def write(self, state: State, folder: Path, *, types: Mapping[str, Mapping[str, str]]) -> None:
        """Write every file of one delivery.

        Args:
            types: contract type of each column by entity.
        """
        for sheet in self.sheets:
            rows = [row for row in state.get(sheet.entity, {}).values() if sheet.where(row)]
            style = sheet.style or self.style
            header = [name for name, _ in sheet.columns]
            body = [
                [_text(cell, row, types=types[sheet.entity], style=style) for _, cell in sheet.columns]
                for row in rows
            ]
            write_table(folder, sheet.name, header=header, body=body, style=style)
        for name, make in self.make.items():
            made = list(make(state))
            header = list(made[0]) if made else []
            if header:
                body = [
                    ["" if row[column] is None else str(row[column]) for column in header] for row in made
                ]
                write_table(folder, name, header=header, body=body, style=self.style)

    def write_database(self, state: State, path: Path) -> None:
        """Write the tables of the system, as they are at one delivery, to a new SQLite file."""
        with closing(sqlite3.connect(path)) as connection:
            for name, make in self.make.items():
                rows = list(make(state))
                columns = list(rows[0]) if rows else list(self.empty_tables[name])
                quoted = ", ".join(f'"{column}"' for column in columns)
                connection.execute(f'create table "{name}" ({quoted})')
                marks = ", ".join("?" for _ in columns)
                connection.executemany(
                    f'insert into "{name}" values ({marks})', [tuple(row.values()) for row in rows]
                )
            connection.commit()


def _text(cell: Cell, row: Record, *, types: Mapping[str, str], style: Style) -> str:
    if callable(cell):
        return cell(row)
    text = row.get(cell, "")
    if not text:
        return ""
    if types[cell] == "date":
        return style.date(text)
    return style.number(text) if types[cell] in ("money", "rate", "share") else text


def write_table(
    folder: Path, name: str, *, header: Sequence[str], body: Sequence[Sequence[str]], style: Style
) -> None:
    """Write one file as the system would."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}{style.suffix}"
    rows = [*style.above, header, *body, *style.below(len(body))]
    if style.suffix == ".xlsx":
        with xlsxwriter.Workbook(path) as book:
            sheet = book.add_worksheet("Sheet1")
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, [cell or None for cell in row])
        return
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=style.delimiter, lineterminator="\r\n").writerows(rows)
    path.write_bytes(text.getvalue().encode(style.encoding))
