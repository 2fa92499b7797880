"""Run of the bulk simulator: from seed and number of documents to files.

Belongs here: cutting companies into chunks, the order of the makers, masters, summary. Does not: events, printing.
"""

from collections.abc import Iterator
from pathlib import Path
from random import Random

import numpy as np
import polars as pl

from ingest.contract import load_contract
from ingest.simulator.bank import Statements
from ingest.simulator.book import Row
from ingest.simulator.bulk.bank import BANK_SOURCE, add_to_statements, bank_frame
from ingest.simulator.bulk.billing import CREDIT_NOTE, make_documents, make_instalments
from ingest.simulator.bulk.book import CompanyBook, make_book
from ingest.simulator.bulk.calendar import BANK_START, bulk_plan, date_of, make_calendar
from ingest.simulator.bulk.claims import make_claims
from ingest.simulator.bulk.columns import NONE, Columns, Flags, Ints, generator, length
from ingest.simulator.bulk.corrections import correct_documents, correct_receipts, undo_allocations
from ingest.simulator.bulk.customers import CHARACTERS, make_customers
from ingest.simulator.bulk.files import BulkWriter
from ingest.simulator.bulk.frames import (
    allocation_frame,
    document_frame,
    instalment_frame,
    make_ids,
    receipt_frame,
)
from ingest.simulator.bulk.ledger import Journal, post_allocations, post_documents, post_receipts
from ingest.simulator.bulk.paying import RECEIPT, make_settlements
from ingest.simulator.companies import COMPANIES, GROUP, SHARES
from ingest.simulator.configuration import write_configuration
from ingest.simulator.days import HISTORY_END
from ingest.simulator.deliveries import DeliveryWriter, write_csv
from ingest.simulator.model import Company
from ingest.simulator.money import print_minor
from ingest.simulator.rates import Rates, make_rates
from ingest.simulator.summary import SimulationSummary
from ingest.simulator.truth import write_payer_truth

DEFAULT_DOCUMENTS = 10_000_000
# Documents of one chunk: some 500 MB while its columns and frames are alive.
CHUNK_DOCUMENTS = 250_000
# A full dump of millions of rows per delivery would fill the disk before it shows anything new.
_ERP_MODES = {"erp_cn": "delta", "erp_eu": "delta"}


def simulate_bulk(
    out: Path, *, documents: int, seed: int, chunk_documents: int = CHUNK_DOCUMENTS
) -> SimulationSummary:
    """Write extracts, configuration and truth of the demo group with so many documents below `out`.

    There must be no `in` yet. The same seed, number and chunk size give the same bytes.
    """
    run = _Run(out, seed=seed)
    for company in COMPANIES:
        share = documents * SHARES[company.code] // 1000
        if company is COMPANIES[-1]:
            share = documents - run.counts["document"]
        run.write_company(company, documents=share, chunk_documents=chunk_documents)
    run.finish()
    write_configuration(out, erp_modes=_ERP_MODES)
    return SimulationSummary(
        out=out,
        configuration=out / "arrears.yml",
        deliveries=len(run.plan.days),
        customers=run.customers,
        row_counts=dict(sorted(run.all_rows().items())),
        feature_counts=dict(sorted(run.features.items())),
    )


class _Run:
    """State that outlives a chunk: writers, counters, sums of statements."""

    def __init__(self, out: Path, *, seed: int) -> None:
        contract = load_contract()
        self.seed = seed
        self.truth = out / "truth"
        self.plan = bulk_plan()
        self.calendar = make_calendar(self.plan)
        self.rates: Rates = make_rates(Random(f"{seed}|rates"))
        self.writer = BulkWriter(out, self.plan, contract)
        self.masters = DeliveryWriter(out, self.plan, contract)
        self.counts = {"document": 0, "receipt": 0, "allocation": 0}
        self.chunks = 0
        self.customers = 0
        self.features: dict[str, int] = {}
        self.statements = Statements(since=BANK_START)
        self.bank_truth: list[pl.DataFrame] = []

    def write_company(self, company: Company, *, documents: int, chunk_documents: int) -> None:
        """Everything of one company, chunk by chunk."""
        customers = make_customers(company, documents=documents, seed=self.seed)
        book = make_book(company, customers, rates=self.rates, calendar=self.calendar)
        journal = Journal(self.calendar)
        for owners in _chunks(customers.columns["documents"], chunk_documents):
            self._write_chunk(book, journal, owners)
        assert journal.is_balanced(), "debits and credits differ"
        self._write_masters(book, journal)
        self.customers += len(customers.numbers)

    def _write_chunk(self, book: CompanyBook, journal: Journal, owners: Ints) -> None:
        self.chunks += 1
        rng = generator(self.seed, "chunk", self.chunks)
        documents = make_documents(book, owners, rng=rng)
        instalments = make_instalments(documents)
        claims = make_claims(book, documents, instalments, rng=rng)
        receipts, purposes, allocations = make_settlements(book, documents, claims, rng=rng)
        allocations = undo_allocations(book, allocations, documents=len(owners), rng=rng)
        correct_receipts(book, receipts)
        correct_documents(book, documents, allocations, rng=rng)
        post_documents(journal, documents)
        post_receipts(journal, receipts)
        post_allocations(journal, documents, receipts, allocations)

        ids = make_ids(book, documents, receipts, allocations, first=self.counts)
        source = book.company.source
        self.writer.write(source, "document", document_frame(book, documents, ids), part=self.chunks)
        parts = instalment_frame(book, documents, instalments, ids)
        self.writer.write(source, "instalment", parts, part=self.chunks)
        self.writer.write(source, "receipt", receipt_frame(book, receipts, ids), part=self.chunks)
        self.writer.write(source, "allocation", allocation_frame(book, allocations, ids), part=self.chunks)
        lines = bank_frame(book, receipts, purposes, ids, part=self.chunks, rng=rng)
        self.writer.write(BANK_SOURCE, "bank_transaction", lines, part=self.chunks, has_deletes=False)
        add_to_statements(self.statements, lines)
        self.bank_truth.append(lines.select(_BANK_TRUTH))
        for name, table in (("document", documents), ("receipt", receipts), ("allocation", allocations)):
            self.counts[name] += length(table)
        self._count_features(documents, receipts, allocations)

    def _count_features(self, documents: Columns, receipts: Columns, allocations: Columns) -> None:
        found = {
            "document": length(documents),
            "foreign_currency": int(documents["is_foreign"].sum()),
            "instalments": int((documents["parts"] > 0).sum()),
            "several_versions": int(_has_versions(documents).sum()),
            "cancelled": int(documents["is_void"].sum()),
            "deleted": int((documents["deleted_delivery"] != NONE).sum()),
            "allocation": length(allocations),
            "reversal": int((allocations["reverses"] != NONE).sum()),
            "vanished": int((allocations["deleted_delivery"] != NONE).sum()),
            "open": int(_is_open(documents, receipts, allocations).sum()),
            "bounced": int((receipts["bounced_on"] != NONE).sum()),
        }
        for name, count in found.items():
            self.features[name] = self.features.get(name, 0) + count

    def _write_masters(self, book: CompanyBook, journal: Journal) -> None:
        company, deliveries = book.company, range(len(self.plan.days))
        write = self.masters.write_rows
        row: Row = {
            "company_code": company.code,
            "name": company.name,
            "functional_currency": company.functional,
            "time_zone": company.time_zone,
            "country": company.country,
            "intercompany_group": GROUP,
        }
        nothing: list[list[Row]] = [[] for _ in deliveries[1:]]
        write(company.source, "company", [[row], *nothing], is_full=False, has_deletes=True)
        customers: list[list[Row]] = [[] for _ in deliveries]
        for known_on, version in book.customers.versions:
            if known_on <= HISTORY_END:
                customers[self.plan.index_of(known_on)].append(version)
        customers = [list({str(row["customer_id"]): row for row in rows}.values()) for rows in customers]
        write(company.source, "customer", customers, is_full=False, has_deletes=True)
        rates: list[list[Row]] = [[] for _ in deliveries]
        for known_on, rate in self.rates.rows(company.code):
            rates[self.plan.index_of(known_on)].append(dict(rate))
        write(company.source, "fx_rate", rates, is_full=False, has_deletes=True)
        balances = [_balance_rows(company, journal, delivery) for delivery in deliveries]
        write(company.source, "gl_balance", balances, is_full=False, has_deletes=True)
        self._write_company_truth(book, journal)

    def _write_company_truth(self, book: CompanyBook, journal: Journal) -> None:
        columns, company = book.customers.columns, book.company
        payers = zip(book.customers.numbers, columns["character"], columns["turns_on"], strict=True)
        write_payer_truth(
            self.truth,
            (
                (company.code, number, CHARACTERS[character], date_of(turns_on))
                for number, character, turns_on in payers
            ),
        )
        write_csv(
            self.truth / "gl_journal.csv",
            ("company_code", "booked_on", "posting_date", "account", "amount"),
            (
                (company.code, self.plan.days[delivery], date_of(day), account, print_minor(amount))
                for account, delivery, day, amount in journal.lines(company)
            ),
        )

    def finish(self) -> None:
        """Statements of the bank, and the truth of its lines."""
        rows: list[list[Row]] = [[] for _ in self.plan.days]
        for company in COMPANIES:
            for known_on, row in self.statements.rows(company):
                rows[self.plan.index_of(known_on)].append(row)
        self.masters.write_rows(BANK_SOURCE, "bank_statement", rows, is_full=True)
        pl.concat(self.bank_truth).write_parquet(self.truth / "bank_match.parquet")
        write_csv(self.truth / "feature_count.csv", ("feature", "count"), sorted(self.features.items()))

    def all_rows(self) -> dict[str, int]:
        """Rows written by entity."""
        return {**self.writer.row_counts, **self.masters.row_counts}


_BANK_TRUTH = (
    "company_code", "account", "booking_date", "bank_reference", "kind", "receipt_id", "document_ids"
)  # fmt: skip


def _chunks(documents: Ints, size: int) -> Iterator[Ints]:
    """Owners of the documents of each chunk: whole customers, about `size` documents together."""
    chunk_of = (np.cumsum(documents) - documents) // size
    customers = np.arange(len(documents))
    for chunk in np.unique(chunk_of):
        rows = chunk_of == chunk
        owners = np.repeat(customers[rows], documents[rows])
        if len(owners):
            yield owners


def _has_versions(documents: Columns) -> Flags:
    changed = np.zeros(length(documents), dtype=np.bool_)
    for name in ("fact", "note", "void"):
        changed |= documents[f"{name}_delivery"] > documents["delivery"]
    return changed


def _is_open(documents: Columns, receipts: Columns, allocations: Columns) -> Flags:
    """Debit documents of which something is left at the end of the history."""
    is_cash = allocations["kind"] == RECEIPT
    has_bounced = is_cash & (receipts["bounced_on"][np.where(is_cash, allocations["source"], 0)] != NONE)
    counts = (allocations["deleted_delivery"] == NONE) & ~has_bounced
    sign = np.where(allocations["reverses"] == NONE, 1, -1) * counts
    left = documents["amount"].copy()
    np.subtract.at(left, allocations["target"], sign * allocations["amount"])
    is_debit = (documents["kind"] != CREDIT_NOTE) & (documents["is_void"] == 0)
    is_open: Flags = is_debit & (documents["deleted_delivery"] == NONE) & (left != 0)
    return is_open


def _balance_rows(company: Company, journal: Journal, delivery: int) -> list[Row]:
    return [
        {
            "company_code": company.code,
            "account": company.trade_account,
            "account_role": "trade_control",
            "balance_date": date_of(day),
            "currency": company.functional,
            "balance": balance,
        }
        for day, balance in journal.balances(delivery)
    ]
