"""Readers while releases are published one after another: none sees an error, a mixture, or its release changed."""

from collections import Counter
from contextlib import ExitStack
from pathlib import Path

import pytest

from ingest.home import Home
from orchestration.publish import current_release_id, rollback
from orchestration.records import Records
from tests.faults.conftest import Report
from tests.faults.number_reader import NumberReader
from tests.faults.publishing import publish_numbered

READERS = 8
RELEASES = 10


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home").ensure()


def test_eight_readers_see_ten_releases_published_without_an_error_or_a_mixture(
    home: Home, tmp_path: Path, report: Report
) -> None:
    records = Records(home.manifest)

    def publish(number: int) -> None:
        publish_numbered(number, home=home, records=records, macros=tmp_path / "no macros", keep=3)

    publish(1)
    seen: Counter[str] = Counter()
    with ExitStack() as stack:
        started = [
            NumberReader(home.published, how="link" if number % 2 else "resolved")
            for number in range(READERS)
        ]
        # they start side by side
        readers = [stack.enter_context(reader) for reader in started]
        for number in range(2, RELEASES + 2):
            publish(number)
        for reader in readers:
            saw = reader.stop()
            assert saw.wrong == []
            seen.update(saw.by_content)
    allowed = {str(number) for number in range(1, RELEASES + 2)}
    assert set(seen) <= allowed, "two numbers in one read are two releases mixed"
    assert len(seen) > RELEASES / 2
    report(
        "eight readers, ten releases",
        target="through the link",
        number=READERS,
        previous=f"{seen.total()} reads",
        seen=f"no error, {len(seen)} releases seen, none mixed",
    )


def test_a_reader_that_never_closes_keeps_its_whole_release_while_it_is_pruned(
    home: Home, tmp_path: Path, report: Report
) -> None:
    records = Records(home.manifest)
    for number in (1, 2):
        publish_numbered(number, home=home, records=records, macros=tmp_path / "no macros", keep=2)
    rollback(home)
    with NumberReader(home.published, how="held") as reader:
        for number in range(3, 8):
            publish_numbered(number, home=home, records=records, macros=tmp_path / "no macros", keep=2)
        assert not home.release_file("r0001").exists()
        assert current_release_id(home) == "r0007"
        seen = reader.stop()
    assert seen.wrong == []
    assert set(seen.by_content) == {"1"}
    report(
        "reader that never closes",
        target="release 1, pruned",
        number=5,
        previous=f"{seen.reads} reads",
        seen="unchanged through 5 publications",
    )
