"""Quarantine: the rows of a delivery that were set aside, as the manifest keeps them.

Belongs here: turning frames of rejected rows into records. Must not: deciding that a row is bad.
"""

import polars as pl

from ingest.landing.records import Delivery, RejectedRow
from ingest.landing.staging import FILE
from ingest.reasons import CONFLICTING_KEY


def rejected_while_reading(frame: pl.DataFrame, *, delivery: Delivery) -> tuple[RejectedRow, ...]:
    """Rows that canonical rules or the structure of a file set aside."""
    return tuple(
        RejectedRow(
            source=delivery.source,
            entity=delivery.entity,
            file=row[FILE],
            row=row["_row"],
            reason_code=row["reason_code"],
            column_name=row["column_name"],
            original_text=row["original_text"],
            record=row["record"],
            company_code=row["rejected_company"],
            amount=row["rejected_amount"],
            currency=row["rejected_currency"],
        )
        for row in frame.sort(FILE, "_row").iter_rows(named=True)
    )


def conflicting(frame: pl.DataFrame, *, delivery: Delivery) -> tuple[RejectedRow, ...]:
    """Rows that share a key and differ: nobody can tell which one is right."""
    return tuple(
        RejectedRow(
            source=delivery.source,
            entity=delivery.entity,
            file=row[FILE],
            row=row["_row"],
            reason_code=CONFLICTING_KEY,
            column_name=None,
            original_text=row["original_text"],
            record=row["record"],
            company_code=row["company_code"],
            amount=row["amount"],
            currency=row["currency"],
        )
        for row in frame.iter_rows(named=True)
    )
