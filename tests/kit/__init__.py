"""Test kit: extracts written by code, the real pipeline run on them, and the release read back.

Belongs here: row factories, the writer of delivery folders and `arrears.yml`, the reader of a release, and the
preparation of third-party data and scenarios. Must not: assertions about money, or a second implementation of a rule.
"""

from decimal import Decimal

from tests.kit.extracts import Books, Extracts, SourcePlan
from tests.kit.models import build, ledger
from tests.kit.warehouse import Movement, OpenItem, Warehouse, refresh

D = Decimal  # figures worked by hand are written D("100.00")

__all__ = [
    "Books",
    "D",
    "Extracts",
    "Movement",
    "OpenItem",
    "SourcePlan",
    "Warehouse",
    "build",
    "ledger",
    "refresh",
]
