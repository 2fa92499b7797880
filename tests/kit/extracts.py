"""Extracts of invented companies: rows collected by code, written as a user's delivery folders would hold them.

Belongs here: which delivery holds which row, CSV files, `arrears.yml`. Must not: defaults of entities (rows.py),
running the pipeline (warehouse.py).

A row lives from delivery `since` up to, not including, delivery `until`. In a `full` source every delivery holds the
rows alive in it; in a `delta` source it holds what changed since the one before, with `_deleted` for keys that went.
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path

import yaml

from ingest.contract import load_contract
from tests.kit.rows import BooksRows, Cell

Key = tuple[str, ...]
Row = Mapping[str, str]


def cell_text(value: Cell) -> str:
    """One value as it stands in an extract."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    return str(value)


@dataclass(frozen=True)
class SourcePlan:
    """A source and the moments at which it delivers, oldest first; a date means the end of that local day."""

    name: str
    deliveries: tuple[date | datetime, ...]
    mode: str = "full"
    required: bool = True
    options: Mapping[str, object] = field(default_factory=dict)

    @property
    def has_times(self) -> bool:
        return any(isinstance(moment, datetime) for moment in self.deliveries)

    @property
    def path(self) -> str:
        stamp = "%Y-%m-%dT%H%M%S" if self.has_times else "%Y-%m-%d"
        return f"in/{self.name}/{{extracted_at:{stamp}}}/"

    def folder(self, moment: date | datetime) -> str:
        stamp = "%Y-%m-%dT%H%M%S" if self.has_times else "%Y-%m-%d"
        return f"in/{self.name}/{moment.strftime(stamp)}"


@dataclass(frozen=True)
class _Entry:
    source: str
    entity: str
    row: Row
    since: date | datetime | None
    until: date | datetime | None

    def is_alive(self, moment: date | datetime) -> bool:
        return (self.since is None or _rank(self.since) <= _rank(moment)) and (
            self.until is None or _rank(moment) < _rank(self.until)
        )


def _rank(moment: date | datetime) -> datetime:
    if isinstance(moment, datetime):
        return moment
    return datetime.combine(moment, time.max)


@dataclass(frozen=True)
class Books(BooksRows):
    """The books of one company inside a set of extracts; the factories of rows.py add to it."""

    extracts: "Extracts"
    code: str
    source: str
    since: date | datetime | None = None
    until: date | datetime | None = None

    def known(self, *, since: date | datetime | None = None, until: date | datetime | None = None) -> "Books":
        """The same books, for rows that are delivered only from `since` on and no longer at `until`."""
        return replace(self, since=since, until=until)

    def add(self, entity: str, /, **columns: Cell) -> None:
        """Add one row of `entity`; `company_code` is filled in."""
        # one entity has a column `source` of its own
        row = {"company_code": self.code, **columns}
        self.extracts.put_row(entity, row, source=self.source, since=self.since, until=self.until)


@dataclass
class Extracts:
    """Rows of any number of companies, and the configuration under which they are loaded."""

    sources: Sequence[SourcePlan]
    reporting_currency: str = "CNY"
    time_zone: str = "Asia/Shanghai"
    gates: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, object] = field(default_factory=dict)
    companies: dict[str, dict[str, object]] = field(default_factory=dict)
    policy: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    _entries: list[_Entry] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._keys = {name: entity.key for name, entity in load_contract().entities.items()}

    def books(
        self,
        code: str,
        *,
        functional_currency: str = "CNY",
        source: str | None = None,
        customers: Sequence[str] = ("C1",),
        **settings: object,
    ) -> Books:
        """Open the books of company `code`; its customers are delivered with it.

        Raises:
            ValueError: the code is taken by another case.
        """
        if code in self.companies:
            raise ValueError(
                f"company {code} is taken by another case. Fix: give each case its own company_code."
            )
        self.companies[code] = {
            "company_code": code,
            "name": f"Company {code}",
            "functional_currency": functional_currency,
            **settings,
        }
        books = Books(extracts=self, code=code, source=source or self.sources[0].name)
        for customer in customers:
            books.customer(customer)
        return books

    def put(
        self,
        entity: str,
        /,
        *,
        source: str | None = None,
        since: date | datetime | None = None,
        until: date | datetime | None = None,
        **columns: Cell,
    ) -> None:
        """Add one row to the deliveries of `source` from `since` up to, not including, `until`."""
        self.put_row(entity, columns, source=source, since=since, until=until)

    def put_row(
        self,
        entity: str,
        columns: Mapping[str, Cell],
        *,
        source: str | None = None,
        since: date | datetime | None = None,
        until: date | datetime | None = None,
    ) -> None:
        """The same, of a row whose columns may be called like the arguments."""
        if entity not in self._keys:
            raise ValueError(f"no entity {entity} in the contract")
        row = {name: cell_text(value) for name, value in columns.items() if value is not None}
        self._entries.append(_Entry(source or self.sources[0].name, entity, row, since, until))

    def write(self, folder: Path, *, through: date | datetime | None = None) -> Path:
        """Write the deliveries up to `through` and `arrears.yml`; returns the path of `arrears.yml`.

        A delivery folder that is there already is left alone, so a later call only adds.
        """
        folder.mkdir(parents=True, exist_ok=True)
        for plan in self.sources:
            for moment, files in self._deliveries(plan):
                target = folder / plan.folder(moment)
                if target.exists() or (through is not None and _rank(moment) > _rank(through)):
                    continue
                target.mkdir(parents=True)
                for entity, rows in files.items():
                    _write_csv(target / f"{entity}.csv", rows)
        for table, lines in self.policy.items():
            (folder / "policy").mkdir(exist_ok=True)
            _write_csv(folder / "policy" / f"{table}.csv", lines)
        config = folder / "arrears.yml"
        config.write_text(
            yaml.safe_dump(self._document(), allow_unicode=True, sort_keys=False), encoding="utf-8"
        )
        return config

    def _deliveries(self, plan: SourcePlan) -> Iterator[tuple[date | datetime, dict[str, list[Row]]]]:
        before: dict[str, dict[Key, Row]] = {}
        for moment in plan.deliveries:
            alive: dict[str, list[Row]] = {}
            for entry in self._entries:
                if entry.source == plan.name and entry.is_alive(moment):
                    alive.setdefault(entry.entity, []).append(entry.row)
            yield moment, alive if plan.mode == "full" else self._changes(before, alive)
            before = {entity: {self._key(entity, row): row for row in rows} for entity, rows in alive.items()}

    def _changes(
        self, before: Mapping[str, Mapping[Key, Row]], alive: Mapping[str, Sequence[Row]]
    ) -> dict[str, list[Row]]:
        files: dict[str, list[Row]] = {}
        for entity in {**before, **alive}:
            old = before.get(entity, {})
            rows = alive.get(entity, ())
            changed = [row for row in rows if old.get(self._key(entity, row)) != row]
            gone = old.keys() - {self._key(entity, row) for row in rows}
            deleted = [
                {**{name: old[key].get(name, "") for name in self._keys[entity]}, "_deleted": "true"}
                for key in sorted(gone)
            ]
            if changed or deleted:
                files[entity] = [*changed, *deleted]
        return files

    def _key(self, entity: str, row: Row) -> Key:
        return tuple(row.get(name, "") for name in self._keys[entity])

    def _document(self) -> dict[str, object]:
        document: dict[str, object] = {
            "home": "./home",
            "time_zone": self.time_zone,
            "reporting_currency": self.reporting_currency,
            "companies": list(self.companies.values()),
            "sources": [
                {
                    "name": plan.name,
                    "profile": "generic",
                    "path": plan.path,
                    "mode": plan.mode,
                    "required": plan.required,
                    "settlement": "allocations",
                    **plan.options,
                }
                for plan in self.sources
            ],
            # most worlds ask nothing of it; one that does says `simple` or `full` in its settings
            "prediction": "none",
            **self.settings,
        }
        if self.gates:
            document["gates"] = dict(self.gates)
        if self.policy:
            document["policy"] = "./policy"
        return document


def _write_csv(path: Path, rows: Sequence[Row]) -> None:
    names = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
