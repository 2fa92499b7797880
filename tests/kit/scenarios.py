"""Scenario oracles of other systems, delivered as ordinary generic extracts.

Belongs here: reading the scenario files, which objects a snapshot sees, their mapping to canonical rows. Must not:
expected figures (test_scenarios.py compares them) or rules of the ledger.

Each scenario and step is a company of its own, so that one refresh serves all of them.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property, lru_cache
from typing import Any

from tests.kit.extracts import Books, Extracts
from tests.kit.shared import shared_folder

# the kinds that the ledger answers
LEDGER_KINDS = ("aging", "allocation", "fx", "schedule")
CONTROL_ACCOUNT = "1122"
# "XCU" is no ISO currency and would be refused at the front door
CURRENCIES = {"XCU": "SEK"}
DOCUMENT_TYPES = {"invoice": "invoice", "credit_note": "credit_note", "debit_note": "debit_note"}
CENT = Decimal("0.01")


@dataclass(frozen=True)
class Scenario:
    """One scenario file. `number` is its place among all and part of its company codes."""

    name: str
    number: int
    facts: Mapping[str, Any]

    @property
    def expected(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.facts["expected"]
        return found

    @property
    def snapshots(self) -> Sequence[Mapping[str, Any]]:
        found: Sequence[Mapping[str, Any]] = self.expected["snapshots"]
        return found

    @cached_property
    def steps(self) -> tuple[int | None, ...]:
        """The steps that snapshots see; None sees all of them."""
        return tuple(dict.fromkeys(snapshot.get("step") for snapshot in self.snapshots))

    def company(self, step: int | None) -> str:
        return f"S{self.number:02}" if step is None else f"S{self.number:02}-{step}"

    def documents(self, step: int | None) -> dict[str, Mapping[str, Any]]:
        return {row["document_id"]: row for row in self.facts["documents"] if _is_seen(row, step)}

    def allocations(self, step: int | None) -> list[Mapping[str, Any]]:
        there = self.documents(step)
        return [
            row
            for row in self.facts["allocations"]
            if _is_seen(row, step) and row["from_document"] in there and row["to_document"] in there
        ]

    def instalments(self, document_id: str) -> list[int]:
        """Instalment numbers of a document, in the order in which oracles list them."""
        document = next(row for row in self.facts["documents"] if row["document_id"] == document_id)
        return [instalment["no"] for instalment in document["instalments"]]

    def settings(self, snapshot: Mapping[str, Any]) -> Mapping[str, Any]:
        return {**self.facts["settings"], **snapshot.get("settings", {})}


def _is_seen(row: Mapping[str, Any], step: int | None) -> bool:
    if step is None:
        return "void_step" not in row
    return bool(row.get("step", 0) <= step) and not ("void_step" in row and row["void_step"] <= step)


@lru_cache
def load_scenarios(kinds: tuple[str, ...] = LEDGER_KINDS) -> tuple[Scenario, ...]:
    """Every scenario of some kinds, in order of name; none where the folder is absent."""
    folder = shared_folder() / "oracles" / "scenarios"
    files = sorted(folder.glob("*.json"))
    facts = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in files}
    chosen = [(name, fact) for name, fact in facts.items() if fact["kind"] in kinds]
    return tuple(Scenario(name, number, fact) for number, (name, fact) in enumerate(chosen, start=1))


def deliver(scenario: Scenario, extracts: Extracts) -> None:
    """Add the companies of a scenario, one per step."""
    for step in scenario.steps:
        books = extracts.books(
            scenario.company(step),
            functional_currency=scenario.facts["functional_currency"],
            customers=(),
            time_zone="UTC",
            control_accounts={"trade_control": [CONTROL_ACCOUNT]},
        )
        for customer in scenario.facts["customers"]:
            books.customer(customer["customer_id"], name=customer["name"])
        documents = scenario.documents(step)
        for document in documents.values():
            _deliver_document(document, books)
        for number, allocation in enumerate(scenario.allocations(step), start=1):
            _deliver_allocation(allocation, number=number, documents=documents, books=books)
        tie_out = scenario.expected.get("ledger_tie_out")
        if tie_out and tie_out["step"] == step:
            books.gl_balance(
                CONTROL_ACCOUNT,
                "trade_control",
                tie_out["ledger_balance"],
                scenario.facts["as_of"],
                currency=scenario.facts["functional_currency"],
            )


def is_cash(document: Mapping[str, Any]) -> bool:
    return document["document_type"] in ("payment", "refund")


def functional_amount(document: Mapping[str, Any]) -> Decimal:
    """Magnitude in functional currency: as given, else amount x rate."""
    given = document.get("functional_amount")
    if given is not None:
        return Decimal(given)
    product = Decimal(document["amount"]) * Decimal(document["exchange_rate"])
    return product.quantize(CENT, ROUND_HALF_UP)


def _deliver_document(document: Mapping[str, Any], books: Books) -> None:
    sign = -1 if document["document_type"] == "refund" else 1
    shared = {
        "customer_id": document["customer_id"],
        "currency": CURRENCIES.get(document["currency"], document["currency"]),
        "functional_amount": sign * functional_amount(document),
        "control_account": document.get("control_account"),
        "reference": document.get("reference"),
    }
    document_id, dated = document["document_id"], document["document_date"]
    if is_cash(document):
        books.receipt(document_id, sign * Decimal(document["amount"]), dated, **shared)
        return
    books.document(
        document_id,
        document["amount"],
        dated,
        document_type=DOCUMENT_TYPES.get(document["document_type"]) or _journal_type(document),
        due=document["due_date"],
        **shared,
    )
    for instalment in document.get("instalments", ()):
        books.instalment(document_id, instalment["no"], instalment["amount"], instalment["due_date"])


def _journal_type(document: Mapping[str, Any]) -> str:
    return "credit_note" if document["side"] == "credit" else "debit_note"


def _item_kind(document: Mapping[str, Any]) -> str:
    if document["document_type"] == "refund":
        return "refund"
    if document["document_type"] == "payment":
        return "receipt"
    is_credit = document["document_type"] == "credit_note" or document.get("side") == "credit"
    return "credit_note" if is_credit else "document"


def _deliver_allocation(
    allocation: Mapping[str, Any], *, number: int, documents: Mapping[str, Mapping[str, Any]], books: Books
) -> None:
    used, settled = documents[allocation["from_document"]], documents[allocation["to_document"]]
    used_kind = "receipt" if is_cash(used) else _item_kind(used)
    settles = f"{_item_kind(settled)}:{settled['document_id']}"
    books.allocation(
        f"A{number:03}",
        allocation["amount"],
        allocation["date"],
        used=f"{used_kind}:{used['document_id']}",
        settles=settles,
    )
    for sink in ("discount", "write_off"):
        if sink in allocation:
            books.allocation(
                f"A{number:03}-{sink}", allocation[sink], allocation["date"], used=sink, settles=settles
            )
