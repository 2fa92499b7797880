"""PostgreSQL: every type as exact text, one snapshot, nothing written, no password shown. Against a real server."""

import threading
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pytest

from ingest.extraction import PullFailed, Query, pulling
from tests.kit.postgresql import Server, needs_postgresql
from tests.kit.pulls import pull_one, pulled, rows_of

pytestmark = needs_postgresql

READER = (
    "create role reader_{0} login password 'r3ad/er'",
    "grant select on all tables in schema public to reader_{0}",
)


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ("cast(38155.62 as numeric(18, 4))", "38155.62"),
        ("cast(12345678901234.56 as numeric(18, 4))", "12345678901234.56"),
        ("cast(-0.0001 as numeric(18, 4))", "-0.0001"),
        ("cast(100 as numeric(18, 4))", "100"),
        ("cast(1200 as numeric)", "1200"),
        (
            "cast(12345678901234567890123456789.123456789 as numeric)",
            "12345678901234567890123456789.123456789",
        ),
        ("cast(0.1 as float8) + cast(0.2 as float8)", "0.3"),
        ("cast(12345678901234.56 as float8)", "12345678901234.56"),
        ("cast(1e-7 as float8)", "0.0000001"),
        ("cast(123456.78 as float4)", "123456.78"),
        ("cast('NaN' as float8)", "NaN"),
        ("cast('1234.50' as money)", "1234.5"),
        ("9007199254740993", "9007199254740993"),
        ("date '2026-03-31'", "2026-03-31"),
        ("timestamp '2026-03-31 18:00:00.25'", "2026-03-31T18:00:00.25"),
        ("timestamptz '2026-03-31 18:00:00+08'", "2026-03-31T10:00:00Z"),
        ("timestamptz '2026-12-31 18:00:00.5-05:30'", "2026-12-31T23:30:00.5Z"),
        ("true", "true"),
        ("false", "false"),
        ("cast('x' as char(3))", "x"),
        ("'it''s \"quoted\"'", 'it\'s "quoted"'),
        ("E'two\\nlines'", "two\nlines"),
        ("'中文 é'", "中文 é"),
        ("''", ""),
        ("convert_to('38155.62', 'UTF8')", "38155.62"),
        ("cast(null as numeric)", None),
        ("cast(null as boolean)", None),
        ("null", None),
        ("array[1, 2]", "{1,2}"),
        ("cast('{\"a\": 1}' as json)", '{"a": 1}'),
        ("cast('paid' as state)", "paid"),
        ("cast(12.50 as amount)", "12.5"),
    ],
)
def test_a_value_is_the_text_that_was_meant(
    server: Server, types: str, tmp_path: Path, expression: str, text: str | None
) -> None:
    assert pull_one(server.dsn(types), f"select {expression} as cell", folder=tmp_path) == [(text,)]


@pytest.fixture(scope="module")
def types(server: Server) -> str:
    """A database with a type and a domain of its own, whose users see times of New York in German."""
    database = server.new_database(
        "create type state as enum ('draft', 'paid')", "create domain amount as numeric(18, 4)"
    )
    server.run(
        database,
        f"alter database {database} set timezone = 'America/New_York'",
        f"alter database {database} set datestyle = 'German'",
    )
    return database


def test_a_database_kept_in_another_encoding_gives_utf_8(server: Server, tmp_path: Path) -> None:
    database = server.new_database(options="encoding 'LATIN1' template template0")
    server.run(database, "create table t (name text)", "insert into t values ('Café Müller')")
    assert pull_one(server.dsn(database), "select name from t", folder=tmp_path) == [("Café Müller",)]


def test_an_empty_table_still_has_its_columns(server: Server, tmp_path: Path) -> None:
    database = server.new_database("create table t (id int, amount numeric)")
    done = pulled(server.dsn(database), Query("document", "select id, amount from t"), folder=tmp_path)
    assert rows_of(done, "document") == []
    assert done.record.tables["document"].columns == ("id", "amount")


def test_the_extraction_time_is_that_of_the_server(server: Server, types: str, tmp_path: Path) -> None:
    done = pulled(server.dsn(types), Query("document", "select now() as moment"), folder=tmp_path)
    ((moment,),) = rows_of(done, "document")
    assert moment is not None
    # the text ends where its zeros begin
    assert moment.endswith("Z")
    assert datetime.fromisoformat(moment) == done.record.extracted_at
    assert abs(done.record.extracted_at - datetime.now(UTC)) < timedelta(minutes=5)
    assert done.folder.name == f"{done.record.extracted_at:%Y-%m-%dT%H%M%S}"
    assert done.record.engine.startswith("PostgreSQL 1")


def test_a_row_written_between_two_queries_is_not_seen(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = server.new_database("create table t (a int)", "insert into t values (1)")
    write_table = pulling.write_table

    def write_and_be_written(path: Path, *, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> int:
        rows: int = write_table(path, schema=schema, batches=batches)
        server.run(database, "insert into t values (2)")
        return rows

    monkeypatch.setattr(pulling, "write_table", write_and_be_written)
    first, second = Query("document", "select a from t"), Query("receipt", "select a from t")
    done = pulled(server.dsn(database), first, second, folder=tmp_path / "pulls")
    assert rows_of(done, "document") == rows_of(done, "receipt") == [("1",)]
    assert pull_one(server.dsn(database), "select a from t", folder=tmp_path / "later") == [
        ("1",),
        ("2",),
        ("2",),
    ]


@pytest.mark.parametrize(
    "statement",
    [
        "insert into t values (2)",
        "delete from t",
        "with gone as (delete from t returning a) select a from gone",
        "select nextval('s') as a",
        "select forget() as a",
        "select 1 as a) to stdout; commit; delete from t; --",
    ],
)
def test_a_query_that_writes_is_refused_and_nothing_is_written(
    server: Server, tmp_path: Path, statement: str
) -> None:
    database = server.new_database(
        "create table t (a int)",
        "insert into t values (1)",
        "create sequence s",
        "create function forget() returns int language sql as 'delete from t; select 1'",
    )
    # the owner of everything, so that it is the transaction that refuses
    with pytest.raises(PullFailed, match="the query 'document'"):
        pull_one(server.dsn(database), statement, folder=tmp_path / "pulls")
    assert not list(tmp_path.glob("pulls/*"))
    rows = pull_one(server.dsn(database), "select a, (select is_called from s) from t", folder=tmp_path / "t")
    assert rows == [("1", "false")]


def test_what_the_user_of_the_dsn_may_not_read_is_named(server: Server, tmp_path: Path) -> None:
    database = server.new_database("create table t (a int)")
    server.run(database, *(statement.format(database) for statement in READER), "create table secret (a int)")
    dsn = server.dsn(database, user=f"reader_{database}", password="r3ad/er")
    assert pull_one(dsn, "select a from t", folder=tmp_path / "pulls") == []
    with pytest.raises(
        PullFailed, match=r"permission denied for table secret. Fix: give the user .* `select`"
    ):
        pull_one(dsn, "select a from secret", folder=tmp_path / "later")


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("select a from nope", r'relation "nope" does not exist. Fix: .* schema \(search_path\)'),
        ("select a from nope.t", r'relation "nope.t" does not exist. Fix: .* schema \(search_path\)'),
        ("select nope from t", 'column "nope" does not exist. Fix: .* names the column differently'),
        ("select a, a from t", "two columns 'a'"),
        ("select 1 / (a - 200000) as b from generate_series(1, 300000) as t(a)", "division by zero"),
        ("select convert_from('\\xff', 'UTF8') as a", "invalid byte sequence"),
    ],
)
def test_a_query_that_fails_is_named_with_the_reason_and_the_fix(
    server: Server, tmp_path: Path, sql: str, said: str
) -> None:
    database = server.new_database("create table t (a int)")
    with pytest.raises(PullFailed, match=said) as caught:
        pull_one(server.dsn(database), sql, folder=tmp_path / "pulls")
    assert str(caught.value).startswith("source erp: the query 'document'")
    assert not list(tmp_path.glob("pulls/*"))


def test_a_query_that_takes_too_long_is_told_apart(server: Server, types: str, tmp_path: Path) -> None:
    dsn = server.dsn(types) + "&options=-c%20statement_timeout%3D50"
    with pytest.raises(PullFailed, match="statement timeout. Fix: pull when the database is less busy"):
        pull_one(dsn, "select cast(pg_sleep(30) as text) as a", folder=tmp_path)


def test_a_server_that_ends_the_connection_leaves_no_pull(server: Server, types: str, tmp_path: Path) -> None:
    with pytest.raises(PullFailed, match="terminating connection .* Fix: pull again"):
        pull_one(server.dsn(types), "select pg_terminate_backend(pg_backend_pid()) as a", folder=tmp_path)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("keeper:", "nobody:"), "correct user and password"),
        (("kept%40safe%3A1", "h%40nter2"), "correct user and password"),
        (("/erp_", "/nope_"), "correct the name of the database"),
        (("arrears-pg-", "nowhere-"), "check host, port, network"),
    ],
)
def test_a_database_that_does_not_let_us_in_is_named_without_the_password(
    server: Server, types: str, tmp_path: Path, change: tuple[str, str], said: str
) -> None:
    dsn = server.dsn(types)
    assert change[0] in dsn
    with pytest.raises(PullFailed, match=said) as caught:
        pull_one(dsn.replace(*change), "select 1 as a", folder=tmp_path)
    assert caught.value.__cause__ is None
    for secret in ("kept@safe", "kept%40safe", "h@nter2", "h%40nter2"):
        assert secret not in str(caught.value)
    assert not list(tmp_path.iterdir())


def test_a_port_where_nothing_listens_is_no_database(tmp_path: Path) -> None:
    with pytest.raises(PullFailed, match=r"'erp' on 127.0.0.1:1 cannot be opened.*refused") as caught:
        pull_one("postgresql://reader:hunter2@127.0.0.1:1/erp", "select 1 as a", folder=tmp_path)
    assert "hunter2" not in str(caught.value)


def test_a_password_that_the_server_repeats_is_hidden(server: Server, types: str, tmp_path: Path) -> None:
    with pytest.raises(PullFailed, match=r'column "\*\*\*" does not exist'):
        pull_one(server.dsn(types), 'select "kept@safe:1" from pg_class', folder=tmp_path)


def test_a_table_that_is_being_altered_is_not_waited_for_without_end(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ingest.extraction import postgresql

    database = server.new_database("create table t (a int)")
    session = tuple(s.replace("'60s'", "'50ms'") for s in postgresql._SESSION)
    assert session != postgresql._SESSION
    monkeypatch.setattr(postgresql, "_SESSION", session)
    locked, done = threading.Event(), threading.Event()

    def alter() -> None:
        from adbc_driver_postgresql import dbapi

        with dbapi.connect(server.dsn(database)) as connection, connection.cursor() as cursor:
            cursor.execute("alter table t add column b int")
            locked.set()
            done.wait(60)

    other = threading.Thread(target=alter)
    other.start()
    try:
        assert locked.wait(60)
        with pytest.raises(PullFailed, match="lock timeout. Fix: pull when the database is less busy"):
            pull_one(server.dsn(database), "select a from t", folder=tmp_path)
    finally:
        done.set()
        other.join()
