"""Rules say of intervals what a machine that looks at every day would have them say.

Belongs here: dbt/macros/warning_days.sql against its oracle. Must not: the rules of the policy (test_risk_warning.py),
when a warning opens (test_warning_property.py).
"""

from collections.abc import Sequence
from copy import deepcopy
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import duckdb
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.kit.macros import render
from tests.oracles.warning_judge import COMPARE, Said, Spell, judge

FIRST, AS_OF, FOREVER = date(2026, 1, 1), date(2026, 4, 10), date(9999, 12, 31)
FLOORS = {date(2026, 1, 1): 100, date(2026, 2, 1): 40, date(2026, 3, 1): 250, date(2026, 4, 1): 60}
PARTS: dict[str, dict[str, str]] = {
    "part_owed": {"owed": "amount", "late": "amount", "since": "since"},
    "part_habit": {"count": "count", "share": "rate", "until": "until"},
    "part_state": {"status": "text"},
}
UNITS = {name: unit for measures in PARTS.values() for name, unit in measures.items()}
SUBJECTS = {
    "party": [
        {"model": model, "key": "party_id", "columns": {"since": "last_on"}, "measures": measures}
        for model, measures in PARTS.items()
    ]
}
Subject = dict[str, list[Spell]]

VALUES = {
    "amount": st.none() | st.sampled_from([Decimal(n) for n in (0, 20, 50, 100, 130, 260, 500)]),
    "count": st.none() | st.integers(0, 4),
    "rate": st.none() | st.sampled_from([Decimal(text) for text in ("0", "0.1", "0.25", "0.5")]),
    "since": st.none() | st.integers(-20, 90).map(lambda days: FIRST + timedelta(days=days)),
    "until": st.none() | st.integers(-20, 130).map(lambda days: FIRST + timedelta(days=days)),
    "text": st.sampled_from(["active", "active", "hold", "legal", "closed", None]),
}


@st.composite
def spells(draw: st.DrawFn, measures: dict[str, str]) -> list[Spell]:
    day, made = FIRST + timedelta(days=draw(st.integers(-5, 40))), []
    for _ in range(draw(st.integers(0, 8))):
        day += timedelta(days=draw(st.sampled_from([0, 0, 0, 1, 9])))
        end = day + timedelta(days=draw(st.sampled_from([1, 2, 5, 17, 40])))
        made.append(Spell(day, end, {name: draw(VALUES[unit]) for name, unit in measures.items()}))
        day = end
    if made and draw(st.booleans()):
        made[-1] = Spell(made[-1].effective_from, FOREVER, made[-1].values)
    return made


subject = st.fixed_dictionaries({part: spells(measures) for part, measures in PARTS.items()})


@st.composite
def condition(draw: st.DrawFn, clause: str) -> dict[str, Any]:
    measure, factor, other, addend = draw(
        st.one_of(
            st.tuples(
                st.sampled_from(["owed", "late"]),
                st.sampled_from([None, "0.5", "2"]),
                st.just("floor"),
                st.none(),
            ),
            # of one part, and of two
            st.tuples(
                st.just("owed"), st.sampled_from(["0.5", "1"]), st.just("late"), st.sampled_from([None, "10"])
            ),
            st.tuples(st.just("owed"), st.just("50"), st.just("count"), st.none()),
            st.tuples(st.just("share"), st.just("0.002"), st.just("late"), st.none()),
            st.tuples(st.just("count"), st.none(), st.none(), st.sampled_from(["0", "1", "3"])),
            st.tuples(st.just("share"), st.none(), st.none(), st.just("0.2")),
            st.tuples(
                st.sampled_from(["since", "until"]),
                st.none(),
                st.none(),
                st.sampled_from(["0", "12", "30.5"]),
            ),
            st.tuples(st.just("since"), st.just("0.1"), st.just("late"), st.sampled_from([None, "3"])),
            # days against a measure of another part: the answer changes while neither does
            st.tuples(
                st.just("since"),
                st.sampled_from(["2.5", "12"]),
                st.just("count"),
                st.sampled_from([None, "5"]),
            ),
            st.tuples(st.just("until"), st.just("0.1"), st.just("late"), st.sampled_from([None, "-10"])),
        )
    )
    return {
        "rule_id": "", "label": "", "clause": clause, "alternative_no": draw(st.sampled_from(["1", "2"])),
        "measure": measure, "comparison": draw(st.sampled_from(sorted(COMPARE))),
        "factor": factor, "other": other, "addend": addend,
    }  # fmt: skip


@st.composite
def rule(draw: st.DrawFn) -> dict[str, Any]:
    asked = {"open": (1, 3), "warning": (0, 1), "severe": (0, 2), "close": (0, 2)}
    return {
        "subject": "party",
        "level": draw(st.integers(1, 3)),
        "floor": "minor",
        "statuses": draw(st.sampled_from(["active|hold", "active|hold|legal"])),
        "conditions": [
            made
            for clause, (least, most) in asked.items()
            for made in draw(st.lists(condition(clause), min_size=least, max_size=most))
        ],
        **dict.fromkeys(["enter_days", "close_days", "fall_days", "reopen_days"], 1),
    }


def _found(
    rules: Sequence[dict[str, Any]], subjects: Sequence[Subject]
) -> dict[tuple[str, str], dict[date, Said]]:
    """What the macro says of each day of each rule and subject that it speaks of, from its first row on."""
    query = render(
        "warning_judged('party')",
        files=(
            "versions.sql", "policy_table.sql", "warning_measures.sql", "warning_rules.sql", "warning_days.sql",
        ),
        as_of=AS_OF,
        given={"warning_subjects()": SUBJECTS, "warning_rules(subject)": deepcopy(list(rules))},
    )  # fmt: skip
    types = {"amount": "decimal(18, 2)", "rate": "decimal(18, 6)", "count": "bigint", "text": "varchar"}
    with duckdb.connect() as connection:
        connection.execute(
            "create table int_floor__monthly as select * from (values "
            + ", ".join(f"(date '{day}', {floor}::decimal(18, 2), 0, 0)" for day, floor in FLOORS.items())
            + ") as floors (valid_from, floor_minor, floor_normal, floor_major)"
        )
        for part, measures in PARTS.items():
            columns = [
                f"{'last_on' if name == 'since' else name} {types.get(unit, 'date')}"
                for name, unit in measures.items()
            ]
            connection.execute(
                f"create table {part} (party_id varchar, effective_from date, effective_to date, {', '.join(columns)})"
            )
            rows = [
                [f"P{number}", spell.effective_from, spell.effective_to, *spell.values.values()]
                for number, made in enumerate(subjects)
                for spell in made[part]
            ]
            if rows:
                connection.executemany(f"insert into {part} values ({', '.join('?' * len(rows[0]))})", rows)
        found: dict[tuple[str, str], dict[date, Said]] = {}
        for rule_id, party, begins, ends, is_open, is_closing, level in connection.execute(
            "select rule_id, subject_key, effective_from, effective_to, is_open, is_closing, level"
            f" from ({query}) as judged order by all"
        ).fetchall():
            days = found.setdefault((rule_id, party), {})
            said = Said("open" if is_open else "closing" if is_closing else "between", level)
            for number in range((min(ends, AS_OF + timedelta(days=1)) - begins).days):
                assert days.setdefault(begins + timedelta(days=number), said) is said, (
                    "two rows say something of a day"
                )
    return found


def _expected(rule: dict[str, Any], made: Subject) -> dict[date, Said]:
    spells = [spell for part in made.values() for spell in part]
    days = [FIRST + timedelta(days=number) for number in range(-10, (AS_OF - FIRST).days + 1)]
    return {day: judge(rule, day, spells=spells, units=UNITS, floor=_floor(day)) for day in days}


def _floor(day: date) -> Decimal | None:
    floor = FLOORS.get(day.replace(day=1))
    return None if floor is None else Decimal(floor)


@settings(max_examples=40, deadline=None)
@given(st.lists(rule(), min_size=1, max_size=4), st.lists(subject, min_size=1, max_size=6))
def test_intervals_are_judged_as_every_day_would_be(
    rules: list[dict[str, Any]], subjects: list[Subject]
) -> None:
    rules = [{**made, "rule_id": f"R{number}"} for number, made in enumerate(rules)]
    found = _found(rules, subjects)
    for made in rules:
        for number, spoken_of in enumerate(subjects):
            expected = _expected(made, spoken_of)
            days = found.get((made["rule_id"], f"P{number}"), {})
            if not any(said.state == "open" for said in expected.values()):
                assert days == {}
                continue
            assert days, "a rule that opens says nothing"
            # before anything is known nothing opens
            assert all(expected[day].state == "closing" for day in expected if day < min(days))
            assert {day: said for day, said in expected.items() if day >= min(days)} == days


def _rule(
    *opening: tuple[str, str, str | None, str | None, str | None], is_any: bool = False
) -> dict[str, Any]:
    """Opens where all of these hold, or any: measure, comparison, factor, other, addend."""
    names = ("measure", "comparison", "factor", "other", "addend")
    return {
        "rule_id": "R",
        "subject": "party",
        "level": 2,
        "floor": "minor",
        "statuses": "active|hold",
        **dict.fromkeys(["enter_days", "close_days", "fall_days", "reopen_days"], 1),
        "conditions": [
            {"rule_id": "R", "label": "", "clause": "open", "alternative_no": str(number if is_any else 1)}
            | dict(zip(names, asked, strict=True))
            for number, asked in enumerate(opening)
        ],
    }


def _owed(*spells: tuple[date, date, int]) -> Subject:
    last_paid = date(2026, 1, 1)
    return {
        "part_owed": [
            Spell(begins, ends, {"owed": Decimal(owed), "late": None, "since": last_paid})
            for begins, ends, owed in spells
        ],
        "part_habit": [],
        "part_state": [],
    }


def _opens(rule: dict[str, Any], made: Subject) -> list[tuple[str, str]]:
    """First and last day of each run of days on which the rule opens."""
    days = sorted(day for day, said in _found([rule], [made])[("R", "P0")].items() if said.state == "open")
    firsts = [day for day in days if day - timedelta(days=1) not in days]
    lasts = [day for day in days if day + timedelta(days=1) not in days]
    return [(str(first), str(last)) for first, last in zip(firsts, lasts, strict=True)]


def test_an_amount_that_stays_is_judged_by_the_floor_of_each_month() -> None:
    # floors 100, 40, 250 and 60 of January to April
    assert _opens(_rule(("owed", ">=", None, "floor", None)), _owed((date(2026, 1, 5), FOREVER, 130))) == [
        ("2026-01-05", "2026-02-28"),
        ("2026-04-01", "2026-04-10"),
    ]


def test_what_is_known_again_counts_again_and_not_in_between() -> None:
    spells = (date(2026, 1, 5), date(2026, 1, 10), 130), (date(2026, 1, 20), date(2026, 1, 25), 130)
    assert _opens(_rule(("owed", ">=", None, "floor", None)), _owed(*spells)) == [
        ("2026-01-05", "2026-01-09"),
        ("2026-01-20", "2026-01-24"),
    ]


def test_days_since_a_date_pass_while_nothing_changes() -> None:
    # paid on 1 January: 30 days on 31 January, more than 30 from 1 February, 45 on 15 February
    rule = _rule(("since", ">", None, None, "30"), ("since", "<=", None, None, "45"))
    assert _opens(rule, _owed((date(2026, 1, 5), FOREVER, 1))) == [("2026-02-01", "2026-02-15")]


def test_one_alternative_is_enough() -> None:
    rule = _rule(("owed", ">", None, None, "100"), ("since", ">", None, None, "900"), is_any=True)
    assert _opens(rule, _owed((date(2026, 1, 5), date(2026, 1, 10), 130))) == [("2026-01-05", "2026-01-09")]
