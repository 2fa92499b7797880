"""`arrears backtest`: what warnings and predictions were worth on all that has landed.

Belongs here: which published columns are printed, in which order, and the sentence above them. Must not: figures of its
own.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Literal

import duckdb

from ingest.settings import Settings
from orchestration.commands.output import Format, Row, render, render_object
from orchestration.commands.reading import current_release, rows_of
from orchestration.errors import NoRelease

# all rules together, then the naive rivals that they must beat, then each rule
_WARNINGS = """
select
    method,
    rule_id,
    episode_count,
    judged_count,
    hit_count,
    precision_rate,
    default_count,
    recalled_count,
    recall_rate_by_count,
    recall_rate_by_amount,
    median_lead_days,
    alerts_per_week,
    coalesce(precision_reason, recall_reason, lead_reason) as reason_when_null
from marts.mart_warning_backtest
order by
    case method when 'all_rules' then 0 when 'rule' then 2 else 1 end,
    method,
    rule_id
"""

# all companies together first, then each; the model that predicts today is marked
_PREDICTIONS = """
select
    company_code,
    horizon,
    model,
    is_champion,
    scored_count,
    loss,
    auc,
    mean_absolute_days,
    band_coverage,
    reason_when_null
from marts.mart_prediction_backtest
where predicted_on is null
order by
    case company_code when '*' then 0 else 1 end,
    company_code,
    case horizon when 'late' then 0 when 'late_30' then 1 when 'late_90' then 2 when 'days' then 3 else 4 end,
    loss,
    model
"""

# the best of each horizon over all companies; of equals the first by name, today and tomorrow
_BEST = """
select distinct on (horizon)
    horizon,
    model,
    auc,
    loss,
    mean_absolute_days as days,
    band_coverage as coverage
from marts.mart_prediction_backtest
where company_code = '*' and predicted_on is null and loss is not null
order by horizon, loss, model
"""

Part = Literal["warnings", "predictions"]
PARTS: dict[Part, tuple[str, str]] = {
    "warnings": ("Warnings 预警", _WARNINGS),
    "predictions": ("Payment predictions 付款预测", _PREDICTIONS),
}


def run_backtest(settings: Settings, *, part: Part | None, output: Format) -> int:
    """Print the track record of the current release: a table per part, or one part alone.

    Raises:
        NoRelease: nothing is published, or an older version published it.
    """
    with current_release(settings.home) as connection:
        try:
            found = {name: rows_of(connection, PARTS[name][1]) for name in ([part] if part else PARTS)}
            best = {row["horizon"]: row for row in rows_of(connection, _BEST)[1]}
        except duckdb.CatalogException as error:
            raise NoRelease(
                "the current release has no track record of all parts: an older version published it",
                fix="publish again with `arrears refresh`",
            ) from error
    if output == "json" and part is None:
        print(render_object({name: rows for name, (_, rows) in found.items()}))
        return 0
    for number, (name, (columns, rows)) in enumerate(found.items()):
        if number:
            print()
        if output == "table":
            print(PARTS[name][0])
            if name == "predictions":
                print("\n".join(in_words(best)))
        print(render(rows, columns=columns, output=output))
    return 0


def in_words(best: Mapping[str, Row]) -> list[str]:
    """The record of predictions as a sentence in each language, of what could be scored."""
    zh, en = [], []
    if late := best.get("late"):
        zh.append(f"是否逾期:AUC {_number(late['auc'], 3)},Brier {_number(late['loss'], 3)}({late['model']})")
        en.append(
            f"late or not: AUC {_number(late['auc'], 3)}, Brier {_number(late['loss'], 3)} ({late['model']})"
        )
    if days := best.get("days"):
        zh.append(
            f"付款日:平均误差{_number(days['days'], 1)}天,80%区间实际覆盖{_percent(days['coverage'])}({days['model']})"
        )
        en.append(
            f"day of payment: {_number(days['days'], 1)} days off on average, the 80 % band held"
            f" {_percent(days['coverage'])} ({days['model']})"
        )
    if cash := best.get("cash"):
        zh.append(
            f"每周回款:误差{_percent(cash['loss'])},80%区间实际覆盖{_percent(cash['coverage'])}({cash['model']})"
        )
        en.append(
            f"weekly cash: {_percent(cash['loss'])} off, the 80 % band held {_percent(cash['coverage'])}"
            f" ({cash['model']})"
        )
    if not zh:
        return ["没有可回测的预测。", "No prediction could be back-tested."]
    return [";".join(zh) + "。", "; ".join(en) + "."]


def _number(value: Decimal | None, digits: int) -> str:
    return "n/a" if value is None else f"{value:.{digits}f}"


def _percent(value: Decimal | None) -> str:
    return "n/a" if value is None else f"{value * 100:.0f}%"
