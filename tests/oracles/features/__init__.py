"""The stories that a random world tells: each changes or adds rows and says whether it could.

Belongs here: one function per story, registered by name. Does not: how rows are built (builder.py), what the
ledger should make of them (oracle.py).
"""

from tests.oracles.features import bills, facts, kinds, settlements, terms
from tests.oracles.features.telling import FEATURES

__all__ = ["FEATURES", "bills", "facts", "kinds", "settlements", "terms"]
