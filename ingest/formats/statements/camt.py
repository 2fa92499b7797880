"""ISO 20022 camt.052 (report), camt.053 (statement) and camt.054 (notification), every version, streamed.

Belongs here: entries, their details and balances. Must not: other XML, finding values in an element (camt_parts.py).

Elements are matched by their local names: banks use wrong or outdated namespaces, and versions differ only in where a
few values stand (`Sts` and `Sts/Cd`, `BICOrBEI` and `AnyBIC`, amounts in `AmtDtls`). Nothing is fetched and nothing
is expanded: a document type declaration refuses the file.

An entry that is a batch whose details have amounts that add up to it becomes one line per detail, because each of
them is somebody's payment; else it is one line.
"""

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import cast

from lxml import etree

from ingest.formats.statements.camt_parts import (
    BALANCE,
    ENTRY,
    HOLDER,
    ITSELF,
    NAMES_OF,
    Parts,
    date_of,
    local_name,
)
from ingest.formats.statements.model import (
    Balance,
    Cells,
    Line,
    Records,
    Statement,
    StatementError,
    statement,
    statement_id,
)

BLOCK_BYTES = 2**16
# of what is in memory at a time: one entry, and what stands outside of entries. An entry of a hundred thousand details
# has two million elements, each with a mark at its beginning and one at its end
MOST_MARKS_HELD = 4_500_000
MOST_BYTES_HELD = 2**28
_DOCTYPE = re.compile(rb"\A[^<]*(?:<\?.*?\?>|<!--.*?-->|\s)*<!DOCTYPE", re.DOTALL)
_HOLDERS = frozenset({"Stmt", "Rpt", "Ntfctn"})
# the only elements that the parser tells of; everything else is looked up inside them
_TOLD = tuple(f"{{*}}{name}" for name in sorted(_HOLDERS | {"Ntry", "Bal"}))
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
        if "depth" in str(error):
            raise StatementError(
                f"{path.name}: its elements lie too deep for a statement ({error}).",
                fix="fetch the file from the bank again.",
            ) from error
        raise StatementError(
            f"{path.name}: is not whole XML ({error}).", fix="fetch the file from the bank again."
        ) from error
    if not holders:
        raise StatementError(
            f"{path.name}: holds no camt.052, .053 or .054 statement.",
            fix="deliver the statement as the bank sends it; a file without one is left out.",
        )


def _records(path: Path) -> Records:
    parser = etree.XMLPullParser(
        events=("start", "end"),
        tag=_TOLD,
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    held_bytes = held_marks = 0
    is_checked = False
    draft: _Draft | None = None
    for size, marks in _blocks(path, parser=parser):
        held_bytes += size
        held_marks += marks
        for event, told in parser.read_events():
            element = cast("etree._Element", told)
            name = local_name(element.tag)
            if event == "start":
                if not is_checked:
                    _refuse_doctype(element, file_name=path.name)
                    is_checked = True
                if name in _HOLDERS:
                    draft = _Draft()
                continue
            if draft is None:
                continue
            if name == "Ntry":
                yield from draft.entry(element)
            elif name == "Bal":
                draft.balance(element)
                continue
            else:
                yield draft.finished(element)
                draft = None
            _forget_with_earlier(element)
            held_bytes = held_marks = 0
        if held_bytes > MOST_BYTES_HELD or held_marks > MOST_MARKS_HELD:
            raise StatementError(
                f"{path.name}: one entry, or what stands outside of entries, is larger than a file of a bank.",
                fix="fetch shorter periods from the bank.",
            )


def _blocks(path: Path, *, parser: etree.XMLPullParser) -> Iterator[tuple[int, int]]:
    """Feed a file to the parser piece by piece; after each, its bytes and how many marks begin in it."""
    with path.open("rb") as file:
        head = file.read(BLOCK_BYTES)
        # before the parser sees it: what a declaration expands to may be more than fits
        if _DOCTYPE.match(head):
            raise _has_doctype(path.name)
        block = head
        while block:
            parser.feed(block)
            yield len(block), block.count(b"<")
            block = file.read(BLOCK_BYTES)
    parser.close()
    yield 0, 0


def _refuse_doctype(root: etree._Element, *, file_name: str) -> None:
    if root.getroottree().docinfo.internalDTD is not None:
        raise _has_doctype(file_name)


def _has_doctype(file_name: str) -> StatementError:
    return StatementError(
        f"{file_name}: has a document type declaration, which no camt message has.",
        fix="deliver the statement as the bank sends it.",
    )


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
        found = Parts(element, BALANCE)
        code = found.text("Tp/CdOrPrtry/Cd")
        amount, currency = found.signed()
        if code is not None and amount is not None:
            self._currency = self._currency or currency
            # the first opening and the last closing, where pages repeat them
            if code in _CLOSING or code not in self._balances:
                self._balances[code] = Balance(amount, found.day("Dt"))

    def _first_of(self, codes: tuple[str, ...]) -> Balance | None:
        return next((self._balances[code] for code in codes if code in self._balances), None)

    def entry(self, element: etree._Element) -> Iterator[Line]:
        found = Parts(element, ENTRY)
        status = found.text("Sts/Cd") or found.text("Sts")
        if status is not None and status != _BOOKED:
            self._pending += 1
            return
        holder = element.getparent()
        if self._shared is None and holder is not None:
            self._shared = self._identity(holder)
        amount, currency = found.signed()
        shared = self._shared or {}
        value_date = found.day("ValDt")
        common: Cells = {
            **shared,
            # a bank may book in another currency than the account's: then the entry says so
            "currency": currency or shared.get("currency"),
            "booking_date": found.day("BookgDt") or value_date,
            "value_date": value_date,
            "transaction_code": found.code(),
        }
        reference = found.text("AcctSvcrRef") or found.text("NtryRef")
        details = found.all("NtryDtls/TxDtls")
        is_credit = not (amount or "").startswith("-")
        direction = found.text("CdtDbtInd")
        parts = [detail.signed(direction) for detail in details] if len(details) > 1 else []
        if parts and _add_up(parts, amount=amount, currency=currency):
            for detail, (part, _) in zip(details, parts, strict=True):
                is_inward = not (part or "").startswith("-")
                yield Line(
                    {
                        **common,
                        "amount": part,
                        **_parties([detail], is_credit=is_inward),
                        "bank_reference": detail.text("Refs/AcctSvcrRef") or reference,
                    }
                )
            return
        yield Line(
            {
                **common,
                "amount": amount,
                **_parties(details, is_credit=is_credit),
                "bank_reference": reference or (details[0].text("Refs/AcctSvcrRef") if details else None),
                **({} if details else {"remittance_text": found.text("AddtlNtryInf")}),
            }
        )

    def _identity(self, holder: etree._Element) -> Cells:
        balance = self._first_of(_CLOSING) or self._first_of(_OPENING)
        found = Parts(holder, HOLDER)
        day = balance.day if balance else None
        day = day or date_of(found.text("FrToDt/ToDtTm")) or date_of(found.text("CreDtTm"))
        number = found.text("ElctrncSeqNb") or found.text("LglSeqNb")
        page = found.text("StmtPgntn/PgNb") or found.text("RptPgntn/PgNb")
        return {
            "account": found.account("Acct"),
            "currency": found.text("Acct/Ccy") or self._currency,
            "statement_id": statement_id(day, found.text("Id"), number, page),
        }

    def finished(self, holder: etree._Element) -> Statement:
        return statement(
            self._shared or self._identity(holder),
            opening=self._first_of(_OPENING),
            closing=self._first_of(_CLOSING),
            pending=self._pending,
        )


def _add_up(parts: list[tuple[str | None, str | None]], *, amount: str | None, currency: str | None) -> bool:
    """Whether details give the entry, to the cent and in its currency."""
    try:
        total = sum((Decimal(part or "NaN") for part, _ in parts), Decimal(0))
        return all(c == currency for _, c in parts) and amount is not None and total == Decimal(amount)
    except InvalidOperation:
        return False


def _parties(details: list[Parts], *, is_credit: bool) -> Cells:
    """Who paid or was paid, and for what: of the only detail, or of all of them where they agree."""
    other = "Dbtr" if is_credit else "Cdtr"
    names = {_party_name(detail, other) for detail in details} - {None}
    accounts = {detail.account(f"RltdPties/{other}Acct") for detail in details} - {None}
    references = {detail.text("Refs/EndToEndId") for detail in details} - {None, "NOTPROVIDED"}
    remittance = [text for detail in details for text in _remittance(detail)]
    return {
        "counterparty_name": names.pop() if len(names) == 1 else None,
        "counterparty_account": accounts.pop() if len(accounts) == 1 else None,
        "end_to_end_id": references.pop() if len(references) == 1 else None,
        "remittance_text": " ".join(dict.fromkeys(remittance)) or None,
    }


def _party_name(detail: Parts, other: str) -> str | None:
    for path in NAMES_OF[other]:
        found = detail.text(path)
        if found:
            return " ".join(found.split())
    return None


def _remittance(detail: Parts) -> Iterator[str]:
    unstructured, structured = detail.all("RmtInf/Ustrd"), detail.all("RmtInf/Strd")
    for part in unstructured:
        text = part.text(ITSELF)
        if text:
            yield " ".join(text.split())
    for part in structured:
        for path in ("CdtrRefInf/Ref", "CdtrRefInf/CdtrRef", "RfrdDocInf/Nb", "AddtlRmtInf"):
            found = part.text(path)
            if found:
                yield found
    found = detail.text("AddtlTxInf")
    if found and not unstructured and not structured:
        yield " ".join(found.split())
