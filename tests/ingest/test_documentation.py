"""What the documents show works as shown."""

import re
from decimal import Decimal
from pathlib import Path

from ingest.profiles import load_profile
from ingest.profiles.loader import profile_names
from ingest.settings import load_settings
from tests.ingest.tables import feed, own_profile

DOCS = Path(__file__).parents[2] / "docs"


def _example(word: str) -> str:
    """The example that has a word of its own."""
    text = (DOCS / "configuration.md").read_text(encoding="utf-8")
    (example,) = (block for block in re.findall(r"```yaml\n(.*?)```", text, flags=re.S) if word in block)
    return str(example)


def test_the_example_of_a_profile_reads_what_it_describes(tmp_path: Path) -> None:
    profile = own_profile(tmp_path, _example("feeds:"))
    path = tmp_path / "items_2026.csv"
    path.write_text(
        'Filiale: 7,,\nBeleg,Datum,Betrag,Art\n1,31.01.2026,"12,50",RE\n2,01.02.2026,"2,00",GS\n'
        '3,02.02.2026,"-10,00",ZA\nSumme,,"4,50",\n'
    )
    given = {"company_code": "C1", "customer_id": "K1", "currency": "EUR"}
    documents = feed(path, profile=profile, entity="document", constants=given)
    receipts = feed(path, profile=profile, entity="receipt", constants=given)
    assert documents.faults == receipts.faults == []
    assert [(d["document_id"], d["document_type"], d["amount"]) for d in documents.accepted] == [
        ("7-1", "invoice", Decimal("12.50")),
        ("7-2", "credit_note", Decimal("2.00")),
    ]
    assert receipts.column("amount") == [Decimal("10.00")]


def test_the_example_configuration_loads(tmp_path: Path) -> None:
    example = _example("companies:")
    (tmp_path / "policy").mkdir()
    config = tmp_path / "arrears.yml"
    config.write_text(example, encoding="utf-8")
    settings = load_settings(config)
    assert [source.name for source in settings.sources] == ["erp_cn", "bank"]
    assert settings.gates["gl_tie_out"] == "warn"


def test_every_profile_of_a_system_has_a_row_with_its_settlement() -> None:
    """Profiles of statements are in configuration.md."""
    rows = {
        name.strip(): cells[2].strip()
        for line in (DOCS / "sources.md").read_text(encoding="utf-8").splitlines()
        if line.startswith("| ") and len(cells := line.strip("|").split("|")) == 5
        for name in cells[0].split(",")
    }
    systems = {
        name: load_profile(name).settlement
        for name in profile_names()
        if any(
            feed.entity == "document" for table in load_profile(name).tables.values() for feed in table.feeds
        )
    }
    assert {name: rows.get(name) for name in systems} == systems


def test_what_the_reader_of_odoo_may_select_is_what_the_queries_read() -> None:
    text = (DOCS / "sources.md").read_text(encoding="utf-8")
    (granted,) = re.findall(r"grant select on (.*?)\nto", text, flags=re.S)
    read = {
        name
        for table in load_profile("odoo").tables.values()
        for name in re.findall(r"\b(?:from|join) ((?:res|account)_\w+)", table.sql or "")
    }
    assert set(re.findall(r"\w+", granted)) == read
