"""Amounts in capital Chinese numerals 大写, as a bank and a seal expect them.

Belongs here: Decimal in, text out. Must not: know what the amount is.
"""

from __future__ import annotations

from decimal import Decimal

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_UNITS = ((10**8, "亿"), (10**4, "万"), (1000, "仟"), (100, "佰"), (10, "拾"))
_CURRENCIES = {
    "CNY": "人民币", "USD": "美元", "EUR": "欧元", "HKD": "港元", "GBP": "英镑", "JPY": "日元", "SGD": "新加坡元",
    "AUD": "澳元", "CAD": "加元", "CHF": "瑞士法郎",
}  # fmt: skip


def in_capitals(amount: Decimal, *, currency: str) -> str | None:
    """`人民币壹仟零贰元伍角整`; None for a currency without a Chinese name here.

    Rules of the People's Bank (支付结算办法, annex 1): 整 after 元 and 角, none after 分, 零 for what is skipped.
    """
    name = _CURRENCIES.get(currency)
    if name is None:
        return None
    cents = int(abs(amount).scaleb(2))
    whole, part = divmod(cents, 100)
    tenths, hundredths = divmod(part, 10)
    text = f"{_counted(whole)}元" if whole or not part else ""
    if tenths:
        text += f"{_DIGITS[tenths]}角"
    if hundredths:
        text += ("零" if whole and not tenths else "") + f"{_DIGITS[hundredths]}分"
    else:
        text += "整"
    return f"{name}{'负' if amount < 0 else ''}{text}"


def _counted(number: int) -> str:
    for size, unit in _UNITS:
        if number >= size:
            head, rest = divmod(number, size)
            skipped = "零" if rest and rest * 10 < size else ""
            return f"{_counted(head)}{unit}{skipped}{_counted(rest) if rest else ''}"
    return _DIGITS[number]
