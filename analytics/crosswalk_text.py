"""Words of the crosswalk proposals, in English and Chinese.

Belongs here: one text per reason and per doubt, with placeholders, because word order differs. Must not: deciding which
of them apply. The pages' words (dashboards/i18n) belong to a room that this one may not read.
"""

from collections.abc import Sequence

# code: (English, Chinese)
REASONS: dict[str, tuple[str, str]] = {
    "tax_id": ("same tax id {tax_id}", "税号相同（{tax_id}）"),
    "name": ("same name {names}", "名称相同（{names}）"),
    "person_name": ("same name of a person {names}", "个人姓名相同（{names}）"),
    "bank_account": (
        "paid from the same bank account {account}, under either name",
        "两个名称用同一银行账户付款（{account}）",
    ),
    "leading_zeros": (
        "ids {customer_id} and {party_id} are equal apart from leading zeros",
        "客户编号 {customer_id} 与 {party_id} 仅前导零不同",
    ),
    "near_name": (
        "names are alike ({similarity}): {name}, {party_name}",
        "名称相近（{similarity}）：{name}、{party_name}",
    ),
}  # fmt: skip
DOUBTS: dict[str, tuple[str, str]] = {
    "different_tax_id": ("tax ids differ: {tax_id_one}, {tax_id_other}", "税号不同（{tax_id_one}、{tax_id_other}）"),
    "different_country": (
        "countries differ: {country_one}, {country_other}",
        "国家不同（{country_one}、{country_other}）",
    ),
    "different_name": ("names differ: {name}, {party_name}", "名称不同（{name}、{party_name}）"),
}  # fmt: skip
_BUT = ("; but ", "；但")
_AND = (", ", "，")
ENGLISH, CHINESE = 0, 1


def sentence(reasons: Sequence[str], doubts: Sequence[str], *, values: dict[str, str], language: int) -> str:
    """Why the two may be one customer, and what speaks against it."""
    why = _AND[language].join(REASONS[code][language].format(**values) for code in reasons)
    but = _AND[language].join(DOUBTS[code][language].format(**values) for code in doubts)
    return f"{why}{_BUT[language]}{but}" if but else why
