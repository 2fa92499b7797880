"""A gate in words: what it asks, whether it blocks, how it went, what to do.

Belongs here: the words of one row. Must not: query.
"""

from __future__ import annotations

from dashboards.data.release import Row
from dashboards.i18n import label

COLUMNS = ("gate", "status", "failing_row_count", "severity", "default_severity", "meaning", "todo")


def in_words(row: Row) -> Row:
    """A row of `status.gates` in the reader's language, with the columns `COLUMNS`."""
    return row | {
        "gate": label("gate", row["gate"]),
        "status": label("gate_status", row["status"]),
        "severity": label("gate_severity", row["severity"]),
        "default_severity": label("gate_severity", row["default_severity"]),
        "meaning": label("gate_meaning", row["gate"]),
        "todo": label("gate_todo", row["gate"]),
    }
