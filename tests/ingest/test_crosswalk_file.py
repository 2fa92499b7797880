"""The crosswalk file: read as text, refused with line and fix, resolved to one party, added to and never rewritten."""

from pathlib import Path

import pytest

from ingest.crosswalk_file import COLUMNS, add_pairs, read_crosswalk
from ingest.settings import SettingsError, load_settings

HEADER = ",".join(COLUMNS)


def row(customer: str, party: str, decision: str = "same", *, day: str = "") -> str:
    return f"CN01,{customer},CN01,{party},,{decision},,{day}"


def write(folder: Path, *rows: str, header: str = HEADER) -> Path:
    path = folder / "crosswalk.csv"
    path.write_text("".join(f"{line}\n" for line in (header, *rows)), encoding="utf-8")
    return path


def parties(path: Path) -> dict[str, str]:
    return {customer[1]: party[1] for customer, party in read_crosswalk(path).parties.items()}


def refusal(path: Path) -> str:
    with pytest.raises(SettingsError) as caught:
        read_crosswalk(path)
    return str(caught.value)


def test_only_what_is_decided_same_is_applied_and_zeros_stay(tmp_path: Path) -> None:
    path = write(tmp_path, row("00123", "123"), row("0007", "7", "different"), row("008", "8", ""), ",,,,,,,")
    crosswalk = read_crosswalk(path)
    assert crosswalk.parties == {("CN01", "00123"): ("CN01", "123")}
    assert [pair.line for pair in crosswalk.pairs] == [2, 3, 4]


def test_chains_lead_to_one_party_in_whatever_order_and_on_several_ways(tmp_path: Path) -> None:
    rows = [row("A", "B"), row("B", "C"), row("D", "B"), row("D", "C")]
    assert parties(write(tmp_path, *rows)) == {"A": "C", "B": "C", "D": "C"}
    assert parties(write(tmp_path, *rows[::-1])) == {"A": "C", "B": "C", "D": "C"}


def test_a_chain_of_thousands_is_resolved(tmp_path: Path) -> None:
    found = parties(write(tmp_path, *(row(f"K{n}", f"K{n + 1}") for n in range(5000))))
    assert set(found.values()) == {"K5000"}


@pytest.mark.parametrize(
    ("rows", "line", "said"),
    [
        ([row("A", "B"), row("B", "C"), row("C", "A")], 4, "CN01|A = CN01|B = CN01|C = CN01|A"),
        ([row("A", "B"), row("B", "A")], 3, "closes the circle"),
        ([row("A", "B"), row("A", "C")], 3, "add the row CN01,C,CN01,B with decision same"),
        ([row("A", "B"), row("B", "C"), row("A", "C", "different")], 4, "other rows make both CN01|C"),
        ([row("A", "B"), row("B", "A", "different")], 3, "different here and same on line 2"),
        ([row("A", "A")], 2, "with itself"),
        ([row("A", "B", "yes")], 2, "write same or different"),
        ([row("A", "", "same")], 2, "party_id is empty"),
        ([row("A", "B", day="31.3.2026")], 2, "write it as 2026-03-31"),
        ([row("A", "B", day="2026/2/30")], 2, "is no day"),
        (['"CN01","A\nB",CN01,C,,,,', row("A", "A")], 4, "with itself"),
    ],
)
def test_what_cannot_be_applied_is_refused_with_file_line_and_fix(
    tmp_path: Path, rows: list[str], line: int, said: str
) -> None:
    path = write(tmp_path, *rows)
    text = refusal(path)
    assert f"{path}:{line}: " in text
    assert said in text
    assert "Fix: " in text


def test_every_problem_is_told_at_once(tmp_path: Path) -> None:
    assert "2 problems" in refusal(write(tmp_path, row("A", "A"), row("B", "C", "no")))


def test_a_file_of_another_kind_names_the_columns(tmp_path: Path) -> None:
    assert "has no column party_id" in refusal(write(tmp_path, header=HEADER.replace("party_id", "party")))
    assert "there is no such file" in refusal(tmp_path / "none.csv")
    (tmp_path / "bytes.csv").write_bytes(b"\xff\xff\xff")
    assert "CSV UTF-8" in refusal(tmp_path / "bytes.csv")


@pytest.mark.parametrize(
    ("delimiter", "encoding", "line_end"),
    [(";", "utf-8", "\r\n"), ("\t", "utf-8-sig", "\n"), (",", "gb18030", "\r\n")],
)
def test_what_a_spreadsheet_saves_is_read_and_added_to_in_its_own_way(
    tmp_path: Path, delimiter: str, encoding: str, line_end: str
) -> None:
    lines = ["note," + HEADER, "看过," + row("客户1", "01", "Same", day="2026/3/31")]
    before = line_end.join(lines).replace(",", delimiter).encode(encoding)
    path = tmp_path / "crosswalk.csv"
    path.write_bytes(before)
    assert parties(path) == {"客户1": "01"}
    add_pairs(path, [dict(zip(COLUMNS, ("CN01", "客户2", "CN01", "=1+1", "名称相同"), strict=False))])
    assert path.read_bytes().startswith(before)
    assert [(pair.customer[1], pair.party[1], pair.decision) for pair in read_crosswalk(path).pairs] == [
        ("客户1", "01", "same"),
        ("客户2", "=1+1", ""),
    ]


def test_a_new_file_says_that_it_is_utf_8_and_has_every_column(tmp_path: Path) -> None:
    path = tmp_path / "new.csv"
    add_pairs(path, [])
    assert path.read_bytes() == b"\xef\xbb\xbf" + ",".join(f'"{name}"' for name in COLUMNS).encode() + b"\n"
    assert read_crosswalk(path).pairs == ()
    assert [file.name for file in tmp_path.iterdir()] == ["new.csv"]


def test_a_decision_changes_the_configuration_and_an_open_question_does_not(tmp_path: Path) -> None:
    config = tmp_path / "arrears.yml"
    config.write_text(
        "reporting_currency: CNY\ncrosswalk: crosswalk.csv\n"
        "sources: [{name: erp, path: in/, extracted_at: file_mtime}]\n",
        encoding="utf-8",
    )

    def hashed(*rows: str) -> str:
        write(tmp_path, *rows)
        return load_settings(config).configuration_hash

    base = hashed(row("A", "B"), row("C", "D", "different"))
    assert hashed(row("C", "D", "different"), row("A", "B"), row("E", "F", "")) == base
    assert hashed(row("A", "B"), row("C", "D")) != base
    assert hashed(row("A", "B")) != base
    assert hashed(row("A", "0B"), row("C", "D", "different")) != base
