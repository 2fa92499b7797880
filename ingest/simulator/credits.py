"""Credits and oddities: documents beside the ordinary invoice.

Belongs here: credit notes against invoices, rebates, opening balances, debit notes, interest, typing errors.
Does not: payment of invoices (paying.py).
"""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from ingest.simulator.billing import Biller, state_functional
from ingest.simulator.days import HISTORY_END, HISTORY_START, next_business_day
from ingest.simulator.fates import DocumentChanger
from ingest.simulator.model import Credit, Customer, Entry, Invoice, Part, Value, World
from ingest.simulator.money import percentage
from ingest.simulator.paying import Payer
from ingest.simulator.settlement import Settlement

_REAPPLY_WITHIN_DAYS = 150


@dataclass(frozen=True, slots=True)
class Credits:
    """Writes credits and oddities of one cell."""

    world: World
    changer: DocumentChanger
    biller: Biller
    settlement: Settlement
    payer: Payer

    def credit_invoices(self, invoices: list[Invoice], *, rng: Random) -> None:
        """Credit notes against the invoices of one customer whose fate says so."""
        for position, invoice in enumerate(invoices):
            if invoice.fate == "credited":
                self._credit(invoice, share=1000 if rng.randrange(12) == 0 else rng.randint(20, 300), rng=rng)
            elif invoice.fate == "credit_reapplied":
                self._reapply(invoice, invoices[position + 1 :], rng=rng)

    def _credit(self, invoice: Invoice, *, share: int, rng: Random) -> None:
        on = next_business_day(invoice.posting_date + timedelta(days=rng.randint(4, 35)))
        amount = percentage(invoice.amount, share)
        credit = self._note_against(invoice, amount, on=on, rng=rng)
        applied_on = on + timedelta(days=rng.choice((0, 0, 0, 3, 12)))
        invoice.credits.append(Credit(credit, amount, applied_on))
        self.world.note("credit_note_linked", credit)

    def _reapply(self, invoice: Invoice, later: list[Invoice], *, rng: Random) -> None:
        """A credit note is applied, taken back, and applied to another invoice of the customer."""
        on = next_business_day(invoice.posting_date + timedelta(days=rng.randint(4, 12)))
        undone = on + timedelta(days=rng.randint(5, 40))
        amount = percentage(invoice.amount, rng.randint(20, 120))
        target = next((other for other in later if _can_take(other, invoice, amount)), None)
        credit = self._note_against(invoice, amount, on=on, rng=rng)
        allocation = self.settlement.apply(credit, invoice.entry, amount, on=on)
        self.settlement.reverse(allocation, on=undone, reason="moved to another invoice")
        if target is None:
            again = undone + timedelta(days=rng.randint(0, 9))
            self.settlement.apply(credit, invoice.entry, amount, on=again)
            invoice.credits.append(Credit(credit, amount, again, is_applied=True))
        else:
            target.credits.append(Credit(credit, amount, max(undone, target.posting_date)))
        self.world.note("credit_note_reapplied", credit, max(undone, invoice.booked_on))

    def _note_against(self, invoice: Invoice, amount: int, *, on: date, rng: Random) -> Entry:
        return self.changer.credit_note(
            invoice.customer, invoice.currency, amount, on=on, rng=rng, reference=invoice.entry
        )

    def rebate_left_open(self, customer: Customer, *, rng: Random) -> None:
        """A rebate that is never set against anything; every other one is paid out."""
        on = next_business_day(HISTORY_START + timedelta(days=rng.randrange(60, 1080)))
        if on < customer.entry.booked_on:
            return
        currency = customer.currencies[0]
        amount = percentage(customer.price, rng.randint(200, 1500))
        credit = self.changer.credit_note(customer, currency, amount, on=on, rng=rng)
        self.world.note("credit_note_standalone", credit)
        choice = rng.randrange(4)
        if choice > 1:
            paid = next_business_day(on + timedelta(days=rng.randint(20, 90)))
            refund = self.payer.refund(customer, currency, amount, on=paid, rng=rng)
            # either side may be called the one that is used up
            source, target = (credit, refund) if choice == 2 else (refund, credit)
            self.settlement.apply(source, target, amount, on=paid)

    def oddities(self, customers: list[Customer], *, rng: Random) -> list[Invoice]:
        """Rare documents of one company; those that are paid like invoices are handed back."""
        ordinary = [c for c in customers if not c.is_intragroup and c.company.functional in c.currencies]
        old = [c for c in ordinary if c.entry.booked_on <= HISTORY_START and c.character != "failing"]
        paid: list[Invoice] = []
        for position, customer in enumerate(rng.sample(old, min(len(old), 14))):
            paid += self._opening(customer, position=position, rng=rng)
        for customer in rng.sample(old, min(len(old), 16)):
            day = next_business_day(HISTORY_START + timedelta(days=rng.randrange(30, 1070)))
            paid.append(self._debit(customer, "debit_note", day=day, rng=rng))
        for customer in rng.sample(ordinary, min(len(ordinary), 10)):
            day = next_business_day(HISTORY_START + timedelta(days=rng.randrange(400, 1070)))
            if day >= customer.entry.booked_on:
                self._debit(customer, "interest", day=day, rng=rng)
        future = self._debit(old[0], "invoice", day=HISTORY_END + timedelta(days=15), rng=rng)
        future.entry.booked_on = HISTORY_END - timedelta(days=2)
        self.world.note("posted_in_the_future", future.entry)
        self._typo(old[-1], rng=rng)
        for customer in rng.sample(ordinary, max(4, len(ordinary) // 12)):
            self.rebate_left_open(customer, rng=rng)
            self.biller.unbilled_at_end(customer, rng=rng)
        return paid

    def _opening(self, customer: Customer, *, position: int, rng: Random) -> list[Invoice]:
        """Migrated balances: some kept their dates, some have the day of the cut-over and no age, one is a credit."""
        keeps_dates = position % 3 > 0
        day = HISTORY_START - timedelta(days=rng.randint(10, 200)) if keeps_dates else HISTORY_START
        invoice = self._debit(customer, "opening_balance", day=day, rng=rng)
        fields = invoice.entry.fields
        fields["posting_date"] = HISTORY_START
        invoice.posting_date = HISTORY_START
        invoice.entry.booked_on = HISTORY_START
        fields["tax_amount"] = None
        if position == 0:
            fields["amount"] = -invoice.amount
            return []
        if not keeps_dates:
            # the migration brought over a sum: nobody knows since when it is owed
            fields["due_date"] = None
            fields["payment_terms"] = None
            self.world.note("opening_balance_without_age", invoice.entry)
        return [invoice]

    def _debit(self, customer: Customer, kind: str, *, day: date, rng: Random) -> Invoice:
        company = customer.company
        is_interest = kind == "interest"
        amount = percentage(customer.price, rng.randint(50, 400) if is_interest else rng.randint(900, 9000))
        due = day + timedelta(days=30)
        tax = 0 if is_interest else amount - amount * 1000 // (1000 + company.tax_per_mille)
        fields: dict[str, Value] = {
            "company_code": company.code,
            "document_type": kind,
            "customer_id": customer.number,
            "document_date": day,
            "posting_date": day,
            "due_date": due,
            "payment_terms": None if is_interest else customer.terms.text,
            "currency": company.functional,
            "amount": amount,
            "tax_amount": tax,
            "control_account": company.other_account if is_interest else company.trade_account,
        }
        entry = self.world.add(Entry("document", company.code, day, fields, identifier="document_id"))
        state_functional(self.world, entry, rates=self.biller.rates, day=day, rng=rng)
        if kind != "invoice":
            self.world.note(kind, entry)
        parts = [Part(1, due, amount)]
        return Invoice(entry, customer, day, day, company.functional, amount, customer.terms, parts)

    def _typo(self, customer: Customer, *, rng: Random) -> None:
        """A document dated decades ahead by a slip of the finger; the ledger has it on the right day."""
        day = HISTORY_END - timedelta(days=23)
        invoice = self._debit(customer, "invoice", day=next_business_day(day), rng=rng)
        invoice.entry.fields["document_date"] = date(2062, day.month, day.day)
        self.world.note("typing_error_in_date", invoice.entry)


def _can_take(other: Invoice, first: Invoice, amount: int) -> bool:
    age = (other.document_date - first.document_date).days
    return (
        not other.fate
        and len(other.parts) == 1
        and other.currency == first.currency
        and other.amount > 2 * amount
        and not other.credits
        and age <= _REAPPLY_WITHIN_DAYS
    )
