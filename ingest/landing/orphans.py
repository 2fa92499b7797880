"""Orphans: files under `landing/` that no load owns.

Belongs here: taking them away, and for how long the finished ones are kept. Must not: how many there may be, or any
file of a load.

A process that died leaves unfinished files, which are worth nothing, and at most one finished file, whose delivery
lands again. A manifest that has lost its last row leaves exactly that too, and there the delivery may be gone: a
finished file is never deleted at once.
"""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ingest.durable import make_folder, sync
from ingest.home import Home
from ingest.landing.integrity import check_orphans
from ingest.landing.lander import TEMPORARY_SUFFIX
from ingest.landing.manifest import Manifest
from ingest.settings import Settings

KEPT = timedelta(days=90)
_MOMENT = "%Y%m%dT%H%M%S%f"


def sweep_orphans(settings: Settings) -> list[Path]:
    """Take away what no load owns. Hold the refresh lock while calling.

    Returns:
        Finished files, where they now lie under `orphans/`: set aside for `KEPT`, in a folder of that moment.
    Raises:
        LandingDamaged: there are more of them than a process that died can leave; nothing was touched.
    """
    home = settings.home
    shutil.rmtree(home.temporary / "landing", ignore_errors=True)
    if not home.landing.is_dir():
        return []
    with Manifest(home.manifest) as manifest:
        owned = manifest.landed_paths()
    files = (path for path in sorted(home.landing.rglob("*")) if path.is_file())
    orphans = [path for path in files if path.relative_to(home.root).as_posix() not in owned]
    check_orphans(orphans, home=home)
    now = datetime.now(UTC)
    _forget(home.orphans, before=now - KEPT)
    kept = []
    for path in orphans:
        if path.suffix == TEMPORARY_SUFFIX:
            path.unlink()
        else:
            kept.append(_set_aside(path, home=home, now=now))
    return kept


def _set_aside(path: Path, *, home: Home, now: datetime) -> Path:
    """Another process may die over a load of the same number: the moment tells their files apart."""
    target = home.orphans / now.strftime(_MOMENT) / path.relative_to(home.landing)
    make_folder(target.parent)
    # `landing` may be a link to another disk
    shutil.move(path, target)
    sync(target)
    sync(target.parent)
    sync(path.parent)
    return target


def _forget(folder: Path, *, before: datetime) -> None:
    if not folder.is_dir():
        return
    for aside in sorted(folder.iterdir()):
        try:
            moment = datetime.strptime(aside.name, _MOMENT).replace(tzinfo=UTC)
        except ValueError:
            # not put there by a sweep
            continue
        if moment < before:
            shutil.rmtree(aside)
