"""About page: the release in full, and the catalogue of metrics as the analyst's guide has it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from dashboards.access.viewer import Restriction, Viewer
from dashboards.data import about
from dashboards.data.release import Release
from dashboards.i18n import catalogue
from tests.dashboards.own_release import html_of, open_page, table_with

GUIDE = Path(__file__).parents[2] / "docs" / "analyst_guide.md"


def guide_metrics() -> dict[str, dict[str, tuple[int, ...]]]:
    """The table under `## Metrics`: metric, variant, months."""
    text = GUIDE.read_text(encoding="utf-8").split("## Metrics", 1)[1].split("\n## ", 1)[0]
    found: dict[str, dict[str, tuple[int, ...]]] = {}
    metric = ""
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if not line.startswith("|") or len(cells) < 4 or cells[0] in ("metric", "---"):
            continue
        metric = cells[0].split(" ")[0] or metric
        months = tuple(int(number) for number in re.findall(r"\d+", cells[2]))
        found.setdefault(metric, {})[cells[1]] = months
    return found


def test_the_catalogue_is_the_one_of_the_guide() -> None:
    assert guide_metrics() == about.METRICS


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_metric_and_term_has_its_words(language: str) -> None:
    words = catalogue(language)
    for metric, variants in about.METRICS.items():
        assert f"metric.{metric}" in words
        for variant in variants:
            assert f"metric_variant.{variant}" in words and f"metric_is.{metric}.{variant}" in words, variant
    for term in about.TERMS:
        assert f"term.{term}" in words and f"term_is.{term}" in words, term


@pytest.mark.parametrize(
    ("language", "metric"), [("zh", "应收账款周转天数 DSO"), ("en", "Days sales outstanding (DSO)")]
)
def test_the_page_tells_the_release_and_its_definitions(release: Release, language: str, metric: str) -> None:
    app = open_page("about", language=language)
    assert not app.exception
    shown = html_of(app)
    for word in ("r0123", "2026-06-30", "d41d8c", "test"):
        assert word in shown, word
    metrics = table_with(app, "variant")
    assert metrics["metric"].iloc[0] == metric
    assert len(metrics) == sum(len(variants) for variants in about.METRICS.values())
    facts = table_with(app, "value")
    assert "9,894,500.00" in list(facts["value"])


def test_a_table_of_the_address_shows_its_columns(release: Release) -> None:
    app = open_page("about", language="en", about_table="mart_aging")
    assert not app.exception
    assert "open_amount_reporting" in list(table_with(app, "data_type")["column_name"])


def test_sums_over_all_companies_are_not_for_a_reader_of_some(
    release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "dashboards.ui.page.current_viewer", lambda _: Viewer("li", "sales", Restriction((), "赵雪"))
    )
    app = open_page("about", language="en")
    assert not app.exception
    assert "9,894,500.00" not in list(table_with(app, "value")["value"])
    # definitions are for everybody
    assert len(about.relations(release)) == len(
        next(box for box in app.selectbox if box.key == "about_table").options
    )
