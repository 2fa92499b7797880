"""Rows of Odoo's tables, every column of a table in every row, numbered as they come.

Belongs here: columns, numbers, master rows that are made when they are first asked for. Must not: what the demo group
did (odoo.py).
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import count
from json import dumps

from ingest.simulator.dialects.model import Stored, StoredValue

OWN = "x_studio_"
# the counterpart account says what a credit to a receivable account is
COUNTERPARTS = {
    "receipt": ("1002", "asset_cash"),
    "discount": ("6603.02", "expense"),
    "write_off": ("6702", "expense"),
    "offset": ("2202", "liability_payable"),
    "document": ("6001", "income"),
}
# kinds that Odoo tells by the type of the entry
MOVE_TYPES = {"invoice": "out_invoice", "credit_note": "out_refund"}
OWN_MOVE_FIELDS = {
    "terms_basis": "terms_basis",
    "invoice_received_on": "invoice_received_on",
    "accepted_on": "accepted_on",
    "contract": "contract_id",
    "project": "project",
    "replaces": "replaces_document_id",
    "billed_by": "billed_by_document_id",
    "cancelled_on": "cancelled_on",
}
OWN_RECEIPT_FIELDS = {
    "received_on": "receipt_date",
    "cleared_on": "cleared_on",
    "method": "method",
    "bill": "bill_id",
    "bill_maturity": "maturity_date",
    "acceptor": "acceptor",
    "acceptor_kind": "acceptor_kind",
    "status": "status",
    "status_date": "status_date",
}
OWN_PARTNER_FIELDS = {
    "payment_terms": "payment_terms",
    "deal_nature": "deal_nature",
    "ownership": "ownership",
    "size_class": "size_class",
    "relation": "related_party",
    "guarantor": "guarantor_customer_id",
    "collector": "collector",
    "contact": "contact_name",
}


def amount_of(text: str) -> float | None:
    """SQLite has no decimals; a double gives cents back exactly to 15 digits."""
    return float(text) if text else None


def translated(text: str) -> str:
    """A translated text is stored by language."""
    return dumps({"en_US": text, "zh_CN": text}, ensure_ascii=False)


@dataclass
class Rows:
    """The tables, and the numbers that their rows have got. The company is number 1 in every one of them."""

    tables: defaultdict[str, list[Stored]] = field(default_factory=lambda: defaultdict(list))
    numbers: dict[tuple[str, str], int] = field(default_factory=dict)
    next_number: "count[int]" = field(default_factory=lambda: count(1))

    def add(self, table: str, **columns: StoredValue) -> int:
        number = next(self.next_number)
        self.tables[table].append({"id": number, **columns})
        return number

    def once(self, table: str, key: str, make: Callable[[], Mapping[str, StoredValue]]) -> int:
        """The row of a master table with this key; made when it is first asked for."""
        if (table, key) not in self.numbers:
            self.numbers[table, key] = 0
            self.numbers[table, key] = self.add(table, **make())
        return self.numbers[table, key]

    def currency(self, code: str) -> int:
        return self.once("res_currency", code, lambda: {"name": code})

    def account(self, code: str, account_type: str) -> int:
        return self.once(
            "account_account",
            code,
            lambda: {"code": code, "account_type": account_type, "name": translated(code)},
        )

    def user(self, name: str) -> int | None:
        if not name:
            return None
        return self.once("res_users", name, lambda: {"partner_id": self.person(name)})

    def person(self, name: str) -> int:
        return self.once("res_partner", f"user:{name}", lambda: partner_columns(name=name))

    def journal(self, kind: str, bank_account: str = "") -> int:
        def make() -> Mapping[str, StoredValue]:
            bank = (
                self.once("res_partner_bank", bank_account, lambda: {"acc_number": bank_account})
                if bank_account
                else None
            )
            return {"code": f"{kind[:3].upper()}{bank or ''}", "type": kind, "bank_account_id": bank}

        return self.once("account_journal", f"{kind}:{bank_account}", make)


def partner_columns(**columns: StoredValue) -> Mapping[str, StoredValue]:
    """A partner; every column is there in every row."""
    names = (
        *("name", "ref", "company_id", "parent_id", "commercial_partner_id", "vat", "is_company", "active"),
        *("country_id", "state_id", "industry_id", "user_id", "customer_rank", "create_date"),
        *("phone", "email", "street", f"{OWN}credit_status"),
        *(f"{OWN}{name}" for name in OWN_PARTNER_FIELDS),
    )
    return {name: columns.get(name) for name in names}


def add_move(rows: Rows, **columns: StoredValue) -> int:
    names = (
        *(
            "name",
            "move_type",
            "state",
            "date",
            "invoice_date",
            "invoice_date_due",
            "company_id",
            "journal_id",
        ),
        *("commercial_partner_id", "invoice_payment_term_id", "invoice_user_id", "ref", "invoice_origin"),
        *("amount_tax", "delivery_date", f"{OWN}kind"),
        *(f"{OWN}{name}" for name in (*OWN_MOVE_FIELDS, *OWN_RECEIPT_FIELDS)),
    )
    return rows.add("account_move", **{name: columns.get(name) for name in names})


def add_line(rows: Rows, *, amount: float, functional: float | None, **columns: StoredValue) -> int:
    """A journal item; what the currency of the company has no value for keeps debit and credit empty."""
    booked = amount if functional is None and columns["is_home"] else functional
    names = ("move_id", "account_id", "partner_id", "currency_id", "date_maturity", "name", "reconciled")
    own = (f"{OWN}retention", f"{OWN}unconditional_on")
    return rows.add(
        "account_move_line",
        **{name: columns.get(name) for name in (*names, *own)},
        amount_currency=amount,
        debit=None if booked is None else max(booked, 0.0),
        credit=None if booked is None else max(-booked, 0.0),
    )
