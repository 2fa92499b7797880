"""A profile file as a frozen value.

Belongs here: reading and checking one profile. Must not: opening any delivered file.
"""

import codecs
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from ingest.contract import load_contract

PROFILE_FOLDER = Path(__file__).parent


class ProfileError(ValueError):
    """A profile cannot be used; the message names the file, the key and the fix."""


def _check_encoding(name: str) -> str:
    try:
        return codecs.lookup(name).name
    except LookupError:
        raise ValueError(f"unknown encoding {name!r}; use utf-8 or gb18030") from None


def _check_date_format(text: str) -> str:
    parts = sorted(re.findall("%-?.", text))
    if sorted(part.replace("-", "").lower() for part in parts) != ["%d", "%m", "%y"] or "%-Y" in parts:
        raise ValueError(
            f"the date format {text!r} must hold %Y (or %y), %m and %d once each; %-m and %-d have no leading zero"
        )
    return text


class Profile(BaseModel):
    """How a kind of source writes text, numbers, dates and column names."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    format: Literal["table", "mt940", "camt", "ofx", "bai2", "qif"] = "table"
    mode: Literal["full", "delta", "append"] = "full"
    encoding: Annotated[str, AfterValidator(_check_encoding)] = "utf-8"
    fallback_encoding: Annotated[str, AfterValidator(_check_encoding)] | None = None
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] = ","
    decimal_separator: Annotated[str, Field(min_length=1, max_length=1)] = "."
    thousands_separator: Annotated[str, Field(max_length=1)] = ""
    date_formats: Annotated[
        tuple[Annotated[str, AfterValidator(_check_date_format)], ...], Field(min_length=1)
    ] = ("%Y-%m-%d",)
    null_texts: tuple[str, ...] = ()
    columns: Mapping[str, Mapping[str, str]] = Field(default_factory=dict)

    @property
    def encodings(self) -> tuple[str, ...]:
        """The encodings a statement may be in, in the order in which they are tried."""
        return (self.encoding, self.fallback_encoding) if self.fallback_encoding else (self.encoding,)

    def column_in_file(self, column: str, *, entity: str) -> str:
        """What the file calls a canonical column."""
        return self.columns.get(entity, {}).get(column, column)


@lru_cache(maxsize=32)
def load_profile(name: str, *, folder: Path = PROFILE_FOLDER) -> Profile:
    """The profile `<folder>/<name>.yml`.

    Raises:
        ProfileError: there is none, or it is not valid.
    """
    path = folder / f"{name}.yml"
    if not path.is_file():
        known = ", ".join(sorted(p.stem for p in folder.glob("*.yml")))
        raise ProfileError(f"There is no profile {name!r}. Use one of: {known}.")
    try:
        body = yaml.safe_load(path.read_text(encoding="utf-8"))
        profile = Profile.model_validate({**(body or {}), "name": name})
    except (yaml.YAMLError, ValidationError, TypeError) as error:
        raise ProfileError(f"The profile {path.name} is not valid: {error}") from error
    _check_columns(profile, file_name=path.name)
    return profile


def _check_columns(profile: Profile, *, file_name: str) -> None:
    if profile.decimal_separator == profile.thousands_separator:
        raise ProfileError(f"{file_name}: decimal_separator and thousands_separator must differ.")
    contract = load_contract()
    for entity_name, columns in profile.columns.items():
        entity = contract.entity(entity_name)
        unknown = [name for name in columns if name not in entity.columns]
        if unknown:
            raise ProfileError(
                f"{file_name}: {entity_name} has no column {unknown[0]!r}. Write `canonical: their name`."
            )
