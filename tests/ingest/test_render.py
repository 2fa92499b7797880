"""What the contract renders is what is committed, and it leaks no contact data."""

from pathlib import Path

import pytest
import yaml

from ingest.contract import LANDING_COLUMNS, load_contract
from ingest.contract.landing_tables import LANDING_TABLES
from ingest.contract.render import COMMAND, main, render_all, render_dbt_sources
from ingest.terms import PaymentTerms

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", sorted(render_all(load_contract())))
def test_the_committed_file_is_what_the_contract_renders(name: str) -> None:
    path = ROOT / name
    assert path.is_file(), f"{name} is missing. Run `{COMMAND}` and commit it."
    expected = render_all(load_contract())[name]
    assert path.read_text(encoding="utf-8") == expected, f"{name} is stale. Run `{COMMAND}` and commit it."


def test_no_template_outlives_its_entity() -> None:
    on_disk = {path.stem for path in (ROOT / "docs/templates/generic").glob("*.csv")}
    assert on_disk == set(load_contract().entities)


def test_the_dbt_source_lists_exactly_the_publishable_columns_and_those_of_landing() -> None:
    (source,) = yaml.safe_load(render_dbt_sources(load_contract()))["sources"]
    tables = {table["name"]: [column["name"] for column in table["columns"]] for table in source["tables"]}
    added = [column.name for column in LANDING_COLUMNS]
    for entity in load_contract().entities.values():
        assert tables.pop(entity.name) == [c.name for c in entity.columns.values() if not c.private] + added
    assert set(tables) == {table.name for table in LANDING_TABLES}
    assert not {"contact_phone", "contact_email"} & set(render_dbt_sources(load_contract()).split())


def test_every_dbt_source_table_carries_its_asset_key() -> None:
    (source,) = yaml.safe_load(render_dbt_sources(load_contract()))["sources"]
    for table in source["tables"]:
        assert table["config"]["meta"]["dagster"]["asset_key"] == ["landing", table["name"]]


def test_the_table_of_terms_readings_has_the_fields_of_a_reading_in_the_same_order() -> None:
    (table,) = [table for table in LANDING_TABLES if table.name == "terms_reading"]
    assert [column.name for column in table.columns] == list(PaymentTerms.__dataclass_fields__)


def test_rendering_writes_once_and_then_has_nothing_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--root", str(tmp_path), "--check"]) == 1
    assert main(["--root", str(tmp_path)]) == 0
    assert (tmp_path / "docs/templates/generic/document.csv").is_file()
    capsys.readouterr()
    assert main(["--root", str(tmp_path), "--check"]) == 0
    assert capsys.readouterr().out == ""
