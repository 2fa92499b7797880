"""`arrears statement` and `arrears subsequent-receipts`: documents of the current release, as files.

Belongs here: whose statements, which files, what is said about them. Must not: what a document holds (`documents`).
A document that does not close is not written.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby
from pathlib import Path

import duckdb

from documents import reading
from documents.file_names import statement_file
from documents.statement import Account, Release, Statement
from documents.statement_document import Copy, statement_document
from documents.subsequent import subsequent_document, subsequent_receipts
from documents.words import Language
from ingest.settings import Settings
from orchestration.commands.files import RENDERERS, make_folder, write_whole
from orchestration.commands.reading import current_release
from orchestration.errors import OrchestrationError


def run_statement(
    settings: Settings,
    *,
    company_code: str | None,
    customer_id: str | None,
    selection: str | None,
    first_day: date,
    last_day: date,
    language: Language,
    copy: Copy,
    formats: Sequence[str],
    is_party: bool,
    out: Path,
) -> int:
    """Write the statements that were asked for and name the files.

    Args:
        selection: `all` with a balance, `all_overdue`, or None for one customer.
        is_party: the ids that the crosswalk says are one customer go into one file, each with its own balance.
    Raises:
        NoRelease: nothing has been published.
        DocumentError: an unknown customer, a period that is not covered, a statement that does not close.
        OrchestrationError: it is not said whose statement, or `out` is no folder.
    """
    _check_choice(company_code, customer_id, selection)
    with current_release(settings.home) as connection:
        release = reading.open_release(connection)
        reading.check_period(release, first_day=first_day, last_day=last_day)
        groups = _groups(
            connection,
            release,
            company_code=company_code,
            customer_id=customer_id,
            selection=selection,
            is_party=is_party,
            first_day=first_day,
            last_day=last_day,
        )
        make_folder(out)
        written: set[str] = set()
        accounts = 0
        for members in groups:
            accounts += len(members)
            document = statement_document(members, language=language, copy=copy)
            for extension in formats:
                name = statement_file(
                    _ids(members, is_party=is_party),
                    first_day=first_day,
                    last_day=last_day,
                    language=language,
                    copy=copy,
                    extension=extension,
                )
                if name.lower() in written:
                    raise OrchestrationError(f"two statements would be {name}", fix="write them one by one")
                written.add(name.lower())
                write_whole(out / name, RENDERERS[extension](document))
                print(out / name)
    said = f"{len(written)} files of {accounts} accounts, release {release.release_id}, {first_day} to {last_day}"
    if not written:
        said = f"no customer has {_WANTED[selection or '']} at the end of {last_day}: nothing to write"
    print(said, file=sys.stderr)
    return 0


_WANTED = {"all": "a balance", "all_overdue": "anything overdue", "": "a balance"}


def _check_choice(company_code: str | None, customer_id: str | None, selection: str | None) -> None:
    if customer_id is not None and selection is not None:
        raise OrchestrationError(
            "--customer names one, --all and --all-overdue many", fix="leave one of them out"
        )
    if customer_id is not None and company_code is None:
        raise OrchestrationError(
            "a customer id belongs to a company", fix="say which with --company, e.g. --company CN01"
        )
    if customer_id is None and selection is None:
        raise OrchestrationError(
            "it is not said whose statement",
            fix="name a --customer of a --company, or --all or --all-overdue",
        )


def _groups(
    connection: duckdb.DuckDBPyConnection,
    release: Release,
    *,
    company_code: str | None,
    customer_id: str | None,
    selection: str | None,
    is_party: bool,
    first_day: date,
    last_day: date,
) -> Iterator[list[Statement]]:
    """Statements that share a file: one account, or the accounts of a party."""

    def statements(wanted: Sequence[Account], *, is_whole_company: bool) -> Iterable[Statement]:
        return reading.statements(
            connection,
            wanted,
            release=release,
            first_day=first_day,
            last_day=last_day,
            is_whole_company=is_whole_company,
        )

    if selection is None:
        one = reading.account(connection, company_code=company_code or "", customer_id=customer_id or "")
        wanted = [one]
        if is_party:
            others = [other for other in reading.accounts(connection) if other.party_id == one.party_id]
            # the one that was named stands first
            wanted = [one, *(other for other in others if other != one)]
        yield list(statements(wanted, is_whole_company=False))
        return
    every = statements(reading.accounts(connection, company_code=company_code), is_whole_company=True)
    asked = (one for one in every if (one.has_overdue if selection == "all_overdue" else one.has_balance))
    if not is_party:
        yield from ([one] for one in asked)
        return
    by_party = sorted(asked, key=lambda one: one.account.party_id)
    for _, members in groupby(by_party, key=lambda one: one.account.party_id):
        yield list(members)


def _ids(members: Sequence[Statement], *, is_party: bool) -> tuple[str, ...]:
    account = members[0].account
    if is_party and len(members) > 1:
        return ("PARTY", account.party_id)
    return (account.company_code, account.customer_id)


def run_subsequent_receipts(
    settings: Settings, *, company_code: str | None, as_of: date, until: date, language: Language, out: Path
) -> int:
    """Write what became of the items open at the end of `as_of` as one workbook.

    Raises:
        NoRelease: nothing has been published.
        DocumentError: days that are not covered, an unknown company, an item that does not close.
        OrchestrationError: `out` is not an .xlsx file in a folder.
    """
    if out.suffix.lower() != ".xlsx":
        raise OrchestrationError(f"{out} is no workbook", fix="name a file that ends in .xlsx")
    with current_release(settings.home) as connection:
        release = reading.open_release(connection)
        outcomes = subsequent_receipts(
            connection, release=release, as_of=as_of, until=until, company_code=company_code
        )
    document = subsequent_document(outcomes, release=release, as_of=as_of, until=until, language=language)
    make_folder(out.absolute().parent)
    write_whole(out, RENDERERS["xlsx"](document))
    print(out)
    print(f"{len(outcomes)} items open at the end of {as_of}, followed to {until}", file=sys.stderr)
    return 0
