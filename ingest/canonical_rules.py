"""Rules between the columns of one row, per entity.

Belongs here: the sign rule of documents (ledger.md L3), what a status or a kind requires. Must not: text rules, rules
that need another row.
"""

from dataclasses import dataclass

import polars as pl

from ingest.reasons import MISSING_REQUIRED, MISSING_STATUS_DATE, OUT_OF_RANGE, WRONG_SIGN

# one-legged allocations: nothing is used up, so nothing needs to be named
SINKS = ("discount", "write_off", "fx_difference", "offset")
# these are magnitudes: the type gives the sign
MAGNITUDE_TYPES = ("invoice", "credit_note", "debit_note", "interest", "unbilled")
DOCUMENT_AMOUNTS = ("amount", "functional_amount", "tax_amount", "settled_amount", "residual_amount")


@dataclass(frozen=True)
class Check:
    """A row for which `is_broken` is true is rejected with `reason_code`, blamed on `column`."""

    column: str
    reason_code: str
    is_broken: pl.Expr


def normalise(entity_name: str) -> list[pl.Expr]:
    """Columns that are rewritten before the checks: a negative invoice lands as a credit note of the same size."""
    if entity_name != "document":
        return []
    is_flipped = (pl.col("document_type") == "invoice") & (pl.col("amount") < 0)
    return [
        pl.when(is_flipped)
        .then(pl.lit("credit_note"))
        .otherwise(pl.col("document_type"))
        .alias("document_type"),
        pl.when(is_flipped).then(pl.col("document_type")).alias("original_document_type"),
        *(
            pl.when(is_flipped).then(-pl.col(name)).otherwise(pl.col(name)).alias(name)
            for name in DOCUMENT_AMOUNTS
        ),
    ]


def entity_checks(entity_name: str) -> tuple[Check, ...]:
    """The rules of one entity, in the order in which they are reported."""
    return _CHECKS.get(entity_name, ())


def _document_checks() -> tuple[Check, ...]:
    amount, functional = pl.col("amount"), pl.col("functional_amount")
    # an amount of 0 is a revaluation journal, whose functional amount has a sign of its own
    disagrees = (amount > 0) & (functional < 0) | (amount < 0) & (functional > 0)
    return (
        Check("amount", WRONG_SIGN, pl.col("document_type").is_in(list(MAGNITUDE_TYPES)) & (amount < 0)),
        Check("functional_amount", WRONG_SIGN, disagrees),
    )


def _allocation_checks() -> tuple[Check, ...]:
    is_sink = pl.col("from_kind").is_in(list(SINKS))
    return (
        Check("from_id", MISSING_REQUIRED, ~is_sink & pl.col("from_id").is_null()),
        Check("amount", WRONG_SIGN, ~is_sink & (pl.col("amount") < 0)),
        Check("from_amount", WRONG_SIGN, pl.col("from_amount") < 0),
    )


def _receipt_checks() -> tuple[Check, ...]:
    amount, functional = pl.col("amount"), pl.col("functional_amount")
    is_undated = (pl.col("status") == "bounced") & pl.col("status_date").is_null()
    return (
        Check("status_date", MISSING_STATUS_DATE, is_undated),
        Check(
            "functional_amount", WRONG_SIGN, (amount > 0) & (functional < 0) | (amount < 0) & (functional > 0)
        ),
    )


_CHECKS: dict[str, tuple[Check, ...]] = {
    "document": _document_checks(),
    "allocation": _allocation_checks(),
    "receipt": _receipt_checks(),
    "instalment": (Check("instalment_no", OUT_OF_RANGE, pl.col("instalment_no") < 1),),
    "fx_rate": (Check("rate", WRONG_SIGN, pl.col("rate") <= 0),),
    "bill_event": (Check("amount", WRONG_SIGN, pl.col("amount") < 0),),
    "insurance_cover": (Check("limit", WRONG_SIGN, pl.col("limit") < 0),),
    "credit_limit": (Check("amount", WRONG_SIGN, pl.col("amount") < 0),),
}
