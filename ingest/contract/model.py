"""The contract as frozen values.

Belongs here: what an entity and a column are, and questions answered from them alone. Must not: reading files.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from ingest.contract.types import DUCKDB_TYPES, POLARS_TYPES, ColumnType


class ContractError(ValueError):
    """The contract file is not valid; the message names the entity, the column and the fix."""


@dataclass(frozen=True)
class Column:
    """One column of an entity. `codes` are the allowed values of a column of type code, else None."""

    name: str
    type: ColumnType
    codes: tuple[str, ...] | None
    required: bool
    private: bool
    description: str

    @property
    def duckdb_type(self) -> str:
        """Type in landing Parquet and in the `landing` views."""
        return DUCKDB_TYPES[self.type]

    @property
    def polars_type(self) -> pl.DataType:
        """Type in an accepted frame."""
        return POLARS_TYPES[self.type]


@dataclass(frozen=True)
class Entity:
    """One entity: `key` identifies a row, `amount` is the column a rejected row is valued with."""

    name: str
    grain: str
    key: tuple[str, ...]
    columns: Mapping[str, Column]
    mode: str | None
    amount: str | None

    @property
    def public_columns(self) -> tuple[Column, ...]:
        """Columns that may leave the private folder, in contract order."""
        return tuple(column for column in self.columns.values() if not column.private)

    @property
    def private_columns(self) -> tuple[Column, ...]:
        """Contact data, kept in `$ARREARS_HOME/private`."""
        return tuple(column for column in self.columns.values() if column.private)

    @property
    def required_columns(self) -> tuple[Column, ...]:
        """Columns without which a row is rejected."""
        return tuple(column for column in self.columns.values() if column.required)


@dataclass(frozen=True)
class Contract:
    """All entities by name, and the code lists that their columns refer to."""

    entities: Mapping[str, Entity]
    codes: Mapping[str, tuple[str, ...]]

    def entity(self, name: str) -> Entity:
        """The entity of that name.

        Raises:
            ContractError: there is none; the message lists those that exist.
        """
        if name not in self.entities:
            raise ContractError(f"No entity {name!r} in the contract. It has: {', '.join(self.entities)}.")
        return self.entities[name]
