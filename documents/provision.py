"""The expected credit loss of a release, read and proved (provision_proof.py).

Belongs here: every query of the workpaper 预期信用损失工作底稿. Must not: words, blocks, money rules.
Rates and losses are the published ones; what is worked out again here is compared with them, never shown instead.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb

from documents.errors import OlderRelease
from documents.provision_proof import Tie, check_rows, ties_of
from documents.reading import Row, check_company, open_release, query
from documents.statement import Release

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
    check_rows(found)
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
        ties=ties_of(found, companies, aging, reporting_currency),
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
