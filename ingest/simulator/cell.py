"""Cell: one self-contained part of the demo group, small enough for memory.

Belongs here: the order in which the events of a cell are made. Does not: how each is made, files.
"""

from dataclasses import dataclass
from datetime import date
from random import Random

from ingest.simulator.agreements import make_agreements
from ingest.simulator.billing import Biller
from ingest.simulator.bills import Bills
from ingest.simulator.claims import Claimant
from ingest.simulator.companies import COMPANIES, SHARES
from ingest.simulator.credits import Credits
from ingest.simulator.days import HISTORY_END, HISTORY_START, DeliveryPlan
from ingest.simulator.dunning import Dunning
from ingest.simulator.factoring import Factoring
from ingest.simulator.fates import DocumentChanger, assign_fates
from ingest.simulator.habits import NEVER
from ingest.simulator.masters import make_customers
from ingest.simulator.model import Claim, Company, Customer, Entry, Invoice, World
from ingest.simulator.numbering import number_entries
from ingest.simulator.paying import Payer
from ingest.simulator.rates import Rates
from ingest.simulator.settlement import Settlement

_MONTHS = (HISTORY_END.year - HISTORY_START.year) * 12 + HISTORY_END.month - HISTORY_START.month + 1


@dataclass(frozen=True, slots=True)
class Sizing:
    """How much one cell holds."""

    customers: int = 400
    invoices: int = 20_000


def build_cell(
    *, cell: int, seed: int, sizing: Sizing, rates: Rates, plan: DeliveryPlan
) -> tuple[World, list[Customer]]:
    """Make everything that happens in one cell, numbered and ready to be booked."""
    world = World()
    customers: list[Customer] = []
    for company in COMPANIES:
        share = SHARES[company.code]
        members = make_customers(
            world,
            company=company,
            count=max(sizing.customers * share // 1000, 8),
            invoices=sizing.invoices * share // 1000,
            months=_MONTHS,
            cell=cell,
            seed=seed,
        )
        _run_company(world, company, members, cell=cell, seed=seed, rates=rates, plan=plan)
        customers += members
    number_entries(world, cell=cell)
    return world, customers


def _run_company(
    world: World,
    company: Company,
    customers: list[Customer],
    *,
    cell: int,
    seed: int,
    rates: Rates,
    plan: DeliveryPlan,
) -> None:
    biller = Biller(world, rates)
    changer = DocumentChanger(world, rates, biller)
    settlement = Settlement(world)
    payer = Payer(world, rates, settlement, plan, Bills(world))
    dunning = Dunning(world)
    claimant = Claimant(settlement, dunning, changer, Factoring(world, settlement, cell))
    credits = Credits(world, changer, biller, settlement, payer)

    streams = {customer.number: Random(f"{seed}|{cell}|{customer.number}") for customer in customers}
    billed: dict[str, list[Invoice]] = {}
    for customer in customers:
        rng = streams[customer.number]
        contract: Entry | None = make_agreements(world, customer, rng=rng)
        billed[customer.number] = biller.bill(customer, contract=contract, rng=rng)
    company_rng = Random(f"{seed}|{cell}|{company.code}|fates")
    assign_fates([invoice for invoices in billed.values() for invoice in invoices], rng=company_rng)
    for invoice in credits.oddities(customers, rng=company_rng):
        billed[invoice.customer.number].append(invoice)
    for customer in customers:
        rng = streams[customer.number]
        invoices = billed[customer.number]
        reissued = [changer.apply(invoice, others=customers, rng=rng) for invoice in invoices]
        invoices += [invoice for invoice in reissued if invoice is not None]
        credits.credit_invoices(invoices, rng=rng)
        claims = [claimant.claims(invoice, rng=rng) for invoice in invoices]
        payer.pay(customer, [claim for each in claims for claim in each], rng=rng)
        world.invoices += invoices
        for invoice, meant in zip(invoices, claims, strict=True):
            if invoice.fate not in ("cancelled", "voided_undated", "deleted"):
                dunning.chase(invoice, until=_asked_until(invoice, meant), rng=rng)


def _asked_until(invoice: Invoice, claims: list[Claim]) -> date:
    """Day from which nobody asks for the normal parts of an invoice any more."""
    retained = {part.number for part in invoice.parts if part.is_retention}
    paid_on = [claim.pay_on for claim in claims if claim.meant_part not in retained]
    return invoice.left_on or max(paid_on, default=NEVER)
