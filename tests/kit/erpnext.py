"""A small ERPNext database, on SQLite or on a real MariaDB, as one of its versions keeps it.

Belongs here: the tables that the profile reads with the columns and types of a version, and documents to fill them
with. Must not: expectations.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from tests.kit.mariadb import Server

LINK, MONEY, CHECK, NUMBER, DATE, TIME, TEXT = (
    *("varchar(140)", "decimal(21, 9) not null default 0", "tinyint not null default 0"),
    *("int not null default 0", "date", "datetime(6)", "text"),
)
_CHILD = {"name": LINK, "parent": LINK, "parenttype": LINK, "idx": NUMBER}
# of every table the columns that versions 14 and 15 have
COLUMNS: Mapping[str, Mapping[str, str]] = {
    "tabCompany": {"name": LINK, "exchange_gain_loss_account": LINK},
    "tabCustomer": {
        **dict.fromkeys(("name", "customer_name", "customer_type", "territory", "tax_id", "industry"), LINK),
        **dict.fromkeys(
            ("represents_company", "payment_terms", "account_manager", "mobile_no", "email_id"), LINK
        ),
        "disabled": CHECK,
        "is_frozen": CHECK,
        "creation": TIME,
        "customer_primary_contact": LINK,
        "primary_address": TEXT,
    },
    "tabSales Invoice": {
        "name": LINK,
        "docstatus": NUMBER,
        "company": LINK,
        "customer": LINK,
        "posting_date": DATE,
        "due_date": DATE,
        "currency": LINK,
        **dict.fromkeys(("grand_total", "rounded_total", "base_grand_total", "base_rounded_total"), MONEY),
        "total_taxes_and_charges": MONEY,
        "is_return": CHECK,
        "return_against": LINK,
        "is_debit_note": CHECK,
        **dict.fromkeys(("is_opening", "payment_terms_template", "po_no", "project", "debit_to"), LINK),
        "sales_partner": LINK,
        "amended_from": LINK,
    },
    "tabSales Invoice Item": {**_CHILD, "sales_order": LINK},
    "tabSales Team": {**_CHILD, "sales_person": LINK},
    "tabPayment Schedule": {**_CHILD, "due_date": DATE, "payment_amount": MONEY},
    "tabPayment Entry": {
        "name": LINK,
        "docstatus": NUMBER,
        "company": LINK,
        "payment_type": LINK,
        "party_type": LINK,
        "party": LINK,
        "posting_date": DATE,
        "clearance_date": DATE,
        **dict.fromkeys(
            ("paid_amount", "received_amount", "base_paid_amount", "base_received_amount"), MONEY
        ),
        **dict.fromkeys(("paid_from_account_currency", "paid_to_account_currency", "mode_of_payment"), LINK),
        **dict.fromkeys(("reference_no", "paid_from", "paid_to", "bank_account"), LINK),
    },
    "tabPayment Entry Reference": {
        **_CHILD,
        "reference_doctype": LINK,
        "reference_name": LINK,
        "allocated_amount": MONEY,
    },
    "tabPayment Entry Deduction": {**_CHILD, "account": LINK, "amount": MONEY},
    "tabJournal Entry": {
        "name": LINK,
        "docstatus": NUMBER,
        "company": LINK,
        "voucher_type": LINK,
        "posting_date": DATE,
        "due_date": DATE,
        "cheque_no": LINK,
        "user_remark": TEXT,
    },
    "tabJournal Entry Account": {
        **_CHILD,
        "party_type": LINK,
        "party": LINK,
        "account": LINK,
        "account_currency": LINK,
        **dict.fromkeys(
            ("debit_in_account_currency", "credit_in_account_currency", "debit", "credit"), MONEY
        ),
        "reference_type": LINK,
        "reference_name": LINK,
    },
    "tabPayment Terms Template Detail": {
        **_CHILD,
        "due_date_based_on": LINK,
        "credit_days": NUMBER,
        "credit_months": NUMBER,
        "invoice_portion": MONEY,
        "discount_type": LINK,
        "discount": MONEY,
        "discount_validity_based_on": LINK,
        "discount_validity": NUMBER,
    },
    "tabCurrency Exchange": {
        "name": LINK,
        "date": DATE,
        "from_currency": LINK,
        "to_currency": LINK,
        "exchange_rate": MONEY,
    },
}
# what version 15 has beyond them
NEW = {
    "tabSales Invoice": {"update_outstanding_for_self": CHECK},
    "tabPayment Entry Reference": {"reconcile_effect_on": DATE},
    "tabPayment Entry Deduction": {"is_exchange_gain_loss": CHECK},
}
COMPANY, CUSTOMER, ACCOUNT, EXCHANGE_ACCOUNT = "Example", "C1", "Debtors - E", "Exchange Gain/Loss - E"


def columns_of(table: str, *, version: int, own: Sequence[str] = ()) -> dict[str, str]:
    """Columns of a table with their types on MariaDB; `own` are fields of the company's own, of texts."""
    prefix = "custom_" if version >= 15 else ""
    columns = {**COLUMNS[table], **(NEW.get(table, {}) if version >= 15 else {})}
    return columns | {f"{prefix}{name}": LINK for name in own}


@dataclass
class Erpnext:
    """A company in euro with one customer. Rows that are not submitted say so by their docstatus.

    `own` names fields of the company's own by table; rows give them without any prefix.
    """

    version: int = 15
    own: Mapping[str, Sequence[str]] = field(default_factory=dict)
    rows: defaultdict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    numbers: "count[int]" = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        self.add("tabCompany", name=COMPANY, exchange_gain_loss_account=EXCHANGE_ACCOUNT)

    def add(self, table: str, **row: Any) -> None:
        prefix = "custom_" if self.version >= 15 else ""
        own = self.own.get(table, ())
        self.rows[table].append({f"{prefix}{c}" if c in own else c: value for c, value in row.items()})

    def customer(self, name: str = CUSTOMER, **columns: Any) -> None:
        given = {"customer_name": name, "customer_type": "Company", "creation": "2025-03-31 23:59:58.123456"}
        self.add("tabCustomer", name=name, **{**given, **columns})

    def invoice(self, name: str, amount: float, **columns: Any) -> None:
        given = {
            "docstatus": 1,
            "company": COMPANY,
            "customer": CUSTOMER,
            "posting_date": "2026-01-10",
            "due_date": "2026-02-09",
            "currency": "EUR",
            "grand_total": amount,
            "base_grand_total": amount,
            "is_opening": "No",
            "debit_to": ACCOUNT,
            "is_return": int(amount < 0),
        }
        self.add("tabSales Invoice", name=name, **{**given, **columns})

    def line(self, table: str, parent: str, parenttype: str, **columns: Any) -> None:
        """A row of a child table."""
        number = sum(1 for row in self.rows[table] if row["parent"] == parent) + 1
        name = f"line{next(self.numbers)}"
        self.add(
            table, **{"name": name, "parent": parent, "parenttype": parenttype, "idx": number, **columns}
        )

    def payment(self, name: str, amount: float, *settled: tuple[str, str, float], **columns: Any) -> None:
        """A payment; what it settles is a type, a name and an amount."""
        given = {
            "docstatus": 1,
            "company": COMPANY,
            "payment_type": "Receive",
            "party_type": "Customer",
            "party": CUSTOMER,
            "posting_date": "2026-02-01",
            "paid_from": ACCOUNT,
            "paid_to": "Bank - E",
            "paid_from_account_currency": "EUR",
            "paid_to_account_currency": "EUR",
            **dict.fromkeys(
                ("paid_amount", "received_amount", "base_paid_amount", "base_received_amount"), amount
            ),
        }
        self.add("tabPayment Entry", name=name, **{**given, **columns})
        for kind, target, allocated in settled:
            self.line(
                *("tabPayment Entry Reference", name, "Payment Entry"),
                reference_doctype=kind,
                reference_name=target,
                allocated_amount=allocated,
            )

    def entry(
        self, name: str, *lines: tuple[float, str, str], kind: str = "Journal Entry", docstatus: int = 1
    ) -> None:
        """A journal entry; a line of the customer is a signed amount and what it refers to."""
        self.add("tabJournal Entry", name=name, docstatus=docstatus, company=COMPANY, voucher_type=kind,
                 posting_date="2026-02-01", user_remark=f"remark of {name}")  # fmt: skip
        for amount, reference_type, reference_name in lines:
            sides = {"debit": max(amount, 0), "credit": max(-amount, 0)}
            self.line(
                *("tabJournal Entry Account", name, "Journal Entry"),
                party_type="Customer",
                party=CUSTOMER,
                account=ACCOUNT,
                account_currency="EUR",
                **{**sides, **{f"{side}_in_account_currency": value for side, value in sides.items()}},
                reference_type=reference_type or None,
                reference_name=reference_name or None,
            )
        self.line("tabJournal Entry Account", name, "Journal Entry", account="Other - E", debit=1)

    def _typed(self) -> dict[str, dict[str, str]]:
        return {t: columns_of(t, version=self.version, own=self.own.get(t, ())) for t in COLUMNS}

    def on_sqlite(self, path: Path) -> str:
        """Write it; the DSN."""
        with closing(sqlite3.connect(path)) as connection:
            for table, columns in self._typed().items():
                # SQLite has no decimals
                typed = (
                    f'"{name}" {kind.replace("decimal(21, 9)", "real")}' for name, kind in columns.items()
                )
                connection.execute(f'create table "{table}" ({", ".join(typed)})')
                for row in self.rows[table]:
                    names = ", ".join(f'"{name}"' for name in row)
                    marks = ", ".join("?" for _ in row)
                    connection.execute(
                        f'insert into "{table}" ({names}) values ({marks})', tuple(row.values())
                    )
            connection.commit()
        return f"sqlite://{path}"

    def on_mariadb(self, server: Server) -> str:
        """Write it into a database of its own; the DSN."""
        return fill_database(server, self.rows, typed=self._typed())


def fill_database(
    server: Server, rows: Mapping[str, Sequence[Mapping[str, Any]]], *, typed: Mapping[str, Mapping[str, str]]
) -> str:
    """A new database with tables of typed columns, indexed as ERPNext does, and their rows; its DSN."""
    statements = []
    for table, columns in typed.items():
        described = [f"`{column}` {kind}" for column, kind in columns.items()]
        described += ["primary key (name)"] + (["index (parent)"] if "parent" in columns else [])
        statements.append(
            f"create table `{table}` ({', '.join(described)}) engine = InnoDB row_format = dynamic"
        )
    database = server.new_database(*statements)
    for table in typed:
        by_columns = defaultdict(list)
        for row in rows.get(table, ()):
            by_columns[tuple(row)].append(row)
        for alike in by_columns.values():
            server.load(database, table, alike)
    return server.dsn(database)


def demo_types(table: str, columns: Sequence[str]) -> dict[str, str]:
    """Types on MariaDB of the columns that the demo company fills."""
    known = columns_of(table, version=15)
    return {name: known.get(name, TEXT).replace(" not null default 0", "") for name in columns}
