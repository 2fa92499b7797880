"""Traps of several deliveries: late versions, deletions, restored rows, incremental against full, readers.

Belongs here: T34-T36, T45, A14, the timing of the ledger tie-out (T41), the identity of restatements. Must not: what
one delivery can show.
"""

import shutil
import sqlite3
from contextlib import closing
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from ingest.landing import land_sources, prepare_build
from ingest.settings import load_settings
from tests.kit import D, Extracts, SourcePlan, Warehouse
from tests.kit.worlds import APRIL, HISTORY_DAYS, JUNE, MARCH, MAY, TwoSteps


def build_history(extracts: Extracts) -> None:
    _late_children(extracts)
    _deleted_rows(extracts)
    _corrected(extracts)
    _changed_allocation(extracts)
    _late_posting(extracts)
    _to_and_from_zero(extracts)
    _older_agreement_learnt_later(extracts)
    _corrected_currency(extracts)


def _late_children(extracts: Extracts) -> None:
    books = extracts.books("T34")
    books.known(until=MAY).customer("C2", parent_customer_id="C1")
    books.known(since=MAY).customer("C2", parent_customer_id=None, region="north")
    books.invoice("INV1", "90.00", "2026-02-01", due="2026-04-15", customer_id="C2")
    late = books.known(since=APRIL)
    late.instalment("INV1", 1, "50.00", "2026-04-15")
    late.instalment("INV1", 2, "40.00", "2026-07-15")
    orphan = books.known(since=APRIL)
    orphan.allocation("A1", "30.00", "2026-03-15", used="receipt:R1", settles="document:INV1")
    books.known(since=MAY).receipt("R1", "30.00", "2026-03-10", customer_id="C2")


def test_t34_a_plan_that_arrives_after_its_document_splits_it_from_then_on(history: Warehouse) -> None:
    assert history.open_amounts(MARCH, known_at=MARCH, company="T34") == {"INV1": D("90.00")}
    assert history.open_amounts(MARCH, known_at=APRIL, company="T34") == {
        "INV1": D("50.00"),
        "INV1#2": D("40.00"),
    }


def test_t34_an_allocation_waits_for_its_receipt_and_then_acts_on_its_own_day(history: Warehouse) -> None:
    assert history.total(MARCH, known_at=APRIL, company="T34") == D("90.00")
    assert history.open_amounts(MARCH, known_at=MAY, company="T34") == {
        "INV1": D("20.00"),
        "INV1#2": D("40.00"),
    }


def test_t34_a_change_of_master_data_alone_reaches_the_release(history: Warehouse) -> None:
    rows = history.query(
        "select parent_customer_id, region from marts.dim_customer where company_code = 'T34' and customer_id = 'C2'"
    )
    assert rows == [{"parent_customer_id": None, "region": "north"}]


def test_t34_two_refreshes_and_one_refresh_of_the_same_deliveries_give_the_same_marts(
    history: Warehouse, two_steps: TwoSteps
) -> None:
    tables = history.query(
        "select table_name from information_schema.tables where table_schema = 'marts' and table_type = 'BASE TABLE'"
        " and not starts_with(table_name, 'dim_release') order by table_name"
    )
    assert len(tables) > 10
    connection = duckdb.connect()
    connection.execute(f"attach '{history.release.resolve()}' as whole (read_only)")
    connection.execute(f"attach '{two_steps.second.release.resolve()}' as stepwise (read_only)")
    differing = {}
    for name in (row["table_name"] for row in tables):
        # a load's number counts landings, so it tells in how many steps they came
        columns = [row[0] for row in connection.execute(f"describe whole.marts.{name}").fetchall()]
        facts = ", ".join(column for column in columns if not column.endswith("load_id"))
        for left, right in (("whole", "stepwise"), ("stepwise", "whole")):
            rows = (
                f"select {facts} from {left}.marts.{name} except all select {facts} from {right}.marts.{name}"
            )
            count = connection.execute(f"select count(*) from ({rows})").fetchall()[0][0]
            if count:
                differing[f"{left}.{name}"] = count
    connection.close()
    assert differing == {}


def _deleted_rows(extracts: Extracts) -> None:
    books = extracts.books("T35")
    for number in range(30):
        books.invoice(f"INV{number:02}", "10.00", "2026-02-01", due="2026-03-03")
    for view in (books.known(until=APRIL), books.known(since=JUNE)):
        view.invoice("GONE", "500.00", "2026-02-01", due="2026-03-03")
    books.payment("R1", "GONE", "200.00", "2026-02-20")


def test_t35_a_row_deleted_in_the_source_leaves_the_present_and_stays_in_history(history: Warehouse) -> None:
    def open_gone(known_at: date) -> dict[str, D]:
        amounts = history.open_amounts(MARCH, known_at=known_at, company="T35")
        return {item: amount for item, amount in amounts.items() if not item.startswith("INV")}

    assert open_gone(MARCH) == {"GONE": D("300.00")}
    # the document vanished with the dump of 30 April, and every leg that touches it: its receipt is unapplied
    assert open_gone(APRIL) == {"R1": D("-200.00")}
    assert open_gone(MAY) == {"R1": D("-200.00")}
    # restored on 30 June
    assert open_gone(JUNE) == {"GONE": D("300.00")}


@pytest.mark.parametrize("rows_left", [0, 1, 20])
def test_t35_an_empty_or_truncated_dump_closes_nothing(tmp_path: Path, rows_left: int) -> None:
    extracts = Extracts([SourcePlan("erp", (MARCH, APRIL))])
    books = extracts.books("T35")
    for number in range(30):
        alive = books if number < rows_left else books.known(until=APRIL)
        alive.invoice(f"INV{number:02}", "10.00", "2026-02-01", due="2026-03-03")
    config = extracts.write(tmp_path)
    if rows_left == 0:
        header = "company_code,document_id,document_type,customer_id,document_date,due_date,currency,amount\n"
        (tmp_path / "in" / "erp" / "2026-04-30" / "document.csv").write_text(header, encoding="utf-8")
    settings = load_settings(config)
    report = land_sources(settings)
    assert [(refusal.entity, refusal.required) for refusal in report.refused] == [("document", True)]
    build = tmp_path / "build.duckdb"
    prepare_build(build, settings=settings, known_at=None)
    with duckdb.connect(str(build), read_only=True) as connection:
        operations = connection.execute("select _op, count(*) from landing.document group by all").fetchall()
    assert operations == [("upsert", 30)]


def test_t35_a_truncated_required_dump_publishes_nothing_and_leaves_the_release(
    two_steps: TwoSteps, tmp_path: Path
) -> None:
    from orchestration.refresh import run_refresh

    folder = tmp_path / "copy"
    shutil.copytree(two_steps.config.parent, folder, symlinks=True)
    link = folder / "home" / "receivables.duckdb"
    before = link.readlink()
    last = folder / "in" / "erp" / JUNE.isoformat()
    truncated = folder / "in" / "erp" / "2026-07-31"
    shutil.copytree(last, truncated)
    lines = (last / "document.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (truncated / "document.csv").write_text("".join(lines[:3]), encoding="utf-8")
    outcome = run_refresh(folder / "arrears.yml", progress=lambda _: None)
    assert outcome.exit_code == 2
    assert "document" in outcome.message
    assert link.readlink() == before


def _corrected(extracts: Extracts) -> None:
    books = extracts.books("T36")
    books.known(until=APRIL).invoice("INV1", "100.00", "2026-02-01", due="2026-03-03")
    books.known(since=APRIL, until=JUNE).invoice("INV1", "120.00", "2026-02-01", due="2026-03-03")
    books.known(since=JUNE).invoice("INV1", "115.00", "2026-02-01", due="2026-03-03")


def test_t36_history_comes_from_the_dated_deliveries_and_not_from_the_time_of_the_build(
    history: Warehouse,
) -> None:
    # one build after all four deliveries: each answer of the time is there again
    amounts = [history.total(MARCH, known_at=known_at, company="T36") for known_at in HISTORY_DAYS]
    assert amounts == [D("100.00"), D("120.00"), D("120.00"), D("115.00")]
    assert history.total(MARCH, company="T36") == D("115.00")


def test_t36_nothing_is_known_before_the_first_delivery(history: Warehouse) -> None:
    assert history.open_amounts(MARCH, known_at="2026-03-30", company="T36") == {}


def test_a14_each_correction_of_a_closed_day_is_restated_as_what_went_and_what_came(
    history: Warehouse,
) -> None:
    rows = history.restatements(company="T36")
    deliveries = sorted({row["restated_at"] for row in rows})
    amounts = [
        sorted(row["amount_document"] for row in rows if row["restated_at"] == moment)
        for moment in deliveries
    ]
    # 100 became 120 on 30 April, and 115 on 30 June
    assert amounts == [[D("-100.00"), D("120.00")], [D("-120.00"), D("115.00")]]
    assert {row["effective_date"] for row in rows} == {date(2026, 2, 1)}


def test_a14_the_totals_of_a_release_stay_on_record_after_the_next_one(two_steps: TwoSteps) -> None:
    manifest = two_steps.link.parent / "manifest.sqlite"
    with closing(sqlite3.connect(f"file:{manifest}?mode=ro", uri=True)) as connection:
        rows = connection.execute(
            "select releases.as_of, amount_document from release_totals inner join releases using (release_id)"
            " where company_code = 'T36' order by releases.as_of"
        ).fetchall()
    # what was printed on 30 April stays 120, although June knows better
    assert [(as_of, D(amount)) for as_of, amount in rows] == [
        (APRIL.isoformat(), D("120.00")),
        (JUNE.isoformat(), D("115.00")),
    ]


def _changed_allocation(extracts: Extracts) -> None:
    books = extracts.books("L10")
    books.invoice("INV1", "100.00", "2026-02-01", due="2026-03-03")
    books.receipt("R1", "100.00", "2026-02-20")
    link = {"used": "receipt:R1", "settles": "document:INV1"}
    books.known(until=MAY).allocation("A1", "70.00", "2026-02-20", **link)
    books.known(since=MAY).allocation("A1", "45.00", "2026-02-20", **link)


def test_l10_a_changed_allocation_is_a_reversal_and_a_new_one_on_the_day_of_its_delivery(
    history: Warehouse,
) -> None:
    assert history.open_amounts("2026-05-30", company="L10") == {"INV1": D("30.00"), "R1": D("-30.00")}
    assert history.open_amounts(MAY, company="L10") == {"INV1": D("55.00"), "R1": D("-55.00")}
    assert history.open_amounts("2026-05-30", known_at=APRIL, company="L10") == {
        "INV1": D("30.00"),
        "R1": D("-30.00"),
    }


def test_l11_the_restatements_of_a_delivery_explain_every_change_of_every_earlier_day(
    history: Warehouse,
) -> None:
    moments = [
        row["known_at"]
        for row in history.query("select distinct known_at from marts.dim_release_load order by 1")
    ]
    assert len(moments) == len(HISTORY_DAYS)
    for before, moment in zip(HISTORY_DAYS, moments[1:], strict=False):
        for as_of in (date(2026, 2, 15), date(2026, 3, 15), before):
            changed = _differences(history, as_of=as_of, until=moment)
            explained = _explained(history, as_of=as_of, known_at=moment)
            assert changed == explained, (as_of, moment)


def _differences(history: Warehouse, *, as_of: date, until: datetime) -> dict[str, D]:
    after = {item.open_item_id: item.document for item in history.open_items(as_of, known_at=until)}
    just_before = until - timedelta(microseconds=1)
    before = {item.open_item_id: item.document for item in history.open_items(as_of, known_at=just_before)}
    items = after.keys() | before.keys()
    differences = {item: after.get(item, D(0)) - before.get(item, D(0)) for item in items}
    return {item: amount for item, amount in differences.items() if amount}


def _explained(history: Warehouse, *, as_of: date, known_at: datetime) -> dict[str, D]:
    rows = history.query(
        "select open_item_id, cast(sum(amount_document) as decimal(18, 2)) as amount from marts.mart_restatement"
        " where restated_at = $1 and effective_date <= $2 group by all",
        [known_at, as_of],
    )
    return {row["open_item_id"]: row["amount"] for row in rows if row["amount"]}


def _late_posting(extracts: Extracts) -> None:
    books = extracts.books("T41L", control_accounts={"trade_control": ["1122"]})
    books.invoice("INV1", "100.00", "2026-03-01", due="2026-03-31")
    books.known(since=APRIL).invoice("INV2", "25.00", "2026-03-20", due="2026-04-19")
    # only the first delivery holds balances: nothing says them again later
    books.known(until=APRIL).gl_balance("1122", "trade_control", "100.00", "2026-03-31")
    books.known(until=APRIL).gl_balance("1122", "trade_control", "90.00", "2026-03-15")


def test_t41_what_was_posted_after_the_ledger_was_read_is_timing_and_the_rest_is_unexplained(
    history: Warehouse,
) -> None:
    columns = ("difference", "late_posting_amount", "unexplained_difference")
    rows = {str(row["balance_date"]): row for row in history.tie_out(company="T41L")}
    assert [rows["2026-03-31"][name] for name in columns] == [D("25.00"), D("25.00"), D("0.00")]
    assert [rows["2026-03-15"][name] for name in columns] == [D("10.00"), D("0.00"), D("10.00")]
    late = history.query(
        "select open_item_id, amount from marts.mart_gl_difference"
        " where company_code = 'T41L' and cause = 'posted after the balance was extracted'"
    )
    assert [tuple(row.values()) for row in late] == [("T41L|D|INV2|1", D("25.00"))]


def test_t45_a_reader_of_the_old_release_survives_the_refresh_and_a_new_one_sees_the_new_release(
    two_steps: TwoSteps,
) -> None:
    sql = "select max(known_at) from marts.dim_release_load"
    old = two_steps.reader.execute(sql).fetchall()
    with duckdb.connect(str(two_steps.link.resolve()), read_only=True) as connection:
        new = connection.execute(sql).fetchall()
    assert old[0][0].date() == APRIL
    assert new[0][0].date() == JUNE
    assert two_steps.link.resolve() == two_steps.second.release.resolve() != two_steps.first.release.resolve()


def test_t45_the_old_reader_still_answers_by_its_own_release(two_steps: TwoSteps) -> None:
    sql = (
        "select cast(sum(open_amount_document) as decimal(18, 2)) from marts.open_items_as_of(date '2026-03-31')"
        " where company_code = 'T36'"
    )
    assert two_steps.reader.execute(sql).fetchall() == [(D("120.00"),)]


def _to_and_from_zero(extracts: Extracts) -> None:
    """An item of amount 0 is valued like a foreign one; in its other versions it is an ordinary one."""
    grown = extracts.books("L06G")
    grown.known(until=APRIL).invoice("INV1", "0.00", "2026-02-01", due="2026-03-31")
    grown.known(since=APRIL).invoice("INV1", "100.00", "2026-02-01", due="2026-03-31")
    grown.receipt("R1", "100.00", "2026-02-10")
    grown.known(since=APRIL).allocation(
        "A1", "100.00", "2026-02-10", used="receipt:R1", settles="document:INV1"
    )
    emptied = extracts.books("L06E")
    emptied.known(until=MAY).invoice("INV1", "100.00", "2026-02-01", due="2026-03-31")
    emptied.known(since=MAY).invoice("INV1", "0.00", "2026-02-01", due="2026-03-31")
    emptied.payment("R1", "INV1", "100.00", "2026-02-10")


def test_l06_a_payment_settles_an_item_that_once_was_or_later_became_nothing(history: Warehouse) -> None:
    assert history.open_amounts(MARCH, known_at=MARCH, company="L06G") == {"R1": D("-100.00")}
    assert history.open_amounts(APRIL, known_at=APRIL, company="L06G") == {}
    assert history.open_amounts(APRIL, known_at=APRIL, company="L06E") == {}
    # paid although nothing is owed any more: over-allocated, and shown (L5)
    assert history.open_amounts(MAY, known_at=MAY, company="L06E") == {"INV1": D("-100.00")}


def _older_agreement_learnt_later(extracts: Extracts) -> None:
    books = extracts.books("T16L")
    books.invoice("INV1", "100.00", "2026-02-01", due="2026-06-30")
    books.extension("X1", "INV1", "100.00", "2026-08-31", approved="2026-03-20")
    books.known(since=APRIL).extension("X2", "INV1", "100.00", "2026-07-31", approved="2026-03-10")


def test_t16_an_older_agreement_that_is_learnt_later_does_not_replace_the_one_in_force(
    history: Warehouse,
) -> None:
    assert history.query(
        "select item.due_date as item, aging.due_date as aging from marts.fct_open_item as item"
        " inner join marts.mart_aging as aging on item.open_item_id = aging.open_item_id"
        " where item.company_code = 'T16L'"
    ) == [{"item": date(2026, 8, 31), "aging": date(2026, 8, 31)}]


def _corrected_currency(extracts: Extracts) -> None:
    books = extracts.books("T30C")
    books.known(until=MAY).invoice("INV1", "100.00", "2026-02-01", due="2026-03-31")
    books.known(since=MAY).invoice(
        "INV1", "100.00", "2026-02-01", due="2026-03-31", currency="USD", functional_amount="710.00"
    )


def test_t30_a_movement_has_the_currency_that_its_item_was_known_in(history: Warehouse) -> None:
    rows = history.query(
        "select currency, amount_functional, known_to < timestamp '9999-12-31 00:00:00' as is_superseded"
        " from marts.fct_receivable_movement where company_code = 'T30C' order by known_from"
    )
    assert [tuple(row.values()) for row in rows] == [("CNY", D("100.00"), True), ("USD", D("710.00"), False)]
    # what left one currency and entered the other, on the day of the invoice
    moved = {row["currency"]: row["amount_document"] for row in history.restatements(company="T30C")}
    assert moved == {"CNY": D("-100.00"), "USD": D("100.00")}
