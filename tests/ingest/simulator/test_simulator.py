"""The demo company simulator: same bytes, complete features, files by the contract, a ledger that ties.

Belongs here: behaviour of `ingest.simulator` seen from its files. Must not: landing or building the warehouse.
"""

import csv
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from ingest.contract import load_contract
from ingest.landing.discovery import entity_of
from ingest.settings import load_settings
from ingest.simulator import SimulationError, SimulationSummary, Sizing, simulate
from ingest.simulator.days import HISTORY_END, HISTORY_START, delivery_plan
from ingest.simulator.terms import CHINESE_TERMS, FOREIGN_TERMS, UNREADABLE_TERMS
from ingest.terms import parse_terms
from tests.ingest.simulator.plain_ledger import PlainLedger, read_rows
from tests.ingest.simulator.readers import digests

FEATURES = (
    "amount_corrected",
    "associate",
    "backdated_allocation",
    "bank_acceptance",
    "bank_charge",
    "bank_lines_sent_again",
    "bill_discounted",
    "bill_dishonoured",
    "bill_endorsed",
    "bill_honoured",
    "bill_pledged",
    "bill_received",
    "bill_replaced_in_cash",
    "bill_returned",
    "bill_with_recourse",
    "bill_without_recourse",
    "bounced",
    "cancelled",
    "cancelled_after_payment",
    "character_deteriorating",
    "character_disputing",
    "character_early",
    "character_failing",
    "character_late",
    "character_month_end",
    "character_punctual",
    "character_seasonal",
    "cheque_pending",
    "collection_activity",
    "collector_handover",
    "commercial_acceptance",
    "contract",
    "contract_rate",
    "credit_event_court_record",
    "credit_event_external_rating",
    "credit_limit",
    "credit_note_linked",
    "credit_note_reapplied",
    "credit_note_standalone",
    "cross_currency",
    "customer_on_hold",
    "customer_reassigned",
    "cutoff_day_25",
    "debit_note",
    "deleted",
    "dispute_conceded",
    "disputed",
    "disputed_open",
    "due_date_left_to_terms",
    "due_date_moved",
    "early_payment_discount",
    "extended_after",
    "extended_before",
    "extended_late",
    "factored_with_recourse",
    "file_copied",
    "file_renamed",
    "file_split",
    "financial_statement",
    "forgotten",
    "functional_amount_left_out",
    "instalments",
    "insurance_cover",
    "interest",
    "intragroup",
    "late_posting",
    "late_receipt",
    "offset",
    "opening_balance",
    "opening_balance_without_age",
    "over_allocated",
    "overpaid",
    "part_paid",
    "payer_parent",
    "payer_third_party",
    "payer_variant",
    "posted_in_the_future",
    "promised",
    "receipt",
    "receipt_for_many",
    "receivable_certificate",
    "red_letter_invoice",
    "reference_changed",
    "refund",
    "reissued",
    "remittance_confused",
    "remittance_foreign_reference",
    "remittance_full_width",
    "remittance_generic",
    "remittance_lower_case",
    "remittance_missing_prefix",
    "remittance_name_only",
    "remittance_numbers_first",
    "remittance_order_reference",
    "remittance_plain",
    "remittance_range",
    "remittance_salary_noise",
    "remittance_sepa",
    "remittance_sepa_roc",
    "remittance_swift",
    "remittance_tails",
    "remittance_truncated",
    "remittance_wrong_reference",
    "retention",
    "retention_unconditional",
    "revaluation",
    "revaluation_kept",
    "revaluation_reversed",
    "rows_sent_again",
    "sold_without_recourse",
    "typing_error_in_date",
    "unapplied",
    "unapplied_cash",
    "unbilled",
    "unbilled_open",
    "unbilled_reversed",
    "unidentified",
    "vanished",
    "voided_undated",
    "write_off",
    "write_off_recovery",
)


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    tiny = Sizing(customers=24, invoices=400)
    simulate(tmp_path / "a", seed=5, sizing=tiny)
    simulate(tmp_path / "b", seed=5, sizing=tiny)
    simulate(tmp_path / "c", seed=6, sizing=tiny)
    first, second, other = (digests(tmp_path / name) for name in "abc")
    assert first == second
    assert first != other


def test_a_second_run_replaces_the_first(tmp_path: Path) -> None:
    tiny = Sizing(customers=24, invoices=400)
    simulate(tmp_path, seed=5, sizing=tiny)
    before = digests(tmp_path)
    simulate(tmp_path, seed=5, sizing=tiny)
    assert digests(tmp_path) == before


def test_every_feature_of_the_demo_occurs(summary: SimulationSummary) -> None:
    missing = [feature for feature in FEATURES if summary.feature_counts.get(feature, 0) == 0]
    assert not missing


@pytest.mark.parametrize("source", ["erp_cn", "erp_eu", "bank", "bureau"])
def test_files_have_the_columns_of_the_contract(summary: SimulationSummary, source: str) -> None:
    contract = load_contract()
    files = sorted((summary.out / "in" / source).rglob("*.csv"))
    assert files
    for path in files:
        header = path.open(encoding="utf-8").readline().rstrip("\n").split(",")
        entity = entity_of(path.name)
        assert entity is not None, path
        expected = [*contract.entities[entity].columns, *(["_deleted"] if source == "erp_eu" else [])]
        assert header == expected, path


def test_every_source_delivers_on_every_planned_day(summary: SimulationSummary) -> None:
    days = [day.isoformat() for day in delivery_plan().days]
    assert (len(days), days[0], days[-1]) == (55, "2024-05-31", "2026-06-30")
    for source in ("erp_cn", "erp_eu"):
        assert sorted(path.name for path in (summary.out / "in" / source).iterdir()) == days


def test_keys_are_unique_in_every_dump(summary: SimulationSummary) -> None:
    contract = load_contract()
    for path in (summary.out / "in" / "erp_cn" / "2026-06-30").glob("*.csv"):
        key = contract.entities[path.stem].key
        keys = Counter(tuple(row[column] for column in key) for row in read_rows(path))
        assert max(keys.values()) == 1, path.stem


def test_codes_and_required_columns_follow_the_contract(summary: SimulationSummary) -> None:
    contract = load_contract()
    for path in (summary.out / "in").glob("*/2026-06-30/*.csv"):
        for column in contract.entities[path.stem].columns.values():
            values = {row[column.name] for row in read_rows(path)}
            assert not (column.required and "" in values), (path.stem, column.name)
            if column.codes is not None:
                assert values <= {"", *column.codes}, (path.stem, column.name)


@pytest.mark.parametrize(("source", "functional"), [("erp_cn", "CNY"), ("erp_eu", "EUR")])
@pytest.mark.parametrize("until", ["2025-01-31", "2026-06-11", "2026-06-30"])
def test_general_ledger_equals_the_open_items(
    summary: SimulationSummary, source: str, functional: str, until: str
) -> None:
    ledger = PlainLedger(summary.out / "in" / source, functional=functional, until=date.fromisoformat(until))
    balances = ledger.rows("gl_balance")
    days = sorted({row["balance_date"] for row in balances})
    assert days[-1] == until
    for day in {*days[::7], *days[-2:]}:
        expected = ledger.totals(date.fromisoformat(day))
        booked: Counter[str] = Counter()
        for row in balances:
            if row["balance_date"] == day:
                booked[row["account_role"]] += int(row["balance"].replace(".", ""))
        assert booked == {role: expected[role] for role in booked}, day


def test_a_backdated_posting_changes_an_earlier_balance_in_a_later_delivery(
    summary: SimulationSummary,
) -> None:
    changed = 0
    known: dict[str, str] = {}
    for folder in sorted((summary.out / "in" / "erp_cn").iterdir()):
        now = {row["balance_date"]: row["balance"] for row in _trade(folder)}
        changed += sum(now[day] != balance for day, balance in known.items())
        known = now
    assert changed > 3


def _trade(folder: Path) -> list[dict[str, str]]:
    return [row for row in read_rows(folder / "gl_balance.csv") if row["account_role"] == "trade_control"]


def test_the_journal_balances_in_every_voucher(summary: SimulationSummary) -> None:
    sums: Counter[tuple[str, ...]] = Counter()
    for row in read_rows(summary.out / "truth" / "gl_journal.csv"):
        key = (row["company_code"], row["booked_on"], row["posting_date"], row["voucher"])
        sums[key] += int(row["amount"].replace(".", ""))
    assert len(sums) > 1000
    assert not [key for key, amount in sums.items() if amount]


def test_every_bank_line_of_a_receipt_has_its_amount(summary: SimulationSummary) -> None:
    lines: dict[str, str] = {}
    for path in (summary.out / "in" / "bank").rglob("bank_transaction*.csv"):
        lines |= {row["bank_reference"]: row["amount"] for row in read_rows(path)}
    receipts = {
        row["receipt_id"]: row["amount"]
        for row in read_rows(summary.out / "in" / "erp_cn" / "2026-06-30" / "receipt.csv")
    }
    matched = 0
    for row in read_rows(summary.out / "truth" / "bank_match.csv"):
        if row["kind"] == "receipt" and row["receipt_id"] in receipts:
            assert lines[row["bank_reference"]] == receipts[row["receipt_id"]]
            matched += 1
    assert matched > 300


def test_statements_add_up(summary: SimulationSummary) -> None:
    folder = summary.out / "in" / "bank"
    sums: Counter[str] = Counter()
    for path in folder.rglob("bank_transaction.csv"):
        for row in read_rows(path):
            sums[row["statement_id"]] += int(row["amount"].replace(".", ""))
    statements = [row for path in folder.rglob("bank_statement.csv") for row in read_rows(path)]
    for row in statements:
        opening, closing = (
            int(row[column].replace(".", "")) for column in ("opening_balance", "closing_balance")
        )
        assert closing - opening == sums.pop(row["statement_id"], 0)
    assert not sums


def test_nothing_but_the_slips_is_dated_after_the_last_delivery(summary: SimulationSummary) -> None:
    rows = read_rows(summary.out / "in" / "erp_cn" / "2026-06-30" / "document.csv")
    late = [row for row in rows if (row["posting_date"] or row["document_date"]) > HISTORY_END.isoformat()]
    assert len(late) == 1
    assert [row["document_date"][:4] for row in rows if row["document_date"] > "2027"] == ["2062"]


def test_no_money_moves_before_the_history_starts(summary: SimulationSummary) -> None:
    lines = read_rows(summary.out / "truth" / "gl_journal.csv")
    assert min(row["posting_date"] for row in lines) >= HISTORY_START.isoformat()


def test_shape_of_aging_is_plausible(summary: SimulationSummary) -> None:
    total, overdue, oldest = 0, 0, 0
    for source, functional in (("erp_cn", "CNY"), ("erp_eu", "EUR")):
        ledger = PlainLedger(summary.out / "in" / source, functional=functional, until=HISTORY_END)
        for days, value in ledger.debits_past_due(HISTORY_END):
            total += value
            overdue += value if days > 0 else 0
            oldest += value if days > 360 else 0
    # four of sixty customers fail or deteriorate by construction: more than in a company of usual size
    assert 0.10 < overdue / total < 0.70
    assert oldest > 0


def test_the_configuration_is_valid(summary: SimulationSummary) -> None:
    settings = load_settings(summary.configuration)
    assert [source.mode for source in settings.sources] == ["full", "delta", "append", "full"]
    assert [source.required for source in settings.sources] == [True, True, False, False]
    assert [company.functional_currency for company in settings.companies] == ["CNY", "EUR"]


@pytest.mark.parametrize("terms", [*CHINESE_TERMS, *FOREIGN_TERMS], ids=lambda terms: terms.text)
def test_terms_mean_what_the_grammar_reads(terms) -> None:
    read = parse_terms(terms.text)
    assert read.is_readable
    assert (read.days_before, read.cutoff_day, read.months_after) == (
        terms.days_before,
        terms.cutoff_day,
        terms.months_after,
    )
    assert (read.day_of_month, read.days_after) == (terms.day_of_month, terms.days_after)
    assert (read.basis or "document_date") == terms.basis
    assert read.is_immediate == terms.is_immediate
    assert (read.discount_days or 0) == terms.discount_days


def test_the_documentation_names_every_feature_and_every_truth_file(summary: SimulationSummary) -> None:
    text = (Path(__file__).parents[3] / "docs" / "simulator.md").read_text(encoding="utf-8")
    files = [path.name for path in (summary.out / "truth").iterdir()]
    assert len(files) > 10
    assert [name for name in (*summary.feature_counts, *files) if f"`{name}`" not in text] == []


def test_unreadable_terms_are_unreadable() -> None:
    assert not parse_terms(UNREADABLE_TERMS.text).is_readable


def test_medium_is_a_multiple_of_small_cells(tmp_path: Path) -> None:
    summary = simulate(tmp_path, scale="medium", seed=1, sizing=Sizing(customers=24, invoices=300))
    assert summary.customers > 10 * 20
    ledger = PlainLedger(tmp_path / "in" / "erp_eu", functional="EUR", until=HISTORY_END)
    balances = {
        row["account_role"]: row for row in ledger.rows("gl_balance") if row["balance_date"] == "2026-06-30"
    }
    expected = ledger.totals(HISTORY_END)
    assert int(balances["trade_control"]["balance"].replace(".", "")) == expected["trade_control"]


@pytest.mark.parametrize("wrong", [{"scale": "huge"}, {"dialect": "klingon"}])
def test_unknown_scale_and_dialect_name_the_fix(tmp_path: Path, wrong: dict[str, str]) -> None:
    with pytest.raises(SimulationError, match="Use one of"):
        simulate(tmp_path, **wrong)


def test_mishaps_need_dumps(tmp_path: Path) -> None:
    with pytest.raises(SimulationError, match="Use small or medium"):
        simulate(tmp_path, scale="large", mishaps=True)


def test_no_file_carries_a_float(summary: SimulationSummary) -> None:
    with (summary.out / "in" / "erp_cn" / "2026-06-30" / "allocation.csv").open(encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            assert row["amount"].split(".")[1].isdigit() and len(row["amount"].split(".")[1]) == 2
