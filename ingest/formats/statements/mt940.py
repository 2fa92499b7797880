"""SWIFT MT940 (statement) and MT942 (interim report), in the many hands of the banks.

Belongs here: fields `:NN:` of the text block, balances, lines and their details. Must not: XML, CSV.

Field formats: SWIFT Standards, category 9. What banks do differently and is read all the same: block headers missing
or of their own, `:28:` for `:28C:`, entry dates left blank, spaces before amounts, `:86:` several times or with lines
that begin like a field, 29 and 30 February of banks that count 30 days to a month.
"""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.formats.statements.details import read_details
from ingest.formats.statements.model import (
    Balance,
    Cells,
    Line,
    Records,
    StatementError,
    statement,
    statement_id,
)

# the fields of MT940 and MT942; anything else that looks like one (a time `:12:11` in a text) is text
_FIELD = re.compile(r"^:(20|21|25P?|28C?|34F|13D?|60[FM]|61|86|62[FM]|64|65|90[CD]|NS):", re.MULTILINE)
_BALANCE = re.compile(r"^([CD])(\d{6})([A-Z]{3})\s*([\d.,][\d., ]*)$", re.ASCII)
_LINE = re.compile(
    r"""^(?P<value_date>\d{6})
        (?P<entry_date>\d{4}|[ ]{4})?
        (?P<mark>R?[CD]|E[CD])
        (?P<funds>[A-Z])?\s*
        (?P<amount>[\d][\d.,]*)
        (?P<kind>[A-Z][A-Z0-9 ]{3}|[A-Z]\s+[A-Z])
        (?P<references>[^\n]*)
        (?:\n(?P<more>.*))?$""",
    re.VERBOSE | re.DOTALL | re.ASCII,
)
# six lines of 65 characters by the standard; banks write more, none a hundred times more
LONGEST_FIELD = 2**16
_NOTHING = ("NONREF", "NOTPROVIDED", "")


@dataclass(frozen=True)
class _Field:
    name: str
    text: str


def read_mt940(text: str, *, file_name: str) -> Records:
    """Every statement of a file, pages of one statement put together.

    Raises:
        StatementError: no field of a statement is in it, or one without an end.
    """
    fields = list(_fields(text))
    if any(len(field.text) > LONGEST_FIELD for field in fields):
        raise StatementError(
            f"{file_name}: a field of it has more than {LONGEST_FIELD:,} characters.",
            fix="deliver the statement as the bank sends it.",
        )
    if not any(field.name in ("25", "25P", "28", "28C", "60F", "60M", "61") for field in fields):
        raise StatementError(
            f"{file_name}: no field of an MT940 statement was found in it.",
            fix="deliver the statement as the bank sends it, beginning with a line such as `:20:`.",
        )
    return _records(fields)


def _records(fields: list[_Field]) -> Records:
    current: _Draft | None = None
    for message in _messages(fields):
        draft = _Draft()
        for field in message:
            draft.take(field)
        if current is not None and current.continues_with(draft):
            current.append(draft)
            continue
        if current is not None:
            yield from current.records()
        current = draft
    if current is not None:
        yield from current.records()


def _fields(text: str) -> Iterator[_Field]:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    starts = list(_FIELD.finditer(text))
    for position, match in enumerate(starts):
        end = starts[position + 1].start() if position + 1 < len(starts) else len(text)
        body = text[match.end() : end]
        # the end of the text block, or of a message without blocks
        body = re.split(r"^-(?:\}.*)?$", body, maxsplit=1, flags=re.MULTILINE | re.DOTALL)[0]
        yield _Field(match.group(1), body.strip("\n\x01\x03\x1a "))


def _messages(fields: list[_Field]) -> Iterator[list[_Field]]:
    """A message begins with its `:20:`; where a bank leaves that out, with the next account after a balance."""
    message: list[_Field] = []
    for field in fields:
        is_new = field.name == "20" or (
            field.name in ("25", "25P")
            and any(f.name in ("25", "25P") for f in message)
            and _is_account(field)
        )
        if is_new and message:
            yield message
            message = []
        message.append(field)
    if message:
        yield message


def _is_account(field: _Field) -> bool:
    """Details in a field that a bank numbered `:25:` by mistake are no account."""
    return re.match(r"\d{3}\?\d\d", field.text) is None


class _Draft:
    """A statement while its fields come in."""

    def __init__(self) -> None:
        self.account: str | None = None
        self.number: str | None = None
        self.page: str | None = None
        self.opening: Balance | None = None
        self.closing: Balance | None = None
        self.is_first = True
        self.is_last = True
        self.currency: str | None = None
        self.made_on: str | None = None
        self.lines: list[Line] = []
        self.pending = 0
        self._open: Cells | None = None
        self._details: list[str] = []

    def take(self, field: _Field) -> None:
        """Take up the next field."""
        is_misnumbered = field.name in ("25", "25P") and not _is_account(field)
        if field.name in ("86", "NS") or is_misnumbered:
            if self._open is not None:
                self._details.append(field.text)
            return
        self._close_line()
        if field.name in ("25", "25P"):
            self.account = " ".join(field.text.split()) or None
        elif field.name in ("28", "28C"):
            number, _, page = field.text.replace(" ", "").partition("/")
            self.number, self.page = number or None, page or None
        elif field.name in ("60F", "60M"):
            self.opening, self.is_first = self._balance(field.text), field.name == "60F"
        elif field.name in ("62F", "62M"):
            self.closing, self.is_last = self._balance(field.text), field.name == "62F"
        elif field.name == "34F":
            self.currency = self.currency or field.text[:3] or None
        elif field.name in ("13", "13D"):
            self.made_on = _date(field.text[:6]) if re.match(r"[0-9]{6}", field.text) else None
        elif field.name == "61":
            self._open_line(field.text)

    def _open_line(self, text: str) -> None:
        match = _LINE.match(text)
        if match is None:
            self.lines.append(Line({"remittance_text": text}))
            return
        mark = match["mark"]
        if mark.startswith("E"):
            self.pending += 1
            return
        # RC takes a credit back, RD a debit
        is_credit = mark in ("C", "RD")
        own, _, bank = (match["references"] or "").partition("//")
        kind = match["kind"].strip()
        value_date = _date(match["value_date"])
        self._open = {
            "booking_date": _entry_date(match["entry_date"], value_date=match["value_date"]) or value_date,
            "value_date": value_date,
            "amount": ("" if is_credit else "-") + _amount(match["amount"]),
            "transaction_code": kind + (" reversal" if mark.startswith("R") else "") or None,
            "end_to_end_id": None if own.strip() in _NOTHING else own.strip(),
            "bank_reference": None if bank.strip() in _NOTHING else bank.strip(),
            "remittance_text": (match["more"] or "").strip() or None,
        }

    def _close_line(self) -> None:
        if self._open is None:
            return
        details = read_details("\n".join(self._details))
        cells = self._open
        own_text = cells["remittance_text"]
        cells["remittance_text"] = details.remittance or own_text
        if details.remittance and own_text and own_text not in details.remittance:
            cells["remittance_text"] = f"{own_text} {details.remittance}"
        cells["counterparty_name"] = details.name
        cells["counterparty_account"] = details.account
        cells["end_to_end_id"] = details.end_to_end_id or cells["end_to_end_id"]
        self.lines.append(Line(cells))
        self._open, self._details = None, []

    def continues_with(self, other: "_Draft") -> bool:
        """Whether the other is the next page of this statement: its opening balance is this one's intermediate one."""
        return (
            not self.is_last
            and not other.is_first
            and (self.account, self.number) == (other.account, other.number)
        )

    def append(self, other: "_Draft") -> None:
        """Put the next page behind this one."""
        other._close_line()
        self._close_line()
        self.lines += other.lines
        self.pending += other.pending
        self.closing, self.is_last = other.closing, other.is_last

    def records(self) -> Records:
        """The lines, with account, currency and statement, and the statement."""
        self._close_line()
        balance = self.closing or self.opening
        day = balance.day if balance else self.made_on
        if day is None and self.lines:
            day = self.lines[-1].cells.get("booking_date")
        shared: Cells = {
            "account": self.account,
            "currency": self.currency,
            "statement_id": statement_id(day, self.number, self.page),
        }
        for line in self.lines:
            yield Line({**shared, **line.cells})
        yield statement(shared, opening=self.opening, closing=self.closing, pending=self.pending)

    def _balance(self, text: str) -> Balance | None:
        match = _BALANCE.match(text.splitlines()[0].strip() if text else "")
        if match is None:
            return None
        self.currency = match[3]
        return Balance(("-" if match[1] == "D" else "") + _amount(match[4]), _date(match[2]))


def _amount(text: str) -> str:
    """`000000000473,17`, `300,` and `27` as numbers with a point; what is not one stays as it is."""
    compact = text.replace(" ", "")
    match = re.fullmatch(r"(\d+)(?:[.,](\d*))?", compact)
    if match is None:
        return compact
    whole, cents = match[1].lstrip("0") or "0", match[2] or ""
    return f"{whole}.{cents}" if cents else whole


def _date(text: str) -> str:
    """YYMMDD as an ISO date. 29 and 30 February of a year without them are its last day, as 30/360 counts; any other
    day that no month has stays as it is and is refused as a cell."""
    year, month, day = 2000 + int(text[:2]), int(text[2:4]), int(text[4:6])
    if year > 2079:
        year -= 100
    if not 1 <= month <= 12:
        return text
    last = monthrange(year, month)[1]
    if month == 2 and last < day <= 30:
        day = last
    return f"{year:04d}-{month:02d}-{day:02d}" if 1 <= day <= last else text


def _entry_date(text: str | None, *, value_date: str) -> str | None:
    """MMDD, in the year that brings it closest to the value date."""
    if text is None or not text.strip():
        return None
    year, value_month = int(value_date[:2]), int(value_date[2:4])
    month = int(text[:2])
    if month - value_month > 6:
        year -= 1
    elif value_month - month > 6:
        year += 1
    return _date(f"{year % 100:02d}{text}")
