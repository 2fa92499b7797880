"""The sheet that an auditor recomputes: segment x bucket, with the loss as a formula beside the published one.

Belongs here: the matrix and its totals. Must not: queries, other sheets.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from documents.blocks import Block, Cell, Column, Formula, Heading, Note, Sheet, Table
from documents.provision import Provision
from documents.provision_names import Names
from documents.provision_proof import rounding, total
from documents.reading import Row
from documents.statement import ZERO

LOSS = "ROUND({uncovered}*{rate},2)+ROUND({covered}*{cover_rate},2)+{overlay}+{rounding}"
CHECK = "ROUND({loss}-{published},2)"
# columns of the matrix that are summed, by key; all of them in reporting currency
_SUMMED = {
    "open": "open_amount_reporting",
    "absorbed": "absorbed_reporting",
    "exposure": "exposure_reporting",
    "uncovered": "uncovered_base_reporting",
    "covered": "covered_base_reporting",
    "overlay": "overlay_reporting",
}


def matrix_sheet(names: Names) -> Sheet:
    """Rows that count with their totals, then what is shown beside under another aging."""
    words, provision = names.words, names.provision
    counted = provision.counted
    beside = [row for row in provision.matrix if row["is_beside"]]
    columns = _columns(names)
    rates = _rates(provision)
    blocks: list[Block] = [
        Heading(words("provision.matrix"), 1),
        Note(words("provision.matrix_note")),
        Note(words("provision.rounding_note")),
        Table(
            columns,
            [_row(names, row, rates) for row in counted],
            subtotals=_subtotals(names, counted),
            last=_sum(words("provision.total"), names, counted, (0, len(counted))),
        ),
    ]
    if beside:
        blocks += [
            Heading(words("provision.beside")),
            Table(columns, [_row(names, row, rates) for row in beside], is_short=True),
        ]
    return Sheet(words("provision.sheet_matrix"), blocks)


def _columns(names: Names) -> list[Column]:
    return [
        names.column("company", width=9),
        names.column("segment", width=22),
        names.column("rate_segment", width=20),
        names.column("bucket", width=14),
        names.column("source", width=12),
        names.column("why", width=26),
        names.column("items", "count", 8),
        names.money("open", key="open"),
        names.money("absorbed", key="absorbed"),
        names.money("exposure", key="exposure"),
        names.money("uncovered_base", key="uncovered"),
        names.column("rate", "rate", 11, key="rate", is_assumption=True),
        names.money("covered_base", key="covered"),
        names.column("cover_rate", "rate", 10, key="cover_rate", is_assumption=True),
        names.money("overlay", key="overlay", width=12),
        names.money("rounding", key="rounding", width=9),
        names.money("loss", key="loss"),
        names.money("published", key="published"),
        names.column("check", "money", 8, key="check"),
        names.money("exposure", is_functional=True),
        names.money("published", is_functional=True),
        names.column("functional_currency", width=8),
        names.column("policy_version", width=12),
    ]


def _rates(provision: Provision) -> dict[tuple[str, ...], Row]:
    """Why a bucket has its rate, by company, segment, rate segment and bucket; of unknown age the oldest's."""
    found: dict[tuple[str, ...], Row] = {}
    for row in provision.rates:
        key = (row["company_code"], row["segment"], row["rate_segment"], row["aging"])
        found.setdefault((*key, row["bucket"]), row)
        # rows come in the order of their buckets
        found[(*key, "age_unknown")] = row
    return found


def _row(names: Names, row: Row, rates: dict[tuple[str, ...], Row]) -> tuple[Cell, ...]:
    words = names.words
    # what is not due takes the rate of its customer's segment
    of = row["rate_segment"] if row["method"] == "not_due" else row["segment"]
    derived = rates.get((row["company_code"], of, row["rate_segment"], row["aging"], row["bucket"]))
    if row["component"] == "overlay":
        why = words("provision.why_overlay", reason=row["overlay_reason"] or "", by=row["approved_by"] or "")
    else:
        why = names.why(derived if row["rate_source"] in ("own", "pooled", "fallback") else None)
    published: Decimal = row["expected_credit_loss_reporting"]
    return (
        row["company_code"],
        names.segment(row["segment"]),
        names.segment(row["rate_segment"]) if row["rate_segment"] != row["segment"] else "",
        names.bucket(row["aging"], row["bucket"]),
        words.label("rate_source", row["rate_source"]),
        why,
        row["item_count"],
        row["open_amount_reporting"],
        row["absorbed_reporting"],
        row["exposure_reporting"],
        row["uncovered_base_reporting"],
        row["rate"],
        row["covered_base_reporting"],
        row["cover_rate"],
        row["overlay_reporting"],
        rounding(row),
        Formula(LOSS, published),
        published,
        Formula(CHECK, ZERO),
        row["exposure_functional"],
        row["expected_credit_loss_functional"],
        row["functional_currency"],
        row["policy_version"],
    )


def _subtotals(names: Names, rows: Sequence[Row]) -> list[tuple[Cell, ...]]:
    """One per company, where there are several: rows of a company follow each other."""
    codes = [row["company_code"] for row in rows]
    spoken = list(dict.fromkeys(codes))
    if len(spoken) < 2:
        return []
    spans = [(codes.index(code), codes.index(code) + codes.count(code)) for code in spoken]
    return [
        _sum(code, names, rows[first:beyond], (first, beyond))
        for code, (first, beyond) in zip(spoken, spans, strict=True)
    ]


def _sum(title: str, names: Names, rows: Sequence[Row], span: tuple[int, int]) -> tuple[Cell, ...]:
    first, beyond = span

    def summed(key: str, value: Decimal) -> Cell:
        # there are no cells to add up where there are no rows
        return Formula(f"SUM({{{key}.rows}})", value, first, beyond) if rows else ZERO

    losses = total(rows, "expected_credit_loss_reporting")
    of = {key: summed(key, total(rows, column)) for key, column in _SUMMED.items()}
    currencies = {row["functional_currency"] for row in rows}
    return (
        title,
        *(None,) * 5,
        sum(int(row["item_count"]) for row in rows),
        of["open"],
        of["absorbed"],
        of["exposure"],
        of["uncovered"],
        None,
        of["covered"],
        None,
        of["overlay"],
        summed("rounding", sum((rounding(row) for row in rows), ZERO)),
        summed("loss", losses),
        summed("published", losses),
        Formula(CHECK, ZERO),
        names.functional(rows, "exposure_functional"),
        names.functional(rows, "expected_credit_loss_functional"),
        currencies.pop() if len(currencies) == 1 else None,
        None,
    )
