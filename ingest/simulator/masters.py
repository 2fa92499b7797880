"""Customers of the demo group: who they are and how they pay.

Belongs here: drawing attributes, characters and volumes, and later changes of the master data. Does not: documents,
agreements with customers (agreements.py).

Characters: early (takes discounts), punctual, late, month_end (one run a month), deteriorating (ever later from the
day it turns), disputing (contests every sixth invoice), seasonal (late in its low months), failing (pays nothing from
the day it turns).
"""

from datetime import date, timedelta
from random import Random
from typing import TypeVar

from ingest.simulator.days import HISTORY_END, HISTORY_START
from ingest.simulator.model import Company, Customer, Entry, Value, World
from ingest.simulator.names import (
    CHINESE_COLLECTORS,
    CHINESE_REGIONS,
    CHINESE_SALES,
    WESTERN_COLLECTORS,
    WESTERN_COUNTRIES,
    WESTERN_REGIONS,
    WESTERN_SALES,
    NameMaker,
)
from ingest.simulator.terms import CHINESE_TERMS, FOREIGN_TERMS, UNREADABLE_TERMS, Terms

T = TypeVar("T")

# Weights out of 100, CN and EU alike.
_CHARACTERS = (
    ("early", 12),
    ("punctual", 44),
    ("late", 18),
    ("month_end", 12),
    ("deteriorating", 5),
    ("disputing", 3),
    ("seasonal", 3),
    ("failing", 3),
)
_NATURES = (("manufacturer", 40), ("project", 22), ("retail_chain", 26), ("other", 12))
_CURRENCIES: dict[str, tuple[tuple[tuple[str, ...], int], ...]] = {
    "CN01": ((("CNY",), 76), (("USD",), 12), (("EUR",), 6), (("CNY", "USD"), 6)),
    "EU01": ((("EUR",), 76), (("USD",), 14), (("CNY",), 4), (("EUR", "USD"), 6)),
}
_HANDOVER = date(2025, 3, 1)
HOLD_AFTER_DAYS = 100


def make_customers(
    world: World, *, company: Company, count: int, invoices: int, months: int, cell: int, seed: int
) -> list[Customer]:
    """Draw the customers of one company; together they receive about `invoices` documents."""
    rng = Random(f"{seed}|{cell}|{company.code}|customers")
    names = NameMaker(rng)
    weights = [1000 // (position + 5) + 12 for position in range(count)]
    rng.shuffle(weights)
    rate_unit = invoices * 1000 // months
    customers: list[Customer] = []
    for position, weight in enumerate(weights):
        customers.append(
            _make_customer(
                world,
                rng=rng,
                names=names,
                company=company,
                position=position,
                cell=cell,
                monthly_rate=max(rate_unit * weight // sum(weights), 60),
            )
        )
    _link_groups(world, rng, customers)
    return customers


def _make_customer(
    world: World,
    *,
    rng: Random,
    names: NameMaker,
    company: Company,
    position: int,
    cell: int,
    monthly_rate: int,
) -> Customer:
    is_intragroup = position == 0
    currencies = (
        ("EUR",)
        if is_intragroup and company.functional == "EUR"
        else _weighted(rng, _CURRENCIES[company.code])
    )
    nature = "manufacturer" if is_intragroup else _weighted(rng, _NATURES)
    is_local = company.functional in currencies
    is_chinese = "CNY" in currencies and not is_intragroup
    is_person = is_local and not is_intragroup and rng.randrange(40) == 0
    country = (
        "CN"
        if is_chinese
        else rng.choice(WESTERN_COUNTRIES if not is_local else ("DE", "FR", "NL", "IT", "DE"))
    )
    name, industry = _name(rng, names, nature=nature, country=country, is_person=is_person, company=company)
    if is_intragroup:
        name = "Yuanheng Industrial Europe GmbH" if company.code == "CN01" else "远衡工业设备（苏州）有限公司"
        country = "DE" if company.code == "CN01" else "CN"
    character = _character(rng, position)
    terms = _pick_terms(rng, is_chinese=company.country == "CN" and is_chinese)
    prefix = "K" if company.country == "CN" else "D"
    number = f"{prefix}{cell:02d}{position + 1:04d}" if cell else f"{prefix}{position + 1:05d}"
    onboarded = _onboarded(rng)
    collector = rng.choice(CHINESE_COLLECTORS if company.country == "CN" else WESTERN_COLLECTORS)
    sales_owner = rng.choice(CHINESE_SALES if company.country == "CN" else WESTERN_SALES)
    ownership = "individual" if is_person else _ownership(rng, is_chinese=is_chinese, nature=nature)
    fields: dict[str, Value] = {
        "name": name,
        "tax_id": _tax_id(rng, country),
        "customer_type": "individual" if is_person else "enterprise",
        "deal_nature": nature,
        "ownership": "private" if is_intragroup else ownership,
        "size_class": rng.choice(("large", "medium", "medium", "small", "small", "micro")),
        "industry": industry,
        "region": rng.choice(CHINESE_REGIONS if is_chinese else WESTERN_REGIONS),
        "country": country,
        "related_party": "group" if is_intragroup else "none",
        "counterparty_company_code": company.sister if is_intragroup else None,
        "payment_terms": terms.text,
        "sales_owner": sales_owner,
        "collector": collector,
        "status": "active",
        "onboarded_on": onboarded,
        "contact_name": names.person() if is_chinese else f"{rng.choice('ABCDEFGHJKLM')}. Accounts",
        "contact_phone": f"+86 139{rng.randrange(10**8):08d}"
        if is_chinese
        else f"+49 30 {rng.randrange(10**7):07d}",
        "contact_email": f"ap{rng.randrange(10**5):05d}@example.com",
        "contact_address": f"{rng.randrange(1, 900)} {'工业园路' if is_chinese else 'Industrial Road'}",
    }
    entry = world.add(
        Entry(
            "customer",
            company.code,
            max(HISTORY_START, onboarded),
            {"company_code": company.code, "customer_id": number, **fields},
        )
    )
    customer = Customer(
        company=company,
        number=number,
        name=name,
        language="zh" if is_chinese else "en",
        currencies=currencies,
        terms=terms,
        character=character,
        turns_on=date(2024, 9, 1) + timedelta(days=rng.randrange(580)),
        payment_weekday=rng.choice((None, None, 1, 2, 3, 4)),
        pays_in_functional=not is_local and rng.randrange(8) == 0,
        is_project=nature == "project",
        is_intragroup=is_intragroup,
        price=rng.randint(6_000, 90_000) * (6 if company.functional == "CNY" and is_local else 1),
        monthly_rate=monthly_rate,
        bank_account=_bank_account(rng, country),
        collector=collector,
        sales_owner=sales_owner,
        has_contract=rng.randrange(10) < 3,
        entry=entry,
    )
    world.note(f"character_{character}", entry)
    if is_intragroup:
        world.note("intragroup", entry)
    _change_later(world, rng, customer)
    return customer


def _character(rng: Random, position: int) -> str:
    """The first customers show every character once, so that a small company has them all; the sister is punctual."""
    drawn = _weighted(rng, _CHARACTERS)
    if position == 0:
        return "punctual"
    return _CHARACTERS[position - 1][0] if position <= len(_CHARACTERS) else drawn


def _change_later(world: World, rng: Random, customer: Customer) -> None:
    """Handover of a collector and of sales owners; failing customers are put on hold, then sued."""
    if customer.collector in (CHINESE_COLLECTORS[0], WESTERN_COLLECTORS[0]):
        successor = (CHINESE_COLLECTORS if customer.company.country == "CN" else WESTERN_COLLECTORS)[1]
        customer.entry.revise(_HANDOVER, collector=successor)
        world.note("collector_handover", customer.entry, _HANDOVER)
    if rng.randrange(12) == 0:
        sales = CHINESE_SALES if customer.company.country == "CN" else WESTERN_SALES
        customer.entry.revise(_HANDOVER + timedelta(days=rng.randrange(400)), sales_owner=rng.choice(sales))
    if customer.character == "failing":
        hold = customer.turns_on + timedelta(days=HOLD_AFTER_DAYS)
        prepaid = "预付" if customer.company.country == "CN" else "PREPAID"
        customer.entry.revise(hold, status="hold", payment_terms=prepaid)
        world.note("customer_on_hold", customer.entry, hold)
        if rng.randrange(2):
            customer.entry.revise(hold + timedelta(days=120), status="legal")


def _link_groups(world: World, rng: Random, customers: list[Customer]) -> None:
    """One customer in eight belongs to a parent; a few are guaranteed by it. The last one is an associate."""
    parents = customers[1 : max(3, len(customers) // 12)]
    for customer in customers[len(parents) + 1 :]:
        if customer is customers[-1] or rng.randrange(60) == 0:
            customer.entry.fields["related_party"] = "associate"
            world.note("associate", customer.entry)
        elif parents and rng.randrange(8) == 0:
            parent = rng.choice(parents)
            customer.parent = parent
            customer.entry.fields["parent_customer_id"] = parent.number
            if rng.randrange(4) == 0:
                customer.entry.fields["guarantor_customer_id"] = parent.number


def _weighted(rng: Random, choices: tuple[tuple[T, int], ...]) -> T:
    draw = rng.randrange(sum(weight for _, weight in choices))
    for value, weight in choices:
        draw -= weight
        if draw < 0:
            return value
    raise AssertionError("weights are positive")


def _name(
    rng: Random, names: NameMaker, *, nature: str, country: str, is_person: bool, company: Company
) -> tuple[str, str]:
    if is_person:
        return (
            names.person() if company.country == "CN" else f"Dr. {rng.choice('ABCDEFG')}. Neumann"
        ), "个人"
    return names.chinese(nature) if country == "CN" else names.western(nature, country)


def _pick_terms(rng: Random, *, is_chinese: bool) -> Terms:
    if rng.randrange(50) == 0:
        return UNREADABLE_TERMS
    choices = CHINESE_TERMS if is_chinese else FOREIGN_TERMS
    # the last two of either list ask for the money at once: rarer than credit
    return rng.choice(choices[:-2] * 4 + choices[-2:])


def _ownership(rng: Random, *, is_chinese: bool, nature: str) -> str:
    if not is_chinese:
        return "foreign"
    if nature == "project":
        return rng.choice(("central_soe", "local_soe", "local_soe", "government", "private"))
    return rng.choice(("private", "private", "private", "local_soe", "foreign"))


def _onboarded(rng: Random) -> date:
    if rng.randrange(5):
        return HISTORY_START - timedelta(days=rng.randrange(30, 3000))
    return HISTORY_START + timedelta(days=rng.randrange((HISTORY_END - HISTORY_START).days - 120))


def _tax_id(rng: Random, country: str) -> str:
    if country == "CN":
        return f"91{rng.randrange(10**6):06d}MA{rng.randrange(10**8):08d}"
    return f"{country}{rng.randrange(10**9):09d}"


def _bank_account(rng: Random, country: str) -> str:
    if country == "CN":
        return f"6228{rng.randrange(10**12):012d}"
    return f"{country}{rng.randrange(10, 98)}{rng.randrange(10**16):016d}"
