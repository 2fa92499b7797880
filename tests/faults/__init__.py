"""Faults: processes killed at any moment, full disks, truncated files, rivals and readers that never let go.

Belongs here: making a fault happen for real, and proving what it leaves behind: the release before it readable
throughout, the next refresh equal to one that nothing disturbed, nothing landed twice or lost. Must not: money rules,
or faults that are only pretended where a real one is cheap.

`make faults` runs all of it and prints a table; what is not marked `faults` belongs to `make test`.
"""
