"""Mishaps: deliveries that the warehouse must refuse, and corrections that come too late.

Belongs here: broken dumps, the files of later steps, and what is to be expected of each. Must not: files that change
nothing (redelivery.py).

Two dumps of the agency collapse in the middle of the history: they are refused and the rest publishes, for nobody has
to wait for the agency. What needs a release before it lies below `<out>/later`, one folder per step.
"""

import csv
import io
import shutil
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from ingest.simulator.bureau import BUREAU_SOURCE
from ingest.simulator.deliveries import write_csv

_TRUNCATED = ("2026-06-19", "financial_statement")
_EMPTY = ("2026-06-24", "credit_event")
_ROWS_LEFT = 5
_LAST, _AFTER = "2026-06-30", "2026-07-01"
_CORRECTED_ROWS = 3

CORRECTED, COLLAPSED = "1_corrected", "2_collapsed"


@dataclass(frozen=True, slots=True)
class Mishap:
    """A file, the step that brings it (empty: there from the start), and what a refresh makes of it."""

    step: str
    kind: str
    file: str
    reason_code: str
    exit_code: int


def add_mishaps(out: Path) -> list[Mishap]:
    """Break dumps below `<out>/in`, prepare the later steps, and write down what to expect."""
    done = [
        *_collapse(out, *_TRUNCATED, rows=_ROWS_LEFT, kind="truncated_dump", reason_code="lost_keys"),
        *_collapse(out, *_EMPTY, rows=0, kind="empty_dump", reason_code="empty_dump"),
        *_correct(out),
        *_collapse_later(out),
    ]
    write_csv(
        out / "truth" / "mishap.csv",
        ("step", "kind", "file", "reason_code", "exit_code"),
        ((one.step, one.kind, one.file, one.reason_code, one.exit_code) for one in done),
    )
    return done


def take_step(out: Path, step: str) -> None:
    """Deliver the files of a later step, as the source would: a correction takes the place of the file it corrects.

    Raises:
        FileNotFoundError: the kit was made without mishaps.
    """
    folder = out / "later" / step
    if not folder.is_dir():
        raise FileNotFoundError(f"{folder} is not there; simulate with mishaps.")
    for path in sorted(folder.rglob("*.csv")):
        target = out / path.relative_to(folder)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
        if step == CORRECTED:
            target.with_name(target.name.replace("_corrected", "")).unlink(missing_ok=True)


def _collapse(out: Path, day: str, entity: str, *, rows: int, kind: str, reason_code: str) -> list[Mishap]:
    path = out / "in" / BUREAU_SOURCE / day / f"{entity}.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(lines[: rows + 1]), encoding="utf-8")
    return [Mishap("", kind, path.relative_to(out).as_posix(), reason_code, 0)]


def _correct(out: Path) -> list[Mishap]:
    """The last dump once more, under another name, with the amounts of a few invoices put right."""
    path = out / "in" / "erp_cn" / _LAST / "document.csv"
    header, *records = csv.reader(io.StringIO(path.read_text(encoding="utf-8")))
    at = {name: position for position, name in enumerate(header)}
    with (path.with_name("instalment.csv")).open(encoding="utf-8", newline="") as stream:
        planned = {row["document_id"] for row in csv.DictReader(stream)}
    left = _CORRECTED_ROWS
    for record in reversed(records):
        is_plain = (
            record[at["document_type"]] == "invoice"
            and record[at["currency"]] == "CNY"
            and record[at["is_cancelled"]] != "true"
            and record[at["document_id"]] not in planned
            and not record[at["amount"]].startswith("-")
        )
        if is_plain and left:
            record[at["amount"]] = str(Decimal(record[at["amount"]]) + Decimal("100.00"))
            left -= 1
    target = out / "later" / CORRECTED / "in" / "erp_cn" / _LAST / "document_corrected.csv"
    _write(target, [header, *records])
    return [Mishap(CORRECTED, "corrected_dump", _place(target, out), "", 0)]


def _collapse_later(out: Path) -> list[Mishap]:
    """The dump of the next day has lost most of the receipts: the release before it must stay."""
    path = out / "in" / "erp_cn" / _LAST / "receipt.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        records = [record for _, record in zip(range(_ROWS_LEFT + 1), csv.reader(stream), strict=False)]
    target = out / "later" / COLLAPSED / "in" / "erp_cn" / _AFTER / "receipt.csv"
    _write(target, records)
    return [Mishap(COLLAPSED, "collapsed_dump", _place(target, out), "lost_keys", 2)]


def _place(path: Path, out: Path) -> str:
    return path.relative_to(out).as_posix()


def _write(path: Path, records: list[list[str]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows(records)
