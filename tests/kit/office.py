"""A home of its own with a copy of a world's release, for commands that write files.

Belongs here: the copy, the command line on it, the files that came of it. Must not: rows, figures, assertions.
"""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from orchestration.cli import main
from orchestration.release_file import HEADER_BYTES
from tests.kit.warehouse import Warehouse

Run = Callable[..., tuple[int, str, str]]


@dataclass
class Office:
    """Its release may be changed; the world's own is not."""

    config: Path
    run: Run
    release: Path
    out: Path

    def change(self, sql: str) -> None:
        with duckdb.connect(str(self.release)) as connection:
            connection.execute(sql)
        with duckdb.connect(str(self.release), read_only=True) as connection:
            blocks = "select block_size * total_blocks from pragma_database_size()"
            ((promised,),) = connection.execute(blocks).fetchall()
        # free blocks at its end are cut off while its header still counts them, and then it looks damaged
        with self.release.open("r+b") as file:
            file.truncate(max(self.release.stat().st_size, promised + HEADER_BYTES))

    @property
    def files(self) -> list[str]:
        return sorted(path.name for path in self.out.iterdir()) if self.out.exists() else []


def open_office(world: Warehouse, folder: Path, capsys: pytest.CaptureFixture[str]) -> Office:
    """An office below `folder`; `run` gives exit code, output and what was said."""
    config = folder / "arrears.yml"
    shutil.copy(world.config, config)
    if (policy := world.config.parent / "policy").exists():
        shutil.copytree(policy, folder / "policy")
    releases = folder / "home" / "releases"
    releases.mkdir(parents=True)
    release = releases / "receivables-r0001.duckdb"
    shutil.copy(world.release.resolve(), release)
    release.chmod(0o644)
    (folder / "home" / "receivables.duckdb").symlink_to("releases/receivables-r0001.duckdb")
    out = folder / "out"

    def run(*arguments: str, out: Path = out) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main([*arguments, "--config", str(config), "--out", str(out)])
        said = capsys.readouterr()
        return code, said.out, said.err

    return Office(config, run, release, out)
