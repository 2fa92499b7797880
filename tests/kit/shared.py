"""Where third-party data and scenarios stand. They are never copied into the project.

Belongs here: the folder and the reason for a skip. Must not: reading of any particular data set.
"""

import os
from pathlib import Path

import pytest

VARIABLE = "ARREARS_SHARED_DATA"


def shared_folder() -> Path:
    """`$ARREARS_SHARED_DATA`, else the folder `shared` beside the project."""
    named = os.environ.get(VARIABLE)
    return Path(named) if named else Path(__file__).resolve().parents[3] / "shared"


def is_there(*parts: str) -> bool:
    return shared_folder().joinpath(*parts).exists()


def needs_shared(*parts: str) -> pytest.MarkDecorator:
    """Skips a test where the shared data is absent, and says what to set."""
    reason = f"{'/'.join(parts)} is not in {shared_folder()}; set {VARIABLE} to the folder that holds it"
    return pytest.mark.skipif(not is_there(*parts), reason=reason)
