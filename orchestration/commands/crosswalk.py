"""`arrears crosswalk`: which customers under several ids may be one, for a person to decide.

Belongs here: what is read from the release, what is printed, and adding open pairs to the file. Must not: weighing
evidence (`analytics.crosswalk`), the format of the file (`ingest.crosswalk_file`), applying decisions (a refresh does).
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

import duckdb
import polars as pl

from analytics.crosswalk import propose
from ingest.crosswalk_file import Crosswalk, Customer, Pair, add_pairs, named, read_crosswalk
from ingest.settings import Settings
from orchestration.commands.output import Format, render
from orchestration.commands.reading import current_release
from orchestration.errors import OrchestrationError

# what stands for items without a customer, as (unassigned), is no customer
_CUSTOMERS = """
select
    company_code,
    customer_id,
    case when has_master_data then name end as name,
    tax_id,
    country,
    customer_type,
    onboarded_on
from marts.dim_customer
where not starts_with(customer_id, '(')
"""
_ACCOUNTS = """
select distinct
    counterparty_name as name,
    counterparty_account as account
from marts.fct_bank_transaction
where amount_document > 0 and counterparty_name is not null and counterparty_account is not null
"""
_KEYS = ("company_code", "customer_id", "party_company_code", "party_id")
_TABLE = ("score", *_KEYS, "sentence_en")
_ALL = (
    *("score", *_KEYS, "name", "party_name", "reasons", "doubts"),
    *("sentence_en", "sentence_zh"),
)


def run_crosswalk(settings: Settings, *, out: Path | None, output: Format) -> int:
    """Print what is proposed; with `out`, add the pairs that the file does not have yet.

    Raises:
        NoRelease: nothing has been published.
        SettingsError: the crosswalk file cannot be used.
        OrchestrationError: `out` is in no folder.
    """
    if out is not None and not out.absolute().parent.is_dir():
        raise OrchestrationError(
            f"there is no folder {out.absolute().parent}", fix="create it, or name another FILE"
        )
    files = _files(settings, out)
    decided = [pair for file in files.values() for pair in file.decided]
    with current_release(settings.home) as connection:
        customers, accounts = _frame(connection, _CUSTOMERS), _frame(connection, _ACCOUNTS)
    proposals = propose(customers, accounts, _known(decided)).to_dicts()
    print(render(proposals, columns=_TABLE if output == "table" else _ALL, output=output))
    for line in _unknown(decided, customers):
        print(f"warning: {line}", file=sys.stderr)
    if out is not None:
        _write(proposals, out, there=files.get(out.resolve()), settings=settings)
    return 0


def _files(settings: Settings, out: Path | None) -> dict[Path, Crosswalk]:
    """The file of the settings and the one to be written, as far as they exist already."""
    configured = settings.crosswalk_file and settings.resolve(settings.crosswalk_file)
    paths = dict.fromkeys(path.resolve() for path in (configured, out) if path)
    return {path: read_crosswalk(path) for path in paths if path.exists()}


def _frame(connection: duckdb.DuckDBPyConnection, sql: str) -> pl.DataFrame:
    return pl.DataFrame(connection.sql(sql).to_arrow_table())


def _known(decided: Iterable[Pair]) -> pl.DataFrame:
    rows = [(*pair.customer, *pair.party, pair.decision) for pair in decided]
    return pl.DataFrame(rows, schema=dict.fromkeys((*_KEYS, "decision"), pl.String()), orient="row")


def _unknown(decided: Iterable[Pair], customers: pl.DataFrame) -> list[str]:
    """Customers that are decided on and that the release does not have; ids lose their zeros in spreadsheets."""
    there: set[Customer] = set(customers.select("company_code", "customer_id").iter_rows())
    return [
        f"line {pair.line} of the crosswalk names {named(customer)}, which this release does not have"
        for pair in decided
        for customer in (pair.customer, pair.party)
        if customer not in there
    ]


def _write(
    proposals: Iterable[Mapping[str, object]], out: Path, *, there: Crosswalk | None, settings: Settings
) -> None:
    listed = {frozenset((pair.customer, pair.party)) for pair in (there.pairs if there else ())}
    rows = []
    for proposal in proposals:
        row = {name: str(proposal[name]) for name in _KEYS}
        pair = frozenset(
            ((row["company_code"], row["customer_id"]), (row["party_company_code"], row["party_id"]))
        )
        if pair not in listed:
            reasons = f"{proposal['score']}: {proposal['sentence_zh']} / {proposal['sentence_en']}"
            rows.append({**row, "reasons": reasons})
    if rows or there is None:
        add_pairs(out, rows)
    said = f"{len(rows)} pairs added to {out}; write same or different under decision"
    if settings.crosswalk_file is None:
        written = out.absolute()
        inside = written.is_relative_to(settings.root)
        path = written.relative_to(settings.root) if inside else written
        said += f", and `crosswalk: {path}` into {settings.config_path.name}"
    print(f"{said}; a refresh applies it", file=sys.stderr)
