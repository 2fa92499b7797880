"""Predictions as a source of dbt: types without a build, one prediction for all tables, an error with a fix.

Belongs here: orchestration/prediction_source.py. Must not: what is predicted.
"""

import re
from collections import Counter
from datetime import date
from types import SimpleNamespace
from typing import Any

import duckdb
import pytest
from dbt.adapters.duckdb.utils import SourceConfig
from dbt_common.exceptions import DbtRuntimeError

from analytics.prediction import Settings, predict_payments
from orchestration import prediction_source
from orchestration.fingerprints import DBT_PROJECT
from orchestration.prediction_source import TABLES, Plugin, empty_tables, in_arrow, tables
from tests.analytics.prediction.books import evening, habitual_books, on

SIMPLE = Settings(candidates=("due_date", "history"), fewest_settled=60, fewest_scored=30, threads=1)


def build_of(*, effort: str, amount: str = "100.00") -> duckdb.DuckDBPyConnection:
    """A build with one item, by the models' columns."""
    connection = duckdb.connect()
    connection.execute("create schema intermediate")
    connection.execute(f"""
        create table intermediate.int_prediction__moment as
            select date '2026-06-30' as as_of_date, '{effort}' as effort;
        create table intermediate.int_prediction__closed_day as
            select 'C1' as company_code, date '2026-10-01' as day;
        create table intermediate.int_prediction__stale_day as
            select 'C1' as company_code, date '2026-06-20' as day;
        create table intermediate.int_prediction__item as select
            'I1' as open_item_id, 'C1' as company_code, 'K1' as customer_id, date '2026-06-01' as document_date,
            date '2026-06-01' as posting_date, date '2026-07-01' as due_date,
            cast({amount} as decimal(18, 2)) as amount, 'CNY' as currency, cast(null as varchar) as payment_terms,
            'invoice' as item_kind, date '2026-06-01' as learnt_on;
        create table intermediate.int_prediction__settlement as select
            'I0' as open_item_id, date '2026-06-01' as settled_on, cast(1 as decimal(18, 2)) as amount,
            'cash' as settled_kind, date '2026-06-01' as learnt_on, cast(null as date) as unlearnt_on
    """)
    return connection


def asked(plugin: Plugin, table: str) -> Any:
    return plugin.load(source(table))


def source(table: str) -> Any:
    """What dbt asks for while a refresh builds a file that is called after its moment."""
    return SourceConfig(
        name=table, identifier=table, schema="analytics", database="20261126T193329596649", meta={}, tags=[]
    )


def plugin_of(monkeypatch: pytest.MonkeyPatch, *, command: str, effort: str) -> Plugin:
    monkeypatch.setattr(prediction_source, "get_flags", lambda: SimpleNamespace(WHICH=command))
    plugin = Plugin.__new__(Plugin)
    plugin.initialize({})
    plugin.configure_connection(build_of(effort=effort))
    return plugin


@pytest.mark.parametrize("command", ["compile", "parse", "docs", "test"])
def test_a_command_that_builds_nothing_gets_empty_tables_of_the_same_types(
    monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    plugin = plugin_of(monkeypatch, command=command, effort="full")
    for name in TABLES:
        found = asked(plugin, name)
        assert (found.num_rows, found.schema) == (0, empty_tables()[name].schema)


def test_a_prediction_has_the_columns_and_types_that_models_were_told() -> None:
    books = habitual_books(900, until=300)
    found = in_arrow(predict_payments(*books, as_of=on(300), knowledge=evening(300), settings=SIMPLE))
    assert {name: table.schema for name, table in found.items()} == {
        name: table.schema for name, table in empty_tables().items()
    }
    # every table has something in it: types of nothing prove nothing
    assert all(table.num_rows for table in found.values())


def test_a_table_is_named_without_the_file_whose_name_begins_with_a_digit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plugin, wanted = plugin_of(monkeypatch, command="compile", effort="none"), source("cash_forecast")
    plugin.load(wanted)
    assert wanted.table_name() == "analytics.cash_forecast"


def test_each_table_has_one_model_that_reads_it() -> None:
    """dbt makes the table while it compiles the reader: two readers in two threads are in each other's way."""
    readers = Counter(
        name
        for folder in ("models", "tests")
        for file in (DBT_PROJECT / folder).rglob("*.sql")
        for name in re.findall(r"predicted\('(\w+)'\)", file.read_text(encoding="utf-8"))
    )
    assert readers == dict.fromkeys(TABLES, 1)


def test_two_threads_that_load_tables_at_once_do_not_both_create_their_schema() -> None:
    connection = duckdb.connect()
    plugin = Plugin.__new__(Plugin)
    plugin.initialize({})
    plugin.configure_connection(connection)
    with connection.cursor() as one, connection.cursor() as other:
        one.begin()
        for cursor in (one, other):
            # what dbt-duckdb says before it asks for a table
            cursor.execute("create schema if not exists analytics")
        other.execute("create or replace table analytics.cash_forecast as select 1 as week_ahead")
        one.commit()


def test_a_build_predicts_once_for_all_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    plugin = plugin_of(monkeypatch, command="build", effort="simple")
    items = asked(plugin, "payment_prediction")
    assert items.column("open_item_id").to_pylist() == ["I1"]
    assert items.column("pay_date_p50").to_pylist() == [date(2026, 7, 1)]
    monkeypatch.setattr(prediction_source, "tables", lambda connection: pytest.fail("predicted again"))
    assert asked(plugin, "cash_forecast").num_rows == 13


def test_without_prediction_nothing_is_read_and_nothing_predicted() -> None:
    found = tables(build_of(effort="none", amount="-1.00"))
    assert {name: table.num_rows for name, table in found.items()} == dict.fromkeys(TABLES, 0)


def test_a_prediction_that_cannot_be_made_stops_the_build_and_says_how_to_go_on_without() -> None:
    with pytest.raises(DbtRuntimeError) as refused:
        tables(build_of(effort="simple", amount="-1.00"))
    assert "items.amount must be positive" in str(refused.value)
    assert "prediction: none" in str(refused.value)


def test_a_build_that_cannot_predict_tries_once_and_says_so_for_every_table(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plugin = plugin_of(monkeypatch, command="build", effort="simple")
    tried = []

    def refused(connection: duckdb.DuckDBPyConnection) -> None:
        tried.append(connection)
        raise DbtRuntimeError("too large")

    monkeypatch.setattr(prediction_source, "tables", refused)
    for name in TABLES:
        with pytest.raises(DbtRuntimeError, match="too large"):
            asked(plugin, name)
    assert len(tried) == 1
