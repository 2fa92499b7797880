"""Figures of the pages against hand-worked sums, the published macros and each other."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from dashboards.data import aging, drill, status, trend
from dashboards.data.release import Release, current_release, fetch
from dashboards.data.scope import BASES, CURRENCY_BASES, PRESENTATIONS, Scope
from dashboards.data.trend import TrendScope
from tests.dashboards.sample_release import RESTATED_AT, Item, make_release

OWN_DAY = date(2026, 6, 30)
DAYS = (date(2025, 7, 1), date(2026, 3, 12), date(2026, 5, 1), OWN_DAY)


def scope_of(**changes: object) -> Scope:
    base = Scope(as_of=OWN_DAY, known_at=None, scheme="standard", unit="day", currency_basis="document")
    return base.changed(**changes)


def totals(release: Release, scope: Scope) -> dict[str, dict[str, object]]:
    scheme = aging.schemes(release)[scope.scheme]
    rows = aging.totals(release, scope, scheme=scheme)
    return {row["shown_currency"]: row for row in rows if row["part"] == "total"}


@pytest.mark.parametrize("presentation", PRESENTATIONS)
@pytest.mark.parametrize("currency_basis", CURRENCY_BASES)
@pytest.mark.parametrize("day", DAYS)
def test_buckets_add_up_to_outstanding_in_every_presentation_and_currency(
    release: Release, presentation: str, currency_basis: str, day: date
) -> None:
    scope = scope_of(as_of=day, presentation=presentation, currency_basis=currency_basis)
    scheme = aging.schemes(release)["standard"]
    unbucketed = aging.outstanding_unbucketed(release, scope)
    found = totals(release, scope)
    assert found.keys() == unbucketed.keys()
    for currency, row in found.items():
        assert sum(row[f"bucket_{bucket.number}"] for bucket in scheme.buckets) == unbucketed[currency]
        assert row["unassigned"] == 0


@pytest.mark.parametrize("basis", BASES)
def test_every_basis_gives_the_same_total(release: Release, basis: str) -> None:
    expected = {code: row["outstanding"] for code, row in totals(release, scope_of()).items()}
    assert {
        code: row["outstanding"] for code, row in totals(release, scope_of(basis=basis)).items()
    } == expected


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("known_on", [None, date(2026, 2, 1), RESTATED_AT.date()])
@pytest.mark.parametrize(
    ("scheme", "unit", "basis"), [("standard", "day", "due_date"), ("cas_annual", "month", "document_date")]
)
def test_the_matrix_says_what_the_published_macro_says(
    release: Release, day: date, known_on: date | None, scheme: str, unit: str, basis: str
) -> None:
    known_at = None if known_on is None else datetime.combine(known_on, datetime.max.time())
    scope = scope_of(as_of=day, known_at=known_at, scheme=scheme, unit=unit, basis=basis, has_intragroup=True)
    buckets = aging.schemes(release)[scheme].buckets
    rows = aging.matrix(release, scope, scheme=aging.schemes(release)[scheme], limit=1000)
    shown = {
        (row["company_code"], row["customer_id"], row["shown_currency"], bucket.code): row[
            f"bucket_{bucket.number}"
        ]
        for row in rows
        for bucket in buckets
        if row[f"bucket_{bucket.number}"]
    }
    macro = fetch(
        release,
        "select * from marts.aging_as_known($as_of, $known_at, $scheme) where amount_document != 0",
        as_of=day,
        known_at=known_at or datetime(9999, 1, 1),
        scheme=scheme,
    )
    assert shown == {
        (row["company_code"], row["customer_id"], row["currency"], row["bucket"]): row["amount_document"]
        for row in macro
    }


def test_a_correction_shows_only_from_the_day_it_became_known(release: Release) -> None:
    customer = ("CN01", "C003")
    scope = scope_of(as_of=date(2026, 1, 31), currency="CNY")
    then = drill.items(release, scope.changed(known_at=datetime(2026, 2, 1)), customer=customer)
    now = drill.items(release, scope, customer=customer)
    assert [row["open_amount_document"] for row in then] == [Decimal("760000.00")]
    assert [row["open_amount_document"] for row in now] == [Decimal("796000.00")]


def test_due_today_is_not_overdue_and_the_31st_day_moves_on(release: Release) -> None:
    due_today = drill.items(release, scope_of(), customer=("CN01", "C004"))
    assert {row["document_id"]: row["bucket"] for row in due_today}["INV-4001"] == "not_due"
    # INV-2002 was due on 10 June: 30 days on 10 July, 31 on 11 July
    buckets = [
        next(
            row["bucket"]
            for row in drill.items(release, scope_of(as_of=day), customer=("CN01", "C002"))
            if row["document_id"] == "INV-2002"
        )
        for day in (date(2026, 7, 10), date(2026, 7, 11))
    ]
    assert buckets == ["d1_30", "d31_60"]


def test_exactly_twelve_months_old_is_still_within_one_year(release: Release) -> None:
    # INV-1001 is dated 10 February 2025
    def bucket_on(day: date) -> str:
        scope = scope_of(as_of=day, scheme="cas_annual", unit="month", basis="document_date")
        rows = drill.items(release, scope, customer=("CN01", "C001"))
        return next(row["bucket"] for row in rows if row["document_id"] == "INV-1001")

    assert (bucket_on(date(2026, 2, 10)), bucket_on(date(2026, 2, 11))) == ("m0_12", "m13_24")


def test_net_takes_credits_off_the_oldest_due_date_first(release: Release) -> None:
    """C002 owes 215,200.50 (60 days), 388,000.00 (20 days), 402,750.25 (not due) and has a credit of 58,000.00."""
    rows = aging.matrix(
        release, scope_of(presentation="net"), scheme=aging.schemes(release)["standard"], limit=100
    )
    row = next(row for row in rows if row["customer_id"] == "C002")
    buckets = {
        bucket.code: row[f"bucket_{bucket.number}"] for bucket in aging.schemes(release)["standard"].buckets
    }
    assert buckets["d31_60"] == Decimal("157200.50")
    assert buckets["d1_30"] == Decimal("388000.00")
    assert buckets["unapplied"] == 0
    assert row["outstanding"] == Decimal("947950.75")


def test_the_sentence_of_a_customer_has_the_figures_worked_by_hand(release: Release) -> None:
    (row,) = drill.customer_figures(release, scope_of(), customer=("CN01", "C002"))
    assert (row["outstanding"], row["overdue"], row["overdue_count"], row["oldest_days"]) == (
        Decimal("947950.75"), Decimal("603200.50"), 2, 59,
    )  # fmt: skip
    assert (row["unapplied"], row["net_overdue"], row["disputed"]) == (
        Decimal("-58000.00"),
        Decimal("545200.50"),
        0,
    )


@pytest.mark.parametrize("presentation", PRESENTATIONS)
def test_a_revaluation_counts_in_the_currency_of_the_books_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, presentation: str
) -> None:
    monkeypatch.setenv("ARREARS_HOME", str(tmp_path))
    make_release(tmp_path)
    scope = {
        basis: scope_of(presentation=presentation, currency_basis=basis)
        for basis in ("document", "functional")
    }
    before = {basis: totals(current_release(), each) for basis, each in scope.items()}
    gain = Item(
        "CN01", "C003", "FX-1", "debit_note", "USD", "2026-06-20", "2026-09-20", "0.00", functional="5000.00"
    )
    loss = Item(
        "CN01", "C003", "FX-2", "debit_note", "USD", "2026-06-20", "2026-09-20", "0.00", functional="-800.00"
    )
    make_release(tmp_path, release_id="r0124", extra=(gain, loss))
    after = {basis: totals(current_release(), each) for basis, each in scope.items()}
    outstanding = "outstanding"
    assert after["document"]["USD"][outstanding] == before["document"]["USD"][outstanding]
    change = after["functional"]["CNY"][outstanding] - before["functional"]["CNY"][outstanding]
    assert change == Decimal("4200.00")


def test_a_leftover_below_one_is_in_the_balance_but_not_in_the_count(release: Release) -> None:
    # the count floor is 1.00: every overdue item of the sample is above it
    row = totals(release, scope_of())["CNY"]
    items = [item for item in drill.items(release, scope_of(currency="CNY")) if item["days_past_due"] > 0]
    assert row["overdue_count"] == sum(item["open_amount_document"] >= 1 for item in items)


def test_rows_below_the_minimum_are_one_row_and_the_total_stays(release: Release) -> None:
    scheme = aging.schemes(release)["standard"]
    scope = scope_of(minimum=Decimal("600000"), currency="CNY")
    shown = aging.matrix(release, scope, scheme=scheme, limit=100)
    parts = {row["part"]: row for row in aging.totals(release, scope, scheme=scheme)}
    assert (
        sum(row["outstanding"] for row in shown) + parts["below"]["outstanding"]
        == parts["total"]["outstanding"]
    )
    assert parts["total"]["outstanding"] == totals(release, scope_of(currency="CNY"))["CNY"]["outstanding"]


def test_intragroup_is_left_out_and_named(release: Release) -> None:
    without = totals(release, scope_of())["CNY"]["outstanding"]
    with_it = totals(release, scope_of(has_intragroup=True))["CNY"]["outstanding"]
    named = {row["receivable_class"]: row["amount"] for row in aging.beside(release, scope_of())}
    assert with_it - without == named["intragroup"] == Decimal("500000.00")
    assert named["contract_asset"] == Decimal("156000.00")


def test_reporting_amounts_of_another_day_use_that_days_rate(release: Release) -> None:
    row = totals(release, scope_of(as_of=date(2026, 5, 1), currency_basis="reporting", companies=("DE01",)))[
        "CNY"
    ]
    # 122,000 + 43,400 EUR x 7.8 + 120,000 + 66,000 USD x 7.1
    assert row["outstanding"] == Decimal("165400.00") * Decimal("7.8") + Decimal("186000.00") * Decimal("7.1")


@pytest.mark.parametrize("has_intragroup", [False, True])
def test_the_trend_ends_where_aging_stands(release: Release, has_intragroup: bool) -> None:
    scope = TrendScope(
        scheme="standard",
        first_day=date(2026, 6, 1),
        last_day=OWN_DAY,
        grain="month",
        has_intragroup=has_intragroup,
    )
    balances = {row["bucket"]: row["balance"] for row in trend.history(release, scope)}
    now = totals(release, scope_of(currency_basis="reporting", has_intragroup=has_intragroup))["CNY"]
    for bucket in aging.schemes(release)["standard"].buckets:
        assert balances[bucket.code] == now[f"bucket_{bucket.number}"]
    (row,) = trend.rates(release, scope)
    assert row["overdue"] == now["overdue"]
    assert row["over_90"] == now["over_90"]


def test_overdue_in_the_trend_does_not_depend_on_the_scheme_it_is_stacked_by(release: Release) -> None:
    # years since recognition and days to go have no bucket "more than 90 days overdue"
    scope = TrendScope(scheme="standard", first_day=date(2026, 6, 1), last_day=OWN_DAY, grain="month")
    expected = trend.rates(release, scope)
    assert expected[-1]["overdue"] > expected[-1]["over_90"] > 0
    for scheme in ("cas_annual", "coming_due", "short_mid_long"):
        assert trend.rates(release, scope.changed(scheme=scheme)) == expected, scheme


def test_a_period_of_the_trend_ends_on_its_last_day(release: Release) -> None:
    scope = TrendScope(scheme="standard", first_day=date(2026, 4, 1), last_day=OWN_DAY, grain="month")
    assert [row["day"] for row in trend.rates(release, scope)] == [
        date(2026, 4, 30),
        date(2026, 5, 31),
        OWN_DAY,
    ]


def test_every_movement_leads_to_its_file_and_row(release: Release) -> None:
    (item,) = [row for row in drill.items(release, scope_of()) if row["document_id"] == "INV-1001"]
    movements = drill.movements(release, scope_of(), open_item_id=item["open_item_id"])
    assert movements[-1]["running_balance"] == item["open_amount_document"]
    sources = [drill.source_of(release, movement) for movement in movements]
    assert [(source.table, source.row["_file"]) for source in sources if source] == [
        ("fct_document", "document.csv"), ("fct_allocation", "allocation.csv"), ("fct_allocation", "allocation.csv"),
    ]  # fmt: skip
    assert all(source and source.is_exact and source.load["source"] == "erp" for source in sources)


def test_a_bucket_lists_its_customers_and_their_sum(release: Release) -> None:
    rows = drill.customers_of_bucket(release, scope_of(currency="CNY"), bucket="d181_360")
    assert [(row["customer_id"], row["amount"]) for row in rows] == [("C003", Decimal("796000.00"))]


def test_a_movement_of_an_instalment_leads_to_the_row_of_the_instalment(release: Release) -> None:
    scope = scope_of(classes=("contract_asset",))
    (item,) = drill.items(release, scope)
    (movement,) = drill.movements(release, scope, open_item_id=item["open_item_id"])
    source = drill.source_of(release, movement)
    assert source and source.is_exact
    assert (source.table, source.row["_file"], source.row["_row"]) == (
        "fct_instalment", "instalment.csv", movement["_row"],
    )  # fmt: skip


def test_an_item_lists_what_was_said_about_it(release: Release) -> None:
    (item,) = [row for row in drill.items(release, scope_of()) if row["document_id"] == "INV-1003"]
    assert [row["dispute_id"] for row in drill.disputes(release, scope_of(), item=item)] == ["DSP-1"]
    # its own extension, and the promise for the whole account
    assert [row["promise_id"] for row in drill.promises(release, scope_of(), item=item)] == ["PR-1", "PR-2"]
    earlier = scope_of(as_of=date(2026, 5, 10))
    assert drill.disputes(release, earlier, item=item) == []
    assert [row["promise_id"] for row in drill.promises(release, earlier, item=item)] == ["PR-1"]


def test_status_tells_late_sources_lowered_gates_and_rejects(release: Release) -> None:
    assert {row["source"]: row["days_late"] for row in status.sources(release)} == {"erp": 0, "bank": 1}
    assert [row["gate"] for row in status.gates(release)][:2] == ["orphan_allocation", "gl_tie_out"]
    assert [(row["row_count"], row["amount_document"]) for row in status.rejects(release)] == [
        (1, Decimal("35200.00"))
    ]
    assert [row["difference"] for row in status.tie_out(release)] == [0, 0]


def test_on_one_day_an_item_opens_is_settled_and_is_closed_in_this_order() -> None:
    with duckdb.connect() as connection:
        connection.execute((Path(__file__).parent / "sample_schema.sql").read_text(encoding="utf-8"))
        for movement_id, kind, amount, allocation_id in [
            ("K|17.1#to", "cash", "-40.00", "17"),
            ("K|D|INV1|1#2026-01-05#reversal2", "reversal", "-60.00", None),
            ("K|D|INV1|1#2026-01-05#billed0", "billed", "100.00", None),
        ]:
            connection.execute(
                "insert into marts.fct_receivable_movement by name select $1 as movement_id,"
                " 'K|D|INV1|1' as open_item_id, 'K' as company_code, date '2026-01-05' as effective_date,"
                " $2 as movement_kind, 'CNY' as currency,"
                " cast($3 as decimal(18, 2)) as amount_document, $4 as allocation_id,"
                " timestamp '2026-01-05 12:00:00' as known_from, timestamp '9999-12-31 00:00:00' as known_to",
                [movement_id, kind, amount, allocation_id],
            )
        day = date(2026, 1, 31)
        opened = Release(Path("r"), "r", day, datetime(2026, 1, 31), "CNY", connection, catalog="memory")
        movements = drill.movements(opened, scope_of(as_of=day), open_item_id="K|D|INV1|1")
        assert [(row["movement_kind"], row["running_balance"]) for row in movements] == [
            ("billed", Decimal("100.00")),
            ("cash", Decimal("60.00")),
            ("reversal", Decimal("0.00")),
        ]
