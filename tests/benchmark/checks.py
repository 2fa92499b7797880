"""What the benchmark proves beside its seconds: a delta gives what everything at once gives, nothing new does nothing.

Belongs here: comparing releases. Must not: measuring.
"""

from pathlib import Path

import duckdb

# columns that name the run, the load or a moment of the clock; everything else must be equal
OF_THE_RUN = frozenset({"release_id", "_load_id", "load_id", "landed_at"})


def differing_tables(one: Path, *, other: Path) -> list[str]:
    """Published tables that differ between two releases, with the number of rows on each side alone."""
    with duckdb.connect() as connection:
        connection.execute(f"set threads = 2; set memory_limit = '6GB'; set temp_directory = '{one.parent}'")
        connection.execute(f"attach '{one.resolve()}' as one (read_only)")
        connection.execute(f"attach '{other.resolve()}' as other (read_only)")
        listed = connection.execute("""
            select database_name, table_name, list(column_name order by column_index)
            from duckdb_columns()
            where schema_name = 'marts' and database_name in ('one', 'other') and not internal
            group by database_name, table_name
        """).fetchall()
        columns = {(database, table): names for database, table, names in listed}
        tables = sorted({table for _, table in columns})
        found = []
        for table in tables:
            mine, theirs = columns.get(("one", table)), columns.get(("other", table))
            if mine is None or mine != theirs:
                found.append(f"{table}: other columns")
                continue
            compared = ", ".join(f'"{name}"' for name in mine if name not in OF_THE_RUN)
            counts = connection.execute(f"""
                with mine as (select {compared} from one.marts."{table}"),
                theirs as (select {compared} from other.marts."{table}")
                select
                    (select count(*) from (select * from mine except all select * from theirs)),
                    (select count(*) from (select * from theirs except all select * from mine))
            """).fetchone()
            if counts != (0, 0):
                found.append(f"{table}: {counts}")
    return found
