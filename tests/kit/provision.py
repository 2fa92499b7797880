"""The provision's policy in a world of tests: the shipped tables with what a case changes.

Belongs here: rows of policy_provision_rate, policy_forward_scenario and their like. Must not: expected figures.

A world has one policy for all its cases, so each case names a segment of its own.
"""

import csv
from collections.abc import Mapping
from pathlib import Path

from tests.kit.extracts import Extracts

POLICY = Path(__file__).parents[2] / "dbt" / "seeds" / "policy"


def add_policy(extracts: Extracts, table: str, /, **columns: str) -> None:
    """Add one row to a policy table of the world, which begins with the rows that are shipped."""
    with (POLICY / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        shipped = csv.DictReader(file)
        rows = extracts.policy.setdefault(table, list(shipped))
    empty = dict.fromkeys(shipped.fieldnames or (), "")
    rows.append({**empty, "policy_version": "test-1", "approved_by": "CFO", **columns})


def set_parameter(extracts: Extracts, parameter: str, value: str) -> None:
    """Give a parameter another value; those that are not named keep the shipped one."""
    extracts.policy.setdefault("policy_parameter", [])
    add_policy(extracts, "policy_parameter", parameter=parameter, value=value)


def set_rates(extracts: Extracts, segment: str, rates: Mapping[str, str], *, aging: str = "standard") -> None:
    """Rates per bucket that are meant for one segment, without a multiple and with a forward factor of 1."""
    for bucket, rate in rates.items():
        add_policy(
            extracts, "policy_provision_rate", segment=segment, aging=aging, bucket=bucket, loss_rate=rate
        )
    set_factor(extracts, segment, "1")


def set_factor(extracts: Extracts, segment: str, factor: str) -> None:
    """One scenario with this factor."""
    add_policy(
        extracts, "policy_forward_scenario", segment=segment, scenario="only", weight="1", factor=factor
    )
