"""`python -m tests.benchmark.dashboard --home HOME`: how long the dashboard's pages take on a published release.

Belongs here: opening every page, changing every filter once, and printing server time and memory. Must not: assertions.

A page is run in the process as streamlit runs it for a reader (AppTest), without browser and network: what is measured
is what the server does. Nothing is cached at a first view; a filter change finds what the first view has asked.
"""

from __future__ import annotations

import argparse
import os
import resource
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
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


def measure(
    page: str, *, query: dict[str, str], has_changes: bool = True
) -> tuple[float, list[tuple[str, float]], str]:
    """Seconds of the first view and of every filter change of a page, and what went wrong, if anything did."""
    st.cache_data.clear()
    app = AppTest.from_file(str(APP), default_timeout=PATIENCE)
    app.query_params["lang"] = "en"
    for name, value in query.items():
        app.query_params[name] = value
    app.switch_page(f"views/{page}.py")
    first = _timed(app.run)
    trouble = "; ".join(str(error.value) for error in app.exception)
    changes = []
    for name, change in _changes(app) if has_changes else ():
        try:
            changes.append((name, _timed(change)))
        except (ValueError, IndexError, KeyError) as error:
            trouble += f" {name}: {error!r}"
        trouble += "; ".join(str(error.value) for error in app.exception)
    return first, changes, trouble


def _changes(app: AppTest) -> Iterator[tuple[str, Callable[[], Any]]]:
    """One change of each filter the page shows at first, to a value it does not have."""
    for kind in ("selectbox", "multiselect", "toggle", "date_input", "button_group"):
        for key in [widget.key for widget in getattr(app, kind) if widget.key]:
            if kind == "button_group" and key not in OTHER_SEGMENT:
                continue
            yield f"{kind} {key}", lambda kind=kind, key=key: _change(app, kind, key)


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


def _timed(action: Callable[[], Any]) -> float:
    began = time.perf_counter()
    action()
    return time.perf_counter() - began


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
    every: list[float] = []
    print("page         first view   changes    p50    p95    max   slowest change")
    for place in arguments.pages:
        page, _, address = place.partition("?")
        if not (VIEWS / f"{page}.py").exists():
            continue
        query = {"company": company, "customer": customer} if page == "customer" and customer else {}
        query |= dict(parse_qsl(address))
        # what the server imports for the first reader after its start is nobody else's wait
        measure(page, query=query, has_changes=False)
        first, changes, trouble = measure(page, query=query)
        seconds = sorted(second for _, second in changes)
        every += [first, *seconds]
        slowest = max(changes, key=lambda change: change[1], default=("", 0.0))
        print(f"{place:12} {first:10.2f}   {len(seconds):7} {_at(seconds, 0.5):6.2f} {_at(seconds, 0.95):6.2f} "
              f"{_at(seconds, 1.0):6.2f}   {slowest[0]} {trouble}", flush=True)  # fmt: skip
    every.sort()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(
        f"all of them: p50 {_at(every, 0.5):.2f} s, p95 {_at(every, 0.95):.2f} s; peak memory {peak:.2f} GiB"
    )


def _at(values: list[float], share: float) -> float:
    return values[min(int(share * len(values)), len(values) - 1)] if values else 0.0


if __name__ == "__main__":
    main()
