"""One trial: a copy of the tree, at most one mutant in it, pytest beside it, and what that said.

Belongs here: copying, applying, running, reading the report. Must not: which mutants there are, printing.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from xml.etree import ElementTree

from tests.kit.shared import VARIABLE, shared_folder
from tests.mutants.mutant import ROOT, Mutant

Verdict = Literal["killed", "survived", "error"]

# every trial runs the models without their gates, so that the assertion of the named test decides
PYTEST = ("-m", "pytest", "-p", "no:cacheprovider", "-q", "--tb=line", "-rN", "--without-gates")
SECONDS_FOR_A_TRIAL = 900
_ASSERTED = ("AssertionError", "assert ", "Failed: ")


@dataclass(frozen=True)
class CaseResult:
    """One test case of a report: `passed`, `failed`, `error` (in a fixture), `skipped`; with the first line of why."""

    name: str
    status: str
    why: str = ""


@dataclass(frozen=True)
class Outcome:
    """What became of a mutant, in `seconds`; `why` is the failure, or what went wrong."""

    mutant: Mutant
    verdict: Verdict
    why: str
    seconds: float


class TrialBroken(RuntimeError):
    """pytest could not run the named test at all; the message holds its last words."""


def try_mutant(mutant: Mutant) -> Outcome:
    """Run the named test with the mistake in place."""
    started = time.monotonic()
    verdict: Verdict
    try:
        with copied_tree() as tree:
            path = tree / mutant.file
            text = path.read_text(encoding="utf-8")
            path.write_text(text.replace(mutant.old, mutant.new), encoding="utf-8")
            verdict, why = judge(run_tests([mutant.test], tree=tree))
    except TrialBroken as broken:
        verdict, why = "error", str(broken)
    return Outcome(mutant, verdict, why, time.monotonic() - started)


def judge(cases: Sequence[CaseResult]) -> tuple[Verdict, str]:
    """A mutant is killed by what a test asserts, not by a test that could not run or fell over on the way."""
    for case in cases:
        if case.status == "failed" and case.why.startswith(_ASSERTED):
            return "killed", case.why
    for case in cases:
        if case.status != "passed":
            return "error", f"{case.status}, but not by what it asserts: {case.why}"
    return "survived", ""


def broken_baseline(tests: Sequence[str]) -> list[str]:
    """Run tests of one file without a mistake; returns those that do not pass, with their reason.

    By file, because the tests of a file share their world whether one of them runs or all.
    """
    try:
        with copied_tree() as tree:
            cases = run_tests(tests, tree=tree)
    except TrialBroken as broken:
        return [f"{', '.join(tests)}: {broken}"]
    return [f"{case.name}: {case.status}: {case.why}" for case in cases if case.status != "passed"]


@contextmanager
def copied_tree() -> Iterator[Path]:
    """What git knows of the tree, or would add to it, in a folder that is gone afterwards."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    with tempfile.TemporaryDirectory(prefix="mutant-") as name:
        # the real path: a test may compare a path with its resolved form
        tree = Path(name).resolve() / "tree"
        for relative in filter(None, listed.stdout.split("\0")):
            if (ROOT / relative).is_file():
                (tree / relative).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / relative, tree / relative)
        yield tree


def run_tests(tests: Sequence[str], *, tree: Path) -> list[CaseResult]:
    """Run tests by id in a copied tree.

    Raises:
        TrialBroken: nothing was collected, pytest ended by itself, or it took too long.
    """
    report, scratch = tree.parent / "report.xml", tree.parent / "tmp"
    scratch.mkdir()
    arguments = [*PYTEST, f"--junitxml={report}", f"--basetemp={scratch / 'pytest'}", *tests]
    try:
        ended = subprocess.run(
            [sys.executable, *arguments],
            cwd=tree,
            env=_environment(tree, scratch=scratch),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=SECONDS_FOR_A_TRIAL,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise TrialBroken(f"no result after {SECONDS_FOR_A_TRIAL} seconds") from error
    cases = _read_report(report) if report.is_file() else []
    # 0 and 1 are verdicts of tests; 2-5 are a collection error, an interruption, wrong usage, nothing found
    if ended.returncode not in (0, 1) or not cases:
        words = " ".join((ended.stdout + ended.stderr).split()[-60:])
        raise TrialBroken(f"pytest ended with {ended.returncode}: {words}")
    return cases


def _environment(tree: Path, *, scratch: Path) -> dict[str, str]:
    return {
        **os.environ,
        "PYTHONPATH": str(tree),
        "PYTHONDONTWRITEBYTECODE": "1",
        "TMPDIR": str(scratch),
        VARIABLE: str(shared_folder()),
        # parsed manifests are kept by content: a copy whose dbt project is unchanged need not parse it again
        "ARREARS_MANIFEST_CACHE": str(ROOT / "build" / "test-manifests"),
    }


def _read_report(report: Path) -> list[CaseResult]:
    cases = []
    for element in ElementTree.parse(report).iter("testcase"):
        status, why = "passed", ""
        for kind in ("failure", "error", "skipped"):
            found = element.find(kind)
            if found is not None:
                status = "failed" if kind == "failure" else kind
                why = found.get("message", "")
                if kind == "error":
                    why += f"\n{found.text or ''}"
        name = f"{element.get('classname', '')}::{element.get('name', '')}"
        cases.append(CaseResult(name, status, why))
    return cases
