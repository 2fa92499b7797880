"""Contacts and steps of the reminder ladder as they are published: DECISIONS 51.

Belongs here: fct_collection_activity, its reading of stages, and which companies have any. Must not: the ladder's days
(tests/dashboards/test_ladder.py), deadlines that a demand restarts (test_limitation.py).
"""

import csv
from datetime import date, datetime
from pathlib import Path

import pytest

from tests.kit import Extracts, Warehouse
from tests.kit.extracts import Books
from tests.kit.worlds import MAY

SHIPPED = Path(__file__).parents[2] / "dbt" / "seeds" / "policy" / "policy_ladder_stage.csv"
# what the source wrote -> step of policy section 5
STAGES = {
    # by number
    "3": 3, "step 3": 3, "Step_4": 4, "第3步": 3, "步骤 5": 5, "8": 8,
    # by the policy's names
    "到期提醒": 1, "coming due": 1, "到期日提醒": 2, "Due today": 2, "逾期提醒": 3, "first reminder": 3, "二次催收": 4,
    "second reminder": 4, "书面催款": 5, "written demand": 5, "正式催款函": 6, "FINAL DEMAND": 6, "律师函": 7,
    "Lawyer's letter": 7, "lawyer’s letter": 7, "诉讼/仲裁": 8, "legal-action": 8, "第六步": 6,
    # by names that other systems give them
    "reminder_1": 3, "reminder_2": 4, "formal_demand": 5,
    # by the company's own table, also where a number would say something else
    "Mahnstufe 1": 3, "7": 5,
    # by none
    "0": None, "9": None, "3.5": None, "reminder 3": None, "level 3": None, "33": None, "courtesy call": None,
    None: None,
}  # fmt: skip
OWN = {"Mahnstufe 1": "3", "7": "5"}


def build_history(extracts: Extracts) -> None:
    with SHIPPED.open(encoding="utf-8", newline="") as file:
        shipped = list(csv.DictReader(file))
    own = [shipped[0] | {"stage": stage, "step_no": step} for stage, step in OWN.items()]
    # a row that has ended says nothing
    ended = shipped[0] | {"stage": "courtesy call", "step_no": "1", "valid_to": "2025-12-31"}
    extracts.policy["policy_ladder_stage"] = [*shipped, *own, ended]
    books = extracts.books("STEPS")
    for number, stage in enumerate(STAGES):
        _contact(books, f"S{number}", stage=stage)
    extracts.books("STEPS-NONE")
    books = extracts.books("STEPS-NOW")
    _contact(
        books, "STAYS", channel="phone", outcome="no_answer", document_id="INV1", owner="王芳", note="secret"
    )
    _contact(books.known(until=MAY), "CHANGES", stage="3", outcome="no_answer")
    _contact(books.known(since=MAY), "CHANGES", stage="4", outcome="promised")
    _contact(books.known(until=MAY), "GOES", stage="5")
    books = extracts.books("STEPS-LAST", customers=("C1", "C2"))
    _contact(books, "A", happened_at="2026-06-01 09:00:00")
    _contact(books, "B", happened_at="2026-06-01 10:00:00")
    _contact(books, "TOMORROW", happened_at="2026-07-01 10:00:00")
    _contact(books, "OTHER", customer_id="C2", happened_at="2026-01-01 10:00:00")
    books = extracts.books("STEPS-STAND")
    books.invoice("OPEN", "100.00", "2026-01-01", due="2026-01-31")
    books.invoice("PAID", "100.00", "2026-01-01", due="2026-01-31")
    books.payment("R1", "PAID", "100.00", "2026-04-15")
    _contact(books, "FIRST", document_id="OPEN", stage="3", happened_at="2026-02-10 09:00:00")
    _contact(books, "AGAIN", document_id="OPEN", stage="reminder 1", happened_at="2026-02-20 09:00:00")
    _contact(books, "FURTHER", document_id="OPEN", stage="4", happened_at="2026-03-01 09:00:00")
    _contact(books, "TOMORROW", document_id="OPEN", stage="5", happened_at="2026-07-01 09:00:00")
    _contact(books, "SETTLED", document_id="PAID", stage="4")
    _contact(books, "UNKNOWN", document_id="NOWHERE", stage="4")
    _contact(books, "TALK", document_id="OPEN", stage="courtesy call")
    _contact(books, "ACCOUNT", stage="3")


def _contact(books: Books, activity_id: str, /, **columns: str | None) -> None:
    books.add(
        "collection_activity",
        **{"activity_id": activity_id, "customer_id": "C1", "happened_at": "2026-03-20 02:30:00", **columns},
    )


def test_a_stage_is_read_by_number_by_the_policys_names_and_by_the_companys(history: Warehouse) -> None:
    rows = history.query(
        "select stage, ladder_step from marts.fct_collection_activity where company_code = 'STEPS'"
    )
    assert {row["stage"]: row["ladder_step"] for row in rows} == STAGES


def test_what_is_published_is_the_current_version_with_its_source_row(history: Warehouse) -> None:
    rows = history.query(
        "select * from marts.fct_collection_activity where company_code = 'STEPS-NOW' order by activity_id"
    )
    assert [(row["activity_id"], row["ladder_step"], row["outcome"]) for row in rows] == [
        ("CHANGES", 4, "promised"),
        ("STAYS", None, "no_answer"),
    ]
    changed, stays = rows
    assert (stays["happened_at"], stays["happened_on"]) == (datetime(2026, 3, 20, 2, 30), date(2026, 3, 20))
    assert (stays["channel"], stays["document_id"], stays["owner"]) == ("phone", "INV1", "王芳")
    assert stays["_file"].endswith("collection_activity.csv") and stays["_source"] == "erp"
    loads = history.query("select load_id, entity, business_date from marts.dim_release_load")
    brought_by = {row["load_id"]: (row["entity"], row["business_date"]) for row in loads}
    assert brought_by[changed["_load_id"]] == ("collection_activity", MAY)


def test_the_newest_contact_of_a_customer_is_the_last_one_until_the_as_of_date(history: Warehouse) -> None:
    rows = history.query(
        "select activity_id from marts.fct_collection_activity where company_code = 'STEPS-LAST' and is_newest"
        " order by activity_id"
    )
    assert [row["activity_id"] for row in rows] == ["B", "OTHER"]


def test_a_step_stands_while_its_document_is_open_and_is_its_newest(history: Warehouse) -> None:
    rows = history.query(
        "select activity_id from marts.fct_collection_activity where company_code = 'STEPS-STAND' and is_standing_step"
        " order by activity_id"
    )
    assert [row["activity_id"] for row in rows] == ["ACCOUNT", "AGAIN", "FURTHER"]


def test_what_was_noted_stays_out(history: Warehouse) -> None:
    rows = history.query("select * from marts.fct_collection_activity where company_code = 'STEPS-NOW'")
    assert "note" not in rows[0]
    assert "secret" not in str(rows)


@pytest.mark.parametrize(("company", "has_any"), [("STEPS", True), ("STEPS-NONE", False)])
def test_a_company_says_whether_contacts_are_delivered_for_it(
    history: Warehouse, company: str, has_any: bool
) -> None:
    rows = history.query(
        "select has_collection_activity from marts.dim_company where company_code = ?", [company]
    )
    assert [row["has_collection_activity"] for row in rows] == [has_any]
