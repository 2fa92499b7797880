"""What became of everything a company was owed between two days, item by item from the oracle's ledger.

Belongs here: amounts and parts of mart_roll_rate's pairs of 30 days (DECISIONS 30), in the reporting currency at the
rate of the end. Does not: bills of companies, which are worked by hand; anything imported from the project; speed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from tests.oracles.comparison import Difference, Published, knowledges
from tests.oracles.items import ZERO, Row
from tests.oracles.knowledge import text
from tests.oracles.metrics import Metrics, has_single_items
from tests.oracles.oracle import Known
from tests.oracles.worlds import Universe, World

ROLL_RATE_SQL = """
    select roll.company_code, roll.start_day, roll.end_day, roll.bucket, roll.amount_reporting as amount,
        roll.still_open_reporting as still_open, roll.written_off_reporting as written_off,
        roll.diluted_reporting as diluted, roll.set_off_reporting as set_off, roll.paid_reporting as paid,
        roll.other_reporting as other, roll.as_of_date as as_of, company.has_unknown_age
    from (
        select company_code, bool_or(is_age_unknown) as has_unknown_age
        from marts.fct_open_item
        group by company_code
    ) as company
    inner join marts.mart_roll_rate as roll on company.company_code = roll.company_code
    where roll.level = 'company' and roll.variant = 'monthly_30' and roll.pair_no > 0
"""
# in the order in which a loss is explained
PARTS = {
    "write_off": "written_off",
    "credit_note": "diluted",
    "discount": "diluted",
    "offset": "set_off",
    # a credit that is no credit note, such as a negative opening balance
    "document": "set_off",
    "receipt": "paid",
}
ORDER = ("written_off", "diluted", "set_off", "paid")
# a bill of class trade is what came back of it
DEBITS = ("invoice", "debit_note", "opening_balance", "bill")

Sums = dict[tuple[str, str, str], Decimal]


def bucket_of(days: int) -> str:
    """The bucket of so many days past due."""
    if days <= 0:
        return "not_due"
    if days > 360:
        return ">360"
    first = (days - 1) // 30 * 30 + 1
    return f"{first}-{first + 29}"


def expected_parts(known: Known, start: date, end: date) -> Sums:
    """Sums per bucket, part and currency of what was open on the first day."""
    before, behind = known.ledger(start), known.ledger(end)
    lost_before, lost_behind = _lost(known, start), _lost(known, end)
    sums: Sums = defaultdict(lambda: ZERO)
    for item_id, row in before.items():
        is_owed = row.receivable_class == "trade" and row.item_kind in DEBITS and row.open_document > 0
        if not is_owed or row.original_due_date >= end:
            continue
        bucket = bucket_of((start - row.original_due_date).days)
        still = min(
            row.open_document, max(behind[item_id].open_document, ZERO) if item_id in behind else ZERO
        )
        thing_id = ("R" if row.item_kind == "bill" else "D", row.document_id)
        again = _reissued(known, behind, row)
        credited = lost_behind[thing_id, "diluted"] - lost_before[thing_id, "diluted"]
        still = min(row.open_document, still + min(max(credited, ZERO), again))
        sums[bucket, "still_open", row.currency] += still
        fall = row.open_document - still
        for part in ORDER:
            lost = lost_behind[thing_id, part] - lost_before[thing_id, part]
            explained = min(fall, max(lost, ZERO))
            sums[bucket, part, row.currency] += explained
            fall -= explained
        sums[bucket, "other", row.currency] += fall
    return sums


def _reissued(known: Known, behind: dict[str, Row], row: Row) -> Decimal:
    """What is open of a document that was issued again in the place of this one."""
    again = {
        str(key[-1])
        for key, document in known.rows["document"].items()
        if text(document, "replaces_document_id") == row.document_id and str(key[-1]) != row.document_id
    }
    return sum(
        (
            max(other.open_document, ZERO)
            for other in behind.values()
            if other.document_id in again
            and other.instalment_no == row.instalment_no
            and other.item_kind in ("invoice", "debit_note")
            and row.item_kind in ("invoice", "debit_note")
        ),
        ZERO,
    )


def _lost(known: Known, day: date) -> dict[tuple[tuple[str, str], str], Decimal]:
    """What each document had lost by a day, by the part that explains it."""
    lost: dict[tuple[tuple[str, str], str], Decimal] = defaultdict(lambda: ZERO)
    for leg in known.legs:
        kind = text(leg.event.row, "from_kind") or ""
        if (
            kind in PARTS
            and leg.effective_from <= day
            and (leg.effective_to is None or day < leg.effective_to)
        ):
            lost[leg.thing_id, PARTS[kind]] -= leg.amount
    for thing in known.things.values():
        # a document that is cancelled is credited as a whole
        if thing.voided_on is not None and thing.voided_on <= day:
            lost[thing.thing_id, "diluted"] += sum((part.size for part in thing.parts), ZERO)
    return lost


def has_company_bills(known: Known) -> bool:
    """Whether anybody but a bank answers for a bill."""
    return any(
        text(row, "method") in ("commercial_acceptance", "receivable_certificate")
        or text(row, "acceptor_kind") == "corporate"
        for row in known.rows["receipt"].values()
    )


def compare_roll_rates(
    universe: Universe, world: World, published: Sequence[Published]
) -> Iterator[tuple[int, list[Difference]]]:
    """Every pair of a company without bills of companies, as believed at the end."""
    known_at = knowledges(universe, world)[-1]
    known = universe.oracle(world).at(known_at)
    if not published or published[0]["has_unknown_age"] or has_company_bills(known):
        return
    as_of = published[0]["as_of"]
    metrics = Metrics(known, as_of=as_of)
    # which item of a plan a payment went to is told by no leg
    parts = ("still_open", *((*ORDER, "other", "amount") if has_single_items(known) else ()))
    for start, end in sorted({(row["start_day"], row["end_day"]) for row in published}):
        sums = expected_parts(known, start, end)
        rows = {row["bucket"]: row for row in published if row["start_day"] == start}
        expected: dict[tuple[str, str], Decimal] = defaultdict(lambda: ZERO)
        for (bucket, part, currency), amount in sums.items():
            worth = metrics.translated(amount, currency, as_of)
            expected[bucket, part] += worth
            expected[bucket, "amount"] += worth
        found = [
            Difference(
                world.company_code,
                str(world.seed),
                start,
                known_at,
                bucket,
                part,
                expected[bucket, part],
                given,
            )
            for bucket in sorted({*rows, *(bucket for bucket, _, _ in sums)})
            for part in parts
            if (given := rows[bucket][part] if bucket in rows else ZERO) != expected[bucket, part]
        ]
        yield len(rows) * len(parts), found
