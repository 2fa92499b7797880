"""Dialects: the extracts of the demo group as other systems would export them.

Belongs here: turning generic deliveries into files of another system, delivery by delivery. Must not: what happens in
the demo group (the rest of the simulator), how the files are read back (ingest/profiles).

A system exports what it has: what it knows nothing of, such as promises or insurance, stays generic in a second source.
"""

import csv
import shutil
from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime, time
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml

from ingest.contract import load_contract
from ingest.profiles import load_profile
from ingest.simulator.dialects.dynamics365 import DYNAMICS365
from ingest.simulator.dialects.erpnext import ERPNEXT
from ingest.simulator.dialects.erpnext_db import ERPNEXT_DB
from ingest.simulator.dialects.kingdee import KINGDEE
from ingest.simulator.dialects.model import Dialect, State
from ingest.simulator.dialects.odoo import ODOO
from ingest.simulator.dialects.quickbooks import QUICKBOOKS
from ingest.simulator.dialects.sap import SAP
from ingest.simulator.dialects.xero import XERO
from ingest.simulator.dialects.yonyou import YONYOU

DIALECTS: Mapping[str, Dialect] = {
    "kingdee": KINGDEE,
    "sap": SAP,
    "yonyou": YONYOU,
    "odoo": ODOO,
    "erpnext": ERPNEXT,
    "erpnext_db": ERPNEXT_DB,
    "dynamics365": DYNAMICS365,
    "quickbooks": QUICKBOOKS,
    "xero": XERO,
}
# what is left to the generic dialect lies in a source of this name beside the system's own
REST_SUFFIX = "_rest"

__all__ = ["DIALECTS", "Dialect", "translate"]


def translate(out: Path, *, dialect: Dialect, days: Collection[str] | None = None) -> None:
    """Rewrite the extracts of the ERP sources below `out`, and `arrears.yml`, in a dialect.

    Full dumps stay full dumps; a source of deltas becomes one of full dumps, as most systems export what they have. A
    system that is read from its database is: what its profile asks for lies in the delivery, as a refresh pulls it.

    Args:
        days: deliveries to write, as ISO dates; all of them unless given. What stays generic of a source of deltas is
            always written in all of them.
    """
    configuration = yaml.safe_load((out / "arrears.yml").read_text(encoding="utf-8"))
    sources = []
    for source in configuration["sources"]:
        if not source["name"].startswith("erp_"):
            sources.append(source)
            continue
        sources += _translate_source(out, source, dialect=dialect, days=days)
    configuration["sources"] = sources
    text = yaml.safe_dump(configuration, allow_unicode=True, sort_keys=False)
    (out / "arrears.yml").write_text(text, encoding="utf-8")


def _pull(state: State, folder: Path, *, dialect: Dialect) -> None:
    """Read the database of a system, as it is at one delivery, by the queries of its profile."""
    from ingest.extraction import Query, pull

    tables = load_profile(dialect.profile).tables
    moment = datetime.combine(date.fromisoformat(folder.name), time(18), tzinfo=UTC)
    with TemporaryDirectory() as scratch:
        database = Path(scratch) / "system.sqlite"
        dialect.write_database(state, database)
        queries = [
            Query(name, table.sql, needs=table.needs)
            for name, table in tables.items()
            if table.sql is not None
        ]
        pulled = pull(
            f"sqlite://{database}",
            queries,
            folder=Path(scratch) / "pulls",
            source=dialect.profile,
            clock=lambda: moment,
        )
        for path in pulled.folder.glob("*.parquet"):
            shutil.move(path, folder / path.name)


def _translate_source(
    out: Path, source: dict[str, object], *, dialect: Dialect, days: Collection[str] | None
) -> list[dict[str, object]]:
    name = str(source["name"])
    contract = load_contract()
    types = {
        entity.name: {column.name: column.type for column in entity.columns.values()}
        for entity in contract.entities.values()
    }
    state: dict[str, dict[tuple[str, ...], dict[str, str]]] = {}
    given = out / "in" / name
    rest = out / "in" / f"{name}{REST_SUFFIX}"
    rest_entities: set[str] = set()
    is_full = source["mode"] == "full"
    for folder in sorted(given.iterdir()):
        for path in sorted(folder.glob("*.csv")):
            entity = contract.entity(path.stem)
            if entity.name not in dialect.carried:
                rest_entities.add(entity.name)
                if is_full and days is not None and folder.name not in days:
                    path.unlink()
                    continue
                (rest / folder.name).mkdir(parents=True, exist_ok=True)
                shutil.move(path, rest / folder.name / path.name)
                continue
            rows = state.setdefault(entity.name, {})
            if is_full:
                rows.clear()
            with path.open(encoding="utf-8", newline="") as file:
                for row in csv.DictReader(file):
                    key = tuple(row[column] for column in entity.key)
                    if row.pop("_deleted", "") == "true":
                        rows.pop(key, None)
                    else:
                        rows[key] = row
            path.unlink()
        if days is not None and folder.name not in days:
            folder.rmdir()
        elif dialect.is_database:
            _pull(state, folder, dialect=dialect)
        else:
            dialect.write(state, folder, types=types)
    translated = {**source, "profile": dialect.profile, "mode": "full"}
    translated.pop("settlement", None)
    if not dialect.names_company:
        (company,) = {row["company_code"] for row in state["customer"].values()}
        translated["constants"] = {"company_code": company}
    if not rest_entities:
        return [translated]
    others = {
        **source,
        "name": f"{name}{REST_SUFFIX}",
        "path": str(source["path"]).replace(name, f"{name}{REST_SUFFIX}"),
        "required": False,
        "entities": {entity: {} for entity in sorted(rest_entities)},
    }
    return [translated, others]
