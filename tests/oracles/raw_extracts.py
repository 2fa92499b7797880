"""A simulated company's delivery folders, read by the csv module and nothing else.

Belongs here: files of the generic shape as deliveries that the oracle understands. Does not: anything imported from the
project; what the rows mean (oracle.py).
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import yaml

from tests.oracles.knowledge import KEYS, Delivery, TextRow
from tests.oracles.oracle import Oracle
from tests.oracles.worlds import end_of_day

RATES = "fx_rate"


def oracles(config: Path) -> dict[str, Oracle]:
    """One per company of `arrears.yml`; rates of all sources are everybody's."""
    document = yaml.safe_load(config.read_text(encoding="utf-8"))
    said: dict[str, list[Delivery]] = defaultdict(list)
    rates: list[Delivery] = []
    for source in document["sources"]:
        for day, rows in _deliveries(config.parent / Path(source["path"]).parent):
            known_at = end_of_day(day, source["time_zone"])
            if RATES in rows:
                rates.append(Delivery(source["mode"], known_at, day, {RATES: rows[RATES]}))
            for company in document["companies"]:
                code = company["company_code"]
                own = {
                    entity: [row for row in found if row.get("company_code") == code]
                    for entity, found in rows.items()
                    if entity in KEYS and entity != RATES
                }
                if any(own.values()):
                    live = {
                        name: [row for row in found if not _is_deleted(row)] for name, found in own.items()
                    }
                    gone = {name: [row for row in found if _is_deleted(row)] for name, found in own.items()}
                    said[code].append(Delivery(source["mode"], known_at, day, live, gone))
    return {
        company["company_code"]: Oracle(
            company["company_code"],
            functional_currency=company["functional_currency"],
            deliveries=[*said[company["company_code"]], *rates],
        )
        for company in document["companies"]
    }


def _deliveries(folder: Path) -> Iterator[tuple[date, dict[str, list[TextRow]]]]:
    for delivery in sorted(folder.iterdir()):
        rows: dict[str, list[TextRow]] = {}
        for file in sorted(delivery.glob("*.csv")):
            with file.open(encoding="utf-8-sig", newline="") as stream:
                rows[file.stem] = [
                    {name: value for name, value in row.items() if value != ""}
                    for row in csv.DictReader(stream)
                ]
        yield date.fromisoformat(delivery.name), rows


def _is_deleted(row: TextRow) -> bool:
    return row.get("_deleted") == "true"
