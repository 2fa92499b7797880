"""`arrears up`: Dagster and the dashboard together, on loopback, until Ctrl-C.

Belongs here: starting, watching and ending the three processes. Must not: serve other machines; put a proxy with
authentication in front for that.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from ingest.home import HOME_VARIABLE
from ingest.settings import Settings
from orchestration.configuration import CONFIG_VARIABLE
from orchestration.dagster_home import write_dagster_yaml
from orchestration.dbt_build import dies_with
from orchestration.dbt_manifest import manifest_path
from orchestration.errors import OrchestrationError
from orchestration.fingerprints import DBT_PROJECT, REPOSITORY

_LOOPBACK = "127.0.0.1"
_GRACE_SECONDS = 15
_POLL_SECONDS = 0.5


@dataclass(frozen=True)
class Service:
    """One child process."""

    name: str
    arguments: tuple[str, ...]
    port: int | None = None


def services(*, dagster_port: int, dashboard_port: int, secrets: Path) -> tuple[Service, ...]:
    """What `up` starts, in order; `secrets` is the dashboard's sign-in, where there is one."""
    module = ("-m", "orchestration.definitions")
    sign_in = ("--secrets.files", str(secrets)) if secrets.exists() else ()
    return (
        Service(
            "dagster webserver",
            ("-m", "dagster_webserver", "-h", _LOOPBACK, "-p", str(dagster_port), *module),
            dagster_port,
        ),
        Service("dagster daemon", ("-m", "dagster._daemon", "run", *module)),
        Service(
            "dashboard",
            (
                *("-m", "streamlit", "run", str(REPOSITORY / "dashboards" / "app.py")),
                *("--server.address", _LOOPBACK, "--server.port", str(dashboard_port)),
                *("--server.headless", "true", "--browser.gatherUsageStats", "false", *sign_in),
            ),
            dashboard_port,
        ),
    )


def run_up(settings: Settings, *, dagster_port: int, dashboard_port: int) -> int:
    """Run until Ctrl-C (0) or until a child ends by itself (1).

    Raises:
        OrchestrationError: a port is taken, or the dbt project does not parse.
    """
    home = settings.home.ensure()
    write_dagster_yaml(home)
    # parsed once here: webserver and daemon would otherwise both do it at the same moment
    manifest_path(DBT_PROJECT, cache=home.dagster / "dbt-manifest", variables={"gates": dict(settings.gates)})
    wanted = services(
        dagster_port=dagster_port, dashboard_port=dashboard_port, secrets=home.dashboard_secrets
    )
    for service in wanted:
        _require_free(service)
    environment = _environment(settings)
    children: list[tuple[Service, subprocess.Popen[bytes]]] = []
    previous = signal.signal(signal.SIGTERM, _interrupt)
    try:
        for service in wanted:
            children.append((service, _start(service, environment=environment)))
        print(f"dagster    http://{_LOOPBACK}:{dagster_port}")
        print(f"dashboard  http://{_LOOPBACK}:{dashboard_port}")
        print("Ctrl-C ends both")
        return _watch(children)
    except KeyboardInterrupt:
        return 0
    finally:
        _end(children)
        signal.signal(signal.SIGTERM, previous)


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def _environment(settings: Settings) -> Mapping[str, str]:
    return {
        **os.environ,
        CONFIG_VARIABLE: str(settings.config_path),
        HOME_VARIABLE: str(settings.home.root),
        "DAGSTER_HOME": str(settings.home.dagster),
        "PYTHONPATH": os.pathsep.join(filter(None, (str(REPOSITORY), os.environ.get("PYTHONPATH")))),
    }


def _require_free(service: Service) -> None:
    if service.port is None:
        return
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((_LOOPBACK, service.port))
        except OSError:
            option = "--dashboard-port" if service.name == "dashboard" else "--dagster-port"
            raise OrchestrationError(
                f"port {service.port} for the {service.name} is taken",
                fix=f"end what uses it, or choose another with {option}",
            ) from None


def _start(service: Service, *, environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    # a session of its own: Ctrl-C reaches this process only, which then ends the children in order
    return subprocess.Popen(
        [sys.executable, *service.arguments],
        cwd=REPOSITORY,
        env=environment,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=dies_with(os.getpid()),
    )


def _watch(children: list[tuple[Service, subprocess.Popen[bytes]]]) -> int:
    while True:
        for service, process in children:
            if process.poll() is not None:
                print(
                    f"{service.name} ended with code {process.returncode}; ending the others", file=sys.stderr
                )
                return 1
        time.sleep(_POLL_SECONDS)


def _end(children: list[tuple[Service, subprocess.Popen[bytes]]]) -> None:
    for _, process in reversed(children):
        _signal_group(process, signal.SIGTERM)
    deadline = time.monotonic() + _GRACE_SECONDS
    for _, process in children:
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=max(0.1, deadline - time.monotonic()))
        # also what a child has left behind in its group (Dagster's code servers)
        _signal_group(process, signal.SIGKILL)
        process.wait()


def _signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, number)
