"""Provision page: the expected credit loss with every figure on the way to it, beside what is booked and what was lost.

Belongs here: the order of the page. Must not: SQL, words.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import streamlit as st

from dashboards.data import provision, provision_history
from dashboards.data.provision import ProvisionScope
from dashboards.data.release import Release, Row
from dashboards.i18n import namer, t
from dashboards.ui import cards, choices, numbers, page
from dashboards.ui.cards import Card
from dashboards.ui.numbers import Unit
from dashboards.views.parts import (
    provision_cell,
    provision_individual,
    provision_matrix,
    provision_record,
    provision_workpaper,
)
from dashboards.views.parts.provision_names import Names


@dataclass(frozen=True)
class Chosen:
    """What the reader chose, and the currency of its figures."""

    scope: ProvisionScope
    currency: str


def main() -> None:
    release = page.begin("provision")
    offered = provision.companies(release)
    if not offered:
        st.info(t("provision.empty"), icon=":material/inbox:")
        st.stop()
    chosen = _choose(release, offered)
    scope, currency = chosen.scope, chosen.currency
    totals = provision.totals(release, scope)
    unit = numbers.unit_for(totals["expected_credit_loss"])
    names = Names(release)
    if totals["unconverted_count"]:
        st.warning(
            t("provision.unconverted", count=totals["unconverted_count"]), icon=":material/currency_exchange:"
        )
    _headline(release, scope, totals, currency=currency, unit=unit)
    _proof(release, scope, totals, currency=currency)
    provision_matrix.draw(release, scope, names=names, currency=currency)
    provision_cell.draw(release, scope, names=names, currency=currency)
    provision_individual.draw(release, scope, names=names)
    provision_record.draw(release, scope, names=names, currency=currency)


def _choose(release: Release, offered: list[Row]) -> Chosen:
    with st.container(border=True, key="filters"):
        left, middle, right = st.columns([1.4, 1.4, 3.2], vertical_alignment="bottom")
        codes = [row["company_code"] for row in offered]
        companies = left.multiselect(t("filter.company"), codes, key="companies", bind="query-params",
                                     placeholder=t("filter.all"))  # fmt: skip
        books = {
            row["functional_currency"] for row in offered if not companies or row["company_code"] in companies
        }
        # books in several currencies have no sum but in the reporting currency
        is_one = len(books) == 1
        with middle:
            basis = choices.segments(
                t("filter.currency_basis"), provision.BASES, name="basis", format_func=namer("currency_basis"),
                disabled=not is_one, help=None if is_one else t("provision.one_currency"),
            )  # fmt: skip
        used = basis if is_one else "reporting"
        with right:
            provision_workpaper.draw(release, companies=companies)
    return Chosen(
        ProvisionScope(tuple(companies), used),
        books.pop() if used == "functional" else release.reporting_currency,
    )


def _headline(release: Release, scope: ProvisionScope, totals: Row, *, currency: str, unit: Unit) -> None:
    booked = provision_history.booked(release, scope)
    individual = provision_history.individual(release, scope)

    def shown(amount: Decimal | None) -> str:
        return numbers.money(amount, currency=currency, unit=unit)

    loss, exposure = totals["expected_credit_loss"], totals["exposure"]
    rate = numbers.share(numbers.ratio(loss, whole=exposure))
    facts = {
        "as_of": numbers.day(release.as_of), "exposure": shown(exposure), "loss": shown(loss), "rate": rate,
        "individual": shown(totals["individual_loss"]), "count": len(individual),
        "group": shown(totals["group_loss"]), "overlay": shown(totals["overlay"]),
    }  # fmt: skip
    entry = booked["entry"]
    if entry is None:
        compared = t("provision.sentence_not_booked", companies=booked["missing"] or "")
    else:
        key = "more" if entry > 0 else "less" if entry < 0 else "same"
        compared = _compared(key, booked=shown(booked["booked"]), entry=shown(abs(entry)))
    cards.sentence(t("provision.sentence", **facts) + compared)
    group_exposure = exposure - totals["individual_exposure"]
    group_rate = numbers.share(numbers.ratio(totals["group_loss"], whole=group_exposure))
    cards.row(
        [
            Card(t("provision.card_loss"), shown(loss),
                 (t("provision.card_rate", rate=rate), t("provision.card_exposure", amount=shown(exposure))),
                 t("provision.card_loss_definition", intragroup=shown(totals["intragroup_exposure"])), is_strong=True),
            Card(t("provision.card_individual"), shown(totals["individual_loss"]),
                 (t("provision.card_customers", count=len(individual)),
                  t("provision.card_exposure", amount=shown(totals["individual_exposure"]))),
                 t("provision.card_individual_definition")),
            Card(t("provision.card_group"), shown(totals["group_loss"]),
                 (t("provision.card_rate", rate=group_rate),
                  t("provision.card_exposure", amount=shown(group_exposure))),
                 t("provision.card_group_definition")),
            Card(t("provision.card_covered"), shown(totals["covered"]),
                 (t("provision.card_covered_loss", amount=shown(totals["covered_loss"])),
                  t("provision.card_overlay", amount=shown(totals["overlay"]))),
                 t("provision.card_covered_definition")),
            Card(t("provision.card_booked"), shown(booked["booked"]),
                 (t("provision.card_not_booked", companies=booked["missing"]) if booked["missing_count"]
                  else t("provision.card_booked_on", day=numbers.day(booked["booked_on"])),
                  "" if entry is None else t("provision.card_entry", amount=numbers.money(
                      entry, currency=currency, unit=unit, is_signed=True))),
                 t("provision.card_booked_definition")),
        ]
    )  # fmt: skip


def _compared(key: str, *, booked: str, entry: str) -> str:
    if key == "more":
        return t("provision.sentence_more", booked=booked, entry=entry)
    if key == "less":
        return t("provision.sentence_less", booked=booked, entry=entry)
    return t("provision.sentence_same", booked=booked)


def _proof(release: Release, scope: ProvisionScope, totals: Row, *, currency: str) -> None:
    """The same loss in three places, to the cent."""

    def exact(amount: Decimal | None) -> str:
        return numbers.money(amount, currency=currency, unit=numbers.EXACT)

    loss = totals["expected_credit_loss"]
    base = next(
        (row["loss"] for row in provision_history.sensitivity(release, scope)
         if row["sensitivity"] == provision_history.BASE), None,
    )  # fmt: skip
    closing = numbers.total(
        row["closing"] for row in provision_history.allowance(release, scope)
        if row["step"] == provision_history.PROPOSED
    )  # fmt: skip
    listed = numbers.total(row["loss"] for row in provision_history.individual(release, scope))
    cards.proof(
        [
            t("provision.proof", matrix=exact(loss), sensitivity=exact(base), allowance=exact(closing)),
            t("provision.proof_individual", matrix=exact(totals["individual_loss"]), listed=exact(listed)),
        ],
        is_amber=not (loss == base == closing and listed == totals["individual_loss"]),
    )


main()
