"""Canonical rows: text cells become typed columns of the contract, or a rejected row with its reason.

Belongs here: typing a batch, and `*` companies. Must not: file formats, matching headers (file_mapping.py), rules
between rows (landing), anything that depends on other entities.

A decimal with a third digit, an exponent, a year 24 or an unknown code is never guessed: the row is set aside with
the column and its original text, and the delivery goes on.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import polars as pl

from ingest.canonical_rules import Check, entity_checks, normalise
from ingest.canonical_text import shortened, typed
from ingest.contract import Column, Entity
from ingest.file_mapping import DELETED, FileMapping
from ingest.formats import ROW, BadRecord, TextBatch
from ingest.formats.frames import shortened as shortened_text
from ingest.reasons import MISSING_REQUIRED, NO_COMPANY_KNOWN, STAR_NOT_ALLOWED, UNCLAIMED_ROW

OPERATION = "_op"
DELIVERED_AMOUNT = "delivered_amount"
IS_AT_FAULT = "is_at_fault"
UPSERT, DELETE = "upsert", "delete"

ALL_COMPANIES = "*"
COMPANY = "company_code"
# entities whose rows may say `*` instead of a company: every company of the source
SHARED_BY_COMPANIES = frozenset(
    {"customer", "payment_term", "credit_limit", "credit_event", "financial_statement", "target"}
)

# dear to parse, and few texts in many rows: typing each text once is four times as fast
_TYPED_BY_DISTINCT_TEXT = frozenset({"date", "timestamp", "currency"})
# below this finding the distinct texts costs more than it saves
FEWEST_ROWS_BY_DISTINCT_TEXT = 5_000

WITHHELD = "(withheld: this entity holds contact data)"

# whether a rejected row can stand for a key of the source: it names one, it names none, or nobody can tell
KEY_KNOWN, KEY_NONE, KEY_UNREADABLE = "known", "none", "unreadable"

REJECTED_COLUMNS: dict[str, pl.DataType] = {
    ROW: pl.Int64(),
    "reason_code": pl.String(),
    "column_name": pl.String(),
    "original_text": pl.String(),
    "record": pl.String(),
    "key_state": pl.String(),
    "rejected_company": pl.String(),
    "rejected_amount": pl.Decimal(18, 2),
    "rejected_currency": pl.String(),
}


@dataclass(frozen=True)
class CanonicalBatch:
    """`accepted`: contract columns, `_row`, `_op`. `rejected`: REJECTED_COLUMNS and the key columns.

    `records` counts what is in the file, `rows_read` a row for `*` once per company. `amount` is the sum of the
    entity's amount column as delivered, over every row in which it can be read.
    """

    accepted: pl.DataFrame
    rejected: pl.DataFrame
    records: int
    rows_read: int
    amount: Decimal


def canonicalise(batch: TextBatch, *, mapping: FileMapping, companies: Sequence[str] = ()) -> CanonicalBatch:
    """Type one batch.

    Args:
        companies: those that a row for company `*` stands for, in the entities that allow it.
    """
    entity = mapping.entity
    if mapping.takes is not None:
        batch = _taken(batch, mapping=mapping)
    # not lazily: what a profile makes of signed amounts is an expression of a thousand nodes, and the optimiser would
    # take half a minute for each batch to look for what they share
    text = batch.frame.select(pl.col(ROW), *_raw_columns(mapping))
    # lazily: a match is needed for the value and for the fault, and is then made once
    frame = (
        text.lazy()
        .with_columns(*_values(text, mapping=mapping, is_plain=batch.is_plain))
        .with_columns(_delivered_amount(mapping))
        .collect()
    )
    amount = Decimal(frame[DELIVERED_AMOUNT].sum() or 0)
    frame = frame.with_columns(normalise(entity.name))
    # most rows have no fault: only those that have one are told why
    frame = frame.with_columns(_is_at_fault(mapping, companies=companies))
    at_fault = frame.filter(IS_AT_FAULT)
    rejected = _rejected(at_fault, mapping=mapping, companies=companies)
    accepted = _accepted(frame, mapping=mapping)
    if at_fault.height:
        accepted = accepted.filter(~frame[IS_AT_FAULT])
    accepted = _expand_companies(accepted, entity=entity, companies=companies)
    if batch.bad:
        rejected = pl.concat([rejected, _structural(batch, entity=entity)], how="diagonal")
    return CanonicalBatch(
        accepted=accepted,
        rejected=rejected,
        records=batch.frame.height + len(batch.bad),
        rows_read=accepted.height + rejected.height,
        amount=amount,
    )


def _taken(batch: TextBatch, *, mapping: FileMapping) -> TextBatch:
    """The rows that feed the entity. A row that no feed takes is set aside with all its cells, so that a kind of
    record which the profile does not know is seen."""
    bad = list(batch.bad)
    if mapping.unclaimed is not None:
        for row in batch.frame.filter(mapping.unclaimed).iter_rows(named=True):
            cells = {name: text for name, text in row.items() if name != ROW and text}
            bad.append(
                BadRecord(row[ROW], UNCLAIMED_ROW, shortened_text(json.dumps(cells, ensure_ascii=False)))
            )
    frame = batch.frame if mapping.takes is None else batch.frame.filter(mapping.takes)
    return TextBatch(frame, tuple(bad), batch.is_plain)


def _raw_columns(mapping: FileMapping) -> list[pl.Expr]:
    expressions = []
    for name in mapping.entity.columns:
        cell = mapping.cells.get(name)
        if cell is None:
            cell = pl.lit(mapping.constants.get(name), pl.String)
        elif name in mapping.constants:
            cell = cell.fill_null(mapping.constants[name])
        expressions.append(cell.alias(f"raw:{name}"))
    deleted = pl.lit(None, pl.String) if mapping.deleted is None else mapping.deleted
    return [*expressions, deleted.alias(f"raw:{DELETED}")]


def _values(text: pl.DataFrame, *, mapping: FileMapping, is_plain: bool) -> list[pl.Expr | pl.Series]:
    """The typed value of every column, and whether its cell is at fault."""
    columns: list[pl.Expr | pl.Series] = []
    for column in _columns_and_deleted(mapping):
        raw, is_bad = f"raw:{column.name}", f"bad:{column.name}"
        if not _is_fed(column, mapping):
            columns.append(pl.lit(None, column.polars_type).alias(column.name))
            continue
        result = typed(pl.col(raw), column=column, layout=mapping.layout, is_plain=is_plain)
        told = [result.value.alias(column.name), result.is_bad.alias(is_bad)]
        if column.type in _TYPED_BY_DISTINCT_TEXT and text.height >= FEWEST_ROWS_BY_DISTINCT_TEXT:
            each = text.select(pl.col(raw).unique()).with_columns(told)
            told_of_all = text.select(raw).join(
                each, on=raw, how="left", maintain_order="left", nulls_equal=True
            )
            columns += [told_of_all[column.name], told_of_all[is_bad]]
        else:
            columns += told
    return columns


def _is_fed(column: Column, mapping: FileMapping) -> bool:
    return column.name in mapping.cells or column.name in mapping.constants or column.name == DELETED


def _cell_faults(mapping: FileMapping) -> list[tuple[str, pl.Expr]]:
    """Columns whose cell can be at fault, in contract order. A tombstone answers for its key alone."""
    faults = []
    is_deleted = _is_deleted(mapping)
    for column in _columns_and_deleted(mapping):
        is_fault = pl.col(f"bad:{column.name}") if _is_fed(column, mapping) else pl.lit(False)
        if column.required:
            is_fault = is_fault | pl.col(f"raw:{column.name}").is_null()
        if column.name not in (*mapping.entity.key, DELETED):
            is_fault = is_fault & ~is_deleted
        faults.append((column.name, is_fault))
    return faults


def _is_at_fault(mapping: FileMapping, *, companies: Sequence[str]) -> pl.Expr:
    """Whether `_blame` finds anything."""
    is_deleted = _is_deleted(mapping)
    faults = [is_fault for _, is_fault in _cell_faults(mapping)]
    faults += [c.is_broken.fill_null(False) & ~is_deleted for c in _checks(mapping.entity, companies)]
    return pl.any_horizontal(faults).alias(IS_AT_FAULT)


def _reason(column: Column, mapping: FileMapping) -> pl.Expr:
    reason: pl.Expr = pl.lit(None, pl.String)
    if _is_fed(column, mapping):
        reason = typed(pl.col(f"raw:{column.name}"), column=column, layout=mapping.layout).reason
    if column.required:
        is_missing = pl.col(f"raw:{column.name}").is_null()
        reason = pl.when(is_missing).then(pl.lit(MISSING_REQUIRED)).otherwise(reason)
    return reason


def _blamed(frame: pl.DataFrame, *, mapping: FileMapping, companies: Sequence[str]) -> pl.DataFrame:
    reasons = [
        _reason(column, mapping).alias(f"reason:{column.name}") for column in _columns_and_deleted(mapping)
    ]
    return frame.with_columns(reasons).with_columns(_blame(mapping, companies=companies))


def _columns_and_deleted(mapping: FileMapping) -> list[Column]:
    deleted = Column(DELETED, "boolean", None, False, False, "the row was deleted in the source")
    return (
        [*mapping.entity.columns.values(), deleted]
        if mapping.has_deletes
        else [*mapping.entity.columns.values()]
    )


def _is_deleted(mapping: FileMapping) -> pl.Expr:
    return pl.col(DELETED).fill_null(False) if mapping.has_deletes else pl.lit(False)


def _delivered_amount(mapping: FileMapping) -> pl.Expr:
    """The amount before any sign rule; none where the row only says that it was deleted."""
    amount = pl.col(mapping.entity.amount) if mapping.entity.amount else pl.lit(None, pl.Decimal(18, 2))
    if not mapping.has_deletes:
        return amount.alias(DELIVERED_AMOUNT)
    return pl.when(~_is_deleted(mapping)).then(amount).alias(DELIVERED_AMOUNT)


def _blame(mapping: FileMapping, *, companies: Sequence[str]) -> pl.Expr:
    """The first column at fault with its reason: cells in contract order, then the rules of the entity."""
    entity = mapping.entity
    is_deleted = _is_deleted(mapping)
    faults: list[tuple[str, pl.Expr, pl.Expr]] = [
        (name, is_fault, pl.col(f"reason:{name}")) for name, is_fault in _cell_faults(mapping)
    ]
    faults += [
        (c.column, c.is_broken & ~is_deleted, pl.lit(c.reason_code)) for c in _checks(entity, companies)
    ]
    blame: pl.Expr = pl.lit(None, pl.Struct({"column": pl.String(), "reason": pl.String()}))
    for name, is_fault, reason in reversed(faults):
        told = pl.struct(column=pl.lit(name), reason=reason)
        blame = pl.when(is_fault.fill_null(False)).then(told).otherwise(blame)
    return blame.alias("blame")


def _checks(entity: Entity, companies: Sequence[str]) -> list[Check]:
    checks = []
    if COMPANY in entity.columns:
        is_star = pl.col(COMPANY) == ALL_COMPANIES
        if entity.name not in SHARED_BY_COMPANIES:
            checks.append(Check(COMPANY, STAR_NOT_ALLOWED, is_star))
        elif not companies:
            checks.append(Check(COMPANY, NO_COMPANY_KNOWN, is_star))
    return [*checks, *entity_checks(entity.name)]


def _rejected(at_fault: pl.DataFrame, *, mapping: FileMapping, companies: Sequence[str]) -> pl.DataFrame:
    entity = mapping.entity
    if at_fault.is_empty():
        # working out the reasons of nothing takes ten milliseconds, in each of thousands of files
        keys = {name: entity.columns[name].polars_type for name in entity.key}
        return pl.DataFrame(schema={**REJECTED_COLUMNS, **keys})
    frame = _blamed(at_fault, mapping=mapping, companies=companies)
    frame = frame.with_columns(shortened(pl.col(n)) for n in frame.columns if n.startswith("raw:"))
    blamed = pl.col("blame").struct.field("column")
    text = pl.lit(None, pl.String)
    for name, column in entity.columns.items():
        told = pl.lit(WITHHELD) if column.private else pl.col(f"raw:{name}")
        text = pl.when(blamed == name).then(told).otherwise(text)
    if mapping.has_deletes:
        text = pl.when(blamed == DELETED).then(pl.col(f"raw:{DELETED}")).otherwise(text)
    record = pl.struct(
        pl.col(f"raw:{c.name}").alias(c.name) for c in entity.public_columns if c.name in mapping.cells
    )
    is_unreadable = pl.any_horizontal(
        pl.col(f"raw:{k}").is_not_null() & pl.col(k).is_null() for k in entity.key
    )
    has_none = pl.any_horizontal(pl.col(k).is_null() for k in entity.key if entity.columns[k].required)
    state = pl.when(is_unreadable).then(pl.lit(KEY_UNREADABLE)).when(has_none).then(pl.lit(KEY_NONE))
    company = pl.col(f"raw:{COMPANY}") if COMPANY in entity.columns else pl.lit(None, pl.String)
    currency = pl.col("raw:currency") if "currency" in entity.columns else pl.lit(None, pl.String)
    return frame.select(
        pl.col(ROW),
        pl.col("blame").struct.field("reason").alias("reason_code"),
        blamed.alias("column_name"),
        text.alias("original_text"),
        record.struct.json_encode().alias("record"),
        state.otherwise(pl.lit(KEY_KNOWN)).alias("key_state"),
        company.alias("rejected_company"),
        pl.col(DELIVERED_AMOUNT).alias("rejected_amount"),
        currency.alias("rejected_currency"),
        *(pl.col(name) for name in entity.key),
    )


def _structural(batch: TextBatch, *, entity: Entity) -> pl.DataFrame:
    """Records that could not be split; nobody knows which key they hold."""
    withheld = bool(entity.private_columns)
    rows = [
        {
            ROW: record.row,
            "reason_code": record.reason_code,
            "original_text": WITHHELD if withheld else record.text,
            "key_state": KEY_UNREADABLE,
        }
        for record in batch.bad
    ]
    return pl.DataFrame(rows, schema_overrides=REJECTED_COLUMNS)


def _accepted(frame: pl.DataFrame, *, mapping: FileMapping) -> pl.DataFrame:
    entity = mapping.entity
    is_deleted = _is_deleted(mapping)
    keys = [pl.col(name) for name in entity.key]
    if mapping.has_deletes:
        # a tombstone says only which key is gone
        others = [
            pl.when(~is_deleted).then(pl.col(name)).alias(name)
            for name in entity.columns
            if name not in entity.key
        ]
    else:
        others = [pl.col(name) for name in entity.columns if name not in entity.key]
    operation = pl.when(is_deleted).then(pl.lit(DELETE)).otherwise(pl.lit(UPSERT))
    picked = frame.select(pl.col(ROW), operation.alias(OPERATION), *keys, *others)
    return picked.select(*entity.columns, ROW, OPERATION)


def _expand_companies(frame: pl.DataFrame, *, entity: Entity, companies: Sequence[str]) -> pl.DataFrame:
    """A row for `*` becomes one row per company; their order is that of the codes, so files decide nothing."""
    if entity.name not in SHARED_BY_COMPANIES or not companies:
        return frame
    is_star = pl.col(COMPANY) == ALL_COMPANIES
    if not frame.select(is_star.any()).item():
        return frame
    expanded = frame.with_columns(
        pl.when(is_star)
        .then(pl.lit(sorted(set(companies))))
        .otherwise(pl.concat_list(COMPANY))
        .alias(COMPANY)
    )
    return expanded.explode(COMPANY)
