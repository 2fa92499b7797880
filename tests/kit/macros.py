"""Macros of the dbt project as SQL text, without dbt: for macros that need no graph.

Belongs here: rendering with the DuckDB forms of portable macros. Must not: ref, source, or anything that asks dbt.
"""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import jinja2

MACROS = Path(__file__).parents[2] / "dbt" / "macros"


def render(call: str, *, files: tuple[str, ...], as_of: date) -> str:
    """The text of `call`, e.g. `warning_steps('state')`, with the macros of `files` (below dbt/macros)."""
    environment = jinja2.Environment(extensions=["jinja2.ext.do"], undefined=jinja2.StrictUndefined)
    found: dict[str, Any] = {}

    def dispatch(name: str, _package: str) -> Callable[..., str]:
        macro: Callable[..., str] = found[f"duckdb__{name}"]
        return macro

    environment.globals |= {
        "var": lambda name: {"as_of_date": as_of.isoformat()}[name],
        "adapter": {"dispatch": dispatch},
        # macros that return text only: what they return is what they write
        "return": lambda value: value,
        "dbt": {"type_string": lambda: "varchar"},
    }
    sources = ["portable/columns.sql", "portable/dates.sql", "portable/money.sql", *files]
    text = "\n".join((MACROS / name).read_text(encoding="utf-8") for name in sources)
    library = environment.from_string(text).module
    found |= {name: value for name, value in vars(library).items() if callable(value)}
    # a macro sees those of its own template
    called = text + "\n{% set rendered %}{{ " + call + " }}{% endset %}"
    return str(environment.from_string(called).make_module({}).rendered)
