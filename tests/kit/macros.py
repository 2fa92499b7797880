"""Macros of the dbt project as SQL text, without dbt: for macros that need no graph.

Belongs here: rendering with the DuckDB forms of portable macros. Must not: anything that asks dbt for more than the
name of a relation.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

import jinja2
from jinja2.runtime import Macro

MACROS = Path(__file__).parents[2] / "dbt" / "macros"


class _Returned(Exception):
    """What a macro returns: a value of any type, as dbt has it, and not the text that it writes."""

    def __init__(self, value: Any) -> None:
        super().__init__()
        self.value = value


def _return(value: Any = None) -> None:
    raise _Returned(value)


class PolicyRefused(Exception):
    """What dbt raises for `exceptions.raise_compiler_error`."""


def _refuse(message: str) -> None:
    raise PolicyRefused(message)


@dataclass(frozen=True)
class _Library:
    environment: jinja2.Environment
    macros: Mapping[str, Callable[..., Any]]
    given: dict[str, Any]


@cache
def _library(files: tuple[str, ...], as_of: date, given_macros: tuple[str, ...]) -> _Library:
    # reading the macros takes a second, and a property test asks for hundreds of texts
    environment = jinja2.Environment(extensions=["jinja2.ext.do"], undefined=jinja2.StrictUndefined)
    macros: dict[str, Any] = {}
    given: dict[str, Any] = {}
    environment.globals |= {
        "var": lambda name: {"as_of_date": as_of.isoformat()}[name],
        "adapter": {"dispatch": lambda name, _package: macros[f"duckdb__{name}"]},
        "return": _return,
        "ref": lambda name: name,
        "dbt": {"type_string": lambda: "varchar"},
        "modules": {"re": re},
        "exceptions": {"raise_compiler_error": _refuse},
        "given": given,
    }
    sources = [
        "portable/columns.sql",
        "portable/dates.sql",
        "portable/keys.sql",
        "portable/money.sql",
        *files,
    ]
    text = "\n".join((MACROS / name).read_text(encoding="utf-8") for name in sources)
    # of two macros of one name the later counts
    text += "".join(
        f"{{% macro {macro} %}}{{{{ return(given['{macro}']) }}}}{{% endmacro %}}" for macro in given_macros
    )
    macros |= {
        name: value for name, value in vars(environment.from_string(text).module).items() if callable(value)
    }
    return _Library(environment, macros, given)


def render(call: str, *, files: tuple[str, ...], as_of: date, given: Mapping[str, Any] | None = None) -> str:
    """The text of `call`, e.g. `warning_steps('state')`, with the macros of `files` (below dbt/macros).

    Args:
        given: by name and arguments of a macro of `files`, e.g. `warning_rules(subject)`, what it returns instead.
    """
    library = _library(files, as_of, tuple(given or ()))
    library.given.update(given or {})
    invoke = Macro._invoke

    def invoke_for_value(self: Macro, arguments: list[Any], autoescape: bool) -> Any:
        try:
            return invoke(self, arguments, autoescape)
        except _Returned as returned:
            return returned.value

    with patch.object(Macro, "_invoke", invoke_for_value):
        return library.environment.from_string("{{ " + call + " }}").render(library.macros)
