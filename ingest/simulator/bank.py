"""Bank: the statement lines that the receipts of the ERP came from, and lines that have no receipt.

Belongs here: charges, salaries, lines of bank_transaction, statements. Does not: receipts, what payers write
(remittance.py).
"""

from collections.abc import Collection
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
    last_business_day,
    month_end,
    next_business_day,
)
from ingest.simulator.model import CashEvent, Claim, Company, Customer, Entry, World
from ingest.simulator.remittance import remit

_OPENING = 300_000_000


@dataclass(frozen=True, slots=True)
class BankLine:
    """One statement line with the receipt and the invoices it stands for (its truth)."""

    row: Row
    kind: str
    receipt: str
    claims: tuple[Claim, ...] = ()
    text_kind: str = ""
    payer_kind: str = ""

    @property
    def booking_date(self) -> date:
        """Day booked by the bank."""
        day = self.row["booking_date"]
        assert isinstance(day, date)
        return day

    @property
    def amount(self) -> int:
        """Minor units of the account's currency, credit positive."""
        amount = self.row["amount"]
        assert isinstance(amount, int)
        return amount


def bank_lines(world: World, companies: tuple[Company, ...], *, cell: int, rng: Random) -> list[BankLine]:
    """Lines of one cell in the order of the statement. Numbers must have been given before."""
    lines: list[BankLine] = []
    numbers = _numbers_by_customer(world)
    for receipt, customer, claims in world.settlements:
        others = numbers.get((customer.company.code, customer.number), set())
        lines += _receipt_lines(world, receipt, customer, claims, others=others, rng=rng)
    lines += [_event_line(event) for event in world.cash_events if event.cash]
    if cell == 0:
        for company in companies:
            lines += _charges(company, rng=rng)
    known = [line for line in lines if HISTORY_START <= line.booking_date <= HISTORY_END]
    known.sort(key=lambda line: (str(line.row["account"]), line.booking_date))
    mark = f"{cell:02d}" if cell else ""
    for number, line in enumerate(known, start=1):
        line.row["bank_reference"] = f"BK{line.booking_date:%y%m%d}{mark}{number:07d}"
    return known


def _numbers_by_customer(world: World) -> dict[tuple[str, str], set[str]]:
    """Numbers of all documents by company and customer; one that was reassigned belongs to both customers."""
    numbers: dict[tuple[str, str], set[str]] = {}
    for entry in world.entries.get("document", []):
        owners = {fields["customer_id"] for _, fields in entry.versions()}
        for owner in owners:
            numbers.setdefault((entry.company, str(owner)), set()).add(entry.number)
    return numbers


def _receipt_lines(
    world: World,
    receipt: Entry,
    customer: Customer,
    claims: list[Claim],
    *,
    others: Collection[str],
    rng: Random,
) -> list[BankLine]:
    fields = receipt.fields
    if fields.get("bill_id"):
        # paper, not money: what the bank sees of it is a cash event
        return []
    day, amount = fields["receipt_date"], fields["amount"]
    assert isinstance(day, date) and isinstance(amount, int)
    if fields.get("method") == "cheque":
        day = next_business_day(day + timedelta(days=2))
    number = receipt.number if receipt.booked_on <= HISTORY_END else ""
    row: Row = {
        "company_code": receipt.company,
        "account": str(fields["bank_account"]),
        "booking_date": day,
        "value_date": day,
        "currency": str(fields["currency"]),
        "amount": amount,
        "counterparty_name": customer.name,
        "counterparty_account": customer.bank_account,
        "transaction_code": "DMT" if amount < 0 else "CRT",
    }
    if amount < 0 or not claims:
        row["remittance_text"] = "退多付货款" if customer.language == "zh" else "refund of overpayment"
        return [BankLine(row, "refund", number)]
    is_foreign = fields["currency"] != customer.company.functional
    remittance = remit(customer, claims, others=others, is_foreign=is_foreign, rng=rng)
    row |= {
        "counterparty_name": remittance.payer,
        "counterparty_account": remittance.account,
        "remittance_text": remittance.text,
        "end_to_end_id": remittance.end_to_end_id,
    }
    if day <= HISTORY_END:
        seen_on = max(receipt.booked_on, day)
        world.note(f"remittance_{remittance.kind}", receipt, seen_on)
        if remittance.payer_kind != "customer":
            world.note(f"payer_{remittance.payer_kind}", receipt, seen_on)
    kinds = (remittance.kind, remittance.payer_kind)
    lines = [BankLine(row, "receipt", number, tuple(claims), *kinds)]
    returned = [change["status_date"] for _, change in receipt.changes if change.get("status") == "bounced"]
    if returned and isinstance(returned[0], date):
        word = "退票" if customer.language == "zh" else "RETURN"
        back: Row = {**row, "booking_date": returned[0], "value_date": returned[0], "amount": -amount}
        back |= {"remittance_text": f"{word} {remittance.text}", "transaction_code": "RTN"}
        lines.append(BankLine(back, "return", number, tuple(claims), *kinds))
    return lines


def _event_line(event: CashEvent) -> BankLine:
    receipt = event.receipt
    is_known = receipt is not None and receipt.booked_on <= HISTORY_END
    row: Row = {
        "company_code": event.company.code,
        "account": event.company.bank_accounts[event.company.functional],
        "booking_date": event.on,
        "value_date": event.on,
        "currency": event.company.functional,
        "amount": event.cash,
        "counterparty_name": event.counterparty,
        "remittance_text": event.text,
        "transaction_code": "CRT" if event.cash > 0 else "DMT",
    }
    return BankLine(row, event.kind, receipt.number if receipt is not None and is_known else "", event.claims)


def _charges(company: Company, *, rng: Random) -> list[BankLine]:
    """Monthly charges and quarterly interest on every account, salaries, and a few credits that nobody knows."""
    lines: list[BankLine] = []
    for currency, account in sorted(company.bank_accounts.items()):
        month = HISTORY_START
        while month <= HISTORY_END:
            last = month_end(month)
            lines.append(_plain(company, currency, account, last, -rng.randint(800, 9000), kind="charge"))
            if currency == company.functional:
                pay_day = last_business_day(month.replace(day=25))
                salaries = -rng.randint(40_000_000, 60_000_000)
                lines.append(_plain(company, currency, account, pay_day, salaries, kind="salary"))
                if rng.randrange(4) == 0:
                    back_on = next_business_day(pay_day + timedelta(days=3))
                    amount = rng.randint(400_000, 1_500_000)
                    lines.append(_plain(company, currency, account, back_on, amount, kind="salary_returned"))
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
        "salary": f"代发工资 {day:%Y年%m月}" if company.country == "CN" else f"SALARY {day:%m/%Y}",
        "salary_returned": f"工资退回 {day:%Y年%m月}"
        if company.country == "CN"
        else f"SALARY RETURNED {day:%m/%Y}",
    }
    row: Row = {
        "company_code": company.code,
        "account": account,
        "booking_date": day,
        "value_date": day,
        "currency": currency,
        "amount": amount,
        "remittance_text": texts[kind],
        "transaction_code": {"charge": "CHG", "interest": "INT", "salary": "DMT"}.get(kind, "CRT"),
    }
    return BankLine(row, kind, "")


def statement_id(account: str, day: date) -> str:
    """Statement of a line: monthly, in the last month daily."""
    return f"{account[-4:]}-{day:%Y%m%d}" if day >= FIRST_DAILY else f"{account[-4:]}-{day:%Y%m}"


@dataclass(slots=True)
class Statements:
    """Sums of all lines per account and day, from which the statements since a first month are made."""

    since: date = HISTORY_START
    sums: dict[tuple[str, date], int] = field(default_factory=dict)

    def add(self, account: str, day: date, amount: int) -> None:
        """Take the amount of a line, or of several, into account."""
        self.sums[account, day] = self.sums.get((account, day), 0) + amount

    def rows(self, company: Company) -> list[tuple[date, Row]]:
        """Statements of one company with the day on which each is complete."""
        periods: list[tuple[date, date]] = []
        month = self.since
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
