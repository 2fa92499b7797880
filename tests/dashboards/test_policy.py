"""Credit policy page on three debtors, worked by hand (own/policy.sql and sample/policy.sql)."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from dashboards.access.viewer import Restriction, Viewer
from dashboards.data import policy, policy_breaks
from dashboards.data.release import Release
from dashboards.i18n import LANGUAGES, speaking, t
from tests.dashboards.own_release import html_of, make_own, open_page, select, table_with

OWN = "policy"


def test_grades_carry_each_debtor_once(release: Release) -> None:
    rows = policy.grades(release)
    assert [(row["grade"], row["party_count"], row["exposure_reporting"]) for row in rows] == [
        ("A", 1, Decimal("500.00")),
        ("D", 1, Decimal("900.00")),
        ("E", 1, Decimal("600.00")),
    ]
    assert sum(row["to_pay_for_release_reporting"] for row in rows) == Decimal("410.00")
    assert [row["grade"] for row in policy.grades(release, companies=("DE01",))] == ["E"]


def test_advice_compares_the_limit_in_force_with_the_recommended_one(release: Release) -> None:
    # A: 700 in force, 1800 recommended; D: 650 and 80; E: none and 0
    assert policy.advice_counts(release) == {"hold": 2, "lower": 1, "raise": 1, "all": 3}
    (lower,) = policy.recommendations(release, advice="lower")
    assert lower["party_id"] == "CN01|C002"


def test_migration_is_of_the_newest_period_end_and_its_cells_open_their_debtors(release: Release) -> None:
    cells = policy.migration(release, months_back=12)
    assert {(row["grade_from"], row["grade_to"]): row["party_count"] for row in cells} == {
        ("A", "A"): 1,
        ("A", "D"): 1,
        ("(new)", "E"): 1,
    }
    for cell in cells:
        movers = policy.movers(
            release, months_back=12, grade_from=cell["grade_from"], grade_to=cell["grade_to"]
        )
        # a debtor with two customers stands once, and the exposures are those of the cell
        assert len(movers) == cell["party_count"]
        assert sum(row["exposure_reporting"] for row in movers) == cell["exposure_to_reporting"]


def test_exceptions_by_kind_and_by_who_raised_them(release: Release) -> None:
    kinds = {row["kind"]: row for row in policy_breaks.exceptions_by_kind(release)}
    assert (kinds["terms"]["exception_count"], kinds["terms"]["exposure_reporting"]) == (2, Decimal("603.00"))
    assert (kinds["terms"]["unapproved_count"], kinds["terms"]["unapproved_exposure_reporting"]) == (
        1,
        Decimal("215.00"),
    )
    people = {
        (row["raised_by"], row["kind"]): row["exception_count"]
        for row in policy_breaks.exceptions_by_person(release)
    }
    assert people == {("何俊", "terms"): 2, ("许静怡", "limit"): 1, (None, "no_limit"): 1}
    rows = policy_breaks.exceptions(release, kind="terms", is_unapproved_only=True)
    assert [row["document_id"] for row in rows] == ["INV-2001"]


def test_breaches_are_aged_by_customer_and_listed_with_what_they_share(release: Release) -> None:
    (age,) = policy_breaks.breaches_by_age(release)
    assert (age["age"], age["customer_count"], age["excess_reporting"]) == ("d91_365", 1, Decimal("250.00"))
    assert [row["scope"] for row in policy_breaks.breaches(release)] == ["customer", "group"]
    # a limit over companies binds a company too, where somebody there shares it
    assert policy_breaks.breaches(release, companies=("DE01",)) == []
    assert [row["scope"] for row in policy_breaks.breaches(release, companies=("CN01",))] == [
        "customer",
        "group",
    ]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh", ("3 个债务人敞口 ¥2,000.00", "A–B 级占 25.0%", "D–E 级占 75.0%", "例外 4 项,其中 2 项",
                "1 个客户超限共 ¥250.00")),
        ("en", ("3 debtors have an exposure of ¥2,000.00", "25.0% graded A-B", "75.0% graded D-E",
                "4 exceptions, 2 of them", "1 customers exceed their limit by ¥250.00")),
    ],
)  # fmt: skip
def test_the_page_says_what_the_rows_say(release: Release, language: str, words: tuple[str, ...]) -> None:
    app = open_page("policy", language=language)
    assert not app.exception
    for word in words:
        assert word in html_of(app), word


def test_the_policy_in_force_stands_with_its_version_and_approval(release: Release) -> None:
    app = open_page("policy", language="en")
    assert any("house-2026" in note.value and "陈立群 (2026-01-15)" in note.value for note in app.caption)
    cut_offs = table_with(app, "least_score")
    assert list(cut_offs["least_score"]) == ["82", "40", "0"]
    assert list(cut_offs["hold"]) == [
        "> 45 days ≥ normal floor",
        "> 0 days ≥ minor floor",
        "always",
    ]
    bands = table_with(app, "band")
    assert list(bands["band"]) == ["≤ 0", "else", "≤ 50.0%", "≥ 36, documents paid ≥ 24"]


def test_a_release_of_an_older_program_says_that_the_cut_offs_are_not_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_own(tmp_path, "policy", more="drop table marts.dim_credit_grade; drop table marts.dim_scorecard")
    monkeypatch.setenv("ARREARS_HOME", str(tmp_path))
    app = open_page("policy", language="en")
    assert not app.exception
    assert any("older program" in note.value for note in app.info)
    # what the ratings themselves say stays
    assert list(table_with(app, "average_points")["weight"]) == [
        "30", "10", "15",
    ]  # fmt: skip


def test_a_row_of_advice_opens_its_points_and_says_what_is_missing(release: Release) -> None:
    app = open_page("policy", language="zh")
    select(app, "policy_advice_hold", 0)
    assert not app.exception
    assert "评级 D 差,得分 44.0" in html_of(app)
    points = table_with(app, "found")
    assert list(points["found"]) == ["晚付 44 天", "140.0%", "无数据:没有近期财报"]
    assert any("受限于净资产" in block.value for block in app.markdown)


def test_filters_come_from_the_address(release: Release) -> None:
    app = open_page("policy", language="en", policy_kind="limit", policy_advice="lower", policy_months="12")
    assert not app.exception
    shown = {table.key for table in app.dataframe}
    assert {"policy_exceptions_limit", "policy_advice_lower"} <= shown


def test_choosing_a_person_shows_what_that_person_raised(release: Release) -> None:
    app = open_page("policy", language="en")
    people = next(table.value for table in app.dataframe if table.key == "policy_people")
    select(app, "policy_people", list(people["raised_by"]).index("许静怡"))
    assert not app.exception
    rows = next(table.value for table in app.dataframe if table.key == "policy_exceptions_limit")
    assert list(rows["raised_by"]) == ["许静怡"]


def test_a_reader_of_one_company_is_told_what_is_not_shown(
    release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "dashboards.ui.page.current_viewer", lambda _: Viewer("w", "controller", Restriction(("DE01",)))
    )
    app = open_page("policy", language="en")
    assert not app.exception
    assert "1 debtors have an exposure of ¥600.00" in html_of(app)
    assert any("who may see all companies" in note.value for note in app.info)
    assert "C002" not in str([table.value.to_dict() for table in app.dataframe])


def test_without_ratings_the_page_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_own(tmp_path, "policy", more="delete from marts.mart_credit_recommendation")
    monkeypatch.setenv("ARREARS_HOME", str(tmp_path))
    app = open_page("policy", language="en")
    assert not app.exception
    assert any("no credit rating" in note.value for note in app.info)


def test_exceptions_that_nobody_raised_are_nobodys_alone(release: Release) -> None:
    people = policy_breaks.exceptions_by_person(release)
    nobody = next(row for row in people if row["raised_by"] is None)
    somebody = next(row for row in people if row["raised_by"] == "何俊")
    of_nobody = policy_breaks.exceptions(release, kind="no_limit", person=nobody)
    assert [row["customer_id"] for row in of_nobody] == ["K100"]
    # 何俊 raised the two of this kind, nobody none
    assert policy_breaks.exceptions(release, kind="terms", person=nobody) == []
    assert len(policy_breaks.exceptions(release, kind="terms", person=somebody)) == 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_debtors_without_a_grade_before_are_called_new(release: Release, language: str) -> None:
    app = open_page("policy", language=language)
    with speaking(language):
        word = t("policy.new")
    moves = next(table for table in app.dataframe if str(table.key).startswith("policy_moves_"))
    select(app, "policy_moves_", list(moves.value["grade_from"]).index(word))
    assert list(table_with(app, "party_name")["grade_from"]) == [word]
