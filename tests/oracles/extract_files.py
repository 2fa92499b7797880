"""The worlds as a user would deliver them: CSV folders of a few sources and one arrears.yml.

Belongs here: writing what worlds.py tells. Does not: deciding what is told, running anything.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import yaml

from tests.oracles.builder import Columns
from tests.oracles.knowledge import TextRow
from tests.oracles.worlds import ENTITIES, RATES_SOURCE, RATES_ZONE, Universe

DELETED = "_deleted"
# a hostile world breaks these on purpose; what proves the arithmetic stays an error
LOWERED_GATES = ("gl_tie_out", "reversal_exceeds_allocation")


def write_universe(universe: Universe, folder: Path) -> Path:
    """Write every delivery and the configuration; returns the path of arrears.yml."""
    for group in universe.groups:
        worlds = [world for world in universe.worlds if world.group == group]
        for number, day in enumerate(group.days):
            for entity in ENTITIES:
                if (group.source, entity, number) not in universe.delivered:
                    continue
                rows = [row for world in worlds for row in world.rows(entity, number)]
                gone = [row for world in worlds for row in world.deletes(entity, number)]
                write_rows(folder / group.source, day, entity, rows, gone)
    for delivery in universe.rates:
        rates = [dict(row) for row in delivery.rows["fx_rate"]]
        gone = [dict(row) for row in delivery.deletes["fx_rate"]]
        if rates or gone:
            write_rows(folder / RATES_SOURCE, delivery.business_date, "fx_rate", rates, gone)
    config = folder / "arrears.yml"
    config.write_text(yaml.safe_dump(configuration(universe), sort_keys=False), encoding="utf-8")
    return config


def write_rows(
    folder: Path, day: date, entity: str, rows: Sequence[Columns], gone: Sequence[TextRow]
) -> None:
    """One entity file of one delivery; explicit tombstones carry their key and the deletion mark."""
    target = folder / day.isoformat() / f"{entity}.csv"
    target.parent.mkdir(parents=True, exist_ok=True)
    names = sorted({name for row in (*rows, *gone) for name in row})
    marks = [DELETED] if gone else []
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [*names, *marks], restval="")
        writer.writeheader()
        writer.writerows({name: value or "" for name, value in row.items()} for row in rows)
        for row in gone:
            writer.writerow({**{name: value or "" for name, value in row.items()}, DELETED: "true"})


def configuration(universe: Universe) -> dict[str, object]:
    """arrears.yml: the companies, one source per group, the shared rates."""
    return {
        "home": "./home",
        "time_zone": "UTC",
        "reporting_currency": "CNY",
        "companies": [
            {
                "company_code": world.company_code,
                "name": f"World {world.company_code}",
                "functional_currency": world.functional_currency,
                "time_zone": world.group.time_zone,
            }
            for world in universe.worlds
        ],
        "sources": [
            {
                "name": group.source,
                "profile": "generic",
                "path": f"{group.source}/{{extracted_at:%Y-%m-%d}}/",
                "mode": group.mode,
                "time_zone": group.time_zone,
                # a few worlds lose a large part of their keys on purpose
                "lost_key_share": 1,
                "settlement": group.settlement,
                **({"vanished": group.vanished} if group.settlement == "residual" else {}),
            }
            for group in universe.groups
        ]
        + [
            {
                "name": RATES_SOURCE,
                "profile": "generic",
                "path": f"{RATES_SOURCE}/{{extracted_at:%Y-%m-%d}}/",
                "mode": "delta",
                "required": False,
                "time_zone": RATES_ZONE,
            }
        ],
        "gates": dict.fromkeys(LOWERED_GATES, "warn"),
    }
