"""Payment predictions as a source of the warehouse: dbt asks for a table, and this makes it.

Belongs here: frames out of the build, frames into it, and when to make them. Must not: rules of prediction
(`analytics.prediction` has them), money logic, anything a refresh does beside dbt.

dbt loads the tables of source `analytics` while it compiles the first model that reads one; that model runs after
int_prediction__*, from which they are made (macro `predicted`). All tables come from one prediction. A prediction that
fails stops the refresh like a model that fails: yesterday's release stays, and the message says how to publish without.
"""

from __future__ import annotations

from datetime import date, datetime, time
from threading import Lock
from typing import TYPE_CHECKING, Any

import duckdb
from dbt.adapters.duckdb.plugins import BasePlugin
from dbt.adapters.duckdb.utils import SourceConfig
from dbt.flags import get_flags
from dbt_common.exceptions import DbtRuntimeError

if TYPE_CHECKING:
    import polars as pl
    import pyarrow as pa

    from analytics.prediction import PaymentPrediction

# `arrears.yml` says how much is done
CANDIDATES = {
    "full": ("due_date", "history", "roll_rate", "boosting"),
    "simple": ("due_date", "history"),
}
SCHEMA = "analytics"
"""Where the tables stand in the build, and what dbt calls the source."""
_TEXT, _DAY, _WHOLE, _SHARE, _FLAG = "large_string", "date32", "int64", "double", "bool"
TABLES: dict[str, dict[str, str]] = {
    "payment_prediction": {
        "company_code": _TEXT,
        "open_item_id": _TEXT,
        "remaining": _SHARE,
        **{f"{horizon}_probability": _SHARE for horizon in ("late", "late_30", "late_90")},
        **{f"pay_date_{quantile}": _DAY for quantile in ("p10", "p50", "p90")},
        **{f"{horizon}_champion": _TEXT for horizon in ("late", "late_30", "late_90", "days")},
        "explained_by": _TEXT,
        "reasons_zh": _TEXT,
        "reasons_en": _TEXT,
    },
    "cash_forecast": {
        "company_code": _TEXT,
        "currency": _TEXT,
        "week_ahead": _WHOLE,
        "week_begins": _DAY,
        **dict.fromkeys(("expected", "low", "high", "expected_new"), _SHARE),
        "forecaster": _TEXT,
    },
    "cash_forecast_error": {
        "origin": _DAY,
        **dict.fromkeys(("target", "forecaster", "company_code", "currency"), _TEXT),
        "week_ahead": _WHOLE,
        **dict.fromkeys(("expected", "low", "high", "actual"), _SHARE),
        "is_champion": _FLAG,
    },
    "prediction_score": {
        "origin": _DAY,
        **dict.fromkeys(("company_code", "horizon", "candidate"), _TEXT),
        "scored_count": _WHOLE,
        **dict.fromkeys(("loss", "late_share", "auc", "mean_absolute_days", "band_coverage"), _SHARE),
    },
    "prediction_champion": dict.fromkeys(("company_code", "horizon", "champion", "reason"), _TEXT),
    "prediction_reliability": {
        "horizon": _TEXT,
        "bin": _WHOLE,
        "predicted": _SHARE,
        "observed": _SHARE,
        "scored_count": _WHOLE,
    },
    "prediction_input": {
        "kind": _TEXT,
        "name": _TEXT,
        "is_used": _FLAG,
        "reason": _TEXT,
        "item_count": _WHOLE,
    },
}
"""Columns of each table that models read, and their Arrow types: the same with and without a prediction."""

_COMMANDS_THAT_BUILD = ("build", "run")
_INPUT = "intermediate.int_prediction__"


class Plugin(BasePlugin):
    """What dbt-duckdb makes one of per process."""

    def initialize(self, plugin_config: dict[str, Any]) -> None:
        self._lock = Lock()
        self._connection: duckdb.DuckDBPyConnection | None = None
        self._tables: dict[str, pa.Table] | None = None
        self._failure: DbtRuntimeError | None = None

    def configure_connection(self, conn: duckdb.DuckDBPyConnection) -> None:
        self._connection = conn
        # dbt-duckdb creates it with every table it loads, and of two threads that do so at once, one is refused
        conn.execute(f"create schema if not exists {SCHEMA}")

    def load(self, source_config: SourceConfig) -> object:
        """A table of the source; empty where dbt only looks at the project and builds nothing."""
        # dbt-duckdb writes the name of the table unquoted, and the build file of a refresh, which is its first part, is
        # called after the moment and begins with a digit. Without it the table is made in that same file
        source_config.database = None
        with self._lock:
            # dbt goes on with the readers of the other tables, which would all wait for the same failure
            if self._failure is not None:
                raise DbtRuntimeError(str(self._failure.msg))
            if self._tables is None:
                command = str(getattr(get_flags(), "WHICH", None))  # type: ignore[no-untyped-call] # dbt has no types
                is_building = command in _COMMANDS_THAT_BUILD
                assert self._connection is not None
                try:
                    self._tables = tables(self._connection) if is_building else empty_tables()
                except DbtRuntimeError as error:
                    self._failure = error
                    raise
        return self._tables[source_config.identifier]


def empty_tables() -> dict[str, pa.Table]:
    """Every table without a row."""
    return {name: _schema(name).empty_table() for name in TABLES}


def tables(connection: duckdb.DuckDBPyConnection) -> dict[str, pa.Table]:
    """Every table, from what the build holds.

    Raises:
        DbtRuntimeError: what the build holds cannot be predicted from; the message says how to publish without.
    """
    # a cursor of its own: the one that asks is at work
    with connection.cursor() as cursor:
        as_of, effort, threads = cursor.execute(
            f"select as_of_date, effort, cast(current_setting('threads') as int) from {_INPUT}moment"
        ).fetchall()[0]
        if effort == "none":
            return empty_tables()
        # asked for only now: a refresh without predictions is not to wait for their libraries
        from analytics.prediction import PredictionInputError, Settings, predict_payments

        items, settlements = items_of(cursor), settlements_of(cursor)
        settings = Settings(
            candidates=CANDIDATES[effort],
            threads=threads,
            closed_days=_days(cursor, "closed_day"),
            stale_days=_days(cursor, "stale_day"),
        )
    try:
        predicted = predict_payments(
            items, settlements, as_of=as_of, knowledge=datetime.combine(as_of, time.max), settings=settings
        )
    except (PredictionInputError, MemoryError) as error:
        raise DbtRuntimeError(
            f"payment prediction failed: {error}\n"
            "fix: `prediction: simple` or `prediction: none` in arrears.yml publishes with less of it, or without"
        ) from error
    return in_arrow(predicted)


def in_arrow(predicted: PaymentPrediction) -> dict[str, pa.Table]:
    """The tables of one prediction, in the columns and types of `TABLES`."""
    from analytics.prediction.wording import in_words

    frames = {
        "payment_prediction": in_words(predicted.items),
        "cash_forecast": predicted.cash,
        "cash_forecast_error": predicted.cash_errors,
        "prediction_score": predicted.scores,
        "prediction_champion": predicted.champions,
        "prediction_reliability": predicted.reliability,
        "prediction_input": _inputs(predicted),
    }
    return {
        name: frame.select(list(TABLES[name])).to_arrow().cast(_schema(name))
        for name, frame in frames.items()
    }


def _schema(name: str) -> pa.Schema:
    import pyarrow as pa

    return pa.schema([(column, pa.type_for_alias(dtype)) for column, dtype in TABLES[name].items()])


def _inputs(predicted: PaymentPrediction) -> pl.DataFrame:
    """What was used, refused and left out, one row each."""
    import polars as pl

    missing = pl.DataFrame(
        {"name": list(predicted.unavailable), "reason": list(predicted.unavailable.values())},
        schema={"name": pl.String, "reason": pl.String},
    )
    no_count = pl.lit(None, dtype=pl.Int64).alias("item_count")
    return pl.concat(
        [
            predicted.features.select(
                pl.lit("feature").alias("kind"),
                pl.col("feature").alias("name"),
                "is_used",
                "reason",
                no_count,
            ),
            predicted.exclusions.select(
                pl.lit("history").alias("kind"),
                pl.col("reason").alias("name"),
                pl.lit(False).alias("is_used"),
                pl.lit(None, dtype=pl.String).alias("reason"),
                pl.col("items").alias("item_count"),
            ),
            missing.select(
                pl.lit("candidate").alias("kind"), "name", pl.lit(False).alias("is_used"), "reason", no_count
            ),
        ]
    )


def items_of(cursor: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """`contract.ITEMS` by name: a column that the model gains is no feature."""
    return _frame(
        cursor,
        "select open_item_id, company_code, customer_id, document_date, posting_date, due_date, amount, currency,"
        f" payment_terms, item_kind, cast(learnt_on as timestamp) as known_from from {_INPUT}item",
    )


def settlements_of(cursor: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    return _frame(
        cursor,
        "select open_item_id, settled_on, amount, settled_kind, cast(learnt_on as timestamp) as known_from,"
        f" cast(unlearnt_on as timestamp) as known_to from {_INPUT}settlement",
    )


def _frame(cursor: duckdb.DuckDBPyConnection, sql: str) -> pl.DataFrame:
    import polars as pl

    return pl.DataFrame(cursor.sql(sql).to_arrow_table())


def _days(cursor: duckdb.DuckDBPyConnection, model: str) -> dict[str, frozenset[date]]:
    found: dict[str, set[date]] = {}
    for company, day in cursor.execute(f"select company_code, day from {_INPUT}{model}").fetchall():
        found.setdefault(company, set()).add(day)
    return {company: frozenset(days) for company, days in found.items()}
