"""Buttons that hand a file to the reader, and the line each leaves in the audit log.

Belongs here: the button. Must not: write bytes (downloads.py), choose rows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import streamlit as st

from dashboards import configuration
from dashboards.access import audit
from dashboards.data.release import Release, Row
from dashboards.i18n import label, language, speaking, t
from dashboards.ui import downloads, page
from dashboards.ui.downloads import Sheet

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv"
PDF = "application/pdf"


def button(
    text: str,
    make: Callable[[], bytes],
    *,
    file_name: str,
    mime: str,
    key: str,
    can_be_refused: bool = False,
    disabled: bool = False,
    **look: Any,
) -> bool:
    """A download button; the file is made when it is clicked, and that is recorded before the reader gets it.

    Args:
        can_be_refused: `make` may find that there is no such file to give; the page runs again after the click, to say
            why (`views/parts/refused.py`).

    Returns:
        Whether this run is the one after the click; only where the page asked for it.
    """
    # who asks, and in which language, is known now; the file is made in a thread that knows neither
    reader, root, spoken = page.viewer(), configuration.home().root, language()
    if audit.problem(root) is not None:
        # the frame of the page says why (ui/page.py)
        disabled, look = True, look | {"help": t("audit.no_files")}

    def made() -> bytes:
        with speaking(spoken):
            content = make()
        audit.record(
            root, event="exported", user=reader.user, role=reader.role, file=file_name, bytes=len(content)
        )
        return content

    return bool(
        st.download_button(
            text, made, file_name=file_name, mime=mime, key=key, disabled=disabled,
            on_click="rerun" if can_be_refused else "ignore", **look,
        )
    )  # fmt: skip


def of_table(release: Release, rows: Sequence[Row], *, columns: Sequence[str], name: str) -> None:
    """Small buttons below a table: the same rows as CSV and XLSX, exact, with the release they are from.

    Args:
        name: of the file, and with it of the buttons; one table of a page each.
    """
    headers = {column: label("column", column) for column in columns}
    stem = f"{name}-{release.as_of:%Y-%m-%d}-{release.release_id}"
    with st.container(horizontal=True, gap="small", key=f"export_{name}"):
        button(t("download.csv"), lambda: downloads.csv_bytes(rows, columns=headers), file_name=f"{stem}.csv", mime=CSV,
               key=f"{name}_csv", type="tertiary", icon=":material/download:")  # fmt: skip
        button(
            t("download.xlsx"),
            lambda: downloads.xlsx_bytes({name: Sheet(rows, headers, heading(release))}),
            file_name=f"{stem}.xlsx", mime=XLSX, key=f"{name}_xlsx", type="tertiary", icon=":material/download:",
        )  # fmt: skip


def heading(release: Release) -> tuple[tuple[str, Any], ...]:
    """What stands above a table in a workbook: as of when, of which release, taken when."""
    return (
        (t("strip.as_of"), release.as_of),
        (t("strip.release"), release.release_id),
        (t("download.taken_at"), datetime.now(UTC).replace(tzinfo=None, microsecond=0)),
    )
