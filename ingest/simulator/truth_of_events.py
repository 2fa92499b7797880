"""Truth of events: who fails, what is paid when, what becomes of promises, disputes, bills and sold receivables.

Belongs here: files below `<out>/truth` that look beyond what any extract says, some beyond the end of the history. Must
not: bank lines, features, the journal (truth.py).
"""

from datetime import date
from pathlib import Path

from ingest.simulator.days import HISTORY_END
from ingest.simulator.defaults import Default
from ingest.simulator.deliveries import write_csv
from ingest.simulator.habits import NEVER
from ingest.simulator.model import Claim, Invoice, World
from ingest.simulator.money import print_minor

_INTENTION_COLUMNS = (
    "company_code", "document_id", "instalment_no", "customer_id", "currency", "amount", "discount",
    "bank_charge", "method", "pays_on", "failed_on",
)  # fmt: skip
_INVOICE_COLUMNS = (
    "company_code", "document_id", "customer_id", "currency", "amount", "due_date", "fate", "outcome",
    "paid_on",
)  # fmt: skip
_DISPUTE_COLUMNS = (
    "company_code", "dispute_id", "document_id", "customer_id", "opened_on", "outcome", "closed_on",
    "currency", "conceded", "credit_note_id",
)  # fmt: skip
_BILL_COLUMNS = (
    "company_code", "bill_id", "receipt_id", "document_id", "customer_id", "method", "acceptor",
    "acceptor_kind", "amount", "received_on", "matures_on", "life", "endorsed_on", "discounted_on",
    "pledged_on", "returned_on", "honoured_on", "dishonoured_on", "with_recourse", "replaced_on",
)  # fmt: skip
_FACTORING_COLUMNS = (
    "company_code", "agreement", "factor", "with_recourse", "document_id", "customer_id", "currency",
    "amount", "agreed_on", "ended_on",
)  # fmt: skip
_BILL_EVENTS = ("endorsed", "discounted", "pledged", "returned", "honoured", "dishonoured")
_METHODS = {"bank_bill": "bill", "commercial_bill": "bill", "certificate": "certificate"}


def write_default_truth(folder: Path, defaults: list[Default]) -> None:
    """First day of each criterion of default by customer; the first of them all is the default."""
    first: dict[tuple[str, str], date] = {}
    for default in defaults:
        first.setdefault((default.company, default.customer), default.on)
    write_csv(
        folder / "default.csv",
        ("company_code", "customer_id", "criterion", "defaulted_on", "is_first"),
        (
            (d.company, d.customer, d.criterion, d.on, d.on == first[(d.company, d.customer)])
            for d in defaults
        ),
    )


def write_event_truth(folder: Path, world: World) -> None:
    """Intentions, invoices, disputes, promises, bills and sold receivables of one cell."""
    claims: dict[int, list[Claim]] = {}
    for claim in world.claims:
        claims.setdefault(id(claim.invoice), []).append(claim)
    invoices = sorted(
        (invoice for invoice in world.invoices if invoice.booked_on <= HISTORY_END),
        key=lambda invoice: (invoice.customer.company.code, invoice.entry.number),
    )
    _write_intentions(folder, invoices, claims)
    _write_invoices(folder, invoices, claims)
    _write_disputes(folder, world)
    _write_pledges(folder, world)
    _write_bills(folder, world)
    _write_fundings(folder, world)


def _write_intentions(folder: Path, invoices: list[Invoice], claims: dict[int, list[Claim]]) -> None:
    write_csv(
        folder / "intention.csv",
        _INTENTION_COLUMNS,
        (
            (
                invoice.customer.company.code,
                invoice.entry.number,
                claim.meant_part,
                invoice.customer.number,
                invoice.currency,
                print_minor(claim.amount),
                print_minor(claim.discount),
                print_minor(claim.charge),
                _METHODS.get(claim.handling, "cash"),
                _on(claim),
                claim.failed_on,
            )
            for invoice in invoices
            for claim in claims.get(id(invoice), [])
        ),
    )


def _on(claim: Claim) -> date | None:
    return claim.pay_on if claim.pay_on < NEVER else None


def _write_invoices(folder: Path, invoices: list[Invoice], claims: dict[int, list[Claim]]) -> None:
    write_csv(
        folder / "invoice.csv",
        _INVOICE_COLUMNS,
        (
            (
                invoice.customer.company.code,
                invoice.entry.number,
                invoice.customer.number,
                invoice.currency,
                print_minor(invoice.amount),
                invoice.due_date,
                invoice.fate,
                *_outcome(invoice, claims.get(id(invoice), [])),
            )
            for invoice in invoices
        ),
    )


_OUTCOMES = {
    "cancelled": "cancelled",
    "cancelled_after_payment": "cancelled",
    "voided_undated": "cancelled",
    "deleted": "deleted",
    "forgotten": "never",
}


def _outcome(invoice: Invoice, claims: list[Claim]) -> tuple[str, date | None]:
    """What becomes of an invoice in the end, and the day of the last payment where it is paid in full."""
    if invoice.fate in _OUTCOMES:
        return _OUTCOMES[invoice.fate], None
    if invoice.left_as:
        return invoice.left_as, None
    last = max(claim.pay_on for claim in claims if claim.failed_on is None)
    return ("paid", last) if last < NEVER else ("never", None)


def _write_disputes(folder: Path, world: World) -> None:
    rows = sorted(
        (contest for contest in world.contests if contest.entry.booked_on <= HISTORY_END),
        key=lambda contest: (contest.entry.company, contest.entry.number),
    )
    write_csv(
        folder / "dispute.csv",
        _DISPUTE_COLUMNS,
        (
            (
                contest.entry.company,
                contest.entry.number,
                contest.invoice.entry.number,
                contest.invoice.customer.number,
                _day(contest.entry.fields["opened_on"]),
                contest.outcome,
                contest.closed_on,
                contest.invoice.currency,
                print_minor(contest.credited),
                contest.credit.number if contest.credit is not None else None,
            )
            for contest in rows
        ),
    )


def _write_pledges(folder: Path, world: World) -> None:
    rows = sorted(
        (pledge for pledge in world.pledges if pledge.entry.booked_on <= HISTORY_END),
        key=lambda pledge: (pledge.entry.company, pledge.entry.number),
    )
    write_csv(
        folder / "promise.csv",
        ("company_code", "promise_id", "document_id", "customer_id", "promised_date", "pays_on"),
        (
            (
                pledge.entry.company,
                pledge.entry.number,
                pledge.invoice.entry.number,
                pledge.invoice.customer.number,
                _day(pledge.entry.fields["promised_date"]),
                pledge.paid_on,
            )
            for pledge in rows
        ),
    )


def _write_bills(folder: Path, world: World) -> None:
    rows = sorted(
        (bill for bill in world.bills if bill.receipt.booked_on <= HISTORY_END),
        key=lambda bill: (bill.receipt.company, bill.receipt.number),
    )
    write_csv(
        folder / "bill.csv",
        _BILL_COLUMNS,
        (
            (
                bill.receipt.company,
                bill.number,
                bill.receipt.number,
                bill.invoice.entry.number,
                bill.customer.number,
                bill.method,
                bill.acceptor,
                bill.acceptor_kind,
                print_minor(bill.amount),
                bill.received_on,
                bill.matures_on,
                bill.life,
                *(bill.day_of(kind) for kind in _BILL_EVENTS),
                next((recourse for _, _, recourse in bill.events if recourse is not None), None),
                bill.replaced_on,
            )
            for bill in rows
        ),
    )


def _write_fundings(folder: Path, world: World) -> None:
    rows = sorted(
        (funding for funding in world.fundings if funding.on <= HISTORY_END),
        key=lambda funding: (funding.invoice.customer.company.code, funding.agreement),
    )
    write_csv(
        folder / "factoring.csv",
        _FACTORING_COLUMNS,
        (
            (
                funding.invoice.customer.company.code,
                funding.agreement,
                funding.factor,
                funding.with_recourse,
                funding.invoice.entry.number,
                funding.invoice.customer.number,
                funding.invoice.currency,
                print_minor(funding.amount),
                funding.on,
                funding.ended_on,
            )
            for funding in rows
        ),
    )


def _day(value: object) -> date:
    assert isinstance(value, date)
    return value
