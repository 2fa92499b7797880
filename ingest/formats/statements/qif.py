"""QIF: Quicken's line-by-line export.

Belongs here: bank, cash and card accounts. Must not: investments, category lists.

QIF names neither currency nor, mostly, account, and writes dates as its author's computer did: the profile declares
the date format, the source gives account and currency. Format: Intuit, Quicken Interchange Format.
"""

import re

from ingest.formats.statements.model import Cells, Line, Records, StatementError, statement, statement_id

_BANK_TYPES = frozenset({"bank", "cash", "ccard", "oth a", "oth l"})
_CELLS = {"P": "counterparty_name", "M": "remittance_text", "N": "end_to_end_id"}


def read_qif(text: str, *, file_name: str) -> Records:
    """The lines of every bank section, and a statement without balances for each.

    Raises:
        StatementError: no section of a bank, cash or card account is in it, or it is cut off.
    """
    if (
        re.search(r"^!Type:\s*(bank|cash|ccard|oth [al])\s*$", text, flags=re.IGNORECASE | re.MULTILINE)
        is None
    ):
        raise StatementError(
            f"{file_name}: holds no account of type bank, cash or card.",
            fix="export that account as QIF again.",
        )
    return _records(text, file_name=file_name)


def _records(text: str, *, file_name: str) -> Records:
    account: str | None = None
    section = ""
    cells: Cells = {}
    lines: list[Line] = []

    def finished() -> Records:
        days = [line.cells.get("booking_date") for line in lines]
        shared: Cells = {
            "account": account,
            "statement_id": statement_id(days[-1] if days else None, account),
        }
        for line in lines:
            yield Line({**shared, **line.cells})
        yield statement(shared, opening=None, closing=None)

    for full in re.split(r"\r\n|\r|\n", text.removeprefix("\ufeff")):
        row = full.strip()
        if not row:
            continue
        if row.startswith("!"):
            if section in _BANK_TYPES and lines:
                yield from finished()
                lines = []
            head = row[1:].lower()
            section = head.removeprefix("type:").strip() if head.startswith("type:") else head
            cells = {}
            continue
        code, value = row[0], row[1:].strip()
        if section == "account":
            account = value if code == "N" else account
        elif section in _BANK_TYPES:
            if code == "^":
                if cells:
                    lines.append(Line(cells))
                cells = {}
            elif code in ("T", "U"):
                cells["amount"] = value
            elif code == "D":
                # Quicken pads days with a space: 1/ 5'14
                cells["booking_date"] = value.replace(" ", "") or None
            elif code in _CELLS:
                cells[_CELLS[code]] = value or None
    if cells:
        raise StatementError(
            f"{file_name}: is cut off inside a record.", fix="export the account as QIF again."
        )
    if section in _BANK_TYPES:
        yield from finished()
