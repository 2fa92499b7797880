"""Bank: the statement lines that the receipts of the ERP came from, and lines that have no receipt.

Belongs here: remittance texts, charges, lines of bank_transaction, statements. Does not: receipts.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from ingest.simulator.book import Row
from ingest.simulator.days import (
    FIRST_DAILY,
    HISTORY_END,
    HISTORY_START,
    add_months,
    days_between,
    is_business_day,
    month_end,
    next_business_day,
)
from ingest.simulator.model import Claim, Company, Customer, Entry, World

_OPENING = 300_000_000


@dataclass(frozen=True, slots=True)
class BankLine:
    """One statement line with the receipt and the invoices it stands for (its truth)."""

    row: Row
    kind: str
    receipt: str
    invoices: tuple[str, ...]

    @property
    def booking_date(self) -> date:
        """Day booked by the bank."""
        day = self.row["booking_date"]
        assert isinstance(day, date)
        return day


def bank_lines(world: World, companies: tuple[Company, ...], *, cell: int, rng: Random) -> list[BankLine]:
    """Lines of one cell in the order of the statement. Numbers must have been given before."""
    lines: list[BankLine] = []
    for receipt, customer, claims in world.settlements:
        lines += _receipt_lines(receipt, customer, claims, rng=rng)
    if cell == 0:
        for company in companies:
            lines += _charges(company, rng=rng)
    known = [line for line in lines if HISTORY_START <= line.booking_date <= HISTORY_END]
    known.sort(key=lambda line: (str(line.row["account"]), line.booking_date))
    mark = f"{cell:02d}" if cell else ""
    for number, line in enumerate(known, start=1):
        line.row["bank_reference"] = f"BK{line.booking_date:%y%m%d}{mark}{number:07d}"
    return known


def _receipt_lines(receipt: Entry, customer: Customer, claims: list[Claim], *, rng: Random) -> list[BankLine]:
    fields = receipt.fields
    day, amount = fields["receipt_date"], fields["amount"]
    assert isinstance(day, date) and isinstance(amount, int)
    invoices = tuple(claim.invoice.entry.number for claim in claims)
    if fields.get("method") == "cheque":
        day = next_business_day(day + timedelta(days=2))
    row: Row = {
        "company_code": receipt.company,
        "account": str(fields["bank_account"]),
        "booking_date": day,
        "value_date": day,
        "currency": str(fields["currency"]),
        "amount": amount,
        "counterparty_name": _payer_name(customer, rng=rng),
        "counterparty_account": customer.bank_account if rng.randrange(12) else None,
        "remittance_text": _remittance(customer, invoices, claims, is_refund=amount < 0, rng=rng),
        "end_to_end_id": None if rng.randrange(3) else f"E2E{rng.randrange(10**10):010d}",
        "transaction_code": "DMT" if amount < 0 else "CRT",
    }
    number = receipt.number if receipt.booked_on <= HISTORY_END else ""
    kind = "refund" if amount < 0 else "receipt"
    lines = [BankLine(row, kind, number, invoices)]
    returned = [change["status_date"] for _, change in receipt.changes if change.get("status") == "bounced"]
    if returned and isinstance(returned[0], date):
        text = (
            f"退票 {row['remittance_text']}"
            if customer.language == "zh"
            else f"RETURN {row['remittance_text']}"
        )
        back: Row = {**row, "booking_date": returned[0], "value_date": returned[0], "amount": -amount}
        back |= {"remittance_text": text, "transaction_code": "RTN"}
        lines.append(BankLine(back, "return", number, invoices))
    return lines


def _payer_name(customer: Customer, *, rng: Random) -> str:
    name = customer.name
    match rng.randrange(12):
        case 0:
            return name.replace("有限公司", "").replace("（", "(").replace("）", ")").upper()
        case 1:
            return name[:18].strip()
        case _:
            return name


def _remittance(
    customer: Customer, invoices: tuple[str, ...], claims: list[Claim], *, is_refund: bool, rng: Random
) -> str:
    is_chinese = customer.language == "zh"
    if is_refund:
        return "退多付货款" if is_chinese else "refund of overpayment"
    draw = rng.randrange(20)
    listed = list(invoices[:6])
    if draw == 0:
        return "货款" if is_chinese else "payment"
    if draw == 1:
        return f"{customer.name} 货款" if is_chinese else f"payment on account {customer.number}"
    if draw == 2 and listed:
        listed[-1] = listed[-1][:-1]
    if draw in (3, 4):
        listed = [number.lstrip("ARINV") for number in listed]
    if draw == 5:
        references = [str(claim.invoice.entry.fields.get("reference") or "") for claim in claims[:4]]
        return ("订单 " if is_chinese else "your order ") + " ".join(references)
    joined = ("、" if is_chinese else ", ").join(listed)
    if draw < 12:
        return f"付货款 {joined}" if is_chinese else f"INV {joined}"
    return f"{joined} 货款" if is_chinese else f"/ROC/{customer.number}/INV {joined}/"


def _charges(company: Company, *, rng: Random) -> list[BankLine]:
    """Monthly charges and quarterly interest on every account, and a few credits that nobody knows."""
    lines: list[BankLine] = []
    for currency, account in sorted(company.bank_accounts.items()):
        month = HISTORY_START
        while month <= HISTORY_END:
            last = month_end(month)
            lines.append(_plain(company, currency, account, last, -rng.randint(800, 9000), kind="charge"))
            if month.month % 3 == 0:
                lines.append(
                    _plain(company, currency, account, last, rng.randint(2000, 60_000), kind="interest")
                )
            month = add_months(month, 1)
    days = [
        day for day in days_between(HISTORY_END - timedelta(days=60), HISTORY_END) if is_business_day(day)
    ]
    account = company.bank_accounts[company.functional]
    for day in rng.sample(days, 6):
        amount = rng.randint(10_000, 900_000)
        lines.append(_plain(company, company.functional, account, day, amount, kind="unknown"))
    return lines


def _plain(company: Company, currency: str, account: str, day: date, amount: int, *, kind: str) -> BankLine:
    texts = {
        "charge": company.bank_charge_text,
        "interest": "利息" if company.country == "CN" else "interest",
        "unknown": "保证金退回" if company.country == "CN" else "various",
    }
    row: Row = {
        "company_code": company.code,
        "account": account,
        "booking_date": day,
        "value_date": day,
        "currency": currency,
        "amount": amount,
        "remittance_text": texts[kind],
        "transaction_code": {"charge": "CHG", "interest": "INT", "unknown": "CRT"}[kind],
    }
    return BankLine(row, kind, "", ())


def statement_id(account: str, day: date) -> str:
    """Statement of a line: monthly, in the last month daily."""
    return f"{account[-4:]}-{day:%Y%m%d}" if day >= FIRST_DAILY else f"{account[-4:]}-{day:%Y%m}"


@dataclass(slots=True)
class Statements:
    """Sums of all cells per account and day, from which the statements are made."""

    sums: dict[tuple[str, date], int] = field(default_factory=dict)

    def add(self, line: BankLine) -> None:
        """Take a line into account."""
        amount = line.row["amount"]
        assert isinstance(amount, int)
        key = (str(line.row["account"]), line.booking_date)
        self.sums[key] = self.sums.get(key, 0) + amount

    def rows(self, company: Company) -> list[tuple[date, Row]]:
        """Statements of one company with the day on which each is complete."""
        periods: list[tuple[date, date]] = []
        month = HISTORY_START
        while month < FIRST_DAILY:
            periods.append((month, month_end(month)))
            month = add_months(month, 1)
        periods += [(day, day) for day in days_between(FIRST_DAILY, HISTORY_END)]
        result: list[tuple[date, Row]] = []
        for currency, account in sorted(company.bank_accounts.items()):
            balance = _OPENING
            for first, last in periods:
                opening = balance
                balance += sum(self.sums.get((account, day), 0) for day in days_between(first, last))
                row: Row = {
                    "company_code": company.code,
                    "account": account,
                    "statement_id": statement_id(account, first),
                    "currency": currency,
                    "opening_balance": opening,
                    "opening_date": first - timedelta(days=1),
                    "closing_balance": balance,
                    "closing_date": last,
                }
                result.append((last, row))
        return result
