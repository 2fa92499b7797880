"""Holding back the last delivery: the step "one more day" of a benchmark.

Belongs here: moving the folders of one day out of `in` and back. Does not: making data.
"""

from pathlib import Path


def hold_back_last_delivery(out: Path) -> tuple[Path, ...]:
    """Move the last delivery of every source of an instance from `<out>/in` to `<out>/held_back`.

    Returns:
        the folders that were moved, as they are now.
    """
    moved: list[Path] = []
    sources = sorted(path for path in (out / "in").iterdir() if path.is_dir())
    last = max(day.name for source in sources for day in source.iterdir())
    for source in sources:
        if (source / last).is_dir():
            moved.append(_move(source / last, out / "held_back" / source.name / last))
    return tuple(moved)


def deliver_held_back(out: Path) -> tuple[Path, ...]:
    """Put everything that was held back where its source delivers it.

    Returns:
        the folders that were moved, as they are now.
    """
    return tuple(
        _move(day, out / "in" / day.parent.name / day.name)
        for day in sorted((out / "held_back").glob("*/*"))
        if day.is_dir()
    )


def _move(folder: Path, target: Path) -> Path:
    target.parent.mkdir(parents=True, exist_ok=True)
    return folder.rename(target)
