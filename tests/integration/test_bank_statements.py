"""Bank statements in the banks' own formats, from the file to the published proof.

Belongs here: sources of formats mt940 and camt in one home, several deliveries. Must not: rules of a format
(tests/ingest/formats/statements), matching of lines to items.
"""

from collections.abc import Iterator

import pytest

from ingest.landing.manifest import Manifest
from ingest.settings import load_settings
from tests.kit import D, Warehouse, ledger
from tests.kit.installation import dated_source, write_files, write_settings

ACCOUNT = "50880050/0194774600888"


def _mt940(number: int, *, opening: str, closing: str, days: tuple[str, str], lines: tuple[str, ...]) -> str:
    body = "".join(f":61:{line}\n" for line in lines)
    return (
        f":20:REF\n:25:{ACCOUNT}\n:28C:{number:05d}/001\n:60F:C{days[0]}EUR{opening}\n{body}"
        f":62F:C{days[1]}EUR{closing}\n-\n"
    )


TWINS = ("2603310331C10,00NTRFINV-1//B1", "2603310331C10,00NTRFINV-1//B1")
FIRST = _mt940(1, opening="100,00", closing="120,00", days=("260330", "260331"), lines=TWINS)
SECOND = _mt940(
    2, opening="120,00", closing="90,00", days=("260331", "260401"), lines=("2604010401D30,00NCHGNONREF//B2",)
)
# the second once more, in a report over two days
OVERLAP = _mt940(
    3,
    opening="100,00",
    closing="90,00",
    days=("260330", "260401"),
    lines=(*TWINS, "2604010401D30,00NCHGNONREF//B2"),
)
AFTER_A_GAP = _mt940(
    5, opening="95,00", closing="96,50", days=("260402", "260403"), lines=("2604030403C1,00NTRFNONREF//B5",)
)

CAMT = """<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><Stmt><Id>S</Id>
<Acct><Id><Othr><Id>6222 0001</Id></Othr></Id><Ccy>CNY</Ccy></Acct>
<Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="CNY">1.00</Amt><CdtDbtInd>CRDT</CdtDbtInd>
<Dt><Dt>2026-04-01</Dt></Dt></Bal>
<Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="CNY">4.00</Amt><CdtDbtInd>CRDT</CdtDbtInd>
<Dt><Dt>2026-04-01</Dt></Dt></Bal>
<Ntry><Amt Ccy="CNY">3.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>2026-04-01</Dt></BookgDt>
<NtryDtls><TxDtls><RltdPties><Dbtr><Pty><Nm>华东建设集团</Nm></Pty></Dbtr></RltdPties><RmtInf><Ustrd>货款</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>
</Stmt></BkToCstmrStmt></Document>"""


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    folder = tmp_path_factory.mktemp("bank")

    write_files(
        folder / "in",
        {
            "erp/2026-04-03/document.csv": (
                "document_id,document_type,customer_id,document_date,due_date,currency,amount\n"
                "INV-1,invoice,K1,2026-03-01,2026-03-31,EUR,20.00\n"
            ),
            "mt940/2026-03-31/statement.sta": FIRST,
            "mt940/2026-04-01/statement.sta": SECOND,
            "mt940/2026-04-01/the_first_again.txt": FIRST,
            "mt940/2026-04-02/overlap.sta": OVERLAP,
            "mt940/2026-04-03/STMT": AFTER_A_GAP,
            "mt940/2026-04-03/cut": FIRST.replace(ACCOUNT, "CUT").partition(":62F:")[0],
            "camt/2026-04-01/x.xml": CAMT,
            "camt/2026-04-02/cut.xml": CAMT[:-200],
        },
    )
    constants = {"company_code": "C1"}
    path = write_settings(
        folder,
        companies=["C1"],
        currency="EUR",
        sources=[
            dated_source("erp", constants=constants),
            *(
                dated_source(profile, profile=profile, required=False, constants=constants)
                for profile in ("mt940", "camt")
            ),
        ],
    )
    warehouse = ledger(path)
    yield warehouse
    warehouse.close()


def test_t37_twins_load_once_each_and_a_repeated_line_adds_nothing(bank: Warehouse) -> None:
    lines = bank.query(
        "select booking_date, amount_document, bank_reference, occurrence_no from marts.fct_bank_transaction"
        " where account = $1 order by all",
        [ACCOUNT],
    )
    assert [
        (str(x["booking_date"]), x["amount_document"], x["bank_reference"], x["occurrence_no"]) for x in lines
    ] == [
        ("2026-03-31", D("10.00"), "B1", 1),
        ("2026-03-31", D("10.00"), "B1", 2),
        ("2026-04-01", D("-30.00"), "B2", 1),
        ("2026-04-03", D("1.00"), "B5", 1),
    ]


def test_every_statement_is_proved_or_shown_with_its_difference(bank: Warehouse) -> None:
    rows = bank.query(
        "select statement_id, line_count, proof, difference_document, continuity, gap_document"
        " from marts.mart_bank_statement where account = $1 order by closing_date, opening_date desc",
        [ACCOUNT],
    )
    assert [tuple(row.values()) for row in rows] == [
        ("2026-03-31-00001-001", 2, "proved", D("0.00"), "first", None),
        ("2026-04-01-00002-001", 1, "proved", D("0.00"), "continues", D("0.00")),
        ("2026-04-01-00003-001", 3, "proved", D("0.00"), "overlaps", D("10.00")),
        ("2026-04-03-00005-001", 1, "not_proved", D("0.50"), "gap", D("5.00")),
    ]


def test_what_does_not_add_up_is_a_finding_and_not_a_stop(bank: Warehouse) -> None:
    assert [
        (row["detail"], row["amount_document"]) for row in bank.findings("statement_not_proved", company="C1")
    ] == [
        ("opening balance and lines do not give the closing balance", D("0.50")),
        ("it has no closing balance: was the file cut off?", None),
    ]
    assert [row["detail"] for row in bank.findings("statement_gap", company="C1")] == [
        "its period overlaps that of 2026-04-01-00002-001",
        "a statement is missing after 2026-04-01-00003-001",
    ]


def test_a_line_names_its_payer_and_its_place_in_the_file(bank: Warehouse) -> None:
    (line,) = bank.query("select * from marts.fct_bank_transaction where account = '6222 0001'")
    assert (line["counterparty_name"], line["remittance_text"], line["currency"]) == (
        "华东建设集团",
        "货款",
        "CNY",
    )
    assert (line["_file"], line["_row"]) == ("in/camt/2026-04-01/x.xml", 1)


def test_a_statement_that_was_cut_off_is_refused_whole_with_the_fix(bank: Warehouse) -> None:
    with Manifest(load_settings(bank.config).home.manifest) as manifest:
        refusals = [refusal for refusal, _ in manifest.open_refusals()]
    assert {(refusal.entity, refusal.reason_code) for refusal in refusals} == {
        ("bank_statement", "unreadable_file"),
        ("bank_transaction", "unreadable_file"),
    }
    assert "fetch the file from the bank again" in refusals[0].fix
