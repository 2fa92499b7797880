"""What codes of the provision are called, and the columns and sums that its sheets share.

Belongs here: segments, buckets, currencies of sums. Must not: which sheet shows what.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from documents.blocks import Block, Column, Form, Heading, Note, Sheet, Table, Value
from documents.provision import Provision
from documents.provision_proof import total
from documents.reading import Row
from documents.words import Words


class Names:
    """One provision in one language."""

    def __init__(self, provision: Provision, words: Words) -> None:
        self.provision, self.words = provision, words
        # a company's own policy brings segments of its own
        self._segments = {
            str(row["segment"]): str(row[f"segment_label_{words.language}"]) for row in provision.rates
        }

    def segment(self, code: str) -> str:
        return self._segments.get(code) or self.words.label("segment", code)

    def bucket(self, scheme: str, code: str) -> str:
        row = self.provision.buckets.get((scheme, code))
        return str(row[f"label_{self.words.language}"]) if row else self.words.label("bucket", code)

    def yes(self, is_so: bool) -> str:
        return self.words("provision.yes") if is_so else ""

    def why(self, rate: Row | None) -> str:
        """Why a rate is not the segment's own."""
        if rate is None or rate["reason_not_own"] is None:
            return ""
        own = self.words.label("not_own", rate["reason_not_own"])
        if rate["reason_not_pooled"] is None:
            return self.words("provision.why_pooled", own=own)
        pooled = self.words.label("not_own", rate["reason_not_pooled"])
        return self.words("provision.why_policy", own=own, pooled=pooled)

    def why_alone(self, row: Row) -> str:
        """Why a customer is assessed by itself, as the note says it."""
        reason = self.words.label("individual", row["individual_reason"])
        return f"{reason}: {row['decided_reason']}" if row["decided_reason"] else reason

    def sheet(self, name: str, table: Table) -> Sheet:
        """A sheet of one table, with what it is about."""
        words = self.words
        blocks: list[Block] = [
            Heading(words(f"provision.sheet_{name}"), 1),
            Note(words(f"provision.about_{name}")),
            table,
        ]
        if not table.rows:
            blocks.append(Note(words("provision.empty")))
        return Sheet(words(f"provision.sheet_{name}"), blocks)

    # -- columns ------------------------------------------------------------------------------------------

    def column(
        self, name: str, form: Form = "text", width: int = 14, *, key: str = "", is_assumption: bool = False
    ) -> Column:
        return Column(self.words(f"provision.{name}"), form, width, key, is_assumption)

    def money(self, name: str, *, is_functional: bool = False, width: int = 15, key: str = "") -> Column:
        """An amount, with its currency in the title."""
        currency = self.words("provision.functional") if is_functional else self.provision.reporting_currency
        return Column(f"{self.words(f'provision.{name}')} ({currency})", "money", width, key)

    # -- sums ---------------------------------------------------------------------------------------------

    def sums(self, rows: Sequence[Row], line: Callable[[str, Sequence[Row]], tuple[Value, ...]]) -> Sums:
        """A sum per company, and one over them where there are several."""
        codes = [str(company["company_code"]) for company in self.provision.companies]
        parts = [line(code, [row for row in rows if row["company_code"] == code]) for code in codes]
        return Sums(parts if len(codes) > 1 else (), line(self.words("provision.total"), rows))

    def functional(self, rows: Sequence[Row], column: str) -> Decimal | None:
        """Sum in functional currency; None over companies with books in several."""
        codes = {row["company_code"] for row in rows}
        return total(rows, column) if len({self.provision.currency(code) for code in codes}) < 2 else None


class Sums:
    """What stands below the rows of a table."""

    def __init__(self, subtotals: Sequence[tuple[Value, ...]], last: tuple[Value, ...]) -> None:
        self.subtotals, self.last = subtotals, last


def quotient(part: Decimal, whole: Decimal) -> Decimal | None:
    """Share of a whole, to nine decimals; None where there is nothing to divide by."""
    return (part / whole).quantize(Decimal("0.000000001")) if whole else None
