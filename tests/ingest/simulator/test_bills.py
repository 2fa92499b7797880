"""Bills and sold receivables of the demo company: extracts, ledger and truth say the same.

Belongs here: what bill events, receipts, bank lines and the journal owe each other. Must not: trade receivables
(test_simulator.py).
"""

from collections import Counter, defaultdict
from datetime import date

import pytest

from ingest.simulator import SimulationSummary
from tests.ingest.simulator.plain_ledger import PlainLedger, minor
from tests.ingest.simulator.readers import LAST, bank_rows, delivered, delivered_in_parts, truth

ACCOUNTS = {"1121": {"bank_acceptance", "commercial_acceptance"}, "1124": {"receivable_certificate"}}
KINDS = {"received", "endorsed", "discounted", "pledged", "honoured", "dishonoured", "returned"}


def ended_on(receipt: dict[str, str], events: list[dict[str, str]]) -> str:
    """Day from which a bill is not ours any more."""
    days = [receipt["status_date"]] if receipt["status"] in ("bounced", "cancelled") else []
    for event in events:
        is_gone = event["kind"] == "honoured" or event["with_recourse"] == "false"
        days += [event["event_date"]] if is_gone else []
    return min(days, default="9999-12-31")


@pytest.mark.parametrize("account", sorted(ACCOUNTS))
def test_the_bill_account_equals_the_bills_that_are_not_paid_and_not_passed_on_without_recourse(
    summary: SimulationSummary, account: str
) -> None:
    events: dict[str, list[dict[str, str]]] = defaultdict(list)
    for event in delivered(summary, "bill_event"):
        events[event["bill_id"]].append(event)
    bills = [row for row in delivered(summary, "receipt") if row["method"] in ACCOUNTS[account]]
    lines = [row for row in truth(summary, "gl_journal") if row["account"] == account]
    balances = []
    for day in ("2023-12-31", "2024-08-31", "2025-03-31", "2025-11-30", LAST):
        open_bills = sum(
            minor(bill["amount"])
            for bill in bills
            if (bill["posting_date"] or bill["receipt_date"]) <= day < ended_on(bill, events[bill["bill_id"]])
        )
        balance = sum(minor(line["amount"]) for line in lines if line["posting_date"] <= day)
        assert balance == open_bills, day
        balances.append(balance)
    assert sum(balance > 0 for balance in balances) >= 2


@pytest.mark.parametrize(
    ("source", "company", "functional", "account"),
    [("erp_cn", "CN01", "CNY", "1002"), ("erp_eu", "EU01", "EUR", "1800")],
)
def test_the_bank_account_of_the_journal_equals_the_money_that_came_and_went(
    summary: SimulationSummary, source: str, company: str, functional: str, account: str
) -> None:
    ledger = PlainLedger(
        summary.out / "in" / source, functional=functional, until=date.fromisoformat("2026-06-30")
    )
    papers = set().union(*ACCOUNTS.values())
    received = sum(
        -item["value"]
        for (kind, _), item in ledger.items.items()
        if kind == "receipt" and not item["void"] and item["row"]["method"] not in papers
    )
    lines = bank_rows(summary.out / "in" / "bank")
    besides = sum(
        minor(lines[match["bank_reference"]]["amount"])
        for match in truth(summary, "bank_match")
        if match["company_code"] == company and match["kind"].startswith(("bill_", "factoring_"))
    )
    journal = truth(summary, "gl_journal")
    booked = [row for row in journal if (row["company_code"], row["account"]) == (company, account)]
    assert sum(minor(row["amount"]) for row in booked) == received + besides


def test_bill_events_of_every_kind_occur_and_begin_with_the_receipt(summary: SimulationSummary) -> None:
    kinds: dict[str, list[str]] = defaultdict(list)
    for event in sorted(delivered(summary, "bill_event"), key=lambda event: event["event_date"]):
        kinds[event["bill_id"]].append(event["kind"])
    assert {kind for each in kinds.values() for kind in each} == KINDS
    assert {each[0] for each in kinds.values()} == {"received"}
    assert set(kinds) == {row["bill_id"] for row in delivered(summary, "receipt") if row["bill_id"]}


def test_a_bill_that_comes_back_voids_its_receipt_on_that_day(summary: SimulationSummary) -> None:
    statuses = {"dishonoured": "bounced", "returned": "cancelled"}
    receipts = {row["bill_id"]: row for row in delivered(summary, "receipt") if row["bill_id"]}
    back = [event for event in delivered(summary, "bill_event") if event["kind"] in statuses]
    assert {event["kind"] for event in back} == set(statuses)
    for event in back:
        receipt = receipts[event["bill_id"]]
        assert (receipt["status"], receipt["status_date"]) == (statuses[event["kind"]], event["event_date"])


def test_a_bill_brings_no_money_before_it_is_cashed(summary: SimulationSummary) -> None:
    bills = {row["receipt_id"]: row for row in truth(summary, "bill")}
    lines = bank_rows(summary.out / "in" / "bank")
    kinds: Counter[str] = Counter()
    for match in truth(summary, "bank_match"):
        if match["receipt_id"] not in bills:
            continue
        bill = bills[match["receipt_id"]]
        kinds[match["kind"]] += 1
        cash = minor(lines[match["bank_reference"]]["amount"])
        match match["kind"]:
            case "bill_honoured":
                assert (match["booking_date"], cash) == (bill["honoured_on"], minor(bill["amount"]))
            case "bill_discounted":
                assert match["booking_date"] == bill["discounted_on"]
                assert 0.98 < cash / minor(bill["amount"]) <= 1
            case "bill_taken_back":
                assert (match["booking_date"], cash) == (bill["dishonoured_on"], -minor(bill["amount"]))
            case kind:
                pytest.fail(f"{kind} of a bill")
    assert set(kinds) == {"bill_honoured", "bill_discounted", "bill_taken_back"}


def test_who_had_a_bill_from_us_is_who_gets_the_money_back(summary: SimulationSummary) -> None:
    passed = {
        row["bill_id"]: row["counterparty"]
        for row in delivered(summary, "bill_event")
        if row["kind"] in ("endorsed", "discounted")
    }
    bills = {row["receipt_id"]: row["bill_id"] for row in truth(summary, "bill")}
    lines = bank_rows(summary.out / "in" / "bank")
    back = [match for match in truth(summary, "bank_match") if match["kind"] == "bill_taken_back"]
    assert back
    for match in back:
        assert lines[match["bank_reference"]]["counterparty_name"] == passed[bills[match["receipt_id"]]]


def test_a_bill_keeps_to_the_contract(summary: SimulationSummary) -> None:
    """Six months are 184 days at most; a contract may rule bills out."""
    contracts = {row["contract_id"]: row for row in delivered(summary, "contract")}
    named = {row["document_id"]: row["contract_id"] for row in delivered(summary, "document")}
    checked = 0
    for bill in truth(summary, "bill"):
        if bill["method"] == "receivable_certificate":
            continue
        days = (date.fromisoformat(bill["matures_on"]) - date.fromisoformat(bill["received_on"])).days
        assert days <= 184, bill["bill_id"]
        contract = contracts.get(named[bill["document_id"]])
        if contract is not None:
            assert contract["bill_allowed"] == "true", bill["bill_id"]
            assert days <= int(contract["bill_longest_days"])
            checked += 1
    assert checked > 3


def test_a_failing_customer_never_replaces_its_dishonoured_bills(summary: SimulationSummary) -> None:
    failing = {row["customer_id"]: row for row in truth(summary, "payer") if row["character"] == "failing"}
    lost = [
        bill
        for bill in truth(summary, "bill")
        if bill["customer_id"] in failing
        and bill["dishonoured_on"] >= failing[bill["customer_id"]]["turned_on"]
    ]
    assert lost
    assert {bill["replaced_on"] for bill in lost} == {""}


def test_what_is_sold_leaves_the_books_and_what_is_lent_upon_stays(summary: SimulationSummary) -> None:
    rows = [*delivered(summary, "allocation"), *delivered_in_parts(summary, "allocation")]
    sold = {row["from_id"]: row for row in rows if row["reason"] == "sold without recourse"}
    agreements = {row["agreement"]: row for row in truth(summary, "factoring")}
    assert {row["with_recourse"] for row in agreements.values()} == {"true", "false"}
    for agreement, row in agreements.items():
        if row["with_recourse"] == "true":
            assert agreement not in sold
        else:
            assert (sold[agreement]["to_id"], sold[agreement]["amount"]) == (
                row["document_id"],
                row["amount"],
            )
