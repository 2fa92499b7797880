"""How fast files land, beside the plainest way to read them: DuckDB's CSV to Parquet, and lxml over the XML.

Belongs here: a large CSV and a large camt.053, each landed and each read plainly, in processes of their own and one
run. Must not: refreshes (measure.py).

    python -m tests.benchmark.sources --documents 2000000 --entries 200000
"""

import argparse
import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import yaml

REPOSITORY = Path(__file__).resolve().parents[2]
DAY = "2026-03-31"

_LAND = """
import json, sys, time
from pathlib import Path
from ingest.landing import land_sources
from ingest.settings import load_settings
settings = load_settings(Path(sys.argv[1]))
# seconds of import, paid once a refresh
import great_expectations.core, great_expectations.data_context, great_expectations.expectations
started, busy = time.monotonic(), time.process_time()
report = land_sources(settings)
assert not report.refused, report.refused
rows = sum(load.rows_landed for load in report.loads)
print(json.dumps([time.monotonic() - started, time.process_time() - busy, rows]))
"""
_READ_CSV = """
import json, sys, time
import duckdb
started, busy = time.monotonic(), time.process_time()
duckdb.sql("set threads to 2")
duckdb.sql(f"copy (select * from read_csv('{sys.argv[1]}')) to '{sys.argv[1]}.parquet' (compression zstd)")
rows = duckdb.sql(f"select count(*) from '{sys.argv[1]}.parquet'").fetchall()[0][0]
print(json.dumps([time.monotonic() - started, time.process_time() - busy, rows]))
"""
_READ_XML = """
import json, sys, time
from lxml import etree
started, busy = time.monotonic(), time.process_time()
rows = 0
for _, element in etree.iterparse(sys.argv[1], events=("end",)):
    if element.tag.endswith("}Ntry"):
        rows += 1
        element.clear()
        while element.getprevious() is not None:
            del element.getparent()[0]
print(json.dumps([time.monotonic() - started, time.process_time() - busy, rows]))
"""


@dataclass(frozen=True)
class Taken:
    """Wall seconds, CPU seconds and rows of one way to read a file."""

    seconds: float
    cpu_seconds: float
    rows: int


def write_documents(path: Path, *, count: int) -> None:
    """A CSV of invoices in the shape of the contract."""
    number = pl.int_range(count, eager=True)
    day = pl.date(2025, 1, 1) + pl.duration(days=pl.col("n") % 400)
    frame = pl.DataFrame({"n": number}).select(
        company_code=pl.lit("CN01"),
        document_id=pl.format("AR{}", pl.col("n") + 10_000_000),
        document_type=pl.lit("invoice"),
        customer_id=pl.format("K{}", pl.col("n") % 9_973),
        document_date=day.dt.to_string("%Y-%m-%d"),
        posting_date=day.dt.to_string("%Y-%m-%d"),
        due_date=(day + pl.duration(days=30)).dt.to_string("%Y-%m-%d"),
        payment_terms=pl.lit("NET30"),
        currency=pl.lit("CNY"),
        amount=pl.format("{}.{}", (pl.col("n") * 7919) % 90_000 + 1_000, (pl.col("n") * 31) % 90 + 10),
        reference=pl.format("PO{}", pl.col("n") * 13 % 99_991),
        salesperson=pl.format("S{}", pl.col("n") % 97),
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    frame.write_csv(path)


def write_statement(path: Path, *, count: int) -> None:
    """A camt.053 of one account with a statement for every thousand entries, whose balances are right."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as file:
        file.write('<?xml version="1.0" encoding="UTF-8"?>\n')
        file.write('<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>\n')
        cents = 0
        for first in range(0, count, 1_000):
            entries = range(first, min(first + 1_000, count))
            total = sum(1_000 + number % 5_000 for number in entries)
            file.write(f"<Stmt><Id>S{first}</Id><ElctrncSeqNb>{first // 1_000 + 1}</ElctrncSeqNb>")
            file.write("<Acct><Id><IBAN>DE02120300000000202051</IBAN></Id><Ccy>EUR</Ccy></Acct>")
            file.write(_balance("OPBD", cents))
            cents += total
            file.write(_balance("CLBD", cents))
            file.writelines(_entry(number) for number in entries)
            file.write("</Stmt>\n")
        file.write("</BkToCstmrStmt></Document>\n")


def _money(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"


def _balance(code: str, cents: int) -> str:
    return (
        f'<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">{_money(cents)}</Amt>'
        f"<CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>{DAY}</Dt></Dt></Bal>\n"
    )


def _entry(number: int) -> str:
    amount = _money(1_000 + number % 5_000)
    return (
        f'<Ntry><NtryRef>{number}</NtryRef><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd>'
        f"<Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>{DAY}</Dt></BookgDt><ValDt><Dt>{DAY}</Dt></ValDt><AcctSvcrRef>B{number:012d}</AcctSvcrRef>"
        "<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd>"
        "<NtryDtls><TxDtls>"
        f'<Refs><EndToEndId>E{number}</EndToEndId></Refs><Amt Ccy="EUR">{amount}</Amt><RltdPties><Dbtr><Pty>'
        f"<Nm>Customer {number % 9_973} GmbH</Nm></Pty></Dbtr>"
        f"<DbtrAcct><Id><IBAN>DE{number % 9_973:020d}</IBAN></Id></DbtrAcct>"
        f"</RltdPties><RmtInf><Ustrd>Invoice INV-{number:08d} of March</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>\n"
    )


def _taken(script: str, argument: Path) -> Taken:
    done = subprocess.run(
        [sys.executable, "-c", script, str(argument)],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"{done.stdout[-2000:]}\n{done.stderr[-4000:]}")
    return Taken(*json.loads(done.stdout.strip().splitlines()[-1]))


def _land(folder: Path, *, profile: str) -> Taken:
    source = {
        "name": profile,
        "profile": profile,
        "path": "in/{extracted_at:%Y-%m-%d}/",
        "constants": {"company_code": "CN01"},
    }
    config = folder / "arrears.yml"
    config.write_text(yaml.safe_dump({"reporting_currency": "CNY", "sources": [source]}), encoding="utf-8")
    return _taken(_LAND, config)


def main() -> None:
    """Print what each way took, and landing as a multiple of the plain one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=2_000_000)
    parser.add_argument("--entries", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=3, help="the quickest of so many is printed")
    parser.add_argument("--folder", type=Path, help="where files are made (default: the system's)")
    options = parser.parse_args()
    print("| file | MB | rows | read plainly s / CPU s | MB/s | landed s / CPU s | MB/s | landed / plain |")
    print("|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory(prefix="arrears-sources-", dir=options.folder) as name:
        csv_file, xml_file = Path(name) / "document.csv", Path(name) / "statement.xml"
        write_documents(csv_file, count=options.documents)
        write_statement(xml_file, count=options.entries)
        for file, script, profile, told in (
            (csv_file, _READ_CSV, "generic", "CSV; DuckDB read_csv to Parquet"),
            (xml_file, _READ_XML, "camt", "camt.053; lxml iterparse"),
        ):
            plain = landed = None
            for round_number in range(options.rounds):
                once = _taken(script, file)
                folder = Path(name) / f"{profile}-{round_number}"
                target = folder / "in" / DAY / file.name
                target.parent.mkdir(parents=True)
                target.hardlink_to(file)
                again = _land(folder, profile=profile)
                plain = once if plain is None or once.seconds < plain.seconds else plain
                landed = again if landed is None or again.seconds < landed.seconds else landed
            assert plain is not None and landed is not None
            size = file.stat().st_size / 1e6
            print(
                f"| {told} | {size:.0f} | {landed.rows:,} | {plain.seconds:.1f} / {plain.cpu_seconds:.1f} |"
                f" {size / plain.seconds:.0f} | {landed.seconds:.1f} / {landed.cpu_seconds:.1f} |"
                f" {size / landed.seconds:.0f} | {landed.seconds / plain.seconds:.2f} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
