"""Predictions as a refresh publishes them: what was known on a day, what adds up to aging, who predicts, what came in.

Belongs here: the models int_prediction__* and the marts made of what the engine returns. Must not: how well it predicts
(tests/benchmark), or the engine's own rules (tests/analytics/prediction).

P1 has two customers who are billed 1,000.00 every third day, due in 30 days: PROMPT pays on the due date, SLOW 20 days
after it. Deliveries of the end of April, May and June.
"""

import csv
import io
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from analytics.prediction.lives import Lives, encode, known_lives
from orchestration.cli import main
from orchestration.prediction_source import items_of, settlements_of, tables
from tests.kit import D, Extracts, SourcePlan, Warehouse, build
from tests.kit.office import open_office
from tests.kit.worlds import APRIL, JUNE, MAY

DELIVERIES = (APRIL, MAY, JUNE)
FIRST_DAY = date(2025, 3, 1)
LATE_BY = {"PROMPT": 0, "SLOW": 20}


def invoices() -> Iterator[tuple[str, str, date, date]]:
    """Document, customer, date of the document, day on which it is paid."""
    for customer, late in LATE_BY.items():
        for number in range(0, (JUNE - FIRST_DAY).days, 3):
            dated = FIRST_DAY + timedelta(days=number)
            yield f"{customer}{number:03}", customer, dated, dated + timedelta(days=30 + late)


def told(day: date) -> date:
    """The first delivery that covers a day."""
    return next(delivery for delivery in DELIVERIES if day <= delivery)


def extracts() -> Extracts:
    found = Extracts(
        [SourcePlan("erp", DELIVERIES)],
        gates={"missing_rate": "warn"},
        settings={"prediction": "full"},
    )
    books = found.books("P1", customers=tuple(LATE_BY), intercompany_group="G")
    for document, customer, dated, paid in invoices():
        due = dated + timedelta(days=30)
        books.known(since=told(dated)).invoice(document, "1000.00", dated, due=due, customer_id=customer)
        if paid <= JUNE:
            books.known(since=told(paid)).payment(
                f"R-{document}", document, "1000.00", paid, customer_id=customer
            )
    told_late(books)
    retained(books)
    left_out(books)
    return found


def told_late(books: Any) -> None:
    """What a later delivery says of days that an earlier one had covered."""
    prompt = {"customer_id": "PROMPT"}
    books.invoice("BOOKEDLATE", "1000.00", "2026-04-10", due="2026-05-10", **prompt)
    books.known(since=JUNE).payment("R-BOOKEDLATE", "BOOKEDLATE", "1000.00", "2026-05-12", **prompt)
    books.invoice("UNDONE", "1000.00", "2026-04-02", due="2026-05-02", **prompt)
    books.known(since=MAY, until=JUNE).payment("R-UNDONE", "UNDONE", "1000.00", "2026-05-04", **prompt)
    books.known(since=MAY, until=JUNE).invoice(
        "WITHDRAWN", "1000.00", "2026-05-03", due="2026-06-20", **prompt
    )
    books.known(since=JUNE).invoice("TOLDLATE", "1000.00", "2026-05-15", due="2026-06-14", **prompt)


def retained(books: Any) -> None:
    """40.00 are kept back until 10 June; 60.00 were paid when due."""
    books.invoice("RETAINED", "100.00", "2026-04-01", due="2026-05-01", customer_id="PROMPT")
    books.instalment("RETAINED", 1, "60.00", "2026-05-01")
    books.instalment("RETAINED", 2, "40.00", "2026-07-10", kind="retention", unconditional_on="2026-06-10")
    books.payment("R-RETAINED", "RETAINED", "60.00", "2026-05-01", customer_id="PROMPT")


def left_out(books: Any) -> None:
    books.credit_note("CN1", "40.00", "2026-04-20", customer_id="PROMPT")
    books.receipt("UNAPPLIED", "25.00", "2026-04-20", customer_id="PROMPT")
    books.invoice("SMALL", "0.50", "2026-04-20", due="2026-05-20", customer_id="PROMPT")
    books.invoice("NORATE", "50.00", "2026-04-20", due="2026-05-20", customer_id="PROMPT", currency="USD")
    books.document("NODUE", "60.00", "2026-04-20", document_type="invoice", due=None, customer_id="PROMPT")
    books.extracts.books("P1S", customers=(), intercompany_group="G")
    books.customer("SISTER", related_party="group", counterparty_company_code="P1S")
    books.invoice("INSIDE", "70.00", "2026-04-20", due="2026-05-20", customer_id="SISTER")


@pytest.fixture(scope="module")
def until_may(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """The release of the end of May, made of what had been delivered by then."""
    return build(extracts().write(tmp_path_factory.mktemp("may"), through=MAY))


@pytest.fixture(scope="module")
def until_june(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    return build(extracts().write(tmp_path_factory.mktemp("june")))


def built(warehouse: Warehouse) -> Path:
    """The file of the build, which holds what is not published."""
    return warehouse.config.parent / "models" / "models.duckdb"


def known(warehouse: Warehouse, as_of: date) -> Lives:
    """What the engine makes of the frames that the build hands over."""
    with duckdb.connect(str(built(warehouse)), read_only=True) as connection, connection.cursor() as cursor:
        items, settlements = items_of(cursor), settlements_of(cursor)
    return known_lives(encode(items), settlements, as_of=as_of, knowledge=datetime.combine(as_of, time.max))


def facts(lives: Lives, of: Lives) -> dict[str, list[tuple[Any, ...]]]:
    """Everything but the numbers that items have in one prediction.

    Args:
        of: that prediction; `lives` is it, or a past day of it.
    """
    names = of.items.select("item", "open_item_id", "company_code")
    described = names.join(lives.items.select("item", "created", "document", "due", "amount"), on="item")
    dated = {
        "spans": lives.spans.drop("item", strict=False).columns,
        "balances": ["day", "settled"],
    }
    rows = {"items": described.drop("item").sort("open_item_id").rows()}
    for name, columns in dated.items():
        frame = getattr(lives, name).join(names, on="item").select("open_item_id", *columns)
        rows[name] = sorted(frame.rows())
    return rows


def test_t43_a_past_day_knows_what_was_delivered_by_then_whatever_has_landed_since(
    until_may: Warehouse, until_june: Warehouse
) -> None:
    seen_then, seen_later = known(until_may, MAY), known(until_june, JUNE)
    then = facts(seen_then, seen_then)
    later = facts(seen_later.at((MAY - date(1970, 1, 1)).days), seen_later)
    assert later == then
    opened = {row[0] for row in then["items"]} - {row[0] for row in then["spans"]}
    assert {f"P1|D|{name}|1" for name in ("BOOKEDLATE", "WITHDRAWN")} <= opened
    assert "P1|D|UNDONE|1" not in opened
    assert "P1|D|TOLDLATE|1" not in {row[0] for row in then["items"]}


def test_t43_what_was_learnt_later_counts_from_the_day_it_was_learnt(until_june: Warehouse) -> None:
    lives = known(until_june, JUNE)
    day = {name: (when - date(1970, 1, 1)).days for name, when in (("MAY", MAY), ("JUNE", JUNE))}
    spans = {
        row["open_item_id"].split("|")[2]: row
        for row in lives.spans.join(lives.items.select("item", "open_item_id"), on="item").to_dicts()
    }
    # paid on the 12th of May, two days late, and not known before the end of June
    late = spans["BOOKEDLATE"]
    assert (late["closed"], late["is_payment"]) == (day["JUNE"], True)
    assert late["paid_on"] == (date(2026, 5, 12) - date(1970, 1, 1)).days
    assert (spans["UNDONE"]["closed"], spans["UNDONE"]["reopened"]) == (day["MAY"], day["JUNE"])
    assert (spans["WITHDRAWN"]["closed"], spans["WITHDRAWN"]["is_payment"]) == (day["JUNE"], False)


def test_a_column_that_knows_the_outcome_is_no_feature(until_june: Warehouse, tmp_path: Path) -> None:
    """Planted in the model that items come from: the frames hold the columns of the contract, and no other."""
    copy = tmp_path / "models.duckdb"
    copy.write_bytes(built(until_june).read_bytes())
    with duckdb.connect(str(copy)) as connection:
        connection.execute(
            "create or replace table intermediate.int_prediction__moment as "
            "select as_of_date, 'simple' as effort from intermediate.int_prediction__moment"
        )
        before = tables(connection)
        connection.execute("""
            create or replace table intermediate.int_prediction__item as
            select item.*, settled.settled_on - item.due_date as days_late
            from intermediate.int_prediction__item as item
            left join intermediate.int_prediction__settlement as settled using (open_item_id)
        """)
        after = tables(connection)
    assert all(after[name].equals(before[name]) for name in before)
    assert "days_late" not in after["prediction_input"].column("name").to_pylist()


def test_what_is_predicted_and_what_is_left_out_are_the_trade_items_of_aging(until_june: Warehouse) -> None:
    outcomes = {
        row["name"]: (row["item_count"], row["open_amount_reporting"])
        for row in until_june.query("select * from marts.mart_prediction_input where kind = 'open_item'")
    }
    unpaid = sum(paid > JUNE for *_, paid in invoices())
    # and UNDONE, TOLDLATE and the retention that has turned into a receivable
    predicted = unpaid + 2
    assert outcomes == {
        "predicted": (predicted + 1, D("1000.00") * predicted + D("40.00")),
        "credit": (2, D("-65.00")),
        "below_count_floor": (1, D("0.50")),
        "no_rate": (1, None),
        "no_due_date": (1, D("60.00")),
        "intragroup": (1, D("70.00")),
    }
    aging = until_june.query(
        "select count(*) as items, sum(open_amount_reporting) as amount from marts.mart_aging"
        " where receivable_class = 'trade'"
    )[0]
    assert aging["items"] == sum(count for count, _ in outcomes.values())
    assert aging["amount"] == sum(amount for _, amount in outcomes.values() if amount is not None)


def test_a_retention_begins_when_it_is_a_trade_receivable_and_all_of_it_is_open(
    until_june: Warehouse,
) -> None:
    with duckdb.connect(str(built(until_june)), read_only=True) as connection:
        began = connection.execute(
            "select posting_date, amount from intermediate.int_prediction__item"
            " where open_item_id = 'P1|D|RETAINED|2'"
        ).fetchall()
        remaining = connection.execute(
            "select remaining from intermediate.int_prediction__estimated"
            " where open_item_id = 'P1|D|RETAINED|2'"
        ).fetchall()
    assert began == [(date(2026, 6, 10), D("40.00"))]
    assert remaining == [(40.0,)]


def test_who_pays_late_is_predicted_late_and_the_reason_is_told(until_june: Warehouse) -> None:
    rows = until_june.query(
        "select * from marts.mart_payment_prediction where due_date > as_of_date order by open_item_id"
    )
    chances = {
        customer: [float(row["late_probability"]) for row in rows if row["customer_id"] == customer]
        for customer in LATE_BY
    }
    assert max(chances["PROMPT"]) < 0.2 < 0.8 < min(chances["SLOW"])
    for row in rows:
        late = (row["pay_date_p50"] - row["due_date"]).days
        assert abs(late - LATE_BY[row["customer_id"]]) <= 3, row
        assert row["pay_date_p10"] <= row["pay_date_p50"] <= row["pay_date_p90"]
        assert row["reasons_zh"].endswith("。")
        assert row["reasons_en"].endswith(".")
    assert any("Paid late" in row["reasons_en"] for row in rows if row["customer_id"] == "SLOW")


def test_one_model_predicts_each_horizon_of_a_company_and_is_the_one_of_its_items(
    until_june: Warehouse,
) -> None:
    champions = until_june.query(
        "select horizon, model from marts.mart_prediction_backtest"
        " where company_code = 'P1' and predicted_on is null and is_champion order by horizon"
    )
    assert [row["horizon"] for row in champions] == ["cash", "days", "late", "late_30", "late_90"]
    chosen = {row["horizon"]: row["model"] for row in champions}
    items = until_june.query(
        "select distinct late_model, late_30_model, late_90_model, days_model from marts.mart_payment_prediction"
    )
    assert items == [{f"{name}_model": model for name, model in chosen.items() if name != "cash"}]
    assert until_june.query("select distinct model from marts.mart_cash_forecast") == [
        {"model": chosen["cash"]}
    ]


def test_the_forecast_is_thirteen_weeks_of_what_is_open_and_apart_of_what_will_be_billed(
    until_june: Warehouse,
) -> None:
    rows = until_june.query(
        "select * from marts.mart_cash_forecast where currency = 'CNY' order by week_ahead"
    )
    assert [row["week_ahead"] for row in rows] == list(range(1, 14))
    assert rows[0]["week_begins"] == JUNE + timedelta(days=1)
    # all of it is due within 13 weeks; UNDONE, the item without a due date and the like may take longer
    expected = sum(float(row["expected_reporting"]) for row in rows)
    open_amount = 1000.0 * (sum(paid > JUNE for *_, paid in invoices()) + 2)
    assert 0.9 * open_amount < expected <= open_amount
    assert all(row["low_reporting"] <= row["expected_reporting"] <= row["high_reporting"] for row in rows)
    # nobody pays within 30 days of the document; two bill 1,000 every third day: later 4,667 a week
    assert [row["expected_new_reporting"] for row in rows[:4]] == [0] * 4
    assert 4200 < float(rows[-1]["expected_new_reporting"]) < 5200


def test_past_forecasts_stand_beside_what_came_in_week_by_week(until_june: Warehouse) -> None:
    rows = until_june.query(
        "select * from marts.mart_cash_forecast_error where target = 'total' and model = 'due_date'"
        " and currency = 'CNY' order by forecast_on, week_ahead"
    )
    # 56 days before the end of June nothing of May was told yet, so the evening of April is taken: eight weeks are over
    assert {row["forecast_on"]: row["week_ahead"] for row in rows}[APRIL] == 8
    assert max(row["forecast_on"] for row in rows) == APRIL
    first = rows[0]
    assert first["forecast_on"] == JUNE - timedelta(days=140)
    for row in rows:
        week = row["week_begins"], row["week_begins"] + timedelta(days=6)
        came = 1000 * sum(week[0] <= paid <= week[1] for *_, paid in invoices())
        # paid in May and told in June
        came += 1000 * (week[0] <= date(2026, 5, 12) <= week[1])
        # of RETAINED
        came += 60 * (week[0] <= date(2026, 5, 1) <= week[1])
        assert row["received_reporting"] == came, row
        assert row["error_reporting"] == row["expected_reporting"] - row["received_reporting"]


def test_the_weekly_error_of_the_backtest_is_that_of_the_past_forecasts(until_june: Warehouse) -> None:
    found = until_june.query("""
        select
            score.loss,
            score.band_coverage,
            (
                select cast(sum(abs(error_reporting)) / sum(received_reporting) as decimal(18, 6))
                from marts.mart_cash_forecast_error
                where target = 'open_items' and is_champion
            ) as error_rate,
            (
                select cast(avg(case when is_in_band then 1.0 else 0.0 end) as decimal(9, 6))
                from marts.mart_cash_forecast_error
                where target = 'open_items' and is_champion
            ) as held
        from marts.mart_prediction_backtest as score
        where score.horizon = 'cash' and score.company_code = '*' and score.predicted_on is null
            and score.is_champion
    """)
    assert len(found) == 1
    assert abs(found[0]["loss"] - found[0]["error_rate"]) < D("0.0001")
    assert found[0]["band_coverage"] == found[0]["held"]
    assert pl.Series([float(found[0]["held"])]).is_between(0, 1).all()


def test_backtest_prints_what_each_model_was_worth_and_says_it_in_words(
    until_june: Warehouse, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    office = open_office(until_june, tmp_path, capsys)
    published = until_june.query("""
        select company_code, horizon, model, is_champion, loss, band_coverage
        from marts.mart_prediction_backtest
        where predicted_on is null
    """)
    command = ["backtest", "--config", str(office.config), "--part", "predictions"]
    assert main([*command, "--format", "csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert {(row["company_code"], row["horizon"], row["model"], row["loss"]) for row in rows} == {
        (row["company_code"], row["horizon"], row["model"], "" if row["loss"] is None else str(row["loss"]))
        for row in published
    }
    # all companies first
    assert [row["company_code"] for row in rows] == sorted(row["company_code"] for row in rows)
    assert main(command) == 0
    champion = next(
        row
        for row in published
        if (row["company_code"], row["horizon"], row["is_champion"]) == ("*", "cash", True)
    )
    assert (
        f"weekly cash: {champion['loss'] * 100:.0f}% off, the 80 % band held"
        f" {champion['band_coverage'] * 100:.0f}% ({champion['model']})" in capsys.readouterr().out
    )
