"""The customer page: figures worked by hand on DE01|K200 (own/customer.sql), who may see it, what its files hold."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import fastexcel
import pytest
from streamlit.testing.v1 import AppTest

from dashboards.access.viewer import Restriction, Viewer
from dashboards.data import aging, customer_history, customer_items, customer_payments, documents, drill
from dashboards.data import customer as data
from dashboards.data.release import Release, current_release, fetch
from dashboards.i18n import LANGUAGES, t
from dashboards.ui import exports
from tests.dashboards.conftest import APP, OpenPage
from tests.dashboards.own_release import OLDER_PROGRAM, html_of, make_own, table_with
from tests.dashboards.test_pages import click, table_of

OWN = "customer"


K200 = ("DE01", "K200")
QUOTED = ("DE01", "O'B\"1")
OPEN = Decimal("563555.85")


def opened(company: str, customer: str, *, language: str = "en") -> AppTest:
    app = AppTest.from_file(str(APP), default_timeout=60)
    app.query_params["lang"] = language
    app.run()
    app.query_params["company"] = company
    app.query_params["customer"] = customer
    return app.switch_page("views/customer.py").run()


def shown(app: AppTest) -> str:
    """Everything said on a page, charts and tables apart."""
    texts = [block.value for kind in (app.markdown, app.caption, app.info, app.subheader) for block in kind]
    return " ".join([html_of(app), *texts])


# -- figures


def test_a_payment_is_late_from_its_receipt_on_not_from_its_application(release: Release) -> None:
    paid = customer_payments.payments(release, K200, first_day=date(2024, 7, 1), year_from=date(2025, 7, 1))
    (row,) = paid.rows
    # received on 30 January, applied on 1 February, due on 1 October
    assert (row["paid_on"], row["days_after_due"]) == (date(2026, 1, 30), 121)
    assert row["amount_reporting"] == Decimal("234000.00")
    assert (paid.payment_count, paid.median_days_late) == (1, 121)
    assert (paid.year_paid, paid.year_paid_by_bill) == (Decimal("234000.00"), 0)
    later = customer_payments.payments(release, K200, first_day=date(2026, 2, 1), year_from=date(2025, 7, 1))
    assert (later.rows, later.payment_count, later.median_days_late) == ([], 0, None)


def test_payment_is_expected_when_half_the_overdue_amount_has_reached_its_day(release: Release) -> None:
    expected = customer_payments.expected_payment(release, K200)
    assert expected is not None
    # 225,035.85 of 563,555.85 is expected on 10 July, which is less than half; the rest on 20 July
    days = (expected["low"], expected["middle"], expected["high"])
    assert days == (date(2026, 7, 5), date(2026, 7, 20), date(2026, 9, 1))
    assert expected["is_of_overdue"] and str(expected["reasons_en"]).startswith("272 days overdue")
    assert customer_payments.expected_payment(release, ("CN01", "C900")) is None


def test_the_days_of_the_customer_stand_beside_those_of_the_others(release: Release) -> None:
    rows = {row["whose"]: row for row in customer_payments.delays(release, K200)}
    assert (rows["customer"]["terms"], rows["customer"]["late"], rows["customer"]["application_lag"]) == (
        30,
        121,
        2,
    )
    # (1,000,000 + 15,000,000) / 400,000
    assert rows["others"]["late"] == 40


def test_a_month_end_has_the_balance_that_the_aging_page_has_on_that_day(release: Release) -> None:
    days = [date(2025, 12, 31), date(2026, 2, 28), release.as_of]
    rows = customer_history.balances(release, K200, party_id="DE01|K200", days=days)
    # 73,400.00 before the payment, 43,400.00 after it, at 7.8
    assert [row["overdue"] for row in rows] == [Decimal("572520.00"), Decimal("338520.00"), OPEN]
    assert (rows[-1]["credits"], rows[-1]["net_overdue"]) == (Decimal("-93600.00"), Decimal("469955.85"))
    scheme = aging.schemes(release)["standard"]
    for row in rows:
        scope = customer_items.scope_of(release, K200, scheme=scheme).changed(as_of=row["day"])
        (total,) = (line for line in aging.totals(release, scope, scheme=scheme) if line["part"] == "total")
        assert (row["overdue"], row["not_due"] + row["overdue"]) == (total["overdue"], total["debits"])


def test_a_scope_of_one_customer_is_its_row_of_the_matrix(release: Release) -> None:
    scheme = aging.schemes(release)["standard"]
    scope = customer_items.scope_of(release, K200, scheme=scheme)
    for presentation in ("gross", "net"):
        (one,) = aging.matrix(release, scope.changed(presentation=presentation), scheme=scheme, limit=9)
        everybody = aging.matrix(
            release, scope.changed(presentation=presentation, customer=None), scheme=scheme, limit=99
        )
        assert one == next(row for row in everybody if (row["company_code"], row["customer_id"]) == K200)


def test_an_item_carries_what_is_said_and_expected_of_it(release: Release) -> None:
    rows = customer_items.open_items(release, K200, scheme=aging.schemes(release)["standard"])
    by_document = {row["document_id"]: row for row in rows}
    item = by_document["RE-6001"]
    # the open promise, not the broken one of April
    assert (item["promised_date"], item["promise_status"]) == (date(2026, 7, 15), "open")
    assert (item["pay_date_p50"], item["warnings_en"]) == (date(2026, 7, 20), ["insurer's deadline"])
    assert by_document["RE-6002"]["promised_date"] is None
    assert {row["document_id"]: row["part"] for row in rows} == {
        "RE-6001": "debit", "RE-6002": "debit", "RCP-6100": "credit", "RCP-6200": "bill",
    }  # fmt: skip
    bill = by_document["RCP-6200"]
    assert (bill["acceptor"], bill["maturity_date"], bill["open_amount_reporting"]) == (
        "Nordbank", date(2026, 11, 15), Decimal("156000.00"),
    )  # fmt: skip


def test_a_bill_leads_to_its_receipt_and_what_moved_it_to_its_event(release: Release) -> None:
    scheme = aging.schemes(release)["standard"]
    scope = customer_items.scope_of(release, K200, scheme=scheme, classes=())
    received, honoured = drill.movements(release, scope, open_item_id="DE01|B|RCP-6200|1")
    receipt, event = drill.source_of(release, received), drill.source_of(release, honoured)
    assert receipt is not None and (receipt.table, receipt.row["_file"], receipt.is_exact) == (
        "fct_receipt", "receipt.csv", True,
    )  # fmt: skip
    assert event is not None and (event.table, event.row["_file"], event.is_exact) == (
        "fct_bill_event", "bill_event.csv", True,
    )  # fmt: skip


def test_the_timeline_holds_every_kind_of_event_once(release: Release) -> None:
    rows = customer_history.timeline(release, K200, party_id="DE01|K200", first_day=date(2024, 7, 1))
    found = {(row["lane"], row["event"], row["day"]) for row in rows}
    assert {
        ("invoice", "invoice", date(2025, 9, 1)),
        ("payment", "cash", date(2026, 1, 30)),
        ("payment", "bill", date(2026, 5, 15)),
        ("promise", "open", date(2026, 7, 15)),
        ("promise", "broken", date(2026, 4, 15)),
        ("contact", "activity", date(2026, 6, 20)),
        ("contact", "answered", date(2026, 6, 26)),
        ("contact", "demand", date(2026, 3, 10)),
        ("dispute", "opened", date(2025, 11, 1)),
        ("dispute", "withdrawn", date(2025, 12, 1)),
        ("grade", "down", date(2026, 6, 30)),
        ("limit", "lowered", date(2026, 2, 1)),
        ("warning", "severe", date(2026, 6, 24)),
    } <= found
    # a limit that stays the same is no event, and a receipt without a status is a good one
    assert not [row for row in rows if row["lane"] == "limit" and row["day"] == date(2026, 6, 24)]
    assert {row["event"]: row["is_adverse"] for row in rows if row["lane"] == "payment"} == {
        "cash": False, "bill": False,
    }  # fmt: skip
    assert {row["lane"] for row in rows} <= set(customer_history.LANES)


def contacts_of(release: Release) -> list[tuple[object, ...]]:
    rows = customer_history.timeline(release, K200, party_id="DE01|K200", first_day=date(2026, 6, 1))
    return [(row["day"], row["event"], row["_file"], row["_row"]) for row in rows if row["lane"] == "contact"]


def test_a_contact_leads_to_its_source_row_and_is_not_told_twice(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The call of tomorrow is not there. Once the one that answered the warning is delivered, it is told as itself."""
    delivered = (date(2026, 6, 20), "activity", "collection_activity.csv", 3)
    answered = (date(2026, 6, 26), "answered", None, None)
    assert contacts_of(current_release()) == [answered, delivered]
    make_own(
        tmp_path, OWN,
        more="""insert into marts.fct_collection_activity (company_code, activity_id, customer_id, happened_on, channel,
            outcome, _file, _row) values ('DE01', 'B1', 'K200', '2026-06-26', 'phone', 'reached', 'more.csv', 7)""",
    )  # fmt: skip
    monkeypatch.setenv("ARREARS_HOME", str(tmp_path))
    assert contacts_of(current_release()) == [(date(2026, 6, 26), "activity", "more.csv", 7), delivered]


def test_contacts_of_other_peoples_customers_are_on_no_timeline(home: Path) -> None:
    assert contacts_of(current_release(Restriction(sales_owner="T. Vogel"))) != []
    assert contacts_of(current_release(Restriction(sales_owner="C. Marin"))) == []


def test_a_release_without_contacts_has_what_answered_warnings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_own(tmp_path, OWN, more=OLDER_PROGRAM)
    monkeypatch.setenv("ARREARS_HOME", str(tmp_path))
    assert contacts_of(current_release()) == [(date(2026, 6, 26), "answered", None, None)]
    assert not opened(*K200).exception


@pytest.mark.parametrize(
    ("spoken", "what"),
    [
        ("zh", "联络 · Telefax · 6 正式催款函 · RE-0001"),
        ("en", "Contact · Telefax · 6 Final demand · RE-0001"),
    ],
)
def test_the_timeline_tells_a_contact_in_words_with_its_source_row(
    home: Path, spoken: str, what: str
) -> None:
    app = opened(*K200, language=spoken)
    assert not app.exception
    events = table_with(app, "shown_amount").set_index("what")
    assert tuple(events.loc[what][["_file", "_row"]]) == ("collection_activity.csv", 3)


def test_a_customer_is_found_by_part_of_its_name_or_number_whatever_is_in_it(release: Release) -> None:
    assert [row["customer_id"] for row in data.find(release, text="nordlicht")] == ["K200"]
    assert data.find(release, text="k200")[0]["customer_id"] == "K200"
    assert [row["customer_id"] for row in data.find(release, text="O'Brien & \"S")] == [QUOTED[1]]
    assert [row["customer_id"] for row in data.find(release, text='=hyperlink("x")')] == ["C003"]
    assert data.find(release, text="%") == []


# -- files


@pytest.mark.parametrize("spoken", LANGUAGES)
def test_a_statement_closes_with_what_the_customer_owes(release: Release, spoken: str) -> None:
    made = documents.statement(
        release, K200, first_day=date(2026, 5, 1), last_day=release.as_of, language=spoken, form="xlsx"
    )
    sheet = fastexcel.read_excel(made).load_sheet(0, header_row=None).to_polars()
    cells = {str(cell) for row in sheet.rows() for cell in row}
    # 43,400.00 + 28,850.75 - 12,000.00
    assert "60250.75" in cells
    assert ("对账单" in cells) == (spoken == "zh")
    paper = documents.statement(
        release, K200, first_day=date(2026, 5, 1), last_day=release.as_of, language=spoken, form="pdf"
    )
    assert paper.startswith(b"%PDF")


def test_subsequent_receipts_are_those_of_the_customer(release: Release) -> None:
    made = documents.subsequent(release, K200, as_of=date(2026, 1, 31), language="en")
    items = fastexcel.read_excel(made).load_sheet(1).to_polars()
    (row,) = items.rows(named=True)
    values = list(row.values())
    assert (values[1], values[4], values[8]) == ("K200", "RE-6001", 73_400.0)
    # received, and what is still open
    assert (30_000.0 in values, 43_400.0 in values) == (True, True)


def test_a_file_speaks_the_language_of_whoever_clicked(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Callable[[], bytes]] = []
    monkeypatch.setattr(exports.st, "download_button", lambda _, make, **__: made.append(make))
    monkeypatch.setattr(exports.page, "viewer", lambda: Viewer("li", "cfo"))
    monkeypatch.setattr(exports.audit, "record", lambda *_, **__: None)
    for spoken in ("en", "zh"):
        monkeypatch.setattr(exports, "language", lambda spoken=spoken: spoken)
        exports.button(
            "file", lambda: t("card.overdue").encode(), file_name="a.csv", mime=exports.CSV, key="a"
        )
    # it is made on the click, when there is no session that knows a language
    assert [make().decode() for make in made] == ["Overdue (gross)", "逾期(总额)"]


# -- the page


@pytest.mark.parametrize(
    ("spoken", "sentence"),
    [
        (
            "zh",
            (
                "近12个月平均151天付款(账期30天+晚付121天),按时率0.0%;当前逾期¥56.36万,预计2026-07-20前后付款"
                "(80%区间2026-07-05–2026-09-01)。主要原因:已逾期272天。"
            ),
        ),
        (
            "en",
            (
                "Pays in 151 days on average over 12 months (30 terms + 121 late), 0.0% on time; ¥563.6k overdue now,"
                " payment expected around 2026-07-20 (80 % band 2026-07-05 to 2026-09-01). Main reason: 272 days"
                " overdue already: 1.5 times its usual."
            ),
        ),
    ],
)
def test_the_page_says_how_the_customer_pays(home: Path, spoken: str, sentence: str) -> None:
    app = opened(*K200, language=spoken)
    assert not app.exception
    assert sentence in html_of(app)


def test_the_header_and_cards_show_the_published_figures(home: Path) -> None:
    page = shown(opened(*K200))
    assert "Nordlicht Handels GmbH" in page
    for figure in (
        "D ▼ down", "score 40.0", "¥500.0k", "125.2%", "exposure ¥626.0k", "advised ¥300.0k", "2026-05-31",
        "past its day", "¥100.0k", "not covered ¥526.0k", "grade allows 15 days; pays in 151 days", "Private",
        "▲ +21 days vs month end", "0 of 1 that fell due", "Severe · over the limit: Exposure 626.0k of limit 500.0k.",
        "A. Weber by 2026-07-02",
    ):  # fmt: skip
        assert figure in page, figure


def test_the_tables_of_the_page_are_the_published_rows(home: Path) -> None:
    app = opened(*K200)
    items = table_of(app, "open_debit_").value
    assert list(items["document_id"]) == ["RE-6001", "RE-6002"]
    assert list(items["open_amount_reporting"]) == [338520.00, 225035.85]
    assert list(items["pay_band"]) == ["07-05 to 09-01", "07-02 to 08-01"]
    assert list(table_of(app, "open_bill_").value["bill_state"]) == ["In hand"]
    deadlines = table_with(app, "deadline")
    assert dict(zip(deadlines["deadline"], deadlines["days_left"], strict=True)) == {
        "Credit review": -30, "Insurer to be told": 4, "Limitation (first claim)": 915,
    }  # fmt: skip
    points = table_with(app, "points_of")
    assert list(points["points_of"]) == ["12.0 / 30", "0.0 / 10", "No accounts"]
    assert points["source_row"].iloc[0] == "Payment behaviour · DE01 · K200 · 12 months"


def test_an_item_leads_down_to_its_source_row(home: Path) -> None:
    app = opened(*K200)
    click(app, "open_bill_", rows=[0])
    assert not app.exception
    click(app, "movements_", rows=[1])
    assert not app.exception
    assert any("bill_event.csv" in block.value for block in app.markdown)


@pytest.mark.parametrize("spoken", LANGUAGES)
@pytest.mark.parametrize("customer", [QUOTED, ("CN01", "C900"), ("CN01", "C001"), ("CN01", "C003")])
def test_a_customer_of_whom_little_is_known_has_a_page_too(
    home: Path, customer: tuple[str, str], spoken: str
) -> None:
    app = opened(*customer, language=spoken)
    assert not app.exception
    page = shown(app)
    assert ("近12个月没有付款记录" if spoken == "zh" else "No payment in 12 months") in page
    if customer == QUOTED:
        assert "Conan O&#x27;Brien &amp; &quot;Söhne&quot;" in page
        assert ("当前逾期¥0.00" if spoken == "zh" else "¥0.00 overdue now") in page
        assert ("没有未清项目" if spoken == "zh" else "Nothing is open.") in page


@pytest.mark.parametrize("spoken", LANGUAGES)
def test_without_a_customer_the_page_offers_some_to_begin_with(open_page: OpenPage, spoken: str) -> None:
    app = open_page("customer", language=spoken)
    assert not app.exception
    assert "K200" in set(table_of(app, "customer_hits_").value["customer_id"])


def test_the_search_opens_the_customer_that_is_ticked(open_page: OpenPage) -> None:
    app = open_page("customer", language="en")
    app.text_input[0].set_value("Nordlicht").run()
    assert list(table_of(app, "customer_hits_").value["customer_id"]) == ["K200"]
    click(app, "customer_hits_", rows=[0])
    assert not app.exception
    assert "Nordlicht Handels GmbH" in html_of(app)
    assert (app.query_params["company"], app.query_params["customer"]) in (K200, (["DE01"], ["K200"]))
    app.text_input[0].set_value("nobody of that name").run()
    assert any("nobody of that name" in note.value for note in app.info)


def restricted(monkeypatch: pytest.MonkeyPatch) -> None:
    viewer = Viewer("li", "sales", Restriction((), "T. Vogel"))
    monkeypatch.setattr("dashboards.ui.page.current_viewer", lambda _: viewer)


@pytest.mark.parametrize("asked", [("DE01", "K300"), ("DE01", "K999")])
def test_what_is_not_shown_and_what_is_not_there_get_the_same_answer_and_are_recorded(
    home: Path, monkeypatch: pytest.MonkeyPatch, asked: tuple[str, str]
) -> None:
    log = home / "audit" / "dashboard.jsonl"
    before = log.read_text(encoding="utf-8").count("\n") if log.exists() else 0
    restricted(monkeypatch)
    app = opened(*asked)
    assert not app.exception
    (note,) = app.info
    assert note.value.startswith(f"There is no customer {asked[1]} of company {asked[0]}.")
    assert "Pacific" not in shown(app)
    assert "K300" not in set(table_of(app, "customer_hits_").value["customer_id"])
    lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()[before:]]
    assert [(line["event"], line["what"], line["customer"]) for line in lines if "what" in line] == [
        ("refused", "customer", asked[1])
    ]


def test_somebody_who_sees_everything_is_not_accused_of_a_wrong_number(home: Path) -> None:
    log = home / "audit" / "dashboard.jsonl"
    before = log.read_text(encoding="utf-8").count("\n") if log.exists() else 0
    app = opened("DE01", "K999")
    assert any("There is no customer K999" in note.value for note in app.info)
    assert (log.read_text(encoding="utf-8").count("\n") if log.exists() else 0) == before


def test_a_salesperson_has_the_page_of_his_own_customer(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    restricted(monkeypatch)
    app = opened(*K200)
    assert not app.exception
    assert "Nordlicht Handels GmbH" in html_of(app)
    assert list(table_of(app, "open_debit_").value["document_id"]) == ["RE-6001", "RE-6002"]
    own = current_release(Restriction((), "T. Vogel"))
    # only his own others: K100, not K300
    (others,) = (row for row in customer_payments.delays(own, K200) if row["whose"] == "others")
    assert others["late"] == 10
    assert fetch(own, "select * from marts.mart_payment_prediction where customer_id != 'K200'") == []


@pytest.mark.parametrize(
    ("spoken", "sentence"),
    [
        ("zh", "平均27天付款(账期30天-提前3天)"),
        ("en", "Pays in 27 days on average over 12 months (30 terms - 3 early)"),
    ],
)
def test_who_pays_early_is_not_called_late_by_less_than_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, spoken: str, sentence: str
) -> None:
    early = "update marts.mart_payment_behaviour set weighted_days_to_pay = 27, weighted_days_late = -3"
    make_own(tmp_path, "customer", more=early)
    monkeypatch.setenv("ARREARS_HOME", str(tmp_path))
    assert sentence in html_of(opened(*K200, language=spoken))
