"""A pull is there whole or not at all, goes on from the one before, and is read by discovery like any delivery."""

import json
import os
import signal
import stat
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ingest.extraction import Incremental, Pulled, PullFailed, Query, newest_pull, pull_source
from ingest.home import PULL_RECORD
from ingest.landing import LandingReport, land_sources, landing_run
from ingest.landing.discovery import find_deliveries
from ingest.landing.manifest import Manifest
from ingest.settings import Settings, load_settings
from tests.kit import mariadb
from tests.kit.landing import accept_all
from tests.kit.mariadb import needs_mariadb
from tests.kit.postgresql import Server, needs_postgresql
from tests.kit.pulls import START, Clock, make_older, pull_one, pulled, rows_of, sqlite_database, write_sqlite

CHANGED = Query(
    "document",
    "select id, amount, write_date from document where write_date >= :since order by id",
    Incremental("write_date"),
)
TABLE = "create table document (id int, amount int, write_date timestamp)"


def insert(number: int, written: str, amount: int = 10) -> str:
    return f"insert into document values ({number}, {amount}, '{written}')"


def ids(done: Pulled) -> list[str | None]:
    return [row[0] for row in rows_of(done, "document")]


def test_the_record_says_what_was_read_and_when(tmp_path: Path) -> None:
    database = sqlite_database(tmp_path / "erp.db", TABLE, insert(1, "2026-03-30 10:00:00"))
    done = pulled(database, CHANGED, folder=tmp_path / "pulls")
    assert done.folder == tmp_path / "pulls" / "2026-04-01T063015"
    record = json.loads((done.folder / PULL_RECORD).read_text())
    assert record["extracted_at"] == "2026-04-01T06:30:15.250000Z"
    assert record["engine"].startswith("SQLite 3.")
    assert record["tables"]["document"] == {
        "sha256": CHANGED.sha256,
        "columns": ["id", "amount", "write_date"],
        "rows": 1,
        "since": None,
        "watermark": "2026-03-30T10:00:00Z",
    }
    assert newest_pull(tmp_path / "pulls") == done.record
    assert stat.S_IMODE(done.folder.stat().st_mode) == 0o700


def test_an_incremental_pull_reads_again_from_an_overlap_before_the_watermark(tmp_path: Path) -> None:
    file, clock = tmp_path / "erp.db", Clock()
    database = sqlite_database(
        file,
        TABLE,
        insert(1, "2026-03-01 10:00:00"),
        insert(2, "2026-03-29 09:59:59"),
        insert(3, "2026-03-30 10:00:00"),
    )
    first = pulled(database, CHANGED, folder=tmp_path / "pulls", clock=clock)
    assert ids(first) == ["1", "2", "3"]
    write_sqlite(
        file,
        "update document set amount = 11, write_date = '2026-03-31 08:00:00' where id = 1",
        # committed after the first pull, stamped before it
        insert(4, "2026-03-29 10:00:00"),
        insert(5, "2026-03-31 09:00:00"),
    )
    second = pulled(database, CHANGED, folder=tmp_path / "pulls", clock=clock)
    assert rows_of(second, "document") == [
        ("1", "11", "2026-03-31 08:00:00"),
        ("3", "10", "2026-03-30 10:00:00"),
        ("4", "10", "2026-03-29 10:00:00"),
        ("5", "10", "2026-03-31 09:00:00"),
    ]
    table = second.record.tables["document"]
    assert table.since == datetime(2026, 3, 29, 10, tzinfo=UTC)
    assert table.watermark == datetime(2026, 3, 31, 9, tzinfo=UTC)


@needs_postgresql
@pytest.mark.parametrize("column_type", ["timestamp", "timestamptz", "date"])
def test_an_incremental_pull_of_postgresql_compares_in_utc(
    server: Server, tmp_path: Path, column_type: str
) -> None:
    database = server.new_database(TABLE.replace("timestamp", column_type), insert(1, "2026-03-01"))
    server.run(database, insert(2, "2026-03-30"), f"alter database {database} set timezone = 'Asia/Tokyo'")
    folder = tmp_path / "pulls"
    first = pulled(server.dsn(database), CHANGED, folder=folder)
    assert ids(first) == ["1", "2"]
    make_older(first.folder, moment=datetime(2026, 3, 31, tzinfo=UTC))
    server.run(database, insert(3, "2026-03-28"), insert(4, "2026-03-30"))
    assert ids(pulled(server.dsn(database), CHANGED, folder=folder)) == ["2", "4"]


@needs_mariadb
@pytest.mark.parametrize("column_type", ["datetime(6)", "timestamp(6)", "date"])
def test_an_incremental_pull_of_mariadb_goes_on_from_a_value_of_the_column(
    maria: mariadb.Server, tmp_path: Path, column_type: str
) -> None:
    table = TABLE.replace("timestamp", f"{column_type} null")
    zone = "set session time_zone = '+00:00'"
    database = maria.new_database(zone, table, insert(1, "2026-03-01"), insert(2, "2026-03-30"))
    maria.run(database, "insert into document values (9, 10, null)")
    folder = tmp_path / "pulls"
    first = pulled(maria.dsn(database), CHANGED, folder=folder)
    assert ids(first) == ["1", "2"]
    assert first.record.tables["document"].watermark == datetime(2026, 3, 30, tzinfo=UTC)
    make_older(first.folder, moment=datetime(2026, 3, 31, tzinfo=UTC))
    maria.run(database, zone, insert(3, "2026-03-28"), insert(4, "2026-03-30"))
    assert ids(pulled(maria.dsn(database), CHANGED, folder=folder)) == ["2", "4"]


@needs_mariadb
def test_a_local_time_ahead_of_utc_only_reads_more_again(maria: mariadb.Server, tmp_path: Path) -> None:
    # `modified` of ERPNext is the time on its wall: written in Kolkata just now, it is five and a half hours ahead
    database = maria.new_database(
        TABLE.replace("timestamp", "datetime(6)"),
        "insert into document values (1, 10, utc_timestamp(6) + interval 330 minute)",
    )
    done = pulled(maria.dsn(database), CHANGED, folder=tmp_path / "pulls")
    assert done.record.tables["document"].watermark == done.record.extracted_at


def test_an_incremental_pull_without_news_keeps_the_watermark(tmp_path: Path) -> None:
    file, clock = tmp_path / "erp.db", Clock()
    database = sqlite_database(file, TABLE, insert(1, "2026-03-30 10:00:00"))
    pulled(database, CHANGED, folder=tmp_path / "pulls", clock=clock)
    write_sqlite(file, "delete from document")
    second = pulled(database, CHANGED, folder=tmp_path / "pulls", clock=clock)
    assert second.record.tables["document"].rows == 0
    assert second.record.tables["document"].watermark == datetime(2026, 3, 30, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    "changed",
    [
        Query("document", CHANGED.sql.replace("amount", "amount * 2 as amount"), CHANGED.incremental),
        Query("receipt", CHANGED.sql, CHANGED.incremental),
    ],
    ids=["another query", "a table not pulled before"],
)
def test_what_was_not_pulled_by_this_query_before_is_pulled_in_full(tmp_path: Path, changed: Query) -> None:
    clock = Clock()
    database = sqlite_database(
        tmp_path / "erp.db", TABLE, insert(1, "2026-03-01 10:00:00"), insert(2, "2026-03-30 10:00:00")
    )
    pulled(database, CHANGED, folder=tmp_path / "pulls", clock=clock)
    second = pulled(database, changed, folder=tmp_path / "pulls", clock=clock)
    assert second.record.tables[changed.name].rows == 2
    assert second.record.tables[changed.name].since is None


def test_a_row_stamped_in_the_future_does_not_hide_the_rows_until_then(tmp_path: Path) -> None:
    database = sqlite_database(tmp_path / "erp.db", TABLE, insert(1, "2099-01-01 00:00:00"))
    done = pulled(database, CHANGED, folder=tmp_path / "pulls")
    assert done.record.tables["document"].watermark == done.record.extracted_at


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("select id from document where write_date >= :since", "gives no column 'write_date'.* one of id"),
        (
            "select 'soon' as write_date from document where write_date >= :since",
            "holds 'soon', which is no time",
        ),
    ],
)
def test_a_watermark_that_cannot_be_taken_is_refused(tmp_path: Path, sql: str, said: str) -> None:
    database = sqlite_database(tmp_path / "erp.db", TABLE, insert(1, "2026-03-30 10:00:00"))
    with pytest.raises(PullFailed, match=said):
        pulled(database, Query("document", sql, CHANGED.incremental), folder=tmp_path / "pulls")
    assert not list(tmp_path.glob("pulls/*"))


def test_a_second_pull_in_the_same_second_is_refused(tmp_path: Path) -> None:
    database = sqlite_database(tmp_path / "erp.db", TABLE)
    pulled(database, CHANGED, folder=tmp_path / "pulls")
    before = sorted(tmp_path.rglob("pulls/*"))
    with pytest.raises(PullFailed, match="Fix: pull again in a second"):
        pulled(
            database,
            CHANGED,
            folder=tmp_path / "pulls",
            clock=Clock(START - timedelta(hours=1, seconds=-0.5)),
        )
    assert sorted(tmp_path.rglob("pulls/*")) == before


def test_a_pull_whose_last_query_fails_leaves_the_folder_as_it_was(tmp_path: Path) -> None:
    clock = Clock()
    database = sqlite_database(tmp_path / "erp.db", TABLE)
    pulled(database, CHANGED, folder=tmp_path / "pulls", clock=clock)
    before = sorted(path for path in (tmp_path / "pulls").rglob("*"))
    with pytest.raises(PullFailed, match="the query 'receipt' failed: no such table"):
        pulled(
            database, CHANGED, Query("receipt", "select 1 from nope"), folder=tmp_path / "pulls", clock=clock
        )
    assert sorted(path for path in (tmp_path / "pulls").rglob("*")) == before


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    database = sqlite_database(tmp_path / "erp.db", TABLE)
    (tmp_path / "pulls").write_text("a file")
    with pytest.raises(PullFailed, match=r"pulls cannot be written: .* Fix: make room"):
        pulled(database, CHANGED, folder=tmp_path / "pulls")


def test_a_record_that_is_damaged_is_not_taken_for_a_first_pull(tmp_path: Path) -> None:
    database = sqlite_database(tmp_path / "erp.db", TABLE)
    done = pulled(database, CHANGED, folder=tmp_path / "pulls")
    (done.folder / PULL_RECORD).write_text('{"source": "erp"')
    with pytest.raises(PullFailed, match="is damaged. Fix: delete the folder"):
        pulled(database, CHANGED, folder=tmp_path / "pulls", clock=Clock(START))


def test_queries_of_one_name_and_a_profile_without_any_are_refused(tmp_path: Path) -> None:
    database = sqlite_database(tmp_path / "erp.db", TABLE)
    with pytest.raises(PullFailed, match="two queries are called 'document'"):
        pulled(database, CHANGED, Query("Document", "select 1 as a"), folder=tmp_path / "pulls")
    with pytest.raises(PullFailed, match="the profile has no queries"):
        pulled(database, folder=tmp_path / "pulls")


KILLED = """
import os, signal, sys
from pathlib import Path
from ingest.extraction import Query, files, pull
from tests.kit.pulls import Clock

moment, folder, dsn = sys.argv[1:]
def die(*arguments): os.kill(os.getpid(), signal.SIGKILL)
if moment == "after the first table":
    write = files.pq.ParquetWriter.close
    files.pq.ParquetWriter.close = lambda writer: (write(writer), die())
else:
    files.Path.rename = die
pull(dsn, [Query("document", "select * from document")], folder=Path(folder), source="erp", clock=Clock())
"""


@pytest.mark.parametrize("moment", ["after the first table", "before it gets its name"])
def test_a_killed_pull_is_not_read_and_the_next_one_clears_it_away(tmp_path: Path, moment: str) -> None:
    settings = database_source(tmp_path)
    folder = settings.home.pulls_of("erp")
    database = sqlite_database(tmp_path / "erp.db", TABLE, insert(1, "2026-03-30 10:00:00"))
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, moment, str(folder), database],
        cwd=Path(__file__).parents[3],
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL
    assert list(folder.rglob("document.parquet"))
    assert newest_pull(folder) is None
    assert found(settings) == []
    done = pulled(database, CHANGED, folder=folder)
    assert list(folder.iterdir()) == [done.folder]


MEASURED = """
import os, resource, sys
from pathlib import Path
from ingest.extraction import Incremental, Query, pull
from tests.kit.pulls import Clock

dsn, folder, *sqls = sys.argv[1:]
for number, sql in enumerate(sqls, start=1):
    incremental = Incremental("written") if ":since" in sql else None
    pull(dsn, [Query("document", sql, incremental)], folder=Path(folder) / str(number), source="erp", clock=Clock())
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""

# 300,000 rows of some 600 bytes are 180 MB; streamed they were seen to add 64 at most, taken as a whole at least 148
ROWS, WIDTH, MOST = 300_000, 600, 110


def peaks(dsn: str, *sqls: str, folder: Path) -> list[int]:
    """MiB that a process has needed at most, after each of some pulls."""
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, dsn, str(folder), *sqls],
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        check=True,
    )
    return [int(line) for line in done.stdout.split()]


def test_many_rows_of_sqlite_need_no_more_memory_than_some(tmp_path: Path) -> None:
    database = sqlite_database(
        tmp_path / "erp.db",
        "create table t (id integer, name text)",
        rows=[("insert into t values (?, ?)", ((i, f"{i:0{WIDTH}}") for i in range(ROWS)))],
    )
    some, many = peaks(database, "select * from t limit 40000", "select * from t", folder=tmp_path / "pulls")
    assert many - some < MOST


@needs_postgresql
@pytest.mark.parametrize("condition", ["true", "written >= :since"])
def test_many_rows_of_postgresql_need_no_more_memory_than_some(
    server: Server, tmp_path: Path, condition: str
) -> None:
    database = server.new_database(
        f"create table t as select i as id, lpad(i::text, {WIDTH}, '0') as name, timestamp '2026-03-30' as written"
        f" from generate_series(1, {ROWS}) as s(i)"
    )
    everything = f"select * from t where {condition}"
    some, many = peaks(
        server.dsn(database), f"{everything} limit 80000", everything, folder=tmp_path / "pulls"
    )
    assert many - some < MOST


@needs_mariadb
@pytest.mark.parametrize("condition", ["true", "written >= :since"])
def test_many_rows_of_mariadb_need_no_more_memory_than_some(
    maria: mariadb.Server, tmp_path: Path, condition: str
) -> None:
    database = maria.new_database(
        f"create table t as select seq as id, lpad(seq, {WIDTH}, '0') as name,"
        f" cast('2026-03-30' as datetime) as written from seq_1_to_{ROWS}"
    )
    everything = f"select * from t where {condition}"
    some, many = peaks(
        maria.dsn(database), f"{everything} limit 80000", everything, folder=tmp_path / "pulls"
    )
    assert many - some < MOST


OWN_PROFILE = """
tables:
  rate:
    sql: select day, price from rate
    feeds:
      - entity: fx_rate
        columns:
          rate_date: day
          from_currency: {value: EUR}
          to_currency: {value: CNY}
          rate: price
  document:
    sql: select id, written from document where written >= :since
    incremental: {column: written}
    feeds: [{entity: document, columns: {document_id: id}}]
  receipt:
    sql: select id from document
    feeds: [{entity: receipt, columns: {receipt_id: id}}]
"""


def database_source(
    folder: Path, *, time_zone: str = "Asia/Shanghai", profile: str = OWN_PROFILE
) -> Settings:
    """A source whose profile is one of the company's own."""
    config = folder / "arrears.yml"
    (folder / "profiles").mkdir(exist_ok=True)
    (folder / "profiles" / "own.yml").write_text(profile)
    config.write_text(
        "reporting_currency: CNY\nprofiles: profiles\nsources:\n"
        f"  - {{name: erp, profile: own, dsn_env: ERP_DSN, time_zone: {time_zone}, constants: {{company_code: C1}}}}\n"
    )
    return load_settings(config)


def test_an_entity_of_which_only_changes_are_read_is_a_delta(tmp_path: Path) -> None:
    source = database_source(tmp_path).sources[0]
    assert {entity: source.mode_of(entity) for entity in ("document", "receipt", "fx_rate")} == {
        "document": "delta",
        "receipt": "full",
        "fx_rate": "full",
    }


def found(settings: Settings) -> list[tuple[str, datetime, str]]:
    """Deliveries that discovery sees: entity, extraction time, business date. None of the files may puzzle it."""
    settings.home.ensure()
    with Manifest(settings.home.manifest) as manifest:
        seen = find_deliveries(settings, settings.sources[0], manifest=manifest)
    assert seen.warnings == ()
    return [(d.entity, d.extracted_at, d.business_date.isoformat()) for d in seen.deliveries]


@pytest.mark.parametrize(
    ("time_zone", "business_date"),
    [
        # 06:30 UTC is 14:30 in Shanghai and half past midnight in Denver, before the cut-off of 6:00
        ("Asia/Shanghai", "2026-04-01"),
        ("America/Denver", "2026-03-31"),
    ],
)
def test_discovery_reads_a_pull_in_utc_and_counts_the_day_in_the_zone_of_the_source(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, time_zone: str, business_date: str
) -> None:
    settings = database_source(tmp_path, time_zone=time_zone)
    monkeypatch.setenv(
        "ERP_DSN", sqlite_database(tmp_path / "erp.db", TABLE, insert(1, "2026-03-30 10:00:00"))
    )
    receipts = Query("receipt", "select id as receipt_id from document")
    done = pull_source(settings, settings.sources[0], queries=[CHANGED, receipts], clock=Clock())
    assert done.folder == tmp_path / "home" / "extracts" / "erp" / "2026-04-01T063015"
    moment = START.replace(microsecond=0)
    assert found(settings) == [("document", moment, business_date), ("receipt", moment, business_date)]


@pytest.mark.parametrize("value", [None, "  "])
def test_a_variable_that_is_not_set_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: str | None
) -> None:
    monkeypatch.delenv("ERP_DSN", raising=False)
    if value is not None:
        monkeypatch.setenv("ERP_DSN", value)
    settings = database_source(tmp_path)
    with pytest.raises(PullFailed, match="variable ERP_DSN is not set. Fix: set it to the DSN"):
        pull_source(settings, settings.sources[0], queries=[CHANGED], clock=Clock())


def test_a_source_of_files_is_not_pulled(tmp_path: Path) -> None:
    (tmp_path / "arrears.yml").write_text(
        "reporting_currency: CNY\nsources: [{name: erp, path: 'in/{extracted_at:%Y-%m-%d}/'}]\n"
    )
    settings = load_settings(tmp_path / "arrears.yml")
    with pytest.raises(ValueError, match="only a source with dsn_env is pulled"):
        pull_source(settings, settings.sources[0], queries=[CHANGED], clock=Clock())


def test_an_error_of_the_driver_is_not_chained_where_it_could_show_a_password(tmp_path: Path) -> None:
    database = sqlite_database(tmp_path / "erp.db", TABLE)
    with pytest.raises(PullFailed) as caught:
        pull_one(database, "select nope from document", folder=tmp_path / "pulls")
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__
    assert os.fspath(tmp_path) not in caught.value.fix


RATES = OWN_PROFILE.partition("  document:")[0]


def land_at(settings: Settings, moment: datetime, *, monkeypatch: pytest.MonkeyPatch) -> LandingReport:
    monkeypatch.setattr(landing_run, "_now", lambda: moment)
    return land_sources(settings, audit=accept_all)


def test_a_refresh_pulls_and_lands_and_one_without_news_adds_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings, file = database_source(tmp_path, profile=RATES), tmp_path / "erp.db"
    rate = "insert into rate values ('2026-03-3{}', {})"
    dsn = sqlite_database(file, "create table rate (day date, price numeric)", rate.format(0, 7.25))
    monkeypatch.setenv("ERP_DSN", dsn)

    def landed(hour: int) -> list[tuple[str, int]]:
        report = land_at(settings, START + timedelta(hours=hour), monkeypatch=monkeypatch)
        assert report.refused == ()
        return [(load.entity, load.rows_landed) for load in report.loads if load.rows_landed]

    assert landed(0) == [("fx_rate", 1)]
    assert landed(1) == []
    write_sqlite(file, rate.format(1, "'7.50'"))
    assert landed(2) == [("fx_rate", 1)]


def test_a_database_that_cannot_be_read_is_told_until_it_can(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings, file = database_source(tmp_path, profile=RATES), tmp_path / "erp.db"
    dsn = sqlite_database(
        file, "create table rate (day date, price numeric)", "insert into rate values ('2026-03-30', 7)"
    )
    monkeypatch.setenv("ERP_DSN", dsn)
    land_at(settings, START, monkeypatch=monkeypatch)
    file.rename(tmp_path / "away.db")
    report = land_at(settings, START + timedelta(hours=1), monkeypatch=monkeypatch)
    assert [(r.reason_code, r.entity, r.required) for r in report.refused] == [
        ("pull_failed", "fx_rate", True)
    ]
    assert open_reasons(settings) == ["pull_failed"]
    (tmp_path / "away.db").rename(file)
    assert land_at(settings, START + timedelta(hours=2), monkeypatch=monkeypatch).refused == ()
    assert open_reasons(settings) == []


def open_reasons(settings: Settings) -> list[str]:
    with Manifest(settings.home.manifest) as manifest:
        return [refusal.reason_code for refusal, _ in manifest.open_refusals()]
