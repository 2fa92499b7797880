"""`arrears`: the command line.

Belongs here: arguments, dispatch, exit codes, and turning errors that a user can act on into one message. Must not:
the commands themselves (`commands/`). Heavy libraries are imported by the command that needs them.

Exit codes: 0 done (published, or nothing new), 2 refused (a gate failed, or a required delivery; nothing was
published) or wrong arguments, 1 an error.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from ingest.home import HomeNotSet
from ingest.settings import SettingsError
from orchestration.cli_documents import add_document_commands, settings_of
from orchestration.commands.output import FORMATS
from orchestration.configuration import CONFIG_VARIABLE, configuration_path
from orchestration.errors import OrchestrationError
from orchestration.moments import parse_day, parse_moment

Command = Callable[[argparse.Namespace], int]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    # every figure of a release is a function of its inputs; no library of ours should call home about it
    os.environ.setdefault("DAGSTER_DISABLE_TELEMETRY", "1")
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    parsed = _parser().parse_args(arguments)
    command: Command = parsed.run
    try:
        return command(parsed)
    except _errors_with_a_fix() as error:
        print(f"arrears: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("arrears: interrupted; the previous release is unchanged", file=sys.stderr)
        return 1
    except BrokenPipeError:
        # the reader of our output (`head`) has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    # the edge of the process: only a fault of the machine is told in its own words, anything else goes on as it is
    except Exception as error:
        fault = _machine_fault(error, parsed)
        if fault is None:
            raise
        print(f"arrears: {fault}", file=sys.stderr)
        return 1


def _machine_fault(error: Exception, parsed: argparse.Namespace) -> OrchestrationError | None:
    """A full disk or a damaged database, met by a command that works on a home."""
    from orchestration.machine_faults import explained

    return explained(error, home=settings_of(parsed).home) if "config" in parsed else None


def _errors_with_a_fix() -> tuple[type[Exception], ...]:
    # asked for only when something was raised: landing takes a second to import
    from documents.errors import DocumentError
    from ingest.landing.build_input import NothingLanded
    from ingest.landing.integrity import LandingDamaged
    from ingest.landing.manifest import ManifestTooNew

    return (
        *(OrchestrationError, DocumentError, SettingsError, HomeNotSet),
        *(ManifestTooNew, NothingLanded, LandingDamaged),
    )


def _refresh(parsed: argparse.Namespace) -> int:
    from orchestration.refresh import run_refresh

    outcome = run_refresh(
        configuration_path(parsed.config),
        as_of=parse_day(parsed.as_of),
        known_at=parse_moment(parsed.known_at),
        progress=_say,
    )
    print(
        outcome.message if outcome.exit_code == 0 else f"arrears: {outcome.message}",
        file=sys.stdout if outcome.exit_code == 0 else sys.stderr,
    )
    return outcome.exit_code


def _say(line: str) -> None:
    print(line, flush=True)


def _simulate(parsed: argparse.Namespace) -> int:
    from orchestration.commands.simulate import run_simulate

    return run_simulate(
        parsed.out,
        scale=parsed.scale,
        seed=parsed.seed,
        dialect=parsed.dialect,
        documents=parsed.documents,
        mishaps=parsed.mishaps,
    )


def _status(parsed: argparse.Namespace) -> int:
    from orchestration.commands.status import run_status

    return run_status(settings_of(parsed), output=parsed.format)


def _rejects(parsed: argparse.Namespace) -> int:
    from orchestration.commands.landing import list_rejects

    return list_rejects(settings_of(parsed), source=parsed.source, entity=parsed.entity, output=parsed.format)


def _replay(parsed: argparse.Namespace) -> int:
    from orchestration.commands.landing import run_replay

    return run_replay(
        settings_of(parsed),
        source=parsed.source,
        entity=parsed.entity,
        accept_lost_keys=parsed.accept_lost_keys,
        accept_rejected_share=parsed.accept_rejected_share,
        output=parsed.format,
    )


def _releases(parsed: argparse.Namespace) -> int:
    from orchestration.commands.reading import list_releases

    return list_releases(settings_of(parsed), output=parsed.format)


def _rollback(parsed: argparse.Namespace) -> int:
    from orchestration.commands.reading import roll_back

    return roll_back(settings_of(parsed), to=parsed.to, output=parsed.format)


def _query(parsed: argparse.Namespace) -> int:
    from orchestration.commands.reading import run_query

    return run_query(settings_of(parsed), parsed.sql, output=parsed.format)


def _crosswalk(parsed: argparse.Namespace) -> int:
    from orchestration.commands.crosswalk import run_crosswalk

    return run_crosswalk(settings_of(parsed), out=parsed.out, output=parsed.format)


def _doctor(parsed: argparse.Namespace) -> int:
    from orchestration.commands.doctor import run_doctor

    return run_doctor(parsed.config, output=parsed.format)


def _up(parsed: argparse.Namespace) -> int:
    from orchestration.commands.up import run_up

    return run_up(settings_of(parsed), dagster_port=parsed.dagster_port, dashboard_port=parsed.dashboard_port)


def _profile_new(parsed: argparse.Namespace) -> int:
    from orchestration.commands.profile import draft_folder, new_profile, own_profiles

    own = own_profiles(parsed.config)
    folder = draft_folder(parsed.out, config=parsed.config, own=own)
    return new_profile(parsed.file, name=parsed.name, folder=folder, has_own=own == folder)


def _profile_check(parsed: argparse.Namespace) -> int:
    from orchestration.commands.profile import check_profile, own_profiles

    return check_profile(
        parsed.profile,
        parsed.file,
        own=own_profiles(parsed.config),
        constants=parsed.constant,
        output=parsed.format,
    )


def _profile_list(parsed: argparse.Namespace) -> int:
    from orchestration.commands.profile import list_profiles, own_profiles

    return list_profiles(own=own_profiles(parsed.config), output=parsed.format)


def _backtest(parsed: argparse.Namespace) -> int:
    from orchestration.commands.backtest import run_backtest

    return run_backtest(settings_of(parsed), part=parsed.part, output=parsed.format)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="arrears", description="A receivables warehouse, from extract to figure."
    )
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    def add(
        name: str, run: Command, text: str, *, config: bool = True, formats: bool = False
    ) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=text, description=text)
        command.set_defaults(run=run)
        if config:
            command.add_argument(
                "--config", type=Path, metavar="FILE", help=f"default: ./arrears.yml, else ${CONFIG_VARIABLE}"
            )
        if formats:
            command.add_argument("--format", choices=FORMATS, default="table")
        return command

    refresh = add("refresh", _refresh, "land, build, check and publish")
    refresh.add_argument(
        "--as-of", metavar="DATE", help="business date of the marts; default: what all sources cover"
    )
    refresh.add_argument(
        "--known-at", metavar="TIME", help="build from what was known then; a date means its end"
    )

    simulate = add("simulate", _simulate, "write extracts of the demo company, with its truth", config=False)
    simulate.add_argument("--out", type=Path, required=True, metavar="DIR")
    simulate.add_argument("--scale", choices=("small", "medium", "large"), default="small")
    simulate.add_argument("--seed", type=int, default=1, metavar="N")
    simulate.add_argument(
        "--documents", type=int, default=None, metavar="N", help="size of scale large; default: 10 million"
    )
    simulate.add_argument(
        "--dialect",
        default="generic",
        metavar="NAME",
        help="the system whose exports the ERPs write: kingdee, sap, odoo, ... (docs/sources.md); default: generic",
    )
    simulate.add_argument(
        "--mishaps", action="store_true", help="with dumps that must be refused, and corrections for later"
    )

    add("status", _status, "what is published, how fresh, and the headline figures", formats=True)
    for name, run, text in (
        ("rejects", _rejects, "rows in quarantine, with reason, file and record"),
        ("replay", _replay, "read deliveries with rejected rows, or refused ones, again"),
    ):
        command = add(name, run, text, formats=True)
        command.add_argument("--source", metavar="NAME")
        command.add_argument("--entity", metavar="NAME")
    command.add_argument(
        "--accept-lost-keys",
        action="store_true",
        help="the dump really is that small: what is gone is deleted",
    )
    command.add_argument(
        "--accept-rejected-share",
        action="store_true",
        help="land what is good although many rows are rejected",
    )

    add("releases", _releases, "every release, newest first", formats=True)
    rollback = add("rollback", _rollback, "switch back to an older release", formats=True)
    rollback.add_argument("--to", metavar="RELEASE", help="default: the one before the current")
    query = add("query", _query, "one statement on the current release, read-only", formats=True)
    query.add_argument("sql", metavar="SQL")
    crosswalk = add(
        "crosswalk",
        _crosswalk,
        "customers under several ids that may be one, for you to decide",
        formats=True,
    )
    crosswalk.add_argument(
        "--out", type=Path, metavar="FILE", help="add what is not in this CSV file yet; decisions are kept"
    )
    add_document_commands(add)
    backtest = add(
        "backtest", _backtest, "what warnings and predictions were worth on whatever has landed", formats=True
    )
    backtest.add_argument("--part", choices=("warnings", "predictions"), help="default: both")
    add(
        "doctor",
        _doctor,
        "versions, paths, lock, disk and configuration, with the fix for each finding",
        formats=True,
    )
    _add_profile_commands(add("profile", _profile_list, "describe a source of your own", config=False))
    up = add("up", _up, "Dagster and the dashboard together, on loopback, until Ctrl-C")
    up.add_argument("--dagster-port", type=int, default=3000, metavar="PORT")
    up.add_argument("--dashboard-port", type=int, default=8501, metavar="PORT")
    return parser


def _add_profile_commands(profile: argparse.ArgumentParser) -> None:
    """`arrears profile new|check|list`: none of them works on a home."""
    commands = profile.add_subparsers(title="commands", required=True, metavar="COMMAND")
    for name, run, text in (
        (
            "new",
            _profile_new,
            "write the draft of a profile for an unknown file, its guesses and doubts marked",
        ),
        ("check", _profile_check, "try a profile on a file: rows accepted, rows set aside and why"),
        ("list", _profile_list, "profiles that a source may name"),
    ):
        command = commands.add_parser(name, help=text, description=text)
        command.set_defaults(run=run)
        command.add_argument(
            "--config", type=Path, metavar="FILE", help="arrears.yml, for its folder of own profiles"
        )
        if name == "check":
            command.add_argument("profile", metavar="NAME|FILE.yml")
            command.add_argument(
                "--constant",
                action="append",
                default=[],
                metavar="COLUMN=VALUE",
                help="as the source gives it",
            )
        if name != "list":
            command.add_argument("file", type=Path, metavar="FILE")
        if name == "new":
            command.add_argument("--name", metavar="NAME", help="default: after the file")
            command.add_argument(
                "--out",
                type=Path,
                metavar="DIR",
                help="default: that of own profiles with --config, else here",
            )
        else:
            command.add_argument("--format", choices=FORMATS, default="table")


if __name__ == "__main__":
    sys.exit(main())
