"""docs/analyst_guide.md says what is true: its queries run, and its catalogue is what is published.

Belongs here: the guide against a release. Must not: figures of metrics (test_accounting_c.py).
"""

import re
from pathlib import Path

import pytest

from tests.kit import D, Extracts, Warehouse
from tests.kit.worlds import MAY, WORLD_DAY

GUIDE = (Path(__file__).parents[2] / "docs" / "analyst_guide.md").read_text(encoding="utf-8")
QUERIES = {
    query.splitlines()[0].removeprefix("-- "): query
    for query in re.findall(r"```sql\n(.*?)```", GUIDE, flags=re.DOTALL)
}
LIFETIME = next(query for title, query in QUERIES.items() if "since its first invoice" in title)
# relations that only a later delivery fills
OF_LATER_DELIVERIES = ("mart_restatement", "mart_overdue_change")
CLEARING = "_by_clearing_date"


def build_world(extracts: Extracts) -> None:
    # the figures of Odoo's test of days sales outstanding: 150, then half paid; 365 days to the day of the world
    books = extracts.books("GUIDE")
    books.invoice("INV1", "3450.00", "2025-12-31", due="2025-12-31")
    books.invoice("INV2", "1725.00", "2026-05-15", due="2026-05-15")
    books.payment("R1", "INV1", "3450.00", "2026-05-31")
    books.gl_balance("1231", "allowance", "-17.25", WORLD_DAY)
    extracts.books("GUIDEO").invoice("DUE", "40.00", "2026-11-15", due="2026-12-15")
    # something to be warned of
    warned = extracts.books("GUIDEW", country="CN")
    warned.invoice("LATE", "25000.00", "2026-10-01", due="2026-10-31")
    # and somebody of the lowest grade
    warned.add(
        "credit_event",
        customer_id="C1",
        event_date="2026-11-10",
        source="bureau",
        kind="insolvency",
        value="proceedings opened",
    )
    # something for each query of the cookbook: a bill, retention, a dispute over, a promise, a claim that soon expires
    others = extracts.books("GUIDER", country="CN")
    others.bill("BILL1", "10.00", "2026-05-31", matures="2026-11-30")
    others.invoice("KEPT", "10.00", "2026-05-31")
    others.instalment("KEPT", 1, "10.00", "2027-05-31", kind="retention")
    others.invoice("OLD", "10.00", "2024-01-01", due="2024-01-31")
    others.invoice("CLAIM", "10.00", "2024-01-01", due="2024-01-31")
    others.dispute("OVER", "OLD", "10.00", "2026-05-01", closed_on="2026-05-31", status="accepted")
    others.add(
        "promise",
        promise_id="P1",
        customer_id="C1",
        document_id="OLD",
        made_on="2026-05-01",
        promised_date="2026-05-31",
        amount="10.00",
        kind="promise",
    )
    books.add(
        "credit_limit",
        customer_id="C1",
        amount="1000.00",
        currency="CNY",
        valid_from="2026-01-01",
        kind="permanent",
    )


def build_history(extracts: Extracts) -> None:
    books = extracts.books("GUIDEH")
    books.known(since=MAY).invoice("LATE", "10.00", "2026-03-15", due="2026-04-15")


@pytest.mark.parametrize("title", QUERIES)
def test_a_query_of_the_cookbook_runs_and_finds_rows(
    world: Warehouse, history: Warehouse, title: str
) -> None:
    is_later = any(relation in QUERIES[title] for relation in OF_LATER_DELIVERIES)
    release = history if is_later else world
    assert release.query(QUERIES[title])


def test_days_since_the_first_invoice_are_those_of_a_peer(world: Warehouse) -> None:
    (row,) = [row for row in world.query(LIFETIME) if row["company_code"] == "GUIDE"]
    # 1,725 of 5,175 is open: a third of 365 days (Odoo: a third of 150)
    assert (row["receivable"], row["sales"]) == (D("1725.00"), D("5175.00"))
    assert round(row["days"], 6) == round(365 / 3, 6)


def test_the_catalogue_names_every_metric_and_variant_that_is_published(world: Warehouse) -> None:
    catalogue, metric = set(), ""
    for line in GUIDE.partition("| metric |")[2].splitlines()[2:]:
        if not line.startswith("|"):
            break
        name, variant, months = (cell.strip() for cell in line.split("|")[1:4])
        metric = name.split()[0] if name else metric
        catalogue |= {(metric, variant, window or None) for window in months.split(", ")}
    published = {
        (row["metric"], row["variant"], row["months"])
        for row in world.query(
            "select distinct metric, variant, cast(window_months as varchar) as months from marts.mart_receivable_kpi"
        )
        if not row["variant"].endswith(CLEARING)
    }
    assert catalogue == published
