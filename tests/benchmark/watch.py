"""Watching a command: seconds, CPU seconds and memory of its whole process tree.

Belongs here: starting one command and sampling /proc while it runs. Must not: know what the command does.

Memory is the sum of resident sets (VmRSS) over all processes of the tree, five times a second. Shared pages count in
every process that maps them, so a sample is never too low, but a peak between two samples is missed; PSS would be
exact, but reading it walks every page table and costs a core at several GiB.
"""

import os
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

INTERVAL_SECONDS = 0.2
_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")


class CommandFailed(RuntimeError):
    """A command of the benchmark ended with another code than 0; the message ends with what it said."""


@dataclass(frozen=True)
class Sample:
    """Seconds since the epoch; bytes resident then; CPU seconds used by then."""

    moment: float
    resident: int
    cpu_seconds: float


@dataclass(frozen=True)
class Watched:
    """One finished command."""

    started: float
    ended: float
    cpu_seconds: float
    output: str
    samples: tuple[Sample, ...]

    @property
    def seconds(self) -> float:
        return self.ended - self.started

    @property
    def peak_bytes(self) -> int:
        return max((sample.resident for sample in self.samples), default=0)

    def peak_between(self, start: float, end: float) -> int:
        """Peak in a part of the run."""
        return max((s.resident for s in self.samples if start <= s.moment <= end), default=0)

    def cpu_between(self, start: float, end: float) -> float:
        """CPU seconds in a part of the run, to a sample."""
        return self._cpu_at(end) - self._cpu_at(start)

    def _cpu_at(self, moment: float) -> float:
        return max((s.cpu_seconds for s in self.samples if s.moment <= moment), default=0.0)


def watch(command: Sequence[str], *, environment: Mapping[str, str] | None = None) -> Watched:
    """Run a command to its end and watch it.

    Raises:
        CommandFailed: it ended with another code than 0.
    """
    before = os.times()
    started = time.time()
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment
    )
    sampler = _Sampler(process.pid)
    sampler.start()
    try:
        output = process.communicate()[0]
    finally:
        sampler.stop()
    after = os.times()
    if process.returncode != 0:
        raise CommandFailed(f"{' '.join(command)} ended with {process.returncode}:\n{output[-3000:]}")
    cpu = (after.children_user + after.children_system) - (before.children_user + before.children_system)
    return Watched(started, time.time(), cpu, output, tuple(sampler.samples))


class _Sampler(threading.Thread):
    def __init__(self, root: int) -> None:
        super().__init__(daemon=True)
        self.samples: list[Sample] = []
        self._root = root
        self._ended = threading.Event()
        # processes that end take their counters with them: the last reading of each is kept
        self._cpu: dict[int, float] = {}

    def run(self) -> None:
        while not self._ended.wait(INTERVAL_SECONDS):
            resident = 0
            for pid in _tree(self._root):
                reading = _read(pid)
                if reading is not None:
                    resident += reading[0]
                    self._cpu[pid] = reading[1]
            self.samples.append(Sample(time.time(), resident, sum(self._cpu.values())))

    def stop(self) -> None:
        self._ended.set()
        self.join()


def _tree(root: int) -> Iterator[int]:
    waiting = [root]
    while waiting:
        pid = waiting.pop()
        yield pid
        for task in Path(f"/proc/{pid}/task").glob("*/children"):
            try:
                waiting += [int(child) for child in task.read_text().split()]
            except OSError:
                continue


def _read(pid: int) -> tuple[int, float] | None:
    """Resident bytes and CPU seconds of a process, None where it has ended."""
    try:
        resident = int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except (OSError, IndexError):
        return None
    return resident, (int(fields[11]) + int(fields[12])) / _TICKS
