"""Measures: SQL of the figures a row of open items has.

Belongs here: what counts as overdue, as a credit, as worth counting. Must not: choose items or rows, or run a query.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from dashboards.data.exact import exact_share

# Below this an item is a rounding leftover: in balances, not in counts (policy.md section 1).
COUNT_FLOOR = Decimal("1.00")
NOT_PUBLISHED = "cast(null as decimal(18, 2))"
_DISPUTED = exact_share("amount", part="disputed_document", whole="open_amount_document")
BALANCES = (
    "coalesce(sum(amount), 0) as outstanding",
    "coalesce(sum(amount) filter (where not is_credit and days_past_due > 0), 0) as overdue",
    "coalesce(sum(amount) filter (where not is_credit and days_past_due > 90), 0) as over_90",
)


def disputed_sum(*, is_published: bool) -> str:
    """SQL of the disputed part in the currency shown; NULL on a day `mart_aging` does not hold."""
    return _OfManyItems().disputed() if is_published else NOT_PUBLISHED


def measures(numbers: Sequence[int], *, has_disputes: bool, is_item: bool) -> str:
    """The columns of a row of the matrix: sums over a customer's items, or (`is_item`) what one item would sum to.

    Args:
        numbers: of the scheme's buckets; `$bucket_<number>` is its code.
    """
    one = _OfOneItem() if is_item else _OfManyItems()
    debit, overdue = "not is_credit", "not is_credit and days_past_due > 0"
    columns = {
        f"bucket_{number}": one.sum("presented", f"bucket = $bucket_{number}") for number in numbers
    } | {
        "outstanding": one.sum("amount", "true"),
        "overdue": one.sum("amount", overdue),
        "over_90": one.sum("amount", f"{debit} and days_past_due > 90"),
        "unassigned": one.sum("presented", "bucket = 'unassigned'"),
        "debits": one.sum("amount", debit),
        "unapplied_cash": one.sum("amount", "is_credit and item_kind = 'receipt'"),
        "open_credits": one.sum("amount", "is_credit and item_kind != 'receipt'"),
        "overdue_count": one.count(f"open_amount_document >= {COUNT_FLOOR} and days_past_due > 0"),
        "oldest_days": one.largest("days_past_due", overdue),
        "disputed": one.disputed() if has_disputes else NOT_PUBLISHED,
        "item_count": one.count("true"),
        "unconverted_count": one.count("amount is null"),
    }
    return ",\n        ".join(f"{column} as {name}" for name, column in columns.items())


class _OfManyItems:
    """SQL of figures of a group."""

    def sum(self, value: str, condition: str) -> str:
        return f"coalesce(sum({value}) filter (where {condition}), 0)"

    def count(self, condition: str) -> str:
        return f"count(*) filter (where {condition})"

    def largest(self, value: str, condition: str) -> str:
        return f"max({value}) filter (where {condition})"

    def disputed(self) -> str:
        # a case and not a filter: the division is asked for the few disputed items alone
        return f"coalesce(sum(case when disputed_document > 0 then {_DISPUTED} end), 0)"


class _OfOneItem:
    """The same figures where every group has one item: grouping as many rows as there are items is what would cost."""

    def sum(self, value: str, condition: str) -> str:
        return f"coalesce(case when {condition} then {value} end, 0)"

    def count(self, condition: str) -> str:
        return f"case when {condition} then 1 else 0 end"

    def largest(self, value: str, condition: str) -> str:
        return f"case when {condition} then {value} end"

    def disputed(self) -> str:
        return self.sum(_DISPUTED, "disputed_document > 0")
