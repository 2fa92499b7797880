"""Data quality page: rows in = rows accounted for, findings down to their rows, ledger and totals.

Worked by hand on sample/quality.sql.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from dashboards.access.viewer import Restriction, Viewer
from dashboards.data import quality, quality_findings, status
from dashboards.data.release import Release, current_release
from dashboards.i18n import LANGUAGES, catalogue, speaking, t
from dashboards.ui import finding_words
from dashboards.views.parts import record_words
from ingest.gates import DEFAULT_GATES
from ingest.reasons import REASONS
from tests.dashboards.conftest import ROOT
from tests.dashboards.own_release import blocks_of, html_of, make_own, open_page, select, table_with
from tests.dashboards.said import foreign

OWN = "quality"


def test_rows_in_are_rows_accounted_for(release: Release) -> None:
    rows = {(row["source"], row["entity"]): row for row in quality.by_entity(release)}
    bank = rows["bank", "bank_transaction"]
    # 40 = 30 landed + 8 unchanged + 2 collapsed + 0 rejected
    assert [bank[name] for name in quality.COUNTS[:5]] == [40, 30, 8, 2, 0]
    assert {row["unaccounted_rows"] for row in rows.values()} == {0}
    assert rows["erp", "document"]["rows_rejected"] == 1


@pytest.mark.parametrize(("language", "words"), [("zh", "未说明去向 3"), ("en", "not accounted for 3")])
def test_a_row_that_went_nowhere_turns_the_proof_amber(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str, words: str
) -> None:
    make_own(
        tmp_path,
        "quality",
        more="update marts.dim_release_load set rows_landed = rows_landed - 3 where load_id = 2",
    )
    monkeypatch.setenv("ARREARS_HOME", str(tmp_path))
    app = open_page("quality", language=language)
    assert not app.exception
    proof = next(html for html in blocks_of(app) if "ar-proof" in html and words in html)
    assert "ar-amber" in proof


def test_totals_are_those_of_the_open_items(release: Release) -> None:
    rows = quality.totals(release)
    assert rows and {row["difference"] for row in rows} == {Decimal("0.00")}
    by_key = {(row["company_code"], row["receivable_class"], row["currency"]): row for row in rows}
    trade = by_key["DE01", "trade", "EUR"]
    # 120000 + 97500 + 43400 + 28850.75 - 12000
    assert trade["total_document"] == Decimal("277750.75")
    assert sum(row["amount_document"] for row in quality.totals_of(release, total=trade)) == Decimal(
        "277750.75"
    )


def test_a_total_that_differs_is_shown_first_and_amber(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    more = """
update marts.dim_release_total set amount_document = amount_document + 7
where company_code = 'DE01' and receivable_class = 'unbilled'"""
    make_own(tmp_path, "quality", more=more)
    monkeypatch.setenv("ARREARS_HOME", str(tmp_path))
    assert quality.totals(current_release())[0]["difference"] == Decimal("-7.00")
    assert "1 differ from the sum" in html_of(open_page("quality", language="en"))


def test_a_finding_leads_to_its_record_whether_it_names_a_document_or_an_item(release: Release) -> None:
    (finding,) = quality_findings.of_rule(release, rule="over_allocation")
    by_document = quality_findings.record(release, finding)
    by_item = quality_findings.record(release, finding | {"record_id": "CN01|D|INV-1001|1"})
    assert by_document == by_item and by_item is not None
    assert (by_item["document_id"], by_item["_file"]) == ("INV-1001", "document.csv")
    receipt = quality_findings.record(release, finding | {"record_id": "CN01|R|RCP-4100"})
    assert receipt is not None and receipt["receipt_id"] == "RCP-4100"
    assert quality_findings.record(release, finding | {"record_id": "gone"}) is None


def test_a_rejected_row_says_column_text_reason_and_what_to_do(release: Release) -> None:
    app = open_page("quality", language="en")
    rules = list(table_with(app, "rule")["rule"])
    select(app, "quality_rules", rules.index("Rejected row"))
    assert not app.exception
    row = table_with(app, "original_text").iloc[0]
    assert (row["column_name"], row["original_text"], row["reason"]) == (
        "amount", "35200.005", "no usable number",
    )  # fmt: skip
    assert "two decimals" in row["todo"]


def test_a_load_opens_the_rows_that_were_set_aside(release: Release) -> None:
    app = open_page("quality", language="zh")
    entities = table_with(app, "unaccounted_rows")
    select(app, "quality_entities", list(entities["entity"]).index("单据"))
    select(app, "quality_loads_erp_document", 0)
    assert not app.exception
    assert list(table_with(app, "original_text")["record_id"]) == ["document.csv:25"]


def test_the_ledger_history_tells_agreement_from_late_and_unexplained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    more = """
insert into marts.mart_gl_tie_out by name
select 'CN01' as company_code, 'trade_control' as account_role, cast(day as date) as balance_date, 'CNY' as currency,
    cast(late + unexplained as decimal(18, 2)) as difference, cast(late as decimal(18, 2)) as late_posting_amount,
    cast(unexplained as decimal(18, 2)) as unexplained_difference
from (values ('2026-04-30', 5, 0), ('2026-05-31', 0, -3)) as past(day, late, unexplained)"""
    make_own(tmp_path, "quality", more=more)
    monkeypatch.setenv("ARREARS_HOME", str(tmp_path))
    states = {
        row["balance_date"]: row["state"]
        for row in quality_findings.tie_out_history(current_release())
        if row["company_code"] == "CN01"
    }
    assert states == {
        date(2026, 4, 30): "late",
        date(2026, 5, 31): "unexplained",
        date(2026, 6, 30): "agrees",
    }
    assert not open_page("quality", language="zh").exception


def test_a_difference_that_cannot_be_told_is_not_counted_as_unexplained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    more = """
update marts.mart_gl_tie_out
set unexplained_difference = case when company_code = 'CN01' then null else 0 end, late_posting_amount = 0"""
    make_own(tmp_path, "quality", more=more)
    monkeypatch.setenv("ARREARS_HOME", str(tmp_path))
    shown = blocks_of(open_page("quality", language="en"))
    unknown = "1 cannot be told: items without an amount in the currency of the books"
    (proof,) = [block for block in shown if "control balances: 0 not explained" in block]
    assert unknown in proof and "amber" in proof
    (card,) = [block for block in shown if "Ledger, unexplained" in block and unknown in block]
    assert "0 balance(s)" in card


def test_a_ledger_balance_opens_its_causes_of_that_day_alone(release: Release) -> None:
    ties = status.tie_out(release)
    tie = next(row for row in ties if row["company_code"] == "CN01")
    (cause,) = quality_findings.gl_causes(release, tie)
    assert (cause["open_item_id"], cause["amount"]) == ("CN01|D|INV-4002|1", Decimal("640000.00"))
    app = open_page("quality", language="zh")
    select(app, "quality_ties", ties.index(tie))
    assert list(table_with(app, "cause")["cause"]) == ["总账读取后入账"]


def test_restatements_are_counted_per_delivery_and_open_their_items(release: Release) -> None:
    (row,) = quality_findings.restatements(release)
    # one item withdrawn at 760,000 and known at 796,000
    assert (row["item_count"], row["amount_functional"], row["moved_functional"]) == (
        1, Decimal("36000.00"), Decimal("1556000.00"),
    )  # fmt: skip
    (month,) = quality_findings.restatements_by_month(release)
    assert (month["month"], month["delivery_count"], month["item_count"]) == ("2026-05", 1, 1)
    items = quality_findings.restated(release, restated_at=datetime(2026, 5, 6, 1), company_code="CN01")
    assert [item["change_kind"] for item in items] == ["became known", "was withdrawn"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_is_not_sound_stands_with_what_to_do(release: Release, language: str) -> None:
    app = open_page("quality", language=language)
    assert not app.exception
    unsound = table_with(app, "todo")
    # the sample has one gate that failed and one that was lowered
    assert len(unsound) == 2
    assert all(unsound["todo"]) and all(unsound["meaning"])


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_gate_and_every_reason_has_words(language: str) -> None:
    words = catalogue(language)
    for gate in DEFAULT_GATES:
        for group in ("gate", "gate_meaning", "gate_todo"):
            assert f"{group}.{gate}" in words, (group, gate)
    for code, reason in REASONS.items():
        if reason.level == "record":
            assert f"reject_reason.{code}" in words and f"reject_todo.{code}" in words, code


def test_a_reader_of_one_company_sees_its_findings_alone(
    release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "dashboards.ui.page.current_viewer", lambda _: Viewer("w", "controller", Restriction(("DE01",)))
    )
    app = open_page("quality", language="en")
    assert not app.exception
    assert "CN01" not in str([table.value.to_dict() for table in app.dataframe])


def test_a_release_without_deliveries_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_own(tmp_path, "quality", more="delete from marts.dim_release_load")
    monkeypatch.setenv("ARREARS_HOME", str(tmp_path))
    app = open_page("quality", language="zh")
    assert not app.exception
    assert any("arrears doctor" in note.value for note in app.info)


# sentences that hold a name or a day, as the release writes them; the beginning stands in the model
EXAMPLES = {
    "a statement is missing after ": "a statement is missing after 2026-06-28 #12",
    "its period overlaps that of ": "its period overlaps that of S4",
    "no receipt names this bill: ": "no receipt names this bill: endorsed of 2026-05-01 has no effect",
    " has no effect": "no receipt names this bill: returned of 2026-05-01 has no effect",
    "its words are not readable: ": "its words are not readable: nach Vereinbarung",
    "its way of counting is not known here: ": "its way of counting is not known here: none",
}
MODELS = ROOT / "dbt" / "models"
WRITERS = (
    MODELS / "marts" / "mart_data_quality.sql",
    MODELS / "intermediate" / "int_bill__finding.sql",
    MODELS / "intermediate" / "int_payment_term__known.sql",
    *sorted((ROOT / "ingest" / "profiles").glob("*.yml")),
)
# what profiles ask of payment terms begins so; models are read whole
ASKED = re.compile(r"[\"']((?:its?|what|a part) [a-z][^\"']{8,})[\"']")
CODE_OF_SQL = re.compile(r"union all|[\]=]")
WRITTEN = re.compile(r"'([^'{}\n]*?[a-z]+,? [a-z]+[^'{}\n]*)'")


def sentences() -> list[str]:
    """Every sentence that a finding can say, from the places where it is written."""
    found = set()
    for file in WRITERS:
        text = file.read_text(encoding="utf-8")
        lines = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("--"))
        found |= set((ASKED if file.suffix == ".yml" else WRITTEN).findall(lines))
    return sorted(
        {EXAMPLES.get(sentence, sentence) for sentence in found if not CODE_OF_SQL.search(sentence)}
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_of_a_finding_has_words_in_both_languages(language: str) -> None:
    assert len(sentences()) > 40
    with speaking(language):
        raw = t("quality.finding_raw", text="")
        said = {sentence: finding_words.in_words(sentence) for sentence in sentences()}
    assert [sentence for sentence, words in said.items() if words.startswith(raw)] == []
    if language == "zh":
        assert [words for words in said.values() if foreign(words) and "nach" not in words] == []


def test_names_in_a_sentence_stand_in_the_words_and_unknown_sentences_stay() -> None:
    with speaking("zh"):
        assert finding_words.in_words(EXAMPLES["no receipt names this bill: "]) == (
            "没有收款单对应此票据:2026-05-01 的背书不生效"
        )
        assert finding_words.in_words("a statement is missing after S4") == "在 S4 之后缺一份对账单"
        # terms are typed by hand
        assert finding_words.in_words("its words are not readable: 30\nnet") == "无法读懂其文字:30\nnet"
        assert finding_words.in_words("asks of our own profile") == "来源原文:asks of our own profile"
        assert finding_words.in_words("") == ""


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_for_which_a_row_is_set_aside_has_words(language: str) -> None:
    words = catalogue(language)
    codes = [code for code, reason in REASONS.items() if reason.level == "record"]
    missing = [
        f"{group}.{code}"
        for code in codes
        for group in ("reject_reason", "reject_todo")
        if f"{group}.{code}" not in words
    ]
    assert missing == []


def contract_codes() -> list[tuple[str, str]]:
    """Column and code, of every entity whose records are shown with their source."""
    contract = yaml.safe_load((ROOT / "ingest" / "contract" / "entities.yml").read_text(encoding="utf-8"))
    shown = (
        "document",
        "instalment",
        "receipt",
        "allocation",
        "customer",
        "dispute",
        "promise",
        "bill_event",
    )
    return [
        (name, code)
        for entity in shown
        for name, column in contract["entities"][entity]["columns"].items()
        if column[0] == "code"
        for code in contract["codes"][column[1]]
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_of_a_record_has_a_word(language: str) -> None:
    with speaking(language):
        untold = [
            (name, code)
            for name, code in contract_codes()
            if record_words.in_words({name: code})[name] == code
        ]
    # some English words are spelt like their code
    assert [code for _, code in untold if language == "zh" or "_" in code] == []


def test_a_record_keeps_what_is_no_code() -> None:
    with speaking("zh"):
        said = record_words.in_words(
            {"status": "cleared", "reason": "cleared", "amount": 1, "kind": "new_kind"}
        )
    assert said == {"status": "已到账", "reason": "cleared", "amount": 1, "kind": "new_kind"}


def test_a_source_that_read_no_rows_has_no_share_of_rejected_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_own(tmp_path, "quality", more="update marts.dim_release_load set rows_read = 0, rows_rejected = 0")
    monkeypatch.setenv("ARREARS_HOME", str(tmp_path))
    assert {row["rejected_share"] for row in quality.by_entity(current_release())} == {None}
