"""A profile as frozen values: how a kind of source writes its files, and what in them feeds which entity.

Belongs here: the shape of a profile and the rules for its single values. Must not: reading YAML files (loader.py),
opening a delivered file.
"""

import codecs
import re
import unicodedata
from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, field_validator

from ingest.profiles.cells import Cell, CellError, needed_fields, read_cell

Format = Literal["table", "mt940", "camt", "ofx", "bai2", "qif"]
Settlement = Literal["allocations", "clearing_group", "clearing_date", "residual"]
Vanished = Literal["deleted", "settled"]
Mode = Literal["full", "delta", "append"]
STATEMENT, LINE = "bank_statement", "bank_transaction"


def _check_encoding(name: str) -> str:
    try:
        return codecs.lookup(name).name
    except LookupError:
        raise ValueError(f"unknown encoding {name!r}; use utf-8 or gb18030") from None


def _check_date_format(text: str) -> str:
    parts = sorted(part.replace("-", "").lower() for part in re.findall("%(?!-?[HMS])-?.", text))
    if parts != ["%d", "%m", "%y"] or "%-Y" in text:
        raise ValueError(
            f"the date format {text!r} must hold %Y (or %y), %m and %d once each; %-m, %-d and %-H have no leading"
            " zero, %H, %M and %S may follow"
        )
    return text


def _check_pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(f"{text!r} is no regular expression ({error})") from error
    return text


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


Encoding = Annotated[str, AfterValidator(_check_encoding)]
Texts = Annotated[tuple[str, ...], BeforeValidator(_as_list)]
Regex = Annotated[str, AfterValidator(_check_pattern)]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Layout(_Model):
    """How text, numbers and dates stand in a file.

    `header`: `first` = the first record; `found` = the first record that has every column the table needs, with
    anything before it; or the names of the columns, where the file has none. `short_records: pad` takes empty cells
    for those that a record leaves out at its end. `quotes: lenient` takes blanks behind a closing quote.
    """

    encoding: Encoding = "utf-8"
    fallback_encoding: Encoding | None = None
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] = ","
    quotes: Literal["strict", "lenient"] = "strict"
    short_records: Literal["reject", "pad"] = "reject"
    header: Literal["first", "found"] | tuple[str, ...] = "first"
    ignore_lines: Regex | None = None
    decimal_separator: Annotated[str, Field(min_length=1, max_length=1)] = "."
    thousands_separator: Annotated[str, Field(max_length=1)] = ""
    number_prefixes: tuple[str, ...] = ()
    number_suffixes: tuple[str, ...] = ()
    trailing_minus: bool = False
    parentheses: bool = False
    date_formats: Annotated[
        tuple[Annotated[str, AfterValidator(_check_date_format)], ...], Field(min_length=1)
    ] = ("%Y-%m-%d",)
    null_texts: tuple[str, ...] = ()

    @property
    def encodings(self) -> tuple[str, ...]:
        """The encodings a file may be in, in the order in which they are tried."""
        return (self.encoding, self.fallback_encoding) if self.fallback_encoding else (self.encoding,)


class Feed(_Model):
    """Rows of a table that feed an entity: those that meet every `where` and no `unless`, with a cell per column."""

    entity: str
    where: Mapping[str, Texts] = Field(default_factory=dict)
    unless: Mapping[str, Texts] = Field(default_factory=dict)
    columns: Mapping[str, Cell]

    @property
    def filled(self) -> frozenset[str]:
        """Fields that are not empty in any row that it takes; a file without one of them has no such rows."""
        return frozenset(
            [name for name, patterns in self.where.items() if "" not in patterns]
            + [name for name, patterns in self.unless.items() if "" in patterns]
        )

    @field_validator("columns", mode="before")
    @classmethod
    def _read_columns(cls, node: Any) -> Any:
        if not isinstance(node, Mapping):
            raise ValueError("columns must be `canonical: their column` lines")
        cells: dict[str, Cell] = {}
        for name, cell in node.items():
            try:
                cells[name] = read_cell(cell)
            except CellError as error:
                raise ValueError(f"{name}: {error}") from error
        return cells


class Increment(_Model):
    """A query that reads only what was written since the last pull, as `column` of its result tells."""

    column: str
    overlap: str = "1 day"


class Table(_Model):
    """One kind of file, sheet of a workbook, or query.

    `files`: patterns for file names without their ending, in any case; of tables with the same patterns the first
    whose header a file has. `fields`: a short name for a column whatever language its header is in. `from_preamble`:
    fields that stand above the header, as regular expressions with one group. `ignore`: rows that are no records, such
    as totals, by patterns for a cell. `lookups`: other tables whose fields, as `<table>.<field>`, stand beside those of
    this one where the named field is the same. `sql`: where the source is a database, what is read from it; the file
    that comes of it is named after the table. `needs`: tables of the database without which, or without the right to
    read them, it is not asked. `incremental`: the query says `:since`, and rows that it no longer gives stay.
    `running_balance`: the field with the balance after each bank line, from which the file also gives
    bank_statement (ingest/running_balance.py).
    """

    files: Texts = ()
    sheet: str | None = None
    sql: str | None = None
    needs: Texts = ()
    incremental: Increment | None = None
    layout: Mapping[str, Any] = Field(default_factory=dict)
    fields: Mapping[str, Texts] = Field(default_factory=dict)
    from_preamble: Mapping[str, Regex] = Field(default_factory=dict)
    ignore: Mapping[str, Texts] = Field(default_factory=dict)
    running_balance: str | None = None
    lookups: Mapping[str, str] = Field(default_factory=dict)
    feeds: tuple[Feed, ...] = ()

    @property
    def entities(self) -> tuple[str, ...]:
        """What a file of the table holds."""
        fed = [feed.entity for feed in self.feeds]
        return tuple(dict.fromkeys([*fed, STATEMENT] if self.running_balance else fed))

    def headers_of(self, field: str) -> tuple[str, ...]:
        """The headers that a field may have, as they are compared."""
        return tuple(plain_header(name) for name in self.fields.get(field, (field,)))


class Profile(Layout):
    """How a kind of source writes its files. Without `tables`, files are named after entities and columns as in the
    contract, apart from `columns`."""

    name: str
    description: str = ""
    format: Format = "table"
    mode: Mode = "full"
    settlement: Settlement = "allocations"
    vanished: Vanished = "deleted"
    columns: Mapping[str, Mapping[str, str]] = Field(default_factory=dict)
    tables: Mapping[str, Table] = Field(default_factory=dict)

    @field_validator("tables", mode="before")
    @classmethod
    def _name_files_of_queries(cls, node: Any) -> Any:
        """The file of a query is named after its table."""
        if not isinstance(node, Mapping):
            return node
        return {
            name: {**table, "files": [name]} if isinstance(table, Mapping) and "sql" in table else table
            for name, table in node.items()
        }

    @property
    def incremental_entities(self) -> frozenset[str]:
        """Entities that a pull brings only what changed of."""
        return frozenset(f.entity for t in self.tables.values() if t.incremental for f in t.feeds)

    def entities_of(self, file_name: str) -> tuple[str, ...]:
        """What a file of that name says something about, by itself or because another table looks it up."""
        named = [name for name, table in self.tables.items() if table in self.tables_of(file_name)]
        fed = [
            entity
            for name, table in self.tables.items()
            if name in named or set(named) & set(table.lookups)
            for entity in table.entities
        ]
        return tuple(dict.fromkeys(fed))

    def lookup_keys(self, table: Table) -> frozenset[str]:
        """Fields by which other tables look rows of this one up."""
        return frozenset(
            field
            for other in self.tables.values()
            for name, field in other.lookups.items()
            if self.tables[name] is table
        )

    def tables_of(self, file_name: str) -> tuple[Table, ...]:
        """The tables whose patterns a file name fits."""
        stem = file_name.rpartition(".")[0].casefold()
        return tuple(
            table
            for table in self.tables.values()
            if any(fnmatchcase(stem, pattern.casefold()) for pattern in table.files)
        )

    def layout_of(self, table: Table) -> Layout:
        """The layout of the profile, changed by that of the table."""
        return (
            Layout.model_validate({**self.layout.model_dump(), **table.layout})
            if table.layout
            else self.layout
        )

    @property
    def layout(self) -> Layout:
        """What the profile says about all its files."""
        return Layout.model_validate({name: getattr(self, name) for name in Layout.model_fields})

    def column_in_file(self, column: str, *, entity: str) -> str:
        """What the file calls a canonical column."""
        return self.columns.get(entity, {}).get(column, column)


def plain_header(text: str) -> str:
    """A header as it is compared: full width is half width, case, blanks and stars for compulsory columns play no
    part."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return re.sub(r"[\s*_]+", "", folded)


def required_fields(
    table: Table, *, entity_required: Mapping[str, frozenset[str]]
) -> tuple[frozenset[str], ...]:
    """Groups of fields without which no feed of the table can fill its required columns.

    Args:
        entity_required: required columns by entity, without those that the source gives as constants.
    """
    found: dict[frozenset[str], None] = {}
    for feed in table.feeds:
        for column in sorted(entity_required[feed.entity] & set(feed.columns)):
            for group in needed_fields(feed.columns[column]):
                looked_up = {name for name in group if name.partition(".")[0] in table.lookups}
                if not group & {*table.from_preamble, *feed.filled} and not looked_up:
                    found[group] = None
    return tuple(found)
