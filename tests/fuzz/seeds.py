"""One small sound file per format, with every part that its reader looks at.

Belongs here: the seeds. Must not: damage.
"""

import io

import polars as pl
import xlsxwriter

MT940 = """{1:F01BANKDEFFA1230000000000}{2:O940BANKDEFF123N}{4:
:20:REF
:25:50880050/0194774600888
:28C:00012/001
:60F:C260330EUR1000,00
:61:2603310331C25,50NTRFINV-7//0724710345313905
extra 1
:86:166?00GUTSCHRIFT?100399?20EREF+INV 0042?21SVWZ+Rechnung 42 vom 1?22.3.2026?31DE145088005001?32KARL?33 KAUFMANN
:61:2602300301RC6,00N024NONREF
:86:/TRTP/SEPA/IBAN/FR12345678901234/NAME/QASD/REMI/factuur 7/EREF/NOTPROVIDED
:62M:C260331EUR1019,50
-}
:20:REF
:25:50880050/0194774600888
:28C:00012/002
:34F:EUR0,
:13D:2603311815+0100
:60M:C260331EUR1019,50
:61:260401    DR1,NMSCNONREF
:62F:C260401EUR1018,50
:64:C260401EUR1018,50
-
"""

CAMT = """<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><Stmt><Id>S1</Id>
<ElctrncSeqNb>7</ElctrncSeqNb><CreDtTm>2026-04-01T06:00:00</CreDtTm><FrToDt><ToDtTm>2026-03-31T00:00:00</ToDtTm></FrToDt>
<Acct><Id><Othr><Id>6222 0001</Id></Othr></Id><Ccy>EUR</Ccy></Acct>
<Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">1.00</Amt><CdtDbtInd>CRDT</CdtDbtInd>
<Dt><Dt>2026-03-30</Dt></Dt></Bal>
<Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">31.00</Amt><CdtDbtInd>CRDT</CdtDbtInd>
<Dt><DtTm>2026-03-31T23:00:00</DtTm></Dt></Bal>
<Ntry><NtryRef>N1</NtryRef><Amt Ccy="EUR">30.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><RvslInd>true</RvslInd>
<Sts><Cd>BOOK</Cd></Sts>
<BookgDt><Dt>2026-03-31</Dt></BookgDt><ValDt><Dt>2026-03-31</Dt></ValDt><BkTxCd><Prtry><Cd>A</Cd></Prtry></BkTxCd><NtryDtls>
<TxDtls><Refs><EndToEndId>E1</EndToEndId></Refs><Amt Ccy="EUR">10.00</Amt><RltdPties><Dbtr><Nm>A</Nm></Dbtr></RltdPties>
<RmtInf><Ustrd>INV-1</Ustrd></RmtInf></TxDtls>
<TxDtls><Amt Ccy="EUR">20.00</Amt><RltdPties><Dbtr><Pty><Nm>B</Nm></Pty></Dbtr></RltdPties>
<RmtInf><Strd><CdtrRefInf><Ref>RF18</Ref></CdtrRefInf></Strd></RmtInf></TxDtls></NtryDtls></Ntry>
<Ntry><Amt Ccy="EUR">5.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts>PDNG</Sts></Ntry></Stmt></BkToCstmrStmt></Document>
"""

OFX = """OFXHEADER:100
DATA:OFXSGML
VERSION:102
CHARSET:1252

<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>USD
<BANKACCTFROM><BANKID>000000123<ACCTID>123456<ACCTTYPE>CHECKING</BANKACCTFROM>
<BANKTRANLIST><DTSTART>20260301<DTEND>20260331
<STMTTRN><TRNTYPE>DEBIT<DTPOSTED>20260305120000[-5:EST]<TRNAMT>-80.00<FITID>219378<NAME>Smith &amp; Sons
<MEMO>INV-1</STMTTRN>
<STMTTRN><TRNTYPE>CREDIT<DTPOSTED>20260331<TRNAMT>+1,234.5<FITID>219379<PAYEE><NAME>Payer</PAYEE></STMTTRN>
<STMTTRN><TRNTYPE>CREDIT<DTPOSTED>20260331<TRNAMT>10,50<FITID>219380</STMTTRN>
</BANKTRANLIST><LEDGERBAL><BALAMT>2156.56<DTASOF>20260331</LEDGERBAL></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>
"""

BAI2 = """01,BANK,CUST,260401,0600,1,80,1,2/
02,CUST,BANK,1,260331,2359,USD,2/
03,0975312468,,010,500000,,,015,-1001234,4,V,260401,0600,040,500000,S,0,100,200,045,5,1,D,2,1,100,2,200/
88,100,1,,/
16,165,1500000,1,DD1620, ,DEALER PAYMENTS
16,475,3001234,V,260402,,B77,C88,CHECK 15 / PAID, IN FULL
88,AT THE COUNTER
16,890,,,,,no money/
49,0,4/
98,0,1,6/
99,0,1,8/
"""

QIF = """!Account
NGiro
TBank
^
!Type:Bank
D8/12/13
T-1,000.00
PDelta PC
MINV-1
N17
^
D1/ 5'14
U5.00
^
"""

CSV = (
    "account,statement_id,booking_date,value_date,currency,amount,counterparty_name,remittance_text\n"
    '6222,S1,2026-03-31,2026-03-31,EUR,10.00,"Name, with comma","two\nlines"\n'
    '6222,S1,2026-04-01,,EUR,-5.5,"say ""yes""",=1+1\n'
)


def _rows() -> pl.DataFrame:
    return pl.read_csv(CSV.encode(), infer_schema=False)


def _workbook() -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        frame = _rows()
        sheet.write_row(0, 0, frame.columns)
        for number, row in enumerate(frame.iter_rows(), start=1):
            sheet.write_row(number, 0, [cell if cell is not None else "" for cell in row])
    return buffer.getvalue()


def _parquet() -> bytes:
    buffer = io.BytesIO()
    _rows().write_parquet(buffer)
    return buffer.getvalue()


# profile and suffix, and the bytes of a sound file
SEEDS: dict[str, tuple[str, str, bytes]] = {
    "mt940": ("mt940", ".sta", MT940.encode()),
    "camt": ("camt", ".xml", CAMT.encode()),
    "ofx": ("ofx", ".ofx", OFX.encode()),
    "bai2": ("bai2", ".bai", BAI2.encode()),
    "qif": ("qif", ".qif", QIF.encode()),
    "csv": ("generic", ".csv", CSV.encode()),
    "xlsx": ("generic", ".xlsx", _workbook()),
    "parquet": ("generic", ".parquet", _parquet()),
}
