"""An opened row of the watchlist: its sentence, its rules with values and thresholds, and one rule in depth.

Belongs here: the order of what is shown of one customer. Must not: query outside `data`.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import streamlit as st

from dashboards.data import episodes, evidence
from dashboards.data.release import Release, Row
from dashboards.i18n import label, language, namer, t
from dashboards.ui import cards, charts_watchlist, choices, exports, links, numbers, tables
from dashboards.views.parts import warning_values, watchlist_table

RULE_COLUMNS = (
    "rule", "warning_severity", "first_seen", "measure", "opened_value", "opened_threshold", "latest_value",
    "latest_threshold", "severe_threshold", "close_threshold", "policy_version",
)  # fmt: skip
EARLIER_COLUMNS = (
    "first_seen_on", "ended_on", "days_open", "worst_severity", "message", "acknowledged_on", "acknowledged_by",
)  # fmt: skip
# a missing method is a transfer, a missing status cleared (contract of receipts); a promise without a kind is one
WHEN_MISSING = {"method": "transfer", "receipt_status": "cleared", "kind": "promise"}


def draw(release: Release, customer: Row) -> None:
    """Everything about one customer of the list."""
    opened = episodes.of_customer(release, party_id=customer["party_id"], group_id=customer["group_id"])
    worded = watchlist_table.words(release, customer)
    st.subheader(t("watchlist.opened", customer=worded["customer_name"], count=len(opened)), anchor=False)
    cards.sentence(worded["sentence"])
    address = links.customer_page(customer["company_code"], customer["customer_id"])
    st.markdown(f"[{t('watchlist.customer_page')}]({address})")
    if worded["ladder"]:
        st.caption(worded["ladder"], help=t("ladder_step.definition"))
    values = episodes.values(release, episode_ids=[episode["episode_id"] for episode in opened])
    _rules(release, opened, values)
    episode = _choose(opened)
    own = [row for row in values if row["episode_id"] == episode["episode_id"]]
    left, right = st.columns([1.55, 1], gap="large")
    with left:
        _history(release, episode, own)
    with right:
        _facts(release, episode, own)
        _record(release, episode)
    _evidence(release, episode, party_id=customer["party_id"])
    _earlier(release, episode)


def _rule(episode: Row) -> str:
    return t("watchlist.rule_named", rule=episode["rule_id"], name=episode[f"rule_name_{language()}"])


def _rules(release: Release, opened: Sequence[Row], values: Sequence[Row]) -> None:
    """One line per rule and measure that it compares."""
    st.markdown(f"**{t('watchlist.rules_title')}**")
    currency = release.reporting_currency
    rows = []
    for episode in opened:
        compared = [row for row in values if row["episode_id"] == episode["episode_id"] and _is_compared(row)]
        for position, row in enumerate(compared):
            # what is said of the rule stands once, above its measures
            head = {
                "warning_severity": label("severity_sign", episode["severity"]),
                "first_seen": numbers.day(episode["first_seen_on"]),
                "policy_version": episode["policy_version"],
            }  # fmt: skip
            said = head if position == 0 else dict.fromkeys(head, "")
            rows.append({"rule": _rule(episode)} | said | _compared(row, currency=currency))
    tables.plain(rows, columns=RULE_COLUMNS)
    st.caption(t("watchlist.rules_note"))
    exports.of_table(release, rows, columns=RULE_COLUMNS, name="warning-rules")


def _is_compared(row: Row) -> bool:
    return any(row[f"{clause}_comparison"] for clause in ("open", "warning", "severe", "close"))


def _compared(row: Row, *, currency: str) -> Row:
    def bound(comparison: str, value: str) -> str | None:
        return warning_values.threshold(row, comparison=comparison, value=value, currency=currency)

    return {
        "measure": label("measure", row["name"]),
        "opened_value": warning_values.shown(row, moment="opened", currency=currency),
        "opened_threshold": bound("open_comparison", "opened_threshold"),
        "latest_value": warning_values.shown(row, moment="latest", currency=currency),
        "latest_threshold": bound("open_comparison", "latest_threshold"),
        "severe_threshold": bound("severe_comparison", "severe_threshold"),
        "close_threshold": bound("close_comparison", "close_threshold"),
    }


def _choose(opened: Sequence[Row]) -> Row:
    """The rule shown in depth; the address names its episode."""
    by_id = {episode["episode_id"]: episode for episode in opened}
    names = {key: _rule(episode) for key, episode in by_id.items()}
    chosen = choices.pills(t("watchlist.rule"), list(by_id), name="episode", format_func=names.__getitem__)
    return by_id[chosen]


def _history(release: Release, episode: Row, values: Sequence[Row]) -> None:
    compared = [row for row in values if row["open_comparison"] is not None]
    series = episodes.series(release, episode=episode, measures=[row["name"] for row in compared])
    title = label("measure", series.measure)
    st.markdown(f"**{t('watchlist.history_title', measure=title)}**")
    if not series.rows:
        st.caption(t("watchlist.history_none"))
        return
    own = next((row for row in compared if row["name"] == series.measure), None)
    if own is None:
        st.caption(t("watchlist.history_other"))
    unit = "amount" if own is None else own["unit"]
    largest = max(abs(Decimal(row["value"])) for row in series.rows)
    scale = numbers.unit_for(largest) if unit == "amount" else numbers.EXACT
    charts_watchlist.measure_history(
        series.rows,
        marks=episodes.marks(release, episode=episode),
        threshold=None if own is None else own["latest_threshold"],
        last_day=release.as_of,
        is_state=series.kind == "state",
        size=scale.size,
        title=title if scale is numbers.EXACT else f"{title} ({release.reporting_currency} {scale.name})",
        axis_format=".0%" if unit == "rate" else ",.4~f",
        written=lambda value: (
            warning_values.number(value, unit=unit, currency=release.reporting_currency) or ""
        ),
    )
    bound = None if own is None else warning_values.threshold(
        own, comparison="open_comparison", value="latest_threshold", currency=release.reporting_currency
    )  # fmt: skip
    if bound is not None:
        st.caption(t("watchlist.history_threshold", threshold=bound))


def _facts(release: Release, episode: Row, values: Sequence[Row]) -> None:
    st.markdown(f"**{t('watchlist.facts_title')}**")
    st.markdown(episode[f"message_{language()}"])
    roles = [label("owner_role", role) for role in str(episode["owner_roles"] or "").split("|")]
    owner = episode["owner_name"] or t("common.list_separator").join(roles)
    lines = [
        t("watchlist.do", action=episode[f"action_{language()}"], owner=owner,
          react_by=numbers.day(episode["react_by"])),
        t("watchlist.severity_since", severity=label("severity_sign", episode["severity"]),
          day=numbers.day(episode["worst_since"]), first=numbers.day(episode["first_seen_on"]),
          days=f"{episode['days_open']:,}", again=_again(episode)),
        _acknowledged(episode),
    ]  # fmt: skip
    if episode["is_reaction_overdue"]:
        lines.append(t("watchlist.reaction_overdue", days=f"{(release.as_of - episode['react_by']).days:,}"))
    told = _told(values, currency=release.reporting_currency)
    if told:
        lines.append(t("watchlist.told", parts=t("common.list_separator").join(told)))
    st.markdown("\n".join(f"- {line}" for line in lines))


def _again(episode: Row) -> str:
    count = episode["stretch_count"] - 1
    return t("watchlist.again", count=count) if count else ""


def _acknowledged(episode: Row) -> str:
    if episode["acknowledged_on"] is None:
        return t("watchlist.not_acknowledged")
    who = episode["acknowledged_by"] or t("common.not_available")
    return t("watchlist.acknowledged", day=numbers.day(episode["acknowledged_on"]), who=who)


def _told(values: Sequence[Row], *, currency: str) -> list[str]:
    """What the rule noted and does not compare, in the reader's language."""
    other = "_en" if language() == "zh" else "_zh"
    parts = []
    for row in values:
        value = warning_values.shown(row, moment="latest", currency=currency)
        if value is None or _is_compared(row) or row["name"].endswith(other):
            continue
        parts.append(t("watchlist.told_part", name=label("measure", row["name"]), value=value))
    return parts


def _record(release: Release, episode: Row) -> None:
    st.markdown(f"**{t('watchlist.record_title')}**")
    record = episodes.track_record(release, rule_id=episode["rule_id"])
    if not record:
        st.caption(t("watchlist.record_none"))
        return
    if record["states_default"]:
        st.caption(t("watchlist.record_states_default", episodes=f"{record['episode_count']:,}"))
        return
    lead = record["median_lead_days"]
    st.caption(
        t(
            "watchlist.record",
            episodes=f"{record['episode_count']:,}",
            weekly=f"{record['alerts_per_week']:,.1f}",
            judged=f"{record['judged_count']:,}",
            hits=f"{record['hit_count']:,}",
            precision=numbers.share(record["precision_rate"]),
            defaults=f"{record['default_count']:,}",
            recall=numbers.share(record["recall_rate_by_count"]),
            recall_amount=numbers.share(record["recall_rate_by_amount"]),
            lead=t("common.not_available") if lead is None else lead,
        )
    )


def _evidence(release: Release, episode: Row, *, party_id: str) -> None:
    found = evidence.behind(release, episode=episode, party_id=party_id)
    kind, count = label("evidence", found.kind), len(found.rows)
    key = "evidence_cut" if count == evidence.MOST_ROWS else "evidence_title"
    st.markdown(f"**{label('watchlist', key).format(kind=kind, count=count)}**")
    if not found.rows:
        st.caption(t("watchlist.evidence_none"))
        return
    rows = [_evidence_words(row) for row in found.rows]
    columns = [name for name in found.columns if any(row.get(name) is not None for row in rows)]
    tables.plain(rows, columns=columns, height=tables.table_height(len(rows), most=10))
    exports.of_table(release, rows, columns=columns, name="warning-evidence")


def _evidence_words(row: Row) -> Row:
    """A row with words for its codes."""
    words = {
        "kind": namer("promise_kind"), "promise_status": namer("promise_status"),
        "receipt_status": namer("receipt_status"), "method": namer("payment_method"), "bill_state": namer("bill_state"),
        "dispute_outcome": namer("dispute_outcome"), "document_type": namer("document_type"),
        "item_kind": namer("item_kind"),
    }  # fmt: skip
    codes = {name: row[name] or WHEN_MISSING.get(name) for name in words if name in row}
    worded = {name: words[name](code) for name, code in codes.items() if code is not None}
    if "label_zh" in row:
        worded["component"] = row[f"label_{language()}"]
    if "rule_id" in row:
        worded |= {"rule": _rule(row), "message": row[f"message_{language()}"]}
    if row.get("utilisation_rate") is not None:
        worded["utilisation_rate"] = numbers.share(row["utilisation_rate"])
    return row | worded


def _earlier(release: Release, episode: Row) -> None:
    rows = episodes.earlier(release, episode=episode)
    if not rows:
        st.caption(t("watchlist.earlier_none"))
        return
    st.markdown(f"**{t('watchlist.earlier_title', count=len(rows))}**")
    shown = [
        row | {"ended_on": row["closed_on"], "worst_severity": label("severity", row["worst_severity"]),
               "message": row[f"message_{language()}"]}
        for row in rows
    ]  # fmt: skip
    tables.plain(shown, columns=EARLIER_COLUMNS, height=tables.table_height(len(shown), most=8))
    exports.of_table(release, shown, columns=EARLIER_COLUMNS, name="warning-episodes")
