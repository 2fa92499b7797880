"""Provision page: figures worked by hand on the sample, the way down from a cell, restricted readers, the workpaper.

The sample (sample/provision.sql): CN01 retail 1,000,000 x 1 % = 10,000; 400,000 x 5 % + 100,000 covered x 0.1 % =
20,100; overlay 5,000; one customer individually 796,000; intragroup 500,000 eliminated. DE01 780,000 x 2 % = 15,600.
CN01 831,100, both 846,700.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from dashboards.access.viewer import Restriction, Viewer
from dashboards.data import provision, provision_history
from dashboards.data.provision import Cell, ProvisionScope
from dashboards.data.release import Release, current_release
from dashboards.i18n import speaking
from documents.errors import Difference, DoesNotClose
from tests.dashboards.conftest import OpenPage
from tests.dashboards.own_release import html_of, make_own, table_with
from tests.dashboards.own_release import open_page as open_page_at
from tests.dashboards.test_pages import LANGUAGES, click, table_of

ALL = ProvisionScope()
CN01 = ProvisionScope(("CN01",))
RETAIL_NOT_DUE = Cell("retail_chain", "standard", "not_due")


def test_totals_leave_out_what_is_beside_and_what_is_eliminated(release: Release) -> None:
    totals = provision.totals(release, CN01)
    assert (totals["exposure"], totals["expected_credit_loss"]) == (2_296_000, 831_100)
    assert (totals["individual_loss"], totals["group_loss"], totals["overlay"]) == (796_000, 30_100, 5_000)
    assert (totals["covered"], totals["intragroup_exposure"]) == (100_000, 500_000)
    assert provision.totals(release, ALL)["expected_credit_loss"] == 846_700


def test_a_company_can_be_read_in_the_currency_of_its_books(release: Release) -> None:
    totals = provision.totals(release, ProvisionScope(("DE01",), "functional"))
    assert (totals["exposure"], totals["expected_credit_loss"]) == (100_000, 2_000)


def test_the_cells_add_up_to_the_total(release: Release) -> None:
    cells = [
        row for row in provision.matrix(release, CN01) if not row["is_beside"] and not row["is_eliminated"]
    ]
    assert sum(row["loss"] for row in cells) == 831_100
    assert {row["bucket"] for row in cells if row["segment"] == "retail_chain"} == {"not_due", "d1_30", "*"}


def test_a_cell_shows_every_figure_on_the_way(release: Release) -> None:
    (line,) = provision.lines(release, CN01, Cell("retail_chain", "standard", "d1_30"))
    assert (line["uncovered_base"], line["rate"], line["uncovered_loss"]) == (400_000, 0.05, 20_000)
    assert (line["covered_base"], line["cover_rate"], line["covered_loss"]) == (100_000, 0.001, 100)
    assert line["loss"] == 20_100


def test_a_cell_opens_its_customers_and_items_to_the_cent(release: Release) -> None:
    rows = provision.customers(release, CN01, RETAIL_NOT_DUE)
    assert [(row["customer_id"], row["exposure"], row["loss"]) for row in rows] == [
        ("C002", 600_000, 6_000),
        ("C004", 400_000, 4_000),
    ]
    cell = next(
        row
        for row in provision.matrix(release, CN01)
        if row["bucket"] == "not_due" and row["segment"] == "retail_chain"
    )
    assert sum(row["exposure"] for row in rows) == cell["exposure"]
    (item,) = provision.items(release, CN01, RETAIL_NOT_DUE, customer=("CN01", "C002"))
    assert (item["document_id"], item["rate"], item["loss"]) == ("INV-2003", 0.01, 6_000)


def test_booked_is_compared_only_where_every_ledger_delivers(release: Release) -> None:
    own = provision_history.booked(release, CN01)
    assert (own["booked"], own["entry"]) == (520_000, 311_100)
    both = provision_history.booked(release, ALL)
    assert (both["booked"], both["entry"], both["missing"]) == (None, None, "DE01")


def test_sensitivities_add_up_over_segments(release: Release) -> None:
    rows = {row["sensitivity"]: row for row in provision_history.sensitivity(release, ALL)}
    assert rows["base"]["loss"] == 846_700
    assert (rows["factor_up"]["change"], rows["one_bucket_later"]["change"]) == (4_560, 13_680)


def test_the_back_test_of_groups_leaves_individual_assessment_out(release: Release) -> None:
    groups = provision_history.backtest_groups(release, CN01, months_back=12)
    assert (groups["expected_loss"], groups["outcome_loss"], groups["outcome_ratio"]) == (20_000, 30_000, 1.5)


@pytest.mark.parametrize(
    ("language", "loss", "rate"), [("zh", "¥84.67万", "27.5%"), ("en", "¥846.7k", "27.5%")]
)
def test_the_page_says_what_the_rows_say(open_page: OpenPage, language: str, loss: str, rate: str) -> None:
    app = open_page("provision", language=language)
    assert not app.exception
    text = html_of(app)
    # 846,700 of 3,076,000
    assert loss in text and rate in text
    assert "¥846,700.00" in text
    assert "DE01" in text


@pytest.mark.parametrize(
    ("language", "words"), [("zh", "尚需补提¥31.11万"), ("en", "¥311.1k more should be")]
)
def test_of_one_company_the_entry_is_named(open_page: OpenPage, language: str, words: str) -> None:
    app = open_page("provision", language=language)
    app.multiselect(key="companies").set_value(["CN01"]).run()
    assert not app.exception
    assert words in html_of(app)
    steps = table_with(app, "charge")
    assert list(steps["closing"]) == pytest.approx([520_000, 831_100])


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_click_on_the_matrix_opens_the_cell(open_page: OpenPage, language: str) -> None:
    app = open_page("provision", language=language)
    segments = list(table_of(app, "provision_standard_loss").value["segment"])
    position = next(i for i, name in enumerate(segments) if name in ("商超", "retail chains"))
    app.selectbox(key="segment").set_value("retail_chain")
    app.selectbox(key="bucket").set_value("standard/not_due").run()
    assert not app.exception
    assert position > 0
    assert list(table_with(app, "customer_name")["exposure"])[:2] == pytest.approx([600_000, 400_000])
    click(app, "provision_customers_", rows=[0])
    assert not app.exception
    assert list(table_with(app, "open_amount_document")["document_id"]) == ["INV-2003"]


def test_a_pick_takes_segment_and_bucket_from_the_cell(monkeypatch: pytest.MonkeyPatch) -> None:
    from dashboards.views.parts import provision_cell

    state: dict[str, object] = {"t": {"selection": {"cells": [(2, "d1_30")], "rows": []}}}
    address: dict[str, str] = {}
    monkeypatch.setattr(provision_cell.st, "session_state", state)
    monkeypatch.setattr(provision_cell.st, "query_params", address)
    provision_cell.pick(
        "t", aging="standard", segments=["individual", "retail_chain"], buckets=["not_due", "d1_30"]
    )
    assert (address["segment"], address["bucket"]) == ("retail_chain", "standard/d1_30")
    # the total is no segment: what was chosen stays
    state["t"] = {"selection": {"cells": [(0, "not_due")], "rows": []}}
    provision_cell.pick(
        "t", aging="standard", segments=["individual", "retail_chain"], buckets=["not_due", "d1_30"]
    )
    assert (address["segment"], address["bucket"]) == ("retail_chain", "standard/d1_30")
    # a row, or a column that is no bucket, is the whole segment
    state["t"] = {"selection": {"cells": [], "rows": [1]}}
    provision_cell.pick(
        "t", aging="standard", segments=["individual", "retail_chain"], buckets=["not_due", "d1_30"]
    )
    assert (address["segment"], address["bucket"]) == ("individual", "all")


@pytest.mark.parametrize("measure", ["exposure", "rate"])
def test_the_matrix_in_other_measures(open_page: OpenPage, measure: str) -> None:
    app = open_page("provision", language="en")
    app.segmented_control(key="measure").set_value(measure).run()
    assert not app.exception
    row = table_of(app, f"provision_standard_{measure}").value.set_index("segment").loc["retail chains"]
    # amounts in thousands
    assert row["not_due"] == ("1.0%" if measure == "rate" else 1_000)


def test_a_release_without_items_says_so(open_page: OpenPage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(provision, "has_items", lambda release: False)
    app = open_page("provision", language="en")
    assert not app.exception
    assert any("older program" in note.value for note in app.info)


@pytest.mark.parametrize(("language", "words"), [("zh", "没有需要计提的应收"), ("en", "Nothing is owed")])
def test_without_receivables_the_page_says_so(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch, language: str, words: str
) -> None:
    monkeypatch.setattr(provision, "companies", lambda release: [])
    app = open_page("provision", language=language)
    assert not app.exception
    assert any(words in note.value for note in app.info)


def test_a_workpaper_that_does_not_agree_is_not_handed_out(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dashboards.views.parts import provision_workpaper

    def differing(*_: object, **__: object) -> None:
        gross = Difference("gross", "CN01 CNY", Decimal("1000.01"), Decimal("1000.00"))
        raise DoesNotClose("two figures differ", fix="refresh again", difference=gross)

    provision_workpaper._read.clear()
    monkeypatch.setattr(provision_workpaper, "read_provision", differing)
    app = open_page("provision", language="en")
    (said,) = [error.value for error in app.error]
    assert "For CN01 CNY, the gross balance is 1,000.01" in said
    assert "a difference of 0.01" in said
    # the room's own words are in the fold
    assert any("two figures differ" in block.value and "refresh again" in block.value for block in app.code)
    assert not app.get("download_button") or not any(
        "Workpaper" in str(button.proto.label) for button in app.get("download_button")
    )


def test_a_reader_of_one_company_sees_its_provision_alone(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "dashboards.ui.page.current_viewer", lambda _: Viewer("li", "controller", Restriction(("DE01",)))
    )
    app = open_page("provision", language="en")
    assert not app.exception
    text = html_of(app)
    assert "¥15,600.00" in text
    assert "CN01" not in text


def test_a_restricted_release_never_breaks_a_query(home: object) -> None:
    nobody = current_release(Restriction(("XX99",)))
    assert provision.companies(nobody) == provision.matrix(nobody, ALL) == []
    assert provision.totals(nobody, ALL)["expected_credit_loss"] == Decimal(0)
    assert provision_history.individual(nobody, ALL) == provision_history.vintages(nobody, ALL) == []


def test_what_has_no_rate_is_in_no_sum_and_the_page_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    amounts = ", ".join(
        f"{name}_reporting = null"
        for name in ("open_amount", "exposure", "covered", "uncovered", "covered_base", "uncovered_base",
                     "covered_loss", "uncovered_loss", "expected_credit_loss")
    )  # fmt: skip
    more = f"""
update marts.mart_expected_credit_loss set {amounts}, unconverted_count = 1 where company_code = 'DE01';
update marts.mart_expected_credit_loss_item set exposure_reporting = null, covered_reporting = null,
    expected_credit_loss_reporting = null where company_code = 'DE01';
update marts.mart_credit_loss_sensitivity set expected_credit_loss_reporting = null, change_reporting = null
where company_code = 'DE01';
update marts.mart_individual_assessment set exposure_reporting = null, covered_reporting = null,
    expected_credit_loss_reporting = null"""
    make_own(tmp_path, "provision", more=more)
    monkeypatch.setenv("ARREARS_HOME", str(tmp_path))
    with speaking("en"):
        segment = provision.matrix(current_release(), ProvisionScope(("DE01",)))[0]["segment"]
    for address in ({}, {"companies": "DE01", "segment": segment}):
        app = open_page_at("provision", language="en", **address)
        assert not app.exception
        assert any("have no exchange rate" in note.value for note in app.warning)
        # and no workpaper, whose sums would be too small
        assert any("amounts of it have no exchange rate" in note.value for note in app.error)


def test_a_company_that_its_group_alone_owes_something_has_a_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    more = "update marts.mart_expected_credit_loss set method = 'eliminated' where company_code = 'DE01'"
    make_own(tmp_path, "provision", more=more)
    monkeypatch.setenv("ARREARS_HOME", str(tmp_path))
    app = open_page_at("provision", language="en", companies="DE01")
    assert not app.exception
    assert any("intragroup" in note.value.lower() for note in app.caption)
