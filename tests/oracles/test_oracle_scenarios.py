"""The oracle against figures that other systems' tests and published examples assert.

Belongs here: one test per scenario of kind aging, allocation, fx or schedule. Does not: the pipeline; here
the rules themselves are on trial.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from tests.kit.shared import needs_shared, shared_folder
from tests.oracles.knowledge import Delivery
from tests.oracles.money import round_half_away
from tests.oracles.oracle import Known, Leg, Oracle

SCENARIOS = shared_folder() / "oracles" / "scenarios"
KINDS = ("aging", "allocation", "fx", "schedule")
COMPANY = "S0001"
KNOWN_AT = datetime(2030, 1, 1)
Scenario = dict[str, Any]
TextRow = dict[str, str | None]


def load() -> list[Scenario]:
    """The scenarios that concern the ledger; none where the shared folder is absent."""
    if not SCENARIOS.is_dir():
        return []
    found = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(SCENARIOS.glob("*.json"))]
    return [scenario for scenario in found if scenario["kind"] in KINDS]


def is_seen(thing: Scenario, step: int | None) -> bool:
    """Whether a snapshot with this step sees an object."""
    if step is None:
        return "void_step" not in thing
    return int(thing.get("step", 0)) <= step and not int(thing.get("void_step", step + 1)) <= step


def is_receipt(document: Scenario) -> bool:
    return document["document_type"] in ("payment", "refund")


def functional_text(document: Scenario, scenario: Scenario) -> str | None:
    """The functional amount that the scenario fixes, by itself or by its rate."""
    if document.get("functional_amount"):
        return str(document["functional_amount"])
    if document["currency"] == scenario["functional_currency"] or not document.get("exchange_rate"):
        return None
    return str(round_half_away(Decimal(document["amount"]) * Decimal(document["exchange_rate"])))


def receipt_row(document: Scenario, scenario: Scenario) -> TextRow:
    sign = "-" if document["document_type"] == "refund" else ""
    functional = functional_text(document, scenario)
    return {
        "receipt_id": document["document_id"],
        "customer_id": document["customer_id"],
        "receipt_date": document["document_date"],
        "currency": document["currency"],
        "amount": sign + document["amount"],
        "functional_amount": sign + functional if functional else None,
    }


def document_type(document: Scenario) -> str:
    if document["document_type"] == "journal":
        return "debit_note" if document["side"] == "debit" else "credit_note"
    return str(document["document_type"])


def document_row(document: Scenario, scenario: Scenario) -> TextRow:
    return {
        "document_id": document["document_id"],
        "document_type": document_type(document),
        "customer_id": document["customer_id"],
        "document_date": document["document_date"],
        "due_date": document["due_date"],
        "currency": document["currency"],
        "amount": document["amount"],
        "functional_amount": functional_text(document, scenario),
    }


def allocation_rows(number: int, allocation: Scenario, documents: dict[str, Scenario]) -> Iterator[TextRow]:
    """The application itself and the sinks that came with it."""
    settled, used = documents[allocation["to_document"]], documents[allocation["from_document"]]
    to_kind = "document"
    if is_receipt(settled):
        to_kind = "refund" if settled["document_type"] == "refund" else "receipt"
    elif document_type(settled) == "credit_note":
        to_kind = "credit_note"
    from_kind = "credit_note" if document_type(used) == "credit_note" else "document"
    base = {
        "to_kind": to_kind,
        "to_id": settled["document_id"],
        "allocated_on": allocation["date"],
    }
    yield {
        **base,
        "allocation_id": f"A{number:02}",
        "from_kind": "receipt" if is_receipt(used) else from_kind,
        "from_id": used["document_id"],
        "amount": allocation["amount"],
    }
    for sink in ("discount", "write_off"):
        if allocation.get(sink):
            yield {
                **base,
                "allocation_id": f"A{number:02}-{sink}",
                "from_kind": sink,
                "from_id": None,
                "amount": allocation[sink],
            }


def known(scenario: Scenario, step: int | None) -> Known:
    """What a snapshot sees, as one full delivery."""
    documents = {document["document_id"]: document for document in scenario["documents"]}
    seen = [document for document in documents.values() if is_seen(document, step)]
    present = {document["document_id"] for document in seen}
    rows: dict[str, list[TextRow]] = {
        "customer": [],
        "receipt": [receipt_row(document, scenario) for document in seen if is_receipt(document)],
        "document": [document_row(document, scenario) for document in seen if not is_receipt(document)],
        "instalment": [
            {
                "document_id": document["document_id"],
                "instalment_no": str(part["no"]),
                "due_date": part["due_date"],
                "amount": part["amount"],
            }
            for document in seen
            for part in document.get("instalments", ())
        ],
        "allocation": [
            row
            for number, allocation in enumerate(scenario["allocations"])
            if is_seen(allocation, step)
            and {allocation["from_document"], allocation["to_document"]} <= present
            for row in allocation_rows(number, allocation, documents)
        ],
    }
    delivery = Delivery("full", KNOWN_AT, KNOWN_AT.date(), rows)
    oracle = Oracle(COMPANY, functional_currency=scenario["functional_currency"], deliveries=[delivery])
    return oracle.at(KNOWN_AT)


def realised_exchange(state: Known, used_id: str, settled_id: str) -> Decimal:
    """Rule L6 on the day of an application: new carrying amount - (old - relief of the item used)."""
    result = Decimal("0.00")
    number = 0
    while number < len(state.legs):
        pair = [leg for leg in state.legs[number:] if leg.event == state.legs[number].event]
        before, after = state.legs[:number], state.legs[: number + len(pair)]
        ids = {leg.event.row["from_id"] for leg in pair}, {leg.event.row["to_id"] for leg in pair}
        if len(pair) == 2 and ids == ({used_id}, {settled_id}):
            settled, used = pair[0].thing_id, pair[1].thing_id
            relief = carrying(state, used, after) - carrying(state, used, before)
            result += carrying(state, settled, after) - (carrying(state, settled, before) - relief)
        number += len(pair)
    return result


def carrying(state: Known, thing_id: tuple[str, str], legs: list[Leg]) -> Decimal:
    thing = state.things[thing_id]
    opens = state.open_amounts(thing, [leg for leg in legs if leg.thing_id == thing_id], date.max)
    return sum((functional or Decimal(0) for _, functional in opens.values()), Decimal("0.00"))


def differences(scenario: Scenario) -> Iterator[tuple[str, object, object]]:
    """(what, expected, found) for every figure of a scenario, equal or not."""
    for snapshot in scenario["expected"]["snapshots"]:
        state = known(scenario, snapshot.get("step", 10**6))
        rows = state.ledger(date.fromisoformat(snapshot["as_of"]))
        where = f"{scenario['name']} {snapshot['as_of']} step {snapshot.get('step')}"
        documents: dict[str, Decimal] = {}
        functionals: dict[str, Decimal] = {}
        customers: dict[str, Decimal] = {}
        customers_functional: dict[str, Decimal] = {}
        overdue = Decimal(0)
        for row in rows.values():
            functional = row.open_functional or Decimal(0)
            documents[row.document_id] = documents.get(row.document_id, Decimal(0)) + row.open_document
            functionals[row.document_id] = functionals.get(row.document_id, Decimal(0)) + functional
            customers[row.customer_id] = customers.get(row.customer_id, Decimal(0)) + row.open_document
            customers_functional[row.customer_id] = (
                customers_functional.get(row.customer_id, Decimal(0)) + functional
            )
            is_past_due = date.fromisoformat(snapshot["as_of"]) > row.due_date
            overdue += functional if is_past_due and row.open_document > 0 else 0
        for name, amount in snapshot.get("open", {}).items():
            yield f"{where} open {name}", Decimal(amount), documents.get(name, Decimal(0))
        if snapshot.get("open_complete"):
            others = {n: a for n, a in documents.items() if a and n not in snapshot.get("open", {})}
            yield f"{where} nothing else open", {}, others
        for name, amount in snapshot.get("open_functional", {}).items():
            yield f"{where} open functional {name}", Decimal(amount), functionals.get(name, Decimal(0))
        for column, index in (("instalments_open", 0), ("instalments_open_functional", 1)):
            for name, amounts in snapshot.get(column, {}).items():
                parts = [row for row in rows.values() if row.document_id == name]
                parts.sort(key=lambda row: row.instalment_no)
                found = [(part.open_document, part.open_functional)[index] for part in parts]
                yield f"{where} {column} {name}", [Decimal(amount) for amount in amounts], found
        for name, totals in snapshot.get("customers", {}).items():
            if "open" in totals:
                yield f"{where} customer {name}", Decimal(totals["open"]), customers.get(name, Decimal(0))
            if "open_functional" in totals:
                found_functional = customers_functional.get(name, Decimal(0))
                yield f"{where} functional {name}", Decimal(totals["open_functional"]), found_functional
        totals = snapshot.get("totals", {})
        for name, found_total in (
            ("open", sum(documents.values(), Decimal(0))),
            ("open_functional", sum(functionals.values(), Decimal(0))),
            ("overdue", overdue),
        ):
            if name in totals:
                yield f"{where} total {name}", Decimal(totals[name]), found_total
    for expected in scenario["expected"].get("realised_fx", ()):
        used, settled = expected["from_document"], expected["to_document"]
        steps = [a.get("step", 0) for a in scenario["allocations"] if a["from_document"] == used]
        exchange = realised_exchange(known(scenario, max(steps)), used, settled)
        yield f"{scenario['name']} exchange {used} {settled}", Decimal(expected["amount"]), exchange


@needs_shared("oracles", "scenarios")
@pytest.mark.parametrize("scenario", load(), ids=lambda scenario: scenario["name"])
def test_the_oracle_agrees_with_the_figures_that_others_assert(scenario: Scenario) -> None:
    assert [found for found in differences(scenario) if found[1] != found[2]] == []


@needs_shared("oracles", "scenarios")
def test_more_than_a_hundred_figures_are_compared() -> None:
    assert sum(len(list(differences(scenario))) for scenario in load()) > 108
