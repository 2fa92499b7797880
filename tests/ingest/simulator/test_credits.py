"""Credits against invoices, made by hand.

Belongs here: `ingest.simulator.credits` on a few invoices of one customer. Must not: simulated companies
(test_truth.py).
"""

from random import Random

from ingest.simulator.billing import Biller
from ingest.simulator.bills import Bills
from ingest.simulator.credits import Credits
from ingest.simulator.days import delivery_plan
from ingest.simulator.fates import DocumentChanger
from ingest.simulator.model import World
from ingest.simulator.paying import Payer
from ingest.simulator.rates import make_rates
from ingest.simulator.settlement import Settlement
from tests.ingest.simulator.factories import make_customer, make_invoice

RATES = make_rates(Random("credits"))


def make_credits(world: World) -> Credits:
    biller, settlement = Biller(world, RATES), Settlement(world)
    payer = Payer(world, RATES, settlement, delivery_plan(), Bills(world))
    return Credits(world, DocumentChanger(world, RATES, biller), biller, settlement, payer)


def test_a_credit_that_comes_back_to_its_invoice_leaves_the_amount_of_the_invoice_alone() -> None:
    """Applied, taken back, applied again: three allocations, and no fourth when the invoice is claimed."""
    world = World()
    invoice = make_invoice(world, make_customer(world), "AR1", 100_000, fate="credit_reapplied")
    credits = make_credits(world)
    credits.credit_invoices([invoice], rng=Random(1))
    credits.settlement.apply_credits(invoice)
    first, reversal, again = world.entries["allocation"]
    assert reversal.fields["reverses_allocation_id"] is first
    assert first.fields["amount"] == again.fields["amount"] == invoice.credited
    assert 0 < invoice.credited < invoice.amount == 100_000
