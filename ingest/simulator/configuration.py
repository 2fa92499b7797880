"""Configuration: the `arrears.yml` that goes with the simulated extracts.

Belongs here: the text of the file. Does not: reading it (ingest.settings does).
"""

import json
from pathlib import Path

from ingest.simulator.bureau import BUREAU_SOURCE
from ingest.simulator.companies import COMPANIES, GROUP
from ingest.simulator.model import Company


def write_configuration(out: Path, *, erp_modes: dict[str, str]) -> None:
    """Write `<out>/arrears.yml`, after the extracts; `erp_modes` gives the delivery mode of each ERP source."""
    lines = ["home: ./home", "time_zone: Asia/Shanghai", "reporting_currency: CNY", "companies:"]
    for company in COMPANIES:
        lines += _company(company)
    lines.append("sources:")
    for company in COMPANIES:
        lines += _source(
            company.source, mode=erp_modes[company.source], zone=company.time_zone, required="true"
        )
    lines += _source("bank", mode="append", zone="Asia/Shanghai", required="false")
    if (out / "in" / BUREAU_SOURCE).is_dir():
        lines += _source(BUREAU_SOURCE, mode="full", zone="Asia/Shanghai", required="false")
    (out / "arrears.yml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _company(company: Company) -> list[str]:
    return [
        f"  - company_code: {company.code}",
        f"    name: {company.name}",
        f"    functional_currency: {company.functional}",
        f"    time_zone: {company.time_zone}",
        f"    country: {company.country}",
        f"    intercompany_group: {GROUP}",
        "    control_accounts:",
        *(f"      {role}: {json.dumps(accounts)}" for role, accounts in _by_role(company).items()),
    ]


def _by_role(company: Company) -> dict[str, list[str]]:
    accounts: dict[str, list[str]] = {}
    for account, role in company.control_accounts:
        accounts.setdefault(role, []).append(account)
    return accounts


def _source(name: str, *, mode: str, zone: str, required: str) -> list[str]:
    return [
        f"  - name: {name}",
        "    profile: generic",
        f"    path: in/{name}/{{extracted_at:%Y-%m-%d}}/",
        f"    mode: {mode}",
        f"    required: {required}",
        f"    time_zone: {zone}",
        *(["    settlement: allocations"] if name.startswith("erp_") else []),
    ]
