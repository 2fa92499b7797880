"""Private columns: contact data goes to the private folder and nowhere else.

Belongs here: the files under `home/private`. Must not: any other column, any other place.

Current state only, no history: who asks for contact data to be forgotten is forgotten here.
"""

import os
from pathlib import Path

import polars as pl

from ingest.contract import Entity
from ingest.durable import sync
from ingest.home import Home
from ingest.landing.integrity import damaged_private_file
from ingest.landing.records import Load, to_text
from ingest.landing.staging import SEQUENCE, Staged

CONTACT_ENTITY = "customer"
OWNER_ONLY = 0o600


def private_file(home: Home, *, entity_name: str) -> Path:
    """Where the private columns of an entity are kept."""
    return home.contacts if entity_name == CONTACT_ENTITY else home.private / f"{entity_name}.parquet"


def keep_private(home: Home, *, entity: Entity, staged: Staged | None, load: Load) -> None:
    """Make the private columns of a delivery current: its keys replace those kept, a full dump replaces all of its
    source. A key without any private value is not kept.

    Raises:
        LandingDamaged: what was kept before cannot be read.
    """
    if staged is None or staged.private is None:
        return
    path = private_file(home, entity_name=entity.name)
    private = [column.name for column in entity.private_columns]
    keys = list(entity.key)
    is_given = pl.any_horizontal(pl.col(name).is_not_null() for name in private)
    fresh = staged.private.sort(SEQUENCE).unique(keys, keep="last", maintain_order=True).drop(SEQUENCE)
    fresh = fresh.with_columns(
        pl.lit(load.source).alias("_source"), pl.lit(to_text(load.known_at)).alias("_known_at")
    )
    kept = _read(path) if path.exists() else fresh.clear()
    if load.mode == "full":
        protected = staged.rejected.select(keys)
        is_of_source = pl.col("_source") == load.source
        others = kept.filter(~is_of_source)
        kept = pl.concat([others, kept.filter(is_of_source).join(protected, on=keys, how="semi")])
    kept = kept.join(fresh, on=[*keys, "_source"], how="anti", nulls_equal=True)
    merged = pl.concat([kept, fresh.filter(is_given)], how="diagonal").sort(*keys, "_source")
    if path.exists() or merged.height:
        _write_owner_only(merged, path)


def _read(path: Path) -> pl.DataFrame:
    try:
        return pl.read_parquet(path)
    except pl.exceptions.PolarsError as error:
        raise damaged_private_file(path) from error


def _write_owner_only(frame: pl.DataFrame, path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    temporary = path.with_name(path.name + ".tmp")
    # created with its final mode: at no moment can anybody else read it
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, OWNER_ONLY)
    with os.fdopen(descriptor, "wb") as file:
        frame.write_parquet(file)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    sync(path.parent)
