"""Source profiles: how one kind of source writes its files, as data.

Belongs here: one YAML file per kind of source, and the loader. Must not: anything about a single installation (that
is `arrears.yml`), parsing of values.
"""

from ingest.profiles.loader import PROFILE_FOLDER, Profile, ProfileError, load_profile

__all__ = ["PROFILE_FOLDER", "Profile", "ProfileError", "load_profile"]
