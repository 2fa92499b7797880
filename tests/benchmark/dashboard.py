"""`python -m tests.benchmark.dashboard --home HOME`: how long the dashboard's pages take on a published release.

Belongs here: opening every page, changing every filter once, and printing server time and memory. Must not: assertions.

A page is run in the process as streamlit runs it for a reader (AppTest), without browser and network: what is measured
is what the server does. Nothing is cached at a first view; a filter change finds what the first view has asked.
"""

from __future__ import annotations

import argparse
import math
import os
import resource
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import streamlit as st
from streamlit.testing.v1 import AppTest

from dashboards.access.viewer import PAGES

# parts of a page that its first view does not ask
PARTS = tuple(f"trend?part={part}" for part in ("bridge", "compare", "roll", "vintage"))
APP = Path(__file__).parents[2] / "dashboards" / "app.py"
VIEWS = APP.parent / "views"
PATIENCE = 600
# choices side by side are told to a test by their words, and set by their codes
OTHER_SEGMENT = {"presentation": "net", "grain": "day", "shape": "share", "by": "region"}


@dataclass(frozen=True)
class Answer:
    """What the server did for one action of a reader: wall seconds, and CPU seconds of all threads, DuckDB's too."""

    action: str
    wall: float
    cpu: float


def measure(
    page: str, *, query: dict[str, str], has_changes: bool = True
) -> tuple[Answer, list[Answer], str]:
    """The first view and every filter change of a page, and what went wrong, if anything did.

    Every change is made by a reader of his own in the page as it first opens: one filter must not leave the next one
    nothing to look at.
    """
    st.cache_data.clear()
    app = _session(page, query=query)
    first = _timed("first view", app.run)
    trouble = "; ".join(str(error.value) for error in app.exception)
    changes = []
    for kind, key in _filters(app) if has_changes else ():
        other = _session(page, query=query)
        other.run()
        try:
            changes.append(_timed(f"{kind} {key}", partial(_change, other, kind, key)))
        except (ValueError, IndexError, KeyError) as error:
            trouble += f" {key}: {error!r}"
        trouble += "; ".join(str(error.value) for error in other.exception)
    return first, changes, trouble


def _session(page: str, *, query: dict[str, str]) -> AppTest:
    app = AppTest.from_file(str(APP), default_timeout=PATIENCE)
    app.query_params["lang"] = "en"
    for name, value in query.items():
        app.query_params[name] = value
    app.switch_page(f"views/{page}.py")
    return app


def _filters(app: AppTest) -> list[tuple[str, str]]:
    """Kind and key of each filter the page shows at first."""
    return [
        (kind, widget.key)
        for kind in ("selectbox", "multiselect", "toggle", "date_input", "button_group")
        for widget in getattr(app, kind)
        if widget.key and (kind != "button_group" or widget.key in OTHER_SEGMENT)
    ]


def _change(app: AppTest, kind: str, key: str) -> None:
    found = next((widget for widget in getattr(app, kind) if widget.key == key), None)
    if found is None:
        return
    if kind == "selectbox" and len(found.options) > 1:
        found.select_index(1 if found.index != 1 else 0)
    elif kind == "multiselect" and found.options:
        found.select(found.options[0])
    elif kind == "toggle":
        found.set_value(not found.value)
    elif kind == "date_input":
        # a day a quarter before the one shown, or before the newest of the release
        found.set_value((found.value or found.max) - timedelta(days=91))
    elif kind == "button_group":
        found.set_value(OTHER_SEGMENT[key])
    found.run()


def _timed(name: str, action: Callable[[], Any]) -> Answer:
    wall, cpu = time.perf_counter(), time.process_time()
    action()
    return Answer(name, time.perf_counter() - wall, time.process_time() - cpu)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--home", type=Path, required=True, help="folder with receivables.duckdb")
    parser.add_argument(
        "--pages", nargs="+", default=[*PAGES, *PARTS], help="names, or addresses: trend?part=roll"
    )
    parser.add_argument("--customer", default="", help="company:customer that the customer page opens")
    arguments = parser.parse_args()
    os.environ["ARREARS_HOME"] = str(arguments.home)
    company, _, customer = arguments.customer.partition(":")
    every: list[Answer] = []
    print("page         first view s (CPU s)   changes   p50 s   p95 s   max s (CPU s)   slowest change")
    for place in arguments.pages:
        page, _, address = place.partition("?")
        if not (VIEWS / f"{page}.py").exists():
            continue
        query = {"company": company, "customer": customer} if page == "customer" and customer else {}
        query |= dict(parse_qsl(address))
        # what the server imports for the first reader after its start is nobody else's wait
        measure(page, query=query, has_changes=False)
        first, changes, trouble = measure(page, query=query)
        every += [first, *changes]
        walls = [change.wall for change in changes]
        slowest = max(changes, key=lambda change: change.wall, default=Answer("", 0.0, 0.0))
        print(f"{place:12} {first.wall:12.2f} ({first.cpu:4.2f})   {len(changes):7} {at(walls, 0.5):7.2f} "
              f"{at(walls, 0.95):7.2f} {slowest.wall:7.2f} ({slowest.cpu:4.2f})   {slowest.action} {trouble}",
              flush=True)  # fmt: skip
    print(summary("all of them", [answer.wall for answer in every]), end="; ")
    print(f"CPU s: p50 {at([a.cpu for a in every], 0.5):.2f}, p95 {at([a.cpu for a in every], 0.95):.2f}")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20:.2f} GiB")


def summary(name: str, seconds: Sequence[float]) -> str:
    """One line about some waits."""
    return (
        f"{name}: {len(seconds)} answers, p50 {at(seconds, 0.5):.2f} s, p95 {at(seconds, 0.95):.2f} s, "
        f"max {at(seconds, 1.0):.2f} s"
    )


def at(values: Sequence[float], share: float) -> float:
    """The smallest value that this share of them does not exceed."""
    return sorted(values)[max(math.ceil(share * len(values)) - 1, 0)] if values else 0.0


if __name__ == "__main__":
    main()
