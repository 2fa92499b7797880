"""Settlement: the applications of an ERP, written as allocation rows.

Belongs here: rows of allocation with their dates, reversals, sinks. Does not: deciding what is paid and when.
"""

from dataclasses import dataclass
from datetime import date

from ingest.simulator.model import Entry, Invoice, Value, World

# reason of an offset that is no set-off: the receivable was sold
SOLD = "sold without recourse"
# reason of a write-off for credit reasons
UNCOLLECTIBLE = "uncollectible"


@dataclass(frozen=True, slots=True)
class Settlement:
    """Writes allocations of one cell."""

    world: World

    def apply(
        self,
        source: Entry,
        target: Entry,
        amount: int,
        *,
        on: date,
        part_number: int | None = None,
        from_amount: int | None = None,
    ) -> Entry:
        """Use a receipt or credit note to settle a document, a credit note or a refund."""
        booked_on = max(on, source.booked_on, target.booked_on)
        fields: dict[str, Value] = {
            "company_code": target.company,
            "from_kind": _kind(source, as_source=True),
            "from_id": source,
            "to_kind": _kind(target, as_source=False),
            "to_id": target,
            "to_instalment_no": part_number,
            "allocated_on": on,
            "amount": amount,
            "from_amount": from_amount,
        }
        if booked_on > on:
            self.world.note("backdated_allocation", target, booked_on)
        return self._add(booked_on, fields, target.company)

    def sink(
        self,
        invoice: Invoice,
        kind: str,
        amount: int,
        *,
        on: date,
        from_id: str | None = None,
        reason: str | None = None,
        approved_by: str | None = None,
    ) -> Entry:
        """Settle an invoice by discount, write_off or offset: there is no other item."""
        target = invoice.entry
        fields: dict[str, Value] = {
            "company_code": target.company,
            "from_kind": kind,
            "from_id": from_id,
            "to_kind": "document",
            "to_id": target,
            "allocated_on": on,
            "amount": amount,
            "reason": reason,
            "approved_by": approved_by,
            "approved_on": on if approved_by else None,
        }
        return self._add(max(on, target.booked_on), fields, target.company)

    def reverse(self, allocation: Entry, *, on: date, reason: str) -> Entry:
        """Undo an allocation by a row of its own, dated on the day of the undoing."""
        fields = {
            **allocation.fields,
            "allocated_on": on,
            "reason": reason,
            "is_reversal": True,
            "reverses_allocation_id": allocation,
        }
        return self._add(max(on, allocation.booked_on), fields, allocation.company)

    def apply_credits(self, invoice: Invoice) -> None:
        """Apply the credit notes that were meant for this invoice and are not applied yet."""
        for credit in invoice.credits:
            if not credit.is_applied:
                on = max(credit.on, invoice.posting_date)
                self.apply(credit.note, invoice.entry, credit.amount, on=on)

    def _add(self, booked_on: date, fields: dict[str, Value], company: str) -> Entry:
        return self.world.add(Entry("allocation", company, booked_on, fields, identifier="allocation_id"))


def _kind(entry: Entry, *, as_source: bool) -> str:
    amount = entry.fields["amount"]
    assert isinstance(amount, int)
    if entry.entity == "document":
        # a red letter may be written as an invoice with a negative amount
        is_credit = entry.fields["document_type"] == "credit_note" or (
            entry.fields["document_type"] == "invoice" and amount < 0
        )
        return "credit_note" if is_credit else "document"
    return "receipt" if amount > 0 or as_source else "refund"
