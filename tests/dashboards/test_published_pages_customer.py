"""The customer page on a release the pipeline has published, where there is one: its figures against the marts.

Runs on the demo's home (`make demo`) or on the home `ARREARS_DASHBOARD_HOME` names, and is skipped without either.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from dashboards.data import aging, customer_items, customer_payments, documents
from dashboards.data import customer as data
from dashboards.data.release import Release, fetch
from dashboards.i18n import LANGUAGES
from tests.dashboards.test_customer import opened, shown

pytestmark = pytest.mark.usefixtures("published")


def largest(release: Release, *, count: int) -> list[tuple[str, str]]:
    found = [(row["company_code"], row["customer_id"]) for row in data.find(release, text="")][:count]
    assert len(found) == count
    return found


def test_payments_one_by_one_add_up_to_the_published_days(published: Release) -> None:
    marts = fetch(
        published,
        """
select *
from marts.mart_delay_decomposition
where window_name = 'last_12_months' and basis = 'payment_date' and payment_count > 0
    and excluded_cash_terms_count = 0
order by paid_amount_reporting desc
limit 40""",
    )
    assert marts
    for mart in marts:
        found = customer_payments.payments(
            published,
            (mart["company_code"], mart["customer_id"]),
            first_day=mart["window_from"],
            year_from=mart["window_from"],
        )
        assert (found.payment_count, found.year_paid) == (
            mart["payment_count"],
            mart["paid_amount_reporting"],
        )
        late = sum((row["days_after_due"] * row["amount_reporting"] for row in found.rows), Decimal(0))
        assert late == mart["late_amount_days"]


def test_the_steps_of_the_exposure_end_at_the_published_exposure(published: Release) -> None:
    scheme = aging.schemes(published)["standard"]
    for customer in largest(published, count=20):
        scope = customer_items.scope_of(published, customer, scheme=scheme)
        (total,) = (row for row in aging.totals(published, scope, scheme=scheme) if row["part"] == "total")
        exposure = data.exposure(published, customer)
        assert exposure is not None
        assert total["debits"] == exposure["trade_debit_reporting"]
        assert total["overdue"] == exposure["overdue_reporting"]
        assert -total["unapplied_cash"] == exposure["unapplied_cash_reporting"]


def test_the_parts_of_what_is_open_are_the_published_items(published: Release) -> None:
    scheme = aging.schemes(published)["standard"]
    for customer in largest(published, count=10):
        listed: dict[str, Decimal] = {}
        for part in customer_items.PARTS:
            for row in customer_items.every_open_item(published, customer, scheme=scheme, part=part):
                assert row["open_item_id"] not in listed
                listed[row["open_item_id"]] = row["open_amount_document"]
        mart = fetch(
            published,
            "select open_item_id, open_amount_document from marts.mart_aging"
            " where company_code = $company and customer_id = $customer and open_amount_document != 0",
            company=customer[0],
            customer=customer[1],
        )
        assert listed == {row["open_item_id"]: row["open_amount_document"] for row in mart}


@pytest.mark.parametrize("form", ["xlsx", "pdf"])
def test_statements_of_the_largest_customers_close(published: Release, form: documents.Format) -> None:
    for customer in largest(published, count=3):
        made = documents.statement(
            published,
            customer,
            first_day=published.as_of - timedelta(days=90),
            last_day=published.as_of,
            language="zh",
            form=form,
        )
        assert made.startswith(b"%PDF" if form == "pdf" else b"PK")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_opens_and_shows_what_is_published(published: Release, language: str) -> None:
    for customer in largest(published, count=2):
        app = opened(*customer, language=language)
        assert not app.exception
        exposure = data.exposure(published, customer)
        assert exposure is not None
        page = shown(app)
        assert exposure["name"] in page
        size, places, unit = (10_000, 2, "万") if language == "zh" else (1_000_000, 2, "m")
        if exposure["exposure_reporting"] >= size * 10:
            assert f"¥{exposure['exposure_reporting'] / size:,.{places}f}{unit}" in page
