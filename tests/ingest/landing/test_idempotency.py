"""Any order, repetition, splitting or renaming of the files of deliveries lands the same, whatever system wrote them.

Belongs here: dumps of a system's lists, deltas in the shape of the contract, a bank's statements, all in one
installation. Must not: single rules of landing (the tests beside this one).

Marts follow from what has landed alone, so equal landings are equal marts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from ingest.contract import load_contract
from ingest.simulator.dialects.kingdee import KINGDEE
from ingest.simulator.dialects.model import Record
from tests.ingest.landing.world import DOCUMENT, INCIDENTAL, World, table

DAYS = ("2026-01-31", "2026-02-28", "2026-03-31")
ENTITIES = ("customer", "document", "receipt", "allocation", "bank_statement", "bank_transaction")
# files of these lists may be cut anywhere, because a list is all its files
LISTS = {"客户": "customer", "应收单": "document", "收款单": "receipt", "应收核销记录": "allocation"}


@dataclass(frozen=True)
class File:
    """A file of a delivery, cut into parts that may each become a file."""

    day: str
    folder: str
    name: str
    parts: tuple[str | bytes, ...]


def _row(entity: str, **values: str) -> Record:
    return {**dict.fromkeys(load_contract().entity(entity).columns, ""), **values}


def _dump(version: Sequence[int], folder: Path) -> dict[str, list[bytes]]:
    """The four lists of one delivery: each row as a file of its own, with everything that Kingdee writes around it.

    Args:
        version: for each of five documents 0 where it is not there, else which of its contents.
    """
    rows: dict[str, list[Record]] = {
        "customer": [_row("customer", company_code="CN01", customer_id="007", name="甲")]
    }
    there = [number for number, content in enumerate(version) if content]
    rows["document"] = [
        _row(
            "document",
            company_code="CN01",
            document_id=f"AR{number}",
            document_type="credit_note" if number == 4 else "invoice",
            customer_id="007",
            document_date="2026-01-05",
            due_date="2026-02-05",
            currency="CNY",
            amount=f"{1000 * version[number]}.50",
        )
        for number in there
    ]
    rows["receipt"] = [
        _row(
            "receipt",
            company_code="CN01",
            receipt_id=f"SK{number}",
            customer_id="007",
            receipt_date="2026-01-20",
            currency="CNY",
            amount="700.00",
            method="transfer",
        )
        for number in there
    ]
    rows["allocation"] = [
        _row(
            "allocation",
            company_code="CN01",
            allocation_id=f"HX{number}",
            from_kind="receipt",
            from_id=f"SK{number}",
            to_kind="document",
            to_id=f"AR{number}",
            allocated_on="2026-01-20",
            amount=f"{100 * version[number]}.00",
        )
        for number in there
        if number != 4
    ]
    types = {
        entity.name: {column.name: column.type for column in entity.columns.values()}
        for entity in load_contract().entities.values()
    }
    files: dict[str, list[bytes]] = {name: [] for name in LISTS}
    for name, entity in LISTS.items():
        for position, row in enumerate(rows[entity]):
            target = folder / f"{name}-{position}"
            KINGDEE.write({entity: {("", ""): row}}, target, types=types)
            files[name].append((target / f"{name}.csv").read_bytes())
    return files


def _statement(number: int) -> str:
    """Two lines that look alike are two payments."""
    day = f"2603{number:02d}"
    return (
        f":20:S{number}\n:25:50880050/0194774600888\n:28C:{number:05d}/001\n:60F:C{day}EUR100,00\n"
        f":61:{day}{day[2:]}C25,00NTRFNONREF\n:86:Miete\n:61:{day}{day[2:]}C25,00NTRFNONREF\n:86:Miete\n"
        f":62F:C{day}EUR150,00\n-\n"
    )


@st.composite
def _histories(draw: st.DrawFn) -> list[list[int]]:
    return [draw(st.lists(st.integers(0, 2), min_size=5, max_size=5).filter(any)) for _ in DAYS]


def _files(history: Sequence[Sequence[int]], folder: Path) -> list[File]:
    files = []
    for day, version in zip(DAYS, history, strict=True):
        lists = _dump(version, folder / day)
        files += [File(day, "in", name, tuple(parts)) for name, parts in lists.items() if parts]
        changed = [f"EU01,INV{n},invoice,2026-01-31,EUR,{100 * c}.00" for n, c in enumerate(version) if c]
        files.append(File(day, "delta", "document", tuple(table(DOCUMENT, line) for line in changed)))
    statements = tuple(_statement(number) for number in (1, 2, 3))
    files.append(File(DAYS[-1], "bank", "statements", statements))
    return files


def _world(folder: Path) -> World:
    # a dump of five rows may lose any of them from one day to the next
    return World(
        folder,
        source={"profile": "kingdee", "lost_key_share": 1.0},
        more_sources=[
            {"name": "delta", "path": "delta/{extracted_at:%Y-%m-%d}/", "mode": "delta"},
            {
                "name": "bank",
                "profile": "mt940",
                "path": "bank/{extracted_at:%Y-%m-%d}/",
                "constants": {"company_code": "EU01"},
            },
        ],
    )


def _put(world: World, file: File, *, name: str, content: bytes) -> None:
    world.put(f"{file.folder}/{file.day}/{name}", content)


def _bytes(part: str | bytes) -> bytes:
    return part if isinstance(part, bytes) else part.encode()


def _whole(world: World, file: File) -> None:
    """Every part under a name that sorts like the parts: what a careful export would send."""
    for position, part in enumerate(file.parts):
        suffix = "sta" if file.folder == "bank" else "csv"
        _put(world, file, name=f"{file.name}.{position:03d}.{suffix}", content=_bytes(part))


def _careless(world: World, file: File, *, data: st.DataObject) -> None:
    """The same parts in another order, under other names, some of them twice."""
    parts = list(data.draw(st.permutations(file.parts)))
    if parts and data.draw(st.booleans()):
        parts.append(data.draw(st.sampled_from(parts)))
    for position, part in enumerate(parts):
        # a file in the shape of the contract is named `document` and what follows . _ or -
        separator = data.draw(st.sampled_from([".", "_", "-"] if file.folder == "delta" else ["(", "_", " "]))
        suffix = "sta" if file.folder == "bank" else "csv"
        _put(world, file, name=f"{file.name}{separator}{position}.{suffix}", content=_bytes(part))


def _told(world: World, entity: str) -> list[dict[str, str]]:
    """What landed said, key by key: a delta may repeat what was known, and staging merges equal neighbours."""
    keys = load_contract().entity(entity).key
    told: list[dict[str, str]] = []
    rows = [
        {name: str(value) for name, value in row.items() if name not in INCIDENTAL}
        for row in world.rows(entity)
    ]
    for row in sorted(rows, key=lambda row: ([row[key] for key in keys], row["_known_at"])):
        before = told[-1] if told else {}
        if any(row[name] != before.get(name) for name in (*keys, "_row_hash", "_op", "_source")):
            told.append(row)
    return told


@given(data=st.data())
@settings(
    max_examples=3,
    # every example lands for real: shrinking would take minutes
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_files_of_any_system_may_come_in_any_order_and_shape(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    files = _files(data.draw(_histories()), tmp_path_factory.mktemp("files"))
    plain, cut = _world(tmp_path_factory.mktemp("plain")), _world(tmp_path_factory.mktemp("cut"))
    for file in files:
        _whole(plain, file)
    plain.land()
    # dumps come in the order of their days, since an older one is refused; deltas and statements as they like
    dumps = [file for file in files if file.folder == "in"]
    others = data.draw(st.permutations([file for file in files if file.folder != "in"]))
    for file in data.draw(st.permutations([file for file in dumps if file.day == DAYS[0]])):
        _careless(cut, file, data=data)
        if data.draw(st.booleans()):
            cut.land()
    for file in [*others, *(file for file in dumps if file.day != DAYS[0])]:
        _careless(cut, file, data=data)
        if data.draw(st.integers(0, 3)) == 0:
            cut.land()
    cut.land()
    assert not cut.land().loads
    for entity in ENTITIES:
        assert _told(plain, entity), entity
        assert _told(cut, entity) == _told(plain, entity), entity
    assert [row.reason_code for row in cut.rejected()] == [row.reason_code for row in plain.rejected()] == []
