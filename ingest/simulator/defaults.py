"""Defaults: the first day on which each criterion of default holds for a customer, from what really happened.

Belongs here: criteria (a) to (e) of the policy, as far as one cell can tell. Must not: files, what the warehouse knew
at the time.

Read from the last state of the books, on effective dates. The floor is its absolute part, 20,000 CNY: its relative part
needs the receivables of the whole group.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from ingest.simulator.book import Row, Table
from ingest.simulator.days import HISTORY_END, next_business_day
from ingest.simulator.ledger import Ledger
from ingest.simulator.model import Company, Entry, Part, World
from ingest.simulator.money import convert, divide_half_away
from ingest.simulator.rates import Rates
from ingest.simulator.settlement import UNCOLLECTIBLE

FLOOR = 2_000_000
_OVERDUE_DAYS = 90
_FORBEARANCE_DAYS = 60
_REPLACED_WITHIN = 5


@dataclass(frozen=True, slots=True)
class Default:
    """A criterion that a customer met, and the first day."""

    company: str
    customer: str
    criterion: str
    on: date


Steps = list[tuple[date, int]]
Found = Iterator[tuple[str, str, date]]


@dataclass(frozen=True, slots=True)
class _Debit:
    """An item that is owed: value steps, what falls due when, and the spans in which it is contested."""

    steps: Steps
    parts: Steps
    disputes: list[tuple[date, date, int | None]]

    def overdue(self, day: date) -> int:
        """Undisputed value more than 90 days past due; payments settle the earliest part first."""
        last = day - timedelta(days=_OVERDUE_DAYS)
        younger = sum(amount for due, amount in self.parts if due >= last)
        value = max(_at(self.steps, day) - younger, 0)
        for opened, closed, amount in self.disputes:
            if opened <= day < closed:
                value -= value if amount is None else amount
        return max(value, 0)


@dataclass(slots=True)
class _Debts:
    """Items of one customer and currency, and its credits."""

    debits: list[_Debit] = field(default_factory=list)
    credits: list[Steps] = field(default_factory=list)

    def days(self) -> list[date]:
        """Days on which the overdue amount may rise."""
        dues = {due for debit in self.debits for due, _ in debit.parts if due <= HISTORY_END}
        days = {due + timedelta(days=_OVERDUE_DAYS + 1) for due in dues}
        days |= {closed for debit in self.debits for _, closed, _ in debit.disputes}
        days |= {on for steps in self.credits for on, amount in steps if amount > 0}
        return sorted(day for day in days if day <= HISTORY_END)

    def net_overdue(self, day: date) -> int:
        """What is left after the credits, which absorb the oldest first; their surplus reduces nothing else."""
        total = sum(debit.overdue(day) for debit in self.debits)
        return max(total + sum(_at(steps, day) for steps in self.credits), 0)


def find_defaults(
    world: World, tables: dict[str, Table], *, company: Company, rates: Rates, events: list[Entry]
) -> list[Default]:
    """First day of each criterion by customer, intragroup left out; sorted by customer and day.

    Args:
        events: credit events of the company's customers.
    """
    group = {
        entry.fields["customer_id"]
        for entry in world.entries["customer"]
        if entry.company == company.code and entry.fields["related_party"] == "group"
    }
    first: dict[tuple[str, str], date] = {}
    found = [
        *_overdue(world, tables, company=company, rates=rates),
        *_insolvent(events),
        *_written_off(tables, company=company, rates=rates),
        *_forborne(world, company),
        *_dishonoured(world, company),
    ]
    for customer, criterion, on in found:
        if customer not in group and on <= HISTORY_END:
            key = (customer, criterion)
            first[key] = min(on, first.get(key, on))
    defaults = [Default(company.code, customer, criterion, on) for (customer, criterion), on in first.items()]
    return sorted(defaults, key=lambda default: (default.customer, default.on, default.criterion))


def _overdue(world: World, tables: dict[str, Table], *, company: Company, rates: Rates) -> Found:
    """(a) undisputed items more than 90 days past the original due date, less credits, reach the floor."""
    by_customer: dict[str, list[_Debts]] = {}
    for (customer, _), owed in sorted(_debts(world, tables, company=company, rates=rates).items()):
        by_customer.setdefault(customer, []).append(owed)
    for customer, currencies in by_customer.items():
        for day in sorted({day for owed in currencies for day in owed.days()}):
            overdue = sum(owed.net_overdue(day) for owed in currencies)
            if _in_cny(overdue, company=company, rates=rates, day=day) >= FLOOR:
                yield customer, "a", day
                break


def _at(steps: Steps, day: date) -> int:
    return sum(amount for on, amount in steps if on <= day)


def _debts(
    world: World, tables: dict[str, Table], *, company: Company, rates: Rates
) -> dict[tuple[str, str], _Debts]:
    ledger = Ledger(tables, functional=company.functional, rates=rates)
    parts = _parts_by_number(world, company)
    contested: dict[str, list[Row]] = {}
    for row in _rows(tables, "dispute"):
        contested.setdefault(str(row["document_id"]), []).append(row)
    debts: dict[tuple[str, str], _Debts] = {}
    for table, number in ledger.items():
        known = ledger.row((table, number), HISTORY_END)
        if known is None or known.get("customer_id") is None:
            continue
        if not known["amount"]:
            # a revaluation brings the ledger to the closing rate: nobody owes it, and it is no credit of the customer
            continue
        moves = ledger.postings((table, number), HISTORY_END)
        # with retention that is still conditional: it is a part that is not due
        steps = [(on, amount) for on, _, kind, amount, _ in moves if kind in ("trade", "contract_asset")]
        owed = debts.setdefault((str(known["customer_id"]), str(known["currency"])), _Debts())
        if not steps:
            continue
        if steps[0][1] < 0:
            owed.credits.append(steps)
        elif table == "document":
            due = parts.get(number) or [(_fallback_due(known), 1)]
            # its own voucher opens it; what settles it on the same day has another
            posted = sum(move[3] for move in moves if move[:2] == (moves[0][0], number))
            disputes = [_span(row, posted=posted, amount=_money(known)) for row in contested.get(number, [])]
            owed.debits.append(_Debit(steps, _valued(due, posted), disputes))
    return debts


def _parts_by_number(world: World, company: Company) -> dict[str, Steps]:
    """Original due dates and amounts of every invoice; one that was re-issued keeps those of the first."""
    by_entry = {invoice.entry: invoice for invoice in world.invoices if invoice.customer.company is company}
    parts: dict[str, Steps] = {}
    for invoice in by_entry.values():
        first = invoice.entry.fields.get("replaces_document_id")
        source = by_entry.get(first, invoice) if isinstance(first, Entry) else invoice
        parts[invoice.entry.number] = [(_part_due(part), part.amount) for part in source.parts]
    return parts


def _part_due(part: Part) -> date:
    """A retention that nobody has declared due is not overdue."""
    return date.max if part.is_retention and part.unconditional_on is None else part.due_date


def _span(row: Row, *, posted: int, amount: int) -> tuple[date, date, int | None]:
    """Days of a dispute and the contested amount in the functional currency; None for all that is open."""
    opened, closed, contested = row["opened_on"], row.get("closed_on") or date.max, row.get("amount")
    assert isinstance(opened, date) and isinstance(closed, date)
    value = divide_half_away(contested * posted, amount) if isinstance(contested, int) else None
    return opened, closed, value


def _money(row: Row) -> int:
    amount = row["amount"]
    assert isinstance(amount, int)
    return amount


def _valued(parts: Steps, posted: int) -> Steps:
    """Parts in the functional currency, in proportion to what was posted at first."""
    total = sum(amount for _, amount in parts)
    return [(due, divide_half_away(posted * amount, total)) for due, amount in parts]


def _fallback_due(row: Row) -> date:
    due = row.get("due_date") or row["document_date"]
    assert isinstance(due, date)
    return due


def _rows(tables: dict[str, Table], entity: str) -> Iterator[Row]:
    """Rows in their last version; removed ones are left out."""
    for history in tables.get(entity, {}).values():
        row = history.rows[-1]
        if row is not None:
            yield row


def _insolvent(events: list[Entry]) -> Found:
    """(b) insolvency, or listing as a dishonest debtor."""
    for event in events:
        if event.fields["kind"] in ("insolvency", "dishonest_debtor"):
            on = event.fields["event_date"]
            assert isinstance(on, date)
            yield str(event.fields["customer_id"]), "b", on


def _written_off(tables: dict[str, Table], *, company: Company, rates: Rates) -> Found:
    """(c) a write-off for credit reasons that reaches the floor."""
    for row in _rows(tables, "allocation"):
        if row["from_kind"] != "write_off" or row.get("reason") != UNCOLLECTIBLE:
            continue
        document = tables["document"][(company.code, str(row["to_id"]))].rows[-1]
        on, amount = row["allocated_on"], row["amount"]
        if document is None or row.get("is_reversal"):
            continue
        assert isinstance(on, date) and isinstance(amount, int)
        functional = rates.to_functional(amount, str(document["currency"]), company.functional, on)
        if _in_cny(functional, company=company, rates=rates, day=on) >= FLOOR:
            yield str(document["customer_id"]), "c", on


def _forborne(world: World, company: Company) -> Found:
    """(d) an extension or plan agreed more than 60 days past due, or a second one for the same invoice."""
    due_dates = {invoice.entry: invoice.due_date for invoice in world.invoices}
    seen: set[Entry] = set()
    agreements = [
        entry
        for entry in world.entries.get("promise", [])
        if entry.company == company.code and entry.fields["kind"] in ("extension", "plan")
    ]
    for entry in sorted(agreements, key=lambda entry: entry.number):
        document, made = entry.fields["document_id"], entry.fields["made_on"]
        if not isinstance(document, Entry) or document not in due_dates:
            continue
        on = entry.fields.get("approved_on") or made
        assert isinstance(on, date)
        if on > due_dates[document] + timedelta(days=_FORBEARANCE_DAYS) or document in seen:
            yield str(entry.fields["customer_id"]), "d", on
        seen.add(document)


def _dishonoured(world: World, company: Company) -> Found:
    """(e) a dishonoured commercial bill that is not replaced in cash within five business days."""
    for bill in world.bills:
        refused = bill.day_of("dishonoured")
        is_commercial = bill.method == "commercial_acceptance"
        if bill.customer.company is not company or not is_commercial or refused is None:
            continue
        latest = refused
        for _ in range(_REPLACED_WITHIN):
            latest = next_business_day(latest + timedelta(days=1))
        if bill.replaced_on is None or bill.replaced_on > latest:
            yield bill.customer.number, "e", latest + timedelta(days=1)


def _in_cny(minor: int, *, company: Company, rates: Rates, day: date) -> int:
    if company.functional == "CNY":
        return minor
    return convert(minor, rates.closing(company.functional, "CNY", day))
