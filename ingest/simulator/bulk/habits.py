"""Habits of the bulk simulator: on which day each claim is paid.

Belongs here: characters turned into dates, for whole columns. Does not: amounts, receipts.
"""

import numpy as np

from ingest.simulator.bulk.book import CompanyBook
from ingest.simulator.bulk.calendar import LAST, day_number, month_ends, months, weekdays
from ingest.simulator.bulk.columns import Columns, Ints, chance, take
from ingest.simulator.bulk.customers import CHARACTERS
from ingest.simulator.days import HISTORY_END

NEVER = day_number(HISTORY_END) + 1100
# In thousandths: forgotten and paid late by a character that knows better; never paid.
_FORGOTTEN, _UNPAID = 10, 1


def payment_days(book: CompanyBook, owners: Ints, due: Ints, *, rng: np.random.Generator) -> Ints:
    """Business days on which the customers mean to pay what is due; NEVER when they do not."""
    customers = take(book.customers.columns, owners)
    count = len(owners)
    days = due + _delays(customers, due, rng)
    days += rng.integers(40, 160, count) * chance(rng, count, per_mille=_FORGOTTEN)
    has_run = customers["weekday"] >= 0
    days += np.where(has_run, (customers["weekday"] - weekdays(days)) % 7, 0)
    days = book.calendar.on_or_after(np.clip(days, book.calendar.business[0], NEVER))
    monthly = customers["character"] == CHARACTERS.index("month_end")
    closing = month_ends(due[monthly] - 8)
    is_late = rng.integers(0, 6, len(closing)) == 0
    closing = np.where(is_late, month_ends(closing + 1), closing)
    days[monthly] = book.calendar.on_or_before(np.clip(closing - 2, book.calendar.business[0], NEVER))
    is_failed = (customers["character"] == CHARACTERS.index("failing")) & (due >= customers["turns_on"])
    days[is_failed | chance(rng, count, per_mille=_UNPAID)] = NEVER
    return np.where(days > LAST, NEVER, days)


def _delays(customers: Columns, due: Ints, rng: np.random.Generator) -> Ints:
    """Days beyond the due date, by character."""
    count = len(due)
    since = np.maximum(due - customers["turns_on"], 0)
    is_winter = np.isin(months(due), (12, 1, 2))
    delays = {
        "early": rng.integers(-12, 0, count),
        "punctual": rng.integers(-8, 3, count),
        "late": rng.integers(3, 31, count),
        "month_end": np.zeros(count, dtype=np.int64),
        "deteriorating": rng.integers(0, 11, count) + since * rng.integers(8, 17, count) // 100,
        "seasonal": rng.integers(-2, 6, count) + rng.integers(20, 46, count) * is_winter,
        "erratic": rng.integers(-10, 41, count),
        "failing": rng.integers(3, 31, count),
    }
    return np.choose(customers["character"], [delays[character] for character in CHARACTERS])
