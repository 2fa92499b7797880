"""Types of single values in `arrears.yml`: each reads text and says the fix when it cannot.

Belongs here: currency codes, time zones, times, cron lines, sizes. Must not: rules between keys.
"""

import re
from difflib import get_close_matches
from functools import lru_cache
from typing import Annotated
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BeforeValidator
from pydantic_core import PydanticCustomError

from ingest.contract import load_contract
from ingest.gates import DEFAULT_GATES
from ingest.settings_checks import looks_like_dsn, suggestion

# ISO 4217 currencies with a minor unit of three digits: money here has two, so an amount would be cut silently
THREE_DECIMAL_CURRENCIES = {
    "BHD": "Bahraini dinar",
    "IQD": "Iraqi dinar",
    "JOD": "Jordanian dinar",
    "KWD": "Kuwaiti dinar",
    "LYD": "Libyan dinar",
    "OMR": "Omani rial",
    "TND": "Tunisian dinar",
}

_CRON_FIELDS = (
    ("minute", 0, 59, ()),
    ("hour", 0, 23, ()),
    ("day of month", 1, 31, ()),
    ("month", 1, 12, ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")),
    ("day of week", 0, 7, ("sun", "mon", "tue", "wed", "thu", "fri", "sat")),
)


def refusal(what: str, *, fix: str) -> PydanticCustomError:
    """A validation error that carries its own fix."""
    return PydanticCustomError("refused", "{what}", {"what": what, "fix": fix})


def check_currency(code: str) -> str:
    """The code itself, when it is shaped like ISO 4217 and its money has at most two decimals."""
    if re.fullmatch("[A-Z]{3}", code) is None:
        raise refusal(
            f"{code!r} is not an ISO 4217 currency code.", fix="write three capital letters, as in CNY."
        )
    if code in THREE_DECIMAL_CURRENCIES:
        raise refusal(
            f"{code} ({THREE_DECIMAL_CURRENCIES[code]}) has three decimals, and money is kept with two.",
            fix="convert these amounts to a currency with two decimals before delivering them.",
        )
    return code


@lru_cache(maxsize=1)
def _zones() -> dict[str, str]:
    return {name.casefold(): name for name in available_timezones()}


def check_time_zone(name: str) -> str:
    """The name itself, when the zone database has it."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        zones = _zones()
        fix = f"did you mean `{zones[name.casefold()]}`?" if name.casefold() in zones else _closest_zone(name)
        raise refusal(f"{name!r} is not a time zone.", fix=fix) from None
    return name


def _closest_zone(name: str) -> str:
    close = get_close_matches(name, sorted(_zones().values()), n=1, cutoff=0.7)
    return (
        f"did you mean `{close[0]}`?"
        if close
        else "use an IANA name such as Asia/Shanghai, Europe/Berlin or UTC."
    )


def check_time_of_day(text: str) -> str:
    """`HH:MM`, 24 hours."""
    if re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", text) is None:
        raise refusal(f"{text!r} is not a time of day.", fix='write hours and minutes, as in "06:00".')
    return text


def check_cron(text: str) -> str:
    """A cron line of five fields: numbers, names, lists, ranges and steps."""
    fields = text.split()
    if len(fields) != len(_CRON_FIELDS):
        raise refusal(
            f"{text!r} has {len(fields)} fields, a cron line has 5.",
            fix='write minute, hour, day, month and weekday, as in "30 6 * * *".',
        )
    for value, (label, low, high, names) in zip(fields, _CRON_FIELDS, strict=True):
        if not all(_is_cron_part(part, low=low, high=high, names=names) for part in value.lower().split(",")):
            raise refusal(
                f"the {label} {value!r} is not readable.", fix=f"use *, or numbers from {low} to {high}."
            )
    return text


def _is_cron_part(part: str, *, low: int, high: int, names: tuple[str, ...]) -> bool:
    span, slash, step = part.partition("/")
    if slash and (not step.isdecimal() or int(step) < 1):
        return False
    if span == "*":
        return True
    ends = [names.index(end) + low if end in names else end for end in span.split("-")]
    if len(ends) > 2 or not all(isinstance(end, int) or end.isdecimal() for end in ends):
        return False
    numbers = [int(end) for end in ends]
    return all(low <= number <= high for number in numbers) and numbers == sorted(numbers)


def check_size(text: str) -> str:
    """A number and a unit of bytes, as DuckDB takes them too."""
    if re.fullmatch(r"\d+(\.\d+)?\s?[KMGT]i?B", text, flags=re.IGNORECASE) is None:
        raise refusal(f"{text!r} is not a size.", fix="write a number and a unit, as in 6GB.")
    return text


def bytes_of(size: str) -> int:
    """A size such as 4GB or 512 MiB as bytes."""
    number, unit = re.sub("[A-Za-z ]", "", size), re.sub("[^A-Za-z]", "", size).upper()
    base = 1024 if "I" in unit else 1000
    return int(float(number) * base ** ("KMGT".index(unit[0]) + 1))


def check_source_name(text: str) -> str:
    """A name that can be a folder: it is one under `landing`."""
    if re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,62}", text) is None:
        raise refusal(
            f"{text!r} cannot name a folder.",
            fix="use letters, digits, _ and -, starting with a letter or digit.",
        )
    return text


def check_variable_name(text: str) -> str:
    """The name of an environment variable. What is refused is not shown: it may be a DSN with its password."""
    if looks_like_dsn(text):
        raise refusal(
            "is a DSN, and its password does not belong in this file.",
            fix="write the name of an environment variable, as in ERP_DSN, and put the DSN into that.",
        )
    if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", text) is None:
        raise refusal(
            "is not the name of an environment variable.", fix="use letters, digits and _, as in ERP_DSN."
        )
    return text


def check_code(text: str) -> str:
    """An identifier: not blank, no blanks around it."""
    if not text.strip() or text != text.strip():
        raise refusal(
            "is blank or has blanks around it.", fix="write the code as the source does, without blanks."
        )
    return text


def check_gate(name: str) -> str:
    """The name of a gate."""
    if name not in DEFAULT_GATES:
        raise refusal(f"there is no gate {name!r}.", fix=suggestion(name, options=tuple(DEFAULT_GATES)))
    return name


def check_account_role(role: str) -> str:
    """A role of a general ledger account."""
    roles = load_contract().codes["account_role"]
    if role not in roles:
        raise refusal(f"there is no account role {role!r}.", fix=suggestion(role, options=roles))
    return role


def one_or_many(value: object) -> object:
    """A single account may be written without brackets."""
    return [value] if isinstance(value, str) else value


Currency = Annotated[str, AfterValidator(check_currency)]
TimeZone = Annotated[str, AfterValidator(check_time_zone)]
TimeOfDay = Annotated[str, AfterValidator(check_time_of_day)]
Cron = Annotated[str, AfterValidator(check_cron)]
Memory = Annotated[str, AfterValidator(check_size)]
Size = Annotated[str, AfterValidator(check_size)]
VariableName = Annotated[str, AfterValidator(check_variable_name)]
SourceName = Annotated[str, AfterValidator(check_source_name)]
Code = Annotated[str, AfterValidator(check_code)]
GateName = Annotated[str, AfterValidator(check_gate)]
AccountRole = Annotated[str, AfterValidator(check_account_role)]
Accounts = Annotated[tuple[Code, ...], BeforeValidator(one_or_many)]
