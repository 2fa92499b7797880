"""Text becomes typed values by strict rules, or a rejected row with its reason, column and original text."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from ingest.canonical import (
    FEWEST_ROWS_BY_DISTINCT_TEXT,
    KEY_KNOWN,
    KEY_NONE,
    KEY_UNREADABLE,
    SHARED_BY_COMPANIES,
    CanonicalBatch,
    canonicalise,
)
from ingest.contract import load_contract
from ingest.file_mapping import map_file
from ingest.formats import ROW, BadRecord, TextBatch, TextFile
from ingest.profiles import Profile, load_profile

# one good row of each entity that the cases below change
GOOD: dict[str, dict[str, str]] = {
    "document": {
        "company_code": "CN01",
        "document_id": "D1",
        "document_type": "invoice",
        "document_date": "2026-01-31",
        "currency": "CNY",
        "amount": "100.00",
    },
    "receipt": {
        "company_code": "CN01",
        "receipt_id": "R1",
        "receipt_date": "2026-01-31",
        "currency": "CNY",
        "amount": "100.00",
    },
    "allocation": {
        "company_code": "CN01",
        "allocation_id": "A1",
        "from_kind": "receipt",
        "from_id": "R1",
        "to_kind": "document",
        "to_id": "D1",
        "allocated_on": "2026-01-31",
        "amount": "100.00",
    },
    "fx_rate": {"rate_date": "2026-01-31", "from_currency": "USD", "to_currency": "CNY", "rate": "7.1"},
    "instalment": {
        "company_code": "CN01",
        "document_id": "D1",
        "instalment_no": "1",
        "due_date": "2026-03-31",
        "amount": "50",
    },
    "collection_activity": {
        "company_code": "CN01",
        "activity_id": "A1",
        "customer_id": "C1",
        "happened_at": "2026-01-31T10:00:00",
    },
    "insurance_cover": {
        "company_code": "CN01",
        "customer_id": "C1",
        "limit": "1000",
        "currency": "CNY",
        "share": "0.9",
        "valid_from": "2026-01-01",
    },
    "customer": {"company_code": "CN01", "customer_id": "C1", "name": "One"},
}


def read(
    entity: str,
    *rows: dict[str, str],
    profile: Profile | None = None,
    companies: Sequence[str] = (),
    bad: tuple[BadRecord, ...] = (),
) -> CanonicalBatch:
    names = list(dict.fromkeys(name for row in rows for name in row))
    cells = [[row.get(name, "") for name in names] for row in rows]
    frame = pl.DataFrame(cells, schema=dict.fromkeys(names, pl.String()), orient="row").with_row_index(
        ROW, offset=1
    )
    profile = profile or load_profile("generic")
    file = TextFile(header=tuple(names), batches=lambda: iter(()))
    mapping = map_file(file, entity=load_contract().entity(entity), profile=profile, constants={})
    return canonicalise(
        TextBatch(frame.with_columns(pl.col(ROW).cast(pl.Int64)), bad), mapping=mapping, companies=companies
    )


def value_of(entity: str, column: str, text: str, **options: Any) -> Any:
    batch = read(entity, {**GOOD[entity], column: text}, **options)
    assert batch.rejected.is_empty(), batch.rejected.to_dicts()
    return batch.accepted[column].item()


def reason_of(entity: str, **changes: str) -> tuple[str, str]:
    batch = read(entity, {**GOOD[entity], **changes})
    assert batch.accepted.is_empty()
    row = batch.rejected.to_dicts()[0]
    return row["reason_code"], row["column_name"]


@pytest.mark.parametrize(
    ("entity", "column", "text", "value"),
    [
        ("document", "amount", "12.3", Decimal("12.30")),
        ("document", "amount", " 0012 ", Decimal("12.00")),
        ("document", "amount", "1234567890123456.99", Decimal("1234567890123456.99")),
        ("receipt", "amount", "-0.05", Decimal("-0.05")),
        ("document", "due_date", "2024-02-29", date(2024, 2, 29)),
        ("document", "due_date", "", None),
        ("document", "is_cancelled", "TRUE", True),
        ("document", "is_cancelled", "否", False),
        ("document", "reference", "  blank around  ", "blank around"),
        ("document", "document_id", "00042", "00042"),
        ("fx_rate", "rate", "0.123456789012", Decimal("0.123456789012")),
        ("insurance_cover", "share", "1", Decimal("1.000000")),
        (
            "collection_activity",
            "happened_at",
            "2026-01-31 10:00:00.5+08:00",
            datetime(2026, 1, 31, 2, 0, 0, 500000),
        ),
        ("collection_activity", "happened_at", "2026-01-31T10:00:00Z", datetime(2026, 1, 31, 10)),
        ("collection_activity", "happened_at", "2026-01-31", datetime(2026, 1, 31)),
    ],
)
def test_a_text_within_the_rules_becomes_its_exact_value(
    entity: str, column: str, text: str, value: object
) -> None:
    assert value_of(entity, column, text) == value


@pytest.mark.parametrize(
    ("entity", "column", "text", "reason"),
    [
        ("document", "amount", "12.345", "not_exact"),
        ("document", "amount", "1e5", "not_exact"),
        ("document", "amount", "1,000.00", "not_exact"),
        ("document", "amount", ".5", "not_exact"),
        ("document", "amount", "+5", "not_exact"),
        ("document", "amount", "٣", "not_exact"),
        ("document", "amount", "12345678901234567", "not_exact"),
        ("document", "amount", "NaN", "not_exact"),
        ("document", "amount", "", "missing_required"),
        ("document", "document_id", "   ", "missing_required"),
        ("document", "document_date", "24-02-03", "bad_date"),
        ("document", "document_date", "2026-2-3", "bad_date"),
        ("document", "document_date", "2026-02-30", "bad_date"),
        ("document", "document_date", "1989-12-31", "bad_date"),
        ("document", "document_date", "2101-01-01", "bad_date"),
        ("document", "document_date", "2026-01-31 00:00:00", "bad_date"),
        ("document", "document_type", "Invoice", "bad_code"),
        ("document", "currency", "rmb", "bad_currency"),
        ("document", "currency", "CNYY", "bad_currency"),
        ("document", "currency", "KWD", "three_decimal_currency"),
        ("document", "is_cancelled", "maybe", "bad_boolean"),
        ("document", "company_code", "*", "star_not_allowed"),
        ("document", "amount", "-1", None),
        ("instalment", "instalment_no", "1.0", "bad_integer"),
        ("instalment", "instalment_no", "0", "out_of_range"),
        ("collection_activity", "happened_at", "yesterday", "bad_timestamp"),
        ("insurance_cover", "share", "1.01", "out_of_range"),
        ("fx_rate", "rate", "0", "wrong_sign"),
        ("fx_rate", "rate", "0.1234567890123", "not_exact"),
        ("customer", "company_code", "*", "no_company_known"),
        ("allocation", "from_id", "", "missing_required"),
        ("allocation", "amount", "-1", "wrong_sign"),
        ("allocation", "from_amount", "-1", "wrong_sign"),
    ],
)
def test_a_text_outside_the_rules_is_rejected_with_its_reason(
    entity: str, column: str, text: str, reason: str | None
) -> None:
    if reason is None:
        assert read(entity, {**GOOD[entity], column: text}).rejected.is_empty()
        return
    assert reason_of(entity, **{column: text}) == (reason, column)


def test_the_first_column_at_fault_is_blamed_and_the_row_is_rejected_once() -> None:
    assert reason_of("document", amount="x", document_date="x") == ("bad_date", "document_date")


def test_a_rejected_row_keeps_its_original_text_record_company_amount_and_currency() -> None:
    row = read("document", {**GOOD["document"], "document_type": "bill"}).rejected.to_dicts()[0]
    assert row["original_text"] == "bill" and '"document_id":"D1"' in row["record"]
    assert (row["rejected_company"], row["rejected_amount"], row["rejected_currency"]) == (
        "CN01",
        Decimal(100),
        "CNY",
    )


@pytest.mark.parametrize(
    ("changes", "state"),
    [({"amount": "x"}, KEY_KNOWN), ({"document_id": ""}, KEY_NONE)],
)
def test_a_rejected_row_says_whether_its_key_can_be_read(changes: dict[str, str], state: str) -> None:
    assert read("document", {**GOOD["document"], **changes}).rejected["key_state"].item() == state


def test_a_key_of_a_date_that_cannot_be_read_is_unreadable() -> None:
    batch = read("fx_rate", {**GOOD["fx_rate"], "rate_date": "31.01.2026"})
    assert batch.rejected["key_state"].item() == KEY_UNREADABLE


def test_a_negative_invoice_becomes_a_credit_note_of_the_same_size() -> None:
    row = {**GOOD["document"], "amount": "-12.30", "functional_amount": "-80", "tax_amount": "-1.42"}
    batch = read("document", row)
    accepted = batch.accepted.to_dicts()[0]
    assert (accepted["document_type"], accepted["original_document_type"]) == ("credit_note", "invoice")
    assert (accepted["amount"], accepted["functional_amount"], accepted["tax_amount"]) == (
        Decimal("12.30"),
        Decimal("80.00"),
        Decimal("1.42"),
    )
    assert batch.amount == Decimal("-12.30"), "the control total counts what was delivered"


@pytest.mark.parametrize("kind", ["credit_note", "debit_note", "interest", "unbilled"])
def test_only_an_invoice_may_be_negative(kind: str) -> None:
    assert reason_of("document", document_type=kind, amount="-1") == ("wrong_sign", "amount")


def test_an_opening_balance_is_signed_and_a_revaluation_of_nothing_too() -> None:
    assert value_of("document", "amount", "-5") == 5
    row = {**GOOD["document"], "document_type": "opening_balance", "amount": "-5", "functional_amount": "-35"}
    assert read("document", row).accepted["amount"].item() == -5
    row = {**GOOD["document"], "amount": "0", "functional_amount": "-35"}
    assert read("document", row).rejected.is_empty()


@pytest.mark.parametrize(("amount", "functional"), [("100", "-1"), ("-100", "1")])
def test_a_functional_amount_has_the_sign_of_its_amount(amount: str, functional: str) -> None:
    assert reason_of("document", amount=amount, functional_amount=functional) == (
        "wrong_sign",
        "functional_amount",
    )


def test_a_bounced_receipt_needs_the_day_it_bounced() -> None:
    assert reason_of("receipt", status="bounced") == ("missing_status_date", "status_date")
    assert read(
        "receipt", {**GOOD["receipt"], "status": "bounced", "status_date": "2026-02-01"}
    ).rejected.is_empty()


@pytest.mark.parametrize("kind", ["discount", "write_off", "fx_difference", "offset"])
def test_a_sink_needs_no_item_and_may_be_negative(kind: str) -> None:
    row = {**GOOD["allocation"], "from_kind": kind, "from_id": "", "amount": "-5"}
    assert read("allocation", row).rejected.is_empty()


def test_a_row_marked_deleted_needs_only_its_key() -> None:
    gone = {"company_code": "CN01", "document_id": "D2", "_deleted": "true", "amount": "x"}
    batch = read("document", {**GOOD["document"], "_deleted": ""}, gone)
    assert batch.rejected.is_empty()
    assert batch.accepted.select("document_id", "_op", "amount").rows() == [
        ("D1", "upsert", Decimal("100.00")),
        ("D2", "delete", None),
    ]


def test_a_star_row_becomes_one_row_per_company_in_the_entities_that_allow_it() -> None:
    batch = read(
        "customer", {**GOOD["customer"], "company_code": "*"}, GOOD["customer"], companies=["CN02", "CN01"]
    )
    assert batch.accepted.select("company_code", ROW).rows() == [("CN01", 1), ("CN02", 1), ("CN01", 2)]
    assert (batch.records, batch.rows_read) == (2, 3)


def test_the_entities_that_allow_a_star_are_those_whose_contract_says_so() -> None:
    told = {
        entity.name
        for entity in load_contract().entities.values()
        if "* = every company" in getattr(entity.columns.get("company_code"), "description", "")
    }
    assert told == SHARED_BY_COMPANIES


def test_records_that_could_not_be_split_are_counted_with_the_others() -> None:
    batch = read("document", GOOD["document"], bad=(BadRecord(2, "ragged_row", "CN01,D2"),))
    assert (batch.rows_read, batch.accepted.height) == (2, 1)
    assert batch.rejected.select("reason_code", "original_text", "key_state").rows() == [
        ("ragged_row", "CN01,D2", KEY_UNREADABLE)
    ]


def test_private_text_is_withheld_from_the_rejected_row() -> None:
    batch = read(
        "customer",
        {**GOOD["customer"], "name": "", "contact_phone": "13800138000"},
        bad=(BadRecord(2, "ragged_row", "13800138000"),),
    )
    assert "13800138000" not in str(batch.rejected.to_dicts())


def test_a_profile_says_how_numbers_dates_and_missing_values_are_written() -> None:
    profile = Profile(
        name="own",
        decimal_separator=",",
        thousands_separator=".",
        date_formats=("%d.%m.%Y", "%Y%m%d"),
        null_texts=("-", "N/A"),
        columns={"document": {"document_id": "Beleg"}},
    )
    row = {name: text for name, text in GOOD["document"].items() if name != "document_id"}
    row |= {
        "Beleg": "D7",
        "amount": "1.234,5",
        "document_date": "31.01.2026",
        "due_date": "20260301",
        "reference": "N/A",
    }
    accepted = read("document", row, profile=profile).accepted.to_dicts()[0]
    assert (accepted["document_id"], accepted["amount"]) == ("D7", Decimal("1234.50"))
    assert (accepted["document_date"], accepted["due_date"]) == (date(2026, 1, 31), date(2026, 3, 1))
    assert accepted["reference"] is None


def test_a_header_says_what_is_missing_and_what_is_unknown() -> None:
    file = TextFile(header=("document_id", "amount", "colour"), batches=lambda: iter(()))
    mapping = map_file(
        file,
        entity=load_contract().entity("document"),
        profile=load_profile("generic"),
        constants={"company_code": "CN01"},
    )
    assert mapping.unknown == ("colour",)
    assert mapping.missing == ("document_type", "document_date", "currency")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("8/12/13", date(2013, 8, 12)),
        ("08/02/2013", date(2013, 8, 2)),
        ("1/5'14", date(2014, 1, 5)),
        ("2/30/13", None),
        ("13/1/13", None),
        ("8/12/013", None),
    ],
)
def test_dates_without_leading_zeros_are_read_where_the_profile_says_so(text: str, day: date | None) -> None:
    batch = read("document", {**GOOD["document"], "document_date": text}, profile=load_profile("qif"))
    assert batch.accepted["document_date"].to_list() == ([day] if day else [])
    assert batch.rejected["reason_code"].to_list() == ([] if day else ["bad_date"])


@pytest.mark.parametrize(
    ("entity", "column", "texts"),
    [
        (
            "document",
            "due_date",
            ["2026-01-31", "", " 2026-02-29", "31.1.", "1889-01-01", "2026-1-1", "2024-02-29 "],
        ),
        ("document", "currency", ["CNY", "KWD", "cny", "", "EUR"]),
        (
            "collection_activity",
            "happened_at",
            ["2026-01-31T10:00:00", "2026-01-31 10:00:00+08:00", "25:00", ""],
        ),
    ],
)
def test_many_rows_are_typed_as_few_are(entity: str, column: str, texts: list[str]) -> None:
    count = FEWEST_ROWS_BY_DISTINCT_TEXT + 1
    rows = [
        {**GOOD[entity], column: texts[number % len(texts)], "company_code": f"C{number}"}
        for number in range(count)
    ]
    many = read(entity, *rows)
    few = [read(entity, *rows[start : start + 1_000]) for start in range(0, count, 1_000)]
    assert many.rejected.height and many.accepted.height
    # record numbers begin anew in each of the few
    assert many.accepted.drop(ROW).equals(pl.concat(batch.accepted for batch in few).drop(ROW))
    assert many.rejected.drop(ROW).equals(pl.concat(batch.rejected for batch in few).drop(ROW))
