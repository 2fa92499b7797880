"""What must hold of any input: a frame of text or a refusal with a fix, in time, and no accepted row that breaks the
contract.

Belongs here: running a reader over damaged inputs. Must not: choosing how many.
"""

import signal
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from types import FrameType

import polars as pl

from ingest.canonical import canonicalise
from ingest.contract import load_contract
from ingest.file_mapping import FileMapping, map_file
from ingest.formats import StructureError, TextBatch, UnreadableFile, open_text
from ingest.profiles import load_profile
from tests.fuzz.damage import damaged
from tests.fuzz.seeds import SEEDS
from tests.fuzz.tables import DamagedTables

# of CPU time: a machine that is busy with other work makes no reader slow
LONGEST_SECONDS = 5
# the exports of all systems together, beside the formats
TABLES = "tables"
FORMATS = (*SEEDS, TABLES)
ENTITY = "bank_transaction"
CONSTANTS = {"company_code": "C1", "account": "A", "currency": "EUR"}


@dataclass
class Found:
    """What became of the inputs: counts, and inputs that broke a promise with the reason."""

    counts: Counter[str] = field(default_factory=Counter)
    broken: list[tuple[int, str]] = field(default_factory=list)


class Hang(BaseException):
    """A reader took too long. Not an Exception, so that no reader catches it."""


def _alarm(number: int, frame: FrameType | None) -> None:
    raise Hang


def fuzz(format_name: str, *, inputs: int, seed: int, folder: Path) -> Found:
    """Damage the seeds of a format again and again and read them.

    Args:
        seed: input k is drawn from `seed` and k, so one of them can be made again alone.
    """
    read = DamagedTables(folder).read if format_name == TABLES else _reader(format_name, folder=folder)
    found = Found()
    signal.signal(signal.SIGPROF, _alarm)
    for number in range(inputs):
        random = Random(f"{seed}-{number}")
        signal.setitimer(signal.ITIMER_PROF, LONGEST_SECONDS)
        try:
            found.counts[read(random)] += 1
        except Hang:
            found.broken.append((number, f"took more than {LONGEST_SECONDS} CPU s"))
        # whatever else a reader raises is what is looked for
        except Exception as error:
            found.broken.append((number, f"{type(error).__name__}: {error}"))
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
    return found


def _reader(format_name: str, *, folder: Path) -> Callable[[Random], str]:
    profile_name, suffix, sound = SEEDS[format_name]
    path = folder / f"input{suffix}"

    def read(random: Random) -> str:
        path.write_bytes(damaged(sound, random=random))
        return _read(path, profile_name=profile_name)

    return read


def _read(path: Path, *, profile_name: str) -> str:
    profile = load_profile(profile_name)
    entity = load_contract().entity(ENTITY)
    try:
        file = open_text(path, profile=profile, entity=ENTITY)
        mapping = map_file(file, entity=entity, profile=profile, constants=CONSTANTS)
        if mapping.missing:
            return "lacks a column"
        try:
            batches = list(file.batches())
        except StructureError:
            batches = list(file.salvaged())
    except UnreadableFile as refused:
        assert refused.fix, "refused without a fix"
        return "refused"
    accepted = sum(_accepted(batch, mapping=mapping) for batch in batches)
    return "rows accepted" if accepted else "no row accepted"


def _accepted(batch: TextBatch, *, mapping: FileMapping) -> int:
    rows = canonicalise(batch, mapping=mapping)
    assert rows.rows_read == rows.accepted.height + rows.rejected.height, (
        "a row is neither accepted nor rejected"
    )
    assert rows.records == batch.frame.height + len(batch.bad), "a record is not counted"
    accepted = rows.accepted
    for column in mapping.entity.columns.values():
        cells = accepted[column.name]
        assert cells.dtype == column.polars_type, f"{column.name} is {cells.dtype}"
        assert not (column.required and cells.null_count()), f"{column.name} is missing in an accepted row"
    if accepted.height:
        years = accepted["booking_date"].dt.year()
        assert years.is_between(1990, 2100).all(), "a year out of range was accepted"
        assert accepted["currency"].str.contains("^[A-Z]{3}$").all(), "a currency that is none was accepted"
        assert accepted["amount"].abs().max() < 10**16, "an amount out of range was accepted"
    assert rows.rejected["reason_code"].null_count() == 0, "a row was rejected without a reason"
    assert isinstance(accepted, pl.DataFrame)
    return accepted.height
