"""The allowance from one booked balance to the next, and write-offs by vintage: accounting.md D2, E10.

Belongs here: mart_allowance_roll_forward and mart_write_off_vintage. Must not: what should be allowed for
(test_credit_loss.py).
"""

from tests.kit import D, Extracts, Warehouse


def build_world(extracts: Extracts) -> None:
    _allowance(extracts)


def _allowance(extracts: Extracts) -> None:
    """Books in SEK, a currency of their own for rates are shared, at 10.00, at the end of the year at 9.90384615."""
    books = extracts.books("ECL-ALLOWANCE", functional_currency="SEK")
    for day, rate in (
        ("2025-12-31", "10"),
        ("2026-03-31", "10"),
        ("2026-06-29", "10"),
        ("2026-09-25", "10"),
        ("2026-09-30", "10"),
        ("2026-12-31", "9.90384615"),
    ):
        books.add(
            "fx_rate", rate_date=day, from_currency="SEK", to_currency="CNY", rate=rate, rate_type="closing"
        )
    columns = {"currency": "SEK", "functional_amount": "100.00"}
    books.invoice("INV1", "100.00", "2025-12-31", due="2027-06-30", **columns)
    books.allocation("A1", "20.00", "2026-09-26", used="write_off", settles="document:INV1")
    books.allocation(
        "A2",
        "5.00",
        "2026-09-27",
        used="write_off",
        settles="document:INV1",
        is_reversal=True,
        reverses_allocation_id="A1",
    )
    books.receipt("R1", "5.00", "2026-09-27", currency="SEK", functional_amount="5.00")
    for day, allowance in (
        ("2025-11-30", "1.00"),
        ("2025-12-31", "58.00"),
        ("2026-03-31", "70.00"),
        ("2026-06-29", "67.00"),
        ("2026-09-30", "52.00"),
        ("2026-12-31", "52.00"),
    ):
        books.gl_balance("1231", "allowance", -D(allowance), day, currency="SEK")


def test_e10_d2_the_allowance_from_one_year_end_to_the_next(world: Warehouse) -> None:
    rows = world.query(
        "select * from marts.mart_allowance_roll_forward where company_code = 'ECL-ALLOWANCE' order by step_no"
    )
    booked, (proposed,) = rows[:-1], rows[-1:]
    parts = ("charge", "reversal", "written_off", "recovered", "fx")
    sums = {part: sum(row[f"{part}_reporting"] for row in booked) for part in parts}
    # 580 + 120 - 30 - 200 + 50 - 5 = 515
    assert booked[0]["opening_reporting"] == D("580.00")
    assert sums == {
        "charge": D("120.00"),
        "reversal": D("30.00"),
        "written_off": D("200.00"),
        "recovered": D("50.00"),
        "fx": D("-5.00"),
    }
    assert booked[-1]["closing_reporting"] == D("515.00")
    assert [row["step"] for row in rows] == ["booked"] * 4 + ["proposed"]
    # 80 SEK not due at 0.5 % x 1.5 x 1.075 = 0.65 (after the receipt of 5): release what is too much
    assert (proposed["opening_functional"], proposed["closing_functional"]) == (D("52.00"), D("0.65"))
    assert (proposed["charge_functional"], proposed["reversal_functional"]) == (D("0.00"), D("51.35"))


def test_write_offs_stand_beside_what_was_billed_in_their_quarter(world: Warehouse) -> None:
    (row,) = world.query("select * from marts.mart_write_off_vintage where company_code = 'ECL-ALLOWANCE'")
    assert (str(row["quarter_start"]), row["months_since"]) == ("2025-10-01", 14)
    assert (row["billed_reporting"], row["written_off_reporting"], row["recovered_reporting"]) == (
        D("1000.00"),
        D("200.00"),
        D("50.00"),
    )
    assert row["loss_rate"] == D("0.15")
