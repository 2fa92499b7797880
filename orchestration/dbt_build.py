"""Running dbt as a child process.

Belongs here: arguments, environment, the child's life, its event stream. Must not: know what a release is, or
judge results (`dbt_results`). dbt runs as a process of its own and never inside this one: the adapter would
keep the DuckDB file open, and a killed parent must take the build with it.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from orchestration.errors import DbtFailed

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True)
# Unit tests prove the code, not the data: they belong to `make test`, not to a daily refresh.
# Failing rows are kept in schema audit of the build, so that a failed gate can be looked into.
BUILD_ARGUMENTS = ("build", "--exclude-resource-type", "unit_test", "--store-failures")
_KEPT_LINES = 40

Event = Mapping[str, Any]


@dataclass(frozen=True)
class DbtInvocation:
    """Everything one dbt child needs.

    Args:
        project_dir: folder of dbt_project.yml and profiles.yml.
        target_path: folder for this invocation's artifacts and log, one per run.
        build_db: DuckDB file for staging and intermediate.
        candidate_db: DuckDB file attached as `release`, where the marts are built.
        variables: dbt vars, JSON-serialisable.
    """

    project_dir: Path
    target_path: Path
    build_db: Path
    candidate_db: Path
    temp_dir: Path
    threads: int = 2
    memory_limit: str = "6GB"
    variables: Mapping[str, Any] = field(default_factory=dict)


def dbt_executable() -> Path:
    """The dbt of the running environment, never another one that PATH happens to name.

    Raises:
        DbtFailed: dbt is not installed beside the running Python.
    """
    # not resolve(): a virtual environment's python is a link to the system's, whose folder has no dbt
    executable = Path(sys.executable).absolute().parent / "dbt"
    if not executable.is_file():
        raise DbtFailed(
            f"dbt is not installed beside {sys.executable}",
            fix="install the locked requirements into this environment: `make setup`",
        )
    return executable


def dbt_arguments(command: Sequence[str], *, variables: Mapping[str, Any]) -> list[str]:
    """Arguments after the executable's name; vars are sorted so that equal runs have equal command lines."""
    return [*command, "--vars", json.dumps(dict(variables), sort_keys=True, ensure_ascii=False, default=str)]


def dbt_environment(invocation: DbtInvocation, *, base: Mapping[str, str]) -> dict[str, str]:
    """Environment of the child: `base`, completed by the paths and limits that the dbt profile reads."""
    return {
        **base,
        "ARREARS_BUILD_DB": str(invocation.build_db),
        "ARREARS_CANDIDATE_DB": str(invocation.candidate_db),
        "ARREARS_THREADS": str(invocation.threads),
        "ARREARS_MEMORY_LIMIT": invocation.memory_limit,
        "ARREARS_TEMP_DIR": str(invocation.temp_dir),
        "DBT_PROJECT_DIR": str(invocation.project_dir),
        "DBT_PROFILES_DIR": str(invocation.project_dir),
        "DBT_TARGET_PATH": str(invocation.target_path),
        "DBT_LOG_PATH": str(invocation.target_path),
        "DBT_LOG_FORMAT": "json",
        "DBT_USE_COLORS": "false",
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "PYTHONUNBUFFERED": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def dies_with(parent: int) -> Callable[[], None]:
    """What a child does before it becomes another program, so that it never outlives process `parent`."""

    def arrange() -> None:
        # A half-written build is worthless, so the child gets no time to tidy up. The signal is bound to the
        # thread that forks: callers start dbt from a thread that lives as long as the run.
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        # a parent that was killed before the line above sends no signal any more
        if os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGKILL)

    return arrange


class DbtProcess:
    """A running dbt: iterate its structured events, then ask for the exit code."""

    def __init__(self, invocation: DbtInvocation, command: Sequence[str] = BUILD_ARGUMENTS) -> None:
        for folder in (invocation.target_path, invocation.temp_dir):
            folder.mkdir(parents=True, exist_ok=True)
        self.invocation = invocation
        self.last_lines: list[str] = []
        self._process = subprocess.Popen(
            [str(dbt_executable()), *dbt_arguments(command, variables=invocation.variables)],
            cwd=invocation.project_dir,
            env=dbt_environment(invocation, base=os.environ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
            preexec_fn=dies_with(os.getpid()),
        )

    def events(self) -> Generator[Event, None, None]:
        """Structured log events in order; other output is kept for the error message."""
        assert self._process.stdout is not None
        try:
            for line in self._process.stdout:
                event = _parse_event(line)
                self._remember(line if event is None else str(event["info"].get("msg", "")))
                if event is not None:
                    yield event
        finally:
            self.stop()

    def stop(self) -> None:
        """End the child if it still runs (the reader gave up early), and collect it."""
        if self._process.stdout is not None:
            self._process.stdout.close()
        if self._process.poll() is None:
            try:
                self._process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                self._process.kill()
        self._process.wait()

    @property
    def exit_code(self) -> int:
        return self._process.wait()

    @property
    def pid(self) -> int:
        return self._process.pid

    def _remember(self, text: str) -> None:
        if text.strip():
            self.last_lines = [*self.last_lines, text.rstrip()][-_KEPT_LINES:]


def refuse_killed(exit_code: int) -> None:
    """Say of a dbt that did not end by itself what most often ended it.

    Raises:
        DbtFailed: a signal ended it.
    """
    if exit_code < 0:
        raise DbtFailed(
            f"dbt was killed by signal {-exit_code} before it had ended",
            fix="most often the system does that when memory runs out: lower memory_limit or dbt_threads in"
            " arrears.yml, then run the refresh again",
        )


def _parse_event(line: str) -> Event | None:
    try:
        event = json.loads(line)
    except ValueError:
        return None
    if (
        isinstance(event, dict)
        and isinstance(event.get("info"), dict)
        and isinstance(event.get("data"), dict)
    ):
        return event
    return None


def progress_line(event: Event) -> str | None:
    """One line for a person, or None for an event not worth one: models, seeds and unsuccessful tests."""
    name, data = event["info"].get("name"), event["data"]
    node = str(data.get("node_info", {}).get("node_name", ""))
    position = f"{data.get('index', '?')}/{data.get('total', data.get('num_models', '?'))}"
    status = str(data.get("status", "")).split(" ")[0].lower()
    if name in ("LogModelResult", "LogSeedResult"):
        seconds = float(data.get("execution_time") or 0)
        outcome = "" if status in ("success", "ok", "create", "insert") else f"  {status}"
        return f"  [{position}] {node}  {seconds:.1f}s{outcome}"
    if name == "LogTestResult" and status not in ("pass", "success"):
        rows = data.get("num_failures")
        return f"  [{position}] {node}  {status}" + (f", {rows} rows" if rows else "")
    return None


def run_dbt(
    invocation: DbtInvocation,
    *,
    command: Sequence[str] = BUILD_ARGUMENTS,
    progress: Callable[[str], None] | None = None,
    on_event: Callable[[Event], None] | None = None,
) -> tuple[int, list[str]]:
    """Run one dbt command to its end.

    Returns:
        dbt's exit code (0 all well, 1 a node or test failed, 2 dbt could not run) and its last output lines.
    """
    process = DbtProcess(invocation, command)
    for event in process.events():
        if on_event is not None:
            on_event(event)
        if progress is not None and (line := progress_line(event)) is not None:
            progress(line)
    return process.exit_code, process.last_lines
