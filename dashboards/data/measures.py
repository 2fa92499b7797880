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
# What the figures of a row ask of an item, besides its bucket and whether it is a credit.
_QUESTIONS = {
    "is_overdue": "days_past_due > 0",
    "is_over_90": "days_past_due > 90",
    "is_cash": "item_kind = 'receipt'",
}
# a case and not a filter: the division is asked for the few disputed items alone
_DISPUTED_OF_ITEM = f"case when disputed_document > 0 then {_DISPUTED} end"


def disputed_sum(*, is_published: bool) -> str:
    """SQL of the disputed part in the currency shown; NULL on a day `mart_aging` does not hold."""
    return f"coalesce(sum({_DISPUTED_OF_ITEM}), 0)" if is_published else NOT_PUBLISHED


def standings(grain: str, *, has_disputes: bool, is_item: bool) -> str:
    """CTE `standing`: the items of a row by what `measures` asks of them, summed; or (`is_item`) item by item.

    A customer has many items that answer alike. So the sums with their conditions, of which a row has more than twenty,
    meet 130,000 rows instead of 800,000 items.
    """
    questions = ", ".join(f"{condition} as {name}" for name, condition in _QUESTIONS.items())
    counted = f"case when open_amount_document >= {COUNT_FLOOR} then 1 else 0 end"
    unconverted = "case when amount is null then 1 else 0 end"
    values = {"amount": "amount", "presented": "presented", "item_count": "1", "large_count": counted,
              "unconverted_count": unconverted} | ({"disputed": _DISPUTED_OF_ITEM} if has_disputes else {})  # fmt: skip
    columns = [
        *(f"{value if is_item else f'sum({value})'} as {name}" for name, value in values.items()),
        f"{'days_past_due' if is_item else 'max(days_past_due)'} as oldest_days",
    ]
    return f"""standing as (

    select
        {grain}, bucket, is_credit, {questions},
        {", ".join(columns)}
    from item
    {"" if is_item else f"group by {grain}, bucket, is_credit, {', '.join(_QUESTIONS)}"}

)"""


def measures(numbers: Sequence[int], *, has_disputes: bool, is_item: bool) -> str:
    """The columns of a row of the matrix: sums over its `standings`, or (`is_item`) what one item would sum to.

    Args:
        numbers: of the scheme's buckets; `$bucket_<number>` is its code.
    """
    one = _OfOneItem() if is_item else _OfManyItems()
    debit, overdue = "not is_credit", "not is_credit and is_overdue"
    columns = {
        f"bucket_{number}": one.sum("presented", f"bucket = $bucket_{number}") for number in numbers
    } | {
        "outstanding": one.sum("amount", "true"),
        "overdue": one.sum("amount", overdue),
        "over_90": one.sum("amount", f"{debit} and is_over_90"),
        "unassigned": one.sum("presented", "bucket = 'unassigned'"),
        "debits": one.sum("amount", debit),
        "unapplied_cash": one.sum("amount", "is_credit and is_cash"),
        "open_credits": one.sum("amount", "is_credit and not is_cash"),
        "overdue_count": one.count("large_count", "is_overdue"),
        "oldest_days": one.largest("oldest_days", overdue),
        "disputed": one.sum("disputed", "true") if has_disputes else NOT_PUBLISHED,
        "item_count": one.count("item_count", "true"),
        "unconverted_count": one.count("unconverted_count", "true"),
    }
    return ",\n        ".join(f"{column} as {name}" for name, column in columns.items())


class _OfManyItems:
    """SQL of figures of a group."""

    def sum(self, value: str, condition: str) -> str:
        return f"coalesce(sum({value}) filter (where {condition}), 0)"

    def count(self, value: str, condition: str) -> str:
        return f"cast({self.sum(value, condition)} as bigint)"

    def largest(self, value: str, condition: str) -> str:
        return f"max({value}) filter (where {condition})"


class _OfOneItem:
    """The same figures where every group has one item: grouping as many rows as there are items is what would cost."""

    def sum(self, value: str, condition: str) -> str:
        return f"coalesce(case when {condition} then {value} end, 0)"

    def count(self, value: str, condition: str) -> str:
        return self.sum(value, condition)

    def largest(self, value: str, condition: str) -> str:
        return f"case when {condition} then {value} end"
