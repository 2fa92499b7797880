"""Bank statements: files of the banks' own formats as frames of text for bank_statement and bank_transaction.

Belongs here: MT940, MT942, camt.052-054, OFX, BAI2 and QIF. Must not: statements as CSV or Excel, which are tables
that a profile describes; balance proofs and gaps, which the warehouse tells.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq

from ingest.contract import load_contract
from ingest.formats.frames import ROW, TextBatch, TextFile, UnreadableFile
from ingest.formats.statements.bai2 import read_bai2
from ingest.formats.statements.camt import read_camt
from ingest.formats.statements.model import Cells, Line, Records, StatementError
from ingest.formats.statements.mt940 import read_mt940
from ingest.formats.statements.ofx import decode_ofx, read_ofx
from ingest.formats.statements.qif import read_qif

STATEMENT, LINE = "bank_statement", "bank_transaction"
STATEMENT_ENTITIES = (STATEMENT, LINE)

LARGEST_TEXT_BYTES = 256 * 2**20
BATCH_ROWS = 50_000
_WHOLE_CENTS = re.compile(r"-?\d{1,16}(\.\d{1,2})?")
# what the reader of a format fills; company_code comes from the source, occurrence_no from landing
_FILLED_ELSEWHERE = frozenset({"company_code", "occurrence_no"})

__all__ = ["STATEMENT_ENTITIES", "open_statements", "read_statements"]


def open_statements(
    path: Path, *, format_name: str, encodings: Sequence[str], entity: str, kept: Path | None = None
) -> TextFile:
    """One entity of a statement file. `_row` counts the statements, or the booked lines, of the file from 1.

    Args:
        kept: folder for what this file holds of the other entity, so that the second of the two does not have to read
            the file again. Whoever gives it takes it away.
    Raises:
        UnreadableFile: from here or from `batches`: the file is not of that format.
    """
    header = _header_of(entity)
    ready = None if kept is None else kept / f"{entity}.parquet"

    def batches() -> Iterator[TextBatch]:
        if ready is not None and ready.is_file():
            for frame in pl.scan_parquet(ready).collect_batches(chunk_size=BATCH_ROWS):
                yield TextBatch(frame)
            return
        try:
            records = read_statements(path, format_name=format_name, encodings=encodings)
            cells = _keeping_other(_by_entity(records), entity=entity, kept=kept)
            yield from _batches(cells, header=header)
        except StatementError as error:
            raise UnreadableFile(str(error), fix=error.fix) from error

    # what QIF holds is as its author's computer writes it; the other formats are read as the standards say
    return TextFile(header=header, batches=batches, is_typed=format_name != "qif")


def _header_of(entity: str) -> tuple[str, ...]:
    return tuple(name for name in load_contract().entity(entity).columns if name not in _FILLED_ELSEWHERE)


def read_statements(path: Path, *, format_name: str, encodings: Sequence[str]) -> Records:
    """Lines and statements of a file in their order.

    Args:
        format_name: `format` of a profile, other than `table`.
        encodings: tried in order; XML and OFX say their own.
    Raises:
        StatementError: the file is not of that format, too large for it, or in none of the encodings.
    """
    if format_name == "camt":
        return read_camt(path)
    if path.stat().st_size > LARGEST_TEXT_BYTES:
        raise StatementError(
            f"{path.name}: has more than {LARGEST_TEXT_BYTES // 2**20} MB, more than any statement of this format.",
            fix="fetch shorter periods from the bank.",
        )
    data = path.read_bytes()
    if format_name == "ofx":
        return read_ofx(decode_ofx(data), file_name=path.name)
    readers: dict[str, Callable[..., Records]] = {"mt940": read_mt940, "bai2": read_bai2, "qif": read_qif}
    return readers[format_name](_decoded(data, encodings=encodings, file_name=path.name), file_name=path.name)


def _decoded(data: bytes, *, encodings: Sequence[str], file_name: str) -> str:
    for encoding in encodings:
        try:
            return data.decode("utf-8-sig" if encoding == "utf-8" else encoding)
        except UnicodeDecodeError:
            continue
    raise StatementError(
        f"{file_name}: is not in {' or '.join(encodings)}.",
        fix="name the bank's encoding in the profile, for example gb18030.",
    )


def _by_entity(records: Records) -> Iterator[tuple[str, Cells]]:
    """Lines, and statements with a balance and what their booked lines come to; without a balance there is nothing to
    prove."""
    count, totals = 0, _Totals()
    for record in records:
        if isinstance(record, Line):
            count += 1
            totals.add(record.cells)
            yield LINE, record.cells
            continue
        if any(record.cells.get(name) is not None for name in ("opening_balance", "closing_balance")):
            total = totals.of(record.cells.get("currency"))
            yield (
                STATEMENT,
                {
                    **record.cells,
                    "line_count": str(count),
                    "line_total": None if total is None else str(total),
                },
            )
        count, totals = 0, _Totals()


def _keeping_other(told: Iterator[tuple[str, Cells]], *, entity: str, kept: Path | None) -> Iterator[Cells]:
    """Rows of one entity; those of the other are kept as a file, which is there once the source has been read whole."""
    other = STATEMENT if entity == LINE else LINE
    if kept is None:
        yield from (cells for name, cells in told if name == entity)
        return
    kept.mkdir(parents=True, exist_ok=True)
    unfinished = kept / f"{other}.unfinished"
    schema = {ROW: pl.Int64(), **{name: pl.String() for name in _header_of(other)}}
    with pq.ParquetWriter(unfinished, pl.DataFrame(schema=schema).to_arrow().schema) as writer:
        held: list[Cells] = []
        first = 1

        def write() -> None:
            batch = _batch(held, first=first, schema={name: pl.String() for name in _header_of(other)})
            writer.write_table(batch.frame.to_arrow())

        for name, cells in told:
            if name == entity:
                yield cells
                continue
            held.append(cells)
            if len(held) == BATCH_ROWS:
                write()
                first, held = first + len(held), []
        if held:
            write()
    unfinished.rename(kept / f"{other}.parquet")


class _Totals:
    """Sums of lines by currency; none where a line has no amount in whole cents."""

    def __init__(self) -> None:
        self._sums: dict[str | None, Decimal] = {}
        self._unknown: set[str | None] = set()

    def add(self, line: Cells) -> None:
        currency, amount = line.get("currency"), line.get("amount") or ""
        if _WHOLE_CENTS.fullmatch(amount):
            self._sums[currency] = self._sums.get(currency, Decimal(0)) + Decimal(amount)
        else:
            self._unknown.add(currency)

    def of(self, currency: str | None) -> Decimal | None:
        return None if currency in self._unknown else self._sums.get(currency, Decimal(0))


def _batches(rows: Iterable[Cells], *, header: Sequence[str]) -> Iterator[TextBatch]:
    schema = {name: pl.String() for name in header}
    held: list[Cells] = []
    first = 1
    for row in rows:
        held.append(row)
        if len(held) == BATCH_ROWS:
            yield _batch(held, first=first, schema=schema)
            first, held = first + len(held), []
    if held:
        yield _batch(held, first=first, schema=schema)


def _batch(rows: Sequence[Cells], *, first: int, schema: dict[str, pl.String]) -> TextBatch:
    columns = {name: [row.get(name) for row in rows] for name in schema}
    frame = pl.DataFrame(columns, schema=schema)
    numbers = pl.int_range(first, first + frame.height, eager=True, dtype=pl.Int64).alias(ROW)
    return TextBatch(frame.insert_column(0, numbers))
