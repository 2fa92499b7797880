"""Scenario oracles: figures that other systems' own tests assert, through generic extracts and the real pipeline.

Belongs here: comparing the figures of scenarios of kind aging, allocation, fx and schedule. Must not: scenarios of
other kinds, or rules.

Peers put bucket edges elsewhere, so a peer's bucket is worked out from our days past due with its own edges.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.kit import D, Extracts, Movement, OpenItem, SourcePlan, Warehouse, refresh
from tests.kit.scenarios import Scenario, deliver, load_scenarios
from tests.kit.shared import needs_shared
from tests.kit.worlds import WORLD_DAY

pytestmark = [pytest.mark.shared, needs_shared("oracles", "scenarios")]

# scenario -> label of a figure -> the rule by which Arrears differs on purpose
ON_PURPOSE: dict[str, dict[str, str]] = {}

SNAPSHOTS = [
    pytest.param(scenario, index, id=f"{scenario.name}-{index}")
    for scenario in load_scenarios()
    for index in range(len(scenario.snapshots))
]


@dataclass(frozen=True)
class Figure:
    """One compared figure."""

    label: str
    expected: object
    actual: object

    @property
    def agrees(self) -> bool:
        return self.expected == self.actual


@pytest.fixture(scope="module")
def scenarios(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    """Every scenario and step, each a company, in one refresh."""
    extracts = Extracts([SourcePlan("erp", (WORLD_DAY,))], time_zone="UTC", reporting_currency="USD")
    for scenario in load_scenarios():
        deliver(scenario, extracts)
    warehouse = refresh(extracts.write(tmp_path_factory.mktemp("scenarios")))
    yield warehouse
    warehouse.close()


@dataclass(frozen=True)
class View:
    """What Arrears says on the day of one snapshot."""

    scenario: Scenario
    snapshot: Mapping[str, Any]
    items: tuple[OpenItem, ...]
    document_dates: Mapping[str, date]

    def age(self, item: OpenItem) -> int:
        if self.scenario.settings(self.snapshot).get("ageing_basis") == "document_date":
            return (date.fromisoformat(self.snapshot["as_of"]) - self.document_dates[item.document_id]).days
        assert item.days_past_due is not None
        return item.days_past_due

    def bucket(self, item: OpenItem) -> str | None:
        """The peer's bucket; None where its scheme has none for this age."""
        age = self.age(item)
        for bucket in self.scenario.settings(self.snapshot)["buckets"]:
            low, high = bucket["from_days"], bucket["to_days"]
            if (low is None or low <= age) and (high is None or age <= high):
                return str(bucket["name"])
        return None

    def of(self, document_id: str) -> list[OpenItem]:
        return [item for item in self.items if item.document_id == document_id]


def _view(scenario: Scenario, snapshot: Mapping[str, Any], warehouse: Warehouse) -> View:
    step = snapshot.get("step")
    items = warehouse.open_items(snapshot["as_of"], company=scenario.company(step), with_closed=True)
    dates = {
        document_id: date.fromisoformat(document["document_date"])
        for document_id, document in scenario.documents(step).items()
    }
    return View(scenario, snapshot, tuple(items), dates)


def _sum(items: list[OpenItem], value: Callable[[OpenItem], Decimal | None]) -> Decimal:
    return sum((value(item) or D(0) for item in items), D("0.00"))


def _document(item: OpenItem) -> Decimal | None:
    return item.document


def _functional(item: OpenItem) -> Decimal | None:
    return item.functional


AMOUNTS: dict[str, Callable[[OpenItem], Decimal | None]] = {"open": _document, "open_functional": _functional}


def _figures(view: View) -> Iterator[Figure]:
    yield from _documents(view)
    yield from _instalments(view)
    yield from _customers(view)
    yield from _totals(view)
    yield from _ages_and_buckets(view)


def _documents(view: View) -> Iterator[Figure]:
    snapshot = view.snapshot
    for block, value in AMOUNTS.items():
        expected: dict[str, str] = dict(snapshot.get(block, {}))
        if block == "open" and snapshot.get("open_complete"):
            others = view.document_dates.keys() - expected.keys()
            expected |= dict.fromkeys(sorted(others), "0.00")
        for document_id, amount in expected.items():
            yield Figure(f"{block} {document_id}", D(amount), _sum(view.of(document_id), value))


def _instalments(view: View) -> Iterator[Figure]:
    for block, value in (("instalments_open", _document), ("instalments_open_functional", _functional)):
        for document_id, amounts in view.snapshot.get(block, {}).items():
            rows = {item.instalment_no: value(item) for item in view.of(document_id)}
            actual = [rows.get(number, D("0.00")) for number in view.scenario.instalments(document_id)]
            yield Figure(f"{block} {document_id}", [D(amount) for amount in amounts], actual)


def _customers(view: View) -> Iterator[Figure]:
    customers: dict[str, dict[str, str]] = dict(view.snapshot.get("customers", {}))
    if view.snapshot.get("customers_complete"):
        others = {item.customer_id for item in view.items} - customers.keys()
        customers |= {customer: {"open": "0.00"} for customer in sorted(others)}
    for customer, amounts in customers.items():
        items = [item for item in view.items if item.customer_id == customer]
        for block, amount in amounts.items():
            yield Figure(f"customer {customer} {block}", D(amount), _sum(items, AMOUNTS[block]))


def _totals(view: View) -> Iterator[Figure]:
    items = list(view.items)
    overdue = [item for item in items if item.is_open and view.age(item) >= 1]
    actual = {
        "open": _sum(items, _document),
        "open_functional": _sum(items, _functional),
        "overdue": _sum([item for item in overdue if item.document > 0], _functional),
        "overdue_net": _sum(overdue, _functional),
    }
    for block, amount in view.snapshot.get("totals", {}).items():
        if block == "bucketed":
            bucketed = [item for item in items if item.is_open and view.bucket(item) is not None]
            actual["bucketed"] = _sum(bucketed, _functional)
        yield Figure(f"total {block}", D(amount), actual[block])


def _ages_and_buckets(view: View) -> Iterator[Figure]:
    for document_id, age in view.snapshot.get("ages", {}).items():
        yield Figure(f"age {document_id}", {age}, {view.age(item) for item in view.of(document_id)})
    for document_id, bucket in view.snapshot.get("doc_bucket", {}).items():
        yield Figure(f"bucket {document_id}", {bucket}, {view.bucket(item) for item in view.of(document_id)})
    expected = view.snapshot.get("buckets")
    if expected is None:
        return
    names = [bucket["name"] for bucket in view.scenario.settings(view.snapshot)["buckets"]]
    for customer in sorted({item.customer_id for item in view.items} | expected.keys()):
        items = [item for item in view.items if item.customer_id == customer and item.is_open]
        for name in names:
            amount = _sum([item for item in items if view.bucket(item) == name], _functional)
            yield Figure(
                f"buckets {customer} {name}", D(expected.get(customer, {}).get(name, "0.00")), amount
            )


@pytest.mark.parametrize(("scenario", "index"), SNAPSHOTS)
def test_a_snapshot_agrees_with_its_oracle(scenarios: Warehouse, scenario: Scenario, index: int) -> None:
    figures = list(_figures(_view(scenario, scenario.snapshots[index], scenarios)))
    assert figures, "a snapshot without a comparable figure would pass whatever the warehouse said"
    allowed = ON_PURPOSE.get(scenario.name, {})
    assert [figure for figure in figures if not figure.agrees and figure.label not in allowed] == []
    outdated = [figure.label for figure in figures if figure.agrees and figure.label in allowed]
    assert outdated == [], "listed as different on purpose, but they agree"


def test_the_number_of_compared_figures_is_that_of_the_oracles(
    scenarios: Warehouse, capsys: pytest.CaptureFixture[str]
) -> None:
    counts: dict[str, int] = {}
    for scenario in load_scenarios():
        for snapshot in scenario.snapshots:
            for figure in _figures(_view(scenario, snapshot, scenarios)):
                block = figure.label.split(" ")[0]
                counts[block] = counts.get(block, 0) + 1
    with capsys.disabled():
        print(f"\nscenario figures compared: {sum(counts.values())} {counts}")
    assert len(load_scenarios()) == 34
    assert counts["open"] + counts["open_functional"] >= 90
    assert counts["instalments_open"] + counts["instalments_open_functional"] >= 10


REALISED = [
    pytest.param(scenario, row, id=f"{scenario.name}-{row['from_document']}")
    for scenario in load_scenarios()
    for row in scenario.expected.get("realised_fx", ())
]


@pytest.mark.parametrize(("scenario", "row"), REALISED)
def test_the_exchange_result_of_a_settlement_agrees_with_its_oracle(
    scenarios: Warehouse, scenario: Scenario, row: Mapping[str, str]
) -> None:
    pair = (row["from_document"], row["to_document"])
    steps = [
        step
        for step in scenario.steps
        if pair in {(a["from_document"], a["to_document"]) for a in scenario.allocations(step)}
    ]
    assert steps
    for step in steps:
        differences = scenarios.movements(company=scenario.company(step), item=pair[1], kind="fx_difference")
        assert sum((m.functional or D(0) for m in differences), D(0)) == D(row["amount"])
        assert {m.document for m in differences} == {D("0.00")}
        if "date" in row:
            assert {m.effective_date for m in differences} == {date.fromisoformat(row["date"])}


def _scenario(name: str) -> Scenario:
    return next(scenario for scenario in load_scenarios() if scenario.name == name)


def _by_kind(movements: list[Movement], *, functional: bool = True) -> dict[str, Decimal]:
    totals: dict[str, Decimal] = {}
    for movement in movements:
        amount = movement.functional if functional else movement.document
        totals[movement.kind] = totals.get(movement.kind, D("0.00")) + (amount or D(0))
    return {kind: amount for kind, amount in totals.items() if amount}


@pytest.mark.parametrize(
    ("name", "block", "amount"),
    [
        ("erpnext_ar_journal_without_party", "by_control_account", "open_amount_functional"),
        (
            "erpnext_ar_two_receivable_currencies",
            "by_control_account_document_currency",
            "open_amount_document",
        ),
    ],
)
def test_open_amounts_per_control_account_agree(
    scenarios: Warehouse, name: str, block: str, amount: str
) -> None:
    scenario = _scenario(name)
    rows = scenarios.query(
        f"""
        select document.control_account, cast(sum(item.{amount}) as decimal(18, 2)) as amount
        from marts.open_items_as_of(date '2026-06-30') as item
        inner join marts.fct_document as document using (company_code, document_id)
        where company_code = $1
        group by document.control_account
        """,
        [scenario.company(None)],
    )
    expected = {account: D(figure) for account, figure in scenario.expected[block].items()}
    assert {row["control_account"]: row["amount"] for row in rows} == expected


def test_instalment_rows_show_what_was_paid_and_what_was_credited(scenarios: Warehouse) -> None:
    scenario = _scenario("erpnext_ar_instalments_payment_then_applied_credit")
    for number, row in enumerate(scenario.expected["instalment_rows_after_step_3"], start=2):
        movements = scenarios.movements(company=scenario.company(3), item=f"INV1#{number}")
        kinds = _by_kind(movements, functional=False)
        assert kinds.get("billed") == D(row["invoiced"])
        assert -kinds.get("cash", D(0)) == D(row["paid"])
        assert -kinds.get("credit_note", D(0)) == D(row["credited"])
        assert sum(kinds.values()) == D(row["open"])


def test_cash_and_exchange_difference_together_relieve_the_receivable(scenarios: Warehouse) -> None:
    scenario = _scenario("erpnext_reconcile_fx_loss_excess_payment")
    kinds = _by_kind(scenarios.movements(company=scenario.company(None), item="INV1"))
    expected = scenario.expected["receivable_credited_functional"]
    assert -kinds["cash"] == D(expected["cash"])
    assert -kinds["fx_difference"] == D(expected["exchange_difference_journal"])
    assert -(kinds["cash"] + kinds["fx_difference"]) == D(expected["total"])


def test_cash_discount_and_exchange_loss_are_three_movements(scenarios: Warehouse) -> None:
    scenario = _scenario("erpnext_payment_early_discount")
    names = {"cash": "cash", "discount": "discount", "fx_difference": "exchange_loss"}
    for document_id, expected in scenario.expected["ledger_functional"].items():
        kinds = _by_kind(scenarios.movements(company=scenario.company(None), item=document_id))
        kinds.pop("billed")
        assert {names[kind]: -amount for kind, amount in kinds.items()} == {
            name: D(amount) for name, amount in expected.items()
        }


def test_the_value_consumed_per_term_agrees(scenarios: Warehouse) -> None:
    scenario = _scenario("erpnext_order_terms_consumed_in_order")
    for row in scenario.expected["term_status"]:
        number = scenario.instalments(row["order"])[row["due"] != "2021-06-30"]
        item = row["order"] if number == 1 else f"{row['order']}#{number}"
        consumed = scenarios.movements(company=scenario.company(None), item=item, kind="credit_note")
        if "covered" in row:
            assert sum((-m.document for m in consumed), D(0)) == D(row["covered"])
        else:
            assert sum((-(m.functional or D(0)) for m in consumed), D(0)) == D(row["covered_functional"])


def test_the_count_of_overdue_items_agrees(scenarios: Warehouse) -> None:
    scenario = _scenario("oca_overdue_warning_count_and_amount")
    items = scenarios.open_items("2026-06-30", company=scenario.company(None))
    overdue = [item for item in items if item.document > 0 and (item.days_past_due or 0) >= 1]
    assert len(overdue) == scenario.expected["overdue_count"]


def test_the_summary_ties_to_the_ledger(scenarios: Warehouse) -> None:
    scenario = _scenario("erpnext_summary_ties_to_ledger")
    (row,) = scenarios.tie_out(company=scenario.company(1))
    assert row["gl_balance"] == D(scenario.expected["ledger_tie_out"]["ledger_balance"])
    assert row["difference"] == D(scenario.expected["ledger_tie_out"]["difference"])
