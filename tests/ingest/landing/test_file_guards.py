"""What is no plain, finished file inside the folder of its source is refused by name, and nothing of it lands."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ingest.landing import file_guards
from ingest.landing.records import DeliveredFile, LandingReport
from tests.ingest.landing.world import CUSTOMER, World, documents, table

DAY = "2026-01-31"


def folder(world: World) -> Path:
    path = world.root / "in" / DAY
    path.mkdir(parents=True, exist_ok=True)
    return path


def told(report: LandingReport) -> list[tuple[str, str]]:
    return [(refusal.entity, refusal.reason_code) for refusal in report.refused]


def link_outside(world: World) -> None:
    world.put("elsewhere/document.csv", documents(7))
    (folder(world) / "document-2.csv").symlink_to(world.root / "elsewhere/document.csv")


def link_outside_by_dots(world: World) -> None:
    world.put("elsewhere/document.csv", documents(7))
    (folder(world) / "document-2.csv").symlink_to("../../elsewhere/document.csv")


def link_to_nowhere(world: World) -> None:
    (folder(world) / "document-2.csv").symlink_to("document-3.csv")


def link_to_itself(world: World) -> None:
    (folder(world) / "document-2.csv").symlink_to("document-2.csv")


def link_to_a_device(world: World) -> None:
    (folder(world) / "document-2.csv").symlink_to("/dev/zero")


def pipe(world: World) -> None:
    os.mkfifo(folder(world) / "document-2.csv")


def listening_socket(world: World) -> None:
    # the path of a socket may have only 108 bytes
    here = os.open(folder(world), os.O_RDONLY)
    try:
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(f"/proc/self/fd/{here}/document-2.csv")
    finally:
        os.close(here)


def folder_like_a_file(world: World) -> None:
    (folder(world) / "document-2.csv").mkdir()


def empty(world: World) -> None:
    world.deliver(DAY, b"", name="document-2.csv")


def too_large(world: World) -> None:
    world.source["largest_file"] = "1KB"
    world.deliver(DAY, documents(*range(100, 200)), name="document-2.csv")


def name_of_no_text(world: World) -> None:
    world.deliver(DAY, documents(7), name=os.fsdecode(b"document-\xff.csv"))


def name_with_a_line_end(world: World) -> None:
    world.deliver(DAY, documents(7), name="document-\n../2.csv".replace("/", "\u2215"))


def name_turned_around(world: World) -> None:
    world.deliver(DAY, documents(7), name="document-\u202evsc.csv")


@pytest.mark.parametrize(
    ("lay", "reason_code"),
    [
        (link_outside, "link_outside"),
        (link_outside_by_dots, "link_outside"),
        (link_to_nowhere, "link_outside"),
        (link_to_itself, "link_outside"),
        (link_to_a_device, "link_outside"),
        (pipe, "not_a_file"),
        (listening_socket, "not_a_file"),
        (folder_like_a_file, "not_a_file"),
        (empty, "empty_file"),
        (too_large, "file_too_large"),
        (name_of_no_text, "bad_file_name"),
        (name_with_a_line_end, "bad_file_name"),
        (name_turned_around, "bad_file_name"),
    ],
)
def test_what_may_not_be_read_refuses_its_delivery_and_is_listed_by_name(
    world: World, lay: Callable[[World], None], reason_code: str
) -> None:
    world.deliver(DAY, documents(1))
    world.deliver(DAY, table(CUSTOMER, "CN01,C1,One"), name="customer.csv")
    lay(world)
    report = world.land()
    assert told(report) == [("document", reason_code)]
    assert report.has_required_refusal, "so a refresh ends with 2"
    assert [load.entity for load in report.loads] == ["customer"], "the other entity is not to blame"
    (row,) = world.rejected()
    assert row.reason_code == reason_code and row.file.startswith(f"in/{DAY}/document-") and row.row is None
    refusal = report.refused[0]
    assert row.file in refusal.reason and refusal.fix and "\n" not in refusal.reason
    # it stays refused, and is not told twice
    assert told(world.land()) == [("document", reason_code)]
    assert len(world.rejected()) == 1


def test_once_the_fault_is_taken_away_the_delivery_lands_and_nothing_is_left_of_the_refusal(
    world: World,
) -> None:
    world.deliver(DAY, documents(1))
    link_outside(world)
    world.land()
    (folder(world) / "document-2.csv").unlink()
    report = world.land()
    assert not report.refused and world.live() == {"1"} and world.rejected() == []


def test_a_refusal_is_closed_when_the_only_file_of_its_entity_is_taken_away(world: World) -> None:
    world.deliver(DAY, documents(1))
    world.deliver(DAY, b"", name="customer.csv")
    assert told(world.land()) == [("customer", "empty_file")]
    (folder(world) / "customer.csv").unlink()
    world.land()
    assert world.rejected() == []


def test_links_inside_the_folder_and_a_folder_that_is_a_link_are_fine(world: World) -> None:
    world.put(f"disk/{DAY}/document.csv", documents(1))
    world.put("disk/all/part.csv", documents(2))
    (world.root / f"disk/{DAY}/document-2.csv").symlink_to("../all/part.csv")
    (world.root / "in").symlink_to(world.root / "disk", target_is_directory=True)
    assert not world.land().refused
    assert world.live() == {"1", "2"}


def test_a_path_that_names_one_file_may_name_a_link(world: World) -> None:
    world.put("disk/real.csv", documents(1))
    (world.root / "document.csv").symlink_to(world.root / "disk/real.csv")
    world.source |= {"path": "document.csv", "extracted_at": "2026-01-31"}
    assert not world.land().refused and world.live() == {"1"}


def test_a_dated_folder_that_leads_out_is_refused_file_by_file(world: World) -> None:
    world.put("elsewhere/document.csv", documents(7))
    (world.root / "in").mkdir()
    (world.root / "in" / DAY).symlink_to(world.root / "elsewhere", target_is_directory=True)
    assert told(world.land()) == [("document", "link_outside")]


def test_folders_for_what_is_done_and_unknown_things_are_left_alone(world: World) -> None:
    world.deliver(DAY, documents(1))
    (folder(world) / "archive").mkdir()
    (folder(world) / "document_old").mkdir()
    os.mkfifo(folder(world) / "wake-up")
    report = world.land()
    assert not report.refused and "wake-up" in report.warnings[0] and len(report.warnings) == 1


def test_a_bank_folder_may_hold_folders_but_no_pipes(world: World) -> None:
    world.source |= {"profile": "mt940", "path": "bank", "extracted_at": "2026-01-31"}
    (world.root / "bank/done.2026").mkdir(parents=True)
    os.mkfifo(world.root / "bank/statement.sta")
    assert told(world.land()) == [("bank_statement", "not_a_file"), ("bank_transaction", "not_a_file")]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_a_file_that_may_not_be_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "document.csv"
    path.write_text(documents(1))
    path.chmod(0o000)
    asked = (
        "import os, sys; from pathlib import Path; from ingest.landing.file_guards import Limits, looked_at;"
        "path = Path(sys.argv[1]); os.chdir(path.parent); os.seteuid(65534);"
        "file = looked_at(Path(path.name), name='document.csv', limits=Limits(None, 10**9, 0), cached={});"
        "print(file.fault.reason_code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", asked, path],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[3])},
    )
    assert done.stdout == "no_permission\n"


@pytest.mark.parametrize("what", ["control is a pipe", "control is no table", "control is too large"])
def test_a_control_file_that_cannot_be_read_refuses_all_of_its_moment(world: World, what: str) -> None:
    world.deliver(DAY, documents(1))
    world.deliver("2026-01-30", documents(1))
    control = folder(world) / "_control.csv"
    if what == "control is a pipe":
        os.mkfifo(control)
    else:
        cell = "x" * 200_000
        control.write_text(f"entity,rows,amount\n{cell * (1 if what.endswith('table') else 6)},1,1\n")
    report = world.land()
    assert [refusal.reason_code for refusal in report.refused] == [
        "not_a_file" if what == "control is a pipe" else "bad_control_file"
    ]
    assert [load.business_date.isoformat() for load in report.loads] == ["2026-01-30"]


@pytest.mark.parametrize("amount", ["NaN", "sNaN", "Infinity"])
def test_an_amount_in_a_control_file_that_is_no_number_is_never_met(world: World, amount: str) -> None:
    world.deliver(DAY, documents(1))
    world.deliver(DAY, f"entity,rows,amount\ndocument,1,{amount}\n", name="_control.csv")
    assert told(world.land()) == [("document", "broken_control_total")]


def test_a_file_younger_than_it_takes_to_settle_waits_with_all_of_its_delivery(world: World) -> None:
    world.source["settle_seconds"] = 60
    old = time.time() - 3_600
    for name in ("document-1.csv", "document-2.csv", "customer.csv"):
        path = world.deliver(
            DAY, documents(1) if name[0] == "d" else table(CUSTOMER, "CN01,C1,One"), name=name
        )
        os.utime(path, (old, old))
    os.utime(folder(world) / "document-2.csv")
    report = world.land()
    assert [load.entity for load in report.loads] == ["customer"] and not report.refused
    (warning,) = report.warnings
    assert "document-2.csv is still being written" in warning and "next refresh" in warning
    os.utime(folder(world) / "document-2.csv", (old, old))
    assert [load.entity for load in world.land().loads] == ["document"]


@pytest.mark.parametrize("ahead", [30.0, 3_600.0])
def test_a_clock_that_is_ahead_does_not_keep_a_file_out_for_ever(world: World, ahead: float) -> None:
    world.source["settle_seconds"] = 60
    path = world.deliver(DAY, documents(1))
    os.utime(path, (time.time() + ahead,) * 2)
    assert bool(world.land().loads) == (ahead > 60)


def test_without_a_time_to_settle_what_was_just_renamed_into_place_lands_at_once(world: World) -> None:
    part = world.deliver(DAY, documents(1), name="document.csv.part")
    assert world.land().is_nothing_new
    part.rename(part.with_suffix(""))
    assert len(world.land().loads) == 1


def test_a_file_that_grows_while_it_is_looked_at_waits(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.deliver(DAY, documents(1), name="document-1.csv")
    growing = world.deliver(DAY, documents(2), name="document-2.csv")
    content_hash = file_guards._content_hash

    def while_it_grows(path: Path) -> str:
        found = content_hash(path)
        if path == growing:
            with path.open("a") as file:
                file.write(documents(3).splitlines()[1] + "\n")
        return found

    with monkeypatch.context() as patched:
        patched.setattr(file_guards, "_content_hash", while_it_grows)
        report = world.land()
    assert report.is_nothing_new and not report.refused and "still being written" in report.warnings[0]
    world.land()
    assert world.live() == {"1", "2", "3"}


@pytest.mark.parametrize("what", ["grows", "goes away"])
def test_a_file_that_changes_while_it_is_read_lands_nothing_and_lands_next_time(
    world: World, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    from ingest.landing import staging

    world.deliver(DAY, documents(1), name="document-1.csv")
    path = world.deliver(DAY, documents(2), name="document-2.csv")
    open_text = staging.open_text

    def while_it_changes(opened: Path, **options: Any) -> object:
        if opened == path and what == "goes away":
            path.rename(path.with_suffix(".part"))
        file = open_text(opened, **options)
        if opened == path:
            path.write_text(documents(2, 3))
        return file

    with monkeypatch.context() as patched:
        patched.setattr(staging, "open_text", while_it_changes)
        report = world.land()
    assert told(report) == [("document", "file_changed")]
    assert report.is_nothing_new and not world.parquet_files()
    if what == "goes away":
        path.with_suffix(".part").rename(path)
    assert not world.land().refused
    assert world.live() >= {"1", "2"} and world.rejected() == []


def test_a_file_that_cannot_be_looked_at_for_another_reason_is_no_fault_of_the_delivery(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "document.csv"
    path.write_text(documents(1))

    def fails(*_: object) -> str:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(file_guards, "_content_hash", fails)
    limits = file_guards.Limits(tmp_path, 10**9, 0)
    with pytest.raises(OSError, match="Input/output"):
        file_guards.looked_at(path, name="document.csv", limits=limits, cached={})


def test_nothing_of_a_faulty_file_is_remembered_as_content(tmp_path: Path) -> None:
    (tmp_path / "document.csv").mkdir()
    limits = file_guards.Limits(tmp_path, 10**9, 0)
    file = file_guards.looked_at(tmp_path / "document.csv", name="document.csv", limits=limits, cached={})
    assert isinstance(file, DeliveredFile) and file.fault is not None
    assert file.content_hash.startswith("not_a_file:")
