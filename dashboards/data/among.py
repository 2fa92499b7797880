"""Filters of several values: nothing chosen keeps everything.

Belongs here: the condition and its parameter. Must not: which filters a page has. Columns are written into SQL and come
from the code; values are parameters.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def among(chosen: Mapping[str, Sequence[str]]) -> tuple[list[str], dict[str, object]]:
    """Conditions that keep to the values chosen per column, and their parameters."""
    conditions: list[str] = []
    parameters: dict[str, object] = {}
    for column, values in chosen.items():
        if values:
            name = column.replace(".", "_")
            conditions.append(f"list_contains(cast(${name} as varchar[]), {column})")
            parameters[name] = list(values)
    return conditions, parameters
