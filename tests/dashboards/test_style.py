"""Colours in a dark page: told from the page behind them, in the same order, and turned in one place."""

from __future__ import annotations

import tomllib

import pytest
from streamlit.testing.v1 import AppTest

from dashboards.ui import charts_trend, style
from tests.dashboards.conftest import ROOT, OpenPage

THEMES = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["theme"]
# WCAG 1.4.11 for marks, 1.4.3 for text
MARK, TEXT = 3.0, 4.5


def luminance(colour: str) -> float:
    """WCAG relative luminance of #RRGGBB."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("colour", [style.INK, style.MUTED, style.ACCENT, style.AMBER, style.CALM, style.CREDIT,
                                    *style.OVERDUE])  # fmt: skip
def test_a_mark_is_told_from_a_dark_page(colour: str) -> None:
    assert contrast(style.in_theme(colour), THEMES["dark"]["backgroundColor"]) >= MARK


def test_figures_beside_marks_can_be_read_in_either_theme() -> None:
    assert contrast(style.MUTED, THEMES["light"]["backgroundColor"]) >= TEXT
    assert contrast(style.in_theme(style.MUTED), THEMES["dark"]["backgroundColor"]) >= TEXT


def test_what_is_older_is_darker_in_either_theme() -> None:
    for ramp in (style.OVERDUE, [style.in_theme(colour) for colour in style.OVERDUE]):
        shades = [luminance(colour) for colour in ramp]
        assert shades == sorted(shades, reverse=True)


def test_the_figure_of_a_heat_map_can_be_read_on_its_cell() -> None:
    """Where the figure turns from dark to white, both are legible: the worst cells of each side."""
    pale, dark = charts_trend.HEAT[:3], charts_trend.HEAT[3:]
    for colour in pale:
        assert contrast(style.ON_PALE, colour) >= TEXT, colour
    for colour in dark:
        assert contrast("#FFFFFF", colour) >= TEXT, colour
    # they do not turn with the page, nor do the figures
    assert style.in_theme([*charts_trend.HEAT, style.ON_PALE]) == [*charts_trend.HEAT, style.ON_PALE]


def test_colours_of_a_chart_turn_wherever_they_stand() -> None:
    spec = {"mark": {"color": style.ACCENT}, "layer": [{"range": [style.INK, "#ABCDEF"]}], "height": 3}
    assert style.in_theme(spec) == {
        "mark": {"color": style.ON_DARK[style.ACCENT]},
        "layer": [{"range": [style.ON_DARK[style.INK], "#ABCDEF"]}],
        "height": 3,
    }


@pytest.mark.parametrize("page", ["overview", "aging", "trend", "watchlist"])
def test_pages_draw_in_the_dark(open_page: OpenPage, monkeypatch: pytest.MonkeyPatch, page: str) -> None:
    monkeypatch.setattr(style, "is_dark", lambda: True)
    app: AppTest = open_page(page, language="en")
    assert not app.exception
    charts = [str(chart.proto.spec) for chart in app.get("vega_lite_chart")]
    assert not any(style.ACCENT in spec for spec in charts)
