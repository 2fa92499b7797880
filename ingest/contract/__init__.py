"""The canonical contract: what every source is mapped to, read from `entities.yml`.

Belongs here: the entities, their columns and types, and the artefacts that are rendered from them. Must not: the
mapping of a particular source, parsing of values, or a second list of columns anywhere.
"""

from ingest.contract.model import Column, Contract, ContractError, Entity
from ingest.contract.reader import CONTRACT_PATH, load_contract, parse_contract
from ingest.contract.types import (
    COLUMN_TYPES,
    DUCKDB_TYPES,
    LANDING_COLUMNS,
    POLARS_TYPES,
    ColumnType,
    LandingColumn,
)

__all__ = [
    "COLUMN_TYPES",
    "CONTRACT_PATH",
    "DUCKDB_TYPES",
    "LANDING_COLUMNS",
    "POLARS_TYPES",
    "Column",
    "ColumnType",
    "Contract",
    "ContractError",
    "Entity",
    "LandingColumn",
    "load_contract",
    "parse_contract",
]
