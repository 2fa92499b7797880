"""Orchestration: from landed extracts to one published release, and the `arrears` command line.

Belongs here: the Dagster graph, running dbt, gates, publishing, the run records, the lock, the command line.
Must not: money logic (that is SQL under `dbt/`), parsing of extracts (`ingest`), pages (`dashboards`).
"""
