"""Filters of the trend page, and the scope they give; every one of them is in the address.

Belongs here: widgets and their defaults. Must not: show a figure.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import streamlit as st

from dashboards.data import aging, roll, trend
from dashboards.data.aging import Scheme
from dashboards.data.release import Release
from dashboards.data.roll import EVERY, RollScope
from dashboards.data.trend import GRAINS, TrendScope
from dashboards.i18n import label, language, namer, t
from dashboards.ui import choices
from dashboards.views.parts.dates import months_before
from dashboards.views.parts.provision_names import Names

PARTS = ("history", "bridge", "compare", "roll", "vintage")
"""What the page answers, the largest question first; only the chosen one is asked."""
PERIODS = {"m3": 3, "m13": 13, "m25": 25, "m37": 37}
SHAPES = ("amount", "share")


@dataclass(frozen=True)
class Chosen:
    """What the reader chose: the part, its scope, and the schemes the history is published for."""

    part: str
    scope: TrendScope
    scheme: Scheme
    first_day: date
    is_share: bool = False

    def currency(self, release: Release) -> str:
        """What amounts are in."""
        return self.scope.shown_currency or release.reporting_currency


def choose_part() -> str:
    """Which question is answered; `?part=`."""
    return choices.segments(
        t("trend.part"), PARTS, name="part", format_func=namer("trend_part"), label_visibility="collapsed"
    )


def choose(release: Release, *, part: str) -> Chosen | None:
    """Draw the filters of a part; None where there is no history."""
    span = trend.span(release)
    if span is None:
        return None
    published = trend.schemes(release)
    schemes = {code: scheme for code, scheme in aging.schemes(release).items() if code in published}
    offered = aging.choices(release)
    is_history = part == "history"
    with st.container(border=True, key="filters"):
        widths = [1.2, 1.4, 1.5, 1.2, 1.2] if is_history else [1.4, 1.6, 1.6, 1.2, 2.4]
        columns = st.columns(widths, vertical_alignment="bottom")
        with columns[0]:
            companies = st.multiselect(t("filter.company"), offered["companies"], key="companies",
                                       bind="query-params", placeholder=t("filter.all"))  # fmt: skip
        with columns[1]:
            natures = choices.several(t("filter.nature"), offered["natures"], name="natures",
                                      format_func=namer("deal_nature"), placeholder=t("filter.all"))  # fmt: skip
        with columns[2]:
            # what bills are left of is told at one rate (vintage), the other parts in any
            basis = "reporting" if part == "vintage" else choices.select(
                t("filter.currency_basis"), trend.BASES, name="basis", format_func=namer("currency_basis")
            )  # fmt: skip
            if part == "vintage":
                st.caption(t("trend.vintage_currency", currency=release.reporting_currency))
        with columns[3]:
            has_intragroup = st.toggle(t("filter.intragroup"), key="intragroup", bind="query-params",
                                       help=t("filter.intragroup_help_trend"))  # fmt: skip
        scheme, grain, shape, period = "standard", "week", "amount", "m13"
        if is_history:
            with columns[4]:
                scheme = _choose_scheme(schemes)
            period, grain, shape = _choose_look()
        scheme = scheme if scheme in schemes else next(iter(sorted(schemes)))
        scope = TrendScope(
            scheme=scheme,
            first_day=max(span[0], months_before(span[1], months=PERIODS[period] - 1)),
            last_day=span[1],
            grain=grain,
            currency_basis=basis,
            companies=tuple(companies),
            natures=tuple(natures),
            has_intragroup=has_intragroup,
        )
        currencies = trend.shown_currencies(release, scope)
        if not currencies:
            return None
        shown = currencies[0]
        if len(currencies) > 1:
            # Amounts of different currencies are never added to one another.
            shown = choices.segments(t("filter.shown_currency"), currencies, name="currency", format_func=str)
    return Chosen(
        part=part,
        scope=scope.changed(shown_currency=shown),
        scheme=schemes[scheme],
        first_day=span[0],
        is_share=shape == "share",
    )


def choose_roll(release: Release) -> RollScope:
    """Companies and provision segment: all that roll rates are kept by."""
    offered = aging.choices(release)
    names = Names(release)
    segments = [EVERY, *roll.segments(release)]
    words = {code: t("filter.all") if code == EVERY else names.segment(code) for code in segments}
    with st.container(border=True, key="filters"):
        left, middle, rest = st.columns([1.4, 1.6, 3.4], vertical_alignment="bottom")
        companies = left.multiselect(t("filter.company"), offered["companies"], key="companies", bind="query-params",
                                     placeholder=t("filter.all"))  # fmt: skip
        with middle:
            segment = choices.select(
                label("column", "segment"), segments, name="segment", format_func=words.__getitem__
            )
        rest.caption(t("trend.roll_filter_note"))
    return RollScope(tuple(companies), segment)


def _choose_scheme(schemes: dict[str, Scheme]) -> str:
    names = {code: scheme.label(language()) for code, scheme in schemes.items()}
    codes = sorted(schemes, key=lambda code: (code != "standard", code))
    return choices.select(t("filter.scheme"), codes, name="scheme", format_func=names.__getitem__)


def _choose_look() -> tuple[str, str, str]:
    first, second, third, _ = st.columns([1.2, 1.6, 1.4, 3.2], vertical_alignment="bottom")
    with first:
        period = choices.select(
            t("filter.period"), list(PERIODS), name="period", format_func=namer("period"), default="m13"
        )
    with second:
        grain = choices.segments(
            t("filter.grain"), GRAINS, name="grain", format_func=namer("grain"), default="week"
        )
    with third:
        shape = choices.segments(t("filter.shape"), SHAPES, name="shape", format_func=namer("shape"))
    return period, grain, shape
