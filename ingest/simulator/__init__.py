"""The demo company simulator: extracts of a made-up group, with the truth behind them.

Belongs here: business events of two companies and the files that their ERPs and bank would deliver. Must not:
landing, the warehouse's rules of derivation, or anything that reads the clock.
"""

from ingest.simulator.bulk import deliver_held_back, hold_back_last_delivery
from ingest.simulator.cell import Sizing
from ingest.simulator.run import SCALES, SimulationError, simulate
from ingest.simulator.summary import SimulationSummary

__all__ = [
    "SCALES",
    "SimulationError",
    "SimulationSummary",
    "Sizing",
    "deliver_held_back",
    "hold_back_last_delivery",
    "simulate",
]
