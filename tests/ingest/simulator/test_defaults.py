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
from ingest.simulator.defaults import Default, find_defaults
from ingest.simulator.model import Bill, Customer, Entry, Invoice, Part, Value, World
from ingest.simulator.rates import make_rates
from ingest.simulator.terms import CHINESE_TERMS

DUE = date(2025, 1, 10)
OVERDUE_FROM = date(2025, 4, 11)
RATES = make_rates(Random("defaults"))


def make_customer(world: World) -> Customer:
    fields: dict[str, Value] = {"company_code": "CN01", "customer_id": "K00001", "related_party": "none"}
    entry = world.add(Entry("customer", "CN01", date(2023, 6, 1), fields))
    return Customer(
        company=CHINA, number="K00001", name="苏州恒昌机械制造有限公司", language="zh", currencies=("CNY",),
        terms=CHINESE_TERMS[2], character="failing", turns_on=date(2024, 12, 1), payment_weekday=None,
        pays_in_functional=False, is_project=False, is_intragroup=False, price=1, monthly_rate=1,
        bank_account="6228", collector="", sales_owner="", has_contract=False, entry=entry,
    )  # fmt: skip


def post(world: World, number: str, kind: str, amount: int, **fields: Value) -> Entry:
    """A document of the customer, posted a month before the due date of the invoices."""
    on = DUE - timedelta(days=30)
    row: dict[str, Value] = {
        "company_code": "CN01", "document_type": kind, "customer_id": "K00001", "document_date": on,
        "posting_date": on, "due_date": DUE, "currency": "CNY", "amount": amount,
    }  # fmt: skip
    return world.add(
        Entry("document", "CN01", on, {**row, **fields}, identifier="document_id", number=number)
    )


def invoice(world: World, customer: Customer, number: str, amount: int, **fields: Value) -> Invoice:
    entry = post(world, number, "invoice", amount, **fields)
    currency = str(entry.fields["currency"])
    on = DUE - timedelta(days=30)
    made = Invoice(entry, customer, on, on, currency, amount, customer.terms, [Part(1, DUE, amount)])
    world.invoices.append(made)
    return made


def defaults_of(world: World) -> list[Default]:
    tables = make_book(world, contract=load_contract())["CN01"]
    return find_defaults(world, tables, company=CHINA, rates=RATES, events=[])


def test_an_invoice_of_the_floor_is_a_default_on_its_ninety_first_day() -> None:
    world = World()
    customer = make_customer(world)
    invoice(world, customer, "AR1", 2_000_000)
    assert [(one.criterion, one.on) for one in defaults_of(world)] == [("a", DUE + timedelta(days=91))]


def test_a_revaluation_is_no_credit() -> None:
    """20,000.00 CNY are owed; a journal takes 500.00 off the books, and owes nobody anything."""
    world = World()
    customer = make_customer(world)
    invoice(world, customer, "AR1", 2_000_000)
    post(world, "HD1", "debit_note", 0, functional_amount=-50_000)
    assert [(one.criterion, one.on) for one in defaults_of(world)] == [("a", OVERDUE_FROM)]


def test_a_credit_of_the_same_currency_absorbs_what_is_overdue() -> None:
    world = World()
    customer = make_customer(world)
    invoice(world, customer, "AR1", 2_000_000)
    post(world, "HZ1", "credit_note", 50_000)
    assert defaults_of(world) == []


def test_credits_of_one_currency_leave_what_is_overdue_in_another() -> None:
    """20,000.00 CNY are overdue; in USD the customer has 5,000.00 to its credit beyond the 0.01 it owes."""
    world = World()
    customer = make_customer(world)
    invoice(world, customer, "AR1", 2_000_000)
    invoice(world, customer, "AR2", 1, currency="USD", functional_amount=7)
    post(world, "HZ1", "credit_note", 500_001, currency="USD", functional_amount=3_600_007)
    assert [(one.criterion, one.on) for one in defaults_of(world)] == [("a", OVERDUE_FROM)]


def refuse(world: World, customer: Customer, method: str) -> None:
    """A paper that is refused on Wednesday 2025-01-15 and never replaced."""
    paid = invoice(world, customer, f"AR-{method}", 100_000)
    receipt = Entry("receipt", "CN01", DUE, {})
    bill = Bill(
        number=method, receipt=receipt, customer=customer, invoice=paid, method=method, acceptor="",
        acceptor_kind="", amount=100_000, received_on=DUE, matures_on=date(2025, 1, 15), life="dishonoured",
    )  # fmt: skip
    bill.events.append((date(2025, 1, 15), "dishonoured", None))
    world.bills.append(bill)


def test_a_dishonoured_commercial_bill_is_a_default_after_five_business_days() -> None:
    world = World()
    refuse(world, make_customer(world), "commercial_acceptance")
    # Thursday, Friday, Monday, Tuesday, Wednesday 2025-01-22
    assert [(one.criterion, one.on) for one in defaults_of(world)] == [("e", date(2025, 1, 23))]


def test_a_dishonoured_certificate_or_bank_bill_is_no_default() -> None:
    world = World()
    customer = make_customer(world)
    refuse(world, customer, "receivable_certificate")
    refuse(world, customer, "bank_acceptance")
    assert defaults_of(world) == []
