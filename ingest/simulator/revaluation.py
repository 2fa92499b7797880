"""Revaluation: journals that bring foreign receivables to the closing rate at the end of a quarter (IAS 21.23).

Belongs here: what the ledger values differently, and the documents without a document amount that say so. Must not: the
exchange differences of settlements (ledger.py).

The Chinese company takes every journal back on the next day; the European one leaves it and books, a quarter later,
what has changed since.
"""

from datetime import date, timedelta

from ingest.simulator.book import Table, add_entry
from ingest.simulator.ledger import Ledger
from ingest.simulator.model import Company, Entry, Value, World
from ingest.simulator.money import convert
from ingest.simulator.rates import Rates

REVALUATION_DAYS = (date(2025, 9, 30), date(2025, 12, 31), date(2026, 3, 31))
_PREFIXES = {"CN01": "HD", "EU01": "FXR"}
_NOT_DUE_DAYS = 92


def revalue(world: World, tables: dict[str, Table], *, company: Company, rates: Rates, cell: int) -> None:
    """Add the journals of one company and cell to the world and to its book; number them on the way."""
    ledger = Ledger(tables, functional=company.functional, rates=rates)
    posted: dict[tuple[str, str], int] = {}
    made: list[Entry] = []
    for day in REVALUATION_DAYS:
        due = _differences(ledger, company, rates=rates, day=day)
        is_reversed = company.country == "CN"
        for key in sorted(due.keys() | posted.keys()):
            amount = due.get(key, 0) - posted.get(key, 0)
            if not amount:
                continue
            number = f"{_PREFIXES[company.code]}{day:%y%m}{cell:02d}{len(made) + 1:05d}"
            entry = _journal(company, key, day, amount, number=number)
            made.append(entry)
            world.note("revaluation", entry)
            if is_reversed:
                back = _journal(company, key, day + timedelta(days=1), -amount, number=f"{number}R")
                made.append(back)
                world.note("revaluation_reversed", back)
            else:
                posted[key] = due.get(key, 0)
                world.note("revaluation_kept", entry)
    for entry in made:
        world.add(entry)
        add_entry(tables, entry, key=(entry.company, entry.number))


def _differences(ledger: Ledger, company: Company, *, rates: Rates, day: date) -> dict[tuple[str, str], int]:
    """Value at the closing rate less carrying amount, by customer and currency, of what is open as known on the day."""
    totals: dict[tuple[str, str], list[int]] = {}
    for item in ledger.items():
        row = ledger.row(item, day)
        if row is None or row["currency"] == company.functional or row.get("customer_id") is None:
            continue
        if row.get("document_type") in ("unbilled", "interest"):
            continue
        open_amount = ledger.open_amount(item, on=day, known_on=day)
        if not open_amount:
            continue
        moves = [move for move in ledger.postings(item, day) if move[0] <= day]
        if any(kind != "trade" for _, _, kind, _, _ in moves):
            continue
        sums = totals.setdefault((str(row["customer_id"]), str(row["currency"])), [0, 0])
        sums[0] += open_amount
        sums[1] += sum(amount for _, _, _, amount, _ in moves)
    return {
        key: convert(open_amount, rates.closing(key[1], company.functional, day)) - carried
        for key, (open_amount, carried) in totals.items()
    }


def _journal(company: Company, key: tuple[str, str], day: date, amount: int, *, number: str) -> Entry:
    fields: dict[str, Value] = {
        "company_code": company.code,
        "document_type": "debit_note",
        "customer_id": key[0],
        "document_date": day,
        "posting_date": day,
        # nothing is asked of the customer, so it does not fall due before the next valuation
        "due_date": day + timedelta(days=_NOT_DUE_DAYS),
        "currency": key[1],
        "amount": 0,
        "functional_amount": amount,
        "reference": f"{'期末调汇' if company.country == 'CN' else 'revaluation'} {day:%Y-%m}",
        "control_account": company.trade_account,
    }
    return Entry("document", company.code, day, fields, identifier="document_id", number=number)
