"""The overview on the demo release: figures shown are those that the published contract says on another way."""

from __future__ import annotations

from decimal import Decimal

import pytest
from streamlit.testing.v1 import AppTest

from dashboards.data import bridge, overview
from dashboards.data.overview import DIMENSIONS, Where
from dashboards.data.release import Release, fetch
from dashboards.i18n import speaking
from dashboards.views.parts import overview_change, overview_figures, overview_pack, overview_proof
from documents.blocks import Table
from documents.paper import pdf_bytes
from tests.dashboards.conftest import APP

GROUP = Where()
# thousands of items, each translated and rounded by itself
CENTS = Decimal(1)
DEBIT = "item.receivable_class = 'trade' and item.open_amount_document > 0"

pytestmark = pytest.mark.usefixtures("published")


def wheres(release: Release) -> list[Where]:
    found = [Where(code) for code in overview.offered(release)]
    # the group, and at least one company
    assert len(found) > 1
    return found


def amount(release: Release, sql: str, **parameters: object) -> Decimal:
    (row,) = fetch(release, sql, **parameters)
    return Decimal(row["amount"] or 0)


def test_balances_are_the_published_items(published: Release) -> None:
    for where in wheres(published):
        with speaking("en"):
            shown = overview_figures.gather(published, where)
        assert shown is not None
        items = (
            "select sum(item.open_amount_reporting) as amount from marts.mart_aging as item"
            " left join marts.dim_customer as customer on item.company_code = customer.company_code"
            " and item.customer_id = customer.customer_id"
            " where not coalesce(customer.is_intragroup, false)"
            " and ($company = '*' or item.company_code = $company) and "
        )
        for name, condition in (
            ("receivable", "item.receivable_class = 'trade'"),
            ("bills", "item.receivable_class in ('bill', 'bill_transferred')"),
            ("contract_assets", "item.receivable_class = 'contract_asset'"),
            ("overdue", f"{DEBIT} and item.days_past_due > 0"),
            ("over_90", f"{DEBIT} and item.days_past_due > 90"),
        ):  # fmt: skip
            expected = amount(published, f"{items}{condition}", company=where.company)
            assert abs((shown[name].value or Decimal(0)) - expected) <= CENTS, (where.company, name)


def test_what_changed_ends_at_the_overdue_of_the_card(published: Release) -> None:
    for where in wheres(published):
        with speaking("en"):
            shown = overview_figures.gather(published, where)
        row = bridge.since_reported(published, where)
        assert shown is not None and row is not None
        assert row["opening"] + sum(row[name] for name in bridge.SINCE_REPORTED) == row["closing"]
        assert abs(row["closing"] - (shown["overdue"].value or Decimal(0))) <= CENTS
        assert sum(overview_change.together(row).values()) == row["closing"] - row["opening"]
        # item by item, the same has turned overdue as the sums say
        turned = bridge.turned_overdue(published, where, limit=100_000)
        new = sum(row[name] for name in bridge.NEW)
        assert abs(sum((found["amount"] for found in turned), Decimal(0)) - new) <= CENTS
        assert not turned or sum(found["item_count"] for found in turned) == turned[0]["all_count"]


def test_months_of_the_bridge_hang_together(published: Release) -> None:
    with speaking("en"):
        shown = overview_figures.gather(published, GROUP)
    assert shown is not None
    months = bridge.by_month(published, GROUP, since=shown.months[0].replace(day=1))
    assert len(months) == len(shown.months) == overview_figures.MONTHS
    for row, overdue in zip(months, shown["overdue"].history, strict=True):
        assert row["opening"] + sum(row[name] for name in bridge.LINES) == row["closing"]
        assert abs(row["closing"] - (overdue or Decimal(0))) <= CENTS


def test_the_proof_agrees_for_the_group_and_every_company(published: Release) -> None:
    for where in wheres(published):
        with speaking("en"):
            shown = overview_figures.gather(published, where)
            assert shown is not None
            proof = overview_proof.gather(published, shown)
        assert proof.agrees, (where.company, proof.difference)


def test_ten_largest_are_what_the_watchlist_says_of_them(published: Release) -> None:
    listed = {
        (row["company_code"], row["customer_id"]): (row["net_overdue_reporting"], row["grade"])
        for row in fetch(published, "select * from marts.mart_watchlist")
    }
    rows = overview.largest_overdue(published, GROUP, limit=10)
    assert len(rows) == 10
    compared = [row for row in rows if (row["company_code"], row["customer_id"]) in listed]
    assert compared
    for row in compared:
        assert (row["net_overdue"], row["grade"]) == listed[row["company_code"], row["customer_id"]]


@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_every_dimension_adds_up_to_the_group(published: Release, dimension: str) -> None:
    rows = overview.by_dimension(published, GROUP, dimension=dimension)
    with speaking("en"):
        shown = overview_figures.gather(published, GROUP)
    assert rows and shown is not None
    assert abs(sum(row["overdue"] for row in rows) - (shown["overdue"].value or Decimal(0))) <= CENTS


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_shows_them_and_the_pack_holds_them(published: Release, language: str) -> None:
    app = AppTest.from_file(str(APP), default_timeout=120)
    app.query_params["lang"] = language
    app.run()
    assert not app.exception
    page = " ".join(str(block.proto.body) for block in app.get("html"))
    with speaking(language):
        shown = overview_figures.gather(published, GROUP)
        document = overview_pack.document(published, GROUP)
    assert shown is not None
    for name in ("receivable", "bills", "overdue", "overdue_rate", "over_90", "expected_cash", "dso", "cash"):
        with speaking(language):
            assert shown.text(name) in page, name
    head = next(block for block in document.sheets[0].blocks if isinstance(block, Table))
    assert shown["overdue"].value in [row[1] for row in head.rows]
    assert pdf_bytes(document).startswith(b"%PDF")
