"""Filters of the aging page, and the scope they give; every one of them is in the address.

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
from dashboards.ui import choices, numbers

DEFAULT_SCHEME = "standard"
AGE_BASES = ("document_date", "posting_date")
DUE_BASES = ("due_date", "original_due_date")
MINIMA = (0, 1_000, 10_000, 100_000, 1_000_000)
AUTOMATIC = "automatic"
EVERY = "*"
RARER = ("currency", "minimum", "unit")
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
                                  bind="query-params", help=t("filter.as_of_help"))  # fmt: skip
        with first[1]:
            known_on = st.date_input(t("filter.known_on"), value=None, key="known_on", format="YYYY-MM-DD",
                                     max_value=release.known_at.date(), bind="query-params",
                                     help=t("filter.known_on_help"))  # fmt: skip
        with first[2]:
            scheme = schemes[_choose_scheme(schemes)]
        with first[3]:
            basis = _choose_basis(scheme)
        with first[4]:
            companies = st.multiselect(t("filter.company"), offered["companies"], key="companies",
                                       bind="query-params", placeholder=t("filter.all"))  # fmt: skip
        with first[5]:
            currency_basis = choices.select(t("filter.currency_basis"), CURRENCY_BASES, name="currency_basis",
                                            format_func=_currency_names(release).__getitem__)  # fmt: skip
        second = st.columns([1.9, 1.5, 1.6, 1.6, 0.95, 1.0], vertical_alignment="bottom")
        with second[0]:
            presentation = choices.segments(t("filter.presentation"), PRESENTATIONS, name="presentation",
                                            format_func=namer("presentation"),
                                            help=t("filter.presentation_help"))  # fmt: skip
        with second[1]:
            classes = choices.several(t("filter.class"), offered["classes"], name="classes",
                                      default=_trade(offered["classes"]), format_func=namer("receivable_class"),
                                      placeholder=t("filter.all"))  # fmt: skip
        with second[2]:
            owners = _choose_sorted(t("filter.owner"), offered, kinds=OWNERS, name="owners")
        with second[3]:
            segments = _choose_sorted(t("filter.segment"), offered, kinds=SEGMENTS, name="segments")
        with second[4]:
            rarer = _choose_rarer(offered)
        with second[5]:
            has_intragroup = st.toggle(
                t("filter.intragroup"),
                key="intragroup",
                bind="query-params",
                help=t("filter.intragroup_help"),
            )
    scope = Scope(
        as_of=as_of or release.as_of,
        # a date means the end of that day (ledger.md)
        known_at=datetime.combine(known_on, time.max) if known_on else None,
        scheme=scheme.code,
        unit=scheme.unit,
        basis=basis,
        presentation=presentation,
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
    return choices.select(t("filter.scheme"), codes, name="scheme", format_func=names.__getitem__)


def _choose_basis(scheme: Scheme) -> str:
    # A scheme of ages has no bucket for what is not due yet, so it takes only the dates an age can be counted from.
    offered = DUE_BASES + AGE_BASES if scheme.basis in DUE_BASES else AGE_BASES
    default = scheme.basis if scheme.basis in offered else offered[0]
    return choices.select(t("filter.basis"), [code for code in BASES if code in offered], name="basis",
                          default=default, format_func=namer("basis"), help=t("filter.basis_help"))  # fmt: skip


def _choose_sorted(
    title: str, offered: dict[str, list[str]], *, kinds: tuple[str, ...], name: str
) -> dict[str, tuple[str, ...]]:
    """One list for several ways customers are sorted: any value of a kind, and all kinds together."""
    shown = {
        f"{kind}:{code}": t("filter.of_kind", value=label("deal_nature", code) if kind == "natures" else code,
                            kind=label("filter_kind", kind))
        for kind in kinds
        for code in offered[kind]
    }  # fmt: skip
    picked = choices.several(title, list(shown), name=name, format_func=shown.__getitem__,
                             placeholder=t("filter.all"), help=t("filter.sorted_help"))  # fmt: skip
    split = [code.split(":", 1) for code in picked]
    return {kind: tuple(code for of, code in split if of == kind) for kind in kinds}


def _choose_rarer(offered: dict[str, list[str]]) -> Rarer:
    changed = sum(name in st.query_params for name in RARER)
    with st.popover(t("filter.more_changed", count=changed) if changed else t("filter.more"),
                    icon=":material/tune:", width="stretch"):  # fmt: skip
        everything = t("filter.all")
        currency = choices.select(t("filter.currency"), [EVERY, *offered["currencies"]], name="currency",
                                  format_func=lambda code: everything if code == EVERY else code)  # fmt: skip
        minimum = choices.select(t("filter.minimum"), [str(value) for value in MINIMA], name="minimum",
                                 format_func=lambda value: f"{int(value):,}",
                                 help=t("filter.minimum_help"))  # fmt: skip
        unit = choices.select(t("filter.unit"), [AUTOMATIC, *(unit.code for unit in numbers.units())], name="unit",
                              format_func=namer("unit_choice"), read=numbers.own_unit_code)  # fmt: skip
    return Rarer(currency=None if currency == EVERY else currency, minimum=int(minimum), unit_code=unit)


def _currency_names(release: Release) -> dict[str, str]:
    names = {code: label("currency_basis", code) for code in CURRENCY_BASES}
    return names | {"reporting": f"{names['reporting']} {release.reporting_currency}"}


def _trade(classes: list[str]) -> list[str]:
    return [code for code in classes if code == TRADE] or classes[:1]
