"""Fates: which invoices get something unusual, in fixed quotas, and what happens to the document itself.

Belongs here: quotas, the choice of invoices, changes of documents. Does not: money coming in (paying.py).
"""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from ingest.simulator.billing import Biller, state_functional
from ingest.simulator.days import HISTORY_END, HISTORY_START, next_business_day
from ingest.simulator.model import Credit, Customer, Entry, Invoice, Part, Value, World
from ingest.simulator.money import divide_half_away, percentage
from ingest.simulator.rates import Rates

# Invoices out of ten thousand; never fewer than two per company where enough are eligible.
_QUOTAS: tuple[tuple[str, int], ...] = (
    ("cancelled", 30),
    ("cancelled_after_payment", 4),
    ("voided_undated", 4),
    ("deleted", 3),
    ("amount_corrected", 12),
    ("customer_reassigned", 8),
    ("reference_changed", 25),
    ("due_date_moved", 35),
    ("written_off", 40),
    ("recovered", 3),
    ("bounced", 8),
    ("overpaid", 60),
    ("refunded", 15),
    ("unidentified", 60),
    ("vanished", 15),
    ("unapplied", 25),
    ("offset", 8),
    ("bank_charge", 90),
    ("part_paid", 500),
    ("credited", 280),
    ("credit_reapplied", 12),
    ("rebated", 40),
    ("reissued", 8),
    ("disputed", 120),
    ("disputed_open", 30),
    ("extended_before", 30),
    ("extended_after", 30),
    ("extended_late", 8),
    ("promised", 420),
    ("forgotten", 12),
    ("over_allocated", 1),
    ("unbilled", 180),
    ("sold", 12),
    ("factored", 12),
    ("bill", 420),
    ("certificate", 60),
)
# a disputing customer contests every sixth invoice, beside the quotas
_CONTESTED_ONE_IN = 6
_EARLY = {
    "written_off": 460,
    "recovered": 420,
    "customer_reassigned": 60,
    "due_date_moved": 60,
    "reissued": 60,
    "extended_late": 170,
}
# what is never paid belongs to customers who are known to pay badly: else everybody would be in default once
_CARELESS_FATES = ("written_off", "recovered", "forgotten", "extended_late")
_CARELESS = ("late", "deteriorating", "disputing")
_LATE = {"disputed_open": 200}


def assign_fates(invoices: list[Invoice], *, rng: Random) -> None:
    """Give every quota its invoices; one invoice has at most one fate."""
    pool = [invoice for invoice in invoices if _is_eligible(invoice)]
    rng.shuffle(pool)
    for fate, share in _QUOTAS:
        wanted = max(2, len(invoices) * share // 10_000)
        taken: list[Invoice] = []
        left: list[Invoice] = []
        for invoice in pool:
            is_taken = len(taken) < wanted and _fits(invoice, fate)
            (taken if is_taken else left).append(invoice)
        for invoice in taken:
            invoice.fate = fate
        pool = left
    for invoice in pool:
        if invoice.customer.character == "disputing" and rng.randrange(_CONTESTED_ONE_IN) == 0:
            fate = "disputed_open" if _fits(invoice, "disputed_open") and rng.randrange(2) else "disputed"
            invoice.fate = fate if _fits(invoice, fate) else ""


def _is_eligible(invoice: Invoice) -> bool:
    customer = invoice.customer
    return (
        len(invoice.parts) == 1
        and customer.character != "failing"
        and not customer.is_intragroup
        and not invoice.terms.is_immediate
        and invoice.booked_on - invoice.posting_date < timedelta(days=5)
    )


def _fits(invoice: Invoice, fate: str) -> bool:
    age = (HISTORY_END - invoice.document_date).days
    if age < _EARLY.get(fate, 12) or age > _LATE.get(fate, 10_000):
        return False
    if fate in ("due_date_moved", "extended_before") and "due_date" not in invoice.entry.fields:
        return False
    if fate in _CARELESS_FATES and invoice.customer.character not in _CARELESS:
        return False
    is_functional = invoice.currency == invoice.customer.company.functional
    if fate == "bank_charge":
        return not is_functional
    if fate in ("sold", "factored"):
        return is_functional
    if fate in ("bill", "certificate"):
        return is_functional and takes_bills(invoice)
    return True


def takes_bills(invoice: Invoice) -> bool:
    """Bills are a Chinese habit, and a contract may rule them out."""
    contract = invoice.entry.fields.get("contract_id")
    is_ruled_out = isinstance(contract, Entry) and not contract.fields["bill_allowed"]
    return invoice.customer.company.country == "CN" and not is_ruled_out


@dataclass(frozen=True, slots=True)
class DocumentChanger:
    """Carries out the fates that concern the document itself; payment is left to the payer."""

    world: World
    rates: Rates
    biller: Biller

    def apply(self, invoice: Invoice, *, others: list[Customer], rng: Random) -> Invoice | None:
        """Change the invoice as its fate says; a re-issued invoice is handed back."""
        entry, fate = invoice.entry, invoice.fate
        soon = invoice.booked_on + timedelta(days=rng.randint(4, 40))
        if fate == "cancelled":
            entry.revise(soon + timedelta(days=rng.randrange(4)), is_cancelled=True, cancelled_on=soon)
            self.world.note(fate, entry, soon + timedelta(days=4))
        elif fate == "voided_undated":
            entry.revise(soon, is_cancelled=True)
            self.world.note(fate, entry, soon)
        elif fate == "deleted":
            entry.removed_on = soon + timedelta(days=28)
            self.world.note(fate, entry, entry.removed_on)
        elif fate == "amount_corrected":
            self._correct_amount(invoice, on=invoice.booked_on + timedelta(days=rng.randint(3, 25)), rng=rng)
        elif fate == "customer_reassigned":
            other = rng.choice([c for c in others if c is not invoice.customer and not c.is_intragroup])
            entry.revise(soon, customer_id=other.number)
            self.world.note(fate, entry, soon)
        elif fate == "reference_changed":
            entry.revise(soon, reference=f"PO-{rng.randrange(10**6):06d}-R")
            self.world.note(fate, entry, soon)
        elif fate == "due_date_moved":
            moved_on = invoice.due_date + timedelta(days=rng.choice((-12, -5, 6, 20)))
            entry.revise(moved_on, due_date=invoice.due_date + timedelta(days=rng.choice((15, 30, 45))))
            self.world.note(fate, entry, max(moved_on, entry.booked_on))
        elif fate == "rebated":
            self._rebate(invoice, rng=rng)
        elif fate == "unbilled":
            self.biller.unbilled_before(invoice, rng=rng)
        elif fate == "reissued":
            return self._reissue(invoice, rng=rng)
        return None

    def _correct_amount(self, invoice: Invoice, *, on: date, rng: Random) -> None:
        """The first version carries a wrong amount; the correction restates it on its own date."""
        fields = invoice.entry.fields
        right: dict[str, Value] = {
            "amount": invoice.amount,
            "tax_amount": fields["tax_amount"],
            "functional_amount": fields.get("functional_amount"),
        }
        per_mille = rng.choice((1090, 1200, 900, 2000))
        for column, value in right.items():
            if isinstance(value, int):
                fields[column] = divide_half_away(value * per_mille, 1000)
        invoice.entry.revise(on, **right)
        self.world.note("amount_corrected", invoice.entry, on)

    def _rebate(self, invoice: Invoice, *, rng: Random) -> None:
        """A rebate granted weeks earlier on no invoice in particular is set against this one."""
        amount = percentage(invoice.amount, rng.randint(20, 150))
        granted = invoice.document_date - timedelta(days=rng.randint(10, 60))
        granted = next_business_day(max(granted, HISTORY_START))
        credit = self.credit_note(invoice.customer, invoice.currency, amount, on=granted, rng=rng)
        applied_on = invoice.posting_date + timedelta(days=rng.randint(2, 15))
        invoice.credits.append(Credit(credit, amount, applied_on))
        self.world.note("credit_note_standalone", credit)

    def _reissue(self, invoice: Invoice, *, rng: Random) -> Invoice:
        """Red-letter credit in full and a new invoice with a later due date (红冲重开)."""
        on = next_business_day(invoice.posting_date + timedelta(days=rng.randint(15, 40)))
        credit = self.credit_note(invoice.customer, invoice.currency, invoice.amount, on=on, rng=rng)
        if invoice.customer.company.country == "CN":
            _write_red(credit)
            self.world.note("red_letter_invoice", credit)
        invoice.credits.append(Credit(credit, invoice.amount, on))
        due = invoice.due_date + (on - invoice.document_date)
        fields = {**invoice.entry.fields, "document_date": on, "posting_date": on, "due_date": due}
        fields["replaces_document_id"] = invoice.entry
        for column in (
            "functional_amount",
            "invoice_received_on",
            "accepted_on",
            "delivery_date",
            "terms_basis",
        ):
            fields.pop(column, None)
        entry = self.world.add(Entry("document", invoice.entry.company, on, fields, identifier="document_id"))
        state_functional(self.world, entry, rates=self.rates, day=on, rng=rng)
        self.world.note("reissued", entry)
        parts = [Part(1, due, invoice.amount)]
        return Invoice(
            entry, invoice.customer, on, on, invoice.currency, invoice.amount, invoice.terms, parts
        )

    def credit_note(
        self,
        customer: Customer,
        currency: str,
        amount: int,
        *,
        on: date,
        rng: Random,
        reference: Value = None,
    ) -> Entry:
        """A posted credit note; `reference` may be the entry it credits."""
        company = customer.company
        is_taxed = currency == company.functional and not customer.is_intragroup
        tax = (
            divide_half_away(amount * company.tax_per_mille, 1000 + company.tax_per_mille) if is_taxed else 0
        )
        fields: dict[str, Value] = {
            "company_code": company.code,
            "document_type": "credit_note",
            "customer_id": customer.number,
            "document_date": on,
            "currency": currency,
            "amount": amount,
            "tax_amount": tax,
            "reference": reference,
            "salesperson": customer.sales_owner,
            "control_account": company.trade_account,
        }
        entry = Entry("document", company.code, on, fields, identifier="document_id")
        state_functional(self.world, entry, rates=self.rates, day=on, rng=rng)
        return self.world.add(entry)


def _write_red(credit: Entry) -> None:
    """A red letter (红字发票): an invoice with negative amounts instead of a credit note."""
    credit.fields["document_type"] = "invoice"
    for column in ("amount", "tax_amount", "functional_amount"):
        value = credit.fields.get(column)
        if isinstance(value, int):
            credit.fields[column] = -value
