"""What the release is and what its tables and metrics mean.

Belongs here: the release's own record and its published descriptions. Must not: figures of customers.
"""

from __future__ import annotations

from dashboards.data.release import Release, Row, fetch

# the metric catalogue of docs/analyst_guide.md: metric, its variants, and the windows in months that each has
METRICS: dict[str, dict[str, tuple[int, ...]]] = {
    "dso": {"ending": (1, 3, 12), "average": (3, 12), "with_bills": (1, 3, 12), "net_of_tax": (1, 3, 12),
            "countback": (), "countback_with_bills": (), "sales_weighted": ()},
    "best_possible_dso": {"ending": (1, 3, 12)},
    "average_days_delinquent": {"ending": (1, 3, 12)},
    "collection_effectiveness_index": {"standard": (1, 3, 12), "write_off_adjusted": (1, 3, 12)},
    "receivable_turnover": {"billed": (12,), "net_of_tax": (12,)},
    "turnover_days": {"billed_360": (12,), "billed_365": (12,), "net_of_tax_360": (12,), "net_of_tax_365": (12,)},
    "days_to_pay": {"weighted": (3, 12), "simple": (3, 12), "median": (3, 12), "p90": (3, 12)},
    "days_of_terms": {"weighted": (3, 12)},
    "days_late": {"weighted": (3, 12), "simple": (3, 12), "median": (3, 12), "p90": (3, 12)},
    "overdue_rate": {"net": (), "gross": (), "by_count": ()},
    "current_rate": {"gross": (), "net": ()},
    "over_90_rate": {"gross": ()},
    "disputed_rate": {"of_overdue": ()},
    "unapplied_cash_rate": {"gross": ()},
    "unapplied_cash_age": {"weighted": ()},
    "due_collection_rate": {"applied": (1,)},
    "collection_rate": {"all_cash": (1, 3, 12)},
    "bad_debt_ratio": {"vintage": (12,), "to_average_receivable": (12,)},
    "recovery_rate": {"of_written_off": (12,)},
    "allowance_rate": {"booked": ()},
}  # fmt: skip
# figures that are no metrics of a period
TERMS = (
    "receivables", "sales", "overdue", "net_overdue", "exposure", "utilisation", "headroom", "uncovered", "breach",
    "herfindahl", "where_days_go", "overdue_range", "late_interest", "limitation", "restatement", "release", "as_of",
    "as_known",
)  # fmt: skip


def header(release: Release) -> Row:
    """The record of the release itself."""
    return fetch(release, "select * from marts.dim_release order by known_at desc limit 1")[0]


def relations(release: Release) -> list[Row]:
    """Published tables with their description and number of columns."""
    return fetch(
        release,
        """
select tables.table_name as relation, any_value(tables.comment) as description,
    count(columns.column_name) as column_count
from duckdb_tables() as tables
inner join duckdb_columns() as columns
    on tables.database_oid = columns.database_oid and tables.table_oid = columns.table_oid
where tables.schema_name = 'marts'
group by tables.table_name
order by tables.table_name""",
    )


def columns(release: Release, *, relation: str) -> list[Row]:
    """Columns of one published table with type and description, in order."""
    return fetch(
        release,
        """
select columns.column_name, columns.data_type, columns.comment as description
from duckdb_columns() as columns
inner join duckdb_tables() as tables
    on tables.database_oid = columns.database_oid and tables.table_oid = columns.table_oid
where tables.schema_name = 'marts' and tables.table_name = $relation
order by columns.column_index""",
        relation=relation,
    )
