"""The profiles for banks and wallets read what the banks write: each column name below is that of a real export.

Belongs here: small files in the shape of a bank or a kind of export. Must not: real exports (the corpus has those).
"""

import base64
import zlib
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from ingest.profiles import load_profile
from tests.ingest.tables import Fed, feed, statements
from tests.kit.bank_tables import BANKS, CARDS, COMPANY, PSBC, YUAN

D = Decimal
NAMED = {**YUAN, "account": "A1"}

# Shanghai Pudong Development Bank, as its net banking writes it: a workbook of Excel 97 (BIFF), packed. Below a title
# and the account: 2026/03/03  14:06:51, 3.88 out, 96.12 left; 2026/03/05  07:22:32, 10.00 in, 106.12 left; a total
SPDB = zlib.decompress(
    base64.b85decode(
        "c-rk)OK2295Ut*w+1;$kW|M5xM9@Vr{*#$mO=3V-1<gg*tScBlsEL`VBt{8((1ZVgBBG)P6+HxU@#5#=2R-OTJP7_kMGz9jlPAGHnz5?"
        "3x3h^kB%tDFYPPHE)l^qiPj^rE&V%~}-JO?9dtd;~0Wb7AIpE9E2`o7o5C**OI3#B302arkzlw4KIFLRaZsgtb(-_it_kag3X}6IByu`"
        "8^wnAb{n;rd)G@o;55R}7g<O0s3CIls%RUz~B%!`;`WXqe(=d$Jq^Vw+IEmp$)cw$PmoW=E?@q8}?<o7DKdCnRWis3HJ;@!tY+E#~o?V"
        "B1}|I8a>wOr@|9JgA#&2DdK?S=>rU>Cf1q5$tQEA>{?)&E|-0Mvi#ulEn4KjF~;_JFgFCwK==$VXaw5vDfU_BQh?Oc!GimtYwIqIvVf)"
        "Q6Lc4vwq4bhshal_+WsHQ(7)1fuN7$5g3P2^LP^Dwu_}k#(7fV=x0W5Y*=AnvW?dzP870kYat)-a{zXud<U5kDoh*;*-=D7BRIIOIY)H"
        ")pfh7F>jd^DJsrKGXh{4R%L||!(TLN&ZsdeYi62gmE0XnRM^iF*r`}~b+ryKtFqj*ydbRYt;tWA2AGCnq7y6I$;@cfsH(B7nwW*bYg_H"
        "4PKM=%;iFo*Sdr*+L3V*<ori<8L-89e-0zK+$16P-c@yNbT)^u+jC<DC^KTz5Zmf&1Wz8Pm#nOA-1R5T2U@x`6#v#b~OYe14xW!cF``G"
        "IkmP?sOaFt?RR#z;Ah5Om&0N*V`4>6|4@rhaTB$PYeB(II_com<F@`c)-oskPq<DD=b_ueLKPuG5!CZ>rqr-`n|GqsTK#TU#=et1U)JY"
        "m^4M{el(@C|}27NmQH7Ge+!!4^VVu&)6Y9=0H!M)ZWe3V9G|3V9Lf3TcRZ3h9Xa3i%KP6!Ig=kvVt=$-&Dx1f{)~a~Poz<&dioMa@%)q"
        "J|WrsQC&})Ub@I4H8x3s0Gqq<EVuSQPd)ZsOJ%dC~C1n6m_IR6m^u0O3z9k5LM@>qouvx&$F(2H^);5S7=ahPwb;0xa5*cF1h5AOaC*`"
        "nT`$!bavACoRL1^`sH_>Z&-TW&m{jWErl(3ZNopN3!n|_cGxkj`7;u9k?|#l*e3J6kZ3tZZ-*9W<UCr2J%8~ZkI3%NkQ;`7-Vz#a{NCZ"
        "@`HSO!2TRu?b^"
    )
)


def _read(path: Path, *, profile: str, constants: dict[str, str]) -> tuple[Fed, list[dict[str, Any]]]:
    read_by = load_profile(profile)
    fed = feed(path, profile=read_by, entity="bank_transaction", constants=constants)
    return fed, statements(path, profile=read_by, constants=constants)


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8-sig"])
@pytest.mark.parametrize("bank", BANKS)
def test_a_statement_of_a_chinese_bank_gives_signed_lines_and_its_balances(
    tmp_path: Path, bank: str, encoding: str
) -> None:
    text, constants = BANKS[bank]
    path = tmp_path / "x.csv"
    path.write_bytes(text.encode(encoding))
    fed, found = _read(path, profile="bank_cn", constants=constants)
    assert fed.faults == []
    assert [(row["booking_date"], row["amount"], row["counterparty_name"]) for row in fed.accepted] == [
        (date(2026, 3, 3), D("-1000.00"), "甲公司"),
        (date(2026, 3, 5), D("500.00"), "乙公司"),
    ]
    assert "INV-7" in fed.accepted[1]["remittance_text"]
    assert all(account.endswith("1234") for account in fed.column("account"))
    assert [(s["opening_balance"], s["closing_balance"]) for s in found] == [("10000.00", "9500.00")]


def test_a_workbook_of_excel_97_is_read_like_any_other(tmp_path: Path) -> None:
    path = tmp_path / "交易明细.xls"
    path.write_bytes(SPDB)
    fed, found = _read(path, profile="bank_cn", constants=YUAN)
    assert fed.faults == []
    assert [(r["account"], r["booking_date"], r["amount"], r["counterparty_name"]) for r in fed.accepted] == [
        ("6217920000001234", date(2026, 3, 3), D("-3.88"), "甲公司"),
        ("6217920000001234", date(2026, 3, 5), D("10.00"), "乙公司"),
    ]
    assert [(s["opening_balance"], s["closing_balance"]) for s in found] == [("100.00", "106.12")]


def test_account_and_currency_may_stand_above_the_table(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        rows: list[list[object]] = [
            ["兴业银行交易明细"],
            [],
            ["账户户名", "我司"],
            ["账户账号", "622908001234"],
            ["卡内账户", "002 活期储蓄存款 港币 现汇"],
            ["交易时间", "记账日", "支出", "收入", "账户余额", "摘要", "对方户名", "对方账号"],
            ["2026-03-03 00:00:00", "2026-03-03", None, 20.0, 20.0, "购汇", "我司", "1001"],
            # a booking that is taken back stands in its own column with a minus
            ["2026-03-05 00:00:00", "2026-03-05", "-5.00", None, "25.00", "当日冲账", "乙公司", "1002"],
            ["说明", "交易明细内容仅供个人参考。"],
        ]
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    fed, found = _read(path, profile="bank_cn", constants=COMPANY)
    assert fed.faults == []
    assert [(r["account"], r["currency"], r["amount"]) for r in fed.accepted] == [
        ("622908001234", "HKD", D("20.00")),
        ("622908001234", "HKD", D("5.00")),
    ]
    assert [(s["opening_balance"], s["closing_balance"]) for s in found] == [("0.00", "25.00")]


def test_a_direction_that_nobody_knows_sets_its_line_aside(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text(PSBC.replace(",贷,", ",?,"), encoding="utf-8")
    fed, _ = _read(path, profile="bank_cn", constants=YUAN)
    assert (len(fed.accepted), fed.faults) == (1, [("not_exact", "amount", "500.00 ?")])


@pytest.mark.parametrize("bank", CARDS)
def test_what_is_bought_with_a_card_is_money_out(tmp_path: Path, bank: str) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(CARDS[bank].encode("gb18030"))
    fed, found = _read(path, profile="card_cn", constants={**COMPANY, "account": "A1"})
    assert (fed.faults, found) == ([], [])
    assert [(row["booking_date"], row["amount"], row["currency"]) for row in fed.accepted] == [
        (date(2026, 3, 3), D("-8.00"), "CNY"),
        (date(2026, 3, 5), D("3.00"), "CNY"),
    ]
    assert fed.accepted[0]["value_date"] == date(2026, 3, 2)


def test_a_card_that_does_not_say_what_a_line_is_sets_it_aside(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text(CARDS["BOCOM"].replace("消费", "其他"), encoding="utf-8")
    fed, _ = _read(path, profile="card_cn", constants=NAMED)
    assert (len(fed.accepted), fed.faults) == (1, [("not_exact", "amount", "8.00 其他 店")])


def test_a_pending_purchase_is_left_to_the_download_that_has_it_posted(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text(
        "Transaction date,Post date,Description,Billing amount,Billing currency,Transaction status\n"
        '02/03/2026,03/03/2026,SHOP,"-1,008.00"\t,HKD,POSTED\n05/03/2026,,CAFE,"-3.00"\t,HKD,PENDING\n'
    )
    fed, _ = _read(path, profile="hsbc_hk", constants={**COMPANY, "account": "A1"})
    assert (fed.column("booking_date"), fed.column("amount")) == ([date(2026, 3, 3)], [D("-1008.00")])
    assert fed.faults == []


def test_an_alipay_order_that_was_refunded_in_full_comes_to_nothing(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text(
        "交易时间,交易分类,交易对方,商品说明,收/支,金额,交易状态,交易订单号\n"
        "2026-03-03 10:11:12,交通出行,甲,充值,支出,50.00,交易关闭,R1\n"
        "2026-03-03 11:11:12,退款,甲,退款-充值,不计收支,50.00,退款成功,R1_1\n"
        "2026-03-04 11:11:12,日用百货,乙,没有付款,不计收支,82.00,交易关闭,R2\n",
        encoding="utf-8",
    )
    fed, _ = _read(path, profile="alipay", constants=NAMED)
    assert fed.faults == []
    assert sorted(fed.column("amount")) == [D("-50.00"), D("0.00"), D("50.00")]


def test_an_alipay_order_is_dated_by_its_payment_else_by_itself_and_sums_below_are_no_lines(
    tmp_path: Path,
) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(
        "支付宝交易记录明细查询\n账号:[a@b.cn]\n"
        "交易号      ,交易创建时间  ,付款时间 ,类型 ,交易对方 ,商品名称,金额（元）,收/支,交易状态,\n"
        "R1\t,2026-03-02 10:11:12,2026-03-03 10:11:12,即时到账交易,甲,货款,12.50,收入,交易成功,\n"
        "R2\t,2026-03-04 10:11:12,,担保交易,乙,没有付款,9.00,,交易关闭,\n"
        "----------------------------\n共2笔记录\n已收入:1笔,12.50元\n导出时间:[2026-03-05 00:00:00]\n".encode(
            "gb18030"
        )
    )
    fed, found = _read(path, profile="alipay", constants=YUAN)
    assert (fed.faults, found) == ([], [])
    assert [(r["account"], r["booking_date"], r["amount"]) for r in fed.accepted] == [
        ("a@b.cn", date(2026, 3, 3), D("12.50")),
        ("a@b.cn", date(2026, 3, 4), D("0.00")),
    ]


def test_the_alipay_account_of_a_merchant_has_balances(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(
        "#支付宝账务明细查询\n#账号：[2088000000001234]\n#起始日期：[2026年03月01日 00:00:00]\n"
        "#-----------------------------------------账务明细列表----------------------------------------\n"
        "账务流水号,业务流水号,商户订单号,商品名称,发生时间,对方账号,收入金额（+元）,支出金额（-元）,账户余额（元）,"
        "交易渠道,业务类型,备注\n"
        "1\t,11\t,O1\t,货款\t,2026-03-03 21:02:06,甲 (a@b.cn)\t,500.00,0.00,600.00,支付宝,在线支付,\n"
        "2\t,12\t,O1\t,手续费\t,2026-03-03 21:02:07,\t, ,-3.00,597.00,支付宝,收费,\n"
        "#-----------------------------------------账务明细列表结束------------------------------------,,,,,,,\n"
        "#支出合计：1笔，共-3.00元,,,,,,,\n#导出时间：[2026年03月04日 13:19:01]\n".encode("gb18030")
    )
    fed, found = _read(path, profile="alipay", constants=YUAN)
    assert fed.faults == []
    assert [(r["account"], r["amount"], r["bank_reference"], r["end_to_end_id"]) for r in fed.accepted] == [
        ("2088000000001234", D("500.00"), "1", "O1"),
        ("2088000000001234", D("-3.00"), "2", "O1"),
    ]
    assert [(s["opening_balance"], s["closing_balance"]) for s in found] == [("100.00", "597.00")]


def test_the_wechat_account_of_a_merchant_has_balances(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text(
        "记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),账户结余(元),资金变更提交申请人,备注,业务凭证号\n"
        "`2026-03-03 04:21:23,`5000,`1001,`交易,`交易,`收入,`500.00,`600.00,`system,`货款,`O1\n"
        "`2026-03-03 04:22:23,`5001,`1002,`扣除交易手续费,`扣除交易手续费,`支出,`3.00,`597.00,`system,`,`O1\n"
        "资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额\n`2,`1,`500.00,`1,`3.00\n",
        encoding="utf-8",
    )
    fed, found = _read(path, profile="wechat", constants=NAMED)
    assert fed.faults == []
    names = ("booking_date", "amount", "bank_reference", "end_to_end_id", "remittance_text")
    assert [tuple(row[name] for name in names) for row in fed.accepted] == [
        (date(2026, 3, 3), D("500.00"), "1001", "O1", "交易 货款"),
        (date(2026, 3, 3), D("-3.00"), "1002", "O1", "扣除交易手续费"),
    ]
    assert [(s["opening_balance"], s["closing_balance"]) for s in found] == [("100.00", "597.00")]
