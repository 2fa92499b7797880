"""The details of an MT940 line, field `:86:`: who, and for what.

Belongs here: the subfield styles in use. Must not: fields other than `:86:`.

Styles: `?20`..`?63` after a three-digit code (German and Central European banks; `<`, `>` or `^` instead of `?` in
some), `/REMI/` words (Dutch banks), and plain text. Within the first, SEPA keywords such as `EREF+` and `SVWZ+`.
"""

import re
from dataclasses import dataclass

# marks where subfields were joined: a keyword begins one, or follows a space
_JOINT = "\x1f"
_SEPA = re.compile(
    r"(?:^|[\x1f\s])(EREF|KREF|MREF|BREF|RREF|CRED|DEBT|COAM|OAMT|SVWZ|ABWA|ABWE|IBAN|BIC|PURP)[+:]\s?"
)
_WORDS = re.compile(
    r"/(TRTP|IBAN|BIC|NAME|REMI|EREF|BENM|ORDP|MARF|CSID|BBAN|CREF|PREF|RTRN|ISDT|ACCW|ID|ADDR|OCMT|CHGS|CD|SUM|"
    r"ULTC|ULTD|PURP|UCRD|UDTR|TRCD|PT|PY)/"
)
_NOTHING = frozenset({"NOTPROVIDED", "NONREF", ""})


@dataclass(frozen=True)
class Details:
    """Parts of a line's details; None where they say nothing."""

    remittance: str | None = None
    name: str | None = None
    account: str | None = None
    end_to_end_id: str | None = None


def read_details(text: str) -> Details:
    """The parts of one `:86:`. Lines of it are joined without a break: they are cut at 65 characters, not at words."""
    if not text.strip():
        return Details()
    joined = text.replace("\n", "")
    match = re.match(r"^\d{3}([?<>^~])(?=\d{2})", joined)
    if match:
        return _from_subfields(joined[4:], mark=match[1])
    if re.match(r"^\s*/[A-Z]{2,4}/", joined):
        return _from_words(joined)
    return Details(remittance=_tidy(text.replace("\n", " ")))


def _from_subfields(text: str, *, mark: str) -> Details:
    parts: dict[str, list[str]] = {}
    for chunk in text.split(mark):
        if re.match(r"^\d{2}", chunk):
            parts.setdefault(chunk[:2], []).append(chunk[2:])
        elif parts:
            # the mark itself, inside a text
            parts[list(parts)[-1]].append(mark + chunk)
    codes = [f"{number:02d}" for number in (*range(20, 30), *range(60, 64))]
    joined = _JOINT.join("".join(parts[code]) for code in codes if code in parts)
    sepa = _sepa(joined)
    purpose = _without_sepa(joined).replace(_JOINT, "")
    name = _tidy(" ".join("".join(parts.get(code, [])) for code in ("32", "33")))
    booking_text = _tidy("".join(parts.get("00", [])))
    return Details(
        remittance=_tidy(sepa.get("SVWZ") or purpose) or booking_text,
        name=name,
        account=_tidy("".join(parts.get("31", []))) or _tidy(sepa.get("IBAN", "")),
        end_to_end_id=_meant(sepa.get("EREF")),
    )


def _sepa(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    marks = list(_SEPA.finditer(text))
    for position, mark in enumerate(marks):
        end = marks[position + 1].start() if position + 1 < len(marks) else len(text)
        found.setdefault(mark[1], text[mark.end() : end].replace(_JOINT, "").strip())
    return found


def _without_sepa(text: str) -> str:
    """What stands before the first keyword; the whole text where that is nothing."""
    first = _SEPA.search(text)
    return text[: first.start()] or text if first else text


def _from_words(text: str) -> Details:
    found: dict[str, str] = {}
    marks = list(_WORDS.finditer(text))
    for position, mark in enumerate(marks):
        end = marks[position + 1].start() if position + 1 < len(marks) else len(text)
        value = text[mark.end() : end].strip("/ ")
        if value:
            found.setdefault(mark[1], value)
    return Details(
        remittance=_tidy(found.get("REMI", "")) or _tidy(text),
        name=_tidy(found.get("NAME", "")),
        account=_tidy(found.get("IBAN", "") or found.get("BBAN", "")),
        end_to_end_id=_meant(found.get("EREF")),
    )


def _meant(text: str | None) -> str | None:
    tidy = _tidy(text or "")
    return None if tidy is None or tidy in _NOTHING else tidy


def _tidy(text: str) -> str | None:
    return " ".join(text.split()) or None
