"""A statement file holds balances and lines, and is read once for both.

Belongs here: what waits for the second entity. Must not: what a format says.
"""

from pathlib import Path

import pytest

from ingest.formats import UnreadableFile
from ingest.formats.statements import STATEMENT_ENTITIES, open_statements
from tests.fuzz.seeds import CAMT, MT940


def test_what_a_file_holds_of_the_other_entity_is_kept_until_it_is_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "statement.sta"
    path.write_text(MT940)

    def rows(entity: str, *, kept: Path | None) -> list[tuple[object, ...]]:
        opened = open_statements(path, format_name="mt940", encodings=("utf-8",), entity=entity, kept=kept)
        return [row for batch in opened.batches() for row in batch.frame.rows()]

    alone = {entity: rows(entity, kept=None) for entity in STATEMENT_ENTITIES}
    kept = tmp_path / "kept"
    assert rows("bank_statement", kept=kept) == alone["bank_statement"]
    path.write_text("read no second time")
    assert rows("bank_transaction", kept=kept) == alone["bank_transaction"]


def test_a_file_that_is_not_read_to_its_end_keeps_nothing(tmp_path: Path) -> None:
    path, kept = tmp_path / "statement.xml", tmp_path / "kept"
    path.write_text(CAMT[: len(CAMT) - 40])
    opened = open_statements(path, format_name="camt", encodings=(), entity="bank_statement", kept=kept)
    with pytest.raises(UnreadableFile):
        list(opened.batches())
    assert list(kept.glob("*.parquet")) == []
