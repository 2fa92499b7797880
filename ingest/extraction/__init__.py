"""Extraction: a database becomes files, and the files are landed like any other delivery.

Belongs here: one read-only snapshot of a database, written as text into Parquet files that never change. Must not: know
what a column means (profiles), or land anything. A figure is followed to a file and a record of it, whatever the
database says today, and a replay reads the files again.
"""

from ingest.extraction.failure import PullFailed
from ingest.extraction.files import PullRecord, TableRecord, newest_pull
from ingest.extraction.pulling import Pulled, pull, pull_source
from ingest.extraction.queries import Incremental, Query, QueryError

__all__ = [
    "Incremental",
    "PullFailed",
    "PullRecord",
    "Pulled",
    "Query",
    "QueryError",
    "TableRecord",
    "newest_pull",
    "pull",
    "pull_source",
]
