"""The input of a build: what has landed by a moment of knowledge, as schema `landing` of a build file.

Belongs here: views over the manifest's explicit file list, and the tables derived from manifest and settings. Must
not: any logic over the rows; a glob (orphans are never read).
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from ingest.business_calendar import calendar_exceptions
from ingest.contract import LANDING_COLUMNS, Entity, load_contract
from ingest.landing.hashing import quoted
from ingest.landing.manifest import Manifest
from ingest.landing.records import Load, RejectedRow, to_text
from ingest.landing.sql import read_parquet_sql, sql_text
from ingest.settings import Settings
from ingest.terms import parse_terms

COMPANY_ENTITY = "company"
# where texts stand that the grammar reads: entity and column
TERMS_COLUMNS = (
    ("document", "payment_terms"),
    ("customer", "payment_terms"),
    ("contract", "payment_terms"),
    ("payment_term", "terms_text"),
)
SETTING_COLUMNS = (
    "name",
    "functional_currency",
    "time_zone",
    "country",
    "intercompany_group",
    "borrowing_rate",
    "tax_relief_on_bad_debt",
)


class NothingLanded(LookupError):
    """There is no load to build from; the message says how to get one."""


@dataclass(frozen=True)
class BuildInput:
    """What a build reads. Moments are naive UTC.

    `as_of`: the earliest, over required sources, of the business date of their newest delivery. `known_at`: the
    newest `_known_at` among the loads, or the one asked for. `fingerprint` changes when any landed row does.
    """

    as_of: date
    known_at: datetime
    fingerprint: str
    load_ids: tuple[int, ...]


def prepare_build(build_path: Path, *, settings: Settings, known_at: datetime | None = None) -> BuildInput:
    """Make schema `landing` in a build file, from the loads known at `known_at` (all, unless given).

    Raises:
        NothingLanded: there is no such load.
        SettingsError: the crosswalk file cannot be used.
    """
    with Manifest(settings.home.manifest) as manifest:
        everything = manifest.loads()
        limit = to_text(known_at) if known_at else None
        loads = [load for load in everything if limit is None or to_text(load.known_at) <= limit]
        seen = manifest.load_companies()
        rejected = manifest.rejected_rows(load_ids=[load.load_id for load in loads])
    if not loads:
        raise NothingLanded(_nothing_landed(everything, known_at=known_at))
    build_path.parent.mkdir(parents=True, exist_ok=True)
    with closing(duckdb.connect(str(build_path), config={"threads": 2})) as connection:
        connection.execute("create schema if not exists landing")
        for entity in load_contract().entities.values():
            # configuration is not on the knowledge clock
            chosen = everything if entity.name == COMPANY_ENTITY else loads
            _make_view(connection, entity=entity, loads=chosen, root=settings.home.root)
        _make_load_tables(connection, loads=loads, seen=seen, rejected=rejected)
        _make_terms_readings(connection)
        _make_company_settings(connection, settings=settings)
        _make_calendar_exceptions(connection, newest_year=max(load.business_date for load in loads).year)
        _make_source_settings(connection, settings=settings)
        _make_customer_crosswalk(connection, settings=settings)
        _make_policy_overrides(connection, settings=settings)
    newest = max(load.known_at for load in loads)
    return BuildInput(
        as_of=default_as_of(loads),
        known_at=_naive(known_at or newest),
        fingerprint=fingerprint(loads),
        load_ids=tuple(sorted(load.load_id for load in loads)),
    )


def default_as_of(loads: Sequence[Load]) -> date:
    """The last business day that every required source has covered; optional ones count only where none is required."""
    newest: dict[str, date] = {}
    chosen = [load for load in loads if load.is_required] or list(loads)
    for load in chosen:
        newest[load.source] = max(load.business_date, newest.get(load.source, load.business_date))
    return min(newest.values())


def fingerprint(loads: Iterable[Load]) -> str:
    """Hex sha256 over what each load delivered and when it was known; load ids and clock times play no part."""
    lines = sorted(
        "|".join(
            (
                load.source,
                load.entity,
                load.mode,
                to_text(load.extracted_at),
                to_text(load.known_at),
                load.business_date.isoformat(),
                load.content_hash,
                f"{load.rows_landed}+{load.rows_tombstoned}-{load.rows_rejected}",
            )
        )
        for load in loads
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _nothing_landed(everything: Sequence[Load], *, known_at: datetime | None) -> str:
    if everything and known_at is not None:
        first = min(load.known_at for load in everything)
        return f"Nothing was known at {known_at}. The first knowledge is of {first}: give a later --known-at."
    return "No delivery has landed. Put files where the sources of arrears.yml look for them, then refresh."


def _naive(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment


def _make_view(
    connection: duckdb.DuckDBPyConnection, *, entity: Entity, loads: Iterable[Load], root: Path
) -> None:
    with_rows = [load for load in loads if load.entity == entity.name and load.path]
    there = {name for load in with_rows for name in load.columns}
    typed = [(column.name, column.duckdb_type) for column in entity.public_columns]
    typed += [(column.name, column.duckdb_type) for column in LANDING_COLUMNS]
    carried = there | {column.name for column in LANDING_COLUMNS}
    columns = ", ".join(
        f"cast({quoted(name) if with_rows and name in carried else 'null'} as {sql_type}) as {quoted(name)}"
        for name, sql_type in typed
    )
    origin = (
        f"from {read_parquet_sql([root / load.path for load in with_rows if load.path])}"
        if with_rows
        else "limit 0"
    )
    connection.execute(f"create or replace view landing.{quoted(entity.name)} as select {columns} {origin}")


def _make_table(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    *,
    columns: Mapping[str, str],
    rows: Sequence[Mapping[str, Any]],
) -> None:
    """Rows of plain values as a typed table; values travel as text, so that no number becomes a float."""
    frame = pl.DataFrame(
        {column: [None if row[column] is None else str(row[column]) for row in rows] for column in columns},
        schema=dict.fromkeys(columns, pl.String()),
    )
    connection.register("given_rows", frame.to_arrow())
    typed = ", ".join(
        f"cast({quoted(column)} as {sql_type}) as {quoted(column)}" for column, sql_type in columns.items()
    )
    connection.execute(f"create or replace table landing.{quoted(name)} as select {typed} from given_rows")
    connection.unregister("given_rows")


def _make_load_tables(
    connection: duckdb.DuckDBPyConnection,
    *,
    loads: Sequence[Load],
    seen: Mapping[int, Sequence[str]],
    rejected: Sequence[RejectedRow],
) -> None:
    moments = ("extracted_at", "known_at", "landed_at")
    load_rows = [{**asdict(load), **{m: to_text(getattr(load, m)) for m in moments}} for load in loads]
    counts = (
        "rows_read",
        "rows_landed",
        "rows_unchanged",
        "rows_collapsed",
        "rows_rejected",
        "rows_tombstoned",
    )
    _make_table(
        connection,
        "load",
        columns={
            "load_id": "bigint",
            "source": "varchar",
            "entity": "varchar",
            "mode": "varchar",
            **dict.fromkeys(moments, "timestamp"),
            "business_date": "date",
            "is_required": "boolean",
            "file_count": "bigint",
            **dict.fromkeys(counts, "bigint"),
            "amount_rejected": "decimal(18,2)",
            "content_hash": "varchar",
        },
        rows=load_rows,
    )
    served: dict[str, dict[str, None]] = {}
    pairs = []
    for load in sorted(loads, key=lambda x: (x.known_at, x.load_id)):
        companies = served.setdefault(load.source, {})
        companies.update(dict.fromkeys(seen.get(load.load_id, ())))
        pairs += [{"load_id": load.load_id, "company_code": company} for company in sorted(companies)]
    _make_table(
        connection, "load_company", columns={"load_id": "bigint", "company_code": "varchar"}, rows=pairs
    )
    _make_table(
        connection,
        "rejected_row",
        columns={
            "load_id": "bigint",
            "source": "varchar",
            "entity": "varchar",
            "file": "varchar",
            "row": "bigint",
            "reason_code": "varchar",
            "column_name": "varchar",
            "original_text": "varchar",
            "company_code": "varchar",
            "amount": "decimal(18,2)",
            "currency": "varchar",
            "known_at": "timestamp",
        },
        rows=[{**asdict(row), "known_at": row.known_at and to_text(row.known_at)} for row in rejected],
    )


def _make_terms_readings(connection: duckdb.DuckDBPyConnection) -> None:
    union = " union ".join(
        f"select {column} from landing.{entity} where {column} is not null"
        for entity, column in TERMS_COLUMNS
    )
    texts = sorted(row[0] for row in connection.execute(union).fetchall())
    columns = {
        "terms_text": "varchar",
        "basis": "varchar",
        "days_before": "integer",
        "cutoff_day": "integer",
        "months_after": "integer",
        "day_of_month": "integer",
        "days_after": "integer",
        "discount_rate": "decimal(9,6)",
        "discount_days": "integer",
        "is_immediate": "boolean",
        "is_readable": "boolean",
        "normal_form": "varchar",
    }
    rows = [{**asdict(parse_terms(text)), "terms_text": text} for text in texts]
    _make_table(connection, "terms_reading", columns=columns, rows=rows)


def _make_company_settings(connection: duckdb.DuckDBPyConnection, *, settings: Settings) -> None:
    """Companies of the settings, completed by the newest `company` rows; where both speak, the settings win."""
    newest = connection.execute(f"""
        select company_code, {", ".join(SETTING_COLUMNS)} from landing.company
        qualify row_number() over (partition by company_code order by _known_at desc, _load_id desc, _row desc) = 1
            and _op = 'upsert'""").fetchall()
    delivered = {row[0]: dict(zip(SETTING_COLUMNS, row[1:], strict=True)) for row in newest}
    configured = {company.company_code: company for company in settings.companies}
    rows = []
    for code in sorted({*delivered, *configured}):
        company = configured.get(code)
        row: dict[str, Any] = {"company_code": code, "day_cutoff": company.day_cutoff if company else "06:00"}
        for name in SETTING_COLUMNS:
            own = getattr(company, name) if company else None
            row[name] = own if own is not None else delivered.get(code, {}).get(name)
        row["time_zone"] = row["time_zone"] or settings.time_zone
        rows.append(row)
    types = {
        column.name: column.duckdb_type for column in load_contract().entity(COMPANY_ENTITY).public_columns
    }
    columns = {
        "company_code": "varchar",
        **{name: types[name] for name in SETTING_COLUMNS},
        "day_cutoff": "varchar",
    }
    _make_table(connection, "company_setting", columns=columns, rows=rows)
    accounts = [
        {"company_code": company.company_code, "account": account, "account_role": role}
        for company in settings.companies
        for role, listed in company.control_accounts.items()
        for account in listed
    ]
    columns = dict.fromkeys(("company_code", "account", "account_role"), "varchar")
    _make_table(connection, "control_account", columns=columns, rows=accounts)


def _make_calendar_exceptions(connection: duckdb.DuckDBPyConnection, *, newest_year: int) -> None:
    found = connection.execute(
        "select distinct country from landing.company_setting where country is not null"
    )
    rows = calendar_exceptions((row[0] for row in found.fetchall()), newest_year=newest_year)
    columns = {"country": "varchar", "day": "date", "is_business_day": "boolean", "name": "varchar"}
    _make_table(connection, "calendar_exception", columns=columns, rows=[asdict(row) for row in rows])


def _make_source_settings(connection: duckdb.DuckDBPyConnection, *, settings: Settings) -> None:
    rows = [
        {
            "source": source.name,
            "position": position,
            "settlement": source.settlement,
            "vanished": source.vanished,
        }
        for position, source in enumerate(settings.sources, start=1)
    ]
    columns = {**dict.fromkeys(("source", "settlement", "vanished"), "varchar"), "position": "integer"}
    _make_table(connection, "source_setting", columns=columns, rows=rows)


def _make_customer_crosswalk(connection: duckdb.DuckDBPyConnection, *, settings: Settings) -> None:
    crosswalk = settings.crosswalk
    columns = dict.fromkeys(("company_code", "customer_id", "party_company_code", "party_id"), "varchar")
    rows = [
        dict(zip(columns, (*customer, *party), strict=True))
        for customer, party in sorted(crosswalk.parties.items() if crosswalk else ())
    ]
    _make_table(connection, "customer_crosswalk", columns=columns, rows=rows)


def _make_policy_overrides(connection: duckdb.DuckDBPyConnection, *, settings: Settings) -> None:
    connection.execute("create schema if not exists policy_override")
    folder = settings.policy
    if folder is None or not folder.is_dir():
        return
    for path in sorted(folder.glob("*.csv")):
        connection.execute(
            f"create or replace table policy_override.{quoted(path.stem)} as"
            f" select * from read_csv('{sql_text(path)}', all_varchar = true, header = true)"
        )
