"""Random companies against a slow oracle: exposure, limit and breach of every day of a year.

Belongs here: what is told of the companies, and the comparison. Must not: the rules (tests/oracles/exposure.py), worked
examples (test_credit_exposure.py).

Whole amounts and a rate of 1.1, so that every part of an item is exact to the cent in both currencies.
"""

from datetime import date, timedelta
from decimal import Decimal
from random import Random

import pytest

from tests.kit import Books, D, Extracts, Warehouse
from tests.oracles.exposure import Change, Company, Limit, breaches

COMPANIES = range(24)
FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
RATES = {"CNY": D("1"), "DKK": D("1.1")}
KINDS = ("permanent", "permanent", "temporary")
DAYS = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]


def _day(random: Random) -> date:
    return random.choice(DAYS)


def _told(seed: int) -> tuple[Company, list[tuple[str, dict[str, object]]]]:
    """A company as the oracle knows it, and the rows that say so."""
    random = Random(seed)
    names = [f"C{number}" for number in range(1, random.randint(3, 7))]
    # every third company has a head that never buys
    company = Company({name: random.choice([None, *names]) for name in names})
    if seed % 3 == 0:
        company.parents = {name: parent or "HEAD" for name, parent in company.parents.items()}
        company.parents["HEAD"] = None
    rows: list[tuple[str, dict[str, object]]] = [
        ("customer", {"customer_id": name, "name": name, "parent_customer_id": parent})
        for name, parent in company.parents.items()
    ]
    for number in range(random.randint(8, 30)):
        rows += _business(random, company, str(number), customer=random.choice(names))
    starts = {(random.choice([*company.parents]), random.choice(KINDS), _day(random)) for _ in range(12)}
    for customer, kind, start in sorted(starts):
        currency, amount = random.choice([*RATES]), D(random.choice([0, 300, 800, 2000]))
        end = start + timedelta(days=random.randint(0, 200)) if random.random() < 0.5 else None
        company.limits.append(Limit(customer, kind, currency, amount * RATES[currency], start, end))
        limit = {"customer_id": customer, "kind": kind, "currency": currency, "amount": amount}
        rows.append(("credit_limit", {**limit, "valid_from": start, "valid_to": end}))
    return company, rows


def _business(
    random: Random, company: Company, number: str, *, customer: str
) -> list[tuple[str, dict[str, object]]]:
    """An invoice, a credit note, a delivery that is billed, or money, some of it by bill."""
    day, currency, amount = _day(random), random.choice([*RATES]), D(random.randint(1, 900))
    shared: dict[str, object] = {"customer_id": customer, "currency": currency, "amount": amount}
    worth = amount * RATES[currency]

    def changes(sign: int, on: date) -> None:
        company.changes.append(Change(customer, on, sign * worth))

    kind = random.choice(
        ["invoice"] * 5 + ["credit_note", "unbilled", "transfer", "transfer", "bank_acceptance"]
    )
    if kind in ("transfer", "bank_acceptance"):
        row = {**shared, "receipt_id": f"R{number}", "receipt_date": day, "method": kind}
        if kind == "transfer":
            changes(-1, day)
            return [("receipt", row)]
        honoured = day + timedelta(days=random.randint(1, 120))
        # a bill is exposure until its money comes
        changes(1, day)
        changes(-1, day)
        if honoured <= LAST:
            changes(-1, honoured)
        event = {"bill_id": f"B{number}", "event_date": honoured, "kind": "honoured", "amount": amount}
        return [
            ("receipt", {**row, "bill_id": f"B{number}", "maturity_date": honoured}),
            *([("bill_event", event)] if honoured <= LAST else []),
        ]
    document = {**shared, "document_id": f"D{number}", "document_type": kind, "document_date": day}
    changes(-1 if kind == "credit_note" else 1, day)
    if kind != "unbilled":
        return [("document", {**document, "due_date": day + timedelta(days=30)})]
    # delivered, and billed with another amount some day, or not yet
    billed = day + timedelta(days=random.randint(0, 60))
    if billed > LAST:
        return [("document", document)]
    changes(-1, billed)
    company.changes.append(Change(customer, billed, (amount + 1) * RATES[currency]))
    invoice = {"document_id": f"D{number}-INV", "document_type": "invoice", "document_date": billed}
    return [
        ("document", {**document, "billed_by_document_id": f"D{number}-INV"}),
        ("document", {**shared, **invoice, "amount": amount + 1, "due_date": billed}),
    ]


TOLD = {f"EP{seed:02}": _told(seed) for seed in COMPANIES}


def build_world(extracts: Extracts) -> None:
    extracts.put(
        "fx_rate", rate_date=LAST, from_currency="DKK", to_currency="CNY", rate="1.1", rate_type="closing"
    )
    for code, (_, rows) in TOLD.items():
        books: Books = extracts.books(code, customers=())
        for entity, row in rows:
            books.add(entity, **row)  # type: ignore[arg-type]


Row = tuple[Decimal, Decimal | None, bool, date | None]


def _published(world: Warehouse, company: str) -> dict[tuple[str, str], dict[date, Row]]:
    """State per subject and day, from the rows that hold on it."""
    found: dict[tuple[str, str], dict[date, Row]] = {}
    for row in world.query(
        "select * from marts.mart_credit_exposure_history where company_code = $1", [company]
    ):
        state = (row["exposure_reporting"], row["limit_reporting"], row["is_breached"], row["breached_since"])
        days = found.setdefault((row["scope"], row["customer_id"]), {})
        for day in DAYS:
            if row["effective_from"] <= day < row["effective_to"]:
                assert day not in days, f"{day} twice"
                days[day] = state
    return found


@pytest.mark.parametrize("code", TOLD)
def test_exposure_limit_and_breach_of_every_day_are_those_of_the_oracle(world: Warehouse, code: str) -> None:
    company, _ = TOLD[code]
    published = _published(world, code)
    assert published.keys() == company.subjects()
    for (scope, subject), days in published.items():
        states = {day: company.state(scope, subject, day) for day in DAYS}
        since = breaches(states)
        expected = {
            day: (state.exposure, state.limit, state.is_breached, since[day]) for day, state in states.items()
        }
        nothing: Row = (D("0.00"), None, False, None)
        assert {day: days.get(day, nothing) for day in DAYS} == expected, (scope, subject)


@pytest.mark.parametrize("code", TOLD)
def test_the_last_day_is_what_the_release_says(world: Warehouse, code: str) -> None:
    company, _ = TOLD[code]
    rows = world.query(
        "select * from marts.mart_credit_exposure where company_code = $1 and scope = 'customer'", [code]
    )
    assert {row["customer_id"] for row in rows} == company.parents.keys()
    for row in rows:
        assert row["exposure_reporting"] == company.exposure(row["customer_id"], LAST)


def test_the_companies_hold_what_the_property_is_about() -> None:
    subjects = [(company, *one) for company, _ in TOLD.values() for one in sorted(company.subjects())]
    breached = [
        breaches({day: company.state(scope, subject, day) for day in DAYS})
        for company, scope, subject in subjects
    ]
    again = [days for days in breached if len({day for day in days.values() if day}) > 1]
    assert sum(scope == "group" for _, scope, _ in subjects) >= 4
    assert len(again) >= 15
