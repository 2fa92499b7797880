"""`arrears status`: what is published, how fresh and how proven it is, and the headline figures.

Belongs here: reading the current release and the manifest, and laying it out. Must not: money logic; every figure is
a sum of published columns.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import duckdb

from ingest.home import Home
from ingest.landing.manifest import Manifest
from ingest.settings import Settings
from orchestration.commands.output import Format, Row, render, render_object
from orchestration.commands.reading import current_release, rows_of
from orchestration.lock import holder_of, is_held
from orchestration.publish import current_release_file, current_release_id
from orchestration.records import Records, Release

# Gross: debit items alone, overdue ones over all of them. Unapplied credits stand beside, never netted here.
_BY_COMPANY = """
select
    aging.company_code,
    company.functional_currency as currency,
    sum(aging.open_amount_functional) filter (where aging.open_amount_document > 0) as receivables,
    sum(aging.open_amount_functional) filter (where aging.open_amount_document < 0) as unapplied,
    sum(aging.open_amount_functional) filter (
        where aging.open_amount_document > 0 and aging.days_past_due > 0
    ) as overdue,
    sum(aging.open_amount_functional) filter (
        where aging.open_amount_document > 0 and aging.days_past_due > 90
    ) as overdue_over_90,
    count(*) filter (where aging.open_amount_document > 0) as open_items
from marts.mart_aging as aging
left join marts.dim_company as company on aging.company_code = company.company_code
where aging.receivable_class = 'trade'
group by aging.company_code, company.functional_currency
order by aging.company_code
"""
_GROUP = """
select
    'group' as company_code,
    '{currency}' as currency,
    sum(open_amount_reporting) filter (where open_amount_document > 0) as receivables,
    sum(open_amount_reporting) filter (where open_amount_document < 0) as unapplied,
    sum(open_amount_reporting) filter (where open_amount_document > 0 and days_past_due > 0) as overdue,
    sum(open_amount_reporting) filter (where open_amount_document > 0 and days_past_due > 90) as overdue_over_90,
    count(*) filter (where open_amount_document > 0) as open_items
from marts.mart_aging
where receivable_class = 'trade' and not is_intragroup
"""
_FIGURES = (
    "company_code",
    "currency",
    "receivables",
    "unapplied",
    "overdue",
    "overdue_over_90",
    "overdue_rate_gross",
    "open_items",
)
_SOURCES = ("source", "is_required", "data_through", "newest_extraction", "loads")


def run_status(settings: Settings, *, output: Format) -> int:
    """Print the state of the warehouse."""
    home, records = settings.home, Records(settings.home.manifest)
    current = current_release_id(home)
    release = next((r for r in records.releases() if r.release_id == current), None)
    figures = _figures(settings) if current_release_file(home) else []
    if output == "csv":
        print(render(figures, columns=_FIGURES, output="csv"))
        return 0
    facts = {
        "release": _release_facts(release, home),
        "running": _running(home),
        "last_run": _last_run(records),
        "figures": figures,
        "sources": _sources(home),
        "refused_deliveries": _refused(home),
    }
    print(render_object(facts) if output == "json" else _page(facts, settings))
    return 0


def _figures(settings: Settings) -> list[Row]:
    with current_release(settings.home) as connection:
        try:
            _, companies = rows_of(connection, _BY_COMPANY)
            _, group = rows_of(connection, _GROUP.format(currency=settings.reporting_currency))
        except duckdb.CatalogException:
            # a release of another version; its identity is still worth showing
            return []
    return [{**row, "overdue_rate_gross": _rate(row)} for row in (*companies, *group)]


def _rate(row: Row) -> str | None:
    """Overdue debit items over debit items, as text with one decimal."""
    receivables, overdue = row["receivables"], row["overdue"] or Decimal(0)
    return f"{overdue / receivables:.1%}" if receivables else None


def _release_facts(release: Release | None, home: Home) -> dict[str, Any] | None:
    if release is None:
        return None
    return {
        "release_id": release.release_id,
        "as_of": release.inputs.as_of,
        "known_at": release.known_at,
        "published_at": release.published_at,
        "file": str(home.published),
        "gates_passed": sum(gate.status == "passed" for gate in release.gates),
        "gates_warned": [
            {"gate": gate.gate, "failing_row_count": gate.failing_row_count}
            for gate in release.gates
            if gate.status == "warned"
        ],
        "gates_lowered": [gate.gate for gate in release.gates if gate.is_lowered],
        "gates_not_run": [gate.gate for gate in release.gates if gate.status == "not_run"],
    }


def _running(home: Home) -> int | None:
    return holder_of(home.lock) if is_held(home.lock) else None


def _last_run(records: Records) -> dict[str, Any] | None:
    run = next(iter(records.runs(limit=1)), None)
    if run is None:
        return None
    return {
        "run_id": run.run_id,
        "command": run.command,
        "status": run.status,
        "started_at": run.started_at,
        "message": run.message,
        "seconds": run.finished_at and (run.finished_at - run.started_at).total_seconds(),
        "phases": {phase.name: round(phase.seconds, 3) for phase in records.phases(run.run_id)},
    }


def _sources(home: Home) -> list[Row]:
    with Manifest(home.manifest) as manifest:
        loads = manifest.loads()
    names = sorted({load.source for load in loads})
    by_source = {name: [load for load in loads if load.source == name] for name in names}
    return [
        {
            "source": name,
            "is_required": any(load.is_required for load in of_source),
            "data_through": max(load.business_date for load in of_source),
            "newest_extraction": max(load.extracted_at for load in of_source),
            "loads": len(of_source),
        }
        for name, of_source in by_source.items()
    ]


def _refused(home: Home) -> list[dict[str, str]]:
    with Manifest(home.manifest) as manifest:
        refusals = [refusal for refusal, _ in manifest.open_refusals()]
    return [
        {
            "source": r.source,
            "entity": r.entity,
            "reason_code": r.reason_code,
            "reason": r.reason,
            "fix": r.fix,
        }
        for r in refusals
    ]


def _page(facts: Mapping[str, Any], settings: Settings) -> str:
    release = facts["release"]
    lines = []
    if facts["running"]:
        lines.append(f"a refresh is running (process {facts['running']})")
    if release is None:
        lines.append("nothing has been published yet: run `arrears refresh`")
    else:
        lines += [
            f"release    {release['release_id']}, as of {release['as_of']}, known {_minute(release['known_at'])} UTC",
            f"published  {_minute(release['published_at'])} UTC",
            f"gates      {release['gates_passed']} passed{_warnings(release)}",
        ]
    run = facts["last_run"]
    if run and run["status"] not in ("published", "started"):
        lines.append(
            f"last run   {run['command']} {run['status']} at {_minute(run['started_at'])} UTC: {run['message']}"
        )
    # a run that could not be recorded as ended may have recorded its phases all the same
    if run and run["phases"] and run["seconds"] is not None:
        lines.append(f"took       {run['seconds']:.0f} s: {_seconds(run['phases'])}")
    for refused in facts["refused_deliveries"]:
        lines.append(f"refused    {refused['source']} {refused['entity']}: {refused['reason']}")
        lines.append(f"           fix: {refused['fix']}")
    if facts["figures"]:
        lines += ["", render(facts["figures"], columns=_FIGURES, output="table")]
        lines.append(
            "receivables and overdue are open debit items of class trade; the rate is overdue / receivables"
        )
    if facts["sources"]:
        lines += ["", render(facts["sources"], columns=_SOURCES, output="table")]
    config = settings.config_path
    lines += [
        "",
        f"warehouse  {settings.home.published} (any DuckDB 2.0 client, read-only; schema marts)",
        f"dashboard  arrears up --config {config}",
        f'ask        arrears query --config {config} "select * from marts.mart_aging limit 10"',
    ]
    return "\n".join(lines)


def _seconds(phases: Mapping[str, float]) -> str:
    return ", ".join(f"{name.replace('_', ' ')} {seconds:.0f}" for name, seconds in phases.items())


def _warnings(release: Mapping[str, Any]) -> str:
    warned = [f"{gate['gate']} ({gate['failing_row_count']} rows)" for gate in release["gates_warned"]]
    text = f", {len(warned)} warned: {', '.join(warned)}" if warned else ""
    if release["gates_lowered"]:
        text += f"; lowered in arrears.yml: {', '.join(release['gates_lowered'])}"
    if release["gates_not_run"]:
        text += f"; not checked by this version: {', '.join(release['gates_not_run'])}"
    return text


def _minute(moment: Any) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"
