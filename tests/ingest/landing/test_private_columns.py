"""Contact data is in the private folder, readable by its owner only, and nowhere else."""

import stat
from pathlib import Path

import polars as pl
import pytest

from tests.ingest.landing.world import World, table

HEADER = "company_code,customer_id,name,contact_name,contact_phone"
SECRET = "13800138000"


def contacts(world: World) -> dict[str, str | None]:
    frame = pl.read_parquet(world.home / "private" / "contacts.parquet")
    return dict(frame.select("customer_id", "contact_phone").iter_rows())


def holds(path: Path, text: str) -> bool:
    return path.is_file() and text.encode() in path.read_bytes()


@pytest.fixture
def landed(world: World) -> World:
    world.source["reject_threshold"] = 0.9
    good, bad, ragged = (
        f"CN01,C1,One,Li,{SECRET}",
        f"CN01,C2,,Wang,{SECRET}1",
        f"CN01,C3,Three,Zhao,{SECRET}2,more",
    )
    world.deliver("2026-01-31", table(HEADER, good, bad, ragged), name="customer.csv")
    world.land()
    world.build()
    return world


def test_contact_data_is_kept_for_its_owner_only(landed: World) -> None:
    path = landed.home / "private" / "contacts.parquet"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert contacts(landed) == {"C1": SECRET}


def test_contact_data_is_nowhere_else(landed: World) -> None:
    private = landed.home / "private"
    files = [path for path in landed.home.rglob("*") if not path.is_relative_to(private)]
    assert [path for path in files if holds(path, SECRET)] == []
    tables = [pl.read_parquet(path) for path in files if path.suffix == ".parquet"]
    assert tables and not [frame for frame in tables if SECRET in str(frame.to_dicts())]
    assert SECRET not in str(landed.rejected())
    assert not [row for row in landed.query("from landing.customer") if SECRET in str(row)]


def test_the_newest_contact_data_replaces_the_old(world: World) -> None:
    for day, lines in (
        ("2026-01-31", ["CN01,C1,One,Li,1", "CN01,C2,Two,Wang,2", "CN01,C3,Three,,3"]),
        ("2026-02-01", ["CN01,C1,One,Li,9", "CN01,C3,Three,,"]),
    ):
        world.deliver(day, table(HEADER, *lines), name="customer.csv")
        world.land()
    assert contacts(world) == {"C1": "9"}


def test_a_change_of_contact_data_alone_is_no_new_version(world: World) -> None:
    for day, phone in (("2026-01-31", "1"), ("2026-02-01", "2")):
        world.deliver(day, table(HEADER, f"CN01,C1,One,Li,{phone}"), name="customer.csv")
    assert [load.rows_landed for load in world.land().loads] == [1, 0]
    assert contacts(world) == {"C1": "2"}


def test_a_delta_adds_to_the_contact_data(world: World) -> None:
    world.source["mode"] = "delta"
    for day, line in (("2026-01-31", "CN01,C1,One,Li,1"), ("2026-02-01", "CN01,C2,Two,Wang,2")):
        world.deliver(day, table(HEADER, line), name="customer.csv")
    world.land()
    assert contacts(world) == {"C1": "1", "C2": "2"}
