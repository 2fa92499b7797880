"""Random worlds of sources without allocations: clearings, clearing dates and residuals that come, change and go.

Belongs here: what such a source says of one company, and the universe of such worlds. Does not: what the ledger should
make of it (settlement.py), files (extract_files.py). Everything follows from one seed.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from tests.oracles.bills import METHODS
from tests.oracles.builder import CURRENCIES, TERMS, Builder, Slot
from tests.oracles.features import bills
from tests.oracles.knowledge import Text
from tests.oracles.worlds import Group, Universe, World, finished, tell_rates

_FEW = tuple(date(2025, month, day) for month, day in ((1, 10), (1, 31), (3, 1), (4, 15)))
_MANY = tuple(
    date(2025, month, day) for month, day in ((1, 7), (1, 22), (2, 10), (2, 27), (3, 9), (3, 28), (4, 17))
)
GROUPS = (
    Group("group_full", "full", "UTC", _MANY, "clearing_group"),
    Group("date_full", "full", "Asia/Shanghai", _MANY, "clearing_date"),
    Group("residual_full", "full", "UTC", _FEW, "residual"),
    Group("group_delta", "delta", "America/New_York", _FEW, "clearing_group"),
    Group("open_full", "full", "Asia/Shanghai", _MANY, "residual", "settled"),
    Group("group_few", "full", "Asia/Shanghai", _FEW, "clearing_group"),
    Group("date_delta", "delta", "UTC", _MANY, "clearing_date"),
    Group("residual_delta", "delta", "America/New_York", _MANY, "residual"),
    Group("group_many", "delta", "Asia/Shanghai", _MANY, "clearing_group"),
    Group("open_few", "full", "America/New_York", _FEW, "residual", "settled"),
)
KINDS = ("invoice", "invoice", "invoice", "debit_note", "credit_note", "interest", "opening_balance")
SWITCHED = 0.25  # of the worlds, to allocations of their own
SMALL = ("0.01", "0.03", "1.00", "5.00", "20.00")


def tell_settlement_universe(count: int, seed: int) -> Universe:
    """`count` worlds, the styles in turn."""
    rates, _ = tell_rates(Random(f"{seed}:rates"))
    return Universe(seed, tuple(_tell(number, f"{seed}:{number}") for number in range(count)), rates)


def _tell(number: int, seed: str) -> World:
    random = Random(seed)
    group = GROUPS[number % len(GROUPS)]
    builder = Builder(random, random.choice(CURRENCIES), group.days, (), random.choice((0.0, 0.0, 0.3, 0.6)))
    for _ in range(2):
        customer_id = f"C{builder.new_id('customer')}"
        terms = random.choice((*TERMS, None))
        builder.put("customer", 0, {"customer_id": customer_id, "name": customer_id, "payment_terms": terms})
    for _ in range(random.randint(4, 9)):
        _document(builder)
    for _ in range(random.randint(2, 6)):
        _receipt(builder)
    stories = {"clearing_group": GROUP_STORIES, "clearing_date": DATE_STORIES, "residual": RESIDUAL_STORIES}
    told = set()
    for _ in range(random.randint(10, 22)):
        story = random.choice(stories[group.settlement] if builder.chance(0.65) else COMMON_STORIES)
        if story(builder):
            told.add(story.__name__.strip("_"))
    if builder.chance(SWITCHED):
        _switch(builder)
        told.add("switch")
    return finished(builder, f"S{number + 1:04}", seed, group=group, features=told, random=random)


def _document(b: Builder) -> Slot:
    kind = b.random.choice(KINDS)
    sign = "-" if kind == "opening_balance" and b.chance(0.5) else ""
    columns: dict[str, Text] = {"amount": f"{sign}{b.amount()}"}
    if sign:
        columns["functional_amount"] = None
    if b.chance(0.2):
        columns["due_date"] = None
    slot = b.document(kind, **columns)
    if b.chance(0.15) and not sign and Decimal(b.row(slot)["amount"] or "0") > 1:
        b.plan(slot)
    return slot


def _receipt(b: Builder) -> Slot:
    sign = "-" if b.chance(0.15) else ""
    columns: dict[str, Text] = {"amount": f"{sign}{b.amount()}"}
    if sign:
        columns["functional_amount"] = None
    elif b.chance(0.2):
        return bills.new_bill(b, applied=False, **columns)
    return b.receipt(**columns)


def _some(b: Builder, *entities: str) -> Slot | None:
    """A key that is live in its newest state and can still change."""
    found = [slot for entity in entities if (slot := b.pick(entity)) is not None]
    return b.random.choice(found) if found else None


def _change(b: Builder, slot: Slot | None, **columns: Text) -> bool:
    number = b.later(slot) if slot is not None else None
    if slot is None or number is None:
        return False
    b.change(slot, number, **columns)
    return True


def _near(b: Builder, slot: Slot) -> str:
    """A day near the date of a row."""
    row = b.row(slot)
    dated = date.fromisoformat(row.get("document_date") or row.get("receipt_date") or "")
    return (dated + timedelta(days=b.random.randint(-5, 60))).isoformat()


# -- what can happen to any of them ----------------------------------------------------------------------------


def _amount_corrected(b: Builder) -> bool:
    slot = _some(b, "document", "receipt")
    if slot is None:
        return False
    sign = "-" if (b.row(slot)["amount"] or "").startswith("-") else ""
    return _change(b, slot, amount=f"{sign}{b.amount()}", functional_amount=None)


def _told_of_a_bill(b: Builder) -> bool:
    bill = b.pick("receipt", lambda row: row.get("method") in METHODS)
    kinds = ("endorsed", "discounted", "honoured", "dishonoured", "returned")
    return bill is not None and bills.told(b, bill, b.random.choice(kinds)) is not None


def _deleted(b: Builder) -> bool:
    slot = _some(b, "document", "receipt")
    number = b.later(slot) if slot is not None else None
    if slot is None or number is None:
        return False
    row = b.row(slot)
    b.drop(slot, number)
    again = b.later(slot)
    if again is not None and b.chance(0.6):
        b.put(slot[0], again, row)
    return True


def _voided(b: Builder) -> bool:
    slot = _some(b, "document")
    if slot is None:
        return False
    cancelled_on = _near(b, slot) if b.chance(0.7) else None
    return _change(b, slot, is_cancelled="true", cancelled_on=cancelled_on)


def _bounced(b: Builder) -> bool:
    slot = b.pick("receipt", lambda row: not (row["amount"] or "").startswith("-"))
    if slot is None:
        return False
    return _change(
        b,
        slot,
        **b.random.choice(({"status": "bounced", "status_date": _near(b, slot)}, {"status": "pending"})),
    )


def _redated(b: Builder) -> bool:
    slot = _some(b, "document")
    if slot is None:
        return False
    return _change(b, slot, due_date=b.random.choice((_near(b, slot), None)), posting_date=_near(b, slot))


def _new_terms(b: Builder) -> bool:
    return _change(b, b.pick("customer"), payment_terms=b.random.choice((*TERMS, None)))


COMMON_STORIES: tuple[Callable[[Builder], bool], ...] = (
    _amount_corrected,
    _told_of_a_bill,
    _deleted,
    _voided,
    _bounced,
    _redated,
    _new_terms,
)


def _switch(b: Builder) -> None:
    """From some delivery on the source has allocations, one of them perhaps named like a derived one."""
    number = b.random.randint(1, b.last)
    receipts = [slot for slot in b.states if slot[0] == "receipt" and b.known(slot) <= number]
    documents = [slot for slot in b.states if slot[0] == "document" and b.known(slot) <= number]
    if not receipts or not documents:
        return
    for _ in range(b.random.randint(1, 4)):
        b.allocation(b.random.choice(receipts), b.random.choice(documents), delivery=number)
    if b.chance(0.5):
        used, settled = b.random.choice(receipts)[1][0], b.random.choice(documents)[1][0]
        b.allocation(
            b.random.choice(receipts),
            b.random.choice(documents),
            delivery=number,
            allocation_id=f"K1~R:{used}~D:{settled}",
        )


# -- clearing groups -------------------------------------------------------------------------------------------


def _clearing(b: Builder) -> bool:
    """Some items get a clearing in one delivery; now and then with a posting for what they leave."""
    number = b.random.randint(0, b.last)
    found = [
        slot
        for slot, states in b.states.items()
        if slot[0] in ("document", "receipt")
        and states[-1][1] is not None
        and states[-1][0] < number
        and not states[-1][1].get("clearing_id")
    ]
    cleared: dict[str, Text] = {
        "clearing_id": f"K{b.new_id('clearing')}",
        "settled_on": b.day_in(number).isoformat() if b.chance(0.9) else None,
    }
    members = b.random.sample(found, min(len(found), b.random.randint(0, 4)))
    for slot in members:
        b.change(slot, number, **cleared)
    while len(members) < 2 or b.chance(0.5):
        is_document = b.chance(0.5)
        kind = b.random.choice(KINDS)
        sign = "-" if is_document and kind == "opening_balance" and b.chance(0.5) else ""
        columns: dict[str, Text] = {"amount": f"{sign}{b.amount()}", "functional_amount": None, **cleared}
        fresh = (
            b.document(kind, delivery=number, **columns)
            if is_document
            else b.receipt(delivery=number, **columns)
        )
        members.append(fresh)
    if b.chance(0.7):
        _balancing(b, members, number, cleared)
    return True


def _balancing(b: Builder, members: list[Slot], number: int, cleared: dict[str, Text]) -> None:
    currency = b.row(b.random.choice(members))["currency"]
    left = Decimal(0)
    for slot in members:
        row = b.row(slot)
        is_credit = slot[0] == "receipt" or row.get("document_type") == "credit_note"
        if row["currency"] == currency:
            left += Decimal(row["amount"] or "0") * (-1 if is_credit else 1)
    kind = b.random.choice(("discount", "write_off", "fx_difference"))
    if left == 0 or b.chance(0.3):
        left = Decimal(b.random.choice(SMALL)) * b.random.choice((1, -1))
    columns: dict[str, Text] = {"amount": str(abs(left)), "currency": currency}
    if kind == "fx_difference":
        columns = b.random.choice(
            (
                {"amount": "0.00", "currency": currency, "functional_amount": str(b.amount())},
                {"amount": str(b.amount()), "currency": b.functional_currency},
            )
        )
    b.document(
        "credit_note" if left > 0 else "debit_note",
        delivery=number,
        **columns,
        **cleared,
        difference_kind=kind,
    )


def _cleared_slot(b: Builder) -> Slot | None:
    found = [b.pick(entity, lambda row: bool(row.get("clearing_id"))) for entity in ("document", "receipt")]
    slots = [slot for slot in found if slot is not None]
    return b.random.choice(slots) if slots else None


def _clearing_reset(b: Builder) -> bool:
    """All live members of a clearing lose it in one delivery."""
    slot = _cleared_slot(b)
    if slot is None:
        return False
    clearing_id = b.row(slot)["clearing_id"]
    members = [
        other
        for other, states in b.states.items()
        if states[-1][1] is not None and states[-1][1].get("clearing_id") == clearing_id
    ]
    number = b.later(*members)
    if number is None:
        return False
    for member in members:
        b.change(member, number, clearing_id=None, settled_on=None)
    return True


def _member_leaves(b: Builder) -> bool:
    return _change(b, _cleared_slot(b), clearing_id=None, settled_on=None)


def _member_moves(b: Builder) -> bool:
    slot = _cleared_slot(b)
    if slot is None:
        return False
    other = str(b.random.randint(1, b.counts["clearing"]))
    return _change(b, slot, clearing_id=f"K{other}", settled_on=_near(b, slot))


def _clearing_redated(b: Builder) -> bool:
    slot = _cleared_slot(b)
    return slot is not None and _change(b, slot, settled_on=_near(b, slot))


def _opening_credit_used(b: Builder) -> bool:
    """A credit of before the migration pays an invoice, as a document and no receipt."""
    number = b.random.randint(0, b.last)
    cleared: dict[str, Text] = {
        "clearing_id": f"K{b.new_id('clearing')}",
        "currency": b.functional_currency,
        "functional_amount": None,
    }
    b.document("invoice", delivery=number, amount=str(b.amount()), **cleared)
    b.document("opening_balance", delivery=number, amount=f"-{b.amount()}", **cleared)
    return True


def _lonely_difference(b: Builder) -> bool:
    b.document("credit_note", amount=b.random.choice(SMALL), difference_kind="write_off")
    return True


GROUP_STORIES: tuple[Callable[[Builder], bool], ...] = (
    _clearing,
    _clearing,
    _clearing,
    _clearing_reset,
    _clearing_reset,
    _member_leaves,
    _member_moves,
    _clearing_redated,
    _opening_credit_used,
    _lonely_difference,
)


# -- clearing dates and residuals ------------------------------------------------------------------------------


def _part(b: Builder, slot: Slot) -> str:
    """Nothing, a part, all or too much of a document, with its sign."""
    amount = Decimal(b.row(slot)["amount"] or "0")
    share = b.random.choice((0, 1, 2, 3, 4, 4, 5))
    return str((amount * share / 4).quantize(Decimal("0.01")))


def _settled(b: Builder) -> bool:
    slot = _some(b, "document")
    if slot is None:
        return False
    return _change(
        b, slot, settled_on=_near(b, slot), settled_amount=_part(b, slot) if b.chance(0.4) else None
    )


def _settled_receipt(b: Builder) -> bool:
    slot = _some(b, "receipt")
    return slot is not None and _change(b, slot, settled_on=_near(b, slot))


def _unsettled(b: Builder) -> bool:
    return _change(b, _some(b, "document"), settled_on=None, settled_amount=None)


DATE_STORIES: tuple[Callable[[Builder], bool], ...] = (
    _settled,
    _settled,
    _settled,
    _settled,
    _settled_receipt,
    _unsettled,
)


def _residual(b: Builder) -> bool:
    slot = _some(b, "document")
    if slot is None:
        return False
    dated = _near(b, slot) if b.chance(0.4) else None
    if b.chance(0.3):
        return _change(b, slot, settled_amount=_part(b, slot), residual_amount=None, settled_on=dated)
    return _change(b, slot, residual_amount=_part(b, slot), settled_amount=None, settled_on=dated)


def _residual_from_the_start(b: Builder) -> bool:
    columns: dict[str, Text] = {"amount": "100.00", "residual_amount": b.random.choice(("100.00", "40.00"))}
    b.document(**columns)
    return True


RESIDUAL_STORIES: tuple[Callable[[Builder], bool], ...] = (
    _residual,
    _residual,
    _residual,
    _residual,
    _residual_from_the_start,
)
