"""The workpaper of the expected credit loss 预期信用损失工作底稿, from books by hand to cells that an auditor changes.

Belongs here: figures of small companies worked by hand and read back, what must stop a workpaper. Must not: how a loss
is arrived at (test_credit_loss.py), layout (tests/documents).

Everything was posted on 30 December, so there is no history and rates are the policy's: of domestic customers not
graded 5 % x 1.5 x 1.075 = 8.0625 % at 31-60 days, 0.5 % x 1.5 x 1.075 = 0.80625 % before.
"""

import datetime as dt
import re
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from documents.words import LANGUAGES, Words
from tests.documents import reading_back
from tests.kit import D, Extracts
from tests.kit.office import Office
from tests.kit.provision import add_policy

POSTED, NOT_DUE, AT_46_DAYS = "2026-12-30", "2027-01-31", "2026-11-15"
HOSTILE = "=1+1"
WORKBOOK_EPOCH = dt.date(1899, 12, 30)
MATRIX, INDIVIDUAL, BACKTEST, READ_ME = 2, 5, 9, 11
Row = dict[str, Decimal | str]


def build_world(extracts: Extracts) -> None:
    _plain(extracts)
    _booked(extracts)
    extracts.books("WPC")
    # projects are shown by days and, beside, by years
    # a year ago 1,000 were expected at 0.80625 %; 60 were written off since, 900 paid
    books = extracts.books("WPE")
    books.invoice("INV1", "1000.00", "2025-12-30", due="2026-01-31")
    books.allocation("W1", "60.00", "2026-06-30", used="write_off", settles="document:INV1")
    books.payment("R1", "INV1", "900.00", "2026-07-31")
    books = extracts.books("WPD", customers=())
    books.customer("C1", deal_nature="project")
    books.invoice("INV1", "1000.00", POSTED, due=NOT_DUE)


def _plain(extracts: Extracts) -> None:
    books = extracts.books("WPA", customers=("C1", "C4"))
    books.invoice("OLD", "1000.00", POSTED, due=AT_46_DAYS)
    books.invoice("NEW", "5000.00", POSTED, due=NOT_DUE)
    books.receipt("R1", "100.00", POSTED)
    books.invoice("INS", "1000000.00", POSTED, due=AT_46_DAYS, customer_id="C4")
    books.add(
        "insurance_cover",
        customer_id="C4",
        policy="P1",
        limit="800000.00",
        currency="CNY",
        share="0.9",
        valid_from="2026-01-01",
    )
    for customer, name, amount, rate in (
        ("C2", HOSTILE, "20000000.00", "0.3"),
        ("C3", "江北机械", "10000000.00", "0.47"),
    ):
        books.customer(customer, name=name)
        books.invoice(f"INV-{customer}", amount, POSTED, due=NOT_DUE, customer_id=customer)
        add_policy(
            extracts,
            "policy_individual_assessment",
            company_code="WPA",
            customer_id=customer,
            loss_rate=rate,
            method="present value",
            reason="estate",
        )


def _booked(extracts: Extracts) -> None:
    """Books in NZD at 8.00, a rate of no other case, with a booked allowance and an overlay, nobody assessed alone."""
    books = extracts.books("WPB", functional_currency="NZD")
    for day in ("2026-12-30", "2026-12-31"):
        books.add(
            "fx_rate", rate_date=day, from_currency="NZD", to_currency="CNY", rate="8", rate_type="closing"
        )
    books.invoice("INV1", "100.00", POSTED, due=NOT_DUE, currency="NZD", functional_amount="100.00")
    books.gl_balance("1231", "allowance", D("-300.00"), "2026-12-30", currency="NZD")
    add_policy(
        extracts, "policy_loss_overlay", company_code="WPB", segment="domestic_other", amount="500.00",
        reason="flood",
    )  # fmt: skip


@pytest.fixture
def group(office: Office) -> Office:
    """All companies but one of 16 digits (T39): a cell keeps 15, and formulas over it miss its cents."""
    with duckdb.connect(str(office.release), read_only=True) as connection:
        tables = connection.execute(
            "select table_name from information_schema.tables join information_schema.columns"
            " using (table_schema, table_name)"
            " where table_schema = 'marts' and table_type = 'BASE TABLE' and column_name = 'company_code'"
        ).fetchall()
    office.change(";".join(f"delete from marts.{table} where company_code = 'T39'" for (table,) in tables))
    return office


def _workpaper(office: Office, company: str | None = None, language: str = "en") -> bytes:
    arguments = ("--company", company) if company else ()
    code, out, said = office.run("provision", *arguments, "--language", language, "--format", "xlsx")
    assert code == 0, said
    return Path(out.strip()).read_bytes()


def _table(found: dict[str, tuple[str | None, Decimal | str]], head: str) -> list[tuple[int, Row]]:
    """Rows below the header that begins with `head`, each by its titles, with the number of its line."""
    (start,) = [
        int(address[1:])
        for address, (_, value) in found.items()
        if value == head and address[0] == "A" and address[1:].isdigit()
    ][:1]
    titles = {_column(address): str(found[address][1]) for address in found if _line(address) == start}
    last = max(_line(address) for address in found)
    rows: list[tuple[int, Row]] = []
    for line in range(start + 1, last + 1):
        row = {title: found[f"{at}{line}"][1] for at, title in titles.items() if f"{at}{line}" in found}
        if not row:
            break
        rows.append((line, row))
    return rows


def _column(address: str) -> str:
    return address.rstrip("0123456789")


def _line(address: str) -> int:
    return int(address[len(_column(address)) :])


def test_what_was_expected_a_year_ago_stands_beside_what_came(office: Office) -> None:
    # books of other cases may reach back two years: then there is a second day to look from
    rows = [
        row
        for row in _table(reading_back.cells(_workpaper(office, "WPE"), BACKTEST), "Company")
        if row[1]["Predicted on"] == (dt.date(2025, 12, 31) - WORKBOOK_EPOCH).days
    ]
    titles = (
        "Segment",
        "Bucket",
        "Gross then (CNY)",
        "Expected then (CNY)",
        "Written off, net (CNY)",
        "Paid since (CNY)",
        "Open in default (CNY)",
        "Outcome (CNY)",
        "Outcome - expected (CNY)",
    )
    # 60 and 45 % of the 40 that are left
    amounts = [D(amount) for amount in ("1000.00", "8.06", "60.00", "900.00", "40.00", "78.00", "69.94")]
    assert [[row.get(title, "") for title in titles] for _, row in rows] == [
        ["domestic, grade C to E and unrated", "not due", *amounts],
        ["domestic, grade C to E and unrated", "Total", *amounts],
        ["Total", "Total", *amounts],
    ]


def test_a_backtest_that_does_not_add_up_stops_the_workpaper(office: Office) -> None:
    office.change("update marts.mart_credit_loss_backtest set paid_reporting = 1 where company_code = 'WPE'")
    code, _, said = office.run("provision", "--company", "WPE", "--language", "en", "--format", "xlsx")
    assert code != 0
    assert "what became of WPE" in said


def test_every_row_of_the_matrix_says_what_is_worked_out_by_hand(office: Office) -> None:
    rows = _table(reading_back.cells(_workpaper(office, "WPA"), MATRIX), "Company")
    shown = [
        tuple(
            row.get(title, "")
            for title in (
                "Segment", "Bucket", "Open (CNY)", "Gross after credits (CNY)", "Base, not covered (CNY)", "Loss rate",
                "Base, covered (CNY)", "Rounding (CNY)", "Expected credit loss (formula) (CNY)",
                "Expected credit loss (CNY)", "Check",
            )
        )
        for _, row in rows
    ]  # fmt: skip
    label = shown[1][0]
    assert shown == [
        # (20 m x 30 % + 10 m x 47 %) / 30 m = 35.6666667 %, of 30 m a cent more than the two losses
        ("individually assessed", "not due", 30000000, 30000000, 30000000, D("0.356666667"), 0, D("-0.01"), 10700000,
         10700000, 0),
        # 5,000 x 0.80625 %
        (label, "not due", 5000, 5000, 5000, D("0.0080625"), 0, 0, D("40.31"), D("40.31"), 0),
        # 900 left of 1,000 and 280,000 of 1 m x 8.0625 %, 720,000 x 0.1 %
        (label, "31–60 days", 1001000, 1000900, 280900, D("0.080625"), 720000, 0, D("23367.56"), D("23367.56"), 0),
        ("", "", 31006000, 31005900, 30285900, "", 720000, D("-0.01"), D("10723407.87"), D("10723407.87"), 0),
    ]  # fmt: skip
    assert rows[1][1]["Source of the rate"] == "policy"
    assert "too few" in str(rows[1][1]["Why"]) or "missing" in str(rows[1][1]["Why"])


@pytest.mark.parametrize("company", ["WPA", "WPB", "WPC", "WPD", None])
def test_formulas_give_the_values_that_stand_beside_them(group: Office, company: str | None) -> None:
    found = reading_back.cells(_workpaper(group, company), MATRIX)
    told = {address: value for address, (formula, value) in found.items() if formula is not None}
    assert reading_back.recalculated(found) == told
    checks = [row["Check"] for _, row in _table(found, "Company")]
    assert len(checks) > 0
    assert set(checks) == {0}


def test_who_changes_a_rate_sees_the_loss_the_total_and_the_check_change(office: Office) -> None:
    found = reading_back.cells(_workpaper(office, "WPA"), MATRIX)
    titles = {str(value): _column(address) for address, (_, value) in found.items() if _line(address) == 4}
    line = next(line for line, row in _table(found, "Company") if row.get("Bucket") == "31–60 days")
    rate, loss, check = (
        titles[title] for title in ("Loss rate", "Expected credit loss (formula) (CNY)", "Check")
    )
    after = reading_back.recalculated(found, **{f"{rate}{line}": D("0.5")})
    # 280,900 x 50 % + 720
    assert after[f"{loss}{line}"] == D("141170.00")
    assert after[f"{loss}{line + 1}"] == D("10723407.87") - D("23367.56") + D("141170.00")
    assert after[f"{check}{line}"] == after[f"{check}{line + 1}"] == D("117802.44")


def test_the_two_tables_of_the_note_name_customers_and_groups_and_add_up(office: Office) -> None:
    found = reading_back.sheets(_workpaper(office, "WPA"))["Summary"]
    assert _row(found, HOSTILE)[2:7] == ["by decision: estate", "20000000", "6000000", "14000000", "0.3"]
    assert _row(found, "江北机械")[3:5] == ["10000000", "4700000"]
    assert _row(found, "individually")[3:5] == ["30000000", "10700000"]
    assert _row(found, "in groups")[3:5] == ["1005900", "23407.87"]
    totals = [_as_shown(row)[3:5] for row in found if row[0] == "Total"]
    # by segment (open there, so another column), by method, individually, in groups
    assert totals[1:] == [["31005900", "10723407.87"], ["30000000", "10700000"], ["1005900", "23407.87"]]


def _row(rows: reading_back.Cells, name: str) -> list[object]:
    return next(_as_shown(row) for row in rows if row[1] == name)


def _as_shown(row: list[object]) -> list[object]:
    """Numbers with the 15 digits that a spreadsheet shows."""
    return [
        f"{float(str(value)):.15g}" if re.fullmatch(r"-?\d+\.\d+", str(value)) else value for value in row
    ]


def test_where_no_allowance_was_delivered_no_entry_is_proposed(office: Office) -> None:
    found = reading_back.sheets(_workpaper(office, "WPA"))
    entry = _row(found["Summary"], "not delivered")
    assert (entry[3], entry[4], entry[6], entry[9]) == (None, None, None, "10723407.87")
    assert "not delivered" in found["Allowance"][-1]


def test_the_entry_leads_from_what_is_booked_to_what_is_expected(office: Office) -> None:
    found = reading_back.sheets(_workpaper(office, "WPB"))["Summary"]
    # 100 NZD x 0.80625 % + an overlay of 500, 300 are booked
    assert _row(found, "Impairment loss")[2:10] == [
        "booked as at 2026-12-30", "200.81", None, "NZD", "300", "0", "0", "500.81",
    ]  # fmt: skip
    assert _row(found, "Loss allowance")[3:6] == [None, "200.81", "NZD"]


def test_an_overlay_is_a_row_that_says_who_decided_it_and_amounts_stand_in_both_currencies(
    office: Office,
) -> None:
    rows = [row for _, row in _table(reading_back.cells(_workpaper(office, "WPB"), MATRIX), "Company")]
    item, overlay, _ = rows
    # 800 CNY x 0.80625 %
    assert item["Expected credit loss (CNY)"] == D("6.45")
    assert (item["Gross after credits (functional)"], item["Expected credit loss (functional)"]) == (
        100,
        D("0.81"),
    )
    assert overlay["Why"] == "flood (approved by CFO)"
    assert (overlay["Overlay (CNY)"], overlay["Expected credit loss (formula) (CNY)"]) == (4000, 4000)
    assert overlay["Expected credit loss (functional)"] == 500


def test_what_is_shown_under_another_aging_is_in_no_total(office: Office) -> None:
    content = _workpaper(office, "WPD")
    rows = [row for _, row in _table(reading_back.cells(content, MATRIX), "Company")]
    assert [row["Open (CNY)"] for row in rows] == [1000, 1000]
    assert rows[-1]["Company"] == "Total"
    assert _row(reading_back.sheets(content)["Summary"], "in groups")[3] == "1000"
    buckets = [value for _, value in reading_back.cells(content, MATRIX).values()]
    assert buckets.count("within 1 year") == 1


def test_where_nobody_is_assessed_alone_and_where_nothing_is_owed_it_is_said(office: Office) -> None:
    found = reading_back.sheets(_workpaper(office, "WPB"))
    assert "No customer is assessed by itself." in [row[0] for row in found["Summary"]]
    assert found["Individual"][-1][0] == "Nothing to show."
    nothing = reading_back.sheets(_workpaper(office, "WPC"))
    assert _row(nothing["Summary"], "nothing owed")[9] == "0"
    assert nothing["Matrix"][-1][0] == "Total"


def test_the_aging_and_the_other_sheets_tie_and_the_lines_say_so(office: Office) -> None:
    rows = [row for _, row in _table(reading_back.cells(_workpaper(office, "WPA"), READ_ME), "What")]
    assert [(row["What"], row["Matrix"]) for row in rows[:4]] == [
        ("Open debit items", 31006000),
        ("Open debit items", 31006000),
        ("Gross after credits", 31005900),
        ("Gross, individual", 30000000),
    ]
    assert {row["Difference"] for row in rows} == {0}
    assert "mart_aging_customer" in str(rows[0]["Where"])


def test_only_our_own_formulas_are_formulas(office: Office) -> None:
    content = _workpaper(office, "WPA")
    for number in range(1, 11):
        formulas = [formula for formula, _ in reading_back.cells(content, number).values() if formula]
        assert bool(formulas) == (number == MATRIX)
    named = reading_back.cells(content, INDIVIDUAL)
    assert (None, HOSTILE) in named.values()
    address = next(address for address, cell in named.items() if cell == (None, HOSTILE))
    assert reading_back.cell_types(content, INDIVIDUAL)[address][0] == "s"


def test_both_languages_have_the_same_sheets_figures_and_formulas(office: Office) -> None:
    zh, en = (_workpaper(office, "WPA", language) for language in LANGUAGES)
    assert list(reading_back.sheets(zh))[:2] == ["汇总", "准备矩阵"]
    assert len(reading_back.sheets(zh)) == len(reading_back.sheets(en)) == 11
    for number in range(1, 12):
        one, other = reading_back.cells(zh, number), reading_back.cells(en, number)
        assert one.keys() == other.keys()
        assert [cell for cell in one.values() if not isinstance(cell[1], str)] == [
            cell for cell in other.values() if not isinstance(cell[1], str)
        ]


def test_sheets_print_on_a4_across_with_their_header_on_every_page(office: Office) -> None:
    content = _workpaper(office, "WPA", "en")
    book = reading_back.part_of(content, "xl/workbook.xml")
    titles = [str(node.text) for node in book.iter() if node.get("name") == "_xlnm.Print_Titles"]
    assert len(titles) == 9
    assert "Matrix!$4:$4" in titles
    for number in range(1, 12):
        page = reading_back.part_of(content, f"xl/worksheets/sheet{number}.xml")
        setup = next(node for node in page.iter() if node.tag.endswith("pageSetup"))
        assert (setup.get("paperSize"), setup.get("orientation")) == ("9", "landscape")


def test_all_companies_share_a_workpaper_with_a_sum_each_and_one_over_them(group: Office) -> None:
    code, out, _ = group.run("provision", "--language", "zh", "--format", "xlsx")
    assert code == 0
    content = Path(out.strip()).read_bytes()
    rows = [row for _, row in _table(reading_back.cells(content, MATRIX), "公司")]
    loss = "预期信用损失（公式） (CNY)"
    sums = {row["公司"]: row for row in rows if "组合" not in row}
    assert sums["WPA"][loss] == D("10723407.87")
    assert sums["WPB"][loss] == D("4006.45")
    parts = [row[loss] for row in rows if "组合" in row]
    assert sums["合计"][loss] == sum(D(part) for part in parts)
    # books in several currencies have no sum
    assert "预期信用损失 (本位币)" not in sums["合计"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_paper_is_the_summary_and_has_its_figures(office: Office, language: str) -> None:
    code, out, said = office.run("provision", "--company", "WPA", "--language", language)
    assert code == 0
    assert [Path(name).suffix for name in office.files] == [".pdf", ".xlsx"]
    assert all(re.fullmatch(rf"provision_WPA_2026-12-31_\w+_{language}\.\w+", name) for name in office.files)
    assert sorted(Path(line).name for line in out.splitlines()) == office.files
    assert "expected credit loss of WPA" in said
    text = reading_back.text((office.out / office.files[0]).read_bytes())
    for figure in ("10,723,407.87", "6,000,000.00", "23,407.87", HOSTILE):
        assert figure in text
    assert "".join(Words(language)("provision.title").split()) in text  # type: ignore[arg-type]


CONTRADICTIONS = {
    "the aging": (
        "update marts.mart_aging_customer set gross_amount_functional = gross_amount_functional + 0.01"
        " where company_code = 'WPA' and scheme = 'standard' and bucket = 'not_due' and customer_id = 'C1'"
    ),
    "a rate": (
        "update marts.mart_expected_credit_loss set rate = rate + 0.001"
        " where company_code = 'WPA' and bucket = '31-60'"
    ),
    "individual losses": (
        "update marts.mart_individual_assessment set expected_credit_loss_reporting = 1"
        " where company_code = 'WPA' and customer_id = 'C2'"
    ),
    "a mean rate": (
        "update marts.mart_expected_credit_loss set rate = 0.3567"
        " where company_code = 'WPA' and segment = 'individual'"
    ),
    "sensitivities": (
        "update marts.mart_credit_loss_sensitivity set expected_credit_loss_functional = 1"
        " where company_code = 'WPA' and sensitivity = 'base' and segment = 'individual'"
    ),
    "the roll-forward": (
        "update marts.mart_allowance_roll_forward set closing_reporting = closing_reporting + 1"
        " where company_code = 'WPA'"
    ),
    "how a rate came about": (
        "update marts.mart_credit_loss_rate set rate = 0.9 where company_code = 'WPA' and bucket = '31-60'"
    ),
}


@pytest.mark.parametrize("change", CONTRADICTIONS.values(), ids=CONTRADICTIONS.keys())
def test_a_workpaper_that_does_not_agree_is_never_written(office: Office, change: str) -> None:
    office.change(change)
    code, out, error = office.run("provision", "--company", "WPA")
    assert (code, out, office.files) == (1, "", [])
    assert "does not agree" in error
    assert "fix:" in error


@pytest.mark.parametrize(
    ("arguments", "change", "said"),
    [
        (("--company", "NONE"), None, "no company 'NONE'"),
        (("--format", "docx"), None, "'docx' is no format"),
        ((), "drop table marts.mart_roll_rate", "no marts.mart_roll_rate"),
        (
            ("--company", "WPA"),
            "update marts.mart_expected_credit_loss set exposure_reporting = null where company_code = 'WPA'",
            "without an exchange rate",
        ),
    ],
)
def test_what_cannot_be_written_says_the_fix(
    office: Office, arguments: tuple[str, ...], change: str | None, said: str
) -> None:
    if change:
        office.change(change)
    code, _, error = office.run("provision", *arguments)
    assert (code, office.files) == (1, [])
    assert said in error
    assert "fix:" in error
