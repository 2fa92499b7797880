"""The pages on a release the pipeline has published, where there is one: every figure against the published contract.

Runs on the demo's home (`make demo`) or on the home `ARREARS_DASHBOARD_HOME` names, and is skipped without either.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from streamlit.testing.v1 import AppTest

from dashboards.data import aging, customers, drill, trend
from dashboards.data.aging import Scheme
from dashboards.data.release import Release, fetch
from dashboards.data.scope import Scope
from dashboards.data.trend import TrendScope
from tests.dashboards.conftest import APP

EVERYTHING = 1_000_000

pytestmark = pytest.mark.usefixtures("published")

Figures = dict[tuple[str, ...], Decimal]


def matrix_figures(release: Release, scope: Scope, *, scheme: Scheme) -> Figures:
    found: Figures = {}
    for row in aging.matrix(release, scope, scheme=scheme, limit=EVERYTHING):
        for bucket in scheme.buckets:
            key = (row["company_code"], row["customer_id"], row["shown_currency"], bucket.code)
            if row[f"bucket_{bucket.number}"]:
                found[key] = row[f"bucket_{bucket.number}"]
    return found


def scope_in(scheme: Scheme, *, as_of: date, known_at: datetime | None = None) -> Scope:
    return Scope(
        as_of=as_of,
        known_at=known_at,
        scheme=scheme.code,
        unit=scheme.unit,
        basis=scheme.basis,
        currency_basis="document",
        has_intragroup=True,
    )


@pytest.mark.parametrize("days_before", [0, 30, 181])
@pytest.mark.parametrize("is_known_then", [False, True])
def test_the_matrix_of_every_scheme_is_what_the_macro_says(
    published: Release, days_before: int, is_known_then: bool
) -> None:
    day = published.as_of - timedelta(days=days_before)
    known_at = published.known_at - timedelta(days=20) if is_known_then else None
    schemes = aging.schemes(published)
    assert "standard" in schemes
    for scheme in schemes.values():
        macro = fetch(
            published,
            "select * from marts.aging_as_known($as_of, $known_at, $scheme) where amount_document != 0",
            as_of=day,
            known_at=known_at or datetime(9999, 1, 1),
            scheme=scheme.code,
        )
        expected = {
            (row["company_code"], row["customer_id"], row["currency"], row["bucket"]): row["amount_document"]
            for row in macro
        }
        scope = scope_in(scheme, as_of=day, known_at=known_at)
        assert matrix_figures(published, scope, scheme=scheme) == expected, scheme.code


@pytest.mark.parametrize("basis", ["document", "functional"])
def test_net_is_what_mart_aging_customer_says(published: Release, basis: str) -> None:
    scheme = aging.schemes(published)["standard"]
    scope = scope_in(scheme, as_of=published.as_of).changed(presentation="net", currency_basis=basis)
    shown: dict[tuple[str, ...], Decimal] = {}
    for (company, customer, _, bucket), amount in matrix_figures(published, scope, scheme=scheme).items():
        key = (company, customer, bucket)
        shown[key] = shown.get(key, Decimal(0)) + amount
    mart = fetch(
        published,
        f"""
select company_code, customer_id, bucket, sum(net_amount_{basis}) as amount
from marts.mart_aging_customer
where scheme = 'standard' and receivable_class = 'trade'
group by company_code, customer_id, bucket""",
    )
    expected = {
        (row["company_code"], row["customer_id"], row["bucket"]): row["amount"]
        for row in mart
        if row["amount"]
    }
    assert {key: amount for key, amount in shown.items() if amount} == expected


@pytest.mark.parametrize("has_intragroup", [False, True])
def test_the_trend_ends_where_aging_stands(published: Release, has_intragroup: bool) -> None:
    scheme = aging.schemes(published)["standard"]
    scope = scope_in(scheme, as_of=published.as_of).changed(has_intragroup=has_intragroup)
    totals = [row for row in aging.totals(published, scope, scheme=scheme) if row["part"] == "total"]
    assert totals
    for total in totals:
        history = trend.history(
            published,
            TrendScope(
                scheme="standard",
                first_day=published.as_of,
                last_day=published.as_of,
                currency_basis="document",
                shown_currency=total["shown_currency"],
                has_intragroup=has_intragroup,
            ),
        )
        assert {row["bucket"]: row["balance"] for row in history} == {
            bucket.code: total[f"bucket_{bucket.number}"] for bucket in scheme.buckets
        }


def test_items_are_the_sum_of_their_movements_and_lead_to_a_source_row(published: Release) -> None:
    scheme = aging.schemes(published)["standard"]
    scope = scope_in(scheme, as_of=published.as_of)
    rows = aging.matrix(published, scope, scheme=scheme, limit=3)
    assert len(rows) == 3
    for row in rows:
        for item in drill.items(published, scope, customer=(row["company_code"], row["customer_id"]))[:10]:
            movements = drill.movements(published, scope, open_item_id=item["open_item_id"])
            assert movements[-1]["running_balance"] == item["open_amount_document"]
            for movement in movements:
                source = drill.source_of(published, movement)
                assert source is not None
                assert source.row["_file"]
                assert source.made_by["load_id"] == movement["_load_id"]


def test_reporting_amounts_of_the_own_day_are_those_at_its_closing_rate(published: Release) -> None:
    (row,) = fetch(
        published,
        """
select
    count(*) as item_count,
    count(*) filter (where item.open_amount_reporting is distinct from cast(round(
        item.open_amount_document * cast(rate.rate_to_reporting as decimal(20, 12)), 2
    ) as decimal(18, 2))) as different
from marts.mart_aging as item
left join marts.fct_closing_rate as rate
    on item.company_code = rate.company_code and item.currency = rate.currency and item.as_of_date = rate.day""",
    )
    assert row["item_count"] > 0
    assert row["different"] == 0


def test_a_movement_that_an_instalment_made_names_its_row(published: Release) -> None:
    movements = fetch(
        published,
        """
select movement.*
from marts.fct_receivable_movement as movement
inner join marts.fct_instalment as instalment
    on movement._load_id = instalment._load_id and movement._row = instalment._row
inner join marts.dim_release_load as load
    on movement._load_id = load.load_id and load.entity = 'instalment'
order by movement.movement_id
limit 20""",
    )
    assert movements
    for movement in movements:
        source = drill.source_of(published, movement)
        assert source is not None
        assert (source.table, source.is_exact) == ("fct_instalment", True)


def test_cash_received_since_covers_every_item_open_then(published: Release) -> None:
    scheme = aging.schemes(published)["standard"]
    scope = scope_in(scheme, as_of=published.as_of - timedelta(days=60))
    rows = customers.received_since(published, scope)
    debits = [row for row in drill.every_item(published, scope) if row["open_amount_document"] > 0]
    assert len(rows) == len(debits)
    assert sum(row["received_amount_document"] for row in rows) > 0


@pytest.mark.parametrize("language", ["zh", "en"])
def test_both_pages_open(published: Release, language: str) -> None:
    app = AppTest.from_file(str(APP), default_timeout=120)
    app.query_params["lang"] = language
    app.run()
    assert not app.exception
    app.switch_page("views/trend.py").run()
    assert not app.exception
