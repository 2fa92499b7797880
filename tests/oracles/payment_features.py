"""What was known about an item at a moment, in the slowest and plainest way.

Belongs here: one loop over all items for every figure. Must not: anything shared with analytics/prediction.
"""

from collections.abc import Iterable, Mapping
from typing import Any

Row = Mapping[str, Any]


class Known:
    """One item as it was known on the evening of a day. Days are whole numbers."""

    def __init__(self, row: Row, settlements: Iterable[Row], day: int) -> None:
        self.row = row
        held = [
            s
            for s in settlements
            if s["item"] == row["item"]
            and max(s["learnt"], row["created"]) <= day
            and (s["undone"] is None or s["undone"] > day)
        ]
        self.remaining = row["amount"] - sum(s["amount"] for s in held)
        self.is_closed = self.remaining < 0.005
        self.paid_on = max((s["paid"] for s in held), default=None) if self.is_closed else None
        cash = sum(s["amount"] for s in held if s["kind"] in ("cash", "bill"))
        self.is_payment = (
            self.is_closed
            and 2 * cash >= sum(s["amount"] for s in held)
            and self.paid_on is not None
            and self.paid_on >= row["document"]
        )


def known_features(
    items: list[Row], settlements: list[Row], *, item: str, day: int
) -> dict[str, float | None]:
    """Features of `item` on the evening of `day`, by their definitions."""
    own = next(row for row in items if row["item"] == item)
    known = [Known(row, settlements, day) for row in items if row["created"] <= day]
    mine = [k for k in known if k.row["customer"] == own["customer"]]
    company = [k for k in known if k.row["company"] == own["company"]]

    def days_late(k: Known) -> float:
        assert k.paid_on is not None
        return max(-45, min(90, k.paid_on - k.row["due"]))

    def judged(group: list[Known], within: int | None = None) -> tuple[int, int]:
        due = [k for k in group if max(k.row["due"], k.row["created"]) <= day]
        if within is not None:
            due = [k for k in due if max(k.row["due"], k.row["created"]) > day - within]
        late = [k for k in due if not (k.is_closed and k.paid_on is not None and k.paid_on <= k.row["due"])]
        return len(due), len(late)

    paid = [k for k in mine if k.is_payment]
    paid_company = [k for k in company if k.is_payment]
    company_mean = sum(map(days_late, paid_company)) / (len(paid_company) + 1)
    company_due, company_late = judged(company)
    company_share = (company_late + 2.0) / (company_due + 5.0)
    due, late = judged(mine)
    share = (late + 8 * company_share) / (due + 8)
    due_30, late_30 = judged(mine, within=30)
    opened = [k for k in mine if not k.is_closed]
    overdue = [k for k in opened if k.row["due"] < day]
    open_amount = sum(k.row["amount"] for k in opened)
    return {
        "paid_count": len(paid),
        "mean_days_late": (sum(map(days_late, paid)) + 8 * company_mean) / (len(paid) + 8),
        "due_count": due,
        "company_late_share": company_share,
        "late_share": share,
        "due_count_30_days": due_30,
        "late_share_30_days": (late_30 + 4 * share) / (due_30 + 4),
        "open_count": len(opened),
        "open_to_amount": open_amount / own["amount"],
        "overdue_count": len(overdue),
        "overdue_share": sum(k.row["amount"] for k in overdue) / open_amount if open_amount else None,
        "overdue_mean_days": sum(day - k.row["due"] for k in overdue) / len(overdue) if overdue else None,
        "overdue_30_count": len([k for k in overdue if k.row["due"] < day - 30]),
        "days_to_due": own["due"] - day,
        "term_days": own["due"] - own["document"],
    }


def oldest_overdue_days(items: list[Row], settlements: list[Row], *, item: str, day: int) -> int:
    """Days since the customer's oldest overdue item has been known as overdue; no settlement may be undone."""
    own = next(row for row in items if row["item"] == item)
    days = [
        day - max(row["due"] + 1, row["created"]) + 1
        for row in items
        if row["customer"] == own["customer"]
        and max(row["due"] + 1, row["created"]) <= day
        and not Known(row, settlements, day).is_closed
    ]
    return max(days, default=0)
