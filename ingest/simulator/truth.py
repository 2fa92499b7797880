"""Truth: what the extracts do not say, for checking what the warehouse finds out.

Belongs here: files below `<out>/truth` and the counts of features. Does not: extracts.
"""

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from ingest.simulator.bank import BankLine
from ingest.simulator.days import HISTORY_END
from ingest.simulator.deliveries import write_csv
from ingest.simulator.journal import JournalLine
from ingest.simulator.model import World
from ingest.simulator.money import print_minor
from ingest.simulator.remittance import document_numbers


def write_bank_truth(folder: Path, lines: list[BankLine]) -> None:
    """Which bank line is which receipt, which invoices it pays and with how much, and how it is worded."""
    write_csv(
        folder / "bank_match.csv",
        (
            "company_code",
            "account",
            "booking_date",
            "bank_reference",
            "kind",
            "receipt_id",
            "document_ids",
            "text_kind",
            "payer_kind",
        ),
        (
            (
                *_line_key(line),
                line.kind,
                line.receipt,
                " ".join(document_numbers(line.claims)),
                line.text_kind,
                line.payer_kind,
            )
            for line in lines
        ),
    )
    write_csv(
        folder / "bank_allocation.csv",
        (
            "company_code",
            "account",
            "booking_date",
            "bank_reference",
            "receipt_id",
            "document_id",
            "instalment_no",
            "currency",
            "amount",
            "discount",
            "bank_charge",
        ),
        (
            (
                *_line_key(line),
                line.receipt,
                claim.invoice.entry.number,
                claim.meant_part,
                claim.invoice.currency,
                print_minor(claim.amount - claim.discount - claim.charge),
                print_minor(claim.discount),
                print_minor(claim.charge),
            )
            for line in lines
            if line.kind != "return"
            for claim in line.claims
        ),
    )


def _line_key(line: BankLine) -> tuple[str, str, date, str]:
    row = line.row
    return str(row["company_code"]), str(row["account"]), line.booking_date, str(row["bank_reference"])


def write_payer_truth(folder: Path, payers: Iterable[tuple[str, str, str, date]]) -> None:
    """How every customer pays, and the day a failing or deteriorating one turned.

    Args:
        payers: company, number, character and the day on which the customer would turn.
    """
    write_csv(
        folder / "payer.csv",
        ("company_code", "customer_id", "character", "turned_on"),
        (
            (company, number, character, turns_on if character in ("deteriorating", "failing") else None)
            for company, number, character, turns_on in payers
        ),
    )


def write_journal_truth(folder: Path, lines: list[JournalLine]) -> None:
    """The general ledger journal, with the day on which every line was booked."""
    write_csv(
        folder / "gl_journal.csv",
        ("company_code", "booked_on", "posting_date", "voucher", "account", "amount"),
        (
            (
                line.company,
                line.booked_on,
                line.posting_date,
                line.voucher,
                line.account,
                print_minor(line.amount),
            )
            for line in lines
        ),
    )


def write_feature_truth(folder: Path, world: World) -> dict[str, int]:
    """Which row shows which feature; hands back the count of each."""
    known = sorted(
        (feature, known_on, entry.entity, entry.company, entry.number)
        for feature, entry, known_on in world.features
        if known_on <= HISTORY_END and entry.booked_on <= HISTORY_END
    )
    write_csv(
        folder / "feature.csv",
        ("feature", "company_code", "entity", "id", "known_on"),
        (
            (feature, company, entity, number, known_on)
            for feature, known_on, entity, company, number in known
        ),
    )
    counts: dict[str, int] = {}
    for feature, *_ in known:
        counts[feature] = counts.get(feature, 0) + 1
    return counts
