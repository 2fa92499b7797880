"""A small Odoo database, on SQLite or on a real PostgreSQL, as one of its versions keeps it.

Belongs here: the tables that the profile reads with the columns and types of a version, and entries to fill them with.
Must not: expectations.
"""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.kit.postgresql import Server

Rows = Mapping[str, list[dict[str, Any]]]

# of every table the columns that each version from 14 to 18 has
COLUMNS: Mapping[str, Mapping[str, str]] = {
    "res_partner": {
        "name": "varchar",
        "ref": "varchar",
        "company_id": "integer",
        "parent_id": "integer",
        "commercial_partner_id": "integer",
        "vat": "varchar",
        "is_company": "boolean",
        "active": "boolean",
        "country_id": "integer",
        "state_id": "integer",
        "industry_id": "integer",
        "user_id": "integer",
        "customer_rank": "integer",
        "create_date": "timestamp",
        "phone": "varchar",
        "email": "varchar",
        "street": "varchar",
    },
    "res_company": {
        "name": "varchar",
        "partner_id": "integer",
        "currency_id": "integer",
        "currency_exchange_journal_id": "integer",
    },
    "res_country": {"code": "varchar"},
    "res_country_state": {"name": "varchar"},
    "res_partner_industry": {"name": "translated"},
    "res_users": {"partner_id": "integer"},
    "res_partner_bank": {"acc_number": "varchar"},
    "res_currency": {"name": "varchar"},
    "res_currency_rate": {
        "name": "date",
        "currency_id": "integer",
        "company_id": "integer",
        "rate": "numeric",
    },
    "account_account": {"name": "translated"},
    "account_journal": {"code": "varchar", "type": "varchar", "bank_account_id": "integer"},
    "account_payment_term": {"name": "translated", "company_id": "integer"},
    "account_payment_term_line": {
        "payment_id": "integer",
        "value": "varchar",
        "value_amount": "double precision",
    },
    "account_move": {
        "name": "varchar",
        "move_type": "varchar",
        "state": "varchar",
        "date": "date",
        "invoice_date": "date",
        "invoice_date_due": "date",
        "company_id": "integer",
        "journal_id": "integer",
        "commercial_partner_id": "integer",
        "invoice_payment_term_id": "integer",
        "invoice_user_id": "integer",
        "ref": "varchar",
        "invoice_origin": "varchar",
        "amount_tax": "numeric",
    },
    "account_move_line": {
        "move_id": "integer",
        "account_id": "integer",
        "partner_id": "integer",
        "currency_id": "integer",
        "date_maturity": "date",
        "name": "varchar",
        "reconciled": "boolean",
        "amount_currency": "numeric",
        "debit": "numeric",
        "credit": "numeric",
    },
    "account_partial_reconcile": {
        "debit_move_id": "integer",
        "credit_move_id": "integer",
        "max_date": "date",
        "debit_amount_currency": "numeric",
        "credit_amount_currency": "numeric",
        "create_date": "timestamp",
    },
}
# kind of account -> what each generation calls it
ACCOUNT_TYPES = {
    "receivable": ("asset_receivable", "receivable", "asset"),
    "payable": ("liability_payable", "payable", "liability"),
    "bank": ("asset_cash", "liquidity", "asset"),
    "expense": ("expense", "other", "expense"),
    "income": ("income", "other", "income"),
    "other": ("asset_current", "other", "asset"),
}
# what a line of a payment term says, by the version in which it began to say so (14 as 15)
TERM_LINES: Mapping[int, Mapping[str, str]] = {
    15: {"option": "varchar", "days": "integer", "day_of_the_month": "integer"},
    16: {
        "months": "integer",
        "days": "integer",
        "end_month": "boolean",
        "days_after": "integer",
        "discount_percentage": "double precision",
        "discount_days": "integer",
    },
    17: {"delay_type": "varchar", "nb_days": "integer", "days_next_month": "varchar"},
}
COMPANY, CUSTOMER, EUR, USD, EXCHANGE = 1, 11, 1, 2, 4
JOURNALS = {"sale": 1, "bank": 2, "general": 3, "exchange": EXCHANGE}
ACCOUNTS = {"receivable": 1, "payable": 2, "bank": 3, "expense": 4, "income": 5, "other": 6, "discount": 7}


def columns_of(table: str, *, version: int) -> dict[str, str]:
    """Columns of a table with their types on PostgreSQL."""
    columns = {"id": "integer", **COLUMNS[table]}
    if table == "account_account":
        columns |= {"account_type": "varchar"} if version >= 16 else {"internal_type": "varchar"}
        columns |= {"code_store": "jsonb"} if version >= 18 else {"code": "varchar"}
        if version < 18:
            columns |= {"internal_group": "varchar"}
    if table == "res_company" and version >= 16:
        columns["account_journal_early_pay_discount_loss_account_id"] = "integer"
    if table == "account_payment_term" and version >= 17:
        columns |= {
            "early_discount": "boolean",
            "discount_percentage": "double precision",
            "discount_days": "integer",
        }
    if table == "account_payment_term_line":
        columns |= TERM_LINES[min(max(version, 15), 17)]
    if table == "account_move" and version >= 17:
        columns["delivery_date"] = "date"
    translated = "jsonb" if version >= 16 else "varchar"
    return {name: translated if kind == "translated" else kind for name, kind in columns.items()}


@dataclass
class Odoo:
    """A company in euro with one customer; entries are balanced by whoever adds them."""

    version: int = 17
    rows: defaultdict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        self._add("res_currency", id=EUR, name="EUR")
        self._add("res_currency", id=USD, name="USD")
        self._add("res_partner", id=10, name="Example", commercial_partner_id=10, active=True)
        self._add("res_partner", id=CUSTOMER, name="Customer", ref="C1", commercial_partner_id=CUSTOMER,
                  active=True, is_company=True, customer_rank=1)  # fmt: skip
        self._add(
            "res_partner",
            id=12,
            name="Buyer",
            parent_id=CUSTOMER,
            commercial_partner_id=CUSTOMER,
            active=True,
        )
        self._add("res_company", id=COMPANY, name="Example", partner_id=10, currency_id=EUR,
                  currency_exchange_journal_id=EXCHANGE,
                  account_journal_early_pay_discount_loss_account_id=ACCOUNTS["discount"])  # fmt: skip
        for kind, number in JOURNALS.items():
            self._add("account_journal", id=number, code=kind, type="general" if kind == "exchange" else kind)
        for kind, number in ACCOUNTS.items():
            now, before, group = ACCOUNT_TYPES["expense" if kind == "discount" else kind]
            code = f"40{number:02}"
            self._add("account_account", id=number, account_type=now, internal_type=before, internal_group=group,
                      code=code, code_store=json.dumps({"1": code}), name=self.translated(kind))  # fmt: skip

    def translated(self, text: str) -> str:
        return json.dumps({"en_US": text, "fr_FR": f"fr {text}"}) if self.version >= 16 else text

    def _add(self, table: str, **row: Any) -> int:
        number: int = row.setdefault("id", len(self.rows[table]) + 1)
        self.rows[table].append(row)
        return number

    def term(self, name: str, *lines: Mapping[str, Any], **columns: Any) -> int:
        """A payment term; a line says no amount where it is for all that is left."""
        term = self._add("account_payment_term", name=self.translated(name), **columns)
        last = {"value": "balance"} if self.version < 17 else {"value": "percent", "value_amount": 100}
        for line in lines:
            self._add("account_payment_term_line", **{"payment_id": term, **last, **line})
        return term

    def move(
        self,
        name: str,
        *lines: tuple[str, float] | tuple[str, float, str],
        day: str = "2026-01-10",
        move_type: str = "entry",
        journal: str = "general",
        state: str = "posted",
        reconciled: bool = False,
        currency: int = EUR,
        functional: tuple[float, ...] = (),
        **columns: Any,
    ) -> list[int]:
        """An entry; a line is an account, a signed amount and perhaps a due date. Returns the lines' numbers."""
        move = self._add("account_move", name=name, move_type=move_type, state=state, date=day, company_id=COMPANY,
                         journal_id=JOURNALS[journal], commercial_partner_id=CUSTOMER, **columns)  # fmt: skip
        numbers = []
        booked = functional or tuple(line[1] for line in lines)
        for (account, amount, *due), value in zip(lines, booked, strict=True):
            numbers.append(
                self._add(
                    "account_move_line",
                    move_id=move,
                    account_id=ACCOUNTS[account],
                    partner_id=12,
                    currency_id=currency,
                    amount_currency=amount,
                    debit=max(value, 0),
                    credit=max(-value, 0),
                    reconciled=reconciled,
                    date_maturity=due[0] if due else None,
                )
            )
        return numbers

    def invoice(self, name: str, amount: float, **columns: Any) -> int:
        """A sale with one due date; returns its receivable line."""
        kind = "out_refund" if amount < 0 else "out_invoice"
        given = {
            "move_type": kind,
            "journal": "sale",
            "invoice_date": "2026-01-10",
            "amount_tax": 0,
            **columns,
        }
        return self.move(name, ("receivable", amount, "2026-02-09"), ("income", -amount), **given)[0]

    def match(
        self, debit: int, credit: int, amount: float, *, day: str = "2026-02-01", used: float = 0
    ) -> int:
        return self._add("account_partial_reconcile", debit_move_id=debit, credit_move_id=credit, max_date=day,
                         debit_amount_currency=amount, credit_amount_currency=used or amount,
                         create_date="2027-05-05 10:00:00")  # fmt: skip

    def on_sqlite(self, path: Path) -> str:
        """Write it; the DSN."""
        with closing(sqlite3.connect(path)) as connection:
            for table in COLUMNS:
                columns = columns_of(table, version=self.version)
                connection.execute(f'create table "{table}" ({", ".join(columns)})')
                marks = ", ".join("?" for _ in columns)
                cells = [[row.get(column) for column in columns] for row in self.rows[table]]
                connection.executemany(f'insert into "{table}" values ({marks})', cells)
            connection.commit()
        return f"sqlite://{path}"

    def on_postgresql(self, server: Server, *, database: str) -> str:
        """Write it over what is in the database; the DSN."""
        typed = {table: columns_of(table, version=self.version) for table in COLUMNS}
        return fill_database(server, self.rows, database=database, typed=typed)


def fill_database(
    server: Server, rows: Rows, *, database: str, typed: Mapping[str, Mapping[str, str]]
) -> str:
    """Tables of typed columns and their rows instead of what is in the database; its DSN."""
    statements = ["drop schema public cascade", "create schema public"]
    for table, columns in typed.items():
        described = ", ".join(f'"{column}" {kind}' for column, kind in columns.items())
        statements.append(f'create table "{table}" ({described})')
        for row in rows.get(table, []):
            cells = ", ".join(f"cast({_literal(row.get(c))} as {kind})" for c, kind in columns.items())
            statements.append(f'insert into "{table}" values ({cells})')
    # one statement, so that it is one journey to the server
    server.run(database, f"do $fill$ begin {'; '.join(statements)}; end $fill$")
    return server.dsn(database)


def _literal(value: Any) -> str:
    return "null" if value is None else "'" + str(value).replace("'", "''") + "'"
