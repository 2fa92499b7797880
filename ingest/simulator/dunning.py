"""Dunning: disputes, promises, extensions and contacts that surround a late invoice.

Belongs here: rows of dispute, promise and collection_activity, and the payment day that follows from them.
Does not: money.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from ingest.simulator.days import HISTORY_END, next_business_day
from ingest.simulator.habits import NEVER
from ingest.simulator.model import Customer, Entry, Invoice, Pledge, Value, World
from ingest.simulator.money import percentage

_REASONS = {
    "zh": ("数量差异", "质量问题", "价格差异", "未收到发票"),
    "en": ("quantity", "quality", "price", "no invoice"),
}


@dataclass(frozen=True, slots=True)
class Dispute:
    """A dispute as it ends: `conceded` is what a credit note gives back, `pay_on` the day the rest is paid."""

    entry: Entry
    outcome: str
    closed_on: date | None
    conceded: int
    pay_on: date


@dataclass(frozen=True, slots=True)
class Dunning:
    """Writes what collectors note down in one cell."""

    world: World

    def dispute(self, invoice: Invoice, *, owed: int, pay_on: date, rng: Random) -> Dispute:
        """Contest an invoice; what is accepted is conceded, what is resolved or rejected is paid after all."""
        opened = invoice.due_date + timedelta(days=rng.randint(-10, 12))
        is_closed = invoice.fate == "disputed"
        is_partial = rng.randrange(3) == 0
        fields: dict[str, Value] = {
            "document_id": invoice.entry,
            "opened_on": opened,
            "reason": rng.choice(_REASONS[invoice.customer.language]),
            "currency": invoice.currency if is_partial else None,
            "amount": percentage(owed, rng.randint(50, 600)) if is_partial else None,
            "status": "open",
            "owner": invoice.customer.sales_owner,
        }
        booked_on = max(opened, invoice.booked_on)
        entry = self._add("dispute", invoice.customer, booked_on, fields, identifier="dispute_id")
        self.world.note(invoice.fate, entry)
        if not is_closed:
            return Dispute(entry, "open", None, 0, NEVER)
        closed = booked_on + timedelta(days=rng.randint(7, 90))
        outcome = rng.choice(("resolved", "resolved", "rejected", "accepted"))
        entry.revise(closed, closed_on=closed, status=outcome)
        contested = fields["amount"]
        conceded = 0
        if outcome == "accepted":
            conceded = contested if isinstance(contested, int) else percentage(owed, rng.randint(100, 900))
        pay_on = next_business_day(max(pay_on, closed + timedelta(days=rng.randint(2, 20))))
        return Dispute(entry, outcome, closed, conceded, pay_on)

    def extend(self, invoice: Invoice, *, rng: Random) -> date:
        """Agree a later date, before or after the due date; most customers then keep it.

        More than 60 days after the due date it is forbearance towards a customer in default.
        """
        shift = {
            "extended_before": -rng.randint(1, 12),
            "extended_after": rng.randint(3, 25),
            "extended_late": rng.randint(64, 85),
        }[invoice.fate]
        approved = max(invoice.due_date + timedelta(days=shift), invoice.booked_on)
        until = max(invoice.due_date, approved - timedelta(days=25)) + timedelta(
            days=rng.choice((30, 45, 60))
        )
        fields: dict[str, Value] = {
            "document_id": invoice.entry,
            "made_on": approved - timedelta(days=1),
            "promised_date": until,
            "currency": invoice.currency,
            "amount": invoice.amount,
            "kind": "extension",
            "approved_by": rng.choice(invoice.customer.company.approvers),
            "approved_on": approved,
        }
        entry = self._add("promise", invoice.customer, approved, fields, identifier="promise_id")
        self.world.note(invoice.fate, entry)
        paid_on = next_business_day(until + timedelta(days=rng.choice((-2, 0, 1, 20))))
        self.world.pledges.append(Pledge(entry, invoice, paid_on))
        return paid_on

    def promise(self, invoice: Invoice, *, pay_on: date, rng: Random) -> date:
        """Promise a date; three out of five are kept."""
        made = max(invoice.due_date + timedelta(days=rng.randint(4, 25)), invoice.booked_on)
        promised = made + timedelta(days=rng.randint(5, 20))
        fields: dict[str, Value] = {
            "document_id": invoice.entry if rng.randrange(8) else None,
            "made_on": made,
            "promised_date": promised,
            "currency": invoice.currency,
            "amount": invoice.amount,
            "kind": rng.choice(("promise", "promise", "promise", "plan")),
        }
        if pay_on < made:
            return pay_on
        entry = self._add("promise", invoice.customer, made, fields, identifier="promise_id")
        self.world.note("promised", entry)
        if rng.randrange(20) == 0:
            withdrawn = made + timedelta(days=3)
            entry.revise(withdrawn, cancelled_on=withdrawn)
        is_kept = rng.randrange(5) < 3
        paid_on = next_business_day(promised if is_kept else promised + timedelta(days=rng.randint(10, 60)))
        self.world.pledges.append(Pledge(entry, invoice, paid_on))
        return paid_on

    def chase(self, invoice: Invoice, *, until: date, rng: Random) -> None:
        """Contacts about an invoice that is open beyond its due date; from `until` on nobody asks any more."""
        steps = ((6, "email", "reminder_1"), (20, "phone", "reminder_2"), (45, "letter", "formal_demand"))
        for days, channel, stage in steps:
            on = next_business_day(invoice.due_date + timedelta(days=days))
            if on >= min(until, HISTORY_END) or rng.randrange(2) == 0:
                continue
            is_letter = channel == "letter"
            fields: dict[str, Value] = {
                "document_id": invoice.entry,
                "happened_at": f"{on.isoformat()} {rng.randint(1, 8):02d}:{rng.randrange(60):02d}:00",
                "channel": channel,
                "stage": stage,
                "outcome": rng.choice(("reached", "no_answer", "promised", "disputes")),
                "overdue_reason": rng.choice(
                    (None, "operating_pressure", "cash_chain", "wilful", "dispute", "unknown")
                ),
                "evidence_kind": "courier_receipt" if is_letter else None,
                "reached_on": on + timedelta(days=2) if is_letter else None,
                "owner": invoice.customer.collector,
                "note": "已联系财务" if invoice.customer.language == "zh" else "spoke to accounts payable",
            }
            booked_on = max(on + timedelta(days=2 * is_letter), invoice.booked_on)
            entry = self._add(
                "collection_activity", invoice.customer, booked_on, fields, identifier="activity_id"
            )
            self.world.note("collection_activity", entry)

    def _add(
        self, entity: str, customer: Customer, booked_on: date, fields: dict[str, Value], *, identifier: str
    ) -> Entry:
        owned: dict[str, Value] = {"company_code": customer.company.code}
        if entity != "dispute":
            owned["customer_id"] = customer.number
        return self.world.add(
            Entry(entity, customer.company.code, booked_on, {**owned, **fields}, identifier=identifier)
        )
