"""Metrics of one company at a period end, recomputed from the oracle's ledger item by item.

Belongs here: balances, sales and payments as the metrics define them (DECISIONS 23), in the reporting currency. Does
not: windows of SQL, anything imported from the project, speed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from tests.oracles.comparison import Difference, Published, knowledges
from tests.oracles.items import ZERO, Thing, round_half_away
from tests.oracles.knowledge import flag, required_day, text
from tests.oracles.oracle import Known, Leg, Row
from tests.oracles.worlds import Universe, World

METRIC_SQL = """
    select dimension_value as company_code, month_start, period_end, metric, variant, window_months, numerator,
        denominator, reason_when_null, max(period_end) over () as as_of
    from marts.mart_receivable_kpi
    where dimension = 'company'
"""
REPORTING_CURRENCY = "CNY"
SOLD = ("invoice", "debit_note", "credit_note")
BILLED = ("invoice", "debit_note", "opening_balance")
COUNTS = ("count", "overdue_count")
DAY = timedelta(days=1)

Parts = tuple[Decimal, Decimal]
Expected = dict[tuple[str, str, int | None], Parts]


@dataclass(frozen=True)
class Payment:
    """What one receipt paid of one document, on the receipt's own day."""

    day: date
    amount: Decimal
    days_to_pay: int
    days_late: int


class Metrics:
    """The books of one company as believed at the end."""

    def __init__(self, known: Known, *, as_of: date) -> None:
        self.known = known
        self.as_of = as_of
        self.document_dates = {
            thing.thing_id: required_day(row, "document_date" if kind == "D" else "receipt_date")
            for kind, entity in (("D", "document"), ("R", "receipt"))
            for key, row in known.rows[entity].items()
            if (thing := known.things.get((kind, str(key[-1])))) is not None
        }
        self.days_without_rate: set[date] = set()
        self._balances: dict[date, dict[str, Decimal]] = {}

    # -- balances ------------------------------------------------------------------------------------------

    def balances(self, day: date) -> dict[str, Decimal]:
        """Sums over the open items of class trade at the end of a day, translated at its closing rate."""
        if day not in self._balances:
            sums = self._summed(day)
            names = {name for name, _ in sums}
            self._balances[day] = defaultdict(lambda: ZERO) | {
                name: sum(
                    (
                        amount if name in COUNTS else self.translated(amount, currency, day)
                        for (other, currency), amount in sums.items()
                        if other == name
                    ),
                    ZERO,
                )
                for name in names
            }
        return self._balances[day]

    def translated(self, amount: Decimal, currency: str, day: date) -> Decimal:
        """An amount in the reporting currency; 0 where no rate is known, which is remembered."""
        rate = self._closing_rate(currency, day)
        if rate is None:
            self.days_without_rate.add(day)
            return ZERO
        return round_half_away(Fraction(amount) * rate)

    def _closing_rate(self, currency: str, day: date) -> Fraction | None:
        functional = self.known.books.functional_currency
        if currency == REPORTING_CURRENCY:
            return Fraction(1)
        direct = self._quoted(currency, REPORTING_CURRENCY, day)
        if direct is not None or functional == REPORTING_CURRENCY:
            return direct
        first, second = (
            self._quoted(currency, functional, day),
            self._quoted(functional, REPORTING_CURRENCY, day),
        )
        if first is None or second is None:
            return None
        # what a product of two rates keeps of each
        return Fraction(round_half_away(first, 9)) * Fraction(round_half_away(second, 9))

    def _quoted(self, from_currency: str, to_currency: str, day: date) -> Fraction | None:
        direct = self.known.books.newest_rate(from_currency, to_currency, "closing", day)
        if direct is not None:
            return Fraction(direct)
        inverse = self.known.books.newest_rate(to_currency, from_currency, "closing", day)
        return None if inverse is None else Fraction(round_half_away(1 / Fraction(inverse), 12))

    def _summed(self, day: date) -> dict[tuple[str, str], Decimal]:
        sums: dict[tuple[str, str], Decimal] = defaultdict(lambda: ZERO)
        by_customer: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for row in self.known.ledger(day).values():
            if row.receivable_class == "trade" and row.open_document:
                by_customer[row.customer_id, row.currency].append(row)
        for (_, currency), rows in by_customer.items():
            credit = -sum((row.open_document for row in rows if row.open_document < 0), ZERO)
            debits = [row for row in rows if row.open_document > 0]
            debits.sort(key=lambda row: (row.due_date, self._dated(row), row.document_id, row.instalment_no))
            for row in debits:
                absorbed = min(credit, row.open_document)
                credit -= absorbed
                for name, amount in self._shares(row, net=row.open_document - absorbed, day=day).items():
                    sums[name, currency] += amount
            for row in rows:
                if row.open_document < 0 and row.item_kind == "receipt":
                    sums["unapplied_cash", currency] -= row.open_document
        return sums

    def _shares(self, row: Row, *, net: Decimal, day: date) -> dict[str, Decimal]:
        """What a debit item adds to each sum."""
        is_overdue, is_sold = row.due_date < day, self._is_receivable_of_sales(row)
        is_counted = row.open_document >= 1
        return {
            "debit": row.open_document,
            "statement": net,
            "overdue": row.open_document * is_overdue,
            "overdue_net": net * is_overdue,
            "over_90": row.open_document * ((day - row.due_date).days > 90),
            "count": Decimal(is_counted),
            "overdue_count": Decimal(is_counted and is_overdue),
            "sold": net * is_sold,
            "sold_current": net * (is_sold and not is_overdue),
        }

    def _dated(self, row: Row) -> date:
        return self.document_dates[self._thing(row).thing_id]

    def _thing(self, row: Row) -> Thing:
        kind = "R" if row.item_kind in ("receipt", "refund", "bill") else "D"
        return self.known.things[kind, row.document_id]

    def _is_receivable_of_sales(self, row: Row) -> bool:
        if row.item_kind == "bill":
            return True
        if row.item_kind not in (*SOLD, "opening_balance"):
            return False
        part = next(part for part in self._thing(row).parts if part.number == row.instalment_no)
        return not part.is_retention

    # -- flows ---------------------------------------------------------------------------------------------

    def sales(self, first: date, last: date) -> Decimal:
        """What was sold on credit in some days, less what was taken back in them."""
        return self._booked(first, last, lambda thing: thing.item_kind in SOLD)

    def cash(self, first: date, last: date) -> Decimal:
        """Receipts less those that turned out void."""
        return -self._booked(first, last, lambda thing: thing.item_kind == "receipt")

    def billed(self, first: date, last: date) -> Decimal:
        """Debit documents of class trade, sold on credit or not, less those taken back."""
        return self._booked(first, last, self._is_billed)

    def _is_billed(self, thing: Thing) -> bool:
        return thing.item_kind in BILLED and thing.nature > 0

    def _booked(self, first: date, last: date, wanted: Callable[[Thing], bool]) -> Decimal:
        sums: dict[tuple[date, date, str], Decimal] = defaultdict(lambda: ZERO)
        for thing in self.known.things.values():
            amount = thing.nature * sum((part.size for part in thing.parts if not part.is_retention), ZERO)
            for day, sign in ((thing.opened_on, 1), (thing.voided_on, -1)):
                if wanted(thing) and day is not None and first <= day <= last:
                    # what is translated together: a day, and a month of billing
                    sums[day, thing.opened_on.replace(day=1), thing.currency] += sign * amount
        return sum((self.translated(sums[key], key[2], key[0]) for key in sums), ZERO)

    # -- payments ------------------------------------------------------------------------------------------

    def payments(self) -> Iterator[Payment]:
        """What each receipt paid of each document, in books without instalments."""
        paid: dict[tuple[Thing, Thing], Decimal] = defaultdict(lambda: ZERO)
        for leg in self.known.legs:
            pair = self._settled_and_receipt(leg)
            is_in_force = leg.effective_to is None or self.as_of < leg.effective_to
            if pair is not None and leg.effective_from <= self.as_of and is_in_force:
                paid[pair] -= leg.amount
        for (thing, receipt), amount in paid.items():
            if amount <= 0:
                continue
            day, dated = self.document_dates[receipt.thing_id], self.document_dates[thing.thing_id]
            due = self.known.row_of(thing, thing.parts[0], on=day).due_date
            if day <= self.as_of:
                worth = self.translated(amount, thing.currency, day)
                yield Payment(day, worth, (day - dated).days, (day - due).days)

    def _settled_and_receipt(self, leg: Leg) -> tuple[Thing, Thing] | None:
        thing = self.known.things[leg.thing_id]
        other = self.known.counterpart_of(leg)
        if thing.thing_id[0] != "D" or thing.nature < 0 or other is None or other.item_kind != "receipt":
            return None
        return thing, other


def has_single_items(known: Known) -> bool:
    """Whether every document is one item, so that a leg is a movement of it."""
    return all(len(thing.parts) == 1 for thing in known.things.values())


def has_recoveries(known: Known) -> bool:
    """Whether a write-off is taken back on a day on which its document is paid: that cash is told apart (D2), which is
    worked by hand."""
    taken_back, paid = set(), set()
    for leg in known.legs:
        kind, is_reversal = text(leg.event.row, "from_kind"), flag(leg.event.row, "is_reversal")
        if kind == "write_off" and (is_reversal or leg.event.sign < 0):
            taken_back.add((leg.thing_id, leg.effective_from))
        if kind == "receipt":
            paid.add((leg.thing_id, leg.effective_from))
    return bool(taken_back & paid)


def expected_metrics(metrics: Metrics, *, month_start: date, period_end: date) -> Expected:
    """Numerator and denominator of metrics of one month, by metric, variant and window."""
    now, before = metrics.balances(period_end), metrics.balances(month_start - DAY)
    sales = metrics.sales(month_start, period_end)
    written_down = now["sold"] - before["sold"] - sales
    return {
        ("overdue_rate", "gross", None): (now["overdue"], now["debit"]),
        ("overdue_rate", "net", None): (now["overdue_net"], now["statement"]),
        ("overdue_rate", "by_count", None): (now["overdue_count"], now["count"]),
        ("over_90_rate", "gross", None): (now["over_90"], now["debit"]),
        ("current_rate", "net", None): (now["statement"] - now["overdue_net"], now["statement"]),
        ("unapplied_cash_rate", "gross", None): (now["unapplied_cash"], now["debit"]),
        ("dso", "ending", 1): (now["sold"], sales),
        ("best_possible_dso", "ending", 1): (now["sold_current"], sales),
        ("collection_effectiveness_index", "standard", 1): (
            -written_down,
            before["sold"] + sales - now["sold_current"],
        ),
    }


def expected_collection(metrics: Metrics, *, month_start: date, period_end: date) -> Expected:
    """Cash of one month beside what there was to collect."""
    cash, billed = metrics.cash(month_start, period_end), metrics.billed(month_start, period_end)
    return {("collection_rate", "all_cash", 1): (cash, metrics.balances(month_start - DAY)["debit"] + billed)}


def expected_days(metrics: Metrics, *, period_end: date) -> Expected:
    """Days of what was paid in the three months up to a period end."""
    year, month = divmod(period_end.year * 12 + period_end.month - 1 - 2, 12)
    first = date(year, month + 1, 1)
    paid = [p for p in metrics.payments() if first <= p.day <= period_end and p.days_to_pay >= 0]
    total, count = sum((p.amount for p in paid), ZERO), Decimal(len(paid))
    return {
        ("days_to_pay", "weighted", 3): (sum((p.amount * p.days_to_pay for p in paid), ZERO), total),
        ("days_late", "weighted", 3): (sum((p.amount * p.days_late for p in paid), ZERO), total),
        ("days_to_pay", "simple", 3): (Decimal(sum(p.days_to_pay for p in paid)), count),
        ("days_late", "simple", 3): (Decimal(sum(p.days_late for p in paid)), count),
    }


def compare_metrics(
    universe: Universe, world: World, published: Sequence[Published]
) -> Iterator[tuple[int, list[Difference]]]:
    """Every month of a company, as believed at the end."""
    known_at = knowledges(universe, world)[-1]
    known = universe.oracle(world).at(known_at)
    if not published:
        return
    metrics = Metrics(known, as_of=published[0]["as_of"])
    rows = {
        (row["period_end"], (row["metric"], row["variant"], row["window_months"])): row for row in published
    }
    for month_start, period_end in sorted({(row["month_start"], row["period_end"]) for row in published}):
        expected = expected_metrics(metrics, month_start=month_start, period_end=period_end)
        # when a bill is cash is worked by hand
        if not has_recoveries(known) and not any(thing.bill for thing in known.things.values()):
            expected |= expected_collection(metrics, month_start=month_start, period_end=period_end)
        if has_single_items(known) and not has_recoveries(known):
            expected |= expected_days(metrics, period_end=period_end)
        found = [
            Difference(
                world.company_code, str(world.seed), period_end, known_at, str(name), "parts", parts, given
            )
            for name, parts in expected.items()
            if (given := _parts(rows[period_end, name])) != parts
        ]
        yield len(expected), found


def _parts(row: Published) -> Parts:
    return row["numerator"], row["denominator"]
