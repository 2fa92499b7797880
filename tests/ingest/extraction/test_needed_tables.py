"""A query that needs a table is left out where the table is not there or may not be read; the others go on.

Belongs here: masters that an installation may do without. Must not: tables without which there is no source
(test_pulling.py).
"""

from pathlib import Path

import pytest

from ingest.extraction import Query, QueryError
from ingest.landing import land_sources, landing_run
from ingest.profiles import ProfileError, load_profile
from ingest.settings import load_settings
from tests.kit.landing import accept_all
from tests.kit.postgresql import Server, needs_postgresql
from tests.kit.pulls import START, pulled, sqlite_database, write_sqlite

DOCUMENT = "create table document (id int)"
PROFILE = """
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
  payment_term:
    needs: [terms]
    sql: select name, days from terms
    feeds:
      - entity: payment_term
        columns: {payment_terms: name, line_id: name, days_after: days}
"""


@pytest.mark.parametrize(
    "needs", [("terms",), ("document", "terms")], ids=["not there", "one of two is not there"]
)
def test_a_query_that_needs_a_table_which_is_not_there_is_left_out(
    tmp_path: Path, needs: tuple[str, ...]
) -> None:
    database = sqlite_database(tmp_path / "erp.db", DOCUMENT)
    left_out = Query("terms", "select * from terms", needs=needs)
    kept = Query("kept", "select id from document", needs=("document",))
    done = pulled(database, left_out, kept, folder=tmp_path / "pulls")
    assert set(done.record.tables) == {"kept"}
    assert not (done.folder / "terms.parquet").exists()


@needs_postgresql
def test_a_query_that_needs_what_may_not_be_read_is_left_out_and_the_others_go_on(
    server: Server, tmp_path: Path
) -> None:
    database = server.new_database(DOCUMENT, "create table terms (id int)")
    server.run(
        database,
        "create role terms_reader login password 'secret'",
        "grant select on document to terms_reader",
    )
    queries = [
        Query("hidden", "select * from terms", needs=("terms",)),
        Query("missing", "select * from nothing", needs=("nothing",)),
        Query("kept", "select id from document", needs=("document",)),
    ]
    reader = server.dsn(database, user="terms_reader", password="secret")
    assert set(pulled(reader, *queries, folder=tmp_path / "pulls").record.tables) == {"kept"}
    # whoever owns the table may read it
    whole = pulled(server.dsn(database), *queries, folder=tmp_path / "owner")
    assert set(whole.record.tables) == {"hidden", "kept"}


def test_a_source_without_the_table_lands_the_rest_and_says_what_it_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "profiles").mkdir()
    (tmp_path / "profiles" / "own.yml").write_text(PROFILE)
    (tmp_path / "arrears.yml").write_text(
        "reporting_currency: CNY\nprofiles: profiles\nsources:\n"
        "  - {name: erp, profile: own, dsn_env: ERP_DSN, time_zone: UTC, constants: {company_code: C1}}\n"
    )
    rates = ("create table rate (day date, price numeric)", "insert into rate values ('2026-03-30', 7.25)")
    monkeypatch.setenv("ERP_DSN", sqlite_database(tmp_path / "erp.db", *rates))
    monkeypatch.setattr(landing_run, "_now", lambda: START)
    settings, said = load_settings(tmp_path / "arrears.yml"), list[str]()
    report = land_sources(settings, progress=said.append, audit=accept_all)
    assert (report.refused, [load.entity for load in report.loads]) == ((), ["fx_rate"])
    assert "erp: payment_term is left out: it needs terms, and the right to read it" in said

    # it is there from the next pull on
    write_sqlite(
        tmp_path / "erp.db", "create table terms (name, days)", "insert into terms values ('N30', 30)"
    )
    monkeypatch.setattr(landing_run, "_now", lambda: START.replace(hour=9))
    report = land_sources(settings, audit=accept_all)
    assert {load.entity: load.rows_landed for load in report.loads} == {"fx_rate": 0, "payment_term": 1}


def test_what_cannot_name_a_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(QueryError, match="which is no name of a table"):
        Query("terms", "select 1", needs=("terms'; --",))
    (tmp_path / "own.yml").write_text(
        "tables: {terms: {files: [terms], needs: [terms], feeds: [{entity: payment_term, columns: {}}]}}"
    )
    with pytest.raises(ProfileError, match="only a table with `sql` can need tables"):
        load_profile("own", folder=tmp_path)
