"""Exposure against limits: worked examples of accounting.md C9, C10, A8, A10 and trap T42, on mart_credit_exposure.

Belongs here: parts of exposure, limits in force, groups, cover, the age of a breach. Must not: shares of the total
(test_concentration.py), figures of others and a policy of the company's own (test_credit_oracles.py).

The as-of date is 31 December 2026.
"""

from datetime import date
from decimal import Decimal
from typing import Any

from tests.kit import Books, D, Extracts, Warehouse

NEXT_YEAR = "2027-06-30"
ZERO = D("0.00")


def build_world(extracts: Extracts) -> None:
    _insured(extracts)
    _edges(extracts)
    _parts(extracts)
    _billed_once(extracts)
    _bills(extracts)
    _group(extracts)
    _shared_limit(extracts)
    _heads(extracts)
    _intragroup(extracts)
    _validity(extracts)
    _foreign(extracts)
    _covers(extracts)


def limit(books: Books, amount: str, /, customer: str = "C1", **columns: Any) -> None:
    row = {"customer_id": customer, "amount": amount, "currency": "CNY", "valid_from": "2026-01-01"}
    books.add("credit_limit", **{**row, "kind": "permanent", **columns})


def cover(books: Books, amount: str, share: str, /, policy: str = "P1", **columns: Any) -> None:
    row = {"customer_id": "C1", "policy": policy, "insurer": "Insurer", "limit": amount, "currency": "CNY"}
    books.add("insurance_cover", **{**row, "share": share, "valid_from": "2026-01-01", **columns})


def owe(books: Books, amount: str, /, customer: str = "C1", **columns: Any) -> None:
    books.invoice(f"INV-{customer}", amount, "2026-12-01", due=NEXT_YEAR, customer_id=customer, **columns)


def exposure(
    world: Warehouse, company: str, customer: str = "C1", *, scope: str = "customer"
) -> dict[str, Any]:
    rows = world.query(
        "select * from marts.mart_credit_exposure where company_code = $1 and customer_id = $2 and scope = $3",
        [company, customer, scope],
    )
    assert len(rows) == 1, f"{len(rows)} rows of {scope} {company} {customer}"
    return rows[0]


def _insured(extracts: Extracts) -> None:
    books = extracts.books("E09")
    limit(books, "1000.00")
    cover(books, "600.00", "1")
    owe(books, "900.00")


def test_c9_what_is_insured_does_not_make_a_limit_look_unused(world: Warehouse) -> None:
    row = exposure(world, "E09")
    # limit 1,000 of which 600 insured, exposure 900: 90 %, not 30 %
    assert (row["utilisation_rate"], row["own_headroom_reporting"]) == (D("0.9"), D("100.00"))
    assert (row["insured_cover_reporting"], row["uncovered_exposure_reporting"]) == (D("600.00"), D("300.00"))
    assert (row["credit_state"], row["is_breached"], row["is_blocked"]) == ("near_limit", False, False)


EDGES = {"EXACT": ("1000.00", "1000.00"), "CENT": ("1000.00", "1000.01"), "CASH": ("0.00", "1.00")}


def _edges(extracts: Extracts) -> None:
    for name, (amount, owed) in EDGES.items():
        books = extracts.books(f"E-{name}")
        limit(books, amount)
        owe(books, owed)
    owe(extracts.books("E-NONE"), "99999.00")


def test_c9_a_breach_is_strictly_above_the_limit(world: Warehouse) -> None:
    exact, above = exposure(world, "E-EXACT"), exposure(world, "E-CENT")
    assert (exact["is_breached"], exact["excess_reporting"], exact["headroom_reporting"]) == (
        False,
        ZERO,
        ZERO,
    )
    assert (above["is_breached"], above["excess_reporting"]) == (True, D("0.01"))


def test_c9_a_limit_of_0_is_cash_only_and_none_is_no_figure(world: Warehouse) -> None:
    cash, none = exposure(world, "E-CASH"), exposure(world, "E-NONE")
    assert (cash["is_breached"], cash["utilisation_rate"], cash["reason_when_null"]) == (
        True,
        None,
        "cash_only",
    )
    assert (none["is_breached"], none["utilisation_rate"], none["reason_when_null"]) == (
        False,
        None,
        "no_limit",
    )
    assert (none["limit_reporting"], none["headroom_reporting"], none["is_blocked"]) == (None, None, False)


def _parts(extracts: Extracts) -> None:
    books = extracts.books("E-PARTS")
    limit(books, "1000.00")
    books.invoice("OVERDUE", "500.00", "2026-10-01", due="2026-11-30")
    books.invoice("LATER", "400.00", "2026-12-01", due=NEXT_YEAR)
    books.instalment("LATER", 1, "380.00", NEXT_YEAR)
    books.instalment("LATER", 2, "20.00", "2028-06-30", kind="retention", unconditional_on="2028-06-30")
    books.unbilled("DELIVERED", "300.00", "2026-12-20")
    books.interest("INTEREST", "7.00", "2026-12-20")
    books.receipt("ADVANCE", "150.00", "2026-12-15")
    books.credit_note("CREDIT", "30.00", "2026-12-16")
    books.customer("RICH")
    books.invoice("SMALL", "10.00", "2026-12-01", due=NEXT_YEAR, customer_id="RICH")
    books.receipt("LARGE", "60.00", "2026-12-15", customer_id="RICH")


def test_exposure_is_what_is_owed_and_delivered_less_what_is_paid_and_credited(world: Warehouse) -> None:
    row = exposure(world, "E-PARTS")
    parts = {
        "trade_debit": D("880.00"),
        "overdue": D("500.00"),
        "unbilled": D("300.00"),
        "unapplied_cash": D("150.00"),
        "open_credit": D("30.00"),
        "credit_surplus": ZERO,
        # beside it, not in it
        "contract_asset": D("20.00"),
        "late_interest": D("7.00"),
        # 880 + 300 - 150 - 30
        "exposure": D("1000.00"),
    }
    assert {name: row[f"{name}_reporting"] for name in parts} == parts
    assert row["is_breached"] is False


def test_credits_beyond_what_is_owed_leave_an_exposure_of_0(world: Warehouse) -> None:
    row = exposure(world, "E-PARTS", "RICH")
    assert (row["exposure_reporting"], row["credit_surplus_reporting"]) == (ZERO, D("50.00"))


def _billed_once(extracts: Extracts) -> None:
    books = extracts.books("E-T42")
    books.unbilled("DELIVERED", "60.00", "2026-11-28", billed_by_document_id="INV1")
    books.invoice("INV1", "60.00", "2026-12-05", due=NEXT_YEAR)


def test_t42_what_was_delivered_and_then_billed_counts_once(world: Warehouse) -> None:
    row = exposure(world, "E-T42")
    assert (row["exposure_reporting"], row["unbilled_reporting"]) == (D("60.00"), ZERO)


def _bills(extracts: Extracts) -> None:
    books = extracts.books("E-BILL")
    for number in ("1", "2"):
        books.invoice(f"INV{number}", "113000.00", "2026-01-20", due="2026-03-31")
        books.bill(f"R{number}", "113000.00", "2026-10-15", matures="2027-04-15")
        books.allocation(
            f"A{number}",
            "113000.00",
            "2026-10-15",
            used=f"receipt:R{number}",
            settles=f"document:INV{number}",
        )
    books.bill_event("R2", "endorsed", "113000.00", "2026-11-10", with_recourse=True)


def test_a2_a_bill_stays_exposure_until_it_matures_held_or_passed_on(world: Warehouse) -> None:
    row = exposure(world, "E-BILL")
    parts = ("trade_debit", "bill_held", "bill_transferred", "exposure")
    assert [row[f"{part}_reporting"] for part in parts] == [
        ZERO,
        D("113000.00"),
        D("113000.00"),
        D("226000.00"),
    ]


def _group(extracts: Extracts) -> None:
    books = extracts.books("E10", customers=("G", "LONE"))
    for customer, amount, owed in (("A", "600.00", "550.00"), ("B", "500.00", "480.00")):
        books.customer(customer, parent_customer_id="G")
        limit(books, amount, customer)
        owe(books, owed, customer)
    limit(books, "1000.00", "G")
    owe(books, "70.00", "LONE")
    # credits of one member are no reason to sell more to another
    books.customer("RICH", parent_customer_id="B")
    books.receipt("R1", "200.00", "2026-12-10", customer_id="RICH")
    circle = extracts.books("E-CIRCLE", customers=())
    for customer, parent in (("X", "Y"), ("Y", "Z"), ("Z", "X")):
        circle.customer(customer, parent_customer_id=parent)
        owe(circle, "10.00", customer)


def test_c10_the_limit_of_a_group_binds_beside_those_of_its_members(world: Warehouse) -> None:
    headroom = ("own_headroom_reporting", "group_headroom_reporting", "headroom_reporting", "is_blocked")
    rows = [exposure(world, "E10", customer) for customer in ("A", "B")]
    assert [tuple(row[name] for name in headroom) for row in rows] == [
        (D("50.00"), D("-30.00"), D("-30.00"), True),
        (D("20.00"), D("-30.00"), D("-30.00"), True),
    ]
    group = exposure(world, "E10", "G", scope="group")
    assert (group["exposure_reporting"], group["excess_reporting"], group["member_count"]) == (
        D("1030.00"),
        D("30.00"),
        4,
    )
    assert group["credit_surplus_reporting"] == D("200.00")


def test_c10_a_limit_meant_for_a_group_is_none_of_its_head(world: Warehouse) -> None:
    row = exposure(world, "E10", "G")
    assert (row["limit_reporting"], row["reason_when_null"]) == (None, "shared_limit_only")
    assert exposure(world, "E10", "LONE")["reason_when_null"] == "no_limit"


def test_customers_that_are_each_others_parents_are_one_group(world: Warehouse) -> None:
    group = exposure(world, "E-CIRCLE", "X", scope="group")
    assert (group["member_count"], group["exposure_reporting"]) == (3, D("30.00"))


def _shared_limit(extracts: Extracts) -> None:
    for company, owed in (("E-ALL1", "700.00"), ("E-ALL2", "600.00")):
        books = extracts.books(company, customers=("OVERALL", "OTHER"))
        owe(books, owed, "OVERALL")
        owe(books, "50.00", "OTHER")
        limit(books, "100.00", "OTHER")
    extracts.put(
        "credit_limit",
        company_code="*",
        customer_id="OVERALL",
        amount="1000.00",
        currency="CNY",
        valid_from="2026-01-01",
        kind="permanent",
    )


def test_c10_a_limit_for_all_companies_is_one_limit_and_not_one_for_each(world: Warehouse) -> None:
    whole = exposure(world, "*", "OVERALL", scope="same_customer")
    assert (whole["exposure_reporting"], whole["limit_reporting"]) == (D("1300.00"), D("1000.00"))
    assert (whole["is_breached"], whole["excess_reporting"]) == (True, D("300.00"))
    for company in ("E-ALL1", "E-ALL2"):
        row = exposure(world, company, "OVERALL")
        assert (row["limit_reporting"], row["headroom_reporting"]) == (None, D("-300.00"))
        assert (row["is_breached"], row["is_blocked"]) == (False, True)


def test_one_id_in_two_companies_is_two_customers_unless_something_says_otherwise(world: Warehouse) -> None:
    rows = world.query(
        "select scope, company_code from marts.mart_credit_exposure where customer_id = 'OTHER'"
        " and starts_with(company_code, 'E-ALL') order by all"
    )
    assert [tuple(row.values()) for row in rows] == [("customer", "E-ALL1"), ("customer", "E-ALL2")]


def _heads(extracts: Extracts) -> None:
    books = extracts.books("E-HEAD", customers=("G",))
    books.customer("A", parent_customer_id="G")
    limit(books, "100.00", "G")
    owe(books, "80.00", "G")
    owe(books, "500.00", "A")


def test_the_limit_of_a_head_that_buys_for_itself_is_its_own(world: Warehouse) -> None:
    head = exposure(world, "E-HEAD", "G")
    assert (head["utilisation_rate"], head["is_blocked"]) == (D("0.8"), False)
    assert exposure(world, "E-HEAD", "G", scope="group")["reason_when_null"] == "no_limit"


def _intragroup(extracts: Extracts) -> None:
    extracts.books("E-SIS", intercompany_group="EG")
    books = extracts.books("E-OWN", customers=("G",), intercompany_group="EG")
    books.customer("A", parent_customer_id="G")
    books.customer("SISTER", parent_customer_id="G", counterparty_company_code="E-SIS", related_party="group")
    owe(books, "700.00", "A")
    owe(books, "300.00", "SISTER")


def test_a10_a_sister_company_has_a_row_and_no_part_in_the_group(world: Warehouse) -> None:
    row = exposure(world, "E-OWN", "SISTER")
    assert (row["is_intragroup"], row["related_party"], row["exposure_reporting"]) == (
        True,
        "group",
        D("300.00"),
    )
    assert exposure(world, "E-OWN", "G", scope="group")["exposure_reporting"] == D("700.00")


def _validity(extracts: Extracts) -> None:
    """1,200 on 1 March, 700 on 1 April, 1,300 from 1 June, under changing limits."""
    for company in ("E-AGE", "E-TEMP", "E-NEWER", "E-OVER"):
        books = extracts.books(company)
        books.invoice("INV1", "1200.00", "2026-03-01", due=NEXT_YEAR)
        books.payment("R1", "INV1", "500.00", "2026-04-01")
        books.invoice("INV2", "600.00", "2026-06-01", due=NEXT_YEAR)
        limit(books, "1000.00")
    temporary = extracts.books("E-ONLY")
    owe(temporary, "100.00")
    limit(temporary, "300.00", kind="temporary", valid_to="2026-12-31")
    known = Books(extracts=extracts, code="E-TEMP", source="erp")
    limit(known, "500.00", kind="temporary", valid_from="2026-07-01", valid_to="2026-09-30")
    newer = Books(extracts=extracts, code="E-NEWER", source="erp")
    limit(newer, "2000.00", valid_from="2026-07-01")
    over = Books(extracts=extracts, code="E-OVER", source="erp")
    limit(over, "2000.00", valid_from="2026-07-01", valid_to="2026-08-31")


def test_a8_the_age_of_a_breach_runs_from_the_day_it_began_last(world: Warehouse) -> None:
    row = exposure(world, "E-AGE")
    # above from 1 to 31 March, and again since 1 June: 213 days to 31 December
    assert (row["breached_since"], row["days_in_breach"]) == (date(2026, 6, 1), 213)


def test_a8_a_temporary_limit_adds_to_the_permanent_one_while_it_is_valid(world: Warehouse) -> None:
    row = exposure(world, "E-TEMP")
    # 1,300 against 1,500 from 1 July to 30 September
    assert (row["limit_reporting"], row["temporary_limit_reporting"]) == (D("1000.00"), None)
    assert (row["breached_since"], row["days_in_breach"]) == (date(2026, 10, 1), 91)
    rows = _history(world, "E-TEMP")
    assert [row for row in rows if row[0] >= date(2026, 6, 1)] == [
        (date(2026, 6, 1), date(2026, 7, 1), D("1300.00"), D("1000.00"), True),
        (date(2026, 7, 1), date(2026, 10, 1), D("1300.00"), D("1500.00"), False),
        (date(2026, 10, 1), date(9999, 12, 31), D("1300.00"), D("1000.00"), True),
    ]
    assert exposure(world, "E-ONLY")["limit_reporting"] == D("300.00")


def _history(world: Warehouse, company: str) -> list[tuple[date, date, Decimal, Decimal | None, bool]]:
    rows = world.query(
        "select effective_from, effective_to, exposure_reporting, limit_reporting, is_breached"
        " from marts.mart_credit_exposure_history where company_code = $1 and scope = 'customer' order by 1",
        [company],
    )
    return [tuple(row.values()) for row in rows]  # type: ignore[misc]


def test_of_two_limits_of_a_kind_the_one_that_began_last_is_in_force(world: Warehouse) -> None:
    assert exposure(world, "E-NEWER")["limit_reporting"] == D("2000.00")
    # and when it ends, the one before it that never did
    row = exposure(world, "E-OVER")
    assert (row["limit_reporting"], row["breached_since"]) == (D("1000.00"), date(2026, 9, 1))


def _foreign(extracts: Extracts) -> None:
    for day, rate in (("2026-11-30", "0.60"), ("2026-12-31", "0.70")):
        extracts.put(
            "fx_rate", rate_date=day, from_currency="NOK", to_currency="CNY", rate=rate, rate_type="closing"
        )
    books = extracts.books("E-RATE", customers=())
    for customer, currency, amount in (
        ("LIMIT", "CNY", "650.00"),
        ("BOTH", "NOK", "950.00"),
        ("NATIVE", "NOK", "1100.00"),
    ):
        books.customer(customer)
        limit(books, amount, customer, currency=currency)
        owe(books, "1000.00", customer, currency="NOK")
    books.customer("UNKNOWN")
    limit(books, "1000.00", "UNKNOWN")
    owe(books, "10.00", "UNKNOWN", currency="ISK")


def test_c10_a_breach_by_the_rate_alone_is_marked(world: Warehouse) -> None:
    row = exposure(world, "E-RATE", "LIMIT")
    # NOK 1,000: 700 against 650 today, 600 at the rate of 30 November
    assert (row["exposure_reporting"], row["exposure_at_previous_rate_reporting"]) == (
        D("700.00"),
        D("600.00"),
    )
    assert (row["is_breached"], row["is_breached_by_rate_only"]) == (True, True)


def test_c10_a_limit_in_the_currency_of_the_exposure_is_not_moved_by_the_rate(world: Warehouse) -> None:
    row = exposure(world, "E-RATE", "BOTH")
    assert (row["limit_reporting"], row["is_breached"], row["is_breached_by_rate_only"]) == (
        D("665.00"),
        True,
        False,
    )
    assert exposure(world, "E-RATE", "NATIVE")["is_breached"] is False


def test_t31_an_amount_without_a_rate_leaves_no_figure_and_is_counted(world: Warehouse) -> None:
    row = exposure(world, "E-RATE", "UNKNOWN")
    assert (row["utilisation_rate"], row["reason_when_null"]) == (None, "missing_rate")
    assert (row["is_breached"], row["headroom_reporting"], row["unconverted_count"]) == (None, None, 1)
    assert row["credit_state"] == "unknown"


def _covers(extracts: Extracts) -> None:
    one = extracts.books("E-INS1")
    owe(one, "1000000.00")
    cover(one, "800000.00", "0.9")
    cover(one, "500000.00", "0.9", valid_from="2025-01-01")
    small = extracts.books("E-INS2")
    owe(small, "500000.00")
    cover(small, "800000.00", "0.9")
    two = extracts.books("E-INS3")
    owe(two, "800.00")
    cover(two, "500.00", "0.9")
    cover(two, "500.00", "0.8", policy="P2")
    ended = extracts.books("E-INS4")
    owe(ended, "800.00")
    cover(ended, "500.00", "0.9", valid_to="2026-12-30")


def test_cover_is_the_share_of_what_lies_within_the_insured_limit(world: Warehouse) -> None:
    covered = {
        company: exposure(world, company)["insured_cover_reporting"]
        for company in ("E-INS1", "E-INS2", "E-INS3", "E-INS4")
    }
    assert covered == {
        # policy section 6: 90 % of 800,000 of the million; renewed, so the 500,000 of the year before are gone
        "E-INS1": D("720000.00"),
        # the insurer bears 90 % of what is owed, not all of it because its limit is larger
        "E-INS2": D("450000.00"),
        # 90 % of the first 500 and 80 % of the 300 that are left
        "E-INS3": D("690.00"),
        "E-INS4": ZERO,
    }
