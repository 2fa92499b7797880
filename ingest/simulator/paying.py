"""Paying: claims become receipts, and receipts are applied.

Belongs here: payment runs, receipts with their dates and statuses, lags and mishaps of their application.
Does not: whether and when a customer means to pay (claims.py), bank lines (bank.py).
"""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from ingest.simulator.billing import state_functional
from ingest.simulator.bills import BILL_METHODS, Bills
from ingest.simulator.days import HISTORY_END, DeliveryPlan, next_business_day
from ingest.simulator.habits import NEVER
from ingest.simulator.model import Claim, Customer, Entry, Value, World
from ingest.simulator.rates import Rates
from ingest.simulator.settlement import Settlement

_METHODS = ("transfer",) * 16 + ("cheque", "card", "other")
_CHINESE_METHODS = ("transfer",) * 18 + ("wechat", "alipay", "cheque")


@dataclass(frozen=True, slots=True)
class Payer:
    """Receives and applies the money of one cell."""

    world: World
    rates: Rates
    settlement: Settlement
    plan: DeliveryPlan
    bills: Bills

    def pay(self, customer: Customer, claims: list[Claim], *, rng: Random) -> None:
        """One receipt per payment run and currency; claims with a mishap have a receipt of their own."""
        self.world.claims += claims
        runs: dict[tuple[date, str, int], list[Claim]] = {}
        for position, claim in enumerate(claims):
            if claim.pay_on <= HISTORY_END and claim.amount > claim.discount + claim.charge:
                alone = position + 1 if claim.handling else 0
                runs.setdefault((claim.pay_on, claim.invoice.currency, alone), []).append(claim)
        for (pay_on, currency, _), run in sorted(runs.items(), key=lambda item: item[0]):
            self._receive(customer, run, pay_on=pay_on, currency=currency, rng=rng)

    def _receive(
        self, customer: Customer, run: list[Claim], *, pay_on: date, currency: str, rng: Random
    ) -> None:
        handling = run[0].handling
        functional = customer.company.functional
        is_crossed = customer.pays_in_functional and currency != functional
        cash = [claim.amount - claim.discount - claim.charge for claim in run]
        paid = [self._cross(amount, currency, functional, pay_on) for amount in cash] if is_crossed else cash
        extra = sum(claim.extra for claim in run)
        receipt = self._receipt(
            customer,
            amount=sum(paid) + extra,
            currency=functional if is_crossed else currency,
            pay_on=pay_on,
            is_plain=bool(handling),
            bill_method=BILL_METHODS.get(handling),
            rng=rng,
        )
        if handling == "unidentified":
            receipt.fields["customer_id"] = None
        opened = _opened_on(receipt)
        lag = _lag(handling, rng=rng)
        for claim, amount, from_amount in zip(run, cash, paid, strict=True):
            on = max(opened + timedelta(days=lag), claim.invoice.posting_date)
            allocation = self.settlement.apply(
                receipt,
                claim.invoice.entry,
                amount,
                on=on,
                part_number=claim.part_number,
                from_amount=from_amount if is_crossed else None,
            )
            self._complete(claim, receipt, allocation, on=on, rng=rng)
            if is_crossed:
                self.world.note("cross_currency", allocation)
        self._note(receipt, run, lag=lag)
        self.world.settlements.append((receipt, customer, run))

    def _cross(self, amount: int, currency: str, functional: str, day: date) -> int:
        return self.rates.to_functional(amount, currency, functional, day)

    def _receipt(
        self,
        customer: Customer,
        *,
        amount: int,
        currency: str,
        pay_on: date,
        is_plain: bool,
        bill_method: str | None,
        rng: Random,
    ) -> Entry:
        company = customer.company
        is_functional = currency == company.functional
        method = rng.choice(_CHINESE_METHODS if company.country == "CN" else _METHODS)
        if is_plain or not is_functional:
            method = bill_method or "transfer"
        posting = (
            pay_on if rng.randrange(10) else next_business_day(pay_on + timedelta(days=rng.randint(1, 3)))
        )
        if bill_method is not None:
            posting = pay_on
        fields: dict[str, Value] = {
            "company_code": company.code,
            "customer_id": customer.number,
            "receipt_date": pay_on,
            "posting_date": posting if posting != pay_on or rng.randrange(4) else None,
            "currency": currency,
            "amount": amount,
            "method": method if method != "transfer" or rng.randrange(3) else None,
            "status": "cleared" if rng.randrange(3) else None,
            "bank_account": company.bank_accounts[currency],
            "control_account": company.trade_account,
        }
        booked_on = posting
        if rng.randrange(60) == 0 and method == "transfer":
            booked_on = posting + timedelta(days=rng.randint(10, 30))
        receipt = self.world.add(Entry("receipt", company.code, booked_on, fields, identifier="receipt_id"))
        if booked_on > posting:
            self.world.note("late_receipt", receipt)
        state_functional(self.world, receipt, rates=self.rates, day=posting, rng=rng)
        if method == "cheque":
            cleared = next_business_day(posting + timedelta(days=rng.randint(2, 6)))
            fields["status"] = "pending"
            receipt.revise(cleared, status="cleared", cleared_on=cleared, status_date=cleared)
            self.world.note("cheque_pending", receipt)
        return receipt

    def _complete(self, claim: Claim, receipt: Entry, allocation: Entry, *, on: date, rng: Random) -> None:
        """Everything that follows the application: discounts, charges, mishaps and their repair."""
        invoice = claim.invoice
        company = invoice.customer.company
        if claim.discount:
            entry = self.settlement.sink(
                invoice, "discount", claim.discount, on=on, reason=invoice.terms.text
            )
            self.world.note("early_payment_discount", entry)
        if claim.charge:
            self._absorb_charge(claim, on=on, rng=rng)
        match claim.handling:
            case "bounced":
                self._bounce(claim, receipt, rng=rng)
            case "refunded":
                self._refund(claim, receipt, rng=rng)
            case "unidentified":
                receipt.revise(allocation.booked_on, customer_id=invoice.customer.number)
            case "vanished":
                self._vanish(claim, receipt, allocation, rng=rng)
            case "unapplied":
                self._unapply(claim, receipt, allocation, on=on, rng=rng)
            case "cancelled_after_payment":
                cancelled = on + timedelta(days=rng.randint(5, 30))
                invoice.entry.revise(
                    max(cancelled, allocation.booked_on), is_cancelled=True, cancelled_on=cancelled
                )
                self.world.note(claim.handling, invoice.entry, max(cancelled, allocation.booked_on))
            case "over_allocated":
                self.world.note(claim.handling, allocation)
            case "bank_bill" | "commercial_bill" | "certificate":
                self._take_bill(claim, receipt, rng=rng)
        assert company.code == receipt.company

    def _absorb_charge(self, claim: Claim, *, on: date, rng: Random) -> None:
        company = claim.invoice.customer.company
        later = on + timedelta(days=rng.randint(0, 30))
        kind = rng.choice(("write_off", "offset", ""))
        if kind:
            self.settlement.sink(
                claim.invoice,
                kind,
                claim.charge,
                on=later,
                from_id=company.bank_charge_text if kind == "offset" else None,
                reason=company.bank_charge_text,
                approved_by=rng.choice(company.approvers),
            )

    def _bounce(self, claim: Claim, receipt: Entry, *, rng: Random) -> None:
        """The bank takes the money back; the customer pays again weeks later."""
        returned = next_business_day(_opened_on(receipt) + timedelta(days=rng.randint(3, 9)))
        known = max(returned, receipt.booked_on) + timedelta(days=rng.randrange(2))
        receipt.revise(known, status="bounced", status_date=returned)
        claim.failed_on = returned
        self.world.note("bounced", receipt, known)
        again = next_business_day(returned + timedelta(days=rng.randint(10, 40)))
        self.pay(claim.invoice.customer, [Claim(claim.invoice, claim.amount, again)], rng=rng)

    def _take_bill(self, claim: Claim, receipt: Entry, *, rng: Random) -> None:
        """A bill that comes back unpaid is replaced in cash, soon or late; a failing customer does not."""
        bill = self.bills.take(claim, receipt, rng=rng)
        back = bill.came_back_on
        if back is None:
            return
        claim.failed_on = back
        customer = claim.invoice.customer
        is_lost = customer.character == "failing" and back >= customer.turns_on
        again = NEVER if is_lost else next_business_day(back + timedelta(days=rng.choice((2, 4, 20, 60))))
        if not is_lost:
            bill.replaced_on = again
            self.world.note("bill_replaced_in_cash", receipt, again)
        self.pay(customer, [Claim(claim.invoice, claim.amount, again)], rng=rng)

    def _refund(self, claim: Claim, receipt: Entry, *, rng: Random) -> None:
        """What was paid too much is sent back."""
        on = next_business_day(_opened_on(receipt) + timedelta(days=rng.randint(10, 40)))
        refund = self.refund(claim.invoice.customer, receipt.fields["currency"], claim.extra, on=on, rng=rng)
        self.settlement.apply(receipt, refund, claim.extra, on=on)

    def refund(self, customer: Customer, currency: Value, amount: int, *, on: date, rng: Random) -> Entry:
        """A payment to the customer: a negative receipt."""
        assert isinstance(currency, str)
        fields: dict[str, Value] = {
            "company_code": customer.company.code,
            "customer_id": customer.number,
            "receipt_date": on,
            "posting_date": on,
            "currency": currency,
            "amount": -amount,
            "method": "transfer",
            "bank_account": customer.company.bank_accounts[currency],
            "control_account": customer.company.trade_account,
        }
        refund = self.world.add(Entry("receipt", customer.company.code, on, fields, identifier="receipt_id"))
        state_functional(self.world, refund, rates=self.rates, day=on, rng=rng)
        self.world.note("refund", refund)
        self.world.settlements.append((refund, customer, []))
        return refund

    def _vanish(self, claim: Claim, receipt: Entry, allocation: Entry, *, rng: Random) -> None:
        """The ERP deletes the application without a trace; a later delivery no longer has it."""
        gone = self.plan.following(allocation.booked_on)
        if gone is None:
            return
        allocation.removed_on = gone
        self.world.note("vanished", allocation, gone)
        again = gone + timedelta(days=rng.randrange(12))
        self._apply_again(claim, receipt, allocation, on=again)

    def _unapply(self, claim: Claim, receipt: Entry, allocation: Entry, *, on: date, rng: Random) -> None:
        undone = on + timedelta(days=rng.randint(8, 60))
        self.settlement.reverse(allocation, on=undone, reason="applied to the wrong item")
        again = undone + timedelta(days=rng.randint(0, 20))
        self._apply_again(claim, receipt, allocation, on=again)
        self.world.note("unapplied", allocation, undone)

    def _apply_again(self, claim: Claim, receipt: Entry, allocation: Entry, *, on: date) -> None:
        used = allocation.fields["from_amount"]
        self.settlement.apply(
            receipt,
            claim.invoice.entry,
            claim.amount,
            on=on,
            from_amount=used if isinstance(used, int) else None,
        )

    def _note(self, receipt: Entry, run: list[Claim], *, lag: int) -> None:
        self.world.note("receipt", receipt)
        if len(run) > 2:
            self.world.note("receipt_for_many", receipt)
        if lag >= 10:
            self.world.note("unapplied_cash", receipt)
        handling = run[0].handling
        if handling in ("overpaid", "unidentified", "bank_charge"):
            self.world.note(handling, receipt)


def _opened_on(receipt: Entry) -> date:
    """Day on which the receipt is an item: posted and, for a cheque, cleared."""
    days = [receipt.fields["posting_date"] or receipt.fields["receipt_date"]]
    days += [change["cleared_on"] for _, change in receipt.changes if change.get("cleared_on")]
    return max(day for day in days if isinstance(day, date))


def _lag(handling: str, *, rng: Random) -> int:
    """Days between the receipt and its application."""
    if handling in BILL_METHODS:
        return 0
    if handling == "unidentified":
        return rng.randint(15, 45)
    draw = rng.randrange(100)
    if draw < 76:
        return 0
    return rng.randint(1, 4) if draw < 95 else rng.randint(10, 40)
