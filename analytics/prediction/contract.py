"""Contract: what payment prediction is given, what it returns, and the settings it works by.

Belongs here: columns and their types, their check, the rule by which knowledge is reconstructed, settings. Must not:
any figure. Amounts arrive as decimals and are turned to floats on entry: what is made of them is an estimate, and no
estimate is ever added to a ledger.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

import polars as pl

ITEMS: dict[str, pl.DataType] = {
    "open_item_id": pl.String(),
    "company_code": pl.String(),
    # a party after the crosswalk, one id over all companies
    "customer_id": pl.String(),
    "document_date": pl.Date(),
    "posting_date": pl.Date(),
    # null where the source says none; such items are counted and get no prediction
    "due_date": pl.Date(),
    # reporting currency, positive
    "amount": pl.Decimal(18, 2),
    # of the document: the cash forecast is one line per company and currency
    "currency": pl.String(),
    "payment_terms": pl.String(),
    "item_kind": pl.String(),
    # when the item was learnt of, UTC
    "known_from": pl.Datetime("us"),
}
"""One row per open item ever created. Further columns are attributes and count only if `Settings.attributes`
names them."""

SETTLEMENTS: dict[str, pl.DataType] = {
    "open_item_id": pl.String(),
    # the payment's own date, not the day on which it was booked
    "settled_on": pl.Date(),
    "amount": pl.Decimal(18, 2),
    "settled_kind": pl.String(),
    "known_from": pl.Datetime("us"),
    # null while it holds; the moment at which it was undone otherwise
    "known_to": pl.Datetime("us"),
}
"""One row per settlement of an item, amounts in the currency of the item's amount."""

PAYMENT_KINDS = ("cash", "bill")
"""Settlements that say how a customer pays. Credits and write-offs end an item without saying so: it is then
censored."""

HORIZONS = ("late", "late_30", "late_90", "days")
"""What a champion is chosen for: later than 0, 30, 90 days after the due date, and the date itself."""

CANDIDATES = ("due_date", "history", "roll_rate", "boosting")
"""From the simplest to the richest: of two that score alike the earlier one is taken."""


class PredictionInputError(ValueError):
    """Frames that do not keep the contract; the message says which column to mend."""


@dataclass(frozen=True)
class Attribute:
    """A column of the items beyond the contract that may become a feature: a number or a boolean.

    `known_from` names the column that says when the value of each row was learnt; a value counts from then on. Without
    one the attribute is claimed to be known with the item, and the guard against leaks judges the claim.
    """

    column: str
    known_from: str | None = None


@dataclass(frozen=True)
class Settings:
    """How the engine works. The same defaults served every data set that it was tried on."""

    attributes: tuple[Attribute, ...] = ()
    # with fewer settled items a company has no champion of its own, and with fewer in all the due date is taken
    fewest_settled: int = 200
    # with fewer scored items no horizon is decided
    fewest_scored: int = 50
    # past origins of the back-test, so many days apart
    origins: int = 4
    days_between_origins: int = 28
    # rows (item, moment) that are learnt from, and stretches of them: what learning costs, however long the history is
    training_rows: int = 80_000
    training_stretches: int = 200_000
    backtest_training_rows: int = 30_000
    backtest_training_stretches: int = 80_000
    # of the items of each past day so many are scored, and so many stand for all in its forecast of cash
    scored_rows: int = 10_000
    # contributions of the trees are computed for so many items, the largest; the others are explained by their history
    explained_rows: int = 5_000
    candidates: tuple[str, ...] = CANDIDATES
    # per company: bank holidays, from the first origin of the back-test to the end of the forecast
    closed_days: Mapping[str, frozenset[date]] = field(default_factory=dict)
    # per company: days on whose evening the facts were not up to date, for none had been told since an earlier day
    stale_days: Mapping[str, frozenset[date]] = field(default_factory=dict)
    seed: int = 20_260_101
    trees: int = 60
    threads: int = 2


@dataclass(frozen=True)
class PaymentPrediction:
    """What a prediction as of one day returns; every frame is sorted and holds the same bytes for the same input.

    items: one row per open item: probabilities, dates, champion per horizon, reasons.
    scores: one row per company (null: all together), horizon, candidate and origin (null: all together).
    champions: one row per company and horizon, why it was chosen, and its best rival.
    reliability: one row per horizon and bin of the predicted probability.
    cash: one row per company, currency and week ahead.
    cash_errors: one row per past day, target, forecaster, company, currency and week ahead: expected, band, what came.
    features: one row per feature and attribute: used or not, and why.
    exclusions: items left out of history and labels, counted by reason.
    """

    items: pl.DataFrame
    scores: pl.DataFrame
    champions: pl.DataFrame
    reliability: pl.DataFrame
    cash: pl.DataFrame
    cash_errors: pl.DataFrame
    features: pl.DataFrame
    exclusions: pl.DataFrame
    unavailable: dict[str, str] = field(default_factory=dict)


def check(items: pl.DataFrame, settlements: pl.DataFrame, settings: Settings) -> None:
    """Raise PredictionInputError where a frame does not keep the contract."""
    _check_columns("items", items, ITEMS)
    _check_columns("settlements", settlements, SETTLEMENTS)
    if items["open_item_id"].n_unique() != items.height:
        raise PredictionInputError("items holds an open_item_id twice: hand over one row per open item.")
    for column in ("open_item_id", "company_code", "customer_id", "document_date", "amount", "known_from"):
        if items[column].null_count():
            raise PredictionInputError(
                f"items.{column} is null in some rows: fill it or leave those rows out."
            )
    if (items["amount"] <= 0).any():
        raise PredictionInputError("items.amount must be positive: leave credit notes and empty items out.")
    for column in ("open_item_id", "settled_on", "amount", "known_from"):
        if settlements[column].null_count():
            raise PredictionInputError(
                f"settlements.{column} is null in some rows: fill it or leave those out."
            )
    for attribute in settings.attributes:
        for named in (attribute.column, attribute.known_from):
            if named is not None and named not in items.columns:
                raise PredictionInputError(f"Settings.attributes names {named}, which items does not have.")
        if not (items.schema[attribute.column].is_numeric() or items.schema[attribute.column] == pl.Boolean):
            raise PredictionInputError(
                f"attribute {attribute.column} must be a number or a boolean: encode it."
            )
    unknown = set(settings.candidates) - set(CANDIDATES)
    if unknown:
        raise PredictionInputError(f"Settings.candidates must be of {CANDIDATES}, not {sorted(unknown)}.")


def _check_columns(name: str, frame: pl.DataFrame, contract: Mapping[str, pl.DataType]) -> None:
    for column, dtype in contract.items():
        if column not in frame.columns:
            raise PredictionInputError(f"{name} lacks the column {column} ({dtype}).")
        found = frame.schema[column]
        is_alike = isinstance(dtype, pl.Decimal) and isinstance(found, pl.Decimal)
        if found != dtype and not is_alike:
            raise PredictionInputError(f"{name}.{column} must be {dtype}, not {found}: cast it.")


def reconstruct_knowledge(frame: pl.DataFrame, *, effective: str, first_delivery: datetime) -> pl.DataFrame:
    """Give the facts of a first delivery the knowledge that their own dates stand for.

    A history that landed at once was known, to the ledger, on one day: no past moment would know anything, and nothing
    could be learnt. So of facts learnt up to `first_delivery` it is assumed that each was known on its own day
    (`effective`: posting_date of items, settled_on of settlements). Late bookings inside that history are
    invisible: the back-test over it is by so much too good. Facts learnt later keep the moment at which they
    really were learnt.
    """
    own_day = pl.col(effective).cast(pl.Datetime("us"))
    is_first = pl.col("known_from") <= first_delivery
    return frame.with_columns(
        known_from=pl.when(is_first).then(pl.min_horizontal("known_from", own_day)).otherwise("known_from")
    )


def check_moment(as_of: date, knowledge: datetime) -> None:
    """An as-of date after the knowledge would ask for facts that nobody had."""
    if as_of > knowledge.date():
        raise PredictionInputError(
            f"as_of {as_of} is after the knowledge {knowledge}: ask as of that day or before."
        )
