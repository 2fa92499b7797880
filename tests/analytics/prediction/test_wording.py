"""What is said of a prediction: days before the due date are early, never less than nothing late."""

from __future__ import annotations

from string import Formatter

import numpy as np
import polars as pl
import pytest

from analytics.prediction.reasons import EARLY_TEXTS, PUNCTUAL_TEXTS, TEXTS, from_contributions
from analytics.prediction.wording import in_words


def said(*reasons: tuple[str, str]) -> tuple[str, str]:
    """Chinese and English text of one item with these reasons (code, values)."""
    told = [{"code": code, "is_towards_late": True, "values": values} for code, values in reasons]
    (row,) = in_words(pl.DataFrame({"item": [1], "reasons": [told]})).rows(named=True)
    return row["reasons_zh"], row["reasons_en"]


@pytest.mark.parametrize(
    ("code", "values", "zh", "en"),
    [
        ("days_late", "days=-3.0;items=12", "最近12笔付款的中位数为提前3天。",
         "Median of its last 12 payments: 3 days early."),
        ("days_late", "days=4.5;items=12", "最近12笔付款的中位数为晚付4.5天。",
         "Median of its last 12 payments: 4.5 days late."),
        ("days_late", "days=-0.0;items=12", "最近12笔付款的中位数为到期日当天。",
         "Median of its last 12 payments: on the due date."),
        ("days_late", "days=1.0;items=1", "最近1笔付款的中位数为晚付1天。",
         "Median of its last 1 payment: 1 day late."),
        ("recent", "days=-7.2", "最近5笔平均提前7.2天付款。", "Its last 5 payments were 7.2 days early on average."),
        ("recent", "days=2.1", "最近5笔平均晚付2.1天。", "Its last 5 payments were 2.1 days late on average."),
        ("recent", "days=0.0", "最近5笔平均在到期日当天付款。",
         "Its last 5 payments were on the due date on average."),
        # no sign stands in these
        ("age", "days=14", "本笔已逾期14天。", "The item itself is 14 days overdue."),
        ("overdue", "items=1;days=21", "该客户现有1笔逾期,最长21天。",
         "The customer has 1 item overdue, oldest 21 days."),
    ],
)  # fmt: skip
def test_days_are_late_or_early_and_have_no_sign(code: str, values: str, zh: str, en: str) -> None:
    assert said((code, values)) == (zh, en)


def test_reasons_of_an_item_follow_each_other() -> None:
    zh, en = said(("recent", "days=-1.0"), ("open", "items=3"))
    assert zh == "最近5笔平均提前1天付款。该客户未清3笔。"
    assert en == "Its last 5 payments were 1 day early on average. The customer has 3 items open."


def test_of_who_has_no_history_nothing_is_told_that_compares_with_it() -> None:
    names_of = ("last_5_days_late", "days_since_payment", "median_days_late", "late_share", "age_days", "paid_count",
                "company", "amount_log")  # fmt: skip
    rows = pl.DataFrame(
        {"item": [1, 2], "days_to_due": [5.0, 5.0], "paid_count": [0.0, 7.0], "due_count": [0.0, 9.0],
         "last_5_days_late": [None, -2.0], "days_since_payment": [None, 40.0], "median_days_late": [None, -3.0],
         "late_share": [0.2, 0.1], "company_late_share": [0.2, 0.2], "amount_to_usual": [None, 1.5]}
    )  # fmt: skip

    def codes(*contributions: float) -> list[list[str]]:
        told = from_contributions(rows, names_of, np.array([contributions] * 2))
        return [[reason["code"] for reason in reasons] for reasons in told["reasons"]]

    assert codes(3.0, 2.0, 1.0, 0.0, 0.0, 0.0, 0.1, 0.0) == [["company"], ["recent", "silence", "days_late"]]
    assert codes(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.1, 4.0) == [["company"], ["amount", "company"]]


def test_what_is_said_of_early_payers_names_no_value_that_the_reason_does_not_have() -> None:
    for texts in (EARLY_TEXTS, PUNCTUAL_TEXTS):
        for code, sentences in texts.items():
            for text, late in zip(sentences, TEXTS[code], strict=True):
                assert names(text) <= names(late), code


def names(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}
