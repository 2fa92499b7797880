"""The row hash as specified, computed a second time in plain Python."""

import hashlib
from datetime import date, datetime
from decimal import Decimal
from itertools import product
from typing import Any

import duckdb
import polars as pl
import pytest

from ingest.contract import load_contract
from ingest.landing.hashing import with_row_hash
from tests.ingest.landing.world import DOCUMENT, World, document, table


def text_of(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}"
    if isinstance(value, (date, Decimal)):
        return str(value)
    return str(value)


def hash_of(row: dict[str, Any], entity: str) -> str:
    names = sorted(column.name for column in load_contract().entity(entity).public_columns)
    text = "\x1f".join(f"{name}={text_of(row[name])}" for name in names if row[name] is not None)
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def test_the_hash_is_md5_over_the_non_null_columns_in_order_of_name(world: World) -> None:
    lines = (f"{document(1)},true,2026-02-01,中文 项目", f"{document(2, amount='-7.5')},,,")
    world.deliver("2026-01-31", table(f"{DOCUMENT},is_cancelled,cancelled_on,project", *lines))
    header = "company_code,activity_id,customer_id,happened_at,note"
    world.deliver(
        "2026-01-31", table(header, "CN01,A1,C1,2026-01-31T10:00:00,secret"), name="collection_activity.csv"
    )
    world.land()
    rows = world.rows()
    assert len(rows) == 2
    assert [row["_row_hash"] for row in rows] == [hash_of(row, "document") for row in rows]
    (activity,) = world.rows("collection_activity")
    assert activity["_row_hash"] == hash_of(activity, "collection_activity")


def test_equal_values_in_other_columns_hash_differently(world: World) -> None:
    header = f"{DOCUMENT},reference,project"
    world.deliver("2026-01-31", table(header, f"{document(1)},x,"))
    world.deliver("2026-02-01", table(header, f"{document(1)},,x"))
    world.land()
    assert world.versions("1") == ["upsert", "upsert"]


@pytest.mark.parametrize("never", ["", "amount", "amount currency", "amount company_code currency project"])
@pytest.mark.parametrize("always", ["", "amount", "currency", "project", "company_code project"])
def test_the_hash_is_the_same_whichever_columns_are_empty_in_other_rows(always: str, never: str) -> None:
    values = {"amount": Decimal("-12.30"), "company_code": "CN01", "currency": "CNY", "project": "中文 x"}
    choices = [
        [None] if name in never.split() else [value] if name in always.split() else [None, value]
        for name, value in values.items()
    ]
    entity = load_contract().entity("document")
    types = {name: entity.columns[name].polars_type for name in values} | {"_op": pl.String()}
    written = [(*row, operation) for row in product(*choices) for operation in ("upsert", "delete")]
    with duckdb.connect() as connection:
        hashed = with_row_hash(
            pl.DataFrame(written, schema=types, orient="row"), entity=entity, connection=connection
        )
    assert hashed.drop("_row_hash").rows() == written
    assert [row["_row_hash"] for row in hashed.rows(named=True)] == [
        _hash_of_some(row) if row["_op"] == "upsert" else None for row in hashed.rows(named=True)
    ]


def _hash_of_some(row: dict[str, Any]) -> str:
    columns = load_contract().entity("document").public_columns
    return hash_of({column.name: row.get(column.name) for column in columns}, "document")


def test_rows_keep_their_order_when_they_are_hashed_on_several_threads() -> None:
    entity = load_contract().entity("document")
    count = 400_000
    rows = pl.DataFrame({"document_id": pl.int_range(count, eager=True).cast(pl.String)}).with_columns(
        _op=pl.lit("upsert")
    )
    with duckdb.connect(config={"threads": 2}) as connection:
        hashed = with_row_hash(
            pl.concat([rows.head(150_000), rows.tail(-150_000)]), entity=entity, connection=connection
        )
    for number in (0, 1, 149_999, 150_000, 299_999, count - 1):
        text = f"document_id={number}".encode()
        assert hashed["_row_hash"][number] == hashlib.md5(text, usedforsecurity=False).hexdigest()
    assert hashed["_row_hash"].n_unique() == count
