"""What the strip shows: how fresh, how proved and how complete the release is.

Belongs here: the release's own record (loads, gates, tie-out, rejects). Must not: look outside the release.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from dashboards.data.release import Release, Row, fetch


def sources(release: Release) -> list[Row]:
    """Newest delivery of every source, with how many days it lags behind the release's as-of date."""
    return fetch(
        release,
        """
select
    source,
    max(extracted_at) as extracted_at,
    max(business_date) as business_date,
    bool_or(is_required) as is_required,
    greatest(date_diff('day', max(business_date), cast($as_of as date)), 0) as days_late
from marts.dim_release_load
group by source
order by bool_or(is_required) desc, source""",
        as_of=release.as_of,
    )


def late_sources(release: Release) -> list[Row]:
    """Required sources that hold the release back: behind its as-of date, or behind what another one covers already.

    The as-of date is the earliest of theirs, so a late source makes the release late, and never itself.
    """
    required = [source for source in sources(release) if source["is_required"] and source["business_date"]]
    newest = max((source["business_date"] for source in required), default=release.as_of)
    expected = max(newest, release.as_of)
    return [
        source | {"expected_date": expected, "days_late": (expected - source["business_date"]).days}
        for source in required
        if source["business_date"] < expected
    ]


def gates(release: Release) -> list[Row]:
    """Every gate, failed and lowered ones first."""
    return fetch(
        release,
        """
select gate, severity, default_severity, coalesce(is_lowered, false) as is_lowered,
    coalesce(status, 'not_run') as status, failing_row_count
from marts.dim_release_gate
order by status = 'passed', not is_lowered, gate""",
    )


def tie_out(release: Release, *, as_of: date | None = None, companies: Sequence[str] = ()) -> list[Row]:
    """Items against control account at the newest balance on or before the day.

    `late_posting_amount` of the difference became known after the ledger was read; the rest nobody has explained.
    """
    parameters: dict[str, Any] = {"as_of": as_of or release.as_of}
    where = ""
    if companies:
        where = "and list_contains(cast($companies as varchar[]), company_code)"
        parameters["companies"] = list(companies)
    return fetch(
        release,
        f"""
select company_code, account_role, balance_date, currency, subledger_balance, gl_balance, difference,
    late_posting_amount, unexplained_difference, gl_known_at
from marts.mart_gl_tie_out
where balance_date <= cast($as_of as date) {where}
qualify rank() over (partition by company_code, account_role, currency order by balance_date desc) = 1
order by unexplained_difference = 0, difference = 0, company_code, account_role, currency""",
        **parameters,
    )


def rejects(release: Release) -> list[Row]:
    """Rejected rows still open, by entity and currency."""
    return fetch(
        release,
        """
select entity, currency, count(*) as row_count, sum(amount_document) as amount_document, max(detail) as example
from marts.mart_data_quality
where rule = 'rejected_row'
group by entity, currency
order by entity, currency""",
    )
