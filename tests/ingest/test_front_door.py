"""The front door judges the profile of a delivery before its load commits."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ingest.contract import Entity, load_contract
from ingest.front_door import RUNS_KEPT, FrontDoor, expectations_of, profile_frame
from ingest.home import Home
from ingest.landing.profile_frame import DeliveryProfile
from ingest.landing.records import Verdict
from tests.ingest.landing.world import CUSTOMER, DOCUMENT, World, document, documents, table

RECEIPT = load_contract().entity("receipt")


def profile(**changes: Any) -> DeliveryProfile:
    dates = [column.name for column in RECEIPT.public_columns if column.type == "date"]
    good = DeliveryProfile(
        delivery="erp receipt",
        rows_read=10,
        rows_rejected=0,
        rejected_share=0.0,
        rows_unexplained=0,
        unexplained_minor=0,
        null_counts={column.name: 0 for column in RECEIPT.required_columns},
        first_dates=dict.fromkeys(dates, 0) | {"receipt_date": 20260101},
        last_dates=dict.fromkeys(dates, 0) | {"receipt_date": 20260131},
        minor_sums={"amount": 10**17, "functional_amount": -5},
    )
    return replace(good, **changes)


@pytest.fixture(scope="module")
def front_door(tmp_path_factory: pytest.TempPathFactory) -> FrontDoor:
    return FrontDoor(Home(tmp_path_factory.mktemp("home")).ensure())


def test_each_delivery_gets_its_own_verdict_and_the_docs_are_written(
    front_door: FrontDoor, tmp_path: Path
) -> None:
    profiles = [
        profile(),
        profile(rows_unexplained=1),
        profile(rows_rejected=1, reasons={"bad_date": 1}),
        profile(unexplained_minor=-1),
        profile(null_counts=profile().null_counts | {"amount": 3}),
        profile(last_dates=profile().last_dates | {"receipt_date": 22000101}),
        profile(minor_sums={"amount": 2**80, "functional_amount": 0}),
    ]
    verdicts = front_door.judge(RECEIPT, profiles)
    assert [verdict.is_accepted for verdict in verdicts] == [True, False, True, False, False, False, False]
    assert verdicts[0].problems == () and json.loads(verdicts[0].text)["success"] is True
    assert "every row" in verdicts[1].problems[0]
    assert [failed["severity"] for failed in json.loads(verdicts[2].text)["failed"]] == ["warning"]
    front_door.publish()
    docs = front_door._home.data_docs
    (run,) = [path for path in docs.iterdir() if path.name[0].isdigit()]
    assert "receipt" in (run / "index.html").read_text(encoding="utf-8")
    assert (run / "static").resolve() == (docs / "static").resolve()


def test_every_required_column_date_and_amount_has_an_expectation() -> None:
    for entity in load_contract().entities.values():
        columns = {expectation.column for expectation in expectations_of(entity)}
        assert {f"nulls_{column.name}" for column in entity.required_columns} <= columns
        assert {f"last_{c.name}" for c in entity.public_columns if c.type == "date"} <= columns
        assert {f"minor_{c.name}" for c in entity.public_columns if c.type == "money"} <= columns


def test_t39_sums_are_whole_minor_units_and_never_floats() -> None:
    frame = profile_frame(
        [profile(minor_sums={"amount": 900719925474099301, "functional_amount": 1})], entity=RECEIPT
    )
    assert str(frame["minor_amount"].dtype) == "int64"
    assert int(frame["minor_amount"].iloc[0]) == 900719925474099301


class Recording:
    """An audit that keeps what it was shown, and turns deliveries away on demand."""

    def __init__(self, *, refuse: int | None = None) -> None:
        self.calls: list[tuple[str, list[DeliveryProfile]]] = []
        self._refuse = refuse

    def __call__(self, entity: Entity, profiles: Sequence[DeliveryProfile]) -> Sequence[Verdict]:
        self.calls.append((entity.name, list(profiles)))
        verdicts = [Verdict(True, '{"success": true}') for _ in profiles]
        if self._refuse is not None:
            verdicts[self._refuse] = Verdict(False, '{"success": false}', ("it must be good",))
            self._refuse = None
        return verdicts


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.delenv("ARREARS_HOME", raising=False)
    return World(tmp_path)


def test_an_entity_is_judged_once_per_refresh_over_all_its_deliveries(world: World) -> None:
    audit = Recording()
    world.audit = audit
    for day in ("2026-01-31", "2026-02-01"):
        world.deliver(day, documents(1, day))
    world.deliver("2026-01-31", table(CUSTOMER, "CN01,C1,One"), name="customer.csv")
    world.land()
    assert [(name, len(profiles)) for name, profiles in audit.calls] == [("document", 2), ("customer", 1)]


def test_the_profile_explains_every_row_and_every_cent(world: World) -> None:
    audit = Recording()
    world.audit = audit
    world.source["reject_threshold"] = 0.9
    lines = (
        document(1),
        document(1),
        document(2, amount="-30.50"),
        document(3, kind="x"),
        document(4),
        document(4, amount="1"),
    )
    world.deliver("2026-01-31", table(DOCUMENT, *lines, "ragged"))
    world.land()
    ((_, (found,)),) = audit.calls
    assert (found.rows_read, found.rows_rejected, found.rows_unexplained, found.unexplained_minor) == (
        7,
        4,
        0,
        0,
    )
    assert found.reasons == {"bad_code": 1, "ragged_row": 1, "conflicting_key": 2}
    assert (found.first_dates["document_date"], found.first_dates["due_date"]) == (20260131, 0)
    assert found.minor_sums["amount"] == 10000 + 10000 + 3050 + 10000 + 100


def test_a_delivery_turned_away_lands_nothing_and_what_follows_is_compared_anew(world: World) -> None:
    world.audit = Recording(refuse=1)
    for day, numbers in (("2026-01-31", (1,)), ("2026-02-01", (1, 2)), ("2026-02-02", (1, 2, 3))):
        world.deliver(day, documents(*numbers))
    report = world.land()
    assert [refusal.reason_code for refusal in report.refused] == ["front_door"]
    assert [load.rows_landed for load in report.loads] == [1, 2]
    assert len(world.parquet_files()) == 2
    assert world.live() == {"1", "2", "3"}


def test_a_lowered_front_door_lands_and_keeps_the_verdict(world: World) -> None:
    world.audit = Recording(refuse=0)
    world.top["gates"] = {"front_door": "warn"}
    world.deliver("2026-01-31", documents(1))
    report = world.land()
    assert not report.refused
    assert [load.verdict for load in report.loads] == ['{"success": false}']


def test_the_real_front_door_accepts_a_good_delivery_and_keeps_thirty_runs(world: World) -> None:
    from ingest.landing import land_sources

    docs = world.home / "data_docs"
    for number in range(RUNS_KEPT + 2):
        (docs / f"20250101T0000{number:02d}").mkdir(parents=True)
    world.deliver("2026-01-31", documents(1))
    report = land_sources(world.settings)
    (load,) = report.loads
    assert load.verdict is not None and json.loads(load.verdict)["success"] is True
    runs = sorted(path.name for path in docs.iterdir() if path.name != "static")
    assert len(runs) == RUNS_KEPT and runs[-1].startswith("2026")
