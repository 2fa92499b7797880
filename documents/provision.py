"""The expected credit loss of a release and the proof that its parts agree.

Belongs here: every query of the workpaper 预期信用损失工作底稿, and its ties. Must not: words, blocks, money rules.
Rates and losses are the published ones; what is worked out again here is compared with them, never shown instead.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

import duckdb

from documents.errors import DoesNotClose, OlderRelease
from documents.reading import Row, check_company, open_release, query
from documents.statement import ZERO, Release

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

_RELATIONS = {
    "matrix": (
        "mart_expected_credit_loss",
        "company_code, component, segment_no, rate_segment, is_beside, aging desc, bucket_no, bucket, policy_version",
    ),
    "rates": ("mart_credit_loss_rate", "company_code, segment_no, rate_segment, aging desc, fine_bucket_no"),
    "rolls": (
        "mart_roll_rate",
        "variant desc, level desc, company_code, segment, bucket_no, nullif(pair_no, 0) nulls last",
    ),
    "individual": ("mart_individual_assessment", "company_code, exposure_reporting desc, customer_id"),
    "sensitivity": ("mart_credit_loss_sensitivity", "company_code, segment_no, segment, sensitivity"),
    "allowance": ("mart_allowance_roll_forward", "company_code, step_no"),
    "vintages": ("mart_write_off_vintage", "company_code, quarter_start"),
    "backtest": (
        "mart_credit_loss_backtest",
        "months_back, company_code, segment_no nulls last, segment, level, aging desc, method, bucket",
    ),
}

_MATRIX = """
select loss.*, bucket.bucket_no
from marts.mart_expected_credit_loss as loss
left join marts.dim_aging_bucket as bucket on loss.aging = bucket.scheme and loss.bucket = bucket.bucket"""

# The debtor of a default is a party; who of it is a customer of the companies asked for says whether it is shown.
_DEFAULTS = """
with customer as (
    select
        party_id,
        string_agg(company_code || ' ' || customer_id, ', ' order by company_code, customer_id) as customers,
        min(name) as name
    from marts.dim_customer
    where company_code = coalesce($company_code, company_code)
    group by party_id
)
select spell.*, customer.customers, customer.name
from marts.mart_customer_default as spell
inner join customer on spell.party_id = customer.party_id
order by spell.is_in_default desc, spell.defaulted_on, spell.party_id, spell.spell_no"""

_AGING = """
select
    company_code,
    sum(gross_amount_functional) as gross_functional,
    sum(net_amount_functional) filter (where bucket <> 'unapplied') as exposure_functional,
    sum(open_amount_reporting) filter (where bucket <> 'unapplied') as gross_reporting
from marts.mart_aging_customer
where scheme = 'standard' and company_code = coalesce($company_code, company_code)
group by company_code
order by company_code"""


@dataclass(frozen=True)
class Tie:
    """One figure found in two places; `what` is a key of the words."""

    what: str
    company_code: str
    currency: str
    left: Decimal
    right: Decimal


@dataclass(frozen=True)
class Provision:
    """What a release says of expected credit losses, row by row as published, in reading order."""

    release: Release
    reporting_currency: str
    companies: Sequence[Row]
    gates: Sequence[Row]
    buckets: Mapping[tuple[str, str], Row]
    matrix: Sequence[Row]
    rates: Sequence[Row]
    rolls: Sequence[Row]
    individual: Sequence[Row]
    sensitivity: Sequence[Row]
    allowance: Sequence[Row]
    vintages: Sequence[Row]
    backtest: Sequence[Row]
    defaults: Sequence[Row]
    aging: Mapping[str, Row]
    ties: Sequence[Tie]

    @property
    def counted(self) -> list[Row]:
        """Rows of the matrix that are part of totals."""
        return [row for row in self.matrix if not row["is_beside"]]

    def currency(self, company_code: str) -> str:
        """Functional currency of a company."""
        return next(
            str(row["functional_currency"]) for row in self.companies if row["company_code"] == company_code
        )


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


def read_provision(connection: duckdb.DuckDBPyConnection, *, company_code: str | None = None) -> Provision:
    """The provision of one company or of all, proved.

    Raises:
        OlderRelease: the release was published by a version without expected credit losses.
        UnknownAccount: it has no such company.
        DoesNotClose: two of its figures that must be one are not.
    """
    release = open_release(connection)
    _check_relations(connection)
    check_company(connection, company_code)
    found = {
        name: query(
            connection,
            f"select * from ({_MATRIX if name == 'matrix' else f'select * from marts.{relation}'}) as published"
            f" where company_code = coalesce($company_code, company_code) order by {order}",
            company_code=company_code,
        )
        for name, (relation, order) in _RELATIONS.items()
    }
    companies = query(
        connection,
        "select company_code, name, functional_currency from marts.dim_company"
        " where company_code = coalesce($company_code, company_code) order by company_code",
        company_code=company_code,
    )
    reporting_currency = str(
        query(connection, "select reporting_currency from marts.dim_release")[0]["reporting_currency"]
    )
    aging = {str(row["company_code"]): row for row in query(connection, _AGING, company_code=company_code)}
    _check_rows(found)
    return Provision(
        release=release,
        reporting_currency=reporting_currency,
        companies=companies,
        gates=query(connection, "select * from marts.dim_release_gate order by gate"),
        buckets={
            (str(row["scheme"]), str(row["bucket"])): row
            for row in query(connection, "select * from marts.dim_aging_bucket")
        },
        defaults=query(connection, _DEFAULTS, company_code=company_code),
        aging=aging,
        ties=_ties(found, companies, aging, reporting_currency),
        **found,
    )


def _check_relations(connection: duckdb.DuckDBPyConnection) -> None:
    there = {
        row["table_name"]
        for row in query(
            connection, "select table_name from information_schema.tables where table_schema = 'marts'"
        )
    }
    needed = [relation for relation, _ in _RELATIONS.values()]
    if missing := [name for name in [*needed, "mart_customer_default"] if name not in there]:
        raise OlderRelease(
            f"this release has no marts.{missing[0]}: an older version published it",
            fix="publish again with `arrears refresh`",
        )


# -- what every row must hold -------------------------------------------------------------------------------


def _check_rows(found: Mapping[str, Sequence[Row]]) -> None:
    _check_matrix(found["matrix"], found["rates"])
    _check_rolls(found["rolls"])
    _check_rates(found["rates"], found["rolls"])
    for row in found["allowance"]:
        if row["opening_functional"] is not None:
            _check_allowance(row)
    for row in found["vintages"]:
        lost = row["written_off_reporting"] - row["recovered_reporting"]
        _same(f"what was lost of {row['company_code']} {row['quarter_start']}", row["lost_reporting"], lost)
    for row in found["backtest"]:
        became = sum((row[part] for part in BACKTEST_PARTS), ZERO)
        place = f"{row['company_code']} {row['segment']} {row['bucket']}, {row['months_back']} months back"
        _same(f"what became of {place}", became, row["gross_reporting"])


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
                f"open less absorbed of {name}",
                row[f"open_amount_{basis}"] - row[f"absorbed_{basis}"],
                exposure,
            )
            parts = row[f"covered_{basis}"] + row[f"uncovered_{basis}"]
            _same(f"covered and uncovered of {name}", parts, exposure)
        allowed = ZERO
        if row["method"] == "individual":
            base = row["uncovered_base_reporting"] * _ROUNDING_OF_RATE
            allowed = (row["item_count"] + 1) * _ROUNDING_PER_ITEM + base
        _same(
            f"rate x base of {name}", recomputed(row), row["expected_credit_loss_reporting"], allowed=allowed
        )
        derived = rate_of.get(_rate_key(row))
        if row["method"] == "matrix" and derived is not None and row["rate_source"] in _MATRIX_SOURCES:
            _same(f"the rate of {name}", row["rate"], derived["rate"])
            if not row["is_beside"]:
                weight = weights[_rate_key(row)]
                _same(f"the weights of the rate of {name}", weight, row["uncovered_base_reporting"])


def _rate_key(row: Row) -> tuple[str, ...]:
    return tuple(row[name] for name in ("company_code", "segment", "rate_segment", "aging", "bucket"))


def _name(row: Row) -> str:
    return f"{row['company_code']} {row['segment']} {row['bucket']}"


def _check_rolls(rolls: Sequence[Row]) -> None:
    sums: dict[tuple[str, ...], Decimal] = defaultdict(lambda: ZERO)
    for row in rolls:
        name = f"roll rates {_name(row)} pair {row['pair_no']}"
        _same(
            f"the parts of {name}", sum((row[part] for part in ROLLED_PARTS), ZERO), row["amount_reporting"]
        )
        rolled = sum((row[part] for part in ROLLED_PARTS[:3]), ZERO)
        _same(f"what rolled of {name}", rolled, row["numerator_reporting"])
        left = row["amount_reporting"] - row["set_off_reporting"]
        _same(f"what could roll of {name}", left, row["denominator_reporting"])
        sign = -1 if row["pair_no"] == 0 else 1
        sums[_roll_key(row)] += sign * row["amount_reporting"]
    for key, difference in sums.items():
        _same(f"the pairs of roll rates {' '.join(key)}", difference, ZERO)


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
            _same(f"the roll rate of {name}", row["roll_rate"], behind["roll_rate"])
        weighed[_rate_key(row)].append(row)
    for fine in weighed.values():
        row = fine[0]
        weight = total(fine, "weight_reporting")
        if weight > 0:
            mean = sum((one["weight_reporting"] * one["fine_loss_rate"] for one in fine), ZERO) / weight
            _same(f"the mean loss rate of {_name(row)}", row["loss_rate"], mean, allowed=_RATE)
        rate = min(row["loss_rate"] * row["forward_factor"], Decimal(1))
        expected = Decimal(1) if row["loss_rate"] >= 1 else rate
        _same(f"loss rate x factor of {_name(row)}", row["rate"], expected, allowed=_RATE)


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
            f"the allowance of {row['company_code']} step {row['step_no']}",
            row[f"closing_{basis}"],
            expected,
        )


# -- what must be one figure --------------------------------------------------------------------------------


def _ties(
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
        pairs = (
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
            _same(f"{what} of {code} in {currency}", tie.left, tie.right)
            ties.append(tie)
    return ties


def _both(
    what: str, left: Sequence[Row], right: Sequence[Row], column: str, other: str | None = None
) -> list[tuple[str, Sequence[Row], str, Sequence[Row], str]]:
    return [
        (what, left, f"{column}_{basis}", right, f"{other or column}_{basis}")
        for basis in ("functional", "reporting")
    ]


def _same(name: str, found: Decimal, expected: Decimal, *, allowed: Decimal = ZERO) -> None:
    if abs(found - expected) > allowed:
        raise DoesNotClose(
            f"the provision does not agree: {name}: {found:,} against {expected:,}",
            fix="nothing was written; publish again with `arrears refresh`, and if it repeats compare"
            " marts.mart_expected_credit_loss with marts.mart_aging_customer: every class of receivables needs a"
            " segment in policy_provision_segment",
        )
