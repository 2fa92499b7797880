"""Damaged deliveries of tables: the exports of every system and bank that a profile reads, one file of them damaged.

Belongs here: sound deliveries in the shape of each system, and staging one with a damaged file as landing does. Must
not: how a file is damaged, counting.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random

import duckdb

from ingest.canonical import UPSERT
from ingest.contract import Entity, load_contract
from ingest.landing.discovery import entities_of
from ingest.landing.records import DeliveredFile, Delivery, DeliveryRefused
from ingest.landing.staging import INCOMING, Staged, stage
from ingest.settings_models import Source
from ingest.simulator.cell import Sizing
from ingest.simulator.dialects import DIALECTS
from ingest.simulator.run import simulate
from tests.fuzz.damage import damaged
from tests.kit.bank_tables import BANKS, CARDS, COMPANY

# what a source has to say beside files that do not name their company or currency; a column that they have wins
GIVEN = {
    "quickbooks": {"company_code": "C1", "currency": "CNY"},
    "xero": {"company_code": "C1"},
}
# systems that are read from their database deliver Parquet of our own writing
DATABASES = tuple(name for name, dialect in DIALECTS.items() if dialect.is_database)
FIRST_LINES = 14
MOMENT = datetime(2026, 6, 30, 18, tzinfo=UTC)


@dataclass(frozen=True)
class SoundDelivery:
    """Files of one system, and the source that would deliver them."""

    source: Source
    files: Mapping[str, bytes]

    def files_of(self, entity: str) -> list[str]:
        """Names of the files that feed an entity."""
        return [n for n in self.files if entity in entities_of(n, profile=self.source.definition)]

    @property
    def entities(self) -> tuple[str, ...]:
        """What the files hold."""
        named = {e for name in self.files for e in entities_of(name, profile=self.source.definition)}
        return tuple(sorted(named))


def sound_deliveries(folder: Path) -> list[SoundDelivery]:
    """A small delivery of each system whose profile reads tables; `folder` is for making them."""
    return [*_of_systems(folder), *_of_banks()]


def _of_systems(folder: Path) -> Iterator[SoundDelivery]:
    for name, dialect in DIALECTS.items():
        if name in DATABASES:
            continue
        out = folder / name
        simulate(out, sizing=Sizing(customers=6, invoices=40), dialect=name, redelivers=False)
        newest = max(path for path in (out / "in" / "erp_cn").iterdir() if path.is_dir())
        files = {path.name: _beginning(path) for path in sorted(newest.iterdir())}
        constants = GIVEN.get(name, {})
        source = Source(name=name, profile=dialect.profile, path="in", constants=constants)
        yield SoundDelivery(source, files)


def _beginning(path: Path) -> bytes:
    """The first lines of a text, all of a workbook: short inputs are read quickly, and damage is seldom missed."""
    lines = path.read_bytes().splitlines(keepends=True)
    return b"".join(lines if path.suffix == ".xlsx" else lines[:FIRST_LINES])


def _of_banks() -> Iterator[SoundDelivery]:
    texts = [("bank_cn", text, given) for text, given in BANKS.values()]
    texts += [("card_cn", text, {**COMPANY, "account": "A1"}) for text in CARDS.values()]
    for profile, text, constants in texts:
        source = Source(name="bank", profile=profile, path="in", constants=constants)
        yield SoundDelivery(source, {"x.csv": text.encode("gb18030")})


class DamagedTables:
    """Deliveries of tables, each with a damaged file, staged one after the other."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._sound = sound_deliveries(folder / "sound")
        self._connection = duckdb.connect(config={"threads": 1})

    def read(self, random: Random) -> str:
        """Damage a file of one delivery, read the delivery for one entity, and say what became of it.

        Raises:
            AssertionError: a promise was broken.
        """
        sound = random.choice(self._sound)
        entity = load_contract().entity(random.choice(sound.entities))
        names = sound.files_of(entity.name)
        hit = random.choice(names)
        files = {name: sound.files[name] for name in names}
        files[hit] = damaged(files[hit], random=random)
        try:
            staged = self._stage(files, sound=sound, entity=entity)
        except DeliveryRefused as refused:
            assert refused.fix, "refused without a fix"
            return "refused"
        accepted = self._count("true")
        assert staged.rows_read == accepted + staged.rejected.height, "a row is neither accepted nor rejected"
        assert staged.rejected["reason_code"].null_count() == 0, "a row was rejected without a reason"
        breach = " or ".join(_breaches(entity))
        assert not self._count(f"_op = '{UPSERT}' and ({breach})"), f"an accepted row of {entity.name} breaks"
        return "rows accepted" if accepted else "no row accepted"

    def read_sound(self) -> dict[tuple[str, str, str], int]:
        """Rows accepted of every delivery and entity without damage, by system, first file and entity."""
        counts = {}
        for sound in self._sound:
            for name in sound.entities:
                files = {file: sound.files[file] for file in sound.files_of(name)}
                self._stage(files, sound=sound, entity=load_contract().entity(name))
                counts[sound.source.name, next(iter(files)), name] = self._count("true")
        return counts

    def _stage(self, files: Mapping[str, bytes], *, sound: SoundDelivery, entity: Entity) -> Staged:
        delivered = []
        for name, data in files.items():
            path = self._folder / name
            path.write_bytes(data)
            delivered.append(_delivered(path))
        return stage(
            Delivery(sound.source.name, entity.name, MOMENT, date(2026, 6, 30), tuple(delivered)),
            source=sound.source,
            entity=entity,
            companies=["C1"],
            connection=self._connection,
            folder=self._folder / "pieces",
        )

    def _count(self, condition: str) -> int:
        found = self._connection.execute(f"select count(*) from {INCOMING} where {condition}").fetchone()
        assert found is not None
        return int(found[0])


def _delivered(path: Path) -> DeliveredFile:
    status = path.stat()
    return DeliveredFile(path, path.name, "0" * 64, status.st_size, status.st_mtime_ns)


def _breaches(entity: Entity) -> Iterator[str]:
    """What no accepted row may be, as conditions."""
    for column in entity.public_columns:
        if column.required:
            yield f'"{column.name}" is null'
        if column.type == "date":
            yield f'year("{column.name}") not between 1990 and 2100'
        if column.type == "currency":
            yield f"not regexp_full_match(\"{column.name}\", '[A-Z]{{3}}')"
