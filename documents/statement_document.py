"""A statement as a document: which blocks, in which order, for whom.

Belongs here: what a customer sees and what an auditor sees, and in which words. Must not: query, render, compute more
than sums of what stands there.

The customer's copy holds what both sides can know: documents, dates, amounts, disputes, the bills it gave us. It holds
no functional amounts, internal ids, files, data remarks or accruals, and calls a write-off an adjustment: it is a step
of our books, which ends no claim. The auditor's copy holds all of that, and the proof.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Literal

from documents.blocks import Blanks, Block, Choice, Column, Document, Facts, Heading, Note, Sheet, Table, Value
from documents.chinese_amount import in_capitals
from documents.statement import (
    ONLY_FOR_AUDITORS,
    ZERO,
    CurrencyAccount,
    Item,
    Line,
    Statement,
)
from documents.words import Language, Words

Copy = Literal["customer", "auditor"]
# Steps of our books that a customer need not read as what they are.
_OURS_ALONE = ("write_off", "write_off_recovery")


def statement_document(
    statements: Sequence[Statement], *, language: Language, copy: Copy = "customer"
) -> Document:
    """One document of one or more statements (the ids of a party), each with its own balances and reply slip."""
    words = Words(language)
    sections = [(statement, part) for statement in statements for part in statement.currencies]
    sheets: list[Sheet] = []
    for number, (statement, part) in enumerate(sections, start=1):
        section = _Section(statement, part, words, copy, number=number, count=len(sections))
        sheets.extend(section.sheets())
    first = statements[0]
    return Document(
        title=words("statement.title_auditor" if copy == "auditor" else "statement.title"),
        foot=f"{first.account.company_name} · {first.account.customer_name} · {first.last_day}",
        page_of=words.raw("page.of"),
        sheets=sheets,
        is_wide=copy == "auditor",
    )


def statement_number(statement: Statement) -> str:
    """What a reply refers to."""
    account = statement.account
    return (
        f"{account.company_code}-{account.customer_id}-{statement.last_day:%Y%m%d}-"
        f"{statement.release.release_id}"
    )


class _Section:
    """One account in one currency."""

    def __init__(
        self,
        statement: Statement,
        part: CurrencyAccount,
        words: Words,
        copy: Copy,
        *,
        number: int,
        count: int,
    ) -> None:
        self.statement, self.part, self.words = statement, part, words
        self.is_audit = copy == "auditor"
        self.number, self.count = number, count

    def sheets(self) -> list[Sheet]:
        """In reading order; what is empty and nobody would miss is left out."""
        sheets = [self._summary(), self._movements(), self._items()]
        if self.part.unapplied:
            sheets.append(self._unapplied())
        if self._beside_items():
            sheets.append(self._beside())
        if not self.is_audit:
            sheets.append(self._reply())
        return sheets

    def _sheet(
        self, name: str, blocks: Sequence[Block], *, is_together: bool = False, starts_page: bool = False
    ) -> Sheet:
        # one section has plain names; several are told apart by number and currency
        full = name if self.count == 1 else f"{name} {self.number} {self.part.currency}"
        return Sheet(full, blocks, is_together=is_together, starts_page=starts_page)

    def _kind(self, code: str) -> str:
        told = "adjustment" if not self.is_audit and code in _OURS_ALONE else code
        return self.words.label("kind", told)

    def _summary(self) -> Sheet:
        words, statement, part = self.words, self.statement, self.part
        account, release = statement.account, statement.release
        facts: list[tuple[str, Value]] = [
            (words("statement.from"), account.company_name),
            (words("statement.to"), account.customer_name),
            (words("statement.customer_id"), account.customer_id),
            (
                words("statement.period"),
                words("statement.period_value", first_day=statement.first_day, last_day=statement.last_day),
            ),
            (words("statement.currency"), part.currency),
            (words("statement.number"), statement_number(statement)),
            (words("statement.as_of"), release.as_of),
        ]
        if self.is_audit:
            facts += [
                (words("statement.release"), release.release_id),
                (words("statement.known_at"), f"{release.known_at:%Y-%m-%d %H:%M:%S}"),
                (words("statement.code_version"), release.code_version),
                (words("statement.policy_hash"), release.policy_hash),
            ]
        blocks: list[Block] = [Heading(words("statement.title_auditor" if self.is_audit else "statement.title"), 1)]
        if self.count > 1:
            blocks.append(
                Note(
                    words(
                        "statement.section",
                        number=self.number,
                        count=self.count,
                        company=account.company_code,
                        customer=account.customer_id,
                    )
                )
            )
        blocks += [Facts(facts), Heading(f"{words('statement.balance')} ({part.currency})"), self._balance()]
        if words.language == "zh" and (capitals := in_capitals(part.closing, currency=part.currency)):
            blocks.append(Facts([(words("statement.closing_words"), capitals)]))
        if part.closing < 0:
            blocks.append(Note(words("statement.in_favour")))
        blocks += [Heading(f"{words('aging.title')} ({part.currency})"), self._aging()]
        if self.is_audit:
            blocks += [Heading(words("proof.title")), *self._proof()]
        blocks.append(Note(words("note.reservation")))
        return self._sheet(words("sheet.summary"), blocks, starts_page=self.number > 1)

    def _balance(self) -> Facts:
        words, part = self.words, self.part
        before = self.statement.first_day.toordinal() - 1
        pairs: list[tuple[str, Value]] = [
            (
                words("statement.opening", day=self.statement.first_day.fromordinal(before)),
                part.opening,
            ),
            (words("statement.debits"), part.debits),
            (words("statement.credits"), -part.credits),
            (words("statement.closing", day=self.statement.last_day), part.closing),
            (words("statement.overdue"), part.overdue),
        ]
        if part.unapplied:
            pairs.append((words("statement.unapplied"), _sum(item.open_amount for item in part.unapplied)))
        return Facts(pairs, form="money", strong=frozenset({3}))

    def _aging(self) -> Table:
        words, part = self.words, self.part
        shown = [bucket for bucket in part.aging if bucket.code != "unapplied" or bucket.amount]
        total = part.closing
        rows = [
            (
                bucket.label_zh
                if words.language == "zh"
                else bucket.label_en[:1].upper() + bucket.label_en[1:],
                bucket.amount,
            )
            for bucket in shown
        ]
        return Table(
            columns=(
                Column(words("aging.bucket"), width=14),
                Column(words("aging.amount"), "money", 14),
            ),
            rows=rows,
            last=(words("aging.total"), total),
            is_short=True,
        )

    def _proof(self) -> tuple[Block, ...]:
        words, part = self.words, self.part
        pairs: list[tuple[str, Value]] = [
            (words("proof.movements"), part.closing),
            (words("proof.items"), _sum(item.open_amount for item in part.items)),
            (words("proof.aging"), _sum(bucket.amount for bucket in part.aging)),
        ]
        name = f"{words('proof.functional')} ({self.statement.account.currency})"
        pairs.append((name, part.closing_functional))
        return (
            Facts(pairs, form="money"),
            Note(f"{words('proof.agrees')}{words('note.changes')}"),
        )

    def _movements(self) -> Sheet:
        words, part = self.words, self.part
        lines = [line for line in part.lines if self.is_audit or line.amount != 0]
        columns = [
            Column(words("movements.day"), "day", 11),
            Column(words("movements.kind"), width=16),
            Column(words("movements.document"), width=16),
            Column(words("movements.reference"), width=15),
            Column(words("movements.debit"), "money", 15),
            Column(words("movements.credit"), "money", 15),
            Column(words("movements.balance"), "money", 16),
        ]
        if self.is_audit:
            columns += [
                Column(words("movements.functional"), "money", 15),
                Column(words("movements.allocation"), width=14),
                Column(words("movements.source"), width=30),
            ]
        extra = (None,) * (len(columns) - 7)
        before = (None, words("movements.brought_forward"), None, None, None, None, part.opening, *extra)
        after = (
            None, words("movements.carried_forward"), None, None, part.debits, part.credits, part.closing, *extra,
        )  # fmt: skip
        blocks: list[Block] = [
            Heading(f"{words('movements.title')} ({part.currency})"),
            Table(columns, [self._movement(line) for line in lines], first=before, last=after),
        ]
        if not lines:
            blocks.append(Note(words("movements.none")))
        return self._sheet(words("sheet.movements"), blocks)

    def _movement(self, line: Line) -> tuple[Value, ...]:
        row: tuple[Value, ...] = (
            line.day,
            self._kind(line.kind),
            line.document,
            line.reference,
            line.amount if line.amount > 0 else None,
            -line.amount if line.amount < 0 else None,
            line.balance,
        )
        return (*row, line.functional, line.allocation_id, line.source) if self.is_audit else row

    def _items(self) -> Sheet:
        words, part = self.words, self.part
        blocks: list[Block] = [Heading(f"{words('items.title')} ({part.currency})")]
        if items := [*part.owed, *(part.revalued if self.is_audit else ())]:
            blocks.append(self._item_table(items))
        else:
            blocks.append(Note(words("items.none")))
        return self._sheet(words("sheet.items"), blocks)

    def _item_table(self, items: Sequence[Item]) -> Table:
        words = self.words
        columns = [
            Column(words("items.document"), width=18),
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
        total: list[Value] = [None] * len(columns)
        total[0] = words("items.total")
        total[7] = _sum(item.open_amount for item in items)
        total[8] = _sum(item.disputed_amount for item in items) or None
        return Table(columns, [self._item(item, is_planned=item.document in planned) for item in items], last=total)

    def _item(self, item: Item, *, is_planned: bool) -> tuple[Value, ...]:
        words = self.words
        name = item.document
        if is_planned:
            name = words("items.instalment", document=item.document, number=item.instalment_no or 1)
        row: tuple[Value, ...] = (
            name,
            self._kind(item.kind),
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
        flags = [
            words(f"flag.{name}")
            for name, is_set in (
                ("age_unknown", item.is_age_unknown),
                ("due_date_derived", item.is_due_date_derived),
            )
            if is_set
        ]
        return (
            *row, item.functional, item.original_due_date, ", ".join(flags), item.open_item_id, item.source,
        )  # fmt: skip

    def _unapplied(self) -> Sheet:
        words, part = self.words, self.part
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
                self._kind(item.kind),
                item.document,
                item.reference,
                item.original_amount,
                item.open_amount,
            )
            for item in part.unapplied
        ]
        last = (words("items.total"), None, None, None, None, _sum(item.open_amount for item in part.unapplied))
        blocks: list[Block] = [
            Heading(f"{words('unapplied.title')} ({part.currency})"),
            Table(columns, rows, last=last),
        ]
        if not self.is_audit and any(item.kind == "receipt" for item in part.unapplied):
            blocks.append(Note(words("unapplied.note")))
        return self._sheet(words("sheet.unapplied"), blocks)

    def _beside_items(self) -> list[Item]:
        return [
            item
            for item in self.part.beside
            if self.is_audit or (item.open_amount != 0 and item.receivable_class not in ONLY_FOR_AUDITORS)
        ]

    def _beside(self) -> Sheet:
        words, items = self.words, self._beside_items()
        order = dict.fromkeys(name for name, _ in self.part.beside_moved)
        position = {name: number for number, name in enumerate(order)}
        items.sort(key=lambda item: position.get(item.receivable_class, len(position)))
        columns = (
            Column(words("beside.class"), width=22),
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
        # by class, for a sum over classes would be a balance that nobody owes
        sums = [
            Facts(
                [
                    (
                        words.label("class", name),
                        _sum(item.open_amount for item in items if item.receivable_class == name),
                    )
                    for name in dict.fromkeys(item.receivable_class for item in items)
                ],
                form="money",
            )
        ]
        blocks: list[Block] = [
            Heading(f"{words('beside.title')} ({self.part.currency})"),
            *sums,
            Table(columns, rows),
        ]
        return self._sheet(words("sheet.beside"), blocks)

    def _reply(self) -> Sheet:
        words, statement, part = self.words, self.statement, self.part
        blocks: list[Block] = [
            Heading(words("reply.title")),
            Note(words("reply.to", company=statement.account.company_name)),
            Note(
                words(
                    "reply.about",
                    day=statement.last_day,
                    number=statement_number(statement),
                    amount=f"{part.currency} {part.closing:,}",
                )
            ),
            Choice(words("reply.agreed")),
            Choice(words("reply.differs")),
            Blanks([f"{words('reply.our_balance')} ({part.currency})", words("reply.difference")]),
            Blanks([words("reply.signature"), words("reply.name"), words("reply.date")]),
            Note(words("reply.return")),
        ]
        return self._sheet(words("reply.title"), blocks, is_together=True)


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, ZERO)
