"""Deliveries: rows become CSV files of the generic dialect, one folder per source and day.

Belongs here: printing rows by the contract, full dumps, deltas and appended lines. Does not: what the rows say.
Files are appended to cell by cell, so that memory holds one cell whatever the scale.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from ingest.contract import Contract
from ingest.simulator.book import Plain, Row, Table
from ingest.simulator.days import DeliveryPlan
from ingest.simulator.money import print_minor


@dataclass(slots=True)
class DeliveryWriter:
    """Writes below `<out>/in`; counts rows per entity."""

    out: Path
    plan: DeliveryPlan
    contract: Contract
    row_counts: dict[str, int] = field(default_factory=dict)

    def write_table(self, source: str, entity: str, table: Table, *, is_full: bool) -> None:
        """Deliver a table of one cell: everything known (full), or what changed since the last delivery (delta)."""
        columns = self._columns(entity)
        keys = sorted(table)
        last_lines: list[str | None] = [None] * len(keys)
        changed: list[list[tuple[int, str | None]]] = [[] for _ in self.plan.days]
        for position, key in enumerate(keys):
            history = table[key]
            for known_on, row in zip(history.known_on, history.rows, strict=True):
                index = self.plan.index_of(known_on)
                changed[index].append((position, None if row is None else _line(row, columns)))
        for index, day in enumerate(self.plan.days):
            before = {position: last_lines[position] for position, _ in changed[index]}
            for position, line in changed[index]:
                last_lines[position] = line
            if is_full:
                lines: Iterable[str] = [f"{line}\n" for line in last_lines if line is not None]
            else:
                lines = _delta(before, last_lines)
            self._append(source, entity, day, lines, is_full=is_full)

    def write_rows(
        self,
        source: str,
        entity: str,
        by_delivery: list[list[Row]],
        *,
        is_full: bool,
        has_deletes: bool = False,
    ) -> None:
        """Deliver given rows: dumps as they are, else only lines that the delivery before did not have."""
        columns = self._columns(entity)
        seen: set[str] = set()
        for day, rows in zip(self.plan.days, by_delivery, strict=True):
            lines = [_line(row, columns) for row in rows]
            kept = lines if is_full else [line for line in lines if line not in seen]
            if not is_full:
                seen.update(kept)
            ending = ",\n" if has_deletes else "\n"
            self._append(source, entity, day, [f"{line}{ending}" for line in kept], is_full=not has_deletes)

    def _append(self, source: str, entity: str, day: date, lines: Iterable[str], *, is_full: bool) -> None:
        body = list(lines)
        if not body:
            return
        folder = self.out / "in" / source / day.isoformat()
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{entity}.csv"
        if not path.exists():
            header = [name for name, _ in self._columns(entity)]
            body.insert(0, ",".join(header if is_full else [*header, "_deleted"]) + "\n")
            self.row_counts[entity] = self.row_counts.get(entity, 0) - 1
        with path.open("a", encoding="utf-8", newline="") as stream:
            stream.writelines(body)
        self.row_counts[entity] = self.row_counts.get(entity, 0) + len(body)

    def _columns(self, entity: str) -> list[tuple[str, str]]:
        return [(column.name, column.type) for column in self.contract.entities[entity].columns.values()]


def _delta(before: dict[int, str | None], now: list[str | None]) -> list[str]:
    lines: list[str] = []
    for position in sorted(before):
        old, new = before[position], now[position]
        if new is not None and new != old:
            lines.append(f"{new},\n")
        elif new is None and old is not None:
            lines.append(f"{old},true\n")
    return lines


def _line(row: Row, columns: list[tuple[str, str]]) -> str:
    return ",".join(_text(row.get(name), column_type) for name, column_type in columns)


def _text(value: Plain, column_type: str) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return print_minor(value) if column_type == "money" else str(value)
    if isinstance(value, date):
        return value.isoformat()
    if "," in value or '"' in value or "\n" in value:
        return '"' + value.replace('"', '""') + '"'
    return value


def write_csv(path: Path, header: tuple[str, ...], rows: Iterable[tuple[Plain, ...]]) -> None:
    """Append rows to a plain CSV file of the truth; the header comes first."""
    path.parent.mkdir(parents=True, exist_ok=True)
    is_new = not path.exists()
    with path.open("a", encoding="utf-8", newline="") as stream:
        if is_new:
            stream.write(",".join(header) + "\n")
        stream.writelines(",".join(_text(value, "text") for value in row) + "\n" for row in rows)
