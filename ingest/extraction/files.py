"""The files of a pull: written whole under a name that nothing reads, then given their name in one step.

Belongs here: Parquet, the record of a pull, folders. Must not: ask a database.
"""

import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import BaseModel, ConfigDict, ValidationError

from ingest.durable import make_folder, sync
from ingest.extraction.failure import PullFailed
from ingest.home import PULL_FORMAT, PULL_RECORD

UNFINISHED_PREFIX = ".pulling-"


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True)


class TableRecord(_Record):
    """What one query gave.

    `since` is None for a full pull. `watermark` is the greatest moment of the incremental column so far, at most the
    moment of the pull, for a row that is stamped later must not hide those written before it.
    """

    sha256: str
    columns: tuple[str, ...]
    rows: int
    since: datetime | None = None
    watermark: datetime | None = None


class PullRecord(_Record):
    """`_pull.json`. `extracted_at` is the moment of the snapshot in full; the folder has it to the second."""

    source: str
    extracted_at: datetime
    engine: str
    tables: dict[str, TableRecord]


def newest_pull(folder: Path) -> PullRecord | None:
    """The record of the newest pull in the folder of a source, or None where there is none.

    Raises:
        PullFailed: the record is damaged.
    """
    if not folder.is_dir():
        return None
    records = [path / PULL_RECORD for path in _pulls(folder)]
    newest = max(
        (path for path in records if path.is_file()), key=lambda path: path.parent.name, default=None
    )
    if newest is None:
        return None
    try:
        return PullRecord.model_validate_json(newest.read_bytes())
    except ValidationError:
        raise PullFailed(
            f"{newest} is damaged.",
            fix=f"delete the folder {newest.parent}; the next pull goes on from the one before.",
        ) from None


def _pulls(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        try:
            datetime.strptime(path.name, PULL_FORMAT)
        except ValueError:
            continue
        yield path


@contextmanager
def unfinished_pull(folder: Path) -> Iterator[Path]:
    """A folder to write a pull into; gone afterwards unless `finish` gave it its name.

    What a killed pull left is removed first, so only one pull of a source may run at a time.
    """
    make_folder(folder)
    for left in folder.glob(f"{UNFINISHED_PREFIX}*"):
        shutil.rmtree(left)
    # mode 0700: names and addresses of customers are in these files
    temporary = Path(tempfile.mkdtemp(prefix=UNFINISHED_PREFIX, dir=folder))
    try:
        yield temporary
    finally:
        if temporary.exists():
            shutil.rmtree(temporary)


def write_table(path: Path, *, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> int:
    """Write batches as they come and return the number of rows; a table without rows still has its columns."""
    rows = 0
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for batch in batches:
            writer.write_batch(batch)
            rows += batch.num_rows
    sync(path)
    return rows


def finish(temporary: Path, *, record: PullRecord) -> Path:
    """Write the record and make the pull appear, whole and on disk."""
    path = temporary / PULL_RECORD
    path.write_text(record.model_dump_json(indent=2), encoding="utf-8")
    sync(path)
    sync(temporary)
    finished = temporary.with_name(record.extracted_at.strftime(PULL_FORMAT))
    temporary.rename(finished)
    sync(finished.parent)
    return finished
