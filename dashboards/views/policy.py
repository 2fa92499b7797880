"""Credit policy page: grades and where they move, what is advised, what breaks the policy, and the policy itself.

Belongs here: the order of the page. Must not: SQL, words.
"""

from __future__ import annotations

from decimal import Decimal

import streamlit as st

from dashboards.data import policy, policy_breaks
from dashboards.data.release import Release, Row
from dashboards.i18n import label, language, t
from dashboards.ui import cards, charts_policy, choices, exports, numbers, page, tables
from dashboards.ui.cards import Card
from dashboards.ui.numbers import Unit
from dashboards.views.parts import policy_advice, policy_exceptions, policy_limits, policy_rules

MEASURES = ("count", "exposure")
# as they stand in the address
MONTHS_BACK = ("12", "1")
GRADE_COLUMNS = (
    "grade", "party_count", "exposure_reporting", "recommended_limit_reporting", "limit_in_force_reporting",
    "hold_count", "to_pay_for_release_reporting",
)  # fmt: skip
MIGRATION_COLUMNS = ("grade_from", "grade_to", "direction", "party_count", "exposure_reporting")
MOVER_COLUMNS = (
    "customer_id",
    "party_name",
    "grade_from",
    "grade_to",
    "score",
    "exposure_reporting",
    "reason",
)


def main() -> None:
    release = page.begin("policy")
    companies = _choose(release)
    grades = policy.grades(release, companies=companies)
    if not grades:
        st.info(t("policy.empty"), icon=":material/inbox:")
        st.stop()
    named = [row | {"name": f"{row['grade']} {row[f'grade_{language()}']}"} for row in grades]
    currency = grades[0]["currency"]
    kinds = policy_breaks.exceptions_by_kind(release, companies=companies)
    ages = policy_breaks.breaches_by_age(release, companies=companies)
    _head(release, grades, kinds, ages, currency=currency)
    unit = numbers.unit_for(max(row["exposure_reporting"] for row in grades))
    left, right = st.columns([1, 1], gap="large")
    with left:
        st.subheader(t("policy.grades_title"), anchor=False)
        st.caption(t("policy.grades_note"))
        charts_policy.grades(named, currency=currency, unit=unit)
        tables.plain(
            named, columns=GRADE_COLUMNS, unit=numbers.table_unit_for(_largest(grades)), key="policy_grades"
        )
        exports.of_table(release, named, columns=GRADE_COLUMNS, name="policy_grades")
    with right:
        _migration(release, currency=currency, unit=unit)
    policy_advice.draw(release, companies=companies)
    policy_exceptions.draw(release, companies=companies, kinds=kinds)
    policy_limits.draw(release, companies=companies, ages=ages, currency=currency)
    policy_rules.draw(release)


def _largest(grades: list[Row]) -> Decimal:
    names = ("exposure_reporting", "limit_in_force_reporting", "recommended_limit_reporting")
    return max(
        (abs(row[name]) for row in grades for name in names if row[name] is not None), default=Decimal(0)
    )


def _choose(release: Release) -> tuple[str, ...]:
    with st.container(border=True, key="filters"):
        left, _ = st.columns([2, 5])
        with left:
            chosen = st.multiselect(t("filter.company"), policy.companies(release), key="policy_companies",
                                    bind="query-params", placeholder=t("filter.all"),
                                    help=t("policy.company_help"))  # fmt: skip
    return tuple(chosen)


def _head(release: Release, grades: list[Row], kinds: list[Row], ages: list[Row], *, currency: str) -> None:
    def shown(amount: Decimal) -> str:
        return numbers.money(amount, currency=currency)

    total = sum((row["exposure_reporting"] for row in grades), Decimal(0))
    good, weak = (
        sum((row["exposure_reporting"] for row in grades if row["grade"] in letters), Decimal(0))
        for letters in ("AB", "DE")
    )
    holds = sum(row["hold_count"] for row in grades)
    to_pay = sum((row["to_pay_for_release_reporting"] for row in grades), Decimal(0))
    exceptions, unapproved = (
        sum(row[name] for row in kinds) for name in ("exception_count", "unapproved_count")
    )
    breached = sum(row["customer_count"] for row in ages)
    excess = sum((row["excess_reporting"] for row in ages), Decimal(0))
    oldest = sum(row["customer_count"] for row in ages if row["age"] in ("d91_365", "over_365"))
    shares = {"good": numbers.share(numbers.ratio(good, whole=total)),
              "weak": numbers.share(numbers.ratio(weak, whole=total))}  # fmt: skip
    cards.sentence(
        t("policy.sentence", as_of=numbers.day(release.as_of), debtors=f"{sum(r['party_count'] for r in grades):,}",
          exposure=shown(total), holds=holds, to_pay=shown(to_pay), exceptions=f"{exceptions:,}",
          unapproved=f"{unapproved:,}", breached=breached, excess=shown(excess), **shares)
    )  # fmt: skip
    hold_exposure = sum((row["hold_exposure_reporting"] for row in grades), Decimal(0))
    cards.row(
        [
            Card(t("policy.card_exposure"), shown(total), (t("policy.card_exposure_note", **shares),),
                 t("policy.card_exposure_definition")),
            Card(t("policy.card_weak"), shown(weak), (t("policy.card_weak_note", share=shares["weak"]),),
                 t("policy.card_weak_definition"), is_strong=True),
            Card(t("policy.card_hold"), t("policy.debtors", count=holds),
                 (t("policy.card_hold_note", exposure=shown(hold_exposure)),
                  t("policy.card_hold_release", amount=shown(to_pay))), t("policy.card_hold_definition")),
            Card(t("policy.card_exceptions"), f"{exceptions:,}",
                 (t("policy.card_exceptions_note", count=f"{unapproved:,}"),), t("policy.card_exceptions_definition")),
            Card(t("policy.card_breaches"), t("policy.customers", count=breached),
                 (t("policy.card_breaches_note", excess=shown(excess)), t("policy.card_breaches_old", count=oldest)),
                 t("policy.card_breaches_definition")),
        ]
    )  # fmt: skip


def _migration(release: Release, *, currency: str, unit: Unit) -> None:
    st.subheader(t("policy.migration_title"), anchor=False)
    first, second = st.columns(2)
    with first:
        names = {code: label("months_back", code) for code in MONTHS_BACK}
        months_back = int(
            choices.segments(
                t("policy.months_back"),
                MONTHS_BACK,
                name="policy_months",
                format_func=names.__getitem__,
                label_visibility="collapsed",
            )
        )
    with second:
        names = {code: label("migration_measure", code) for code in MEASURES}
        measure = choices.segments(
            t("policy.measure"),
            MEASURES,
            name="policy_measure",
            format_func=names.__getitem__,
            label_visibility="collapsed",
        )
    rows = policy.migration(release, months_back=months_back)
    if not rows:
        # it counts debtors over all companies, so it is nobody's who may not see them all
        st.info(t("policy.migration_empty"), icon=":material/visibility_off:")
        return
    st.caption(
        t(
            "policy.migration_note",
            then=numbers.day(rows[0]["compared_with"]),
            now=numbers.day(rows[0]["period_end"]),
        )
    )
    charts_policy.migration(rows, measure=measure, currency=currency, unit=unit)
    moved = sorted(
        (row for row in rows if row["direction"] != "same"), key=lambda row: -row["exposure_to_reporting"]
    )
    shown = [
        row | {"direction": label("direction", row["direction"]), "exposure_reporting": row["exposure_to_reporting"],
               "grade_from": charts_policy.grade_name(row["grade_from"])}
        for row in moved
    ]  # fmt: skip
    with st.expander(t("policy.moved_title", count=len(moved))):
        position = tables.plain(shown, columns=MIGRATION_COLUMNS, unit=numbers.table_unit_for(_largest_move(moved)),
                                key=f"policy_moves_{months_back}", is_selectable=True)  # fmt: skip
        exports.of_table(release, shown, columns=MIGRATION_COLUMNS, name="policy_migration")
        if position is not None:
            _movers(release, moved[position], months_back=months_back)


def _largest_move(rows: list[Row]) -> Decimal:
    return max((row["exposure_to_reporting"] for row in rows), default=Decimal(0))


def _movers(release: Release, cell: Row, *, months_back: int) -> None:
    rows = policy.movers(
        release, months_back=months_back, grade_from=cell["grade_from"], grade_to=cell["grade_to"]
    )
    shown = [
        row
        | {"reason": row[f"reason_{language()}"], "grade_from": charts_policy.grade_name(row["grade_from"])}
        for row in rows
    ]
    tables.plain(shown, columns=MOVER_COLUMNS, key="policy_movers")
    exports.of_table(release, shown, columns=MOVER_COLUMNS, name="policy_movers")


main()
