"""Guard against leaks: attributes that know the outcome.

Belongs here: the check of every attribute against what is known of ended items. Must not: judging the engine's
own features, which are known by construction (features.FEATURES) and tested against an oracle.
"""

from collections.abc import Sequence

import polars as pl

from analytics.prediction.contract import Attribute
from analytics.prediction.features import FEATURES
from analytics.prediction.lives import Lives
from analytics.prediction.running import NEVER
from analytics.prediction.training import ends

TOO_GOOD = 0.95
"""No honest single fact of a new item tells late from punctual so well (area under the curve, or its mirror image)."""
FILLED_APART = 0.5
"""An attribute filled for settled items and empty for open ones is filled by the settlement."""
NEWEST_SHARE = 0.5
"""Judged on the newer half: what leaks now matters, not what was once tidied up."""
FEWEST = 50


def judge(
    lives: Lives, rows: pl.DataFrame, attributes: Sequence[Attribute]
) -> tuple[list[Attribute], pl.DataFrame]:
    """The attributes that may be learnt from, and a row per feature: feature, known_by, is_used, reason.

    Args:
        rows: features of items at their creation, with the attributes as then known.
    """
    kept: list[Attribute] = []
    verdicts = [(name, known_by, True, "known by construction") for name, known_by in FEATURES.items()]
    newest = rows.sort("created", "item").tail(max(FEWEST, int(rows.height * NEWEST_SHARE)))
    paid_on, ended = ends(newest, lives)
    judged = newest.with_columns(paid_on=pl.Series(paid_on), ended=pl.Series(ended)).filter(ended=NEVER)
    for attribute in attributes:
        reason = _fault(judged, lives, attribute)
        if reason is None:
            kept.append(attribute)
        verdicts.append(
            (
                attribute.column,
                attribute.known_from or "claimed to be known with the item",
                reason is None,
                reason or "no sign of a leak",
            )
        )
    schema = {"feature": pl.String, "known_by": pl.String, "is_used": pl.Boolean, "reason": pl.String}
    return kept, pl.DataFrame(verdicts, schema=schema, orient="row")


def _fault(judged: pl.DataFrame, lives: Lives, attribute: Attribute) -> str | None:
    value = pl.col(attribute.column)
    filled = judged.filter(value.is_not_null())
    if not filled.height:
        return "never known when an item is created"
    # as written in the items, whatever its knowledge column says
    written = lives.items.select("item", written=value).join(judged.select("item", "paid_on"), on="item")
    settled, opened = written.filter(pl.col("paid_on") < NEVER), written.filter(pl.col("paid_on") == NEVER)
    if attribute.known_from is None and min(settled.height, opened.height) >= FEWEST:
        shares = [part["written"].count() / part.height for part in (settled, opened)]
        if shares[0] - shares[1] > FILLED_APART:
            return f"filled for {shares[0]:.0%} of settled items and {shares[1]:.0%} of open ones"
    decided = filled.filter(pl.col("due") < lives.today).with_columns(late=pl.col("paid_on") > pl.col("due"))
    positives = int(decided["late"].sum())
    pairs = positives * (decided.height - positives)
    if decided.height < FEWEST or not pairs:
        return None
    ranks = float(decided.select(value.rank().filter("late").sum()).item())
    area = (ranks - positives * (positives + 1) / 2) / pairs
    if max(area, 1 - area) >= TOO_GOOD:
        return (
            f"tells late items apart too well to be known before the payment (AUC {max(area, 1 - area):.3f})"
        )
    return None
