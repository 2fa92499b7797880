"""Warning rules are data: a company changes, switches off and adds rules by files. And the track record, by hand.

Belongs here: a policy folder with rules of its own, mart_warning_backtest, mart_warning_volume, E02. Must not: what the
shipped rules say of a customer (test_risk_warning.py).
"""

import csv
import io
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from orchestration.cli import main
from tests.kit import D, Extracts, SourcePlan, Warehouse, build
from tests.kit.office import open_office
from tests.kit.warehouse import RefreshFailed
from tests.kit.worlds import LENIENT_GATES, WORLD_DAY, made

POLICY = Path(__file__).parents[2] / "dbt" / "seeds" / "policy"
VERSION = {"policy_version": "house-2026", "approved_by": "CFO", "approved_on": "2026-01-15"}


def _shipped(table: str) -> list[dict[str, str]]:
    with (POLICY / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _house_policy(extracts: Extracts) -> None:
    """P01 is switched off, B02 begins at a tenth of the floor, and HOUSE is a rule of the company's own."""
    rules = _shipped("policy_warning_rule")
    for rule in rules:
        if rule["rule_id"] == "P01":
            rule["is_active"] = "false"
    (like,) = [rule for rule in rules if rule["rule_id"] == "B02"]
    house = {
        **like,
        "rule_id": "HOUSE",
        "family": "process",
        "name_zh": "本公司规则",
        "name_en": "rule of the house",
        "severity": "notice",
        "floor": "none",
        **VERSION,
    }
    conditions = _shipped("policy_warning_condition")
    for condition in conditions:
        if condition["rule_id"] == "B02":
            condition["factor"] = "0.1" if condition["clause"] == "open" else "0.05"
            condition.update(VERSION)
    blank = dict.fromkeys(conditions[0], "") | {"rule_id": "HOUSE", "alternative_no": "1", **VERSION}
    own = [
        blank | {"clause": "open", "measure": "gross_receivable", "comparison": ">=", "addend": "500"},
        blank | {"clause": "warning", "measure": "net_overdue_7", "comparison": ">", "addend": "0"},
    ]
    extracts.policy["policy_warning_rule"] = [*rules, house]
    extracts.policy["policy_warning_condition"] = [*conditions, *own]
    text = {
        "rule_id": "HOUSE",
        "message_zh": "欠款{gross_receivable}。",
        "message_en": "It's {gross_receivable} that is owed.",
        "action_zh": "",
        "action_en": "",
        **VERSION,
    }
    extracts.policy["policy_warning_text"] = [*_shipped("policy_warning_text"), text]


@pytest.fixture(scope="module")
def house(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    """A group of one company that works by rules of its own."""
    extracts = Extracts([SourcePlan("erp", (WORLD_DAY,))], gates=LENIENT_GATES)
    _house_policy(extracts)
    books = extracts.books("HSE", country="CN", customers=("LARGE", "HIT", "MISS", "YOUNG", "CASH", "FIRST"))
    # history begins with June 2025: 579 days to the last day of 2026
    books.invoice("FIRST", "400.00", "2025-06-01", due="2025-06-30", customer_id="FIRST")
    books.receipt("R-FIRST", "400.00", "2025-06-30", customer_id="FIRST")
    books.allocation("A-FIRST", "400.00", "2025-06-30", used="receipt:R-FIRST", settles="document:FIRST")
    for customer, amount, due in (
        ("LARGE", "1000000.00", "2026-05-31"),
        ("HIT", "30000.00", "2026-03-31"),
        ("MISS", "30000.00", "2026-06-30"),
        ("YOUNG", "30000.00", "2026-11-15"),
        ("CASH", "2000.00", "2026-10-31"),
    ):
        books.invoice(f"INV-{customer}", amount, "2026-03-01", due=due, customer_id=customer)
    books.receipt("R-MISS", "30000.00", "2026-08-15", customer_id="MISS")
    books.allocation("A-MISS", "30000.00", "2026-08-15", used="receipt:R-MISS", settles="document:INV-MISS")
    books.add(
        "credit_event",
        customer_id="LARGE",
        event_date="2026-10-01",
        source="bureau",
        kind="ownership_change",
        value="new majority owner",
    )
    books.receipt("R-CASH", "150000.00", "2026-12-10", customer_id="CASH")
    config = extracts.write(tmp_path_factory.mktemp("house"))
    warehouse = made(config, request=request)
    yield warehouse
    warehouse.close()


def _seen(house: Warehouse, rule: str) -> dict[str, date]:
    rows = house.query(
        "select customer_id, first_seen_on from marts.mart_risk_warning where rule_id = $1", [rule]
    )
    return {row["customer_id"]: row["first_seen_on"] for row in rows}


def test_a_changed_threshold_a_rule_switched_off_and_one_added_are_followed(house: Warehouse) -> None:
    assert _seen(house, "P01") == {}
    # 2,000 is a tenth of the floor: 31 days on 1 December, until cash absorbs it on the 10th
    assert _seen(house, "B02") == {
        "HIT": date(2026, 5, 1),
        "LARGE": date(2026, 7, 1),
        "MISS": date(2026, 7, 31),
        "YOUNG": date(2026, 12, 16),
        "CASH": date(2026, 12, 1),
    }
    # 500 and more from 1 March on; FIRST never owed so much
    assert _seen(house, "HOUSE") == dict.fromkeys(("LARGE", "HIT", "MISS", "YOUNG", "CASH"), date(2026, 3, 1))


def test_a_rule_of_the_house_has_its_levels_its_words_and_its_version(house: Warehouse) -> None:
    (row,) = house.query(
        "select * from marts.mart_risk_warning where rule_id = 'HOUSE' and customer_id = 'LARGE'"
    )
    assert (row["severity"], row["worst_since"]) == ("warning", date(2026, 6, 8))
    assert row["message_en"] == "It's 1.00m that is owed."
    assert row["message_zh"] == "欠款100.0万。"
    assert row["policy_version"] == "house-2026"


def test_e02_a_large_share_of_all_receivables_with_something_overdue(house: Warehouse) -> None:
    (row,) = house.query("select * from marts.mart_risk_warning where rule_id = 'E02'")
    # 1,000,000 of 1,092,000
    assert (row["scope"], row["group_id"], row["first_seen_on"]) == ("group", "HSE|LARGE", date(2026, 6, 1))
    assert (row["severity"], row["party_id"]) == ("severe", None)
    # 30,000 of it were paid in August
    assert row["message_en"] == "94.2% of the group's receivables, 1.00m of it overdue."


def test_backtest_prints_all_rules_and_their_rivals_before_each_rule(
    house: Warehouse, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    office = open_office(house, tmp_path, capsys)
    assert main(["backtest", "--config", str(office.config), "--format", "csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [row["method"] for row in rows[:4]] == [
        "all_rules",
        "largest_net_overdue",
        "net_overdue_30",
        "rule",
    ]
    assert next(row for row in rows if row["rule_id"] == "B02")["precision_rate"] == "0.500000"


def test_g1_the_track_record_counts_defaults_that_followed_within_180_days(house: Warehouse) -> None:
    rows = house.query("select * from marts.mart_warning_backtest")
    record = {row["rule_id"] if row["method"] == "rule" else row["method"]: row for row in rows}
    # in default on the 91st day: HIT on 30 June, LARGE on 30 August, 60 days after B02. MISS and CASH paid, and
    # their warnings are over. YOUNG is neither over nor 180 days old
    b02 = record["B02"]
    assert (b02["episode_count"], b02["judged_count"], b02["hit_count"]) == (5, 4, 2)
    assert (b02["precision_rate"], b02["median_lead_days"]) == (D("0.500000"), 60)
    assert (b02["default_count"], b02["recalled_count"], b02["recall_rate_by_count"]) == (2, 2, 1)
    assert (b02["default_amount_reporting"], b02["recall_rate_by_amount"]) == (D("1030000.00"), 1)
    # five episodes in 579 days
    assert (b02["history_days"], b02["alerts_per_week"]) == (579, D("0.060449"))
    # CASH never owed a floor
    assert record["net_overdue_30"]["precision_rate"] == D("0.666667")
    # LARGE and HIT at the month end after their due date: 30 April and 30 June
    assert record["largest_net_overdue"]["hit_count"] == 2
    b03 = record["B03"]
    assert b03["states_default"] and b03["episode_count"] == 2
    assert (b03["precision_rate"], b03["precision_reason"]) == (None, "states_default")
    assert (b03["recall_rate_by_count"], b03["recall_reason"]) == (None, "states_default")
    b08 = record["B08"]
    assert (b08["precision_rate"], b08["precision_reason"], b08["lead_reason"]) == (
        None,
        "nothing_to_judge",
        "no_hit",
    )


def test_g1_warnings_of_customers_in_default_are_left_out(house: Warehouse) -> None:
    # LARGE had been in default for a month when its owner changed
    (x02,) = house.query("select * from marts.mart_warning_backtest where rule_id = 'X02'")
    assert (x02["episode_count"], x02["timely_count"], x02["precision_rate"]) == (1, 0, None)


def test_a_warning_of_long_ago_recalls_while_it_is_open_and_is_no_hit(house: Warehouse) -> None:
    rows = house.query("select * from marts.mart_warning_backtest where rule_id = 'HOUSE'")
    # the notices of 1 March: HIT defaults after 121 days, LARGE after 182, which is too late for a hit; but the
    # warning was open still
    assert (rows[0]["hit_count"], rows[0]["recalled_count"], rows[0]["median_lead_days"]) == (1, 2, 121)


def test_volume_is_counted_by_week_and_collector(house: Warehouse) -> None:
    weeks = house.query(
        "select week_start, collector, new_warning_count, new_customer_count, active_customer_count,"
        " listed_customer_count from marts.mart_warning_volume order by week_start desc, collector limit 2"
    )
    assert {row["collector"] for row in weeks} == {"(none)", "*"}
    assert all(row["new_warning_count"] >= row["new_customer_count"] > 0 for row in weeks)


def _unknown_measure() -> tuple[str, list[dict[str, str]]]:
    conditions = _shipped("policy_warning_condition")
    conditions[0]["measure"] = "net_overdue_31; drop table x"
    return "policy_warning_condition", conditions


def _second_text() -> tuple[str, list[dict[str, str]]]:
    texts = _shipped("policy_warning_text")
    return "policy_warning_text", [*texts, {**texts[0], "message_en": "Something else.", **VERSION}]


@pytest.mark.parametrize(
    ("mistake", "said"),
    [
        (_unknown_measure, ("no such measure of subject party. Fix: write one of", "net_overdue_30")),
        (_second_text, ("two rows are in force on the as-of date. Fix: end one with valid_to.",)),
    ],
)
def test_a_mistake_in_the_rules_says_where_it_is_and_what_to_write(
    tmp_path: Path, mistake: Callable[[], tuple[str, list[dict[str, str]]]], said: tuple[str, ...]
) -> None:
    extracts = Extracts([SourcePlan("erp", (WORLD_DAY,))])
    extracts.books("BAD").invoice("INV1", "100.00", "2026-11-01", due="2026-11-30")
    table, rows = mistake()
    extracts.policy[table] = rows
    with pytest.raises(RefreshFailed) as failed:
        build(extracts.write(tmp_path))
    message = str(failed.value)
    assert f"{table}.csv, rule {rows[0]['rule_id']}" in message
    for words in said:
        assert words in message
