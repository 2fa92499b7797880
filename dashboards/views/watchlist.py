"""Watchlist page: which customers need attention, why, and who has to act by when.

Belongs here: the order of the page, its filters and counters. Must not: SQL, words.
"""

from __future__ import annotations

from decimal import Decimal

import streamlit as st

from dashboards.data import watchlist
from dashboards.data.release import Release, Row
from dashboards.data.watchlist import FAMILIES, WatchScope
from dashboards.i18n import namer, t
from dashboards.ui import cards, choices, numbers, page
from dashboards.ui.cards import Card
from dashboards.views.parts import owner_filter, watchlist_detail, watchlist_table

DAYS_OF_WEEK = 7


def main() -> None:
    release = page.begin("watchlist")
    whole = watchlist.counters(release, WatchScope())
    if not whole["customer_count"]:
        st.success(t("watchlist.empty", as_of=numbers.day(release.as_of)), icon=":material/task_alt:")
        st.stop()
    scope = _choose(release)
    counted = watchlist.counters(release, scope)
    _cards(release, scope, counted)
    if not counted["customer_count"]:
        st.info(t("watchlist.empty_filter", count=whole["customer_count"]), icon=":material/filter_alt_off:")
        st.stop()
    if counted["unpriced_item_count"]:
        st.warning(t("watchlist.unpriced", count=counted["unpriced_item_count"]), icon=":material/money_off:")
    selected = watchlist_table.draw(release, scope, count=counted["customer_count"])
    if selected is not None:
        watchlist_detail.draw(release, selected)


def _choose(release: Release) -> WatchScope:
    with st.container(border=True, key="filters"):
        columns = st.columns([1.5, 2.6, 0.9, 0.9], vertical_alignment="bottom")
        with columns[0]:
            owner = owner_filter.choose(release)
        with columns[1]:
            families = choices.several(
                t("watchlist.family"),
                FAMILIES,
                name="family",
                format_func=namer("family"),
                placeholder=t("filter.all"),
            )
        with columns[2]:
            is_new = st.toggle(
                t("watchlist.new"), key="new", bind="query-params", help=t("watchlist.new_help")
            )
        with columns[3]:
            is_unacknowledged = st.toggle(t("watchlist.unacknowledged"), key="unacknowledged", bind="query-params",
                                          help=t("watchlist.unacknowledged_help"))  # fmt: skip
    return WatchScope(owner, tuple(families), is_new, is_unacknowledged)


def _cards(release: Release, scope: WatchScope, counted: Row) -> None:
    closed = watchlist.resolved(release, scope)
    worth = watchlist.record(release, scope)
    currency = release.reporting_currency

    def shown(name: str) -> str:
        return numbers.money(counted[name], currency=currency)

    lead = worth["median_lead_days"]
    weekly = Decimal(worth["alert_count"] * DAYS_OF_WEEK) / worth["day_count"]
    precision = numbers.ratio(Decimal(worth["hit_count"]), whole=Decimal(worth["judged_count"]))
    cards.row(
        [
            Card(t("watch_card.severe"), f"{counted['severe_count']:,}",
                 (t("watch_card.severe_notes", warning=f"{counted['warning_count']:,}"),
                  t("watch_card.severe_total", count=f"{counted['customer_count']:,}")),
                 t("watch_card.severe_definition"), is_strong=True),
            Card(t("watch_card.new"), f"{counted['new_count']:,}",
                 (t("watch_card.new_note", count=closed["episode_count"]),
                  t("watch_card.new_off", count=closed["customer_count"])),
                 t("watch_card.new_definition")),
            Card(t("watch_card.late"), f"{counted['late_count']:,}",
                 (t("watch_card.late_note", count=counted["late_episode_count"]),), t("watch_card.late_definition")),
            Card(t("watch_card.exposure"), shown("exposure_reporting"),
                 (t("watch_card.uncovered", amount=shown("uncovered_exposure_reporting")),
                  t("watch_card.expected_loss", amount=shown("expected_loss_reporting"))),
                 t("watch_card.exposure_definition", net_overdue=shown("net_overdue_reporting"))),
            Card(t("watch_card.weekly"), f"{weekly:,.1f}",
                 (t("watch_card.weekly_note", count=f"{worth['alert_count']:,}"), _share_of_customers(release, scope)),
                 t("watch_card.weekly_definition")),
            Card(t("watch_card.precision"), numbers.share(precision),
                 (t("watch_card.precision_note", judged=f"{worth['judged_count']:,}", hits=f"{worth['hit_count']:,}"),
                  t("watch_card.lead_none") if lead is None else t("watch_card.lead_note", days=lead)),
                 t("watch_card.precision_definition")),
        ]
    )  # fmt: skip


def _share_of_customers(release: Release, scope: WatchScope) -> str:
    """The volume guard: of the whole list, so nothing under a filter or for a reader who sees a part."""
    volume = watchlist.volume(release)
    if scope != WatchScope() or not volume or not volume["active_customer_count"]:
        return ""
    share = Decimal(volume["listed_customer_count"]) / volume["active_customer_count"]
    sign = t("watch_card.above_guard") if volume["is_list_above_guard"] else ""
    return t("watch_card.weekly_share", share=numbers.share(share), sign=sign)


main()
