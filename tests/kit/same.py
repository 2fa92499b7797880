"""The same books told by two sources, as two companies of one release: where their rows differ.

Belongs here: reading one relation of two companies so that equal rows are equal. Must not: which columns may differ.
"""

from collections.abc import Collection, Mapping
from typing import Any

from tests.kit.warehouse import Warehouse


def differing_rows(
    books: Warehouse,
    relation: str,
    company: str,
    other: str,
    *,
    left_out: Collection[str] = (),
    meant: Mapping[str, str] | None = None,
    where: str = "true",
) -> list[dict[str, Any]]:
    """Up to three rows that either company has more often than the other.

    The code of the company is taken out of every id that begins with it, and out of the codes of its affiliates
    (C1-EU of C1); provenance is not compared.

    Args:
        left_out: columns that may differ.
        meant: the expression that is compared, for a column that is not compared as it stands.
        where: the rows that are compared.

    Raises:
        AssertionError: one of them has no rows, so that equal would mean nothing.
    """
    described = books.query(
        "select column_name, data_type from duckdb_columns() where schema_name = 'marts' and table_name = $1",
        [relation],
    )
    columns = {
        row["column_name"]: row["data_type"]
        for row in described
        if not row["column_name"].startswith("_") and row["column_name"] not in {"company_code", *left_out}
    }

    def rows_of(code: str) -> str:
        values = []
        for name, data_type in columns.items():
            value = (meant or {}).get(name, name)
            if data_type == "VARCHAR":
                value = f"regexp_replace({value}, '^{code}([|]|-[A-Z]+$)', '*\\1')"
            values.append(f"{value} as {name}")
        return f"select {', '.join(values)} from marts.{relation} where company_code = '{code}' and {where}"

    for code in (company, other):
        count = books.query(f"select count(*) as n from ({rows_of(code)})")[0]["n"]
        assert count > 0, f"{relation} has no rows of {code}"
    one, another = rows_of(company), rows_of(other)
    return books.query(
        f"(({one}) except all ({another}) limit 3) union all (({another}) except all ({one}) limit 3)"
    )
