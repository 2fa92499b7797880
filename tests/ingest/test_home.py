"""Every path lies under one folder, and the environment names it first."""

import stat
from pathlib import Path

import pytest

from ingest.home import HOME_VARIABLE, Home, HomeNotSet


def test_the_environment_overrides_the_configured_home(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "elsewhere"))
    assert Home.from_environment(tmp_path / "configured").root == tmp_path / "elsewhere"


def test_a_blank_environment_variable_counts_as_unset(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(HOME_VARIABLE, "  ")
    assert Home.from_environment(tmp_path).root == tmp_path


def test_without_any_home_the_error_says_how_to_name_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(HOME_VARIABLE, raising=False)
    with pytest.raises(HomeNotSet, match="arrears.yml"):
        Home.from_environment()


def test_files_of_a_load_and_a_release_have_stable_names(tmp_path: Path) -> None:
    home = Home(tmp_path)
    load_file = home.load_file("erp_cn", entity="document", load_id=42)
    assert load_file == tmp_path / "landing" / "erp_cn" / "document" / "000000042.parquet"
    assert home.pulls_of("erp_cn") == tmp_path / "extracts" / "erp_cn"
    assert home.release_file("r1") == tmp_path / "releases" / "receivables-r1.duckdb"
    assert home.published == tmp_path / "receivables.duckdb"


def test_making_the_folders_twice_is_harmless_and_keeps_contact_data_to_its_owner(tmp_path: Path) -> None:
    home = Home(tmp_path / "home").ensure().ensure()
    assert stat.S_IMODE(home.private.stat().st_mode) == 0o700
    assert home.releases.is_dir()
