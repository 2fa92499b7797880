"""Customers of every band, cap and grade of the scorecard, by hand (policy.md section 4).

Belongs here: their books, and tables of what each is worth, for tests/integration/test_credit_rating.py. Must not:
assertions.

Floors of a world of them are the absolute ones: minor 20,000, normal 100,000, major 500,000.
"""

from datetime import date, timedelta

from tests.kit import Books, Extracts
from tests.kit.provision import add_policy
from tests.kit.worlds import WORLD_DAY

DUE = date(2026, 4, 30)
# days late of 12 months: points
PAYMENT_HISTORY = {-3: 30, 0: 30, 1: 24, 7: 24, 8: 18, 15: 18, 16: 11, 30: 11, 31: 5, 60: 5, 61: 0}
# days past due of 20,000, the minor floor: points
CURRENT_OVERDUE = {0: 20, 1: 15, 15: 15, 16: 11, 30: 11, 31: 6, 60: 6, 61: 2, 90: 2, 91: 0}
# days late of the last 90 days, 10 before them: points
TREND = {4: 10, 5: 8, 15: 8, 16: 5, 20: 5, 21: 2, 30: 2, 31: 0}
# exposure under a limit of 100,000: points
UTILISATION = {
    "50000.00": 10, "50000.10": 8, "75000.00": 8, "75000.10": 6, "90000.00": 6, "90000.10": 3, "100000.00": 3,
    "100000.10": 0,
}  # fmt: skip
# working capital and retained earnings of 10,000 assets, of which 5,000 equity, without EBIT: Z'' and points.
# 6.56 x 0.0049 + 3.26 x 0.4656 + 1.05 = 2.60
ACCOUNTS = {
    "Z260": (49, 4656, "2.600000", 15),
    "Z259": (49, 4655, "2.599674", 11),
    "Z185": (162, 2128, "1.850000", 11),
    "Z184": (162, 2127, "1.849674", 7),
    "Z110": (112, -72, "1.100000", 7),
    "Z109": (112, -73, "1.099674", 2),
}
OUTSIDE = {
    "SUED": ([("2026-06-01", "court_record", "sued for payment")], 6),
    "ENFORCED": ([("2026-06-01", "court_record", "被执行")], 1),
    "CONTROL": ([("2026-06-01", "ownership_change", "new majority owner")], 4),
    "DOWN": ([("2026-01-01", "external_rating", "A"), ("2026-06-01", "external_rating", "BBB")], 4),
    "UP": ([("2026-01-01", "external_rating", "BBB"), ("2026-06-01", "external_rating", "A")], 10),
    "PLAINTIFF": ([("2026-06-01", "court_record", "plaintiff")], 10),
    # of several the worst counts
    "SEVERAL": (
        [("2026-03-01", "ownership_change", "sold"), ("2026-06-01", "court_record", "sued for payment")],
        4,
    ),
    # two years end on the day
    "OLD": ([("2024-12-31", "court_record", "sued for payment")], 10),
    "NOT-SO-OLD": ([("2025-01-01", "court_record", "sued for payment")], 6),
}
# first billed, documents paid: points
RELATIONSHIP = {
    ("2023-12-31", 24): 5, ("2024-01-01", 24): 3, ("2023-12-31", 23): 3, ("2025-12-31", 12): 3, ("2026-01-01", 12): 2,
    ("2025-12-31", 11): 2, ("2026-06-30", 3): 2, ("2026-07-01", 3): 0, ("2026-06-30", 2): 0,
}  # fmt: skip
# points of overdue, utilisation, accounts, outside and relationship, of 60: score and its grade
SCORES = {
    "A": ((20, 10, 11, 10, 0), "85.0000", "A"),
    "A-LESS": ((20, 10, 7, 10, 3), "83.3333", "B"),
    "B": ((20, 8, 11, 1, 2), "70.0000", "B"),
    "B-LESS": ((20, 10, 7, 4, 0), "68.3333", "C"),
    "C": ((20, 0, 7, 6, 0), "55.0000", "C"),
    "C-LESS": ((20, 0, 2, 10, 0), "53.3333", "D"),
    "D": ((20, 3, 0, 1, 0), "40.0000", "D"),
    "D-LESS": ((20, 0, 2, 1, 0), "38.3333", "E"),
}
EXPOSURES = {10: "50000.00", 8: "75000.00", 3: "100000.00", 0: "120000.00"}
BALANCES = {11: (162, 2128, 5000), 7: (112, -72, 5000), 2: (112, -73, 5000), 0: (112, -73, -5000)}
NEWS = {
    10: None,
    6: ("court_record", "sued for payment"),
    4: ("ownership_change", "sold"),
    1: ("court_record", "被执行"),
}
# grade, days past due and amount: whether a hold is advised
HOLDS = {
    ("A", 46, "100000.00"): True, ("A", 45, "100000.00"): False, ("A", 46, "99999.99"): False,
    ("B", 31, "100000.00"): True, ("B", 30, "100000.00"): False, ("B", 31, "99999.99"): False,
    ("C", 16, "20000.00"): True, ("C", 15, "20000.00"): False, ("C", 16, "19999.99"): False,
    ("D", 1, "20000.00"): True, ("D", 0, "20000.00"): False, ("D", 1, "19999.99"): False, ("E", 0, "1.00"): True,
}  # fmt: skip
FAULTS = {
    "REASON": {"reason": ""},
    "AUTHOR": {"author": ""},
    "APPROVER": {"approved_by": ""},
    "HIMSELF": {"approved_by": "Li"},
    "EXPIRY": {"valid_to": ""},
    "TOO-LONG": {"valid_to": "2027-03-31"},
    "GRADE": {"grade": "F"},
}
PAID = {5: ("2023-06-30", 24), 3: ("2025-06-30", 12), 2: ("2025-06-30", 3), 0: ("2025-06-30", 2)}


def rated_customers(extracts: Extracts) -> None:
    """Every case below, beside receivables that are large and old enough for shares and months to bind nobody."""
    books = extracts.books("CR-GROUP", country="CN")
    books.invoice("INV1", "20000000.00", "2026-12-01", due="2027-12-31")
    books.invoice("INV0", "1.00", "2023-06-01", due="2023-07-01")
    books.payment("R0", "INV0", "1.00", "2023-07-01")
    _bands(extracts)
    _scores(extracts)
    _caps(extracts)
    _months(extracts)
    _what_hangs_on_it(extracts)
    _sinking(extracts)
    _recommendations(extracts)
    _exceptions(extracts)


def _pay(books: Books, days_late: list[int], *, due: date, amount: str = "100000.00", first: int = 0) -> None:
    """One invoice per number of days, paid so many days after it was due."""
    for number, days in enumerate(days_late, start=first):
        books.invoice(f"INV{number}", amount, due - timedelta(days=60), due=due)
        books.payment(f"R{number}", f"INV{number}", amount, due + timedelta(days=days))


def _limit(books: Books, amount: str, **columns: str) -> None:
    books.add(
        "credit_limit",
        **{"customer_id": "C1", "amount": amount, "currency": "CNY", "valid_from": "2023-01-01", **columns},
    )


def _event(
    books: Books, day: str, kind: str, value: str, customer: str = "C1", source: str = "bureau"
) -> None:
    books.add("credit_event", customer_id=customer, event_date=day, source=source, kind=kind, value=value)


def _statement(
    books: Books, working_capital: int, retained: int, *, equity: int = 5000, ends: str = "2025-12-31",
    **columns: str,
) -> None:  # fmt: skip
    """10,000 of assets."""
    row = {
        "customer_id": "C1",
        "period_end": ends,
        "period_months": "12",
        "currency": "CNY",
        "current_assets": str(1000 + working_capital),
        "current_liabilities": "1000",
        "total_assets": "10000",
        "total_liabilities": str(10000 - equity),
        "equity": str(equity),
        "retained_earnings": str(retained),
        "ebit": "0",
    }
    books.add("financial_statement", **{**row, **columns})


def _relation(books: Books, since: str, documents: int) -> None:
    """So many documents of 1.00 paid on their day, the first on `since`."""
    for number in range(documents):
        books.invoice(f"D{number}", "1.00", since, due=since)
        books.payment(f"RD{number}", f"D{number}", "1.00", since)


def _bands(extracts: Extracts) -> None:
    for days in PAYMENT_HISTORY:
        _pay(extracts.books(f"CR-PAY{days}", country="CN"), [days] * 5, due=DUE)
    # four items are no history
    _pay(extracts.books("CR-PAY-FEW", country="CN"), [0] * 4, due=DUE)
    for days in CURRENT_OVERDUE:
        books = extracts.books(f"CR-DUE{days}", country="CN")
        books.invoice("INV1", "20000.00", "2026-09-01", due=WORLD_DAY - timedelta(days=days))
    books = extracts.books("CR-DUE-SMALL", country="CN")
    books.invoice("INV1", "19999.99", "2026-06-01", due="2026-08-01")
    for days in TREND:
        books = extracts.books(f"CR-TREND{days}", country="CN")
        _pay(books, [10] * 5, due=date(2026, 6, 30))
        _pay(books, [days] * 5, due=date(2026, 11, 30), first=5)
    for exposure in UTILISATION:
        books = extracts.books(f"CR-USE{exposure}", country="CN")
        _limit(books, "100000.00")
        books.invoice("INV1", exposure, "2026-12-01", due="2027-03-31")
    # the 90 days begin on 3 October
    for case, paid in (("BEFORE", "2026-10-03"), ("WITHIN", "2026-10-04")):
        books = extracts.books(f"CR-USE-{case}", country="CN")
        _limit(books, "100000.00")
        books.invoice("INV1", "110000.00", "2026-09-01", due="2027-03-31")
        books.payment("R1", "INV1", "70000.00", paid)
    books = extracts.books("CR-USE-CASH", country="CN")
    _limit(books, "0.00")
    books.invoice("INV1", "1000.00", "2026-12-01", due="2027-03-31")
    for case, (working_capital, retained, _, _) in ACCOUNTS.items():
        books = extracts.books(f"CR-{case}", country="CN")
        books.invoice("INV1", "1000.00", "2026-12-01", due="2027-03-31")
        _statement(books, working_capital, retained)
    books = extracts.books("CR-Z-LOSS", country="CN")
    books.invoice("INV1", "1000.00", "2026-12-01", due="2027-03-31")
    _statement(books, 9000, 9000, equity=-1)
    # 100 in half a year are 200 in a year: 6.72 x 0.02 + 1.05
    books = extracts.books("CR-Z-HALF", country="CN")
    books.invoice("INV1", "1000.00", "2026-12-01", due="2027-03-31")
    _statement(books, 0, 0, ends="2026-06-30", period_months="6", ebit="100")
    # 18 months are over
    books = extracts.books("CR-Z-OLD", country="CN")
    books.invoice("INV1", "1000.00", "2026-12-01", due="2027-03-31")
    _statement(books, 49, 4656, ends="2025-05-31")
    for case, (events, _) in OUTSIDE.items():
        books = extracts.books(f"CR-OUT-{case}", country="CN")
        books.invoice("INV1", "1000.00", "2026-12-01", due="2027-03-31")
        for event in events:
            _event(books, *event)
    # somebody tells of others
    books = extracts.books("CR-OUT-NONE", country="CN", customers=("C1", "C2"))
    books.invoice("INV1", "1000.00", "2026-12-01", due="2027-03-31")
    _event(books, "2026-06-01", "external_rating", "A", customer="C2")
    for (since, documents), _ in RELATIONSHIP.items():
        _relation(extracts.books(f"CR-REL-{since}-{documents}", country="CN"), since, documents)


def _scores(extracts: Extracts) -> None:
    for case, ((_, use, accounts, outside, relationship), _, _) in SCORES.items():
        books = extracts.books(f"CR-SCORE-{case}", country="CN", customers=("C1", "C2"))
        _limit(books, "100000.00")
        books.invoice("INV1", EXPOSURES[use], "2026-12-01", due="2027-03-31")
        working_capital, retained, equity = BALANCES[accounts]
        _statement(books, working_capital, retained, equity=equity)
        _event(books, "2026-06-01", "external_rating", "A", customer="C2")
        if news := NEWS[outside]:
            _event(books, "2026-06-01", *news)
        _relation(books, *PAID[relationship])
    # 20 + 10 + 15 + 5 points of weight have data, and payment history is missing: 50
    books = extracts.books("CR-SCORE-50", country="CN")
    _limit(books, "100000.00")
    books.invoice("INV1", "10000.00", "2026-12-01", due="2027-03-31")
    _statement(books, 49, 4656)
    _relation(books, "2023-06-30", 24)
    extracts.books("CR-NEVER", country="CN")


def _caps(extracts: Extracts) -> None:
    books = extracts.books("CR-CAP-DEFAULT", country="CN")
    books.invoice("INV1", "20000.00", "2026-08-01", due="2026-10-01")
    books = extracts.books("CR-CAP-CURED", country="CN")
    books.invoice("INV1", "20000.00", "2026-03-01", due="2026-04-01")
    # in default from 1 July on, paid on 20 July, cured on 18 October
    books.payment("R1", "INV1", "20000.00", "2026-07-20")
    for case, kind in (("INSOLVENT", "insolvency"), ("DISHONEST", "dishonest_debtor")):
        books = extracts.books(f"CR-CAP-{case}", country="CN")
        books.invoice("INV1", "1000.00", "2026-12-01", due="2027-03-31")
        _event(books, "2026-11-15", kind, "listed")
    # a bank's bill is no default; 180 days are over on 31 December
    for case, day in (("BILL", "2026-07-05"), ("BILL-OLD", "2026-07-04")):
        books = extracts.books(f"CR-CAP-{case}", country="CN")
        books.invoice("INV1", "10000.00", "2026-01-05", due="2026-03-31")
        books.bill("R1", "10000.00", "2026-04-01", matures=day, acceptor="Jiangbei Bank")
        books.allocation("A1", "10000.00", "2026-04-01", used="receipt:R1", settles="document:INV1")
        books.bill_event("R1", "dishonoured", "10000.00", day)
        books.payment("R2", "INV1", "10000.00", day)
    books = extracts.books("CR-CAP-GROUP", country="CN", customers=())
    books.customer("HEAD")
    for customer in ("BAD", "GOOD"):
        books.customer(customer, parent_customer_id="HEAD")
    books.invoice("INV1", "20000.00", "2026-08-01", due="2026-10-01", customer_id="BAD")
    books.invoice("INV2", "1000.00", "2026-12-01", due="2027-03-31", customer_id="GOOD")
    # 180 days ago, and 179
    for case, since, documents in (
        ("OLD", "2026-07-04", 3),
        ("YOUNG", "2026-07-05", 3),
        ("FEW", "2026-01-01", 2),
    ):
        _relation(extracts.books(f"CR-CAP-{case}", country="CN"), since, documents)
    for case, amount in (("LARGE", "500000.00"), ("NOT-LARGE", "499999.99"), ("TOLD", "500000.00")):
        books = extracts.books(f"CR-CAP-{case}", country="CN")
        books.invoice("INV1", amount, "2026-12-01", due="2027-03-31")
    _statement(books, 49, 4656)
    for case, count in (("ONE-BROKEN", 1), ("BROKEN", 2)):
        books = extracts.books(f"CR-CAP-{case}", country="CN")
        books.invoice("INV1", "30000.00", "2026-10-01", due="2027-06-30")
        for number in range(count):
            books.add(
                "promise",
                promise_id=f"P{number}",
                customer_id="C1",
                document_id="INV1",
                made_on="2026-11-01",
                promised_date=f"2026-11-{10 + number}",
                amount="1000.00",
            )
        graded(books)


def graded(books: Books) -> None:
    """A from January on: 30 punctual, 20 nothing overdue, 10 unused limit, 15 accounts, 3 relationship: 78 of 80."""
    _limit(books, "1000000.00")
    _statement(books, 49, 4656)
    for number, day in enumerate(
        [
            *(date(2025, month, 28) for month in range(7, 13)),
            *(date(2026, month, 20) for month in range(1, 13)),
        ]
    ):
        books.invoice(f"M{number}", "5000.00", day.replace(day=1), due=day)
        books.payment(f"RM{number}", f"M{number}", "5000.00", day)


def climbing(extracts: Extracts) -> None:
    books = extracts.books("CR-CLIMB", country="CN")
    graded(books)
    books.invoice("LATE", "30000.00", "2026-03-01", due="2026-05-20")
    books.payment("R-LATE", "LATE", "30000.00", "2026-08-10")


def _sinking(extracts: Extracts) -> None:
    books = extracts.books("CR-SINKING", country="CN")
    graded(books)
    books.invoice("LATE", "600000.00", "2026-03-01", due="2026-05-20")


def decided(extracts: Extracts, code: str, decided: str, /, **columns: str) -> None:
    row = {
        "company_code": code,
        "customer_id": "C1",
        "grade": decided,
        "reason": "known to the board",
        "author": "Li",
        "valid_from": "2026-12-01",
        "valid_to": "2027-05-31",
    }
    add_policy(extracts, "policy_manual_grade", **{**row, **columns})


def _months(extracts: Extracts) -> None:
    climbing(extracts)
    for case, grade, first, last in (
        ("MANUAL", "D", "2026-09-15", "2026-10-31"),
        ("LONGEST", "B", "2026-09-30", "2027-03-30"),
    ):
        graded(extracts.books(f"CR-{case}", country="CN"))
        decided(extracts, f"CR-{case}", grade, valid_from=first, valid_to=last, approved_on="2026-09-14")
    # data that are missing make nobody better: one late document, then nothing is left to judge by
    books = extracts.books("CR-KEPT", country="CN")
    books.invoice("INV1", "20000.00", "2025-01-01", due="2025-02-01")
    books.payment("R1", "INV1", "20000.00", "2025-07-01")


def _what_hangs_on_it(extracts: Extracts) -> None:
    # A, and of the lowest grade from 30 November on
    books = extracts.books("CR-FALLEN", country="CN")
    graded(books)
    _event(books, "2026-11-10", "insolvency", "proceedings opened")
    for day in ("11-01", "11-30", "12-01"):
        books.invoice(f"S{day}", "25000.00", f"2026-{day}", due="2027-01-31")
    for case in ("A", "B", "C", "D"):
        books = extracts.books(f"CR-LOSS-{case}", country="CN")
        books.invoice("INV1", "1000.00", "2026-12-01", due="2027-01-31")
        decided(extracts, f"CR-LOSS-{case}", case)
    books = extracts.books("CR-LOSS-U", country="CN")
    books.invoice("INV1", "1000.00", "2026-12-01", due="2027-01-31")


def _recommendations(extracts: Extracts) -> None:
    for case in ("A", "B", "C", "D", "E", "EQUITY", "NEGATIVE"):
        books = extracts.books(f"CR-LIMIT-{case}", country="CN")
        # 300,000 a month, and once 900,000, which is left out; 8 days late
        for month in range(1, 13):
            amount = "900000.00" if month == 6 else "300000.00"
            books.invoice(f"INV{month}", amount, date(2026, month, 1), due=date(2026, month, 20))
            books.payment(f"R{month}", f"INV{month}", amount, date(2026, month, 28))
        equity = {"EQUITY": 4_000_000, "NEGATIVE": -1}.get(case, 9_000_000 if case == "A" else 8_000_000)
        books.add(
            "financial_statement",
            customer_id="C1",
            period_end="2025-12-31",
            period_months="12",
            currency="CNY",
            total_assets="16000000",
            total_liabilities=str(16_000_000 - equity),
            equity=str(equity),
        )
        decided(extracts, f"CR-LIMIT-{case}", case if len(case) == 1 else "B")
    books = extracts.books("CR-LIMIT-HUGE", country="CN")
    for month in range(1, 13):
        books.invoice(f"INV{month}", "3000000.00", date(2026, month, 1), due=date(2026, month, 20))
        books.payment(f"R{month}", f"INV{month}", "3000000.00", date(2026, month, 20))
    decided(extracts, "CR-LIMIT-HUGE", "A")
    books = extracts.books("CR-LIMIT-U", country="CN")
    for month in range(1, 13):
        books.invoice(f"INV{month}", "300000.00", date(2026, month, 1), due="2027-06-30")
    # three whole months: the two lower ones
    books = extracts.books("CR-LIMIT-YOUNG", country="CN")
    for month, amount in ((10, "30000.00"), (11, "90000.00"), (12, "60000.00")):
        books.invoice(f"INV{month}", amount, date(2026, month, 1), due="2027-06-30")
    books = extracts.books("CR-LIMIT-FIRST", country="CN")
    books.invoice("INV1", "90000.00", "2026-12-01", due="2027-06-30")


def _exceptions(extracts: Extracts) -> None:
    for (grade, days, amount), _ in HOLDS.items():
        code = f"CR-HOLD-{grade}-{days}-{amount}"
        books = extracts.books(code, country="CN")
        books.invoice("INV1", amount, "2026-08-01", due=WORLD_DAY - timedelta(days=days))
        decided(extracts, code, grade)
    # unrated: 20,000 overdue more than 7 days on 28 November, half of it left on 12 December, less on the 16th
    books = extracts.books("CR-HOLD", country="CN")
    books.invoice("INV1", "20000.00", "2026-10-01", due="2026-11-20")
    books.payment("R1", "INV1", "10000.00", "2026-12-12")
    books.payment("R2", "INV1", "0.01", "2026-12-16")
    for day in ("11-28", "11-29", "12-10", "12-14", "12-18"):
        books.invoice(f"S{day}", "100.00", f"2026-{day}", due="2027-01-05", salesperson="Zhao")
    _event(books, "2026-12-08", "approval", "against prepayment", source="CFO")
    for case, approved in (("PLAN", "2026-12-01"), ("PLAN-UNAPPROVED", None)):
        books = extracts.books(f"CR-HOLD-{case}", country="CN")
        books.invoice("INV1", "60000.00", "2026-08-01", due="2026-11-10")
        books.payment("R1", "INV1", "10000.00", "2026-12-10")
        for number, day in enumerate(("2026-12-10", "2027-01-10")):
            books.add(
                "promise",
                promise_id=f"P{number}",
                customer_id="C1",
                document_id="INV1",
                made_on="2026-12-01",
                promised_date=day,
                amount="10000.00" if number == 0 else "50000.00",
                kind="plan",
                approved_on=approved,
            )
        decided(extracts, f"CR-HOLD-{case}", "C")
    books = extracts.books("CR-TERMS", country="CN")
    graded(books)
    for days in (90, 91):
        books.invoice(
            f"T{days}",
            "1000.00",
            "2026-12-05",
            due=date(2026, 12, 5) + timedelta(days=days),
            salesperson="Zhao",
        )
    books.invoice("T-PARTS", "1000.00", "2026-12-05", salesperson="Zhao")
    books.instalment("T-PARTS", 1, "900.00", "2027-01-05")
    books.instalment("T-PARTS", 2, "100.00", "2028-12-05", kind="retention")
    books = extracts.books("CR-TERMS-FIRST", country="CN")
    for days in (30, 31):
        books.invoice(f"T{days}", "1000.00", "2026-12-05", due=date(2026, 12, 5) + timedelta(days=days))
    _event(books, "2026-12-01", "terms_change", "31 days", source="CFO")
    for case, amount in (("LIMIT", "990000.01"), ("LIMIT-EQUAL", "990000.00")):
        books = extracts.books(f"CR-{case}", country="CN")
        for month in range(1, 13):
            books.invoice(f"INV{month}", "300000.00", date(2026, month, 1), due=date(2026, month, 20))
            books.payment(f"R{month}", f"INV{month}", "300000.00", date(2026, month, 28))
        _limit(books, amount, valid_from="2026-02-01", approved_by="Wang")
        decided(extracts, f"CR-{case}", "B")
    for case, amount in (("NO-LIMIT", "20000.00"), ("NO-LIMIT-SMALL", "19999.99")):
        books = extracts.books(f"CR-{case}", country="CN", customers=())
        books.customer("C1", sales_owner="Zhao")
        books.invoice("INV1", amount, "2026-12-01", due="2026-12-31")
    books = extracts.books("CR-BETTER", country="CN")
    books.invoice("INV1", "1000.00", "2026-12-01", due="2026-12-31")
    decided(extracts, "CR-BETTER", "B", approved_on="2026-11-30")
