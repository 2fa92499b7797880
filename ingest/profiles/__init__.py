"""Source profiles: how one kind of source writes its files, as data.

Belongs here: one YAML file per kind of source, its model, and the loader. Must not: anything about a single
installation (that is `arrears.yml`), parsing of values.
"""

from ingest.profiles.loader import PROFILE_FOLDER, ProfileError, load_profile, profile_names
from ingest.profiles.model import (
    Feed,
    Layout,
    Mode,
    Profile,
    Settlement,
    Table,
    Vanished,
    plain_header,
    required_fields,
)

__all__ = [
    "PROFILE_FOLDER",
    "Feed",
    "Layout",
    "Mode",
    "Profile",
    "ProfileError",
    "Settlement",
    "Table",
    "Vanished",
    "load_profile",
    "plain_header",
    "profile_names",
    "required_fields",
]
