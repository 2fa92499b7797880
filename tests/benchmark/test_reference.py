"""The yardstick measures what the models make: its figures are those of a release."""

import shutil
from pathlib import Path

import duckdb
import pytest

from ingest.settings import Settings, load_settings
from ingest.simulator import simulate
from orchestration.publish import current_release_file
from orchestration.refresh import run_refresh
from tests.benchmark.reference import differences, run_reference
from tests.kit import releases

DOCUMENTS = 5_000


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, Path]:
    """The bulk company with a release."""
    folder = tmp_path_factory.mktemp("books")
    simulate(folder, scale="large", seed=1, documents=DOCUMENTS)
    outcome = run_refresh(folder / "arrears.yml", progress=lambda _: None)
    assert outcome.exit_code == 0, outcome.message
    settings = load_settings(folder / "arrears.yml")
    release = current_release_file(settings.home)
    assert release is not None
    return settings, release


@pytest.fixture(scope="module")
def script(published: tuple[Settings, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database that the reference script made of the same landing."""
    target = tmp_path_factory.mktemp("reference") / "reference.duckdb"
    run_reference(published[0], target=target)
    return target


def test_the_script_agrees_with_the_release_to_the_cent(
    published: tuple[Settings, Path], script: Path
) -> None:
    assert differences(script, release=published[1]) == []


@pytest.mark.parametrize(
    ("change", "noticed"),
    [
        (
            "update balance set open_functional = open_functional + 0.01 where rowid = 0",
            "open amounts",
        ),
        ("update trend set document_amount = document_amount + 0.01 where rowid = 0", "trend"),
        ("update movement set functional_amount = functional_amount - 0.01 where rowid = 0", "movements"),
    ],
)
def test_a_cent_more_is_noticed(
    published: tuple[Settings, Path], script: Path, tmp_path: Path, change: str, noticed: str
) -> None:
    changed = tmp_path / "changed.duckdb"
    shutil.copy(script, changed)
    with duckdb.connect(str(changed)) as connection:
        connection.execute(change)
    found = differences(changed, release=published[1])
    assert found
    assert all(line.startswith(noticed) for line in found)


def test_releases_that_differ_in_one_row_differ(published: tuple[Settings, Path], tmp_path: Path) -> None:
    release = published[1]
    changed = tmp_path / "changed.duckdb"
    shutil.copy(release.resolve(), changed)
    assert releases.differences(release, other=changed) == []
    with duckdb.connect(str(changed)) as connection:
        connection.execute(
            "update marts.fct_receipt set amount_document = amount_document + 1 where rowid = 0"
        )
    found = releases.differences(release, other=changed)
    assert [line.split(", e.g. ")[0] for line in found] == [
        "marts.fct_receipt: 1 rows only in one",
        "marts.fct_receipt: 1 rows only in two",
    ]
