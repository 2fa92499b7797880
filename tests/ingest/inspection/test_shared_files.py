"""Files of others, used in place: each becomes a draft that loads; bank files are recognised as what they are.

Belongs here: counts over the shared data. Must not: shapes of our own (test_drafts.py).
"""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from ingest.inspection import Draft, draft_profile
from ingest.profiles import load_profile
from tests.ingest.formats.statements.test_tables_corpus import CONSTANTS, EXPECTED, _lines
from tests.ingest.tables import feed
from tests.kit.shared import is_there, needs_shared, shared_folder

pytestmark = [
    pytest.mark.shared,
    needs_shared("data", "bank_statements"),
    needs_shared("data", "ibm_ar"),
    needs_shared("data", "distributor"),
]

FOLDERS = ("ibm_ar", "distributor", "bank_statements/csv", "bank_statements/xlsx")
# bank files of which a line has another account, date or amount than by the profile that was written for them by hand
OTHERWISE = {
    "csv/deb-sig+double-entry-generator/example/jd/example-jd-records.csv": (
        "what was refunded counts as neither income nor expense, and is asked for"
    ),
    "csv/fjacquet+camt-csv/internal/visecaparser/testdata/viseca.csv": (
        "the day of the purchase is taken for that of the booking"
    ),
}


def _files() -> Iterator[str]:
    if is_there("data"):
        data = shared_folder() / "data"
        for folder in FOLDERS:
            yield from (
                p.relative_to(data).as_posix() for p in sorted((data / folder).rglob("*")) if p.is_file()
            )


@cache
def _draft(name: str) -> Draft:
    return draft_profile(shared_folder() / "data" / name)


@pytest.mark.parametrize("name", list(_files()))
def test_a_file_becomes_a_draft_that_loads_and_feeds_something(name: str, tmp_path: Path) -> None:
    draft = _draft(name)
    (tmp_path / f"{draft.name}.yml").write_text(draft.text, encoding="utf-8")
    assert load_profile(draft.name, folder=tmp_path) == draft.profile
    assert draft.dry_run is not None
    assert draft.dry_run.fed
    assert not draft.dry_run.is_refused


def test_the_order_of_days_and_months_is_proven_in_both_copies() -> None:
    month, day = _draft("ibm_ar/month_first.csv"), _draft("ibm_ar/day_first_copy.csv")
    assert month.profile.date_formats == ("%-m/%-d/%Y",)
    assert day.profile.date_formats == ("%d/%m/%Y",)
    assert "# proven: month first: " in month.text
    assert "# proven: day first: " in day.text
    for draft in (month, day):
        assert not any("month stands first" in doubt for doubt in draft.doubts)
        assert draft.profile.settlement == "clearing_date"
        rows = feed(
            draft.inspection.path,
            profile=draft.profile,
            entity="document",
            constants={"company_code": "C1", "currency": "USD"},
        )
        assert len(rows.accepted) == 2466
        assert rows.faults == []


def test_both_copies_give_the_same_dates() -> None:
    def dates(name: str) -> set[tuple[object, ...]]:
        draft = _draft(name)
        rows = feed(
            draft.inspection.path,
            profile=draft.profile,
            entity="document",
            constants={"company_code": "C1", "currency": "USD"},
        ).accepted
        columns = ("document_date", "due_date", "settled_on", "amount")
        # one copy has lost the zeros in front of its numbers
        return {(row["document_id"].lstrip("0"), *(row[c] for c in columns)) for row in rows}

    assert dates("ibm_ar/month_first.csv") == dates("ibm_ar/day_first_copy.csv")


def test_terms_that_are_codes_are_listed_for_a_person_to_say_what_they_mean() -> None:
    draft = _draft("distributor/invoices_until_2019-11-17.csv")
    assert any("cannot read NAGD" in doubt for doubt in draft.doubts)
    codes = {f'"{code}": {code}' for code in ("NAGD", "NAH4", "NAA8", "CA10", "NAUW")}
    assert all(line in draft.text for line in codes)
    assert '"NAH4": NAH4    # 8,398 rows; due 15 days after the document in 100%' in draft.text
    # 1,302 rows of the extract have no currency
    (fed,) = draft.dry_run.fed if draft.dry_run else ()
    assert (fed.entity, fed.accepted, fed.rejected) == ("document", 30_602, 1_302)


BANK_FILES = [name for name in EXPECTED if name.startswith("csv/")]


@pytest.mark.parametrize("name", BANK_FILES)
def test_a_bank_file_is_recognised(name: str) -> None:
    draft = _draft(f"bank_statements/{name}")
    assert [fed.entity for fed in draft.dry_run.fed] == ["bank_transaction"] if draft.dry_run else False


def test_of_32_bank_files_30_have_every_account_date_and_amount_right() -> None:
    right = []
    for name in BANK_FILES:
        draft = _draft(f"bank_statements/{name}")
        path = shared_folder() / "data" / "bank_statements" / name
        ours = feed(path, profile=draft.profile, entity="bank_transaction", constants=CONSTANTS)
        told = ("account", "booking_date", "amount")
        if [[row[c] for c in told] for row in ours.accepted] == [
            [row[c] for c in told] for row in _lines(name).accepted
        ]:
            right.append(name)
    assert set(BANK_FILES) - set(right) == set(OTHERWISE)
    assert (len(BANK_FILES), len(right)) == (32, 30)
