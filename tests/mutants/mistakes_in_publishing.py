"""Mistakes between a build and its readers: gates, control totals, the switch, pruning.

Belongs here: orchestration/. Must not: dbt tests themselves (mistakes_in_marts.py).
"""

from tests.mutants.mutant import Mutant

PUBLISH = "orchestration/publish.py"
TESTS = "tests/orchestration/test_publish.py"
GATES = "tests/orchestration/test_gates.py"
REFRESH = "tests/orchestration/test_refresh.py"

PUBLISHING = (
    Mutant(
        name="a lowered gate fails all the same",
        file="orchestration/gates.py",
        old='found: Status = "failed" if base.severity == "error" else "warned"',
        new='found: Status = "failed" if base.severity else "warned"',
        test=f"{TESTS}::test_a_lowered_control_total_publishes_and_says_so",
        rule="gates",
    ),
    Mutant(
        name="a failed gate blocks only where it was lowered",
        file="orchestration/gates.py",
        old='return self.status == "failed" and self.severity == "error"',
        new='return self.status == "failed" and self.severity != "error"',
        test=f"{GATES}::test_tests_of_one_gate_are_one_outcome_the_worst_with_rows_summed",
        rule="gates",
    ),
    Mutant(
        name="of the tests of a gate the best result counts",
        file="orchestration/gates.py",
        old="status=min(known.status, new.status, key=_WORST_FIRST.index),",
        new="status=max(known.status, new.status, key=_WORST_FIRST.index),",
        test=f"{GATES}::test_tests_of_one_gate_are_one_outcome_the_worst_with_rows_summed",
        rule="gates",
    ),
    Mutant(
        name="a failing test without a gate is overlooked",
        file="orchestration/gates.py",
        old="            ungated.extend([outcome] if found else [])",
        new="            ungated.extend([outcome] if not found else [])",
        test=f"{GATES}::test_a_failing_test_without_a_gate_blocks_under_its_own_name",
        rule="gates",
    ),
    Mutant(
        name="control totals are compared and nobody looks",
        file=PUBLISH,
        old="CONTROL_TOTAL, severities=candidate.severities, failing=len(differences), where=differences",
        new="CONTROL_TOTAL, severities=candidate.severities, failing=0, where=differences",
        test=f"{TESTS}::test_unequal_control_totals_leave_the_last_release_in_place",
        rule="control total",
    ),
    Mutant(
        name="a build is published although a gate failed",
        file=PUBLISH,
        old="    if any(outcome.is_blocking for outcome in outcomes):",
        new="    if all(outcome.is_blocking for outcome in outcomes):",
        test=f"{TESTS}::test_a_failed_gate_is_never_published",
        rule="gates",
    ),
    Mutant(
        name="the finished file is not compared with what was written",
        file="orchestration/candidate.py",
        old="    if found != expected:",
        new="    if found is None:",
        test=f"{TESTS}::test_a_finished_file_that_holds_something_else_is_not_switched_to",
        rule="publish",
    ),
    Mutant(
        name="the link is switched before the file has its name",
        file=PUBLISH,
        old="    candidate.file.rename(final)",
        new="    switch_to(final, home=home); candidate.file.rename(final)",
        test=f"{TESTS}::test_the_link_is_switched_only_to_a_file_that_stands_under_its_name",
        rule="T45",
    ),
    Mutant(
        name="a killed publisher's release is confirmed although it was not switched to",
        file=PUBLISH,
        old="        if release.release_id == current:",
        new="        if release.release_id != current:",
        test=f"{TESTS}::test_a_publisher_killed_before_the_switch_is_undone",
        rule="T45",
    ),
    Mutant(
        name="pruning deletes the current release",
        file=PUBLISH,
        old="if release_id != current]",
        new="if release_id]",
        test=f"{TESTS}::test_pruning_spares_the_current_release_however_old_it_is",
        rule="publish",
    ),
    Mutant(
        name="pruning keeps one release too few",
        file=PUBLISH,
        old="with_file[max(keep, 1) :]",
        new="with_file[max(keep, 1) - 1 :]",
        test=f"{TESTS}::test_only_the_newest_releases_keep_their_file",
        rule="publish",
    ),
    Mutant(
        name="a refused delivery of a required source does not stop the refresh",
        file="orchestration/session.py",
        old="            if self.report.has_required_refusal:",
        new="            if not self.report:",
        test=f"{REFRESH}::test_a_refused_delivery_of_a_required_source_publishes_nothing",
        rule="refusal",
    ),
    Mutant(
        name="another business date is nothing new",
        file="orchestration/session.py",
        old="if newest is None or newest.inputs != self.inputs or not self._is_served_whole(newest):",
        new="if newest is None or not self._is_served_whole(newest):",
        test=f"{REFRESH}::test_any_changed_input_is_something_new",
        rule="nothing new",
    ),
)
