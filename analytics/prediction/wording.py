"""Wording: reasons as one text per item, in Chinese and English.

Belongs here: values put into the sentences of `reasons.TEXTS`. Must not: which reason is named, or its weight.
"""

import re

import polars as pl

from analytics.prediction.reasons import TEXTS

LANGUAGES = ("zh", "en")
WEEKDAYS = {
    "zh": dict(zip("1234567", "一二三四五六日", strict=True)),
    "en": dict(zip("1234567", ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"), strict=True)),
}


def in_words(items: pl.DataFrame) -> pl.DataFrame:
    """`items` (column `reasons`: list of code, is_towards_late, values) with reasons_zh and reasons_en instead.

    A reason without a sentence of its own, of an attribute that a company added, is told by its name and value.
    """
    reasons = items["reasons"]
    longest = int(reasons.list.len().fill_null(0).to_numpy().max(initial=0))
    told = [_told_in_order(reasons.list.get(place, null_on_oob=True)) for place in range(longest)]
    texts = {
        # the empty text is what an item without a reason has
        f"reasons_{language}": pl.concat_str(
            [frame[f"reasons_{language}"] for frame in told] or [pl.lit("")],
            separator=separator,
            ignore_nulls=True,
        )
        for language, separator in (("zh", ""), ("en", " "))
    }
    return items.drop("reasons").with_columns(**texts)


def _told_in_order(reasons: pl.Series) -> pl.DataFrame:
    """The sentence of each reason in both languages; null where there is none."""
    rows = reasons.struct.unnest().with_row_index("row")
    parts = [_told(own, str(code)) for (code,), own in rows.drop_nulls("code").group_by("code")]
    none = rows.filter(pl.col("code").is_null()).select(
        "row", *(pl.lit(None, dtype=pl.String).alias(f"reasons_{language}") for language in LANGUAGES)
    )
    return pl.concat([*parts, none]).sort("row")


def _told(reasons: pl.DataFrame, code: str) -> pl.DataFrame:
    """Reasons of one code: row, and the sentence of each in both languages."""
    if code not in TEXTS:
        sentence = pl.concat_str("code", pl.lit(" "), "values")
        return reasons.select("row", reasons_zh=sentence, reasons_en=sentence)
    filled = {}
    for text, language in zip(TEXTS[code], LANGUAGES, strict=True):
        # every second part is the name of a value
        parts = re.split(r"\{(\w+)\}", text)
        filled[f"reasons_{language}"] = pl.concat_str(
            _value(part, language) if number % 2 else pl.lit(part) for number, part in enumerate(parts)
        )
    return reasons.select("row", **filled)


def _value(name: str, language: str) -> pl.Expr:
    value = pl.col("values").str.extract(rf"(?:^|;){name}=([^;]*)").fill_null("")
    if name == "share":
        percent = (value.cast(pl.Float64, strict=False) * 100).round(0).cast(pl.Int64).cast(pl.String)
        return pl.concat_str([percent.fill_null(""), pl.lit("%")])
    if name == "weekday":
        return value.replace_strict(WEEKDAYS[language], default=value, return_dtype=pl.String)
    return value
