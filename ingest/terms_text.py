"""Text of payment terms, brought to one spelling before the grammar reads it.

Belongs here: width, case, blanks, punctuation and Chinese numerals. Must not: any meaning of the words (terms.py).
"""

import re
import unicodedata
from functools import cache

IS_CHINESE = re.compile("[\u4e00-\u9fff]")
_NUMERAL = re.compile("[零〇一二两三四五六七八九十百]+(?=天|日|号|个月)")
_SEPARATORS = r"[\s、,;:()【】\[\]「」]+"
_DIGITS = "零一二三四五六七八九"


def plain_text(text: str) -> str:
    """Full-width to ASCII, upper case, single blanks; none at all where the text is Chinese."""
    plain = unicodedata.normalize("NFKC", text).upper().strip()
    plain = plain.replace("\u2013", "-").replace("\u2014", "-").replace("。", "").rstrip(".;")
    if IS_CHINESE.search(plain):
        # between two digits a separator stays: 1、5日 is not 15日
        plain = re.sub(rf"{_SEPARATORS}(?!\d)|(?<!\d){_SEPARATORS}", "", plain)
        return _NUMERAL.sub(lambda match: _chinese_numbers().get(match.group(), match.group()), plain)
    plain = re.sub(r"\s+", " ", plain)
    return re.sub(r"\s*([+@%/])\s*", r"\1", plain).strip()


@cache
def _chinese_numbers() -> dict[str, str]:
    """三十 to 30, for 1 to 366. Only whole forms: 一百五 is 150 to some and 105 to others."""
    forms: dict[str, str] = {"两": "2"}
    for number in range(1, 367):
        hundreds, rest = divmod(number, 100)
        tens, ones = divmod(rest, 10)
        text = f"{_DIGITS[hundreds]}百" if hundreds else ""
        text += "零" if hundreds and not tens and ones else ""
        # 十五 by itself, 一百一十五 behind hundreds
        text += f"{_DIGITS[tens] if hundreds or tens > 1 else ''}十" if tens else ""
        text += _DIGITS[ones] if ones else ""
        for spelling in (text, text.replace("零", "〇"), text.replace("二百", "两百")):
            forms[spelling] = str(number)
    return forms
