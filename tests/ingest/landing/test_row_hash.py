"""The row hash as specified, computed a second time in plain Python."""

import hashlib
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from ingest.contract import load_contract
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
