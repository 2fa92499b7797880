"""Pages run in both languages, and the figures on them are the ones SQL gives."""

from __future__ import annotations

import re
from datetime import date

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Dataframe

from dashboards.data.release import Release, current_release, fetch
from tests.dashboards.conftest import OpenPage
from tests.dashboards.own_release import html_of, table_with
from tests.dashboards.own_release import open_page as opened
from tests.dashboards.said import foreign, texts_of

LANGUAGES = ("zh", "en")
OUTSTANDING = """
select sum(open_amount_reporting) as amount
from marts.mart_aging as item
inner join marts.dim_customer as customer using (company_code, customer_id)
where item.receivable_class = 'trade' and not customer.is_intragroup"""


def figures(text: str) -> list[str]:
    return re.findall(r"[\d,]+\.\d+", text)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("page", "title"), [("aging", ("账龄", "Aging")), ("trend", ("逾期趋势", "Overdue trends"))]
)
def test_a_page_opens(open_page: OpenPage, page: str, title: tuple[str, str], language: str) -> None:
    app = open_page(page, language=language)
    assert not app.exception
    assert app.title[0].value == title[LANGUAGES.index(language)]
    assert "r0123" in html_of(app)


@pytest.mark.parametrize(("language", "shown"), [("zh", "¥989.45万"), ("en", "¥9,894.5k")])
def test_the_headline_is_the_sum_of_the_published_items(
    open_page: OpenPage, release: Release, language: str, shown: str
) -> None:
    (row,) = fetch(release, OUTSTANDING)
    page = html_of(open_page("aging", language=language))
    assert shown in page
    assert f"¥{row['amount']:,.2f} = " in page or f"¥{row['amount']:,.2f}" in page


def test_the_matrix_shows_every_customer_and_the_total(open_page: OpenPage) -> None:
    frame = matrix_of(open_page("aging", language="en"))
    assert next(iter(frame["customer_name"])) == "Total"
    assert len(frame) == 8
    body, total = frame.iloc[1:], frame.iloc[0]
    assert total["outstanding"] == pytest.approx(9894.5, abs=0.01)
    assert body["outstanding"].sum() == pytest.approx(total["outstanding"], abs=0.5)
    buckets = [name for name in frame.columns if name.startswith("bucket_")]
    assert frame[buckets].sum(axis=1).to_list() == pytest.approx(frame["outstanding"].to_list(), abs=0.001)


def test_another_day_and_another_basis_can_be_asked(open_page: OpenPage) -> None:
    app = open_page("aging", language="en")
    app.date_input(key="as_of").set_value(date(2026, 5, 1)).run()
    assert not app.exception
    assert len(matrix_of(app)) < 8
    app.selectbox(key="basis").set_value("document_date").run()
    assert not app.exception


@pytest.mark.parametrize("presentation", ["net", "per_item"])
@pytest.mark.parametrize("currency_basis", ["functional", "document"])
def test_presentations_and_currencies_run(
    open_page: OpenPage, presentation: str, currency_basis: str
) -> None:
    app = open_page("aging", language="zh")
    app.segmented_control(key="presentation").set_value(presentation)
    app.selectbox(key="currency_basis").set_value(currency_basis).run()
    assert not app.exception


def test_what_was_known_then_is_shown_and_said(open_page: OpenPage) -> None:
    app = open_page("aging", language="en")
    app.date_input(key="as_of").set_value(date(2026, 1, 31))
    app.date_input(key="known_on").set_value(date(2026, 2, 1)).run()
    assert not app.exception
    assert any("2026-02-01" in note.value for note in app.info)


def test_an_aging_address_shows_the_view_that_it_was_copied_from(home: object) -> None:
    address = {
        "as_of": "2026-05-01", "companies": "CN01", "basis": "posting_date", "presentation": "net",
        "currency_basis": "document", "owners": "collectors:李强", "segments": "natures:retail_chain", "classes": "",
        "currency": "CNY", "minimum": "1000", "unit": "exact", "intragroup": "true",
    }  # fmt: skip
    app = opened("aging", language="en", **address)
    assert not app.exception
    assert app.date_input(key="as_of").value == date(2026, 5, 1)
    assert app.multiselect(key="companies").value == ["CN01"]
    assert app.multiselect(key="owners").value == ["collectors:李强"]
    # every class, not the one that stands there by itself
    assert app.multiselect(key="classes").value == []
    assert [app.selectbox(key=key).value for key in ("basis", "currency_basis", "currency", "minimum", "unit")] == [
        "posting_date", "document", "CNY", "1000", "exact",
    ]  # fmt: skip
    assert app.segmented_control(key="presentation").value == "net"
    assert app.toggle(key="intragroup").value is True
    # of the customers of that owner and nature, what was open on that day: 415,200.50
    assert list(matrix_of(app)["outstanding"]) == [415200.50, 415200.50]


def test_what_is_chosen_on_the_aging_page_stands_in_the_address(open_page: OpenPage) -> None:
    app = open_page("aging", language="zh")
    app.multiselect(key="classes").set_value([])
    app.multiselect(key="segments").set_value(["regions:华南"])
    app.selectbox(key="basis").set_value("document_date").run()
    assert not app.exception
    chosen = {name: app.query_params.get(name) for name in ("classes", "segments", "basis", "presentation")}
    assert chosen == {
        "classes": "",
        "segments": "regions:华南",
        "basis": "document_date",
        "presentation": None,
    }
    app.selectbox(key="basis").set_value("due_date").run()
    assert "basis" not in app.query_params


@pytest.mark.parametrize(
    ("language", "named", "shown"),
    [
        ("zh", "wan", "wan"),
        ("en", "wan", "thousand"),
        ("en", "yi", "million"),
        ("zh", "thousand", "wan"),
        ("zh", "million", "yi"),
        ("zh", "exact", "exact"),
        ("en", "exact", "exact"),
        # by the word, as addresses once had it
        ("en", "万", "thousand"),
        ("zh", "Millions (m)", "yi"),
        ("zh", "亿", "yi"),
        ("en", "nonsense", "automatic"),
    ],
)
def test_a_unit_of_an_address_is_its_like_in_the_readers_language(
    home: object, language: str, named: str, shown: str
) -> None:
    app = opened("aging", language=language, unit=named)
    assert not app.exception
    assert app.selectbox(key="unit").value == shown


def test_a_unit_stays_when_the_language_changes_and_is_kept_as_it_was_chosen(home: object) -> None:
    app = opened("aging", language="zh")
    app.selectbox(key="unit").set_value("wan").run()
    assert app.query_params.get("unit") in ("wan", ["wan"])
    english = opened("aging", language="en", unit="wan")
    # 1,000 of what 万 counts in 10,000: the figures of the matrix are in thousands
    assert english.selectbox(key="unit").value == "thousand"
    exact, thousands = (
        matrix_of(opened("aging", language="en", unit=unit))["outstanding"] for unit in ("exact", "wan")
    )
    assert list(thousands) == [pytest.approx(amount / 1_000, abs=0.051) for amount in exact]


def test_an_aging_address_with_unknown_values_shows_the_defaults(home: object) -> None:
    names = ("as_of", "known_on", "scheme", "basis", "companies", "currency_basis", "presentation", "classes", "owners",
             "segments", "currency", "minimum", "unit", "intragroup")  # fmt: skip
    app = opened("aging", language="en", **dict.fromkeys(names, "nonsense"))
    assert not app.exception
    assert app.date_input(key="as_of").value == date(2026, 6, 30)
    assert app.selectbox(key="basis").value == "due_date"


def test_an_empty_scope_says_so(open_page: OpenPage) -> None:
    app = open_page("aging", language="en")
    app.date_input(key="as_of").set_value(date(2020, 1, 1)).run()
    assert not app.exception
    assert any("Nothing is open" in note.value for note in app.info)


def test_clicking_goes_down_to_the_source_row(open_page: OpenPage) -> None:
    app = open_page("aging", language="en")
    frame = matrix_of(app)
    position = list(frame["customer_name"]).index("Guangdong Brightline Retail")
    click(app, "matrix_", rows=[position])
    assert not app.exception
    assert "owes ¥947.9" in html_of(app) or "owes ¥948.0k" in html_of(app)
    (link,) = app.get("page_link")
    assert link.proto.query_string == "company=CN01&customer=C002"
    click(app, "items_", rows=[0])
    click(app, "movements_", rows=[1])
    assert not app.exception
    assert any("allocation.csv" in block.value for block in app.markdown)
    assert list(table_with(app, "dispute_id")["_file"]) == ["dispute.csv"]
    assert set(table_with(app, "promise_id")["promise_id"]) == {"PR-4", "PR-5"}


def test_clicking_a_bucket_of_the_total_lists_its_customers(open_page: OpenPage) -> None:
    app = open_page("aging", language="en")
    click(app, "matrix_", cells=[(0, "bucket_6")])
    assert not app.exception
    assert any("2 customers in this bucket" in note.value for note in app.caption)


@pytest.mark.parametrize("grain", ["day", "week", "month"])
@pytest.mark.parametrize("shape", ["amount", "share"])
def test_the_trend_runs_in_every_grain_and_shape(open_page: OpenPage, grain: str, shape: str) -> None:
    app = open_page("trend", language="zh")
    app.segmented_control(key="grain").set_value(grain)
    app.segmented_control(key="shape").set_value(shape).run()
    assert not app.exception


def test_the_trend_takes_intragroup_in_when_asked(open_page: OpenPage) -> None:
    app = open_page("trend", language="en")
    before = table_with(app, "closing_overdue")["outstanding"].iloc[0]
    app.toggle(key="intragroup").set_value(True).run()
    assert not app.exception
    assert table_with(app, "closing_overdue")["outstanding"].iloc[0] - before == pytest.approx(500, abs=0.1)


def test_owners_and_segments_can_be_chosen(open_page: OpenPage) -> None:
    app = open_page("aging", language="en")
    app.multiselect(key="owners").set_value(["collectors:王芳"])
    app.multiselect(key="segments").set_value(["regions:华南"]).run()
    assert not app.exception
    frame = matrix_of(app)
    assert len(frame) == 2
    assert list(frame["collector"])[1] == "王芳"


def test_the_trend_never_mixes_currencies(open_page: OpenPage) -> None:
    app = open_page("trend", language="en")
    app.selectbox(key="basis").set_value("document").run()
    assert not app.exception
    picker = app.button_group(key="currency")
    assert len(picker.options) == 3


def test_the_reader_can_change_the_language(open_page: OpenPage) -> None:
    app = open_page("aging", language="zh")
    app.segmented_control(key="language_switch").set_value("en").run()
    assert not app.exception
    assert app.title[0].value == "Aging"
    assert app.query_params["lang"] in ("en", ["en"])


@pytest.mark.parametrize(("language", "words"), [("zh", "总账核对"), ("en", "Ledger tie-out")])
def test_the_strip_opens_what_the_release_stands_on(open_page: OpenPage, language: str, words: str) -> None:
    app = open_page("trend", language=language)
    app.button(key="strip_details").click().run()
    assert not app.exception
    gates = next(table.value for table in app.dataframe if "gate" in table.value.columns)
    assert words in list(gates["gate"])
    if language == "zh":
        rejects = next(table.value for table in app.dataframe if "example" in table.value.columns)
        # what was delivered stands as it was written
        assert list(rejects["example"]) == ["不是可用的数字 · 35200.005"]
        names = {
            row["source"] for row in fetch(current_release(), "select source from marts.dim_release_load")
        }
        said = {part for text in texts_of(app) for part in foreign(text)} - names
        assert said == set()


def test_a_click_does_not_carry_over_to_other_rows(open_page: OpenPage) -> None:
    app = open_page("aging", language="en")
    click(app, "matrix_", rows=[1])
    assert "owes" in html_of(app)
    app.multiselect(key="companies").set_value(["DE01"]).run()
    assert not app.exception
    assert "owes" not in html_of(app)


def click(
    app: AppTest, prefix: str, *, rows: list[int] | None = None, cells: list[tuple[int, str]] | None = None
) -> None:
    """Select in the table whose key begins so, and run."""
    app.session_state[table_of(app, prefix).key] = {
        "selection": {"rows": rows or [], "columns": [], "cells": cells or []}
    }
    app.run()


def table_of(app: AppTest, prefix: str) -> Dataframe:
    return next(table for table in app.dataframe if str(table.key).startswith(prefix))


def matrix_of(app: AppTest) -> pd.DataFrame:
    return table_of(app, "matrix_").value
