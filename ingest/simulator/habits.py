"""Habits of payers: on which day a customer pays what has fallen due.

Belongs here: characters turned into dates. Does not: amounts, receipts.
"""

from datetime import date, timedelta
from random import Random

from ingest.simulator.days import HISTORY_END, HISTORY_START, last_business_day, month_end, next_business_day
from ingest.simulator.model import Customer

NEVER = HISTORY_END + timedelta(days=3650)
# months in which a seasonal payer earns little and pays late
_LOW_SEASON = (11, 12, 1, 2)


def payment_day(customer: Customer, due: date, *, rng: Random) -> date:
    """Day on which the customer means to pay, not before the history starts; NEVER when it does not."""
    return max(_habitual_day(customer, due, rng=rng), next_business_day(HISTORY_START))


def _habitual_day(customer: Customer, due: date, *, rng: Random) -> date:
    if customer.character == "failing" and due >= customer.turns_on:
        return NEVER
    if rng.randrange(80) == 0:
        # an invoice that got lost for a while; who lets one lie for a quarter is in default
        return _on_run(customer, due + timedelta(days=rng.randint(35, 80)))
    if customer.character == "month_end":
        closing = last_business_day(month_end(due - timedelta(days=8)))
        return closing if rng.randrange(6) else last_business_day(month_end(closing + timedelta(days=8)))
    return _on_run(customer, due + timedelta(days=_delay(customer, due, rng=rng)))


def _delay(customer: Customer, due: date, *, rng: Random) -> int:
    match customer.character:
        case "early":
            return rng.randint(-12, -1)
        case "punctual":
            return rng.randint(-8, 2)
        case "deteriorating":
            since = max((due - customer.turns_on).days, 0)
            return rng.randint(0, 10) + since * rng.randint(8, 16) // 100
        case "seasonal":
            return rng.randint(35, 80) if due.month in _LOW_SEASON else rng.randint(-3, 6)
        case "disputing":
            return rng.randint(0, 25)
        case _:
            return rng.randint(3, 30)


def _on_run(customer: Customer, day: date) -> date:
    """The customer's payment run: every other week on a weekday of its own, or any business day."""
    if customer.payment_weekday is not None:
        day += timedelta(days=(customer.payment_weekday - day.weekday() - 3) % 7 - 3)
        day += timedelta(days=7 * (day.toordinal() // 7 % 2))
    return next_business_day(day)
