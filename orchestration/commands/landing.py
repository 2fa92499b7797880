"""Commands about what landed and what did not: rejects and replay.

Belongs here: printing what the landing room says. Must not: decide about a row.
"""

from __future__ import annotations

from ingest.landing.manifest import Manifest
from ingest.settings import Settings
from orchestration.commands.output import Format, render
from orchestration.lock import exclusive_lock
from orchestration.records import Records

_REJECT_COLUMNS = (
    "load_id",
    "source",
    "entity",
    "file",
    "row",
    "reason_code",
    "column_name",
    "original_text",
    "company_code",
    "amount",
    "currency",
)


def list_rejects(settings: Settings, *, source: str | None, entity: str | None, output: Format) -> int:
    """Print the rows in quarantine, and on the table the deliveries that were refused whole."""
    with Manifest(settings.home.manifest) as manifest:
        rejected = manifest.rejected_rows()
        refusals = [refusal for refusal, _ in manifest.open_refusals()]
    rows = [
        {name: getattr(row, name) for name in _REJECT_COLUMNS}
        for row in rejected
        if source in (None, row.source) and entity in (None, row.entity)
    ]
    print(render(rows, columns=_REJECT_COLUMNS, output=output))
    if output == "table":
        print(
            f"\n{len(rows)} rows; correct them in the source and deliver again, or `arrears replay` after a fix here"
        )
        for refusal in refusals:
            print(
                f"refused: {refusal.source} {refusal.entity} of {refusal.extracted_at:%Y-%m-%d %H:%M} UTC:"
                f" {refusal.reason}\n  fix: {refusal.fix}"
            )
    return 0


_REPLAY_COLUMNS = (
    "outcome",
    "source",
    "entity",
    "extracted_at",
    "rows_read",
    "rows_landed",
    "rows_rejected",
    "reason",
    "fix",
)


def run_replay(
    settings: Settings,
    *,
    source: str | None,
    entity: str | None,
    accept_lost_keys: bool,
    accept_rejected_share: bool,
    output: Format,
) -> int:
    """Read deliveries with rejected rows, or refused ones, again, and print what became of each."""
    from ingest import landing

    home = settings.home.ensure()
    records = Records(home.manifest)
    with exclusive_lock(home.lock):
        records.fail_dead_runs()
        run_id = records.start_run("replay")
        report = landing.replay(
            settings,
            source=source,
            entity=entity,
            accept_lost_keys=accept_lost_keys,
            accept_rejected_share=accept_rejected_share,
        )
        message = (
            f"{len(report.loads)} loads, {report.rejected_row_count} rows quarantined,"
            f" {len(report.refused)} deliveries refused"
        )
        records.end_run(run_id, status="done", message=message)
    rows = [
        {"outcome": "landed"} | {name: getattr(load, name) for name in _REPLAY_COLUMNS[1:7]}
        for load in report.loads
    ] + [
        {"outcome": "refused"} | {name: getattr(refusal, name, None) for name in _REPLAY_COLUMNS[1:]}
        for refusal in report.refused
    ]
    print(render(rows, columns=_REPLAY_COLUMNS, output=output))
    if output == "table":
        print(f"\nreplayed: {message}; `arrears refresh` publishes what changed")
    return 2 if report.has_required_refusal else 0
