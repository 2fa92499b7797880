"""What a draft says about one table: fields, feeds, constants, each with its evidence, and the doubts.

Belongs here: the values between the guesses and the YAML. Must not: guessing, YAML.
"""

import re
from dataclasses import dataclass, field

from ingest.inspection.columns import Facts
from ingest.inspection.findings import Doubt
from ingest.inspection.value_maps import Entry
from ingest.inspection.yaml_text import quoted

TEXT_BEHIND = "words stand behind some of these amounts and are left out: does one of them change the amount?"


def in_cents(f: Facts, name: str, *, decimal: str) -> str:
    """A field of money as YAML; where all its numbers have zeros behind the cents, without those zeros."""
    if f.amount_pattern:
        return f"{{of: {name}, pattern: {quoted(f.amount_pattern)}}}"
    point = re.escape(decimal)
    longer = [v for v in f.values if re.search(rf"{point}[0-9]{{2}}0+$", v)]
    if not longer or not all(re.search(rf"{point}[0-9]{{2}}0*$", v) for v in f.values):
        return name
    pattern = f"^(.*{point}[0-9]{{2}})0*$"
    return f"{{of: {name}, pattern: {quoted(pattern)}}}"


@dataclass(frozen=True)
class Line:
    """One column of a feed. `cell`: the YAML behind its name; with `entries` it is a map from `cell`, a field."""

    column: str
    cell: str
    remark: str
    doubts: tuple[str, ...] = ()
    entries: tuple[Entry, ...] = ()


@dataclass(frozen=True)
class FeedPlan:
    """A feed. `where` and `unless` as in a profile."""

    entity: str
    lines: tuple[Line, ...]
    where: dict[str, tuple[str, ...]] = field(default_factory=dict)
    unless: dict[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass
class Plan:
    """A table and what the profile says around it."""

    feeds: tuple[FeedPlan, ...] = ()
    fields: dict[str, str] = field(default_factory=dict)
    from_preamble: dict[str, str] = field(default_factory=dict)
    ignore: dict[str, tuple[str, ...]] = field(default_factory=dict)
    running_balance: str | None = None
    balance_remark: str = ""
    mode: str = "full"
    mode_remark: str = ""
    settlement: str | None = None
    settlement_remark: str = ""
    constants: dict[str, str] = field(default_factory=dict)
    unused: dict[str, str] = field(default_factory=dict)
    doubts: list[Doubt] = field(default_factory=list)

    def doubt(self, topic: str, text: str) -> None:
        """Note a question."""
        self.doubts.append(Doubt(topic, text))

    def field_for(self, name: str, header: str) -> str:
        """The short name of a column of the file; the same for the same column."""
        for known, there in self.fields.items():
            if there == header:
                return known
        while name in self.fields:
            name += "_2"
        self.fields[name] = header
        return name
