"""Columns: tables as equally long integer arrays, and keyed chance.

Belongs here: the array types, selecting and stacking rows, random generators. Does not: what the columns mean.

Every column is a 64-bit integer array: money in minor units, days since 1970-01-01, positions of rows in other
tables of the same chunk, flags as 0 and 1. NONE stands for "there is none".
"""

from zlib import crc32

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Columns = dict[str, Ints]

NONE = -1


def generator(seed: int, *key: str | int) -> np.random.Generator:
    """A generator of its own for every key, whatever was drawn before and in whatever process."""
    parts = [part if isinstance(part, int) else crc32(part.encode()) for part in key]
    return np.random.Generator(np.random.Philox(np.random.SeedSequence([seed, *parts])))


def filled(count: int, value: int = NONE) -> Ints:
    """A column with one value in every row."""
    return np.full(count, value, dtype=np.int64)


def length(table: Columns) -> int:
    """Number of rows."""
    return len(next(iter(table.values())))


def take(table: Columns, rows: Ints | Flags) -> Columns:
    """Rows by position or by flag."""
    return {name: column[rows] for name, column in table.items()}


def stack(*tables: Columns) -> Columns:
    """Tables with the same columns below one another."""
    return {name: np.concatenate([table[name] for table in tables]) for name in tables[0]}


def choose(rng: np.random.Generator, eligible: Flags, count: int) -> Ints:
    """Positions of at most `count` different eligible rows, in random order."""
    chosen: Ints = rng.permutation(np.flatnonzero(eligible))[:count]
    return chosen


def chance(rng: np.random.Generator, count: int, *, per_mille: int) -> Flags:
    """A flag per row, set with a probability in thousandths."""
    flags: Flags = rng.integers(0, 1000, count) < per_mille
    return flags


def divide_half_away(numerator: Ints, denominator: Ints | int) -> Ints:
    """Quotients of numbers that are not negative, rounded half up (which is away from zero here)."""
    quotient: Ints = (2 * numerator + denominator) // (2 * np.maximum(denominator, 1))
    return quotient
