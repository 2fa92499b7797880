"""Watchlist and working list on a published release: figures against the contract, asked another way."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from dashboards.data import watchlist, worklist
from dashboards.data.release import Release, fetch
from dashboards.data.watchlist import FAMILIES, WatchScope
from dashboards.i18n import catalogue
from tests.dashboards.conftest import APP
from tests.dashboards.own_release import html_of
from tests.dashboards.test_pages import click, table_of

pytestmark = pytest.mark.usefixtures("published")


def open_published(page: str, *, language: str) -> AppTest:
    app = AppTest.from_file(str(APP), default_timeout=120)
    app.query_params["lang"] = language
    app.run()
    return app.switch_page(f"views/{page}.py").run()


def one(release: Release, sql: str) -> dict[str, object]:
    (row,) = fetch(release, sql)
    return row


def test_the_record_of_all_history_is_that_of_the_back_test(published: Release) -> None:
    expected = one(
        published,
        "select episode_count as alert_count, judged_count, hit_count, median_lead_days"
        " from marts.mart_warning_backtest where method = 'all_rules'",
    )
    found = watchlist.record(published, WatchScope(), months=None)
    # the mart counts episodes of customers in default too, the judged ones are without them in both
    assert {name: found[name] for name in expected} == expected


def test_counters_are_those_of_the_episodes(published: Release) -> None:
    expected = one(
        published,
        """
with worst as (
    select party_id, max(severity = 'severe') as is_severe
    from marts.mart_risk_warning
    where is_open and party_id is not null and severity in ('warning', 'severe')
    group by party_id
)
select count(*) as customer_count, count(*) filter (where is_severe) as severe_count from worst""",
    )
    counted = watchlist.counters(published, WatchScope())
    assert {name: counted[name] for name in expected} == expected


def test_exposure_of_the_list_and_of_the_advice_is_that_of_the_customers(published: Release) -> None:
    apart = fetch(
        published,
        """
with exposure as (
    select party_id, sum(exposure_reporting) as exposure, sum(uncovered_exposure_reporting) as uncovered
    from marts.mart_credit_exposure inner join marts.dim_customer using (company_code, customer_id)
    where scope = 'customer' and not mart_credit_exposure.is_intragroup
    group by party_id
)
select party_id
from marts.mart_watchlist left join exposure using (party_id)
where exposure_reporting <> coalesce(exposure, 0) or uncovered_exposure_reporting <> coalesce(uncovered, 0)
union all
select party_id
from marts.mart_credit_recommendation left join exposure using (party_id)
where exposure_reporting <> coalesce(exposure, 0)""",
    )
    assert apart == []


def test_every_family_rule_measure_and_role_of_the_release_has_words(published: Release) -> None:
    codes = {
        "family": "select distinct family as code from marts.mart_risk_warning",
        "measure": "select distinct name as code from marts.mart_risk_warning_value",
        "severity": "select distinct severity as code from marts.mart_risk_warning",
        "owner_role": "select distinct unnest(string_split(owner_roles, '|')) as code from marts.mart_risk_warning",
        "bill_state": "select distinct bill_state as code from marts.mart_bill",
        "dispute_outcome": "select distinct outcome as code from marts.mart_dispute",
        "promise_status": "select distinct status as code from marts.mart_promise",
        "payment_method": "select distinct method as code from marts.fct_receipt where method is not null",
        "receipt_status": "select distinct status as code from marts.fct_receipt where status is not null",
    }
    for language in ("zh", "en"):
        words = catalogue(language)
        missing = [
            f"{group}.{row['code']}"
            for group, sql in codes.items()
            for row in fetch(published, sql)
            if f"{group}.{row['code']}" not in words
        ]
        assert missing == []
    assert {row["code"] for row in fetch(published, codes["family"])} <= set(FAMILIES)


def test_owners_divide_what_is_newly_overdue(published: Release) -> None:
    """Each customer has one collector: the lists of all collectors add up to everybody's."""
    whole = worklist.falling_due(published, owner=None, section="fresh", limit=None)
    expected = one(
        published,
        """
select sum(item.open_amount_reporting) as amount
from marts.mart_aging as item
where receivable_class = 'trade' and open_amount_document > 0 and not is_intragroup
    and days_past_due between 1 and 7""",
    )
    assert sum(row["amount_reporting"] for row in whole) == expected["amount"]
    assert whole[0]["section_amount"] == expected["amount"]
    collectors = {row["collector"] for row in whole if row["collector"]}
    parts = [
        row
        for collector in collectors
        for row in worklist.falling_due(published, owner=collector, section="fresh", limit=None)
        if row["collector"] == collector
    ]
    assert len(parts) == len([row for row in whole if row["collector"]])


def test_unapplied_cash_is_that_of_the_aging(published: Release) -> None:
    expected = one(
        published,
        """
select -sum(open_amount_reporting) as amount
from marts.mart_aging
where receivable_class = 'trade' and item_kind = 'receipt' and open_amount_document < 0 and not is_intragroup""",
    )
    rows = worklist.unapplied(published, owner=None)
    assert rows[0]["section_amount"] == expected["amount"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_pages_open_and_the_first_row_too(published: Release, language: str) -> None:
    app = open_published("watchlist", language=language)
    assert not app.exception
    first = one(published, "select * from marts.mart_watchlist where watchlist_rank = 1")
    assert table_of(app, "watchlist_").value["customer_name"][0] == (first["name"] or first["customer_id"])
    click(app, "watchlist_", rows=[0])
    assert not app.exception
    assert str(first[f"sentence_{language}"])[:40] in html_of(app).replace("&amp;", "&")
    app = open_published("mine", language=language)
    assert not app.exception
    assert len(app.dataframe) >= 5
