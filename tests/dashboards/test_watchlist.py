"""The watchlist: figures worked by hand on the rows of sample/shared_mart_*.sql, and the page that shows them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from dashboards.access.viewer import Restriction, Viewer
from dashboards.data import episodes, evidence, watchlist
from dashboards.data.release import Release, Row, current_release
from dashboards.data.watchlist import WatchScope
from dashboards.views.parts import watchlist_table
from tests.dashboards.conftest import APP, OpenPage
from tests.dashboards.own_release import html_of, table_with
from tests.dashboards.own_release import open_page as by_address
from tests.dashboards.test_pages import click, table_of

EVERYTHING = WatchScope()
C003 = "CN01|C003"
TITLES = {"zh": "预警名单", "en": "Watchlist"}


def ids(release: Release, **chosen: Any) -> list[str]:
    return [row["customer_id"] for row in watchlist.rows(release, WatchScope(**chosen), limit=100)]


def opened(release: Release, rule_id: str) -> Row:
    rows = episodes.of_customer(release, party_id=C003, group_id=C003)
    return next(row for row in rows if row["rule_id"] == rule_id)


def test_the_list_is_in_the_order_of_its_rank(release: Release) -> None:
    assert ids(release) == ["C003", "K300", "C002"]


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        # as collector, and as salesperson
        ({"owner": "王芳"}, ["C003"]),
        ({"owner": "何俊"}, ["C002"]),
        ({"owner": "nobody"}, []),
        ({"families": ("exposure",)}, ["C002"]),
        ({"families": ("behaviour", "exposure")}, ["C003", "K300", "C002"]),
        ({"families": ("deadline",)}, []),
        ({"is_new": True}, ["C002"]),
        # all three have an episode that nobody reacted to, of behaviour two
        ({"is_unacknowledged": True}, ["C003", "K300", "C002"]),
        ({"is_unacknowledged": True, "families": ("behaviour",)}, ["C003", "K300"]),
        # its B02 was answered, its B03 was not
        ({"is_unacknowledged": True, "owner": "王芳"}, ["C003"]),
    ],
)
def test_filters_leave_the_customers_that_meet_them(
    release: Release, chosen: dict[str, Any], expected: list[str]
) -> None:
    assert ids(release, **chosen) == expected
    assert watchlist.counters(release, WatchScope(**chosen))["customer_count"] == len(expected)


def test_counters_are_those_of_the_rows(release: Release) -> None:
    counted = watchlist.counters(release, EVERYTHING)
    assert (counted["severe_count"], counted["warning_count"], counted["new_count"]) == (1, 2, 1)
    assert (counted["late_count"], counted["late_episode_count"]) == (1, 1)
    # 1,179,400.00 + 1,320,600.00 + 947,950.75; of K300 420,600 is insured
    assert counted["exposure_reporting"] == Decimal("3447950.75")
    assert counted["uncovered_exposure_reporting"] == Decimal("3027350.75")
    assert counted["expected_loss_reporting"] == Decimal("670000.00")


def test_resolved_counts_warnings_of_the_last_seven_days_and_not_notices(release: Release) -> None:
    # B01 of C001 closed on 06-28; its B04 closed on 06-29 and was a notice; all others closed last year
    assert watchlist.resolved(release, EVERYTHING) == {"episode_count": 1, "customer_count": 1}
    assert watchlist.resolved(release, WatchScope(owner="李强"))["episode_count"] == 0


def test_the_record_of_the_last_twelve_months(release: Release) -> None:
    """Five first seen since 2025-07-01 that are no notice and do not state a default: B02 twice, E01, B01, B05.

    Hits: B02 of 2026-01-31 (default on 2026-03-31, 59 days) and B05 of 2025-09-01 (default on 2025-12-01, 91 days).
    B02 of 2025-08-01 was 242 days too early, B01 closed without; E01 is open and four days old, so not judged.
    """
    worth = watchlist.record(release, EVERYTHING)
    assert worth == {
        "alert_count": 5,
        "judged_count": 4,
        "hit_count": 2,
        "median_lead_days": 59,
        "day_count": 365,
    }


def test_the_record_of_the_whole_history_has_the_older_one_too(release: Release) -> None:
    worth = watchlist.record(release, EVERYTHING, months=None)
    assert (worth["alert_count"], worth["judged_count"], worth["hit_count"]) == (6, 5, 2)


def test_a_filter_narrows_the_record(release: Release) -> None:
    worth = watchlist.record(release, WatchScope(owner="何俊"))
    assert (worth["alert_count"], worth["judged_count"], worth["hit_count"]) == (2, 1, 1)


def test_values_stand_beside_their_thresholds_of_both_days(release: Release) -> None:
    episode = opened(release, "B02")
    first, *_ = episodes.values(release, episode_ids=[episode["episode_id"]])
    assert first["name"] == "net_overdue_30"
    assert (first["opened_number"], first["opened_threshold"]) == (Decimal(760000), Decimal(20000))
    assert (first["latest_number"], first["latest_threshold"]) == (Decimal(796000), Decimal(25000))
    assert first["close_threshold"] == Decimal(12500)


def test_the_measure_is_drawn_as_it_was_known_and_falls_to_nothing_between_spells(release: Release) -> None:
    episode = opened(release, "B02")
    series = episodes.series(release, episode=episode, measures=["net_overdue_30"])
    assert (series.measure, series.kind) == ("net_overdue_30", "state")
    assert [(row["day"], row["value"]) for row in series.rows] == [
        (date(2025, 8, 1), Decimal("300000.00")),
        (date(2025, 8, 20), Decimal("0.00")),
        (date(2026, 1, 1), Decimal("760000.00")),
        (date(2026, 5, 6), Decimal("796000.00")),
    ]


def test_utilisation_is_exposure_over_the_limit_of_its_day(release: Release) -> None:
    rows = episodes.of_customer(release, party_id="CN01|C002", group_id=None)
    series = episodes.series(release, episode=rows[0], measures=["utilisation"])
    assert [(row["day"], row["value"]) for row in series.rows] == [
        (date(2026, 1, 10), Decimal("0.500000")),
        (date(2026, 6, 26), Decimal("1.184938")),
    ]


def test_a_measure_without_history_gives_way_to_net_overdue(release: Release) -> None:
    series = episodes.series(release, episode=opened(release, "B03"), measures=["promise_shortfall"])
    assert series.measure == "net_overdue_0"


def test_marks_are_openings_and_closings_of_every_stretch(release: Release) -> None:
    """That B02 became severe on 2025-08-10 is neither."""
    found = episodes.marks(release, episode=opened(release, "B02"))
    assert [(row["day"], row["kind"]) for row in found] == [
        (date(2025, 8, 1), "opened"),
        (date(2025, 9, 1), "closed"),
        (date(2026, 1, 31), "opened"),
    ]


def test_earlier_episodes_say_how_long_and_how_bad(release: Release) -> None:
    (row,) = episodes.earlier(release, episode=opened(release, "B02"))
    assert (row["closed_on"], row["days_open"], row["worst_severity"]) == (date(2025, 9, 1), 31, "severe")


def test_every_kind_of_evidence_can_be_asked(release: Release) -> None:
    episode = opened(release, "B02")
    found = {
        rule: evidence.behind(release, episode=episode | {"rule_id": rule}, party_id=C003)
        for rule in (*evidence.KIND_OF_RULE, "B02", "company's own")
    }
    # INV-3001 since 2025-12-31, INV-3002 since 2026-06-29
    assert [row["document_id"] for row in found["B02"].rows] == ["INV-3001", "INV-3002"]
    assert found["company's own"] == found["B02"]
    assert [row["points"] for row in found["X05"].rows] == [Decimal(0)]
    for each in found.values():
        assert all(set(row) >= set(each.columns) - {"rule", "message"} for row in each.rows)


def test_evidence_about_an_item_keeps_to_its_document(release: Release) -> None:
    episode = opened(release, "B02") | {"document_id": "INV-3002"}
    found = evidence.behind(release, episode=episode, party_id=C003)
    assert [row["document_id"] for row in found.rows] == ["INV-3002"]


def test_a_salesperson_meets_his_own_customers_only(home: object) -> None:
    own = current_release(Restriction(sales_owner="何俊"))
    assert ids(own) == ["C002"]
    assert watchlist.record(own, EVERYTHING)["alert_count"] == 2
    assert watchlist.volume(own) == {}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_shows_the_figures_of_the_rows(open_page: OpenPage, language: str) -> None:
    app = open_page("watchlist", language=language)
    assert not app.exception
    assert app.title[0].value == TITLES[language]
    shown = html_of(app)
    for figure in {"zh": ("¥344.80万", "¥302.74万", "50.0%", "59"), "en": ("¥3,448.0k", "50.0%", "59")}[
        language
    ]:
        assert figure in shown, figure
    # 3 of 7 active customers
    assert "42.9%" in shown
    frame = table_of(app, "watchlist_").value
    assert list(frame["watchlist_rank"]) == [1, 2, 3]
    # ¥1,179,400.00 of the row
    assert frame["net_overdue_reporting"][0] == pytest.approx({"zh": 117.94, "en": 1179.4}[language])
    assert frame["customer_link"][0] == f"customer?company=CN01&customer=C003&lang={language}"
    assert frame["react_by"][0] == "⚠ 2026-04-08"
    # 181 days, grade E: the last step was reached on day 60
    assert frame["next_step"][0].startswith("8 ")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_opening_a_row_shows_its_rules_and_one_in_depth(open_page: OpenPage, language: str) -> None:
    app = open_page("watchlist", language=language)
    click(app, "watchlist_", rows=[0])
    assert not app.exception
    assert ("电子厂(E级)" if language == "zh" else "Dianzichang (grade E)") in html_of(app)
    rules = table_with(app, "opened_threshold")
    assert (
        list(rules["opened_value"])
        == {
            "zh": ["¥76.00万", "¥76.00万", "¥0.00"],
            "en": ["¥760.0k", "¥760.0k", "¥0.00"],
        }[language]
    )
    assert list(rules["policy_version"]) == ["default-1", "default-1", ""]
    assert list(table_with(app, "document_id")["document_id"]) == ["INV-3001", "INV-3002"]
    app.button_group(key="episode").set_value("B02|CN01|C003|2026-01-31").run()
    assert not app.exception
    assert list(table_with(app, "worst_severity")["days_open"]) == [31]
    assert any("20.0%" in caption.value for caption in app.caption)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_link_means_the_same_in_both_languages(home: object, language: str) -> None:
    app = AppTest.from_file(str(APP), default_timeout=60)
    app.query_params["lang"] = language
    app.run()
    app.switch_page("views/watchlist.py")
    app.query_params["family"] = "exposure"
    app.run()
    assert not app.exception
    assert list(table_of(app, "watchlist_").value["customer_link"]) == [
        f"customer?company=CN01&customer=C002&lang={language}"
    ]


def test_an_address_opens_the_row_and_the_rule_that_it_names(home: object) -> None:
    app = by_address("watchlist", language="en", opened=C003, episode="B02|CN01|C003|2026-01-31")
    assert not app.exception
    assert "Dianzichang (grade E)" in html_of(app)
    assert app.button_group(key="episode").value == "B02|CN01|C003|2026-01-31"
    # the row is ticked, so that it can be closed
    assert app.session_state[table_of(app, "watchlist_").key]["selection"]["rows"] == [0]


def test_an_address_opens_a_row_that_another_page_of_the_list_has(
    home: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watchlist_table, "PAGE_ROWS", 1)
    app = by_address("watchlist", language="en", opened="CN01|C002")
    assert not app.exception
    assert list(table_of(app, "watchlist_").value["watchlist_rank"]) == [1]
    assert any("Guangdong Brightline Retail" in title.value for title in app.subheader)


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ({"opened": "CN01|C004"}, "not on the list that you may see"),
        ({"opened": C003, "family": "exposure"}, "on the list, but not within the filters"),
    ],
)
def test_an_address_of_somebody_who_is_not_shown_says_so(
    home: object, address: dict[str, str], words: str
) -> None:
    app = by_address("watchlist", language="en", **address)
    assert not app.exception
    assert any(words in note.value for note in app.info)
    assert "opened_threshold" not in {column for table in app.dataframe for column in table.value.columns}


def test_a_salesperson_is_not_told_of_a_customer_that_is_not_his(
    home: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = Viewer("he", "sales", Restriction((), "何俊"))
    monkeypatch.setattr("dashboards.ui.page.current_viewer", lambda _: reader)
    app = by_address("watchlist", language="en", opened=C003)
    assert not app.exception
    assert any("not on the list that you may see" in note.value for note in app.info)
    assert "Dianzichang" not in html_of(app)


def test_a_filter_that_nobody_meets_says_what_to_do(open_page: OpenPage) -> None:
    app = open_page("watchlist", language="en")
    app.multiselect(key="family").set_value(["deadline"]).run()
    assert not app.exception
    assert any("Widen them above; the whole list has 3" in note.value for note in app.info)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh", "没有达到预警条件的客户(最近一次检查:2026-06-30)。"),
        ("en", "No customer meets a warning rule (last checked 2026-06-30)."),
    ],
)
def test_an_empty_list_says_so_in_the_words_of_the_policy(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch, language: str, words: str
) -> None:
    nobody = Viewer("li", "sales", Restriction((), "nobody"))
    monkeypatch.setattr("dashboards.ui.page.current_viewer", lambda _: nobody)
    app: AppTest = open_page("watchlist", language=language)
    assert not app.exception
    assert [note.value for note in app.success] == [words]


def test_a_salesperson_sees_his_own_list(open_page: OpenPage, monkeypatch: pytest.MonkeyPatch) -> None:
    reader = Viewer("he", "sales", Restriction((), "何俊"))
    monkeypatch.setattr("dashboards.ui.page.current_viewer", lambda _: reader)
    app = open_page("watchlist", language="zh")
    assert not app.exception
    assert list(table_of(app, "watchlist_").value["customer_name"]) == ["Guangdong Brightline Retail"]
    # the guard is of all customers, which he does not see
    assert "42.9%" not in html_of(app)
    click(app, "watchlist_", rows=[0])
    assert not app.exception
