"""Redelivery: files that a careless export writes twice, in parts, or under another name. None of it changes a figure.

Belongs here: renaming, splitting and repeating files that are already written, and the record of it. Must not: files
that change what is known (mishaps.py).
"""

import shutil
from dataclasses import dataclass
from pathlib import Path

from ingest.simulator.deliveries import write_csv

# days of the last month; a delta that has no such file on its day is replaced by the next one that has
_SPLIT = ("erp_cn", "2026-06-09", "document")
_RENAMED = ("erp_cn", "2026-06-10", "receipt")
_COPIED = ("erp_eu", "2026-06-11", "allocation")
_SENT_AGAIN = ("erp_eu", "2026-06-11", "receipt")
_LINES_AGAIN = ("bank", "2026-06-11", "bank_transaction")


@dataclass(frozen=True, slots=True)
class Redelivery:
    """One file that is not where, or not what, its neighbours are."""

    kind: str
    source: str
    delivery: str
    file: str


def redeliver(out: Path) -> list[Redelivery]:
    """Rearrange files below `<out>/in` and write down which."""
    inbox = out / "in"
    done = [*_split(inbox), *_rename(inbox), *_copy(inbox), *_send_again(inbox), *_lines_again(inbox)]
    write_csv(
        out / "truth" / "redelivery.csv",
        ("kind", "source", "delivery", "file"),
        ((one.kind, one.source, one.delivery, one.file) for one in done),
    )
    return done


def _split(inbox: Path) -> list[Redelivery]:
    source, day, entity = _SPLIT
    files = _files(inbox, source, entity, since=day)
    if not files:
        return []
    path = files[0]
    header, *records = path.read_text(encoding="utf-8").splitlines(keepends=True)
    middle = len(records) // 2
    parts = (records[:middle], records[middle:])
    path.unlink()
    names = []
    for number, part in enumerate(parts, start=1):
        names.append(f"{entity}_{number}.csv")
        path.with_name(names[-1]).write_text(header + "".join(part), encoding="utf-8")
    return [Redelivery("file_split", source, path.parent.name, name) for name in names]


def _rename(inbox: Path) -> list[Redelivery]:
    source, day, entity = _RENAMED
    files = _files(inbox, source, entity, since=day)
    if not files:
        return []
    path = files[0]
    path.rename(path.with_name(f"{entity}-final.csv"))
    return [Redelivery("file_renamed", source, path.parent.name, f"{entity}-final.csv")]


def _copy(inbox: Path) -> list[Redelivery]:
    source, day, entity = _COPIED
    files = _files(inbox, source, entity, since=day)
    for path in files[:1]:
        shutil.copyfile(path, path.with_name(f"{entity}_copy.csv"))
    return [Redelivery("file_copied", source, path.parent.name, f"{entity}_copy.csv") for path in files[:1]]


def _send_again(inbox: Path) -> list[Redelivery]:
    """A delta repeats rows of the one before; what has changed since is left out."""
    source, first, entity = _SENT_AGAIN
    files = _files(inbox, source, entity, since=first)
    if len(files) < 2:
        return []
    path, target = files[:2]
    header, *records = path.read_text(encoding="utf-8").splitlines(keepends=True)
    changed = {_key(record) for record in target.read_text(encoding="utf-8").splitlines()}
    same = [record for record in records if _key(record) not in changed]
    name = f"{entity}_{path.parent.name}.csv"
    target.with_name(name).write_text(header + "".join(same), encoding="utf-8")
    return [Redelivery("rows_sent_again", source, target.parent.name, name)]


def _key(record: str) -> tuple[str, ...]:
    return tuple(record.split(",")[:2])


def _lines_again(inbox: Path) -> list[Redelivery]:
    """The bank sends the lines of one day again with those of the next."""
    source, first, entity = _LINES_AGAIN
    files = _files(inbox, source, entity, since=first)
    if len(files) < 2:
        return []
    path, target = files[:2]
    name = f"{entity}_{path.parent.name}.csv"
    shutil.copyfile(path, target.with_name(name))
    return [Redelivery("bank_lines_sent_again", source, target.parent.name, name)]


def _files(inbox: Path, source: str, entity: str, *, since: str) -> list[Path]:
    """Files of an entity from a day on, by day."""
    days = sorted(path for path in (inbox / source).iterdir() if path.name >= since)
    return [path / f"{entity}.csv" for path in days if (path / f"{entity}.csv").exists()]
