"""A segment of the matrix, or one cell of it: every figure on the way to its loss, its rates, its customers and items.

Belongs here: the choice of the cell and the way down. Must not: query outside `data.provision`.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import streamlit as st

from dashboards.data import provision
from dashboards.data.provision import Cell, ProvisionScope
from dashboards.data.release import Release, Row
from dashboards.i18n import label, t
from dashboards.ui import cards, charts_provision, choices, exports, links, numbers, tables
from dashboards.views.parts.provision_names import Names

ALL = "all"
SEGMENT_KEY, BUCKET_KEY = "segment", "bucket"
LINE_COLUMNS = (
    "company_code", "bucket", "rate_source", "item_count", "exposure", "covered", "uncovered_base",
    "loss_before_rate", "forward_factor", "applied_rate", "loss", "open_amount", "absorbed", "uncovered_loss",
    "covered_base", "cover_loss_rate", "covered_loss", "overlay", "default_probability_rate",
    "loss_given_default_rate", "rate_segment", "presentation", "note",
)  # fmt: skip
CHAIN_COLUMNS = (
    "fine_bucket", "roll_rate", "default_probability_rate", "loss_given_default_rate",
    "loss_given_default_source", "own_loss_rate", "pooled_loss_rate", "fallback_loss_rate", "fine_loss_rate",
    "weight_reporting", "loss_before_rate", "forward_factor", "applied_rate", "bucket", "rate_source",
    "company_code",
)  # fmt: skip
CHAIN_RATES = ("roll_rate", "own_loss_rate", "pooled_loss_rate", "fallback_loss_rate", "fine_loss_rate")
CUSTOMER_COLUMNS = ("customer_name", "company_code", "item_count", "exposure", "covered", "loss", "loss_rate")
ITEM_COLUMNS = (
    "document_id", "receivable_class", "bucket", "currency", "open_amount_document", "exposure", "covered",
    "uncovered_base", "applied_rate", "loss",
)  # fmt: skip
SOURCE_COLUMNS = (
    "company_code", "segment", "aging", "rate_source", "pair_count", "item_count", "default_pair_count",
    "fallback_multiple", "forward_factor",
)  # fmt: skip


def pick(table: str, *, aging: str, segments: Sequence[str], buckets: Sequence[str]) -> None:
    """A click on the matrix decides what stands below it; its first row is the total, which is no segment."""
    selection = st.session_state[table]["selection"]
    cells, rows = selection.get("cells") or (), selection.get("rows") or ()
    position = cells[0][0] if cells else rows[0] if rows else 0
    if position == 0 or position > len(segments):
        return
    st.query_params[SEGMENT_KEY] = segments[position - 1]
    column = cells[0][1] if cells else ""
    st.query_params[BUCKET_KEY] = f"{aging}/{column}" if column in buckets else ALL


def draw(release: Release, scope: ProvisionScope, *, names: Names, currency: str) -> None:
    """Everything below the matrix, as deep as the reader has chosen."""
    st.subheader(t("provision.cell_title"), anchor=False)
    cell = _choose(release, scope, names=names)
    lines = provision.lines(release, scope, cell)
    if not lines:
        st.caption(t("common.no_rows"))
        return
    where = names.segment(cell.segment)
    if cell.bucket is not None:
        where = f"{where} · {names.bucket(lines[0])}"
    _lines(release, lines, where=where, names=names, currency=currency)
    _chain(release, scope, cell, names=names)
    _customers(release, scope, cell, names=names)
    _sources(release, scope, names=names)


def _choose(release: Release, scope: ProvisionScope, *, names: Names) -> Cell:
    rows = [row for row in provision.matrix(release, scope) if not row["is_beside"]]
    segments = {row["segment"]: names.segment(row["segment"]) for row in rows}
    # the largest with rates of its own to be explained, if there is any
    largest = max(
        segments,
        key=lambda code: (
            names.has_rates(code),
            numbers.total(row["loss"] for row in rows if row["segment"] == code),
        ),
    )
    left, middle, right = st.columns([1.4, 1.4, 3.2], vertical_alignment="bottom")
    with left:
        segment = choices.select(
            t("provision.segment"),
            list(segments),
            name=SEGMENT_KEY,
            format_func=segments.__getitem__,
            default=largest,
        )
    buckets = {ALL: t("provision.all_buckets")} | {
        f"{row['aging']}/{row['bucket']}": names.bucket(row) for row in rows if row["segment"] == segment
    }
    with middle:
        chosen = choices.select(
            t("column.bucket"), list(buckets), name=BUCKET_KEY, format_func=buckets.__getitem__
        )
    right.caption(t("provision.cell_hint"))
    if chosen == ALL:
        return Cell(segment)
    aging, bucket = chosen.split("/", 1)
    return Cell(segment, aging, bucket)


def _lines(release: Release, lines: list[Row], *, where: str, names: Names, currency: str) -> None:
    loss, exposure, covered = (
        numbers.total(row[name] for row in lines) for name in ("loss", "exposure", "covered")
    )
    unit = numbers.unit_for(exposure)
    sources = t("common.list_separator").join(
        dict.fromkeys(names.code("rate_source", row["rate_source"]) for row in lines)
    )
    cards.sentence(
        t("provision.cell_sentence", where=where, exposure=numbers.money(exposure, currency=currency, unit=unit),
          covered=numbers.money(covered, currency=currency, unit=unit), sources=sources,
          loss=numbers.money(loss, currency=currency, unit=unit),
          rate=numbers.share(numbers.ratio(loss, whole=exposure)))
    )  # fmt: skip
    shown = [
        _rates(row)
        | {
            "bucket": names.bucket(row),
            "rate_source": names.code("rate_source", row["rate_source"]),
            "rate_segment": names.segment(row["rate_segment"]),
            "presentation": names.code("presentation", row["presentation"]),
            "note": t("provision.overlay_note", reason=row["overlay_reason"] or "", by=row["approved_by"] or "",
                      until=numbers.day(row["expires_on"])) if row["overlay_reason"] else "",
        }
        for row in lines
    ]  # fmt: skip
    tables.plain(shown, columns=LINE_COLUMNS, unit=numbers.table_unit_for(exposure), height=tables.table_height(
        len(shown), most=10))  # fmt: skip
    st.caption(t("provision.lines_note"))
    exports.of_table(release, shown, columns=LINE_COLUMNS, name="provision-rows")


def _chain(release: Release, scope: ProvisionScope, cell: Cell, *, names: Names) -> None:
    whole = provision.chain(release, scope, segment=cell.segment)
    if not whole:
        st.caption(t("provision.no_chain"))
        return
    with st.expander(t("provision.chain_title"), icon=":material/account_tree:", expanded=True):
        own = _one_chain(whole, names=names)
        charts_provision.rates(own, named=names.bucket, finely=names.fine_bucket)
        st.caption(t("provision.chain_note"))
        shown = [
            _rates(row)
            | {name: _percent(row[name]) for name in CHAIN_RATES}
            | {
                "bucket": names.bucket(row),
                "fine_bucket": names.fine_bucket(row),
                "rate_source": names.code("rate_source", row["rate_source"]),
                "loss_given_default_source": names.code("loss_source", row["loss_given_default_source"]),
            }
            for row in own
            if cell.bucket in (None, row["bucket"])
        ]
        tables.plain(shown, columns=CHAIN_COLUMNS)
        exports.of_table(release, shown, columns=CHAIN_COLUMNS, name="provision-rates")


def _one_chain(whole: list[Row], *, names: Names) -> list[Row]:
    """Rates are of one company, and of a bill or a contract asset those of the customer's segment: one at a time."""
    keys = list(dict.fromkeys((row["company_code"], row["rate_segment"], row["aging"]) for row in whole))
    chosen = keys[0]
    if len(keys) > 1:
        named = {
            f"{company} · {names.segment(code)} · {names.aging(aging)}": (company, code, aging)
            for company, code, aging in keys
        }
        chosen = named[st.selectbox(t("provision.chain_of"), list(named), key="chain_of")]
    return [row for row in whole if (row["company_code"], row["rate_segment"], row["aging"]) == chosen]


def _customers(release: Release, scope: ProvisionScope, cell: Cell, *, names: Names) -> None:
    if not provision.has_items(release):
        st.info(t("provision.no_items"), icon=":material/update:")
        return
    rows = provision.customers(release, scope, cell)
    if not rows:
        st.caption(t("provision.no_customers"))
        return
    st.markdown(f"**{t('provision.customers_title', count=rows[0]['customer_count'])}**")
    st.caption(t("provision.customers_hint", count=len(rows)))
    shown = [
        row | {"loss_rate": numbers.share(numbers.ratio(row["loss"], whole=row["exposure"]))} for row in rows
    ]
    position = tables.plain(
        shown,
        columns=CUSTOMER_COLUMNS,
        unit=numbers.table_unit_for(max(row["exposure"] or Decimal(0) for row in rows)),
        is_selectable=True,
        key=f"provision_customers_{cell.segment}_{cell.aging}_{cell.bucket}",
        height=tables.table_height(len(rows), most=8),
    )
    exports.of_table(release, shown, columns=("customer_id", *CUSTOMER_COLUMNS), name="provision-customers")
    if position is None:
        return
    customer = (rows[position]["company_code"], rows[position]["customer_id"])
    links.draw_customer(*customer, name=rows[position]["customer_name"])
    items = [
        _rates(row)
        | {
            "bucket": names.bucket(row),
            "receivable_class": label("receivable_class", row["receivable_class"]),
        }
        for row in provision.items(release, scope, cell, customer=customer)
    ]
    tables.plain(items, columns=ITEM_COLUMNS)
    exports.of_table(release, items, columns=ITEM_COLUMNS, name="provision-items")


def _sources(release: Release, scope: ProvisionScope, *, names: Names) -> None:
    with st.expander(t("provision.sources_title"), icon=":material/low_priority:"):
        st.caption(t("provision.sources_note"))
        rows = [
            row
            | {
                "segment": names.segment(row["segment"]),
                "aging": names.aging(row["aging"]),
                "rate_source": names.source(row),
                "fallback_multiple": _factor(row["fallback_multiple"]),
                "forward_factor": _factor(row["forward_factor"]),
            }
            for row in provision.rate_sources(release, scope)
        ]
        tables.plain(rows, columns=SOURCE_COLUMNS)
        exports.of_table(release, rows, columns=SOURCE_COLUMNS, name="provision-sources")


# columns of a published row -> the names under which the page says which rate is which
RATE_NAMES = {
    "default_probability": "default_probability_rate",
    "loss_given_default": "loss_given_default_rate",
    "loss_rate": "loss_before_rate",
    "rate": "applied_rate",
    "cover_rate": "cover_loss_rate",
}


def _rates(row: Row) -> Row:
    texts = {shown: _percent(row[name]) for name, shown in RATE_NAMES.items() if name in row}
    return (
        row | texts | ({"forward_factor": _factor(row["forward_factor"])} if "forward_factor" in row else {})
    )


def _percent(value: float | None) -> str:
    """Loss rates are small: two decimals. A dash where the row has no such figure."""
    return "–" if value is None else f"{value * 100:,.2f}%"


def _factor(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
