"""Cash and provision pages on a release the pipeline has published: figures shown equal the same figure asked plainly.

Runs on the demo's home (`make demo`) or on the home `ARREARS_DASHBOARD_HOME` names, and is skipped without either.
"""

from __future__ import annotations

import io
import math
import zipfile
from collections.abc import Callable
from decimal import Decimal

import pytest
from streamlit.testing.v1 import AppTest

from dashboards.data import cash, cash_errors, provision, provision_history
from dashboards.data.cash import CashScope
from dashboards.data.provision import ProvisionScope
from dashboards.data.release import Release, fetch
from dashboards.ui import numbers
from dashboards.views.parts import provision_workpaper
from documents.provision_document import provision_document
from documents.workbook import xlsx_bytes
from tests.dashboards.conftest import APP
from tests.dashboards.own_release import html_of
from tests.dashboards.test_pages import LANGUAGES

pytestmark = pytest.mark.usefixtures("published")


def opened(page: str, *, language: str) -> AppTest:
    app = AppTest.from_file(str(APP), default_timeout=120)
    app.query_params["lang"] = language
    app.run()
    return app.switch_page(f"views/{page}.py").run()


def test_weeks_and_sums_are_those_of_the_published_rows(published: Release) -> None:
    rows = fetch(published, "select * from marts.mart_cash_forecast")
    if not rows:
        pytest.skip("published without predictions")
    weeks = cash.weeks(published, CashScope())
    for week in weeks:
        upto = [row for row in rows if row["week_ahead"] <= week["week_ahead"]]
        assert week["cumulative"] == sum(row["expected_reporting"] for row in upto)
        assert week["cumulative_new"] == sum(row["expected_new_reporting"] for row in upto)
        above = [
            sum(
                row["high_reporting"] - row["expected_reporting"]
                for row in upto
                if row["week_ahead"] == number
            )
            for number in range(1, week["week_ahead"] + 1)
        ]
        half = math.sqrt(sum(float(part) ** 2 for part in above))
        assert float(week["cumulative_high"] - week["cumulative"]) == pytest.approx(half, abs=0.01)


def test_what_is_said_of_items_adds_up_to_what_is_predicted(published: Release) -> None:
    rows = {row["name"]: row for row in cash.outcomes(published)}
    if "predicted" not in rows:
        pytest.skip("published without predictions")
    total = cash.items_total(
        published, CashScope(), first_day=published.as_of, last_day=published.as_of.replace(year=2199)
    )
    assert (total["item_count"], total["amount"]) == (
        rows["predicted"]["item_count"],
        rows["predicted"]["open_amount_reporting"],
    )


def test_the_error_of_the_champion_is_that_of_the_backtest(published: Release) -> None:
    """Weekly errors of single companies and currencies, summed, are the loss that chose the champion."""
    for row in cash_errors.champions(published, CashScope()):
        if row["horizon"] != "cash":
            continue
        (plain,) = fetch(
            published,
            "select sum(abs(error_reporting)) / sum(received_reporting) as loss from marts.mart_cash_forecast_error"
            " where target = 'open_items' and is_champion and company_code = $company",
            company=row["company_code"],
        )
        assert float(row["loss"]) == pytest.approx(float(plain["loss"]), abs=1e-5)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_cash_page_shows_the_published_sums(
    published: Release, language: str, speak: Callable[[str], None]
) -> None:
    app = opened("cash", language=language)
    assert not app.exception
    weeks = cash.weeks(published, CashScope())
    if not weeks:
        assert app.info
        return
    speak(language)
    unit = numbers.unit_for(weeks[-1]["cumulative"])
    for amount in (weeks[3]["cumulative"], weeks[-1]["cumulative"], weeks[-1]["cumulative_new"]):
        assert numbers.money(amount, currency=published.reporting_currency, unit=unit) in html_of(app)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_provision_page_shows_the_published_loss(
    published: Release, language: str, speak: Callable[[str], None]
) -> None:
    app = opened("provision", language=language)
    assert not app.exception
    (row,) = fetch(
        published,
        "select sum(expected_credit_loss_reporting) as loss from marts.mart_expected_credit_loss where not is_beside",
    )
    speak(language)
    shown = numbers.money(row["loss"], currency=published.reporting_currency, unit=numbers.EXACT)
    assert shown in html_of(app)
    # the proof is green: the same figure in three places
    assert any("✓" in str(block.proto.body) and shown in str(block.proto.body) for block in app.get("html"))


def test_the_matrix_is_the_cookbook_of_the_analyst_guide(published: Release) -> None:
    plain = fetch(
        published,
        "select segment, bucket, sum(exposure_reporting) as exposure, sum(expected_credit_loss_reporting) as loss"
        " from marts.mart_expected_credit_loss where not is_beside and method <> 'eliminated' group by segment, bucket",
    )
    shown: dict[tuple[str, str], tuple[Decimal, Decimal]] = {}
    for row in provision.matrix(published, ProvisionScope()):
        if not row["is_beside"] and not row["is_eliminated"]:
            before = shown.get((row["segment"], row["bucket"]), (Decimal(0), Decimal(0)))
            shown[row["segment"], row["bucket"]] = (before[0] + row["exposure"], before[1] + row["loss"])
    assert shown == {(row["segment"], row["bucket"]): (row["exposure"], row["loss"]) for row in plain}


def test_items_behind_the_matrix_are_the_matrix(published: Release) -> None:
    if not provision.has_items(published):
        pytest.skip("published by an older program: run `make demo`")
    (row,) = fetch(
        published,
        "select (select sum(exposure_reporting) from marts.mart_expected_credit_loss_item) as of_items,"
        " (select sum(exposure_reporting) from marts.mart_expected_credit_loss where not is_beside) as of_rows",
    )
    assert row["of_items"] == row["of_rows"]


def test_the_workpaper_is_made_and_is_that_of_the_command(published: Release) -> None:
    found = provision_workpaper._read(published.cache_key, None, _release=published)
    base = next(
        row
        for row in provision_history.sensitivity(published, ProvisionScope())
        if row["sensitivity"] == "base"
    )
    assert sum(row["expected_credit_loss_reporting"] for row in found.counted) == base["loss"]
    content = xlsx_bytes(provision_document(found, language="zh"))
    assert len(zipfile.ZipFile(io.BytesIO(content)).namelist()) > 10
