"""Dagster's event log in SQLite, through connections that stay open.

Belongs here: how Dagster's own storage reaches its files. Must not: what is stored or asked; that stays Dagster's.

The stock storage opens and closes a connection for each of the thousands of events of a refresh. Whoever closes a
file of SQLite last writes its log back and waits for the disk, so that the events of a small refresh took longer than
the refresh.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from dagster import StringSource
from dagster._core.storage.event_log import SqliteEventLogStorage
from dagster._core.storage.event_log.sqlite.sqlite_event_log import INDEX_SHARD_NAME
from dagster._serdes import ConfigurableClassData
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import Connection

_BUSY_SECONDS = 60


class EventLog(SqliteEventLogStorage):
    """The stock storage, in the stock place under `dagster_home`; either reads what the other wrote."""

    def __init__(self, dagster_home: str, inst_data: ConfigurableClassData | None = None) -> None:
        self._engines: dict[str, Engine] = {}
        self._tables: set[str] = set()
        super().__init__(str(Path(dagster_home) / "history" / "runs"), inst_data)

    @classmethod
    def config_type(cls) -> dict[str, Any]:
        return {"dagster_home": StringSource}

    @classmethod
    def from_config_value(
        cls, inst_data: ConfigurableClassData | None, config_value: Mapping[str, Any]
    ) -> Self:
        return cls(inst_data=inst_data, **config_value)

    @contextmanager
    def _connect(self, shard: str) -> Iterator[Connection]:
        with self._db_lock:
            engine = self._engine(shard)
            if shard not in self._initialized_dbs:
                self._initdb(engine)
                self._initialized_dbs.add(shard)
            with engine.begin() as connection:
                yield connection

    def _engine(self, shard: str) -> Engine:
        """The engine of a file; those of the index and of the run asked for last stay open."""
        if shard not in self._engines:
            for other in [
                name for name in self._engines if name != INDEX_SHARD_NAME and shard != INDEX_SHARD_NAME
            ]:
                self._engines.pop(other).dispose()
            engine = create_engine(
                self.conn_string_for_shard(shard), connect_args={"timeout": _BUSY_SECONDS}, pool_size=1
            )
            event.listen(engine, "connect", _trust_the_system)
            self._engines[shard] = engine
        return self._engines[shard]

    def has_table(self, table_name: str) -> bool:
        # asked again for every event, and a table that is there stays
        if table_name not in self._tables and super().has_table(table_name):
            self._tables.add(table_name)
        return table_name in self._tables

    def wipe(self) -> None:
        self._close()
        super().wipe()

    def dispose(self) -> None:
        self._close()
        super().dispose()

    def _close(self) -> None:
        with self._db_lock:
            for shard in list(self._engines):
                self._engines.pop(shard).dispose()


def _trust_the_system(connection: Any, _: object) -> None:
    # a killed process loses nothing that it wrote; only when the power fails may the last events of a run be missing.
    # What was published does not depend on them: the manifest is our own
    connection.execute("pragma synchronous = normal")
