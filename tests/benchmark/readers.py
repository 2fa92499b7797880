"""`python -m tests.benchmark.readers --home HOME`: several readers at one dashboard server at once.

Belongs here: a server of its own on loopback, readers that open page after page over its websocket, what they waited
and what memory each cost. Must not: single filters (dashboard.py), assertions.

First one reader walks through every page, which fills the cache of answers; then others come all at once, each
beginning at another page: what they ask has been asked, as it has for most readers of one release. What pages that
nobody has opened cost is what dashboard.py measures.
"""

from __future__ import annotations

import argparse
import os
import socket
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

from dashboards.access.viewer import PAGES
from tests.benchmark.dashboard import APP, PATIENCE, summary


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--home", type=Path, required=True, help="folder with receivables.duckdb")
    parser.add_argument("--readers", type=int, default=8)
    parser.add_argument("--customer", default="", help="company:customer that the customer page opens")
    arguments = parser.parse_args()
    company, _, customer = arguments.customer.partition(":")
    chosen = f"&company={company}&customer={customer}" if customer else ""
    with ExitStack() as stack:
        log = stack.enter_context(tempfile.TemporaryFile())
        port = _free_port()
        server = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", str(APP), "--server.address=127.0.0.1", f"--server.port={port}",
             "--server.headless=true", "--browser.gatherUsageStats=false", "--server.fileWatcherType=none"],
            env=os.environ | {"ARREARS_HOME": str(arguments.home.absolute())}, stdout=log, stderr=log,
        )  # fmt: skip
        stack.callback(server.wait)
        stack.callback(server.terminate)
        _wait_for(port, server=server)
        _walk(_session(stack, port), chosen=chosen, first=0)
        alone = _resident(server.pid)
        warm = _session(stack, port)
        print(summary("one reader, every page asked before", _walk(warm, chosen=chosen, first=0)))
        # their sessions stay open to the end, as those of readers who leave the page open
        sessions = [_session(stack, port) for _ in range(arguments.readers)]
        began, cpu = time.perf_counter(), _cpu(server.pid)
        with ThreadPoolExecutor(arguments.readers) as pool:
            waits = pool.map(
                lambda numbered: _walk(numbered[1], chosen=chosen, first=numbered[0]), enumerate(sessions)
            )
            every = [wait for walk in waits for wait in walk]
        print(summary(f"{arguments.readers} readers at once", every))
        print(
            f"{time.perf_counter() - began:.1f} s of clock, {_cpu(server.pid) - cpu:.1f} s of CPU for all of them"
        )
        together = _resident(server.pid)
        each = (together - alone) / (arguments.readers + 1) * 1024
        print(f"memory of the server: {alone:.2f} GiB after the first reader's walk", end=", ")
        print(f"{together:.2f} GiB with all sessions open, {each:.0f} MiB for each further session")


def _walk(session: ClientConnection, *, chosen: str, first: int) -> list[float]:
    """Seconds until each page is drawn to its end, beginning with another page for each reader."""
    return [
        _open(session, page, query=f"lang=en{chosen if page == 'customer' else ''}")
        for page in (*PAGES[first % len(PAGES) :], *PAGES[: first % len(PAGES)])
    ]


def _open(session: ClientConnection, page: str, *, query: str) -> float:
    message = BackMsg()
    message.rerun_script.query_string = query
    message.rerun_script.page_name = page
    began = time.perf_counter()
    session.send(message.SerializeToString())
    while True:
        received = session.recv(timeout=PATIENCE)
        assert isinstance(received, bytes)
        answer = ForwardMsg.FromString(received)
        if answer.WhichOneof("type") == "script_finished":
            # another page is first found, which stops the run that looked for it
            if answer.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
                return time.perf_counter() - began
        elif (
            answer.WhichOneof("type") == "delta"
            and answer.delta.new_element.WhichOneof("type") == "exception"
        ):
            raise RuntimeError(f"{page}: {answer.delta.new_element.exception.message}")


def _session(stack: ExitStack, port: int) -> ClientConnection:
    return stack.enter_context(
        connect(
            f"ws://127.0.0.1:{port}/_stcore/stream",
            subprotocols=[Subprotocol("streamlit")],
            max_size=None,
            compression=None,
        )
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for(port: int, *, server: subprocess.Popen[bytes]) -> None:
    while server.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError("the server did not start")


def _resident(pid: int) -> float:
    """GiB resident."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 2**20


def _cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
