"""Factoring: receivables sold without recourse, and receivables lent upon.

Belongs here: both kinds of agreement, what leaves the ledger, what the factor pays. Must not: the customer's payment.

Sold without recourse the receivable leaves the books: a sink of kind offset that names the agreement, for the contract
has no kind of its own. With recourse it stays an item, and the advance is a loan that the customer's payment repays.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from ingest.simulator.days import HISTORY_END, next_business_day
from ingest.simulator.model import CashEvent, Funding, Invoice, World
from ingest.simulator.money import percentage
from ingest.simulator.settlement import SOLD, Settlement

_FACTORS = {
    "CN": ("平安商业保理有限公司", "远东保理（上海）有限公司"),
    "DE": ("Eurofactor AG", "Rhein Factoring GmbH"),
}
_FEE_PER_MILLE = 15
_ADVANCE_PER_MILLE = 800
_RECOURSE_AFTER_DAYS = 60


@dataclass(frozen=True, slots=True)
class Factoring:
    """Writes the factoring agreements of one cell."""

    world: World
    settlement: Settlement
    cell: int

    def sell(self, invoice: Invoice, owed: int, *, rng: Random) -> None:
        """Sell what is owed: nothing is left to be paid to us."""
        on = _agreed_on(invoice, rng=rng)
        funding = self._agree(invoice, owed, on=on, ended_on=None, rng=rng)
        invoice.leave(on=funding.on, how="sold")
        entry = self.settlement.sink(
            invoice,
            "offset",
            owed,
            on=funding.on,
            from_id=funding.agreement,
            reason=SOLD,
            approved_by=rng.choice(invoice.customer.company.approvers),
        )
        self.world.note("sold_without_recourse", entry)
        fee = percentage(owed, _FEE_PER_MILLE)
        legs = (("bank", owed - fee), ("financing_cost", fee), ("factor", -owed))
        self._cash(funding, "factoring_purchase", on=funding.on + timedelta(days=2), legs=legs)

    def lend(self, invoice: Invoice, owed: int, *, paid_on: date, rng: Random) -> None:
        """Borrow on what is owed; repaid when the customer pays, or by recourse when it does not."""
        on = _agreed_on(invoice, rng=rng)
        latest = next_business_day(invoice.due_date + timedelta(days=_RECOURSE_AFTER_DAYS))
        # who pays before the agreement is made ends it on its first day
        ended = max(next_business_day(min(paid_on, latest) + timedelta(days=1)), on)
        funding = self._agree(invoice, owed, on=on, ended_on=ended, rng=rng)
        self.world.note("factored_with_recourse", invoice.entry, max(funding.on, invoice.booked_on))
        advance = percentage(owed, _ADVANCE_PER_MILLE)
        self._cash(
            funding, "factoring_advance", on=funding.on, legs=(("bank", advance), ("borrowing", -advance))
        )
        fee = percentage(advance, _FEE_PER_MILLE)
        legs = (("borrowing", advance), ("financing_cost", fee), ("bank", -advance - fee))
        self._cash(funding, "factoring_repayment", on=ended, legs=legs)

    def _agree(self, invoice: Invoice, owed: int, *, on: date, ended_on: date | None, rng: Random) -> Funding:
        """A loan ends, a sale does not."""
        company = invoice.customer.company
        with_recourse = ended_on is not None
        mark = "R" if with_recourse else "N"
        number = f"{self.cell:02d}{len(self.world.fundings) + 1:04d}"
        funding = Funding(
            invoice=invoice,
            with_recourse=with_recourse,
            agreement=f"FA{mark}-{on:%y%m}-{number}",
            factor=rng.choice(_FACTORS[company.country]),
            on=on,
            amount=owed,
            ended_on=ended_on,
        )
        self.world.fundings.append(funding)
        return funding

    def _cash(self, funding: Funding, kind: str, *, on: date, legs: tuple[tuple[str, int], ...]) -> None:
        on = next_business_day(on)
        if on > HISTORY_END:
            return
        company = funding.invoice.customer.company
        words = {"CN": "保理融资款", "DE": "factoring"}[company.country]
        self.world.cash_events.append(
            CashEvent(
                company=company,
                booked_on=on,
                on=on,
                voucher=funding.agreement,
                kind=kind,
                legs=legs,
                cash=sum(amount for role, amount in legs if role == "bank"),
                counterparty=funding.factor,
                text=f"{words} {funding.agreement}",
            )
        )


def _agreed_on(invoice: Invoice, *, rng: Random) -> date:
    return next_business_day(invoice.booked_on + timedelta(days=rng.randint(2, 9)))
