"""A profile describes how one kind of source writes; a wrong one is refused with the fix."""

from pathlib import Path

import pytest

from ingest.contract import load_contract
from ingest.profiles import ProfileError, load_profile


def test_the_generic_profile_is_the_contract_itself() -> None:
    profile = load_profile("generic")
    assert (profile.delimiter, profile.decimal_separator, profile.date_formats) == (",", ".", ("%Y-%m-%d",))
    for entity in load_contract().entities.values():
        assert all(profile.column_in_file(name, entity=entity.name) == name for name in entity.columns)


def test_an_unknown_profile_names_those_there_are() -> None:
    with pytest.raises(ProfileError, match="Use one of: .*generic"):
        load_profile("nowhere")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("encoding: klingon", "unknown encoding"),
        ("date_formats: ['%d.%m']", "must hold %Y"),
        ("decimal_separator: ','\nthousands_separator: ','", "must differ"),
        ("columns: {document: {colour: Farbe}}", "no column 'colour'"),
        ("speed: fast", "Extra inputs"),
        ("- a list", "not valid"),
        ("a: [", "not valid"),
    ],
)
def test_a_wrong_profile_is_refused(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "own.yml").write_text(text)
    with pytest.raises(ProfileError, match=message):
        load_profile("own", folder=tmp_path)


def test_a_table_takes_over_what_it_does_not_say_itself(tmp_path: Path) -> None:
    feeds = "[{entity: document, columns: {document_id: id}}]"
    (tmp_path / "lists.yml").write_text(
        f"tables:\n  invoice: {{files: ['Inv*'], ignore: {{id: Total}}, fields: {{id: [No]}}, feeds: {feeds}}}\n"
        f"  order: {{files: ['Ord*'], feeds: {feeds}}}\n"
    )
    (tmp_path / "database.yml").write_text(
        "base: lists\ntables:\n  invoice: {ignore: {}, sql: select no from invoice}\n"
        f"  note: {{files: ['Note*'], feeds: {feeds}}}\n"
    )
    lists, database = (load_profile(name, folder=tmp_path).tables for name in ("lists", "database"))
    assert list(database) == ["invoice", "order", "note"]
    assert database["order"] == lists["order"]
    assert database["invoice"].sql == "select no from invoice"
    assert (database["invoice"].files, database["invoice"].ignore) == (("invoice",), {})
    assert (database["invoice"].fields, database["invoice"].feeds) == (
        lists["invoice"].fields,
        lists["invoice"].feeds,
    )
