"""Tax ids and bank accounts, made comparable, and masked where they are shown.

Belongs here: normal forms, what is no number at all, masks. Must not: names, any weight of evidence.
"""

import re
import unicodedata

SHORTEST_NUMBER = 6

_PLACEHOLDERS = frozenset(
    {"UNKNOWN", "NOTAVAILABLE", "NOTAPPLICABLE", "PENDING", "EXEMPT", "NOTAXID", "FOREIGN"}
)
_ASCENDING = "01234567890123456789"
# a unified social credit code holds the organisation code that its holder's tax number had before 2015
_CREDIT_CODE = re.compile(r"9[1-3]\d{6}([0-9A-Z]{9})[0-9A-Z]")
_OLD_TAX_NUMBER = re.compile(r"\d{6}([0-9A-Z]{9})")


def comparable_number(text: str | None) -> str:
    """Letters and digits of a tax id or account, in half width and upper case."""
    plain = unicodedata.normalize("NFKC", text or "").upper()
    return "".join(character for character in plain if character.isalnum())


def is_placeholder(number: str) -> bool:
    """无, N/A, 0000000000, 123456789: what people type where a number is asked for and none is there."""
    digits = sum(character.isdigit() for character in number)
    return (
        len(number) < SHORTEST_NUMBER
        or digits < 2
        or len(set(number)) == 1
        or number in _PLACEHOLDERS
        or (digits == len(number) and (number in _ASCENDING or number in _ASCENDING[::-1]))
        # a country, and nothing behind it
        or (digits == len(number) - 2 and len(set(number[2:])) == 1)
    )


def forms_of(number: str, *, country: str, is_person: bool) -> list[str]:
    """The forms in which a tax id may stand elsewhere."""
    forms = [number]
    if country and number.startswith(country) and len(number) - len(country) >= SHORTEST_NUMBER:
        forms.append(number.removeprefix(country))
    if country in ("", "CN") and not is_person:
        code = _CREDIT_CODE.fullmatch(number) or _OLD_TAX_NUMBER.fullmatch(number)
        forms += [f"organisation {code.group(1)}"] if code else []
    return forms


def masked(number: str) -> str:
    """The two ends of a number; of a short one, its last two characters."""
    return f"{number[:2] if len(number) >= 10 else ''}****{number[-2:]}"
