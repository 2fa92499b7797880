"""Payment terms: text as people write it, to the numbers that a due date is computed from.

Belongs here: the grammar, Chinese and English, and the normal form of each reading. Must not: any arithmetic on dates
(SQL does it, once), or a guess: text that is unreadable, or that two people would read differently, is not readable.

    due = basis date + days_before
          then, with a cutoff_day: forward to the next such day of a month on or after it (31 = the month's end)
          then + months_after (a month's end stays one when cutoff_day is 31, else the day is clamped)
          then, with a day_of_month: that day of the month reached (clamped)
          then + days_after

Normal form: `[discount/days ]NETn`, `[n ]EOM[@cutoff][+months M][@day][+n]`, `months M[@day][+n]`, `COD` or `PREPAID`,
with ` FROM <basis>` behind it where the text names one. It reads back as itself.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from ingest.terms_text import plain_text

Basis = Literal["document_date", "posting_date", "invoice_received", "acceptance", "delivery"]

MONTH_END = 31
LONGEST_DAYS = 3650
LONGEST_MONTHS = 120


@dataclass(frozen=True)
class PaymentTerms:
    """One reading of one text. Where `is_readable` is False the other numbers mean nothing.

    `basis` None means that the text does not say it: the document's own basis applies, else the document date.
    `discount_rate` is 0 to 1; `is_immediate` marks cash terms (COD, PREPAID), which extend no credit.
    """

    terms_text: str
    basis: Basis | None = None
    days_before: int = 0
    cutoff_day: int | None = None
    months_after: int = 0
    day_of_month: int | None = None
    days_after: int = 0
    discount_rate: Decimal | None = None
    discount_days: int | None = None
    is_immediate: bool = False
    is_readable: bool = True
    normal_form: str | None = None


@dataclass(frozen=True)
class MonthlyReading:
    """What 月结 means in a source: its profile declares it where the default does not hold.

    `cutoff_day` 31 is the end of the month. With `unit` "months", 月结60天 is the end of the second month after.
    """

    cutoff_day: int = MONTH_END
    unit: Literal["days", "months"] = "days"


DEFAULT_MONTHLY_READING = MonthlyReading()


class _Unreadable(Exception):
    """The text is not one of the forms; it never leaves this module."""


def parse_terms(text: str, *, monthly: MonthlyReading = DEFAULT_MONTHLY_READING) -> PaymentTerms:
    """Read one payment-terms text. Never raises: an unreadable text comes back with `is_readable` False."""
    plain = plain_text(text)
    try:
        terms = _read(plain, text=text, monthly=monthly)
        _check_ranges(terms)
    except _Unreadable:
        return PaymentTerms(terms_text=text, is_readable=False)
    return replace(terms, normal_form=_normal_form(terms))


def _read(plain: str, *, text: str, monthly: MonthlyReading) -> PaymentTerms:
    cash = _CASH.get(plain)
    if cash is not None:
        return replace(cash, terms_text=text)
    plain, rate, discount_days = _take_discount(plain)
    plain, basis = _take_basis(plain)
    start = PaymentTerms(terms_text=text, basis=basis, discount_rate=rate, discount_days=discount_days)
    if "月结" in plain:
        return _read_monthly(plain, start=start, monthly=monthly)
    if plain in _AT_ONCE or (plain in _PAY_WORDS and basis is not None):
        return start
    if basis is not None:
        plain = _DAYS_AFTER_EVENT.sub(r"\1天", plain)
    for pattern, build in _SCHEDULES:
        match = pattern.fullmatch(plain)
        if match is not None:
            return build(start, match)
    raise _Unreadable


# ---------------------------------------------------------------------------------------------- cash terms

_COD = PaymentTerms(terms_text="", basis="delivery", is_immediate=True)
_PREPAID = PaymentTerms(terms_text="", is_immediate=True)

_CASH: dict[str, PaymentTerms] = {
    **dict.fromkeys(
        (
            "COD",
            "C.O.D",
            "CASH ON DELIVERY",
            "COLLECT ON DELIVERY",
            "PAYMENT ON DELIVERY",
            "货到付款",
            "货到即付",
        ),
        _COD,
    ),
    **dict.fromkeys(
        (
            "PREPAID",
            "PREPAYMENT",
            "PRE-PAID",
            "PRE-PAYMENT",
            "PAYMENT IN ADVANCE",
            "PAID IN ADVANCE",
            "CASH IN ADVANCE",
            "CIA",
            "CASH BEFORE DELIVERY",
            "CBD",
            "预付",
            "预付款",
            "预付全款",
            "全额预付",
            "款到发货",
            "款到交货",
            "先款后货",
        ),
        _PREPAID,
    ),
}

# payable on the basis date itself, yet not cash terms: the goods leave before the money is there
_AT_ONCE = frozenset(
    {
        "DUE ON RECEIPT",
        "DUE UPON RECEIPT",
        "PAYABLE ON RECEIPT",
        "PAYABLE UPON RECEIPT",
        "DUE IMMEDIATELY",
        "PAYABLE IMMEDIATELY",
        "PAYABLE IMMEDIATELY DUE NET",
        "IMMEDIATE",
        "IMMEDIATE PAYMENT",
        "立即付款",
        "即时付款",
        "即付",
    }
)
_PAY_WORDS = frozenset({"付款", "即付", "付", "后付款", "后即付", "后付", "立即付款", "后立即付款"})


# ---------------------------------------------------------------------------------------------- discount and basis

_DISCOUNT = re.compile(
    r"(?P<rate>\d{1,2}(?:\.\d{1,2})?)(?:%?/|%)(?P<days>\d{1,3})(?: DAYS?)?,? ?(?P<rest>(?:NET|N/|N) ?.*)"
)

_BASIS_PREFIXES: tuple[tuple[re.Pattern[str], Basis], ...] = (
    (re.compile(r"(?:票到|发票到|发票收到|收票|收到发票|收到票)(?:之?日)?(?:之?后|起)?"), "invoice_received"),
    (re.compile(r"(?:验收合格|验收通过|验收|终验)(?:之?日)?(?:之?后|起)?"), "acceptance"),
    (re.compile(r"(?:货到|到货|收货|交货|收到货物?)(?:之?日)?(?:之?后|起)?"), "delivery"),
    (re.compile(r"(?:开票|发票日期?|开票日期?|开具发票|发票开具)(?:之?日)?(?:之?后|起)?"), "document_date"),
    (re.compile(r"(?:过账|记账|入账)(?:日期?)?(?:之?后|起)?"), "posting_date"),
)

_BASIS_SUFFIX = re.compile(r"(?P<rest>.+?) (?:FROM|AFTER|FOLLOWING|OF) (?:THE )?(?P<event>[A-Z][A-Z _]*)")
_BASIS_EVENTS: dict[str, Basis] = {
    **dict.fromkeys(
        (
            "DOCUMENT_DATE",
            "DOCUMENT DATE",
            "INVOICE DATE",
            "DATE OF INVOICE",
            "INVOICE",
            "DATE OF THE INVOICE",
        ),
        "document_date",
    ),
    **dict.fromkeys(("POSTING_DATE", "POSTING DATE", "DATE OF POSTING"), "posting_date"),
    **dict.fromkeys(
        (
            "INVOICE_RECEIVED",
            "RECEIPT OF INVOICE",
            "RECEIPT OF THE INVOICE",
            "INVOICE RECEIPT",
            "INVOICE RECEIPT DATE",
        ),
        "invoice_received",
    ),
    **dict.fromkeys(("ACCEPTANCE", "ACCEPTANCE DATE", "DATE OF ACCEPTANCE"), "acceptance"),
    **dict.fromkeys(
        ("DELIVERY", "DELIVERY DATE", "DATE OF DELIVERY", "RECEIPT OF GOODS", "RECEIPT OF THE GOODS"),
        "delivery",
    ),
}


# 票到60日: behind an event the number can only be a count of days
_DAYS_AFTER_EVENT = re.compile(r"^(\d{1,4})日(?=$|付)")


def _take_discount(plain: str) -> tuple[str, Decimal | None, int | None]:
    """`2/10 NET30`: pay within 10 days and keep 2 %. Only before plain net days: `2/10 EOM` has two readings."""
    match = _DISCOUNT.fullmatch(plain)
    if match is None:
        return plain, None, None
    rate = Decimal(match["rate"]) / 100
    if not 0 < rate < 1:
        raise _Unreadable
    return match["rest"], rate, int(match["days"])


def _take_basis(plain: str) -> tuple[str, Basis | None]:
    for pattern, basis in _BASIS_PREFIXES:
        match = pattern.match(plain)
        if match is not None and match.end() < len(plain):
            return plain[match.end() :], basis
    match = _BASIS_SUFFIX.fullmatch(plain)
    if match is not None and match["event"] in _BASIS_EVENTS:
        return match["rest"], _BASIS_EVENTS[match["event"]]
    return plain, None


# ---------------------------------------------------------------------------------------------- schedules

_Build = Callable[[PaymentTerms, re.Match[str]], PaymentTerms]


def _number(match: re.Match[str], name: str) -> int:
    return int(match.groupdict().get(name) or 0)


def _day(match: re.Match[str], name: str) -> int | None:
    value = match.groupdict().get(name)
    return int(value) if value else None


def _net(start: PaymentTerms, match: re.Match[str]) -> PaymentTerms:
    return replace(start, days_after=_number(match, "days") or _number(match, "within"))


def _months(start: PaymentTerms, match: re.Match[str]) -> PaymentTerms:
    return replace(
        start,
        months_after=_number(match, "months"),
        day_of_month=_day(match, "day"),
        days_after=_number(match, "days"),
    )


def _month_end(start: PaymentTerms, match: re.Match[str]) -> PaymentTerms:
    return replace(
        start,
        days_before=_number(match, "before"),
        cutoff_day=_day(match, "cutoff") or MONTH_END,
        months_after=_number(match, "months"),
        day_of_month=_day(match, "day"),
        days_after=_number(match, "days"),
    )


def _next_month(start: PaymentTerms, match: re.Match[str]) -> PaymentTerms:
    return replace(start, months_after=1, day_of_month=_day(match, "day"))


def _end_of_next_month(start: PaymentTerms, match: re.Match[str]) -> PaymentTerms:
    return replace(start, cutoff_day=MONTH_END, months_after=1)


_EOM = "(?:EOM|END OF (?:THE )?MONTH)"
_NEXT = "(?:NEXT|FOLLOWING)"

_SCHEDULES: tuple[tuple[re.Pattern[str], _Build], ...] = tuple(
    (re.compile(pattern.replace(r"\d+", r"\d{1,4}")), build)
    for pattern, build in (
        # 30 days from the basis date
        (r"(?:NET|N/|N) ?(?P<days>\d+)(?: ?D(?:AYS?)?)?", _net),
        (r"(?P<days>\d+) ?D(?:AYS?)?(?: NET)?", _net),
        (r"(?:DUE )?(?:IN|WITHIN) (?P<days>\d+) DAYS?(?: DUE NET)?", _net),
        (r"(?:账期|信用期|净|付款期|NET ?)?(?P<days>\d+)天(?:内|内付款|付款|付清|账期|内付清)?", _net),
        # 30日 alone may be the 30th; 30日内 is not
        (r"(?:(?:账期|信用期|付款期)(?P<days>\d+)日|(?P<within>\d+)日内(?:付款|付清)?)", _net),
        # whole months from the basis date
        (r"(?:NET )?(?P<months>\d+) MONTHS?", _months),
        (r"(?P<months>\d+)M(?:@(?P<day>\d+))?(?:\+(?P<days>\d+))?", _months),
        (r"(?:账期|信用期)?(?P<months>\d+)个月(?:内|内付款|付款)?", _months),
        # the month's end, or another cut-off day, and what follows it
        (
            (
                rf"(?:(?P<before>\d+) ?(?:D(?:AYS?)?)? ?)?{_EOM}(?:@(?P<cutoff>\d+))?"
                r"(?:\+(?P<months>\d+) ?M(?:ONTHS?)?)?(?:@(?P<day>\d+))?(?:\+(?P<days>\d+)(?: ?D(?:AYS?)?)?)?"
            ),
            _month_end,
        ),
        (rf"{_EOM},? (?:PLUS )?(?P<days>\d+) DAYS?", _month_end),
        (rf"{_EOM},? (?:PLUS )?(?P<months>\d+) MONTHS?", _month_end),
        (rf"(?P<days>\d+) DAYS? (?:AFTER|FROM) {_EOM}", _month_end),
        (rf"(?P<months>\d+) MONTHS? (?:AFTER|FROM) {_EOM}", _month_end),
        # a month later and then its end is the end of that month: EOM+1M
        (rf"(?P<months>\d+) MONTHS?,? {_EOM}", _month_end),
        (r"(?:当月|本月)(?:月?底|月?末)(?:付款|付清)?", _month_end),
        (r"月[底末]后(?P<days>\d+)[天日](?:内|付款)?", _month_end),
        (r"月[底末]后(?P<months>\d+)个月(?:内|付款)?", _month_end),
        # a day of the next month
        (rf"(?P<day>\d+)(?:ST|ND|RD|TH)?(?: DAY)? OF (?:THE )?{_NEXT} MONTH", _next_month),
        (rf"{_NEXT} MONTH(?: ON)?(?: THE)? (?P<day>\d+)(?:ST|ND|RD|TH)", _next_month),
        (r"(?:次月|下月|下个月|次个月)(?P<day>\d+)[日号](?:前|付款|前付款|付清)?", _next_month),
        (rf"END OF (?:THE )?{_NEXT} MONTH", _end_of_next_month),
        (r"(?:次月|下月|下个月|次个月)(?:月?底|月?末)(?:前|付款|前付款|付清)?", _end_of_next_month),
    )
)


# ---------------------------------------------------------------------------------------------- 月结

_CUTOFF = re.compile(r"(?:每月)?(?P<cutoff>\d{1,4})[日号](?:截止|截单|截账|截数|截|对账)")
_MONTHLY_DAYS = re.compile(r"(?P<days>\d{1,4})天(?:内|付款|内付款|账期)?")
_MONTHLY_MONTHS = re.compile(r"(?P<months>\d{1,4})个月(?:内|付款|内付款|账期)?")
_MONTHLY_DAY = re.compile(r"(?:次月|下月|下个月)(?P<day>\d{1,4})[日号](?:前|付款|前付款|付清)?")
_MONTHLY_END = re.compile(r"(?:次月|下月|下个月)(?:月?底|月?末)(?:前|付款|前付款|付清)?")


def _read_monthly(plain: str, *, start: PaymentTerms, monthly: MonthlyReading) -> PaymentTerms:
    """月结: invoices are gathered up to a cut-off day, and the time runs from it."""
    cutoffs = _CUTOFF.findall(plain)
    rest = _CUTOFF.sub("", plain).replace("月结", "", 1)
    if len(cutoffs) > 1 or start.discount_rate is not None:
        raise _Unreadable
    terms = replace(start, cutoff_day=int(cutoffs[0]) if cutoffs else monthly.cutoff_day)

    match = _MONTHLY_DAYS.fullmatch(rest)
    if match is not None:
        days = int(match["days"])
        if monthly.unit == "days":
            return replace(terms, days_after=days)
        if days % 30:
            raise _Unreadable
        return replace(terms, months_after=days // 30)
    match = _MONTHLY_MONTHS.fullmatch(rest)
    if match is not None:
        return replace(terms, months_after=int(match["months"]))
    match = _MONTHLY_DAY.fullmatch(rest)
    if match is not None:
        return replace(terms, months_after=1, day_of_month=int(match["day"]))
    if _MONTHLY_END.fullmatch(rest):
        # from a month's end the month after ends at its own end, so no day need be named
        last_day = None if terms.cutoff_day == MONTH_END else MONTH_END
        return replace(terms, months_after=1, day_of_month=last_day)
    raise _Unreadable


# ---------------------------------------------------------------------------------------------- ranges, normal form


def _check_ranges(terms: PaymentTerms) -> None:
    days = terms.days_before <= LONGEST_DAYS and terms.days_after <= LONGEST_DAYS
    months = terms.months_after <= LONGEST_MONTHS
    of_month = all(day is None or 1 <= day <= MONTH_END for day in (terms.cutoff_day, terms.day_of_month))
    if not (days and months and of_month):
        raise _Unreadable
    if terms.discount_days is not None:
        is_net = terms.cutoff_day is None and terms.day_of_month is None and not terms.months_after
        if not is_net or terms.discount_days > terms.days_after:
            raise _Unreadable


def _normal_form(terms: PaymentTerms) -> str:
    if terms.is_immediate:
        return "COD" if terms.basis == "delivery" else "PREPAID"
    parts: list[str] = []
    if terms.discount_rate is not None:
        percent = f"{terms.discount_rate * 100:f}"
        percent = percent.rstrip("0").rstrip(".") if "." in percent else percent
        parts.append(f"{percent}/{terms.discount_days}")
    day = "" if terms.day_of_month is None else f"@{terms.day_of_month}"
    days = f"+{terms.days_after}" if terms.days_after else ""
    if terms.cutoff_day is not None:
        if terms.days_before:
            parts.append(str(terms.days_before))
        cutoff = "" if terms.cutoff_day == MONTH_END else f"@{terms.cutoff_day}"
        months = f"+{terms.months_after}M" if terms.months_after else ""
        parts.append(f"EOM{cutoff}{months}{day}{days}")
    elif terms.months_after or day:
        parts.append(f"{terms.months_after}M{day}{days}")
    else:
        parts.append(f"NET{terms.days_after}")
    if terms.basis is not None:
        parts.append(f"FROM {terms.basis.upper()}")
    return " ".join(parts)
