"""Bank, policy, data quality and about pages on a release the pipeline has published, where there is one.

Every figure is asked again, plainly, of the published file. Runs on the demo's home (`make demo`) or on the home
`ARREARS_DASHBOARD_HOME` names, and is skipped without either.
"""

from __future__ import annotations

import duckdb
import pytest

from dashboards.data import bank, bank_lines, policy, policy_breaks, quality, quality_findings
from dashboards.data.bank import BankScope
from dashboards.data.release import Release
from tests.dashboards.conftest import PUBLISHED_HOME
from tests.dashboards.own_release import html_of, open_page

pytestmark = pytest.mark.usefixtures("published")


def ask(sql: str) -> list[tuple[object, ...]]:
    """The same question of the file itself, past the dashboards."""
    with duckdb.connect(str((PUBLISHED_HOME / "receivables.duckdb").resolve()), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def whole(release: Release) -> BankScope:
    span = bank.span(release)
    assert span is not None
    return BankScope(span["first_day"], max(span["last_day"], release.as_of))


def test_accounts_are_the_sums_of_their_statements(published: Release) -> None:
    shown = {
        (row["company_code"], row["account"], row["currency"]): (
            row["statement_count"], row["line_count"], row["line_total_document"],
        )
        for row in bank.accounts(published, whole(published))
    }  # fmt: skip
    assert shown == {
        (company, account, currency): (count, lines, total)
        for company, account, currency, count, lines, total in ask(
            "select company_code, account, currency, count(*), sum(line_count), sum(line_total_document)"
            " from marts.mart_bank_statement group by all"
        )
    }


def test_every_line_is_counted_once_and_every_receipt_explains_at_most_one(published: Release) -> None:
    scope = whole(published)
    totals = bank_lines.unexplained_totals(published, scope)
    ((lines, amount),) = ask(
        "select count(*), sum(amount_document) from marts.fct_bank_transaction where amount_document <> 0"
    )
    assert (sum(row["line_count"] for row in totals), sum(row["amount_document"] for row in totals)) == (
        lines,
        amount,
    )
    used: list[tuple[str, str, str]] = []
    for account in bank.accounts(published, scope)[:3]:
        key = (account["company_code"], account["account"], account["currency"])
        for statement in bank.statements(published, BankScope(scope.first_day, scope.last_day, account=key))[
            :5
        ]:
            used += [
                (line["company_code"], line["explained_by"], line["receipt_id"])
                for line in bank_lines.of_statement(published, statement)
                if line["receipt_id"]
            ]
    assert used and len(used) == len(set(used))


def test_grades_exceptions_and_breaches_are_those_of_the_file(published: Release) -> None:
    assert {
        (row["grade"], row["party_count"], row["exposure_reporting"]) for row in policy.grades(published)
    } == set(
        ask(
            "select grade, count(*), sum(exposure_reporting) from marts.mart_credit_recommendation group by grade"
        )
    )
    assert {(row["kind"], row["exception_count"], row["exposure_reporting"])
            for row in policy_breaks.exceptions_by_kind(published)} == set(
        ask("select kind, count(*), sum(exposure_reporting) from marts.mart_credit_exception group by kind")
    )  # fmt: skip
    ((count, excess),) = ask(
        "select count(*), sum(excess_reporting) from marts.mart_credit_exposure"
        " where scope = 'customer' and is_breached"
    )
    ages = policy_breaks.breaches_by_age(published)
    # a breach whose age nobody knows would be lost between the bands
    assert (sum(row["customer_count"] for row in ages), sum(row["excess_reporting"] for row in ages)) == (
        count,
        excess,
    )


@pytest.mark.parametrize("months_back", [1, 12])
def test_every_cell_of_the_migration_opens_as_many_debtors_as_it_says(
    published: Release, months_back: int
) -> None:
    cells = policy.migration(published, months_back=months_back)
    assert cells
    for cell in cells:
        movers = policy.movers(
            published, months_back=months_back, grade_from=cell["grade_from"], grade_to=cell["grade_to"]
        )
        assert len(movers) == min(cell["party_count"], policy.MOST_ROWS), cell
        if cell["party_count"] <= policy.MOST_ROWS:
            assert sum(row["exposure_reporting"] for row in movers) == cell["exposure_to_reporting"], cell


def test_loads_findings_and_totals_are_those_of_the_file(published: Release) -> None:
    ((read, landed, rejected),) = ask(
        "select sum(rows_read), sum(rows_landed), sum(rows_rejected) from marts.dim_release_load"
    )
    rows = quality.by_entity(published)
    assert [sum(row[name] for row in rows) for name in ("rows_read", "rows_landed", "rows_rejected")] == [
        read, landed, rejected,
    ]  # fmt: skip
    assert sum(row["unaccounted_rows"] for row in rows) == 0
    assert {row["difference"] for row in quality.totals(published)} == {0}
    assert (
        sum(row["finding_count"] for row in quality_findings.by_rule(published))
        == ask("select count(*) from marts.mart_data_quality")[0][0]
    )
    assert (
        sum(row["item_count"] for row in quality_findings.restatements_by_month(published))
        == ask(
            "select sum(n) from (select count(distinct open_item_id) as n from marts.mart_restatement"
            " group by restated_at, company_code)"
        )[0][0]
    )


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("page", ["bank", "policy", "quality", "about"])
def test_a_page_opens_and_names_the_release(published: Release, page: str, language: str) -> None:
    app = open_page(page, language=language)
    assert not app.exception
    assert published.release_id in html_of(app)
