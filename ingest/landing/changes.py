"""Change detection: which rows of a delivery are new, which keys are gone.

Belongs here: duplicates inside a delivery, comparison with what has landed, the landing file of what is new, all in
DuckDB and linear in rows. Must not: reading delivered files, the manifest, decisions about refusing, writing a file of
which every row is new (landing_file.py).

Relations on the connection: `incoming` (staging.py), `slim` (key, hash and operation of each row), `kept` (one row per
key), `live` (state of the keys landed before), `landing_row` (what is written), `vanished` (tombstones).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb
import polars as pl

from ingest.canonical import KEY_KNOWN, KEY_UNREADABLE
from ingest.contract import Entity
from ingest.durable import make_folder, sync
from ingest.landing.hashing import quoted, upsert_hash_sql
from ingest.landing.landing_file import Stamp, write_new_rows
from ingest.landing.sql import read_parquet_sql, sql_text
from ingest.landing.staging import FILE, INCOMING, SEQUENCE, Staged, is_numbered_later

OCCURRENCE = "occurrence_no"
STATEMENT = "statement_id"


@dataclass(frozen=True)
class Counts:
    """Rows of one delivery by what became of them, and the state of the keys."""

    landed: int
    unchanged: int
    collapsed: int
    conflicting: int
    tombstoned: int
    keys_before: int
    keys_lost: int
    is_tombstoning_held: bool


class ChangeDetector:
    """Works through the deliveries of one source and entity, oldest extraction first."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, *, entity: Entity, mode: str) -> None:
        self._connection = connection
        self._entity = entity
        self._is_full = mode == "full"
        self._is_line = is_numbered_later(entity)
        self._keys = ", ".join(quoted(name) for name in entity.key)
        self._has_live = False
        # a delivery of which every row was new: its keys are read from its file once they are asked for
        self._unread: Path | None = None
        # of the delivery compared last
        self._given: Collection[str] = ()
        self._all_new: pl.LazyFrame | None = None
        self._written: Path | None = None

    def start(self, paths: Sequence[Path]) -> None:
        """Take up what has landed: for full dumps the live keys, for lines without identifier every key."""
        typed = ", ".join(
            f"cast(null as {self._entity.columns[k].duckdb_type}) as {quoted(k)}" for k in self._entity.key
        )
        state = "cast(null as varchar) as _row_hash, cast(null as timestamp) as _known_at"
        self._run(f"create or replace temp table live as select {typed}, {state} limit 0")
        self._has_live, self._unread = False, None
        if not paths or not (self._is_full or self._is_line):
            return
        landed = read_parquet_sql(paths)
        if self._is_full:
            # max_by passes over a NULL value, and a tombstone has no hash
            self._run(f"""
                create or replace temp table live as
                select {self._keys}, max_by(coalesce(_row_hash, ''), _known_at) as _row_hash,
                    max(_known_at) as _known_at
                from {landed} group by {self._keys} having max_by(_op, _known_at) = 'upsert'""")
        else:
            self._run(f"""
                create or replace temp table live as
                select {self._keys}, min(_row_hash) as _row_hash, min(_known_at) as _known_at
                from {landed} group by {self._keys}""")
        self._has_live = self._row("select count(*) from live")[0] > 0

    def compare(self, staged: Staged, *, known_at: datetime, superseded_by: Sequence[Path] = ()) -> Counts:
        """Sort the rows of `incoming`. A key among the rows set aside while reading is not gone.

        Args:
            superseded_by: files of later extractions that were known earlier; their keys are not overwritten.
        """
        rejected = staged.rejected
        if self._unread is not None:
            self.start([self._unread])
        self._given = staged.columns | {OCCURRENCE}
        self._written = None
        is_compared = self._is_line or bool(superseded_by) or self._has_live
        self._all_new = staged.rows if staged.has_unique_keys and not is_compared else None
        self._run("create or replace temp table vanished as select * from live limit 0")
        if self._all_new is not None:
            return self._counts_of_all_new(rejected)
        self._make_slim(given=self._given)
        self._make_kept(is_unique=staged.has_unique_keys and not self._is_line)
        total, kept, conflicting = self._row("""
            select (select count(*) from slim), (select count(*) from kept),
                   (select coalesce(sum(n), 0) from twice where is_conflict)""")
        keys_before = keys_lost = tombstoned = 0
        is_held = False
        if self._is_full:
            keys_before, keys_lost = self._compare_with_state(rejected)
            is_held = _hides_keys(rejected)
            if is_held:
                self._run("truncate vanished")
            tombstoned = 0 if is_held else keys_lost
        elif self._is_line:
            moment = f"timestamp '{known_at:%Y-%m-%d %H:%M:%S.%f}'"
            self._run(f"""
                create or replace temp table chosen as select k.{SEQUENCE}, k._row_hash from kept k
                where not exists (select 1 from live l where l._known_at <= {moment} and {self._same("k", "l")})""")
        else:
            other = read_parquet_sql(superseded_by) if superseded_by else "live"
            self._run(f"""
                create or replace temp table chosen as select k.{SEQUENCE}, k._row_hash from kept k
                where not exists (select 1 from {other} l where {self._same("k", "l")})""")
        landed = self._row("select count(*) from chosen")[0]
        return Counts(
            landed=landed,
            unchanged=kept - landed,
            collapsed=total - kept - conflicting,
            conflicting=conflicting,
            tombstoned=tombstoned,
            keys_before=keys_before,
            keys_lost=keys_lost,
            is_tombstoning_held=is_held,
        )

    def _counts_of_all_new(self, rejected: pl.DataFrame) -> Counts:
        """No key comes twice and there is nothing to compare with: every accepted row lands as it stands. In a dump a
        row that was deleted says nothing new."""
        total, deleted = self._row(f"select count(*), count(*) filter (_op = 'delete') from {INCOMING}")
        unchanged = deleted if self._is_full else 0
        return Counts(
            landed=total - unchanged,
            unchanged=unchanged,
            collapsed=0,
            conflicting=0,
            tombstoned=0,
            keys_before=0,
            keys_lost=0,
            is_tombstoning_held=self._is_full and _hides_keys(rejected),
        )

    def conflicting_rows(self) -> pl.DataFrame:
        """Rows whose key appears with different content: file, record number, company, amount, currency, record."""
        names = {column.name for column in self._entity.public_columns}
        record = ", ".join(f"{quoted(c.name)} := i.{quoted(c.name)}" for c in self._entity.public_columns)
        key_text = ", ".join(f"cast(i.{quoted(k)} as varchar)" for k in self._entity.key)

        def column(name: str | None, sql_type: str) -> str:
            return f"cast(i.{quoted(name)} as {sql_type})" if name in names else f"cast(null as {sql_type})"

        frame: pl.DataFrame = self._connection.sql(f"""
            select i.{FILE}, i._row, concat_ws('|', {key_text}) as original_text,
                cast(to_json(struct_pack({record})) as varchar) as record,
                {column("company_code", "varchar")} as company_code,
                {column(self._entity.amount, "decimal(18,2)")} as amount,
                {column("currency", "varchar")} as currency
            from {self._relation} i join slim s on i.{SEQUENCE} = s.{SEQUENCE} join twice t on {self._same("s", "t")}
            where t.is_conflict order by i.{FILE}, i._row""").pl()
        return frame

    @property
    def written_columns(self) -> tuple[str, ...]:
        """Columns of the file: those that the delivery can fill, and the key. Readers fill up with NULL."""
        written = {*self._given, *self._entity.key}
        return tuple(column.name for column in self._entity.public_columns if column.name in written)

    def write(self, path: Path, *, stamp: Stamp) -> None:
        """Write landed rows and tombstones to a new Parquet file, synced to disk."""
        make_folder(path.parent)
        public = self.written_columns
        self._written = path
        if self._all_new is not None:
            write_new_rows(
                self._all_new, path, columns=public, stamp=stamp, with_tombstones=not self._is_full
            )
            sync(path)
            return
        columns = ", ".join(f"i.{quoted(name)}" for name in public)
        carried = (
            f"'{stamp.source}' as _source, cast({stamp.load_id} as bigint) as _load_id, {{file}} as _file,"
            f" {{row}} as _row, timestamp '{stamp.known_at:%Y-%m-%d %H:%M:%S.%f}' as _known_at,"
            f" timestamp '{stamp.landed_at:%Y-%m-%d %H:%M:%S.%f}' as _landed_at"
        )
        gone = ", ".join(
            f"v.{quoted(n)}"
            if n in self._entity.key
            else f"cast(null as {self._entity.columns[n].duckdb_type})"
            for n in public
        )
        own = carried.format(file=f"i.{FILE}", row="i._row")
        rows = f"""
            select {columns}, {own}, c._row_hash, i._op
            from {self._relation} i join chosen c on i.{SEQUENCE} = c.{SEQUENCE}
            union all
            select {gone}, {carried.format(file="cast(null as varchar)", row="cast(null as bigint)")},
                cast(null as varchar), 'delete'
            from vanished v"""
        self._run(f"copy ({rows}) to '{sql_text(path)}' (format parquet, compression zstd)")
        sync(path)

    def advance(self, *, known_at: datetime) -> None:
        """Make the delivery just written part of the state that the next one is compared with."""
        moment = f"timestamp '{known_at:%Y-%m-%d %H:%M:%S.%f}'"
        if self._all_new is not None:
            self._all_new = None
            self._unread = self._written if self._is_full else None
        elif self._is_full:
            self._has_live = True
            self._run(f"""
                create or replace temp table live as
                select {self._keys}, _row_hash, {moment} as _known_at from kept where _op = 'upsert'
                union all
                select {self._qualified("l")}, l._row_hash, l._known_at from live l
                where not exists (select 1 from kept k where k._op = 'upsert' and {self._same("k", "l")})
                  and not exists (select 1 from vanished v where {self._same("v", "l")})""")
        elif self._is_line:
            self._run(f"""
                insert into live select {self._qualified("k")}, k._row_hash, {moment} from kept k
                join chosen c on k.{SEQUENCE} = c.{SEQUENCE}""")

    @property
    def _relation(self) -> str:
        return "numbered" if self._is_line else INCOMING

    def _make_slim(self, *, given: Collection[str]) -> None:
        if self._is_line:
            # identical lines are numbered inside their statement; without one the file is the statement, so that
            # overlapping downloads do not count a line twice
            others = ", ".join(quoted(k) for k in self._entity.key if k != OCCURRENCE)
            within = f"{others}, {STATEMENT}, case when {STATEMENT} is null then {FILE} end"
            number = f"row_number() over (partition by {within} order by {FILE}, _row)"
            self._run(f"""
                create or replace temp table numbered as
                select * replace (cast({number} as integer) as {OCCURRENCE}) from {INCOMING}""")
        self._run(f"""
            create or replace temp table slim as
            select {SEQUENCE}, {self._keys}, _op,
                {upsert_hash_sql(self._entity, given=given) if self._is_line else "_row_hash"} as _row_hash
            from {self._relation}""")

    def _make_kept(self, *, is_unique: bool) -> None:
        """One row per key. Equal rows collapse; different ones are all set aside, except lines, which are the same
        line seen in two statements."""
        if is_unique:
            self._run(f"""
                create or replace temp table twice as
                select {self._keys}, 0 as n, false as is_conflict, {SEQUENCE} as first_seq from slim limit 0""")
            self._run("create or replace temp view kept as select * from slim")
            return
        conflict = (
            "false" if self._is_line else "min(coalesce(_row_hash, '')) <> max(coalesce(_row_hash, ''))"
        )
        self._run(f"""
            create or replace temp table twice as
            select {self._keys}, count(*) as n, {conflict} as is_conflict,
                min_by({SEQUENCE}, coalesce(_row_hash, '')) as first_seq
            from slim group by {self._keys} having count(*) > 1""")
        if not self._row("select count(*) from twice")[0]:
            self._run("create or replace temp view kept as select * from slim")
            return
        self._run(f"""
            create or replace temp view kept as
            select s.* from slim s
            where not exists (select 1 from twice t where {self._same("s", "t")})
               or {SEQUENCE} in (select first_seq from twice where not is_conflict)""")

    def _compare_with_state(self, rejected: pl.DataFrame) -> tuple[int, int]:
        known = rejected.filter(pl.col("key_state") == KEY_KNOWN).select(*self._entity.key)
        self._connection.register("rejected_key", known.to_arrow())
        self._run(f"""
            create or replace temp table chosen as select k.{SEQUENCE}, k._row_hash from kept k
            where k._op = 'upsert' and not exists (
                select 1 from live l where l._row_hash = k._row_hash and {self._same("k", "l")})""")
        self._run(f"""
            create or replace temp table vanished as select l.* from live l
            where not exists (select 1 from kept k where k._op = 'upsert' and {self._same("k", "l")})
              and not exists (select 1 from rejected_key r where {self._same("r", "l")})
              and not exists (select 1 from twice t where t.is_conflict and {self._same("t", "l")})""")
        before, lost = self._row("select (select count(*) from live), (select count(*) from vanished)")
        return before, lost

    def _same(self, left: str, right: str) -> str:
        """Equality of keys; null-safe where a key column may be missing."""
        parts = []
        for name in self._entity.key:
            operator = "=" if self._entity.columns[name].required else "is not distinct from"
            parts.append(f"{left}.{quoted(name)} {operator} {right}.{quoted(name)}")
        return " and ".join(parts)

    def _qualified(self, alias: str) -> str:
        return ", ".join(f"{alias}.{quoted(name)}" for name in self._entity.key)

    def _run(self, sql: str) -> None:
        self._connection.execute(sql).fetchall()

    def _row(self, sql: str) -> tuple[int, ...]:
        return tuple(int(value) for value in self._connection.execute(sql).fetchall()[0])


def _hides_keys(rejected: pl.DataFrame) -> bool:
    """Whether a row was set aside of which nobody can tell the key."""
    return bool((rejected["key_state"] == KEY_UNREADABLE).any())
