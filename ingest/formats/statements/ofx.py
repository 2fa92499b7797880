"""OFX and QFX: SGML (1.x, closing tags left out) and XML (2.x).

Belongs here: bank and credit card statements. Must not: investment positions, which are no bank lines.

Read as a stream of tags rather than as XML, because version 1 is none: a tag with a text is a value, one without opens
an aggregate. The header's charset counts for version 1 only.
"""

import html
import re
from collections.abc import Iterator

from ingest.formats.statements.model import (
    Balance,
    Cells,
    Line,
    Records,
    StatementError,
    plain_amount,
    statement,
    statement_id,
)

_TAG = re.compile(r"<(/?)([A-Za-z0-9_.]+)\s*/?>([^<]*)")
_AGGREGATES = frozenset(
    {
        "STMTRS",
        "CCSTMTRS",
        "STMTTRN",
        "BANKACCTFROM",
        "CCACCTFROM",
        "BANKACCTTO",
        "CCACCTTO",
        "LEDGERBAL",
        "AVAILBAL",
        "BANKTRANLIST",
        "PAYEE",
        "CURRENCY",
        "ORIGCURRENCY",
        "INVSTMTRS",
    }
)
# a statement has six levels
DEEPEST = 64
LONGEST_TOLD = 200
_CHARSETS = {"1252": "cp1252", "8859-1": "iso-8859-1", "ISO-8859-1": "iso-8859-1", "NONE": "cp1252"}


def decode_ofx(data: bytes) -> str:
    """The text of a file by its own header: version 1 names a charset, version 2 is XML and mostly UTF-8."""
    head = data[:1_000].decode("ascii", errors="replace").upper()
    declared = re.search(r"ENCODING[:=]\s*[\"']?([\w-]+)", head)
    charset = re.search(r"CHARSET:\s*([\w-]+)", head)
    if declared and declared[1] in ("UTF-8", "UNICODE"):
        return data.decode("utf-8-sig", errors="replace")
    if charset:
        return data.decode(_CHARSETS.get(charset[1], "cp1252"), errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def read_ofx(text: str, *, file_name: str) -> Records:
    """Every statement of a file.

    Raises:
        StatementError: it is not OFX, is cut off, reports an error instead of a statement, or holds no statement.
    """
    # not in the text in capitals: that may have another length
    start = re.search("<OFX>", text, flags=re.IGNORECASE)
    if start is None:
        raise StatementError(f"{file_name}: is not OFX.", fix="download the statement as OFX again.")
    body = text[start.start() :]
    if re.search(r"<(CC)?STMTRS>", body, flags=re.IGNORECASE) is None:
        told = _told_by_the_bank(body)
        raise StatementError(
            f"{file_name}: holds no bank or card statement.{told}", fix="download the statement again."
        )
    return _records(body, file_name=file_name)


def _told_by_the_bank(body: str) -> str:
    # in two steps: one expression would look through the rest of the file from each of many severities
    severity = re.search(r"<SEVERITY>\s*ERROR", body, flags=re.IGNORECASE)
    message = severity and re.compile(r"<MESSAGE>([^<\r\n]*)", re.IGNORECASE).search(body, severity.end())
    return f" The bank says: {message[1].strip()[:LONGEST_TOLD]}." if message else ""


def _records(body: str, *, file_name: str) -> Records:
    path: list[str] = []
    told: dict[str, str] = {}
    line: dict[str, str] | None = None
    lines: list[dict[str, str]] = []
    for closing, name, value in _tags(body):
        if not closing and value:
            key = f"{path[-1]}.{name}" if path and path[-1] not in ("STMTTRN", "STMTRS", "CCSTMTRS") else name
            if line is not None and "STMTTRN" in path:
                line.setdefault(key, value)
            elif any(holder in path for holder in ("STMTRS", "CCSTMTRS")):
                told.setdefault(key, value)
        elif not closing:
            if name not in _AGGREGATES:
                continue
            if name in ("STMTRS", "CCSTMTRS"):
                path, told, lines, line = [name], {}, [], None
                continue
            if name == "STMTTRN":
                # its end may be missing: the next one ends it
                path = [p for p in path if p != "STMTTRN"]
                line = {}
                lines.append(line)
            path.append(name)
            if len(path) > DEEPEST:
                raise StatementError(
                    f"{file_name}: its aggregates lie more than {DEEPEST} deep.",
                    fix="download the statement again.",
                )
        elif name in ("STMTRS", "CCSTMTRS") and path:
            yield from _finished(told, lines)
            path, told, lines, line = [], {}, [], None
        elif name in path:
            del path[path.index(name) :]
            line = None if name == "STMTTRN" else line
    if path:
        # a tag of a value may lack its end, that of a statement never does
        raise StatementError(
            f"{file_name}: is cut off inside a statement.", fix="download the statement again."
        )


def _tags(body: str) -> Iterator[tuple[bool, str, str]]:
    for match in _TAG.finditer(body):
        yield bool(match[1]), match[2].upper(), html.unescape(match[3]).strip()


def _finished(told: dict[str, str], lines: list[dict[str, str]]) -> Records:
    account = told.get("BANKACCTFROM.ACCTID") or told.get("CCACCTFROM.ACCTID")
    bank = told.get("BANKACCTFROM.BANKID")
    currency = told.get("CURDEF")
    first, last = _date(told.get("BANKTRANLIST.DTSTART")), _date(told.get("BANKTRANLIST.DTEND"))
    closing_date = _date(told.get("LEDGERBAL.DTASOF"))
    balance = _amount(told.get("LEDGERBAL.BALAMT"))
    shared: Cells = {
        "account": account,
        "currency": currency,
        "statement_id": statement_id(last or closing_date, first, bank),
    }
    for line in lines:
        foreign = line.get("CURRENCY.CURSYM")
        payee = line.get("NAME") or line.get("PAYEE.NAME")
        memo = line.get("MEMO")
        yield Line(
            {
                **shared,
                "currency": foreign or currency,
                "booking_date": _date(line.get("DTPOSTED")),
                "value_date": _date(line.get("DTAVAIL")),
                "amount": _amount(line.get("TRNAMT")),
                "counterparty_name": payee,
                "counterparty_account": line.get("BANKACCTTO.ACCTID") or line.get("CCACCTTO.ACCTID"),
                "remittance_text": memo or payee,
                "bank_reference": line.get("FITID"),
                "end_to_end_id": line.get("REFNUM") or line.get("CHECKNUM"),
                "transaction_code": line.get("TRNTYPE"),
            }
        )
    yield statement(shared, opening=None, closing=Balance(balance, closing_date) if balance else None)


def _date(text: str | None) -> str | None:
    """YYYYMMDD[HHMMSS[.mmm]][offset:zone] as the date the bank writes, in its own zone."""
    if not text:
        return None
    digits = text[:8]
    return f"{digits[:4]}-{digits[4:6]}-{digits[6:]}" if re.fullmatch(r"[0-9]{8}", digits) else text


def _amount(text: str | None) -> str | None:
    """Point or comma; a leading plus."""
    if not text:
        return None
    plain = text.replace(" ", "").removeprefix("+")
    if re.fullmatch(r"-?[\d.]*,\d{1,2}", plain):
        plain = plain.replace(".", "").replace(",", ".")
    elif re.fullmatch(r"-?\d{1,3}(,\d{3})+(\.\d+)?", plain):
        plain = plain.replace(",", "")
    if plain.startswith(("-.", ".")):
        plain = plain.replace(".", "0.", 1)
    return plain_amount(plain)
