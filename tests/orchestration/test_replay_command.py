"""`arrears replay`: what a refusal names as its fix works from the command line."""

import json
from pathlib import Path

import pytest

from ingest.landing import land_sources
from ingest.settings import load_settings
from orchestration.cli import main

CONFIG = """
home: ./home
time_zone: Asia/Shanghai
reporting_currency: CNY
companies:
  - {company_code: CN01, name: One, functional_currency: CNY}
sources:
  - {name: erp, profile: generic, mode: full, path: "in/{extracted_at:%Y-%m-%d}/"}
"""


def deliver(folder: Path, day: str, customers: int) -> None:
    target = folder / "in" / day
    target.mkdir(parents=True)
    rows = [f"CN01,K{number:03},Customer {number}" for number in range(customers)]
    (target / "customer.csv").write_text("\n".join(["company_code,customer_id,name", *rows]) + "\n")


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "arrears.yml"
    path.write_text(CONFIG)
    deliver(tmp_path, "2026-01-31", 40)
    deliver(tmp_path, "2026-02-28", 5)  # 35 of 40 keys gone: refused whole
    return path


def test_a_collapsed_dump_lands_once_its_loss_is_accepted(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = land_sources(load_settings(config))
    assert [(refusal.entity, "--accept-lost-keys" in refusal.fix) for refusal in report.refused] == [
        ("customer", True)
    ]
    assert main(["replay", "--config", str(config), "--format", "json"]) == 2
    assert [row["outcome"] for row in json.loads(capsys.readouterr().out)] == ["refused"]
    assert main(["replay", "--config", str(config), "--accept-lost-keys", "--format", "json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [(row["outcome"], row["entity"], row["rows_read"]) for row in rows] == [("landed", "customer", 5)]
