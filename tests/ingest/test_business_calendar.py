"""Business calendar: public holidays and worked weekends.

Belongs here: days that were decreed. Must not: deadlines of receivables.
"""

from datetime import date

from ingest.business_calendar import calendar_exceptions


def _days(country: str, *, newest_year: int) -> dict[date, bool]:
    rows = calendar_exceptions([country], newest_year=newest_year)
    return {row.day: row.is_business_day for row in rows}


def test_golden_week_is_off_and_the_weekends_around_it_are_worked() -> None:
    days = _days("CN", newest_year=2026)
    # State Council notice for 2026: 1 to 7 October off; Sunday 20 September and Saturday 10 October at work
    off = [date(2026, 10, day) for day in (1, 2, 5, 6, 7)]
    assert [days[day] for day in off] == [False] * 5
    # Saturday and Sunday are off without being told
    assert date(2026, 10, 3) not in days
    assert date(2026, 10, 8) not in days
    assert days[date(2026, 9, 20)] is True
    assert days[date(2026, 10, 10)] is True


def test_a_german_holiday_on_a_weekday_is_off_and_one_on_a_sunday_says_nothing() -> None:
    days = _days("DE", newest_year=2026)
    assert days[date(2026, 5, 1)] is False
    # 3 October 2026 is a Saturday
    assert date(2026, 10, 3) not in days
    assert True not in days.values()


def test_a_weekend_on_other_days_is_told_day_by_day() -> None:
    days = _days("AE", newest_year=2018)
    # Friday off, Sunday at work, in the Emirates until 2021
    assert days[date(2018, 3, 2)] is False
    assert days[date(2018, 3, 4)] is True


def test_a_country_without_known_holidays_has_no_rows() -> None:
    assert calendar_exceptions(["XX"], newest_year=2026) == []


def test_the_calendar_reaches_three_years_beyond_the_newest_delivery() -> None:
    days = _days("CN", newest_year=2026)
    assert (min(days).year, max(days).year) == (2000, 2029)
