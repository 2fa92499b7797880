"""A statement as a document: which blocks, in which order, for whom.

Belongs here: what a customer sees and what an auditor sees, and in which words. Must not: query, render, compute more
than sums of what stands there.

The customer's copy holds what both sides can know: documents, dates, amounts, disputes, the bills it gave us. It holds
no functional amounts, internal ids, files, data remarks or accruals, and calls a write-off an adjustment: it is a step
of our books, which ends no claim. The auditor's copy holds all of that, and the proof.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from documents.blocks import (
    Blanks,
    Block,
    Choice,
    Column,
    Document,
    Facts,
    Heading,
    Note,
    Sheet,
    Table,
    Value,
)
from documents.chinese_amount import in_capitals
from documents.statement import CurrencyAccount, Line, Statement
from documents.statement_lists import ItemLists, kind_word, total
from documents.words import Language, Words

Copy = Literal["customer", "auditor"]


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
        lists = ItemLists(self.part, self.words, is_audit=self.is_audit)
        sheets = [
            self._summary(),
            self._movements(),
            self._sheet(self.words("sheet.items"), lists.owed()),
        ]
        if blocks := lists.unapplied():
            sheets.append(self._sheet(self.words("sheet.unapplied"), blocks))
        if blocks := lists.beside():
            sheets.append(self._sheet(self.words("sheet.beside"), blocks))
        if not self.is_audit:
            sheets.append(self._reply())
        return sheets

    def _sheet(
        self, name: str, blocks: Sequence[Block], *, is_together: bool = False, starts_page: bool = False
    ) -> Sheet:
        # one section has plain names; several are told apart by number and currency
        full = name if self.count == 1 else f"{name} {self.number} {self.part.currency}"
        return Sheet(full, blocks, is_together=is_together, starts_page=starts_page)

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
        blocks: list[Block] = [
            Heading(words("statement.title_auditor" if self.is_audit else "statement.title"), 1)
        ]
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
            pairs.append((words("statement.unapplied"), total(item.open_amount for item in part.unapplied)))
        return Facts(pairs, form="money", strong=frozenset({3}))

    def _aging(self) -> Table:
        words, part = self.words, self.part
        shown = [bucket for bucket in part.aging if bucket.code != "unapplied" or bucket.amount]
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
            last=(words("aging.total"), part.closing),
            is_short=True,
        )

    def _proof(self) -> tuple[Block, ...]:
        words, part = self.words, self.part
        pairs: list[tuple[str, Value]] = [
            (words("proof.movements"), part.closing),
            (words("proof.items"), total(item.open_amount for item in part.items)),
            (words("proof.aging"), total(bucket.amount for bucket in part.aging)),
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
            kind_word(self.words, line.kind, is_audit=self.is_audit),
            line.document,
            line.reference,
            line.amount if line.amount > 0 else None,
            -line.amount if line.amount < 0 else None,
            line.balance,
        )
        return (*row, line.functional, line.allocation_id, line.source) if self.is_audit else row

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
