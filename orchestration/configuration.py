"""Which `arrears.yml` is meant.

Belongs here: the order in which a configuration is looked for. Must not: read it (`ingest.settings`).
"""

from __future__ import annotations

import os
from pathlib import Path

from orchestration.errors import OrchestrationError

CONFIG_VARIABLE = "ARREARS_CONFIG"
DEFAULT_CONFIG = Path("arrears.yml")


def configuration_path(given: Path | None = None, *, environment_first: bool = False) -> Path:
    """The configuration in force, absolute: `given`, else ./arrears.yml, else $ARREARS_CONFIG.

    Args:
        environment_first: for processes that another one started: their folder says nothing, the variable does.

    Raises:
        OrchestrationError: there is none.
    """
    named = os.environ.get(CONFIG_VARIABLE, "").strip()
    choices = [DEFAULT_CONFIG, *([Path(named)] if named else [])]
    if environment_first:
        choices.reverse()
    if given is not None:
        choices = [given]
    for path in choices:
        if path.expanduser().is_file():
            return path.expanduser().absolute()
    raise OrchestrationError(
        f"there is no configuration {' or '.join(str(path) for path in choices)}",
        fix="name one with --config, or set ARREARS_CONFIG; docs/ shows an example",
    )
