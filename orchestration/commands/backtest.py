"""`arrears backtest`: what warnings were worth on all that has landed.

Belongs here: which published columns are printed, in which order. Must not: figures of its own.
"""

from __future__ import annotations

import duckdb

from ingest.settings import Settings
from orchestration.commands.output import Format, render
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


def run_backtest(settings: Settings, *, output: Format) -> int:
    """Print the track record of the current release.

    Raises:
        NoRelease: nothing is published, or an older version published it.
    """
    with current_release(settings.home) as connection:
        try:
            columns, rows = rows_of(connection, _WARNINGS)
        except duckdb.CatalogException as error:
            raise NoRelease(
                "the current release has no track record of warnings: an older version published it",
                fix="publish again with `arrears refresh`",
            ) from error
    print(render(rows, columns=columns, output=output))
    return 0
