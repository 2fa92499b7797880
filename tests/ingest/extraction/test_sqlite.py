"""SQLite cells come as the text that was meant, whatever their column held before, and the file stays as it is."""

from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa
import pytest

from ingest.extraction import PullFailed, Query, pulling
from tests.kit.pulls import pull_one, pulled, rows_of, sqlite_database, write_sqlite


def test_a_column_of_mixed_types_loses_nothing(tmp_path: Path) -> None:
    cells = [
        *[None] * 1500,
        *range(1500),
        1.5,
        "abc",
        b"38155.62",
        "1.50",
        12345678901234567,
        "",
        "中文",
        None,
    ]
    database = sqlite_database(
        tmp_path / "erp.db",
        "create table t (id integer primary key, cell)",
        rows=[("insert into t (cell) values (?)", [(cell,) for cell in cells])],
    )
    expected = [cell.decode() if isinstance(cell, bytes) else cell for cell in cells]
    rows = pull_one(database, "select cell from t order by id", folder=tmp_path / "pulls")
    assert [row[0] for row in rows] == [None if cell is None else str(cell) for cell in expected]


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("38155.62", "38155.62"),
        # the sum is 0.30000000000000004
        ("0.1 + 0.2", "0.3"),
        ("5.0", "5"),
        ("0.0", "0"),
        ("-0.000038", "-0.000038"),
        ("1e-7", "0.0000001"),
        # 15 digits would round the cents: 12345678901234.6
        ("12345678901234.56", "12345678901234.56"),
        ("10000000000000.0", "10000000000000"),
        # not exact, and refused as such when it is landed
        ("1e20", "1e+20"),
    ],
)
def test_a_double_is_what_was_meant_to_15_digits(tmp_path: Path, written: str, text: str) -> None:
    database = sqlite_database(
        tmp_path / "erp.db", "create table t (cell real)", f"insert into t values ({written})"
    )
    assert pull_one(database, "select cell from t", folder=tmp_path / "pulls") == [(text,)]


def test_text_is_kept_to_the_letter(tmp_path: Path) -> None:
    texts = ['it\'s "quoted"', "two\nlines\r\n", "中文 é", "  blanks  ", "a\0b", "=1+1", "~2", "#00"]
    database = sqlite_database(
        tmp_path / "erp.db",
        "create table t (cell text)",
        rows=[("insert into t values (?)", [(text,) for text in texts])],
    )
    assert pull_one(database, "select cell from t", folder=tmp_path / "pulls") == [(text,) for text in texts]


def test_bytes_of_a_number_are_text_in_a_database_of_another_encoding(tmp_path: Path) -> None:
    database = sqlite_database(
        tmp_path / "erp.db",
        "pragma encoding = 'UTF-16le'",
        "create table t (amount numeric, name text)",
        rows=[("insert into t values (?, ?)", [(b"38155.62", "中文")])],
    )
    assert pull_one(database, "select * from t", folder=tmp_path / "pulls") == [("38155.62", "中文")]


@pytest.mark.parametrize("bad", [b"PK\x03\x04\xff", "cast(x'ff41' as text)"])
def test_bytes_that_are_no_text_are_refused_by_column(tmp_path: Path, bad: bytes | str) -> None:
    value = bad if isinstance(bad, str) else f"x'{bad.hex()}'"
    database = sqlite_database(
        tmp_path / "erp.db", "create table t (report)", f"insert into t values ({value})"
    )
    with pytest.raises(PullFailed, match="the column 'report' of the query 'document' holds bytes"):
        pull_one(database, "select report from t", folder=tmp_path / "pulls")


def test_an_empty_table_still_has_its_columns(tmp_path: Path) -> None:
    database = sqlite_database(tmp_path / "erp.db", "create table t (id integer, name text)")
    done = pulled(database, Query("document", "select id, name as n from t"), folder=tmp_path / "pulls")
    assert rows_of(done, "document") == []
    assert done.record.tables["document"].columns == ("id", "n")


@pytest.mark.parametrize("journal", ["delete", "wal"])
@pytest.mark.parametrize(
    "statement", ["insert into t values (2)", "delete from t", "drop table t", "create table u (a)"]
)
def test_a_query_that_writes_is_refused_and_nothing_is_written(
    tmp_path: Path, statement: str, journal: str
) -> None:
    file = tmp_path / "erp.db"
    database = sqlite_database(
        file, f"pragma journal_mode = {journal}", "create table t (a)", "insert into t values (1)"
    )
    before = file.read_bytes()
    with pytest.raises(PullFailed, match=r"Fix: write a `select`"):
        pull_one(database, statement, folder=tmp_path / "pulls")
    assert file.read_bytes() == before


def test_a_file_that_only_its_owner_may_write_is_read(tmp_path: Path) -> None:
    folder = tmp_path / "readonly"
    folder.mkdir()
    database = sqlite_database(folder / "erp.db", "create table t (a)", "insert into t values (1)")
    (folder / "erp.db").chmod(0o444)
    folder.chmod(0o555)
    try:
        assert pull_one(f"{database}?immutable=1", "select a from t", folder=tmp_path / "pulls") == [("1",)]
    finally:
        folder.chmod(0o755)


def test_a_row_written_between_two_queries_is_not_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "erp.db"
    database = sqlite_database(
        file, "pragma journal_mode = wal", "create table t (a)", "insert into t values (1)"
    )
    write_table = pulling.write_table

    def write_and_be_written(path: Path, *, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> int:
        rows: int = write_table(path, schema=schema, batches=batches)
        write_sqlite(file, "insert into t values (2)")
        return rows

    monkeypatch.setattr(pulling, "write_table", write_and_be_written)
    first, second = Query("document", "select a from t"), Query("receipt", "select a from t")
    done = pulled(database, first, second, folder=tmp_path / "pulls")
    assert rows_of(done, "document") == rows_of(done, "receipt") == [("1",)]
    assert pull_one(database, "select a from t", folder=tmp_path / "later") == [("1",), ("2",), ("2",)]


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("select a from nope", "no such table: nope. Fix: correct the query of the profile, or the DSN"),
        ("select nope from t", "no such column: nope. Fix: correct the query of the profile: this version"),
        ("selekt a from t", 'near "from": syntax error. Fix: correct the query of the profile.'),
        ("select a, b as a from t", "gives two columns 'a'. Fix: name one of them otherwise"),
        ("select abs(b) from t", "integer overflow"),
    ],
)
def test_a_query_that_fails_is_named_with_the_reason_and_the_fix(tmp_path: Path, sql: str, said: str) -> None:
    database = sqlite_database(
        tmp_path / "erp.db", "create table t (a, b)", "insert into t values (1, -9223372036854775808)"
    )
    with pytest.raises(PullFailed) as caught:
        pull_one(database, sql, folder=tmp_path / "pulls")
    assert str(caught.value).startswith("source erp: the query 'document'")
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("content", "said"), [(None, "there is no file"), (b"not a database, but text" * 99, "is not a database")]
)
def test_a_file_that_is_no_database_is_named(tmp_path: Path, content: bytes | None, said: str) -> None:
    if content is not None:
        (tmp_path / "erp.db").write_bytes(content)
    with pytest.raises(PullFailed, match=said) as caught:
        pull_one(f"sqlite://{tmp_path}/erp.db", "select 1 as a", folder=tmp_path / "pulls")
    assert str(tmp_path / "erp.db") in str(caught.value)
    assert not list(tmp_path.glob("pulls/*"))
