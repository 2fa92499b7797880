"""`refresh --known-at K` equals "as known on K": the definition of the two clocks, on a simulated company.

Belongs here: one release of everything against releases built from what was known at five moments. Must not: figures.
"""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from ingest.landing import land_sources
from ingest.settings import load_settings
from ingest.simulator.cell import Sizing
from ingest.simulator.run import simulate
from tests.kit import Warehouse, refresh

# ARREARS_KNOWN_AT_SCALE=small proves it on the whole demo company; by default a small one with the same kinds of events
SCALE = os.environ.get("ARREARS_KNOWN_AT_SCALE")
# places among the moments of the deliveries, as fractions; the last but one lies between two deliveries
PLACES = (0.1, 0.3, 0.5, 0.75, 1.0)
BETWEEN = 0.75
MOMENTS = pytest.mark.parametrize("place", PLACES, ids=[f"{place:.0%}" for place in PLACES])
KNOWN = ("known_from", "known_to")
# judged on present knowledge (DECISIONS 41)
BEHAVIOUR_AS_KNOWN_NOW = (
    "promise_kept_count",
    "promise_kept_share",
    "discount_taken_count",
    "discount_taken_share",
)


@dataclass(frozen=True)
class Releases:
    """The release of everything, and one per moment."""

    full: Warehouse
    moments: dict[float, datetime]
    then: dict[float, Warehouse]

    def pair(self, place: float) -> tuple[duckdb.DuckDBPyConnection, str]:
        """A connection with both releases attached as `full` and `then_`, and the moment as an SQL literal."""
        connection = duckdb.connect()
        connection.execute(f"attach '{self.full.release.resolve()}' as whole (read_only)")
        connection.execute(f"attach '{self.then[place].release.resolve()}' as moment (read_only)")
        return connection, f"timestamp '{self.moments[place].isoformat(sep=' ')}'"


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Releases]:
    folder = tmp_path_factory.mktemp("known_at")
    sizing = None if SCALE else Sizing(customers=24, invoices=240)
    simulate(folder, scale=SCALE or "small", seed=7, sizing=sizing)
    config = folder / "arrears.yml"
    settings = load_settings(config)
    land_sources(settings, progress=lambda _: None)
    homes = {place: _copy(config, folder / f"home-{place}") for place in PLACES}
    full = refresh(config)
    known = [
        row["known_at"]
        for row in full.query("select distinct known_at from marts.dim_release_load order by 1")
    ]
    moments = {place: known[int((len(known) - 1) * place)] for place in PLACES}
    moments[BETWEEN] += timedelta(hours=5)
    then = {place: refresh(homes[place], known_at=moment) for place, moment in moments.items()}
    yield Releases(full=full, moments=moments, then=then)
    for warehouse in (full, *then.values()):
        warehouse.close()


def _copy(config: Path, home: Path) -> Path:
    """A home of its own on the same landing."""
    original = config.parent / "home"
    home.mkdir()
    (home / "landing").symlink_to(original / "landing", target_is_directory=True)
    for file in original.glob("manifest.sqlite*"):
        shutil.copy(file, home / file.name)
    own = config.parent / f"{home.name}.yml"
    own.write_text(
        config.read_text(encoding="utf-8").replace("home: ./home", f"home: ./{home.name}"), encoding="utf-8"
    )
    return own


def _columns(connection: duckdb.DuckDBPyConnection, table: str) -> list[str]:
    rows = connection.execute(
        "select column_name from information_schema.columns"
        f" where table_catalog = 'whole' and table_schema = 'marts' and table_name = '{table}'"
    ).fetchall()
    return [name for (name,) in rows]


def _merged(relation: str, columns: list[str]) -> str:
    """Rows of `relation`, with intervals of effect that touch and are otherwise equal made into one."""
    facts = ", ".join(name for name in columns if name not in ("effective_from", "effective_to", *KNOWN))
    return f"""
        select {facts}, min(effective_from) as effective_from, max(effective_to) as effective_to
        from (
            select *, sum(starts) over (partition by {facts} order by effective_from) as island
            from (
                select *,
                    case when lag(effective_to) over (partition by {facts} order by effective_from) = effective_from
                        then 0 else 1 end as starts
                from {relation}
            )
        )
        group by {facts}, island
    """


def _difference(connection: duckdb.DuckDBPyConnection, left: str, right: str) -> list[tuple[object, ...]]:
    both = f"(({left}) except all ({right})) union all (({right}) except all ({left}))"
    return connection.execute(f"from ({both}) limit 5").fetchall()


@MOMENTS
def test_the_balances_believed_at_a_moment_are_those_of_the_release_of_that_moment(
    releases: Releases, place: float
) -> None:
    connection, moment = releases.pair(place)
    columns = _columns(connection, "fct_open_item_balance")
    whole = f"(from whole.marts.fct_open_item_balance where known_from <= {moment} and {moment} < known_to)"
    then = "(from moment.marts.fct_open_item_balance where known_to >= timestamp '9999-12-31 00:00:00')"
    assert connection.execute(f"select count(*) > 50 from {then}").fetchall() == [(True,)]
    assert _difference(connection, _merged(whole, columns), _merged(then, columns)) == []
    connection.close()


@MOMENTS
def test_the_movements_believed_at_a_moment_are_those_of_the_release_of_that_moment(
    releases: Releases, place: float
) -> None:
    connection, moment = releases.pair(place)
    # a row that was superseded later carries that in its identifier
    columns = [c for c in _columns(connection, "fct_receivable_movement") if c not in (*KNOWN, "movement_id")]
    names = ", ".join(columns)
    believed = f"known_from <= {moment} and {moment} < known_to"
    whole = f"select {names} from whole.marts.fct_receivable_movement where {believed}"
    now = "known_to >= timestamp '9999-12-31 00:00:00'"
    then = f"select {names} from moment.marts.fct_receivable_movement where {now}"
    assert _difference(connection, whole, then) == []
    connection.close()


def _days(releases: Releases, place: float) -> list[date]:
    last = releases.moments[place].date()
    return [last + timedelta(days=offset) for offset in (-400, -95, -17, 0, 40)]


@MOMENTS
def test_items_as_known_at_a_moment_are_the_open_items_of_the_release_of_that_moment(
    releases: Releases, place: float
) -> None:
    for day in _days(releases, place):
        now = releases.full.open_items(day, known_at=releases.moments[place])
        assert now == releases.then[place].open_items(day), day
        assert now or day != releases.moments[place].date()


@MOMENTS
def test_aging_as_known_at_a_moment_is_the_aging_of_the_release_of_that_moment(
    releases: Releases, place: float
) -> None:
    moment = releases.moments[place].isoformat(sep=" ")
    for day in _days(releases, place):
        for scheme in ("standard", "cas_annual", "coming_due"):
            columns = "company_code, customer_id, currency, bucket, amount_document, amount_functional"
            order = "where amount_document <> 0 or amount_functional <> 0 order by all"
            now = releases.full.query(
                f"select {columns} from marts.aging_as_known(date '{day}', timestamp '{moment}', '{scheme}') {order}"
            )
            then = releases.then[place].query(
                f"select {columns} from marts.aging_as_of(date '{day}', '{scheme}') {order}"
            )
            assert now == then, (day, scheme)


def test_the_aging_mart_of_a_moment_is_the_aging_as_known_then_on_its_business_date(
    releases: Releases,
) -> None:
    place = PLACES[2]
    then = releases.then[place]
    rows = then.query(
        "select open_item_id, open_amount_document, days_past_due from marts.mart_aging order by 1"
    )
    as_of = then.query("select distinct as_of_date from marts.mart_aging")[0]["as_of_date"]
    items = releases.full.open_items(as_of, known_at=releases.moments[place])
    assert [(row["open_item_id"], row["open_amount_document"], row["days_past_due"]) for row in rows] == [
        (item.open_item_id, item.document, item.days_past_due) for item in items
    ]


@MOMENTS
def test_a_metric_of_a_past_month_changes_only_where_a_restatement_says_why(
    releases: Releases, place: float
) -> None:
    connection, moment = releases.pair(place)
    key = "period_end, dimension_value, metric, variant, window_months"
    compared = f"{key}, numerator, denominator, value, reason_when_null, excluded_count, unconverted_count"
    today = "(select max(as_of_date) from moment.marts.mart_aging)"
    past = f"dimension = 'company' and is_complete and period_end < {today}"
    rows = f"select {compared} from {{}}.marts.mart_receivable_kpi where {past}"
    whole, then = rows.format("whole"), rows.format("moment")
    assert connection.execute(f"select count(*) > 100 from ({then})").fetchall() == [(True,)]
    changed = f"select {key} from (({whole}) except ({then}) union ({then}) except ({whole}))"
    unexplained = connection.execute(
        f"""
        select changed.* from ({changed}) as changed
        left join (
            select company_code, min(effective_date) as effective_date
            from whole.marts.mart_restatement where restated_at > {moment}
            group by company_code
        ) as restated
            on changed.dimension_value = restated.company_code and restated.effective_date <= changed.period_end
        where restated.company_code is null
        limit 5
        """
    ).fetchall()
    assert unexplained == []
    connection.close()


def _as_of(releases: Releases, place: float) -> str:
    (row,) = releases.then[place].query("select max(as_of_date) as day from marts.mart_aging")
    return f"date '{row['day']}'"


@MOMENTS
def test_net_overdue_as_known_on_past_days_is_the_same_in_every_later_release(
    releases: Releases, place: float
) -> None:
    connection, _ = releases.pair(place)
    today = _as_of(releases, place)
    rows = (
        "select party_id, effective_from, least(effective_to, {day}), columns('net_overdue.*'), oldest_due_date"
        " from {catalog}.marts.mart_net_overdue_history where knowledge = 'then' and effective_from < {day}"
    )
    whole, then = (rows.format(catalog=catalog, day=today) for catalog in ("whole", "moment"))
    assert connection.execute(f"select count(*) > 10 from ({then})").fetchall() == [(True,)]
    assert _difference(connection, whole, then) == []
    connection.close()


@MOMENTS
def test_behaviour_of_past_month_ends_is_the_same_in_every_later_release(
    releases: Releases, place: float
) -> None:
    connection, _ = releases.pair(place)
    columns = _columns(connection, "mart_payment_behaviour")
    names = ", ".join(name for name in columns if name not in BEHAVIOUR_AS_KNOWN_NOW)
    whole, then = (
        f"select {names} from {catalog}.marts.mart_payment_behaviour where as_of_day < {_as_of(releases, place)}"
        for catalog in ("whole", "moment")
    )
    assert connection.execute(f"select count(*) > 100 from ({then})").fetchall() == [(True,)]
    assert _difference(connection, whole, then) == []
    connection.close()
