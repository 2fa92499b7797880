"""A slow, obvious ledger over simulated files, for checking the simulator's own books.

Belongs here: reading deliveries of one source and deriving open items from them by the ledger rules, in the plainest
way. Must not: import anything of the simulator.
"""

import csv
import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

FILE = r"{entity}([._-].*)?\.csv"
KEYS = {
    "document": ("document_id",),
    "instalment": ("document_id", "instalment_no"),
    "receipt": ("receipt_id",),
    "allocation": ("allocation_id",),
    "fx_rate": ("rate_date", "from_currency", "to_currency", "rate_type"),
    "gl_balance": ("account", "balance_date"),
    "bill_event": ("bill_id", "event_date", "kind"),
}
PAPERS = {"bank_acceptance", "commercial_acceptance", "receivable_certificate"}
SINKS = {"discount", "write_off", "fx_difference", "offset"}
ROLES = {"unbilled": "unbilled", "interest": "interest"}


def read_rows(path: Path) -> list[dict[str, str]]:
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def read_delivery(folder: Path, entity: str) -> list[dict[str, str]]:
    """Rows of one entity, whatever its files are called; a row that comes twice counts once."""
    pattern = re.compile(FILE.format(entity=entity))
    paths = sorted(path for path in folder.iterdir() if pattern.fullmatch(path.name))
    rows = [row for path in paths for row in read_rows(path)]
    return list({tuple(row.items()): row for row in rows}.values())


def minor(text: str) -> int:
    return int(text.replace(".", ""))


def day_of(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def half_away(value: Fraction) -> int:
    sign = 1 if value >= 0 else -1
    return sign * int(abs(value) + Fraction(1, 2))


class PlainLedger:
    """State of one source as known at the end of a delivery day."""

    def __init__(self, folder: Path, *, functional: str, until: date) -> None:
        self.functional = functional
        self.state: dict[str, dict[tuple[str, ...], dict[str, str]]] = {entity: {} for entity in KEYS}
        self.events: dict[str, list[tuple[date, int]]] = {}
        self.ever: dict[str, dict[str, str]] = {}
        for delivery in sorted(path for path in folder.iterdir() if path.name <= until.isoformat()):
            for entity in KEYS:
                self._take(delivery, entity)
        self.rates: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
        for (day, origin, target, kind), row in sorted(self.state["fx_rate"].items()):
            if kind == "booked":
                self.rates[(origin, target)].append((day, row["rate"]))
        self.parts: dict[str, list[dict[str, str]]] = defaultdict(list)
        for row in self.state["instalment"].values():
            self.parts[row["document_id"]].append(row)
        self.items = self._items()
        self.legs = self._legs()

    def rows(self, entity: str) -> list[dict[str, str]]:
        return list(self.state[entity].values())

    def _take(self, delivery: Path, entity: str) -> None:
        rows = read_delivery(delivery, entity)
        is_delta = bool(rows) and "_deleted" in rows[0]
        before = self.state[entity]
        now = dict(before) if is_delta or not rows else {}
        for row in rows:
            key = tuple(row[column] for column in KEYS[entity])
            if row.get("_deleted") == "true":
                del now[key]
            else:
                now[key] = row
        if entity == "allocation":
            on = date.fromisoformat(delivery.name)
            for (key,) in before.keys() - now.keys():
                self.events[key].append((max(on, self.events[key][0][0]), -1))
            for (key,) in now.keys() - before.keys():
                self.events[key] = [(date.fromisoformat(now[(key,)]["allocated_on"]), 1)]
                self.ever[key] = now[(key,)]
        self.state[entity] = now

    def _value(self, row: dict[str, str], on: date) -> int:
        amount = minor(row["amount"])
        if row["currency"] == self.functional:
            return amount
        if row["functional_amount"]:
            return minor(row["functional_amount"])
        fixings = self.rates[(row["currency"], self.functional)]
        day, rate = fixings[bisect_right(fixings, (on.isoformat(), "~")) - 1]
        assert (on - date.fromisoformat(day)).days <= 7
        return half_away(amount * Fraction(rate))

    def _items(self) -> dict[tuple[str, str], dict[str, Any]]:
        items: dict[tuple[str, str], dict[str, Any]] = {}
        for (key,), row in self.state["document"].items():
            opened = day_of(row["posting_date"]) or date.fromisoformat(row["document_date"])
            void = day_of(row["cancelled_on"])
            if row["is_cancelled"] == "true" and (void is None or void <= opened):
                continue
            sign = -1 if row["document_type"] == "credit_note" else 1
            value = sign * self._value(row, opened)
            if not minor(row["amount"]):
                value = sign * minor(row["functional_amount"])
            amount = sign * minor(row["amount"])
            items[("document", key)] = {
                "opened": opened,
                "void": void,
                "amount": amount,
                "value": value,
                "row": row,
            }
        for item in items.values():
            billed = items.get(("document", item["row"]["billed_by_document_id"]))
            if billed:
                item["void"] = max(item["opened"], billed["opened"])
        for (key,), row in self.state["receipt"].items():
            status = row["status"] or "cleared"
            if status == "pending" or (status == "cancelled" and not row["status_date"]):
                continue
            posted = day_of(row["posting_date"]) or date.fromisoformat(row["receipt_date"])
            items[("receipt", key)] = {
                "opened": max(posted, day_of(row["cleared_on"]) or posted),
                "void": day_of(row["status_date"]) if status in ("bounced", "cancelled") else None,
                "amount": -minor(row["amount"]),
                "value": -self._value(row, posted),
                "row": row,
            }
        return items

    def _legs(self) -> dict[tuple[str, str], list[tuple[date, int, str]]]:
        legs: dict[tuple[str, str], list[tuple[date, int, str]]] = defaultdict(list)
        for key, events in self.events.items():
            row = self.ever[key]
            target = (self._table(row["to_kind"]), row["to_id"])
            ends = [target]
            if row["from_kind"] not in SINKS:
                ends.append((self._table(row["from_kind"]), row["from_id"]))
            if any(end not in self.items for end in ends):
                continue
            for on, sign in events:
                if row["is_reversal"] == "true":
                    on, sign = max(on, self.events[row["reverses_allocation_id"]][0][0]), -sign
                start = max([on, *(self.items[end]["opened"] for end in ends)])
                voids = [max(self.items[end]["void"], start) for end in ends if self.items[end]["void"]]
                if voids and min(voids) == start:
                    continue
                side = 1 if len(ends) == 1 or self.items[target]["amount"] > 0 else -1
                changes = {target: -side * sign * minor(row["amount"])}
                if len(ends) == 2:
                    changes[ends[1]] = side * sign * minor(row["from_amount"] or row["amount"])
                for end, change in changes.items():
                    part = row["to_instalment_no"] if end == target else ""
                    legs[end].append((start, change, part))
                    if voids:
                        legs[end].append((min(voids), -change, part))
        return legs

    @staticmethod
    def _table(kind: str) -> str:
        return "document" if kind in ("document", "credit_note") else "receipt"

    def open_parts(self, on: date) -> Iterator[tuple[dict[str, Any], str, int, date]]:
        """Item, account role, functional value and due date of everything that exists on a day."""
        for key, item in self.items.items():
            if item["opened"] > on or (item["void"] and item["void"] <= on):
                continue
            row = item["row"]
            legs = [leg for leg in self.legs[key] if leg[0] <= on]
            parts = self.parts.get(key[1], []) if key[0] == "document" else []
            role = ROLES.get(row.get("document_type", ""), "trade_control")
            if not item["amount"]:
                yield item, role, item["value"], date.fromisoformat(row["due_date"])
                continue
            if sum(minor(part["amount"]) for part in parts) != abs(item["amount"]) or not parts:
                left = item["amount"] + sum(change for _, change, _ in legs)
                value = half_away(Fraction(item["value"] * left, item["amount"]))
                yield item, role, value, day_of(row.get("due_date", "")) or item["opened"]
                continue
            parts = sorted(parts, key=lambda part: (part["due_date"], int(part["instalment_no"])))
            named: Counter[str] = Counter()
            unnamed = 0
            for _, change, part in legs:
                if part:
                    named[part] -= change
                else:
                    unnamed -= change
            reached, booked = 0, 0
            for position, part in enumerate(parts):
                amount = minor(part["amount"])
                reached += amount
                until = half_away(Fraction(item["value"] * reached, item["amount"]))
                left = amount - named[part["instalment_no"]]
                filled = max(0, min(unnamed, max(left, 0)))
                unnamed -= filled
                left -= filled
                if position == len(parts) - 1:
                    left -= unnamed
                turns = day_of(part["unconditional_on"])
                is_conditional = part["kind"] == "retention" and (turns is None or turns > on)
                value = half_away(Fraction((until - booked) * left, amount))
                booked = until
                due = date.fromisoformat(part["due_date"])
                yield item, "contract_asset" if is_conditional else "trade_control", value, due

    def totals(self, on: date) -> Counter[str]:
        """Functional value per account role."""
        result: Counter[str] = Counter()
        for _, role, value, _ in self.open_parts(on):
            result[role] += value
        result["bill_control"] = self._bills(on)
        return result

    def _bills(self, on: date) -> int:
        """Functional value of the bills that are neither paid nor gone; every event is of a whole bill."""
        total = 0
        for item in self.items.values():
            row = item["row"]
            if (
                row.get("method") not in PAPERS
                or item["opened"] > on
                or (item["void"] and item["void"] <= on)
            ):
                continue
            told = [
                event for event in self.state["bill_event"].values() if event["bill_id"] == row["bill_id"]
            ]
            ends = [
                date.fromisoformat(event["event_date"])
                for event in told
                if event["kind"] == "honoured" or event["with_recourse"] == "false"
            ]
            if any(event["with_recourse"] == "true" for event in told):
                # with others it ends when it matures, or with the last thing told of it
                ends.append(
                    max(
                        date.fromisoformat(day)
                        for day in (row["maturity_date"], *(e["event_date"] for e in told))
                    )
                )
            if not any(end <= on for end in ends):
                total -= item["value"]
        return total

    def debits_past_due(self, on: date) -> list[tuple[int, int]]:
        """Days past due and functional value of every trade item that is owed."""
        return [
            ((on - due).days, value)
            for _, role, value, due in self.open_parts(on)
            if role == "trade_control" and value > 0
        ]
