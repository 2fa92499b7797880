"""Queries: `:since` is found where it is a placeholder and nowhere else, and compared safely as text."""

import sqlite3
from datetime import UTC, datetime, timedelta

import pytest

from ingest.extraction import Incremental, Query, QueryError
from ingest.extraction.queries import as_moment, parse_duration, since_text

WRITTEN = Incremental("write_date")


@pytest.mark.parametrize(
    "quoted",
    [
        "select ':since' as a",
        "select 'it''s :since' as a",
        "select E'it\\'s :since' as a",
        'select 1 as ":since"',
        "select `a :since` from t",
        "select 1 -- :since",
        "select /* :since\n :other */ 1",
        "select $$ :since $$",
        "select $tag$ it's :since $tag$",
        "select a::since",
        "select (array[1,2])[1:since]",
    ],
)
def test_what_only_looks_like_a_placeholder_is_left_alone(quoted: str) -> None:
    assert Query("document", quoted).with_placeholder(lambda _: "changed") == quoted


def test_every_placeholder_is_replaced_and_a_final_semicolon_goes() -> None:
    sql = "select a::date from t where b >= :since or c>=:since ;\n"
    replaced = Query("document", sql, WRITTEN).with_placeholder(lambda name: f"<{name}>")
    assert replaced == "select a::date from t where b >= <since> or c>=<since> "


@pytest.mark.parametrize(
    ("name", "sql", "incremental", "said"),
    [
        ("document", "select 1 where a >= :snice", None, "placeholder :snice; the only one is :since"),
        ("document", "select write_date from t", WRITTEN, "Write `where write_date >= :since`"),
        ("document", "select 1 where a >= :since", None, "Add `incremental`"),
        ("../document", "select 1", None, "cannot name a file"),
        ("2document", "select 1", None, "cannot name a file"),
    ],
)
def test_a_query_that_cannot_be_meant_is_refused_with_the_fix(
    name: str, sql: str, incremental: Incremental | None, said: str
) -> None:
    with pytest.raises(QueryError, match=said):
        Query(name, sql, incremental)


@pytest.mark.parametrize(
    ("text", "seconds"), [("1 day", 86400), ("90 minutes", 5400), ("12 hours", 43200), ("2 weeks", 1209600)]
)
def test_an_overlap_is_a_number_and_a_unit(text: str, seconds: int) -> None:
    assert parse_duration(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize("text", ["day", "1d", "-1 day", "1.5 hours", "1 month", ""])
def test_any_other_overlap_is_refused(text: str) -> None:
    with pytest.raises(QueryError, match="as in `1 day`"):
        Incremental("write_date", text)


def test_the_hash_changes_with_what_is_read_but_not_with_the_overlap() -> None:
    sql = "select write_date, create_date from t where write_date >= :since"
    query = Query("document", sql, WRITTEN)
    assert Query("document", sql, Incremental("write_date", "2 days")).sha256 == query.sha256
    assert Query("document", sql, Incremental("create_date")).sha256 != query.sha256
    assert Query("document", sql + " and true", WRITTEN).sha256 != query.sha256


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 3, 1, tzinfo=UTC),
        datetime(2026, 3, 1, 10, tzinfo=UTC),
        datetime(2026, 3, 1, 10, 0, 0, 500_000, tzinfo=UTC),
        datetime(1, 1, 1, tzinfo=UTC),
    ],
)
def test_as_text_since_is_never_greater_than_any_way_to_write_the_same_moment(moment: datetime) -> None:
    naive = moment.replace(tzinfo=None)
    ways = {
        naive.isoformat(sep=separator, timespec=precision)
        for separator in " T"
        for precision in ("milliseconds", "microseconds", "auto")
    }
    if naive.time() == datetime.min.time():
        ways.add(naive.date().isoformat())
    comparison = "select ? <= ?"
    with sqlite3.connect(":memory:") as connection:
        for way in ways:
            (is_found,) = connection.execute(comparison, (since_text(moment), way)).fetchone()
            assert is_found, way


@pytest.mark.parametrize(
    "text",
    ["2026-03-01 10:00:00", "2026-03-01T10:00:00Z", "2026-03-01T18:00:00+08:00", "2026-03-01 10:00:00.0"],
)
def test_a_moment_without_a_zone_is_utc(text: str) -> None:
    assert as_moment(text) == datetime(2026, 3, 1, 10, tzinfo=UTC)
