"""The balances beside the lines of a table make a statement per account and currency, whichever way the lines run."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.landing.discovery import entities_of
from ingest.profiles import ProfileError
from tests.ingest.tables import own_profile, statements

D = Decimal
GIVEN = {"company_code": "C1", "account": "A1", "currency": "CNY"}
PROFILE = """
thousands_separator: ","
tables:
  t:
    files: "*"
    fields: {day: [day], amount: [amount], balance: [balance], currency: [currency], account: [account]}
    running_balance: balance
    feeds:
      - entity: bank_transaction
        columns: {booking_date: day, amount: amount, currency: currency, account: account}
"""


def _read(tmp_path: Path, *lines: str, header: str = "day,amount,balance", name: str = "x") -> list[Any]:
    path = tmp_path / f"{name}.csv"
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return statements(path, profile=own_profile(tmp_path, PROFILE), constants=GIVEN)


# 100.00 on account, then these
LINES = [
    '2026-03-30,"1,000.00","1,100.00"',
    "2026-03-31,-30.00,1070.00",
    "2026-03-31,5.00,1075.00",
    "2026-04-01,-75.00,1000.00",
]


@pytest.mark.parametrize(
    "lines",
    [
        LINES,
        LINES[::-1],
        # the newest day first, the lines of a day as they came
        [LINES[3], LINES[1], LINES[2], LINES[0]],
        # the newest line of a day first, the days as they came
        [LINES[0], LINES[2], LINES[1], LINES[3]],
    ],
)
def test_opening_and_closing_balance_are_found_whichever_way_the_lines_run(
    tmp_path: Path, lines: list[str]
) -> None:
    (statement,) = _read(tmp_path, *lines)
    assert statement == {
        "_row": 1,
        "company_code": "C1",
        "account": "A1",
        "currency": "CNY",
        "statement_id": "2026-03-30/2026-04-01/CNY/4",
        "opening_balance": "100.00",
        "opening_date": "2026-03-29",
        "closing_balance": "1000.00",
        "closing_date": "2026-04-01",
        "line_count": "4",
        # 1000 - 30 + 5 - 75
        "line_total": "900.00",
    }


def test_the_lines_of_one_day_are_read_the_way_in_which_balances_follow(tmp_path: Path) -> None:
    # 10.00 on account: - 4.00 = 6.00, + 1.00 = 7.00
    for lines in (["-4.00,6.00", "1.00,7.00"], ["1.00,7.00", "-4.00,6.00"]):
        (statement,) = _read(tmp_path, *(f"2026-03-31,{line}" for line in lines))
        assert (statement["opening_balance"], statement["closing_balance"]) == ("10.00", "7.00")


def test_balances_may_run_against_the_days_that_are_given(tmp_path: Path) -> None:
    # the day is that of the purchase, the balance that of the booking
    lines = ["2026-03-03,-1.00,9.00", "2026-03-01,-2.00,7.00", "2026-03-02,-3.00,4.00"]
    (statement,) = _read(tmp_path, *lines)
    assert (statement["opening_balance"], statement["closing_balance"]) == ("10.00", "4.00")
    assert (statement["opening_date"], statement["closing_date"]) == ("2026-02-28", "2026-03-03")


def test_where_no_balance_follows_the_days_decide(tmp_path: Path) -> None:
    (statement,) = _read(tmp_path, "2026-03-02,1.00,50.00", "2026-03-01,2.00,20.00")
    assert (statement["opening_balance"], statement["closing_balance"]) == ("18.00", "50.00")


def _difference(statement: dict[str, Any]) -> Decimal:
    return D(statement["closing_balance"]) - D(statement["opening_balance"]) - D(statement["line_total"])


def test_a_line_that_is_missing_or_set_aside_is_the_difference(tmp_path: Path) -> None:
    (without,) = _read(tmp_path, LINES[0], LINES[1], LINES[3])
    assert (without["line_count"], _difference(without)) == ("3", D("5.00"))
    (unreadable,) = _read(tmp_path, LINES[0], LINES[1], LINES[2].replace("5.00", "5.001", 1), LINES[3])
    assert (unreadable["line_count"], _difference(unreadable)) == ("3", D("5.00"))


def test_every_account_and_currency_has_a_statement_of_its_own(tmp_path: Path) -> None:
    found = _read(
        tmp_path,
        "2026-03-31,1.00,11.00,EUR,A1",
        "2026-03-31,2.00,2.00,USD,A1",
        "2026-03-31,3.00,14.00,EUR,A1",
        "2026-03-31,4.00,4.00,EUR,A2",
        header="day,amount,balance,currency,account",
    )
    assert [(s["account"], s["statement_id"], s["opening_balance"], s["closing_balance"]) for s in found] == [
        ("A1", "2026-03-31/2026-03-31/EUR/2", "10.00", "14.00"),
        ("A1", "2026-03-31/2026-03-31/USD/1", "0.00", "2.00"),
        ("A2", "2026-03-31/2026-03-31/EUR/1", "0.00", "4.00"),
    ]


def test_the_same_lines_are_the_same_statement_and_more_lines_are_another(tmp_path: Path) -> None:
    first, again, longer = (
        _read(tmp_path, *LINES[:3]),
        _read(tmp_path, *LINES[2::-1], name="y"),
        _read(tmp_path, *LINES[:3], "2026-03-31,1.00,1076.00", name="z"),
    )
    assert first == again
    assert longer[0]["statement_id"] != first[0]["statement_id"]


@pytest.mark.parametrize(
    ("lines", "header"),
    [
        (["2026-03-31,1.00"], "day,amount"),
        (["2026-03-31,1.00,xx.yy", "2026-03-31,1.00,"], "day,amount,balance"),
        ([], "day,amount,balance"),
    ],
)
def test_a_file_without_a_balance_has_no_statement(tmp_path: Path, lines: list[str], header: str) -> None:
    assert _read(tmp_path, *lines, header=header) == []


def test_an_end_without_a_balance_leaves_that_of_the_statement_empty(tmp_path: Path) -> None:
    (statement,) = _read(tmp_path, "2026-03-30,1.00,", "2026-03-31,2.00,13.00")
    assert (statement["opening_balance"], statement["closing_balance"]) == (None, "13.00")


def test_a_record_that_cannot_be_split_is_passed_over(tmp_path: Path) -> None:
    (statement,) = _read(tmp_path, LINES[0], "2026-03-30,1.00,2.00,3.00,4.00", LINES[1])
    assert (statement["line_count"], _difference(statement)) == ("2", D("0.00"))


def test_what_such_a_file_holds_includes_statements(tmp_path: Path) -> None:
    profile = own_profile(tmp_path, PROFILE)
    assert entities_of("x.csv", profile=profile) == ("bank_transaction", "bank_statement")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            PROFILE.replace("running_balance: balance", "running_balance: rest"),
            "'rest' is not among the fields",
        ),
        (PROFILE.replace("bank_transaction", "receipt"), "is for a table that feeds bank_transaction"),
    ],
)
def test_a_running_balance_that_makes_no_sense_is_refused(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ProfileError, match=message):
        own_profile(tmp_path, text)


@given(
    opening=st.integers(-10_000, 10_000),
    moves=st.lists(st.tuples(st.integers(0, 3), st.integers(-500, 500)), min_size=1, max_size=12),
    days_turned=st.booleans(),
    all_turned=st.booleans(),
)
def test_a_complete_file_is_always_proved(
    tmp_path_factory: pytest.TempPathFactory,
    opening: int,
    moves: list[tuple[int, int]],
    days_turned: bool,
    all_turned: bool,
) -> None:
    day, balance, lines = date(2026, 1, 1), opening, []
    for days, amount in moves:
        day, balance = day + timedelta(days=days), balance + amount
        lines.append((day, f"{day},{D(amount) / 100:.2f},{D(balance) / 100:.2f}"))
    if days_turned:
        lines = [line for _, of_day in groupby(lines, key=lambda x: x[0]) for line in list(of_day)[::-1]]
    if all_turned:
        lines = lines[::-1]
    (statement,) = _read(tmp_path_factory.mktemp("balances"), *(text for _, text in lines))
    assert _difference(statement) == 0
