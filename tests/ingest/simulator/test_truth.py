"""The truth of the demo company against its extracts: a back-test may rely on it.

Belongs here: truth files and what they must agree with. Must not: bills (test_bills.py).
"""

import re
import unicodedata
from collections import Counter, defaultdict
from datetime import date, timedelta

import pytest

from ingest.simulator import SimulationSummary
from ingest.simulator.remittance import REMITTANCE_KINDS
from tests.ingest.simulator.plain_ledger import PlainLedger, minor, read_delivery, read_rows
from tests.ingest.simulator.readers import bank_rows, delivered, delivered_in_parts, truth

LAST = date(2026, 6, 30)
NUMBER = re.compile(r"[A-Z]{2,3}\d{8}")
SPECIAL = {"overpaid", "refunded", "over_allocated", "cancelled_after_payment"}


def test_bank_lines_are_made_of_the_payments_that_truth_says(summary: SimulationSummary) -> None:
    lines = bank_rows(summary.out / "in" / "bank")
    fates = {(row["company_code"], row["document_id"]): row["fate"] for row in truth(summary, "invoice")}
    parts: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in truth(summary, "bank_allocation"):
        parts[row["bank_reference"]].append(row)
    checked = 0
    for reference, rows in parts.items():
        line = lines[reference]
        is_special = any(fates[(row["company_code"], row["document_id"])] in SPECIAL for row in rows)
        if is_special or any(row["currency"] != line["currency"] for row in rows):
            continue
        assert minor(line["amount"]) == sum(minor(row["amount"]) for row in rows), reference
        checked += 1
    assert checked > 500


def test_receipts_are_applied_to_the_documents_that_truth_says(summary: SimulationSummary) -> None:
    applied: Counter[tuple[str, str]] = Counter()
    for row in delivered(summary, "allocation"):
        if row["from_kind"] == "receipt":
            sign = -1 if row["is_reversal"] == "true" else 1
            applied[(row["from_id"], row["to_id"])] += sign * minor(row["amount"])
    meant: Counter[tuple[str, str]] = Counter()
    for row in truth(summary, "bank_allocation"):
        meant[(row["receipt_id"], row["document_id"])] += minor(row["amount"])
    common = applied.keys() & meant.keys()
    assert len(common) > 300
    assert all(meant[pair] == applied[pair] for pair in common if applied[pair])


def worded(summary: SimulationSummary) -> dict[str, list[tuple[str, list[str]]]]:
    """Text and documents of every bank line with a wording, by its kind."""
    lines = bank_rows(summary.out / "in" / "bank")
    found: dict[str, list[tuple[str, list[str]]]] = defaultdict(list)
    for match in truth(summary, "bank_match"):
        if match["text_kind"]:
            text = lines[match["bank_reference"]]["remittance_text"]
            found[match["text_kind"]].append((text, match["document_ids"].split()))
    return found


def test_every_kind_of_remittance_has_its_text(summary: SimulationSummary) -> None:
    texts = {kind: [text for text, _ in each] for kind, each in worded(summary).items()}
    # longer than 140 characters are few: not in every small company
    assert set(REMITTANCE_KINDS) - {"cut_off"} <= set(texts) <= set(REMITTANCE_KINDS)
    assert all(len(text) <= 140 + len("RETURN ") for each in texts.values() for text in each)
    assert all("EREF+" in text and "KREF+" in text for text in texts["sepa"])
    assert all(
        len(part) <= 35 for text in texts["swift"] for part in text.split("\n") if "RETURN" not in text
    )
    assert any("\n" in text for text in texts["swift"])
    assert any("\uff10" <= character <= "\uff19" for text in texts["full_width"] for character in text)
    assert all(text == text.lower() for text in texts["lower_case"] if "RETURN" not in text)


@pytest.mark.parametrize(
    "kind", ["plain", "numbers_first", "lower_case", "full_width", "sepa", "sepa_roc", "swift"]
)
def test_a_text_with_all_numbers_names_the_documents_of_the_truth(
    summary: SimulationSummary, kind: str
) -> None:
    texts = worded(summary)[kind]
    assert len(texts) > 5
    for text, documents in texts:
        plain = unicodedata.normalize("NFKC", text).upper().replace("\n", "")
        assert NUMBER.findall(plain) == documents


@pytest.mark.parametrize("kind", ["confused", "wrong_reference", "truncated"])
def test_a_text_with_a_slip_lacks_a_number_of_the_truth(summary: SimulationSummary, kind: str) -> None:
    texts = worded(summary)[kind]
    assert len(texts) > 5
    for text, documents in texts:
        assert not all(document in text for document in documents), text


def test_a_range_means_all_documents_of_the_customer_between_its_ends(summary: SimulationSummary) -> None:
    rows = [*delivered(summary, "document"), *delivered_in_parts(summary, "document")]
    owners = {row["document_id"]: (row["company_code"], row["customer_id"]) for row in rows}
    ranges = worded(summary)["range"]
    assert ranges
    for _, documents in ranges:
        first, last = min(documents), max(documents)
        own = [number for number, owner in owners.items() if owner == owners[first]]
        assert [number for number in sorted(own) if first <= number <= last] == sorted(documents)


def test_the_payer_of_a_bank_line_is_who_truth_says(summary: SimulationSummary) -> None:
    rows = [*delivered(summary, "customer"), *delivered_in_parts(summary, "customer")]
    customers = {(row["company_code"], row["customer_id"]): row for row in rows}
    owners = {
        (row["company_code"], row["document_id"]): customers[row["company_code"], row["customer_id"]]
        for row in truth(summary, "invoice")
    }
    lines = bank_rows(summary.out / "in" / "bank")
    kinds: Counter[str] = Counter()
    for match in truth(summary, "bank_match"):
        if not match["payer_kind"]:
            continue
        company, payer = match["company_code"], lines[match["bank_reference"]]["counterparty_name"]
        owner = owners[company, match["document_ids"].split()[0]]
        expected = owner["name"]
        if match["payer_kind"] == "parent":
            expected = customers[company, owner["parent_customer_id"]]["name"]
        assert (payer == expected) == (match["payer_kind"] in ("customer", "parent")), match
        kinds[match["payer_kind"]] += 1
    assert set(kinds) == {"customer", "parent", "third_party", "variant"}


def test_an_intention_says_when_an_invoice_is_really_paid(summary: SimulationSummary) -> None:
    intentions = truth(summary, "intention")
    ahead = [row for row in intentions if row["pays_on"] > "2026-06-30"]
    never = [row for row in intentions if not row["pays_on"]]
    assert len(ahead) > 20 and len(never) > 5
    last: dict[tuple[str, str], str] = {}
    for row in intentions:
        if not row["failed_on"]:
            key = (row["company_code"], row["document_id"])
            last[key] = max(last.get(key, ""), row["pays_on"] or "9999")
    for row in truth(summary, "invoice"):
        if row["outcome"] == "paid":
            assert row["paid_on"] == last[(row["company_code"], row["document_id"])]
        else:
            assert row["paid_on"] == ""


def test_the_outcome_of_an_invoice_is_what_the_books_say(summary: SimulationSummary) -> None:
    truths = {r["document_id"]: r for r in truth(summary, "invoice") if r["company_code"] == "CN01"}
    documents = {row["document_id"]: row for row in delivered(summary, "document")}
    allocations = delivered(summary, "allocation")
    undone = {row["reverses_allocation_id"] for row in allocations}
    given_up = [
        row["to_id"]
        for row in allocations
        if row["reason"] == "uncollectible" and row["allocation_id"] not in undone
    ]
    assert {truths[number]["outcome"] for number in given_up} == {"written_off"}
    assert {truths[number]["fate"] for number in given_up} == {"written_off", ""}
    void = [number for number in truths if documents.get(number, {}).get("is_cancelled") == "true"]
    assert {truths[number]["outcome"] for number in void} == {"cancelled"}
    assert "cancelled_after_payment" in {truths[number]["fate"] for number in void}


def test_the_amount_of_an_invoice_is_that_of_the_document(summary: SimulationSummary) -> None:
    documents = {row["document_id"]: row["amount"] for row in delivered(summary, "document")}
    rows = [row for row in truth(summary, "invoice") if row["document_id"] in documents]
    assert "credit_reapplied" in {row["fate"] for row in rows}
    assert [row for row in rows if documents[row["document_id"]] != row["amount"]] == []


def test_nobody_asks_for_what_has_left_the_books(summary: SimulationSummary) -> None:
    kinds = {"credited": "credit_note", "offset": "offset", "sold": "offset"}
    settled_on: dict[tuple[str, str], str] = {}
    for row in [*delivered(summary, "allocation"), *delivered_in_parts(summary, "allocation")]:
        key = (row["to_id"], row["from_kind"])
        settled_on[key] = max(settled_on.get(key, ""), row["allocated_on"])
    asked: dict[str, str] = {}
    for row in [
        *delivered(summary, "collection_activity"),
        *delivered_in_parts(summary, "collection_activity"),
    ]:
        asked[row["document_id"]] = max(asked.get(row["document_id"], ""), row["happened_at"][:10])
    outcomes: Counter[str] = Counter()
    for row in truth(summary, "invoice"):
        key = (row["document_id"], kinds.get(row["outcome"], ""))
        if key in settled_on:
            assert asked.get(row["document_id"], "") <= settled_on[key], row
            outcomes[row["outcome"]] += 1
    assert set(outcomes) == set(kinds)


def test_a_payer_that_fails_is_in_default_once_a_large_invoice_is_a_quarter_overdue(
    summary: SimulationSummary,
) -> None:
    defaults = {
        (row["company_code"], row["customer_id"]): date.fromisoformat(row["defaulted_on"])
        for row in truth(summary, "default")
        if row["is_first"] == "true"
    }
    characters = {(r["company_code"], r["customer_id"]): r["character"] for r in truth(summary, "payer")}
    # a bill settles its invoice until it is refused
    by_bill = {row["document_id"] for row in truth(summary, "intention") if row["method"] == "bill"}
    checked = 0
    for row in truth(summary, "invoice"):
        key = (row["company_code"], row["customer_id"])
        seen_on = date.fromisoformat(row["due_date"]) + timedelta(days=91)
        # 3,000 of either currency are more than the floor of 20,000 CNY by far, or by a little
        is_large = minor(row["amount"]) > {"CNY": 2_000_000, "EUR": 300_000, "USD": 300_000}[row["currency"]]
        is_unpaid = row["outcome"] in ("never", "written_off") and row["document_id"] not in by_bill
        if characters[key] == "failing" and is_unpaid and is_large and seen_on <= LAST:
            assert defaults[key] <= seen_on, row
            checked += 1
    assert checked >= 3


def test_on_the_day_of_a_default_the_floor_is_overdue_for_more_than_ninety_days(
    summary: SimulationSummary,
) -> None:
    ledger = PlainLedger(summary.out / "in" / "erp_cn", functional="CNY", until=LAST)
    first_due = {row["document_id"]: row["due_date"] for row in truth(summary, "invoice")}
    reissued = {row["customer_id"] for row in delivered(summary, "document") if row["replaces_document_id"]}
    checked = 0
    for default in truth(summary, "default"):
        customer, on = default["customer_id"], date.fromisoformat(default["defaulted_on"])
        if (default["company_code"], default["criterion"]) != ("CN01", "a") or customer in reissued:
            continue
        overdue: Counter[str] = Counter()
        for item, role, value, due in ledger.open_parts(on):
            row = item["row"]
            is_revaluation = minor(row["amount"]) == 0
            if row["customer_id"] != customer or role != "trade_control" or is_revaluation:
                continue
            if row.get("document_id") not in ledger.parts and row.get("document_id") in first_due:
                due = date.fromisoformat(first_due[row["document_id"]])
            if value < 0 or (on - due).days > 90:
                overdue[row["currency"]] += value
        # a surplus of credits in one currency reduces nothing in another
        assert sum(max(value, 0) for value in overdue.values()) >= 2_000_000, default
        checked += 1
    assert checked > 5


def test_few_punctual_payers_are_ever_in_default(summary: SimulationSummary) -> None:
    defaulted = {(row["company_code"], row["customer_id"]) for row in truth(summary, "default")}
    punctual = [
        (row["company_code"], row["customer_id"])
        for row in truth(summary, "payer")
        if row["character"] in ("punctual", "early")
    ]
    assert len([key for key in punctual if key in defaulted]) < len(punctual) // 4


def test_every_criterion_of_default_but_the_rarest_occurs(summary: SimulationSummary) -> None:
    criteria = Counter(row["criterion"] for row in truth(summary, "default"))
    # insolvency is a matter of few failing customers: not in every small company
    assert set(criteria) >= {"a", "c", "d", "e"}
    assert sum(row["is_first"] == "true" for row in truth(summary, "default")) >= max(criteria.values())


def test_a_promise_is_kept_or_broken_by_the_payment_that_truth_says(summary: SimulationSummary) -> None:
    promises = {row["promise_id"]: row for row in delivered(summary, "promise")}
    rows = [row for row in truth(summary, "promise") if row["company_code"] == "CN01"]
    assert {row["promise_id"] for row in rows} == set(promises)
    late = [row for row in rows if row["pays_on"] > row["promised_date"]]
    assert 0.1 < len(late) / len(rows) < 0.9
    assert all(promises[row["promise_id"]]["promised_date"] == row["promised_date"] for row in rows)


def test_a_dispute_that_is_accepted_is_conceded_by_a_credit_note(summary: SimulationSummary) -> None:
    rows = truth(summary, "dispute")
    assert {row["outcome"] for row in rows} == {"open", "accepted", "rejected", "resolved"}
    for row in rows:
        assert (row["outcome"] == "accepted") == bool(row["credit_note_id"])
    documents = {row["document_id"]: row for row in delivered(summary, "document")}
    conceded = [row for row in rows if row["credit_note_id"] in documents]
    assert conceded
    for row in conceded:
        credit = documents[row["credit_note_id"]]
        assert (credit["amount"], credit["reference"]) == (row["conceded"], row["document_id"])


def test_a_revaluation_brings_foreign_receivables_to_the_closing_rate(summary: SimulationSummary) -> None:
    folder = summary.out / "in" / "erp_cn" / "2026-03-31"
    journals = [row for row in read_delivery(folder, "document") if row["amount"] == "0.00"]
    assert {row["posting_date"] for row in journals} >= {"2026-03-31", "2025-12-31", "2026-01-01"}
    assert all(row["functional_amount"] not in ("", "0.00") for row in journals)
    by_day: Counter[str] = Counter()
    for row in journals:
        by_day[row["posting_date"]] += minor(row["functional_amount"])
    # taken back on the next day, to the cent
    assert by_day["2025-12-31"] == -by_day["2026-01-01"]


def test_redelivered_files_are_where_truth_says(summary: SimulationSummary) -> None:
    rows = truth(summary, "redelivery")
    assert len({row["kind"] for row in rows}) == 5
    for row in rows:
        assert read_rows(summary.out / "in" / row["source"] / row["delivery"] / row["file"])
