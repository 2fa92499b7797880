"""Traps E of traps.md: warehouse mechanics seen from the published relations.

Belongs here: T32, T33, T39-T41, T44. Must not: several deliveries (test_traps_history.py).
"""

from datetime import date
from random import Random

from tests.kit import D, Extracts, Warehouse
from tests.kit.trend import trend_differences
from tests.kit.worlds import WORLD_DAY

# INV1 of T33E is 31 days past due on the one, exactly twelve months old on the other, and part of it is paid that day
DAYS_ON_AN_EDGE = ("2025-07-15", "2026-05-15")


def build_world(extracts: Extracts) -> None:
    _many_children(extracts)
    _quiet_month(extracts)
    _pennies(extracts)
    _family(extracts)
    _ledger(extracts)
    _volume(extracts)


def _many_children(extracts: Extracts) -> None:
    accounts = {"trade_control": ["1122", "1122.01"]}
    books = extracts.books("T32", control_accounts=accounts)
    books.invoice("INV1", "100.00", "2026-10-01", due="2026-11-30", control_account="1122")
    books.instalment("INV1", 1, "60.00", "2026-10-31")
    books.instalment("INV1", 2, "40.00", "2026-11-30")
    books.payment("R1", "INV1", "15.00", "2026-11-05")
    books.payment("R2", "INV1", "5.00", "2026-11-06")
    for number in (1, 2):
        books.dispute(f"D{number}", "INV1", "3.00", "2026-11-10")
        books.extension(f"X{number}", "INV1", "40.00", f"2026-12-0{number}", approved="2026-11-15")
    books.invoice("INV2", "100.00", "2026-10-01", due="2026-11-30", control_account="1122.01")


def test_t32_children_of_a_document_do_not_multiply_its_money(world: Warehouse) -> None:
    rows = world.mart_aging(company="T32")
    assert sum(row["open_amount_document"] for row in rows.values()) == D("180.00")  # 200 - 15 - 5
    assert {item: row["open_amount_document"] for item, row in rows.items()} == {
        "INV1": D("40.00"),
        "INV1#2": D("40.00"),
        "INV2": D("100.00"),
    }


def test_t32_the_items_of_every_document_sum_to_the_document(world: Warehouse) -> None:
    differing = world.query(
        """
        with item as (
            select company_code, document_id, abs(sum(original_amount_document)) as amount
            from marts.fct_open_item
            where item_kind <> 'receipt' and item_kind <> 'refund'
            group by all
        )
        select *
        from item
        inner join marts.fct_document as document using (company_code, document_id)
        where item.amount <> abs(document.amount_document)
        """
    )
    assert differing == []


def test_t32_the_movements_of_every_item_sum_to_its_balance(world: Warehouse) -> None:
    differing = world.query(
        f"""
        with moved as (
            select open_item_id, sum(amount_document) as amount
            from marts.fct_receivable_movement
            where known_to >= timestamp '9999-12-31 00:00:00' and effective_date <= date '{WORLD_DAY}'
            group by all
        ),
        balance as (
            select open_item_id, sum(open_amount_document) as amount
            from marts.open_items_as_of(date '{WORLD_DAY}')
            group by all
        )
        select *
        from moved
        full outer join balance using (open_item_id)
        where coalesce(moved.amount, 0) <> coalesce(balance.amount, 0)
        """
    )
    assert differing == []


def _quiet_month(extracts: Extracts) -> None:
    books = extracts.books("T33")
    books.invoice("INV1", "900.00", "2026-01-15", due="2026-02-14")
    books.payment("R1", "INV1", "400.00", "2026-03-10")
    books.invoice("INV2", "100.00", "2026-05-15", due="2026-06-14")
    edges = extracts.books("T33E")
    edges.invoice("INV1", "1000.00", "2025-05-15", due="2025-06-14")
    for number, (amount, day) in enumerate(zip(("100.00", "200.00"), DAYS_ON_AN_EDGE, strict=True)):
        edges.payment(f"R{number}", "INV1", amount, day)


def test_t33_the_cash_of_a_month_without_billing_stays_in_the_running_balance(world: Warehouse) -> None:
    rows = world.roll_forward(company="T33")
    by_day = {str(row["day"]): row for row in rows}
    assert by_day["2026-03-10"]["closing_document"] == D("500.00")
    # April has neither billing nor cash; the trend is dense and still shows 500 on every day of it
    april = world.query(
        "select day, cast(sum(balance_document) as decimal(18, 2)) as balance from marts.mart_overdue_trend"
        " where company_code = 'T33' and scheme = 'standard' and day between date '2026-04-01' and date '2026-04-30'"
        " group by day"
    )
    assert len(april) == 30
    assert {row["balance"] for row in april} == {D("500.00")}


def test_t33_the_trend_of_any_day_is_the_aging_of_that_day_in_every_scheme(world: Warehouse) -> None:
    days = [
        row["day"] for row in world.query("select distinct day from marts.mart_overdue_trend order by day")
    ]
    schemes = [row["scheme"] for row in world.query("select distinct scheme from marts.dim_aging_bucket")]
    # the month ends, where calendar months are clamped, and days like any other
    chosen = [day for day in days if day.day >= 28 and day.month in (2, 6, 11)] + Random(1).sample(days, 20)
    for day in [*chosen, *map(date.fromisoformat, DAYS_ON_AN_EDGE), days[-1]]:
        for scheme in schemes:
            differing = trend_differences(world.query, day, scheme=scheme)
            assert differing == [], (day, scheme)


def _pennies(extracts: Extracts) -> None:
    books = extracts.books("T39")
    for number in range(10):
        books.invoice(f"INV{number}", "0.10", "2026-10-01", due="2026-10-31")
    books.invoice("BIG", "99999999999999.99", "2026-10-01", due="2026-10-31")


def test_t39_money_is_decimal_in_every_published_column(world: Warehouse) -> None:
    rows = world.query(
        """
        select table_name, column_name, data_type
        from information_schema.columns
        where table_schema = 'marts'
            and (regexp_matches(column_name, '_(document|functional|reporting)$') or column_name = 'amount')
            and data_type in ('DOUBLE', 'FLOAT', 'REAL')
        """
    )
    assert rows == []


def test_t39_ten_times_ten_cents_and_a_large_amount_sum_exactly(world: Warehouse) -> None:
    assert world.total(WORLD_DAY, company="T39") == D("100000000000000.99")


def _family(extracts: Extracts) -> None:
    books = extracts.books("T40", customers=("PARENT",))
    for child in ("CHILD1", "CHILD2"):
        books.customer(child, parent_customer_id="PARENT")
    books.invoice("P1", "100.00", "2026-10-01", due="2026-10-31", customer_id="PARENT")
    books.invoice("K1", "30.00", "2026-10-01", due="2026-10-31", customer_id="CHILD1")
    books.invoice("K2", "11.00", "2026-10-01", due="2026-10-31", customer_id="CHILD2")


def test_t40_a_parent_is_not_added_to_its_children(world: Warehouse) -> None:
    assert world.total(WORLD_DAY, company="T40") == D("141.00")
    by_customer = world.query(
        "select customer_id, cast(sum(gross_amount_document) as decimal(18, 2)) as amount"
        " from marts.mart_aging_customer where company_code = 'T40' and scheme = 'standard' group by customer_id"
    )
    assert {row["customer_id"]: row["amount"] for row in by_customer} == {
        "PARENT": D("100.00"),
        "CHILD1": D("30.00"),
        "CHILD2": D("11.00"),
    }


def test_t40_the_roll_up_to_the_parent_is_additive(world: Warehouse) -> None:
    rows = world.query(
        """
        select coalesce(customer.parent_customer_id, customer.customer_id) as family,
            cast(sum(aging.open_amount_document) as decimal(18, 2)) as amount
        from marts.mart_aging as aging
        inner join marts.dim_customer as customer using (company_code, customer_id)
        where aging.company_code = 'T40'
        group by all
        """
    )
    assert rows == [{"family": "PARENT", "amount": D("141.00")}]


def _ledger(extracts: Extracts) -> None:
    books = extracts.books("T41", control_accounts={"trade_control": ["1122"]})
    books.invoice("INV1", "100.00", "2026-10-01", due="2026-10-31")
    books.invoice("INV2", "25.00", "2026-12-05", due="2027-01-04")
    books.payment("R1", "INV1", "60.00", "2026-11-20")
    books.gl_balance("1122", "trade_control", "100.00", "2026-10-31")
    books.gl_balance("1122", "trade_control", "40.00", "2026-11-30")
    books.gl_balance("1122", "trade_control", "90.00", "2026-12-31")  # INV2 is posted twice


def test_t41_the_subledger_ties_to_the_control_account_day_by_day_and_the_difference_is_listed(
    world: Warehouse,
) -> None:
    rows = {str(row["balance_date"]): row for row in world.tie_out(company="T41")}
    assert {day: row["difference"] for day, row in rows.items()} == {
        "2026-10-31": D("0.00"),
        "2026-11-30": D("0.00"),
        "2026-12-31": D("-25.00"),
    }
    listed = world.query(
        "select * from marts.mart_gl_difference where company_code = 'T41' order by balance_date"
    )
    assert [(str(row["balance_date"]), row["open_item_id"], row["amount"]) for row in listed] == [
        ("2026-12-31", "T41|D|INV2|1", D("25.00"))
    ]


def _volume(extracts: Extracts) -> None:
    one = extracts.books("T44A")
    one.invoice("INV0", "600.00", "2026-10-01", due="2026-10-31")
    many = extracts.books("T44B")
    for number in range(600):
        many.invoice(f"INV{number}", "1.00", "2026-10-01", due="2026-10-31")


def test_t44_the_daily_facts_do_not_grow_with_the_number_of_documents(world: Warehouse) -> None:
    rows = world.query(
        """
        select company_code, count(*) as row_count, cast(sum(balance_document) as decimal(18, 2)) as balance
        from marts.mart_overdue_trend
        where company_code in ('T44A', 'T44B')
        group by company_code
        order by company_code
        """
    )
    assert rows[0]["row_count"] == rows[1]["row_count"]
    assert rows[0]["balance"] == rows[1]["balance"]
