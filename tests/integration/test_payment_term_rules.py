"""Random masters of payment terms, through the whole chain, against a slow oracle in plain Python.

Belongs here: drawing lines and dates, the oracle, the comparison. Must not: figures by hand
(test_payment_term_masters.py), anything of the project that counts days.

One refresh takes a minute, so the worlds of all seeds are one: each term is a case of its own. Days near the end of a
month, of February and of leap years come up far more often than by chance.
"""

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

import pytest

from tests.kit import Extracts, Warehouse

COMPANY, SEEDS = "PTR", range(400)
EDGES = ("2023-12-31", "2024-01-31", "2024-02-28", "2024-02-29", "2024-03-01", "2025-01-29", "2025-01-30",
         "2025-01-31", "2025-02-28", "2025-04-30", "2025-12-31", "2026-02-28")  # fmt: skip

Line = Mapping[str, int]


@dataclass(frozen=True)
class Case:
    """A term with its lines, and the dates of documents that carry it."""

    code: str
    lines: tuple[Line, ...]
    days: tuple[date, ...]


def _case(seed: int) -> Case:
    random = Random(seed)
    days = tuple(
        date.fromisoformat(random.choice(EDGES))
        if random.random() < 0.5
        else date(2023, 6, 1) + timedelta(days=random.randrange(1000))
        for _ in range(4)
    )
    return Case(f"T{seed:03}", _lines(random), days)


def _lines(random: Random) -> tuple[Line, ...]:
    shape = random.random()
    if shape < 0.5:
        return (_line(random),)
    if shape < 0.65:
        # one rule, said twice
        return (line := _line(random), dict(line))
    if shape < 0.8:
        return (_line(random), _line(random))
    limit, day, months = random.randint(1, 30), random.randint(1, 31), random.randrange(3)
    first = {
        "day_limit": limit,
        "day_of_month": day,
        "months_after": months,
        "days_after": random.randrange(40),
    }
    later = {**first, "day_limit": 31, "months_after": months + random.choice((1, 1, 1, 2))}
    if shape < 0.95:
        return (first, later)
    return (first,)


def _line(random: Random) -> Line:
    drawn = {
        "days_before": random.choice((0, 0, 0, 10, 30, 45)),
        "cutoff_day": random.choice((None, None, 31, 31, 30, 29, 25, 5)),
        "months_after": random.choice((0, 0, 1, 1, 2, 13)),
        "day_of_month": random.choice((None, None, None, 31, 30, 15, 1)),
        "days_after": random.choice((0, 0, 1, 30, 60)),
    }
    return {name: number for name, number in drawn.items() if number is not None}


# ---------------------------------------------------------------------------------------------- the oracle


def _due(lines: Sequence[Line], start: date) -> date | None:
    """When a document that starts on a day is due; None where the term is no rule.

    A rule are lines that say the same of every day of a month, or two that say one day of two months, one after the
    other: the first for starts up to some day of the month, the second for those after it.
    """
    if len({tuple(sorted(_said(line).items())) for line in lines}) == 1:
        return _by_line(lines[0], start) if max(_limit(line) for line in lines) == 31 else None
    if _is_cutoff(lines):
        first, later = sorted(lines, key=_limit)
        return _by_line(first if start.day <= _limit(first) else later, start)
    return None


def _is_cutoff(lines: Sequence[Line]) -> bool:
    first, later = sorted(lines, key=_limit)
    same = {**_said(first), "months_after": None} == {**_said(later), "months_after": None}
    fixed = "day_of_month" in first and not first.get("days_before") and "cutoff_day" not in first
    a_month_apart = later.get("months_after", 0) == first.get("months_after", 0) + 1
    return _limit(first) < 31 == _limit(later) and same and fixed and a_month_apart


def _limit(line: Line) -> int:
    return line.get("day_limit", 31)


def _said(line: Line) -> dict[str, int | None]:
    return {
        name: line.get(name, 0 if name not in ("cutoff_day", "day_of_month") else None)
        for name in ("days_before", "cutoff_day", "months_after", "day_of_month", "days_after")
    }


def _by_line(line: Line, start: date) -> date:
    """Day by day, as somebody with a calendar would."""
    day = start
    for _ in range(line.get("days_before", 0)):
        day += timedelta(days=1)
    cutoff = line.get("cutoff_day")
    if cutoff is not None:
        while day.day != min(cutoff, _last(day)):
            day += timedelta(days=1)
    months = line.get("months_after", 0)
    if months:
        year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
        reached = date(year, month + 1, 1)
        # a month's end stays one, any other day is cut to the length of the month
        day = reached.replace(day=_last(reached) if cutoff == 31 else min(day.day, _last(reached)))
    wanted = line.get("day_of_month")
    if wanted is not None:
        day = day.replace(day=min(wanted, _last(day)))
    return day + timedelta(days=line.get("days_after", 0))


def _last(day: date) -> int:
    return calendar.monthrange(day.year, day.month)[1]


# ---------------------------------------------------------------------------------------------- the comparison

CASES = [_case(seed) for seed in SEEDS]


def build_world(extracts: Extracts) -> None:
    books = extracts.books(COMPANY)
    for case in CASES:
        for number, line in enumerate(case.lines, start=1):
            books.add("payment_term", payment_terms=case.code, line_id=number, **line)
        for number, day in enumerate(case.days):
            books.document(
                f"{case.code}-{number}",
                "1.00",
                day,
                document_type="invoice",
                due=None,
                payment_terms=case.code,
            )


@pytest.fixture(scope="module")
def due(world: Warehouse) -> dict[str, tuple[date, bool]]:
    rows = world.query(
        "select document_id, due_date, is_due_date_missing from marts.fct_open_item where company_code = $1",
        [COMPANY],
    )
    return {row["document_id"]: (row["due_date"], row["is_due_date_missing"]) for row in rows}


@pytest.mark.parametrize("case", CASES, ids=[case.code for case in CASES])
def test_every_document_is_due_as_the_oracle_counts(due: dict[str, tuple[date, bool]], case: Case) -> None:
    expected = [_due(case.lines, day) for day in case.days]
    found = [due[f"{case.code}-{number}"] for number in range(len(case.days))]
    assert found == [
        (day, True) if one is None else (one, False) for one, day in zip(expected, case.days, strict=True)
    ], case.lines


def test_the_cases_are_rules_questions_and_cut_off_days_alike() -> None:
    rules = [case for case in CASES if _due(case.lines, case.days[0]) is not None]
    cutoffs = [case for case in rules if len(case.lines) == 2 and _is_cutoff(case.lines)]
    assert (len(rules) > 200, len(cutoffs) > 20, len(CASES) - len(rules) > 50) == (True, True, True)


def test_exactly_the_terms_without_a_rule_are_asked_about(world: Warehouse) -> None:
    asked = {row["record_id"] for row in world.findings("unread_payment_terms", company=COMPANY)}
    assert asked == {case.code for case in CASES if _due(case.lines, case.days[0]) is None}
