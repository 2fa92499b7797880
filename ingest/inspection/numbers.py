"""Numbers: separators, signs, currency marks, read off all the figures of a file together.

Belongs here: the marks of one column, and the one way to write numbers that all columns share. Must not: parsing by a
known layout (ingest/canonical_text.py).

1.234,56 proves both separators, 1,25 proves the decimal one, 1.234.567 the other. 1,234 alone proves nothing.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from ingest.inspection.dictionary import currencies

LEAST_SHARE = 0.9
# an unbroken row of digits as long as this is an identifier
LONGEST_WHOLE = 12
_SEPARATORS = ".,'’  "
_NUMBER = re.compile(
    r"^(?P<open>\()?(?P<prefix>[^\d()+\-.,−]*)(?P<sign>[-+−])?(?P<second>[^\d()+\-.,]*?)\s*"
    rf"(?P<body>\d[\d{_SEPARATORS}]*)(?P<suffix>[^\d]*?)(?P<close>\))?$"
)
SYMBOLS = {
    "$": "USD",
    "US$": "USD",
    "€": "EUR",
    "£": "GBP",
    "¥": "CNY",
    "￥": "CNY",
    "元": "CNY",
    "CHF": "CHF",
    "kr": "SEK",
}
_SIGN_SUFFIXES = ("CR", "DR", "H", "S", "C", "D")


@dataclass
class Marks:
    """What the figures of a column show. Lists hold an example each, counters how many show it."""

    count: int = 0
    decimals: dict[str, str] = field(
        default_factory=dict
    )  # separator -> value that proves it is the decimal one
    thousands: dict[str, str] = field(default_factory=dict)
    unclear: dict[str, str] = field(default_factory=dict)  # 1,234: separator -> value
    prefixes: Counter[str] = field(default_factory=Counter)
    suffixes: Counter[str] = field(default_factory=Counter)
    has_trailing_minus: bool = False
    has_parentheses: bool = False
    has_negative: bool = False
    has_positive: bool = False
    has_leading_zeros: bool = False
    is_whole: bool = True
    longest: int = 0
    others: list[str] = field(default_factory=list)

    @property
    def is_number(self) -> bool:
        """Whether nearly all texts are figures, and not ones that count something else."""
        if not self.count or (
            self.count < LEAST_SHARE * (self.count + len(self.others)) and len(self.others) > 2
        ):
            return False
        return self.count > len(self.others)

    @property
    def is_identifier(self) -> bool:
        """Figures that nobody adds up: with a zero in front, or as long as an account number."""
        return self.is_whole and (self.has_leading_zeros or self.longest >= LONGEST_WHOLE)


def read_marks(values: Iterable[str]) -> Marks:
    """The marks of the distinct values of a column."""
    marks = Marks()
    for value in values:
        match = _NUMBER.match(value)
        if match is None or not _take(marks, value, match):
            marks.others.append(value)
    return marks


def _take(marks: Marks, value: str, match: re.Match[str]) -> bool:
    suffix = match["suffix"].strip()
    prefix, second = match["prefix"].strip(), match["second"].strip()
    body = match["body"].strip()
    if bool(match["open"]) != bool(match["close"]) or any(len(text) > 4 for text in (prefix, second)):
        return False
    is_behind = suffix == "-"
    if suffix and not is_behind and len(suffix) > 4:
        return False
    guard = ""
    if prefix[:1] in ("'", "`"):
        # it keeps a spreadsheet from taking the text for a number
        guard, prefix = prefix[0], prefix[1:].strip()
    if not all(_is_mark(text) for text in (prefix, second, "" if is_behind else suffix) if text):
        return False
    if not _take_separators(marks, value, body):
        return False
    marks.count += 1
    marks.has_trailing_minus |= is_behind
    marks.has_parentheses |= bool(match["open"])
    is_negative = is_behind or bool(match["open"]) or match["sign"] in ("-", "−")
    is_zero = not body.strip("0.,")
    marks.has_negative |= is_negative and not is_zero
    marks.has_positive |= not is_negative and not is_zero
    if guard:
        marks.prefixes[guard] += 1
    if match["sign"] == "+":
        marks.prefixes["+"] += 1
    if prefix:
        # a blank between the mark and the sign belongs to the mark
        marks.prefixes[prefix + (" " if match["sign"] and match["prefix"].endswith(" ") else "")] += 1
    if second:
        marks.prefixes[second] += 1
    if suffix and not is_behind:
        marks.suffixes[suffix] += 1
    return True


def _is_mark(text: str) -> bool:
    """A sign or code of a currency, as written beside a number."""
    return (
        text in SYMBOLS
        or text in currencies()
        or text in ("RMB", "人民币", "zł", "Kč", "Rs", "R$", "HK$", "A$", "C$", "S$", *_SIGN_SUFFIXES[:2])
        or bool(re.fullmatch(r"[^\w\s:/#@&*.,'%]", text))
    )


def _take_separators(marks: Marks, value: str, body: str) -> bool:
    runs = re.split(r"[^\d]", body)
    found = re.findall(r"[^\d]", body)
    if not found:
        marks.has_leading_zeros |= len(body) > 1 and body.startswith("0")
        marks.longest = max(marks.longest, len(body))
        return True
    if not all(runs):
        return False
    kinds = list(dict.fromkeys(found))
    if len(kinds) > 2 or (len(kinds) == 2 and (found.count(kinds[1]) > 1 or found[-1] != kinds[1])):
        return False
    if len(kinds) == 2:
        if any(len(run) != 3 for run in runs[1:-1]):
            return False
        marks.thousands.setdefault(kinds[0], value)
        marks.decimals.setdefault(kinds[1], value)
        marks.is_whole = False
        return kinds[1] in ".,"
    separator = kinds[0]
    if len(found) > 1:
        if any(len(run) != 3 for run in runs[1:]) or len(runs[0]) > 3:
            return False
        marks.thousands.setdefault(separator, value)
        return True
    if separator not in ".,":
        if len(runs[1]) != 3 or len(runs[0]) > 3:
            return False
        marks.thousands.setdefault(separator, value)
        return True
    if len(runs[1]) != 3 or len(runs[0]) > 3 or runs[0].startswith("0"):
        marks.decimals.setdefault(separator, value)
        marks.is_whole = False
    else:
        marks.unclear.setdefault(separator, value)
    return True


@dataclass(frozen=True)
class NumberLayout:
    """How all columns of a file write numbers. `proof` per separator; `doubts` in words."""

    decimal: str
    thousands: str
    prefixes: tuple[str, ...]
    suffixes: tuple[str, ...]
    trailing_minus: bool
    parentheses: bool
    proof: str
    is_proven: bool
    doubts: tuple[str, ...]


def common_layout(columns: Sequence[tuple[str, Marks]]) -> NumberLayout:
    """The way in which all columns write numbers; where they disagree, or nothing proves it, that is a doubt."""
    decimals: dict[str, str] = {}
    thousands: dict[str, str] = {}
    unclear: dict[str, str] = {}
    for name, marks in columns:
        for into, of_column in (
            (decimals, marks.decimals),
            (thousands, marks.thousands),
            (unclear, marks.unclear),
        ):
            for separator, value in of_column.items():
                into.setdefault(separator, f"{value} in {name}")
    decimal, thousand, proof, is_proven, doubts = _separators(decimals, thousands, unclear)
    prefixes = Counter[str]()
    suffixes = Counter[str]()
    for _, marks in columns:
        prefixes.update(marks.prefixes)
        suffixes.update(marks.suffixes)
    signs = [suffix for suffix in suffixes if suffix.upper() in _SIGN_SUFFIXES]
    if signs:
        doubts.append(
            f"letters behind amounts ({', '.join(signs)}) may be signs (debit and credit); they are read as units"
        )
    return NumberLayout(
        decimal,
        thousand,
        tuple(sorted(prefixes, key=lambda text: (text == "+", text))),
        tuple(sorted(suffixes)),
        any(marks.has_trailing_minus for _, marks in columns),
        any(marks.has_parentheses for _, marks in columns),
        proof,
        is_proven,
        tuple(doubts),
    )


def _separators(
    decimals: dict[str, str], thousands: dict[str, str], unclear: dict[str, str]
) -> tuple[str, str, str, bool, list[str]]:
    doubts: list[str] = []
    if len(decimals) > 1:
        told = " and ".join(decimals.values())
        doubts.append(f"two decimal separators ({told}); a column may be text, or two systems wrote the file")
    decimal = next(iter(decimals), None)
    thousand = next((one for one in thousands if one != decimal), "")
    if len([one for one in thousands if one != decimal]) > 1:
        doubts.append(f"two separators of thousands ({' and '.join(thousands.values())}); only one is read")
    if decimal is not None:
        proof = f"{decimals[decimal]} can only be read so"
        if not thousand:
            other = next((one for one in unclear if one != decimal), "")
            thousand = other
        return decimal, thousand, proof, True, doubts
    if thousand in (".", ","):
        return (
            ("," if thousand == "." else "."),
            thousand,
            f"{thousands[thousand]} has only thousands",
            True,
            doubts,
        )
    if unclear and thousand:
        separator = next(iter(unclear))
        return (
            separator,
            thousand,
            f"{thousands[thousand]} has the thousands, so {unclear[separator]} a decimal",
            True,
            doubts,
        )
    if unclear:
        separator = next(iter(unclear))
        other = "," if separator == "." else "."
        doubts.append(
            f"{unclear[separator]}: is {separator!r} the separator of thousands, as is taken here, or the decimal one?"
            " No value proves it"
        )
        if len(unclear) > 1:
            doubts.append(f"both {' and '.join(unclear.values())} may be thousands")
        return other, separator, "nothing proves it", False, doubts
    return ".", thousand, "no value has a separator", False, doubts
