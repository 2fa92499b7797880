"""The rules of the dbt project, read off its files: what is portable, what is described, which gates exist.

Belongs here: conventions that a reviewer would otherwise repeat. Must not: figures.
"""

import re
from pathlib import Path

import pytest
import yaml

from ingest.contract import load_contract
from ingest.settings import DEFAULT_GATES

PROJECT = Path(__file__).parents[2] / "dbt"
MODELS = sorted((PROJECT / "models").rglob("*.sql"))
MARTS = sorted((PROJECT / "models" / "marts").glob("*.sql"))
SQL = [*MODELS, *sorted((PROJECT / "tests").rglob("*.sql"))]

# judged where they run, not by a dbt test
GATES_OUTSIDE_DBT = {"front_door", "control_total"}

BANNED = {
    r"::": "cast(x as t): `::` is not on every engine",
    r"\basof\s+join\b": "an interval join: `asof join` is not on every engine",
    r"\bpositional\s+join\b": "a join on keys",
    r"\bpivot\b": "max(case when ...): `pivot` differs between engines",
    r"\bcolumns\s*\(": "the columns by name",
    r"\bcurrent_date\b|\bcurrent_timestamp\b|\bnow\s*\(": "as_of(): a model never reads the clock",
    r"\b(double|float|real)\b(?!\))": "decimal: money is never a float",
    r"\bgroup by \d": "the columns by name",
    r"\binterval\s+'?\d": "the date macros of macros/portable",
    r"(?<![\w])strf?ptime\s*\(": "the date macros of macros/portable",
    r"\bexclude\s*\(": "the columns by name",
    r"\bmerge\s+into\b": "a full rebuild",
}
# rates are quotients: the one place where a double is asked for, and cast back at once
MAY_DIVIDE = {"int_fx_rate__quoted.sql"}


def _code(path: Path) -> str:
    text = re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.S)
    return re.sub(r"--[^\n]*", "", text)


@pytest.mark.parametrize("path", SQL, ids=lambda path: path.stem)
def test_sql_keeps_to_what_every_engine_understands(path: Path) -> None:
    found = [
        f"{path.name}: `{match.group(0)}`; write {instead}"
        for pattern, instead in BANNED.items()
        for match in re.finditer(pattern, _code(path), flags=re.I)
        if not (path.name in MAY_DIVIDE and "double" in match.group(0))
    ]
    assert found == []


@pytest.mark.parametrize("path", MODELS, ids=lambda path: path.stem)
def test_a_model_ends_in_one_select_from_its_last_step(path: Path) -> None:
    code = _code(path).strip()
    assert code.startswith(("{{ landed_versions", "{{ config", "{%", "with")), path.name
    if "landed_versions(" not in code:
        last = code.splitlines()[-1].strip()
        assert last.startswith(("select * from", "order by")), f"{path.name} ends in: {last}"


@pytest.mark.parametrize("path", MARTS, ids=lambda path: path.stem)
def test_a_published_model_says_what_it_is_and_what_each_column_means(path: Path) -> None:
    described = yaml.safe_load(path.with_suffix(".yml").read_text(encoding="utf-8"))["models"]
    assert [model["name"] for model in described] == [path.stem]
    (model,) = described
    assert model["description"].startswith("One row"), "a description starts with the grain"
    columns = model["columns"]
    assert [column["name"] for column in columns if not column.get("description", "").strip()] == []
    assert [column["name"] for column in columns if not column.get("data_type")] == []
    assert [
        column["name"] for column in columns if column["name"] == "amount" and path.stem.startswith("fct_")
    ] == []


def test_every_entity_of_the_contract_is_staged() -> None:
    staged = {
        path.stem.removeprefix("stg_landing__") for path in (PROJECT / "models" / "staging").glob("*.sql")
    }
    assert staged == set(load_contract().entities)


def test_every_gate_of_the_settings_has_a_test_and_every_test_names_a_known_gate() -> None:
    named = set()
    for path in [*SQL, *PROJECT.rglob("*.yml")]:
        named |= set(
            re.findall(r"""meta[=:]\s*\{['"]?gate['"]?:\s*['"]?([a-z_]+)""", path.read_text(encoding="utf-8"))
        )
    assert named == set(DEFAULT_GATES) - GATES_OUTSIDE_DBT


def test_contracts_are_enforced_on_what_is_published() -> None:
    project = yaml.safe_load((PROJECT / "dbt_project.yml").read_text(encoding="utf-8"))
    assert project["models"]["arrears"]["marts"]["+contract"] == {"enforced": True}
