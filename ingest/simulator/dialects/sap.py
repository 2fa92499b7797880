"""SAP: customer line items as tables BSID (open) and BSAD (cleared), masters KNA1, KNB1 and T052, rates TCURR.

Belongs here: line items, and which of them a clearing closes, from documents, receipts and allocations. Must not: how
they are read (ingest/profiles/sap.yml).

SAP settles items by closing a group of them that comes to zero; part of a payment cannot be seen. So a group of the
demo group's items that does not yet come to zero stays open with all its lines, and what is told is the same in total:
each customer owes the same on every day.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal

from ingest.simulator.dialects.model import Dialect, Record, State, Stored, Style
from ingest.simulator.dialects.terms import NUMBERS, WORDINGS, percentage, terms_in_use
from ingest.simulator.terms import Terms

SINKS = ("discount", "write_off", "fx_difference", "offset")
RATE_TYPES = {"": "M", "closing": "M", "average": "EURX", "booked": "B"}
# document types: billing, credit memo, customer document, opening, accounting document
TYPES = {
    "invoice": "RV",
    "credit_note": "DG",
    "debit_note": "DR",
    "interest": "DR",
    "opening_balance": "UE",
    "unbilled": "AB",
}
CREDIT_TYPES = ("credit_note",)


@dataclass(frozen=True)
class Line:
    """A line item. `amount` and `local` are signed, debit positive; `voucher` is the item of the demo group."""

    voucher: str
    number: str
    item: int
    kind: str
    customer: str
    dated: str
    posted: str
    due: str
    terms: str
    currency: str
    amount: Decimal
    local: Decimal | None
    reference: str
    account: str
    company: str
    discount: Decimal = Decimal(0)


@dataclass
class Groups:
    """Vouchers that settle one another, as a forest of sets."""

    parents: dict[str, str] = field(default_factory=dict)

    def root(self, name: str) -> str:
        """The set that a voucher is in."""
        parent = self.parents.setdefault(name, name)
        if parent != name:
            parent = self.parents[name] = self.root(parent)
        return parent

    def join(self, one: str, other: str) -> None:
        """Put two vouchers into one set; the smaller name stands for it, whatever came first."""
        first, second = sorted((self.root(one), self.root(other)))
        self.parents[second] = first


def _decimal(text: str) -> Decimal | None:
    return Decimal(text) if text else None


def _accounting(row: Record, dated: str) -> str:
    return row["posting_date"] or row[dated]


def _document_lines(state: State) -> Iterator[Line]:
    plans: dict[tuple[str, str], list[Record]] = defaultdict(list)
    for part in state.get("instalment", {}).values():
        plans[part["company_code"], part["document_id"]].append(part)
    documents = state.get("document", {})
    for row in documents.values():
        is_void = row["is_cancelled"] == "true"
        if is_void and not row["cancelled_on"]:
            continue
        sign = -1 if row["document_type"] in CREDIT_TYPES else 1
        amount = Decimal(row["amount"]) * sign
        local = _decimal(row["functional_amount"])
        whole = Line(
            voucher=f"D{row['document_id']}",
            number=row["document_id"],
            item=1,
            kind=TYPES[row["document_type"]],
            customer=row["customer_id"],
            dated=row["document_date"],
            posted=_accounting(row, "document_date"),
            due=row["due_date"],
            terms=row["payment_terms"],
            currency=row["currency"],
            amount=amount,
            local=None if local is None else local * sign,
            reference=row["reference"],
            account=row["control_account"],
            company=row["company_code"],
        )
        parts = sorted(plans[row["company_code"], row["document_id"]], key=lambda p: int(p["instalment_no"]))
        yield from _parts(whole, parts, sign=sign)
        invoice = documents.get((row["company_code"], row["billed_by_document_id"]))
        if is_void:
            yield _undone(whole, on=row["cancelled_on"])
        elif row["document_type"] == "unbilled" and invoice is not None:
            yield _undone(whole, on=_accounting(invoice, "document_date"))


def _parts(whole: Line, parts: list[Record], *, sign: int) -> Iterator[Line]:
    """A line for each due date; local amounts are shared out by the amount, the last part takes the rest."""
    if not parts:
        yield whole
        return
    left = whole.local
    for position, part in enumerate(parts, start=1):
        amount = Decimal(part["amount"]) * sign
        share = None
        if whole.local is not None and left is not None:
            share = left if position == len(parts) else round(whole.local * amount / whole.amount, 2)
            left -= share
        yield replace(whole, item=position, due=part["due_date"], amount=amount, local=share)


def _undone(line: Line, *, on: str) -> Line:
    return replace(
        line,
        number=f"{line.number}R",
        item=1,
        kind="AB",
        dated=max(on, line.posted),
        posted=max(on, line.posted),
        due="",
        amount=-line.amount,
        local=None if line.local is None else -line.local,
    )


def _receipt_lines(state: State) -> Iterator[Line]:
    for row in state.get("receipt", {}).values():
        if row["status"] == "pending" or (row["status"] == "cancelled" and not row["status_date"]):
            continue
        local = _decimal(row["functional_amount"])
        line = Line(
            voucher=f"R{row['receipt_id']}",
            number=row["receipt_id"],
            item=1,
            kind="DZ",
            customer=row["customer_id"],
            dated=row["receipt_date"],
            posted=_accounting(row, "receipt_date"),
            due="",
            terms="",
            currency=row["currency"],
            amount=-Decimal(row["amount"]),
            local=None if local is None else -local,
            reference=row["reference"],
            account=row["control_account"],
            company=row["company_code"],
        )
        yield line
        if row["status"] in ("bounced", "cancelled"):
            yield replace(_undone(line, on=row["status_date"]), kind="DZ")


def _sink_lines(state: State, vouchers: dict[str, Line]) -> Iterator[Line]:
    """What closes an item without money: a line of its own, on the day it was booked."""
    for row in state.get("allocation", {}).values():
        settled = vouchers.get(_voucher(row["to_kind"], row["to_id"]))
        if row["from_kind"] not in SINKS or settled is None:
            continue
        amount = Decimal(row["amount"]) * (1 if row["is_reversal"] == "true" else -1)
        if not amount:
            continue
        on = max(row["allocated_on"], settled.posted)
        yield replace(
            settled,
            number=row["allocation_id"],
            item=1,
            kind="WO" if row["from_kind"] == "write_off" else "AB",
            dated=on,
            posted=on,
            due="",
            terms="",
            amount=amount,
            local=None,
            reference=row["reason"],
        )


def _voucher(kind: str, name: str) -> str:
    return f"{'R' if kind in ('receipt', 'refund') else 'D'}{name}"


def lines_of(state: State) -> list[Line]:
    """Every line item that is known."""
    lines = [*_document_lines(state), *_receipt_lines(state)]
    vouchers: dict[str, Line] = {}
    for line in lines:
        vouchers.setdefault(line.voucher, line)
    return [*lines, *_sink_lines(state, vouchers)]


def clearings(state: State, lines: Iterable[Line]) -> dict[str, tuple[str, str]]:
    """Voucher to number and day of the clearing that closed it: groups that come to zero in every currency."""
    groups, last = Groups(), defaultdict[str, str](str)
    known = {line.voucher for line in lines}
    used: dict[str, str] = {}
    for row in state.get("allocation", {}).values():
        settled = _voucher(row["to_kind"], row["to_id"])
        pair = (
            [settled] if row["from_kind"] in SINKS else [_voucher(row["from_kind"], row["from_id"]), settled]
        )
        if not known.issuperset(pair):
            continue
        for voucher in pair:
            groups.join(pair[0], voucher)
            used[voucher] = max(used.get(voucher, ""), row["allocated_on"])
    totals: dict[str, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    members: dict[str, set[str]] = defaultdict(set)
    for line in lines:
        root = groups.root(line.voucher)
        totals[root][line.currency] += line.amount
        members[root].add(line.voucher)
        last[root] = max(last[root], line.posted, used.get(line.voucher, ""))
    return {
        voucher: (f"CL{root}", last[root])
        for root, by_currency in totals.items()
        if not any(by_currency.values()) and (len(members[root]) > 1 or root in used or _is_pair(root, lines))
        for voucher in members[root]
    }


def _is_pair(root: str, lines: Iterable[Line]) -> bool:
    """Whether a voucher was taken back: it and its reversal clear each other."""
    return any(line.voucher == root and line.number.endswith("R") for line in lines)


def _items(state: State, *, is_cleared: bool) -> Iterator[Stored]:
    lines = lines_of(state)
    closed = clearings(state, lines)
    for line in lines:
        if (line.voucher in closed) != is_cleared:
            continue
        number, day = closed.get(line.voucher, ("", ""))
        sign_of = line.amount or line.local or Decimal(0)
        yield {
            "BUKRS": line.company,
            "KUNNR": line.customer,
            "UMSKZ": "",
            "AUGDT": _date(day),
            "AUGBL": number,
            "ZUONR": line.reference,
            "GJAHR": line.posted[:4],
            "BELNR": line.number,
            "BUZEI": f"{line.item:03d}",
            "BUDAT": _date(line.posted),
            "BLDAT": _date(line.dated),
            "WAERS": line.currency,
            "XBLNR": line.reference,
            "BLART": line.kind,
            "SHKZG": "H" if sign_of < 0 else "S",
            "DMBTR": "" if line.local is None else f"{abs(line.local):.2f}",
            "WRBTR": f"{abs(line.amount):.2f}",
            "SGTXT": "",
            "HKONT": line.account,
            # a due date that was agreed one by one: the baseline date itself, without days
            "ZFBDT": _date(line.due),
            "ZTERM": _code(line.terms),
            "ZBD1T": "0",
            "ZBD2T": "0",
            "ZBD3T": "0",
            "WSKTO": f"{line.discount:.2f}",
        }


def _date(text: str) -> str:
    return text.replace("-", "") or "00000000"


def _general(state: State) -> Iterator[Stored]:
    seen: set[str] = set()
    for row in state.get("customer", {}).values():
        if row["customer_id"] in seen:
            continue
        seen.add(row["customer_id"])
        yield {
            "KUNNR": row["customer_id"],
            "LAND1": row["country"],
            "NAME1": row["name"],
            "REGIO": row["region"],
            "BRSCH": row["industry"],
            "STCEG": row["tax_id"],
            "KONZS": row["parent_customer_id"],
            "VBUND": row["counterparty_company_code"],
            "STKZN": "X" if row["customer_type"] == "individual" else "",
            "AUFSD": {"hold": "01", "legal": "02"}.get(row["status"], ""),
            "LOEVM": "X" if row["status"] == "closed" else "",
            "TELF1": row["contact_phone"],
            "SMTP_ADDR": row["contact_email"],
            "STRAS": row["contact_address"],
        }


def _of_company(state: State) -> Iterator[Stored]:
    for row in state.get("customer", {}).values():
        yield {
            "KUNNR": row["customer_id"],
            "BUKRS": row["company_code"],
            "ERDAT": _date(row["onboarded_on"]),
            "BUSAB": row["collector"],
            "ZTERM": _code(row["payment_terms"]),
            "VKGRP": row["sales_owner"],
            "ZZ_NATURE": row["deal_nature"],
            "ZZ_OWNERSHIP": row["ownership"],
            "ZZ_SIZE": row["size_class"],
            "ZZ_RELATION": row["related_party"],
        }


def _code(text: str) -> str:
    """The key of a payment term; what T052 cannot say keeps its wording."""
    terms = WORDINGS.get(text)
    return f"Z{NUMBERS[text]:03d}" if terms is not None and not terms.days_before else text


def _terms(state: State) -> Iterator[Stored]:
    for terms in terms_in_use(state):
        if terms.days_before:
            continue
        fixed = {"ZFAEL": "00", "ZMONA": "00", "ZSTG1": "00", "ZSMN1": "00"}
        if terms.cutoff_day == 31:
            yield _term(terms, **(fixed | {"ZFAEL": "31", "ZMONA": f"{terms.months_after:02d}"}))
        elif terms.cutoff_day is not None:
            # up to the cut-off day that day of this month, after it that of the next
            day = f"{terms.cutoff_day:02d}"
            yield _term(terms, **(fixed | {"ZTAGG": day, "ZFAEL": day}))
            yield _term(terms, **(fixed | {"ZTAGG": "31", "ZFAEL": day, "ZMONA": "01"}))
        elif terms.day_of_month is not None:
            day = f"{terms.day_of_month:02d}"
            yield _term(terms, **(fixed | {"ZSTG1": day, "ZSMN1": f"{terms.months_after:02d}"}))
        else:
            yield _term(terms, **fixed)


def _term(terms: Terms, **fixed: str) -> Stored:
    """A line of T052. Days to a discount stand in the first place, and then the net days in the second."""
    net = f"{terms.days_after:03d}"
    has_discount = bool(terms.discount_per_mille)
    return {
        "ZTERM": _code(terms.text),
        "ZTAGG": "00",
        "ZDART": "B" if terms.basis == "posting_date" else "D" if terms.basis == "document_date" else "",
        "ZTAG1": f"{terms.discount_days:03d}" if has_discount else net,
        "ZPRZ1": percentage(terms) or "0.000",
        "ZTAG2": net if has_discount else "000",
        "ZPRZ2": "0.000",
        "ZTAG3": "000",
        "ZSTG2": "00",
        "ZSMN2": "00",
        "ZSTG3": "00",
        "ZSMN3": "00",
        "KOART": "D",
        "XSPLT": "",
        **fixed,
    }


def _rates(state: State) -> Iterator[Stored]:
    for row in state.get("fx_rate", {}).values():
        yield {
            "KURST": RATE_TYPES[row["rate_type"]],
            "FCURR": row["from_currency"],
            "TCURR": row["to_currency"],
            "GDATU": _date(row["rate_date"]),
            "UKURS": row["rate"],
        }


SAP = Dialect(
    profile="sap",
    style=Style(delimiter=";"),
    make={
        "BSID": lambda state: _items(state, is_cleared=False),
        "BSAD": lambda state: _items(state, is_cleared=True),
        "KNA1": _general,
        "KNB1": _of_company,
        "T052": _terms,
        "TCURR": _rates,
    },
    entities=frozenset({"customer", "document", "instalment", "receipt", "allocation", "fx_rate"}),
)
