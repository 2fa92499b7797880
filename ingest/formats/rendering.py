"""Typed values as exact text.

Belongs here: the text of a number, date, moment or boolean that a typed format delivered. Must not: reading files.
"""

import polars as pl


def as_text(name: str, *, dtype: pl.DataType) -> pl.Expr:
    """The exact text of a typed column: 12.300 is 12.3, a moment at midnight is its date, UTC where zoned."""
    column = pl.col(name)
    if isinstance(dtype, pl.Datetime):
        if dtype.time_zone is not None:
            column = column.dt.convert_time_zone("UTC").dt.replace_time_zone(None)
        column = column.cast(pl.Datetime("us"))
        text = column.dt.strftime("%Y-%m-%dT%H:%M:%S%.6f")
        return pl.when(column.dt.time() == pl.time(0, 0)).then(column.dt.strftime("%Y-%m-%d")).otherwise(text)
    if dtype == pl.Date:
        return column.dt.strftime("%Y-%m-%d")
    if dtype.is_decimal() or dtype.is_float():
        text = column.cast(pl.String)
        # an exponent stays, and is refused later as not exact
        return text.str.replace(r"^(-?[0-9]+)\.0+$", "$1").str.replace(r"^(-?[0-9]+\.[0-9]*[1-9])0+$", "$1")
    return column.cast(pl.String)
