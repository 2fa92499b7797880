"""What one company and one source say in `arrears.yml`, as frozen values.

Belongs here: the shape of single entries, and questions answered from one entry alone. Must not: the file as a whole
(settings.py), rules that need several keys (settings_checks.py).
"""

from datetime import datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from ingest.contract import load_contract
from ingest.home import PULL_FORMAT
from ingest.profiles import (
    PROFILE_FOLDER,
    Mode,
    Profile,
    Settlement,
    Vanished,
    load_profile,
    profile_names,
)
from ingest.settings_checks import GENERIC_PROFILE, PLACEHOLDER
from ingest.settings_values import (
    AccountRole,
    Accounts,
    Code,
    Currency,
    Size,
    SourceName,
    TimeOfDay,
    TimeZone,
    VariableName,
    bytes_of,
    refusal,
)

Share = Annotated[float, Field(ge=0, le=1)]

FILE_MTIME = "file_mtime"
# ten million documents with all that belongs to them are 3.2 GB of CSV (docs/performance.md)
DEFAULT_LARGEST_FILE = "8GB"


def _check_extracted_at(text: str) -> str:
    if text == FILE_MTIME:
        return text
    try:
        datetime.fromisoformat(text)
    except ValueError:
        raise refusal(
            f"{text!r} is neither {FILE_MTIME} nor an ISO timestamp.",
            fix=f"write `{FILE_MTIME}`, or a time such as 2026-03-31T18:00:00+08:00.",
        ) from None
    return text


class Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Company(Model):
    """A legal entity as configured. What is None here is taken from the newest `company` extract."""

    company_code: Code
    name: str | None = None
    functional_currency: Currency | None = None
    time_zone: TimeZone | None = None
    country: str | None = None
    intercompany_group: str | None = None
    borrowing_rate: Annotated[Decimal, Field(ge=0, le=1, max_digits=13, decimal_places=12)] | None = None
    tax_relief_on_bad_debt: bool | None = None
    day_cutoff: TimeOfDay = "06:00"
    control_accounts: dict[AccountRole, Accounts] = Field(default_factory=dict)

    @property
    def cutoff(self) -> timedelta:
        """What is subtracted from a local extraction time to get its business date."""
        moment = time.fromisoformat(self.day_cutoff)
        return timedelta(hours=moment.hour, minutes=moment.minute)


class EntityOverride(Model):
    """What differs for one entity of a source."""

    mode: Mode | None = None


class Source(Model):
    """One source of deliveries: files under `path`, or a database whose DSN is in the variable `dsn_env`.

    `path` is as written; `Settings.path_of` makes it absolute.
    """

    name: SourceName
    profile: str = GENERIC_PROFILE
    path: str | None = None
    dsn_env: VariableName | None = None
    mode: Mode = "full"
    required: bool = True
    settlement: Settlement = "allocations"
    vanished: Vanished = "deleted"
    extracted_at: Annotated[str, AfterValidator(_check_extracted_at)] | None = None
    time_zone: TimeZone | None = None
    entities: dict[str, EntityOverride] = Field(default_factory=dict)
    constants: dict[str, str] = Field(default_factory=dict)
    lost_key_share: Share = 0.3
    reject_threshold: Share = 0.05
    largest_file: Size = DEFAULT_LARGEST_FILE
    settle_seconds: Annotated[float, Field(ge=0, le=86_400)] = 0
    # where the profile lies; not a setting, but found from `profiles` and what is installed
    profile_folder: Path = Field(PROFILE_FOLDER, exclude=True)

    @model_validator(mode="before")
    @classmethod
    def _take_from_profile(cls, data: Any) -> Any:
        """A source that does not say how its deliveries are read and settled is taken as its profile says."""
        if not isinstance(data, dict):
            return data
        name, folder = data.get("profile", GENERIC_PROFILE), data.get("profile_folder", PROFILE_FOLDER)
        if name not in profile_names(folder):
            return data
        profile = load_profile(name, folder=folder)
        own = {"mode": profile.mode, "settlement": profile.settlement, "vanished": profile.vanished}
        return {**own, **data}

    @property
    def largest_bytes(self) -> int:
        """`largest_file` as a number."""
        return bytes_of(self.largest_file)

    @property
    def definition(self) -> Profile:
        """The profile itself."""
        return load_profile(self.profile, folder=self.profile_folder)

    def mode_of(self, entity: str) -> Mode:
        """How deliveries of `entity` are read: the contract decides first, then a query that reads only what changed,
        then the override, then the source."""
        if load_contract().entity(entity).mode == "append":
            return "append"
        if self.dsn_env is not None and entity in self.definition.incremental_entities:
            return "delta"
        override = self.entities.get(entity)
        return (override.mode if override else None) or self.mode

    @property
    def placeholder_format(self) -> str | None:
        """The strptime format inside `{extracted_at:...}` of the path, or None where there is none."""
        if self.path is None:
            return PULL_FORMAT
        match = PLACEHOLDER.search(self.path)
        return match.group(1).partition(":")[2] if match else None

    @property
    def is_time_of_file(self) -> bool:
        """The extraction time is the time the file was written."""
        return self.extracted_at == FILE_MTIME
