"""The bulk simulator: millions of documents of the demo group, made column by column.

Belongs here: scale large. A chunk is a range of customers of one company with everything that happens to them; all
of it is drawn as whole arrays and written before the next chunk starts. Must not: the rich single cases of the event
simulator (its parent package), landing, the warehouse's rules of derivation, or anything that reads the clock.

What is left out on purpose, so that the general ledger can be computed exactly in arrays: settlements across
currencies, refunds, retentions and unbilled items. All receivables are trade receivables.
"""

from ingest.simulator.bulk.held_back import deliver_held_back, hold_back_last_delivery
from ingest.simulator.bulk.run import DEFAULT_DOCUMENTS, simulate_bulk

__all__ = [
    "DEFAULT_DOCUMENTS",
    "deliver_held_back",
    "hold_back_last_delivery",
    "simulate_bulk",
]
