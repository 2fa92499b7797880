"""Landing and publishing in a process that may be killed at any moment, without Dagster and without dbt.

Belongs here: the program that is killed, and starting it. Must not: decide when it dies, or judge what it leaves.

Everything is the real thing (the lock, recovery, landing, the manifest, the child process and its life, the proofs of a
candidate, the switch) except the front door's library and dbt: `stand_in` writes a small candidate with plain DuckDB.
"""

from __future__ import annotations

import multiprocessing
import multiprocessing.context
import os
import re
import signal
import stat
import sys
import textwrap
import types
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from ingest.settings import load_settings
from orchestration import dbt_build, session
from orchestration.dbt_build import DbtProcess
from tests.faults import processes
from tests.kit.landing import steps_without_front_door

Process = multiprocessing.context.ForkServerProcess

# what touches a file, by the name of Python's audit event; SQLite and DuckDB work between two of them
_FILE_EVENTS = frozenset(
    {
        "open",
        "os.rename",
        "os.remove",
        "os.mkdir",
        "os.rmdir",
        "os.symlink",
        "sqlite3.connect",
        "subprocess.Popen",
    }
)

_STAND_IN = """\
    #!{python}
    import json, os, sys
    import duckdb

    variables = json.loads(sys.argv[sys.argv.index("--vars") + 1])
    with duckdb.connect(os.environ["ARREARS_BUILD_DB"]) as build:
        build.execute("set TimeZone = 'UTC'")
        build.execute(f"attach '{{os.environ['ARREARS_CANDIDATE_DB']}}' as release")
        build.execute("create schema staging; create schema intermediate; create schema release.marts")
        for entity in ("customer", "document", "receipt", "allocation", "bank_transaction"):
            build.execute(f"create table staging.{{entity}} as select * from landing.{{entity}}")
            build.execute(f"create table release.marts.fct_{{entity}} as select * from staging.{{entity}}")
        build.execute("create table release.marts.dim_release_load as select * from landing.load")
        current = '''
            select company_code, document_id, currency, max_by(amount, _known_at) as amount from staging.document
            group by all having max_by(_op, _known_at) = 'upsert' '''
        totals = f'''
            select company_code, 'trade' as receivable_class, currency, sum(amount) as amount_document,
                sum(amount) as amount_functional
            from ({{current}}) group by all'''
        build.execute(f"create table intermediate.int_control_total as {{totals}}")
        build.execute(f"create table release.marts.dim_release_total as {{totals}}")
        build.execute(
            "create table release.marts.dim_release as select $1 as release_id, cast($2 as date) as as_of_date,"
            " cast($3 as timestamp) as known_at",
            [variables["release_id"], variables["as_of_date"], variables["known_at"]],
        )
"""

_MACRO = """\
create or replace macro marts.documents_of(company) as table
select * from marts.fct_document where company_code = company
"""


def write_project(folder: Path) -> Path:
    """What stands where the dbt project is: a published macro, and an executable that builds a candidate."""
    (folder / "published_macros").mkdir(parents=True)
    (folder / "published_macros" / "documents_of.sql").write_text(_MACRO)
    stand_in = folder / "stand_in"
    stand_in.write_text(textwrap.dedent(_STAND_IN).format(python=sys.executable))
    stand_in.chmod(stand_in.stat().st_mode | stat.S_IXUSR)
    return folder


@dataclass(frozen=True)
class Death:
    """Suicide by SIGKILL just before the given file operation; `whom` is this process or its whole group."""

    operation: int
    whom: Literal["parent", "group"]


def start(config: Path, *, project: Path, said: Path, death: Death | None = None) -> Process:
    """Start the program; it leads a session of its own, so everything that it started can be found."""
    context = multiprocessing.get_context("forkserver")
    # forked from a process that has imported everything: a start costs milliseconds
    # (Polars imports pyarrow late: once here, not in every process that is killed)
    context.set_forkserver_preload(["tests.faults.harness", "pyarrow"])
    process = context.Process(target=main, args=(config, project, said, death), daemon=False)
    with _no_main_module():
        process.start()
    return process


@contextmanager
def _no_main_module() -> Iterator[None]:
    """Python runs the starter's main module in the child again; the program needs nothing of it.

    After a page was tested in this process, the main module is that page's script (Streamlit leaves it there).
    """
    main_module = sys.modules["__main__"]
    sys.modules["__main__"] = types.ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main_module


@contextmanager
def started(config: Path, *, project: Path, said: Path, death: Death | None = None) -> Iterator[Process]:
    """The program for the length of a block, which ends or kills it; then nobody may be left of what it had started.

    Whatever a test finds in the block, nothing outlives it: Python itself would wait for the program for ever.

    Raises:
        AssertionError: something that it had started outlived it.
    """
    process = start(config, project=project, said=said, death=death)
    try:
        yield process
        process.join()
        processes.wait_until_nobody_is_left(process.pid)
    finally:
        processes.kill(process.pid, target="group")
        # one that has not yet come to lead a group
        process.kill()
        process.join()


def phases_entered(said: str) -> list[tuple[str, int]]:
    """Phases that the program has entered by its own words, each with the file operations done before it."""
    return [(name, int(number)) for name, number in re.findall(r"^phase (\w+) (\d+)$", said, re.MULTILINE)]


def last_phase(said: str) -> str:
    """Where the program was when it ended."""
    entered = phases_entered(said)
    return entered[-1][0] if entered else "start"


def main(config: Path, project: Path, said: Path, death: Death | None) -> None:
    """Land, build with the stand-in, publish."""
    os.setsid()
    descriptor = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    os.dup2(descriptor, 1)
    os.dup2(descriptor, 2)
    dbt_build.dbt_executable = lambda: project / "stand_in"
    session.code_version = lambda: "fixed"
    settings = load_settings(config)
    counter = _count_operations(settings.home.root, death=death)

    def enter(phase: str) -> None:
        _say(f"phase {phase} {counter[0]}")

    enter("start")
    steps = steps_without_front_door()
    with session.refresh_session(settings, progress=_say, steps=steps, dbt_project=project) as opened:
        enter("landing")
        opened.land()
        if opened.prepare(as_of=None, known_at=None):
            enter("build")
            process = DbtProcess(opened.invocation())
            for _ in process.events():
                pass
            opened.judge(exit_code=process.exit_code, last_lines=process.last_lines)
            enter("publish")
            opened.publish()
    enter("end")


def _say(line: str) -> None:
    print(line, flush=True)


def _count_operations(root: Path, *, death: Death | None) -> list[int]:
    counter = [0]

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        if event not in _FILE_EVENTS:
            return
        if event != "subprocess.Popen" and not any(str(root) in str(argument) for argument in arguments[:2]):
            return
        counter[0] += 1
        if death is not None and counter[0] == death.operation:
            if death.whom == "group":
                os.killpg(0, signal.SIGKILL)
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(watch)
    return counter
