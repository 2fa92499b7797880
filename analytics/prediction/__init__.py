"""Payment prediction: when open items will be paid, what comes in, and how often that was right before.

Belongs here: pure functions on frames: facts as known, features as of a moment, candidates, back-test, cash.
Must not: files, clock, dagster, dbt, money of a ledger (estimates are floats and never enter one).

Order of reading: contract (what goes in and out), running, workers, lives (facts as known), schedule (who is looked at,
when), histories, features, curve (stretches around the due date), habits, candidates, boosting, training, backtest,
cash, reasons, present, wording, engine.
"""

from analytics.prediction.contract import (
    ITEMS,
    SETTLEMENTS,
    Attribute,
    PaymentPrediction,
    PredictionInputError,
    Settings,
    reconstruct_knowledge,
)
from analytics.prediction.engine import predict_payments
from analytics.prediction.reasons import TEXTS

__all__ = [
    "ITEMS",
    "SETTLEMENTS",
    "TEXTS",
    "Attribute",
    "PaymentPrediction",
    "PredictionInputError",
    "Settings",
    "predict_payments",
    "reconstruct_knowledge",
]
