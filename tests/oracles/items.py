"""The open items that a knowledge contains: documents with their instalments, receipts, what they are worth.

Belongs here: which item exists, from when to when, of what size and worth; the shape of a leg and of a row. Does not:
allocations and balances (oracle.py), anything imported from the project.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from tests.oracles.bills import Bill, bills_of, is_bill
from tests.oracles.due_dates import derived_due
from tests.oracles.knowledge import Event, Key, TextRow, day, flag, money, required_day, required_money, text
from tests.oracles.money import ZERO, round_half_away

LONGEST_RATE_AGE = 7
CREDIT_TYPES = ("credit_note",)

ThingId = tuple[str, str]  # ("D", document_id) or ("R", receipt_id)


@dataclass(frozen=True)
class Part:
    """One open item: an instalment of a document, or a receipt. `size` is its magnitude in its own nature."""

    open_item_id: str
    number: int
    size: Decimal
    fill_date: date
    derived_due: date
    is_retention: bool
    unconditional_on: date | None
    functional: Decimal | None  # signed original amount in the functional currency


@dataclass(frozen=True)
class Thing:
    """A document or a receipt that exists in V(K), with its items."""

    thing_id: ThingId
    item_kind: str
    customer_id: str
    currency: str
    nature: int
    opened_on: date
    voided_on: date | None
    billed_from: date | None  # unbilled only: the days on which an invoice stands in its place
    billed_until: date | None
    parts: tuple[Part, ...]  # in the order in which payments fill them
    has_plan_set_aside: bool
    dated_on: date  # of the document or receipt
    bill: Bill | None = None  # a receipt only


@dataclass(frozen=True)
class Leg:
    """What one allocation event does to one item while both its items stand."""

    event: Event
    thing_id: ThingId
    effective_from: date
    effective_to: date | None
    amount: Decimal
    number: int | None
    functional: Decimal


@dataclass(frozen=True)
class Row:
    """One open item at (D, K)."""

    open_item_id: str
    customer_id: str
    item_kind: str
    document_id: str
    instalment_no: int
    currency: str
    receivable_class: str
    open_document: Decimal
    open_functional: Decimal | None
    due_date: date
    original_due_date: date
    agreed_due_date: date | None
    age_anchor_date: date


class Books:
    """V(K) of one company, read as items."""

    def __init__(
        self, company_code: str, *, functional_currency: str, rows: Mapping[str, Mapping[Key, TextRow]]
    ) -> None:
        self.company_code = company_code
        self.functional_currency = functional_currency
        self.rows = rows

    def things(self) -> dict[ThingId, Thing]:
        """Every document and receipt that exists."""
        found = [self._document(row) for row in self.rows["document"].values()]
        found += [self._receipt(row) for row in self.rows["receipt"].values()]
        things = {thing.thing_id: thing for thing in found if thing is not None}
        standing = {number: thing.opened_on for (kind, number), thing in things.items() if kind == "R"}
        for receipt_id, bill in bills_of(self.rows, standing).items():
            things[("R", receipt_id)] = replace(
                things[("R", receipt_id)], bill=bill, voided_on=bill.voided_on
            )
        things = {
            thing_id: thing
            for thing_id, thing in things.items()
            if thing.voided_on is None or thing.voided_on > thing.opened_on
        }
        return {thing_id: self._billed(thing, things) for thing_id, thing in things.items()}

    def _document(self, row: TextRow) -> Thing | None:
        document_id, kind = text(row, "document_id") or "", text(row, "document_type") or ""
        amount = required_money(row, "amount")
        nature = -1 if kind in CREDIT_TYPES or (kind == "opening_balance" and amount < 0) else 1
        opened_on = accounting_date(row, "document_date")
        voided_on = day(row, "cancelled_on") if flag(row, "is_cancelled") else None
        if flag(row, "is_cancelled") and (voided_on is None or voided_on <= opened_on):
            return None
        # an opening balance carries its sign, in its plan and its functional amount too
        sign = nature if kind == "opening_balance" else 1
        due = derived_due(row, self._customer_terms(row))
        original = self._functional(row, opened_on)
        functional = None if original is None else (1 if kind == "opening_balance" else nature) * original
        plan = [
            instalment for (owner, _), instalment in self.rows["instalment"].items() if owner == document_id
        ]
        is_valid = bool(plan) and sum(required_money(part, "amount") for part in plan) == amount
        if is_valid:
            plan.sort(key=lambda part: (required_day(part, "due_date"), int(part["instalment_no"] or 0)))
            cuts = [
                (
                    int(part["instalment_no"] or 0),
                    sign * required_money(part, "amount"),
                    required_day(part, "due_date"),
                    text(part, "kind") == "retention" and nature > 0 and kind not in ("unbilled", "interest"),
                    day(part, "unconditional_on"),
                )
                for part in plan
            ]
        else:
            cuts = [(1, sign * amount, due, False, None)]
        sizes = [cut[1] for cut in cuts]
        shares = share_out(functional, sizes, sign * amount)
        return Thing(
            thing_id=("D", document_id),
            item_kind=kind,
            customer_id=text(row, "customer_id") or "(unassigned)",
            currency=text(row, "currency") or "",
            nature=nature,
            opened_on=opened_on,
            voided_on=voided_on,
            billed_from=None,
            billed_until=None,
            parts=tuple(
                Part(
                    f"{self.company_code}|D|{document_id}|{cut[0]}",
                    cut[0],
                    cut[1],
                    cut[2],
                    cut[2],
                    cut[3],
                    cut[4],
                    share,
                )
                for cut, share in zip(cuts, shares, strict=True)
            ),
            has_plan_set_aside=bool(plan) and not is_valid,
            dated_on=required_day(row, "document_date"),
        )

    def _receipt(self, row: TextRow) -> Thing | None:
        receipt_id = text(row, "receipt_id") or ""
        amount, status = required_money(row, "amount"), text(row, "status")
        accounted_on = accounting_date(row, "receipt_date")
        # a bill is received long before it clears
        cleared_on = None if is_bill(row) else day(row, "cleared_on")
        opened_on = max(accounted_on, cleared_on or accounted_on)
        voided_on = day(row, "status_date") if status in ("cancelled", "bounced") else None
        is_void = status in ("cancelled", "bounced") and (voided_on is None or voided_on <= opened_on)
        if status == "pending" or is_void:
            return None
        original = self._functional(row, accounted_on)
        paid_on = required_day(row, "receipt_date")
        part = Part(
            f"{self.company_code}|R|{receipt_id}",
            1,
            abs(amount),
            paid_on,
            paid_on,
            False,
            None,
            None if original is None else -original,
        )
        return Thing(
            thing_id=("R", receipt_id),
            item_kind="refund" if amount < 0 else "receipt",
            customer_id=text(row, "customer_id") or "(unidentified)",
            currency=text(row, "currency") or "",
            nature=1 if amount < 0 else -1,
            opened_on=opened_on,
            voided_on=voided_on,
            billed_from=None,
            billed_until=None,
            parts=(part,),
            has_plan_set_aside=False,
            dated_on=paid_on,
        )

    def _billed(self, thing: Thing, things: Mapping[ThingId, Thing]) -> Thing:
        """An unbilled item gives way to the invoice that bills it, for as long as that invoice stands."""
        if thing.item_kind != "unbilled":
            return thing
        invoice_id = text(self.rows["document"][(thing.thing_id[1],)], "billed_by_document_id")
        invoice = things.get(("D", invoice_id)) if invoice_id else None
        if invoice is None:
            return thing
        return replace(
            thing, billed_from=max(thing.opened_on, invoice.opened_on), billed_until=invoice.voided_on
        )

    def _customer_terms(self, document: TextRow) -> str | None:
        customer = self.rows["customer"].get((text(document, "customer_id"),))
        return text(customer, "payment_terms") if customer else None

    # -- rates ---------------------------------------------------------------------------------------------

    def _functional(self, row: TextRow, on: date) -> Decimal | None:
        """The amount of a row in the functional currency, with the sign rule of its amount."""
        amount, given = required_money(row, "amount"), money(row, "functional_amount")
        if text(row, "currency") == self.functional_currency:
            return given if amount == 0 and given is not None else amount
        if given is not None:
            return given
        rate = self.rate(text(row, "currency") or "", self.functional_currency, on)
        return None if rate is None else round_half_away(Fraction(amount) * Fraction(rate))

    def rate(self, from_currency: str, to_currency: str, on: date) -> Decimal | None:
        """The booked, else the closing rate of a day, direct or inverted; at most seven days old."""
        for rate_type in ("booked", "closing"):
            direct = self.newest_rate(from_currency, to_currency, rate_type, on)
            if direct is not None:
                return direct
            inverse = self.newest_rate(to_currency, from_currency, rate_type, on)
            if inverse is not None:
                return round_half_away(1 / Fraction(inverse), 12)
        return None

    def newest_rate(self, from_currency: str, to_currency: str, rate_type: str, on: date) -> Decimal | None:
        """The newest quotation in one direction that is at most seven days old."""
        for age in range(LONGEST_RATE_AGE + 1):
            rate_date = (on - timedelta(days=age)).isoformat()
            row = self.rows["fx_rate"].get((rate_date, from_currency, to_currency, rate_type))
            if row is not None:
                return required_money(row, "rate")
        return None


def accounting_date(row: TextRow, own_date: str) -> date:
    """Rule L1."""
    return day(row, "posting_date") or required_day(row, own_date)


def share_out(functional: Decimal | None, sizes: Sequence[Decimal], whole: Decimal) -> list[Decimal | None]:
    """A document's functional amount over its instalments, by cumulative rounding."""
    if functional is None:
        return [None for _ in sizes]
    if whole == 0:
        return [functional, *(ZERO for _ in sizes[1:])]
    shares: list[Decimal | None] = []
    cumulated, before = ZERO, ZERO
    for size in sizes:
        cumulated += size
        upto = round_half_away(Fraction(functional) * Fraction(cumulated) / Fraction(whole))
        shares.append(upto - before)
        before = upto
    return shares


def receivable_class(thing: Thing, part: Part, as_of: date) -> str:
    """The class that an item has on D."""
    if thing.item_kind == "unbilled":
        return "unbilled"
    if thing.item_kind == "interest":
        return "late_interest"
    if part.is_retention and (part.unconditional_on is None or as_of < part.unconditional_on):
        return "contract_asset"
    return "trade"
