"""Small books for the tests of payment prediction.

Belongs here: factories of items and settlements, and books of random habits. Must not: assertions.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import polars as pl

from analytics.prediction.contract import ITEMS, SETTLEMENTS

START = date(2026, 1, 1)


def on(day: int) -> date:
    """The day so many days after 1 January 2026, a Thursday."""
    return START + timedelta(days=day)


def morning(day: int) -> datetime:
    return datetime.combine(on(day), datetime.min.time())


def evening(day: int) -> datetime:
    return morning(day) + timedelta(hours=23)


def number(day: int) -> int:
    """The same day as the engine counts it."""
    return (on(day) - date(1970, 1, 1)).days


def item(item_id: str, *, issued: int, due: int | None, **columns: Any) -> dict[str, Any]:
    row = {
        "open_item_id": item_id,
        "company_code": "C1",
        "customer_id": "K1",
        "document_date": on(issued),
        "posting_date": on(issued),
        "due_date": None if due is None else on(due),
        "amount": Decimal("100.00"),
        "currency": "CNY",
        "payment_terms": "T30",
        "item_kind": "invoice",
        "known_from": morning(issued),
    }
    return {**row, **columns}


def settlement(
    item_id: str,
    *,
    paid: int,
    learnt: int | None = None,
    undone: int | None = None,
    amount: str = "100.00",
    kind: str = "cash",
) -> dict[str, Any]:
    return {
        "open_item_id": item_id,
        "settled_on": on(paid),
        "amount": Decimal(amount),
        "settled_kind": kind,
        "known_from": morning(paid if learnt is None else learnt),
        "known_to": None if undone is None else morning(undone),
    }


def frames(
    items: Iterable[dict[str, Any]], settlements: Iterable[dict[str, Any]] = ()
) -> tuple[pl.DataFrame, pl.DataFrame]:
    rows = list(items)
    more = {key: None for row in rows for key in row if key not in ITEMS}
    schema: dict[str, Any] = {**ITEMS, **dict.fromkeys(more)}
    return pl.DataFrame(rows, schema=schema), pl.DataFrame(list(settlements), schema=SETTLEMENTS)


def habitual_books(
    count: int, *, until: int, seed: int = 1, customers: int = 20, companies: int = 1
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Items of customers who each pay so many days late, give or take a few; what is due after `until` is open."""
    generator = np.random.default_rng(seed)
    habit = np.linspace(-6, 14, customers)
    items, settlements = [], []
    for index in range(count):
        customer = int(generator.integers(customers))
        issued = int(generator.integers(0, until))
        paid = issued + 30 + round(float(generator.normal(habit[customer], 3)))
        items.append(
            item(
                f"I{index:05}",
                issued=issued,
                due=issued + 30,
                customer_id=f"K{customer:02}",
                company_code=f"C{customer % companies}",
                amount=Decimal(int(generator.integers(1000, 90000))) / 100,
            )
        )
        if max(paid, issued) <= until:
            settlements.append(
                settlement(f"I{index:05}", paid=max(paid, issued), amount=str(items[-1]["amount"]))
            )
    return frames(items, settlements)
