"""An installation of files as other systems write them: the files, and an `arrears.yml` in which all companies agree.

Belongs here: putting given files and settings on disk. Must not: rows of the contract (extracts.py), running the
pipeline (warehouse.py).
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import yaml


def write_files(folder: Path, files: Mapping[str, str | bytes]) -> None:
    """Write each file at its path below `folder`; a text is written as UTF-8."""
    for path, content in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content if isinstance(content, bytes) else content.encode())


def dated_source(name: str, **settings: object) -> dict[str, object]:
    """A source whose deliveries are folders `in/<name>/<day>`."""
    return {"name": name, "path": f"in/{name}/{{extracted_at:%Y-%m-%d}}/", **settings}


def write_settings(
    folder: Path,
    *,
    companies: Iterable[str],
    currency: str,
    sources: Sequence[Mapping[str, object]],
    time_zone: str = "UTC",
    **settings: object,
) -> Path:
    """Write `arrears.yml`; every company keeps its books in `currency`, which is the reporting currency too.

    Returns:
        The path of `arrears.yml`.
    """
    document = {
        "time_zone": time_zone,
        "reporting_currency": currency,
        "companies": [
            {"company_code": code, "name": code, "functional_currency": currency, "time_zone": time_zone}
            for code in companies
        ],
        "sources": list(sources),
        **settings,
    }
    path = folder / "arrears.yml"
    path.write_text(yaml.safe_dump(document, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return path
