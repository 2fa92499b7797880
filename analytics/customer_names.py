"""Names of customers, made comparable: what is spelling is taken away, what tells two customers apart stays.

Belongs here: normal forms of names and their distance. Must not: tax ids, accounts, any weight of evidence.

A place in brackets is not noise: 远衡（苏州）有限公司 and 远衡（上海）有限公司 are two customers.
"""

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass

# a name that any number of customers are booked under says nothing about two of them
_NOBODY = frozenset(
    {
        *("散客", "零售客户", "零散客户", "个人", "个人客户", "现金客户", "一次性客户"),
        *("其他", "其他客户", "未知", "无", "待定"),
        *("cash", "cashsales", "cashcustomer", "walkin", "walkincustomer", "onetimecustomer", "onetime", "cpd"),
        *("diverse",),
        *("various", "miscellaneous", "misc", "other", "others", "unknown", "na", "none", "null", "test", "tbd"),
    }
)  # fmt: skip
_CHINESE_FORM = re.compile(
    "(?:集[团團])?(?:股份有限责任公司|股份有限公司|有限责任公司|有限責任公司|有限公司|股份公司)"
)
# a bank that cuts 有限公司 off leaves 股份
_CHINESE_END = re.compile("(?:集[团團](?:公司)?|股份)$")
# forms that are no word of any language are taken away wherever they stand, the others only at the end
_SURE_FORMS = frozenset(
    {
        *("gmbh", "ltd", "limited", "inc", "llc", "llp", "plc", "bv", "nv", "srl", "spa"),
        *("sarl", "kgaa", "oyj", "aps", "spzoo"),
    }
)
_WESTERN_FORMS = _SURE_FORMS | frozenset(
    {
        *("ab", "ag", "as", "asa", "bhd", "bvba", "co", "company", "corp", "corporation", "eurl", "incorporated", "kg"),
        *("kk", "lda", "lp", "ltda", "mbh", "ohg", "oy", "pte", "pty", "pvt", "sa", "sas", "sdn", "se", "sl", "sro"),
    }
)  # fmt: skip
_POLISH_FORM = re.compile(r"\bsp\.?\s*z\s*o\.?\s*o\b\.?")
_DOTTED = re.compile(r"\b(?:\w\.\s?){2,}")
_SLASHED = re.compile(r"\b(\w)/(\w)\b")
_BRACKETED = re.compile(r"[(\[{【〔](.*?)[)\]}】〕]")
_NUMERAL = re.compile(r"\d+|[一二三四五六七八九十百]+")
_CJK = re.compile(r"[\u3400-\u9fff]")

NEAR_EDITS = 2
"""More edits than this are two names."""


@dataclass(frozen=True)
class Name:
    """A name made comparable.

    Args:
        core: letters and digits without case, blanks, punctuation and legal form; empty where nothing is left, or
            where the name is one for nobody in particular (散客, cash sales).
        bracketed: what stood in brackets, in order; two names whose brackets differ are never near.
        has_form: a legal form was taken away.
        numerals: numbers in the name, Arabic and Chinese; 第一 and 第二 are one character and a company apart.
    """

    core: str
    bracketed: tuple[str, ...] = ()
    numerals: tuple[str, ...] = ()
    has_form: bool = False

    @property
    def is_short(self) -> bool:
        """Without a legal form and too short for an organisation: the name of a person, as thousands have it."""
        return not self.has_form and len(self.core) < (4 if _CJK.search(self.core) else 3)


def comparable(name: str | None) -> Name:
    """The comparable form of a name; full width and half width, upper and lower case, accents are alike."""
    text = _folded(name or "")
    core = _without_form(text)
    if not core or core in _NOBODY:
        return Name("")
    bracketed = tuple(filter(None, (_without_form(part) for part in _BRACKETED.findall(text))))
    has_form = core != "".join(_words(text))
    return Name(core, bracketed, tuple(_NUMERAL.findall(core)), has_form)


def similarity(one: Name, other: Name) -> float:
    """1 for equal cores, less by the share of characters that must be added, dropped, replaced or swapped, and 0 from
    more than `NEAR_EDITS` of these, and wherever numbers or brackets differ."""
    if not one.core or not other.core:
        return 0.0
    if one.core == other.core:
        return 1.0
    if one.numerals != other.numerals or one.bracketed != other.bracketed:
        return 0.0
    edits = _edits(one.core, other.core)
    return 0.0 if edits > NEAR_EDITS else 1 - edits / max(len(one.core), len(other.core))


def _folded(text: str) -> str:
    """NFKC and case folding; accents of Latin letters go (Müller, Muller), for bank lines are often plain ASCII."""
    kept: list[str] = []
    base = ""
    for character in unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).casefold()):
        is_mark = unicodedata.combining(character) != 0
        base = base if is_mark else character
        if not (is_mark and base.isascii()):
            kept.append(character)
    return unicodedata.normalize("NFC", "".join(kept))


def _without_form(text: str) -> str:
    """Letters and digits of a folded name, without its legal forms."""
    words = _words(text)
    kept = words[:1] + [word for word in words[1:] if word not in _SURE_FORMS]
    while len(kept) > 1 and kept[-1] in _WESTERN_FORMS:
        kept.pop()
    whole = "".join(kept)
    return _CHINESE_END.sub("", _CHINESE_FORM.sub("", whole))


def _words(text: str) -> list[str]:
    plain = _POLISH_FORM.sub(" spzoo ", text)
    joined = _SLASHED.sub(r"\1\2", _DOTTED.sub(lambda match: _undotted(match.group()), plain))
    return re.findall(r"[^\W_]+", joined)


def _undotted(text: str) -> str:
    """`s.p.a.` as `spa`, with a blank behind it."""
    return text.replace(".", "").replace(" ", "") + " "


def _edits(one: str, other: str) -> int:
    """Characters added, dropped, replaced, or swapped with the next one (optimal string alignment), up to one more
    than `NEAR_EDITS`."""
    beyond = NEAR_EDITS + 1
    if abs(len(one) - len(other)) > NEAR_EDITS:
        return beyond
    # what the two do not share is a lower bound, and most pairs end here
    if max((Counter(one) - Counter(other)).total(), (Counter(other) - Counter(one)).total()) > NEAR_EDITS:
        return beyond
    before_previous: list[int] = []
    previous = list(range(len(other) + 1))
    for row, left in enumerate(one, start=1):
        current = [row]
        for column, right in enumerate(other, start=1):
            best = min(previous[column] + 1, current[-1] + 1, previous[column - 1] + (left != right))
            if row > 1 and column > 1 and left == other[column - 2] and one[row - 2] == right:
                best = min(best, before_previous[column - 2] + 1)
            current.append(best)
        if min(current) > NEAR_EDITS:
            return beyond
        before_previous, previous = previous, current
    return min(previous[-1], beyond)
