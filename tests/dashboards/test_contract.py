"""The sample release has no column that the warehouse does not publish, so a page cannot lean on one."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from dashboards.data.release import NEEDED, Release, fetch

MODELS = Path(__file__).parents[2] / "dbt" / "models" / "marts"
# Contract types to the names DuckDB gives them.
TYPES = {"string": "VARCHAR", "int": "INTEGER", "bigint": "BIGINT", "boolean": "BOOLEAN", "date": "DATE"}


def published_columns(table: str) -> dict[str, str]:
    found = yaml.safe_load((MODELS / f"{table}.yml").read_text(encoding="utf-8"))
    (model,) = [model for model in found["models"] if model["name"] == table]
    return {column["name"]: str(column["data_type"]).lower() for column in model["columns"]}


def test_the_sample_has_only_published_columns_with_their_types(release: Release) -> None:
    columns = fetch(
        release,
        "select table_name, column_name, data_type from information_schema.columns where table_schema = 'marts'",
    )
    wrong = []
    for row in columns:
        table, column = row["table_name"], row["column_name"]
        assert (MODELS / f"{table}.yml").exists(), f"{table} is not published"
        contract = published_columns(table).get(column)
        expected = TYPES.get(str(contract), str(contract).upper().replace(" ", ""))
        if contract is None or expected != row["data_type"].replace(" ", ""):
            wrong.append(f"{table}.{column}: sample {row['data_type']}, contract {contract}")
    assert wrong == []


@pytest.mark.parametrize("table", ["fct_open_item_balance", "mart_overdue_trend", "mart_aging"])
def test_the_relations_the_pages_stand_on_are_published(table: str) -> None:
    assert (MODELS / f"{table}.sql").exists()


def test_what_a_release_must_have_is_published() -> None:
    missing = [name for name in NEEDED if name.split(".")[1] not in published_columns(name.split(".")[0])]
    assert missing == []
