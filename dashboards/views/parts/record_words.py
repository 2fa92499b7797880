"""A record of the contract in words: its columns of codes read in the reader's language.

Belongs here: which column holds codes of which group. Must not: query, or touch texts that a source wrote.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from dashboards.i18n import namer
from dashboards.ui import tables


def draw(record: Mapping[str, Any]) -> None:
    """One record, a line for each of its columns."""
    tables.facts(in_words(record))


def in_words(record: Mapping[str, Any]) -> dict[str, Any]:
    """The record, codes as words; a code without a word stays, so that a newer release can be read."""
    groups = _groups()
    return {
        name: _word(value, groups[name]) if name in groups and isinstance(value, str) else value
        for name, value in record.items()
    }


def _word(code: str, groups: tuple[Callable[[str], str], ...]) -> str:
    # entities share names of columns, and no two of their groups share a code
    return next((word for named in groups if (word := named(code)) != code), code)


def _groups() -> dict[str, tuple[Callable[[str], str], ...]]:
    end = (namer("allocation_end"), namer("item_kind"))
    return {
        "document_type": (namer("document_type"),),
        "original_document_type": (namer("document_type"),),
        "terms_basis": (namer("terms_basis"),),
        "kind": (namer("instalment_kind"), namer("promise_kind"), namer("bill_event")),
        "method": (namer("payment_method"),),
        "acceptor_kind": (namer("acceptor_kind"),),
        "status": (namer("receipt_status"), namer("dispute_status"), namer("customer_status")),
        "from_kind": end,
        "to_kind": end,
        "difference_kind": end,
        "customer_type": (namer("customer_type"),),
        "deal_nature": (namer("deal_nature"),),
        "ownership": (namer("ownership"),),
        "size_class": (namer("size_class"),),
        "related_party": (namer("related_party"),),
    }
