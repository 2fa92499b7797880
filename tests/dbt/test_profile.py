"""The dbt profile on a database larger than memory.

Belongs here: what only shows once DuckDB writes to its temporary folder. Must not: models.
"""

import os
from pathlib import Path

import pytest
import yaml
from dbt.adapters.duckdb.credentials import DuckDBCredentials
from dbt.adapters.duckdb.environments.local import LocalEnvironment
from dbt.config.renderer import ProfileRenderer
from dbt_common.context import set_invocation_context

from orchestration.fingerprints import DBT_PROJECT


def _credentials(folder: Path, monkeypatch: pytest.MonkeyPatch) -> DuckDBCredentials:
    monkeypatch.setenv("ARREARS_BUILD_DB", str(folder / "build.duckdb"))
    monkeypatch.setenv("ARREARS_CANDIDATE_DB", str(folder / "candidate.duckdb"))
    monkeypatch.setenv("ARREARS_TEMP_DIR", str(folder / "tmp"))
    monkeypatch.setenv("ARREARS_MEMORY_LIMIT", "64MB")
    set_invocation_context(os.environ)
    profile = yaml.safe_load((DBT_PROJECT / "profiles.yml").read_text(encoding="utf-8"))
    rendered = ProfileRenderer({}).render_data(profile["arrears"]["outputs"]["duckdb"])
    return DuckDBCredentials.from_dict({"database": "build", **rendered})


def test_a_build_that_has_written_to_its_temporary_folder_opens_further_cursors(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = LocalEnvironment(_credentials(tmp_path, monkeypatch))
    first = environment.handle()
    # more than the limit of memory, kept by this cursor
    first.cursor().execute(
        "create temp table large as select i, hash(i) as h, md5(i::varchar) as t from range(3000000) s(i)"
    )
    assert any((tmp_path / "tmp").iterdir()), (
        "nothing was written to the temporary folder, so nothing is tested"
    )
    second = environment.handle()
    assert second.cursor().execute("select count(*) from range(10)").fetchone() == (10,)
    assert second.cursor().execute("select current_setting('memory_limit')").fetchone() == ("61.0 MiB",)
