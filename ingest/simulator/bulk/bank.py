"""Bank of the bulk simulator: statement lines of the last months, and what they stand for.

Belongs here: lines of receipts and returned receipts. Does not: receipts, statements (ingest.simulator.bank).

The feed of the bank starts on BANK_START: years of lines would only repeat what the receipts say.
"""

import numpy as np
import polars as pl

from ingest.simulator.bank import Statements, statement_id
from ingest.simulator.bulk.book import CompanyBook
from ingest.simulator.bulk.calendar import BANK_START, day_number
from ingest.simulator.bulk.columns import NONE, Columns, filled, length, stack, take
from ingest.simulator.bulk.frames import Ids, constant, dates, money, pick, where
from ingest.simulator.days import HISTORY_END, days_between

# invoices that a text names
_LISTED = 6
BANK_SOURCE = "bank"


def bank_frame(
    book: CompanyBook,
    receipts: Columns,
    purposes: Columns,
    ids: Ids,
    *,
    part: int,
    rng: np.random.Generator,
) -> pl.DataFrame:
    """Lines of one chunk with `_delivery`, and the columns of the truth: kind, receipt_id, document_ids.

    The bank knows receipts that the ERP has not booked yet: they have no receipt_id.
    """
    lines = _lines(receipts)
    row = lines["receipt"]
    days = days_between(BANK_START, HISTORY_END)
    count = len(row)
    currency = receipts["currency"][row]
    numbers = pl.Series(10_000_000 + np.arange(count)).cast(pl.String)
    invoices = _invoices(purposes, ids, length(receipts)).gather(row)
    is_known = receipts["delivery"][row] < book.calendar.deliveries
    texts = _texts(book, invoices, pick(book.customers.numbers, receipts["owner"][row]), rng)
    accounts = [book.company.bank_accounts[each] for each in book.customers.currencies]
    statements = [statement_id(account, day) for account in accounts for day in days]
    return pl.DataFrame(
        {
            "company_code": constant(book.company.code, count),
            "account": pick(accounts, currency),
            "booking_date": dates(lines["day"]),
            "value_date": dates(lines["day"]),
            "currency": pick(book.customers.currencies, currency),
            "amount": money(lines["amount"]),
            "counterparty_name": pick(book.customers.names, receipts["owner"][row]),
            "remittance_text": texts,
            "bank_reference": f"BK{part:03d}" + numbers,
            "transaction_code": pick(("CRT", "RTN"), lines["is_return"]),
            "kind": pick(("receipt", "return"), lines["is_return"]),
            "receipt_id": where(is_known, ids.receipts.gather(row)),
            "document_ids": invoices.list.join(" "),
            "statement_id": pick(statements, currency * len(days) + lines["day"] - day_number(BANK_START)),
            "_delivery": pl.Series(book.calendar.delivery_of(lines["day"])),
        }
    )


def _lines(receipts: Columns) -> Columns:
    """Receipts that the feed shows, and bounced ones a second time, in order of day."""
    rows = np.arange(length(receipts))
    first = {"receipt": rows, "day": receipts["receipt_date"], "amount": receipts["amount"]}
    first["is_return"] = filled(len(rows), 0)
    back = take(first, receipts["bounced_on"] != NONE)
    back["day"] = receipts["bounced_on"][back["receipt"]]
    back["amount"], back["is_return"] = -back["amount"], filled(length(back), 1)
    lines = stack(first, back)
    lines = take(lines, lines["day"] >= day_number(BANK_START))
    return take(lines, np.lexsort((lines["receipt"], lines["day"])))


def _invoices(purposes: Columns, ids: Ids, receipts: int) -> pl.Series:
    """Documents that each receipt pays, those of its instalments once."""
    meant = (
        pl.DataFrame({"receipt": purposes["receipt"], "document": ids.documents.gather(purposes["document"])})
        .unique(maintain_order=True)
        .group_by("receipt", maintain_order=True)
        .agg("document")
        .sort("receipt")
    )
    assert meant.height == receipts, "a receipt pays nothing"
    return meant["document"]


def _texts(
    book: CompanyBook, invoices: pl.Series, customers: pl.Series, rng: np.random.Generator
) -> pl.Series:
    """Remittance texts: most name the invoices, the first of many; some only the customer, some nothing."""
    is_chinese = book.company.country == "CN"
    listed = invoices.list.head(_LISTED).list.join(" ")
    frame = pl.DataFrame(
        {"invoices": listed, "customer": customers, "draw": rng.integers(0, 20, len(invoices))}
    )
    named = pl.concat_str(pl.lit("付货款 " if is_chinese else "INV "), "invoices")
    bare = pl.lit("货款" if is_chinese else "payment")
    account = pl.concat_str(bare, pl.lit(" "), "customer")
    text = pl.when(pl.col("draw") == 0).then(bare).when(pl.col("draw") < 3).then(account).otherwise(named)
    return frame.select(text.alias("text"))["text"]


def add_to_statements(statements: Statements, frame: pl.DataFrame) -> None:
    """Take the lines of a chunk into account, in minor units."""
    minor = (pl.col("amount") * 100).cast(pl.Int64).sum()
    for account, day, amount in frame.group_by("account", "booking_date").agg(minor).iter_rows():
        statements.add(account, day, amount)
