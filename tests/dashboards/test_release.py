"""Opening the published release, and keeping up with it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from streamlit.testing.v1 import AppTest

from dashboards.data.release import ReleaseUnavailable, current_release, fetch
from ingest.settings_dashboard import Dashboard
from tests.dashboards.conftest import APP
from tests.dashboards.sample_release import Item, make_release

LATER = Item("CN01", "C004", "INV-4999", "invoice", "CNY", "2026-06-29", "2026-07-29", "1000000.00")
OUTSTANDING = "select sum(open_amount_document) as amount from marts.mart_aging"


def test_a_swapped_symlink_shows_the_new_release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARREARS_HOME", str(tmp_path))
    make_release(tmp_path, release_id="r1")
    before = current_release()
    first = fetch(before, OUTSTANDING)[0]["amount"]
    make_release(tmp_path, release_id="r2", extra=(LATER,))
    after = current_release()
    assert (before.release_id, after.release_id) == ("r1", "r2")
    assert fetch(after, OUTSTANDING)[0]["amount"] - first == 1_000_000
    # a page under way keeps the answers of the release it began with, and may ask what it has not asked before
    assert fetch(before, OUTSTANDING)[0]["amount"] == first
    assert fetch(before, f"select * from ({OUTSTANDING}) as asked_anew")[0]["amount"] == first


def test_an_unlinked_release_stays_readable_until_the_page_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ARREARS_HOME", str(tmp_path))
    path = make_release(tmp_path, release_id="r3")
    release = current_release()
    path.unlink()
    assert fetch(release, "select count(*) as n from marts.mart_aging")[0]["n"] > 0


def test_all_readers_together_may_use_what_arrears_yml_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ARREARS_HOME", str(tmp_path))
    monkeypatch.setattr("dashboards.data.release.dashboard", lambda: Dashboard(memory_limit="1GiB"))
    make_release(tmp_path, release_id="r6")
    asked = "select current_setting('memory_limit') as memory_limit"
    assert fetch(current_release(), asked)[0]["memory_limit"] == "1.0 GiB"


def test_the_page_follows_the_swap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARREARS_HOME", str(tmp_path))
    make_release(tmp_path, release_id="r4")
    app = AppTest.from_file(str(APP), default_timeout=60)
    app.query_params["lang"] = "en"
    assert "r4" in strip_of(app.run())
    make_release(tmp_path, release_id="r5", extra=(LATER,))
    assert "r5" in strip_of(app.run())


@pytest.mark.parametrize(
    ("prepare", "reason"),
    [
        (lambda home: None, "no_release"),
        (lambda home: (home / "receivables.duckdb").write_text("not a database"), "unreadable"),
    ],
)
def test_what_is_wrong_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, prepare: Callable[[Path], object], reason: str
) -> None:
    monkeypatch.setenv("ARREARS_HOME", str(tmp_path))
    prepare(tmp_path)
    with pytest.raises(ReleaseUnavailable) as problem:
        current_release()
    assert problem.value.reason == reason


@pytest.mark.parametrize(("language", "command"), [("zh", "arrears refresh"), ("en", "arrears refresh")])
def test_without_a_release_the_page_says_how_to_get_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str, command: str
) -> None:
    monkeypatch.setenv("ARREARS_HOME", str(tmp_path))
    app = AppTest.from_file(str(APP), default_timeout=60)
    app.query_params["lang"] = language
    app.run()
    assert not app.exception
    assert app.warning
    assert any(command in block.value for block in app.markdown)


@pytest.mark.parametrize(
    ("difference", "late", "shown", "is_amber"),
    [
        ("0.00", "0.00", "0.00</span>", False),
        ("0.00", "1200.00", "0.00 (plus ¥1,200.00, €1,200.00 posted after the ledger was read)", False),
        ("35.00", "0.00", "⚠ ¥35.00, €35.00", True),
    ],
)
def test_only_an_unexplained_ledger_difference_alarms(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, difference: str, late: str, shown: str, is_amber: bool
) -> None:
    monkeypatch.setenv("ARREARS_HOME", str(tmp_path))
    make_release(tmp_path, difference=difference, late_postings=late)
    app = AppTest.from_file(str(APP), default_timeout=60)
    app.query_params["lang"] = "en"
    chip = next(part for part in strip_of(app.run()).split("<span") if "Ledger difference" in part)
    assert shown in chip
    assert ("ar-amber" in chip) == is_amber


def test_a_release_of_an_older_program_is_refused_with_what_it_lacks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ARREARS_HOME", str(tmp_path))
    with duckdb.connect(str(make_release(tmp_path, release_id="r6"))) as connection:
        connection.execute("drop table marts.fct_instalment")
    with pytest.raises(ReleaseUnavailable, match="other_shape: not published: fct_instalment"):
        current_release()


def test_a_source_that_names_no_business_day_leaves_the_strip_standing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ARREARS_HOME", str(tmp_path))
    with duckdb.connect(str(make_release(tmp_path, release_id="r7"))) as connection:
        connection.execute("update marts.dim_release_load set business_date = null where source = 'bank'")
    app = AppTest.from_file(str(APP), default_timeout=60)
    app.query_params["lang"] = "en"
    assert "bank n/a" in strip_of(app.run())


def strip_of(app: AppTest) -> str:
    assert not app.exception
    return " ".join(str(block.proto.body) for block in app.get("html"))
