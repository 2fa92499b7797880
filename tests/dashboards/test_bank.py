"""Bank page: coverage, proof and explained lines, worked by hand on the rows of sample/bank.sql."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from dashboards.access.viewer import Restriction, Viewer
from dashboards.data import bank, bank_lines
from dashboards.data.bank import BankScope
from dashboards.data.release import Release
from tests.dashboards.own_release import html_of, make_own, open_page, select

SCOPE = BankScope(date(2026, 6, 19), date(2026, 6, 30))
ACCOUNT = ("CN01", "6222-01", "CNY")


OWN = "bank"


def test_every_day_of_an_account_is_in_one_state(release: Release) -> None:
    runs = [
        (row["state"], row["first_day"].day, row["last_day"].day)
        for row in bank.coverage(release, SCOPE)
        if row["company_code"] == "CN01"
    ]
    assert runs == [
        ("proved", 20, 20), ("missing", 21, 21), ("jump", 22, 22), ("not_proved", 23, 23), ("proved", 24, 25),
        ("overlaps", 26, 27), ("proved", 28, 28), ("missing", 29, 30),
    ]  # fmt: skip


def test_the_chain_of_an_account_shows_what_is_missing_from_it(release: Release) -> None:
    broken, sound = bank.accounts(release, SCOPE)
    # 2055 - 1000 - 1000 = 50 (a statement is missing) + 10 (not proved) - 5 (overlap)
    assert broken["difference_document"] == Decimal("55.00")
    assert (broken["missing_days"], broken["overlapping_days"], broken["days_late"]) == (3, 2, 2)
    assert (broken["proved_count"], broken["not_proved_count"], broken["gap_count"], broken["overlap_count"]) == (
        4, 1, 1, 1,
    )  # fmt: skip
    assert (sound["difference_document"], sound["missing_days"]) == (Decimal("0.00"), 0)


def test_findings_are_the_statements_that_need_somebody(release: Release) -> None:
    assert [row["statement_id"] for row in bank.findings(release, SCOPE)] == ["S5", "S3", "S2"]


def test_a_receipt_explains_one_line_of_its_account_and_amount(release: Release) -> None:
    lines = [
        line for statement in bank.statements(release, BankScope(*_days(), account=ACCOUNT))
        for line in bank_lines.of_statement(release, statement)
    ]  # fmt: skip
    explained = {line["_row"]: (line["explained_by"], line["receipt_id"]) for line in lines}
    assert explained == {
        1: ("receipt", "RCP-B1"),
        2: ("receipt", "RCP-B2"),
        # there are two receipts of 100 and three lines
        3: (None, None),
        # booked three days after it came
        4: ("receipt", "RCP-B4"),
        5: (None, None),
        6: ("bill", "BILL-6"),
        # eight days apart
        7: (None, None),
    }


def test_counts_and_amounts_of_what_nothing_explains(release: Release) -> None:
    totals = {
        (row["company_code"], row["direction"]): (row["line_count"], row["unexplained_count"],
                                                  row["unexplained_amount_document"])
        for row in bank_lines.unexplained_totals(release, SCOPE)
    }  # fmt: skip
    assert totals == {
        ("CN01", "in"): (6, 2, Decimal("130.00")),
        ("CN01", "out"): (1, 1, Decimal("-20.00")),
        ("DE01", "in"): (1, 0, Decimal("0.00")),
    }
    rows = bank_lines.unexplained(release, SCOPE, direction="in")
    assert [row["amount_document"] for row in rows] == [Decimal("100.00"), Decimal("30.00")]
    # what might belong to the line of 30: named with its distance, not taken for it
    assert [(row["receipt_id"], row["days_apart"]) for row in bank_lines.same_amount(release, rows[1])] == [
        ("RCP-B7", 8)
    ]


@pytest.mark.parametrize(
    ("language", "words"),
    [("zh", ("5 份余额勾稽成立", "缺 3 天", "2 笔进账")),
     ("en", ("5 are proved", "3 day(s) are missing", "2 incoming line(s)"))],
)  # fmt: skip
def test_the_page_says_what_the_rows_say(release: Release, language: str, words: tuple[str, ...]) -> None:
    app = open_page("bank", language=language)
    assert not app.exception
    shown = html_of(app)
    for word in (*words, "5 / 6", "¥130.00"):
        assert word in shown, word


def test_clicking_goes_down_to_the_line_and_its_file(release: Release) -> None:
    app = open_page("bank", language="en")
    select(app, "bank_accounts", 0)
    assert "difference ¥55.00" in html_of(app)
    statements = next(table.value for table in app.dataframe if str(table.key).startswith("statements_"))
    position = list(statements["statement_id"]).index("S1")
    select(app, "statements_", position)
    select(app, "lines_", 2)
    assert not app.exception
    assert any("lines.csv" in block.value and "row 3" in block.value for block in app.markdown)


def test_filters_come_from_the_address(release: Release) -> None:
    app = open_page("bank", language="zh", bank_companies="CN01", bank_direction="out")
    assert not app.exception
    assert "1 个账户共 5 份对账单" in html_of(app)
    lines = next(table.value for table in app.dataframe if table.key == "bank_unexplained_out")
    assert list(lines["amount_document"]) == [-20.0]


def test_without_statements_the_page_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_own(tmp_path, "bank", more="delete from marts.mart_bank_statement")
    monkeypatch.setenv("ARREARS_HOME", str(tmp_path))
    app = open_page("bank", language="zh")
    assert not app.exception
    assert any("arrears.yml" in note.value for note in app.info)


def test_a_reader_of_one_company_sees_its_accounts_alone(
    release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "dashboards.ui.page.current_viewer", lambda _: Viewer("w", "controller", Restriction(("DE01",)))
    )
    app = open_page("bank", language="en")
    assert not app.exception
    assert "1 account(s) and 1 statements" in html_of(app)
    assert "6222-01" not in html_of(app) + str([table.value.to_dict() for table in app.dataframe])


def _days() -> tuple[date, date]:
    return SCOPE.first_day, SCOPE.last_day
