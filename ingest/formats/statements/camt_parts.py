"""The values of one element of a camt message, read in one walk.

Belongs here: which paths are read, and the values at them. Must not: what they mean together (camt.py), the parser.

An entry is asked for some twenty values, most of which are not there, and has as many elements that nobody asks for.
So the paths that are asked for are made a tree once, and an element is walked along it: what is not in the tree is not
looked into.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from lxml import etree

from ingest.formats.statements.model import plain_amount

# the path of the element that is read
ITSELF = ""
_ACCOUNT_KINDS = ("Id/IBAN", "Id/Othr/Id", "Id/PrtryAcct/Id", "Id/BBAN", "Id/UPIC")
_AMOUNTS = ("Amt", "AmtDtls/TxAmt/Amt")


@dataclass
class Wanted:
    """A name in the tree of paths. `texts` are the paths below the root of the tree, each without a text yet."""

    path: str
    is_amount: bool = False
    below: dict[str, "Wanted"] = field(default_factory=dict)
    # of an element that may be there several times, each of which is read by itself
    repeated: "Wanted | None" = None
    texts: dict[str, str | None] = field(default_factory=dict)


def _tree(paths: Iterable[str], *, repeated: dict[str, Wanted] | None = None) -> Wanted:
    root = Wanted(ITSELF)
    for path in (*paths, *(repeated or {})):
        node = root
        for name in path.split("/") if path else ():
            node = node.below.setdefault(name, Wanted(f"{node.path}/{name}" if node.path else name))
        node.is_amount = path in _AMOUNTS
        node.repeated = (repeated or {}).get(path)
        root.texts[path] = None
    return root


def _day(path: str) -> tuple[str, ...]:
    return f"{path}/Dt", f"{path}/DtTm", path


def _account(path: str) -> tuple[str, ...]:
    return tuple(f"{path}/{kind}" for kind in _ACCOUNT_KINDS)


def _names(owner: str) -> tuple[str, ...]:
    return tuple(f"RltdPties/{party}{pty}/Nm" for party in (owner, f"Ultmt{owner}") for pty in ("", "/Pty"))


_SIGNED = (*_AMOUNTS, "CdtDbtInd")
# where the name of a party stands, the likeliest first
NAMES_OF = {owner: _names(owner) for owner in ("Dbtr", "Cdtr")}
_STRUCTURED = _tree(("CdtrRefInf/Ref", "CdtrRefInf/CdtrRef", "RfrdDocInf/Nb", "AddtlRmtInf"))
_DETAIL = _tree(
    (
        *_SIGNED,
        *("Refs/AcctSvcrRef", "Refs/EndToEndId", "AddtlTxInf"),
        *(
            path
            for owner, names in NAMES_OF.items()
            for path in (*names, *_account(f"RltdPties/{owner}Acct"))
        ),
    ),
    repeated={"RmtInf/Ustrd": _tree((ITSELF,)), "RmtInf/Strd": _STRUCTURED},
)
ENTRY = _tree(
    (
        *_SIGNED,
        *("Sts/Cd", "Sts", "RvslInd", "AcctSvcrRef", "NtryRef", "AddtlNtryInf"),
        *_day("BookgDt"),
        *_day("ValDt"),
        *("BkTxCd/Domn/Cd", "BkTxCd/Domn/Fmly/Cd", "BkTxCd/Domn/Fmly/SubFmlyCd", "BkTxCd/Prtry/Cd"),
    ),
    repeated={"NtryDtls/TxDtls": _DETAIL},
)
BALANCE = _tree((*_SIGNED, "Tp/CdOrPrtry/Cd", *_day("Dt")))
HOLDER = _tree(
    (
        *("Id", "CreDtTm", "FrToDt/ToDtTm", "ElctrncSeqNb", "LglSeqNb", "StmtPgntn/PgNb", "RptPgntn/PgNb"),
        *("Acct/Ccy", *_account("Acct")),
    )
)


@lru_cache(maxsize=4_096)
def local_name(tag: object) -> str:
    """The name of an element without its namespace; nothing for what is no element. A file has a few dozen."""
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


class Parts:
    """The first text at every path of a tree, and every element of those that repeat.

    A question for a path that is not in the tree is a mistake of the program: KeyError.
    """

    __slots__ = ("_currencies", "_repeated", "_texts")

    def __init__(self, element: etree._Element, wanted: Wanted) -> None:
        self._texts = wanted.texts.copy()
        self._currencies: dict[str, str] = {}
        self._repeated: dict[str, list[Parts]] = {}
        if len(element):
            self._take(element, wanted.below)
        elif element.text and ITSELF in self._texts:
            self._texts[ITSELF] = element.text

    def _take(self, element: etree._Element, wanted: dict[str, Wanted]) -> None:
        texts = self._texts
        for child in element:
            node = wanted.get(local_name(child.tag))
            if node is None:
                continue
            if node.repeated is not None:
                self._repeated.setdefault(node.path, []).append(Parts(child, node.repeated))
            elif len(child):
                self._take(child, node.below)
            elif (text := child.text) and texts.get(node.path, text) is None:
                texts[node.path] = text
                if node.is_amount:
                    self._currencies[node.path] = child.get("Ccy", "")

    def text(self, path: str) -> str | None:
        """The text at a path, without blanks around it."""
        found = self._texts[path]
        return None if found is None else found.strip() or None

    def all(self, path: str) -> list["Parts"]:
        """Every element at a path of a kind that repeats."""
        return self._repeated.get(path, [])

    def day(self, path: str) -> str | None:
        """The date of an element that holds a date, or a date and time."""
        return date_of(self.text(f"{path}/Dt") or self.text(f"{path}/DtTm") or self.text(path))

    def signed(self, direction: str | None = None) -> tuple[str | None, str | None]:
        """Amount with its sign, and currency. CdtDbtInd says the direction of this booking, of a reversal too; a
        detail without one has that of its entry."""
        path = next((path for path in _AMOUNTS if self._texts[path] is not None), None)
        if path is None:
            return None, None
        found = self._texts[path] or ""
        text = plain_amount(found.strip())
        direction = self.text("CdtDbtInd") or direction
        sign = "-" if direction == "DBIT" and not text.startswith("-") else ""
        return sign + text, self._currencies.get(path) or None

    def code(self) -> str | None:
        """Domain, family and sub-family of a booking, else the bank's own code; a reversal says so."""
        domain = (
            self.text("BkTxCd/Domn/Cd"),
            self.text("BkTxCd/Domn/Fmly/Cd"),
            self.text("BkTxCd/Domn/Fmly/SubFmlyCd"),
        )
        code = "-".join(filter(None, domain)) or self.text("BkTxCd/Prtry/Cd")
        if self.text("RvslInd") in ("true", "1"):
            return f"{code} reversal" if code else "reversal"
        return code

    def account(self, path: str) -> str | None:
        """IBAN, else whatever identifies an account; not every country has IBANs."""
        for kind in _ACCOUNT_KINDS:
            found = self.text(f"{path}/{kind}")
            if found:
                return found
        return None


def date_of(text: str | None) -> str | None:
    """The date of a date or time as the bank writes it, in its own zone."""
    return text[:10] or None if text else None
