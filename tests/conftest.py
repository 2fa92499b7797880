"""Settings of the whole test run.

Belongs here: what every folder of tests shares. Must not: fixtures of one room.
"""

import os
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from ingest.home import HOME_VARIABLE
from orchestration.configuration import CONFIG_VARIABLE

# fixtures of tests/integration that many of its files share; each of them is a refresh
SHARED_WORLDS = re.compile(r"\b(world|history|two_steps): ")

# the home of whoever runs the tests is none of theirs, and these win over the `home` of any arrears.yml; here, because
# fixtures of a session and the processes they start come before any fixture that could do it
for variable in (HOME_VARIABLE, CONFIG_VARIABLE):
    os.environ.pop(variable, None)

# how long an example takes is the machine's business, and says nothing of what is tested
settings.register_profile("arrears", deadline=None)
settings.load_profile("arrears")

# every test home has the same dbt project: parse it once, not once per home
os.environ.setdefault("ARREARS_MANIFEST_CACHE", str(Path(__file__).parents[1] / "build" / "test-manifests"))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--without-gates",
        action="store_true",
        help="shared worlds of tests/integration: build the models and read them, whatever a gate would say",
    )


@cache
def _shares_worlds(file: str) -> bool:
    is_integration = file.startswith("tests/integration/")
    text = (Path(__file__).parents[1] / file).read_text(encoding="utf-8") if is_integration else ""
    return SHARED_WORLDS.search(text) is not None


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """`make test` runs two processes; what shares a refresh stays in one of them, so that none is made twice."""
    from xdist.scheduler import LoadScopeScheduling

    class ByRefresh(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = nodeid.split("::")[0]
            return "tests/integration" if _shares_worlds(file) else file

    return ByRefresh(config, log)
