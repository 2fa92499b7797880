"""`arrears profile`: drafts, dry runs and the list, without a home."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.home import HOME_VARIABLE
from ingest.profiles import load_profile, profile_names
from ingest.settings import load_settings
from orchestration.cli import main

Run = Callable[..., tuple[int, str, str]]

INVOICES = """Invoice No,Customer No,Invoice Date,Due Date,Amount,Invoice Type
1,C1,01/15/2026,02/14/2026,"$1,234.50",INV
2,C2,01/20/2026,02/19/2026,$99.00,Special
"""
CONFIG = """home: ./home
reporting_currency: USD
profiles: ./own
sources:
  - name: shop
    profile: not_written_yet
    path: in/{extracted_at:%Y-%m-%d}/
"""


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs one command in an empty folder with the file invoices.csv."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv(HOME_VARIABLE, raising=False)
    (tmp_path / "invoices.csv").write_text(INVOICES, encoding="utf-8")

    def command(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main(["profile", *arguments])
        said = capsys.readouterr()
        return code, said.out, said.err

    return command


def test_new_writes_a_draft_and_says_what_comes_next(run: Run, tmp_path: Path) -> None:
    code, out, error = run("new", "invoices.csv")
    assert (code, error) == (0, "")
    assert (tmp_path / "invoices.yml").is_file()
    assert load_profile("invoices", folder=tmp_path).date_formats == ("%m/%d/%Y",)
    assert "arrears profile check invoices.yml invoices.csv" in out
    assert "document: 1 rows accepted, 1 set aside" in out
    assert "say what Special means" in out
    assert f"profiles: {tmp_path}\nsources:\n  - name: invoices\n    profile: invoices\n" in out
    assert "constants: {company_code: C1, currency: USD}" in out


def test_the_lines_for_the_configuration_are_one_that_loads(run: Run, tmp_path: Path) -> None:
    _, out, _ = run("new", "invoices.csv", "--out", "drafts")
    (tmp_path / "arrears.yml").write_text("reporting_currency: USD\n" + out[out.index("profiles: ") :])
    settings = load_settings(tmp_path / "arrears.yml")
    assert settings.source("invoices").definition == load_profile("invoices", folder=tmp_path / "drafts")
    assert settings.source("invoices").constants == {"company_code": "C1", "currency": "USD"}


def test_new_never_writes_over_a_profile(run: Run, tmp_path: Path) -> None:
    (tmp_path / "invoices.yml").write_text("mended: by hand\n")
    code, out, error = run("new", "invoices.csv")
    assert (code, out) == (1, "")
    assert "is there already" in error
    assert "--name" in error
    assert (tmp_path / "invoices.yml").read_text() == "mended: by hand\n"
    code, _, _ = run("new", "invoices.csv", "--name", "shop", "--out", "drafts")
    assert code == 0
    assert profile_names(tmp_path / "drafts") == ("shop",)


def test_new_writes_among_the_own_profiles_of_a_configuration_that_waits_for_it(
    run: Run, tmp_path: Path
) -> None:
    (tmp_path / "arrears.yml").write_text(CONFIG)
    code, out, _ = run("new", "invoices.csv", "--name", "not_written_yet", "--config", "arrears.yml")
    assert code == 0
    assert profile_names(tmp_path / "own") == ("not_written_yet",)
    assert "profiles:" not in out
    code, out, _ = run("list", "--config", "arrears.yml", "--format", "json")
    assert json.loads(out)[0]["profile"] == "not_written_yet"
    code, _, _ = run("check", "not_written_yet", "invoices.csv", "--config", "arrears.yml")
    assert code == 2


@pytest.mark.parametrize("name", ["../x", "a/b", "_x", ".yml", ""])
def test_a_name_that_is_none_is_refused(run: Run, tmp_path: Path, name: str) -> None:
    code, _, error = run("new", "invoices.csv", "--name", name)
    assert code == 1
    assert "is no name for a profile" in error
    assert list(tmp_path.glob("**/*.yml")) == []


def test_new_of_a_file_that_cannot_be_described_writes_nothing(run: Run, tmp_path: Path) -> None:
    (tmp_path / "empty.csv").write_text("")
    code, _, error = run("new", "empty.csv")
    assert code == 1
    assert "is empty" in error
    assert "fix:" in error
    assert list(tmp_path.glob("**/*.yml")) == []


def test_check_tells_accepted_and_set_aside_rows_with_an_example(run: Run) -> None:
    run("new", "invoices.csv")
    code, out, _ = run(
        "check", "invoices.yml", "invoices.csv", "--constant", "company_code=C1", "--constant", "currency=USD"
    )
    assert code == 2
    assert "1 rows accepted, 1 set aside" in out
    code, out, _ = run(
        "check",
        "invoices.yml",
        "invoices.csv",
        "--constant",
        "company_code=C1",
        "--constant",
        "currency=USD",
        "--format",
        "csv",
    )
    assert list(csv.DictReader(io.StringIO(out))) == [
        {
            "table": "invoices",
            "entity": "document",
            "outcome": "accepted",
            "column_name": "",
            "rows": "1",
            "example_row": "",
            "example": "",
        },
        {
            "table": "invoices",
            "entity": "document",
            "outcome": "bad_code",
            "column_name": "document_type",
            "rows": "1",
            "example_row": "2",
            "example": "Special",
        },
    ]


def test_check_of_a_file_that_lacks_a_column_says_which(run: Run) -> None:
    run("new", "invoices.csv")
    code, out, _ = run("check", "invoices.yml", "invoices.csv", "--format", "json")
    assert code == 2
    (refused,) = json.loads(out)
    assert refused["outcome"] == "refused"
    assert "company_code" in refused["example"]


def test_check_names_columns_that_nothing_uses(run: Run, tmp_path: Path) -> None:
    (tmp_path / "流水.csv").write_text(
        "账号,6210001234\n交易时间,交易金额,本次余额,对手信息,柜台\n2026-03-03,-1.00,9.00,甲公司,7\n",
        encoding="utf-8",
    )
    given = ("--constant", "company_code=C1", "--constant", "currency=CNY")
    code, out, _ = run("check", "bank_cn", "流水.csv", *given)
    assert code == 0
    assert "that nothing uses: 柜台" in out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("nothing", "invoices.csv"), "There is no profile 'nothing'"),
        (("sap", "invoices.csv"), "no table for a file called invoices.csv"),
        (("generic", "invoices.csv"), "named after an entity"),
        (("bank_cn", "invoices.csv"), "no record has the columns"),
        (("bank_cn", "none.csv"), "there is no file"),
        (("bank_cn", "invoices.csv", "--constant", "x"), "is no constant"),
    ],
)
def test_check_says_what_to_do_when_it_cannot_try(run: Run, arguments: tuple[str, ...], told: str) -> None:
    code, out, error = run("check", *arguments)
    assert (code, out) == (1, "")
    assert told in error
    assert "fix:" in error


def test_check_reads_bank_formats_too(run: Run, tmp_path: Path) -> None:
    (tmp_path / "bank.sta").write_text(
        ":20:1\n:25:DE1\n:28C:1/1\n:60F:C260101EUR10,00\n:61:2601020102C5,00NTRFX\n:62F:C260102EUR15,00\n-\n"
    )
    code, out, _ = run("check", "mt940", "bank.sta", "--constant", "company_code=C1", "--format", "json")
    assert code == 0
    assert {row["entity"]: row["rows"] for row in json.loads(out)} == {
        "bank_statement": 1,
        "bank_transaction": 1,
    }


def test_list_has_a_description_for_every_installed_profile(run: Run) -> None:
    code, out, _ = run("list", "--format", "json")
    rows = json.loads(out)
    assert code == 0
    assert [row["profile"] for row in rows] == list(profile_names())
    assert all(row["description"] for row in rows)
    assert {row["profile"]: (row["mode"], row["settlement"]) for row in rows}["sap"] == (
        "full",
        "clearing_group",
    )
