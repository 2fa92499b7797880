"""A small installation for tests of landing: extracts as text, landed rows back as dicts.

Belongs here: writing extracts, running landing without Great Expectations, reading schema `landing`. Must not: asserts.
"""

import json
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import yaml

from ingest.landing import BuildInput, LandingReport, land_sources, prepare_build, rejected_rows, replay
from ingest.landing.lander import Audit
from ingest.landing.records import RejectedRow
from ingest.settings import Settings, load_settings
from tests.kit.landing import accept_all

DOCUMENT = "company_code,document_id,document_type,document_date,currency,amount"
CUSTOMER = "company_code,customer_id,name"
BANK = "company_code,account,booking_date,currency,amount,remittance_text"

# differ from run to run, or with the order in which deliveries arrive
INCIDENTAL = {"_load_id", "_landed_at", "_file", "_row"}


def document(
    number: int | str, *, amount: str = "100.00", kind: str = "invoice", company: str = "CN01"
) -> str:
    """One line of a document file."""
    return f"{company},{number},{kind},2026-01-31,CNY,{amount}"


def documents(*numbers: int | str, amount: str = "100.00") -> str:
    """A document file of invoices with these numbers."""
    return table(DOCUMENT, *(document(number, amount=amount) for number in numbers))


def table(header: str, *lines: str) -> str:
    """A CSV file."""
    return "".join(f"{line}\n" for line in (header, *lines))


@dataclass
class World:
    """`arrears.yml`, extracts and home in one temporary folder."""

    root: Path
    source: dict[str, Any] = field(default_factory=dict)
    top: dict[str, Any] = field(default_factory=dict)
    more_sources: list[dict[str, Any]] = field(default_factory=list)
    audit: Audit = accept_all
    messages: list[str] = field(default_factory=list)

    @property
    def settings(self) -> Settings:
        source = {"name": "erp", "path": "in/{extracted_at:%Y-%m-%d}/", **self.source}
        tree = {"home": "./home", "time_zone": "Asia/Shanghai", "reporting_currency": "CNY", **self.top}
        tree["sources"] = [source, *self.more_sources]
        path = self.root / "arrears.yml"
        path.write_text(yaml.safe_dump(tree, allow_unicode=True), encoding="utf-8")
        return load_settings(path)

    @property
    def home(self) -> Path:
        return self.root / "home"

    def put(self, name: str, content: str | bytes) -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def deliver(self, day: str, content: str | bytes, *, name: str = "document.csv") -> Path:
        return self.put(f"in/{day}/{name}", content)

    def land(self) -> LandingReport:
        return land_sources(self.settings, progress=self.messages.append, audit=self.audit)

    def replay(self, **options: Any) -> LandingReport:
        return replay(self.settings, audit=self.audit, **options)

    def build(self, *, known_at: datetime | None = None) -> BuildInput:
        self.build_file.unlink(missing_ok=True)
        return prepare_build(self.build_file, settings=self.settings, known_at=known_at)

    @property
    def build_file(self) -> Path:
        return self.home / "build" / "test.duckdb"

    def query(self, sql: str) -> list[dict[str, Any]]:
        with duckdb.connect(str(self.build_file), read_only=True) as connection:
            cursor = connection.execute(sql)
            names = [column[0] for column in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def rows(self, entity: str = "document", *, known_at: datetime | None = None) -> list[dict[str, Any]]:
        """Every landed row, oldest knowledge first."""
        self.build(known_at=known_at)
        return self.query(f"select * from landing.{entity} order by _known_at, _op, _row_hash, _file, _row")

    def content(self, entity: str = "document") -> list[str]:
        """What landed, without what may differ between equal histories."""
        rows = ({k: str(v) for k, v in row.items() if k not in INCIDENTAL} for row in self.rows(entity))
        return sorted(json.dumps(row, sort_keys=True) for row in rows)

    def versions(self, number: str, *, entity: str = "document", column: str = "document_id") -> list[str]:
        """Operations on one key, oldest first."""
        return [row["_op"] for row in self.rows(entity) if row[column] == number]

    def live(self, *, entity: str = "document", column: str = "document_id") -> set[str]:
        """Keys whose newest version is no tombstone."""
        newest = {row[column]: row["_op"] for row in self.rows(entity)}
        return {key for key, operation in newest.items() if operation == "upsert"}

    def rejected(self) -> list[RejectedRow]:
        return rejected_rows(self.settings)

    def publish(self, known_at: datetime) -> None:
        """Pretend that a release was published, as the orchestration room records it."""
        with sqlite3.connect(self.home / "manifest.sqlite") as connection:
            connection.execute(
                "create table if not exists releases (release_id text, status text, known_at text)"
            )
            connection.execute(
                "insert into releases values ('r', 'published', ?)", (f"{known_at:%Y-%m-%d %H:%M:%S.%f}",)
            )

    def parquet_files(self) -> set[str]:
        return {
            p.relative_to(self.home).as_posix() for p in (self.home / "landing").rglob("*") if p.is_file()
        }


WorldFactory = Callable[..., World]
