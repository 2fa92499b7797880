"""The values that landing passes around and reports.

Belongs here: deliveries, loads, refusals and the report, as frozen values. Must not: any reading or writing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

from ingest.printable import LONGEST_MESSAGE, printable

STORED_MOMENT = "%Y-%m-%d %H:%M:%S.%f"


def to_text(moment: datetime) -> str:
    """A moment as stored: naive UTC text of fixed width, so that text order is time order."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.astimezone(UTC).strftime(STORED_MOMENT)


def to_moment(text: str) -> datetime:
    """The aware UTC moment of a stored text."""
    return datetime.strptime(text, STORED_MOMENT).replace(tzinfo=UTC)


@dataclass(frozen=True)
class FileFault:
    """Why a file may not be read, and what to do; its delivery is refused."""

    reason_code: str
    reason: str
    fix: str


@dataclass(frozen=True)
class DeliveredFile:
    """One file of a delivery. `name` is its path relative to the folder of `arrears.yml`, where it lies inside.

    With a `fault` nothing of its content is known. `is_unfinished`: its writer is still at work, so that its delivery
    waits for the next refresh.
    """

    path: Path
    name: str
    content_hash: str
    size: int
    modified_ns: int
    fault: FileFault | None = None
    is_unfinished: bool = False


@dataclass(frozen=True)
class Control:
    """What the source says a delivery holds: records, and the sum of the entity's amount column as written."""

    rows: int
    amount: Decimal | None


@dataclass(frozen=True)
class Delivery:
    """All files of one (source, entity, extraction time)."""

    source: str
    entity: str
    extracted_at: datetime
    business_date: date
    files: tuple[DeliveredFile, ...]
    control: Control | None = None

    @property
    def label(self) -> str:
        """How messages name it."""
        return f"{self.source} {self.entity} of {self.extracted_at:%Y-%m-%d %H:%M} UTC"


@dataclass(frozen=True)
class Load:
    """One accepted delivery, as the manifest keeps it."""

    load_id: int
    source: str
    entity: str
    mode: str
    extracted_at: datetime
    known_at: datetime
    landed_at: datetime
    business_date: date
    is_required: bool
    content_hash: str
    path: str | None
    columns: tuple[str, ...]
    rows_read: int = 0
    rows_landed: int = 0
    rows_unchanged: int = 0
    rows_collapsed: int = 0
    rows_rejected: int = 0
    rows_tombstoned: int = 0
    amount_rejected: Decimal = Decimal(0)
    verdict: str | None = None
    file_count: int = 0

    @property
    def is_without_rejects(self) -> bool:
        """Every record was accepted once."""
        return not self.rows_rejected and not self.rows_collapsed


@dataclass(frozen=True)
class RejectedRow:
    """One row in quarantine. `record` is the row as JSON without private columns."""

    source: str
    entity: str
    file: str
    row: int | None
    reason_code: str
    column_name: str | None
    original_text: str | None
    record: str | None
    company_code: str | None
    amount: Decimal | None
    currency: str | None
    load_id: int | None = None
    known_at: datetime | None = None


def rejected_file(delivery: Delivery, *, file: str, reason_code: str, reason: str) -> RejectedRow:
    """A file as a whole among the rejected rows of its delivery, so that it is listed by its name."""
    return RejectedRow(
        source=delivery.source,
        entity=delivery.entity,
        file=file,
        row=None,
        reason_code=reason_code,
        column_name=None,
        original_text=printable(reason.removeprefix(f"{file}: "), longest=LONGEST_MESSAGE),
        record=None,
        company_code=None,
        amount=None,
        currency=None,
    )


@dataclass(frozen=True)
class Verdict:
    """What the front door says of one delivery. `text` is kept in the manifest, `problems` are the critical ones."""

    is_accepted: bool
    text: str
    problems: tuple[str, ...] = ()


@dataclass(frozen=True)
class Refusal:
    """A delivery that landed nothing, why, and what to do."""

    source: str
    entity: str
    extracted_at: datetime
    required: bool
    reason_code: str
    reason: str
    fix: str


class DeliveryRefused(Exception):
    """Raised inside landing when a delivery must not land; becomes a Refusal."""

    def __init__(
        self, reason_code: str, reason: str, *, fix: str, rejected: tuple[RejectedRow, ...] = ()
    ) -> None:
        # names of columns and what a bank writes may be in it
        super().__init__(printable(reason, longest=LONGEST_MESSAGE))
        self.reason_code = reason_code
        self.fix = printable(fix, longest=LONGEST_MESSAGE)
        self.rejected = rejected


@dataclass(frozen=True)
class LandingReport:
    """What one run of landing did."""

    loads: tuple[Load, ...] = ()
    refused: tuple[Refusal, ...] = ()
    warnings: tuple[str, ...] = ()
    rejected_reasons: Mapping[str, int] = field(default_factory=dict)

    @property
    def rejected_row_count(self) -> int:
        """Rows quarantined in the loads of this run."""
        return sum(load.rows_rejected for load in self.loads)

    @property
    def is_nothing_new(self) -> bool:
        """No delivery was landed."""
        return not self.loads

    @property
    def has_required_refusal(self) -> bool:
        """A delivery of a required source was refused, so nothing may be published."""
        return any(refusal.required for refusal in self.refused)
