"""Factoring agreements: one number each, and no end before the beginning.

Belongs here: `ingest.simulator.factoring` on invoices made by hand. Must not: what is sold in a simulated company
(test_bills.py).
"""

from datetime import timedelta
from random import Random

from ingest.simulator.factoring import Factoring
from ingest.simulator.model import World
from ingest.simulator.settlement import Settlement
from tests.ingest.simulator.factories import DUE, POSTED, make_customer, make_invoice


def make_factoring(world: World, *, cell: int = 0) -> Factoring:
    return Factoring(world, Settlement(world), cell)


def test_agreements_of_all_cells_have_numbers_of_their_own() -> None:
    """Three hundred in one month: four random digits would meet."""
    numbers: list[str] = []
    for cell in (0, 1, 10):
        world = World()
        customer = make_customer(world)
        factoring = make_factoring(world, cell=cell)
        for number in range(100):
            factoring.sell(make_invoice(world, customer, f"AR{number}", 100_000), 100_000, rng=Random(number))
        numbers += [funding.agreement for funding in world.fundings]
    assert len(set(numbers)) == 300


def test_a_loan_on_an_invoice_that_is_paid_at_once_ends_on_the_day_of_the_agreement() -> None:
    world = World()
    invoice = make_invoice(world, make_customer(world), "AR1", 100_000)
    make_factoring(world).lend(invoice, 100_000, paid_on=POSTED, rng=Random(1))
    (funding,) = world.fundings
    assert funding.ended_on == funding.on > POSTED
    assert [event.on for event in world.cash_events] == [funding.on, funding.on]


def test_a_loan_ends_when_the_customer_pays_or_sixty_days_after_the_due_date() -> None:
    """Due on Friday 2025-01-10. Paid on that day, it ends on Monday; never paid, on the day after Tuesday 03-11."""
    for paid_on, ended_on in (
        (DUE, DUE + timedelta(days=3)),
        (DUE + timedelta(days=300), DUE + timedelta(days=61)),
    ):
        world = World()
        invoice = make_invoice(world, make_customer(world), "AR1", 100_000)
        make_factoring(world).lend(invoice, 100_000, paid_on=paid_on, rng=Random(1))
        assert world.fundings[0].ended_on == ended_on
