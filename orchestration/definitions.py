"""Entry point of Dagster: `dagster ... -m orchestration.definitions`."""

from orchestration.build import build_definitions

defs = build_definitions()
