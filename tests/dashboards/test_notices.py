"""What every page says when a refresh failed or the release is late, and to whom."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from streamlit.testing.v1 import AppTest

from dashboards.access.viewer import EVERYTHING, Restriction, Viewer
from dashboards.data import refreshes
from dashboards.data.refreshes import RecordsUnreadable
from orchestration.gates import GateOutcome
from orchestration.records import Records
from tests.dashboards.own_release import make_own, open_page

MESSAGE = "gate roll_forward failed: 3 rows in audit.roll_forward"
NOW = datetime(2026, 7, 2, 12, tzinfo=UTC)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    make_own(tmp_path, "notices")
    monkeypatch.setenv("ARREARS_HOME", str(tmp_path))
    monkeypatch.setattr("dashboards.ui.notices.now", lambda: NOW)
    return tmp_path


@pytest.fixture
def planned(monkeypatch: pytest.MonkeyPatch) -> None:
    """A refresh is due every day at 06:30 in Shanghai, 22:30 UTC."""
    monkeypatch.setattr(
        "dashboards.ui.notices.configuration.schedule", lambda: ("30 6 * * *", ZoneInfo("Asia/Shanghai"))
    )


def run(home: Path, status: str, *, ended: datetime, command: str = "refresh", message: str = "") -> None:
    """A run as the pipeline itself records it, moved to the moment wanted."""
    manifest = home / "manifest.sqlite"
    records = Records(manifest)
    gates = [
        GateOutcome("roll_forward", "error", "error", "failed" if status == "gate_failed" else "passed", 3),
        GateOutcome("future_dated", "warn", "warn", "failed", 1),
    ]
    run_id = records.start_run(command)
    records.end_run(run_id, status=status, message=message, gates=gates)
    with sqlite3.connect(manifest) as connection:
        connection.execute(
            "update runs set run_id = ?, finished_at = ? where run_id = ?",
            (f"{ended:%Y%m%dT%H%M%S%f}", f"{ended:%Y-%m-%d %H:%M:%S.%f}", run_id),
        )


def said(app: AppTest) -> str:
    assert not app.exception
    return " ".join(note.value for note in [*app.error, *app.warning])


def at(day: int, hour: int) -> datetime:
    return datetime(2026, 7, day, hour, tzinfo=UTC)


def as_role(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    def become(role: str, restriction: Restriction = EVERYTHING) -> None:
        monkeypatch.setattr("dashboards.ui.page.current_viewer", lambda _: Viewer("x", role, restriction))

    return become


def test_without_run_records_and_with_sources_in_time_nothing_is_said(home: Path, planned: None) -> None:
    assert said(open_page("about", language="en")) == ""


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh", ("最近一次刷新未成功", "余额滚动", "2026-07-02 01:00", "r0123", "arrears.yml")),
        ("en", ("did not succeed", "Roll-forward", "2026-07-02 01:00", "r0123", "lower the check")),
    ],
)
def test_a_gate_that_stopped_the_last_refresh_is_told_with_what_to_do(
    home: Path, language: str, words: tuple[str, ...]
) -> None:
    run(home, "published", ended=at(1, 1))
    run(home, "gate_failed", ended=at(2, 1), message=MESSAGE)
    app = open_page("about", language=language)
    for word in words:
        assert word in said(app), word
    assert next(block.value for block in app.code) == MESSAGE
    # a gate that only warns stopped nothing
    assert "Future-dated" not in said(app) and "未来日期" not in said(app)


@pytest.mark.parametrize(("status", "fix"), [("refused", "arrears rejects"), ("failed", "arrears doctor")])
def test_each_kind_of_failure_has_its_fix(home: Path, status: str, fix: str) -> None:
    run(home, status, ended=at(2, 1), message="x")
    assert fix in said(open_page("about", language="en"))


def test_a_failure_that_was_mended_is_not_told(home: Path) -> None:
    run(home, "failed", ended=at(1, 1))
    run(home, "nothing_new", ended=at(2, 1))
    assert said(open_page("about", language="en")) == ""


def test_other_commands_and_runs_under_way_are_no_refresh_that_failed(home: Path) -> None:
    run(home, "published", ended=at(1, 1))
    run(home, "failed", ended=at(2, 1), command="replay")
    Records(home / "manifest.sqlite").start_run("refresh")
    assert said(open_page("about", language="en")) == ""


def test_sales_are_not_told_of_runs_and_a_restricted_reader_not_what_the_message_says(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    become = as_role(monkeypatch)
    run(home, "gate_failed", ended=at(2, 1), message=MESSAGE)
    become("sales", Restriction((), "赵雪"))
    assert said(open_page("about", language="en")) == ""
    become("controller", Restriction(("DE01",)))
    app = open_page("about", language="en")
    assert "did not succeed" in said(app)
    # it may name rows of another company
    assert MESSAGE not in [block.value for block in app.code]


def test_records_that_cannot_be_read_are_told_and_the_page_stays(home: Path) -> None:
    (home / "manifest.sqlite").write_bytes(b"not a database, but long enough to be looked at" * 40)
    with pytest.raises(RecordsUnreadable):
        refreshes.read(home / "manifest.sqlite")
    assert "arrears doctor" in said(open_page("about", language="en"))


def test_reading_the_records_writes_nothing(home: Path) -> None:
    run(home, "published", ended=at(2, 1))
    manifest = home / "manifest.sqlite"
    before = manifest.read_bytes()
    manifest.chmod(0o400)
    found = refreshes.read(manifest)
    assert found is not None and found.succeeded_at == at(2, 1)
    assert manifest.read_bytes() == before


@pytest.mark.parametrize(
    ("succeeded", "is_stale"),
    [
        # due on the 1st at 22:30 UTC; three hours of grace are over on the 2nd at noon
        (at(1, 22), True),
        (at(1, 23), False),
    ],
)
def test_a_release_older_than_the_schedule_expects_is_stale(
    home: Path, planned: None, succeeded: datetime, is_stale: bool
) -> None:
    run(home, "published", ended=succeeded)
    words = said(open_page("about", language="en"))
    assert ("2026-07-01 22:30" in words and "is stale" in words) is is_stale


def test_a_refresh_that_may_still_be_running_is_not_called_late(
    home: Path, planned: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(home, "published", ended=at(1, 1))
    monkeypatch.setattr("dashboards.ui.notices.now", lambda: datetime(2026, 7, 2, 1, 29, tzinfo=UTC))
    assert said(open_page("about", language="en")) == ""


def test_without_arrears_yml_no_schedule_is_expected(home: Path) -> None:
    run(home, "published", ended=datetime(2026, 1, 1, tzinfo=UTC))
    assert said(open_page("about", language="en")) == ""


@pytest.mark.parametrize(
    ("language", "words"), [("zh", "必需的数据来源未到齐"), ("en", "A required source is late")]
)
def test_a_required_source_that_holds_the_others_back_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str, words: str
) -> None:
    late = """
insert into marts.dim_release_load by name
select 'r0123' as release_id, 90 as load_id, 'erp_eu' as source, 'document' as entity, timestamp '2026-06-29 20:00:00'
    as extracted_at, date '2026-06-27' as business_date, true as is_required, 1 as rows_read, 1 as rows_landed"""
    make_own(tmp_path, "notices", more=late)
    monkeypatch.setenv("ARREARS_HOME", str(tmp_path))
    found = said(open_page("about", language=language))
    assert words in found and "erp_eu" in found and "2026-06-27" in found and "2026-06-30" in found
    # the bank is late too, and nothing waits for it
    assert "bank" not in found


def test_gates_of_a_run_are_those_that_stopped_it(home: Path) -> None:
    run(home, "gate_failed", ended=at(2, 1))
    found = refreshes.read(home / "manifest.sqlite")
    assert found is not None and found.last is not None
    assert found.last.gates == ("roll_forward",)
