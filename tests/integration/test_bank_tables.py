"""Bank statements as CSV and Excel, from the file to the published proof.

Belongs here: sources of the profiles bank_cn and wechat in one home, several downloads. Must not: rules of profiles
(tests/ingest/test_tables.py), formats of the banks' own (test_bank_statements.py).
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
import xlsxwriter

from tests.kit import D, Warehouse, ledger
from tests.kit.installation import dated_source, write_files, write_settings

ACCOUNT = "6222021234567890"
# as ICBC writes it: GBK, the account above the table, blanks and a tab behind each cell, the newest line first, a total
ICBC = """明细查询文件下载

卡号: {account},"卡别名: "

交易日期,摘要,交易场所,记账金额(收入),记账金额(支出),记账币种,余额,对方户名
{lines}

人民币合计,,,"1,000.00          \t","1,000.00          \t",
"""
TWIN = "他行汇入,货款,10.00,,人民币,{balance},甲公司"
MARCH = (
    "2026-03-31," + TWIN.format(balance='"1,020.00"'),
    "2026-03-31," + TWIN.format(balance='"1,010.00"'),
    '2026-03-30,他行汇入,货款,900.00,,人民币,"1,000.00",乙公司',
)
# the last day of March once more, and two days of April
APRIL = (
    '2026-04-02,手续费,,,20.00,人民币,"1,005.50",',
    '2026-04-01,他行汇入,INV-1,5.50,,人民币,"1,025.50",甲公司',
    *MARCH[:2],
)
# between the two of one day the bank had a line of 2.00, which somebody deleted
TORN = (
    '2026-04-04,他行汇入,d,4.00,,人民币,"1,015.50",丁公司',
    '2026-04-03,他行汇入,c,3.00,,人民币,"1,011.50",丁公司',
    '2026-04-03,他行汇入,a,1.00,,人民币,"1,006.50",丁公司',
)
WECHAT = [
    ["微信支付账单明细"],
    ["微信昵称：[测试]"],
    ["----------------------微信支付账单明细列表--------------------"],
    ["交易时间", "交易类型", "交易对方", "商品", "收/支", "金额(元)", "支付方式", "当前状态", "交易单号"],
    ["2026-04-02 19:29:00", "二维码收款", "用户A", "/", "收入", "¥23.00", "零钱", "已收钱", "100\t"],
    ["2026-04-01 18:03:35", "扫二维码付款", "餐厅", "/", "支出", "¥12.00", "零钱", "已转账", "101\t"],
    ["2026-04-01 16:29:37", "零钱提现", "银行", "/", "/", "¥5.10", "银行", "提现已到账", "102\t"],
]


def _icbc(lines: tuple[str, ...]) -> bytes:
    padded = (
        ",".join(f"{cell}    \t" for cell in line.split(",")) if '"' not in line else line for line in lines
    )
    return ICBC.format(account=ACCOUNT, lines=",\n".join(padded)).encode("gb18030")


def _write_workbook(path: Path) -> None:
    path.parent.mkdir(parents=True)
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(WECHAT):
            sheet.write_row(number, 0, row)


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    folder = tmp_path_factory.mktemp("bank_tables")

    write_files(
        folder / "in",
        {
            "erp/2026-04-04/document.csv": (
                "document_id,document_type,customer_id,document_date,due_date,currency,amount\n"
                "INV-1,invoice,K1,2026-03-01,2026-03-31,CNY,5.50\n"
            ),
            "bank/2026-04-01/march.csv": _icbc(MARCH),
            "bank/2026-04-02/march_again.csv": _icbc(MARCH),
            # the same lines, saved again as UTF-8 and turned round: another file to every hash
            "bank/2026-04-02/turned.csv": _icbc(MARCH[::-1]).decode("gb18030").encode("utf-8-sig"),
            "bank/2026-04-03/april.csv": _icbc(APRIL),
            "bank/2026-04-04/torn.csv": _icbc(TORN),
        },
    )
    _write_workbook(folder / "in" / "wechat" / "2026-04-04" / "微信支付账单.xlsx")
    company = {"company_code": "C1"}
    wallet = {**company, "account": "wechat", "currency": "CNY"}
    path = write_settings(
        folder,
        companies=["C1"],
        currency="CNY",
        sources=[
            dated_source("erp", constants=company),
            dated_source("bank", profile="bank_cn", required=False, constants=company),
            dated_source("wechat", profile="wechat", required=False, constants=wallet),
        ],
    )
    warehouse = ledger(path)
    yield warehouse
    warehouse.close()


def test_t37_twins_of_a_table_load_once_each_whatever_file_repeats_them(bank: Warehouse) -> None:
    lines = bank.query(
        "select booking_date, amount_document, counterparty_name, occurrence_no from marts.fct_bank_transaction"
        " where account = $1 order by all",
        [ACCOUNT],
    )
    assert [(str(x["booking_date"]), *list(x.values())[1:]) for x in lines] == [
        ("2026-03-30", D("900.00"), "乙公司", 1),
        ("2026-03-31", D("10.00"), "甲公司", 1),
        ("2026-03-31", D("10.00"), "甲公司", 2),
        ("2026-04-01", D("5.50"), "甲公司", 1),
        ("2026-04-02", D("-20.00"), None, 1),
        ("2026-04-03", D("1.00"), "丁公司", 1),
        ("2026-04-03", D("3.00"), "丁公司", 1),
        ("2026-04-04", D("4.00"), "丁公司", 1),
    ]


def test_every_download_is_proved_by_its_balances_or_shown_with_its_difference(bank: Warehouse) -> None:
    rows = bank.query(
        "select statement_id, opening_balance_document, line_total_document, closing_balance_document, proof,"
        " difference_document, continuity, gap_document from marts.mart_bank_statement order by closing_date"
    )
    assert [tuple(row.values()) for row in rows] == [
        # 100.00 + 900.00 + 10.00 + 10.00 = 1,020.00
        (
            "2026-03-30/2026-03-31/CNY/3",
            *(D("100.00"), D("920.00"), D("1020.00"), "proved", D("0.00")),
            *("first", None),
        ),
        # 1,000.00 + 10.00 + 10.00 + 5.50 - 20.00 = 1,005.50: it repeats 20.00 of what the first holds
        (
            "2026-03-31/2026-04-02/CNY/4",
            *(D("1000.00"), D("5.50"), D("1005.50"), "proved", D("0.00")),
            *("overlaps", D("-20.00")),
        ),
        # 1,005.50 + 1.00 + 3.00 + 4.00 = 1,013.50, and the bank says 1,015.50
        (
            "2026-04-03/2026-04-04/CNY/3",
            *(D("1005.50"), D("8.00"), D("1015.50"), "not_proved", D("2.00")),
            *("continues", D("0.00")),
        ),
    ]


def test_a_wallet_gives_lines_and_no_statement_as_it_tells_no_balance(bank: Warehouse) -> None:
    lines = bank.query(
        "select booking_date, amount_document, bank_reference from marts.fct_bank_transaction"
        " where account = 'wechat' order by bank_reference"
    )
    assert [(str(x["booking_date"]), x["amount_document"], x["bank_reference"]) for x in lines] == [
        ("2026-04-02", D("23.00"), "100"),
        ("2026-04-01", D("-12.00"), "101"),
        ("2026-04-01", D("-5.10"), "102"),
    ]


def test_a_line_of_a_table_names_its_file_and_record(bank: Warehouse) -> None:
    (line,) = bank.query(
        "select _file, _row from marts.fct_bank_transaction where remittance_text like '%INV-1%'"
    )
    assert (line["_file"], line["_row"]) == ("in/bank/2026-04-03/april.csv", 2)
