"""Artefacts made from the contract: templates, the data dictionary and the dbt sources.

Belongs here: turning the contract, and the reason codes, into text, and writing that text into a checkout. Must not:
anything that is not in them. `python -m ingest.contract.render` rewrites the files; a test holds that the committed
ones are equal.
"""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from ingest.contract.landing_tables import LANDING_TABLES
from ingest.contract.model import Column, Contract, Entity
from ingest.contract.reader import load_contract
from ingest.contract.types import COLUMN_TYPES, DUCKDB_TYPES, LANDING_COLUMNS
from ingest.reasons import table_lines

COMMAND = "python -m ingest.contract.render"

_REJECTS_HEAD = f"""# What is turned away, and what to do

Rendered from `ingest/reasons.py` by `{COMMAND}`.

`arrears rejects` lists what is turned away now: refused deliveries with the file that is to blame, and records that
were set aside, each with file, record, column, original text, reason and fix. `--format csv` or `json` lists all of it.
A refused delivery of a `required` source stops the refresh with exit code 2. Nothing lands by half.

A file that is still being written is not refused: it changes while it is looked at, or is younger than
`settle_seconds` of its source, so its delivery waits for the next refresh and a warning says so. Names that begin with
`.` or `~`, or end in `.tmp`, `.part`, `.partial`, `.crdownload` or `~`, are passed over without a word.

Texts land as they are written, formulas too, without the blanks around them. Around a key, characters that nobody sees
(byte order marks, blanks without width) are taken away as well; inside one they reject the record.

"""

_TYPE_MEANINGS = {
    "key": "identifier, kept as text exactly as the source gives it",
    "text": "free text",
    "code": "one of a fixed list",
    "currency": "ISO 4217 code; currencies with three decimals are refused",
    "money": "amount with at most two decimals and no thousands separator, in document currency unless the name says "
    "functional",
    "rate": "number with at most twelve decimals",
    "share": "number from 0 to 1 with at most six decimals",
    "date": "`YYYY-MM-DD`, business-local",
    "timestamp": "`YYYY-MM-DD HH:MM:SS`, UTC",
    "integer": "whole number",
    "boolean": "`true` or `false`",
}


def render_all(contract: Contract) -> dict[str, str]:
    """Every artefact: path relative to the checkout, and its whole text."""
    return {
        **{f"docs/templates/generic/{e.name}.csv": render_template(e) for e in contract.entities.values()},
        "docs/data_dictionary.md": render_data_dictionary(contract),
        "dbt/models/sources.yml": render_dbt_sources(contract),
        "docs/rejects.md": render_rejects(),
    }


def render_template(entity: Entity) -> str:
    """A CSV file of the generic profile with its header and no rows."""
    return ",".join(entity.columns) + "\n"


def render_data_dictionary(contract: Contract) -> str:
    """Markdown: what may be delivered, entity by entity."""
    return "\n".join(_dictionary_lines(contract)) + "\n"


def render_rejects() -> str:
    """Markdown: every reason code with its fix."""
    return _REJECTS_HEAD + "\n".join(table_lines()).rstrip("\n") + "\n"


def _dictionary_lines(contract: Contract) -> Iterator[str]:
    yield from (
        "# Data dictionary",
        "",
        f"Rendered from `ingest/contract/entities.yml` by `{COMMAND}`. Edit that file, not this one.",
        "",
        "A delivery of the generic profile is one file per entity, `<entity>.csv`, `.parquet` or `.xlsx`, with the",
        "column names below in its header; [templates](templates/generic/) hold the headers. Columns may be in any",
        "order, and those that are not required may be left out. `*` marks required columns, **bold** the key.",
        "",
        "## Types",
        "",
        "| type | in the warehouse | how it is written |",
        "|---|---|---|",
    )
    for name in COLUMN_TYPES:
        yield f"| {name} | {DUCKDB_TYPES[name]} | {_TYPE_MEANINGS[name]} |"
    yield from ("", "## Entities", "")
    for entity in contract.entities.values():
        yield f"- [{entity.name}](#{entity.name}): {entity.grain}"
    for entity in contract.entities.values():
        yield from _entity_lines(entity)
    yield from (
        "",
        "## Added by landing",
        "",
        "Every row carries these beside its own columns, so that each figure can be followed to a file and a record.",
        "",
        "| column | type | meaning |",
        "|---|---|---|",
    )
    for added in LANDING_COLUMNS:
        yield f"| `{added.name}` | {added.duckdb_type} | {added.description} |"


def _entity_lines(entity: Entity) -> Iterator[str]:
    yield from ("", f"### {entity.name}", "", f"{entity.grain[0].upper()}{entity.grain[1:]}.")
    if entity.mode == "append":
        yield "Lines have no identifier of their own: equal lines of one statement are numbered by landing."
    yield from ("", "| column | type | meaning |", "|---|---|---|")
    for column in entity.columns.values():
        name = f"**`{column.name}`**" if column.name in entity.key else f"`{column.name}`"
        yield f"| {name}{' *' if column.required else ''} | {column.type} | {_meaning(column)} |"


def _meaning(column: Column) -> str:
    text = column.description.replace("|", "\\|")
    # a description that already explains the codes need not be followed by their list
    if column.codes and not all(code in text for code in column.codes):
        text += f" ({', '.join(column.codes)})"
    return f"{text}; contact data, kept apart" if column.private else text


def render_dbt_sources(contract: Contract) -> str:
    """`sources.yml` of the dbt project: the schema `landing`, without contact data."""
    tables = [
        _source_table(e.name, _entity_description(e), _entity_columns(e)) for e in contract.entities.values()
    ]
    for fixed in LANDING_TABLES:
        columns = [(c.name, c.duckdb_type, c.description) for c in fixed.columns]
        tables.append(_source_table(fixed.name, fixed.description, columns))
    source = {
        "name": "landing",
        "schema": "landing",
        "description": "What has landed, as views over immutable Parquet that were made for this build.",
        "tables": tables,
    }
    body = yaml.safe_dump(
        {"version": 2, "sources": [source]},
        sort_keys=False,
        allow_unicode=True,
        width=110,
        default_flow_style=False,
    )
    return (
        f"# Rendered from ingest/contract/entities.yml by `{COMMAND}`. Edit that file, not this one.\n{body}"
    )


def _entity_description(entity: Entity) -> str:
    return f"{entity.grain[0].upper()}{entity.grain[1:]}, and version landed."


def _entity_columns(entity: Entity) -> list[tuple[str, str, str]]:
    own = [(c.name, c.duckdb_type, c.description) for c in entity.public_columns]
    return own + [(c.name, c.duckdb_type, c.description) for c in LANDING_COLUMNS]


def _source_table(name: str, description: str, columns: list[tuple[str, str, str]]) -> dict[str, Any]:
    return {
        "name": name,
        "description": description,
        "config": {"meta": {"dagster": {"asset_key": ["landing", name]}}},
        "columns": [
            {"name": column, "data_type": data_type.lower(), "description": text}
            for column, data_type, text in columns
        ],
    }


def main(arguments: list[str] | None = None) -> int:
    """Rewrite the artefacts of a checkout, or with --check only name those that differ."""
    parser = argparse.ArgumentParser(
        prog=COMMAND, description="Write what the contract renders into a checkout."
    )
    parser.add_argument("--root", type=Path, default=Path.cwd(), help="the checkout (default: this folder)")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when a file differs")
    options = parser.parse_args(arguments)
    stale = [
        (options.root / name, text)
        for name, text in render_all(load_contract()).items()
        if _committed(options.root / name) != text
    ]
    for path, text in stale:
        print(f"{'differs' if options.check else 'written'}: {path.relative_to(options.root)}")
        if not options.check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    return 1 if stale and options.check else 0


def _committed(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.is_file() else None


if __name__ == "__main__":
    sys.exit(main())
