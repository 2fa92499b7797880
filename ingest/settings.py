"""Settings: `arrears.yml` as typed, frozen values.

Belongs here: the whole file, loading it, and the hash of what changes results. Must not: reading sources, writing.
Every problem of the file is reported at once, each with its line, its key and the fix.
"""

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import Field, ValidationError
from pydantic_core import ErrorDetails

from ingest.crosswalk_file import Crosswalk, read_crosswalk
from ingest.gates import DEFAULT_GATES, GATE_DESCRIPTIONS, Severity
from ingest.home import PULL_FORMAT, Home
from ingest.profiles import (
    Mode,
    profile_names,
)
from ingest.settings_checks import check_tree, suggestion
from ingest.settings_dashboard import Auth, Dashboard, Grant
from ingest.settings_document import MarkedDocument, Problem, SettingsError, Tree, read_document
from ingest.settings_models import Company, EntityOverride, Model, Source
from ingest.settings_values import (
    Cron,
    Currency,
    GateName,
    Memory,
    TimeZone,
)

__all__ = [
    "DEFAULT_GATES",
    "GATE_DESCRIPTIONS",
    "Company",
    "Dashboard",
    "EntityOverride",
    "Mode",
    "Settings",
    "SettingsError",
    "Severity",
    "Source",
    "load_settings",
]


class Settings(Model):
    """Everything in one `arrears.yml`, validated. Relative paths are relative to that file."""

    config_path: Path
    home_folder: str = Field("./home", alias="home")
    time_zone: TimeZone = "UTC"
    reporting_currency: Currency
    companies: tuple[Company, ...] = ()
    sources: tuple[Source, ...]
    policy_folder: str | None = Field(None, alias="policy")
    profiles_folder: str | None = Field(None, alias="profiles")
    crosswalk_file: str | None = Field(None, alias="crosswalk")
    gate_overrides: dict[GateName, Severity] = Field(default_factory=dict, alias="gates")
    dbt_threads: Annotated[int, Field(ge=1, le=64)] = 2
    memory_limit: Memory = "6GB"
    keep_releases: Annotated[int, Field(ge=1)] = 7
    # how much payment prediction does: every candidate and its back-test, customers' history alone, nothing
    prediction: Literal["full", "simple", "none"] = "full"
    schedule: Cron = "30 6 * * *"
    alerts: dict[str, Any] = Field(default_factory=dict)
    dashboard: Dashboard = Dashboard()

    @property
    def root(self) -> Path:
        """Folder of `arrears.yml`."""
        return self.config_path.parent

    def resolve(self, text: str) -> Path:
        """A path of the file, made absolute."""
        return self.root / Path(text).expanduser()

    def path_of(self, source: Source) -> str:
        """Absolute path of a source, its placeholder still in it; a final slash is dropped.

        That of a database is where its pulls lie.
        """
        if source.path is None:
            return str(self.home.pulls_of(source.name) / f"{{extracted_at:{PULL_FORMAT}}}")
        return str(self.resolve(source.path))

    @property
    def home(self) -> Home:
        """`$ARREARS_HOME`, else the `home` of the file."""
        return Home.from_environment(self.resolve(self.home_folder))

    @property
    def policy(self) -> Path | None:
        """Folder of CSV files that replace policy tables."""
        return None if self.policy_folder is None else self.resolve(self.policy_folder)

    @property
    def crosswalk(self) -> Crosswalk | None:
        """What is decided about customers under several ids, read anew each time; SettingsError where it is wrong."""
        return None if self.crosswalk_file is None else read_crosswalk(self.resolve(self.crosswalk_file))

    @property
    def gates(self) -> dict[str, Severity]:
        """Severity in force of every gate."""
        return {**DEFAULT_GATES, **self.gate_overrides}

    @property
    def zone(self) -> ZoneInfo:
        """Zone of the schedule, and of what has none of its own."""
        return ZoneInfo(self.time_zone)

    def zone_of(self, source: Source) -> ZoneInfo:
        """Zone in which the business days of the source are counted."""
        return ZoneInfo(source.time_zone or self.time_zone)

    def extraction_zone_of(self, source: Source) -> ZoneInfo:
        """Zone in which extraction times of the source without one are read; pulls are named in UTC."""
        return ZoneInfo("UTC") if source.path is None else self.zone_of(source)

    def source(self, name: str) -> Source:
        """The source of that name.

        Raises:
            LookupError: there is none; the message lists those that are configured.
        """
        for source in self.sources:
            if source.name == name:
                return source
        known = tuple(source.name for source in self.sources)
        raise LookupError(f"No source {name!r} in {self.config_path.name}: {suggestion(name, options=known)}")

    def fixed_extracted_at(self, source: Source) -> datetime | None:
        """The extraction time written in the file, UTC; a date alone is the end of that local day."""
        if source.extracted_at is None or source.is_time_of_file:
            return None
        return _moment(source.extracted_at, zone=self.zone_of(source))

    @property
    def configuration_hash(self) -> str:
        """Hex sha256 of every setting that can change a figure.

        Paths, limits of files, resources, the schedule, alerts and the dashboard are left out: a moved home or
        another memory limit must not rebuild. A default written out hashes like one left out.
        """
        relevant: dict[str, Any] = {
            "time_zone": self.time_zone,
            "reporting_currency": self.reporting_currency,
            "companies": sorted(
                (c.model_dump(mode="json") for c in self.companies), key=lambda c: c["company_code"]
            ),
            "sources": sorted(
                (s.model_dump(mode="json", exclude=_NOT_FIGURES) for s in self.sources),
                key=lambda s: s["name"],
            ),
            "gates": self.gates,
            "crosswalk": (found := self.crosswalk) and found.digest,
        }
        text = json.dumps(relevant, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    @classmethod
    def from_document(cls, document: MarkedDocument) -> Self:
        """Settings from a file that was read.

        Raises:
            SettingsError: with every problem of syntax, of single values and between keys.
        """
        own_profiles = own_profiles_of(document)
        problems = [*document.problems, *check_tree(document.tree, own_profiles=own_profiles)]
        tree: dict[str, Any] = {key: value for key, value in document.tree.items() if key != "config_path"}
        tree["sources"] = _with_profile_folders(tree.get("sources"), own_profiles=own_profiles)
        if "config_path" in document.tree:
            problems.append(Problem(("config_path",), "is not a setting.", "remove it."))
        try:
            settings = cls.model_validate({**tree, "config_path": document.path})
        except ValidationError as error:
            problems += [_problem(detail) for detail in error.errors()]
        if problems:
            raise document.error(problems)
        return settings


# of a source: where its files lie, and when they may be read; not what is in them
_NOT_FIGURES = {"path", "dsn_env", "extracted_at", "largest_file", "settle_seconds"}


def own_profiles_of(document: MarkedDocument) -> Path | None:
    """Folder of the company's own profiles, whatever else is wrong with the file."""
    folder = document.tree.get("profiles")
    return document.path.parent / Path(folder).expanduser() if isinstance(folder, str) else None


def _with_profile_folders(sources: Tree, *, own_profiles: Path | None) -> Any:
    """Each source with the folder of its profile: the company's own goes before one that is installed."""
    if own_profiles is None or not isinstance(sources, list):
        return sources
    own = profile_names(own_profiles)
    return [
        {**source, "profile_folder": own_profiles}
        if isinstance(source, dict) and source.get("profile") in own
        else source
        for source in sources
    ]


def load_settings(path: Path) -> Settings:
    """Read and validate one `arrears.yml`.

    Raises:
        SettingsError: it cannot be used; the message names file, line, key and fix of every problem.
    """
    return Settings.from_document(read_document(path.expanduser().absolute()))


def _moment(text: str, *, zone: ZoneInfo) -> datetime:
    if len(text) <= len("2026-03-31"):
        local = datetime.combine(date.fromisoformat(text), time.max, tzinfo=zone)
    else:
        parsed = datetime.fromisoformat(text)
        local = parsed if parsed.tzinfo else parsed.replace(tzinfo=zone)
    return local.astimezone(UTC)


def _problem(detail: ErrorDetails) -> Problem:
    """What pydantic found, as one problem with a fix."""
    # a key of a mapping is reported with a last part "[key]"; the line is that of the key itself
    where = tuple(part for part in detail["loc"] if part != "[key]")
    context = detail.get("ctx", {})
    kind = detail["type"]
    if kind == "refused":
        return Problem(where, str(context["what"]), str(context["fix"]))
    if kind == "extra_forbidden":
        return Problem(where, "is not a setting.", suggestion(str(where[-1]), options=_keys_at(where[:-1])))
    if kind == "missing":
        return Problem(where, "is missing.", f"add `{where[-1]}: {_EXAMPLES.get(str(where[-1]), '...')}`.")
    if kind == "literal_error":
        options = tuple(str(context["expected"]).replace(" or ", ", ").replace("'", "").split(", "))
        fix = suggestion(str(detail["input"]), options=options)
        return Problem(where, f"{detail['input']!r} is not one of {', '.join(options)}.", fix)
    return Problem(
        where, f"{_shown(detail['input'])} is not accepted.", f"{_SENTENCES.get(kind, detail['msg'])}."
    )


def _shown(value: object) -> str:
    return repr(value) if isinstance(value, str) else "a list" if isinstance(value, list) else "a mapping"


def _keys_at(where: tuple[str | int, ...]) -> tuple[str, ...]:
    models: dict[str, type[Model]] = {"companies": Company, "sources": Source, "dashboard": Dashboard}
    inner: dict[str, type[Model]] = {"entities": EntityOverride, "auth": Auth, "roles": Grant}
    within = next((inner[str(part)] for part in where if part in inner), None)
    outer = models[str(where[0])] if where else Settings
    return tuple(_names(within or outer))


def _names(model: type[Model]) -> Iterator[str]:
    for name, field in model.model_fields.items():
        if name not in ("config_path", "profile_folder"):
            yield field.alias or name


_EXAMPLES = {
    "reporting_currency": "CNY",
    "sources": "[{name: erp, path: 'in/{extracted_at:%Y-%m-%d}/'}]",
    "company_code": "CN01",
    "name": "erp_cn",
}

_SENTENCES = {
    "string_type": "write one value here",
    "int_parsing": "write a whole number",
    "float_parsing": "write a number, as in 0.3",
    "decimal_parsing": "write a number, as in 0.045",
    "bool_parsing": "write true or false",
    "dict_type": "write indented `key: value` lines here",
    "tuple_type": "write a list, one item a line, each starting with -",
    "model_type": "write indented `key: value` lines here",
    "greater_than_equal": "write a larger number; shares and rates are 0 to 1, counts start at 1",
    "less_than_equal": "write a smaller number; shares and rates are 0 to 1, so 5 % is 0.05",
    "decimal_max_places": "write at most 12 decimals",
}
