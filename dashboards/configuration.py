"""Where the dashboards find their home and their settings: the environment, then arrears.yml.

Belongs here: `ARREARS_HOME`, `ARREARS_CONFIG`, and reading the file again when it has changed. Must not: what a setting
means.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from ingest.home import HOME_VARIABLE, Home
from ingest.settings_dashboard import Dashboard

CONFIG_VARIABLE = "ARREARS_CONFIG"


class Unavailable(Exception):
    """Nothing can be shown; `reason` has words (`no_release_title`, `no_release_fix`), `detail` says what was met."""

    def __init__(self, reason: str, *, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


class NotConfigured(Unavailable):
    """There is no home to read from; `reason` is no_home or bad_settings."""


@dataclass(frozen=True)
class Configured:
    """What the dashboards need of `arrears.yml`: `cron` and `zone` say when a refresh is due."""

    home: Home
    dashboard: Dashboard
    cron: str
    zone: ZoneInfo


def home() -> Home:
    """The home of the environment, else that of arrears.yml.

    Raises:
        NotConfigured: neither `ARREARS_HOME` nor `ARREARS_CONFIG` leads to one, or arrears.yml is broken.
    """
    given = os.environ.get(HOME_VARIABLE, "").strip()
    if given:
        return Home(Path(given).expanduser().absolute())
    found = _read()
    if found is None:
        raise NotConfigured("no_home", detail=f"{HOME_VARIABLE}, {CONFIG_VARIABLE}")
    return found.home


def dashboard() -> Dashboard:
    """Settings of the dashboard; the defaults where there is no arrears.yml.

    Raises:
        NotConfigured: arrears.yml is broken. Then nobody is let in: it may be the file that says who is.
    """
    found = _read()
    return Dashboard() if found is None else found.dashboard


def schedule() -> tuple[str, ZoneInfo] | None:
    """Cron line of the refresh and the zone it is read in; None where no arrears.yml says one.

    Raises:
        NotConfigured: arrears.yml is broken.
    """
    found = _read()
    return None if found is None else (found.cron, found.zone)


def _read() -> Configured | None:
    config = os.environ.get(CONFIG_VARIABLE, "").strip()
    if not config:
        return None
    path = Path(config)
    try:
        changed = path.stat().st_mtime_ns
    except OSError as error:
        raise NotConfigured("bad_settings", detail=str(error)) from error
    return _read_file(path, changed)


@lru_cache(maxsize=4)
def _read_file(path: Path, changed: int) -> Configured:
    # its readers of sources are only needed here, and a page must open without them
    from ingest.settings import SettingsError, load_settings

    try:
        settings = load_settings(path)
    except (SettingsError, OSError) as error:
        raise NotConfigured("bad_settings", detail=str(error)) from error
    return Configured(settings.home, settings.dashboard, settings.schedule, settings.zone)
