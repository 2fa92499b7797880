"""Bills: what becomes of the bills of exchange and receivable certificates that customers pay with.

Belongs here: the lives of bills, their events, what the bank and the ledger see of them. Must not: whether a customer
pays by bill (claims.py), the receipt itself (paying.py).

Bills drawn since 2023 run at most six months. Passed on with recourse they stay on the books until they mature, and
come back where they are refused after that; passed on without, they leave at once, and what becomes of them afterwards
is nobody's business here.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from ingest.simulator.days import HISTORY_END, add_months, next_business_day
from ingest.simulator.model import Bill, CashEvent, Claim, Entry, Value, World
from ingest.simulator.money import divide_half_away

# handling of a claim -> method of the receipt
BILL_METHODS = {
    "bank_bill": "bank_acceptance",
    "commercial_bill": "commercial_acceptance",
    "certificate": "receivable_certificate",
}
_BANKS = (
    ("major_bank", "中国工商银行"),
    ("major_bank", "招商银行"),
    ("other_bank", "苏州银行"),
    ("other_bank", "温州民商银行"),
    ("finance_company", "华东重工财务有限公司"),
)
_BANK_CODES = ("102305", "308584", "313305", "323333", "907301")
_CORES = ("长江轨道装备集团", "东海能源集团", "华中基建集团")
_SUPPLIERS = ("昆山精铸有限公司", "无锡特钢有限公司", "常州电机有限公司")
_DISCOUNTER = "苏州银行票据中心"

# Lives in the order in which a company first meets them, so that few bills show them all.
_LIVES = {
    "bank_bill": (
        "honoured", "endorsed_without_recourse", "discounted_without_recourse", "pledged", "returned",
        "endorsed_with_recourse", "honoured", "discounted_with_recourse",
    ),
    "commercial_bill": (
        "honoured", "dishonoured", "endorsed_with_recourse", "discounted_with_recourse", "pledged",
        "endorsed_dishonoured", "returned", "discounted_dishonoured", "endorsed_without_recourse",
    ),
    "certificate": (
        "honoured", "endorsed_without_recourse", "discounted_without_recourse", "honoured", "dishonoured",
    ),
}  # fmt: skip
# after that most papers are paid: bad ones are rare but for failing customers
_ORDINARY_LIVES = (
    ("honoured",) * 16
    + ("endorsed_without_recourse", "discounted_without_recourse", "pledged") * 3
    + (
        "endorsed_with_recourse",
        "discounted_with_recourse",
        "returned",
    )
)
_BAD_ONE_IN = 40
_LONGEST_DELAY = timedelta(days=10)
_BAD_LIVES = ("dishonoured", "endorsed_dishonoured", "discounted_dishonoured")
# of the face amount and year, in hundredths of a per cent
_DISCOUNT_RATE = 240


@dataclass(frozen=True, slots=True)
class Bills:
    """Writes the bills of one company and cell."""

    world: World
    turns: dict[str, int] = field(default_factory=dict)

    def take(self, claim: Claim, receipt: Entry, *, rng: Random) -> Bill:
        """Complete the receipt of a bill and live its life."""
        customer = claim.invoice.customer
        received, amount = receipt.fields["receipt_date"], receipt.fields["amount"]
        assert isinstance(received, date) and isinstance(amount, int)
        months = rng.choice((3, 6, 6)) if claim.handling != "certificate" else rng.choice((6, 9, 12))
        acceptor_kind, acceptor, number = self._paper(claim, received, rng=rng)
        bill = Bill(
            number=number,
            receipt=receipt,
            customer=customer,
            invoice=claim.invoice,
            method=BILL_METHODS[claim.handling],
            acceptor=acceptor,
            acceptor_kind=acceptor_kind,
            amount=amount,
            received_on=received,
            matures_on=add_months(received, months),
            life=self._life(claim, matures_on=add_months(received, months), rng=rng),
        )
        receipt.fields |= {
            "bill_id": number,
            "maturity_date": bill.matures_on,
            "acceptor": acceptor,
            "acceptor_kind": acceptor_kind,
            "bank_account": None,
            "reference": number[-10:],
        }
        self.world.bills.append(bill)
        self._live(bill, claim, rng=rng)
        return bill

    def _paper(self, claim: Claim, received: date, *, rng: Random) -> tuple[str, str, str]:
        """Kind of acceptor, its name, and the number printed on the paper."""
        serial = f"{received:%Y%m%d}{rng.randrange(10**9):09d}"
        if claim.handling == "certificate":
            return "corporate", rng.choice(_CORES), f"YX{serial}"
        if claim.handling == "commercial_bill":
            # a commercial bill is accepted by the customer itself, or by the head of its group
            is_own = rng.randrange(4) > 0
            return "corporate", claim.invoice.customer.name if is_own else rng.choice(_CORES), f"2{serial}"
        position = rng.randrange(len(_BANKS))
        kind, name = _BANKS[position]
        return kind, name, f"1{_BANK_CODES[position]}{serial}"

    def _life(self, claim: Claim, *, matures_on: date, rng: Random) -> str:
        customer = claim.invoice.customer
        if customer.character == "failing" and claim.handling == "commercial_bill":
            return rng.choice(_BAD_LIVES) if matures_on >= customer.turns_on else "honoured"
        lives = _LIVES[claim.handling]
        turn = self.turns.get(claim.handling, 0)
        # what matures after the history would not be seen to end
        if turn < len(lives) and matures_on + _LONGEST_DELAY <= HISTORY_END:
            self.turns[claim.handling] = turn + 1
            return lives[turn]
        is_bad = claim.handling != "bank_bill" and rng.randrange(_BAD_ONE_IN) == 0
        return rng.choice(_BAD_LIVES if is_bad else _ORDINARY_LIVES)

    def _live(self, bill: Bill, claim: Claim, *, rng: Random) -> None:
        self._event(bill, "received", on=bill.received_on, known_on=bill.receipt.booked_on)
        self.world.note(bill.method, bill.receipt)
        if bill.life == "returned":
            back = next_business_day(bill.received_on + timedelta(days=rng.randint(3, 20)))
            self._come_back(bill, "returned", on=back, rng=rng)
            return
        passed = next_business_day(bill.received_on + timedelta(days=rng.randint(5, 50)))
        verb, _, rest = bill.life.partition("_")
        recourse = None
        if verb in ("endorsed", "discounted"):
            recourse = rest != "without_recourse"
            self._pass_on(bill, claim, verb, on=passed, with_recourse=recourse, rng=rng)
        elif verb == "pledged":
            self._event(bill, "pledged", on=passed, counterparty=_DISCOUNTER)
        if recourse is False:
            return
        due = next_business_day(bill.matures_on)
        if bill.life in _BAD_LIVES:
            refused = next_business_day(due + timedelta(days=rng.randrange(3)))
            known = self._come_back(bill, "dishonoured", on=refused, rng=rng)
            if recourse is not None:
                # what was taken off the books at maturity is put back when the refusal becomes known
                self._expire(bill, claim, bill.amount, known_on=bill.matures_on)
                self._expire(bill, claim, -bill.amount, known_on=known)
            return
        if recourse is None:
            self._event(bill, "honoured", on=due)
            legs = (("bank", bill.amount), (_ledger_role(bill), -bill.amount))
            self._cash(bill, claim, "bill_honoured", on=due, legs=legs)
        else:
            # no money of ours waits for a business day
            self._event(bill, "honoured", on=bill.matures_on)
            self._expire(bill, claim, bill.amount, known_on=bill.matures_on)

    def _expire(self, bill: Bill, claim: Claim, amount: int, *, known_on: date) -> None:
        """At maturity nobody can fall back on us any more: the bill and the debt that stands against it go."""
        debt = "borrowing" if bill.life.startswith("discounted") else "continuing_involvement"
        legs = ((debt, amount), (_ledger_role(bill), -amount))
        self._cash(bill, claim, "bill_expired", on=bill.matures_on, known_on=known_on, legs=legs)

    def _pass_on(
        self, bill: Bill, claim: Claim, verb: str, *, on: date, with_recourse: bool, rng: Random
    ) -> None:
        bill.passed_to = rng.choice(_SUPPLIERS) if verb == "endorsed" else _DISCOUNTER
        self._event(bill, verb, on=on, with_recourse=with_recourse, counterparty=bill.passed_to)
        role = _ledger_role(bill)
        if verb == "endorsed":
            source = "continuing_involvement" if with_recourse else role
            legs: tuple[tuple[str, int], ...] = (("payable", bill.amount), (source, -bill.amount))
        else:
            days = max((bill.matures_on - on).days, 0)
            cost = divide_half_away(bill.amount * _DISCOUNT_RATE * days, 10_000 * 360)
            source = "borrowing" if with_recourse else role
            legs = (("bank", bill.amount - cost), ("financing_cost", cost), (source, -bill.amount))
        self._cash(bill, claim, f"bill_{verb}", on=on, legs=legs)

    def _come_back(self, bill: Bill, kind: str, *, on: date, rng: Random) -> date:
        """Unpaid: the receipt is void from that day; who had the bill from us wants the money back.

        Returns:
            The day on which it becomes known.
        """
        known = on + timedelta(days=rng.randrange(2))
        self._event(bill, kind, on=on, known_on=known)
        status = "bounced" if kind == "dishonoured" else "cancelled"
        bill.receipt.revise(known, status=status, status_date=on)
        claim_roles = {"discounted": "borrowing", "endorsed": "continuing_involvement"}
        debt = claim_roles.get(bill.life.partition("_")[0])
        if debt is not None:
            legs = ((debt, bill.amount), ("bank", -bill.amount))
            self._cash(bill, None, "bill_taken_back", on=on, known_on=known, legs=legs)
        return known

    def _event(
        self,
        bill: Bill,
        kind: str,
        *,
        on: date,
        known_on: date | None = None,
        with_recourse: bool | None = None,
        counterparty: str | None = None,
    ) -> None:
        bill.events.append((on, kind, with_recourse))
        fields: dict[str, Value] = {
            "company_code": bill.receipt.company,
            "bill_id": bill.number,
            "event_date": on,
            "kind": kind,
            "amount": bill.amount,
            "with_recourse": with_recourse,
            "counterparty": counterparty,
        }
        booked_on = max(known_on or on, bill.receipt.booked_on)
        self.world.add(Entry("bill_event", bill.receipt.company, booked_on, fields))
        self.world.note(f"bill_{kind}", bill.receipt, booked_on)
        if with_recourse is not None:
            self.world.note(
                f"bill_{'with' if with_recourse else 'without'}_recourse", bill.receipt, booked_on
            )

    def _cash(
        self,
        bill: Bill,
        claim: Claim | None,
        kind: str,
        *,
        on: date,
        legs: tuple[tuple[str, int], ...],
        known_on: date | None = None,
    ) -> None:
        event = CashEvent(
            company=bill.customer.company,
            booked_on=max(known_on or on, bill.receipt.booked_on),
            on=on,
            voucher=bill.number,
            kind=kind,
            legs=legs,
            cash=sum(amount for role, amount in legs if role == "bank"),
            counterparty=bill.passed_to or bill.acceptor,
            text=f"{_CASH_TEXTS.get(kind, '票据')} {bill.number}",
            receipt=bill.receipt,
            claims=(claim,) if claim is not None and kind == "bill_honoured" else (),
        )
        self.world.cash_events.append(event)


_CASH_TEXTS = {"bill_honoured": "票据托收", "bill_discounted": "票据贴现", "bill_taken_back": "票据追索退款"}


def _ledger_role(bill: Bill) -> str:
    return "certificate" if bill.method == "receivable_certificate" else "bill"
