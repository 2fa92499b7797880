"""One size of the benchmark: extracts, first refresh, yardsticks, questions, nothing new, one more day.

Belongs here: the order of what is measured, and taking figures from run records. Must not: printing (`report`),
sampling (`watch`). Everything measured is a command in a process of its own, as an operator would run it.
"""

import json
import os
import random
import re
import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import duckdb

from ingest.home import HOME_VARIABLE, Home
from ingest.settings import load_settings
from ingest.simulator import simulate
from ingest.simulator.bulk import deliver_held_back, hold_back_last_delivery
from orchestration.phases import DBT_OVERHEAD, MODELS, TESTS
from orchestration.publish import current_release_file
from orchestration.records import Records
from tests.benchmark.watch import Watched, watch
from tests.kit.releases import LOAD_NUMBERS, differences

REPOSITORY = Path(__file__).resolve().parents[2]
QUESTIONS = 20
SEED = 1
SLOWEST = 15
_MODEL_LINE = re.compile(r"^\s*\[\d+/\d+\] (\w+)\s+([\d.]+)s")

Say = Callable[[str], None]


@dataclass(frozen=True)
class Figure:
    """Wall seconds, CPU seconds (user and system), peak memory of the whole process tree in bytes."""

    seconds: float
    cpu_seconds: float
    peak_bytes: int


@dataclass
class SizeFigures:
    """Everything seen at one size. `questions`: seconds of import, connection and query of each."""

    documents: int
    rows: int = 0
    figures: dict[str, Figure] = field(default_factory=dict)
    slowest: list[tuple[str, float]] = field(default_factory=list)
    questions: list[dict[str, float]] = field(default_factory=list)
    checks: dict[str, str] = field(default_factory=dict)
    disk_bytes: int = 0
    release_bytes: int = 0


class BrokenPromise(AssertionError):
    """Something that the benchmark proves is not so."""


def measure_size(
    documents: int, *, folder: Path, say: Say, keep: Callable[[SizeFigures], None], is_compared: bool
) -> None:
    """Measure one size in `folder`, which is removed afterwards.

    Args:
        keep: given the figures so far after every step, so that a run that is ended leaves what it has seen.
        is_compared: also land everything from scratch and compare the releases table by table.
    Raises:
        BrokenPromise: figures of the script and the release differ, nothing new did something, or a delta gave
            something else than landing everything at once.
    """
    result = SizeFigures(documents)
    try:
        say(f"{documents:,} documents: writing extracts")
        summary = simulate(folder, scale="large", seed=SEED, documents=documents)
        result.rows = sum(summary.row_counts.values())
        hold_back_last_delivery(folder)
        one = _Instance(folder, say=say, result=result)
        # interleaved, so that a busy machine is busy for both sides of a ratio
        conversions = [one.convert()]
        one.first_refresh()
        conversions.append(one.convert())
        result.figures["csv to parquet"] = _mean(conversions)
        steps = [one.reference, one.ask, one.refresh_nothing_new, one.refresh_one_more_day]
        steps += [one.compare_with_scratch] if is_compared else []
        for step in steps:
            keep(result)
            step()
        result.disk_bytes = _size_of(folder)
        keep(result)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class _Instance:
    def __init__(self, folder: Path, *, say: Say, result: SizeFigures) -> None:
        self._folder = folder
        self._config = folder / "arrears.yml"
        self._home = load_settings(self._config).home
        self._say = say
        self._result = result

    def convert(self) -> Figure:
        target = self._folder / "converted"
        watched = self._run("tests.benchmark.convert", str(self._folder / "in"), str(target))
        shutil.rmtree(target)
        return _whole(watched)

    def first_refresh(self) -> None:
        watched, phases = self._refresh("refresh")
        for name, figure in phases.items():
            self._result.figures[name] = figure
        overhead = _whole(watched).seconds - sum(
            figure.seconds for name, figure in phases.items() if name != DBT_OVERHEAD
        )
        cpu = watched.cpu_seconds - sum(f.cpu_seconds for n, f in phases.items() if n != DBT_OVERHEAD)
        self._result.figures["fixed cost"] = Figure(overhead, max(cpu, 0.0), 0)
        self._result.slowest = _slowest_models(self._home.logs)
        release = current_release_file(self._home)
        assert release is not None
        self._result.release_bytes = release.stat().st_size

    def reference(self) -> None:
        runs = []
        for is_compared in (True, False):
            watched = self._run(
                "tests.benchmark.reference",
                str(self._config),
                "--json",
                *([] if is_compared else ["--no-comparison"]),
            )
            told = json.loads(watched.output.strip().splitlines()[-1])
            if told["differences"]:
                raise BrokenPromise(f"script and release differ: {'; '.join(told['differences'])}")
            runs.append(Figure(told["seconds"], told["cpu_seconds"], told["peak_bytes"]))
        self._result.checks["reference"] = "totals of the script agree with the release"
        self._result.figures["reference"] = _mean(runs)

    def ask(self) -> None:
        release = current_release_file(self._home)
        assert release is not None
        for statement in _statements(release):
            watched = self._run("tests.benchmark.question", str(release), statement)
            self._result.questions.append(json.loads(watched.output))

    def refresh_nothing_new(self) -> None:
        release = current_release_file(self._home)
        assert release is not None
        before = (release, release.stat().st_mtime_ns)
        self._refresh("no-change refresh")
        after = current_release_file(self._home)
        if after is None or (after, after.stat().st_mtime_ns) != before:
            raise BrokenPromise("a refresh with nothing new touched the release")
        self._result.checks["no change"] = "release and its mtime untouched"

    def refresh_one_more_day(self) -> None:
        deliver_held_back(self._folder)
        _, phases = self._refresh("delta refresh")
        for name, figure in phases.items():
            self._result.figures[f"delta: {name}"] = figure

    def compare_with_scratch(self) -> None:
        own, elsewhere = current_release_file(self._home), Home(self._folder / "scratch")
        self._say("  everything from scratch")
        self._run("orchestration.cli", "refresh", "--config", str(self._config), home=elsewhere)
        scratch = current_release_file(elsewhere)
        assert own is not None and scratch is not None
        found = differences(own, other=scratch, leaving_out=LOAD_NUMBERS)
        if found:
            raise BrokenPromise("a delta gives something else than everything at once: " + "; ".join(found))
        self._result.checks["delta"] = "every published table equals that of landing everything from scratch"

    def _refresh(self, name: str) -> tuple[Watched, dict[str, Figure]]:
        watched = self._run("orchestration.cli", "refresh", "--config", str(self._config))
        self._result.figures[name] = _whole(watched)
        records = Records(self._home.manifest)
        (run,) = records.runs(limit=1)
        phases = {}
        for phase in records.phases(run.run_id):
            start = phase.started_at.timestamp()
            end = start + phase.seconds
            if phase.name in (MODELS, TESTS, DBT_OVERHEAD):
                # side by side in one process: their peaks and CPU seconds cannot be told apart
                continue
            phases[phase.name] = Figure(
                phase.seconds, watched.cpu_between(start, end), watched.peak_between(start, end)
            )
        phases |= self._dbt_figures(records, run.run_id, watched)
        parts = ", ".join(f"{title} {f.seconds:.1f} / {f.cpu_seconds:.1f}" for title, f in phases.items())
        self._say(f"  {name}: {watched.seconds:.1f} s / {watched.cpu_seconds:.1f} CPU s ({parts})")
        return watched, phases

    def _dbt_figures(self, records: Records, run_id: str, watched: Watched) -> dict[str, Figure]:
        """dbt's phases: CPU seconds shared out by their seconds, one peak for both."""
        parts = {p.name: p for p in records.phases(run_id) if p.name in (MODELS, TESTS, DBT_OVERHEAD)}
        if not parts:
            return {}
        start = parts[DBT_OVERHEAD].started_at.timestamp()
        seconds = sum(part.seconds for part in parts.values())
        cpu = watched.cpu_between(start, start + seconds)
        peak = watched.peak_between(start, start + seconds)
        return {
            name: Figure(part.seconds, cpu * part.seconds / seconds, 0 if name == DBT_OVERHEAD else peak)
            for name, part in parts.items()
        }

    def _run(self, module: str, *arguments: str, home: Home | None = None) -> Watched:
        """A command on the home of arrears.yml, unless another one is given."""
        environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
        if home is not None:
            environment[HOME_VARIABLE] = str(home.root)
        return watch([sys.executable, "-m", module, *arguments], environment=environment)


def _statements(release: Path) -> list[str]:
    """Random questions, the same for the same books: a day, a moment of knowledge, a scheme."""
    with duckdb.connect(str(release), read_only=True) as connection:
        last, first = connection.execute(
            "select max(as_of_date), max(as_of_date) - 700 from marts.dim_release"
        ).fetchall()[0]
        moments = [
            row[0]
            for row in connection.execute(
                "select distinct known_at from marts.dim_release_load order by known_at"
            ).fetchall()
        ]
        schemes = [
            row[0]
            for row in connection.execute(
                "select distinct scheme from marts.dim_aging_bucket order by scheme"
            ).fetchall()
        ]
    chance = random.Random(SEED)
    return [
        f"select * from marts.aging_as_known(date '{first + timedelta(chance.randint(0, (last - first).days))}',"
        f" timestamp '{chance.choice(moments)}', '{chance.choice(schemes)}')"
        for _ in range(QUESTIONS)
    ]


def _slowest_models(logs: Path) -> list[tuple[str, float]]:
    log = max(logs.glob("*.log"))
    found = [
        (match[1], float(match[2]))
        for line in log.read_text(encoding="utf-8").splitlines()
        if (match := _MODEL_LINE.match(line))
    ]
    return sorted(found, key=lambda each: -each[1])[:SLOWEST]


def _whole(watched: Watched) -> Figure:
    return Figure(watched.seconds, watched.cpu_seconds, watched.peak_bytes)


def _mean(figures: Sequence[Figure]) -> Figure:
    count = len(figures)
    return Figure(
        sum(f.seconds for f in figures) / count,
        sum(f.cpu_seconds for f in figures) / count,
        max(f.peak_bytes for f in figures),
    )


def _size_of(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
