"""Roll rates 迁徙率: what became of amounts 30 days later, pair by pair, over windows of pairs, by segment or company.

Belongs here: sums of mart_roll_rate. Must not: the rates that a provision uses (provision.py).
Sums are of companies' rows, never of the group's: so a reader of some companies finds his own, and rates are sums over
sums in every scope.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dashboards.data.release import Release, Row, fetch

VARIANT = "monthly_30"
"""Steps of 30 days after the first due date; also the name of their bucket scheme."""
PARTS = ("still_open", "open_as_bill", "written_off", "diluted", "set_off", "paid", "other")
"""What an amount is found in again; they add up to it."""
EVERY = "*"
YEAR = 12


@dataclass(frozen=True)
class RollScope:
    """Which companies (none: all) and which provision segment (`EVERY`: all)."""

    companies: tuple[str, ...] = ()
    segment: str = EVERY

    @property
    def level(self) -> str:
        return "company" if self.segment == EVERY else "segment"


@dataclass(frozen=True)
class Window:
    """Pairs from the newest (1) on, both inclusive, under a name."""

    code: str
    first: int
    last: int


def pairs(release: Release) -> list[Row]:
    """Every pair of days, the newest first."""
    return fetch(
        release,
        """
select pair_no, min(start_day) as start_day, max(end_day) as end_day
from marts.mart_roll_rate
where variant = $variant and level = 'company' and pair_no > 0
group by pair_no
order by pair_no""",
        variant=VARIANT,
    )


def segments(release: Release) -> list[str]:
    """Segments that have rates."""
    rows = fetch(
        release,
        "select distinct segment from marts.mart_roll_rate"
        " where variant = $variant and level = 'segment' order by segment",
        variant=VARIANT,
    )
    return [row["segment"] for row in rows]


def rates(release: Release, scope: RollScope, *, windows: Sequence[Window]) -> list[Row]:
    """One row per bucket and window: opening amount, parts, rate (NULL where nothing could roll)."""
    values = ", ".join(f"({position}, {int(w.first)}, {int(w.last)})" for position, w in enumerate(windows))
    rows = _told(release, scope, key="pair_window.position", join=f"""
inner join (values {values}) as pair_window (position, first_pair, last_pair)
    on told.pair_no between pair_window.first_pair and pair_window.last_pair""")  # fmt: skip
    return [row | {"column": windows[row["position"]].code} for row in rows]


def by_value(release: Release, scope: RollScope, *, window: Window, dimension: str) -> list[Row]:
    """The same per bucket and company or segment, over one window."""
    if dimension not in ("company", "segment"):
        raise ValueError(f"unknown dimension: {dimension}")
    # by segment, the segment is not chosen but told
    level = "segment" if dimension == "segment" or scope.segment != EVERY else "company"
    chosen = scope if dimension == "company" else RollScope(scope.companies)
    rows = _told(
        release, chosen, key="told.company_code" if dimension == "company" else "told.segment", level=level,
        join=f"\nwhere told.pair_no between {int(window.first)} and {int(window.last)}",
    )  # fmt: skip
    return [row | {"column": row["position"]} for row in rows]


def _told(release: Release, scope: RollScope, *, key: str, join: str, level: str | None = None) -> list[Row]:
    conditions, parameters = ["variant = $variant", "level = $level"], dict[str, object]()
    if scope.companies:
        conditions.append("list_contains(cast($companies as varchar[]), company_code)")
        parameters["companies"] = list(scope.companies)
    if scope.segment != EVERY:
        conditions.append("segment = $segment")
        parameters["segment"] = scope.segment
    sums = ",\n    ".join(f"sum(told.{part}_reporting) as {part}" for part in PARTS)
    return fetch(
        release,
        f"""
with

told as (

    select * from marts.mart_roll_rate
    where {" and ".join(conditions)} and pair_no > 0

)

select
    {key} as position,
    told.bucket,
    told.bucket_no,
    min(told.start_day) as start_day,
    max(told.end_day) as end_day,
    sum(told.amount_reporting) as opening_amount,
    {sums},
    sum(told.numerator_reporting) as numerator,
    sum(told.denominator_reporting) as denominator,
    case when sum(told.denominator_reporting) > 0
        then cast(sum(told.numerator_reporting) as double) / cast(sum(told.denominator_reporting) as double) end
        as roll_rate,
    sum(told.observation_count) as observation_count,
    sum(told.unconverted_count) as unconverted_count
from told {join}
group by {key}, told.bucket, told.bucket_no
order by {key}, told.bucket_no""",
        variant=VARIANT,
        level=level or scope.level,
        **parameters,
    )
