"""Dashboards: read-only pages on the published release.

Belongs here: the router, the pages, their queries, their words. Must not: write to the warehouse, import the
orchestration, or compute money outside SQL.
"""
