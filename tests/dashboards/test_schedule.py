"""When a cron line was due last: figures by hand, in zones with and without summer time."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from dashboards.schedule import last_due

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")


def due(cron: str, before: str, zone: ZoneInfo = SHANGHAI) -> str:
    found = last_due(cron, before=datetime.fromisoformat(before).replace(tzinfo=zone), zone=zone)
    return "never" if found is None else found.strftime("%Y-%m-%d %H:%M")


@pytest.mark.parametrize(
    ("cron", "before", "expected"),
    [
        ("30 6 * * *", "2026-06-30 06:30", "2026-06-30 06:30"),
        ("30 6 * * *", "2026-06-30 06:29", "2026-06-29 06:30"),
        ("0 */6 * * *", "2026-06-30 17:59", "2026-06-30 12:00"),
        ("5/20 8 * * *", "2026-06-30 08:30", "2026-06-30 08:25"),
        # 29 June 2026 is a Monday
        ("30 6 * * 1-5", "2026-06-28 12:00", "2026-06-26 06:30"),
        ("30 6 * * mon,wed", "2026-06-30 12:00", "2026-06-29 06:30"),
        ("0 7 * * 7", "2026-06-30 12:00", "2026-06-28 07:00"),
        ("0 0 1 jan *", "2026-06-30 12:00", "2026-01-01 00:00"),
        ("0 0 29 2 *", "2026-06-30 12:00", "2024-02-29 00:00"),
        # both day fields restricted: either is enough
        ("0 0 15 * 1", "2026-06-30 12:00", "2026-06-29 00:00"),
        ("0 0 31 2 *", "2026-06-30 12:00", "never"),
    ],
)
def test_a_line_was_due_last(cron: str, before: str, expected: str) -> None:
    assert due(cron, before) == expected


def test_the_zone_of_the_schedule_decides() -> None:
    # 06:30 in Shanghai is 22:30 UTC of the day before
    found = last_due("30 6 * * *", before=datetime(2026, 6, 30, 22, 29, tzinfo=UTC), zone=SHANGHAI)
    assert found is not None and found.astimezone(UTC) == datetime(2026, 6, 29, 22, 30, tzinfo=UTC)


def test_summer_time_moves_the_moment_and_not_the_hour() -> None:
    winter = last_due("30 6 * * *", before=datetime(2026, 1, 10, 12, tzinfo=UTC), zone=BERLIN)
    summer = last_due("30 6 * * *", before=datetime(2026, 7, 10, 12, tzinfo=UTC), zone=BERLIN)
    assert winter is not None and winter.astimezone(UTC).hour == 5
    assert summer is not None and summer.astimezone(UTC).hour == 4
