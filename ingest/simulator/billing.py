"""Billing: the invoices of one customer, their terms, parts and amounts.

Belongs here: drawing documents on their dates, instalments and retention, unbilled items. Does not: fates
(fates.py), payment (paying.py).
"""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from ingest.simulator.days import (
    HISTORY_END,
    HISTORY_START,
    add_months,
    month_end,
    next_business_day,
)
from ingest.simulator.masters import HOLD_AFTER_DAYS
from ingest.simulator.model import Customer, Entry, Invoice, Part, Value, World
from ingest.simulator.money import divide_half_away, percentage
from ingest.simulator.rates import Rates
from ingest.simulator.terms import Terms

_INSTALMENT_SHARE = 10
_MID_MONTH_CUTOFF = 25
_PLANS = (
    ((300, 30), (400, 60), (300, 90)),
    ((500, 30), (500, 60)),
    ((250, 30), (250, 60), (250, 90), (250, 120)),
)
_PLAN_TEXTS = {"zh": "分期付款", "en": "instalments"}


@dataclass(frozen=True, slots=True)
class Biller:
    """Makes debit documents of one cell."""

    world: World
    rates: Rates

    def bill(self, customer: Customer, *, contract: Entry | None, rng: Random) -> list[Invoice]:
        """Every invoice of the customer over the history, by document date."""
        invoices: list[Invoice] = []
        month = HISTORY_START
        while month <= HISTORY_END:
            rate = customer.monthly_rate * _season(month) // 100
            count = rate // 1000 + (rng.randrange(1000) < rate % 1000)
            last = (month_end(month) - month).days
            days = sorted(
                next_business_day(month + timedelta(days=rng.randint(0, last))) for _ in range(count)
            )
            for day in days:
                if self._is_billed_on(customer, day):
                    invoices.append(self._invoice(customer, day, contract=contract, rng=rng))
            month = add_months(month, 1)
        return invoices

    def _is_billed_on(self, customer: Customer, day: date) -> bool:
        if day > HISTORY_END or day < customer.entry.booked_on:
            return False
        is_on_hold = day > customer.turns_on + timedelta(days=HOLD_AFTER_DAYS)
        return not (customer.character == "failing" and is_on_hold)

    def _invoice(self, customer: Customer, day: date, *, contract: Entry | None, rng: Random) -> Invoice:
        company = customer.company
        currency = rng.choice(customer.currencies)
        net = customer.price * rng.randint(2, 60)
        if customer.is_project:
            net *= rng.randint(1, 4)
        is_export = currency != company.functional or customer.is_intragroup
        tax = 0 if is_export else percentage(net, company.tax_per_mille)
        posting = day if rng.randrange(16) else next_business_day(day + timedelta(days=rng.randint(1, 4)))
        booked = posting if rng.randrange(5) else posting + timedelta(days=1)
        if is_late := rng.randrange(100) == 0:
            booked = posting + timedelta(days=rng.randint(15, 50))
        has_parts = rng.randrange(100) < _INSTALMENT_SHARE and not customer.terms.is_immediate
        terms = customer.terms
        if has_parts:
            terms = Terms(_PLAN_TEXTS[customer.language], is_readable=False)
        fields: dict[str, Value] = {
            "company_code": company.code,
            "document_type": "invoice",
            "customer_id": customer.number,
            "document_date": day,
            "posting_date": posting if posting != day or rng.randrange(3) else None,
            "payment_terms": terms.text,
            "currency": currency,
            "amount": net + tax,
            "tax_amount": tax,
            "reference": f"PO{day:%y}{rng.randrange(10**6):06d}",
            "sales_order": f"SO{rng.randrange(10**7):07d}",
            "contract_id": contract,
            "salesperson": customer.sales_owner,
            "control_account": company.trade_account,
        }
        basis_date = _basis_date(fields, terms=terms, day=day, rng=rng)
        due = terms.due(basis_date)
        entry = self.world.add(Entry("document", company.code, booked, fields, identifier="document_id"))
        if is_late:
            self.world.note("late_posting", entry)
        parts = [Part(1, due, net + tax)]
        if has_parts:
            parts = self._instalments(customer, entry, day=day, amount=net + tax, rng=rng)
            due = max(part.due_date for part in parts)
        self._state_due_date(entry, terms=terms, due=due, rng=rng)
        self._state_functional(entry, day=posting, rng=rng)
        if terms.cutoff_day == _MID_MONTH_CUTOFF:
            self.world.note("cutoff_day_25", entry)
        if customer.is_project:
            fields["project"] = f"P{day.year % 100}{rng.randrange(90) + 10}"
        return Invoice(entry, customer, day, posting, currency, net + tax, terms, parts)

    def _state_due_date(self, entry: Entry, *, terms: Terms, due: date, rng: Random) -> None:
        """Leave the due date out now and then: the warehouse derives it from the terms."""
        if not terms.is_readable or terms.is_immediate or rng.randrange(100) >= 12:
            entry.fields["due_date"] = due
        else:
            self.world.note("due_date_left_to_terms", entry)

    def _state_functional(self, entry: Entry, *, day: date, rng: Random) -> None:
        state_functional(self.world, entry, rates=self.rates, day=day, rng=rng)

    def _instalments(
        self, customer: Customer, entry: Entry, *, day: date, amount: int, rng: Random
    ) -> list[Part]:
        plan = rng.choice(_PLANS)
        is_retained = customer.is_project and rng.randrange(2) == 0
        retained = percentage(amount, rng.choice((50, 100))) if is_retained else 0
        parts: list[Part] = []
        left = amount - retained
        for number, (per_mille, days) in enumerate(plan, start=1):
            share = left if number == len(plan) else percentage(amount - retained, per_mille)
            left -= share
            parts.append(Part(number, day + timedelta(days=days), share))
        if is_retained:
            until = add_months(day, rng.choice((6, 12, 12, 18)))
            parts.append(
                Part(
                    len(parts) + 1,
                    until + timedelta(days=30),
                    retained,
                    is_retention=True,
                    unconditional_on=until if rng.randrange(6) else None,
                )
            )
            self.world.note("retention", entry)
        for part in parts:
            self._add_part(entry, part, rng=rng)
        self.world.note("instalments", entry)
        return parts

    def _add_part(self, entry: Entry, part: Part, *, rng: Random) -> None:
        fields: dict[str, Value] = {
            "company_code": entry.company,
            "document_id": entry,
            "instalment_no": part.number,
            "due_date": part.due_date,
            "amount": part.amount,
            "kind": "retention" if part.is_retention else "normal",
        }
        row = self.world.add(Entry("instalment", entry.company, entry.booked_on, fields))
        if part.unconditional_on is None:
            return
        if rng.randrange(2):
            fields["unconditional_on"] = part.unconditional_on
        else:
            known = part.unconditional_on + timedelta(days=rng.randrange(6))
            row.revise(known, unconditional_on=part.unconditional_on)
        self.world.note("retention_unconditional", row, max(row.booked_on, part.unconditional_on))

    def unbilled_before(self, invoice: Invoice, *, rng: Random) -> None:
        """Goods left before the invoice: an unbilled item stands in the books until the invoice is posted."""
        source = invoice.entry.fields
        tax = source["tax_amount"]
        assert isinstance(tax, int)
        shipped = next_business_day(invoice.document_date - timedelta(days=rng.randint(3, 25)))
        if shipped < HISTORY_START:
            return
        amount = invoice.amount - tax
        fields: dict[str, Value] = {
            "company_code": source["company_code"],
            "document_type": "unbilled",
            "customer_id": source["customer_id"],
            "document_date": shipped,
            "delivery_date": shipped,
            "currency": invoice.currency,
            "amount": amount,
            "sales_order": source["sales_order"],
            "control_account": invoice.customer.company.unbilled_account,
        }
        entry = Entry("document", invoice.entry.company, shipped, fields, identifier="document_id")
        state_functional(self.world, entry, rates=self.rates, day=shipped, rng=rng)
        billed = max(invoice.booked_on, shipped)
        entry.revise(billed, billed_by_document_id=invoice.entry)
        self.world.note("unbilled_reversed", entry, billed)
        source["delivery_date"] = shipped
        self.world.note("unbilled", self.world.add(entry))

    def unbilled_at_end(self, customer: Customer, *, rng: Random) -> None:
        """Goods that left in the last fortnight and are not invoiced yet."""
        shipped = next_business_day(HISTORY_END - timedelta(days=rng.randint(2, 14)))
        currency = customer.currencies[0]
        fields: dict[str, Value] = {
            "company_code": customer.company.code,
            "document_type": "unbilled",
            "customer_id": customer.number,
            "document_date": shipped,
            "delivery_date": shipped,
            "currency": currency,
            "amount": customer.price * rng.randint(2, 20),
            "control_account": customer.company.unbilled_account,
        }
        entry = Entry("document", customer.company.code, shipped, fields, identifier="document_id")
        state_functional(self.world, entry, rates=self.rates, day=shipped, rng=rng)
        self.world.note("unbilled_open", self.world.add(entry))


def state_functional(world: World, entry: Entry, *, rates: Rates, day: date, rng: Random) -> None:
    """Book the functional amount of a foreign document or receipt.

    Most carry the amount at the booked rate, a few a contract rate, a few none at all: the warehouse converts those.
    """
    amount, currency = entry.fields["amount"], entry.fields["currency"]
    assert isinstance(amount, int) and isinstance(currency, str)
    functional = "CNY" if entry.company == "CN01" else "EUR"
    if currency == functional:
        return
    draw = rng.randrange(100)
    if draw < 6:
        world.note("functional_amount_left_out", entry)
        return
    value = rates.to_functional(amount, currency, functional, day)
    if draw < 10:
        value = divide_half_away(value * (1000 + rng.randint(-8, 8)), 1000)
        world.note("contract_rate", entry)
    entry.fields["functional_amount"] = value


def _basis_date(fields: dict[str, Value], *, terms: Terms, day: date, rng: Random) -> date:
    """Fill the date the terms run from, where it is not the document date."""
    if terms.basis == "document_date":
        return day
    fields["terms_basis"] = terms.basis
    shift = rng.randint(0, 2)
    if terms.basis == "invoice_received":
        fields["invoice_received_on"] = received = day + timedelta(days=shift)
        return received
    column = "accepted_on" if terms.basis == "acceptance" else "delivery_date"
    fields[column] = happened = day - timedelta(days=shift)
    return happened


def _season(month: date) -> int:
    """Per cent of a normal month: a strong year end, a weak February, slow growth."""
    base = {2: 80, 6: 108, 11: 108, 12: 120}.get(month.month, 100)
    return base * (88 + 4 * (month.year - 2023) * 2) // 100
