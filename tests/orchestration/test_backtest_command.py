"""`arrears backtest`: its sentence above the table of predictions, in both languages.

Belongs here: words made of published figures. Must not: the figures (tests/integration/test_payment_prediction.py).
"""

from decimal import Decimal
from typing import Any

from orchestration.commands.backtest import in_words


def best(horizon: str, **figures: Any) -> dict[str, Any]:
    return {"horizon": horizon, "model": "boosting", "auc": None, "days": None, "coverage": None, **figures}


def test_the_record_is_a_sentence_in_chinese_and_in_english() -> None:
    zh, en = in_words(
        {
            "late": best("late", auc=Decimal("0.840561"), loss=Decimal("0.146999")),
            "days": best(
                "days", loss=Decimal("8.46"), days=Decimal("24.889719"), coverage=Decimal("0.79833")
            ),
            "cash": best("cash", loss=Decimal("0.46594"), coverage=Decimal("0.776596")),
        }
    )
    assert zh == (
        "是否逾期:AUC 0.841,Brier 0.147(boosting);付款日:平均误差24.9天,80%区间实际覆盖80%(boosting);"
        "每周回款:误差47%,80%区间实际覆盖78%(boosting)。"
    )
    assert en == (
        "late or not: AUC 0.841, Brier 0.147 (boosting); day of payment: 24.9 days off on average, the 80 % band held"
        " 80% (boosting); weekly cash: 47% off, the 80 % band held 78% (boosting)."
    )


def test_a_figure_that_is_not_there_is_said_not_to_be() -> None:
    zh, en = in_words({"late": best("late", loss=Decimal("0.1"))})
    assert "AUC n/a" in zh
    assert "AUC n/a" in en


def test_without_a_back_test_both_sentences_say_so() -> None:
    assert in_words({}) == ["没有可回测的预测。", "No prediction could be back-tested."]
