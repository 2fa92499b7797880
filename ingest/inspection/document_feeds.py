"""Rows of several kinds in one list: documents and receipts apart, types by their signs.

Belongs here: what the column of document types decides. Must not: single columns (planning.py).
"""

from collections.abc import Sequence

from ingest.contract import Entity, load_contract
from ingest.inspection.dictionary import known_values
from ingest.inspection.grid import Grid
from ingest.inspection.layout import Written
from ingest.inspection.matching import Match
from ingest.inspection.plan import FeedPlan, Line, Plan
from ingest.inspection.value_maps import Entry


def document_feeds(
    entity: Entity, lines: list[Line], matches: Sequence[Match], *, plan: Plan, grid: Grid, written: Written
) -> tuple[FeedPlan, ...]:
    """The feeds of an entity: one, or where some types of documents are payments, documents and receipts."""
    kind = next((m for m in matches if m.column == "document_type" and m.role == "value"), None)
    if entity.name != "document" or kind is None:
        return (FeedPlan(entity.name, tuple(lines)),)
    known = known_values()[("document", "receipt")]
    payments = tuple(
        t for t in kind.facts.codes if t.casefold() in known and t.casefold() not in ("invoice",)
    )
    lines = [_types_by_sign(line, matches, grid=grid, written=written) for line in lines]
    if not payments:
        return (FeedPlan("document", tuple(lines)),)
    name = plan.field_for("document_type", kind.facts.name)
    plan.doubt(
        "feeds", f"rows with {kind.facts.name} {', '.join(payments)} are taken for receipts: is that right?"
    )
    by_column = {line.column: line for line in lines}
    amounts = [
        written.number(row[m.facts.position])
        for m in matches
        if m.column == "amount" and m.role == "value"
        for row in grid.rows
        if row[kind.facts.position] in payments
    ]
    is_negative = bool(amounts) and sum(a is not None and a < 0 for a in amounts) > len(amounts) / 2
    names = {"document_id": "receipt_id", "document_date": "receipt_date"}
    receipt = []
    for column in (
        "company_code",
        "document_id",
        "customer_id",
        "document_date",
        "posting_date",
        "currency",
        "amount",
        "settled_on",
        "clearing_id",
    ):
        line = by_column.get(column)
        if line is None:
            continue
        cell = line.cell
        if column == "amount" and is_negative and not cell.startswith("{"):
            cell = f"{{of: {cell}, negate: true}}"
        receipt.append(Line(names.get(column, column), cell, line.remark))
    others = [
        Line(x.column, x.cell, x.remark, x.doubts, tuple(e for e in x.entries if e.theirs not in payments))
        if x.column == "document_type"
        else x
        for x in lines
    ]
    others = [_without_known(x, payments) for x in others]
    return (
        FeedPlan("document", tuple(others), unless={name: payments}),
        FeedPlan("receipt", tuple(receipt), where={name: payments}),
    )


def _without_known(line: Line, payments: Sequence[str]) -> Line:
    """A question about types, without those that are receipts."""
    types = load_contract().codes["document_type"]
    if line.column != "document_type" or any(
        e.theirs == e.ours and e.ours not in types for e in line.entries
    ):
        return line
    return Line(line.column, line.cell, line.remark, (), line.entries)


def _types_by_sign(line: Line, matches: Sequence[Match], *, grid: Grid, written: Written) -> Line:
    """Credit notes with negative amounts are invoices of a negative amount, which land as what they are."""
    kind = next((m for m in matches if m.column == "document_type" and m.role == "value"), None)
    amount = next((m for m in matches if m.column == "amount" and m.role == "value"), None)
    if line.column != "document_type" or kind is None or amount is None:
        return line
    entries = []
    for entry in line.entries or tuple(Entry(t, t, "") for t in kind.facts.codes):
        signs = [
            n
            for row in grid.rows
            if row[kind.facts.position] == entry.theirs and (n := written.number(row[amount.facts.position]))
        ]
        if entry.ours == "credit_note" and signs and all(n < 0 for n in signs):
            told = f"{entry.remark + '; ' if entry.remark else ''}negative amounts: lands as credit_note"
            entry = Entry(entry.theirs, "invoice", told)
        entries.append(entry)
    is_plain = all(e.theirs == e.ours for e in entries) and not line.entries
    return line if is_plain else Line(line.column, line.cell, line.remark, line.doubts, tuple(entries))
