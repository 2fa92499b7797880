"""`python -m tests.mutants [--only NUMBER|NAME ...] [--list] [--processes N]`.

Belongs here: arguments, order of work, the printed table, the exit code. Must not: what a trial is (trial.py).

Exit code 1 where a mutant survives or cannot be tried as written, or a named test fails without it.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager

from tests.kit.models import CACHE_VARIABLE
from tests.mutants.catalogue import MUTANTS
from tests.mutants.mutant import Mutant, fault_of
from tests.mutants.trial import Outcome, broken_baseline, try_mutant

Numbered = tuple[int, Mutant]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__.split("\n")[0])
    parser.add_argument("--only", nargs="+", metavar="WHICH", help="numbers, or parts of names or files")
    parser.add_argument("--list", action="store_true", help="print the list and try nothing")
    parser.add_argument("--processes", type=int, default=2, help="tests at once (default 2)")
    chosen = parser.parse_args(arguments)
    mutants = chosen_mutants(chosen.only)
    if not mutants:
        print("no mutant has that number or name; `--list` shows them")
        return 1
    faults = [f"{number} {mutant.name}: {fault}" for number, mutant in mutants if (fault := fault_of(mutant))]
    if faults:
        print("mutants that cannot be tried as they are written:", *faults, sep="\n  ")
        return 1
    if chosen.list:
        print_table((number, mutant, "", "") for number, mutant in mutants)
        return 0
    started = time.monotonic()
    with ThreadPoolExecutor(max_workers=chosen.processes) as pool, kept_worlds():
        if not is_baseline_sound(mutants, pool=pool):
            return 1
        say(f"baseline: every named test passes ({time.monotonic() - started:.0f} s)")
        outcomes = try_all(mutants, pool=pool)
    print()
    print_table(
        (number, mutant, outcomes[number].verdict, f"{outcomes[number].seconds:.0f}")
        for number, mutant in mutants
    )
    not_killed = [(number, outcomes[number]) for number, _ in mutants if outcomes[number].verdict != "killed"]
    for number, outcome in not_killed:
        print(f"\n{number} {outcome.mutant.name}: {outcome.verdict}\n  {outcome.why}")
    minutes = (time.monotonic() - started) / 60
    print(f"\n{len(mutants) - len(not_killed)} of {len(mutants)} mutants killed, {minutes:.1f} minutes")
    return 1 if not_killed else 0


@contextmanager
def kept_worlds() -> Iterator[None]:
    """The baseline builds every world once; a mutant then makes only the models that it changes."""
    with tempfile.TemporaryDirectory(prefix="mutant-worlds-") as folder:
        os.environ.setdefault(CACHE_VARIABLE, folder)
        yield


def chosen_mutants(only: Sequence[str] | None) -> list[Numbered]:
    """Mutants with their place in the list; `only` holds numbers, or parts of names or files."""
    numbered = list(enumerate(MUTANTS, start=1))
    if not only:
        return numbered
    return [
        (number, mutant)
        for number, mutant in numbered
        if any(
            str(number) == wanted if wanted.isdigit() else wanted in mutant.name or wanted in mutant.file
            for wanted in only
        )
    ]


def is_baseline_sound(mutants: Iterable[Numbered], *, pool: ThreadPoolExecutor) -> bool:
    """Whether every named test passes as the tree stands."""
    by_file: dict[str, dict[str, None]] = {}
    for _, mutant in mutants:
        by_file.setdefault(mutant.test_file, {})[mutant.test] = None
    broken = [line for lines in pool.map(broken_baseline, map(list, by_file.values())) for line in lines]
    if broken:
        print("named tests that do not pass without a mutant:", *broken, sep="\n  ")
    return not broken


def try_all(mutants: Sequence[Numbered], *, pool: ThreadPoolExecutor) -> dict[int, Outcome]:
    """Outcome by number; a line is printed as each one ends."""
    waiting = {pool.submit(try_mutant, mutant): number for number, mutant in mutants}
    outcomes: dict[int, Outcome] = {}
    for done in as_completed(waiting):
        number, outcome = waiting[done], done.result()
        outcomes[number] = outcome
        say(f"{number:3} {outcome.verdict:8} {outcome.seconds:4.0f} s  {outcome.mutant.name}")
    return outcomes


def print_table(rows: Iterable[tuple[int, Mutant, str, str]]) -> None:
    print("| # | rule | file | mistake: old -> new | test that kills it | verdict | s |")
    print("|---|---|---|---|---|---|---|")
    for number, mutant, verdict, seconds in rows:
        old, new = changed_part(mutant.old, mutant.new)
        change = f"{mutant.name}: `{old}` -> `{new}`".replace("|", "\\|")
        print(
            f"| {number} | {mutant.rule} | {mutant.file} | {change} | {mutant.test} | {verdict} | {seconds} |"
        )


def changed_part(old: str, new: str) -> tuple[str, str]:
    """Both texts with what they share at their ends cut to a few words."""
    head = _shared_length(old, new)
    tail = _shared_length(old[head:][::-1], new[head:][::-1])
    return _around(old, head, tail), _around(new, head, tail)


def _shared_length(left: str, right: str) -> int:
    for position, (one, other) in enumerate(zip(left, right, strict=False)):
        if one != other:
            return position
    return min(len(left), len(right))


def _around(text: str, head: int, tail: int, context: int = 24) -> str:
    start, end = max(head - context, 0), min(len(text) - tail + context, len(text))
    return ("…" if start else "") + text[start:end].strip() + ("…" if end < len(text) else "")


def say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
