"""Maps from their texts to ours: what is known, what is not, and payment terms that the grammar cannot read.

Belongs here: one column of codes or of terms. Must not: which column it is, YAML.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ingest.contract import Column
from ingest.inspection.columns import Facts, currency_names
from ingest.inspection.dictionary import currencies, known_values
from ingest.terms import MonthlyReading, parse_terms

MOST_TERMS = 60
MOST_TOLD = 8


@dataclass(frozen=True)
class Entry:
    """One line of a map. `remark` stands behind it."""

    theirs: str
    ours: str
    remark: str = ""


@dataclass(frozen=True)
class ValueMap:
    """`entries` empty: every text is one of ours already. `doubt`: what a person must decide."""

    entries: tuple[Entry, ...]
    doubt: str | None


def map_codes(f: Facts, *, column: Column, entity: str) -> ValueMap:
    """Texts of a column to the codes of the contract."""
    codes = column.codes or ("true", "false")
    known = known_values().get((entity, column.name), {})
    if all(text in codes for text in f.codes) and f.codes:
        return ValueMap((), None)
    entries = []
    unknown = []
    for text, count in f.codes.items():
        if text in f.null_texts:
            continue
        ours = _code_of(text, codes=codes, known=known)
        if ours is None:
            unknown.append(text)
        entries.append(Entry(text, text if ours is None else ours, f"{count:,} rows"))
    if not f.codes:
        return ValueMap((), f"{f.distinct:,} different texts, too many to be one of {', '.join(codes)}")
    if not unknown:
        return ValueMap(tuple(entries), None)
    told = ", ".join(unknown[:MOST_TOLD]) + (" ..." if len(unknown) > MOST_TOLD else "")
    return ValueMap(
        tuple(entries),
        f"say what {told} mean{'s' if len(unknown) == 1 else ''}: one of {', '.join(codes)};"
        " until then these rows are set aside",
    )


def _code_of(text: str, *, codes: Sequence[str], known: dict[str, str]) -> str | None:
    plain = text.casefold().strip()
    for name in (plain, plain.replace(" ", "_"), plain.replace("-", "_")):
        if name in codes:
            return name
        if known.get(name) in codes:
            return known[name]
    for word in plain.split():
        if known.get(word) in codes:
            return known[word]
    return None


def map_currencies(f: Facts) -> tuple[bool, str | None]:
    """Whether the vocabulary of currencies is needed, and what it does not know."""
    names = [v for v in f.values if v not in currencies()]
    unknown = [v for v in names if v not in currency_names()]
    doubt = f"{', '.join(unknown[:MOST_TOLD])}: not known as currencies" if unknown else None
    return bool(names), doubt


def map_terms(
    cells: Sequence[str], *, begun: Sequence[datetime | None] | None, due: Sequence[datetime | None] | None
) -> ValueMap:
    """Payment terms that the grammar does not read, or reads in two ways, each with the days that the rows show.

    Args:
        begun, due: document and due date row by row, where the file has them.
    """
    counted = Counter(cell for cell in cells if cell)
    unreadable = [text for text in counted if not parse_terms(text).is_readable]
    double = [text for text in counted if text not in unreadable and _has_two_readings(text)]
    if len(unreadable) > MOST_TERMS:
        return ValueMap(
            (), f"{len(unreadable):,} different texts that the grammar of payment terms cannot read"
        )
    days = _usual_days(cells, begun, due)
    entries = [Entry(text, text, f"{counted[text]:,} rows{days.get(text, '')}") for text in unreadable]
    told = []
    if unreadable:
        shown = ", ".join(unreadable[:MOST_TOLD]) + (" ..." if len(unreadable) > MOST_TOLD else "")
        told.append(
            f"the grammar of payment terms cannot read {shown}: write what each means on the right, such as NET30"
        )
    if double:
        told.append(
            f"{', '.join(double[:MOST_TOLD])} reads in two ways: from the end of the month, as taken here, or from"
            " another cut-off day, or in whole months; write it out, such as EOM+30, EOM@25+30 or EOM+1M"
        )
        entries += [
            Entry(text, parse_terms(text).normal_form or text, f"{counted[text]:,} rows{days.get(text, '')}")
            for text in double
        ]
    return ValueMap(tuple(entries), "; ".join(told) or None)


def _has_two_readings(text: str) -> bool:
    default = parse_terms(text)
    others = (MonthlyReading(unit="months"), MonthlyReading(cutoff_day=25))
    return any(parse_terms(text, monthly=one).normal_form != default.normal_form for one in others)


def _usual_days(
    cells: Sequence[str], begun: Sequence[datetime | None] | None, due: Sequence[datetime | None] | None
) -> dict[str, str]:
    if begun is None or due is None:
        return {}
    by_text: dict[str, Counter[int]] = {}
    for text, first, last in zip(cells, begun, due, strict=True):
        if text and first and last:
            by_text.setdefault(text, Counter())[(last - first).days] += 1
    found = {}
    for text, counts in by_text.items():
        ((days, count),) = counts.most_common(1)
        found[text] = f"; due {days} days after the document in {count / sum(counts.values()):.0%}"
    return found
