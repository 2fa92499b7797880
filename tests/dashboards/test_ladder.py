"""The reminder ladder worked by hand: by its days, and with the steps that were taken.

Belongs here: data/ladder.py, which contacts count (data/collection.py), their words. Must not: how the stages of a
source are read (tests/integration/test_collection_activity.py), the pages around it (test_mine.py, test_watchlist.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest

from dashboards.access.viewer import Restriction
from dashboards.data import collection, ladder, watchlist, worklist
from dashboards.data.ladder import Taken
from dashboards.data.release import Release, Row, current_release, fetch
from dashboards.data.watchlist import WatchScope
from dashboards.i18n import speaking
from dashboards.views.parts import contact_words, ladder_words
from tests.dashboards.own_release import OLDER_PROGRAM, make_own, open_page, table_with

DUE = date(2026, 3, 1)


def day(number: int) -> date:
    """Days after the due date."""
    return DUE + timedelta(days=number)


def found(as_of: int, grade: str | None, taken: Sequence[Taken] | None) -> tuple[object, object]:
    """Number and day of the step reached and of the next."""
    place = ladder.position(DUE, grade=grade, as_of=day(as_of), taken=taken)
    assert place.is_recorded == (taken is not None)
    reached, following = (
        (step.number, (step.day - DUE).days) if step else None for step in (place.reached, place.following)
    )
    return reached, following


@pytest.mark.parametrize(
    ("days", "grade", "reached", "following"),
    [
        # standard: -7, 0, 7, 15, 30, 60, 90, 120
        (-8, None, None, (1, -7)),
        (-7, "B", 1, (2, 0)),
        (29, "C", 4, (5, 30)),
        (30, "C", 5, (6, 60)),
        (120, "B", 8, None),
        # A begins with step 3
        (-3, "A", None, (3, 7)),
        (8, "A", 3, (4, 15)),
        # D: -14, -3, 1, 7, 15, 30, 60, 90
        (0, "D", 2, (3, 1)),
        (89, "D", 7, (8, 90)),
        # E and U: -14, -3, 1, 5, 10, 20, 45, 60
        (19, "E", 5, (6, 20)),
        (45, "U", 7, (8, 60)),
    ],
)
def test_where_no_contact_is_delivered_a_step_is_reached_on_its_day(
    days: int, grade: str | None, reached: int | None, following: tuple[int, int] | None
) -> None:
    by_date, coming = found(days, grade, None)
    assert (by_date[0] if isinstance(by_date, tuple) else None) == reached
    assert coming == following


@pytest.mark.parametrize(
    ("as_of", "grade", "taken", "reached", "following"),
    [
        # the next step is the one after the step taken, on its own day
        (8, "B", [(3, 7)], (3, 7), (4, 15)),
        # on day 40, two steps behind: step 4 is due since its day, not step 5
        (40, "B", [(3, 7)], (3, 7), (4, 15)),
        # taken late, on day 38: five days apart
        (40, "B", [(3, 38)], (3, 38), (4, 43)),
        (43, "B", [(3, 38)], (3, 38), (4, 43)),
        # skipped ahead to the lawyer's letter on day 20: no step of the ladder between is owed any more
        (40, "D", [(3, 1), (7, 20)], (7, 20), (8, 90)),
        # two steps on one day: the further one, and five days from there
        (16, "B", [(3, 15), (4, 15)], (4, 15), (5, 30)),
        (31, "B", [(4, 30), (3, 30)], (4, 30), (5, 35)),
        # a smaller step later, for a newer invoice: the amount stays where it was, and is left alone for five days
        (62, "B", [(5, 31), (3, 61)], (5, 31), (6, 66)),
        # the last step is followed by none
        (130, "B", [(8, 125)], (8, 125), None),
        # nothing taken: what is told before the due date is not told after it
        (-8, "B", [], None, (1, -7)),
        (-3, "B", [], None, (1, -7)),
        (0, "B", [], None, (2, 0)),
        (1, "B", [], None, (3, 7)),
        (50, "B", [], None, (3, 7)),
        (-2, "D", [], None, (2, -3)),
        (2, "E", [(1, -14)], (1, -14), (3, 1)),
        # taken eight days before the due date, when nobody asked for this amount: about an older one
        (10, "B", [(5, -8)], None, (3, 7)),
        (-1, "B", [(1, -7)], (1, -7), (2, 0)),
        # the first step of grade A is step 3: before day 7 nothing was asked of it
        (10, "A", [(2, 0)], None, (3, 7)),
        (10, "A", [(3, 7)], (3, 7), (4, 15)),
        (10, "A", [], None, (3, 7)),
        # D may be reminded from day -14 on, with which the same step counts
        (10, "D", [(2, -8)], (2, -8), (3, 1)),
    ],
)
def test_an_amount_stands_where_it_was_taken_to(
    as_of: int,
    grade: str,
    taken: list[tuple[int, int]],
    reached: tuple[int, int] | None,
    following: tuple[int, int] | None,
) -> None:
    assert found(as_of, grade, [Taken(number, day(on)) for number, on in taken]) == (reached, following)


def test_what_names_a_document_of_the_amount_counts_whenever_it_was() -> None:
    early = day(4)
    assert found(10, "A", [Taken(3, early, is_named=True)]) == ((3, 4), (4, 15))
    assert found(10, "A", [Taken(3, early)]) == (None, (3, 7))


# -- on the sample: contacts are delivered for DE01, not for CN01


def listed(release: Release) -> dict[str, Row]:
    return {row["customer_id"]: row for row in watchlist.rows(release, WatchScope(), limit=100)}


def test_steps_of_a_customer_are_those_of_its_open_documents_until_today(release: Release) -> None:
    rows = {row["customer_id"]: row for row in worklist.reached(release, owner=None)}
    taken = {name: collection.taken_of(row) for name, row in rows.items()}
    # K200: RE-0001 is settled, A4 is of tomorrow; K100: A5 is no step, A6 names no document
    assert taken == {
        "C001": None, "C002": None, "C003": None, "K200": [],
        "K100": [Taken(3, date(2026, 6, 26))],
        "K300": taken["K300"],
    }  # fmt: skip
    assert sorted(taken["K300"] or [], key=lambda step: step.number) == [
        Taken(3, date(2026, 6, 25), is_named=True),
        Taken(5, date(2026, 6, 1), is_named=True),
    ]


def test_a_newly_overdue_invoice_does_not_inherit_the_steps_of_an_older_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    demand = """insert into marts.fct_collection_activity (company_code, activity_id, customer_id, document_id,
        happened_on, ladder_step, is_standing_step) values ('DE01', 'B1', 'K200', 'RE-6001', '2026-06-22', 5, true)"""
    make_own(tmp_path, "none", more=demand)
    monkeypatch.setenv("ARREARS_HOME", str(tmp_path))
    release = current_release()
    fresh = {row["customer_id"]: row for row in worklist.falling_due(release, owner=None, section="fresh")}
    overdue = {row["customer_id"]: row for row in worklist.reached(release, owner=None)}
    assert collection.taken_of(fresh["K200"]) == []
    assert collection.taken_of(overdue["K200"]) == [Taken(5, date(2026, 6, 22), is_named=True)]


def test_the_pages_name_the_step_taken_and_since_when_the_next_is_due(home: Path) -> None:
    """K300, grade D: step 5 on 06-01, step 3 for a newer invoice on 06-25; step 6 five days later, which is today."""
    watched = open_page("watchlist", language="en", opened="DE01|K300")
    assert not watched.exception
    sentence = "Reminder ladder: 5 Written demand, taken 2026-06-01. Next: Due today: 6 Final demand."
    assert sentence in [note.value for note in watched.caption]
    assert list(table_with(watched, "next_step")["next_step"])[1] == "Due today: 6 Final demand"
    mine = table_with(open_page("mine", language="en"), "reached_how").set_index("reached_on")
    row = mine.loc[date(2026, 6, 25)]
    assert row["reached_how"] == "phone · no answer"
    assert row["reached_step"] == "5 Written demand, taken 2026-06-01"


def test_the_watchlist_reads_the_steps_of_all_its_rows_in_one_query(release: Release) -> None:
    rows = listed(release)
    assert collection.taken_of(rows["C003"]) is None
    assert sorted(collection.taken_of(rows["K300"]) or [], key=lambda step: step.number) == [
        Taken(3, date(2026, 6, 25), is_named=True),
        Taken(5, date(2026, 6, 1), is_named=True),
    ]
    assert watchlist.row_of(release, WatchScope(), party_id="DE01|K300") == rows["K300"]
    assert [row["customer_id"] for row in watchlist.rows(release, WatchScope(), limit=1, offset=1)] == [
        "K300"
    ]


def test_a_release_of_an_older_program_has_no_contacts_and_goes_by_date(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_own(tmp_path, "none", more=OLDER_PROGRAM)
    monkeypatch.setenv("ARREARS_HOME", str(tmp_path))
    release = current_release()
    assert collection.taken_of(listed(release)["K300"]) is None
    assert {collection.taken_of(row) is None for row in worklist.reached(release, owner=None)} == {True}
    opened = open_page("watchlist", language="en", opened="DE01|K300")
    assert not opened.exception
    # 542 days and grade D: the last step was due on day 90
    assert "Reminder ladder, by date: 8 Legal action reached, the last step." in [
        note.value for note in opened.caption
    ]
    mine = open_page("mine", language="en")
    assert not mine.exception
    assert table_with(mine, "reached_how")["next_step"].str.endswith("(last)").any()
    own = current_release(Restriction(sales_owner="C. Marin"))
    assert {collection.taken_of(row) is None for row in worklist.reached(own, owner=None)} == {True}


def test_a_restricted_reader_meets_the_contacts_of_own_customers_only(home: Path) -> None:
    question = "select distinct customer_id from marts.fct_collection_activity order by customer_id"
    own = current_release(Restriction(sales_owner="T. Vogel"))
    assert [row["customer_id"] for row in fetch(own, question)] == ["K100", "K200"]
    assert fetch(current_release(Restriction(("CN01",))), question) == []
    # whether a company delivers contacts is no secret of somebody's customers
    alone = current_release(Restriction(sales_owner="C. Marin"))
    assert [len(collection.taken_of(row) or []) for row in worklist.reached(alone, owner=None)] == [2]


# -- words


@pytest.mark.parametrize(
    ("language", "taken", "reached", "following", "sentence"),
    [
        ("en", None, "4 Second reminder", "2026-03-31 5 Written demand",
         "Reminder ladder, by date: 4 Second reminder reached, next 2026-03-31 5 Written demand."),
        ("en", [], "None taken", "Due since 2026-03-08: 3 First reminder",
         "Reminder ladder: no step taken so far. Next: Due since 2026-03-08: 3 First reminder."),
        ("en", [Taken(3, day(20))], "3 First reminder, taken 2026-03-21", "Due today: 4 Second reminder",
         "Reminder ladder: 3 First reminder, taken 2026-03-21. Next: Due today: 4 Second reminder."),
        ("zh", [Taken(3, day(7))], "3 逾期提醒(2026-03-08已做)", "2026-03-16起 4 二次催收",
         "催收阶梯:3 逾期提醒(2026-03-08已做);下一步:2026-03-16起 4 二次催收。"),
        ("zh", None, "4 二次催收", "2026-03-31 5 书面催款",
         "催收阶梯(按日期推算):应到 4 二次催收,下一步 2026-03-31 5 书面催款。"),
        ("zh", [Taken(8, day(20))], "8 诉讼/仲裁(2026-03-21已做)", "8 诉讼/仲裁(最后一步)",
         "催收阶梯:8 诉讼/仲裁(2026-03-21已做),已是最后一步。"),
    ],
)  # fmt: skip
def test_the_words_say_whether_a_step_was_taken_or_only_due(
    language: str, taken: list[Taken] | None, reached: str, following: str, sentence: str
) -> None:
    with speaking(language):
        told = ladder_words.standing(DUE, grade="B", as_of=day(25), taken=taken)
    assert told == {"reached_step": reached, "next_step": following, "ladder": sentence}


@pytest.mark.parametrize(
    ("language", "contact", "words"),
    [
        ("zh", ("Phone", "no_answer", "reminder_2", 4), "电话 · 4 二次催收 · 无人应答"),
        ("en", ("registered letter", None, "formal_demand", 5), "registered letter · 5 Written demand"),
        # what is no known code stands as the source wrote it
        ("zh", ("Telefax", "rang back", "courtesy call", None), "Telefax · courtesy call · rang back"),
        ("en", (None, None, None, None), ""),
    ],
)
def test_a_contact_is_told_in_the_readers_language_where_its_codes_are_known(
    language: str, contact: tuple[str | None, str | None, str | None, int | None], words: str
) -> None:
    channel, outcome, stage, step = contact
    with speaking(language):
        assert contact_words.told(channel=channel, outcome=outcome, stage=stage, step=step) == words
