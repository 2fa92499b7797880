"""Rules of the repository that no single room can keep by itself; each message says what to change."""

import ast
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("ingest", "analytics", "documents", "orchestration", "dashboards")

# what a room must not import, by the start of the module name
FORBIDDEN = {
    "ingest": ("dagster", "streamlit", "analytics", "orchestration", "dashboards"),
    "analytics": ("dagster", "streamlit", "orchestration", "dashboards"),
    # made for the command line and the dashboard alike, so it knows neither, nor how data came in
    "documents": ("dagster", "streamlit", "ingest", "analytics", "orchestration", "dashboards"),
    "orchestration": ("streamlit", "dashboards"),
    "dashboards": ("dagster", "orchestration", "analytics"),
}
# the dashboard reads a published file: of ingest it needs where that file is, and nothing else
DASHBOARD_MAY_IMPORT = ("ingest.settings", "ingest.settings_dashboard", "ingest.home")

LONGEST_MODULE = 420


def python_files(*rooms: str) -> list[Path]:
    return [
        path
        for room in rooms
        for path in sorted((ROOT / room).rglob("*.py"))
        if "__pycache__" not in path.parts and path.stat().st_size
    ]


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imported_modules(path: Path) -> Iterator[tuple[int, str]]:
    """Line and full name of everything a module imports, inside functions too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                package = named(path).removesuffix(".py").split("/")[: -node.level]
                base = ".".join([*package, base] if base else package)
            for alias in node.names:
                yield node.lineno, f"{base}.{alias.name}"


def starts_with(module: str, *prefixes: str) -> bool:
    return any(module == prefix or module.startswith(f"{prefix}.") for prefix in prefixes)


def tracked_files() -> list[Path]:
    """Files that are in the repository or would be added to it."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [path for line in listed.stdout.splitlines() if (path := ROOT / line).is_file()]


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_what_lies_below_it(room: str) -> None:
    wrong = [
        f"{named(path)}:{line} imports {module}"
        for path in python_files(room)
        for line, module in imported_modules(path)
        if starts_with(module, *FORBIDDEN[room])
    ]
    assert not wrong, (
        f"{room} must not import {', '.join(FORBIDDEN[room])} (ingest <- analytics <- orchestration; "
        "ingest settings <- dashboards; documents <- orchestration, dashboards). "
        "Move the code to the room that owns it:\n" + "\n".join(wrong)
    )


def test_of_ingest_the_dashboard_imports_only_settings_and_paths() -> None:
    wrong = [
        f"{named(path)}:{line} imports {module}"
        for path in python_files("dashboards")
        for line, module in imported_modules(path)
        if starts_with(module, "ingest") and not starts_with(module, *DASHBOARD_MAY_IMPORT)
    ]
    assert not wrong, (
        "Read it from the release, or import it from ingest.settings or ingest.home:\n" + "\n".join(wrong)
    )


def test_there_is_no_python_where_it_would_shadow_the_dbt_package() -> None:
    shadowing = [
        named(ROOT / "dbt" / part)
        for part in ("adapters", "include", "cli")
        if (ROOT / "dbt" / part).exists()
    ]
    shadowing += [named(path) for path in (ROOT / "dbt").rglob("__init__.py")]
    assert not shadowing, (
        "dbt-core extends its package path with ./dbt, so these break `import dbt.cli`. Remove: "
        + ", ".join(shadowing)
    )


def test_the_distribution_never_contains_the_dbt_project() -> None:
    config = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    included = config["tool"]["setuptools"]["packages"]["find"]["include"]
    assert not [pattern for pattern in included if pattern.startswith("dbt")], (
        "An installed `dbt` shadows dbt-core."
    )
    assert {pattern.rstrip("*") for pattern in included} == set(ROOMS)


def test_no_model_reads_the_wall_clock() -> None:
    clock = re.compile(r"\b(current_date|current_timestamp|now\s*\(|today\s*\(|getdate\s*\()", re.IGNORECASE)
    wrong = [
        f"{named(path)}:{number}"
        for path in sorted((ROOT / "dbt").rglob("*.sql"))
        if "target" not in path.parts and "dbt_packages" not in path.parts
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if clock.search(re.sub(r"--.*", "", line))
    ]
    assert not wrong, "The as-of date is passed in: use {{ as_of() }}.\n" + "\n".join(wrong)


def test_the_lock_pins_every_package_by_hash_and_names_no_index() -> None:
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    address = re.search(r"https?://|file://|--index|--extra-index|--find-links|--trusted-host", text)
    assert address is None, (
        f"requirements.lock names where packages come from ({address and address.group()}). Remove it."
    )
    entries = re.split(
        r"\n(?=[a-z0-9])", "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    )
    unpinned = [entry.split()[0] for entry in entries if "==" not in entry or "--hash=sha256:" not in entry]
    assert not unpinned, f"Pin with version and hash: {', '.join(unpinned)}"


def test_the_lock_holds_exactly_the_versions_that_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    locked = {
        re.sub(r"[-_.]+", "-", name).lower(): version
        for name, version in re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==(\S+)", text, flags=re.MULTILINE)
    }
    for requirement in asked:
        name, _, version = requirement.partition("==")
        assert version, f"{requirement} in pyproject.toml must be pinned with ==."
        found = locked.get(re.sub(r"[-_.]+", "-", name).lower())
        assert found == version, (
            f"pyproject.toml asks for {requirement}, requirements.lock has {found}. Lock again."
        )


def test_every_module_opens_with_its_charter() -> None:
    missing = [
        named(path)
        for path in python_files(*ROOMS, "tests")
        if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert not missing, "Say in a docstring what belongs in the module and what does not:\n" + "\n".join(
        missing
    )


def test_no_module_has_grown_past_reading() -> None:
    long = {
        named(path): lines
        for path in python_files(*ROOMS)
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST_MODULE
    }
    assert not long, f"Split along what changes together: {long}"


def test_below_the_process_edge_no_error_is_swallowed_whole() -> None:
    wrong = [
        f"{named(path)}:{node.lineno}"
        for path in python_files("ingest", "analytics", "documents")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ExceptHandler)
        and (
            node.type is None
            or (isinstance(node.type, ast.Name) and node.type.id in {"Exception", "BaseException"})
        )
        and not any(isinstance(inner, ast.Raise) for inner in ast.walk(node))
    ]
    assert not wrong, "Name the errors that are expected:\n" + "\n".join(wrong)


def test_no_duckdb_result_is_left_unfinished() -> None:
    """DuckDB 2.0 streams: after fetchone the next statement on the connection fails."""
    wrong = [
        f"{named(path)}:{node.lineno}"
        for path in python_files(*ROOMS)
        if re.search(r"^(import|from) duckdb", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr == "fetchone"
    ]
    assert not wrong, "Use .fetchall():\n" + "\n".join(wrong)


def test_nothing_committed_names_a_machine() -> None:
    machine = re.compile(rb"/(?:home|root|Users|work)/[a-z]+[a-z0-9_-]*/[A-Za-z.]")
    wrong = [
        named(path)
        for path in tracked_files()
        if path.suffix in {".py", ".sql", ".yml", ".yaml", ".toml", ".md", ".cfg", ".sh", ""}
        and machine.search(path.read_bytes())
    ]
    assert not wrong, "Use a path relative to the checkout or to $ARREARS_HOME:\n" + "\n".join(wrong)


def test_no_test_works_on_the_home_of_whoever_runs_it(tmp_path: Path) -> None:
    variables = ("ARREARS_HOME", "ARREARS_CONFIG")
    asked = "import os, sys, tests.conftest; print([name for name in sys.argv[1:] if name in os.environ])"
    done = subprocess.run(
        [sys.executable, "-c", asked, *variables],
        cwd=ROOT,
        env=os.environ | dict.fromkeys(variables, str(tmp_path)),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "[]\n", "Take the variable away in tests/conftest.py, before any fixture runs"


def test_nothing_is_left_for_later_in_the_code() -> None:
    # spelt in halves, so that this file does not find itself
    words = ("".join(halves) for halves in (("TO", "DO"), ("FIX", "ME"), ("XX", "X")))
    marker = re.compile(rf"\b({'|'.join(words)})\b")
    wrong = [
        f"{named(path)}:{number}"
        for path in [*python_files(*ROOMS, "tests"), *sorted((ROOT / "dbt").rglob("*.sql"))]
        if "target" not in path.parts
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if marker.search(line)
    ]
    assert not wrong, "Do it, or write it down as an issue:\n" + "\n".join(wrong)
