"""Claims: what a customer means to pay for an invoice, and when.

Belongs here: habits and fates turned into claims, promises, disputes and write-offs that go with them.
Does not: receipts and their applications (paying.py).
"""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from ingest.simulator.days import HISTORY_END, HISTORY_START, next_business_day
from ingest.simulator.dunning import Dunning
from ingest.simulator.factoring import Factoring
from ingest.simulator.fates import DocumentChanger, takes_bills
from ingest.simulator.habits import NEVER, payment_day
from ingest.simulator.model import Claim, Contest, Entry, Invoice, Part
from ingest.simulator.money import percentage
from ingest.simulator.settlement import UNCOLLECTIBLE, Settlement

_UNPAID = frozenset({"cancelled", "voided_undated", "deleted", "forgotten"})
# A receipt of its own, so that what happens to it touches one invoice only.
ALONE = frozenset(
    {"bounced", "overpaid", "refunded", "unidentified", "vanished", "unapplied", "bank_charge", "recovered",
     "cancelled_after_payment", "over_allocated", "certificate"}
)  # fmt: skip
# from half a year before it turns, a failing or deteriorating payer gives bills where it used to give money
_SHIFT_DAYS = 180


@dataclass(frozen=True, slots=True)
class Claimant:
    """Turns invoices of one cell into claims."""

    settlement: Settlement
    dunning: Dunning
    changer: DocumentChanger
    factoring: Factoring

    def claims(self, invoice: Invoice, *, rng: Random) -> list[Claim]:
        """Claims of one invoice, after the credits that were set against it."""
        self.settlement.apply_credits(invoice)
        owed = invoice.amount - invoice.credited
        if invoice.fate in _UNPAID:
            if invoice.fate == "forgotten":
                self.settlement.world.note("forgotten", invoice.entry)
            return []
        if owed <= 0:
            invoice.leave(on=max(credit.on for credit in invoice.credits), how="credited")
            return []
        if len(invoice.parts) > 1:
            return [self._part(invoice, part, rng=rng) for part in invoice.parts]
        pay_on = self._pay_on(invoice, rng=rng)
        if invoice.fate in ("disputed", "disputed_open"):
            pay_on, credited = self._contest(invoice, owed, pay_on=pay_on, rng=rng)
            owed -= credited
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
                later = next_business_day(pay_on + timedelta(days=rng.randint(15, 60)))
                return [Claim(invoice, first, pay_on), Claim(invoice, owed - first, later)]
            case "sold":
                self.factoring.sell(invoice, owed, rng=rng)
                return []
            case "factored":
                self.factoring.lend(invoice, owed, paid_on=pay_on, rng=rng)
        claim = Claim(invoice, owed, pay_on, handling=_handling(invoice, pay_on, rng=rng))
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
        if invoice.fate in ("extended_before", "extended_after", "extended_late"):
            return self.dunning.extend(invoice, rng=rng)
        if invoice.fate == "promised":
            return self.dunning.promise(invoice, pay_on=pay_on, rng=rng)
        return pay_on

    def _contest(self, invoice: Invoice, owed: int, *, pay_on: date, rng: Random) -> tuple[date, int]:
        """Contest an invoice: day on which the rest is paid, and what was conceded by a credit note."""
        dispute = self.dunning.dispute(invoice, owed=owed, pay_on=pay_on, rng=rng)
        credit = None
        if dispute.conceded:
            assert dispute.closed_on is not None
            on = next_business_day(max(dispute.closed_on, invoice.posting_date))
            credit = self.changer.credit_note(
                invoice.customer, invoice.currency, dispute.conceded, on=on, rng=rng, reference=invoice.entry
            )
            self.settlement.apply(credit, invoice.entry, dispute.conceded, on=on)
            self.settlement.world.note("dispute_conceded", credit)
        self.settlement.world.contests.append(
            Contest(dispute.entry, invoice, dispute.outcome, dispute.closed_on, credit, dispute.conceded)
        )
        return dispute.pay_on, dispute.conceded

    def _part(self, invoice: Invoice, part: Part, *, rng: Random) -> Claim:
        is_named = rng.randrange(3) == 0
        pay_on = payment_day(invoice.customer, part.due_date, rng=rng)
        named = part.number if is_named else None
        return Claim(invoice, part.amount, pay_on, part_number=named, meant_part=part.number)

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
            invoice.leave(on=on, how="written_off")

    def _written_off(self, invoice: Invoice, owed: int, *, rng: Random) -> list[Claim]:
        on = next_business_day(invoice.due_date + timedelta(days=rng.randint(200, 360)))
        paid = percentage(owed, rng.randint(100, 500)) if rng.randrange(3) == 0 else 0
        self._write_off(invoice, owed - paid, on=on, rng=rng)
        invoice.leave(on=on, how="written_off")
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
            invoice, "write_off", owed, on=on, reason=UNCOLLECTIBLE, approved_by=approver
        )
        self.settlement.world.note("write_off", entry)
        return entry

    def _offset(self, invoice: Invoice, owed: int, *, on: date, rng: Random) -> None:
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
        invoice.leave(on=on, how="offset")
        self.settlement.world.note("offset", entry)


def _handling(invoice: Invoice, pay_on: date, *, rng: Random) -> str:
    """What is special about the one payment of an invoice: its fate, or a bill in place of money."""
    if invoice.fate in ALONE:
        return invoice.fate
    if invoice.fate == "bill":
        return rng.choice(("bank_bill", "commercial_bill"))
    customer = invoice.customer
    is_functional = invoice.currency == customer.company.functional
    if invoice.fate or pay_on == NEVER or not is_functional or invoice.terms.is_immediate:
        return ""
    is_shifting = customer.character in ("failing", "deteriorating") and takes_bills(invoice)
    if is_shifting and pay_on >= customer.turns_on - timedelta(days=_SHIFT_DAYS) and rng.randrange(3) == 0:
        return "commercial_bill"
    return ""
