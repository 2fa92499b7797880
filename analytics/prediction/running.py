"""Running sums of dated events, read as of any moment.

Belongs here: the two steps every feature is made of: events to sums (sorted once), sums to moments (one as-of join).
Must not: what an event means. Days are integers (days since 1970-01-01); a fact of a day counts from its evening, and a
moment is an evening.
"""

from collections.abc import Sequence

import polars as pl

NEVER = 10**6
"""A day that never comes: what is open is closed then."""


def total(column: str) -> pl.Expr:
    """The sum of amounts in whole cents: exact, so that the order in which threads add does not show in the
    last bit."""
    return (pl.col(column) * 100).round().sum() / 100


def running_sums(events: pl.DataFrame, *, by: Sequence[str], values: Sequence[str]) -> pl.DataFrame:
    """Sums of `values`, all whole numbers, after each event of `by`: by, day, values; the last row of a day holds it.

    Whole, because only then does the order of adding not matter.
    """
    ordered = (
        events.filter(pl.col("day") < NEVER)
        .select(*by, "day", *(pl.col(value).cast(pl.Float64) for value in values))
        .sort(*by, "day")
    )
    if not by:
        return ordered.with_columns(pl.col(value).cum_sum() for value in values)
    # one sum over everything, less what it was before the group: whole numbers below 2^53 lose nothing by it
    is_first = pl.any_horizontal(pl.col(column) != pl.col(column).shift(1) for column in by).fill_null(True)
    before = [
        pl.when("_is_first")
        .then(pl.col(value).cum_sum() - pl.col(value))
        .forward_fill()
        .alias(f"_before_{value}")
        for value in values
    ]
    return (
        ordered.with_columns(_is_first=is_first)
        .with_columns(*before)
        .with_columns(pl.col(value).cum_sum() - pl.col(f"_before_{value}") for value in values)
        .select(*by, "day", *values)
    )


def as_of(moments: pl.DataFrame, sums: pl.DataFrame, *, by: Sequence[str], prefix: str) -> pl.DataFrame:
    """`moments` (sorted by moment) with each column of `sums` as it stood that evening, named prefix +
    column; 0 before any."""
    values = [column for column in sums.columns if column not in (*by, "day")]
    named = sums.rename({value: prefix + value for value in values})
    joined = moments.join_asof(
        named,
        left_on="moment",
        right_on="day",
        by=list(by) or None,
        strategy="backward",
        check_sortedness=False,
    )
    return joined.drop("day", strict=False).with_columns(
        pl.col(prefix + value).fill_null(0.0) for value in values
    )
