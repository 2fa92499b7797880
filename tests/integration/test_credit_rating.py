"""The scorecard of policy.md section 4: every row of its tables on both sides, caps, month-end grades, recommendation.

Belongs here: worked figures of mart_credit_rating and what hangs on it. Must not: the ladder in general
(tests/oracles/test_rating_property.py), how habits are measured (test_payment_behaviour.py).

Floors of the world are the absolute ones: minor 20,000, normal 100,000, major 500,000.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.kit import D, Extracts, SourcePlan, Warehouse, build
from tests.kit.rated import (
    ACCOUNTS,
    CURRENT_OVERDUE,
    FAULTS,
    HOLDS,
    OUTSIDE,
    PAYMENT_HISTORY,
    RELATIONSHIP,
    SCORES,
    TREND,
    UTILISATION,
    climbing,
    decided,
    graded,
    rated_customers,
)
from tests.kit.worlds import LENIENT_GATES, WORLD_DAY, made


@pytest.fixture(scope="module")
def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    """A world of its own: floors and the largest limit are shares of all receivables."""
    extracts = Extracts([SourcePlan("erp", (WORLD_DAY,))], gates=LENIENT_GATES)
    rated_customers(extracts)
    warehouse = made(extracts.write(tmp_path_factory.mktemp("rating")), request=request)
    yield warehouse
    warehouse.close()


def _component(world: Warehouse, case: str, component: str) -> dict[str, Any]:
    (row,) = world.query(
        "select * from marts.mart_credit_rating_component"
        " where party_id = $1 and component = $2 and as_of_day = $3",
        [f"CR-{case}|C1", component, WORLD_DAY],
    )
    return row


def _rating(world: Warehouse, case: str, day: date = WORLD_DAY, customer: str = "C1") -> dict[str, Any]:
    (row,) = world.query(
        "select * from marts.mart_credit_rating"
        " where company_code = $1 and customer_id = $2 and as_of_day = $3",
        [f"CR-{case}", customer, day],
    )
    return row


def _path(world: Warehouse, case: str) -> list[tuple[str, str]]:
    rows = world.query(
        "select grade, decided_by from marts.mart_credit_rating"
        " where company_code = $1 and as_of_day >= date '2026-04-01' order by as_of_day",
        [f"CR-{case}"],
    )
    return [(row["grade"], row["decided_by"]) for row in rows]


def _recommendation(world: Warehouse, case: str) -> dict[str, Any]:
    (row,) = world.query(
        "select * from marts.mart_credit_recommendation where party_id = $1", [f"CR-{case}|C1"]
    )
    return row


def _exceptional(world: Warehouse, case: str, kind: str) -> list[dict[str, Any]]:
    return world.query(
        "select * from marts.mart_credit_exception where company_code = $1 and kind = $2"
        " order by raised_on, document_id",
        [f"CR-{case}", kind],
    )


@pytest.mark.parametrize("days", PAYMENT_HISTORY)
def test_payment_history_counts_days_late_of_12_months(world: Warehouse, days: int) -> None:
    row = _component(world, f"PAY{days}", "payment_history")
    assert (row["raw_value"], row["points"]) == (D(days), D(PAYMENT_HISTORY[days]))


def test_no_history_is_no_component_and_says_why(world: Warehouse) -> None:
    row = _component(world, "PAY-FEW", "payment_history")
    assert (row["points"], row["reason_when_missing"]) == (None, "few_items")


@pytest.mark.parametrize("days", CURRENT_OVERDUE)
def test_current_overdue_counts_the_age_of_the_oldest_amounts_of_the_minor_floor(
    world: Warehouse, days: int
) -> None:
    assert _component(world, f"DUE{days}", "current_overdue")["points"] == CURRENT_OVERDUE[days]


def test_less_than_the_minor_floor_is_not_overdue(world: Warehouse) -> None:
    row = _component(world, "DUE-SMALL", "current_overdue")
    assert (row["raw_state"], row["points"]) == ("none", 20)


@pytest.mark.parametrize("days", TREND)
def test_trend_sets_the_last_90_days_against_the_year_before(world: Warehouse, days: int) -> None:
    row = _component(world, f"TREND{days}", "trend")
    assert (row["raw_value"], row["points"]) == (D(days - 10), TREND[days])


@pytest.mark.parametrize("exposure", UTILISATION)
def test_utilisation_counts_what_is_used_of_the_limit(world: Warehouse, exposure: str) -> None:
    row = _component(world, f"USE{exposure}", "utilisation")
    assert (row["raw_value"], row["points"]) == (D(exposure) / 100_000, UTILISATION[exposure])


@pytest.mark.parametrize(("case", "highest"), [("BEFORE", "0.4"), ("WITHIN", "1.1")])
def test_the_highest_utilisation_is_that_of_90_days(world: Warehouse, case: str, highest: str) -> None:
    assert _component(world, f"USE-{case}", "utilisation")["raw_value"] == D(highest)


def test_cash_only_has_no_utilisation(world: Warehouse) -> None:
    row = _component(world, "USE-CASH", "utilisation")
    assert (row["points"], row["reason_when_missing"]) == (None, "no_limit")


@pytest.mark.parametrize("case", ACCOUNTS)
def test_accounts_count_by_z_double_prime(world: Warehouse, case: str) -> None:
    row = _component(world, case, "accounts")
    *_, z_score, points = ACCOUNTS[case]
    assert (row["raw_value"], row["points"], row["data_of"]) == (D(z_score), points, date(2025, 12, 31))
    assert row["data_age_days"] == 365


def test_negative_equity_counts_nothing_whatever_z_says(world: Warehouse) -> None:
    row = _component(world, "Z-LOSS", "accounts")
    assert (row["raw_state"], row["points"]) == ("negative_equity", 0)
    assert row["raw_value"] > 2


def test_half_a_year_of_earnings_counts_for_a_year_and_old_accounts_do_not_count(world: Warehouse) -> None:
    assert _component(world, "Z-HALF", "accounts")["raw_value"] == D("1.184400")
    assert _component(world, "Z-OLD", "accounts")["reason_when_missing"] == "no_accounts"


@pytest.mark.parametrize("case", OUTSIDE)
def test_outside_information_counts_by_its_worst_event_of_24_months(world: Warehouse, case: str) -> None:
    assert _component(world, f"OUT-{case}", "outside")["points"] == OUTSIDE[case][1]


def test_nothing_adverse_is_known_only_where_somebody_tells(world: Warehouse) -> None:
    assert _component(world, "OUT-NONE", "outside")["points"] == 10
    assert _component(world, "PAY0", "outside")["reason_when_missing"] == "nobody_tells"


@pytest.mark.parametrize("relation", RELATIONSHIP)
def test_relationship_counts_months_and_documents(world: Warehouse, relation: tuple[str, int]) -> None:
    row = _component(world, f"REL-{relation[0]}-{relation[1]}", "relationship")
    assert (row["raw_count"], row["points"]) == (relation[1], RELATIONSHIP[relation])


@pytest.mark.parametrize("case", SCORES)
def test_points_are_scaled_to_100_and_cut_off_into_grades(world: Warehouse, case: str) -> None:
    points, score, grade = SCORES[case]
    row = _rating(world, f"SCORE-{case}")
    assert (row["points"], row["weight_present"]) == (sum(points), 60)
    assert (row["score"], row["score_grade"]) == (D(score), grade)


def test_under_60_points_of_weight_a_customer_is_unrated(world: Warehouse) -> None:
    row = _rating(world, "SCORE-50")
    assert (row["weight_present"], row["grade"], row["decided_by"]) == (50, "U", "unrated")
    # of 50 points 50, and that is no A
    assert row["score"] == 100


def test_a_customer_that_was_never_billed_is_unrated_on_the_as_of_date(world: Warehouse) -> None:
    row = _rating(world, "NEVER")
    assert (row["grade"], row["score"], row["caps"]) == ("U", None, "new_customer")


@pytest.mark.parametrize(
    ("case", "caps", "grade"),
    [
        ("CAP-DEFAULT", "default|long_overdue|new_customer", "E"),
        ("CAP-CURED", "new_customer", "C"),
        ("CAP-INSOLVENT", "default|insolvency|new_customer", "E"),
        ("CAP-DISHONEST", "default|dishonest_debtor|new_customer", "E"),
        ("CAP-BILL", "dishonoured_bill|new_customer", "D"),
        ("CAP-BILL-OLD", "new_customer", "C"),
        ("CAP-YOUNG", "new_customer", "C"),
        ("CAP-OLD", None, None),
        ("CAP-FEW", "new_customer", "C"),
        ("CAP-LARGE", "new_customer|no_accounts", "C"),
        ("CAP-NOT-LARGE", "new_customer", "C"),
        ("CAP-TOLD", "new_customer", "C"),
    ],
)
def test_the_worst_cap_wins_and_each_is_told(
    world: Warehouse, case: str, caps: str | None, grade: str | None
) -> None:
    row = _rating(world, case)
    assert (row["caps"], row["cap_grade"]) == (caps, grade)


def test_the_default_of_a_member_caps_the_others_of_its_group(world: Warehouse) -> None:
    assert _rating(world, "CAP-GROUP", customer="GOOD")["caps"] == "group_default|new_customer"
    # its own default is more
    bad = _rating(world, "CAP-GROUP", customer="BAD")
    assert (bad["caps"], bad["grade"]) == ("default|long_overdue|new_customer", "E")


def test_a_default_makes_an_unrated_customer_e_and_a_milder_cap_leaves_it_unrated(world: Warehouse) -> None:
    assert [_rating(world, case)["grade"] for case in ("CAP-DEFAULT", "CAP-BILL", "CAP-YOUNG")] == [
        "E",
        "D",
        "U",
    ]


def test_two_broken_promises_in_90_days_cost_one_grade(world: Warehouse) -> None:
    one, two = _rating(world, "CAP-ONE-BROKEN"), _rating(world, "CAP-BROKEN")
    assert (one["score_grade"], one["grade"]) == ("A", "A")
    assert (two["score_grade"], two["grade"], two["decided_by"]) == ("A", "B", "lowered")
    assert two["reason_zh"] == "90天内两次承诺违约,降一级"


def test_grades_fall_at_once_and_rise_one_step_at_a_time_after_two_month_ends(world: Warehouse) -> None:
    # 30,000 due 20 May, paid on 10 August, beside 60,000 (in May 55,000) on time; of 80 points:
    # May 24 + 15 + 10 + 15 + 2 = 66, June 18 + 6 + 10 + 15 + 2 = 51, July 11 + 2 + 10 + 15 + 3 = 41, then 59
    scores = world.query(
        "select score from marts.mart_credit_rating where company_code = 'CR-CLIMB'"
        " and as_of_day between date '2026-05-01' and date '2026-09-30' order by as_of_day"
    )
    assert [row["score"] for row in scores] == [D("82.5"), D("63.75"), D("51.25"), D("73.75"), D("73.75")]
    # 73.75 is 3 above the cut-off of B at the end of August and of September
    assert _path(world, "CLIMB") == [
        ("A", "score"), ("B", "score"), ("C", "score"), ("D", "score"), ("D", "climbing"), ("C", "climbing"),
        ("B", "score"), ("B", "score"), ("B", "score"),
    ]  # fmt: skip


def test_a_fall_names_the_component_that_cost_most(world: Warehouse) -> None:
    row = _rating(world, "CLIMB", date(2026, 6, 30))
    assert (row["change"], row["previous_grade"], row["main_component"]) == ("down", "B", "current_overdue")
    assert row["reason_en"] == "score 63.8, mainly: current overdue"


def test_a_manual_grade_holds_until_it_expires_and_is_climbed_on_from(world: Warehouse) -> None:
    assert _path(world, "MANUAL")[4:] == [
        ("A", "score"), ("D", "manual"), ("D", "manual"), ("C", "climbing"), ("B", "climbing"),
    ]  # fmt: skip
    # six months to the day are not too long
    assert _path(world, "LONGEST")[5:] == [("B", "manual")] * 4
    assert "known to the board" in _rating(world, "MANUAL", date(2026, 9, 30))["reason_en"]


def test_missing_data_make_nobody_better(world: Warehouse) -> None:
    # in default in May and June 2025 and until 90 days after it paid, unrated by its score ever since
    rows = world.query(
        "select grade, decided_by from marts.mart_credit_rating where company_code = 'CR-KEPT'"
        " and as_of_day in (date '2025-04-30', date '2025-05-31', date '2025-12-31', date '2026-12-31')"
        " order by as_of_day"
    )
    assert [(row["grade"], row["decided_by"]) for row in rows] == [
        ("U", "unrated"), ("E", "cap"), ("E", "kept"), ("E", "kept"),
    ]  # fmt: skip


def _warnings(world: Warehouse, case: str, rule: str) -> list[tuple[date, str]]:
    return [
        (row["day"], row["severity"])
        for row in world.query(
            "select step.day, step.severity from marts.mart_risk_warning as warning"
            " inner join marts.mart_risk_warning_step as step on warning.episode_id = step.episode_id"
            " where warning.company_code = $1 and warning.rule_id = $2 order by step.day",
            [f"CR-{case}", rule],
        )
    ]


def test_x05_warns_of_a_fall_to_c_and_closes_when_the_best_grade_of_180_days_is_back(
    world: Warehouse,
) -> None:
    # B, then C on 30 June; it was A until 31 May, which is 180 days ago on 27 November, for 7 days
    assert _warnings(world, "CLIMB", "X05") == [(date(2026, 6, 30), "warning"), (date(2026, 12, 3), "closed")]
    # from A to the lowest grade, on the evening of the month end
    assert _warnings(world, "FALLEN", "X05") == [(date(2026, 11, 30), "severe")]
    (row,) = world.query(
        "select message_zh, message_en from marts.mart_risk_warning"
        " where company_code = 'CR-FALLEN' and rule_id = 'X05'"
    )
    assert row["message_en"] == "Grade fell from A to E, mainly: insolvency."
    assert row["message_zh"] == "信用等级由A降至E,主要扣分项:破产程序。"
    # nothing is exposed: 5,000 that are paid in the month
    assert _warnings(world, "MANUAL", "X05") == []


def test_the_outlook_is_the_score_less_half_its_fall_and_the_points_of_open_warnings(
    world: Warehouse,
) -> None:
    (episode,) = world.query(
        "select episode_id, first_seen_on from marts.mart_risk_warning"
        " where company_code = 'CR-SINKING' and rule_id = 'C01'"
    )
    steps = world.query(
        "select warning.rule_id, step.day, step.severity from marts.mart_risk_warning as warning"
        " inner join marts.mart_risk_warning_step as step on warning.episode_id = step.episode_id"
        " where warning.company_code = 'CR-SINKING' order by step.day"
    )
    months = world.query(
        "select as_of_day, score from marts.mart_credit_rating"
        " where company_code = 'CR-SINKING' and is_month_end order by as_of_day"
    )
    outlooks: dict[date, tuple[D, D, D, D]] = {}
    for at, month in enumerate(months):
        past = [other["score"] for other in months[max(at - 12, 0) : max(at - 2, 0)]]
        before = sum(past, D(0)) / len(past) if past else month["score"]
        state = {step["rule_id"]: step["severity"] for step in steps if step["day"] <= month["as_of_day"]}
        points = sum(
            D(each)
            for rule, each in {"B02": 5, "B04": 10, "X02": 10, "X03": 15}.items()
            if state.get(rule, "closed") != "closed"
        )
        fallen = max(before - month["score"], D(0))
        outlook = month["score"] - fallen / 2 - points
        outlooks[month["as_of_day"]] = (outlook, month["score"], before, D(points))
    first = min(day for day, (outlook, *_) in outlooks.items() if outlook <= 32)
    # it was A, and rises are not taken further: nothing to warn of before the 600,000 are overdue
    assert date(2026, 6, 30) <= first == episode["first_seen_on"]
    values = {
        row["name"]: row["value_number"]
        for row in world.query(
            "select name, value_number from marts.mart_risk_warning_value"
            " where episode_id = $1 and moment = 'trigger'",
            [episode["episode_id"]],
        )
    }
    names = ("outlook", "outlook_score", "outlook_score_before", "outlook_sign_points")
    assert [round(values[name], 3) for name in names] == [round(value, 3) for value in outlooks[first]]
    assert outlooks[first][3] >= 5


def test_p03_tells_of_a_sale_to_a_customer_of_the_lowest_grade(world: Warehouse) -> None:
    # the grade is known from the evening of 30 November on: two documents of 1 December
    assert _warnings(world, "FALLEN", "P03") == [(date(2026, 12, 1), "severe")]
    (row,) = world.query(
        "select value.value_number from marts.mart_risk_warning as warning"
        " inner join marts.mart_risk_warning_value as value on warning.episode_id = value.episode_id"
        " where warning.company_code = 'CR-FALLEN' and warning.rule_id = 'P03'"
        " and value.name = 'blocked_sale_count' and value.moment = 'trigger'"
    )
    assert row["value_number"] == 2


def test_the_watchlist_names_the_grade(world: Warehouse) -> None:
    rows = world.query(
        "select party_id, grade, previous_grade, sentence_zh, sentence_en from marts.mart_watchlist"
        " where party_id in ('CR-FALLEN|C1', 'CR-HOLD-C-16-20000.00|C1')"
    )
    fallen = {row["party_id"]: row for row in rows}["CR-FALLEN|C1"]
    assert (fallen["grade"], fallen["previous_grade"]) == ("E", "E")
    assert "(E级):净逾期" in fallen["sentence_zh"]
    assert "(grade E): " in fallen["sentence_en"]


@pytest.mark.parametrize(
    ("case", "segment"),
    [
        ("A", "domestic_a_b"),
        ("B", "domestic_a_b"),
        ("C", "domestic_other"),
        ("D", "domestic_other"),
        ("U", "domestic_other"),
    ],
)
def test_the_provision_takes_the_segment_of_the_grade(world: Warehouse, case: str, segment: str) -> None:
    rows = world.query(
        "select segment from marts.mart_expected_credit_loss"
        " where company_code = $1 and exposure_reporting > 0 and not is_beside",
        [f"CR-LOSS-{case}"],
    )
    assert {row["segment"] for row in rows} == {segment}


def test_history_rolls_in_the_segment_of_the_grade_of_its_day(world: Warehouse) -> None:
    # LATE, due 20 May: pairs begin 210 and 180 days before 31 December; it was B on 4 June and C on 4 July
    rows = world.query(
        "select start_day, segment, bucket from marts.mart_roll_rate"
        " where company_code = 'CR-CLIMB' and level = 'segment' and variant = 'monthly_30'"
        " and amount_reporting = 30000.00 and pair_no > 0 order by start_day",
    )
    moved = {row["start_day"]: (row["segment"], row["bucket"]) for row in rows}
    assert moved.get(date(2026, 6, 4)) == ("domestic_a_b", "1-30")
    assert moved.get(date(2026, 7, 4)) == ("domestic_other", "31-60")


@pytest.mark.parametrize(
    ("case", "days", "before_rounding", "limit", "bound"),
    [
        # 300,000 x factor x (terms + 15 + 8) / 30
        ("A", 113, "1695000.00", "1690000.00", "billing"),
        # the worked figure of policy.md: equity of 8 million allows 1.2 million
        ("B", 83, "996000.00", "990000.00", "billing"),
        ("C", 53, "530000.00", "530000.00", "billing"),
        ("D", 38, "190000.00", "190000.00", "billing"),
        ("E", 23, "0.00", "0.00", "prepaid"),
        ("EQUITY", 83, "996000.00", "600000.00", "equity"),
        ("NEGATIVE", 83, "996000.00", "0.00", "equity"),
        # half of 300,000 for 45 days, at most the normal floor
        ("U", 45, "225000.00", "100000.00", "unrated"),
        # half of 45,000 for 45 days
        ("YOUNG", 45, "33750.00", "30000.00", "billing"),
    ],
)
def test_the_recommended_limit_of_each_grade(
    world: Warehouse, case: str, days: int, before_rounding: str, limit: str, bound: str
) -> None:
    row = _recommendation(world, f"LIMIT-{case}")
    assert row["limit_days"] == days
    assert row["limit_by_billing_reporting"] == D(before_rounding)
    assert (row["recommended_limit_reporting"], row["limit_bound_by"]) == (D(limit), bound)


def test_the_figures_on_the_way_to_the_limit_are_stored(world: Warehouse) -> None:
    row = _recommendation(world, "LIMIT-B")
    assert (row["billing_month_count"], row["billed_reporting"]) == (12, D("4200000.00"))
    assert row["highest_month_billed_reporting"] == D("900000.00")
    assert row["average_month_billed_reporting"] == D("300000.00")
    assert (row["median_days_late"], row["late_days_counted"]) == (8, 8)
    assert (row["equity_share"], row["most_by_equity_reporting"]) == (D("0.15"), D("1200000.00"))
    assert row["most_by_receivable_reporting"] == (row["group_receivable_reporting"] / 10).quantize(D("0.01"))


def test_one_month_is_no_history_to_recommend_a_limit_from(world: Warehouse) -> None:
    row = _recommendation(world, "LIMIT-FIRST")
    assert (row["recommended_limit_reporting"], row["limit_bound_by"]) == (None, "no_billing_history")


def test_no_limit_is_more_than_a_tenth_of_all_receivables(world: Warehouse) -> None:
    row = _recommendation(world, "LIMIT-HUGE")
    tenth = row["group_receivable_reporting"] / 10
    assert row["limit_by_billing_reporting"] > tenth
    assert row["recommended_limit_reporting"] == tenth // 10_000 * 10_000
    assert row["limit_bound_by"] == "receivable"


@pytest.mark.parametrize(
    ("case", "terms", "grace", "prepaid", "review"),
    [
        ("LIMIT-A", 90, 15, "0", date(2027, 12, 31)),
        ("LIMIT-B", 60, 10, "0", date(2027, 12, 31)),
        ("LIMIT-C", 30, 5, "0", date(2027, 6, 30)),
        ("LIMIT-D", 15, 0, "0.3", date(2027, 3, 31)),
        ("LIMIT-E", 0, 0, "1", date(2027, 1, 31)),
        ("LIMIT-FIRST", 30, 0, "0.3", date(2027, 3, 31)),
    ],
)
def test_terms_grace_and_review_of_each_grade(
    world: Warehouse, case: str, terms: int, grace: int, prepaid: str, review: date
) -> None:
    row = _recommendation(world, case)
    assert (row["recommended_terms_days"], row["grace_days"]) == (terms, grace)
    assert (row["prepaid_share"], row["review_due_on"]) == (D(prepaid), review)


@pytest.mark.parametrize("hold", HOLDS)
def test_a_hold_is_advised_by_the_rule_of_the_grade(world: Warehouse, hold: tuple[str, int, str]) -> None:
    row = _recommendation(world, "HOLD-{}-{}-{}".format(*hold))
    assert row["is_hold_advised"] is HOLDS[hold]


def test_a_hold_ends_below_half_of_the_floor(world: Warehouse) -> None:
    row = _recommendation(world, "HOLD")
    assert (row["is_hold_advised"], row["hold_net_overdue_reporting"]) == (False, D("9999.99"))
    # 20,000 overdue: 9,999.99 may be left
    held = _recommendation(world, "HOLD-D-1-20000.00")
    assert held["to_pay_for_release_reporting"] == D("10000.01")


def test_a_plan_with_its_first_line_paid_releases_where_it_was_approved(world: Warehouse) -> None:
    kept, unapproved = _recommendation(world, "HOLD-PLAN"), _recommendation(world, "HOLD-PLAN-UNAPPROVED")
    assert (kept["is_hold_advised"], kept["is_on_plan"]) == (False, True)
    assert (unapproved["is_hold_advised"], unapproved["is_on_plan"]) == (True, False)


def test_what_was_billed_in_a_hold_is_an_exception_with_its_approval(world: Warehouse) -> None:
    rows = _exceptional(world, "HOLD", "hold")
    assert [(row["document_id"], row["is_approved"], row["approved_by"]) for row in rows] == [
        ("S11-29", False, None),
        ("S12-10", True, "CFO"),
        ("S12-14", True, "CFO"),
    ]
    assert {row["raised_by"] for row in rows} == {"Zhao"}
    assert {row["hold_advised_since"] for row in rows} == {date(2026, 11, 28)}


def test_longer_terms_than_those_of_the_grade_are_an_exception(world: Warehouse) -> None:
    (row,) = _exceptional(world, "TERMS", "terms")
    assert (row["document_id"], row["grade"], row["raised_by"]) == ("T91", "A", "Zhao")
    assert (row["allowed_days"], row["actual_days"], row["exposure_reporting"]) == (90, 91, D("1000.00"))
    assert not row["is_approved"]
    # before the first grade a customer is unrated
    (row,) = _exceptional(world, "TERMS-FIRST", "terms")
    assert (row["document_id"], row["grade"], row["allowed_days"]) == ("T31", "U", 30)
    assert (row["is_approved"], row["approval"]) == (True, "31 days")


def test_a_limit_above_the_recommended_one_names_who_gave_it(world: Warehouse) -> None:
    (row,) = _exceptional(world, "LIMIT", "limit")
    assert (row["raised_by"], row["raised_on"], row["approved_by"]) == ("Wang", date(2026, 2, 1), "Wang")
    assert (row["allowed_amount_reporting"], row["actual_amount_reporting"]) == (
        D("990000.00"),
        D("990000.01"),
    )
    assert _exceptional(world, "LIMIT-EQUAL", "limit") == []


def test_exposure_without_a_limit_is_an_exception_from_the_minor_floor_on(world: Warehouse) -> None:
    (row,) = _exceptional(world, "NO-LIMIT", "no_limit")
    assert (row["raised_by"], row["exposure_reporting"], row["is_approved"]) == ("Zhao", D("20000.00"), False)
    assert _exceptional(world, "NO-LIMIT-SMALL", "no_limit") == []


def test_a_manual_grade_that_is_better_than_the_caps_allow_is_an_exception(world: Warehouse) -> None:
    (row,) = _exceptional(world, "BETTER", "manual_grade")
    assert (row["grade"], row["raised_by"], row["approved_by"]) == ("B", "Li", "CFO")
    assert (row["raised_on"], row["approval"]) == (date(2026, 11, 30), "known to the board")
    assert _exceptional(world, "MANUAL", "manual_grade") == []


@pytest.mark.parametrize("months_back", [1, 12])
def test_the_migration_matrix_counts_every_active_debtor_once(world: Warehouse, months_back: int) -> None:
    then = date(2025, 12, 31) if months_back == 12 else date(2026, 11, 30)
    rows = world.query(
        "select party_id, as_of_day, grade, is_active, party_exposure_reporting from marts.mart_credit_rating"
        " where as_of_day in ($1, $2)",
        [then, WORLD_DAY],
    )
    graded = {(row["party_id"], row["as_of_day"]): row for row in rows}
    expected: dict[tuple[str, str], tuple[int, Decimal]] = {}
    for (party, day), now in graded.items():
        if day != WORLD_DAY:
            continue
        before = graded.get((party, then), {"grade": "(new)", "is_active": False})
        if now["is_active"] or before["is_active"]:
            move = (before["grade"], now["grade"])
            count, exposure = expected.get(move, (0, D(0)))
            expected[move] = (count + 1, exposure + now["party_exposure_reporting"])
    found = world.query(
        "select grade_from, grade_to, party_count, exposure_to_reporting from marts.mart_rating_migration"
        " where period_end = $1 and months_back = $2",
        [WORLD_DAY, months_back],
    )
    assert {
        (row["grade_from"], row["grade_to"]): (row["party_count"], row["exposure_to_reporting"])
        for row in found
    } == expected


@pytest.fixture(scope="module")
def october(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    """The middle of a month; manual grades that lack something, which a refresh would not publish."""
    extracts = Extracts([SourcePlan("erp", (date(2026, 10, 15),))], gates=LENIENT_GATES)
    climbing(extracts)
    for case, columns in FAULTS.items():
        graded(extracts.books(f"CR-FAULT-{case}", country="CN"))
        row = {"valid_from": "2026-09-30", "valid_to": "2027-03-30", **columns}
        decided(extracts, f"CR-FAULT-{case}", "D", **row)
    warehouse = build(extracts.write(tmp_path_factory.mktemp("october")))
    yield warehouse
    warehouse.close()


def test_between_month_ends_nobody_rises(october: Warehouse) -> None:
    row = _rating(october, "CLIMB", date(2026, 10, 15))
    # on 31 October it would be B
    assert (row["is_month_end"], row["deserved_grade"], row["grade"]) == (False, "B", "C")


@pytest.mark.parametrize("case", FAULTS)
def test_a_manual_grade_counts_only_with_reason_author_approver_and_expiry(
    october: Warehouse, case: str
) -> None:
    assert _rating(october, f"FAULT-{case}", date(2026, 10, 15))["decided_by"] != "manual"
