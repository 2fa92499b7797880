"""Filters of the aging page, and the scope they give.

Belongs here: widgets and their defaults. Must not: show a figure.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal

import streamlit as st

from dashboards.data import aging
from dashboards.data.aging import Scheme
from dashboards.data.netting import TRADE
from dashboards.data.release import Release
from dashboards.data.scope import BASES, CURRENCY_BASES, PRESENTATIONS, Scope
from dashboards.i18n import label, language, namer, t
from dashboards.ui import numbers

DEFAULT_SCHEME = "standard"
AGE_BASES = ("document_date", "posting_date")
DUE_BASES = ("due_date", "original_due_date")
MINIMA = (0, 1_000, 10_000, 100_000, 1_000_000)
AUTOMATIC = "automatic"
# Filters of the scope that one list offers together, each value told apart by its kind.
OWNERS = ("collectors", "sales_owners")
SEGMENTS = ("natures", "regions")


@dataclass(frozen=True)
class Chosen:
    """What the reader chose: the scope of the figures, its scheme, and the unit they are shown in."""

    scope: Scope
    scheme: Scheme
    unit_code: str


@dataclass(frozen=True)
class Rarer:
    """What few readers change, behind one button."""

    currency: str | None
    minimum: int
    unit_code: str


def choose(release: Release) -> Chosen:
    """Draw the filters; every default is the release's own day, as known now, trade items, gross."""
    schemes = aging.schemes(release)
    offered = aging.choices(release)
    with st.container(border=True, key="filters"):
        first = st.columns([1.15, 1.25, 1.35, 1.5, 1.5, 1.35])
        with first[0]:
            as_of = st.date_input(t("filter.as_of"), value=release.as_of, key="as_of", format="YYYY-MM-DD",
                                  help=t("filter.as_of_help"))  # fmt: skip
        with first[1]:
            known_on = st.date_input(t("filter.known_on"), value=None, key="known_on", format="YYYY-MM-DD",
                                     max_value=release.known_at.date(), help=t("filter.known_on_help"))  # fmt: skip
        with first[2]:
            scheme = schemes[_choose_scheme(schemes)]
        with first[3]:
            basis = _choose_basis(scheme)
        with first[4]:
            companies = st.multiselect(t("filter.company"), offered["companies"], key="companies",
                                       placeholder=t("filter.all"))  # fmt: skip
        with first[5]:
            currency_basis = st.selectbox(t("filter.currency_basis"), CURRENCY_BASES, key="currency_basis",
                                          format_func=_currency_names(release).__getitem__)  # fmt: skip
        second = st.columns([1.9, 1.5, 1.6, 1.6, 0.95, 1.0], vertical_alignment="bottom")
        with second[0]:
            presentation = st.segmented_control(t("filter.presentation"), PRESENTATIONS, default="gross", required=True,
                                                format_func=namer("presentation"),
                                                key="presentation", help=t("filter.presentation_help"))  # fmt: skip
        with second[1]:
            classes = st.multiselect(t("filter.class"), offered["classes"], default=_trade(offered["classes"]),
                                     format_func=namer("receivable_class"), key="classes",
                                     placeholder=t("filter.all"))  # fmt: skip
        with second[2]:
            owners = _choose_sorted(t("filter.owner"), offered, names=OWNERS, key="owners")
        with second[3]:
            segments = _choose_sorted(t("filter.segment"), offered, names=SEGMENTS, key="segments")
        with second[4]:
            rarer = _choose_rarer(offered)
        with second[5]:
            has_intragroup = st.toggle(
                t("filter.intragroup"), key="intragroup", help=t("filter.intragroup_help")
            )
    scope = Scope(
        as_of=as_of or release.as_of,
        # a date means the end of that day (ledger.md)
        known_at=datetime.combine(known_on, time.max) if known_on else None,
        scheme=scheme.code,
        unit=scheme.unit,
        basis=basis,
        presentation=presentation or "gross",
        currency_basis=currency_basis,
        companies=tuple(companies),
        currency=rarer.currency,
        classes=tuple(classes),
        has_intragroup=has_intragroup,
        minimum=Decimal(rarer.minimum),
    ).changed(**owners, **segments)
    return Chosen(scope=scope, scheme=scheme, unit_code=rarer.unit_code)


def _choose_scheme(schemes: dict[str, Scheme]) -> str:
    names = {code: scheme.label(language()) for code, scheme in schemes.items()}
    codes = sorted(schemes, key=lambda code: (code != DEFAULT_SCHEME, code))
    return st.selectbox(t("filter.scheme"), codes, key="scheme", format_func=names.__getitem__)


def _choose_basis(scheme: Scheme) -> str:
    # A scheme of ages has no bucket for what is not due yet, so it takes only the dates an age can be counted from.
    offered = DUE_BASES + AGE_BASES if scheme.basis in DUE_BASES else AGE_BASES
    default = scheme.basis if scheme.basis in offered else offered[0]
    return st.selectbox(t("filter.basis"), [code for code in BASES if code in offered], key=f"basis_{scheme.code}",
                        index=[code for code in BASES if code in offered].index(default),
                        format_func=namer("basis"), help=t("filter.basis_help"))  # fmt: skip


def _choose_sorted(
    title: str, offered: dict[str, list[str]], *, names: tuple[str, ...], key: str
) -> dict[str, tuple[str, ...]]:
    """One list for several ways customers are sorted: any value of a kind, and all kinds together."""
    shown = {
        (name, code): t("filter.of_kind", value=label("deal_nature", code) if name == "natures" else code,
                        kind=label("filter_kind", name))
        for name in names
        for code in offered[name]
    }  # fmt: skip
    picked = st.multiselect(title, list(shown), format_func=shown.__getitem__, key=key,
                            placeholder=t("filter.all"), help=t("filter.sorted_help"))  # fmt: skip
    return {name: tuple(code for kind, code in picked if kind == name) for name in names}


def _choose_rarer(offered: dict[str, list[str]]) -> Rarer:
    defaults: dict[str, object] = {"currency": None, "minimum": MINIMA[0], "unit": AUTOMATIC}
    changed = sum(st.session_state.get(key, default) != default for key, default in defaults.items())
    with st.popover(t("filter.more_changed", count=changed) if changed else t("filter.more"),
                    icon=":material/tune:", width="stretch"):  # fmt: skip
        everything = t("filter.all")
        currency = st.selectbox(t("filter.currency"), [None, *offered["currencies"]], key="currency",
                                format_func=lambda code: code or everything)  # fmt: skip
        minimum = st.selectbox(t("filter.minimum"), MINIMA, key="minimum", format_func=lambda value: f"{value:,}",
                               help=t("filter.minimum_help"))  # fmt: skip
        unit = st.selectbox(t("filter.unit"), [AUTOMATIC, *(unit.code for unit in numbers.units())], key="unit",
                            format_func=namer("unit_choice"))  # fmt: skip
    return Rarer(currency=currency, minimum=minimum, unit_code=unit)


def _currency_names(release: Release) -> dict[str, str]:
    names = {code: label("currency_basis", code) for code in CURRENCY_BASES}
    return names | {"reporting": f"{names['reporting']} {release.reporting_currency}"}


def _trade(classes: list[str]) -> list[str]:
    return [code for code in classes if code == TRADE] or classes[:1]
