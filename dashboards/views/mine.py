"""My list: what one collector or salesperson has to follow up, by amount at stake.

Belongs here: the order of the page and its summary. Must not: SQL, words.
"""

from __future__ import annotations

from decimal import Decimal

import streamlit as st

from dashboards.data import worklist
from dashboards.data.contacts import Contact, ContactsUnreadable
from dashboards.data.customer import Customer
from dashboards.data.release import Release
from dashboards.i18n import t
from dashboards.ui import cards, numbers, page
from dashboards.views.parts import mine_tables, owner_filter, reach
from dashboards.views.parts.mine_tables import Section


def main() -> None:
    release = page.begin("mine")
    with st.container(border=True, key="filters"):
        columns = st.columns([1.5, 3, 1.5], vertical_alignment="bottom")
        with columns[0]:
            owner = owner_filter.choose(release)
        with columns[2]:
            mine_tables.export(release, owner=owner)
    sections = mine_tables.sections(release, owner=owner)
    missing = worklist.unconverted(release, owner=owner)
    if missing:
        st.warning(t("mine.unconverted", count=missing), icon=":material/currency_exchange:")
    if not any(section.rows for section in sections.values()):
        st.info(
            t("mine.empty", owner=owner or t("mine.everybody"), as_of=numbers.day(release.as_of)),
            icon=":material/task_alt:",
        )
        st.stop()
    _summary(release, sections, owner=owner)
    note = t("mine.amount_note", currency=release.reporting_currency)
    st.caption(note if page.viewer().sees_contacts else f"{note} · {t('mine.no_contacts')}")
    unit, reachable = mine_tables.unit_of(sections), _reachable(release, sections)
    for section in sections.values():
        mine_tables.draw(release, section, unit=unit, reachable=reachable)


def _reachable(release: Release, sections: dict[str, Section]) -> dict[Customer, Contact]:
    try:
        return reach.contacts_of(release, mine_tables.customers_of(sections), viewer=page.viewer())
    except ContactsUnreadable as problem:
        st.warning(t("contacts.unreadable", detail=problem.detail), icon=":material/contact_phone:")
        return {}


def _summary(release: Release, sections: dict[str, Section], *, owner: str | None) -> None:
    def amount(value: Decimal) -> str:
        return numbers.money(value, currency=release.reporting_currency)

    named: dict[str, str] = {}
    for name, section in sections.items():
        named |= {f"{name}_count": f"{section.count:,}", name: amount(section.amount)}
    silent = next(iter(sections["reached"].rows), {})
    cards.sentence(
        t(
            "mine.sentence",
            owner=owner or t("mine.everybody"),
            silent_count=f"{silent.get('silent_count', 0):,}",
            silent=amount(silent.get("silent_amount", Decimal(0))),
            **named,
        )
    )


main()
