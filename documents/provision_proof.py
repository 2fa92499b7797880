"""The proofs that a workpaper gives of itself, and the arithmetic that its sheets share with them.

Belongs here: what every row must hold, figures that must be one in two places, recomputing. Must not: queries, words.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from documents.errors import Difference, DoesNotClose, Figure, NotConverted
from documents.reading import Row
from documents.statement import ZERO

CENT = Decimal("0.01")
# every part of an individually assessed amount was rounded by itself, and their mean rate has nine decimals
_ROUNDING_PER_ITEM = Decimal("0.01")
_ROUNDING_OF_RATE = Decimal("0.000000001")
_RATE = Decimal("0.000000001")
_MATRIX_SOURCES = ("own", "pooled", "fallback")
VARIANT_OF = {"standard": "monthly_30", "cas_annual": "cas_annual"}
ROLLED_PARTS = (
    "still_open_reporting",
    "open_as_bill_reporting",
    "written_off_reporting",
    "diluted_reporting",
    "set_off_reporting",
    "paid_reporting",
    "other_reporting",
)

# what became of what was provisioned a year ago; together it is all of it
BACKTEST_PARTS = (
    "written_off_reporting",
    "open_in_default_reporting",
    "open_younger_reporting",
    "diluted_reporting",
    "set_off_reporting",
    "paid_reporting",
    "other_reporting",
)


@dataclass(frozen=True)
class Tie:
    """One figure found in two places; `what` is a key of the words."""

    what: str
    company_code: str
    currency: str
    left: Decimal
    right: Decimal


def total(rows: Iterable[Row], column: str) -> Decimal:
    """Sum of a column; what is NULL adds nothing."""
    return sum((row[column] for row in rows if row[column] is not None), ZERO)


def recomputed(row: Row) -> Decimal:
    """Rate x base of both parts, each rounded to the cent, and the overlay: what the formula of the workbook gives."""
    overlay: Decimal = row["overlay_reporting"]
    return (
        _part(row["uncovered_base_reporting"], row["rate"])
        + _part(row["covered_base_reporting"], row["cover_rate"])
        + overlay
    )


def rounding(row: Row) -> Decimal:
    """What the published loss differs by because it is a sum of rounded parts: customers assessed by themselves."""
    published: Decimal = row["expected_credit_loss_reporting"]
    return published - recomputed(row)


def _part(base: Decimal, rate: Decimal | None) -> Decimal:
    return (base * (rate or ZERO)).quantize(CENT, ROUND_HALF_UP)


# -- what every row must hold -------------------------------------------------------------------------------


def check_rows(found: Mapping[str, Sequence[Row]]) -> None:
    _check_rates_of_exchange(found["matrix"])
    _check_matrix(found["matrix"], found["rates"])
    _check_rolls(found["rolls"])
    _check_rates(found["rates"], found["rolls"])
    for row in found["allowance"]:
        if row["opening_functional"] is not None:
            _check_allowance(row)
    for row in found["vintages"]:
        lost = row["written_off_reporting"] - row["recovered_reporting"]
        _same("what_was_lost", f"{row['company_code']} {row['quarter_start']}", row["lost_reporting"], lost)
    for row in found["backtest"]:
        became = sum((row[part] for part in BACKTEST_PARTS), ZERO)
        place = f"{row['company_code']} {row['segment']} {row['bucket']}, {row['months_back']} months back"
        _same("what_became", place, became, row["gross_reporting"])


def _check_rates_of_exchange(matrix: Sequence[Row]) -> None:
    """A cell of which no item has a rate has no amount, and a sum without it would be too small."""
    for row in matrix:
        if row["exposure_functional"] is None or row["exposure_reporting"] is None:
            raise NotConverted(
                f"the provision is not complete: {_name(row)} has {row['unconverted_count']} items without an"
                " exchange rate",
                fix="deliver the rate (entity fx_rate) and publish again with `arrears refresh`",
            )


def _check_matrix(matrix: Sequence[Row], rates: Sequence[Row]) -> None:
    rate_of: dict[tuple[str, ...], Row] = {_rate_key(row): row for row in rates}
    weights: dict[tuple[str, ...], Decimal] = defaultdict(lambda: ZERO)
    for row in rates:
        weights[_rate_key(row)] += row["weight_reporting"]
    for row in matrix:
        name = _name(row)
        for basis in ("functional", "reporting"):
            exposure = row[f"exposure_{basis}"]
            _same(
                "open_less_absorbed",
                name,
                row[f"open_amount_{basis}"] - row[f"absorbed_{basis}"],
                exposure,
            )
            parts = row[f"covered_{basis}"] + row[f"uncovered_{basis}"]
            _same("covered_and_uncovered", name, parts, exposure)
        allowed = ZERO
        if row["method"] == "individual":
            base = row["uncovered_base_reporting"] * _ROUNDING_OF_RATE
            allowed = (row["item_count"] + 1) * _ROUNDING_PER_ITEM + base
        _same("rate_x_base", name, recomputed(row), row["expected_credit_loss_reporting"], allowed=allowed)
        derived = rate_of.get(_rate_key(row))
        if row["method"] == "matrix" and derived is not None and row["rate_source"] in _MATRIX_SOURCES:
            _same("rate", name, row["rate"], derived["rate"])
            if not row["is_beside"]:
                weight = weights[_rate_key(row)]
                _same("weights_of_the_rate", name, weight, row["uncovered_base_reporting"])


def _rate_key(row: Row) -> tuple[str, ...]:
    return tuple(row[name] for name in ("company_code", "segment", "rate_segment", "aging", "bucket"))


def _name(row: Row) -> str:
    return f"{row['company_code']} {row['segment']} {row['bucket']}"


def _check_rolls(rolls: Sequence[Row]) -> None:
    sums: dict[tuple[str, ...], Decimal] = defaultdict(lambda: ZERO)
    for row in rolls:
        name = f"{_name(row)} {row['pair_no']}"
        parts = sum((row[part] for part in ROLLED_PARTS), ZERO)
        _same("parts_of_roll_rates", name, parts, row["amount_reporting"])
        rolled = sum((row[part] for part in ROLLED_PARTS[:3]), ZERO)
        _same("what_rolled", name, rolled, row["numerator_reporting"])
        left = row["amount_reporting"] - row["set_off_reporting"]
        _same("what_could_roll", name, left, row["denominator_reporting"])
        sign = -1 if row["pair_no"] == 0 else 1
        sums[_roll_key(row)] += sign * row["amount_reporting"]
    for key, difference in sums.items():
        _same("pairs_of_roll_rates", " ".join(key), difference, ZERO)


def _roll_key(row: Row) -> tuple[str, ...]:
    return tuple(row[name] for name in ("variant", "level", "company_code", "segment", "bucket"))


def sums_of_pairs(rolls: Sequence[Row]) -> dict[tuple[str, ...], Row]:
    """The sum over all pairs, by variant, level, company, segment and bucket."""
    return {_roll_key(row): row for row in rolls if row["pair_no"] == 0}


def roll_behind(rate: Row, sums: Mapping[tuple[str, ...], Row]) -> Row | None:
    """The amounts that a rate's roll rate is the quotient of; None where the rate is the policy's."""
    if rate["roll_rate"] is None:
        return None
    is_own = rate["rate_source"] == "own"
    return sums.get(
        (
            VARIANT_OF[rate["aging"]],
            "segment" if is_own else "company",
            rate["company_code"],
            rate["rate_segment"] if is_own else "*",
            rate["fine_bucket"],
        )
    )


def _check_rates(rates: Sequence[Row], rolls: Sequence[Row]) -> None:
    sums = sums_of_pairs(rolls)
    weighed: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for row in rates:
        name = f"{_name(row)} {row['fine_bucket']}"
        behind = roll_behind(row, sums)
        if behind is not None:
            _same("roll_rate", name, row["roll_rate"], behind["roll_rate"])
        weighed[_rate_key(row)].append(row)
    for fine in weighed.values():
        row = fine[0]
        weight = total(fine, "weight_reporting")
        if weight > 0:
            mean = sum((one["weight_reporting"] * one["fine_loss_rate"] for one in fine), ZERO) / weight
            _same("mean_loss_rate", _name(row), row["loss_rate"], mean, allowed=_RATE)
        rate = min(row["loss_rate"] * row["forward_factor"], Decimal(1))
        expected = Decimal(1) if row["loss_rate"] >= 1 else rate
        _same("loss_rate_x_factor", _name(row), row["rate"], expected, allowed=_RATE)


def _check_allowance(row: Row) -> None:
    for basis in ("functional", "reporting"):
        if row[f"closing_{basis}"] is None or row[f"charge_{basis}"] is None:
            continue
        expected = (
            row[f"opening_{basis}"]
            + row[f"charge_{basis}"]
            - row[f"reversal_{basis}"]
            - row[f"written_off_{basis}"]
            + row[f"recovered_{basis}"]
            + (row["fx_reporting"] if basis == "reporting" else ZERO)
        )
        _same(
            "allowance_by_step",
            f"{row['company_code']} {row['step_no']}",
            row[f"closing_{basis}"],
            expected,
        )


# -- what must be one figure --------------------------------------------------------------------------------


# a figure, and the column of the rows that it is the sum of, twice
_Pair = tuple[Figure, Sequence[Row], str, Sequence[Row], str]


def ties_of(
    found: Mapping[str, Sequence[Row]],
    companies: Sequence[Row],
    aging: Mapping[str, Row],
    reporting_currency: str,
) -> list[Tie]:
    ties: list[Tie] = []
    for company in companies:
        code, functional = str(company["company_code"]), str(company["functional_currency"])
        rows = {
            name: [row for row in found[name] if row["company_code"] == code]
            for name in ("matrix", "individual", "sensitivity", "allowance")
        }
        matrix = [row for row in rows["matrix"] if not row["is_beside"]]
        alone = [row for row in matrix if row["method"] == "individual"]
        base = [row for row in rows["sensitivity"] if row["sensitivity"] == "base"]
        proposed = [row for row in rows["allowance"] if row["step"] == "proposed"]
        aged = [aging[code]] if code in aging else []
        pairs: tuple[_Pair, ...] = (
            ("gross", matrix, "open_amount_functional", aged, "gross_functional"),
            ("gross", matrix, "open_amount_reporting", aged, "gross_reporting"),
            ("exposure", matrix, "exposure_functional", aged, "exposure_functional"),
            ("individual_exposure", alone, "exposure_reporting", rows["individual"], "exposure_reporting"),
            *_both("individual_loss", alone, rows["individual"], "expected_credit_loss"),
            *_both("sensitivity", matrix, base, "expected_credit_loss"),
            *_both("allowance", matrix, proposed, "expected_credit_loss", "closing"),
        )
        for what, left, column, right, other in pairs:
            currency = functional if column.endswith("_functional") else reporting_currency
            tie = Tie(f"tie.{what}", code, currency, total(left, column), total(right, other))
            _same(what, f"{code} {currency}", tie.left, tie.right)
            ties.append(tie)
    return ties


def _both(
    what: Figure, left: Sequence[Row], right: Sequence[Row], column: str, other: str | None = None
) -> list[_Pair]:
    return [
        (what, left, f"{column}_{basis}", right, f"{other or column}_{basis}")
        for basis in ("functional", "reporting")
    ]


def _same(figure: Figure, place: str, found: Decimal, expected: Decimal, *, allowed: Decimal = ZERO) -> None:
    difference = Difference(figure, place, found, expected)
    if abs(difference.amount) > allowed:
        raise DoesNotClose(
            f"the provision does not agree: {difference.name} of {place}: {found:,} against {expected:,}",
            fix="nothing was written; publish again with `arrears refresh`, and if it repeats compare"
            " marts.mart_expected_credit_loss with marts.mart_aging_customer: every class of receivables needs a"
            " segment in policy_provision_segment",
            difference=difference,
        )
