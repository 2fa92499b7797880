"""Numbering: entries get the numbers an ERP would have given them, in the order of their booking.

Belongs here: prefixes and sequences. Does not: what the entries say.
"""

from ingest.simulator.model import Entry, World

_DOCUMENT_PREFIXES = {
    "CN01": {
        "invoice": "AR",
        "credit_note": "HZ",
        "debit_note": "JX",
        "opening_balance": "QC",
        "interest": "LX",
        "unbilled": "ZG",
    },
    "EU01": {
        "invoice": "INV",
        "credit_note": "CRN",
        "debit_note": "DBN",
        "opening_balance": "OPB",
        "interest": "INT",
        "unbilled": "UNB",
    },
}
_PREFIXES = {
    "CN01": {
        "receipt": "SK",
        "allocation": "HX",
        "contract": "HT",
        "dispute": "ZY",
        "promise": "CN",
        "collection_activity": "CS",
    },
    "EU01": {
        "receipt": "RCT",
        "allocation": "APP",
        "contract": "CTR",
        "dispute": "DSP",
        "promise": "PRM",
        "collection_activity": "ACT",
    },
}


def number_entries(world: World, *, cell: int) -> None:
    """Number every entry that has an identifier; the cell keeps numbers of several cells apart."""
    cell_mark = f"{cell:02d}" if cell else ""
    counters: dict[tuple[str, int], int] = {}
    for entity in sorted(world.entries):
        entries = [entry for entry in world.entries[entity] if entry.identifier]
        # sorted is stable: entries of one day keep the order in which they were made
        for entry in sorted(entries, key=lambda entry: entry.booked_on):
            prefix = _prefix(entry)
            key = (f"{entry.company}{entity}{prefix}", entry.booked_on.year)
            counters[key] = counters.get(key, 0) + 1
            entry.number = f"{prefix}{entry.booked_on:%y}{cell_mark}{counters[key]:06d}"


def _prefix(entry: Entry) -> str:
    if entry.entity == "document":
        kind = entry.fields["document_type"]
        assert isinstance(kind, str)
        return _DOCUMENT_PREFIXES[entry.company][kind]
    return _PREFIXES[entry.company][entry.entity]
