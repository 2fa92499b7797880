"""Everything a page says, and what of it is no Chinese.

Belongs here: gathering texts of a page run by AppTest, and telling words from names and codes. Must not: know a page.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import pandas as pd
from streamlit.dataframe_util import convert_arrow_bytes_to_pandas_df
from streamlit.testing.v1 import AppTest

# what a source wrote stands as it was written
AS_DELIVERED = frozenset({"remittance_text", "original_text", "reason", "detail"})
# parts of a protobuf that hold words; the others hold keys, ids and settings
_WORDS = frozenset(
    {"body", "label", "help", "placeholder", "options", "content", "allow_html", "text", "alt"}
)
# channels that are read, and those that are where they have an axis or a legend
_READ = frozenset({"text", "tooltip", "row", "column", "facet"})
_GUIDED = frozenset({"x", "y", "color", "fill", "stroke", "shape", "strokeDash", "opacity", "size"})
_TAG = re.compile(r"<[^>]+>")
_STYLE = re.compile(r"<style.*?</style>|<script.*?</script>|^\s*[.@:\[#*a-z][^<]*\{.*", re.DOTALL)
_ICON = re.compile(r":(?:material/)?[a-z_]+:")
# addresses, commands and file names are written as they are typed
_TYPED = re.compile(r"`[^`]*`|\]\([^)]*\)|https?://\S+|\S+\.(?:csv|xlsx|pdf|parquet|yml|md|txt)\b")
_CODE = re.compile(r"(?<![\w/.-])[a-z][a-z0-9]*(?:_[a-z0-9]+)+(?![\w/])")
# names are written with capitals; three small words side by side are a sentence
# a cell or a label of one small word is the code of something
_WORD = re.compile(r"^[a-z]{2,}$")
_SENTENCE = re.compile(r"(?:(?<![\w&'-])[a-z]{2,}(?:'[a-z]+)?[ ,;:]+){2,}[a-z]{2,}\b")


def texts_of(app: AppTest) -> list[str]:
    """Texts of a page: blocks, labels, options, headers and cells of tables, titles and values of charts."""
    return [text for node in _nodes(app._tree) for text in _texts(node) if text.strip()]


def foreign(text: str) -> list[str]:
    """Codes such as net_overdue and English sentences in a text."""
    if _WORD.match(text):
        return [text]
    plain = _ICON.sub(" ", _TYPED.sub(" ", unescape(_TAG.sub(" ", text))))
    return [*_CODE.findall(plain), *(found.group(0) for found in _SENTENCE.finditer(plain))]


def _nodes(node: Any) -> Iterator[Any]:
    for child in node.children.values():
        yield child
        if hasattr(child, "children"):
            yield from _nodes(child)


def _texts(node: Any) -> Iterator[str]:
    proto = getattr(node, "proto", None)
    if proto is None:
        return
    if node.type == "vega_lite_chart":
        yield from _of_chart(proto)
        return
    if node.type in ("dataframe", "arrow_data_frame"):
        columns = json.loads(proto.columns or "{}")
        yield from (str(column["label"]) for column in columns.values() if column.get("label"))
        yield from (str(column["help"]) for column in columns.values() if column.get("help"))
        hidden = {name for name, column in columns.items() if column.get("hidden")}
        shown = list(proto.column_order) or [name for name in node.value.columns if name not in hidden]
        links = {
            name for name, column in columns.items() if column.get("type_config", {}).get("type") == "link"
        }
        for name in shown:
            if name in node.value.columns and name not in links | AS_DELIVERED:
                yield from _of_cells(node.value[name])
        return
    for name, value in _fields(proto):
        if name in _WORDS:
            yield _STYLE.sub("", value)


def _of_cells(cells: pd.Series) -> Iterator[str]:
    yield from (value for value in cells.dropna().unique() if isinstance(value, str))


def _of_chart(proto: Any) -> Iterator[str]:
    spec = json.loads(proto.spec)
    yield from _titles(spec)
    fields = set(_shown_fields(spec))
    for dataset in proto.datasets:
        frame = convert_arrow_bytes_to_pandas_df(dataset.data.data)
        for name in fields & set(frame.columns):
            yield from _of_cells(frame[name])


def _titles(part: Any) -> Iterator[str]:
    if isinstance(part, list):
        for each in part:
            yield from _titles(each)
    elif isinstance(part, dict):
        yield from (part[name] for name in ("title", "text") if isinstance(part.get(name), str))
        for each in part.values():
            yield from _titles(each)


def _shown_fields(part: Any) -> Iterator[str]:
    """Fields whose values a reader sees; the others only tell marks apart."""
    if isinstance(part, list):
        for each in part:
            yield from _shown_fields(each)
    elif isinstance(part, dict):
        for channel, given in part.get("encoding", {}).items():
            for each in given if isinstance(given, list) else [given]:
                guide = "axis" if channel in ("x", "y") else "legend"
                is_shown = channel in _READ or (channel in _GUIDED and each.get(guide, True) is not None)
                if is_shown and each.get("field"):
                    yield each["field"]
        for each in part.values():
            yield from _shown_fields(each)


def _fields(message: Any) -> Iterator[tuple[str, str]]:
    for field, value in message.ListFields():
        values = value if field.is_repeated else [value]
        for each in values:
            if isinstance(each, str):
                yield field.name, each
            elif hasattr(each, "ListFields"):
                yield from _fields(each)
