"""Claims of the bulk simulator: the amounts that customers mean to settle, each on one day and in one way.

Belongs here: documents and instalments cut into claims, with discounts and short payments. Does not: receipts.

claim: document, part (instalment number; 0 for none), amount, cash (what is paid of it), pay_on, discount, shortfall,
way (CASH, OFFSET or WRITTEN_OFF).
"""

import numpy as np

from ingest.simulator.bulk.billing import CREDIT_NOTE
from ingest.simulator.bulk.book import CompanyBook
from ingest.simulator.bulk.calendar import LAST
from ingest.simulator.bulk.columns import NONE, Columns, Flags, chance, filled, length, take
from ingest.simulator.bulk.customers import CHARACTERS
from ingest.simulator.bulk.habits import NEVER, payment_days

CASH, OFFSET, WRITTEN_OFF = 0, 1, 2
# In thousandths of the claims; of the part payments; of the claims that may take a discount.
_PART_PAID, _REST_UNPAID, _OFFSETS, _SHORT, _DISCOUNTED = 70, 30, 4, 8, 300


def make_claims(
    book: CompanyBook, documents: Columns, instalments: Columns, *, rng: np.random.Generator
) -> Columns:
    """Every claim of a chunk, in the order of documents and parts; unpaid ones have `pay_on` NEVER."""
    claims = _amounts(documents, instalments)
    document = claims["document"]
    claims["pay_on"] = payment_days(book, documents["owner"][document], claims["due_date"], rng=rng)
    earliest = np.maximum(documents["posting_date"], documents["booked_on"])[document]
    claims["pay_on"] = np.maximum(claims["pay_on"], book.calendar.on_or_after(earliest))
    _pay_parts_in_order(claims)
    claims = _split(book, claims, rng)
    count = length(claims)
    is_plain = (claims["part"] == 0) & (claims["half"] == 0)
    _write_off_failed(book, documents, claims, is_plain, rng)
    claims["way"][is_plain & chance(rng, count, per_mille=_OFFSETS) & (claims["pay_on"] <= LAST)] = OFFSET
    is_cash = is_plain & (claims["way"] == CASH)
    _take_discounts(book, documents, claims, is_cash, rng)
    is_short = is_cash & chance(rng, count, per_mille=_SHORT) & (claims["amount"] > 10_000)
    claims["shortfall"][is_short] = rng.integers(1, 500, int(is_short.sum()))
    claims["cash"] = claims["amount"] - claims["discount"] - claims["shortfall"]
    return claims


def _amounts(documents: Columns, instalments: Columns) -> Columns:
    credited = filled(length(documents), 0)
    notes = np.flatnonzero(documents["credits"] != NONE)
    credited[documents["credits"][notes]] = documents["amount"][notes]
    left = documents["amount"] - credited
    is_settled = (
        (documents["kind"] != CREDIT_NOTE) & (documents["is_void"] == 0) & (documents["is_deleted"] == 0)
    )
    whole = np.flatnonzero(is_settled & (documents["parts"] == 0) & (left > 0))
    document = np.concatenate([whole, instalments["document"]])
    claims: Columns = {
        "document": document,
        "part": np.concatenate([filled(len(whole), 0), instalments["number"]]),
        "amount": np.concatenate([left[whole], instalments["amount"]]),
        "due_date": np.concatenate([documents["due_date"][whole], instalments["due_date"]]),
    }
    claims = take(claims, np.lexsort((claims["part"], claims["document"])))
    for name in ("half", "discount", "shortfall", "way"):
        claims[name] = filled(length(claims), 0)
    return claims


def _pay_parts_in_order(claims: Columns) -> None:
    """No part is paid before the one before it; plans have at most four parts."""
    for number in (2, 3, 4):
        rows = np.flatnonzero(claims["part"] == number)
        claims["pay_on"][rows] = np.maximum(claims["pay_on"][rows], claims["pay_on"][rows - 1])


def _split(book: CompanyBook, claims: Columns, rng: np.random.Generator) -> Columns:
    """Part payments: some of it on the day, the rest weeks later or not at all."""
    count = length(claims)
    is_split = (claims["part"] == 0) & chance(rng, count, per_mille=_PART_PAID)
    is_split &= (claims["amount"] > 20_000) & (claims["pay_on"] <= LAST)
    rows = np.repeat(np.arange(count), 1 + is_split)
    is_rest = np.diff(rows, prepend=NONE) == 0
    result = take(claims, rows)
    first = result["amount"] * rng.integers(30, 71, count)[rows] // 100
    result["amount"] = np.where(
        is_rest, result["amount"] - first, np.where(is_split[rows], first, result["amount"])
    )
    result["half"] = is_split[rows] * np.where(is_rest, 2, 1)
    later = book.calendar.on_or_after(np.minimum(result["pay_on"] + rng.integers(7, 46, len(rows)), NEVER))
    later[(later > LAST) | chance(rng, len(rows), per_mille=_REST_UNPAID)] = NEVER
    result["pay_on"] = np.where(is_rest, later, result["pay_on"])
    return result


def _write_off_failed(
    book: CompanyBook, documents: Columns, claims: Columns, is_plain: Flags, rng: np.random.Generator
) -> None:
    """Half of what failing customers owe is given up after about a year."""
    count = length(claims)
    characters = book.customers.columns["character"][documents["owner"][claims["document"]]]
    given_up = book.calendar.on_or_after(claims["due_date"] + rng.integers(270, 400, count))
    rows = is_plain & (claims["pay_on"] == NEVER) & (characters == CHARACTERS.index("failing"))
    rows &= (given_up <= LAST) & chance(rng, count, per_mille=500)
    claims["way"][rows] = WRITTEN_OFF
    claims["pay_on"][rows] = given_up[rows]


def _take_discounts(
    book: CompanyBook, documents: Columns, claims: Columns, is_cash: Flags, rng: np.random.Generator
) -> None:
    """Good payers whose terms grant a discount often pay within its days and keep it."""
    owners = documents["owner"][claims["document"]]
    terms = book.customers.columns["terms"][owners]
    per_mille = np.array([each.discount_per_mille for each in book.customers.terms], dtype=np.int64)[terms]
    days = np.array([each.discount_days for each in book.customers.terms], dtype=np.int64)[terms]
    document = claims["document"]
    latest = documents["document_date"][document] + days
    earliest = np.maximum(documents["posting_date"], documents["booked_on"])[document]
    pay_on = book.calendar.on_or_before(np.maximum(latest, book.calendar.business[0]))
    rows = is_cash & (per_mille > 0) & (pay_on >= earliest) & (pay_on <= LAST) & (claims["pay_on"] <= LAST)
    good = [CHARACTERS.index("early"), CHARACTERS.index("punctual")]
    rows &= np.isin(book.customers.columns["character"][owners], good)
    rows &= chance(rng, length(claims), per_mille=_DISCOUNTED)
    claims["pay_on"][rows] = pay_on[rows]
    claims["discount"][rows] = claims["amount"][rows] * per_mille[rows] // 1000
