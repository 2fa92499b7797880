"""A sample release that one page's tests make for themselves.

Belongs here: making it, and opening a page on it. Its rows lie in own/<page>.sql, on top of the sample of all pages, so
that a page can be tried on rows that would disturb another.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
import pandas as pd
from streamlit.testing.v1 import AppTest

from tests.dashboards.conftest import APP
from tests.dashboards.sample_release import make_release

OWN = Path(__file__).with_name("own")
# what a release lacks that was made before contacts were published
OLDER_PROGRAM = """
drop table marts.fct_collection_activity;
alter table marts.dim_company drop column has_collection_activity;
"""


def make_own(home: Path, page: str, *, more: str = "") -> Path:
    """Write the sample release with the rows of own/<page>.sql, and `more` SQL, below `home`."""
    path = make_release(home)
    with duckdb.connect(str(path)) as connection:
        own = OWN / f"{page}.sql"
        if own.exists():
            connection.execute(own.read_text(encoding="utf-8"))
        if more:
            connection.execute(more)
        connection.execute("checkpoint")
    return path


def open_page(page: str, *, language: str, **address: str) -> AppTest:
    """The page on the release of `ARREARS_HOME`, with query parameters of the address."""
    app = AppTest.from_file(str(APP), default_timeout=60)
    for name, value in {"lang": language, **address}.items():
        app.query_params[name] = value
    app.run()
    return app.switch_page(f"views/{page}.py").run()


def blocks_of(app: AppTest) -> list[str]:
    """The HTML blocks of a page: strip, cards, sentences, proofs."""
    return [str(block.proto.body) for block in app.get("html")]


def html_of(app: AppTest) -> str:
    """All of them in one text."""
    return " ".join(blocks_of(app))


def table_with(app: AppTest, column: str) -> pd.DataFrame:
    """The first table with a column; one that cannot be clicked has no key to be found by."""
    return next(table.value for table in app.dataframe if column in table.value.columns)


def select(app: AppTest, prefix: str, row: int) -> None:
    """Tick a row of the table whose key begins so, and run."""
    table = next(table for table in app.dataframe if str(table.key).startswith(prefix))
    app.session_state[table.key] = {"selection": {"rows": [row], "columns": [], "cells": []}}
    app.run()
