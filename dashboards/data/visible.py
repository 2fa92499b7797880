"""The marts as one reader may see them: a catalog of views beside the release, which queries meet under the same names.

Belongs here: which rows of which relation a restriction leaves. Must not: who has which restriction (access/).

A page, an export and a macro all say `marts.<relation>`; for a restricted reader these names lead to views that hold
nothing else. So a page cannot forget the filter, and no address, filter or file gets around it. A relation that no
rule speaks of is empty: a new mart is closed until somebody opens it here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import duckdb

from dashboards.access.viewer import Restriction

RELEASE = "release"
"""Name under which the file of the release is attached."""

# Calendars, definitions, and how good predictions and rules have been: no customer, and money is left out of them.
_FOR_EVERYONE = frozenset(
    {
        "dim_aging_bucket", "dim_credit_grade", "dim_date", "dim_release", "dim_release_gate", "dim_release_load",
        "dim_scorecard", "fct_closing_rate", "mart_prediction_reliability", "mart_warning_backtest",
    }
)  # fmt: skip
_MONEY = "DECIMAL(18,2)"
# Rows that belong to a row of another relation, by these columns.
_BELONGS_TO: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "fct_instalment": ("fct_document", ("company_code", "document_id")),
    "fct_dispute": ("fct_document", ("company_code", "document_id")),
    "fct_bill_event": ("mart_bill", ("company_code", "bill_id")),
    "mart_risk_warning_step": ("mart_risk_warning", ("episode_id",)),
    "mart_risk_warning_value": ("mart_risk_warning", ("episode_id",)),
}
_ALLOCATION = "fct_allocation"


def open_for(connection: duckdb.DuckDBPyConnection, restriction: Restriction, *, catalog: str) -> None:
    """Make the catalog of a restriction beside the attached release.

    Args:
        connection: with the release attached as `RELEASE`.
        catalog: a new name; afterwards `use <catalog>` makes every query a restricted one.
    """
    connection.execute(f"attach ':memory:' as {catalog}")
    try:
        with connection.cursor() as cursor:
            cursor.execute(f"use {catalog}")
            _fill(cursor, restriction)
    except (duckdb.Error, LookupError):
        # half a catalog would stand in the way of the next attempt, and hide why this one failed
        connection.execute(f"detach {catalog}")
        raise


def _fill(cursor: duckdb.DuckDBPyConnection, restriction: Restriction) -> None:
    cursor.execute("create schema marts")
    cursor.execute("create schema access")
    _list_customers(cursor, restriction)
    relations = _relations(cursor)
    # a view is bound when it is made: what belongs to another comes after it
    for relation in sorted(relations, key=lambda name: (name in _BELONGS_TO or name == _ALLOCATION, name)):
        columns = relations[relation]
        condition = _condition(relation, columns, restriction)
        cursor.execute(
            f"create view marts.{relation} as"
            f" select {_shown(relation, columns)} from {RELEASE}.marts.{relation} as whole where {condition}"
        )
    _copy_macros(cursor)


def _list_customers(cursor: duckdb.DuckDBPyConnection, restriction: Restriction) -> None:
    # a table, not literals in views: what somebody is called is data, never SQL
    cursor.execute(
        f"""
create table access.customer as
select company_code, customer_id, party_id
from {RELEASE}.marts.dim_customer
where
    (len(cast($companies as varchar[])) = 0 or list_contains(cast($companies as varchar[]), company_code))
    and (cast($sales_owner as varchar) is null or sales_owner = cast($sales_owner as varchar))""",
        {"companies": list(restriction.companies), "sales_owner": restriction.sales_owner},
    )
    cursor.execute(
        f"""
create table access.company as
select company_code
from {RELEASE}.marts.dim_company
where len(cast($companies as varchar[])) = 0 or list_contains(cast($companies as varchar[]), company_code)""",
        {"companies": list(restriction.companies)},
    )
    cursor.execute(
        "create table access.salesperson as select cast($sales_owner as varchar) as sales_owner",
        {"sales_owner": restriction.sales_owner},
    )


def _relations(cursor: duckdb.DuckDBPyConnection) -> dict[str, dict[str, str]]:
    """Columns of every published relation in their order, with their types."""
    rows = cursor.execute(
        f"""
select table_name, list(column_name order by column_index), list(data_type order by column_index)
from duckdb_columns()
where database_name = '{RELEASE}' and schema_name = 'marts'
group by table_name
order by table_name"""
    ).fetchall()
    return {str(name): dict(zip(columns, types, strict=True)) for name, columns, types in rows}


def _shown(relation: str, columns: Mapping[str, str]) -> str:
    """What is open to everyone says when and how often; how much, in money, is the whole group's."""
    if relation not in _FOR_EVERYONE:
        return "*"
    hidden = [
        f"cast(null as {_MONEY}) as {name}" for name, column_type in columns.items() if column_type == _MONEY
    ]
    return f"* replace ({', '.join(hidden)})" if hidden else "*"


def _condition(relation: str, columns: Mapping[str, str], restriction: Restriction) -> str:
    """SQL over `whole`: true for the rows that the restriction leaves."""
    has = frozenset(columns)
    is_own = restriction.sales_owner is not None
    if relation in _FOR_EVERYONE:
        return "true"
    if {"dimension", "dimension_value"} <= has:
        return _of_dimension(restriction)
    if "company_code" in has and (not is_own or relation == "dim_company"):
        return _matches("access.company", ("company_code",))
    if relation in _BELONGS_TO:
        parent, keys = _BELONGS_TO[relation]
        return _matches(f"marts.{parent}", keys)
    if relation == _ALLOCATION:
        return f"({_end_of_allocation('from')}) or ({_end_of_allocation('to')})"
    if {"company_code", "customer_id"} <= has:
        return _matches("access.customer", ("company_code", "customer_id"))
    if "party_id" in has:
        # what is said of a debtor as a whole stands with each of its customers
        return _matches("access.customer", ("party_id",))
    return "false"


def _of_dimension(restriction: Restriction) -> str:
    """Figures of a whole dimension: only those that are the reader's own as a whole."""
    if restriction.sales_owner is None:
        return "dimension = 'company' and dimension_value in (select company_code from access.company)"
    if restriction.companies:
        return "false"
    return "dimension = 'salesperson' and dimension_value in (select sales_owner from access.salesperson)"


def _end_of_allocation(end: str) -> str:
    return " or ".join(
        f"whole.{end}_kind = '{kind}' and exists (select 1 from marts.fct_{kind} as owner"
        f" where owner.company_code = whole.company_code and owner.{kind}_id = whole.{end}_id)"
        for kind in ("document", "receipt")
    )


def _matches(table: str, keys: Sequence[str]) -> str:
    same = " and ".join(f"visible.{key} = whole.{key}" for key in keys)
    return f"exists (select 1 from {table} as visible where {same})"


def _copy_macros(cursor: duckdb.DuckDBPyConnection) -> None:
    """The analysts' macros, made again here: those of the release read the release."""
    rows = cursor.execute(
        f"""
select function_name, parameters, macro_definition, function_type
from duckdb_functions()
where database_name = '{RELEASE}' and schema_name = 'marts' and function_type in ('macro', 'table_macro')"""
    ).fetchall()
    # a macro is bound when it is made, so one that calls another comes after it
    left = sorted(rows, key=lambda row: (row[3] == "table_macro", row[0]))
    while left:
        failed = []
        for name, parameters, definition, kind in left:
            as_table = "table " if kind == "table_macro" else ""
            try:
                cursor.execute(
                    f"create macro marts.{name}({', '.join(parameters)}) as {as_table}{definition}"
                )
            except duckdb.CatalogException:
                failed.append((name, parameters, definition, kind))
        if len(failed) == len(left):
            raise LookupError(f"macros cannot be made: {', '.join(str(row[0]) for row in failed)}")
        left = failed
