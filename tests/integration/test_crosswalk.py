"""From two ids in an extract to one party in a release, by way of a file that a person fills in.

Belongs here: the whole way with the real pipeline and command line. Must not: which reasons propose a pair.
"""

import contextlib
import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from orchestration.cli import main
from tests.kit import D, Extracts, SourcePlan, Warehouse, refresh
from tests.kit.worlds import WORLD_DAY

TAX_ID = "91320594MA1000001X"
SUM_BY_PARTY = (
    "select customer.party_id, sum(aging.net_amount_functional) as net from marts.mart_aging_customer as aging"
    " inner join marts.dim_customer as customer using (company_code, customer_id)"
    " where aging.scheme = 'standard' and aging.receivable_class = 'trade' group by customer.party_id"
)
BALANCES = "select * from marts.mart_aging_customer order by all"


@dataclass
class Decided:
    """A release before and one after two pairs were decided, and what was printed between."""

    config: Path
    before: Warehouse
    after: Warehouse
    proposed: list[dict[str, Any]]
    rows: list[dict[str, str]]

    @property
    def file(self) -> Path:
        return self.config.parent / "crosswalk.csv"


def _propose(config: Path, *options: str) -> list[dict[str, Any]]:
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        assert main(["crosswalk", "--config", str(config), "--format", "json", *options]) == 0
    found: list[dict[str, Any]] = json.loads(said.getvalue())
    return found


def _read(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as opened:
        return list(csv.DictReader(opened))


def _write(file: Path, rows: list[dict[str, str]]) -> None:
    with file.open("w", encoding="utf-8-sig", newline="") as opened:
        writer = csv.DictWriter(opened, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture(scope="module")
def decided(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Decided]:
    """00123 and 123 are confirmed, X9 of the other company joins them, and 0007 is decided not to be 7."""
    extracts = Extracts([SourcePlan("erp", (WORLD_DAY,))], settings={"crosswalk": "crosswalk.csv"})
    books = extracts.books("CN01", customers=())
    books.customer("00123", name="远衡工业设备（苏州）有限公司", tax_id=TAX_ID, onboarded_on="2020-01-01")
    books.customer("123", name="远衡设备", tax_id=TAX_ID, onboarded_on="2021-01-01")
    books.customer("0007", name="甲工厂")
    books.customer("7", name="乙工厂")
    books.invoice("INV1", "100.00", "2026-11-01", due="2026-11-30", customer_id="00123")
    books.invoice("INV2", "40.00", "2026-11-01", due="2026-11-30", customer_id="123")
    books.invoice("INV3", "7.00", "2026-11-01", due="2026-11-30", customer_id="7")
    # a customer that only an item names
    books.invoice("INV4", "5.00", "2026-11-01", due="2026-11-30", customer_id="888")
    other = extracts.books("CN02", customers=())
    other.customer("X9", name="远衡工业设备(苏州)有限责任公司", onboarded_on="2022-01-01")
    other.invoice("INV1", "60.00", "2026-11-01", due="2026-11-30", customer_id="X9")
    folder = tmp_path_factory.mktemp("crosswalk")
    config = extracts.write(folder)
    text = config.read_text(encoding="utf-8")
    config.write_text(text.replace("crosswalk: crosswalk.csv\n", ""), encoding="utf-8")
    before = refresh(config)
    config.write_text(text, encoding="utf-8")
    file = folder / "crosswalk.csv"
    proposed = _propose(config, "--out", str(file))
    rows = _read(file)
    for row in rows:
        pair = {row["customer_id"], row["party_id"]}
        row["decision"] = "different" if pair == {"0007", "7"} else "same"
        row["decided_by"], row["decided_on"] = "credit control", "2026-12-31"
    # a typo: nobody is called so
    typo = {"company_code": "CN01", "customer_id": "00456", "party_company_code": "CN01", "party_id": "00123"}
    _write(file, [*rows, rows[0] | typo | {"decision": "same"}])
    after = refresh(config)
    result = Decided(config, before, after, proposed, rows)
    yield result
    before.close()
    after.close()


def test_every_reason_of_a_pair_is_proposed_and_zeros_are_kept(decided: Decided) -> None:
    reasons = {(row["customer_id"], row["party_id"]): row["reasons"] for row in decided.proposed}
    assert reasons == {
        ("123", "00123"): ["tax_id", "leading_zeros"],
        ("X9", "00123"): ["name"],
        ("7", "0007"): ["leading_zeros"],
    }
    assert TAX_ID not in str(decided.proposed)
    assert {row["customer_id"] for row in decided.rows} == {"123", "X9", "7"}


def test_a_confirmed_customer_has_the_party_and_nothing_else_has_changed(decided: Decided) -> None:
    sql = "select company_code || '|' || customer_id as id, party_id, party_name from marts.dim_customer"
    own = {row["id"]: row["party_id"] for row in decided.before.query(sql)}
    assert own == {customer: customer for customer in own}
    found = {row["id"]: (row["party_id"], row["party_name"]) for row in decided.after.query(sql)}
    party = ("CN01|00123", "远衡工业设备（苏州）有限公司")
    assert found == {
        "CN01|00123": party,
        "CN01|123": party,
        "CN02|X9": party,
        "CN01|0007": ("CN01|0007", "甲工厂"),
        "CN01|7": ("CN01|7", "乙工厂"),
        "CN01|888": ("CN01|888", "888"),
    }


def test_items_balances_and_aging_keep_the_id_of_the_source(decided: Decided) -> None:
    assert decided.after.query(BALANCES) == decided.before.query(BALANCES) != []
    day = WORLD_DAY
    for company in ("CN01", "CN02"):
        assert decided.after.open_items(day, company=company) == decided.before.open_items(
            day, company=company
        )


def test_a_sum_by_party_counts_each_customer_once(decided: Decided) -> None:
    found = {row["party_id"]: row["net"] for row in decided.after.query(SUM_BY_PARTY)}
    # 100 + 40 of CN01 and 60 of CN02
    assert found == {"CN01|00123": D("200.00"), "CN01|7": D("7.00"), "CN01|888": D("5.00")}


def test_an_id_that_no_delivery_names_is_a_warning_of_the_release(decided: Decided) -> None:
    found = decided.after.findings("unknown_crosswalk_customer", company="CN01")
    assert [row["record_id"] for row in found] == ["00456"]
    gates = {gate.gate: gate.status for gate in decided.after.outcome.gates}
    assert (gates["unknown_crosswalk_customer"], gates["customer_party"]) == ("warned", "passed")


def test_what_is_decided_is_not_proposed_again_and_the_file_keeps_its_decisions(
    decided: Decided, capsys: pytest.CaptureFixture[str]
) -> None:
    content = decided.file.read_bytes()
    assert _propose(decided.config, "--out", str(decided.file)) == []
    assert decided.file.read_bytes() == content
    assert main(["crosswalk", "--config", str(decided.config)]) == 0
    assert "CN01|00456" in capsys.readouterr().err


def test_new_pairs_come_behind_what_is_decided(decided: Decided, tmp_path: Path) -> None:
    mine = tmp_path / "mine.csv"
    mine.write_text(
        "company_code,customer_id,party_company_code,party_id,decision\nCN01,7,CN01,0007,different\n"
    )
    config = tmp_path / "arrears.yml"
    home = decided.config.parent / "home"
    text = decided.config.read_text(encoding="utf-8").replace("crosswalk: crosswalk.csv\n", "")
    config.write_text(text.replace("./home", str(home)), encoding="utf-8")
    assert len(_propose(config, "--out", str(mine))) == 2
    lines = mine.read_text(encoding="utf-8").splitlines()
    assert lines[1] == "CN01,7,CN01,0007,different"
    assert [line.split(",")[1] for line in lines[2:]] == ['"123"', '"X9"']
    # asked again, the open ones are printed, and written once
    assert len(_propose(config, "--out", str(mine))) == 2
    assert mine.read_text(encoding="utf-8").splitlines() == lines


def test_a_refresh_with_a_wrong_file_publishes_nothing_and_names_line_and_fix(
    decided: Decided, capsys: pytest.CaptureFixture[str]
) -> None:
    content = decided.file.read_bytes()
    try:
        decided.file.write_bytes(content + b"CN01,00123,CN01,123,,same,,\n")
        assert main(["refresh", "--config", str(decided.config)]) == 1
        error = capsys.readouterr().err
        assert "closes the circle" in error
        assert "crosswalk.csv:6" in error
        assert "Fix: " in error
        assert "traceback" not in error
        assert main(["doctor", "--config", str(decided.config)]) == 1
    finally:
        decided.file.write_bytes(content)
    assert refresh(decided.config).outcome.status == "nothing_new"
