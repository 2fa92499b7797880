"""ISO 20022 camt.052 (report), camt.053 (statement) and camt.054 (notification), every version, streamed.

Belongs here: entries, their details and balances. Must not: other XML.

Elements are matched by their local names: banks use wrong or outdated namespaces, and versions differ only in where a
few values stand (`Sts` and `Sts/Cd`, `BICOrBEI` and `AnyBIC`, amounts in `AmtDtls`). Nothing is fetched and nothing
is expanded: a document type declaration refuses the file.

An entry that is a batch whose details have amounts that add up to it becomes one line per detail, because each of
them is somebody's payment; else it is one line.
"""

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path

from lxml import etree

from ingest.formats.statements.model import (
    Balance,
    Cells,
    Line,
    Records,
    Statement,
    StatementError,
    plain_amount,
    statement,
    statement_id,
)

DEEPEST = 64
# of what is in memory at a time: one entry, and what stands outside of entries. An entry of a hundred thousand details
# has two million elements
MOST_ELEMENTS = 4_000_000
MOST_CHARACTERS = 2**28
_HOLDERS = frozenset({"Stmt", "Rpt", "Ntfctn"})
_FORGOTTEN = _HOLDERS | {"Ntry"}
_BOOKED = "BOOK"
# what stands for the balance before and after the lines; available balances are no booked ones
_OPENING = ("OPBD", "PRCD")
_CLOSING = ("CLBD", "ITBD")


def read_camt(path: Path) -> Records:
    """Every statement of a file, entry by entry.

    Raises:
        StatementError: it is not XML, is cut off, has a document type declaration, or holds no statement, or an entry
            that is too large.
    """
    holders = 0
    try:
        for record in _records(path):
            holders += isinstance(record, Statement)
            yield record
    except etree.XMLSyntaxError as error:
        raise StatementError(
            f"{path.name}: is not whole XML ({error}).", fix="fetch the file from the bank again."
        ) from error
    if not holders:
        raise StatementError(
            f"{path.name}: holds no camt.052, .053 or .054 statement.",
            fix="deliver the statement as the bank sends it; a file without one is left out.",
        )


def _records(path: Path) -> Records:
    events = etree.iterparse(
        str(path),
        events=("start", "end"),
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    depth = 0
    held = _Held()
    is_checked = False
    draft: _Draft | None = None
    for event, element in events:
        if event == "start":
            depth += 1
            if not is_checked:
                _refuse_doctype(element, file_name=path.name)
                is_checked = True
            if depth > DEEPEST:
                raise StatementError(
                    f"{path.name}: its elements lie more than {DEEPEST} deep.",
                    fix="fetch the file from the bank again.",
                )
            if _name(element) in _FORGOTTEN:
                held.begin()
            held.take(element)
            if held.is_too_much:
                raise StatementError(
                    f"{path.name}: one entry, or what stands outside of entries, is larger than a file of a bank.",
                    fix="fetch shorter periods from the bank.",
                )
            if _name(element) in _HOLDERS:
                draft = _Draft()
            continue
        depth -= 1
        held.characters += len(element.text or "")
        if _name(element) in _FORGOTTEN:
            held.forget()
        if draft is None:
            continue
        name = _name(element)
        if name == "Ntry":
            yield from draft.entry(element)
            _forget_with_earlier(element)
        elif name == "Bal":
            draft.balance(element)
        elif name in _HOLDERS:
            yield draft.finished(element)
            draft = None
            _forget_with_earlier(element)


class _Held:
    """What of the file is in memory: elements that have not been forgotten, and their texts."""

    def __init__(self) -> None:
        self.elements = 0
        self.characters = 0
        self._begun: list[tuple[int, int]] = []

    @property
    def is_too_much(self) -> bool:
        return self.elements > MOST_ELEMENTS or self.characters > MOST_CHARACTERS

    def take(self, element: etree._Element) -> None:
        self.elements += 1
        self.characters += sum(map(len, element.values()))

    def begin(self) -> None:
        self._begun.append((self.elements, self.characters))

    def forget(self) -> None:
        self.elements, self.characters = self._begun.pop()


def _refuse_doctype(root: etree._Element, *, file_name: str) -> None:
    if root.getroottree().docinfo.internalDTD is not None:
        raise StatementError(
            f"{file_name}: has a document type declaration, which no camt message has.",
            fix="deliver the statement as the bank sends it.",
        )


def _name(element: etree._Element) -> str:
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _forget_with_earlier(element: etree._Element) -> None:
    """Drop what has been read, so that memory does not grow with the file."""
    element.clear()
    parent = element.getparent()
    while parent is not None and (before := element.getprevious()) is not None and before.tag == element.tag:
        parent.remove(before)


class _Draft:
    """A statement while its parts come in. The schema has identification, account and balances before the entries."""

    def __init__(self) -> None:
        self._balances: dict[str, Balance] = {}
        self._currency: str | None = None
        self._shared: Cells | None = None
        self._pending = 0

    def balance(self, element: etree._Element) -> None:
        code = _text(element, "Tp/CdOrPrtry/Cd")
        amount, currency = _signed(element)
        if code is not None and amount is not None:
            self._currency = self._currency or currency
            # the first opening and the last closing, where pages repeat them
            if code in _CLOSING or code not in self._balances:
                self._balances[code] = Balance(amount, _day(element, "Dt"))

    def _first_of(self, codes: tuple[str, ...]) -> Balance | None:
        return next((self._balances[code] for code in codes if code in self._balances), None)

    def entry(self, element: etree._Element) -> Iterator[Line]:
        status = _text(element, "Sts/Cd") or _text(element, "Sts")
        if status is not None and status != _BOOKED:
            self._pending += 1
            return
        holder = element.getparent()
        if self._shared is None and holder is not None:
            self._shared = self._identity(holder)
        amount, currency = _signed(element)
        # a bank may book in another currency than the account's: then the entry says so
        shared = {**(self._shared or {}), "currency": currency or (self._shared or {}).get("currency")}
        booking_date = _day(element, "BookgDt") or _day(element, "ValDt")
        common: Cells = {
            **shared,
            "booking_date": booking_date,
            "value_date": _day(element, "ValDt"),
            "transaction_code": _code(element),
        }
        reference = _text(element, "AcctSvcrRef") or _text(element, "NtryRef")
        details = _all(element, "NtryDtls/TxDtls")
        is_credit = not (amount or "").startswith("-")
        direction = _text(element, "CdtDbtInd")
        parts = [_signed(detail, direction) for detail in details] if len(details) > 1 else []
        if parts and _add_up(parts, amount=amount, currency=currency):
            for detail, (part, _) in zip(details, parts, strict=True):
                is_inward = not (part or "").startswith("-")
                yield Line(
                    {
                        **common,
                        "amount": part,
                        **_parties([detail], is_credit=is_inward),
                        "bank_reference": _text(detail, "Refs/AcctSvcrRef") or reference,
                    }
                )
            return
        yield Line(
            {
                **common,
                "amount": amount,
                **_parties(details, is_credit=is_credit),
                "bank_reference": reference or (_text(details[0], "Refs/AcctSvcrRef") if details else None),
                **({} if details else {"remittance_text": _text(element, "AddtlNtryInf")}),
            }
        )

    def _identity(self, holder: etree._Element) -> Cells:
        balance = self._first_of(_CLOSING) or self._first_of(_OPENING)
        day = balance.day if balance else None
        day = day or _date_of(_text(holder, "FrToDt/ToDtTm")) or _date_of(_text(holder, "CreDtTm"))
        number = _text(holder, "ElctrncSeqNb") or _text(holder, "LglSeqNb")
        page = _text(holder, "StmtPgntn/PgNb") or _text(holder, "RptPgntn/PgNb")
        return {
            "account": _account(_one(holder, "Acct")),
            "currency": _text(holder, "Acct/Ccy") or self._currency,
            "statement_id": statement_id(day, _text(holder, "Id"), number, page),
        }

    def finished(self, holder: etree._Element) -> Statement:
        return statement(
            self._shared or self._identity(holder),
            opening=self._first_of(_OPENING),
            closing=self._first_of(_CLOSING),
            pending=self._pending,
        )


def _one(element: etree._Element, path: str) -> etree._Element | None:
    """The first element down a path of local names."""
    found: etree._Element | None = element
    for name in path.split("/"):
        if found is None:
            return None
        found = next((child for child in found if _name(child) == name), None)
    return found


def _all(element: etree._Element, path: str) -> list[etree._Element]:
    level = [element]
    for name in path.split("/"):
        level = [child for parent in level for child in parent if _name(child) == name]
    return level


def _text(element: etree._Element | None, path: str) -> str | None:
    found = _one(element, path) if element is not None else None
    if found is None or found.text is None or len(found):
        return None
    return found.text.strip() or None


def _signed(element: etree._Element, direction: str | None = None) -> tuple[str | None, str | None]:
    """Amount with its sign, and currency. CdtDbtInd says the direction of this booking, of a reversal too; a detail
    without one has that of its entry."""
    amount = _one(element, "Amt")
    if amount is None:
        amount = _one(element, "AmtDtls/TxAmt/Amt")
    if amount is None or amount.text is None:
        return None, None
    text = plain_amount(amount.text.strip())
    direction = _text(element, "CdtDbtInd") or direction
    sign = "-" if direction == "DBIT" and not text.startswith("-") else ""
    return sign + text, amount.get("Ccy")


def _add_up(parts: list[tuple[str | None, str | None]], *, amount: str | None, currency: str | None) -> bool:
    """Whether details give the entry, to the cent and in its currency."""
    try:
        total = sum((Decimal(part or "NaN") for part, _ in parts), Decimal(0))
        return all(c == currency for _, c in parts) and amount is not None and total == Decimal(amount)
    except InvalidOperation:
        return False


def _day(element: etree._Element, path: str) -> str | None:
    holder = _one(element, path)
    if holder is None:
        return None
    return _date_of(_text(holder, "Dt") or _text(holder, "DtTm") or (holder.text or "").strip())


def _date_of(text: str | None) -> str | None:
    """The date of a date or time as the bank writes it, in its own zone."""
    return text[:10] or None if text else None


def _account(account: etree._Element | None) -> str | None:
    """IBAN, else whatever identifies the account; not every country has IBANs."""
    for path in ("Id/IBAN", "Id/Othr/Id", "Id/PrtryAcct/Id", "Id/BBAN", "Id/UPIC"):
        found = _text(account, path)
        if found:
            return found
    return None


def _code(entry: etree._Element) -> str | None:
    domain = [_text(entry, f"BkTxCd/{path}") for path in ("Domn/Cd", "Domn/Fmly/Cd", "Domn/Fmly/SubFmlyCd")]
    code = "-".join(part for part in domain if part) or _text(entry, "BkTxCd/Prtry/Cd")
    is_reversal = _text(entry, "RvslInd") in ("true", "1")
    return " ".join(part for part in (code, "reversal" if is_reversal else None) if part) or None


def _parties(details: list[etree._Element], *, is_credit: bool) -> Cells:
    """Who paid or was paid, and for what: of the only detail, or of all of them where they agree."""
    other = "Dbtr" if is_credit else "Cdtr"
    names = {_party_name(detail, other) for detail in details} - {None}
    accounts = {_account(_one(detail, f"RltdPties/{other}Acct")) for detail in details} - {None}
    references = {_text(detail, "Refs/EndToEndId") for detail in details} - {None, "NOTPROVIDED"}
    remittance = [text for detail in details for text in _remittance(detail)]
    return {
        "counterparty_name": names.pop() if len(names) == 1 else None,
        "counterparty_account": accounts.pop() if len(accounts) == 1 else None,
        "end_to_end_id": references.pop() if len(references) == 1 else None,
        "remittance_text": " ".join(dict.fromkeys(remittance)) or None,
    }


def _party_name(detail: etree._Element, other: str) -> str | None:
    for path in (
        f"RltdPties/{other}/Nm",
        f"RltdPties/{other}/Pty/Nm",
        f"RltdPties/Ultmt{other}/Nm",
        f"RltdPties/Ultmt{other}/Pty/Nm",
    ):
        found = _text(detail, path)
        if found:
            return " ".join(found.split())
    return None


def _remittance(detail: etree._Element) -> Iterator[str]:
    for element in _all(detail, "RmtInf/Ustrd"):
        if element.text and element.text.strip():
            yield " ".join(element.text.split())
    for element in _all(detail, "RmtInf/Strd"):
        for path in ("CdtrRefInf/Ref", "CdtrRefInf/CdtrRef", "RfrdDocInf/Nb", "AddtlRmtInf"):
            found = _text(element, path)
            if found:
                yield found
    found = _text(detail, "AddtlTxInf")
    if found and not _all(detail, "RmtInf"):
        yield " ".join(found.split())
