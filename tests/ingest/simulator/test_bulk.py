"""The bulk simulator: same bytes everywhere, the mix that was asked for, a ledger that ties, files that land.

Belongs here: behaviour of scale large at a few thousand documents. Must not: measuring time, building the warehouse.
"""

import os
import shutil
import subprocess
import sys
from collections import Counter
from datetime import date
from pathlib import Path
from random import Random

import numpy as np
import polars as pl
import pytest

from ingest.contract import load_contract
from ingest.landing import land_sources, rejected_rows
from ingest.settings import load_settings
from ingest.simulator import (
    SimulationError,
    SimulationSummary,
    deliver_held_back,
    hold_back_last_delivery,
    simulate,
)
from ingest.simulator.bulk import simulate_bulk
from ingest.simulator.bulk.book import make_book
from ingest.simulator.bulk.calendar import bulk_plan, day_number, make_calendar
from ingest.simulator.bulk.columns import NONE, Columns
from ingest.simulator.bulk.customers import make_customers
from ingest.simulator.bulk.frames import Ids, allocation_frame
from ingest.simulator.bulk.ledger import TRADE, Journal, post_allocations, post_documents, post_receipts
from ingest.simulator.bulk.paying import SHORTFALL, WRITE_OFF
from ingest.simulator.companies import CHINA
from ingest.simulator.days import HISTORY_END
from ingest.simulator.rates import make_rates
from tests.ingest.simulator.plain_ledger import PlainLedger, minor, read_rows
from tests.ingest.simulator.readers import digests

DOCUMENTS, CHUNK = 8_000, 700
ROOT = Path(__file__).parents[3]
ERPS = (("erp_cn", "CNY"), ("erp_eu", "EUR"))
SIMULATE = """
import sys
from pathlib import Path
from ingest.simulator.bulk import simulate_bulk
simulate_bulk(Path(sys.argv[1]), documents=3000, seed=int(sys.argv[2]), chunk_documents=700)
"""


@pytest.fixture(scope="module")
def summary(tmp_path_factory: pytest.TempPathFactory) -> SimulationSummary:
    """Chunks so small that each company has several."""
    return simulate_bulk(tmp_path_factory.mktemp("bulk"), documents=DOCUMENTS, seed=11, chunk_documents=CHUNK)


def files_of(out: Path, source: str, entity: str) -> list[Path]:
    folder = out / "in" / source
    return sorted([*folder.glob(f"*/{entity}.csv"), *folder.glob(f"*/{entity}_[0-9]*.csv")])


def rows_of(summary: SimulationSummary, entity: str) -> list[dict[str, str]]:
    return [
        row for source, _ in ERPS for path in files_of(summary.out, source, entity) for row in read_rows(path)
    ]


def table(**columns: list[int]) -> Columns:
    return {name: np.array(values, dtype=np.int64) for name, values in columns.items()}


def simulated_elsewhere(out: Path, *, seed: int = 5, **environment: str) -> dict[str, str]:
    """Digests of an instance that a process of its own has written."""
    subprocess.run(
        [sys.executable, "-c", SIMULATE, str(out), str(seed)],
        check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
    )
    return digests(out)


def test_the_same_seed_gives_the_same_bytes_in_any_process(tmp_path: Path) -> None:
    first = simulated_elsewhere(
        tmp_path / "a", POLARS_MAX_THREADS="1", TZ="America/New_York", PYTHONHASHSEED="1"
    )
    second = simulated_elsewhere(
        tmp_path / "b", POLARS_MAX_THREADS="2", TZ="Asia/Shanghai", PYTHONHASHSEED="2"
    )
    assert len(first) > 100
    assert first == second
    assert simulated_elsewhere(tmp_path / "c", seed=6) != first


def test_it_writes_exactly_as_many_documents_as_asked(summary: SimulationSummary) -> None:
    documents = {(row["company_code"], row["document_id"]) for row in rows_of(summary, "document")}
    assert len(documents) == DOCUMENTS == summary.feature_counts["document"]


@pytest.mark.parametrize(
    ("feature", "least", "most"),
    [
        ("foreign_currency", 130, 170),
        ("instalments", 95, 105),
        ("several_versions", 44, 56),
        ("reversal", 19, 21),
        ("allocation", 900, 1400),
        ("open", 30, 90),
        ("bounced", 0.2, 5),
        ("cancelled", 3, 5),
    ],
)
def test_the_mix_is_the_one_of_the_benchmark(
    summary: SimulationSummary, feature: str, least: float, most: float
) -> None:
    assert least <= summary.feature_counts[feature] * 1000 / DOCUMENTS <= most


def test_one_in_a_hundred_documents_has_a_tombstone(summary: SimulationSummary) -> None:
    deleted = [
        row for name in ("document", "allocation") for row in rows_of(summary, name) if row["_deleted"]
    ]
    assert 8 <= len(deleted) * 1000 / DOCUMENTS <= 12
    counts = summary.feature_counts
    assert len(deleted) == counts["deleted"] + counts["vanished"]


def test_every_company_is_made_in_several_chunks(summary: SimulationSummary) -> None:
    """The opening delivery has a part for each."""
    for source, _ in ERPS:
        assert len(files_of(summary.out, source, "document_[0-9]*")) > 2
    numbers = [row["document_id"] for row in rows_of(summary, "document") if not row["_deleted"]]
    assert max(int(number[-8:]) for number in numbers) == DOCUMENTS


def test_short_payments_and_bad_debts_are_written_off_for_different_reasons() -> None:
    rates, calendar = make_rates(Random("bulk")), make_calendar(bulk_plan())
    book = make_book(CHINA, make_customers(CHINA, documents=1000, seed=1), rates=rates, calendar=calendar)
    allocations = table(
        kind=[WRITE_OFF, SHORTFALL], source=[NONE, NONE], target=[0, 0], part=[0, 0], amount=[10_000, 499],
        allocated_on=[20_000, 20_000], reverses=[NONE, NONE], delivery=[7, 7], deleted_delivery=[NONE, NONE],
    )  # fmt: skip
    ids = Ids(pl.Series(["AR1"]), pl.Series(["SK1"]), pl.Series(["HX1", "HX2"]))
    frame = allocation_frame(book, allocations, ids)
    assert frame["from_kind"].to_list() == ["write_off", "write_off"]
    assert frame["reason"].to_list() == ["uncollectible", "small difference"]
    assert frame["approved_by"].null_count() == 0
    assert frame["from_id"].null_count() == 2


def test_small_differences_are_small(summary: SimulationSummary) -> None:
    rows = [row for row in rows_of(summary, "allocation") if row["reason"] == "small difference"]
    assert rows
    assert all(minor(row["amount"]) < 500 for row in rows)


def test_the_sister_company_is_nobodys_parent(summary: SimulationSummary) -> None:
    rows = rows_of(summary, "customer")
    sisters = {row["customer_id"] for row in rows if row["related_party"] == "group"}
    parents = {row["parent_customer_id"] for row in rows} - {""}
    assert len(sisters) == 2
    assert parents and not parents & sisters


def test_settlements_of_every_kind_occur(summary: SimulationSummary) -> None:
    kinds = Counter(row["from_kind"] for row in rows_of(summary, "allocation"))
    assert set(kinds) == {"receipt", "credit_note", "discount", "write_off", "offset"}
    of_receipt = Counter(
        row["from_id"] for row in rows_of(summary, "allocation") if row["from_kind"] == "receipt"
    )
    assert max(of_receipt.values()) > 10


def test_part_payments_of_foreign_items_occur(summary: SimulationSummary) -> None:
    foreign = {row["document_id"] for row in rows_of(summary, "document") if row["tax_amount"] == "0.00"}
    foreign -= {row["document_id"] for row in rows_of(summary, "instalment")}
    payments = {
        (row["to_id"], row["from_id"])
        for row in rows_of(summary, "allocation")
        if row["from_kind"] == "receipt" and row["to_id"] in foreign
    }
    assert max(Counter(document for document, _ in payments).values()) >= 2


def test_files_have_the_columns_of_the_contract(summary: SimulationSummary) -> None:
    contract = load_contract()
    for entity, columns in ((name, entity.columns) for name, entity in contract.entities.items()):
        for source in ("erp_cn", "erp_eu", "bank"):
            for path in files_of(summary.out, source, entity):
                header = path.open(encoding="utf-8").readline().rstrip("\n").split(",")
                assert header == [*columns, *(["_deleted"] if source != "bank" else [])], path


def test_codes_and_required_columns_follow_the_contract(summary: SimulationSummary) -> None:
    contract = load_contract()
    for name in ("document", "instalment", "receipt", "allocation", "customer", "gl_balance", "company"):
        rows = rows_of(summary, name)
        assert rows
        for column in contract.entities[name].columns.values():
            values = {row[column.name] for row in rows}
            assert not (column.required and "" in values), (name, column.name)
            if column.codes is not None:
                assert values <= {"", *column.codes}, (name, column.name)


def test_the_plan_has_history_month_ends_and_days(summary: SimulationSummary) -> None:
    days = [day.isoformat() for day in bulk_plan().days]
    assert (days[0], days[1], days[-1], summary.deliveries) == ("2025-06-30", "2025-07-31", "2026-06-30", 22)
    for source, _ in ERPS:
        assert sorted(path.name for path in (summary.out / "in" / source).iterdir()) == days


@pytest.mark.parametrize(("source", "functional"), ERPS)
@pytest.mark.parametrize("until", ["2025-06-30", "2026-02-28", "2026-06-19", "2026-06-30"])
def test_general_ledger_equals_the_open_items(
    summary: SimulationSummary, source: str, functional: str, until: str
) -> None:
    ledger = PlainLedger(summary.out / "in" / source, functional=functional, until=date.fromisoformat(until))
    balances = ledger.rows("gl_balance")
    days = sorted({row["balance_date"] for row in balances})
    assert days[-1] == until
    for day in {*days[::7], *days[-2:]}:
        expected = ledger.totals(date.fromisoformat(day))
        for row in balances:
            if row["balance_date"] == day:
                assert int(row["balance"].replace(".", "")) == expected["trade_control"], row


def test_later_deliveries_restate_balances_of_earlier_days(summary: SimulationSummary) -> None:
    opening, *later = files_of(summary.out, "erp_cn", "gl_balance")
    known = {row["balance_date"] for row in read_rows(opening)}
    assert len({row["balance_date"] for path in later for row in read_rows(path)} & known) > 3


def test_the_journal_balances_in_every_delivery_and_on_every_day(summary: SimulationSummary) -> None:
    sums: Counter[tuple[str, ...]] = Counter()
    for row in read_rows(summary.out / "truth" / "gl_journal.csv"):
        key = (row["company_code"], row["booked_on"], row["posting_date"])
        sums[key] += int(row["amount"].replace(".", ""))
    assert len(sums) > 1000
    assert not [key for key, amount in sums.items() if amount]


@pytest.mark.parametrize(("source", "functional"), ERPS)
def test_no_item_is_settled_beyond_its_amount(
    summary: SimulationSummary, source: str, functional: str
) -> None:
    ledger = PlainLedger(summary.out / "in" / source, functional=functional, until=HISTORY_END)
    for key, item in ledger.items.items():
        left = item["amount"] + sum(change for _, change, _ in ledger.legs[key])
        assert 0 <= left * (1 if item["amount"] > 0 else -1) <= abs(item["amount"]), key


def test_part_payments_of_a_foreign_item_are_relieved_at_carrying_amounts() -> None:
    """100.00 USD at 7.20 = 720.00; 33.33 paid at 7.25, 66.67 at 7.10.

    After the first receipt 66.67 of 100.00 are left, carried at 480.02; both receipts are used up at once. So trade
    holds 720.00, then 480.02, then 0.00, and the receipts come and go with 241.64 and 473.36.
    """
    calendar = make_calendar(bulk_plan())
    day = day_number(date(2026, 1, 5))

    documents = table(
        kind=[0], amount=[10_000], tax=[0], functional=[72_000], posting_date=[day], parts=[0],
        first_amount=[10_000], first_tax=[0], first_functional=[72_000], first_posting=[day], void_on=[NONE],
        delivery=[7], fact_delivery=[NONE], deleted_delivery=[NONE], void_delivery=[NONE],
    )  # fmt: skip
    receipts = table(
        amount=[3_333, 6_667], functional=[24_164, 47_336], receipt_date=[day + 10, day + 20], delivery=[7, 7],
        bounced_on=[NONE, NONE], bounced_delivery=[NONE, NONE],
    )  # fmt: skip
    allocations = table(
        kind=[0, 0], source=[0, 1], target=[0, 0], amount=[3_333, 6_667], reverses=[NONE, NONE],
        allocated_on=[day + 12, day + 20], delivery=[7, 7], deleted_delivery=[NONE, NONE], is_foreign=[1, 1],
    )  # fmt: skip
    journal = Journal(calendar)
    post_documents(journal, documents)
    post_receipts(journal, receipts)
    post_allocations(journal, documents, receipts, allocations)
    balance = np.cumsum(journal.moves[TRADE].sum(axis=0))
    start = day - day_number(date(2023, 6, 1))
    assert [int(balance[start + days]) for days in (0, 10, 12, 20)] == [72_000, 47_836, 48_002, 0]
    assert journal.is_balanced()


def test_landing_accepts_every_row(tmp_path: Path) -> None:
    """The opening and the last day, which keeps the number of loads small."""
    summary = simulate(tmp_path, scale="large", seed=4, documents=3_000)
    for source, _ in ERPS:
        for folder in sorted((tmp_path / "in" / source).iterdir())[1:-1]:
            shutil.rmtree(folder)
    shutil.rmtree(tmp_path / "in" / "bank")
    settings = load_settings(summary.configuration)
    report = land_sources(settings)
    assert not report.refused
    assert not rejected_rows(settings)


def test_the_last_delivery_is_a_thousandth_and_can_be_held_back(tmp_path: Path) -> None:
    summary = simulate(tmp_path, scale="large", seed=4, documents=20_000)
    before = digests(tmp_path)
    held = hold_back_last_delivery(tmp_path)
    assert {path.parent.name for path in held} >= {"erp_cn", "erp_eu"}
    assert not list((tmp_path / "in").glob("*/2026-06-30"))
    new = [
        row
        for path in held
        for row in read_rows(path / "document.csv")
        if row["document_date"] == "2026-06-30"
    ]
    assert 5 <= len(new) <= 40
    deliver_held_back(tmp_path)
    assert digests(tmp_path) == before
    assert summary.deliveries == 22


def test_the_truth_of_bank_lines_names_the_receipts(summary: SimulationSummary) -> None:
    truth = pl.read_parquet(summary.out / "truth" / "bank_match.parquet")
    amounts = {
        row["bank_reference"]: row["amount"]
        for path in files_of(summary.out, "bank", "bank_transaction")
        for row in read_rows(path)
    }
    receipts = {row["receipt_id"]: row["amount"] for row in rows_of(summary, "receipt")}
    matched = [row for row in truth.iter_rows(named=True) if row["kind"] == "receipt" and row["receipt_id"]]
    assert len(matched) > 100
    assert all(amounts[row["bank_reference"]] == receipts[row["receipt_id"]] for row in matched)


def bank_truth(summary: SimulationSummary) -> list[tuple[dict[str, str], dict[str, str]]]:
    """Every line of the bank with its truth."""
    lines = {
        row["bank_reference"]: row
        for path in files_of(summary.out, "bank", "bank_transaction")
        for row in read_rows(path)
    }
    truth = pl.read_parquet(summary.out / "truth" / "bank_match.parquet")
    return [(lines[row["bank_reference"]], row) for row in truth.iter_rows(named=True)]


def test_the_truth_of_bank_lines_names_every_document_that_the_money_pays(summary: SimulationSummary) -> None:
    """Also those of receipts that the ERP applies after the end, or never."""
    applied: dict[str, set[str]] = {}
    for row in rows_of(summary, "allocation"):
        if row["from_kind"] == "receipt":
            applied.setdefault(row["from_id"], set()).add(row["to_id"])
    meant = {row["receipt_id"]: set(row["document_ids"].split()) for _, row in bank_truth(summary)}
    days = {row["receipt_id"]: row["booking_date"] for _, row in bank_truth(summary)}
    assert all(meant.values())
    known = [receipt for receipt in meant if receipt in applied]
    assert all(applied[receipt] <= meant[receipt] for receipt in known)
    # six weeks before the end everything is applied that ever will be
    complete = [receipt for receipt in known if days[receipt] < date(2026, 5, 15)]
    assert len(complete) > 100
    assert all(applied[receipt] == meant[receipt] for receipt in complete)
    assert max(len(meant[receipt]) for receipt in complete) > 6
    assert [receipt for receipt in meant if receipt and receipt not in applied]


def test_the_text_of_a_bank_line_names_the_first_documents_of_the_truth(summary: SimulationSummary) -> None:
    checked = 0
    for line, row in bank_truth(summary):
        word, _, listed = line["remittance_text"].partition(" ")
        if word in ("付货款", "INV"):
            assert listed.split() == row["document_ids"].split()[:6]
            checked += 1
    assert checked > 100


def test_statements_add_up(summary: SimulationSummary) -> None:
    sums: Counter[str] = Counter()
    for path in files_of(summary.out, "bank", "bank_transaction"):
        for row in read_rows(path):
            sums[row["statement_id"]] += int(row["amount"].replace(".", ""))
    for path in files_of(summary.out, "bank", "bank_statement"):
        for row in read_rows(path):
            opening, closing = (
                int(row[f"{name}_balance"].replace(".", "")) for name in ("opening", "closing")
            )
            assert closing - opening == sums.pop(row["statement_id"], 0)
    assert not sums


def test_every_payer_has_a_character(summary: SimulationSummary) -> None:
    payers = read_rows(summary.out / "truth" / "payer.csv")
    assert len(payers) == summary.customers
    assert {row["character"] for row in payers} >= {"punctual", "late", "month_end"}
    assert all(bool(row["turned_on"]) == (row["character"] in ("deteriorating", "failing")) for row in payers)


@pytest.mark.parametrize(
    "wrong", [{"scale": "small", "documents": 5000}, {"scale": "large", "documents": 10}]
)
def test_a_number_of_documents_that_cannot_be_is_refused(tmp_path: Path, wrong: dict[str, object]) -> None:
    with pytest.raises(SimulationError, match=r"Leave it out|or more"):
        simulate(tmp_path, **wrong)
