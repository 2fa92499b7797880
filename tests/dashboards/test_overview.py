"""The overview on rows that can be added up by hand: figures, what is chosen, both files, and who sees what."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

import duckdb
import pandas as pd
import pypdf
import pytest
from streamlit.testing.v1 import AppTest

from dashboards.access.viewer import Restriction, Viewer
from dashboards.data import aging, attention, bridge, overview, positions, trend, worklist
from dashboards.data.overview import Where
from dashboards.data.release import Release, current_release
from dashboards.data.scope import Scope
from dashboards.i18n import speaking
from dashboards.ui import sparkline
from dashboards.views.parts import overview_change, overview_figures, overview_pack, overview_proof
from documents.blocks import Facts, Table
from documents.paper import pdf_bytes
from documents.workbook import xlsx_bytes
from tests.dashboards.conftest import APP, OpenPage
from tests.dashboards.own_release import html_of, make_own, table_with
from tests.dashboards.own_release import open_page as open_at
from tests.dashboards.sample_release import make_release

OWN = "overview"
GROUP, CN = Where(), Where("CN01")
LANGUAGES = ("zh", "en")

Open = Callable[..., AppTest]


@pytest.fixture
def open_sample(open_page: OpenPage, sample_home: Path, monkeypatch: pytest.MonkeyPatch) -> OpenPage:
    """Pages on the sample of all pages, which has fewer figures than this page's own."""
    monkeypatch.setenv("ARREARS_HOME", str(sample_home))
    return open_page


@pytest.fixture
def open_overview(release: Release) -> Open:
    def open_it(language: str, **query: str) -> AppTest:
        app = AppTest.from_file(str(APP), default_timeout=60)
        for name, value in {"lang": language, **query}.items():
            app.query_params[name] = value
        return app.run()

    return open_it


def definitions_of(app: AppTest) -> str:
    return " ".join(block.value for block in app.markdown)


def gathered(release: Release, where: Where = GROUP) -> overview_figures.Headlines:
    shown = overview_figures.gather(release, where)
    assert shown is not None
    return shown


@pytest.fixture
def english() -> object:
    with speaking("en"):
        yield


@pytest.mark.parametrize(("language", "title"), [("zh", "总览"), ("en", "Overview")])
def test_the_app_opens_with_the_overview_and_its_figures(
    open_overview: Open, release: Release, language: str, title: str
) -> None:
    app = open_overview(language)
    assert not app.exception
    assert app.title[0].value == title
    page = html_of(app)
    with speaking(language):
        shown = gathered(release)
        for name in (
            "receivable",
            "receivable_with_bills",
            "overdue",
            "over_90",
            "dso",
            "cash",
            "expected_loss",
        ):
            assert shown.text(name) in page, name
        for name in ("best_case", "worst_case"):
            assert shown.told(overview.overdue_range(release, GROUP)[name]) in page


def test_a_reader_of_sales_opens_with_another_page(
    open_overview: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "dashboards.ui.page.current_viewer", lambda _: Viewer("li", "sales", Restriction((), "赵雪"))
    )
    app = open_overview("en")
    assert not app.exception
    assert app.title[0].value == "Aging"


@pytest.mark.usefixtures("english")
def test_balances_are_those_of_the_trend_and_of_aging(release: Release) -> None:
    shown = gathered(release)
    newest = trend.rates(release, overview_figures.month_scope(release, GROUP))[-1]
    scope = Scope(as_of=release.as_of, known_at=None, scheme="standard", unit="day")
    total = next(
        row
        for row in aging.totals(release, scope, scheme=aging.schemes(release)["standard"])
        if row["part"] == "total"
    )
    for figure, column in (("receivable", "outstanding"), ("overdue", "overdue"), ("over_90", "over_90")):
        assert shown[figure].value == newest[column] == total[column]
    assert shown.position("disputed", of=overview_proof.TRADE) == total["disputed"]
    assert shown.position("outstanding", of=overview_proof.TRADE) == total["outstanding"]
    assert len(shown.months) == 13


@pytest.mark.usefixtures("english")
def test_metrics_and_what_they_are_compared_with(release: Release) -> None:
    shown = gathered(release)
    dso, cash = shown["dso"], shown["cash"]
    assert (dso.value, dso.month_end, dso.last_year) == (Decimal(50), Decimal("52.5"), Decimal(47))
    assert shown.changes("dso") == ("▼ -2.5 d vs month end", "▲ +3.0 d vs last year")
    assert (cash.value, cash.month_end, cash.last_year) == (460, 400, None)
    # a whole month is compared with a whole month
    assert shown.changes("cash")[0] == "▲ +¥0.1k vs last month"
    assert shown["collection_index"].value == Decimal("0.8")
    assert shown["net_overdue_rate"].value == Decimal("0.2")
    # bills of May: 920 - 880
    assert shown["bills"].month_end == 40
    assert shown["receivable_with_bills"].month_end == (shown["receivable"].month_end or 0) + 40


@pytest.mark.usefixtures("english")
def test_four_weeks_of_cash_and_the_losses_beside_the_allowance(release: Release) -> None:
    shown = gathered(release)
    # half-widths below: 20, 15, 10 of three weeks; above: 30, 10, 10; joined as the root of their squares
    assert shown["expected_cash"].value == 175
    assert shown["low_cash"].value == Decimal("148.07")
    assert shown["high_cash"].value == Decimal("208.17")
    # 25 + 60 + 15; what stands beside is in no total
    assert (shown["expected_loss"].value, shown["allowance"].value) == (100, 80)
    one = gathered(release, CN)
    assert (one["expected_loss"].value, one["allowance"].value) == (40, 30)


def test_cash_is_held_against_the_target_of_the_shortest_period(release: Release) -> None:
    shown = gathered(release)
    attainment = shown["target_attainment"]
    # June's 460 of 500, not the year's 1,860 of 5,000; 400 of 500 in May
    assert (attainment.value, attainment.numerator, attainment.denominator) == (Decimal("0.92"), 460, 500)
    assert attainment.month_end == Decimal("0.8")
    assert (shown["cash"].value, shown["cash_target"].value) == (460, 500)
    assert shown["overdue_rate_target"].value == Decimal("0.22")
    one = gathered(release, CN)
    assert (one["cash_target"].value, one["target_attainment"].reason) == (None, "no_target")


def test_the_card_says_what_of_the_target_came_in_and_where_it_is_stated(open_overview: Open) -> None:
    app = open_overview("en")
    text = html_of(app)
    assert "92.0% of the target" in text and "(2026-06)" in text
    assert "target: at most 22.0%" in text
    assert "row 7 of budget.csv" in definitions_of(app)
    assert "No collection target is delivered" not in definitions_of(app)
    assert "No collection target is delivered" in definitions_of(open_overview("en", scope="CN01"))


def test_a_release_without_targets_has_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_own(tmp_path, OWN, more="drop table marts.mart_target")
    monkeypatch.setenv("ARREARS_HOME", str(tmp_path))
    shown = gathered(current_release())
    assert (shown.cash_target, shown["target_attainment"].value) == (None, None)
    assert shown["cash"].value == 460


@pytest.mark.usefixtures("english")
def test_lines_of_what_changed_add_up_and_are_told_in_one_sentence(release: Release) -> None:
    row = bridge.since_reported(release, GROUP)
    assert row is not None
    assert (row["opening"], row["closing"]) == (300, 221)
    assert sum(row[name] for name in bridge.SINCE_REPORTED) == -79
    together = overview_change.together(row)
    assert (together["new"], together["credits"], together["other"]) == (55, -20, 1)
    assert sum(together.values()) == -79
    text = overview_change.sentence(release, gathered(release), row)
    assert text.startswith("Overdue changed by -¥79.00 since 2026-06-29: new +¥55.00 (3 items, largest")
    assert (
        "上海远景建设工程有限公司 +¥40.00), paid -¥80.00, settled by bill -¥30.00, credited -¥20.00" in text
    )
    assert "restated +¥3.00." in text and text.endswith("Other changes +¥1.00.")
    one = bridge.since_reported(release, CN)
    assert one is not None and (one["opening"], one["closing"]) == (200, 122)


def test_months_of_the_bridge_open_where_the_month_before_closed(release: Release) -> None:
    may, june = bridge.by_month(release, GROUP, since=date(2026, 5, 1))
    assert (may["opening"], may["became_overdue"], may["cash"], may["fx"], may["closing"]) == (
        100,
        50,
        -20,
        5,
        135,
    )
    assert (june["opening"], june["became_overdue"], june["cash"], june["closing"]) == (135, 67, -42, 160)
    assert overview_change.together(june)["other"] == 0


def test_the_largest_are_those_of_today_with_days_grade_and_owner(release: Release) -> None:
    rows = overview.largest_overdue(release, GROUP, limit=10)
    assert [(row["customer_id"], row["net_overdue"], row["oldest_days"]) for row in rows] == [
        ("C002", 120, 10), ("K100", 100, 365), ("C001", 80, 30)
    ]  # fmt: skip
    assert [(row["grade"], row["collector"]) for row in rows[:2]] == [("B", "李强"), (None, "A. Weber")]
    assert [row["customer_id"] for row in overview.largest_overdue(release, CN, limit=1)] == ["C002"]


def test_five_things_are_the_largest_but_at_most_two_of_a_kind(release: Release) -> None:
    rows = attention.chosen(attention.candidates(release, GROUP, limit=5), count=5)
    assert [(row["kind"], row["at_stake"]) for row in rows] == [
        ("severe", 4000), ("severe", 3000), ("deadline", 1500), ("promise_due", 1000), ("promise_broken", 400)
    ]  # fmt: skip
    assert attention.chosen(rows, count=2) == rows[:2]
    # what came after the grace is not missing any more, here as on the working list
    broken = worklist.promises(release, owner=None, section="broken")
    assert {row["promise_id"]: row["amount_reporting"] for row in broken}["P2"] == 400
    assert "P7" not in {row["promise_id"] for row in broken}


def test_where_kinds_are_few_the_list_is_filled_up(release: Release) -> None:
    severe = [row for row in attention.candidates(release, GROUP, limit=5) if row["kind"] == "severe"]
    assert [row["at_stake"] for row in attention.chosen(severe, count=5)] == [4000, 3000, 2000]


def test_a_difference_to_the_ledger_is_at_stake_in_the_reporting_currency(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_release(tmp_path, difference="100.00")
    monkeypatch.setenv("ARREARS_HOME", str(tmp_path))
    rows = attention.candidates(current_release(), GROUP, limit=5)
    found = {row["company_code"]: row["at_stake"] for row in rows if row["kind"] == "ledger"}
    assert found == {"CN01": 100, "DE01": 780}
    # a gate that was lowered is told too, after everything with an amount
    assert {row["gate"] for row in rows if row["kind"] == "gate"} == {"gl_tie_out", "orphan_allocation"}


def test_things_to_look_at_have_a_sentence_an_owner_and_a_link(
    open_overview: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dashboards.ui.links.is_open", lambda name: name == "customer")
    page = html_of(open_overview("en"))
    assert "More than 90 days overdue." in page and "<span>legal</span>" in page
    assert "promised ¥1,200.00 by 2026-07-02" in page
    assert 'href="customer?company=CN01&amp;customer=C001&amp;lang=en"' in page
    assert "Müller Maschinenbau AG" in page


def test_the_table_ends_with_the_group_and_what_companies_owe_each_other(open_overview: Open) -> None:
    frame = table_with(open_overview("en"), "dimension_value")
    assert list(frame["dimension_value"]) == ["CN01", "DE01", "Less intragroup", "Total"]
    assert list(frame["receivable"]) == [600, 350, -50, 900]
    assert list(frame["overdue"]) == [150, 100, 0, 250]
    assert list(frame["overdue_change"]) == [-30, -20, 0, -50]
    assert list(frame["overdue_rate"])[:2] == ["23.4%", "24.4%"]
    assert list(frame["dso_days"])[:2] == ["49.0", "n/a"]


def test_a_link_shows_the_same_view_to_readers_of_either_language(open_overview: Open) -> None:
    app = open_overview("zh", by="deal_nature")
    assert not app.exception
    assert next(iter(table_with(app, "dimension_value")["dimension_value"])) == "工程项目"
    app.segmented_control(key="language_switch").set_value("en").run()
    assert next(iter(table_with(app, "dimension_value")["dimension_value"])) == "Project"
    assert app.query_params["by"] in ("deal_nature", ["deal_nature"])
    app.segmented_control(key="by").set_value("company").run()
    assert "by" not in app.query_params


@pytest.mark.usefixtures("english")
def test_the_proof_leads_from_items_to_the_statement(release: Release) -> None:
    shown = gathered(release)
    proof = overview_proof.gather(release, shown)
    steps = [line.amount for line in proof.steps]
    outstanding = shown["receivable"].value or Decimal(0)
    # 10 EUR in credit at 7.8; 80 booked
    assert steps[2] == 78
    assert steps[3] == outstanding + 78 == (steps[0] or 0) + (steps[1] or 0) + (steps[2] or 0)
    assert steps[5] == outstanding + 78 - 80
    # the metrics of these rows say 900
    assert proof.difference == 900 - (outstanding + 78)
    assert not proof.agrees
    beside = {line.name: line for line in proof.beside}
    restated = beside["Restatements of reported days since 2026-05-31"]
    assert (restated.amount, restated.note) == (88, "items: 2")
    # what its group owes it is part of a company's own statement
    assert positions.restated(release, CN, closed=date(2026, 5, 31)) == {"item_count": 2, "amount": 43}


@pytest.mark.usefixtures("english")
def test_a_company_keeps_what_its_group_owes_it_and_the_group_does_not(release: Release) -> None:
    group = overview_proof.gather(release, gathered(release))
    one = overview_proof.gather(release, gathered(release, CN))
    inside = -(group.steps[1].amount or Decimal(0))
    assert inside > 0
    assert group.steps[0].name == one.steps[0].name
    assert "Less intragroup" not in [line.name for line in one.steps]
    assert inside in [line.amount for line in one.beside if line.name == "Receivable from the group"]


@pytest.mark.usefixtures("english")
def test_overdue_costs_what_each_company_pays_for_money(release: Release) -> None:
    shown = gathered(release)
    rows = positions.overdue_by_company(release, GROUP)
    expected = rows[0]["overdue"] * Decimal("0.04") + rows[1]["overdue"] * Decimal("0.05")
    line = overview_proof.gather(release, shown).beside[-1]
    assert line.amount == expected > 0
    assert sum(row["overdue"] for row in rows) == shown["overdue"].value


def test_without_a_borrowing_rate_the_cost_says_why_there_is_none(open_sample: OpenPage) -> None:
    page = html_of(open_sample("overview", language="en"))
    assert "no borrowing rate given" in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_metrics_forecast_and_losses_the_page_says_what_is_missing(
    open_sample: OpenPage, language: str
) -> None:
    app = open_sample("overview", language=language)
    assert not app.exception
    assert {"zh": "无数据", "en": "n/a"}[language] in html_of(app)
    told = " ".join(note.value for note in app.caption)
    assert {"zh": "没有更早的已报告日", "en": "no earlier reported day"}[language] in told


def test_a_release_without_items_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with duckdb.connect(str(make_release(tmp_path))) as connection:
        connection.execute("delete from marts.mart_overdue_trend")
    monkeypatch.setenv("ARREARS_HOME", str(tmp_path))
    app = AppTest.from_file(str(APP), default_timeout=60)
    app.query_params["lang"] = "en"
    app.run()
    assert not app.exception
    assert any("no receivables yet" in note.value for note in app.info)
    assert not app.get("download_button")


def test_a_company_can_be_chosen_in_the_address(open_overview: Open, release: Release) -> None:
    app = open_overview("en", scope="DE01")
    assert not app.exception
    page = html_of(app)
    with speaking("en"):
        assert f"customers owe DE01 {gathered(release, Where('DE01')).text('receivable')}" in page
    assert list(table_with(app, "dimension_value")["dimension_value"]) == ["DE01"]
    assert any("for the group alone" in note.value for note in app.caption)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_reader_of_one_company_meets_that_company_alone(
    open_overview: Open, release: Release, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    restriction = Restriction(("CN01",))
    monkeypatch.setattr(
        "dashboards.ui.page.current_viewer", lambda _: Viewer("wang", "controller", restriction)
    )
    # a link to the group does not get around it
    app = open_overview(language, scope="*")
    assert not app.exception
    page = html_of(app)
    assert "DE01" not in page and "Müller" not in page
    assert list(table_with(app, "dimension_value")["dimension_value"]) == ["CN01"]
    restricted = release.seen_by(restriction)
    assert overview.offered(restricted) == ["CN01"]
    with speaking(language):
        for name in ("receivable", "overdue", "expected_loss"):
            assert gathered(restricted, CN)[name] == gathered(release, CN)[name]
        content = xlsx_bytes(overview_pack.document(restricted, CN))
    assert "Müller" not in " ".join(strings_of(content))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pack_holds_every_sheet_in_the_readers_language(release: Release, language: str) -> None:
    with speaking(language):
        document = overview_pack.document(release, GROUP)
    assert len(document.sheets) == 8
    words = " ".join(strings_of(xlsx_bytes(document)))
    pages = " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf_bytes(document))).pages)
    for sheet in {"zh": ("主要指标", "勾稽", "预警名单"), "en": ("Headline figures", "Proof", "Watchlist")}[
        language
    ]:
        assert sheet in [named.name for named in document.sheets]
    message = {"zh": "逾期超90天。", "en": "More than 90 days overdue."}[language]
    assert message in words and message in pages


@pytest.mark.usefixtures("english")
def test_figures_of_the_pack_are_those_of_the_page(release: Release) -> None:
    shown = gathered(release)
    document = overview_pack.document(release, GROUP)
    tables = {
        sheet.name: [block for block in sheet.blocks if isinstance(block, Table)] for sheet in document.sheets
    }
    head = {row[0]: row for row in tables["Headline figures"][0].rows}
    assert head["Overdue"][1] == shown["overdue"].value
    assert head["Overdue rate (net)"][1:3] == [20, "%"]
    assert head["Overdue rate (net)"][5:7] == [180, 900]
    assert head["DSO (countback)"][1:5] == [50, "days", Decimal("52.5"), 47]
    months = tables["Metrics by month"][0].rows
    assert len(months) == 13 and months[-1][1] == shown["receivable"].value
    aged = tables["Aging by company"][0]
    assert aged.last is not None and aged.last[-1] == shown["receivable"].value
    # opening, new, paid, ..., closing of June
    assert [tables["Overdue bridge"][0].rows[-1][place] for place in (1, 2, 3, -1)] == [135, 67, -42, 160]
    losses = tables["Expected credit loss"][0]
    assert losses.last is not None and losses.last[2:6] == [600, 100, 15, 100]
    assert [row[1] for row in tables["Watchlist"][0].rows][:2] == [
        "上海远景建设工程有限公司",
        "Müller Maschinenbau AG",
    ]
    facts = next(block for block in document.sheets[0].blocks if isinstance(block, Facts))
    assert ("As of", "2026-06-30") in list(facts.pairs)


def test_the_pack_is_taken_through_the_audited_buttons(open_overview: Open) -> None:
    app = open_overview("en")
    keys = [str(button.proto.id) for button in app.get("download_button")]
    assert any(key.endswith("pack_xlsx") for key in keys) and any(key.endswith("pack_pdf") for key in keys)


def test_a_line_has_a_gap_where_a_month_is_missing_and_says_what_it_shows() -> None:
    from base64 import b64decode

    picture = sparkline.picture([Decimal(1), Decimal(2), None, Decimal(4), Decimal(3)], spoken='a "b"')
    assert 'alt="a &quot;b&quot;"' in picture
    drawing = b64decode(picture.split("base64,")[1].split('"')[0]).decode()
    assert drawing.count("<polyline") == 2
    assert sparkline.picture([Decimal(1), None], spoken="") == ""


def strings_of(content: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        tree = ElementTree.fromstring(book.read("xl/sharedStrings.xml"))
    return [node.text or "" for node in tree.iter() if node.tag.endswith("}t")]


@pytest.mark.parametrize(("language", "words"), [("zh", "按债务人整体计算"), ("en", "the debtor as a whole")])
def test_of_a_company_the_page_says_whose_net_overdue_is_listed(
    open_overview: Open, language: str, words: str
) -> None:
    """It is published for debtors, who may owe other companies too."""
    assert any(words in note.value for note in open_overview(language, scope="CN01").caption)
    assert not any(words in note.value for note in open_overview(language).caption)


def test_a_metric_of_which_nothing_is_known_leaves_the_table_standing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    more = """
update marts.mart_receivable_kpi set numerator = null, value = null
where dimension = 'group' and metric = 'overdue_rate' and period_end = date '2026-06-30'"""
    make_own(tmp_path, "overview", more=more)
    monkeypatch.setenv("ARREARS_HOME", str(tmp_path))
    app = open_at("overview", language="en")
    assert not app.exception
    total = table_with(app, "dimension_value").set_index("dimension_value").loc["Total"]
    assert pd.isna(total["overdue"]) and pd.isna(total["overdue_change"])
