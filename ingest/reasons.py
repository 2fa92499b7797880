"""Reason codes: every word by which a file, a delivery or a record is turned away, with its meaning and the fix.

Belongs here: the codes themselves and what `arrears rejects` and docs/rejects.md say of each. Must not: deciding that
anything is bad. `python -m ingest.contract.render` writes the table of the document; a test holds that every code used
in `ingest` is one of these.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Level = Literal["file", "delivery", "record"]

# a file that is not opened, or not read to its end
LINK_OUTSIDE = "link_outside"
NOT_A_FILE = "not_a_file"
BAD_FILE_NAME = "bad_file_name"
NO_PERMISSION = "no_permission"
FILE_TOO_LARGE = "file_too_large"
EMPTY_FILE = "empty_file"
FILE_CHANGED = "file_changed"
UNREADABLE_FILE = "unreadable_file"
WRONG_ENCODING = "wrong_encoding"
NOT_TEXT = "not_text"
ENCRYPTED_FILE = "encrypted_file"
ARCHIVE_TOO_LARGE = "archive_too_large"
UNSAFE_ARCHIVE = "unsafe_archive"
TOO_MANY_COLUMNS = "too_many_columns"
TOO_MANY_ROWS = "too_many_rows"
BAD_HEADER = "bad_header"
BAD_CONTROL_FILE = "bad_control_file"

# a delivery as a whole
MISSING_COLUMN = "missing_column"
MISSING_FILE = "missing_file"
BROKEN_CONTROL_TOTAL = "broken_control_total"
REJECTED_SHARE = "rejected_share"
EMPTY_DUMP = "empty_dump"
LOST_KEYS = "lost_keys"
OLDER_THAN_LANDED = "older_than_landed"
FRONT_DOOR = "front_door"
PULL_FAILED = "pull_failed"

# a record
RAGGED_ROW = "ragged_row"
BAD_ENCODING = "bad_encoding"
OPEN_QUOTE = "open_quote"
RECORD_TOO_LONG = "record_too_long"
MISSING_REQUIRED = "missing_required"
NOT_EXACT = "not_exact"
BAD_DATE = "bad_date"
DATE_WITHOUT_YEAR = "date_without_year"
BAD_TIMESTAMP = "bad_timestamp"
BAD_CODE = "bad_code"
BAD_CURRENCY = "bad_currency"
THREE_DECIMAL_CURRENCY = "three_decimal_currency"
BAD_BOOLEAN = "bad_boolean"
BAD_INTEGER = "bad_integer"
OUT_OF_RANGE = "out_of_range"
WRONG_SIGN = "wrong_sign"
MISSING_STATUS_DATE = "missing_status_date"
TEXT_TOO_LONG = "text_too_long"
BAD_CHARACTERS = "bad_characters"
SPREADSHEET_ERROR = "spreadsheet_error"
STAR_NOT_ALLOWED = "star_not_allowed"
NO_COMPANY_KNOWN = "no_company_known"
UNCLAIMED_ROW = "unclaimed_row"
CONFLICTING_KEY = "conflicting_key"


@dataclass(frozen=True)
class Reason:
    """What one code says. `level`: what is turned away, a file (and with it its delivery), a delivery or a record."""

    level: Level
    meaning: str
    fix: str


_EXTRACT_AGAIN = "extract it again; it may be cut off"

REASONS: dict[str, Reason] = {
    LINK_OUTSIDE: Reason(
        "file",
        "a link that leads out of the folder which the `path` of the source names, or leads nowhere",
        "put the file itself there, or let `path` name the folder where it lies",
    ),
    NOT_A_FILE: Reason(
        "file",
        "a folder, pipe, socket or device with the name of a file; it is never opened",
        "move it away and deliver a plain file",
    ),
    BAD_FILE_NAME: Reason(
        "file",
        "its name is not UTF-8, or holds control characters or others that nobody sees",
        "rename it: letters, digits, `.`, `_` and `-`",
    ),
    NO_PERMISSION: Reason(
        "file", "the user who refreshes may not read it", "give that user the right to read it"
    ),
    FILE_TOO_LARGE: Reason(
        "file",
        "larger than `largest_file` of the source",
        "split the extract, or raise `largest_file` if it really is that large",
    ),
    EMPTY_FILE: Reason(
        "file",
        "no byte is in it, not even a header",
        "deliver the header also when there are no rows, or leave the file out",
    ),
    FILE_CHANGED: Reason(
        "file",
        "it changed, or went away, while it was read",
        "write under another name (`.tmp`, `.part`) and rename when done, or set `settle_seconds`; then refresh again",
    ),
    UNREADABLE_FILE: Reason(
        "file", "not in the format that its name or its profile says, or damaged", _EXTRACT_AGAIN
    ),
    WRONG_ENCODING: Reason(
        "file",
        "UTF-16 or UTF-32, with or without a byte order mark",
        "save it as UTF-8 (`CSV UTF-8` in Excel)",
    ),
    NOT_TEXT: Reason(
        "file",
        "a binary file (workbook, archive, picture, program) under the name of a text file",
        "deliver CSV, or give the file the ending that it is",
    ),
    ENCRYPTED_FILE: Reason("file", "protected by a password", "save it without a password"),
    ARCHIVE_TOO_LARGE: Reason(
        "file",
        "a workbook or Parquet file that unpacks to more than is allowed",
        "split the extract, or deliver CSV",
    ),
    UNSAFE_ARCHIVE: Reason(
        "file",
        "a workbook whose parts lie about their size, overlap, leave its folder, hold archives or declare XML entities;"
        " no program that makes workbooks writes these",
        "open it in a spreadsheet program, look at it, and save it again as .xlsx",
    ),
    TOO_MANY_COLUMNS: Reason(
        "file",
        "more columns than any table has (16,384, as in Excel)",
        "export only the columns that are needed; look at the delimiter",
    ),
    TOO_MANY_ROWS: Reason(
        "file", "more rows, or cells, than this format may have", "split the extract, or deliver CSV"
    ),
    BAD_HEADER: Reason(
        "file",
        "no usable header: no column names, one of them twice, or none of those that the profile asks for",
        "export it with the column names in one record, each once",
    ),
    BAD_CONTROL_FILE: Reason(
        "file",
        "`_control.csv` cannot be read, so nothing proves the deliveries of its moment",
        "write lines `entity,rows,amount`, or leave the control file out",
    ),
    MISSING_COLUMN: Reason(
        "delivery",
        "a required column is in no header",
        "add it to the extract, map it in the profile, or give it under `constants` of the source",
    ),
    MISSING_FILE: Reason(
        "delivery",
        "a control file promises it and it is not there",
        "deliver the file, or take its line out of the control file",
    ),
    BROKEN_CONTROL_TOTAL: Reason(
        "delivery",
        "records or amount differ from the control file",
        "deliver the complete files, or correct the line in the control file",
    ),
    REJECTED_SHARE: Reason(
        "delivery",
        "more than `reject_threshold` of its records are bad",
        "mend the extract or the profile; or raise `reject_threshold`",
    ),
    EMPTY_DUMP: Reason(
        "delivery",
        "a full dump without rows, where there were some",
        "extract it again; if the rows are really gone, `arrears replay --accept-lost-keys`",
    ),
    LOST_KEYS: Reason(
        "delivery",
        "a full dump that has lost more than `lost_key_share` of its keys",
        "extract it again; if the rows are really gone, `arrears replay --accept-lost-keys`",
    ),
    OLDER_THAN_LANDED: Reason(
        "delivery",
        "a full dump older than one that has landed",
        "move its files out of the path; to correct the data, deliver a newer dump",
    ),
    FRONT_DOOR: Reason(
        "delivery",
        "a critical expectation does not hold",
        "see the report in `home/data_docs` and deliver a mended extract",
    ),
    PULL_FAILED: Reason(
        "delivery",
        "a database that cannot be read, or not as its profile asks",
        "see the message; the next refresh tries again",
    ),
    RAGGED_ROW: Reason(
        "record",
        "more or fewer cells than the header",
        "quote cells that hold the delimiter; export all columns in every record",
    ),
    BAD_ENCODING: Reason(
        "record",
        "bytes that are no text in the encoding of the profile",
        "export the whole file in one encoding, and name it in the profile",
    ),
    OPEN_QUOTE: Reason(
        "record",
        "a quote that is never closed, or stands where none may",
        'write a quote inside a quoted cell twice (`""`)',
    ),
    RECORD_TOO_LONG: Reason(
        "record",
        "a record of more than 1 MiB; in a file with other bad records also a cell of more than 128 KiB",
        "look for a missing line end or quote; leave out attachments",
    ),
    MISSING_REQUIRED: Reason(
        "record", "a required cell is empty", "fill it in the source; merged cells hold their text only once"
    ),
    NOT_EXACT: Reason(
        "record",
        "no number as the profile writes numbers, or with more decimals than are kept: a formula, an exponent,"
        " other separators, other digits than 0-9, an error, true or false",
        "export plain numbers with a point and at most two decimals, or declare the separators in the profile",
    ),
    BAD_DATE: Reason(
        "record",
        "no day of the calendar from 1990 to 2100 in a format of the profile",
        "correct the day (no 30 February, no year 24), or declare `date_formats` in the profile",
    ),
    DATE_WITHOUT_YEAR: Reason(
        "record",
        "a day and a month, and nobody says of which year",
        "export dates with their year; a statement that starts in December does not tell",
    ),
    BAD_TIMESTAMP: Reason(
        "record",
        "no moment as `YYYY-MM-DD HH:MM:SS`",
        "export timestamps in ISO form, UTC or with their zone",
    ),
    BAD_CODE: Reason(
        "record",
        "not one of the codes of that column",
        "map their text to ours in the profile; the codes are in docs/data_dictionary.md",
    ),
    BAD_CURRENCY: Reason("record", "no three capital letters", "export ISO 4217 codes, or map them"),
    THREE_DECIMAL_CURRENCY: Reason(
        "record",
        "a currency with three decimals, and money is kept with two",
        "convert these amounts before delivering them",
    ),
    BAD_BOOLEAN: Reason("record", "neither true nor false", "export `true` or `false`"),
    BAD_INTEGER: Reason("record", "no whole number of at most nine digits", "export it without decimals"),
    OUT_OF_RANGE: Reason("record", "a number outside what the column allows", "correct it in the source"),
    WRONG_SIGN: Reason(
        "record",
        "a sign that contradicts the kind of record",
        "see the sign rules in docs/data_dictionary.md",
    ),
    MISSING_STATUS_DATE: Reason(
        "record", "a bounced receipt without the day on which it bounced", "fill `status_date`"
    ),
    TEXT_TOO_LONG: Reason(
        "record",
        "a text of more than 64 KiB, or a key of more than 512 bytes",
        "shorten it in the source; a text that long is often a missing quote or an attachment",
    ),
    BAD_CHARACTERS: Reason(
        "record",
        "control characters in a text, or characters that nobody sees inside a key",
        "remove them in the source: two keys that look alike must be alike",
    ),
    SPREADSHEET_ERROR: Reason(
        "record", "the error of a spreadsheet (`#REF!`, `#N/A`) instead of a text", "mend the formula"
    ),
    STAR_NOT_ALLOWED: Reason(
        "record", "`*` for the company where one is needed", "write the company to which the row belongs"
    ),
    NO_COMPANY_KNOWN: Reason(
        "record",
        "`*` for the company, and none of the source is known yet",
        "deliver documents first, or list the companies in arrears.yml; then `arrears replay`",
    ),
    UNCLAIMED_ROW: Reason(
        "record", "a kind of row that no feed of the profile takes", "add a feed, or an `ignore` pattern"
    ),
    CONFLICTING_KEY: Reason(
        "record",
        "several different rows under one key in one delivery",
        "find out which one is right and deliver only that",
    ),
}

_TITLES: dict[Level, str] = {
    "file": "Files: nothing of the delivery lands",
    "delivery": "Deliveries: nothing of it lands",
    "record": "Records: set aside, the rest lands",
}


def reason_of(code: str) -> Reason:
    """What a code says; a manifest may hold codes of another version."""
    return REASONS.get(code, Reason("record", "told by another version", "look at its message"))


def fix_of(code: str) -> str:
    """What a person does about a code."""
    return reason_of(code).fix


def table_lines() -> Iterator[str]:
    """Markdown: every code with its meaning and its fix."""
    for level, title in _TITLES.items():
        yield from (f"## {title}", "", "| code | what it means | fix |", "|---|---|---|")
        for code, reason in REASONS.items():
            if reason.level == level:
                yield f"| `{code}` | {reason.meaning} | {reason.fix} |"
        yield ""
