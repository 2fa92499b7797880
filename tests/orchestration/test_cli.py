"""The command line: exit codes, formats, and errors that say the fix."""

import csv
import io
import json
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ingest.home import Home
from orchestration import refresh
from orchestration.cli import main
from orchestration.lock import exclusive_lock
from orchestration.phases import Phase
from orchestration.records import Records
from orchestration.session import RefreshOutcome
from tests.orchestration import fakes
from tests.orchestration.conftest import Publisher

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, home: Home, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs one command on the home of this test."""
    config = fakes.write_config(tmp_path)

    def command(*arguments: str, with_config: bool = True) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main([*arguments, *(["--config", str(config)] if with_config else [])])
        said = capsys.readouterr()
        return code, said.out, said.err

    return command


def test_query_prints_the_three_formats(run: Run, publisher: Publisher) -> None:
    publisher("1234.50")
    sql = "select company_code, amount_document, null as nothing from dim_release_total"
    _, table, _ = run("query", sql)
    assert [line.split() for line in table.splitlines()] == [
        ["company_code", "amount_document", "nothing"],
        ["------------", "---------------", "-------"],
        ["CN01", "1,234.50"],
    ]
    _, text, _ = run("query", sql, "--format", "json")
    # money is text in JSON, so that no reader makes a float of it
    assert json.loads(text) == [{"company_code": "CN01", "amount_document": "1234.50", "nothing": None}]
    _, text, _ = run("query", sql, "--format", "csv")
    assert list(csv.reader(io.StringIO(text))) == [
        ["company_code", "amount_document", "nothing"],
        ["CN01", "1234.50", ""],
    ]


def test_a_query_cannot_write(run: Run, publisher: Publisher) -> None:
    publisher("1.00")
    code, _, error = run("query", "delete from marts.dim_release_total")
    assert code == 1
    assert "read-only" in error
    assert "fix:" in error
    assert "Traceback" not in error


def test_a_query_before_the_first_release_says_what_to_run(run: Run) -> None:
    code, out, error = run("query", "select 1")
    assert (code, out) == (1, "")
    assert "arrears refresh" in error


def test_releases_lists_newest_first_and_marks_the_current(run: Run, publisher: Publisher) -> None:
    for amount in ("1.00", "2.00", "3.00"):
        publisher(amount, keep=2)
    run("rollback")
    _, text, _ = run("releases", "--format", "json")
    listed = [(row["release_id"], row["is_current"], row["has_file"]) for row in json.loads(text)]
    assert listed == [("r0003", False, True), ("r0002", True, True), ("r0001", False, False)]


def test_rollback_without_an_older_release_is_an_error(run: Run, publisher: Publisher) -> None:
    publisher("1.00")
    code, _, error = run("rollback")
    assert code == 1
    assert "no older release" in error


def test_status_shows_release_gates_and_the_last_run(run: Run, publisher: Publisher) -> None:
    publisher("1.00", severities={"control_total": "warn"}, published="2.00")
    code, page, _ = run("status")
    assert code == 0
    assert "release    r0001, as of 2026-03-31" in page
    assert "1 warned: control_total (1 rows)" in page
    assert "lowered in arrears.yml: control_total" in page
    _, text, _ = run("status", "--format", "json")
    assert json.loads(text)["release"]["release_id"] == "r0001"


def test_status_tells_where_the_seconds_of_the_last_run_went(
    run: Run, publisher: Publisher, records: Records
) -> None:
    release = publisher("1.00")
    began = datetime(2026, 3, 31, tzinfo=UTC)
    records.record_phases(
        release.run_id,
        [Phase("landing", began, 12.3), Phase("dbt_overhead", began + timedelta(seconds=13), 4.0)],
    )
    _, page, _ = run("status")
    assert "landing 12, dbt overhead 4" in page
    _, text, _ = run("status", "--format", "json")
    assert json.loads(text)["last_run"]["phases"] == {"landing": 12.3, "dbt_overhead": 4.0}


def test_status_of_a_run_whose_end_could_not_be_written_down_is_no_error(run: Run, records: Records) -> None:
    run_id = records.start_run("refresh")
    records.record_phases(run_id, [Phase("landing", datetime(2026, 3, 31, tzinfo=UTC), 12.3)])
    code, page, _ = run("status")
    assert code == 0
    assert "took" not in page


def test_status_before_the_first_release_is_no_error(run: Run) -> None:
    code, page, _ = run("status")
    assert code == 0
    assert "nothing has been published yet" in page


def test_rejects_has_its_columns_even_when_there_are_none(run: Run) -> None:
    code, text, _ = run("rejects", "--format", "csv")
    assert code == 0
    assert text.startswith("load_id,source,entity,file,row,reason_code")


def test_a_missing_configuration_names_the_option(tmp_path: Path, run: Run) -> None:
    code, _, error = run("status", "--config", str(tmp_path / "no.yml"), with_config=False)
    assert code == 1
    assert "--config" in error


def test_a_wrong_configuration_names_line_and_fix(tmp_path: Path, run: Run) -> None:
    wrong = tmp_path / "wrong.yml"
    wrong.write_text("reporting_currency: CNY\nsources: []\ngates: {bucket_sun: warn}\n")
    code, _, error = run("refresh", "--config", str(wrong), with_config=False)
    assert code == 1
    assert "wrong.yml:3" in error
    assert "Traceback" not in error


def test_configuration_is_found_beside_the_caller_else_through_the_environment(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    assert run("status", with_config=False)[0] == 1
    monkeypatch.setenv("ARREARS_CONFIG", str(tmp_path / "arrears.yml"))
    assert run("status", with_config=False)[0] == 0
    monkeypatch.delenv("ARREARS_CONFIG")
    monkeypatch.chdir(tmp_path)
    assert run("status", with_config=False)[0] == 0


@pytest.mark.parametrize(("exit_code", "stream"), [(0, 0), (2, 1), (1, 1)])
def test_refresh_hands_on_the_exit_code(
    run: Run, monkeypatch: pytest.MonkeyPatch, exit_code: int, stream: int
) -> None:
    asked = {}

    def outcome(config: Path, **options: object) -> RefreshOutcome:
        asked.update(options)
        return RefreshOutcome(exit_code=exit_code, status="failed", message="the message")

    monkeypatch.setattr(refresh, "run_refresh", outcome)
    code, *streams = run("refresh", "--as-of", "2026-03-31", "--known-at", "2026-04-01")
    assert code == exit_code
    assert "the message" in streams[stream]
    assert str(asked["as_of"]) == "2026-03-31"
    # a date means its end
    assert str(asked["known_at"]) == "2026-04-01 23:59:59.999999"


def test_refresh_refuses_what_is_no_date(run: Run) -> None:
    code, _, error = run("refresh", "--as-of", "31.3.2026")
    assert code == 1
    assert "2026-03-31" in error


def test_refresh_while_another_one_runs_names_its_process(run: Run, home: Home) -> None:
    with exclusive_lock(home.lock):
        code, _, error = run("refresh")
    assert code == 1
    assert f"process {os.getpid()}" in error


def test_doctor_passes_on_a_sound_home_and_names_a_broken_link(
    run: Run, publisher: Publisher, home: Home
) -> None:
    publisher("1.00")
    code, text, _ = run("doctor", "--format", "json")
    findings = {row["topic"]: row for row in json.loads(text)}
    assert code == 0, text
    assert findings["current release"]["level"] == "ok"
    assert "storage version" in findings["duckdb library"]["finding"]
    home.release_file("r0001").unlink()
    code, text, _ = run("doctor", "--format", "json")
    finding = next(row for row in json.loads(text) if row["topic"] == "current release")
    assert (code, finding["level"]) == (1, "error")
    assert "arrears refresh" in finding["fix"]


@pytest.mark.parametrize(
    ("dsn", "level", "said"),
    [
        (None, "error", "the environment variable ERP_DSN is not set"),
        (None, "error", "mariadb://user:password@host/db"),
        ("postgresql://reader:hun@ter2@db/erp", "error", "percent-encode"),
        ("postgresql://reader:hunter2@db/erp", "ok", "PostgreSQL database 'erp' on db"),
        ("mariadb://reader:hunter2@db/erp", "ok", "MariaDB database 'erp' on db"),
    ],
)
def test_doctor_looks_at_the_dsn_of_a_database_and_never_shows_it(
    tmp_path: Path,
    home: Home,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    dsn: str | None,
    level: str,
    said: str,
) -> None:
    config = tmp_path / "arrears.yml"
    config.write_text("reporting_currency: CNY\nsources: [{name: erp, profile: tryton, dsn_env: ERP_DSN}]\n")
    monkeypatch.delenv("ERP_DSN", raising=False)
    if dsn is not None:
        monkeypatch.setenv("ERP_DSN", dsn)
    code = main(["doctor", "--format", "json", "--config", str(config)])
    text = capsys.readouterr().out
    finding = next(row for row in json.loads(text) if row["topic"] == "source erp")
    assert finding["level"] == level
    assert said in finding["finding"] + finding["fix"]
    assert (code == 0) == (level == "ok")
    assert "ter2" not in text


def test_simulate_hands_its_options_on_and_says_what_to_change(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "demo"
    code, _, error = run("simulate", "--out", str(out), "--scale", "large", "--mishaps", with_config=False)
    assert code == 1
    assert "Use small or medium" in error
    assert not out.exists()


def test_a_release_of_an_older_version_has_no_track_record_of_warnings(
    run: Run, publisher: Publisher
) -> None:
    publisher("1.00")
    code, _, error = run("backtest")
    assert code == 1
    assert "publish again with `arrears refresh`" in error


def test_every_command_of_the_architecture_is_there(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 0
    text = capsys.readouterr().out
    shown = {line.split()[0] for line in text.splitlines() if line.startswith("    ") and line.strip()}
    assert shown >= {
        *("refresh", "simulate", "status", "rejects", "replay", "releases"),
        *("rollback", "query", "backtest", "crosswalk", "doctor", "up"),
    }
