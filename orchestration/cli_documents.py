"""`arrears statement`, `subsequent-receipts` and `provision`: what they are asked, and their dispatch.

Belongs here: arguments of the commands that write documents. Must not: the commands themselves (`commands/`).
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from ingest.settings import Settings, load_settings
from orchestration.configuration import configuration_path
from orchestration.moments import required_day


def settings_of(parsed: argparse.Namespace) -> Settings:
    """The configuration that a command was given."""
    return load_settings(configuration_path(parsed.config))


def add_document_commands(add: Callable[..., argparse.ArgumentParser]) -> None:
    """`arrears statement`, `subsequent-receipts` and `provision`: documents of the current release."""
    statement = add("statement", _statement, "statements of account as files to send, XLSX and PDF")
    statement.add_argument("--company", metavar="CODE")
    statement.add_argument("--customer", metavar="ID", help="as the ERP writes it; needs --company")
    whose = statement.add_mutually_exclusive_group()
    for option, selection, text in (
        ("--all", "all", "every customer with a balance, of --company or of all"),
        ("--all-overdue", "all_overdue", "every customer with something overdue"),
    ):
        whose.add_argument(option, dest="selection", action="store_const", const=selection, help=text)
    statement.add_argument("--from", dest="first_day", required=True, metavar="DATE")
    statement.add_argument("--to", dest="last_day", required=True, metavar="DATE")
    statement.add_argument(
        "--party",
        action="store_true",
        help="the ids that the crosswalk says are one customer in one file, each with its own balance",
    )
    statement.add_argument("--format", default="xlsx,pdf", metavar="xlsx,pdf")
    statement.add_argument(
        "--auditor",
        action="store_true",
        help="with functional amounts, source rows and the proof; not for the customer",
    )
    statement.add_argument("--out", type=Path, required=True, metavar="DIR")
    subsequent = add(
        "subsequent-receipts",
        _subsequent_receipts,
        "what became of the items open on a day: receipts after it, XLSX",
    )
    subsequent.add_argument("--company", metavar="CODE")
    subsequent.add_argument("--as-of", required=True, metavar="DATE")
    subsequent.add_argument("--until", required=True, metavar="DATE")
    subsequent.add_argument("--out", type=Path, required=True, metavar="FILE.xlsx")
    provision = add(
        "provision",
        _provision,
        "the workpaper of the expected credit loss, XLSX with formulas and a summary as PDF",
    )
    provision.add_argument("--company", metavar="CODE", help="default: all of them in one workpaper")
    provision.add_argument("--format", default="xlsx,pdf", metavar="xlsx,pdf")
    provision.add_argument("--out", type=Path, required=True, metavar="DIR")
    for command in (statement, subsequent, provision):
        command.add_argument(
            "--language", choices=("zh", "en"), help="default: that of the dashboard in arrears.yml"
        )


def _statement(parsed: argparse.Namespace) -> int:
    from orchestration.commands.files import parse_formats
    from orchestration.commands.statement import run_statement

    settings = settings_of(parsed)
    return run_statement(
        settings,
        company_code=parsed.company,
        customer_id=parsed.customer,
        selection=parsed.selection,
        first_day=required_day(parsed.first_day),
        last_day=required_day(parsed.last_day),
        language=parsed.language or settings.dashboard.language,
        copy="auditor" if parsed.auditor else "customer",
        formats=parse_formats(parsed.format),
        is_party=parsed.party,
        out=parsed.out,
    )


def _subsequent_receipts(parsed: argparse.Namespace) -> int:
    from orchestration.commands.statement import run_subsequent_receipts

    settings = settings_of(parsed)
    return run_subsequent_receipts(
        settings,
        company_code=parsed.company,
        as_of=required_day(parsed.as_of),
        until=required_day(parsed.until),
        language=parsed.language or settings.dashboard.language,
        out=parsed.out,
    )


def _provision(parsed: argparse.Namespace) -> int:
    from orchestration.commands.files import parse_formats
    from orchestration.commands.provision import run_provision

    settings = settings_of(parsed)
    return run_provision(
        settings,
        company_code=parsed.company,
        language=parsed.language or settings.dashboard.language,
        formats=parse_formats(parsed.format),
        out=parsed.out,
    )
