"""The dbt manifest that the Dagster graph is drawn from.

Belongs here: parsing the project once per content, and making every test attachable to an asset. Must not: run
models. Parsing takes seconds and several processes load the definitions at once (webserver, daemon, command
line), so the result is cached under its content hash and moved into place whole.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from copy import deepcopy
from pathlib import Path
from typing import Any

from ingest.home import Home
from orchestration.dbt_build import DbtInvocation, refuse_killed, run_dbt
from orchestration.errors import DbtFailed
from orchestration.fingerprints import HASH_LENGTH, hash_folder

_PARSE = ("parse", "--no-partial-parse")
_PARSING = ".parsing-"
_LONGEST_PARSE_SECONDS = 3600
_MANIFESTS_KEPT = 12


def manifest_path(project_dir: Path, *, cache: Path, variables: Mapping[str, Any] | None = None) -> Path:
    """manifest.json of the project as it is now; parses it when it has changed.

    Args:
        cache: folder that keeps one manifest per content of the project.
        variables: vars that shape the graph (the gates decide which checks block).

    Raises:
        DbtFailed: the project does not parse.
    """
    variables = dict(variables or {})
    text = hash_folder(project_dir) + json.dumps(variables, sort_keys=True)
    cached = cache / hashlib.sha256(text.encode()).hexdigest()[:HASH_LENGTH] / "manifest.json"
    if _is_whole(cached):
        return cached
    cache.mkdir(parents=True, exist_ok=True)
    _sweep_dead_parses(cache)
    with tempfile.TemporaryDirectory(dir=cache, prefix=_PARSING) as name:
        working = Path(name)
        invocation = DbtInvocation(
            project_dir=project_dir,
            target_path=working / "target",
            build_db=working / "build.duckdb",
            candidate_db=working / "candidate.duckdb",
            temp_dir=working / "tmp",
            variables=variables,
        )
        exit_code, lines = run_dbt(invocation, command=_PARSE)
        refuse_killed(exit_code)
        parsed = working / "target" / "manifest.json"
        if exit_code != 0 or not parsed.is_file():
            raise DbtFailed(
                f"the dbt project {project_dir} does not parse:\n  " + "\n  ".join(lines[-10:]),
                fix="correct the file named above",
            )
        cached.parent.mkdir(exist_ok=True)
        parsed.replace(cached)
    kept = [folder for folder in cache.iterdir() if folder.is_dir() and not folder.name.startswith(".")]
    for old in sorted(kept, key=lambda folder: folder.stat().st_mtime)[:-_MANIFESTS_KEPT]:
        shutil.rmtree(old, ignore_errors=True)
    return cached


def _is_whole(cached: Path) -> bool:
    """Whether a kept manifest is there and was not cut short, which would make every later refresh fail."""
    try:
        json.loads(cached.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return False
    return True


def _sweep_dead_parses(cache: Path) -> None:
    """Remove what killed parses left. Others may be parsing at this moment, but not for as long as that."""
    oldest = time.time() - _LONGEST_PARSE_SECONDS
    for folder in cache.glob(f"{_PARSING}*"):
        with suppress(FileNotFoundError):
            if folder.stat().st_mtime < oldest:
                shutil.rmtree(folder, ignore_errors=True)


def manifest_cache(home: Home) -> Path:
    """Folder of the parsed manifests: of this home, or $ARREARS_MANIFEST_CACHE for several homes on one machine."""
    chosen = os.environ.get("ARREARS_MANIFEST_CACHE")
    return Path(chosen) if chosen else home.dagster / "dbt-manifest"


def attach_tests(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """The manifest with every test attached to one node, so that each shows as a check of an asset.

    dagster-dbt leaves a singular test that reads several models without an asset. It is attached to its last
    published model in dbt's order of dependencies, else to its last model.
    """
    attached = deepcopy(dict(manifest))
    for unique_id, node in attached.get("nodes", {}).items():
        if not unique_id.startswith("test.") or node.get("attached_node"):
            continue
        parents = [parent for parent in node["depends_on"]["nodes"] if parent in attached["nodes"]]
        marts = [parent for parent in parents if attached["nodes"][parent].get("schema") == "marts"]
        if parents:
            node["attached_node"] = (marts or parents)[-1]
    return attached


def load_manifest(path: Path) -> dict[str, Any]:
    """Read and complete a manifest."""
    return attach_tests(json.loads(path.read_text(encoding="utf-8")))
