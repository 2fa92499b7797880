"""ERPNext on a real MariaDB: what its reader needs, a refresh, and the demo company as it is read from SQLite.

Belongs here: what takes a server. Must not: what the queries make of documents (test_erpnext_database.py).
"""

import csv
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ingest.contract import load_contract
from ingest.extraction import PullFailed, Query, pull_source
from ingest.landing import land_sources
from ingest.profiles import load_profile
from ingest.settings import load_settings
from ingest.simulator.cell import Sizing
from ingest.simulator.dialects.erpnext_db import ERPNEXT_DB, TABLES
from ingest.simulator.run import simulate
from tests.kit.erpnext import COLUMNS, Erpnext, demo_types, fill_database
from tests.kit.landing import accept_all
from tests.kit.mariadb import Server, needs_mariadb
from tests.kit.pulls import Clock, make_older, pulled, rows_of

pytestmark = needs_mariadb

QUERIES = tuple(
    Query(name, table.sql, needs=table.needs)
    for name, table in load_profile("erpnext_db").tables.items()
    if table.sql is not None
)


def test_a_user_that_may_read_the_tables_of_the_documentation_can_pull(maria: Server, tmp_path: Path) -> None:
    text = (Path(__file__).parents[3] / "docs" / "sources.md").read_text(encoding="utf-8")
    database = Erpnext().on_mariadb(maria).rpartition("/")[2].partition("?")[0]
    (section,) = (part for part in text.split("\n## ") if part.startswith("ERPNext\n"))
    granted = [line for line in section.splitlines() if line.startswith("grant select")]
    assert len(granted) == len(COLUMNS)
    maria.run(
        None, "create user arrears_reader@'10.0.0.%'", "create user arrears_reader identified by 'only reads'"
    )
    try:
        grants = [line.rstrip(";").replace("erp.", f"{database}.").partition("@")[0] for line in granted]
        maria.run(None, *grants)
        dsn = maria.dsn(database, user="arrears_reader", password="only reads")
        assert len(pulled(dsn, *QUERIES, folder=tmp_path / "pulls").record.tables) == len(QUERIES)
        # terms are read by their names then
        maria.run(None, f"revoke select on {database}.`tabPayment Terms Template Detail` from arrears_reader")
        record = pulled(dsn, *QUERIES, folder=tmp_path / "without-terms").record
        assert {query.name for query in QUERIES} - set(record.tables) == {"payment_terms"}
        maria.run(None, f"revoke select on {database}.`tabSales Team` from arrears_reader")
        with pytest.raises(
            PullFailed, match="denied .*tabSales Team.* Fix: give the user of the DSN `select`"
        ):
            pulled(dsn, *QUERIES, folder=tmp_path / "others")
    finally:
        maria.run(None, "drop user arrears_reader, arrears_reader@'10.0.0.%'")


CONFIG = """
reporting_currency: EUR
companies: [{company_code: Example, name: Example, functional_currency: EUR, time_zone: Europe/Paris}]
sources: [{name: erp, profile: erpnext_db, dsn_env: ERP_DSN, time_zone: Europe/Paris}]
"""


def test_a_refresh_lands_what_the_database_has_and_notices_what_is_undone(
    maria: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    erpnext = Erpnext()
    erpnext.customer()
    erpnext.invoice("SINV-1", 100)
    erpnext.invoice("SINV-2", 50)
    erpnext.payment("PE-1", 150, ("Sales Invoice", "SINV-1", 100), ("Sales Invoice", "SINV-2", 50))
    dsn = erpnext.on_mariadb(maria)
    monkeypatch.setenv("ERP_DSN", dsn)
    (tmp_path / "arrears.yml").write_text(CONFIG)
    settings = load_settings(tmp_path / "arrears.yml")

    source = settings.sources[0]
    # the server tells the time, so the first pull is made an older one instead of waiting
    first = pull_source(settings, source, queries=QUERIES, clock=Clock())
    make_older(first.folder, moment=datetime(2026, 3, 31, tzinfo=UTC))
    database = dsn.rpartition("/")[2].partition("?")[0]
    maria.run(database, "delete from `tabPayment Entry Reference` where reference_name = 'SINV-2'")
    report = land_sources(settings, audit=accept_all)
    assert report.refused == ()
    assert not any(load.rows_rejected for load in report.loads)
    landed = [(load.entity, load.rows_landed) for load in report.loads if load.extracted_at.month == 3]
    assert sorted(one for one in landed if one[1]) == [
        ("allocation", 2),
        ("customer", 1),
        ("document", 2),
        ("receipt", 1),
    ]
    gone = {load.entity: load.rows_tombstoned for load in report.loads if load.rows_tombstoned}
    assert gone == {"allocation": 1}


def test_the_demo_company_reads_the_same_on_mariadb(maria: Server, tmp_path: Path) -> None:
    file = tmp_path / "erpnext.db"
    ERPNEXT_DB.write_database(demo_state(tmp_path / "demo"), file)
    with closing(sqlite3.connect(file)) as connection:
        connection.row_factory = sqlite3.Row
        tables = {t: [dict(row) for row in connection.execute(f'select * from "{t}"')] for t in TABLES}
        columns = {
            t: [row["name"] for row in connection.execute(f'pragma table_info("{t}")')] for t in TABLES
        }
    dsn = fill_database(maria, tables, typed={t: demo_types(t, columns[t]) for t in TABLES})
    ours = pulled(f"sqlite://{file}", *QUERIES, folder=tmp_path / "sqlite")
    theirs = pulled(dsn, *QUERIES, folder=tmp_path / "mariadb")
    for query in QUERIES:
        # nothing is deducted in the demo group
        assert bool(rows_of(ours, query.name)) == (query.name != "deduction")
        assert sorted(rows_of(theirs, query.name), key=str) == sorted(rows_of(ours, query.name), key=str)


def demo_state(folder: Path) -> dict[str, dict[tuple[str, ...], dict[str, str]]]:
    """The last full dump of a demo company, in the shape of the contract."""
    simulate(folder, sizing=Sizing(customers=40, invoices=600), redelivers=False)
    last = max((folder / "in" / "erp_cn").iterdir())
    state = {}
    for path in last.glob("*.csv"):
        entity = load_contract().entity(path.stem)
        with path.open(encoding="utf-8", newline="") as file:
            state[entity.name] = {
                tuple(row[column] for column in entity.key): row for row in csv.DictReader(file)
            }
    return state
