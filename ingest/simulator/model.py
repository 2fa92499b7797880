"""What a simulated ERP holds: entries with dated versions, and the plan objects that make them.

Belongs here: the data classes shared by every simulator module. Does not: chance, dates of payment, files.

An entry is one row of one entity. `booked_on` is the day the ERP came to know it (knowledge), while the
dates in its fields say when it is true in the books (effective). Deliveries look at `booked_on` only.
"""

from dataclasses import dataclass, field
from datetime import date

from ingest.simulator.terms import Terms


@dataclass(slots=True, eq=False)
class Entry:
    """One row with its later versions. A field may hold another entry: its number is printed."""

    entity: str
    company: str
    booked_on: date
    fields: "dict[str, Value]"
    identifier: str = ""
    number: str = ""
    changes: "list[tuple[date, dict[str, Value]]]" = field(default_factory=list)
    removed_on: date | None = None

    def revise(self, booked_on: date, **changes: "Value") -> None:
        """Add a later version; a day before the entry itself is moved onto it."""
        self.changes.append((max(booked_on, self.booked_on), changes))

    def versions(self) -> "list[tuple[date, dict[str, Value]]]":
        """Rows by the day they became known; several changes of one day make one version."""
        row = dict(self.fields)
        if self.identifier:
            row[self.identifier] = self.number
        result = [(self.booked_on, row)]
        for booked_on, changes in sorted(self.changes, key=lambda change: change[0]):
            row = {**row, **changes}
            if result[-1][0] == booked_on:
                result[-1] = (booked_on, row)
            else:
                result.append((booked_on, row))
        return result


Value = str | int | bool | date | Entry | None


@dataclass(frozen=True, slots=True)
class Company:
    """One legal entity of the demo group and the accounts of its ledger."""

    code: str
    name: str
    functional: str
    time_zone: str
    country: str
    source: str
    trade_account: str
    contract_asset_account: str
    unbilled_account: str
    other_account: str
    contra_accounts: dict[str, str]
    tax_per_mille: int
    bank_accounts: dict[str, str]
    sister: str
    approvers: tuple[str, ...]
    bank_charge_text: str

    @property
    def control_accounts(self) -> tuple[tuple[str, str], ...]:
        """Accounts whose balances the ledger hands out, and the role of each."""
        return (
            (self.trade_account, "trade_control"),
            (self.contra_accounts["bill"], "bill_control"),
            (self.contra_accounts["certificate"], "bill_control"),
            (self.contract_asset_account, "contract_asset"),
            (self.unbilled_account, "unbilled"),
        )


@dataclass(slots=True, eq=False)
class Customer:
    """One party with its habits. `turns_on` is the day a failing or deteriorating payer turns."""

    company: Company
    number: str
    name: str
    language: str
    currencies: tuple[str, ...]
    terms: Terms
    character: str
    turns_on: date
    payment_weekday: int | None
    pays_in_functional: bool
    is_project: bool
    is_intragroup: bool
    price: int
    monthly_rate: int
    bank_account: str
    collector: str
    sales_owner: str
    has_contract: bool
    entry: Entry
    parent: "Customer | None" = None


@dataclass(slots=True, eq=False)
class Part:
    """One due date of an invoice; `unconditional_on` None means a normal or an unconditional part."""

    number: int
    due_date: date
    amount: int
    is_retention: bool = False
    unconditional_on: date | None = None


@dataclass(frozen=True, slots=True)
class Credit:
    """A part of an invoice that is credited from a day; `is_applied`: its allocation is in the books already."""

    note: Entry
    amount: int
    on: date
    is_applied: bool = False


@dataclass(slots=True, eq=False)
class Invoice:
    """A debit document on its way through the ledger; `fate` names the one unusual thing that happens to it.

    What leaves the books without a payment says when and how: credited, offset, sold or written_off.
    """

    entry: Entry
    customer: Customer
    document_date: date
    posting_date: date
    currency: str
    amount: int
    terms: Terms
    parts: list[Part]
    fate: str = ""
    credits: list[Credit] = field(default_factory=list)
    left_on: date | None = None
    left_as: str = ""

    @property
    def due_date(self) -> date:
        """Due date of the last normal part."""
        return max(part.due_date for part in self.parts if not part.is_retention)

    @property
    def credited(self) -> int:
        """Sum of its credits."""
        return sum(credit.amount for credit in self.credits)

    def leave(self, *, on: date, how: str) -> None:
        """Nothing of it is asked of the customer any more."""
        self.left_on, self.left_as = on, how

    @property
    def booked_on(self) -> date:
        """Day the ERP came to know the document."""
        return self.entry.booked_on


@dataclass(slots=True)
class Claim:
    """An amount of one invoice that its customer means to pay on one day."""

    invoice: Invoice
    amount: int
    pay_on: date
    part_number: int | None = None
    discount: int = 0
    charge: int = 0
    extra: int = 0
    handling: str = ""
    meant_part: int | None = None
    failed_on: date | None = None


@dataclass(frozen=True, slots=True)
class CashEvent:
    """Money or a liability moves without a receipt: a bill is cashed or passed on, a receivable is sold.

    `legs` are account roles with amounts, debit positive, and sum to zero; `cash` is what the bank books, if anything.
    """

    company: Company
    booked_on: date
    on: date
    voucher: str
    kind: str
    legs: tuple[tuple[str, int], ...]
    cash: int
    counterparty: str
    text: str
    receipt: Entry | None = None
    claims: tuple[Claim, ...] = ()


@dataclass(slots=True, eq=False)
class Bill:
    """A bill or certificate with everything that will ever happen to it, even after the end of the history.

    `passed_to` is the supplier or bank that has it from us, empty while it is ours.
    """

    number: str
    receipt: Entry
    customer: Customer
    invoice: Invoice
    method: str
    acceptor: str
    acceptor_kind: str
    amount: int
    received_on: date
    matures_on: date
    life: str
    passed_to: str = ""
    events: list[tuple[date, str, bool | None]] = field(default_factory=list)
    replaced_on: date | None = None

    @property
    def came_back_on(self) -> date | None:
        """Day on which it came back unpaid: refused at maturity, or returned for a formal defect."""
        return self.day_of("dishonoured") or self.day_of("returned")

    def day_of(self, kind: str) -> date | None:
        """Day of an event, whether or not the history reaches it."""
        return next((on for on, event, _ in self.events if event == kind), None)


@dataclass(frozen=True, slots=True)
class Contest:
    """A dispute with its outcome; the credit note is what was conceded."""

    entry: Entry
    invoice: Invoice
    outcome: str
    closed_on: date | None
    credit: Entry | None
    credited: int


@dataclass(frozen=True, slots=True)
class Pledge:
    """A promise, plan or extension, and the day on which the money comes in the end."""

    entry: Entry
    invoice: Invoice
    paid_on: date


@dataclass(frozen=True, slots=True)
class Funding:
    """A receivable sold, or lent upon."""

    invoice: Invoice
    with_recourse: bool
    agreement: str
    factor: str
    on: date
    amount: int
    ended_on: date | None


@dataclass(slots=True)
class World:
    """Everything one cell of the simulation has made, and the register of its features."""

    entries: dict[str, list[Entry]] = field(default_factory=dict)
    features: list[tuple[str, Entry, date]] = field(default_factory=list)
    settlements: list[tuple[Entry, Customer, list[Claim]]] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    invoices: list[Invoice] = field(default_factory=list)
    cash_events: list[CashEvent] = field(default_factory=list)
    bills: list[Bill] = field(default_factory=list)
    contests: list[Contest] = field(default_factory=list)
    pledges: list[Pledge] = field(default_factory=list)
    fundings: list[Funding] = field(default_factory=list)

    def add(self, entry: Entry) -> Entry:
        """Keep an entry and hand it back."""
        self.entries.setdefault(entry.entity, []).append(entry)
        return entry

    def note(self, feature: str, entry: Entry, known_on: date | None = None) -> None:
        """Register that an entry shows a feature from the day it is known."""
        self.features.append((feature, entry, known_on or entry.booked_on))
