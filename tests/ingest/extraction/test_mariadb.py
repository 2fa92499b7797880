"""MariaDB: every type as exact text, one snapshot, nothing written. Against a real server."""

from collections.abc import Iterable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pytest

from ingest.extraction import PullFailed, Query, pulling
from ingest.extraction.dsn import MariaDsn, parse_dsn
from ingest.extraction.mariadb import open_mariadb
from tests.kit.mariadb import Server, needs_mariadb
from tests.kit.pulls import pull_one, pulled, rows_of

pytestmark = needs_mariadb


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ("cast(38155.62 as decimal(21, 9))", "38155.62"),
        ("cast(12345678901234.56 as decimal(21, 6))", "12345678901234.56"),
        ("cast(-0.0001 as decimal(18, 4))", "-0.0001"),
        ("cast(100 as decimal(21, 9))", "100"),
        ("cast(1200 as decimal(18))", "1200"),
        (
            "cast(12345678901234567890123456789.123456789 as decimal(38, 9))",
            "12345678901234567890123456789.123456789",
        ),
        # the sum is 0.30000000000000004
        ("0.1e0 + 0.2e0", "0.3"),
        ("cast(12345678901234.56 as double)", "12345678901234.56"),
        ("1e-7", "0.0000001"),
        # not exact, and refused as such when it is landed
        ("1e20", "1e+20"),
        ("9007199254740993", "9007199254740993"),
        ("18446744073709551615", "18446744073709551615"),
        ("date '2026-03-31'", "2026-03-31"),
        ("timestamp '2026-03-31 18:00:00.250'", "2026-03-31T18:00:00.25"),
        ("timestamp '2026-03-31 18:00:00'", "2026-03-31T18:00:00"),
        ("cast('0000-00-00' as date)", "0000-00-00"),
        ("cast('-838:59:58.5' as time(3))", "-838:59:58.5"),
        ("true", "1"),
        ("false", "0"),
        ("'it''s \"quoted\"'", 'it\'s "quoted"'),
        ("'two\nlines'", "two\nlines"),
        (r"'back\slash'", r"back\slash"),
        ("'100%s'", "100%s"),
        ("'a' || 'b'", "ab"),
        ("'中文 é 🙂'", "中文 é 🙂"),
        ("''", ""),
        ("cast('38155.62' as binary)", "38155.62"),
        ("cast(null as decimal(9, 2))", None),
        ("null", None),
        ("json_object('a', 1)", '{"a": 1}'),
    ],
)
def test_a_value_is_the_text_that_was_meant(
    maria: Server, empty: str, tmp_path: Path, expression: str, text: str | None
) -> None:
    assert pull_one(maria.dsn(empty), f"select {expression} as cell", folder=tmp_path) == [(text,)]


@pytest.mark.parametrize(
    ("column", "written", "text"),
    [
        ("float", "123456.78", "123456.78"),
        ("float", "0.1", "0.1"),
        ("float", "1e-7", "0.0000001"),
        ("double", "38155.62", "38155.62"),
        ("double(18, 2)", "12.3", "12.3"),
        ("bit(1)", "b'1'", "1"),
        ("bit(20)", "b'100000000000000001'", "131073"),
        ("tinyint(1)", "1", "1"),
        ("year", "2026", "2026"),
        ("enum('draft', 'paid')", "'paid'", "paid"),
        ("set('a', 'b')", "'b,a'", "a,b"),
        ("char(3)", "'x'", "x"),
        ("varbinary(9)", "'38.5'", "38.5"),
        ("longtext", "'é'", "é"),
        ("varchar(9) character set latin1", "'é'", "é"),
        ("json", "'{\"a\": 1}'", '{"a": 1}'),
        ("datetime", "'0000-00-00 00:00:00'", "0000-00-00T00:00:00"),
        ("date", "'2026-00-00'", "2026-00-00"),
        ("datetime(6)", "'2026-03-31 18:00:00.123456'", "2026-03-31T18:00:00.123456"),
        # 18:00 in the zone of the writer, which is two hours ahead
        ("timestamp", "'2026-03-31 18:00:00'", "2026-03-31T16:00:00Z"),
        ("timestamp(3)", "'2026-03-31 18:00:00.500'", "2026-03-31T16:00:00.5Z"),
        ("decimal(21, 9)", "null", None),
        ("float", "null", None),
        ("bit(3)", "null", None),
        ("datetime", "null", None),
    ],
)
def test_a_stored_cell_is_the_text_that_was_meant(
    maria: Server, tmp_path: Path, column: str, written: str, text: str | None
) -> None:
    database = maria.new_database(
        "set session time_zone = '+02:00'",
        f"create table t (cell {column} null)",
        f"insert into t values ({written})",
    )
    assert pull_one(maria.dsn(database), "select cell from t", folder=tmp_path) == [(text,)]


@pytest.mark.parametrize("column", ["blob", "varbinary(9)"])
def test_bytes_that_are_no_text_are_refused_by_column(maria: Server, tmp_path: Path, column: str) -> None:
    database = maria.new_database(f"create table t (report {column})", "insert into t values (x'504b0304ff')")
    with pytest.raises(PullFailed, match="the column 'report' of the query 'document' holds bytes"):
        pull_one(maria.dsn(database), "select report from t", folder=tmp_path / "pulls")
    assert not list(tmp_path.glob("pulls/*"))


def test_names_with_blanks_and_colons_are_taken_as_they_are(maria: Server, tmp_path: Path) -> None:
    database = maria.new_database(
        'create table "tabSales Invoice" ("a :b" int)', 'insert into "tabSales Invoice" values (1)'
    )
    sql = 'select "a :b" as "Is Exchange Gain / Loss?" from `tabSales Invoice` where `a :b` = 1'
    done = pulled(maria.dsn(database), Query("document", sql), folder=tmp_path)
    assert done.record.tables["document"].columns == ("Is Exchange Gain / Loss?",)
    assert rows_of(done, "document") == [("1",)]


def test_an_empty_table_still_has_its_columns(maria: Server, tmp_path: Path) -> None:
    database = maria.new_database("create table t (id int, amount decimal(21, 9), f float)")
    done = pulled(maria.dsn(database), Query("document", "select id, amount, f from t"), folder=tmp_path)
    assert rows_of(done, "document") == []
    assert done.record.tables["document"].columns == ("id", "amount", "f")


def test_more_rows_than_a_batch_are_all_there(maria: Server, tmp_path: Path) -> None:
    database = maria.new_database("create table t as select seq as id from seq_1_to_12345")
    rows = pull_one(maria.dsn(database), "select id from t", folder=tmp_path)
    assert sorted(int(number or 0) for (number,) in rows) == list(range(1, 12346))


def test_the_extraction_time_is_that_of_the_server_in_utc(maria: Server, empty: str, tmp_path: Path) -> None:
    done = pulled(maria.dsn(empty), Query("document", "select @@session.time_zone as zone"), folder=tmp_path)
    assert rows_of(done, "document") == [("+00:00",)]
    assert abs(done.record.extracted_at - datetime.now(UTC)) < timedelta(minutes=5)
    assert done.folder.name == f"{done.record.extracted_at:%Y-%m-%dT%H%M%S}"
    assert done.record.engine.startswith("MariaDB 1")


def test_a_row_written_between_two_queries_is_not_seen(
    maria: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = maria.new_database(
        "create table t (a int)", "insert into t values (1)", "create table u like t"
    )
    write_table = pulling.write_table

    def write_and_be_written(path: Path, *, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> int:
        rows: int = write_table(path, schema=schema, batches=batches)
        maria.run(database, "insert into t values (2)", "insert into u values (3)")
        return rows

    monkeypatch.setattr(pulling, "write_table", write_and_be_written)
    queries = [Query(name, f"select a from {table}") for name, table in (("document", "t"), ("receipt", "u"))]
    # whatever the server does unless told otherwise
    maria.run(None, "set global transaction isolation level read committed")
    try:
        done = pulled(
            maria.dsn(database), *queries, Query("rate", "select a from t"), folder=tmp_path / "pulls"
        )
    finally:
        maria.run(None, "set global transaction isolation level repeatable read")
    assert rows_of(done, "document") == rows_of(done, "rate") == [("1",)]
    assert rows_of(done, "receipt") == []
    monkeypatch.undo()
    later = pull_one(maria.dsn(database), "select a from t", folder=tmp_path / "later")
    assert sorted(later) == [("1",), ("2",), ("2",), ("2",)]


def test_the_snapshot_is_taken_before_the_first_query_runs(maria: Server) -> None:
    database = maria.new_database("create table t (a int)", "insert into t values (1)")
    dsn = parse_dsn(maria.dsn(database))
    assert isinstance(dsn, MariaDsn)
    with open_mariadb(dsn) as snapshot:
        maria.run(database, "insert into t values (2)")
        _, batches = snapshot.read(Query("document", "select a from t"), since=None)
        assert [batch.to_pylist() for batch in batches] == [[{"a": "1"}]]


@pytest.mark.parametrize(
    "statement",
    [
        "insert into t values (2)",
        "update t set a = 2",
        "delete from t",
        "drop table t",
        "truncate t",
        "create table u (a int)",
        "commit",
        "set session transaction read write",
        "select nextval(s) as a",
        "select forget() as a",
        "select a from t for update",
        "select a from t into @a",
        "select 1 as a) as pulled; delete from t; --",
    ],
)
def test_a_query_that_writes_is_refused_and_nothing_is_written(
    maria: Server, tmp_path: Path, statement: str
) -> None:
    database = maria.new_database(
        "create table t (a int)",
        "insert into t values (1)",
        "create sequence s",
        "create function forget() returns int modifies sql data begin delete from t; return 1; end",
    )
    # the owner of everything, so that it is the transaction that refuses
    with pytest.raises(PullFailed, match="the query 'document'"):
        pull_one(maria.dsn(database), statement, folder=tmp_path / "pulls")
    assert not list(tmp_path.glob("pulls/*"))
    rows = pull_one(
        maria.dsn(database), "select a, (select next_not_cached_value from s) from t", folder=tmp_path / "t"
    )
    assert rows == [("1", "1")]


def test_what_the_user_of_the_dsn_may_not_read_is_named(maria: Server, tmp_path: Path) -> None:
    database = maria.new_database("create table t (a int)", "create table secret (a int)")
    reader = f"reader_{database}"
    maria.run(database, f"create user {reader} identified by 'r3ad/er'", f"grant select on t to {reader}")
    dsn = maria.dsn(database, user=reader, password="r3ad/er")
    assert pull_one(dsn, "select a from t", folder=tmp_path / "pulls") == []
    with pytest.raises(PullFailed, match=r"denied .*secret.* Fix: give the user of the DSN `select`"):
        pull_one(dsn, "select a from secret", folder=tmp_path / "later")


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        (
            "select a from nope",
            r"Table '.*\.nope' doesn't exist. Fix: correct the query of the profile, or the DSN",
        ),
        ("select nope from t", "Unknown column 'nope'.* Fix: .* names the column differently"),
        ("select a, a from t", "Duplicate column name 'a'. Fix: name one of the columns otherwise"),
        ("selekt a from t", "error in your SQL syntax.* Fix: correct the query of the profile"),
        ("select a, (select 1 from seq_1_to_3 where seq > 4 - a) as b from t", "returns more than 1 row"),
    ],
)
def test_a_query_that_fails_is_named_with_the_reason_and_the_fix(
    maria: Server, tmp_path: Path, sql: str, said: str
) -> None:
    # the last one fails at its last row
    database = maria.new_database("create table t (a int)", "insert into t select seq from seq_1_to_3")
    with pytest.raises(PullFailed, match=said) as caught:
        pull_one(maria.dsn(database), sql, folder=tmp_path / "pulls")
    assert str(caught.value).startswith("source erp: the query 'document'")
    assert not list(tmp_path.glob("pulls/*"))


def test_a_query_that_takes_too_long_is_told_apart(maria: Server, empty: str, tmp_path: Path) -> None:
    dsn = maria.dsn(empty) + "&max_statement_time=1"
    slow = "select count(*) as a from seq_1_to_100000 as a, seq_1_to_100000 as b where a.seq % 7 = b.seq % 9"
    with pytest.raises(PullFailed, match="max_statement_time.* Fix: pull when the database is less busy"):
        pull_one(dsn, slow, folder=tmp_path)


@pytest.mark.parametrize(
    ("kill", "said"),
    [
        ("kill query", "interrupted.* Fix: pull when the database is less busy"),
        ("kill connection", "Fix: pull again; the connection was lost"),
    ],
)
def test_a_query_that_is_ended_by_another_leaves_no_pull(
    maria: Server, tmp_path: Path, kill: str, said: str
) -> None:
    wide = "select a.seq, repeat('x', 900) as b from seq_1_to_100000 as a"
    database = maria.new_database()
    write_table = pulling.write_table

    def write_and_be_killed(path: Path, *, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> int:
        def killed() -> Iterable[pa.RecordBatch]:
            for number, batch in enumerate(batches):
                yield batch
                if number == 0:
                    _end_readers_of(maria, database, kill)

        rows: int = write_table(path, schema=schema, batches=killed())
        return rows

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pulling, "write_table", write_and_be_killed)
        with pytest.raises(PullFailed, match=said):
            pull_one(maria.dsn(database), wide, folder=tmp_path / "pulls")
    assert not list(tmp_path.glob("pulls/*"))


def _end_readers_of(maria: Server, database: str, kill: str) -> None:
    with closing(maria.connect()) as connection, connection.cursor() as cursor:
        cursor.execute("select id from information_schema.processlist where db = %s", (database,))
        for (number,) in cursor.fetchall():
            cursor.execute(f"{kill} {number}")


def test_a_pull_that_stops_in_the_middle_does_not_read_the_rest(maria: Server, tmp_path: Path) -> None:
    # 2**31 rows would take hours
    sql = "select seq as id, case when seq = 7000 then x'ff' else 'a' end as b from seq_1_to_2147483647"
    with pytest.raises(PullFailed, match="holds bytes"):
        pull_one(maria.dsn(maria.new_database()), sql, folder=tmp_path / "pulls")


def test_a_table_that_is_being_altered_is_not_waited_for_without_end(
    maria: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ingest.extraction import mariadb

    database = maria.new_database("create table t (a int)")
    session = tuple(s.replace("lock_wait_timeout = 60", "lock_wait_timeout = 1") for s in mariadb._SESSION)
    assert session != mariadb._SESSION
    monkeypatch.setattr(mariadb, "_SESSION", session)
    with closing(maria.connect(database)) as other, other.cursor() as cursor:
        cursor.execute("lock tables t write")
        with pytest.raises(PullFailed, match="Lock wait timeout.* Fix: pull when the database is less busy"):
            pull_one(maria.dsn(database), "select a from t", folder=tmp_path)
