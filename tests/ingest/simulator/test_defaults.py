"""When a customer is in default: cases by hand, one customer and a few documents each.

Belongs here: the criteria of `ingest.simulator.defaults` on worlds of a few rows. Must not: simulated companies
(test_truth.py).

Invoices fall due on 2025-01-10, so what is owed counts from 2025-04-11, the first day that is more than 90 days later.
The floor is 20,000.00 CNY.
"""

from datetime import date, timedelta
from random import Random

from ingest.contract import load_contract
from ingest.simulator.book import make_book
from ingest.simulator.companies import CHINA
from ingest.simulator.defaults import find_defaults
from ingest.simulator.model import Bill, Customer, Entry, World
from ingest.simulator.rates import make_rates
from tests.ingest.simulator.factories import DUE, make_customer, make_invoice, post

OVERDUE_FROM = date(2025, 4, 11)
RATES = make_rates(Random("defaults"))


def defaults_of(world: World) -> list[tuple[str, date]]:
    tables = make_book(world, contract=load_contract())["CN01"]
    found = find_defaults(world, tables, company=CHINA, rates=RATES, events=[])
    return [(default.criterion, default.on) for default in found]


def test_an_invoice_of_the_floor_is_a_default_on_its_ninety_first_day() -> None:
    world = World()
    make_invoice(world, make_customer(world), "AR1", 2_000_000)
    assert defaults_of(world) == [("a", DUE + timedelta(days=91))]


def test_a_revaluation_is_no_credit() -> None:
    """20,000.00 CNY are owed; a journal takes 500.00 off the books, and owes nobody anything."""
    world = World()
    customer = make_customer(world)
    make_invoice(world, customer, "AR1", 2_000_000)
    post(world, customer, "HD1", "debit_note", 0, functional_amount=-50_000)
    assert defaults_of(world) == [("a", OVERDUE_FROM)]


def test_a_credit_of_the_same_currency_absorbs_what_is_overdue() -> None:
    world = World()
    customer = make_customer(world)
    make_invoice(world, customer, "AR1", 2_000_000)
    post(world, customer, "HZ1", "credit_note", 50_000)
    assert defaults_of(world) == []


def test_credits_of_one_currency_leave_what_is_overdue_in_another() -> None:
    """20,000.00 CNY are overdue; in USD the customer has 5,000.00 to its credit beyond the 0.01 it owes."""
    world = World()
    customer = make_customer(world)
    make_invoice(world, customer, "AR1", 2_000_000)
    make_invoice(world, customer, "AR2", 1, currency="USD", functional_amount=7)
    post(world, customer, "HZ1", "credit_note", 500_001, currency="USD", functional_amount=3_600_007)
    assert defaults_of(world) == [("a", OVERDUE_FROM)]


def refuse(world: World, customer: Customer, method: str) -> None:
    """A paper that is refused on Wednesday 2025-01-15 and never replaced."""
    invoice = make_invoice(world, customer, f"AR-{method}", 100_000)
    bill = Bill(
        number=method, receipt=Entry("receipt", "CN01", DUE, {}), customer=customer, invoice=invoice,
        method=method, acceptor="", acceptor_kind="", amount=100_000, received_on=DUE,
        matures_on=date(2025, 1, 15), life="dishonoured",
    )  # fmt: skip
    bill.events.append((date(2025, 1, 15), "dishonoured", None))
    world.bills.append(bill)


def test_a_dishonoured_commercial_bill_is_a_default_after_five_business_days() -> None:
    world = World()
    refuse(world, make_customer(world), "commercial_acceptance")
    # Thursday, Friday, Monday, Tuesday, Wednesday 2025-01-22
    assert defaults_of(world) == [("e", date(2025, 1, 23))]


def test_a_dishonoured_certificate_or_bank_bill_is_no_default() -> None:
    world = World()
    customer = make_customer(world)
    refuse(world, customer, "receivable_certificate")
    refuse(world, customer, "bank_acceptance")
    assert defaults_of(world) == []
