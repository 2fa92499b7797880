"""Cash page: figures worked by hand on the sample, in both languages, restricted, and without a forecast.

The sample (sample/cash.sql): of CN01 1,000,000 a week +- 300,000, of DE01 500,000 +- 400,000, 1,500,000 +- 700,000 of
both. Four weeks: 6,000,000 +- sqrt(4) x 700,000 = 1,400,000; thirteen: 19,500,000 +- sqrt(13) x 700,000 = 2,523,885.89.
Not billed yet of CN01: 100,000 x week, 1,000,000 in four weeks and 9,100,000 in thirteen.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from dashboards.access.viewer import Restriction, Viewer
from dashboards.data import cash, cash_errors
from dashboards.data.cash import CashScope
from dashboards.data.release import Release, current_release
from dashboards.i18n import speaking
from dashboards.ui import charts_cash, numbers
from tests.dashboards.conftest import OpenPage
from tests.dashboards.own_release import html_of, table_with
from tests.dashboards.test_pages import LANGUAGES, click

ALL = CashScope()
CN01 = CashScope(companies=("CN01",))
FIRST, LAST = date(2026, 7, 1), date(2026, 7, 28)


def test_cumulative_bands_join_half_widths_of_weeks_and_add_those_of_companies(release: Release) -> None:
    weeks = cash.weeks(release, ALL)
    assert (weeks[0]["expected"], weeks[0]["low"], weeks[0]["high"]) == (1_500_000, 800_000, 2_200_000)
    fourth, last = weeks[3], weeks[-1]
    assert (fourth["cumulative"], fourth["cumulative_low"], fourth["cumulative_high"]) == (
        6_000_000, 4_600_000, 7_400_000,
    )  # fmt: skip
    assert (last["week_ahead"], last["cumulative"]) == (13, 19_500_000)
    assert last["cumulative_high"] == Decimal("22023885.89")
    assert last["cumulative_low"] == Decimal("16976114.11")


def test_what_is_not_billed_yet_is_in_no_other_figure(release: Release) -> None:
    weeks = cash.weeks(release, CN01)
    assert (weeks[3]["cumulative"], weeks[3]["cumulative_new"]) == (4_000_000, 1_000_000)
    assert weeks[-1]["cumulative_new"] == 9_100_000
    (row,) = cash.by_series(release, CN01)
    assert (row["expected_4"], row["low_4"], row["high_4"], row["new_4"]) == (
        4_000_000, 3_400_000, 4_600_000, 1_000_000,
    )  # fmt: skip


def test_payers_are_those_whose_median_pay_day_lies_in_the_weeks(release: Release) -> None:
    # INV-2003 on 14 July and the overdue INV-2002 on 5 July; INV-4002 only on 25 August
    payers = cash.payers(release, CN01, first_day=FIRST, last_day=LAST)
    assert [(row["customer_id"], row["expected_amount"], row["overdue_amount"]) for row in payers] == [
        ("C002", Decimal("790750.25"), Decimal("388000.00"))
    ]
    # amount-weighted: (402,750.25 x 10 % + 388,000 x 40 %) / 790,750.25
    assert payers[0]["late_30_rate"] == pytest.approx(0.24720, abs=1e-5)
    total = cash.items_total(release, CN01, first_day=FIRST, last_day=LAST)
    assert (total["item_count"], total["customer_count"]) == (2, 1)


def test_a_past_forecast_is_compared_as_the_sum_that_is_looked_at(release: Release) -> None:
    # 4,000,000 expected and 4,400,000 received of CN01; 2,000,000 both of DE01
    (both,) = cash_errors.past_totals(release, ALL)
    assert (both["weeks"], both["expected"], both["received"]) == (4, 6_000_000, 6_400_000)
    assert both["error_rate"] == pytest.approx(-0.0625)
    (own,) = cash_errors.past_totals(release, CN01)
    assert (own["low"], own["high"], own["is_in_band"]) == (3_400_000, 4_600_000, True)


def test_errors_of_rivals_are_measured_alike(release: Release) -> None:
    rows = {row["model"]: row for row in cash_errors.errors_by_forecaster(release, CN01)}
    # received 1.1, 0.9, 1.5, 1.1 = 4.6 million; 1.2 a week expected: 0.8 off in weeks, 0.2 in the sum
    assert rows["boosting"]["error_rate"] == pytest.approx(0.8 / 4.6)
    assert rows["boosting"]["short_error_rate"] == pytest.approx(0.2 / 4.6)
    assert rows["due_date"]["error_rate"] == pytest.approx(1.6 / 4.6)
    assert rows["last_4_weeks"]["short_error_rate"] == pytest.approx(0.6 / 4.6)
    assert rows["last_4_weeks"]["bias_rate"] == pytest.approx(-0.6 / 4.6)


def test_coverage_counts_weeks_of_companies(release: Release) -> None:
    held = {
        row["company_code"]: (row["held_count"], row["week_count"])
        for row in cash_errors.coverage(release, ALL)
    }
    assert held == {"CN01": (3, 4), "DE01": (4, 4)}


def test_a_champion_stands_beside_the_best_of_the_others(release: Release) -> None:
    rows = {row["horizon"]: row for row in cash_errors.champions(release, ALL)}
    assert (rows["cash"]["rival_model"], float(rows["cash"]["rival_loss"])) == ("due_date", 0.41)
    assert rows["days"]["rival_model"] is None


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("zh", ("¥600.00万", "¥460.00万–¥740.00万", "¥1,950.00万", "¥910.00万")),
        ("en", ("¥6.00m", "¥4.60m to ¥7.40m", "¥19.50m", "¥9.10m")),
    ],
)
def test_the_page_says_what_the_rows_say(open_page: OpenPage, language: str, shown: tuple[str, ...]) -> None:
    app = open_page("cash", language=language)
    assert not app.exception
    text = html_of(app)
    # one unit per page, that of its largest figure
    for figure in shown:
        assert figure in text
    # seven of eight weeks lay in the band
    assert "87.5%" in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_payer_opens_its_items_and_its_page(open_page: OpenPage, language: str) -> None:
    app = open_page("cash", language=language)
    click(app, "cash_payers_", rows=[0])
    assert not app.exception
    assert "INV-2003" in list(table_with(app, "pay_date_p50")["document_id"])


@pytest.mark.parametrize("weeks", ["week_8", "all_weeks", "week_13"])
def test_any_week_can_be_asked(open_page: OpenPage, weeks: str) -> None:
    app = open_page("cash", language="en")
    app.multiselect(key="companies").set_value(["CN01"])
    app.selectbox(key="weeks").set_value(weeks).run()
    assert not app.exception
    if weeks == "week_8":
        assert list(table_with(app, "pay_date_p50")["document_id"]) == ["INV-4002"]
    if weeks == "week_13":
        assert any("No item is expected" in note.value for note in app.info)


@pytest.mark.parametrize(("key", "value"), [("forecast", "cumulative"), ("of", "total")])
def test_the_other_shapes_run(open_page: OpenPage, key: str, value: str) -> None:
    app = open_page("cash", language="zh")
    app.segmented_control(key=key).set_value(value).run()
    assert not app.exception
    assert app.query_params[key] in (value, [value])


@pytest.mark.parametrize(
    ("drawn", "amounts", "ends"),
    [
        (charts_cash.weeks, ("expected", "expected_new"), ("low", "high")),
        (charts_cash.cumulative, ("cumulative", "cumulative_new"), ("cumulative_low", "cumulative_high")),
    ],
)
def test_weeks_and_their_sums_are_drawn_with_the_band_of_open_items_alone(
    release: Release,
    monkeypatch: pytest.MonkeyPatch,
    drawn: Callable[..., None],
    amounts: tuple[str, str],
    ends: tuple[str, str],
) -> None:
    charts: list[Any] = []
    monkeypatch.setattr(charts_cash, "draw", lambda chart, **_: charts.append(chart))
    rows = cash.weeks(release, ALL)
    with speaking("en"):
        drawn(rows, currency="CNY", unit=numbers.EXACT)
    (data,) = charts[0].to_dict()["datasets"].values()
    expected = [
        (float(row[name]), *((float(row[end]) for end in ends) if name == amounts[0] else (None, None)))
        for row in rows
        for name in amounts
    ]
    assert [(line["amount"], line["low"], line["high"]) for line in data] == expected


def test_a_rival_that_was_closer_is_named(open_page: OpenPage, monkeypatch: pytest.MonkeyPatch) -> None:
    real = cash_errors.errors_by_forecaster

    def closer(release: Release, scope: CashScope) -> list[dict[str, object]]:
        return [
            row | ({"short_error_rate": 0.01} if row["model"] == "last_4_weeks" else {})
            for row in real(release, scope)
        ]

    monkeypatch.setattr(cash_errors, "errors_by_forecaster", closer)
    app = open_page("cash", language="en")
    assert any("Mean of last four weeks" in note.value for note in app.warning)


@pytest.mark.parametrize(("language", "words"), [("zh", "prediction: full"), ("en", "prediction: full")])
def test_without_predictions_the_page_says_how_to_have_them(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch, language: str, words: str
) -> None:
    monkeypatch.setattr(cash, "choices", lambda release: {"companies": [], "currencies": []})
    monkeypatch.setattr(
        cash, "outcomes", lambda release: [{"name": "switched_off", "is_used": False, "item_count": 9}]
    )
    app = open_page("cash", language=language)
    assert not app.exception
    assert any("prediction: none" in note.value for note in app.info)
    assert any(words in text.value for text in app.markdown)


def test_a_reader_of_one_company_sees_it_and_no_amount_of_all(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "dashboards.ui.page.current_viewer", lambda _: Viewer("li", "controller", Restriction(("CN01",)))
    )
    app = open_page("cash", language="en")
    assert not app.exception
    assert "¥4.00m" in html_of(app)
    assert app.multiselect(key="companies").options == ["CN01"]
    assert not any("outcome" in table.value.columns for table in app.dataframe)


def test_a_restricted_release_never_breaks_a_query(home: object) -> None:
    nobody = current_release(Restriction(("XX99",)))
    assert cash.choices(nobody) == {"companies": [], "currencies": []}
    assert (
        cash.weeks(nobody, ALL) == cash.by_series(nobody, ALL) == cash_errors.past_totals(nobody, ALL) == []
    )
    assert cash_errors.champions(nobody, ALL) == cash_errors.coverage(nobody, ALL) == []
