"""Files of the bulk simulator: frames appended to the CSV extracts of the generic dialect.

Belongs here: folders, parts, headers, counts of rows. Does not: what the rows say.

The opening delivery is written in parts, one per chunk, so that neither side ever holds all of it.
"""

from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from ingest.contract import Contract
from ingest.simulator.days import DeliveryPlan


@dataclass(slots=True)
class BulkWriter:
    """Writes below `<out>/in`; counts rows per entity."""

    out: Path
    plan: DeliveryPlan
    contract: Contract
    row_counts: dict[str, int] = field(default_factory=dict)

    def write(
        self, source: str, entity: str, frame: pl.DataFrame, *, part: int, has_deletes: bool = True
    ) -> None:
        """Append the rows of a chunk to the deliveries that they belong to; `frame` is sorted by `_delivery`."""
        frame = frame.filter(pl.col("_delivery") < len(self.plan.days))
        lines = self._in_columns_of_contract(entity, frame, has_deletes=has_deletes)
        sizes = frame["_delivery"].value_counts().sort("_delivery")
        offset = 0
        for delivery, size in sizes.iter_rows():
            name = f"{entity}_{part:03d}.csv" if delivery == 0 else f"{entity}.csv"
            path = self.out / "in" / source / self.plan.days[delivery].isoformat() / name
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("ab") as stream:
                lines.slice(offset, size).write_csv(stream, include_header=stream.tell() == 0)
            offset += size
        self.row_counts[entity] = self.row_counts.get(entity, 0) + frame.height

    def _in_columns_of_contract(self, entity: str, frame: pl.DataFrame, *, has_deletes: bool) -> pl.DataFrame:
        given = set(frame.columns)
        return frame.select(
            *(
                pl.col(name) if name in given else pl.lit(None, dtype=pl.String).alias(name)
                for name in self.contract.entities[entity].columns
            ),
            *(["_deleted"] if has_deletes else []),
        )
