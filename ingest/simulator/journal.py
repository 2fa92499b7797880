"""Journal: the general ledger of the demo group, in double entry.

Belongs here: accounts, postings with the day they were booked, balances per delivery. Does not: item values
(ledger.py), files.

A posting that becomes known later, or a correction, is booked as the difference to what was booked before, on the
posting date it belongs to: balances of past days change in later deliveries, as in a ledger with open periods.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from ingest.simulator.book import Row
from ingest.simulator.days import HISTORY_END, DeliveryPlan, balance_days
from ingest.simulator.ledger import Ledger
from ingest.simulator.model import Company, World
from ingest.simulator.money import divide_half_away


@dataclass(frozen=True, slots=True)
class JournalLine:
    """One line; debit positive, minor units of the functional currency."""

    company: str
    booked_on: date
    posting_date: date
    voucher: str
    account: str
    amount: int


_CONTRA = {
    "settlement": "fx_difference",
    "opening_balance": "opening",
    "discount": "discount",
    "write_off": "write_off",
    "offset": "offset",
    "sold": "factor",
    "revaluation": "revaluation",
}
# a bill received is no money yet: it stands on an account of its own until it is paid or passed on
_RECEIPT_CONTRA = {
    "bank_acceptance": "bill",
    "commercial_acceptance": "bill",
    "receivable_certificate": "certificate",
}


def journal_lines(ledger: Ledger, company: Company) -> Iterator[JournalLine]:
    """Every line that the items of one company caused; lines of a voucher and day sum to zero.

    Both legs of a settlement are posted against the exchange difference account: what stays there is the difference.
    """
    lines: dict[tuple[date, date, str, str], int] = {}
    for item in ledger.items():
        before: dict[tuple[date, str, str], int] = {}
        tax = ledger.tax_share(item)
        receipt_contra = _RECEIPT_CONTRA.get(ledger.method(item), "bank")
        for known_on in ledger.knowledge_days(item):
            now: dict[tuple[date, str, str], int] = {}
            for on, voucher, kind, amount, contra in ledger.postings(item, known_on):
                if contra == "receipt":
                    contra = receipt_contra
                for account, value in _accounts(company, kind=kind, contra=contra, amount=amount, tax=tax):
                    now[(on, voucher, account)] = now.get((on, voucher, account), 0) + value
            for key in sorted(before.keys() | now.keys()):
                difference = now.get(key, 0) - before.get(key, 0)
                if difference:
                    line = (known_on, *key)
                    lines[line] = lines.get(line, 0) + difference
            before = now
    for (booked_on, on, voucher, account), amount in sorted(lines.items()):
        if amount:
            yield JournalLine(company.code, booked_on, on, voucher, account, amount)


def _accounts(
    company: Company, *, kind: str, contra: str, amount: int, tax: tuple[int, int]
) -> list[tuple[str, int]]:
    account = {
        "trade": company.trade_account,
        "contract_asset": company.contract_asset_account,
        "unbilled": company.unbilled_account,
        "interest": company.other_account,
    }[kind]
    if contra == "class_transfer":
        # its other side is the same item in the other class, which is posted with it
        return [(account, amount)]
    contra = _CONTRA.get(contra, contra)
    if contra in company.contra_accounts:
        return [(account, amount), (company.contra_accounts[contra], -amount)]
    tax_part = divide_half_away(amount * tax[0], tax[1]) if tax[1] else 0
    return [
        (account, amount),
        (company.contra_accounts["revenue"], tax_part - amount),
        (company.contra_accounts["tax"], -tax_part),
    ]


def cash_lines(world: World, company: Company) -> Iterator[JournalLine]:
    """Lines of what happened beside the items: bills cashed and passed on, receivables sold and lent upon."""
    events = [event for event in world.cash_events if event.company is company]
    for event in sorted(events, key=lambda event: (event.booked_on, event.on, event.voucher)):
        for role, amount in event.legs:
            if amount and event.booked_on <= HISTORY_END:
                account = event.company.contra_accounts[role]
                yield JournalLine(
                    event.company.code, event.booked_on, event.on, event.voucher, account, amount
                )


@dataclass(slots=True)
class Balances:
    """Movements of the control accounts by delivery and posting date, over all cells."""

    plan: DeliveryPlan
    moves: dict[tuple[str, str], dict[tuple[int, date], int]] = field(default_factory=dict)

    def add(self, line: JournalLine) -> None:
        """Take a line into account."""
        key = (self.plan.index_of(line.booked_on), line.posting_date)
        account = self.moves.setdefault((line.company, line.account), {})
        account[key] = account.get(key, 0) + line.amount

    def rows(self, company: Company, delivery: int) -> list[Row]:
        """Rows of gl_balance as the company's ledger stood at a delivery, by account and day."""
        result: list[Row] = []
        for account, role in sorted(company.control_accounts):
            moves = self.moves.get((company.code, account), {})
            known = sorted((on, amount) for (index, on), amount in moves.items() if index <= delivery)
            position, balance = 0, 0
            for day in balance_days(self.plan.days[delivery]):
                while position < len(known) and known[position][0] <= day:
                    balance += known[position][1]
                    position += 1
                result.append(
                    {
                        "company_code": company.code,
                        "account": account,
                        "account_role": role,
                        "balance_date": day,
                        "currency": company.functional,
                        "balance": balance,
                    }
                )
        return result
