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
    numbered = items.with_row_index("row")
    single = (
        numbered.select("row", "reasons")
        .explode("reasons")
        .drop_nulls("reasons")
        .unnest("reasons")
        .with_row_index("place")
    )
    told = (
        pl.concat(
            [_told(rows, str(code)) for (code,), rows in single.group_by("code")]
            or [single.select("row", "place", reasons_zh="code", reasons_en="code")]
        )
        .sort("place")
        .group_by("row", maintain_order=True)
        .agg(
            pl.col("reasons_zh").str.join(""),
            pl.col("reasons_en").str.join(" "),
        )
    )
    return (
        numbered.join(told, on="row", how="left", maintain_order="left")
        .with_columns(pl.col("reasons_zh", "reasons_en").fill_null(""))
        .drop("row", "reasons")
    )


def _told(reasons: pl.DataFrame, code: str) -> pl.DataFrame:
    """Reasons of one code: row, place, and the sentence of each in both languages."""
    if code not in TEXTS:
        sentence = pl.concat_str("code", pl.lit(" "), "values")
        return reasons.select("row", "place", reasons_zh=sentence, reasons_en=sentence)
    filled = {}
    for text, language in zip(TEXTS[code], LANGUAGES, strict=True):
        # every second part is the name of a value
        parts = re.split(r"\{(\w+)\}", text)
        filled[f"reasons_{language}"] = pl.concat_str(
            _value(part, language) if number % 2 else pl.lit(part) for number, part in enumerate(parts)
        )
    return reasons.select("row", "place", **filled)


def _value(name: str, language: str) -> pl.Expr:
    value = pl.col("values").str.extract(rf"(?:^|;){name}=([^;]*)").fill_null("")
    if name == "share":
        percent = (value.cast(pl.Float64, strict=False) * 100).round(0).cast(pl.Int64).cast(pl.String)
        return pl.concat_str([percent.fill_null(""), pl.lit("%")])
    if name == "weekday":
        return value.replace_strict(WEEKDAYS[language], default=value, return_dtype=pl.String)
    return value
