"""The profile of a delivery: the few numbers that the front door judges.

Belongs here: counting and summing over the staged rows of one delivery. Must not: judging.
"""

from dataclasses import dataclass, field
from decimal import Decimal

import duckdb

from ingest.contract import Entity
from ingest.landing.changes import Counts
from ingest.landing.hashing import quoted
from ingest.landing.records import Delivery
from ingest.landing.staging import INCOMING, Staged

ORIGINAL_TYPE = "original_document_type"


@dataclass(frozen=True)
class DeliveryProfile:
    """One row of the profile frame. Dates are numbers YYYYMMDD (0 = none), sums are minor units (cents)."""

    delivery: str
    rows_read: int
    rows_rejected: int
    rejected_share: float
    rows_unexplained: int
    unexplained_minor: int
    null_counts: dict[str, int] = field(default_factory=dict)
    first_dates: dict[str, int] = field(default_factory=dict)
    last_dates: dict[str, int] = field(default_factory=dict)
    minor_sums: dict[str, int] = field(default_factory=dict)
    reasons: dict[str, int] = field(default_factory=dict)


def profile_delivery(
    connection: duckdb.DuckDBPyConnection,
    *,
    delivery: Delivery,
    entity: Entity,
    staged: Staged,
    counts: Counts,
) -> DeliveryProfile:
    """Measure the rows of `incoming`; one pass."""
    required = [column.name for column in entity.required_columns]
    dates = [column.name for column in entity.public_columns if column.type == "date"]
    sums = [column.name for column in entity.public_columns if column.type == "money"]
    # a negative invoice was turned into a credit note: it was delivered with the other sign
    signed = entity.amount and quoted(entity.amount)
    if ORIGINAL_TYPE in entity.columns:
        signed = f"case when {ORIGINAL_TYPE} is null then {signed} else -{signed} end"
    parts = [
        f"cast(coalesce(sum({signed}), 0) * 100 as hugeint)" if signed else "0",
        *(f"count(*) filter (_op = 'upsert' and {quoted(n)} is null)" for n in required),
        *(f"coalesce(cast(strftime(min({quoted(n)}), '%Y%m%d') as integer), 0)" for n in dates),
        *(f"coalesce(cast(strftime(max({quoted(n)}), '%Y%m%d') as integer), 0)" for n in dates),
        *(f"cast(coalesce(sum({quoted(n)}), 0) * 100 as hugeint)" for n in sums),
    ]
    values = [int(v) for v in connection.execute(f"select {', '.join(parts)} from {INCOMING}").fetchall()[0]]
    names = iter(values)
    delivered = int((staged.amount - Decimal(staged.rejected["rejected_amount"].sum() or 0)) * 100)
    unexplained = delivered - next(names)
    rejected = staged.rejected.height + counts.conflicting
    reasons = {r: int(n) for r, n in staged.rejected.group_by("reason_code").len().sort("reason_code").rows()}
    if counts.conflicting:
        reasons["conflicting_key"] = counts.conflicting
    return DeliveryProfile(
        delivery=delivery.label,
        rows_read=staged.rows_read,
        rows_rejected=rejected,
        rejected_share=rejected / staged.rows_read if staged.rows_read else 0.0,
        rows_unexplained=staged.rows_read - counts.landed - counts.unchanged - counts.collapsed - rejected,
        unexplained_minor=unexplained if entity.amount else 0,
        null_counts={n: next(names) for n in required},
        first_dates={n: next(names) for n in dates},
        last_dates={n: next(names) for n in dates},
        minor_sums={n: next(names) for n in sums},
        reasons=reasons,
    )
