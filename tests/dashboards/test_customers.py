"""Customers: who looks after them, when they paid, what they promised, and the files about them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import fastexcel
import pytest

from dashboards.data import aging, customers, drill
from dashboards.data.release import Release
from dashboards.data.scope import Scope
from dashboards.views.parts import aging_downloads
from dashboards.views.parts.aging_filters import Chosen

OWN_DAY = date(2026, 6, 30)


def scope_of(**changes: object) -> Scope:
    base = Scope(as_of=OWN_DAY, known_at=None, scheme="standard", unit="day", currency_basis="document")
    return base.changed(**changes)


def chosen_of(release: Release, **changes: object) -> Chosen:
    return Chosen(scope=scope_of(**changes), scheme=aging.schemes(release)["standard"], unit_code="exact")


def customers_in(release: Release, scope: Scope) -> set[str]:
    return {row["customer_id"] for row in drill.items(release, scope)}


def test_the_last_payment_is_the_newest_receipt_by_the_day(release: Release) -> None:
    assert customers.facts(release, scope_of())[("CN01", "C004")]["last_payment_on"] == date(2026, 6, 25)
    before = customers.facts(release, scope_of(as_of=date(2026, 6, 24)))
    assert before[("CN01", "C004")]["last_payment_on"] is None


@pytest.mark.parametrize(
    ("customer", "promised"),
    # C001: not the extension of 15 July, not the promise for a document paid since
    # C002: not the plan that was withdrawn
    [("C001", date(2026, 7, 10)), ("C002", date(2026, 7, 5)), ("C003", None)],
)
def test_the_next_promise_is_one_that_still_counts(
    release: Release, customer: str, promised: date | None
) -> None:
    assert customers.facts(release, scope_of())[("CN01", customer)]["next_promise_on"] == promised


def test_owners_and_segments_narrow_the_items(release: Release) -> None:
    # 王芳 collects C001 and C003; C003 and C002 are in 华南
    assert customers_in(release, scope_of(collectors=("王芳",))) == {"C001", "C003"}
    assert customers_in(release, scope_of(sales_owners=("T. Vogel", "C. Marin"))) == {"K100", "K200", "K300"}
    assert customers_in(release, scope_of(collectors=("王芳",), regions=("华南",))) == {"C003"}
    assert customers_in(release, scope_of(natures=("retail_chain",))) == {"C002", "K200"}


def test_the_filters_offer_what_customers_are_sorted_by(release: Release) -> None:
    offered = aging.choices(release)
    assert set(offered["collectors"]) == {"王芳", "李强", "A. Weber"}
    assert "华南" in offered["regions"]


def test_cash_received_since_is_what_was_paid_on_the_items_open_then(release: Release) -> None:
    rows = customers.received_since(release, scope_of(as_of=date(2026, 5, 31)))
    received = {row["document_id"]: row for row in rows if row["received_amount_document"]}
    assert received.keys() == {"INV-1003"}
    row = received["INV-1003"]
    assert (row["open_amount_document"], row["received_amount_document"], row["remaining_amount_document"]) == (
        Decimal("3120000.00"), Decimal("1200000.00"), Decimal("1920000.00"),
    )  # fmt: skip
    assert row["last_received_on"] == date(2026, 6, 5)


def test_received_by_customer_is_the_sum_of_its_items(release: Release) -> None:
    book = fastexcel.read_excel(
        aging_downloads.received_workbook(release, chosen_of(release, as_of=date(2026, 5, 31)))
    )
    by_customer = book.load_sheet(0, header_row=3).to_polars()
    by_item = book.load_sheet(1, header_row=3).to_polars()
    received = "期后回款(原币)"
    assert by_customer[received].sum() == by_item[received].sum() == 1_200_000
    assert by_item.height > by_customer.height


def test_the_workbook_holds_every_item_however_many(
    release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drill, "MOST_ITEMS", 3)
    assert len(drill.items(release, scope_of())) == 3
    book = fastexcel.read_excel(aging_downloads.matrix_workbook(release, chosen_of(release)))
    items = book.load_sheet("明细").to_polars()
    matrix = book.load_sheet("账龄").to_polars()
    assert items.height > 10
    assert items["未清(原币)"].sum() == pytest.approx(matrix["未清余额"].sum())
    assert matrix["催收人"].null_count() == 0
