"""Commands about what landed and what did not: rejects and replay.

Belongs here: printing what the landing room says. Must not: decide about a row.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from ingest.landing.manifest import Manifest
from ingest.landing.records import Refusal, RejectedRow
from ingest.printable import printable
from ingest.reasons import reason_of
from ingest.settings import Settings
from orchestration.commands.output import Format, Row, render
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
    "level",
    "fix",
)
# on the table; the rest is in the other formats
_SHOWN_COLUMNS = (
    "source",
    "entity",
    "file",
    "row",
    "reason_code",
    "column_name",
    "original_text",
    "amount",
    "currency",
)
_MOST_SHOWN = 200
_LONGEST_SHOWN = 60
# what makes a spreadsheet run a cell
_RUNS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def list_rejects(settings: Settings, *, source: str | None, entity: str | None, output: Format) -> int:
    """Print what was turned away: deliveries, the files that are to blame for it, and records in quarantine."""
    with Manifest(settings.home.manifest) as manifest:
        rejected = manifest.rejected_rows()
        refusals = [refusal for refusal, _ in manifest.open_refusals()]
    rows = [_of_row(row) for row in rejected if _is_asked(row, source=source, entity=entity)]
    refused = [one for one in refusals if _is_asked(one, source=source, entity=entity)]
    if output == "table":
        print("\n".join(_page(rows, refused)))
        return 0
    # a delivery that a file is to blame for is told by the file
    blamed = {(row["source"], row["entity"], row["reason_code"]) for row in rows if row["level"] == "file"}
    listed = [
        *(_of_refusal(one) for one in refused if (one.source, one.entity, one.reason_code) not in blamed),
        *rows,
    ]
    if output == "csv":
        listed = [{name: _harmless(value) for name, value in row.items()} for row in listed]
    print(render(listed, columns=_REJECT_COLUMNS, output=output))
    return 0


def _is_asked(one: RejectedRow | Refusal, *, source: str | None, entity: str | None) -> bool:
    return source in (None, one.source) and entity in (None, one.entity)


def _of_row(row: RejectedRow) -> Row:
    reason = reason_of(row.reason_code)
    told = {name: getattr(row, name) for name in _REJECT_COLUMNS if hasattr(row, name)}
    return told | {"level": reason.level, "fix": reason.fix}


def _of_refusal(refusal: Refusal) -> Row:
    return {
        "source": refusal.source,
        "entity": refusal.entity,
        "reason_code": refusal.reason_code,
        "original_text": refusal.reason,
        "level": "delivery",
        "fix": refusal.fix,
    }


def _harmless(value: Any) -> Any:
    """A list of rejects is opened in a spreadsheet, and holds what the spreadsheet must not run."""
    return f"'{value}" if isinstance(value, str) and value.lstrip(" \u3000").startswith(_RUNS) else value


def _page(rows: Sequence[Row], refused: Sequence[Refusal]) -> Iterator[str]:
    if not rows and not refused:
        yield "nothing was turned away"
        return
    for refusal in refused:
        moment = f"{refusal.extracted_at:%Y-%m-%d %H:%M} UTC"
        stops = "" if refusal.required else " (its source is not required: a refresh goes on without it)"
        yield f"refused: {refusal.source} {refusal.entity} of {moment}, nothing of it landed{stops}"
        yield f"  {refusal.reason_code}: {refusal.reason}"
        yield f"  fix: {refusal.fix}"
    records = [row for row in rows if row["level"] != "file"]
    if not records:
        return
    if refused:
        yield ""
    shown = [{**row, "original_text": _cut(row["original_text"])} for row in records[:_MOST_SHOWN]]
    yield render(shown, columns=_SHOWN_COLUMNS, output="table")
    if len(records) > _MOST_SHOWN:
        yield f"... and {len(records) - _MOST_SHOWN:,} more: `arrears rejects --format csv` lists them all"
    yield f"\n{len(records):,} records; `row` counts the records of the file from 1. What to do:"
    counts = Counter(row["reason_code"] for row in records)
    for code, count in counts.most_common():
        yield f"  {code} ({count:,}): {reason_of(code).meaning}"
        yield f"    fix: {reason_of(code).fix}"
    yield "then deliver again, or `arrears replay` after a fix here; docs/rejects.md lists every code"


def _cut(text: str | None) -> str | None:
    return None if text is None else printable(text, longest=_LONGEST_SHOWN)


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
