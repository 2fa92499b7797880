"""What every page says below the strip when the figures are older than they should be.

Belongs here: a stale release and a failed refresh, each with what to do. Must not: a page's own warnings. The wall
clock is read here and nowhere else in the dashboards: only it knows that nothing happened.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import streamlit as st

from dashboards import configuration
from dashboards.access.viewer import EVERYTHING, Viewer
from dashboards.data import refreshes, status
from dashboards.data.refreshes import RecordsUnreadable, Refreshes, Run
from dashboards.data.release import Release
from dashboards.i18n import label, t
from dashboards.schedule import last_due
from dashboards.ui import numbers

# a refresh takes its time, and who looks meanwhile need not be told
GRACE = timedelta(hours=3)
# who can do something about a refresh, or has to know that one failed
TOLD_OF_RUNS = frozenset({"cfo", "controller", "auditor"})


def draw(release: Release, reader: Viewer) -> None:
    """Banners, the gravest first; nothing where all is as it should be."""
    is_told = reader.role in TOLD_OF_RUNS
    try:
        found = refreshes.read(configuration.home().manifest)
    except RecordsUnreadable as problem:
        found = None
        if is_told:
            st.warning(t("notice.unreadable", detail=problem.detail), icon=":material/history_toggle_off:")
    if is_told and found is not None and found.last is not None and found.last.has_failed:
        _failed(release, found.last, reader=reader)
    _late_sources(release)
    if found is not None:
        _overdue(release, found)


def _failed(release: Release, run: Run, *, reader: Viewer) -> None:
    gates = t("common.list_separator").join(label("gate", gate) for gate in run.gates)
    cause = t("notice.stopped_by", gates=gates) if gates else ""
    st.error(
        t(
            "notice.failed",
            at=numbers.moment(run.finished_at),
            outcome=label("run_status", run.status),
            cause=cause,
            release=release.release_id,
            as_of=numbers.day(release.as_of),
            fix=label("run_fix", run.status),
        ),
        icon=":material/sync_problem:",
    )
    if reader.restriction != EVERYTHING:
        # it may speak of rows of another company
        return
    with st.expander(t("notice.message")):
        # what the program said, word for word: it names the rows and the fix
        st.code(run.message, language=None, wrap_lines=True)


def _late_sources(release: Release) -> None:
    late = status.late_sources(release)
    if not late:
        return
    parts = [
        t("notice.late_source", source=source["source"], day=numbers.day(source["business_date"]),
          days=source["days_late"])
        for source in late
    ]  # fmt: skip
    st.warning(
        t(
            "notice.late",
            sources=t("common.list_separator").join(parts),
            expected=numbers.day(late[0]["expected_date"]),
            as_of=numbers.day(release.as_of),
        ),
        icon=":material/hourglass_disabled:",
    )


def _overdue(release: Release, found: Refreshes) -> None:
    planned = configuration.schedule()
    if planned is None or found.succeeded_at is None:
        return
    cron, zone = planned
    due = last_due(cron, before=now() - GRACE, zone=zone)
    if due is None or found.succeeded_at >= due:
        return
    st.warning(
        t(
            "notice.stale",
            release=release.release_id,
            succeeded=numbers.moment(found.succeeded_at),
            due=numbers.moment(due.astimezone(UTC)),
            as_of=numbers.day(release.as_of),
        ),
        icon=":material/update_disabled:",
    )


def now() -> datetime:
    return datetime.now(UTC)
