"""A small hand-made release file, for tests of the dashboard alone.

Belongs here: rows made by hand in the shape of the published contract, and the swap that publishes them. Does
not: the warehouse's own logic (tests/dbt proves that); the aging and trend rows are derived by the slowest,
plainest SQL from the hand-made balances, so that a page can be checked against them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb

from orchestration.candidate import create_macros

AS_OF = date(2026, 6, 30)
KNOWN_AT = datetime(2026, 6, 30, 23, 10)
RESTATED_AT = datetime(2026, 5, 6, 1, 0)
FIRST_KNOWN_AT = datetime(2025, 1, 1, 1, 0)
OPEN_END = datetime(9999, 12, 31)
SCHEMA = Path(__file__).with_name("sample_schema.sql")
MACROS = Path(__file__).parents[2] / "dbt" / "published_macros"
DERIVED = Path(__file__).with_name("sample_derived.sql")
# what single pages read beside it: one file per page, named like it, after the relations that several pages share
PAGES = Path(__file__).with_name("sample")

RATE = {
    ("CNY", "CNY"): "1",
    ("EUR", "CNY"): "7.8",
    ("USD", "CNY"): "7.1",
    ("EUR", "EUR"): "1",
    ("USD", "EUR"): "0.91",
}
FUNCTIONAL = {"CN01": "CNY", "DE01": "EUR"}


@dataclass(frozen=True)
class Item:
    """One open item: what opened it and the settlements (day, amount, movement kind) that reduced it."""

    company: str
    customer: str
    number: str
    kind: str
    currency: str
    document_date: str
    due_date: str
    amount: str
    settled: tuple[tuple[str, str, str], ...] = ()
    receivable_class: str = "trade"
    agreed_due_date: str | None = None
    known_from: datetime = FIRST_KNOWN_AT
    known_to: datetime = OPEN_END
    disputed: str = "0"
    # made by a row of the instalments, not of the documents
    is_instalment: bool = False
    # of a revaluation, which has no document amount to be converted
    functional: str | None = None

    def in_functional(self, amount: Decimal, *, rate: Decimal) -> Decimal:
        """An amount of the item in the currency of the books."""
        return Decimal(self.functional) if self.functional else (amount * rate).quantize(Decimal("0.01"))


CUSTOMERS = [
    ("CN01", "C001", "上海远景建设工程有限公司", "project", "none", "active", "王芳", "赵雪", "华东"),
    ("CN01", "C002", "Guangdong Brightline Retail", "retail_chain", "none", "active", "李强", "何俊", "华南"),
    ("CN01", "C003", '=HYPERLINK("x")电子厂', "manufacturer", "none", "hold", "王芳", "赵雪", "华南"),
    ("CN01", "C004", "北京恒信贸易有限公司", "other", "none", "active", "李强", "何俊", "华北"),
    (
        "CN01",
        "C900",
        "Arrears Deutschland GmbH (intragroup)",
        "other",
        "group",
        "active",
        "王芳",
        "赵雪",
        "DACH",
    ),
    (
        "DE01",
        "K100",
        "Müller Maschinenbau AG",
        "manufacturer",
        "none",
        "active",
        "A. Weber",
        "T. Vogel",
        "DACH",
    ),
    (
        "DE01",
        "K200",
        "Nordlicht Handels GmbH",
        "retail_chain",
        "none",
        "active",
        "A. Weber",
        "T. Vogel",
        "Nordics",
    ),
    ("DE01", "K300", "Pacific Imports Inc.", "other", "none", "legal", "A. Weber", "C. Marin", "Nordics"),
]

ITEMS = [
    Item(
        "CN01",
        "C001",
        "INV-1001",
        "invoice",
        "CNY",
        "2025-02-10",
        "2025-04-11",
        "1860000.00",
        (("2025-06-20", "600000.00", "cash"), ("2025-11-05", "400000.00", "cash")),
    ),
    Item(
        "CN01",
        "C001",
        "INV-1002",
        "invoice",
        "CNY",
        "2025-08-15",
        "2025-10-14",
        "2450000.00",
        (("2026-01-12", "2450000.00", "cash"),),
    ),
    Item(
        "CN01",
        "C001",
        "INV-1003",
        "invoice",
        "CNY",
        "2026-03-01",
        "2026-04-30",
        "3120000.00",
        (("2026-06-05", "1200000.00", "cash"),),
        agreed_due_date="2026-07-15",
        disputed="250000.00",
    ),
    Item("CN01", "C001", "INV-1004", "invoice", "CNY", "2026-05-20", "2026-07-19", "980000.00"),
    Item(
        "CN01",
        "C001",
        "INV-1003-R",
        "invoice",
        "CNY",
        "2026-03-01",
        "2027-03-01",
        "156000.00",
        receivable_class="contract_asset",
        is_instalment=True,
    ),
    Item(
        "CN01",
        "C002",
        "INV-2001",
        "invoice",
        "CNY",
        "2026-04-02",
        "2026-05-02",
        "415200.50",
        (("2026-05-28", "200000.00", "cash"),),
    ),
    Item("CN01", "C002", "INV-2002", "invoice", "CNY", "2026-05-11", "2026-06-10", "388000.00"),
    Item("CN01", "C002", "INV-2003", "invoice", "CNY", "2026-06-12", "2026-07-12", "402750.25"),
    Item("CN01", "C002", "CRN-2001", "credit_note", "CNY", "2026-06-15", "2026-06-15", "-58000.00"),
    Item(
        "CN01",
        "C003",
        "INV-3001",
        "invoice",
        "CNY",
        "2025-12-01",
        "2025-12-31",
        "760000.00",
        known_to=RESTATED_AT,
    ),
    Item(
        "CN01",
        "C003",
        "INV-3001",
        "invoice",
        "CNY",
        "2025-12-01",
        "2025-12-31",
        "796000.00",
        known_from=RESTATED_AT,
    ),
    Item("CN01", "C003", "INV-3002", "invoice", "USD", "2026-05-30", "2026-06-29", "54000.00"),
    Item("CN01", "C004", "INV-4001", "invoice", "CNY", "2026-06-01", "2026-06-30", "99.99"),
    Item("CN01", "C004", "INV-4002", "invoice", "CNY", "2026-06-20", "2026-08-19", "640000.00"),
    Item("CN01", "C004", "RCP-4100", "receipt", "CNY", "2026-06-25", "2026-06-25", "-120000.00"),
    Item("CN01", "C900", "INV-9001", "invoice", "CNY", "2026-05-01", "2026-05-31", "500000.00"),
    Item(
        "DE01",
        "K100",
        "RE-5001",
        "invoice",
        "EUR",
        "2026-02-10",
        "2026-03-12",
        "182000.00",
        (("2026-04-30", "60000.00", "cash"), ("2026-05-15", "2000.00", "discount")),
    ),
    Item("DE01", "K100", "RE-5002", "invoice", "EUR", "2026-06-03", "2026-07-03", "97500.00"),
    Item(
        "DE01",
        "K100",
        "RE-5003",
        "unbilled",
        "EUR",
        "2026-06-28",
        "2026-06-28",
        "41000.00",
        receivable_class="unbilled",
    ),
    Item(
        "DE01",
        "K200",
        "RE-6001",
        "invoice",
        "EUR",
        "2025-09-01",
        "2025-10-01",
        "73400.00",
        (("2026-02-01", "30000.00", "cash"),),
    ),
    Item("DE01", "K200", "RE-6002", "invoice", "EUR", "2026-05-25", "2026-06-24", "28850.75"),
    Item("DE01", "K200", "RCP-6100", "receipt", "EUR", "2026-06-29", "2026-06-29", "-12000.00"),
    Item(
        "DE01",
        "K300",
        "RE-7001",
        "invoice",
        "USD",
        "2024-12-05",
        "2025-01-04",
        "210000.00",
        (("2025-03-03", "90000.00", "cash"),),
    ),
    Item("DE01", "K300", "RE-7002", "invoice", "USD", "2026-04-20", "2026-06-19", "66000.00"),
]


def make_release(
    home: Path,
    *,
    release_id: str = "r0123",
    extra: tuple[Item, ...] = (),
    difference: str = "0.00",
    late_postings: str = "0.00",
) -> Path:
    """Write one release below `home` and point `receivables.duckdb` at it; returns the resolved file."""
    folder = home / "releases"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"receivables-{release_id}.duckdb"
    path.unlink(missing_ok=True)
    with duckdb.connect(str(path)) as connection:
        connection.execute(SCHEMA.read_text(encoding="utf-8"))
        _insert_masters(connection, release_id=release_id)
        for position, item in enumerate([*ITEMS, *extra], start=1):
            _insert_item(connection, item, row=position)
        connection.execute("set variable as_of_date = cast(? as date)", [AS_OF])
        connection.execute("set variable gl_difference = cast(? as decimal(18, 2))", [Decimal(difference)])
        connection.execute("set variable late_postings = cast(? as decimal(18, 2))", [Decimal(late_postings)])
        connection.execute(DERIVED.read_text(encoding="utf-8"))
        for page in sorted(
            PAGES.glob("*.sql"), key=lambda file: (not file.name.startswith("shared_"), file.name)
        ):
            connection.execute(page.read_text(encoding="utf-8"))
        # sorted: a macro that another one calls has the smaller name
        create_macros(connection, macros=MACROS)
        connection.execute("checkpoint")
    link = home / f".swap-{release_id}"
    link.symlink_to(path.relative_to(home))
    link.replace(home / "receivables.duckdb")
    return path


def _insert_masters(connection: duckdb.DuckDBPyConnection, *, release_id: str) -> None:
    connection.execute(
        "insert into marts.dim_release (release_id, as_of_date, known_at, reporting_currency, code_version,"
        " policy_hash) values (?, ?, ?, 'CNY', 'test', 'd41d8c')",
        [release_id, AS_OF, KNOWN_AT],
    )
    connection.executemany(
        "insert into marts.dim_customer (company_code, customer_id, name, deal_nature, related_party, status,"
        " collector, sales_owner, region, is_intragroup, party_id) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [[*row, row[4] == "group", f"{row[0]}|{row[1]}"] for row in CUSTOMERS],
    )


def _insert_item(connection: duckdb.DuckDBPyConnection, item: Item, *, row: int) -> None:
    is_receipt = item.kind == "receipt"
    item_id = f"{item.company}|{'R' if is_receipt else 'D'}|{item.number}" + ("" if is_receipt else "|1")
    rate = Decimal(RATE[(item.currency, FUNCTIONAL[item.company])])
    amount = Decimal(item.amount)
    open_amount = amount
    opening_kind = {"receipt": "cash", "credit_note": "credit_note"}.get(item.kind, "billed")
    movements = [(item.document_date, opening_kind, amount, None)]
    for number, (day, reduction, kind) in enumerate(item.settled, start=1):
        movements.append((day, kind, -Decimal(reduction), f"AL-{item.number}-{number}"))
    # Policy: an extension agreed after the due date is forbearance, so the policy date stays the original one.
    policy_due = item.due_date
    open_amount = Decimal(0)
    for number, (day, kind, movement, allocation) in enumerate(movements):
        open_amount += movement
        end = movements[number + 1][0] if number + 1 < len(movements) else "9999-12-31"
        connection.execute(
            "insert into marts.fct_open_item_balance values"
            " (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '1122', ?, ?, ?, ?, ?, ?, false)",
            [
                item_id,
                item.company,
                item.customer,
                item.kind,
                item.receivable_class,
                item.number,
                None if is_receipt else 1,
                item.currency,
                item.document_date,
                item.document_date,
                policy_due,
                item.due_date,
                item.agreed_due_date,
                item.document_date,
                day,
                end,
                item.known_from,
                item.known_to,
                open_amount,
                item.in_functional(open_amount, rate=rate),
            ],
        )
        connection.execute(
            "insert into marts.fct_receivable_movement values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, false, ?, ?, ?, ?, ?)",
            [
                f"M{row:04d}-{number}",
                item_id,
                item.company,
                item.customer,
                day,
                kind,
                item.currency,
                movement,
                item.in_functional(movement, rate=rate),
                allocation,
                f"{item.company}|R|RCP-{item.number}-{number}" if kind == "cash" and number else None,
                item.known_from,
                item.known_to,
                item.receivable_class,
                3 if number else (2 if is_receipt else (5 if item.is_instalment else 1)),
                row,
            ],
        )
        if allocation:
            connection.execute(
                "insert into marts.fct_allocation values (?, ?, 'receipt', ?, 'document', ?, ?, ?, 'erp', 3, ?, ?)",
                [
                    item.company,
                    allocation,
                    f"RCP-{item.number}-{number}",
                    item.number,
                    day,
                    -movement,
                    "allocation.csv",
                    row,
                ],
            )
    if item.known_to != OPEN_END:
        return
    if is_receipt:
        connection.execute(
            "insert into marts.fct_receipt values"
            " (?, ?, ?, ?, ?, ?, 'transfer', 'cleared', 'erp', 2, 'receipt.csv', ?)",
            [item.company, item.number, item.customer, item.document_date, item.currency, -amount, row],
        )
    else:
        connection.execute(
            "insert into marts.fct_document values (?, ?, ?, ?, ?, ?, ?, ?, 'NET30', 'erp', 1, 'document.csv', ?)",
            [
                item.company,
                item.number,
                item.kind,
                item.customer,
                item.document_date,
                item.due_date,
                item.currency,
                abs(amount),
                row,
            ],
        )
    if item.is_instalment:
        connection.execute(
            "insert into marts.fct_instalment values"
            " (?, ?, 1, ?, ?, 'retention', null, ?, 'erp', 5, 'instalment.csv', ?)",
            [item.company, item.number, item.due_date, amount, item.known_from, row],
        )
    connection.execute("insert into sample_dispute values (?, ?)", [item_id, Decimal(item.disputed)])
