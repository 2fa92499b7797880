"""Running balances: what the balance beside each bank line of a table says of the account as a whole.

Belongs here: rows of bank_statement from the lines of one file. Must not: judging whether a statement adds up (the
warehouse does), which rows are lines and what they hold (ingest/canonical.py).

Of the lines of one account and currency, in the order of time:

    opening balance = balance beside the first line - its amount
    closing balance = balance beside the last line

They are those of the end of the day before the first line, and of the day of the last, as in the banks' own formats.
A line that is missing in between, or was set aside, is the difference that the proof then shows. The lines themselves
carry no statement_id: identical lines are numbered inside their statement, or else inside their file, and a line that
two overlapping downloads hold has to get the same number in both.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import polars as pl

from ingest.canonical import canonicalise, map_feed
from ingest.canonical_text import typed
from ingest.contract import load_contract
from ingest.formats import ROW, STATEMENT_ENTITIES, StructureError, TextBatch, TextFile
from ingest.mapping import match_columns, value_of
from ingest.profiles import Profile, Table
from ingest.profiles.cells import Field

STATEMENT, LINE = STATEMENT_ENTITIES
BALANCE = "balance"
OWNER = ("company_code", "account", "currency")
HEADER = (
    *OWNER,
    "statement_id",
    "opening_balance",
    "opening_date",
    "closing_balance",
    "closing_date",
    "line_count",
    "line_total",
)


@dataclass(frozen=True)
class _Line:
    booked: date
    amount: Decimal
    balance: Decimal | None


def statements_of(
    opened: TextFile, *, table: Table, profile: Profile, constants: Mapping[str, str]
) -> TextFile:
    """Statements of an opened table with a running balance, one per company, account and currency of its lines.

    A file without the column, or without a balance in it, has none. `_row` counts the statements from 1. Records that
    cannot be split are passed over: those who read the lines set them aside.
    """

    def batches() -> Iterator[TextBatch]:
        lines = _lines(opened, table=table, profile=profile, constants=constants)
        found = [
            {**dict(zip(OWNER, owner, strict=True)), **_statement(of_owner, currency=owner[-1])}
            for owner, of_owner in lines.items()
            if any(line.balance is not None for line in of_owner)
        ]
        frame = pl.DataFrame(found, schema=dict.fromkeys(HEADER, pl.String()))
        yield TextBatch(frame.with_row_index(ROW, offset=1).with_columns(pl.col(ROW).cast(pl.Int64)))

    return TextFile(header=HEADER, batches=batches, is_typed=True)


def _lines(
    opened: TextFile, *, table: Table, profile: Profile, constants: Mapping[str, str]
) -> dict[tuple[str, ...], list[_Line]]:
    """The accepted lines of a file in its order, by whom they belong to."""
    frames: list[pl.DataFrame] = []
    try:
        frames += _read(opened, opened.batches(), table=table, profile=profile, constants=constants)
    except StructureError:
        frames = list(_read(opened, opened.salvaged(), table=table, profile=profile, constants=constants))
    lines: dict[tuple[str, ...], list[_Line]] = {}
    if frames:
        for *owner, booked, amount, balance in pl.concat(frames).sort(ROW).drop(ROW).iter_rows():
            lines.setdefault(tuple(owner), []).append(_Line(booked, amount, balance))
    return lines


def _read(
    opened: TextFile,
    batches: Iterator[TextBatch],
    *,
    table: Table,
    profile: Profile,
    constants: Mapping[str, str],
) -> Iterator[pl.DataFrame]:
    contract = load_contract()
    layout = profile.layout_of(table)
    columns = match_columns(opened.header, table=table, layout=layout, preamble=opened.preamble)
    money = contract.entity(STATEMENT).columns["opening_balance"]
    text = value_of(Field(table.running_balance or ""), column=money, columns=columns)
    if text is None:
        return
    mappings = [
        map_feed(
            opened,
            entity=contract.entity(LINE),
            profile=profile,
            table=table,
            feed=feed,
            constants=constants,
        )
        for feed in table.feeds
        if feed.entity == LINE
    ]
    for batch in batches:
        for mapping in mappings:
            balance = typed(text, column=money, layout=mapping.layout).value.alias(BALANCE)
            accepted = canonicalise(batch, mapping=mapping).accepted
            yield accepted.select(ROW, *OWNER, "booking_date", "amount").join(
                batch.frame.select(ROW, balance), on=ROW, how="left"
            )


def _statement(lines: Sequence[_Line], *, currency: str) -> dict[str, str | None]:
    lines = _in_order_of_time(lines)
    first, last = lines[0], lines[-1]
    days = sorted(line.booked for line in lines)
    opening = None if first.balance is None else first.balance - first.amount
    return {
        # the same lines are the same statement, whatever the file is called; a later download of the same days holds
        # more of them, and one account may have a balance in each of several currencies
        "statement_id": f"{days[0]}/{days[-1]}/{currency}/{len(lines)}",
        "opening_balance": None if opening is None else str(opening),
        "opening_date": str(days[0] - timedelta(days=1)),
        "closing_balance": None if last.balance is None else str(last.balance),
        "closing_date": str(days[-1]),
        "line_count": str(len(lines)),
        "line_total": str(sum((line.amount for line in lines), Decimal("0.00"))),
    }


def _in_order_of_time(lines: Sequence[_Line]) -> Sequence[_Line]:
    """The reading in which the most balances follow from the one before; where several do, what the dates say.

    Banks write the newest line first or last, some turn only the days around and some only the lines of a day, and the
    day that is given need not be the one that the balance was reckoned by.
    """
    turned = lines[::-1]
    readings = [turned, lines] if lines[0].booked > lines[-1].booked else [lines, turned]
    by_day = [sorted(reading, key=lambda line: line.booked) for reading in readings]
    return max([*by_day, *readings], key=_following)


def _following(lines: Sequence[_Line]) -> int:
    """How many balances are the one before and the amount of the line."""
    return sum(
        before.balance is not None and before.balance + line.amount == line.balance
        for before, line in pairwise(lines)
    )
