"""Payment terms that the demo company prints, and the due dates that its ERP computes from them.

Belongs here: the wordings in use and their dates. Does not: reading foreign wordings (ingest.terms does).
The two computations are kept apart on purpose, so that one can check the other.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from ingest.simulator.days import add_months, month_end


@dataclass(frozen=True, slots=True)
class Terms:
    """One wording: basis + days_before, cut-off, months, day of the month, days_after."""

    text: str
    days_before: int = 0
    cutoff_day: int | None = None
    months_after: int = 0
    day_of_month: int | None = None
    days_after: int = 0
    basis: str = "document_date"
    discount_per_mille: int = 0
    discount_days: int = 0
    is_immediate: bool = False
    is_prepaid: bool = False
    is_readable: bool = True

    def due(self, basis_date: date) -> date:
        """Due date that follows from the date of the event the terms run from."""
        day = basis_date + timedelta(days=self.days_before)
        if self.cutoff_day is not None:
            day = _next_cutoff(day, self.cutoff_day)
        if self.months_after:
            moved = add_months(day, self.months_after)
            day = month_end(moved) if self.cutoff_day == 31 else moved
        if self.day_of_month is not None:
            day = _clamped(day.year, day.month, self.day_of_month)
        return day + timedelta(days=self.days_after)


def _clamped(year: int, month: int, day: int) -> date:
    return date(year, month, min(day, monthrange(year, month)[1]))


def _next_cutoff(day: date, cutoff: int) -> date:
    candidate = _clamped(day.year, day.month, cutoff)
    if candidate >= day:
        return candidate
    following = add_months(day.replace(day=1), 1)
    return _clamped(following.year, following.month, cutoff)


CHINESE_TERMS: tuple[Terms, ...] = (
    Terms("月结30天", cutoff_day=31, days_after=30),
    Terms("月结60天", cutoff_day=31, days_after=60),
    Terms("30天", days_after=30),
    Terms("60天", days_after=60),
    Terms("票到30天", days_after=30, basis="invoice_received"),
    Terms("票到60天", days_after=60, basis="invoice_received"),
    Terms("验收后30天", days_after=30, basis="acceptance"),
    Terms("NET30", days_after=30),
    Terms("EOM@25+30", cutoff_day=25, days_after=30),
    Terms("货到付款", basis="delivery", is_immediate=True),
    Terms("预付", is_immediate=True, is_prepaid=True),
)

FOREIGN_TERMS: tuple[Terms, ...] = (
    Terms("NET30", days_after=30),
    Terms("NET45", days_after=45),
    Terms("30 days", days_after=30),
    Terms("60 days", days_after=60),
    Terms("EOM+30", cutoff_day=31, days_after=30),
    Terms("30 EOM", days_before=30, cutoff_day=31),
    Terms("EOM+1M", cutoff_day=31, months_after=1),
    Terms("15th of next month", months_after=1, day_of_month=15),
    Terms("2/10 NET30", days_after=30, discount_per_mille=20, discount_days=10),
    Terms("3/14 NET60", days_after=60, discount_per_mille=30, discount_days=14),
    Terms("COD", basis="delivery", is_immediate=True),
    Terms("PREPAID", is_immediate=True, is_prepaid=True),
)

# A wording that no grammar can read: its documents carry their due date.
UNREADABLE_TERMS = Terms("按合同约定", days_after=45, is_readable=False)
