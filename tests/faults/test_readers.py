"""Readers while releases are published one after another: none sees an error, a mixture, or its release changed."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from ingest.home import Home
from orchestration.publish import current_release_id, rollback
from orchestration.records import Records
from tests.faults.conftest import Report
from tests.faults.publishing import publish_numbered
from tests.faults.reader import REPOSITORY

READERS = 8
RELEASES = 10


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home").ensure()


def start_reader(how: str, home: Home) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "tests.faults.number_reader", how, str(home.published)],
        cwd=REPOSITORY,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def wait_until_it_reads(reader: "subprocess.Popen[str]") -> None:
    assert reader.stdout is not None
    assert reader.stdout.readline() == "reading\n"


def what_it_saw(reader: "subprocess.Popen[str]") -> dict[str, Any]:
    said, _ = reader.communicate(timeout=120)
    assert reader.returncode == 0
    found: dict[str, Any] = json.loads(said)
    assert found["wrong"] == []
    return found


def test_eight_readers_see_ten_releases_published_without_an_error_or_a_mixture(
    home: Home, tmp_path: Path, report: Report
) -> None:
    records = Records(home.manifest)

    def publish(number: int) -> None:
        publish_numbered(number, home=home, records=records, macros=tmp_path / "no macros", keep=3)

    publish(1)
    readers = [start_reader("link" if number % 2 else "resolved", home) for number in range(READERS)]
    try:
        for reader in readers:
            wait_until_it_reads(reader)
        for number in range(2, RELEASES + 2):
            publish(number)
        seen: Counter[str] = Counter()
        for reader in readers:
            seen.update(what_it_saw(reader)["seen"])
    finally:
        for reader in readers:
            reader.kill()
            reader.wait()
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
    reader = start_reader("held", home)
    try:
        wait_until_it_reads(reader)
        for number in range(3, 8):
            publish_numbered(number, home=home, records=records, macros=tmp_path / "no macros", keep=2)
        assert not home.release_file("r0001").exists()
        assert current_release_id(home) == "r0007"
        seen = what_it_saw(reader)["seen"]
    finally:
        reader.kill()
        reader.wait()
    assert set(seen) == {"1"}
    report(
        "reader that never closes",
        target="release 1, pruned",
        number=5,
        previous=f"{seen['1']} reads",
        seen="unchanged through 5 publications",
    )
