"""What Chinese systems write alike: names of currencies and of classes of customers, amounts with thousands set apart.

Belongs here: words that every one of them uses. Must not: those that only one system uses.
"""

from collections.abc import Callable

from ingest.simulator.dialects.model import Record

CURRENCIES = {"CNY": "人民币", "USD": "美元", "EUR": "欧元", "GBP": "英镑", "HKD": "港币"}
NATURES = {"project": "工程项目", "manufacturer": "厂商", "retail_chain": "超市商场", "other": "其他"}
OWNERSHIPS = {
    "central_soe": "央企",
    "local_soe": "地方国企",
    "government": "政府机关",
    "private": "民营",
    "foreign": "外资",
    "individual": "个体",
}
SIZES = {"large": "大型", "medium": "中型", "small": "小型", "micro": "微型"}
RELATIONS = {"none": "非关联方", "group": "集团内", "associate": "联营企业", "other": "其他关联方"}


def grouped(text: str) -> str:
    """Thousands are set apart, and a number without decimals has none: 1,234.5."""
    sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
    whole, _, decimals = digits.partition(".")
    return f"{sign}{int(whole):,}.{decimals}" if decimals else f"{sign}{int(whole):,}"


def currency(column: str) -> Callable[[Record], str]:
    """The cell that names the currency of a column."""
    return lambda row: CURRENCIES.get(row[column], row[column])
