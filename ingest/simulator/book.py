"""Book: entries resolved to plain rows, version by version, as the ERP knew them.

Belongs here: rows by key with the day they became known. Does not: making rows, printing them.
"""

from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import date

from ingest.contract import Contract
from ingest.simulator.days import HISTORY_END
from ingest.simulator.model import Entry, World

Plain = str | int | bool | date | None
Row = dict[str, Plain]
Key = tuple[str, ...]


@dataclass(slots=True)
class History:
    """Versions of one row, ascending; a removed row ends with None."""

    known_on: list[date] = field(default_factory=list)
    rows: list[Row | None] = field(default_factory=list)

    def at(self, day: date) -> Row | None:
        """The row as known at the end of that day."""
        position = bisect_right(self.known_on, day) - 1
        return self.rows[position] if position >= 0 else None


Table = dict[Key, History]


def make_book(world: World, *, contract: Contract) -> dict[str, dict[str, Table]]:
    """Tables by company and entity. What is booked after the end of the history is left out.

    Raises:
        ValueError: two entries have one key.
    """
    book: dict[str, dict[str, Table]] = {}
    for entity in sorted(world.entries):
        key_columns = contract.entities[entity].key
        for entry in world.entries[entity]:
            if entry.booked_on > HISTORY_END:
                continue
            history = _history(entry)
            row = history.rows[0]
            assert row is not None
            key = tuple(str(row[column]) for column in key_columns)
            table = book.setdefault(entry.company, {}).setdefault(entity, {})
            if key in table:
                raise ValueError(
                    f"two rows of {entity} have the key {key}; make the simulator draw another one"
                )
            table[key] = history
    return book


def add_entry(tables: dict[str, Table], entry: Entry, *, key: Key) -> None:
    """Add a numbered entry to the tables of its company."""
    tables.setdefault(entry.entity, {})[key] = _history(entry)


def _history(entry: Entry) -> History:
    history = History()
    for booked_on, fields in entry.versions():
        if booked_on > HISTORY_END:
            break
        history.known_on.append(booked_on)
        history.rows.append(
            {column: value.number if isinstance(value, Entry) else value for column, value in fields.items()}
        )
    if entry.removed_on is not None and entry.removed_on <= HISTORY_END:
        history.known_on.append(entry.removed_on)
        history.rows.append(None)
    return history
