"""The rules by which a whole delivery is refused.

Belongs here: each rule with its message and its fix. Must not: row rules (canonical.py), remembering refusals.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ingest.landing.changes import Counts
from ingest.landing.control_file import CONTROL_FILE
from ingest.landing.date_hints import date_order_hint
from ingest.landing.records import Delivery, DeliveryRefused, Load, RejectedRow, Verdict, rejected_file
from ingest.landing.staging import Staged
from ingest.reasons import (
    BAD_DATE,
    BROKEN_CONTROL_TOTAL,
    EMPTY_DUMP,
    FRONT_DOOR,
    LOST_KEYS,
    OLDER_THAN_LANDED,
    REJECTED_SHARE,
)
from ingest.settings import Source

REALLY_GONE = "extract it again; if the rows are really gone, run `arrears replay --accept-lost-keys`."

# below this a dump may lose any share of its keys: two of three customers may well be closed
FEWEST_KEYS_FOR_LOST_SHARE = 20


@dataclass(frozen=True)
class Options:
    """What a replay may allow that a refresh does not."""

    accept_lost_keys: bool = False
    accept_rejected_share: bool = False
    ignore_known_content: bool = False


def refuse_older_dump(delivery: Delivery, *, earlier: Iterable[Load]) -> None:
    """A full dump says what is gone by leaving it out, so an old one would undo what a newer one said."""
    newest = max((load.extracted_at for load in earlier), default=delivery.extracted_at)
    if delivery.extracted_at < newest:
        raise DeliveryRefused(
            OLDER_THAN_LANDED,
            f"{delivery.label} is older than the dump of {newest:%Y-%m-%d %H:%M} UTC that has landed.",
            fix="move its files out of the source's path; to correct the data, deliver a newer dump.",
        )


def refuse_faulty_files(delivery: Delivery) -> None:
    """A file that may not be read keeps its whole delivery out."""
    faulty = [(file, file.fault) for file in delivery.files if file.fault is not None]
    if not faulty:
        return
    _, first = faulty[0]
    more = f" {len(faulty) - 1} more files of it may not be read either." if len(faulty) > 1 else ""
    raise DeliveryRefused(
        first.reason_code,
        first.reason + more,
        fix=first.fix,
        rejected=tuple(
            rejected_file(delivery, file=file.name, reason_code=fault.reason_code, reason=fault.reason)
            for file, fault in faulty
        ),
    )


def refuse_broken_control(delivery: Delivery, *, staged: Staged) -> None:
    """What the source says it sent must be what arrived."""
    control = delivery.control
    if control is None:
        return
    fix = "deliver the complete files, or correct the line in the control file."
    if control.rows != staged.records:
        told = f"{delivery.label} holds {staged.records} records, its {CONTROL_FILE} says {control.rows}."
        raise DeliveryRefused(BROKEN_CONTROL_TOTAL, told, fix=fix)
    if control.amount is not None and control.amount != staged.amount:
        told = f"{delivery.label} sums to {staged.amount}, its {CONTROL_FILE} says {control.amount}."
        raise DeliveryRefused(BROKEN_CONTROL_TOTAL, told, fix=fix)


def refuse_rejected_share(
    delivery: Delivery, *, staged: Staged, rejected: tuple[RejectedRow, ...], source: Source
) -> None:
    """More rejected rows than the source is allowed: something is wrong with the extract, not with single rows."""
    if len(rejected) <= source.reject_threshold * staged.rows_read:
        return
    reasons = Counter(row.reason_code for row in rejected).most_common(3)
    told = ", ".join(f"{reason} {count}" for reason, count in reasons)
    raise DeliveryRefused(
        REJECTED_SHARE,
        f"{delivery.label}: {len(rejected)} of {staged.rows_read} rows are rejected ({told}),"
        f" more than {source.reject_threshold:.0%}.",
        fix=f"{_hint(rejected)}see `arrears rejects`, mend the extract and deliver it again;"
        " or raise `reject_threshold` of the source and refresh.",
        rejected=rejected,
    )


def _hint(rejected: Sequence[RejectedRow]) -> str:
    """Where most of the rows have bad dates: what the profile could declare."""
    dates = [row.original_text for row in rejected if row.reason_code == BAD_DATE]
    hint = date_order_hint(dates) if len(dates) * 2 > len(rejected) else None
    return f"{hint} Else " if hint else ""


def refuse_lost_keys(delivery: Delivery, *, staged: Staged, counts: Counts, source: Source) -> None:
    """An empty or truncated dump must not close every item."""
    if not counts.keys_before:
        return
    if staged.rows_read == 0:
        told = f"{delivery.label} is empty, {counts.keys_before} keys were there before."
        raise DeliveryRefused(EMPTY_DUMP, told, fix=REALLY_GONE)
    share = counts.keys_lost / counts.keys_before
    if counts.keys_before >= FEWEST_KEYS_FOR_LOST_SHARE and share > source.lost_key_share:
        raise DeliveryRefused(
            LOST_KEYS,
            f"{delivery.label} has lost {counts.keys_lost} of {counts.keys_before} keys ({share:.0%}),"
            f" more than {source.lost_key_share:.0%}.",
            fix=REALLY_GONE,
        )


def refuse_shrunken(delivery: Delivery, *, staged: Staged, replaced: Iterable[Load], source: Source) -> None:
    """A dump that was overwritten by an empty or truncated one before anything was published from it."""
    before = max((load.rows_read for load in replaced), default=0)
    lost = before - staged.rows_read
    is_empty = before > 0 and staged.rows_read == 0
    if is_empty or (before >= FEWEST_KEYS_FOR_LOST_SHARE and lost > source.lost_key_share * before):
        raise DeliveryRefused(
            EMPTY_DUMP if is_empty else LOST_KEYS,
            f"{delivery.label} holds {staged.rows_read} rows, {before} were there when it was read before.",
            fix=REALLY_GONE,
        )


def turned_away(delivery: Delivery, *, verdict: Verdict, rejected: Sequence[RejectedRow]) -> DeliveryRefused:
    """The front door found a critical expectation broken."""
    return DeliveryRefused(
        FRONT_DOOR,
        f"{delivery.label} fails its expectations: {'; '.join(verdict.problems)}.",
        fix="see the newest report in home/data_docs and deliver a mended extract;"
        " or lower the gate `front_door` to warn.",
        rejected=tuple(rejected),
    )
