"""What the demo group has agreed with its customers beside single documents.

Belongs here: contracts, credit limits, insurance cover. Does not: extensions and promises about documents.
"""

from datetime import date, timedelta
from random import Random

from ingest.simulator.days import HISTORY_START, add_months
from ingest.simulator.model import Customer, Entry, Value, World

_SECOND_LIMIT = date(2025, 7, 1)
# a bill may run six months, which are 184 days at most
_BILL_LONGEST_DAYS = 184


def make_agreements(world: World, customer: Customer, *, rng: Random) -> Entry | None:
    """Limits, cover and, where the customer has one, the contract, which is handed back."""
    _make_limits(world, customer, rng=rng)
    if not customer.is_intragroup and rng.randrange(100) < (5 if customer.company.country == "CN" else 18):
        _make_cover(world, customer, rng=rng)
    return _make_contract(world, customer, rng=rng) if customer.has_contract else None


def _exposure(customer: Customer) -> int:
    """Rough open balance, rounded to thousands of the currency."""
    return max(customer.price * 30 * customer.monthly_rate * 3 // 1000 // 100_000, 1) * 100_000


def _make_limits(world: World, customer: Customer, *, rng: Random) -> None:
    draw = rng.randrange(100)
    if draw < 12:
        return
    code = customer.company.code
    approver = rng.choice(customer.company.approvers)
    amount = 0 if draw < 15 else _exposure(customer) * rng.randint(5, 25) // 10
    base: dict[str, Value] = {
        "company_code": code,
        "customer_id": customer.number,
        "currency": customer.currencies[0],
        "approved_by": approver,
    }
    first = world.add(
        Entry(
            "credit_limit",
            code,
            customer.entry.booked_on,
            {**base, "amount": amount, "valid_from": customer.entry.booked_on, "kind": "permanent"},
        )
    )
    world.note("credit_limit", first)
    if draw > 75 and customer.entry.booked_on < _SECOND_LIMIT - timedelta(days=30):
        known = _SECOND_LIMIT - timedelta(days=12)
        first.revise(known, valid_to=_SECOND_LIMIT - timedelta(days=1))
        revised = amount * rng.randint(6, 15) // 10
        world.add(
            Entry(
                "credit_limit",
                code,
                known,
                {**base, "amount": revised, "valid_from": _SECOND_LIMIT, "kind": "permanent"},
            )
        )
    if draw > 92:
        start = date(2026, 3, 1) + timedelta(days=rng.randrange(60))
        fields = {**base, "amount": amount // 2, "valid_from": start, "valid_to": start + timedelta(days=90)}
        world.add(Entry("credit_limit", code, start, {**fields, "kind": "temporary"}))


def _make_cover(world: World, customer: Customer, *, rng: Random) -> None:
    for year in (2023, 2024, 2025, 2026):
        start = max(date(year, 1, 1), customer.entry.booked_on)
        if start.year != year:
            continue
        fields: dict[str, Value] = {
            "company_code": customer.company.code,
            "customer_id": customer.number,
            "policy": f"{'SINO' if customer.company.country == 'CN' else 'TCI'}-{year}-{rng.randrange(1000):03d}",
            "insurer": "华信保险" if customer.company.country == "CN" else "Meridian Credit Insurance",
            "limit": _exposure(customer) * rng.randint(4, 12) // 10,
            "currency": customer.currencies[0],
            "share": rng.choice(("0.8", "0.85", "0.9")),
            "valid_from": start,
            "valid_to": date(year, 12, 31),
            "notification_days": 60,
            "longest_extension_days": 60,
        }
        world.note(
            "insurance_cover", world.add(Entry("insurance_cover", customer.company.code, start, fields))
        )


def _make_contract(world: World, customer: Customer, *, rng: Random) -> Entry:
    signed = max(HISTORY_START, customer.entry.booked_on)
    is_chinese = customer.company.country == "CN"
    fields: dict[str, Value] = {
        "company_code": customer.company.code,
        "customer_id": customer.number,
        "signed_on": signed - timedelta(days=rng.randrange(5, 200)),
        "valid_from": signed,
        "valid_to": add_months(signed, 60),
        "payment_terms": customer.terms.text,
        "terms_basis": customer.terms.basis,
        "late_interest_rate": rng.choice(("0.0475", "0.06", "0.0925", None)),
        "grace_days": rng.choice((None, 3, 5, 10)),
        "governing_law": "CN" if is_chinese else "DE",
        "bill_allowed": is_chinese and rng.randrange(2) == 0,
        "retention_share": rng.choice(("0.05", "0.1")) if customer.is_project else None,
    }
    fields["bill_longest_days"] = _BILL_LONGEST_DAYS if fields["bill_allowed"] else None
    contract = Entry("contract", customer.company.code, signed, fields, identifier="contract_id")
    world.note("contract", world.add(contract))
    return contract
