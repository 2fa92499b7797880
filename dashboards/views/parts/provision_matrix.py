"""The provision matrix: segment by bucket, as loss, exposure or rate; a click opens the cell below.

Belongs here: the matrix and what is shown beside it. Must not: query outside `data.provision`, or open cells.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pandas as pd
import streamlit as st

from dashboards.data import provision
from dashboards.data.provision import ProvisionScope
from dashboards.data.release import Release, Row
from dashboards.i18n import label, namer, t
from dashboards.ui import charts_provision, choices, exports, numbers, tables
from dashboards.ui.numbers import Unit
from dashboards.views.parts import provision_cell
from dashboards.views.parts.provision_names import Names

MEASURES = ("loss", "exposure", "rate")
STANDARD = "standard"
SUMS = ("exposure", "covered", "loss")
FILE_COLUMNS = (
    "segment",
    "aging",
    "bucket",
    "exposure",
    "covered",
    "loss",
    "loss_rate",
    "item_count",
    "shown_beside",
)


def draw(release: Release, scope: ProvisionScope, *, names: Names, currency: str) -> None:
    """One table per aging, then the picture of where the loss sits."""
    rows = provision.matrix(release, scope)
    counted = [row for row in rows if not row["is_beside"] and not row["is_eliminated"]]
    unit = numbers.table_unit_for(_sum(counted, "exposure"))
    st.subheader(t("provision.matrix_title"), anchor=False)
    left, right = st.columns([1.2, 3], vertical_alignment="center")
    with left:
        measure = choices.segments(
            t("filter.shape"), MEASURES, name="measure", format_func=namer("provision_measure"),
            label_visibility="collapsed",
        )  # fmt: skip
    right.caption(t("provision.matrix_note", unit=f"{currency} {unit.name}"))
    for aging in dict.fromkeys(row["aging"] for row in counted if row["aging"] != provision.ANY_BUCKET):
        shown = [
            row
            for row in counted
            if row["aging"] in (aging, provision.ANY_BUCKET if aging == STANDARD else aging)
        ]
        if aging != STANDARD:
            st.caption(t("provision.matrix_years"))
        _table(shown, aging=aging, measure=measure, names=names, unit=unit)
    eliminated = _sum([row for row in rows if row["is_eliminated"]], "exposure")
    if eliminated:
        amount = numbers.money(eliminated, currency=currency)
        st.caption(t("provision.intragroup_note", amount=amount))
    beside = [row for row in rows if row["is_beside"]]
    if beside:
        with st.expander(t("provision.beside_title"), icon=":material/view_column:"):
            st.caption(t("provision.beside_note"))
            for aging in dict.fromkeys(row["aging"] for row in beside):
                _table([row for row in beside if row["aging"] == aging], aging=aging, measure=measure, names=names,
                       unit=unit, is_beside=True)  # fmt: skip
    files = [
        row | {"segment": names.segment(row["segment"]), "bucket": names.bucket(row),
               "aging": names.aging(row["aging"]), "loss_rate": numbers.share(row["loss_rate"]),
               "shown_beside": t("common.yes") if row["is_beside"] else t("common.no")}
        for row in rows
    ]  # fmt: skip
    exports.of_table(release, files, columns=FILE_COLUMNS, name="provision-matrix")
    if not counted:
        # a company that its group alone owes something has nothing to provide for
        return
    st.markdown(f"**{t('provision.segments_title')}**")
    charts_provision.segments(_by_segment(counted, names), currency=currency, unit=numbers.unit_for(
        max((row["loss"] or Decimal(0) for row in counted), default=Decimal(0))))  # fmt: skip


def _table(
    rows: Sequence[Row], *, aging: str, measure: str, names: Names, unit: Unit, is_beside: bool = False
) -> None:
    buckets = {
        row["bucket"]: names.bucket(row)
        for row in sorted(
            rows, key=lambda row: (row["bucket_no"] is None, row["bucket_no"] or 0, row["bucket"])
        )
    }
    segments = list(dict.fromkeys(row["segment"] for row in rows))
    total = t("provision.total_of", aging=names.aging(aging))
    lines = [_line(rows, buckets, name=total, measure=measure, unit=unit)]
    lines += [
        _line(
            [row for row in rows if row["segment"] == segment], buckets, name=names.segment(segment),
            measure=measure, unit=unit,
        )
        for segment in segments
    ]  # fmt: skip
    frame = pd.DataFrame(lines)
    config: dict[str, Any] = {
        "segment": st.column_config.TextColumn(label("column", "segment"), pinned=True, width=230)
    }
    number = f"%,.{unit.places}f"
    for code, named in (buckets | {name: label("column", name) for name in SUMS}).items():
        config[code] = (
            st.column_config.TextColumn(named, alignment="right")
            if measure == "rate" and code in buckets
            else st.column_config.NumberColumn(named, format=number)
        )
    config["loss_rate"] = st.column_config.TextColumn(label("column", "loss_rate"), alignment="right")
    key = f"provision_{aging}_{measure}{'_beside' if is_beside else ''}"
    look: dict[str, Any] = {} if is_beside else {
        "on_select": lambda: provision_cell.pick(key, aging=aging, segments=segments, buckets=list(buckets)),
        "selection_mode": ["single-row", "single-cell"],
    }  # fmt: skip
    st.dataframe(
        tables.heat(frame, buckets=list(buckets) if measure != "rate" else [], credits=[], totals={0}),
        hide_index=True, column_config=config, key=key, row_height=tables.ROW_HEIGHT,
        height=tables.table_height(len(lines), most=18), placeholder="–", alt=t("provision.matrix_alt"), **look,
    )  # fmt: skip


def _line(
    rows: Sequence[Row], buckets: dict[str, str], *, name: str, measure: str, unit: Unit
) -> dict[str, Any]:
    line: dict[str, Any] = {"segment": name}
    for bucket in buckets:
        line[bucket] = _figure([row for row in rows if row["bucket"] == bucket], measure=measure, unit=unit)
    for column in SUMS:
        line[column] = float(numbers.scaled(_sum(rows, column), unit=unit))
    line["loss_rate"] = numbers.share(numbers.ratio(_sum(rows, "loss"), whole=_sum(rows, "exposure")))
    return line


def _figure(cells: Sequence[Row], *, measure: str, unit: Unit) -> Any:
    if not any(row["exposure"] is not None for row in cells):
        # nothing there, or nothing that has a rate
        return None
    if measure == "rate":
        return numbers.share(numbers.ratio(_sum(cells, "loss"), whole=_sum(cells, "exposure")))
    return float(numbers.scaled(_sum(cells, measure), unit=unit))


def _by_segment(rows: Sequence[Row], names: Names) -> list[Row]:
    return [
        {"segment": names.segment(code), "exposure": _sum(own, "exposure"), "loss": _sum(own, "loss"),
         "covered": _sum(own, "covered")}
        for code in dict.fromkeys(row["segment"] for row in rows)
        if (own := [row for row in rows if row["segment"] == code])
    ]  # fmt: skip


def _sum(rows: Sequence[Row], name: str) -> Decimal:
    return numbers.total(row[name] for row in rows)
