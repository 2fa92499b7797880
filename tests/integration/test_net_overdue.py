"""Net overdue of the past, as known then and as believed now (policy.md section 1, DECISIONS 41).

Belongs here: worked examples of the policy due date, the two readings, and random debtors against the oracle. Must not:
what follows from the figures (default, grades, warnings).
"""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.kit import D, Extracts, Warehouse
from tests.kit.debtors import deliver, random_debtor
from tests.kit.worlds import APRIL, HISTORY_DAYS, JUNE, MARCH, MAY
from tests.oracles.net_overdue import Debtor, knowledge_of

AGES = (0, 7, 15, 30, 45, 60, 90)
DAYS = [date(2026, 1, 1) + timedelta(days=n) for n in range((JUNE - date(2026, 1, 1)).days + 1)]
DEBTORS = range(24)
NOTHING = [D("0.00")] * len(AGES)


ORACLE = {f"NO{seed:02}": random_debtor(seed) for seed in DEBTORS}


def build_history(extracts: Extracts) -> None:
    for code, debtor in ORACLE.items():
        deliver(extracts.books(code), debtor)

    # an invoice that nobody had told of until May, and a payment of March told in April
    books = extracts.books("NO-LATE")
    books.invoice("INV0", "100.00", "2026-01-01", due="2026-01-31")
    books.known(since=MAY).invoice("INV1", "50.00", "2026-02-01", due="2026-02-28")
    books.known(since=APRIL).payment("R1", "INV0", "100.00", "2026-03-20")

    # policy section 1
    for case, approved, promised in (
        ("TERMS", "2026-03-20", "2026-04-30"),
        ("FORBORNE", "2026-04-10", "2026-06-30"),
    ):
        books = extracts.books(f"NO-{case}")
        books.invoice("INV1", "100.00", "2026-01-31", due="2026-03-31")
        since = MARCH if case == "TERMS" else APRIL
        books.known(since=since).extension("X1", "INV1", "100.00", promised, approved=approved)


def _days(history: Warehouse, company: str, knowledge: str) -> dict[date, list[dict[str, Any]]]:
    rows = history.query(
        "select * from marts.mart_net_overdue_history where party_id = $1 and knowledge = $2",
        [f"{company}|C1", knowledge],
    )
    return {day: [row for row in rows if row["effective_from"] <= day < row["effective_to"]] for day in DAYS}


def _figures(rows: list[dict[str, Any]]) -> tuple[list[Decimal], date | None]:
    assert len(rows) <= 1
    if not rows:
        return NOTHING, None
    (row,) = rows
    return [row[f"net_overdue_{age}_reporting"] for age in AGES], row["oldest_due_date"]


@pytest.mark.parametrize("code", ORACLE)
@pytest.mark.parametrize("knowledge", ["then", "now"])
def test_net_overdue_of_every_day_is_that_of_the_oracle(
    history: Warehouse, code: str, knowledge: str
) -> None:
    debtor = ORACLE[code]
    for day, rows in _days(history, code, knowledge).items():
        known = JUNE if knowledge == "now" else knowledge_of(day, HISTORY_DAYS)
        expected = (debtor.net_overdue(day, known, AGES), debtor.oldest_due(day, known))
        assert _figures(rows) == expected, day


def test_the_debtors_hold_what_the_property_is_about() -> None:
    def net(debtor: Debtor, day: date, known: date) -> Decimal:
        return debtor.net_overdue(day, known, AGES)[0]

    differing = [
        (code, day)
        for code, debtor in ORACLE.items()
        for day in DAYS[::7]
        if net(debtor, day, JUNE) != net(debtor, day, knowledge_of(day, HISTORY_DAYS))
    ]
    beyond_90 = [code for code, debtor in ORACLE.items() if debtor.net_overdue(JUNE, JUNE, AGES)[-1]]
    assert len({code for code, _ in differing}) >= 12
    assert len(differing) >= 60
    assert len(beyond_90) >= 5
    assert sum(len(debtor.disputes) for debtor in ORACLE.values()) >= 15


def _net(history: Warehouse, company: str, day: date, *, knowledge: str = "then", age: int = 0) -> Decimal:
    return _figures(_days(history, company, knowledge)[day])[0][AGES.index(age)]


def test_what_was_learnt_later_does_not_reach_the_past(history: Warehouse) -> None:
    # the payment of 20 March is known with the delivery of 30 April, the second invoice with that of 31 May
    then = [_net(history, "NO-LATE", day) for day in (date(2026, 4, 15), APRIL, date(2026, 5, 15), MAY)]
    assert then == [D("100.00"), D("0.00"), D("0.00"), D("50.00")]
    now = [_net(history, "NO-LATE", day, knowledge="now") for day in (date(2026, 4, 15), APRIL, MAY)]
    assert now == [D("50.00"), D("50.00"), D("50.00")]


def test_before_the_first_delivery_history_is_told_with_its_knowledge(history: Warehouse) -> None:
    assert _net(history, "NO-LATE", date(2026, 3, 15)) == D("100.00")
    (row,) = _days(history, "NO-LATE", "then")[date(2026, 3, 15)]
    assert row["reconstructed_until"] == MARCH


def test_a_change_of_terms_moves_the_policy_due_date_and_forbearance_does_not(history: Warehouse) -> None:
    # due 31 March. Agreed on 20 March to 30 April: on 15 April not overdue, on 1 May it is
    assert _net(history, "NO-TERMS", date(2026, 4, 15)) == D("0.00")
    assert _net(history, "NO-TERMS", date(2026, 5, 1)) == D("100.00")
    # agreed on 10 April to 30 June: on 5 April overdue 5 days, on 30 April 30 days
    assert _net(history, "NO-FORBORNE", date(2026, 4, 5)) == D("100.00")
    for day, days in ((date(2026, 4, 5), 5), (APRIL, 30)):
        assert (day - _figures(_days(history, "NO-FORBORNE", "then")[day])[1]).days == days  # type: ignore[operator]
    assert _net(history, "NO-FORBORNE", APRIL, age=30) == D("0.00")
    assert _net(history, "NO-FORBORNE", date(2026, 5, 1), age=30) == D("100.00")
