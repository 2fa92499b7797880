"""Customers and documents made by hand, for tests of single rules of the simulator.

Belongs here: objects with defaults that no rule looks at. Must not: expectations, simulated companies (conftest.py).
"""

from datetime import date, timedelta

from ingest.simulator.companies import CHINA
from ingest.simulator.model import Company, Customer, Entry, Invoice, Part, Value, World
from ingest.simulator.terms import CHINESE_TERMS

DUE = date(2025, 1, 10)
POSTED = DUE - timedelta(days=30)


def make_customer(
    world: World, *, company: Company = CHINA, name: str = "苏州恒昌机械制造有限公司"
) -> Customer:
    fields: dict[str, Value] = {
        "company_code": company.code, "customer_id": "K00001", "customer_type": "enterprise",
        "related_party": "none",
    }  # fmt: skip
    entry = world.add(Entry("customer", company.code, date(2023, 6, 1), fields))
    is_chinese = company.country == "CN"
    return Customer(
        company=company, number="K00001", name=name, language="zh" if is_chinese else "en",
        currencies=(company.functional,), terms=CHINESE_TERMS[2], character="punctual",
        turns_on=date(2024, 12, 1), payment_weekday=None, pays_in_functional=False, is_project=False,
        is_intragroup=False, price=1, monthly_rate=1, bank_account="6228", collector="", sales_owner="",
        has_contract=False, entry=entry,
    )  # fmt: skip


def post(world: World, customer: Customer, number: str, kind: str, amount: int, **fields: Value) -> Entry:
    """A document, posted a month before DUE and due on it."""
    company = customer.company
    row: dict[str, Value] = {
        "company_code": company.code, "document_type": kind, "customer_id": customer.number,
        "document_date": POSTED, "posting_date": POSTED, "due_date": DUE, "currency": company.functional,
        "amount": amount, "tax_amount": 0,
    }  # fmt: skip
    entry = Entry("document", company.code, POSTED, {**row, **fields}, "document_id", number)
    return world.add(entry)


def make_invoice(
    world: World, customer: Customer, number: str, amount: int, *, fate: str = "", **fields: Value
) -> Invoice:
    entry = post(world, customer, number, "invoice", amount, **fields)
    currency = str(entry.fields["currency"])
    parts = [Part(1, DUE, amount)]
    invoice = Invoice(entry, customer, POSTED, POSTED, currency, amount, customer.terms, parts, fate)
    world.invoices.append(invoice)
    return invoice
