"""One company of the demo group, exported from every system into one installation.

Belongs here: giving each system a company of its own with the same books, and the deliveries that all of them make.
Must not: comparing what comes of it.
"""

import csv
import shutil
from collections.abc import Iterable
from pathlib import Path

import yaml

from ingest.contract import load_contract
from ingest.simulator.cell import Sizing
from ingest.simulator.dialects import DIALECTS, Dialect, translate
from ingest.simulator.dialects.model import Sheet, Style
from ingest.simulator.run import simulate

SOURCE, COMPANY = "erp_cn", "CN01"
DAYS = ("2025-12-31", "2026-05-31", "2026-06-30")
# of the columns of a row those that name a company
COMPANY_COLUMNS = ("company_code", "counterparty_company_code")

GENERIC = Dialect(
    profile="generic",
    style=Style(),
    sheets=tuple(
        Sheet(entity.name, entity.name, tuple((column, column) for column in entity.columns))
        for entity in load_contract().entities.values()
        if entity.mode != "append"
    ),
)


def company_of(dialect: str) -> str:
    """The company whose books a system keeps."""
    return f"CO-{dialect}"


def export_everywhere(folder: Path, *, names: Iterable[str] = DIALECTS) -> Path:
    """Write the extracts of every system, and the generic ones they are compared with.

    Returns:
        The `arrears.yml` of an installation with a company for each.
    """
    origin = folder / "origin"
    simulate(origin, sizing=Sizing(customers=40, invoices=600), redelivers=False)
    given = yaml.safe_load((origin / "arrears.yml").read_text(encoding="utf-8"))
    company = next(c for c in given["companies"] if c["company_code"] == COMPANY)
    source = next(s for s in given["sources"] if s["name"] == SOURCE)
    configuration = {**given, "companies": [], "sources": []}
    for name in ("generic", *names):
        work = folder / name
        shutil.copytree(origin / "in" / SOURCE, work / "in" / SOURCE)
        for path in (work / "in" / SOURCE).rglob("*.csv"):
            if path.stem in _left_out(name):
                path.unlink()
                continue
            _rename_companies(path, {COMPANY: company_of(name), "EU01": f"{company_of(name)}-EU"})
        (work / "arrears.yml").write_text(yaml.safe_dump({"sources": [source]}), encoding="utf-8")
        translate(work, dialect=GENERIC if name == "generic" else DIALECTS[name], days=DAYS)
        for one in yaml.safe_load((work / "arrears.yml").read_text(encoding="utf-8"))["sources"]:
            own = f"{name}_{one['name']}"
            shutil.move(work / "in" / one["name"], folder / "in" / own)
            configuration["sources"].append(
                {**one, "name": own, "path": f"in/{own}/{{extracted_at:%Y-%m-%d}}/"}
            )
        configuration["companies"].append(
            {**company, "company_code": company_of(name), "intercompany_group": name}
        )
    path = folder / "arrears.yml"
    path.write_text(yaml.safe_dump(configuration, allow_unicode=True), encoding="utf-8")
    return path


def _left_out(name: str) -> tuple[str, ...]:
    """Rates belong to no company, so one source delivers them for all. A system that shows no allocations realises
    exchange differences on other days and has no retentions, so it cannot tie to the same general ledger."""
    if name == "generic":
        return ()
    return ("fx_rate",) if DIALECTS[name].settlement == "allocations" else ("fx_rate", "gl_balance")


def _rename_companies(path: Path, names: dict[str, str]) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        header, rows = list(reader.fieldnames or ()), list(reader)
    for row in rows:
        for column in COMPANY_COLUMNS:
            if column in row:
                row[column] = names.get(row[column], row[column])
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, header, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
