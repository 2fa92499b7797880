"""Inspection: what an unknown file holds, and the draft of a profile that reads it.

Belongs here: guesses from one file, with their evidence and doubts. Must not: landing anything, writing into a home,
deciding for a person what the file does not say.
"""

from ingest.inspection.dry_run import DryRun, Fed, SetAside, try_profile
from ingest.inspection.findings import CannotInspect, Doubt, Note
from ingest.inspection.inspect_file import Draft, Inspection, draft_profile, inspect, name_for

__all__ = [
    "CannotInspect",
    "Doubt",
    "Draft",
    "DryRun",
    "Fed",
    "Inspection",
    "Note",
    "SetAside",
    "draft_profile",
    "inspect",
    "name_for",
    "try_profile",
]
