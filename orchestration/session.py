"""One refresh, step by step, independent of who drives it.

Belongs here: the order of the steps, the lock, the run record, the verdict. Must not: Dagster (its assets call
these steps), arguments of the command line, SQL. The command line and the schedule run the same Dagster job, and
that job runs this session; so there is one way to refresh, not two.
"""

from __future__ import annotations

import sqlite3
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

from ingest.home import Home
from ingest.landing.build_input import NothingLanded
from ingest.landing.integrity import LandingDamaged
from ingest.landing.manifest import ManifestTooNew
from ingest.settings import Settings, SettingsError
from orchestration.dbt_build import DbtInvocation, refuse_killed
from orchestration.errors import DbtFailed, OrchestrationError
from orchestration.fingerprints import DBT_PROJECT, code_version, policy_hash
from orchestration.gates import (
    FRONT_DOOR,
    GateOutcome,
    gate_outcomes,
    judged,
    read_dbt_result,
    replaced,
)
from orchestration.landing_steps import BuildInput, LandingReport, LandingSteps, Progress, real_steps
from orchestration.lock import exclusive_lock
from orchestration.machine_faults import DiskFull, disk_full, explained, explaining, is_full_text
from orchestration.phases import LANDING, PREPARE, PUBLISH, Phase, dbt_phases, read_node_times, timed
from orchestration.publish import (
    Candidate,
    GatesFailed,
    candidate_file,
    current_release_id,
    prune,
    publish,
    recover,
    release_id_of,
    sweep_working_files,
)
from orchestration.records import Inputs, Records, Release, RunStatus, to_utc_text
from orchestration.release_file import release_problem
from orchestration.run_log import RunLog

EXIT_PUBLISHED, EXIT_ERROR, EXIT_REFUSED = 0, 1, 2


@dataclass(frozen=True)
class RefreshOutcome:
    """How a refresh ended.

    Args:
        exit_code: 0 published or nothing new, 2 refused (gate or required delivery), 1 an error.
        release_id: the release that is current now, None where there is none.
    """

    exit_code: int
    status: RunStatus
    message: str
    release_id: str | None = None
    release_path: Path | None = None
    gates: tuple[GateOutcome, ...] = ()


class RequiredDeliveryRefused(OrchestrationError):
    """A delivery of a required source landed nothing, so a release would silently miss it."""


@dataclass
class RefreshSession:
    """State of one refresh. Made by `refresh_session`, which holds the lock."""

    settings: Settings
    home: Home
    records: Records
    run_id: str
    log: RunLog
    steps: LandingSteps
    dbt_project: Path
    report: LandingReport | None = None
    build_input: BuildInput | None = None
    inputs: Inputs | None = None
    outcome: RefreshOutcome | None = None
    phases: list[Phase] = field(default_factory=list)
    _outcomes: tuple[GateOutcome, ...] = field(default=())
    _dbt_started_at: datetime | None = None

    # steps, in order

    def land(self) -> LandingReport:
        """Land what is new.

        Raises:
            RequiredDeliveryRefused: a delivery of a required source was refused.
        """
        with self._recording(), timed(LANDING, into=self.phases):
            self.progress("landing: looking for deliveries")
            self.report = self.steps.land(self.settings, self.log.landing)
            refused = list(self.report.refused)
            self.progress(
                f"landing: {len(self.report.loads)} loads, {self.report.rejected_row_count} rows quarantined,"
                f" {len(refused)} deliveries refused"
            )
            for warning in self.report.warnings:
                self.progress(f"  warning: {warning}")
            if self.report.has_required_refusal:
                lines = [
                    f"  {item.source} {item.entity}: {item.reason}\n    fix: {item.fix}"
                    for item in refused
                    if item.required
                ]
                raise RequiredDeliveryRefused(
                    "a delivery of a required source was refused; nothing was published\n" + "\n".join(lines),
                    fix="correct it and deliver again, or set `required: false` for a source that may lag behind",
                )
            return self.report

    def prepare(self, *, as_of: date | None, known_at: datetime | None) -> bool:
        """Open the build on what has landed.

        Returns:
            False when the newest release was made of exactly this; then nothing is left to do.
        """
        with self._recording(), timed(PREPARE, into=self.phases):
            # first: a crosswalk that is edited meanwhile is then built again, and not taken for what was built
            configuration_hash = self.settings.configuration_hash
            self.build_input = self.steps.prepare_build(self.build_file, self.settings, known_at)
            self.inputs = Inputs(
                landing_fingerprint=self.build_input.fingerprint,
                as_of=as_of or self.build_input.as_of,
                configuration_hash=configuration_hash,
                policy_hash=policy_hash(seeds=self.dbt_project / "seeds", override=self.settings.policy),
                code_version=code_version(),
            )
            newest = next(iter(self.records.releases()), None)
            if newest is None or newest.inputs != self.inputs or not self._is_served_whole(newest):
                self.progress(f"build: as of {self.inputs.as_of}, release {self.release_id} to be")
                return True
            current = current_release_id(self.home)
            message = f"nothing new: release {newest.release_id} holds exactly this"
            if current != newest.release_id:
                message += f"; current is {current} (rolled back), `arrears rollback --to {newest.release_id}` returns"
            self._finish("nothing_new", message, exit_code=EXIT_PUBLISHED)
            self.build_file.unlink(missing_ok=True)
            return False

    def _is_served_whole(self, newest: Release) -> bool:
        """Whether the newest release, and the one that readers see, can be left as they are."""
        current = current_release_id(self.home)
        if current is None:
            return False
        for release_id in dict.fromkeys((current, newest.release_id)):
            file, totals = self.home.release_file(release_id), self.records.totals(release_id)
            if problem := release_problem(file, totals=totals):
                self.progress(f"release {release_id} {problem}; it is built again")
                return False
        return True

    def invocation(self) -> DbtInvocation:
        """The dbt run of this session, still to be started."""
        inputs, build_input = self._prepared()
        self._dbt_started_at = self._dbt_started_at or datetime.now(UTC)
        policy = self.settings.policy
        variables = {
            "as_of_date": inputs.as_of.isoformat(),
            "known_at": to_utc_text(build_input.known_at),
            "reporting_currency": self.settings.reporting_currency,
            "gates": dict(self.settings.gates),
            "policy_overrides": [] if policy is None else sorted(file.stem for file in policy.glob("*.csv")),
            "release_id": self.release_id,
            "code_version": inputs.code_version,
            "policy_hash": inputs.policy_hash,
            "time_zone": self.settings.time_zone,
            "prediction": self.settings.prediction,
        }
        return DbtInvocation(
            project_dir=self.dbt_project,
            target_path=self.home.builds / f"{self.run_id}-dbt",
            build_db=self.build_file,
            candidate_db=self.candidate_file,
            temp_dir=self.home.temporary,
            threads=self.settings.dbt_threads,
            memory_limit=self.settings.memory_limit,
            variables=variables,
        )

    def judge(self, *, exit_code: int, last_lines: list[str]) -> tuple[GateOutcome, ...]:
        """Read what dbt found.

        Raises:
            GatesFailed: an error gate failed.
            DbtFailed: dbt could not do its work.
        """
        with self._recording():
            # before its results are read: what a killed dbt had written by then may be half a file
            refuse_killed(exit_code)
            if exit_code and any(is_full_text(line, home=self.home) for line in last_lines):
                raise disk_full(self.home)
            target_path = self.invocation().target_path
            assert self._dbt_started_at is not None
            self.phases += dbt_phases(
                read_node_times(target_path), started_at=self._dbt_started_at, ended_at=datetime.now(UTC)
            )
            result = read_dbt_result(target_path, exit_code=exit_code)
            outcomes = gate_outcomes(result.nodes, severities=self.settings.gates)
            # landing decides per delivery and refuses what breaks an expectation; what is left has passed
            front_door = judged(FRONT_DOOR, severities=self.settings.gates, failing=0)
            self._outcomes = replaced(outcomes, front_door)
            if any(is_full_text(node.message, home=self.home) for node in result.errors):
                raise disk_full(self.home)
            if result.errors:
                raise DbtFailed(
                    "dbt could not build:\n"
                    + "\n".join(f"  {node.name}: {node.message}" for node in result.errors),
                    fix=f"the full log is {self.invocation().target_path / 'dbt.log'}",
                )
            if any(outcome.is_blocking for outcome in self._outcomes):
                raise GatesFailed(self._outcomes, build_file=self.build_file)
            if exit_code != 0:
                raise DbtFailed(
                    f"dbt ended with code {exit_code}:\n  " + "\n  ".join(last_lines[-15:]),
                    fix=f"the full log is {self.invocation().target_path / 'dbt.log'}",
                )
            warned = [outcome for outcome in self._outcomes if outcome.status == "warned"]
            passed = sum(outcome.status == "passed" for outcome in self._outcomes)
            self.progress(f"gates: {passed} passed, {len(warned)} warned")
            for outcome in warned:
                lowered = " (lowered in arrears.yml)" if outcome.is_lowered else ""
                self.progress(f"  warning {outcome.gate}: {outcome.failing_row_count} rows{lowered}")
            return self._outcomes

    def publish(self) -> Release:
        """Prove the candidate and switch to it.

        Raises:
            PublishRefused: the previous release stays.
        """
        with self._recording(), timed(PUBLISH, into=self.phases):
            inputs, build_input = self._prepared()
            release = publish(
                Candidate(
                    run_id=self.run_id,
                    release_id=self.release_id,
                    file=self.candidate_file,
                    build_file=self.build_file,
                    inputs=inputs,
                    known_at=build_input.known_at,
                    outcomes=self._outcomes,
                    severities=dict(self.settings.gates),
                ),
                home=self.home,
                records=self.records,
                macros=self.dbt_project / "published_macros",
                keep=self.settings.keep_releases,
            )
            self._outcomes = release.gates
            self._finish(
                "published",
                f"published release {release.release_id} as of {inputs.as_of}: {self.home.published}",
                exit_code=EXIT_PUBLISHED,
            )
            sweep_working_files(self.home)
            return release

    # state

    @property
    def progress(self) -> Progress:
        """Says a line to whoever watches, and to the log of the run."""
        return self.log.say

    @property
    def build_file(self) -> Path:
        return self.home.build_file(self.run_id)

    @property
    def candidate_file(self) -> Path:
        return candidate_file(self.home, self.run_id)

    @property
    def release_id(self) -> str:
        """Id that this refresh publishes under, if it publishes."""
        if self.outcome is not None and self.outcome.status == "published" and self.outcome.release_id:
            return self.outcome.release_id
        files = (release_id_of(file) for file in self.home.releases.glob("receivables-*.duckdb"))
        return self.records.next_release_id(taken=[release_id for release_id in files if release_id])

    def _prepared(self) -> tuple[Inputs, BuildInput]:
        if self.inputs is None or self.build_input is None:
            raise OrchestrationError(
                "this step was started without landing before it",
                fix="materialise all assets together: run the job `refresh`, or `arrears refresh`",
            )
        return self.inputs, self.build_input

    def fail(self, error: BaseException) -> None:
        """Record an error that ended the refresh; the first one stands."""
        if self.outcome is not None:
            return
        if fault := explained(error, home=self.home):
            if isinstance(fault, DiskFull):
                # what this run was building is worthless now, and takes the room in which to say so
                sweep_working_files(self.home)
            # the outcome stands even if it cannot be written down; the next refresh then finds the run dead
            with suppress(sqlite3.Error):
                self._finish("failed", str(fault), exit_code=EXIT_ERROR)
        elif isinstance(error, GatesFailed):
            self._outcomes = error.outcomes
            self._finish("gate_failed", str(error), exit_code=EXIT_REFUSED)
        elif isinstance(error, RequiredDeliveryRefused):
            self._finish("refused", str(error), exit_code=EXIT_REFUSED)
        elif isinstance(
            error, (OrchestrationError, SettingsError, NothingLanded, ManifestTooNew, LandingDamaged)
        ):
            self._finish("failed", str(error), exit_code=EXIT_ERROR)
        else:
            self.log.note("".join(traceback.format_exception(error)))
            self._finish(
                "failed",
                f"{type(error).__name__}: {error}\n"
                f"  fix: the traceback is in {self.log.file}; the previous release is unchanged",
                exit_code=EXIT_ERROR,
            )

    def _finish(self, status: RunStatus, message: str, *, exit_code: int) -> None:
        current = current_release_id(self.home)
        self.outcome = RefreshOutcome(
            exit_code=exit_code,
            status=status,
            message=message,
            release_id=current,
            release_path=self.home.release_file(current) if current else None,
            gates=self._outcomes,
        )
        self.records.end_run(
            self.run_id,
            status=status,
            message=message,
            release_id=current,
            as_of=self.inputs.as_of if self.inputs else None,
            gates=self._outcomes,
        )

    @contextmanager
    def _recording(self) -> Iterator[None]:
        try:
            yield
        except BaseException as error:
            self.fail(error)
            raise


@contextmanager
def refresh_session(
    settings: Settings,
    *,
    command: str = "refresh",
    progress: Callable[[str], None] = print,
    steps: LandingSteps | None = None,
    dbt_project: Path = DBT_PROJECT,
) -> Iterator[RefreshSession]:
    """Take the lock, tidy up after dead runs, and record the run whatever happens.

    Raises:
        LockHeld: another refresh is running; nothing was touched.
        ManifestBehind: the current release is not among those recorded; no release was touched.
    """
    home = settings.home
    with explaining(home), exclusive_lock(home.ensure().lock):
        # first of all: on a full disk this is what makes the room to go on
        sweep_working_files(home)
        records = Records(home.manifest)
        for run in records.fail_dead_runs():
            progress(f"run {run.run_id} (process {run.pid}) died before it ended; recorded as failed")
        for line in recover(home, records=records):
            progress(line)
        # here as well as after a switch: who lowers keep_releases on a full disk needs the room to get that far
        if pruned := prune(home, records=records, keep=settings.keep_releases):
            progress(f"removed {', '.join(pruned)}: keep_releases is {settings.keep_releases}")
        steps = steps or real_steps()
        for orphan in steps.sweep_orphans(settings):
            progress(f"a landing file that no load owns is set aside: {orphan}")
        run_id = records.start_run(command)
        session = RefreshSession(
            settings=settings,
            home=home,
            records=records,
            run_id=run_id,
            log=RunLog(home.logs / f"{run_id}.log", say=progress),
            steps=steps,
            dbt_project=dbt_project,
        )
        try:
            yield session
        except BaseException as error:
            session.fail(error)
            raise
        finally:
            if session.outcome is None:
                session.fail(
                    OrchestrationError(
                        "the refresh ended before it had published",
                        fix="run it again; Dagster's run page shows the step that ended it",
                    )
                )
            # figures about a run that could not even be recorded as ended are not worth another error
            with suppress(sqlite3.Error):
                records.record_phases(run_id, session.phases)
