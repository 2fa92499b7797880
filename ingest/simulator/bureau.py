"""Bureau: what a credit agency tells about customers, a source of its own that nobody has to wait for.

Belongs here: credit events and accounts of customers, by company. Must not: limits and cover (agreements.py).
"""

from datetime import date, timedelta
from random import Random

from ingest.simulator.days import HISTORY_END, HISTORY_START
from ingest.simulator.model import Customer, Entry, Value, World

BUREAU_SOURCE = "bureau"
_RATINGS = ("AA", "A", "BBB", "BB", "B")
_PUBLISHED_AFTER = timedelta(days=120)


def make_bureau(customers: list[Customer], *, rng: Random) -> World:
    """A world of its own: its rows reach the warehouse by another way than those of the ERP."""
    world = World()
    for customer in customers:
        if customer.is_intragroup or customer.entry.fields["customer_type"] == "individual":
            continue
        _events(world, customer, rng=rng)
        if rng.randrange(3) == 0 or customer.character == "failing":
            _accounts(world, customer, rng=rng)
    return world


def _events(world: World, customer: Customer, *, rng: Random) -> None:
    is_failing = customer.character == "failing"
    source = "企查查" if customer.company.country == "CN" else "Creditreform"
    rating = rng.randrange(len(_RATINGS))
    for year in (2023, 2024, 2025, 2026):
        day = date(year, 1, 1) + timedelta(days=rng.randrange(170))
        is_late = is_failing and day > customer.turns_on
        grade = "CCC" if is_late else _RATINGS[min(rating + rng.choice((0, 0, 0, 1)), len(_RATINGS) - 1)]
        if day >= HISTORY_START and rng.randrange(2) == 0:
            _event(world, customer, day, source, "external_rating", value=grade)
    if not is_failing:
        if rng.randrange(40) == 0:
            day = HISTORY_START + timedelta(days=rng.randrange(1000))
            kind = rng.choice(("court_record", "ownership_change"))
            value = "plaintiff" if kind == "court_record" else "new majority owner"
            _event(world, customer, day, source, kind, value=value)
        return
    turned = customer.turns_on
    sued = turned + timedelta(days=rng.randint(-30, 90))
    _event(world, customer, sued, source, "court_record", value="sued for payment")
    end = turned + timedelta(days=rng.randint(120, 240))
    if customer.company.country == "CN" and rng.randrange(2) == 0:
        _event(world, customer, end, source, "dishonest_debtor", value="listed")
    elif rng.randrange(2) == 0:
        _event(world, customer, end, source, "insolvency", value="proceedings opened")


def _event(world: World, customer: Customer, day: date, source: str, kind: str, *, value: str) -> None:
    known = day + timedelta(days=3)
    if known > HISTORY_END:
        return
    fields: dict[str, Value] = {
        "company_code": customer.company.code,
        "customer_id": customer.number,
        "event_date": day,
        "source": source,
        "kind": kind,
        "value": value,
    }
    entry = world.add(Entry("credit_event", customer.company.code, known, fields))
    entry.number = customer.number
    world.note(f"credit_event_{kind}", entry)


def _accounts(world: World, customer: Customer, *, rng: Random) -> None:
    size = customer.price * rng.randint(200, 3000)
    for year in (2022, 2023, 2024, 2025):
        end = date(year, 12, 31)
        known = max(end + _PUBLISHED_AFTER, HISTORY_START)
        is_weak = customer.character == "failing" and known > customer.turns_on - timedelta(days=300)
        assets = size * rng.randint(90, 115) // 100
        liabilities = assets * (rng.randint(85, 108) if is_weak else rng.randint(30, 70)) // 100
        revenue = assets * rng.randint(70, 140) // 100
        margin = rng.randint(-9, -1) if is_weak else rng.randint(2, 11)
        fields: dict[str, Value] = {
            "company_code": customer.company.code,
            "customer_id": customer.number,
            "period_end": end,
            "period_months": 12,
            "currency": customer.currencies[0],
            "current_assets": assets * 6 // 10,
            "current_liabilities": liabilities * 7 // 10,
            "total_assets": assets,
            "total_liabilities": liabilities,
            "equity": assets - liabilities,
            "retained_earnings": (assets - liabilities) * 4 // 10,
            "ebit": revenue * margin // 100,
            "revenue": revenue,
            "net_profit": revenue * (margin - 1) // 100,
            "operating_cash_flow": revenue * (margin - 1) // 100,
            "is_audited": rng.randrange(3) > 0,
        }
        entry = world.add(Entry("financial_statement", customer.company.code, known, fields))
        entry.number = customer.number
        world.note("financial_statement", entry)
