"""Control files: what a source says its deliveries hold.

Belongs here: reading `_control.csv`. Must not: comparing it with what arrived (refusal_rules.py).
"""

import csv
import io
from dataclasses import replace
from decimal import Decimal, InvalidOperation

from ingest.contract import load_contract
from ingest.landing.records import Control, DeliveredFile, FileFault
from ingest.reasons import BAD_CONTROL_FILE, fix_of

CONTROL_FILE = "_control.csv"
# a line per entity; anything larger is something else
LARGEST_CONTROL_BYTES = 2**20


def read_control(file: DeliveredFile) -> tuple[dict[str, Control], DeliveredFile]:
    """Lines `entity,rows,amount` by entity, and the file, with its fault where it cannot be read."""
    if file.fault is not None or file.is_unfinished:
        return {}, file
    if file.size > LARGEST_CONTROL_BYTES:
        return {}, _at_fault(file, what=f"has {file.size:,} bytes, too much for a control file.")
    text = file.path.read_text(encoding="utf-8-sig", errors="replace")
    try:
        lines = list(csv.DictReader(io.StringIO(text)))
    except csv.Error as error:
        return {}, _at_fault(file, what=f"is not CSV ({error}).")
    return {entity: control for line in lines for entity, control in _control(line)}, file


def _control(line: dict[str, str | None]) -> list[tuple[str, Control]]:
    """One line; a number that cannot be read can never be met, so its delivery is refused."""
    entity = (line.get("entity") or "").strip()
    if entity not in load_contract().entities:
        return []
    amount_text = (line.get("amount") or "").strip()
    try:
        rows = int((line.get("rows") or "").strip())
        amount = Decimal(amount_text) if amount_text else None
    except (ValueError, InvalidOperation):
        return [(entity, Control(rows=-1, amount=None))]
    if amount is not None and not amount.is_finite():
        return [(entity, Control(rows=-1, amount=None))]
    return [(entity, Control(rows=rows, amount=amount))]


def _at_fault(file: DeliveredFile, *, what: str) -> DeliveredFile:
    fault = FileFault(BAD_CONTROL_FILE, f"{file.name}: {what}", f"{fix_of(BAD_CONTROL_FILE)}.")
    return replace(file, fault=fault)
