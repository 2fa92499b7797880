"""The working list: figures worked by hand, and whose contact data whom is shown."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import fastexcel
import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from dashboards.access.viewer import EVERYTHING, Restriction, Viewer
from dashboards.data import contacts, owners, worklist
from dashboards.data.release import Release, current_release
from dashboards.views.parts import mine_tables, reach
from tests.dashboards.conftest import OpenPage
from tests.dashboards.own_release import html_of

AS_OF = date(2026, 6, 30)
PHONES = {"C001": "13800000001", "C002": "13800000002", "C003": "13800000003", "K100": "+49 1"}


@pytest.fixture
def with_contacts(home: Path) -> Any:
    file = home / "private" / "contacts.parquet"
    file.parent.mkdir(exist_ok=True)
    rows = [
        {
            "company_code": "DE01" if customer.startswith("K") else "CN01",
            "customer_id": customer,
            "contact_name": f"Contact of {customer}",
            "contact_phone": phone,
            "contact_email": None,
            "contact_address": None,
            "_source": "erp",
            "_known_at": "2026-06-01",
        }
        for customer, phone in PHONES.items()
    ]
    pl.DataFrame(rows).write_parquet(file)
    yield file
    file.unlink()


def as_reader(monkeypatch: pytest.MonkeyPatch, viewer: Viewer) -> None:
    monkeypatch.setattr("dashboards.ui.page.current_viewer", lambda _: viewer)


def amounts(rows: list[dict[str, Any]]) -> dict[str, Decimal]:
    return {row["customer_id"]: row["amount_reporting"] for row in rows}


def test_what_falls_due_is_due_today_or_in_seven_days(release: Release) -> None:
    """RE-5002 of K100 on 07-03: 97,500 x 7.8; INV-4001 of C004 today. INV-2003 on 07-12 is not."""
    rows = worklist.falling_due(release, owner=None, section="coming")
    assert amounts(rows) == {"K100": Decimal("760500.00"), "C004": Decimal("99.99")}
    assert {(row["section_count"], row["section_amount"]) for row in rows} == {(2, Decimal("760599.99"))}


def test_newly_overdue_is_one_to_seven_days_past_due(release: Release) -> None:
    """INV-3002 of C003 since yesterday: 54,000 x 7.1; RE-6002 of K200 for six days: 28,850.75 x 7.8."""
    rows = worklist.falling_due(release, owner=None, section="fresh")
    assert amounts(rows) == {"C003": Decimal("383400.00"), "K200": Decimal("225035.85")}
    items = worklist.items(release, owner=None, section="fresh")
    assert sum(row["open_amount_reporting"] for row in items) == rows[0]["section_amount"]


def test_a_list_that_is_cut_still_says_what_it_is_part_of(release: Release) -> None:
    (row,) = worklist.falling_due(release, owner=None, section="fresh", limit=1)
    assert (row["section_count"], row["section_amount"]) == (2, Decimal("608435.85"))


def test_an_owner_is_a_collector_or_a_salesperson(release: Release) -> None:
    for owner in ("王芳", "赵雪"):
        assert set(amounts(worklist.falling_due(release, owner=owner, section="fresh"))) == {"C003"}
    assert worklist.falling_due(release, owner="nobody", section="fresh") == []
    assert "王芳" in owners.people(release) and "赵雪" in owners.people(release)


def test_what_is_promised_or_covered_by_cash_is_not_asked_for(release: Release) -> None:
    """K100 promised RE-5002; C004 has 120,000 on account against 99.99."""
    rows = {row["customer_id"]: row for row in worklist.falling_due(release, owner=None, section="coming")}
    assert (rows["K100"]["asked_from"], rows["K100"]["promised_until"]) == (None, date(2026, 7, 8))
    assert rows["K100"]["promised_reporting"] == Decimal("760500.00")
    assert (rows["C004"]["asked_from"], rows["C004"]["is_covered"]) == (None, True)


def test_promises_due_and_broken_are_what_has_not_come_in(release: Release) -> None:
    """P1: 30,000 of 50,000 EUR are missing; P2: 500,000 less 100,000 since. P3 is three weeks off, P4 an extension."""
    due = worklist.promises(release, owner=None, section="due")
    broken = worklist.promises(release, owner=None, section="broken")
    assert [(row["promise_id"], row["amount_reporting"]) for row in due] == [("P1", Decimal("234000.00"))]
    assert [(row["promise_id"], row["amount_reporting"], row["missing_document"]) for row in broken] == [
        ("P2", Decimal("400000.00"), Decimal("400000.00"))
    ]


def test_cash_not_applied_stands_beside_what_is_overdue(release: Release) -> None:
    """C004: 120,000 and nothing overdue; K200: 12,000 x 7.8 beside (43,400 + 28,850.75) x 7.8."""
    rows = {row["customer_id"]: row for row in worklist.unapplied(release, owner=None)}
    assert amounts(list(rows.values())) == {"C004": Decimal("120000.00"), "K200": Decimal("93600.00")}
    assert rows["C004"]["overdue_reporting"] == 0
    assert rows["K200"]["overdue_reporting"] == Decimal("563555.85")
    assert rows["C004"]["days_unapplied"] == 5


def test_the_last_contact_is_the_newest_that_is_known(release: Release) -> None:
    rows = {row["customer_id"]: row for row in worklist.reached(release, owner=None)}
    found = {name: (row["reached_on"], row["reached_how"]) for name, row in rows.items()}
    assert found == {
        "C001": (date(2026, 6, 20), "promise"),
        "C002": (date(2026, 3, 1), "promise"),
        "C003": (date(2026, 2, 3), "activity"),
        "K100": (date(2026, 6, 26), "promise"),
        "K200": (date(2026, 6, 20), "activity"),
        "K300": (date(2026, 6, 25), "activity"),
    }
    # C002 and C003: 603,200.50 + 1,179,400.00
    assert rows["K200"]["silent_count"] == 2
    assert rows["K200"]["silent_amount"] == Decimal("1782600.50")
    # it is told how, whoever answered: K200's contact of tomorrow has not been
    told = {name: (row["reached_channel"], row["reached_outcome"]) for name, row in rows.items()}
    assert (told["K300"], told["K200"], told["C003"]) == (
        ("phone", "no_answer"),
        ("Telefax", None),
        (None, None),
    )
    # a promise of the same day says more than the call in which it was made
    assert (rows["K100"]["reached_how"], told["K100"]) == ("promise", (None, None))


def test_contact_data_is_read_for_the_customers_asked_and_no_others(with_contacts: Path) -> None:
    found = contacts.of_customers(
        with_contacts, customers=[("CN01", "C001"), ("CN01", "K100"), ("CN01", "X")]
    )
    assert found.keys() == {("CN01", "C001")}
    assert found[("CN01", "C001")]["contact_phone"] == PHONES["C001"]
    assert contacts.of_customers(with_contacts, customers=[]) == {}


def test_without_the_file_there_are_no_contacts(tmp_path: Path) -> None:
    assert contacts.of_customers(tmp_path / "contacts.parquet", customers=[("CN01", "C001")]) == {}


def test_the_newest_source_wins_and_a_company_before_every_company(tmp_path: Path) -> None:
    file = tmp_path / "contacts.parquet"
    common = {"customer_id": "C1", "contact_name": None, "contact_email": None, "contact_address": None}
    pl.DataFrame(
        [
            common | {"company_code": "A", "contact_phone": "new", "_source": "x", "_known_at": "2026-02"},
            common | {"company_code": "A", "contact_phone": "old", "_source": "y", "_known_at": "2026-01"},
            common | {"company_code": "*", "contact_phone": "all", "_source": "z", "_known_at": "2026-03"},
        ]
    ).write_parquet(file)
    found = contacts.of_customers(file, customers=[("A", "C1"), ("B", "C1")])
    assert {company: row["contact_phone"] for (company, _), row in found.items()} == {"A": "new", "B": "all"}


@pytest.mark.parametrize("role", ["cfo", "auditor"])
def test_a_role_that_talks_to_nobody_never_gets_contact_data(
    open_page: OpenPage, with_contacts: Path, release: Release, monkeypatch: pytest.MonkeyPatch, role: Any
) -> None:
    viewer = Viewer("x", role, EVERYTHING)
    as_reader(monkeypatch, viewer)
    assert reach.contacts_of(release, [("CN01", "C001")], viewer=viewer) == {}
    app = open_page("mine", language="en")
    assert not app.exception
    assert not any("contact_phone" in table.value.columns for table in app.dataframe)
    book = workbook_text(release, viewer)
    assert all(phone not in book for phone in PHONES.values())


def test_a_controller_gets_contact_data_beside_the_amount(
    open_page: OpenPage, with_contacts: Path, release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    viewer = Viewer("x", "controller", EVERYTHING)
    as_reader(monkeypatch, viewer)
    app = open_page("mine", language="zh")
    shown = phones_on(app)
    assert shown == set(PHONES.values())
    assert PHONES["C003"] in workbook_text(release, viewer)


def test_a_salesperson_gets_contact_data_of_his_own_customers_only(
    open_page: OpenPage, with_contacts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """赵雪 has C001 and C003; asking for somebody else's customer gives nothing."""
    restriction = Restriction((), "赵雪")
    viewer = Viewer("zhao", "sales", restriction)
    as_reader(monkeypatch, viewer)
    own = current_release(restriction)
    others = [("CN01", "C002"), ("DE01", "K100")]
    asked = reach.contacts_of(own, [("CN01", "C001"), ("CN01", "C003"), *others], viewer=viewer)
    assert {customer for _, customer in asked} == {"C001", "C003"}
    app = open_page("mine", language="en")
    assert not app.exception
    shown = phones_on(app)
    assert shown == {PHONES["C001"], PHONES["C003"]}
    book = workbook_text(own, viewer)
    assert PHONES["C002"] not in book and PHONES["K100"] not in book


def workbook_text(release: Release, viewer: Viewer) -> str:
    return " ".join(
        str(cell)
        for cells in sheets(mine_tables.workbook(release, owner=None, viewer=viewer)).values()
        for cell in cells
    )


def phones_on(app: AppTest) -> set[str]:
    tables = [table.value for table in app.dataframe if "contact_phone" in table.value.columns]
    return {phone for table in tables for phone in table["contact_phone"].dropna()}


def sheets(data: bytes) -> dict[str, list[Any]]:
    """Cells of every sheet of a workbook."""
    book = fastexcel.read_excel(data)
    frames = {name: book.load_sheet(name, header_row=None).to_polars() for name in book.sheet_names}
    return {name: [cell for row in frame.iter_rows() for cell in row] for name, frame in frames.items()}


@pytest.mark.parametrize(
    ("language", "title", "words"),
    [
        ("zh", "我的清单", ("未来7天到期 2 户 ¥76.06万", "承诺违约 1 笔 ¥40.00万", "2 户 ¥178.26万")),
        ("en", "My list", ("¥760.6k from 2 customers", "broken ¥400.0k (1)", "2 with ¥1,782.6k")),
    ],
)
def test_the_page_says_what_is_at_stake(
    open_page: OpenPage, language: str, title: str, words: tuple[str, ...]
) -> None:
    app = open_page("mine", language=language)
    assert not app.exception
    assert app.title[0].value == title
    for each in words:
        assert each in html_of(app), each
    assert len(app.dataframe) == 6


def test_the_ladder_and_what_stops_it_are_told(open_page: OpenPage) -> None:
    app = open_page("mine", language="en")
    coming, fresh = app.dataframe[0].value, app.dataframe[1].value
    assert list(coming["next_step"]) == [
        "On hold: promised, grace to 2026-07-08",
        "Covered by unapplied cash: apply it",
    ]
    # C003 is E: step 3 on day 1, step 4 on day 5; K200 has no grade: step 2 on day 0, step 3 on day 7
    assert list(fresh["next_step"]) == ["2026-07-04 4 Second reminder", "2026-07-01 3 First reminder"]


def test_an_owner_can_be_chosen_and_nothing_to_do_is_said(open_page: OpenPage) -> None:
    app = open_page("mine", language="en")
    app.selectbox(key="owner").set_value("T. Vogel").run()
    assert not app.exception
    assert "T. Vogel: due in seven days ¥760.5k from 1 customers" in html_of(app)


def test_nothing_to_follow_up_is_said(open_page: OpenPage, monkeypatch: pytest.MonkeyPatch) -> None:
    as_reader(monkeypatch, Viewer("x", "sales", Restriction((), "nobody")))
    app = open_page("mine", language="zh")
    assert not app.exception
    assert any("nobody目前没有需要跟进的事项" in note.value for note in app.info)


def test_the_workbook_has_a_sheet_per_section_and_the_items(release: Release) -> None:
    viewer = Viewer("x", "cfo", EVERYTHING)
    found = sheets(mine_tables.workbook(release, owner=None, viewer=viewer))
    assert len(found) == 8
    first, *_, of_fresh = found.values()
    assert "760500" in [str(cell) for cell in first] and "K100" in first
    assert "INV-3002" in of_fresh and "RE-6002" in of_fresh


@pytest.mark.parametrize(("language", "sheet"), [("zh", "未来7天到期"), ("en", "Due in seven days")])
def test_a_file_has_the_language_of_who_asked_and_is_made_without_a_session(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch, language: str, sheet: str
) -> None:
    """streamlit calls back in a thread of its own, which has neither the session nor the request of the reader."""
    offered: dict[str, Any] = {}
    monkeypatch.setattr(
        "streamlit.download_button", lambda _, made, *, key, **look: offered.update({key: made})
    )
    open_page("mine", language=language)
    with ThreadPoolExecutor(1) as another:
        data = another.submit(offered["mine_xlsx"]).result()
    assert next(iter(sheets(data))) == sheet
