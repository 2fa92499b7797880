"""The unit tests of the dbt project, each as a test of this suite: a refresh leaves them out.

Belongs here: running them on the models that they read. Must not: rules or figures; those stand beside the models.
"""

from pathlib import Path

import pytest
import yaml

from tests.kit import Extracts, SourcePlan
from tests.kit.models import unit_test_results
from tests.kit.worlds import WORLD_DAY

PROJECT = Path(__file__).parents[2] / "dbt"


def _names() -> list[str]:
    files = (PROJECT / "models").rglob("*.yml")
    documents = [yaml.safe_load(file.read_text(encoding="utf-8")) for file in files]
    return sorted(test["name"] for document in documents for test in document.get("unit_tests", ()))


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    extracts = Extracts([SourcePlan("erp", (WORLD_DAY,))])
    extracts.books("U01").invoice("INV1", "1.00", "2026-01-01")
    return unit_test_results(extracts.write(tmp_path_factory.mktemp("unit_tests")))


@pytest.mark.parametrize("name", _names())
def test_a_unit_test_of_the_models_passes(results: dict[str, str], name: str) -> None:
    assert results.get(name) == "pass"
