"""Random debtors as the oracle knows them, and their rows in deliveries.

Belongs here: what is told of a debtor, when, and how it is delivered. Must not: what follows from it
(tests/oracles/net_overdue.py, tests/oracles/behaviour.py).
"""

from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from tests.kit.extracts import Books
from tests.kit.worlds import HISTORY_DAYS, JUNE
from tests.oracles.net_overdue import Application, Debtor, Dispute, Item, Told

FIRST_DAY = date(2026, 1, 1)


def random_debtor(seed: int) -> Debtor:
    """Bills, money and quarrels; some told late, some corrected, some taken back."""
    random = Random(seed)

    def day(first: date = FIRST_DAY) -> date:
        return first + timedelta(days=random.randint(0, (date(2026, 6, 20) - first).days))

    def told(happened: date) -> date:
        known = [delivery for delivery in HISTORY_DAYS if delivery >= happened]
        return random.choice([known[0], known[0], random.choice(known)])

    debtor = Debtor()
    applied: dict[str, Decimal] = {}
    for number in range(random.randint(6, 16)):
        dated, amount, name = day(), Decimal(100 * random.randint(50, 900)), f"D{number}"
        since, due = told(dated), dated + timedelta(days=random.randint(0, 60))
        if random.random() < 0.2:
            amount, name = -amount, f"CN{number}"
        later = [delivery for delivery in HISTORY_DAYS if delivery > since]
        changed = random.choice(later) if later and random.random() < 0.4 else None
        debtor.items.append(Item(name, amount, dated, due, Told(since, changed)))
        if changed and random.random() < 0.6:
            debtor.items.append(
                Item(name, amount + (5000 if amount > 0 else -5000), dated, due, Told(changed))
            )
        elif changed:
            continue
        applied[name] = amount
        if amount > 0 and random.random() < 0.3:
            _quarrel(random, debtor, name, opened=day(dated), told=told)
    for number in range(random.randint(1, 6)):
        dated, amount, name = day(), Decimal(100 * random.randint(50, 700)), f"R{number}"
        since = told(dated)
        debtor.items.append(Item(name, -amount, dated, dated, Told(since)))
        debit = [item for item in debtor.items if item.amount > 0 and applied.get(item.name, 0) > 0]
        if debit and random.random() < 0.7:
            item = random.choice(debit)
            part = min(amount, applied[item.name], Decimal(100 * random.randint(20, 900)))
            applied[item.name] -= part
            used_on = max(day(dated), item.dated)
            known = max(told(used_on), since, item.told.since)
            debtor.applications.append(Application(name, item.name, part, used_on, Told(known)))
    return debtor


def _quarrel(random: Random, debtor: Debtor, item: str, *, opened: date, told: Any) -> None:
    amount = random.choice([None, Decimal(100 * random.randint(10, 300))])
    closed = opened + timedelta(days=random.randint(1, 60)) if random.random() < 0.6 else None
    since = told(opened)
    ended = told(closed) if closed and closed <= JUNE else None
    if ended is not None and ended > since:
        debtor.disputes.append(Dispute(item, amount, opened, None, Told(since, ended)))
        debtor.disputes.append(Dispute(item, amount, opened, closed, Told(ended)))
    else:
        debtor.disputes.append(Dispute(item, amount, opened, closed, Told(since)))


def deliver(books: Books, debtor: Debtor) -> None:
    """Add the rows of a debtor, each to the deliveries that told of it."""
    for item in debtor.items:
        told = books.known(since=item.told.since, until=item.told.until)
        if item.name.startswith("R"):
            told.receipt(item.name, -item.amount, item.dated)
        elif item.amount < 0:
            told.credit_note(item.name, -item.amount, item.dated, due_date=item.due)
        else:
            told.invoice(item.name, item.amount, item.dated, due=item.due)
    for number, one in enumerate(debtor.applications):
        books.known(since=one.told.since).allocation(
            f"A{number}", one.amount, one.dated, used=f"receipt:{one.used}", settles=f"document:{one.settled}"
        )
    for dispute in debtor.disputes:
        # versions of one dispute share its number
        number = [other.item for other in debtor.disputes].index(dispute.item)
        books.known(since=dispute.told.since, until=dispute.told.until).dispute(
            f"DSP{number}", dispute.item, dispute.amount, dispute.opened, closed_on=dispute.closed
        )
