"""BAI2: cash management balance reporting, version 2.

Belongs here: groups, accounts, transactions and continuation records. Must not: lockbox files, loan and
non-monetary codes.

Record codes and fields: BAI, Cash Management Balance Reporting Specifications, version 2. Amounts have no decimal
point; the currency says how many decimals they end in. Type codes 100-399 are credits, 400-699 debits.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from ingest.formats.statements.model import (
    Balance,
    Cells,
    Line,
    Records,
    StatementError,
    statement,
    statement_id,
)

OPENING_LEDGER, CLOSING_LEDGER = "010", "015"
_NO_DECIMALS = frozenset({"JPY", "KRW", "VND", "CLP", "ISK", "XAF", "XOF", "XPF", "PYG", "UGX", "RWF"})
# a record with its continuations; what is longer is no record but a file that lacks something
LONGEST_RECORD = 2**18
_RECORD = re.compile(r"^(01|02|03|16|49|88|98|99),")


@dataclass
class _Account:
    number: str
    currency: str
    as_of: str | None
    balances: dict[str, Balance] = field(default_factory=dict)


def read_bai2(text: str, *, file_name: str) -> Records:
    """Every account of every group, one statement each.

    Raises:
        StatementError: it does not begin with a file header, or has no account.
    """
    records = list(_records(text, file_name=file_name))
    if not records or not any(record.startswith("03,") for record in records):
        raise StatementError(
            f"{file_name}: is not BAI2, or reports no account.", fix="fetch the file from the bank again."
        )
    if not records[-1].startswith("99,"):
        raise StatementError(
            f"{file_name}: is cut off: its last record is no file trailer.",
            fix="fetch the file from the bank again.",
        )
    return _statements(records)


def _records(text: str, *, file_name: str) -> Iterator[str]:
    """Records with their continuations. The delimiter `/` ends a record; free text at the end may hold one."""
    current: str | None = None
    for raw in re.split(r"\r\n|\r|\n", text):
        line = raw.rstrip()
        if not line:
            continue
        if current is not None and len(current) > LONGEST_RECORD:
            raise StatementError(
                f"{file_name}: a record is continued for more than {LONGEST_RECORD:,} characters.",
                fix="fetch the file from the bank again.",
            )
        if line.startswith("88,"):
            if current is not None:
                joint = "" if current.endswith(",") else " " if _is_text(current) else ","
                current = current.removesuffix("/").rstrip() + joint + line[3:]
            continue
        if _RECORD.match(line):
            if current is not None:
                yield current
            current = line
        elif current is not None:
            # text that a bank wrapped without a continuation record
            current += " " + line
    if current is not None:
        yield current


def _is_text(record: str) -> bool:
    return record.startswith("16,") and not record.endswith("/")


def _statements(records: list[str]) -> Records:
    group_currency, as_of = "USD", None
    account: _Account | None = None
    lines: list[Line] = []
    for record in records:
        code, _, body = record.partition(",")
        if code == "02":
            fields = _fields(body)
            as_of = _date(_at(fields, 3))
            group_currency = _at(fields, 5) or "USD"
        elif code == "03":
            if account is not None:
                yield from _finished(account, lines)
            account, lines = _account(body, currency=group_currency, as_of=as_of), []
        elif code == "16" and account is not None:
            line = _line(body, account=account)
            if line is not None:
                lines.append(line)
        elif code in ("49", "98", "99") and account is not None:
            yield from _finished(account, lines)
            account, lines = None, []
    if account is not None:
        yield from _finished(account, lines)


def _fields(body: str) -> list[str]:
    return [part.strip() for part in body.rstrip().removesuffix("/").split(",")]


def _at(fields: list[str], position: int) -> str:
    return fields[position] if position < len(fields) else ""


def _account(body: str, *, currency: str, as_of: str | None) -> _Account:
    fields = _fields(body)
    account = _Account(_at(fields, 0), _at(fields, 1) or currency, as_of)
    position = 2
    while position < len(fields):
        code, amount = fields[position], _at(fields, position + 1)
        if code in (OPENING_LEDGER, CLOSING_LEDGER) and amount:
            account.balances[code] = Balance(_amount(amount, currency=account.currency), account.as_of)
        # type, amount, items, funds type and what belongs to it
        position += 3
        position += 1 + _funds_fields(fields, position)
    return account


def _funds_fields(fields: list[str], position: int) -> int:
    """Fields that follow a funds type."""
    kind = _at(fields, position).upper()
    if kind == "S":
        return 3
    if kind == "V":
        return 2
    if kind == "D":
        count = _at(fields, position + 1)
        return 1 + 2 * int(count) if re.fullmatch("[0-9]{1,2}", count) else 1
    return 0


def _line(body: str, *, account: _Account) -> Line | None:
    fields = _fields(body)
    code = _at(fields, 0)
    if not re.fullmatch("[0-9]{3}", code) or not 100 <= int(code) <= 699:
        # loans, non-monetary information and a bank's own codes are no bookings of the account
        return None
    position = 2
    value_date = _date(_at(fields, position + 1)) if _at(fields, position).upper() == "V" else None
    position += 1 + _funds_fields(fields, position)
    amount = _amount(_at(fields, 1), currency=account.currency)
    cells: Cells = {
        "booking_date": account.as_of,
        "value_date": value_date,
        "amount": amount if int(code) < 400 or amount.startswith("-") else "-" + amount,
        "transaction_code": code,
        "bank_reference": _at(fields, position) or None,
        "end_to_end_id": _at(fields, position + 1) or None,
        "remittance_text": " ".join(",".join(fields[position + 2 :]).split()) or None,
    }
    return Line(cells)


def _finished(account: _Account, lines: list[Line]) -> Records:
    shared: Cells = {
        "account": account.number or None,
        "currency": account.currency,
        "statement_id": statement_id(account.as_of, account.number),
    }
    for line in lines:
        yield Line({**shared, **line.cells})
    yield statement(
        shared,
        opening=account.balances.get(OPENING_LEDGER),
        closing=account.balances.get(CLOSING_LEDGER),
    )


def _amount(text: str, *, currency: str) -> str:
    """Whole minor units as a number with a point."""
    match = re.fullmatch(r"([+-]?)0*([0-9]+)", text)
    if match is None:
        return text
    sign, digits = "-" if match[1] == "-" else "", match[2]
    if currency in _NO_DECIMALS:
        return sign + digits
    digits = digits.zfill(3)
    return f"{sign}{digits[:-2]}.{digits[-2:]}"


def _date(text: str) -> str | None:
    """YYMMDD or YYYYMMDD as an ISO date; anything else as it stands."""
    if re.fullmatch(r"[0-9]{6}", text):
        return f"20{text[:2]}-{text[2:4]}-{text[4:]}"
    if re.fullmatch(r"[0-9]{8}", text):
        return f"{text[:4]}-{text[4:6]}-{text[6:]}"
    return text or None
