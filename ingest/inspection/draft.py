"""The text of a draft: YAML that a person reads, with what speaks for each guess behind it and every doubt above.

Belongs here: layout of the text. Must not: guessing; sample values of contact data.
"""

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import yaml

from ingest.inspection.columns import looks_like_contact
from ingest.inspection.dry_run import DryRun, Fed, SetAside
from ingest.inspection.findings import Doubt, Note
from ingest.inspection.plan import FeedPlan, Line, Plan
from ingest.inspection.yaml_text import on_one_line, quoted, scalar, single_quoted, value_text

WIDTH = 118
_LAYOUT_ORDER = (
    "encoding",
    "fallback_encoding",
    "delimiter",
    "quotes",
    "short_records",
    "header",
    "ignore_lines",
    "decimal_separator",
    "thousands_separator",
    "number_prefixes",
    "number_suffixes",
    "trailing_minus",
    "parentheses",
    "date_formats",
    "null_texts",
)
# written out where there is a doubt about them, although they say what holds anyway
_DEFAULTS = {"decimal_separator": '"."', "thousands_separator": '""', "date_formats": '["%Y-%m-%d"]'}
# reasons whose text is a whole record, which may hold anything
_WHOLE_RECORDS = ("ragged_row", "open_quote", "bad_encoding", "unclaimed_row")


class Writer:
    """Lines of YAML with comments."""

    def __init__(self, doubts: Sequence[Doubt]) -> None:
        self._lines: list[str] = []
        self._open = list(doubts)
        self.doubts: list[str] = []

    def comment(self, text: str, *, indent: int = 0) -> None:
        """A comment of its own, wrapped."""
        pad = " " * indent
        self._lines += textwrap.wrap(
            on_one_line(text),
            WIDTH,
            initial_indent=f"{pad}# ",
            subsequent_indent=f"{pad}#   ",
            break_long_words=False,
        )

    def doubt(self, text: str, *, indent: int = 0) -> None:
        """A question that a person must settle."""
        self.doubts.append(text)
        self.comment(f"DOUBT: {text}", indent=indent)

    def has(self, topic: str) -> bool:
        """Whether a doubt of that topic is still to be written."""
        return any(doubt.topic == topic for doubt in self._open)

    def blank(self) -> None:
        """An empty line."""
        self._lines.append("")

    def line(self, text: str, remark: str = "", *, indent: int = 0, topic: str | None = None) -> None:
        """A line with its remark behind it, or above where both are too long; doubts of its topic first."""
        for doubt in [d for d in self._open if d.topic == topic]:
            self.doubt(doubt.text, indent=indent)
            self._open.remove(doubt)
        pad = " " * indent
        remark = on_one_line(remark)
        if remark and len(pad) + len(text) + len(remark) + 5 > WIDTH:
            self.comment(remark, indent=indent)
            remark = ""
        self._lines.append(f"{pad}{text}" + (f"    # {remark}" if remark else ""))

    def block(self, text: str) -> None:
        """Lines that are YAML already."""
        self._lines += text.rstrip("\n").split("\n")

    def rest(self) -> None:
        """Doubts that no line has taken."""
        for doubt in self._open:
            self.doubt(f"{doubt.topic}: {doubt.text}")
        self._open = []

    @property
    def text(self) -> str:
        """The whole text."""
        return "\n".join(self._lines) + "\n"


def new_profile(
    plan: Plan,
    *,
    table: str,
    files: str,
    sheet: str | None,
    head: Sequence[str],
    description: str,
    keys: Mapping[str, object],
    notes: Mapping[str, Note],
    doubts: Sequence[Doubt],
) -> Writer:
    """The draft of a profile of its own."""
    out = Writer([*doubts, *plan.doubts])
    for text in head:
        out.comment(text)
    out.line(f"description: {scalar(description)}")
    out.line(f"mode: {plan.mode}", plan.mode_remark, topic="mode")
    if plan.settlement:
        out.line(f"settlement: {plan.settlement}", plan.settlement_remark, topic="settlement")
    _layout(out, keys, notes)
    if plan.constants:
        given = ", ".join(plan.constants)
        out.line(f"# to be given under `constants` of the source: {given}", topic="constants")
    out.blank()
    out.line("tables:")
    out.line(f"{scalar(table)}:", indent=2)
    out.line(
        f"files: {quoted(files)}",
        "names without their ending; change it to those of the source",
        indent=4,
    )
    if sheet:
        out.line(f"sheet: {scalar(sheet)}", str(notes.get("sheet", "")), indent=4, topic="sheet")
    if plan.fields or plan.from_preamble:
        out.line("fields:", indent=4)
    for name, header in plan.fields.items():
        out.line(f"{scalar(name)}: [{quoted(header)}]", indent=6)
    for name in plan.from_preamble:
        out.line(f"{scalar(name)}: []", indent=6)
    if plan.from_preamble:
        out.line("from_preamble:", indent=4)
        for name, pattern in plan.from_preamble.items():
            out.line(f"{scalar(name)}: {single_quoted(pattern)}", indent=6)
    if plan.ignore:
        out.line("ignore:", topic="ignore", indent=4)
        for name, texts in plan.ignore.items():
            out.line(f"{scalar(name)}: {value_text(texts)}", indent=6)
    if plan.running_balance:
        out.line(f"running_balance: {plan.running_balance}", plan.balance_remark, indent=4)
    out.line("feeds:", topic="feeds", indent=4)
    for feed in plan.feeds:
        _feed(out, feed)
    if plan.unused:
        out.blank()
        out.doubt("no column of the contract was found for these: add a line above, or leave them unused")
        for header, told in plan.unused.items():
            out.comment(f"  {quoted(header)}: {told}")
    out.rest()
    return out


def _layout(out: Writer, keys: Mapping[str, object], notes: Mapping[str, Note]) -> None:
    for key in _LAYOUT_ORDER:
        note = str(notes.get(key, ""))
        if key == "fallback_encoding":
            note = str(notes.get("encoding", ""))
        elif key == "encoding" and "fallback_encoding" in keys:
            note = ""
        if key not in keys:
            if key == "header" and key in notes:
                out.line("header: first", note, topic=key)
            elif key in _DEFAULTS and out.has(key):
                out.line(f"{key}: {_DEFAULTS[key]}", topic=key)
            continue
        text = single_quoted(str(keys[key])) if key == "ignore_lines" else value_text(keys[key])
        out.line(f"{key}: {text}", note, topic=key)


def _feed(out: Writer, feed: FeedPlan) -> None:
    out.line(f"- entity: {feed.entity}", indent=6)
    for name, patterns in (("where", feed.where), ("unless", feed.unless)):
        if patterns:
            out.line(f"{name}:", indent=8)
            for field, texts in patterns.items():
                out.line(f"{scalar(field)}: {value_text(texts)}", indent=10)
    if not feed.lines:
        out.doubt("no column of this file could be told; name them", indent=8)
        out.line("columns: {}", indent=8)
        return
    out.line("columns:", indent=8)
    for line in feed.lines:
        _column(out, line)


def _column(out: Writer, line: Line) -> None:
    for doubt in line.doubts:
        out.doubt(doubt, indent=10)
    if not line.entries:
        out.line(f"{line.column}: {line.cell}", line.remark, topic=line.column, indent=10)
        return
    out.line(f"{line.column}:", line.remark, topic=line.column, indent=10)
    out.line(f"of: {line.cell}", indent=12)
    out.line("values:", indent=12)
    for entry in line.entries:
        out.line(f"{quoted(entry.theirs)}: {scalar(entry.ours)}", entry.remark, indent=14)


def on_base(
    *,
    base: str,
    head: Sequence[str],
    description: str,
    keys: Mapping[str, object],
    notes: Mapping[str, Note],
    doubts: Sequence[Doubt],
    tables: Mapping[str, Any],
) -> Writer:
    """The draft of a profile that changes a shipped one."""
    out = Writer(doubts)
    for text in head:
        out.comment(text)
    out.line(f"description: {scalar(description)}")
    out.line(f"base: {base}")
    for key in _LAYOUT_ORDER:
        if key in keys:
            text = single_quoted(str(keys[key])) if key == "ignore_lines" else value_text(keys[key])
            out.line(f"{key}: {text}", str(notes.get(key, "")), topic=key)
    out.rest()
    if tables:
        out.blank()
        out.block(
            yaml.dump(
                {"tables": tables},
                Dumper=_Dumper,
                allow_unicode=True,
                sort_keys=False,
                width=WIDTH,
                default_flow_style=None,
            )
        )
    return out


class _Dumper(yaml.SafeDumper):
    """Writes what stands twice twice: a draft is to be read and changed."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def dry_run_comments(run: DryRun | None, *, refusal: str | None, contact: Iterable[str]) -> str:
    """The dry run as comments for the end of a draft.

    Args:
        contact: canonical columns with contact data, whose texts are not shown.
    """
    out = Writer([])
    out.blank()
    if run is None:
        out.comment(f"Dry run: the file cannot be read by this draft yet. {refusal}")
        return out.text
    withheld = frozenset(contact)
    for fed in run.fed:
        out.comment(told_fed(fed))
        for one in fed.set_aside:
            out.comment(f"  {told_set_aside(one, withheld=withheld)}")
    if not run.fed:
        out.comment("Dry run: the draft feeds nothing.")
    return out.text


def told_fed(fed: Fed) -> str:
    """What an entity gets, in a sentence."""
    if fed.refusal:
        return f"Dry run: {fed.entity}: the file would be refused: {fed.refusal}"
    ignored = f", {fed.ignored:,} left out" if fed.ignored else ""
    told = f"{fed.rows:,} rows read{ignored}, {fed.accepted:,} accepted, {fed.rejected:,} set aside"
    return f"Dry run: {fed.entity}: {told}"


def told_set_aside(one: SetAside, *, withheld: frozenset[str] = frozenset()) -> str:
    """A reason with its example; texts that may be contact data are left out."""
    where = f" in {one.column}" if one.column else ""
    hidden = (
        one.example is None
        or one.reason in _WHOLE_RECORDS
        or one.column in withheld
        or looks_like_contact(one.example)
    )
    example = f"row {one.example_row}" if hidden else f"row {one.example_row}: {one.example!r}"
    return f"{one.rows:,} x {one.reason}{where}, such as {example}"
