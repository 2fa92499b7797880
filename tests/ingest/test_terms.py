"""Payment terms are read as written, in Chinese and English, and never guessed.

The due dates in the tests below are computed by a slow reading of the definition in `ingest.terms`, written here
again, so that each figure of the design (traps T10, T11, T22; B9) stands beside the text it belongs to.
"""

import calendar
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.terms import Basis, MonthlyReading, PaymentTerms, parse_terms


def month_end(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def clamp(year: int, month: int, day: int) -> date:
    return min(date(year, month, 1) + timedelta(days=day - 1), month_end(year, month))


def add_months(day: date, months: int) -> tuple[int, int]:
    index = day.year * 12 + day.month - 1 + months
    return index // 12, index % 12 + 1


def due_date(start: date, terms: PaymentTerms) -> date:
    """The definition, step by step."""
    assert terms.is_readable
    day = start + timedelta(days=terms.days_before)
    if terms.cutoff_day is not None:
        cutoff = clamp(day.year, day.month, terms.cutoff_day)
        if cutoff < day:
            cutoff = clamp(*add_months(day.replace(day=1), 1), terms.cutoff_day)
        day = cutoff
    year, month = add_months(day, terms.months_after)
    day = month_end(year, month) if terms.cutoff_day == 31 else clamp(year, month, day.day)
    if terms.day_of_month is not None:
        day = clamp(day.year, day.month, terms.day_of_month)
    return day + timedelta(days=terms.days_after)


@pytest.mark.parametrize(
    ("text", "normal_form"),
    [
        # every form of the domain
        ("NET30", "NET30"),
        ("30 days", "NET30"),
        ("EOM+30", "EOM+30"),
        ("30 EOM", "30 EOM"),
        ("EOM+1M", "EOM+1M"),
        ("EOM@25+30", "EOM@25+30"),
        ("15th of next month", "1M@15"),
        ("2/10 NET30", "2/10 NET30"),
        ("COD", "COD"),
        ("货到付款", "COD"),
        ("PREPAID", "PREPAID"),
        ("预付", "PREPAID"),
        ("款到发货", "PREPAID"),
        ("月结30天", "EOM+30"),
        ("月结60天", "EOM+60"),
        ("30天", "NET30"),
        ("票到30天", "NET30 FROM INVOICE_RECEIVED"),
        ("验收后30天", "NET30 FROM ACCEPTANCE"),
        ("货到30天", "NET30 FROM DELIVERY"),
        # days
        ("Net 45 days", "NET45"),
        ("net45", "NET45"),
        ("n/30", "NET30"),
        ("30 DAYS NET", "NET30"),
        ("due in 14 days", "NET14"),
        ("Within 30 days Due net", "NET30"),
        ("Due on receipt", "NET0"),
        ("Due upon receipt.", "NET0"),
        ("Payable immediately Due net", "NET0"),
        ("0 days", "NET0"),
        ("账期90天", "NET90"),
        ("30日内付款", "NET30"),
        ("九十天", "NET90"),
        ("一百二十天", "NET120"),
        # months
        ("2 months", "2M"),
        ("3个月", "3M"),
        ("三个月", "3M"),
        # month ends and cut-off days
        ("EOM", "EOM"),
        ("EOM@31", "EOM"),
        ("EOM + 1 month", "EOM+1M"),
        ("1 month after end of month", "EOM+1M"),
        ("45 days end of month", "45 EOM"),
        ("end of month 45 days", "EOM+45"),
        ("30 days after end of month", "EOM+30"),
        ("30 EOM@25", "30 EOM@25"),
        ("EOM@25", "EOM@25"),
        ("EOM@25+1M@10", "EOM@25+1M@10"),
        ("end of next month", "EOM+1M"),
        ("次月底", "EOM+1M"),
        ("当月底", "EOM"),
        ("月底后45天", "EOM+45"),
        ("15th of the following month", "1M@15"),
        ("次月15日", "1M@15"),
        ("下月10号前付款", "1M@10"),
        # 月结 with what follows it
        ("月结1个月", "EOM+1M"),
        ("月结三十天", "EOM+30"),
        ("25日截月结30天", "EOM@25+30"),
        ("月结30天（每月25号截止）", "EOM@25+30"),
        ("月结次月15日", "EOM+1M@15"),
        ("月结次月底", "EOM+1M"),
        ("票到月结30天", "EOM+30 FROM INVOICE_RECEIVED"),
        # start dates
        ("30 days after receipt of invoice", "NET30 FROM INVOICE_RECEIVED"),
        ("30 days from invoice date", "NET30 FROM DOCUMENT_DATE"),
        ("30 days after acceptance", "NET30 FROM ACCEPTANCE"),
        ("30 days from the date of delivery", "NET30 FROM DELIVERY"),
        ("NET 60 from posting date", "NET60 FROM POSTING_DATE"),
        ("收到发票后60天", "NET60 FROM INVOICE_RECEIVED"),
        ("票到60日", "NET60 FROM INVOICE_RECEIVED"),
        ("验收合格后30天", "NET30 FROM ACCEPTANCE"),
        ("到货后7天内付款", "NET7 FROM DELIVERY"),
        ("开票后30天", "NET30 FROM DOCUMENT_DATE"),
        ("票到付款", "NET0 FROM INVOICE_RECEIVED"),
        # discounts
        ("2/10, n/30", "2/10 NET30"),
        ("2% 10 net 30", "2/10 NET30"),
        ("1.5/10 NET 45", "1.5/10 NET45"),
        # width, case and blanks
        ("ＮＥＴ　３０", "NET30"),
        ("  net   30\tdays ", "NET30"),
        ("eom + 30", "EOM+30"),
        ("月结 30 天", "EOM+30"),
        ("月结３０天", "EOM+30"),
        ("ｃｏｄ", "COD"),
    ],
)
def test_a_text_has_one_normal_form_which_reads_back_as_itself(text: str, normal_form: str) -> None:
    terms = parse_terms(text)
    assert terms.is_readable
    assert terms.terms_text == text
    assert terms.normal_form == normal_form
    assert replace(parse_terms(normal_form), terms_text=text) == terms


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "30",
        "0001",
        "as agreed",
        "面议",
        "NET",
        # two readings: 30 days after the month's end, or the end of the month 30 days on
        "NET 30 EOM",
        "EOM 30",
        # two readings: the 10th of the next month, or 10 days
        "2/10 EOM",
        # receipt of what?
        "NET30 AFTER RECEIPT",
        # days, months or a cut-off day?
        "月结",
        "月结30",
        "月结25号",
        # the 30th, or 30 days
        "30日",
        # 105 or 150
        "一百五天",
        # separators are not dropped between digits
        "次月1、5日",
        "1、5天",
        # dispatch is not delivery, a bill's tenor is not a due date, and stages are several dates
        "发货后30天",
        "承兑6个月",
        "月结30天,6个月承兑",
        "3-6-1",
        "30%预付70%验收",
        "3/10, 2/20, n/30",
        # out of range
        "EOM@32+30",
        "次月0日",
        "NET 99999",
        "NET" + "9" * 5000,
        "2/45 NET30",
        "0/10 NET30",
        "NET-30",
        "NET30.5",
    ],
)
def test_an_unreadable_or_ambiguous_text_is_not_guessed(text: str) -> None:
    terms = parse_terms(text)
    assert not terms.is_readable
    assert terms.normal_form is None
    assert terms == PaymentTerms(terms_text=text, is_readable=False)


@pytest.mark.parametrize(
    ("text", "start", "due"),
    [
        ("1 month after end of month", date(2025, 2, 28), date(2025, 3, 31)),
        ("1 month after end of month", date(2025, 6, 11), date(2025, 7, 31)),
    ],
)
def test_t10_a_month_after_a_month_end_is_a_month_end(text: str, start: date, due: date) -> None:
    assert due_date(start, parse_terms(text)) == due


@pytest.mark.parametrize(
    ("text", "due"),
    [("45 days end of month", date(2025, 10, 31)), ("end of month 45 days", date(2025, 11, 14))],
)
def test_t11_days_then_month_end_is_not_month_end_then_days(text: str, due: date) -> None:
    assert due_date(date(2025, 9, 13), parse_terms(text)) == due


def test_t11_a_day_that_the_month_does_not_have_is_clamped() -> None:
    assert due_date(date(2025, 1, 10), parse_terms("31st of next month")) == date(2025, 2, 28)
    assert due_date(date(2025, 1, 31), parse_terms("1 month")) == date(2025, 2, 28)
    assert due_date(date(2025, 2, 10), parse_terms("EOM@30+0")) == date(2025, 2, 28)


@pytest.mark.parametrize(
    ("text", "start", "due"),
    [
        ("25日截月结30天", date(2025, 1, 27), date(2025, 3, 27)),
        ("月结30天", date(2025, 1, 27), date(2025, 3, 2)),
        ("EOM+1M", date(2025, 1, 10), date(2025, 2, 28)),
        ("月结30天", date(2025, 1, 10), date(2025, 3, 2)),
        ("EOM@25+30", date(2025, 1, 25), date(2025, 2, 24)),
    ],
)
def test_b9_the_cutoff_and_the_unit_decide(text: str, start: date, due: date) -> None:
    assert due_date(start, parse_terms(text)) == due


def test_b9_a_source_declares_what_its_monthly_terms_mean() -> None:
    by_cutoff = parse_terms("月结30天", monthly=MonthlyReading(cutoff_day=25))
    assert due_date(date(2025, 1, 27), by_cutoff) == date(2025, 3, 27)
    by_months = parse_terms("月结30天", monthly=MonthlyReading(unit="months"))
    assert due_date(date(2025, 1, 10), by_months) == date(2025, 2, 28)
    assert not parse_terms("月结45天", monthly=MonthlyReading(unit="months")).is_readable


def test_a_cutoff_in_the_text_wins_over_the_declared_one() -> None:
    terms = parse_terms("20日截月结30天", monthly=MonthlyReading(cutoff_day=25))
    assert terms.cutoff_day == 20


def test_t22_a_discount_is_a_share_and_its_days_beside_one_due_date() -> None:
    terms = parse_terms("2/10 NET30")
    assert (terms.discount_rate, terms.discount_days, terms.days_after) == (Decimal("0.02"), 10, 30)
    assert due_date(date(2025, 1, 1), terms) == date(2025, 1, 31)


@pytest.mark.parametrize(
    ("text", "basis"), [("COD", "delivery"), ("货到付款", "delivery"), ("PREPAID", None), ("款到发货", None)]
)
def test_cash_terms_are_immediate(text: str, basis: Basis | None) -> None:
    terms = parse_terms(text)
    assert terms.is_immediate
    assert terms.basis == basis


def test_due_on_receipt_is_due_at_once_but_is_not_cash_in_advance() -> None:
    terms = parse_terms("Due on receipt")
    assert not terms.is_immediate
    assert due_date(date(2025, 3, 31), terms) == date(2025, 3, 31)


readable = st.builds(
    lambda form, days, months, day, cutoff: form.format(days=days, months=months, day=day, cutoff=cutoff),
    st.sampled_from(
        [
            "NET{days}",
            "{days} days",
            "EOM+{days}",
            "{days} EOM",
            "EOM@{cutoff}+{days}",
            "EOM@{cutoff}+{months}M@{day}+{days}",
            "{months}M@{day}",
            "{cutoff}日截月结{days}天",
            "验收后{days}天",
            "次月{day}日",
        ]
    ),
    st.integers(0, 365),
    st.integers(0, 24),
    st.integers(1, 31),
    st.integers(1, 31),
)


@given(readable)
def test_any_written_form_survives_a_round_trip_through_its_normal_form(text: str) -> None:
    terms = parse_terms(text)
    assert terms.normal_form is not None
    assert replace(parse_terms(terms.normal_form), terms_text=text) == terms


@given(readable, st.dates(date(2020, 1, 1), date(2030, 12, 31)))
def test_nothing_falls_due_before_it_starts_unless_a_day_of_its_month_is_named(
    text: str, start: date
) -> None:
    terms = parse_terms(text)
    if terms.day_of_month is None:
        assert due_date(start, terms) >= start


@given(st.text(alphabet="NETEOMCD 0123456789+@/%月结天日号截票到后次底个 ", max_size=14))
def test_any_text_comes_back_with_an_answer(text: str) -> None:
    terms = parse_terms(text)
    assert terms.is_readable == (terms.normal_form is not None)
