"""The warehouse as a reader meets it: one refresh, then SQL on the published release.

Belongs here: running the pipeline and reading published relations into typed rows. Must not: arithmetic on money
beyond sums of published figures, or anything a release does not publish.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

ZERO = Decimal("0.00")
FOREVER = datetime.fromisoformat("9999-12-31")

Day = date | str
Moment = datetime | date | str


class RefreshFailed(AssertionError):
    """The pipeline did not publish; the message holds its own words."""


@dataclass(frozen=True)
class OpenItem:
    """One row of `open_items_as_of` or `open_items_as_known`."""

    open_item_id: str
    company_code: str
    customer_id: str
    item_kind: str
    document_id: str
    instalment_no: int | None
    due_date: date | None
    days_past_due: int | None
    currency: str
    document: Decimal
    functional: Decimal | None

    @property
    def is_open(self) -> bool:
        return self.document != 0 or bool(self.functional)


@dataclass(frozen=True)
class Movement:
    """One row of `fct_receivable_movement`."""

    open_item_id: str
    company_code: str
    effective_date: date
    kind: str
    document: Decimal
    functional: Decimal | None
    allocation_id: str | None
    receivable_class: str
    known_from: datetime
    known_to: datetime

    @property
    def is_current(self) -> bool:
        return self.known_to >= FOREVER

    def is_known(self, moment: datetime) -> bool:
        return self.known_from <= moment < self.known_to

    @property
    def item(self) -> str:
        """The id inside the company: `INV1`, or `INV1#2` for instalment 2."""
        return short_item(self.open_item_id)


def short_item(open_item_id: str) -> str:
    """`CN01|D|INV1|2` as `INV1#2`, `CN01|D|INV1|1` as `INV1`, `CN01|R|R1` as `R1`, its bill `CN01|B|R1|1` as `R1:1`."""
    _, kind, *rest = open_item_id.split("|")
    if kind == "B":
        return ":".join(rest)
    if kind == "D" and rest[1] != "1":
        return f"{rest[0]}#{rest[1]}"
    return rest[0]


@dataclass
class Warehouse:
    """A published release, opened read-only."""

    config: Path
    release: Path
    outcome: Any = None
    _connection: duckdb.DuckDBPyConnection | None = field(default=None, repr=False)

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        if self._connection is None:
            self._connection = duckdb.connect(str(self.release.resolve()), read_only=True)
        return self._connection

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def query(self, sql: str, parameters: Iterable[object] = ()) -> list[dict[str, Any]]:
        """Rows of one statement, by column name."""
        cursor = self.connection.execute(sql, list(parameters))
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def open_items(
        self,
        as_of: Day,
        *,
        known_at: Moment | None = None,
        company: str | None = None,
        with_closed: bool = False,
    ) -> list[OpenItem]:
        """Items open at the end of `as_of`, by what was known at `known_at` (default: now). A day means its end."""
        call = f"marts.open_items_as_of({_day(as_of)})"
        if known_at is not None:
            call = f"marts.open_items_as_known({_day(as_of)}, {_moment(known_at)})"
        rows = self.query(
            f"""
            select open_item_id, company_code, customer_id, item_kind, document_id, instalment_no, due_date,
                days_past_due, currency, open_amount_document, open_amount_functional
            from {call}
            where $1 is null or company_code = $1
            order by open_item_id
            """,
            [company],
        )
        items = [OpenItem(*row.values()) for row in rows]
        return items if with_closed else [item for item in items if item.is_open]

    def open_amounts(self, as_of: Day, *, company: str, known_at: Moment | None = None) -> dict[str, Decimal]:
        """Open amount in document currency per item (`INV1`, `INV1#2`, `R1`), without those that are 0."""
        items = self.open_items(as_of, known_at=known_at, company=company)
        return {short_item(item.open_item_id): item.document for item in items if item.document != 0}

    def open_functional(
        self, as_of: Day, *, company: str, known_at: Moment | None = None
    ) -> dict[str, Decimal | None]:
        """The same in functional currency."""
        items = self.open_items(as_of, known_at=known_at, company=company)
        return {short_item(item.open_item_id): item.functional for item in items}

    def days_past_due(self, as_of: Day, *, company: str) -> dict[str, int | None]:
        """Days past due per open item, by policy due date."""
        items = self.open_items(as_of, company=company)
        return {short_item(item.open_item_id): item.days_past_due for item in items}

    def total(self, as_of: Day, *, company: str, known_at: Moment | None = None) -> Decimal:
        """Sum of open document amounts (of a company with one currency)."""
        return sum(self.open_amounts(as_of, company=company, known_at=known_at).values(), ZERO)

    def aging(
        self, as_of: Day, scheme: str = "standard", *, known_at: Moment | None = None, company: str
    ) -> dict[str, Decimal]:
        """Document amount per bucket of a scheme, over all customers and currencies of the company, without zeros."""
        call = f"marts.aging_as_of({_day(as_of)}, '{scheme}')"
        if known_at is not None:
            call = f"marts.aging_as_known({_day(as_of)}, {_moment(known_at)}, '{scheme}')"
        rows = self.query(
            f"""
            select bucket, cast(sum(amount_document) as decimal(18, 2)) as amount
            from {call}
            where company_code = $1
            group by bucket
            """,
            [company],
        )
        return {row["bucket"]: row["amount"] for row in rows if row["amount"]}

    def movements(
        self, *, company: str, item: str | None = None, kind: str | None = None, current: bool = True
    ) -> list[Movement]:
        """Movements of a company in order of effect; `current` leaves out those no longer believed."""
        rows = self.query(
            """
            select open_item_id, company_code, effective_date, movement_kind, amount_document, amount_functional,
                allocation_id, receivable_class, known_from, known_to
            from marts.fct_receivable_movement
            where company_code = $1
            order by effective_date,
                case
                    when allocation_id is not null then 1
                    when movement_kind in ('billed', 'credit_note', 'cash', 'bill_received', 'refund') then 0
                    else 2
                end,
                movement_id
            """,
            [company],
        )
        movements = [Movement(*row.values()) for row in rows]
        return [
            movement
            for movement in movements
            if (item is None or movement.item == item)
            and (kind is None or movement.kind == kind)
            and (movement.is_current or not current)
        ]

    def by_class(self, as_of: Day, *, company: str) -> dict[str, Decimal]:
        """Open document amounts per receivable class by current knowledge, without zeros."""
        rows = self.query(
            f"""
            select receivable_class, cast(sum(open_amount_document) as decimal(18, 2)) as amount
            from marts.fct_open_item_balance
            where company_code = $1
                and effective_from <= {_day(as_of)} and {_day(as_of)} < effective_to
                and known_to >= timestamp '9999-12-31 00:00:00'
            group by receivable_class
            """,
            [company],
        )
        return {row["receivable_class"]: row["amount"] for row in rows if row["amount"]}

    def balances(self, as_of: Day, *, company: str) -> dict[str, Mapping[str, Any]]:
        """Rows of `fct_open_item_balance` in force on `as_of` by current knowledge, by item."""
        rows = self.query(
            f"""
            select *
            from marts.fct_open_item_balance
            where company_code = $1
                and effective_from <= {_day(as_of)} and {_day(as_of)} < effective_to
                and known_to >= timestamp '9999-12-31 00:00:00'
                and (open_amount_document <> 0 or open_amount_functional <> 0)
            """,
            [company],
        )
        return {short_item(row["open_item_id"]): row for row in rows}

    def mart_aging(self, *, company: str) -> dict[str, Mapping[str, Any]]:
        """Rows of `mart_aging` (the business date of the release), by item."""
        rows = self.query("select * from marts.mart_aging where company_code = $1", [company])
        return {short_item(row["open_item_id"]): row for row in rows}

    def tie_out(self, *, company: str) -> list[dict[str, Any]]:
        """Rows of `mart_gl_tie_out`, oldest first."""
        return self.query(
            "select * from marts.mart_gl_tie_out where company_code = $1 order by balance_date", [company]
        )

    def roll_forward(self, *, company: str) -> list[dict[str, Any]]:
        """Rows of `mart_roll_forward`, oldest first."""
        return self.query(
            "select * from marts.mart_roll_forward where company_code = $1 order by day", [company]
        )

    def metric(
        self,
        name: str,
        variant: str,
        period_end: Day,
        *,
        company: str | None = None,
        months: int | None = None,
        of: tuple[str, str] | None = None,
    ) -> dict[str, Any]:
        """The row of `mart_receivable_kpi` for a company, or for a dimension and its value."""
        dimension, value = of or ("company", company)
        rows = self.query(
            f"""
            select * from marts.mart_receivable_kpi
            where metric = $1 and variant = $2 and period_end = {_day(period_end)} and dimension = $3
                and dimension_value = $4 and window_months is not distinct from $5
            """,
            [name, variant, dimension, value, months],
        )
        assert len(rows) == 1, f"{len(rows)} rows of {name} {variant}, {months} months, {dimension} {value}"
        return rows[0]

    def restatements(self, *, company: str) -> list[dict[str, Any]]:
        """Rows of `mart_restatement` of a company."""
        return self.query("select * from marts.mart_restatement where company_code = $1", [company])

    def findings(self, rule: str, *, company: str) -> list[dict[str, Any]]:
        """Rows of `mart_data_quality` of one rule and company."""
        return self.query(
            "select * from marts.mart_data_quality where rule = $1 and company_code = $2 order by record_id",
            [rule, company],
        )

    def bucket_labels(self, scheme: str) -> dict[str, str]:
        """Chinese label per bucket of a scheme."""
        rows = self.query("select bucket, label_zh from marts.dim_aging_bucket where scheme = $1", [scheme])
        return {row["bucket"]: row["label_zh"] for row in rows}


def _day(day: Day) -> str:
    return f"date '{day if isinstance(day, str) else day.isoformat()}'"


def _moment(moment: Moment) -> str:
    if isinstance(moment, datetime):
        return f"timestamp '{moment.isoformat(sep=' ')}'"
    if isinstance(moment, str) and len(moment) > 10:
        return f"timestamp '{moment}'"
    return _day(moment)


def refresh(config: Path, *, as_of: date | None = None, known_at: datetime | None = None) -> Warehouse:
    """Run the real pipeline once and open what it published.

    Raises:
        RefreshFailed: nothing was published.
    """
    from orchestration.refresh import run_refresh

    said: list[str] = []
    outcome = run_refresh(config, as_of=as_of, known_at=known_at, progress=said.append)
    if outcome.exit_code != 0 or outcome.release_path is None:
        words = "\n".join(str(line) for line in said[-60:])
        raise RefreshFailed(f"exit {outcome.exit_code}: {outcome.message}\n{outcome.gates}\n{words}")
    return Warehouse(config=config, release=Path(outcome.release_path), outcome=outcome)
