"""A real server on the sample release and a real browser, or a skip that says what is missing."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.dashboards.sample_release import make_release

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

ROOT = Path(__file__).parents[2]
CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
START_SECONDS = 60
SETTLED_MILLISECONDS = 1_000
_SETTLED = """(milliseconds) => {
    if (!window.settledWatch) {
        window.settledWatch = new MutationObserver(() => { window.settledSince = undefined; });
        window.settledWatch.observe(document,
            {subtree: true, childList: true, characterData: true, attributes: true});
    }
    const app = document.querySelector('[data-testid="stApp"]');
    const moving = document.getAnimations().some((one) =>
        one.playState === "running" && one.effect.getComputedTiming().endTime !== Infinity);
    const still = app && app.dataset.testScriptState === "notRunning"
        && !document.querySelector('[data-stale="true"]') && !moving;
    if (!still) { window.settledSince = undefined; return false; }
    window.settledSince ??= performance.now();
    return performance.now() - window.settledSince >= milliseconds;
}"""


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of the dashboards, served on loopback from a sample release."""
    home = tmp_path_factory.mktemp("home")
    make_release(home)
    with serving({"ARREARS_HOME": str(home)}, log=tmp_path_factory.mktemp("log") / "server.log") as address:
        yield address


def settled(tab: Any) -> None:
    """Wait until the script has run to its end, and nothing is left of an earlier run, fades or changes, for a while.

    The sign of a running script is shown late, what is drawn anew fades in, and on a busy machine parts of a page are
    drawn after the sign of its script is gone: none of them alone says that a page stands.
    """
    tab.evaluate("window.settledSince = undefined")
    tab.wait_for_function(_SETTLED, arg=SETTLED_MILLISECONDS, timeout=90_000)


@contextmanager
def serving(
    environment: Mapping[str, str], *, log: Path, port: int | None = None, options: Sequence[str] = ()
) -> Iterator[str]:
    """The dashboards on loopback, until the block ends."""
    port = port or free_port()
    with log.open("w", encoding="utf-8") as said:
        process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "streamlit",
                "run",
                "dashboards/app.py",
                "--server.port",
                str(port),
                *options,
            ],
            cwd=ROOT,
            env=os.environ | environment,
            stdout=said,
            stderr=subprocess.STDOUT,
        )
        address = f"http://127.0.0.1:{port}"
        try:
            wait_for(f"{address}/_stcore/health", process=process)
            yield address
        finally:
            process.terminate()
            process.wait(timeout=30)


def free_port() -> int:
    """A port nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def browser() -> Iterator[object]:
    if not Path(CHROMIUM).exists():
        pytest.skip(f"no chromium at {CHROMIUM}: apt-get install -y chromium fonts-noto-cjk")
    with playwright.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


def wait_for(address: str, *, process: subprocess.Popen[bytes]) -> None:
    """Wait until the server answers."""
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode}")
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
    raise TimeoutError(f"no answer from {address} in {START_SECONDS} s")
