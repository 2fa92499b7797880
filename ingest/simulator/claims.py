"""Claims: what a customer means to pay for an invoice, and when.

Belongs here: habits and fates turned into claims, promises, disputes and write-offs that go with them.
Does not: receipts and their applications (paying.py).
"""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from ingest.simulator.days import HISTORY_END, HISTORY_START, next_business_day
from ingest.simulator.dunning import Dunning
from ingest.simulator.habits import NEVER, payment_day
from ingest.simulator.model import Claim, Entry, Invoice, Part
from ingest.simulator.money import percentage
from ingest.simulator.settlement import Settlement

_UNPAID = frozenset({"cancelled", "voided_undated", "deleted", "forgotten"})
# A receipt of its own, so that what happens to it touches one invoice only.
ALONE = frozenset(
    {"bounced", "overpaid", "refunded", "unidentified", "vanished", "unapplied", "bank_charge", "recovered",
     "cancelled_after_payment", "over_allocated"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Claimant:
    """Turns invoices of one cell into claims."""

    settlement: Settlement
    dunning: Dunning

    def claims(self, invoice: Invoice, *, rng: Random) -> list[Claim]:
        """Claims of one invoice, after the credits that were set against it."""
        self.settlement.apply_credits(invoice)
        owed = invoice.amount - sum(amount for _, amount, _ in invoice.credits)
        if invoice.fate in _UNPAID or owed <= 0:
            if invoice.fate == "forgotten":
                self.settlement.world.note("forgotten", invoice.entry)
            return []
        if len(invoice.parts) > 1:
            return [self._part(invoice, part, rng=rng) for part in invoice.parts]
        pay_on = self._pay_on(invoice, rng=rng)
        match invoice.fate:
            case "written_off":
                return self._written_off(invoice, owed, rng=rng)
            case "recovered":
                return self._recovered(invoice, owed, rng=rng)
            case "offset":
                self._offset(invoice, owed, on=pay_on, rng=rng)
                return []
            case "part_paid":
                first = percentage(owed, rng.randint(200, 800))
                self.settlement.world.note("part_paid", invoice.entry, pay_on)
                later = (
                    next_business_day(pay_on + timedelta(days=rng.randint(15, 60)))
                    if pay_on < NEVER
                    else NEVER
                )
                return [Claim(invoice, first, pay_on), Claim(invoice, owed - first, later)]
        claim = Claim(invoice, owed, pay_on, handling=invoice.fate if invoice.fate in ALONE else "")
        self._adjust(claim, rng=rng)
        return [claim]

    def _pay_on(self, invoice: Invoice, *, rng: Random) -> date:
        customer = invoice.customer
        if invoice.terms.is_prepaid and customer.character != "failing":
            return next_business_day(
                max(invoice.document_date - timedelta(days=rng.randint(0, 12)), HISTORY_START)
            )
        # what was still open when the ledger was migrated is paid after that
        due = max(invoice.due_date, invoice.posting_date)
        pay_on = payment_day(customer, due, rng=rng)
        if invoice.fate in ("disputed", "disputed_open"):
            return self.dunning.dispute(invoice, pay_on=pay_on, rng=rng)
        if invoice.fate in ("extended_before", "extended_after"):
            return self.dunning.extend(invoice, rng=rng)
        if invoice.fate == "promised":
            return self.dunning.promise(invoice, pay_on=pay_on, rng=rng)
        return pay_on

    def _part(self, invoice: Invoice, part: Part, *, rng: Random) -> Claim:
        is_named = rng.randrange(3) == 0
        pay_on = payment_day(invoice.customer, part.due_date, rng=rng)
        return Claim(invoice, part.amount, pay_on, part_number=part.number if is_named else None)

    def _adjust(self, claim: Claim, *, rng: Random) -> None:
        """Discounts taken, charges kept back by banks, payments beyond what is owed."""
        invoice = claim.invoice
        terms, character = invoice.terms, invoice.customer.character
        is_taker = character in ("early", "punctual") and not invoice.fate
        if terms.discount_per_mille and is_taker and not invoice.customer.pays_in_functional:
            last_day = invoice.document_date + timedelta(days=terms.discount_days)
            claim.pay_on = max(last_day - timedelta(days=rng.randint(0, 4)), invoice.posting_date)
            claim.discount = percentage(claim.amount, terms.discount_per_mille)
        elif invoice.fate == "bank_charge" and claim.amount > 50_000:
            claim.charge = rng.choice((1500, 2000, 2500, 3500))
        elif invoice.fate in ("overpaid", "refunded"):
            claim.extra = percentage(claim.amount, rng.randint(10, 400)) + 1
        elif invoice.fate == "over_allocated":
            claim.amount += percentage(claim.amount, 100)
        elif not invoice.fate and invoice.customer.character == "failing" and claim.pay_on == NEVER:
            self._give_up(invoice, claim.amount, rng=rng)

    def _give_up(self, invoice: Invoice, owed: int, *, rng: Random) -> None:
        """The oldest invoices of a failing customer are written off a year later, by and by."""
        on = next_business_day(invoice.due_date + timedelta(days=rng.randint(300, 420)))
        if rng.randrange(10) < 4 and on <= HISTORY_END:
            self._write_off(invoice, owed, on=on, rng=rng)

    def _written_off(self, invoice: Invoice, owed: int, *, rng: Random) -> list[Claim]:
        on = next_business_day(invoice.due_date + timedelta(days=rng.randint(200, 360)))
        paid = percentage(owed, rng.randint(100, 500)) if rng.randrange(3) == 0 else 0
        self._write_off(invoice, owed - paid, on=on, rng=rng)
        if not paid:
            return []
        return [Claim(invoice, paid, payment_day(invoice.customer, invoice.due_date, rng=rng))]

    def _recovered(self, invoice: Invoice, owed: int, *, rng: Random) -> list[Claim]:
        on = next_business_day(invoice.due_date + timedelta(days=rng.randint(150, 220)))
        written_off = self._write_off(invoice, owed, on=on, rng=rng)
        back_on = next_business_day(on + timedelta(days=rng.randint(40, 90)))
        self.settlement.reverse(written_off, on=back_on, reason="recovered")
        self.settlement.world.note("write_off_recovery", written_off, back_on)
        return [Claim(invoice, owed, back_on, handling="recovered")]

    def _write_off(self, invoice: Invoice, owed: int, *, on: date, rng: Random) -> Entry:
        approver = rng.choice(invoice.customer.company.approvers)
        entry = self.settlement.sink(
            invoice, "write_off", owed, on=on, reason="uncollectible", approved_by=approver
        )
        self.settlement.world.note("write_off", entry)
        return entry

    def _offset(self, invoice: Invoice, owed: int, *, on: date, rng: Random) -> None:
        if on == NEVER:
            return
        reference = f"AP{on:%y}{rng.randrange(10**5):05d}"
        approver = rng.choice(invoice.customer.company.approvers)
        entry = self.settlement.sink(
            invoice,
            "offset",
            owed,
            on=on,
            from_id=reference,
            reason="set-off against payables",
            approved_by=approver,
        )
        self.settlement.world.note("offset", entry)
