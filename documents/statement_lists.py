"""The lists of a statement: open items, unapplied credits, and what stands beside the account.

Belongs here: their columns and rows, for a customer and for an auditor. Must not: query, render, decide what is open.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from documents.blocks import Block, Column, Facts, Heading, Note, Table, Value
from documents.statement import ONLY_FOR_AUDITORS, ZERO, CurrencyAccount, Item
from documents.words import Words

# Steps of our books that a customer need not read as what they are.
_OURS_ALONE = ("write_off", "write_off_recovery")


def kind_word(words: Words, code: str, *, is_audit: bool) -> str:
    """What a line or an item is called in a copy."""
    told = "adjustment" if not is_audit and code in _OURS_ALONE else code
    return words.label("kind", told)


def total(amounts: Iterable[Decimal]) -> Decimal:
    """Sum of amounts of one currency."""
    return sum(amounts, ZERO)


class ItemLists:
    """The lists of one account in one currency; one that is empty and that nobody would miss has no blocks."""

    def __init__(self, part: CurrencyAccount, words: Words, *, is_audit: bool) -> None:
        self.part, self.words, self.is_audit = part, words, is_audit

    def owed(self) -> list[Block]:
        """What is open, oldest due date first."""
        words, part = self.words, self.part
        blocks: list[Block] = [Heading(f"{words('items.title')} ({part.currency})")]
        if items := [*part.owed, *(part.revalued if self.is_audit else ())]:
            blocks.append(self._table(items))
        else:
            blocks.append(Note(words("items.none")))
        return blocks

    def _table(self, items: Sequence[Item]) -> Table:
        words = self.words
        columns = [
            Column(words("items.document"), width=25),
            Column(words("items.kind"), width=12),
            Column(words("items.reference"), width=14),
            Column(words("items.document_date"), "day", 11),
            Column(words("items.due_date"), "day", 11),
            Column(words("items.days"), "count", 9),
            Column(words("items.original"), "money", 15),
            Column(words("items.open"), "money", 15),
            Column(words("items.disputed"), "money", 13),
        ]
        if self.is_audit:
            columns += [
                Column(words("items.functional"), "money", 15),
                Column(words("items.original_due_date"), "day", 11),
                Column(words("items.flags"), width=12),
                Column(words("items.open_item_id"), width=20),
                Column(words("items.source"), width=28),
            ]
        planned = {item.document for item in items if (item.instalment_no or 1) > 1}
        rows = [self._row(item, is_planned=item.document in planned) for item in items]
        last: list[Value] = [None] * len(columns)
        last[0] = words("items.total")
        last[7] = total(item.open_amount for item in items)
        last[8] = total(item.disputed_amount for item in items) or None
        return Table(columns, rows, last=last)

    def _row(self, item: Item, *, is_planned: bool) -> tuple[Value, ...]:
        words = self.words
        name = item.document
        if is_planned:
            name = words("items.instalment", document=item.document, number=item.instalment_no or 1)
        row: tuple[Value, ...] = (
            name,
            kind_word(words, item.kind, is_audit=self.is_audit),
            item.reference,
            item.document_date,
            item.due_date,
            item.days_past_due if item.days_past_due > 0 else words("items.not_due"),
            item.original_amount,
            item.open_amount,
            item.disputed_amount or None,
        )
        if not self.is_audit:
            return row
        flags = {"age_unknown": item.is_age_unknown, "due_date_derived": item.is_due_date_derived}
        remarks = ", ".join(words(f"flag.{flag}") for flag, is_set in flags.items() if is_set)
        return (*row, item.functional, item.original_due_date, remarks, item.open_item_id, item.source)

    def unapplied(self) -> list[Block]:
        """Credits that are not matched to a document; they are in the balance already."""
        words, items = self.words, self.part.unapplied
        if not items:
            return []
        columns = [
            Column(words("unapplied.day"), "day", 12),
            Column(words("items.kind"), width=16),
            Column(words("items.document"), width=20),
            Column(words("items.reference"), width=20),
            Column(words("items.original"), "money", 16),
            Column(words("items.open"), "money", 16),
        ]
        rows = [
            (
                item.document_date,
                kind_word(words, item.kind, is_audit=self.is_audit),
                item.document,
                item.reference,
                item.original_amount,
                item.open_amount,
            )
            for item in items
        ]
        last = (words("items.total"), None, None, None, None, total(item.open_amount for item in items))
        blocks: list[Block] = [
            Heading(f"{words('unapplied.title')} ({self.part.currency})"),
            Table(columns, rows, last=last),
        ]
        if not self.is_audit and any(item.kind == "receipt" for item in items):
            blocks.append(Note(words("unapplied.note")))
        return blocks

    def beside(self) -> list[Block]:
        """Bills, retention, posted interest: class by class, for nobody owes the sum over classes."""
        words = self.words
        position = {name: number for number, (name, _) in enumerate(self.part.beside_moved)}
        items = sorted(
            (item for item in self.part.beside if self._is_shown(item)),
            key=lambda item: position.get(item.receivable_class, len(position)),
        )
        if not items:
            return []
        columns = (
            Column(words("beside.class"), width=24),
            Column(words("items.document"), width=20),
            Column(words("items.reference"), width=16),
            Column(words("items.document_date"), "day", 12),
            Column(words("beside.maturity"), "day", 12),
            Column(words("items.original"), "money", 16),
            Column(words("items.open"), "money", 16),
        )
        rows = [
            (
                words.label("class", item.receivable_class),
                item.document,
                item.reference,
                item.document_date,
                item.due_date,
                item.original_amount,
                item.open_amount,
            )
            for item in items
        ]
        sums: list[tuple[str, Value]] = [
            (
                words.label("class", name),
                total(item.open_amount for item in items if item.receivable_class == name),
            )
            for name in dict.fromkeys(item.receivable_class for item in items)
        ]
        title = Heading(f"{words('beside.title')} ({self.part.currency})")
        return [title, Facts(sums, form="money"), Table(columns, rows)]

    def _is_shown(self, item: Item) -> bool:
        return self.is_audit or (item.open_amount != 0 and item.receivable_class not in ONLY_FOR_AUDITORS)
