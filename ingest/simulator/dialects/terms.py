"""Which payment terms the master of a system holds: those of the demo group's wordings that are in use.

Belongs here: finding them, and what kind each is. Must not: how a system keeps a master.
"""

from collections.abc import Mapping

from ingest.simulator.dialects.model import State
from ingest.simulator.terms import CHINESE_TERMS, FOREIGN_TERMS, Terms

WORDINGS: Mapping[str, Terms] = {terms.text: terms for terms in (*CHINESE_TERMS, *FOREIGN_TERMS)}
# the place of a wording in the list numbers it, so that every delivery numbers it alike
NUMBERS: Mapping[str, int] = {text: number for number, text in enumerate(WORDINGS, start=1)}


def terms_in_use(state: State) -> list[Terms]:
    """The terms of customers and documents that have a rule, in the order of their numbers."""
    used = {
        row["payment_terms"] for entity in ("customer", "document") for row in state.get(entity, {}).values()
    }
    return [terms for text, terms in WORDINGS.items() if text in used]


def is_net(terms: Terms) -> bool:
    """Whether the time is a number of days from the start."""
    return (
        terms.cutoff_day is None
        and terms.day_of_month is None
        and not (terms.months_after or terms.days_before)
    )


def is_after_month_end(terms: Terms) -> bool:
    """Whether the time is a number of days from the end of the month of the start."""
    return terms.cutoff_day == 31 and not (terms.months_after or terms.days_before or terms.day_of_month)


def percentage(terms: Terms) -> str:
    """The discount as a percentage with three decimals; empty where there is none."""
    return f"{terms.discount_per_mille / 10:.3f}" if terms.discount_per_mille else ""
