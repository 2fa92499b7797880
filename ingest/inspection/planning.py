"""From matches to a plan: how each column of the entity is written, and what a person must decide.

Belongs here: choosing forms of cells, settlement, mode, constants, rows that are no records. Must not: which entity it
is (matching.py), YAML (draft.py).
"""

import re
from collections.abc import Sequence
from datetime import datetime

from ingest.contract import Entity
from ingest.inspection.bank_amount import BankAmount
from ingest.inspection.columns import Facts, days_of, looks_like_contact
from ingest.inspection.dictionary import BALANCE, words
from ingest.inspection.document_feeds import document_feeds
from ingest.inspection.findings import Note
from ingest.inspection.grid import Grid
from ingest.inspection.layout import Written
from ingest.inspection.matching import CONSTANTS, PRESUMED, Candidate, Match, suits_column
from ingest.inspection.plan import TEXT_BEHIND, Line, Plan, in_cents
from ingest.inspection.value_maps import map_codes, map_currencies, map_terms
from ingest.inspection.yaml_text import quoted, quoted_list
from ingest.profiles import load_profile, profile_names

_BY_DATE = ("due_date", "settled_on", "delivery_date", "accepted_on", "invoice_received_on", "cleared_on")


def make_plan(
    candidate: Candidate, *, facts: Sequence[Facts], grid: Grid, written: Written, amount: BankAmount | None
) -> Plan:
    """The plan for a table that holds this entity."""
    plan = Plan()
    entity = candidate.entity
    matches = [*candidate.matches, *_from_values(candidate, facts, plan, amount=amount)]
    lines = _lines(matches, entity=entity, plan=plan, grid=grid, written=written, amount=amount, facts=facts)
    _constants(entity, matches, plan=plan, grid=grid, written=written, lines=lines)
    lines = [_ordered for column in entity.columns for _ordered in lines if _ordered.column == column]
    plan.feeds = document_feeds(entity, lines, matches, plan=plan, grid=grid, written=written)
    _modes(entity, matches, plan)
    _ignored(plan, matches, entity=entity, grid=grid)
    used = set(plan.fields.values())
    for f in facts:
        if f.name not in used and f.kind != "empty" and not f.name.startswith("_unnamed_"):
            plan.unused[f.name] = "contact data" if f.is_contact else f"{f.kind}, {f.distinct:,} different"
    return plan


def _from_values(
    candidate: Candidate, facts: Sequence[Facts], plan: Plan, *, amount: BankAmount | None
) -> list[Match]:
    """Required columns that no name tells, by their values alone."""
    entity = candidate.entity
    used = {m.facts.position for m in candidate.matches}
    if amount is not None:
        used |= set(amount.form.columns) | ({amount.balance} if amount.balance is not None else set())
    found: list[Match] = []
    wanted = [c for c in entity.required_columns if c.name in candidate.missing]
    wanted += [
        entity.columns[name]
        for name in ("currency", "remittance_text")
        if name in entity.columns and candidate.match(name) is None
    ]
    for column in wanted:
        if column.name == "amount" and amount is not None:
            continue
        free = [f for f in facts if f.position not in used and f.kind != "empty" and not f.is_contact]
        if column.name == "currency":
            free = [f for f in free if f.kind == "currency"]
        if column.name == "remittance_text":
            free = [f for f in free if f.kind == "text"]
        suited = [(suits_column(f, column, entity), -f.position, f) for f in free]
        score, _, f = max(suited, default=(0.0, 0, None), key=lambda one: one[:2])
        if f is None or (score < 0.8 and column.type != "text") or score < 0.5:
            continue
        used.add(f.position)
        note = Note("guess", f"from the values of {f.name!r} alone: {f.kind}, {f.distinct:,} different")
        found.append(Match(f, column.name, "value", 0.4, note))
        if column.required:
            plan.doubt(
                column.name, f"is {f.name!r} the {column.name}? Its values suit, its name says nothing"
            )
    return found


def _lines(
    matches: Sequence[Match],
    *,
    entity: Entity,
    plan: Plan,
    grid: Grid,
    written: Written,
    amount: BankAmount | None,
    facts: Sequence[Facts],
) -> list[Line]:
    lines: list[Line] = []
    texts = [m for m in matches if m.role == "part" and entity.columns[m.column].type == "text"]
    ids = [m for m in matches if m.role == "part" and entity.columns[m.column].type == "key"]
    for match in matches:
        if match.role != "value" or (match.column == "amount" and amount is not None):
            continue
        more = [m for m in texts if m.column == match.column]
        if more:
            continue
        lines.append(_line(match, matches, entity=entity, plan=plan, grid=grid, written=written))
    for column in dict.fromkeys(m.column for m in texts):
        parts = [m for m in matches if m.column == column and m.role in ("value", "part")]
        names = [plan.field_for(f"{column}_{n}" if n else column, m.facts.name) for n, m in enumerate(parts)]
        cell = names[0] if len(names) == 1 else f'{{join: [{", ".join(names)}], with: " ", skip_empty: true}}'
        lines.append(Line(column, cell, str(parts[0].note)))
    for column in dict.fromkeys(m.column for m in ids):
        whole = next((m for m in matches if m.column == column and m.role == "value"), None)
        if whole is not None and whole.facts.is_unique:
            continue
        lines = [line for line in lines if line.column != column]
        parts = [m for m in matches if m.column == column and m.role in ("value", "part")]
        names = [plan.field_for(f"{column}_{n}" if n else column, m.facts.name) for n, m in enumerate(parts)]
        cell = names[0] if len(names) == 1 else f'{{join: [{", ".join(names)}], with: "-"}}'
        lines.append(Line(column, cell, str(parts[0].note)))
    if amount is not None:
        lines.append(amount.line(plan, facts=facts, written=written))
        if amount.balance is not None:
            plan.running_balance = plan.field_for(BALANCE, grid.header[amount.balance])
            plan.balance_remark = amount.balance_remark
    base, days = (next((m for m in matches if m.role == role), None) for role in ("base", "days"))
    if base and days and not any(line.column == "due_date" for line in lines):
        names = [plan.field_for("baseline", base.facts.name), plan.field_for("days", days.facts.name)]
        lines.append(Line("due_date", f"{{date: {names[0]}, plus_days: [{names[1]}]}}", str(base.note)))
    return lines


def _line(
    match: Match, matches: Sequence[Match], *, entity: Entity, plan: Plan, grid: Grid, written: Written
) -> Line:
    f, column = match.facts, entity.columns[match.column]
    name = plan.field_for(match.column, f.name)
    remark = str(match.note)
    if column.type in ("code", "boolean") and f.kind != "empty":
        mapped = map_codes(f, column=column, entity=entity.name)
        return Line(match.column, name, remark, (mapped.doubt,) if mapped.doubt else (), mapped.entries)
    if column.type == "currency":
        needs, doubt = map_currencies(f)
        cell = f"{{of: {name}, values: currency}}" if needs else name
        return Line(match.column, cell, remark, (doubt,) if doubt else ())
    if match.column == "payment_terms" and f.kind != "empty":
        begun, due = (_days(matches, c, grid=grid, written=written) for c in ("document_date", "due_date"))
        terms = map_terms(grid.column(f.position), begun=begun, due=due)
        return Line(match.column, name, remark, (terms.doubt,) if terms.doubt else (), terms.entries)
    if match.column in _BY_DATE:
        remark, doubt = _against_document(match, matches, remark, grid=grid, written=written)
        return Line(match.column, name, remark, (doubt,) if doubt else ())
    if column.type == "money" and match.column == "amount" and entity.name == "document":
        sign = next((m for m in matches if m.role == "sign"), None)
        if sign is not None:
            return _signed_document(match, sign, plan=plan, name=name)
    if f.amount_pattern and column.type == "money":
        return Line(match.column, in_cents(f, name, decimal=written.numbers.decimal), remark, (TEXT_BEHIND,))
    marks = {value[0] for value in f.values}
    if column.type in ("key", "text") and f.values and marks <= {"'", "`"}:
        # a mark that keeps a spreadsheet from taking the text for a number
        (mark, *_) = sorted(marks)
        return Line(match.column, f"{{of: {name}, pattern: {quoted(f'^{mark}(.*?){mark}?$')}}}", remark)
    if column.private or f.is_contact:
        remark = f"{match.note.sure}: by its name"
    cell = in_cents(f, name, decimal=written.numbers.decimal) if column.type == "money" else name
    return Line(match.column, cell, remark)


def _signed_document(match: Match, sign: Match, *, plan: Plan, name: str) -> Line:
    known = words().values["document.sign"]
    direction = plan.field_for("direction", sign.facts.name)
    negative = [t for t in sign.facts.codes if t.casefold() in known["negative"]]
    if (match.facts.marks and match.facts.marks.has_negative) or not negative:
        doubt = (
            f"{sign.facts.name!r} may tell the sign, and was left out: the amounts have their own, or its texts are not"
            " known"
        )
        return Line("amount", name, str(match.note), (doubt,))
    positive = [t for t in sign.facts.codes if t not in negative]
    signs = f"negative: {quoted_list(negative)}, positive: {quoted_list(positive)}"
    cell = f"{{amount: {name}, sign: {direction}, {signs}}}"
    return Line("amount", cell, f"{match.note}; the sign by {sign.facts.name!r}")


def _days(
    matches: Sequence[Match], column: str, *, grid: Grid, written: Written
) -> list[datetime | None] | None:
    match = next(
        (m for m in matches if m.column == column and m.role == "value" and m.facts.kind == "date"), None
    )
    if match is None:
        return None
    return list(days_of(grid, match.facts.position, formats=(*written.date_formats, "%Y-%m-%d")))


def _against_document(
    match: Match, matches: Sequence[Match], remark: str, *, grid: Grid, written: Written
) -> tuple[str, str | None]:
    """What the order of two dates says: due and settled dates do not come before the document."""
    begun = _days(matches, "document_date", grid=grid, written=written)
    own = _days(matches, match.column, grid=grid, written=written)
    if begun is None or own is None:
        return remark, None
    both = [(a, b) for a, b in zip(begun, own, strict=True) if a and b]
    early = sum(b < a for a, b in both)
    if not early:
        return f"{remark}; never before the document date", None
    doubt = (
        f"{match.facts.name!r} is before the document date in {early:,} of {len(both):,} rows"
        if early > 0.1 * len(both)
        else None
    )
    return f"{remark}; before the document date in {early:,} of {len(both):,} rows", doubt


def _constants(
    entity: Entity, matches: Sequence[Match], *, plan: Plan, grid: Grid, written: Written, lines: list[Line]
) -> None:
    there = {line.column for line in lines}
    for name in CONSTANTS:
        column = entity.columns.get(name)
        if column is None or not column.required or name in there:
            continue
        found = None if name == "company_code" else _above(name, grid.above)
        if found is not None:
            pattern, value = found
            plan.from_preamble[name] = pattern
            cell = f"{{of: {name}, values: currency}}" if name == "currency" else name
            lines.append(Line(name, cell, "likely: it stands above the table"))
            continue
        if name == "company_code":
            plan.constants[name] = "C1"
        elif name == "account":
            plan.constants[name] = "A1"
            plan.doubt("constants", "no column and no line above the table names the account")
        else:
            known = written.currencies
            plan.constants[name] = known[0] if len(known) == 1 else "XTS"
            told = f"the amounts have the sign of {known[0]}" if len(known) == 1 else "no column tells it"
            plan.doubt("constants", f"the currency: {told}; write its ISO code")
        if name != "currency" and len({c for m in matches if m.column == name for c in m.facts.codes}) == 1:
            plan.constants[name] = next(iter(matches[0].facts.codes), "C1")
    for name, value in PRESUMED.get(entity.name, {}).items():
        if name not in there:
            lines.append(
                Line(name, f"{{value: {value}}}", "guess: no column tells it", _presumed_doubt(entity, name))
            )


def _presumed_doubt(entity: Entity, name: str) -> tuple[str, ...]:
    if entity.name == "document":
        return ("is every row an invoice? A negative amount lands as a credit note",)
    return (f"no column tells the {name}",)


def _above(name: str, above: str) -> tuple[str, str] | None:
    """A pattern that finds the account or the currency above the table: of a shipped profile, or a general one."""
    if not above:
        return None
    patterns = [
        pattern
        for profile in profile_names()
        for table in load_profile(profile).tables.values()
        for field, pattern in table.from_preamble.items()
        if (name == "currency") == (field == "held_in")
    ]
    for pattern in dict.fromkeys([*words().above.get(name, ()), *patterns]):
        match = re.search(pattern, above)
        if match and (match.group(1) or "").strip():
            return pattern, match.group(1).strip()
    return None


def _modes(entity: Entity, matches: Sequence[Match], plan: Plan) -> None:
    if entity.name == "bank_transaction":
        plan.mode, plan.mode_remark = "append", "bank lines: what is there stays, downloads may overlap"
        return
    plan.mode_remark = "a delivery holds everything, and what is not in it any more is deleted"
    plan.doubt(
        "mode",
        "does each file hold everything (full), only what changed (delta), or only new rows (append)? With full, what a"
        " later file lacks is deleted",
    )
    if entity.name not in ("document", "receipt"):
        return
    there = {m.column for m in matches}
    open_text = "how does the source say what settled what? "
    if "clearing_id" in there:
        plan.settlement, told = "clearing_group", "rows that share a clearing settle each other"
    elif "settled_on" in there:
        plan.settlement, told = "clearing_date", "a date of settlement, so all of it was settled on that day"
    elif {"residual_amount", "settled_amount"} & there:
        plan.settlement, told = (
            "residual",
            "what is left open, so that each delivery tells what was settled since the last",
        )
    else:
        plan.settlement, told = "allocations", "nothing here tells it: deliver allocations, or all stays open"
    plan.settlement_remark = f"guess: {told}"
    plan.doubt("settlement", f"{open_text}Here: {told}. docs/configuration.md has the four styles")


def _ignored(plan: Plan, matches: Sequence[Match], *, entity: Entity, grid: Grid) -> None:
    """Rows that are no records, as patterns for the cell that tells."""
    patterns: dict[int, dict[str, None]] = {}
    for position, column in grid.ignored.items():
        row = grid.rows[position]
        if column < 0:
            key = next(
                (m for m in matches if m.column in (entity.key[-1], "document_id", "booking_date")), None
            )
            if key is not None and not row[key.facts.position]:
                patterns.setdefault(key.facts.position, {})[""] = None
            continue
        text = row[column]
        if looks_like_contact(text):
            patterns.setdefault(column, {})["*@*" if "@" in text else "+*"] = None
            continue
        plain = re.split(r"[\d:：@]", text, maxsplit=1)[0].rstrip(" [(（")
        patterns.setdefault(column, {})[f"{_escaped(plain[:30])}*" if len(plain) >= 2 else _escaped(text)] = (
            None
        )
    for column, texts in patterns.items():
        name = plan.field_for(f"text_{column + 1}", grid.header[column])
        plan.ignore[name] = tuple(texts)
    if plan.ignore:
        count = len(grid.ignored)
        plan.doubt(
            "ignore",
            f"{count:,} rows are taken for totals or remarks, and left out: is none of them a record?",
        )


def _escaped(text: str) -> str:
    """A text in which * and ? stand for themselves as far as a pattern can say it."""
    return text.replace("*", "?")
