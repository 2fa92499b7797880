"""The list cannot rot: what each mutant changes is still there, and so is the test that it names.

Belongs here: what the files say, in milliseconds. Must not: trying mutants (`make mutants`).
"""

from collections import Counter

import pytest

from tests.mutants.__main__ import chosen_mutants
from tests.mutants.catalogue import MUTANTS
from tests.mutants.mutant import Mutant, fault_of
from tests.mutants.trial import CaseResult, judge


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_mutant_changes_one_line_that_is_there_once_and_names_a_test_that_exists(mutant: Mutant) -> None:
    assert fault_of(mutant) is None


def test_no_two_mutants_have_one_name_or_make_one_change() -> None:
    names = Counter(mutant.name for mutant in MUTANTS)
    changes = Counter((mutant.file, mutant.old, mutant.new) for mutant in MUTANTS)
    assert [found for found, count in (*names.items(), *changes.items()) if count > 1] == []


def test_a_subset_is_chosen_by_number_or_by_a_part_of_a_name_or_file() -> None:
    assert [number for number, _ in chosen_mutants(["2", "1"])] == [1, 2]
    assert [mutant.name for _, mutant in chosen_mutants(["inverse rate"])] == [
        "an inverse rate is not inverted"
    ]
    assert {mutant.file for _, mutant in chosen_mutants(["mart_restatement"])} == {
        "dbt/models/marts/mart_restatement.sql"
    }


@pytest.mark.parametrize(
    ("status", "why", "verdict"),
    [
        ("passed", "", "survived"),
        ("failed", "AssertionError: assert {} == {'INV1': 1}", "killed"),
        ("failed", "Failed: DID NOT RAISE <class 'PublishRefused'>", "killed"),
        ("failed", "IndexError: list index out of range", "error"),
        ("error", "failed on setup with tests.kit.warehouse.RefreshFailed", "error"),
        ("skipped", "the shared data is not there", "error"),
    ],
)
def test_a_mutant_is_killed_by_what_a_test_asserts_and_by_nothing_else(
    status: str, why: str, verdict: str
) -> None:
    assert judge([CaseResult("test_x", status, why)])[0] == verdict


def test_one_failing_case_of_a_parametrised_test_is_enough() -> None:
    cases = [CaseResult("test_x[1]", "passed"), CaseResult("test_x[2]", "failed", "assert 1 == 2")]
    assert judge(cases)[0] == "killed"
