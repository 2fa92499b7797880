"""Parquet that would not fit into memory is refused by its footer, or before its texts are made."""

from pathlib import Path
from random import Random

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ingest.formats import UnreadableFile, open_text, parquet_guards
from ingest.profiles import load_profile
from tests.fuzz.damage import damaged
from tests.fuzz.seeds import SEEDS
from tests.kit.limited import read_within

MEGABYTE = 2**20


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "document.parquet"


def reason(path: Path) -> str:
    with pytest.raises(UnreadableFile) as error:
        file = open_text(path, profile=load_profile("generic"), entity="document")
        list(file.batches())
    assert error.value.fix and path.name in str(error.value)
    return error.value.reason_code


@pytest.mark.parametrize(
    ("limit", "value", "code"),
    [
        ("MOST_ROWS", 9, "too_many_rows"),
        ("MOST_GROUP_ROWS", 4, "too_many_rows"),
        ("MOST_GROUP_CELLS", 9, "too_many_rows"),
        ("MOST_GROUPS", 1, "too_many_rows"),
        ("MOST_COLUMNS", 1, "too_many_columns"),
        ("LARGEST_GROUP_BYTES", 40, "archive_too_large"),
        ("LARGEST_GROUP_TEXT_BYTES", 4, "archive_too_large"),
    ],
)
def test_each_limit_of_the_footer_refuses(
    path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, value: int, code: str
) -> None:
    pl.DataFrame({"a": ["x"] * 10, "b": ["y"] * 10}).write_parquet(path, row_group_size=5)
    assert len(list(open_text(path, profile=load_profile("generic"), entity="document").batches())) >= 1
    monkeypatch.setattr(parquet_guards, limit, value)
    assert reason(path) == code


def test_a_billion_equal_numbers_in_a_few_bytes_are_refused_before_they_are_made(path: Path) -> None:
    with pq.ParquetWriter(path, pa.schema([("a", pa.int64())])) as writer:
        table = pa.table({"a": pa.array([7] * 25_000_000, pa.int64())})
        writer.write_table(table, row_group_size=25_000_000)
    outcome = read_within(path, megabytes=1_000)
    assert outcome.said == "too_many_rows" and outcome.grown < 50 * MEGABYTE


@pytest.mark.parametrize("encoding", ["dictionary", "prefixes"])
def test_one_long_text_for_many_rows_is_refused_before_it_is_repeated(path: Path, encoding: str) -> None:
    text = "x" * 60_000
    if encoding == "dictionary":
        cells = pa.DictionaryArray.from_arrays(pa.array([0] * 1_000_000, pa.int32()), pa.array([text]))
        pq.write_table(pa.table({"a": cells}), path, row_group_size=1_000_000)
    else:
        table = pa.table({"a": [text + str(number) for number in range(20_000)]})
        encodings = {"a": "DELTA_BYTE_ARRAY"}
        pq.write_table(table, path, use_dictionary=False, column_encoding=encodings, compression="zstd")
    assert path.stat().st_size < 100_000
    outcome = read_within(path, megabytes=2_000)
    assert outcome.said == "archive_too_large" and outcome.grown < 500 * MEGABYTE


def test_rows_that_the_footer_promises_and_no_group_has_are_damage(path: Path) -> None:
    pl.DataFrame({"a": ["x"] * 3}).write_parquet(path)
    data = path.read_bytes()
    footer = pq.ParquetFile(path).metadata
    assert footer.num_rows == 3
    # num_rows is the third field of the footer: the only place where 3 rows are told before the groups
    start = len(data) - 8 - int.from_bytes(data[-8:-4], "little")
    at = data.index(b"\x16\x06", start)
    path.write_bytes(data[:at] + b"\x16\x08" + data[at + 2 :])
    assert reason(path) == "unreadable_file"


@pytest.mark.parametrize("share", [0.1, 0.5, 0.99])
def test_a_file_that_is_cut_off_is_refused(path: Path, share: float) -> None:
    pl.DataFrame({"a": [str(number) for number in range(1_000)]}).write_parquet(path)
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    assert reason(path) == "unreadable_file"


def test_thousands_of_columns_are_fine(path: Path) -> None:
    pl.DataFrame({f"c{number}": ["x"] for number in range(3_000)}).write_parquet(path)
    (batch,) = open_text(path, profile=load_profile("generic"), entity="document").batches()
    assert batch.frame.width == 3_001


@pytest.mark.parametrize(
    "damage",
    [
        # a footer whose column says nothing of its data
        "11-3042",
        # a page that says it holds less than nothing: Polars asked for two exabytes, which ended the process
        "21-98764",
        # names of columns that are no text
        "21-92933",
        "21-1784",
    ],
)
def test_damage_found_by_fuzzing_refuses_the_file(path: Path, damage: str) -> None:
    _, _, sound = SEEDS["parquet"]
    path.write_bytes(damaged(sound, random=Random(damage)))
    assert reason(path) == "unreadable_file"


def test_a_text_that_is_none_refuses_the_file(path: Path) -> None:
    latin = pa.array(["Müller".encode("latin-1")], pa.binary())
    text = pa.Array.from_buffers(pa.string(), 1, latin.buffers())
    pq.write_table(pa.table({"document_id": text}), path)
    assert reason(path) == "unreadable_file"
