"""Ledger of the bulk simulator: what every event does to the general ledger, in double entry.

Belongs here: carrying amounts (rules L4 and L6 of the ledger), postings, balances. Does not: making events, files.

Written without the warehouse's code on purpose: general ledger balances are made from it, and the warehouse has to
tie to them. Every movement is posted with the delivery that first knows it and the date it belongs to, so a balance
of a past day can be stated as each delivery knew it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ingest.simulator.bulk.billing import CREDIT_NOTE
from ingest.simulator.bulk.calendar import FIRST, LAST, Calendar, date_of, day_number
from ingest.simulator.bulk.columns import NONE, Columns, Ints, divide_half_away, filled, length, stack, take
from ingest.simulator.bulk.paying import CREDIT, DISCOUNT, RECEIPT, SET_OFF, SHORTFALL, WRITE_OFF
from ingest.simulator.days import balance_days
from ingest.simulator.model import Company

TRADE, REVENUE, TAX, BANK, FX = "trade", "revenue", "tax", "bank", "fx_difference"
_SINKS = {DISCOUNT: "discount", WRITE_OFF: "write_off", SET_OFF: "offset", SHORTFALL: "write_off"}
_ROLES = (TRADE, REVENUE, TAX, BANK, FX, *dict.fromkeys(_SINKS.values()))


@dataclass(slots=True)
class Journal:
    """Movements of one company by account, delivery and posting day; debit positive."""

    calendar: Calendar
    moves: dict[str, NDArray[np.int64]] = field(init=False)

    def __post_init__(self) -> None:
        shape = (self.calendar.deliveries, LAST - FIRST + 1)
        self.moves = {role: np.zeros(shape, dtype=np.int64) for role in _ROLES}

    def post(self, role: str, contra: str, *, delivery: Ints, day: Ints, amount: Ints) -> None:
        """Debit one account and credit the other; what no delivery knows is left out."""
        known = (delivery >= 0) & (delivery < self.calendar.deliveries)
        at = (delivery[known], day[known] - FIRST)
        np.add.at(self.moves[role], at, amount[known])
        np.add.at(self.moves[contra], at, -amount[known])

    def balances(self, delivery: int) -> list[tuple[int, int]]:
        """Day and balance of the control account, as known at a delivery."""
        days = balance_days(date_of(self.calendar.delivery_days[delivery]))
        by_day = np.cumsum(self.moves[TRADE][: delivery + 1].sum(axis=0))
        return [(day_number(day), int(by_day[day_number(day) - FIRST])) for day in days]

    def lines(self, company: Company) -> Iterator[tuple[str, int, int, int]]:
        """Account, delivery, day and amount of everything posted, summed."""
        for role in _ROLES:
            account = company.trade_account if role == TRADE else company.contra_accounts[role]
            for delivery, day in np.argwhere(self.moves[role]):
                yield account, int(delivery), int(day) + FIRST, int(self.moves[role][delivery, day])

    def is_balanced(self) -> bool:
        """Whether debits equal credits in every delivery and on every day."""
        return not np.any(sum(self.moves.values()))


def post_documents(journal: Journal, documents: Columns) -> None:
    """Openings with their corrections, voids and deletions."""
    sign = np.where(documents["kind"] == CREDIT_NOTE, -1, 1)
    is_changed = documents["fact_delivery"] != NONE
    opening = ("first_functional", "first_tax", "first_amount", "first_posting")
    final = ("functional", "tax", "amount", "posting_date")
    _bill(journal, documents, opening, delivery=documents["delivery"], sign=sign)
    changed = take(documents, is_changed)
    delivery = changed["fact_delivery"]
    _bill(journal, changed, opening, delivery=delivery, sign=-sign[is_changed])
    _bill(journal, changed, final, delivery=delivery, sign=sign[is_changed])
    _bill(journal, documents, final, delivery=documents["deleted_delivery"], sign=-sign)
    voided = ("functional", "tax", "amount", "void_on")
    _bill(journal, documents, voided, delivery=documents["void_delivery"], sign=-sign)


def _bill(
    journal: Journal, documents: Columns, names: tuple[str, str, str, str], *, delivery: Ints, sign: Ints
) -> None:
    """Trade receivables against revenue and tax; `names` are the columns of value, tax, amount and day."""
    functional, tax, amount, day = (documents[name] for name in names)
    tax_value = divide_half_away(functional * tax, amount)
    journal.post(TRADE, REVENUE, delivery=delivery, day=day, amount=sign * (functional - tax_value))
    journal.post(TRADE, TAX, delivery=delivery, day=day, amount=sign * tax_value)


def post_receipts(journal: Journal, receipts: Columns) -> None:
    """Receipts are credits in the control account until they are applied; a bounced one is taken back."""
    value = receipts["functional"]
    journal.post(BANK, TRADE, delivery=receipts["delivery"], day=receipts["receipt_date"], amount=value)
    journal.post(TRADE, BANK, delivery=receipts["bounced_delivery"], day=receipts["bounced_on"], amount=value)


def post_allocations(journal: Journal, documents: Columns, receipts: Columns, allocations: Columns) -> None:
    """Settlements. In the functional currency both legs of an application are equal and cancel out."""
    domestic = take(allocations, allocations["is_foreign"] == 0)
    for kind, role in _SINKS.items():
        sinks = take(domestic, domestic["kind"] == kind)
        journal.post(
            role, TRADE, delivery=sinks["delivery"], day=sinks["allocated_on"], amount=sinks["amount"]
        )
    foreign = take(allocations, allocations["is_foreign"] == 1)
    if length(foreign):
        _post_carried(journal, _items(documents, receipts), _legs(journal.calendar, documents, foreign))


def _items(documents: Columns, receipts: Columns) -> Columns:
    """Documents, then receipts: nature +1 owes us, -1 we owe."""
    count = length(receipts)
    return {
        "nature": np.concatenate([np.where(documents["kind"] == CREDIT_NOTE, -1, 1), filled(count, -1)]),
        "amount": np.concatenate([documents["amount"], receipts["amount"]]),
        "functional": np.concatenate([documents["functional"], receipts["functional"]]),
        "has_plan": np.concatenate([(documents["parts"] > 0).astype(np.int64), filled(count, 0)]),
    }


def _legs(calendar: Calendar, documents: Columns, allocations: Columns) -> Columns:
    """Reductions of items by day: two legs of an application, one of a sink; a vanished row undoes itself."""
    events = {name: allocations[name] for name in ("kind", "source", "target", "delivery")}
    events["day"] = allocations["allocated_on"]
    events["reduction"] = np.where(allocations["reverses"] == NONE, 1, -1) * allocations["amount"]
    gone = allocations["deleted_delivery"] != NONE
    undone = take(events, gone)
    undone["delivery"] = allocations["deleted_delivery"][gone]
    undone["day"] = calendar.delivery_days[undone["delivery"]]
    undone["reduction"] = -undone["reduction"]
    events = stack(events, undone)
    events["item"] = events["target"]
    used = take(events, (events["kind"] == RECEIPT) | (events["kind"] == CREDIT))
    used["item"] = used["source"] + np.where(used["kind"] == RECEIPT, length(documents), 0)
    return stack(events, used)


def _post_carried(journal: Journal, items: Columns, legs: Columns) -> None:
    """Movements between carrying amounts, leg by leg, against the exchange difference or the sink.

    Both legs of an application are posted against the exchange difference account: what stays is the difference.
    """
    legs = take(legs, np.lexsort((legs["delivery"], legs["day"], legs["item"])))
    item = legs["item"]
    starts = np.diff(item, prepend=NONE) != 0
    # one step at a time is only right where nothing dated earlier becomes known later
    assert np.all(starts | (np.diff(legs["delivery"], prepend=0) >= 0)), "a foreign item has late legs"
    total = np.cumsum(legs["reduction"])
    before_item = (total - legs["reduction"])[np.flatnonzero(starts)][np.cumsum(starts) - 1]
    value = _carrying(take(items, item), total - before_item)
    previous = np.where(starts, items["nature"][item] * items["functional"][item], np.roll(value, 1))
    for kind in (RECEIPT, CREDIT, *_SINKS):
        rows = legs["kind"] == kind
        journal.post(
            TRADE,
            _SINKS.get(kind, FX),
            delivery=legs["delivery"][rows],
            day=legs["day"][rows],
            amount=(value - previous)[rows],
        )


def _carrying(items: Columns, reduced: Ints) -> Ints:
    """L6: value of what is left. Foreign plans are settled in whole parts, valued by cumulative rounding (L4)."""
    is_plan = items["has_plan"] == 1
    share = np.where(is_plan, reduced, items["amount"] - reduced)
    assert np.all(np.abs(share) < np.iinfo(np.int64).max // (4 * np.maximum(items["functional"], 1)))
    rounded = np.sign(share) * divide_half_away(items["functional"] * np.abs(share), items["amount"])
    return items["nature"] * np.where(is_plan, items["functional"] - rounded, rounded)
