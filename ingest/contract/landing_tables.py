"""Tables of the schema `landing` that are not entities: what a build is told about its loads and its companies.

Belongs here: their names, columns, types and descriptions, once. Must not: filling them (`ingest.landing`).
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class TableColumn:
    """One column of a fixed table."""

    name: str
    duckdb_type: str
    description: str


@dataclass(frozen=True)
class LandingTable:
    """One fixed table of the schema `landing`."""

    name: str
    description: str
    columns: tuple[TableColumn, ...]


def _table(name: str, description: str, *columns: tuple[str, str, str]) -> LandingTable:
    return LandingTable(name, description, tuple(TableColumn(*column) for column in columns))


_NAME = "VARCHAR"
_COUNT = "BIGINT"
_TIME = "TIMESTAMP"
_DAYS = "INTEGER"
_FLAG = "BOOLEAN"
_MONEY = "DECIMAL(18,2)"

LANDING_TABLES: tuple[LandingTable, ...] = (
    _table(
        "load",
        "One row per landed delivery known at the build's knowledge time: one source, entity and extraction time.",
        ("load_id", _COUNT, "identifier, in order of landing"),
        ("source", _NAME, "source that delivered"),
        ("entity", _NAME, "entity delivered"),
        ("mode", _NAME, "full, delta or append"),
        ("extracted_at", _TIME, "when the source was read, UTC"),
        ("known_at", _TIME, "since when its rows are known, UTC"),
        ("landed_at", _TIME, "when it was landed, UTC"),
        ("business_date", "DATE", "local date of the extraction minus the day cut-off"),
        ("is_required", _FLAG, "the source decides the as-of date and must not be refused"),
        ("file_count", _COUNT, "files of the delivery"),
        ("rows_read", _COUNT, "records in the files"),
        ("rows_landed", _COUNT, "rows written as new versions"),
        ("rows_unchanged", _COUNT, "rows equal to the newest version of their key"),
        ("rows_collapsed", _COUNT, "equal rows under one key in the delivery"),
        ("rows_rejected", _COUNT, "rows in quarantine"),
        ("rows_tombstoned", _COUNT, "keys that are gone from a full delivery, or were deleted in a delta"),
        (
            "amount_rejected",
            _MONEY,
            "sum of the amounts in quarantine, mixed currencies; a control figure only",
        ),
        ("content_hash", _NAME, "hash of the delivered content"),
    ),
    _table(
        "load_company",
        "One row per load and company that its source serves at that time.",
        ("load_id", _COUNT, "load"),
        ("company_code", _NAME, "company seen in rows of the load's source up to that load"),
    ),
    _table(
        "rejected_row",
        "One row per record in quarantine and reason.",
        ("load_id", _COUNT, "load it was delivered with"),
        ("source", _NAME, "source that delivered"),
        ("entity", _NAME, "entity delivered"),
        ("file", _NAME, "file the record is in"),
        ("row", _COUNT, "record number in the file, from 1"),
        ("reason_code", _NAME, "why it was not landed"),
        ("column_name", _NAME, "column that is wrong, where one is"),
        ("original_text", _NAME, "text as delivered"),
        ("company_code", _NAME, "company, where readable"),
        ("amount", _MONEY, "amount of the row, where readable"),
        ("currency", _NAME, "currency of the amount, where readable"),
        ("known_at", _TIME, "since when it is known, UTC"),
    ),
    _table(
        "terms_reading",
        "One row per distinct payment-terms text of documents, customers, contracts and masters of terms, as the"
        " grammar reads it.",
        ("terms_text", _NAME, "text as delivered"),
        ("basis", _NAME, "event the terms run from; missing = the document's own basis, else its date"),
        ("days_before", _DAYS, "days added to the basis date first"),
        ("cutoff_day", _DAYS, "then forward to this day of a month, 31 = its end; missing = not"),
        ("months_after", _DAYS, "then months"),
        ("day_of_month", _DAYS, "then to this day of the month reached; missing = not"),
        ("days_after", _DAYS, "then days"),
        ("discount_rate", "DECIMAL(9,6)", "discount for early payment, 0 to 1"),
        ("discount_days", _DAYS, "days within which the discount is granted"),
        ("is_immediate", _FLAG, "cash terms, COD or PREPAID"),
        ("is_readable", _FLAG, "the grammar reads the text, and in one way only"),
        ("normal_form", _NAME, "the reading, written in one way"),
    ),
    _table(
        "company_setting",
        "One row per company: arrears.yml, completed by the newest company extract. Not on the knowledge clock.",
        ("company_code", _NAME, "legal entity"),
        ("name", _NAME, "registered name"),
        ("functional_currency", _NAME, "currency of the books (IAS 21.9)"),
        ("time_zone", _NAME, "IANA zone"),
        ("country", _NAME, "ISO 3166 alpha-2"),
        ("intercompany_group", _NAME, "companies with the same value are consolidated together"),
        ("borrowing_rate", "DECIMAL(28,12)", "yearly cost of funds, 0 to 1"),
        ("tax_relief_on_bad_debt", _FLAG, "output tax is refunded on bad debts"),
        ("day_cutoff", _NAME, "HH:MM; an extraction before it belongs to the day before"),
    ),
    _table(
        "control_account",
        "One row per control account of the general ledger and role, from arrears.yml.",
        ("company_code", _NAME, "legal entity"),
        ("account", _NAME, "general ledger account"),
        ("account_role", _NAME, "what the account holds"),
    ),
    _table(
        "calendar_exception",
        "One row per country of a company and day that is not what its day of the week says: a public holiday, or a"
        " weekend day at work (调休). Not on the knowledge clock.",
        ("country", _NAME, "ISO 3166 alpha-2"),
        ("day", "DATE", "calendar day"),
        ("is_business_day", _FLAG, "a Saturday or Sunday at work; else a Monday to Friday off"),
        ("name", _NAME, "name of the holiday"),
    ),
    _table(
        "source_setting",
        "One row per source of arrears.yml. Not on the knowledge clock.",
        ("source", _NAME, "source, as named in arrears.yml"),
        (
            "settlement",
            _NAME,
            "how it says what settled what: allocations, clearing_group, clearing_date or residual",
        ),
        ("vanished", _NAME, "what a key means that a full dump no longer lists: deleted or settled"),
    ),
    _table(
        "customer_crosswalk",
        "One row per customer that the crosswalk file of arrears.yml confirms to be another one. Not on the knowledge"
        " clock.",
        ("company_code", _NAME, "company of the customer"),
        ("customer_id", _NAME, "customer that is one with the party"),
        ("party_company_code", _NAME, "company of the party"),
        ("party_id", _NAME, "customer that stands for all of the party: the end of the chain of decisions"),
    ),
)
