"""A second, slow opinion on the ledger.

Belongs here: the oracle, random worlds for it, the comparison with the published release. Does not: tests of
one rule at a time (they mirror the packages).
"""
