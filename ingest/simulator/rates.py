"""Exchange rates of the demo company: a seeded walk, one fixing per business day.

Belongs here: the rates, their rows, conversion at the booked rate. Does not: what is converted when.
The booked rate of a day is the fixing of the business day before it, as most ERPs load it overnight.
"""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from ingest.simulator.days import HISTORY_END, HISTORY_START, days_between, is_business_day
from ingest.simulator.money import RATE_UNIT, convert, divide_half_away, print_rate

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Rates:
    """Fixings in millionths per business day, ascending."""

    days: tuple[date, ...]
    fixings: dict[Pair, tuple[int, ...]]

    def booked(self, currency: str, functional: str, day: date) -> int:
        """Rate at which a document of that day is booked.

        Raises:
            LookupError: the day is before the first rate.
        """
        if currency == functional:
            return RATE_UNIT
        position = bisect_right(self.days, day) - 1
        if position < 1:
            raise LookupError(
                f"no booked rate {currency}/{functional} on {day}; choose a day after {self.days[1]}"
            )
        return self.fixings[(currency, functional)][position - 1]

    def closing(self, currency: str, functional: str, day: date) -> int:
        """Fixing of the day, or the last one before it."""
        return self.fixings[(currency, functional)][bisect_right(self.days, day) - 1]

    def to_functional(self, minor: int, currency: str, functional: str, day: date) -> int:
        """Minor units of a currency in the functional currency at the booked rate of the day."""
        return convert(minor, self.booked(currency, functional, day))

    def rows(self, company: str) -> list[tuple[date, dict[str, str | date]]]:
        """Rows of fx_rate that the company's ERP delivers, with the day they become known."""
        result: list[tuple[date, dict[str, str | date]]] = []
        for position, day in enumerate(self.days):
            for rate_type, pair, source in _PUBLISHED[company]:
                if rate_type == "booked" and position == 0:
                    continue
                fixing = self._quote(pair, position - (rate_type == "booked"))
                result.append(
                    (
                        day,
                        {
                            "rate_date": day,
                            "from_currency": pair[0],
                            "to_currency": pair[1],
                            "rate": print_rate(fixing),
                            "rate_type": rate_type,
                            "source": source,
                        },
                    )
                )
        return result

    def _quote(self, pair: Pair, position: int) -> int:
        if pair in self.fixings:
            return self.fixings[pair][position]
        inverse = self.fixings[(pair[1], pair[0])][position]
        return divide_half_away(RATE_UNIT * RATE_UNIT, inverse)


# Each ERP delivers its own pairs: two sources never state one key. The ECB quotes closing rates per euro.
_PUBLISHED: dict[str, tuple[tuple[str, Pair, str], ...]] = {
    "CN01": (
        ("closing", ("USD", "CNY"), "PBoC central parity"),
        ("closing", ("EUR", "CNY"), "PBoC central parity"),
        ("booked", ("USD", "CNY"), "PBoC central parity"),
        ("booked", ("EUR", "CNY"), "PBoC central parity"),
    ),
    "EU01": (
        ("closing", ("EUR", "USD"), "ECB"),
        ("closing", ("CNY", "EUR"), "ECB"),
        ("booked", ("USD", "EUR"), "ECB"),
        ("booked", ("CNY", "EUR"), "ECB"),
    ),
}


def make_rates(rng: Random) -> Rates:
    """Fixings from a month before the history to its end."""
    days = tuple(
        d for d in days_between(HISTORY_START - timedelta(days=30), HISTORY_END) if is_business_day(d)
    )
    usd_cny = _walk(rng, count=len(days), start=7_120_000, step=14_000)
    eur_usd = _walk(rng, count=len(days), start=1_085_000, step=3_200)
    eur_cny = tuple(convert(usd, eur) for usd, eur in zip(usd_cny, eur_usd, strict=True))
    fixings = {
        ("USD", "CNY"): usd_cny,
        ("EUR", "CNY"): eur_cny,
        ("USD", "EUR"): tuple(divide_half_away(RATE_UNIT * RATE_UNIT, rate) for rate in eur_usd),
        ("CNY", "EUR"): tuple(divide_half_away(RATE_UNIT * RATE_UNIT, rate) for rate in eur_cny),
    }
    return Rates(days, fixings)


def _walk(rng: Random, *, count: int, start: int, step: int) -> tuple[int, ...]:
    rate, result = start, []
    for _ in range(count):
        rate += rng.randint(-step, step) + (start - rate) // 200
        result.append(rate - rate % 100)
    return tuple(result)
