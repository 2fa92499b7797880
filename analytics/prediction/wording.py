"""Wording: reasons as one text per item, in Chinese and English.

Belongs here: values put into the sentences of `reasons.TEXTS`. Must not: which reason is named, or its weight.
"""

import re

import polars as pl

from analytics.prediction.reasons import EARLY_TEXTS, PUNCTUAL_TEXTS, TEXTS

LANGUAGES = ("zh", "en")
WEEKDAYS = {
    "zh": dict(zip("1234567", "一二三四五六日", strict=True)),
    "en": dict(zip("1234567", ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"), strict=True)),
}

# "1 days": the sentences are written for many; 2.1 and 11 are many
_ONE_OF_MANY = r"(^|[^0-9.,])1 (day|item|payment)s\b"


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
    sentences = {
        f"reasons_{language}": _filled(TEXTS[code][place], language)
        if code not in EARLY_TEXTS
        else pl.when(_days() < 0)
        .then(_filled(EARLY_TEXTS[code][place], language))
        .when(_days() == 0)
        .then(_filled(PUNCTUAL_TEXTS[code][place], language))
        .otherwise(_filled(TEXTS[code][place], language))
        for place, language in enumerate(LANGUAGES)
    }
    return reasons.select("row", **sentences).with_columns(
        pl.col("reasons_en").str.replace_all(_ONE_OF_MANY, "${1}1 ${2}")
    )


def _filled(text: str, language: str) -> pl.Expr:
    # every second part is the name of a value
    parts = re.split(r"\{(\w+)\}", text)
    return pl.concat_str(
        _value(part, language) if number % 2 else pl.lit(part) for number, part in enumerate(parts)
    )


def _given(name: str) -> pl.Expr:
    return pl.col("values").str.extract(rf"(?:^|;){name}=([^;]*)").fill_null("")


def _days() -> pl.Expr:
    return _given("days").cast(pl.Float64, strict=False)


def _value(name: str, language: str) -> pl.Expr:
    value = _given(name)
    if name == "share":
        percent = (value.cast(pl.Float64, strict=False) * 100).round(0).cast(pl.Int64).cast(pl.String)
        return pl.concat_str([percent.fill_null(""), pl.lit("%")])
    if name == "weekday":
        return value.replace_strict(WEEKDAYS[language], default=value, return_dtype=pl.String)
    if name == "days":
        # the sentence says late or early; 3.0 days are 3
        return value.str.strip_prefix("-").str.replace(r"\.0$", "")
    return value
