"""Run: the simulation from seed to files.

Belongs here: scales, the loop over cells, the summary. Does not: events, printing.
"""

import shutil
from pathlib import Path
from random import Random

from ingest.contract import load_contract
from ingest.simulator.bank import Statements, bank_lines, statement_id
from ingest.simulator.book import Row, Table, make_book
from ingest.simulator.bulk import DEFAULT_DOCUMENTS, simulate_bulk
from ingest.simulator.bureau import BUREAU_SOURCE, make_bureau
from ingest.simulator.cell import Sizing, build_cell
from ingest.simulator.companies import COMPANIES
from ingest.simulator.configuration import write_configuration
from ingest.simulator.days import HISTORY_END, delivery_plan
from ingest.simulator.defaults import find_defaults
from ingest.simulator.deliveries import DeliveryWriter
from ingest.simulator.dialects import DIALECTS, translate
from ingest.simulator.journal import Balances, cash_lines, journal_lines
from ingest.simulator.ledger import Ledger
from ingest.simulator.mishaps import add_mishaps
from ingest.simulator.model import Company, World
from ingest.simulator.rates import make_rates
from ingest.simulator.redelivery import redeliver
from ingest.simulator.revaluation import revalue
from ingest.simulator.summary import SimulationSummary
from ingest.simulator.targets import Budget
from ingest.simulator.truth import (
    write_bank_truth,
    write_feature_truth,
    write_journal_truth,
    write_payer_truth,
)
from ingest.simulator.truth_of_events import write_default_truth, write_event_truth

# Number of cells of 400 customers and 20,000 invoices; large is made in bulk, without cells.
SCALES = {"small": 1, "medium": 10, "large": 0}
FEWEST_DOCUMENTS = 1_000
GENERIC = "generic"
_ERP_MODES = {"erp_cn": "full", "erp_eu": "delta"}


class SimulationError(ValueError):
    """The simulation cannot run as asked; the message says what to change."""


def simulate(
    out: Path,
    *,
    scale: str = "small",
    seed: int = 1,
    dialect: str = "generic",
    sizing: Sizing | None = None,
    documents: int | None = None,
    mishaps: bool = False,
    redelivers: bool = True,
) -> SimulationSummary:
    """Write extracts, configuration and truth of the demo group below `out`.

    Args:
        out: folder; `in`, `later`, `held_back`, `truth` and `arrears.yml` in it are replaced, anything else is left
            alone.
        scale: small (20,000 invoices), medium (ten times) or large (10 million documents, made in bulk; every ERP
            then delivers deltas).
        seed: the same seed gives the same bytes.
        dialect: generic, or the name of a system whose exports are written instead (dialects/).
        sizing: size of one cell, for small tests.
        documents: number of documents of scale large.
        mishaps: break dumps that must be refused, and prepare later steps (mishaps.py).
        redelivers: send some files twice, split or renamed, as careless exports do (redelivery.py).
    Raises:
        SimulationError: unknown scale or dialect, a number of documents that the scale cannot have, or mishaps at a
            scale that delivers no dumps.
    """
    if scale not in SCALES:
        raise SimulationError(f"There is no scale {scale!r}. Use one of: {', '.join(SCALES)}.")
    if dialect not in (GENERIC, *DIALECTS):
        raise SimulationError(
            f"There is no dialect {dialect!r}. Use one of: {', '.join((GENERIC, *DIALECTS))}."
        )
    if dialect != GENERIC and (scale == "large" or mishaps):
        raise SimulationError(
            "Scale large and mishaps are written in the generic dialect only. Leave the dialect or them out."
        )
    if documents is not None and scale != "large":
        raise SimulationError("The number of documents can be chosen for scale large only. Leave it out.")
    if documents is not None and documents < FEWEST_DOCUMENTS:
        raise SimulationError(f"{documents} documents are too few. Ask for {FEWEST_DOCUMENTS} or more.")
    if mishaps and scale == "large":
        raise SimulationError(
            "At scale large every ERP delivers deltas, so no dump can collapse. Use small or medium."
        )
    _clear(out)
    if scale == "large":
        return simulate_bulk(out, documents=documents or DEFAULT_DOCUMENTS, seed=seed)
    run = _Run(out, seed=seed)
    for cell in range(SCALES[scale]):
        run.write_cell(cell, sizing or Sizing())
    run.write_shared()
    write_configuration(out, erp_modes=_ERP_MODES)
    files: list[str] = []
    if dialect == GENERIC:
        files += [one.kind for one in (redeliver(out) if redelivers else [])]
        files += [one.kind for one in (add_mishaps(out) if mishaps else [])]
    else:
        translate(out, dialect=DIALECTS[dialect])
    for kind in files:
        run.features[kind] = run.features.get(kind, 0) + 1
    return SimulationSummary(
        out=out,
        configuration=out / "arrears.yml",
        deliveries=len(run.writer.plan.days),
        customers=run.customers,
        row_counts=dict(sorted(run.writer.row_counts.items())),
        feature_counts=dict(sorted(run.features.items())),
    )


def _clear(out: Path) -> None:
    for name in ("in", "later", "held_back", "truth"):
        if (out / name).exists():
            shutil.rmtree(out / name)
    out.mkdir(parents=True, exist_ok=True)


class _Run:
    """State that outlives a cell: the writer, balances of accounts, sums of statements."""

    def __init__(self, out: Path, *, seed: int) -> None:
        plan = delivery_plan()
        self.seed = seed
        self.contract = load_contract()
        self.truth = out / "truth"
        self.writer = DeliveryWriter(out, plan, self.contract)
        self.rates = make_rates(Random(f"{seed}|rates"))
        self.balances = Balances(plan)
        self.statements = Statements()
        self.budget = Budget(self.rates)
        self.customers = 0
        self.features: dict[str, int] = {}

    def write_cell(self, cell: int, sizing: Sizing) -> None:
        """Everything of one cell; afterwards only sums of it stay in memory."""
        plan = self.writer.plan
        world, customers = build_cell(cell=cell, seed=self.seed, sizing=sizing, rates=self.rates, plan=plan)
        book = make_book(world, contract=self.contract)
        bureau = make_bureau(customers, rng=Random(f"{self.seed}|{cell}|bureau"))
        self._write_bureau(bureau)
        for company in COMPANIES:
            tables = book[company.code]
            revalue(world, tables, company=company, rates=self.rates, cell=cell)
            ledger = Ledger(tables, functional=company.functional, rates=self.rates)
            lines = [*journal_lines(ledger, company), *cash_lines(world, company)]
            for line in lines:
                self.balances.add(line)
            write_journal_truth(self.truth, lines)
            events = [e for e in bureau.entries.get("credit_event", []) if e.company == company.code]
            defaults = find_defaults(world, tables, company=company, rates=self.rates, events=events)
            write_default_truth(self.truth, defaults)
            for entity, table in sorted(tables.items()):
                is_full = _ERP_MODES[company.source] == "full"
                self.writer.write_table(company.source, entity, table, is_full=is_full)
        self._write_bank_lines(world, cell)
        write_payer_truth(
            self.truth, ((c.company.code, c.number, c.character, c.turns_on) for c in customers)
        )
        write_event_truth(self.truth, world)
        self.customers += len(customers)
        for part in (world, bureau):
            for feature, count in write_feature_truth(self.truth, part).items():
                self.features[feature] = self.features.get(feature, 0) + count

    def _write_bureau(self, bureau: World) -> None:
        """The agency's dump; rows of both companies are in one file."""
        for entity in ("credit_event", "financial_statement"):
            table: Table = {}
            for tables in make_book(bureau, contract=self.contract).values():
                table |= tables.get(entity, {})
            self.writer.write_table(BUREAU_SOURCE, entity, table, is_full=True)

    def _write_bank_lines(self, world: World, cell: int) -> None:
        plan = self.writer.plan
        lines = bank_lines(world, COMPANIES, cell=cell, rng=Random(f"{self.seed}|{cell}|bank"))
        by_delivery: list[list[Row]] = [[] for _ in plan.days]
        owners = {account: company for company in COMPANIES for account in company.bank_accounts.values()}
        for line in lines:
            line.row["statement_id"] = statement_id(str(line.row["account"]), line.booking_date)
            self.statements.add(str(line.row["account"]), line.booking_date, line.amount)
            if line.amount > 0:
                self.budget.add(
                    owners[str(line.row["account"])],
                    currency=str(line.row["currency"]),
                    day=line.booking_date,
                    amount=line.amount,
                )
            by_delivery[plan.index_of(line.booking_date)].append(line.row)
        self.writer.write_rows("bank", "bank_transaction", by_delivery, is_full=True)
        write_bank_truth(self.truth, lines)

    def write_shared(self) -> None:
        """What belongs to no cell: rates, balances of the general ledger, targets, statements."""
        plan = self.writer.plan
        statements: list[list[Row]] = [[] for _ in plan.days]
        for company in COMPANIES:
            is_full = _ERP_MODES[company.source] == "full"
            rates: list[list[Row]] = [[] for _ in plan.days]
            for known_on, rate in self.rates.rows(company.code):
                rates[plan.index_of(known_on)].append(dict(rate))
            if is_full:
                rates = [
                    [row for part in rates[: index + 1] for row in part] for index in range(len(plan.days))
                ]
            self.writer.write_rows(company.source, "fx_rate", rates, is_full=is_full, has_deletes=not is_full)
            balances = [self.balances.rows(company, index) for index in range(len(plan.days))]
            self.writer.write_rows(
                company.source, "gl_balance", balances, is_full=is_full, has_deletes=not is_full
            )
            self._write_targets(company, is_full=is_full)
            for known_on, row in self.statements.rows(company):
                if known_on <= HISTORY_END:
                    statements[plan.index_of(known_on)].append(row)
        self.writer.write_rows("bank", "bank_statement", statements, is_full=True)

    def _write_targets(self, company: Company, *, is_full: bool) -> None:
        plan = self.writer.plan
        by_delivery: list[list[Row]] = [[] for _ in plan.days]
        for known_on, row in self.budget.rows(company, is_head=company is COMPANIES[0]):
            first = plan.index_of(known_on)
            for index in range(first, len(plan.days)) if is_full else (first,):
                by_delivery[index].append(row)
        self.writer.write_rows(
            company.source, "target", by_delivery, is_full=is_full, has_deletes=not is_full
        )
