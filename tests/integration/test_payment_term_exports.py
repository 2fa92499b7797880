"""Masters of payment terms that are exported: SAP, ERPNext, Dynamics 365, Kingdee and Yonyou.

Belongs here: every way of counting of each system, with the due date of a document without one, worked by hand. Must
not: rules in the shape of the contract (test_payment_term_masters.py), databases (test_payment_term_databases.py).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date

import pytest

from tests.kit import Warehouse, ledger
from tests.kit.installation import dated_source, write_files, write_settings
from tests.kit.payment_terms import Case, asked, due_dates

DAY = "2026-06-30"


def _file(header: Sequence[str], rows: Sequence[Mapping[str, str]], *, delimiter: str = ",") -> str:
    lines = [delimiter.join(header)]
    lines += [delimiter.join(row.get(name, "") for name in header) for row in rows]
    return "\n".join(lines) + "\n"


def _compact(dated: str) -> str:
    return dated.replace("-", "")


# ---------------------------------------------------------------------------------------------- SAP

_T052 = (
    *("ZTERM", "ZTAGG", "ZDART", "ZFAEL", "ZMONA", "ZTAG1", "ZPRZ1", "ZTAG2", "ZPRZ2", "ZTAG3"),
    *("ZSTG1", "ZSMN1", "ZSTG2", "ZSMN2", "ZSTG3", "ZSMN3", "XSPLT", "KOART"),
)
_ZEROS = {
    **dict.fromkeys(("ZTAGG", "ZFAEL", "ZMONA", "ZSTG1", "ZSMN1", "ZSTG2", "ZSMN2", "ZSTG3", "ZSMN3"), "00"),
    **dict.fromkeys(("ZTAG1", "ZTAG2", "ZTAG3"), "000"),
    **dict.fromkeys(("ZPRZ1", "ZPRZ2"), "0.000"),
}
SAP = (
    Case("0001", ({},), "2026-01-10", "2026-01-10"),
    Case("ZB30", ({"ZTAG1": "030"},), "2026-01-30", "2026-03-01"),
    # 14 days 2 %, 30 days net; and with two discounts the net days come third
    Case("ZB14", ({"ZTAG1": "014", "ZPRZ1": "2.000", "ZTAG2": "030"},), "2026-01-10", "2026-02-09"),
    Case("ZB45", ({"ZTAG1": "014", "ZPRZ1": "3.000", "ZTAG2": "020", "ZPRZ2": "2.000", "ZTAG3": "045"},),
         "2026-01-10", "2026-02-24"),
    # baseline date: the last day of the month, a day of the next, the 15th of the month after the next
    Case("ZEOM", ({"ZFAEL": "31", "ZTAG1": "030"},), "2026-01-27", "2026-03-02"),
    Case("ZM01", ({"ZMONA": "01"},), "2026-01-31", "2026-02-28"),
    Case("Z215", ({"ZFAEL": "15", "ZMONA": "02", "ZTAG1": "010"},), "2026-01-31", "2026-03-25"),
    # up to the 15th due on the last day of the month, after it on that of the next
    Case("ZL15", ({"ZTAGG": "15", "ZFAEL": "31"}, {"ZTAGG": "31", "ZFAEL": "31", "ZMONA": "01"}),
         "2026-01-15", "2026-01-31"),
    Case("ZL16", ({"ZTAGG": "15", "ZFAEL": "31"}, {"ZTAGG": "31", "ZFAEL": "31", "ZMONA": "01"}),
         "2026-01-16", "2026-02-28"),
    # a fixed day of a later month, and the end of this one, without any baseline
    Case("ZF15", ({"ZSTG1": "15", "ZSMN1": "01"},), "2026-01-31", "2026-02-15"),
    Case("ZF31", ({"ZSTG1": "31"},), "2026-02-10", "2026-02-28"),
    # posted two days after the document date
    Case("ZPOS", ({"ZDART": "B", "ZTAG1": "010"},), "2026-01-10", "2026-01-22"),
    Case("ZDOC", ({"ZDART": "D", "ZTAG1": "010"},), "2026-01-10", "2026-01-20"),
    Case("ZENT", ({"ZDART": "C", "ZTAG1": "010"},), "2026-01-10", None),
    Case("ZRAT", ({"XSPLT": "X", "ZTAG1": "010"},), "2026-01-10", None),
    # the 10th of this month: before the 20th, or after it, in which month?
    Case("ZF10", ({"ZSTG1": "10"},), "2026-01-20", None),
    Case("ZF2X", ({"ZTAG1": "010", "ZPRZ1": "2.000", "ZSTG2": "15", "ZSMN2": "01"},), "2026-01-10", None),
    Case("ZL3X", ({"ZTAGG": "10", "ZFAEL": "20"}, {"ZTAGG": "20", "ZFAEL": "25"},
                  {"ZTAGG": "31", "ZFAEL": "05", "ZMONA": "01"}), "2026-01-10", None),
)  # fmt: skip


def _sap() -> Mapping[str, str]:
    master = [{**_ZEROS, "ZTERM": case.term, **line} for case in SAP for line in case.lines]
    # a term of vendors under the same key, and a client's own table of texts beside the master
    master.append({**_ZEROS, "ZTERM": "ZB30", "ZTAG1": "090", "KOART": "K"})
    items = [
        {"BUKRS": "SAP", "KUNNR": "K1", "BELNR": case.term, "GJAHR": "2026", "BUZEI": "001", "BLART": "RV",
         "BLDAT": _compact(case.dated), "BUDAT": f"{_compact(case.dated)[:6]}{int(case.dated[-2:]) + 2:02d}"
         if case.term == "ZPOS" else _compact(case.dated),
         "ZFBDT": "00000000", "ZTERM": case.term, "SHKZG": "S", "WAERS": "EUR", "WRBTR": "1.00"}
        for case in SAP
    ]  # fmt: skip
    return {
        "T052.csv": _file(_T052, master, delimiter=";"),
        "BSID.csv": _file((*items[0], "UMSKZ", "AUGBL", "AUGDT"), items, delimiter=";"),
    }


# ---------------------------------------------------------------------------------------------- ERPNext

_DETAIL = "(Payment Terms Template Detail)"
_INVOICE_DAYS, _MONTH_DAYS, _MONTHS = (
    "Day(s) after invoice date",
    "Day(s) after the end of the invoice month",
    "Month(s) after the end of the invoice month",
)
ERPNEXT = (
    Case("Net thirty", ((_INVOICE_DAYS, "30", "", "100"),), "2026-01-30", "2026-03-01"),
    Case("Month plus 15", ((_MONTH_DAYS, "15", "", "100"),), "2026-02-03", "2026-03-15"),
    Case("Second month end", ((_MONTHS, "", "2", "100"),), "2026-12-31", "2027-02-28"),
    Case("Halves alike", ((_INVOICE_DAYS, "30", "", "50"), (_INVOICE_DAYS, "30", "", "50")),
         "2026-01-10", "2026-02-09"),
    Case("Third now", ((_INVOICE_DAYS, "0", "", "33.33"), (_INVOICE_DAYS, "60", "", "66.67")), "2026-01-10", None),
    Case("From delivery", (("Day(s) before delivery date", "5", "", "100"),), "2026-01-10", None),
)  # fmt: skip


def _erpnext() -> Mapping[str, str]:
    columns = (
        "ID", f"Index {_DETAIL}", f"Due Date Based On {_DETAIL}", f"Credit Days {_DETAIL}",
        f"Credit Months {_DETAIL}", f"Invoice Portion (%) {_DETAIL}",
    )  # fmt: skip
    master = [
        dict(zip(columns, (case.term, str(number), *line), strict=True))
        for case in ERPNEXT
        for number, line in enumerate(case.lines, start=1)
    ]
    invoices = [
        {"ID": case.term, "Company": "ERPNEXT", "Customer": "K1", "Posting Date": case.dated, "Currency": "EUR",
         "Grand Total": "1.00", "Status": "Unpaid", "Payment Terms Template": case.term}
        for case in ERPNEXT
    ]  # fmt: skip
    return {
        "Payment Terms Template.csv": _file(columns, master),
        "Sales Invoice.csv": _file(tuple(invoices[0]), invoices),
    }


# ---------------------------------------------------------------------------------------------- Dynamics 365

_PAYM_TERM = ("METHOD", "MONTHS", "DAYS", "CUTOFF", "ADDITIONAL", "DAY", "SCHEDULE")
DYNAMICS365 = (
    Case("N30", (("Net", "0", "30"),), "2026-01-30", "2026-03-01"),
    Case("N1M", (("Net", "1", "0"),), "2026-01-31", "2026-02-28"),
    Case("CM30", (("CurrentMth", "0", "30"),), "2026-01-24", "2026-03-02"),
    Case("CASH", (("COD", "0", "0"),), "2026-01-10", "2026-01-10"),
    Case("CUT25", (("CutOffDate", "0", "30", "25"),), "2026-01-27", "2026-03-27"),
    Case("N1M10", (("Net", "1", "10"),), "2026-01-31", None),
    Case("CM1M", (("Current month", "1", "0"),), "2026-01-24", None),
    Case("WEEK", (("CurrentWeek", "0", "7"),), "2026-01-10", None),
    Case("QUARTER", (("CurrentQuart", "0", "0"),), "2026-01-10", None),
    Case("YEAR", (("CurrentYear", "0", "0"),), "2026-01-10", None),
    Case("CUTADD", (("CutOffDate", "0", "0", "10", "1"),), "2026-01-12", None),
    Case("PAYDAY", (("Net", "0", "30", "0", "0", "FRIDAY"),), "2026-01-10", None),
    Case("SCHED", (("Net", "0", "30", "0", "0", "", "THIRDS"),), "2026-01-10", None),
)


def _dynamics365() -> Mapping[str, str]:
    names = (
        "PaymMethod",
        "NumOfMonths",
        "NumOfDays",
        "CutOffDay",
        "AdditionalMonths",
        "PaymDayId",
        "PaymSched",
    )
    # transactions carry the id; a description says the same under another name
    master = [
        {"PaymTermId": case.term, "Description": f"About {case.term}", **dict(zip(names, line, strict=False))}
        for case in DYNAMICS365
        for line in case.lines
    ]
    transactions = [
        {"DataAreaId": "D365", "AccountNum": "K1", "Voucher": case.term, "Invoice": case.term, "TransType": "Sales",
         "TransDate": case.dated, "DueDate": "1900-01-01", "CurrencyCode": "EUR", "AmountCur": "1.00",
         "Payment": case.term}
        for case in DYNAMICS365
    ]  # fmt: skip
    transactions.append(
        {**transactions[0], "Voucher": "DESCRIBED", "Invoice": "DESCRIBED", "Payment": "About N30"}
    )
    return {
        "PaymTerm.csv": _file(("PaymTermId", "Description", *names), master),
        "CustTrans.csv": _file(tuple(transactions[0]), transactions),
    }


# ---------------------------------------------------------------------------------------------- Kingdee and Yonyou

KINGDEE = (
    Case("货款即付", (("应收单日期", "交易日", "", "100"),), "2026-01-10", "2026-01-10"),
    Case("三十日后", (("应收单日期", "某天后", "交易日后30天", "100"),), "2026-01-30", "2026-03-01"),
    Case("月底三十", (("应收单日期", "月结", "月结30天", "100"),), "2026-01-27", "2026-03-02"),
    Case("对账廿五", (("应收单日期", "月结", "每月25日截止 月结30天", "100"),), "2026-01-27", "2026-03-27"),
    Case("次月十五", (("应收单日期", "月结", "次月15日", "100"),), "2026-01-31", "2026-02-15"),
    # 12 January is the day of dispatch
    Case("出库起算", (("销售出库日期", "某天后", "10天后", "100"),), "2026-01-10", "2026-01-22"),
    Case("订单起算", (("销售订单日期", "某天后", "10天后", "100"),), "2026-01-10", None),
    Case("固定时点", (("应收单日期", "固定时点", "每年12月31日", "100"),), "2026-01-10", None),
    Case("三七分期", (("应收单日期", "交易日", "", "30"), ("应收单日期", "某天后", "60天", "70")), "2026-01-10", None),
    Case("月结未明", (("应收单日期", "月结", "按合同", "100"),), "2026-01-10", None),
)  # fmt: skip


def _kingdee() -> Mapping[str, str]:
    names = ("到期日计算日期", "到期日确定方式", "到期日确定方式描述", "收款比例(%)")
    master = [
        {"编码": f"SKTJ{number}", "名称": case.term, "收款方式": "按到期日", "行号": str(row), "是否预收": "否",
         **dict(zip(names, line, strict=True))}
        for number, case in enumerate(KINGDEE)
        for row, line in enumerate(case.lines, start=1)
    ]  # fmt: skip
    bills = [
        {"结算组织": "KINGDEE", "单据编号": case.term, "单据类型": "标准应收单", "客户编码": "K1",
         "业务日期": case.dated, "发货日期": "2026-01-12", "币别": "欧元", "价税合计": "1.00",
         "收款条件": case.term, "单据状态": "已审核"}
        for case in KINGDEE
    ]  # fmt: skip
    # by its number, as the web API gives it
    bills.append({**bills[1], "单据编号": "BY_NUMBER", "收款条件": "SKTJ1"})
    return {
        "收款条件.csv": _file(tuple(master[0]), master),
        "应收单.csv": _file(tuple(bills[0]), bills),
    }


YONYOU = (
    Case("审核后十天", (("审核日期", "0", "10", "", "", "100"),), "2026-01-10", "2026-01-22"),
    Case("延五账期三十", (("发票日期", "5", "30", "", "", "100"),), "2026-01-25", "2026-03-01"),
    Case("结账日廿五", (("发票日期", "0", "30", "25", "", "100"),), "2026-01-10", None),
    Case("附加一月", (("发票日期", "0", "0", "", "1", "100"),), "2026-01-10", None),
    Case("出库签收起", (("签收日期", "0", "30", "", "", "100"),), "2026-01-10", None),
    Case(
        "二八分期",
        (("发票日期", "0", "0", "", "", "20"), ("发票日期", "0", "90", "", "", "80")),
        "2026-01-10",
        None,
    ),
)
CONDITION = Case("2/10 信用三十", (("30", "10", "2"),), "2026-01-10", "2026-02-09")


def _yonyou() -> Mapping[str, str]:
    names = ("起算依据", "起效日期延迟天数", "账期天数", "固定结账日", "附加月", "收款比例")
    master = [
        {
            "协议编码": f"XY{number}",
            "协议名称": case.term,
            "行号": str(row),
            **dict(zip(names, line, strict=True)),
        }
        for number, case in enumerate(YONYOU)
        for row, line in enumerate(case.lines, start=1)
    ]
    conditions = [
        {
            "付款条件编码": "TJ1",
            "付款条件名称": CONDITION.term,
            "信用天数": "30",
            "优惠天数1": "10",
            "优惠率1": "2",
        }
    ]
    bills = [
        {"财务组织": "YONYOU", "单据号": case.term, "单据类型": "应收单", "客户编码": "K1",
         "单据日期": case.dated, "审核日期": "2026-01-12", "币种": "欧元", "原币金额": "1.00",
         "收付款协议": case.term, "审核人": "会计"}
        for case in (*YONYOU, CONDITION)
    ]  # fmt: skip
    return {
        "收付款协议.csv": _file(tuple(master[0]), master),
        "付款条件.csv": _file(tuple(conditions[0]), conditions),
        "应收单.csv": _file(tuple(bills[0]), bills),
    }


FILES: Mapping[str, tuple[str, Callable[[], Mapping[str, str]], tuple[Case, ...]]] = {
    "SAP": ("sap", _sap, SAP),
    "ERPNEXT": ("erpnext", _erpnext, ERPNEXT),
    "D365": ("dynamics365", _dynamics365, DYNAMICS365),
    "KINGDEE": ("kingdee", _kingdee, KINGDEE),
    "YONYOU": ("yonyou", _yonyou, (*YONYOU, CONDITION)),
}
CASES = [(company, case) for company, (_, _, cases) in FILES.items() for case in cases]


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    folder = tmp_path_factory.mktemp("exports")
    for company, (_, files, _) in FILES.items():
        write_files(folder / "in" / company / DAY, files())
    sources = [dated_source(company, profile=profile) for company, (profile, _, _) in FILES.items()]
    warehouse = ledger(write_settings(folder, companies=FILES, currency="EUR", sources=sources))
    yield warehouse
    warehouse.close()


@pytest.mark.parametrize(("company", "case"), CASES, ids=[f"{name}-{case.term}" for name, case in CASES])
def test_a_document_is_due_as_its_system_counts(books: Warehouse, company: str, case: Case) -> None:
    document_id = f"{case.term}-2026-001" if company == "SAP" else case.term
    due, is_missing = due_dates(books, company)[document_id]
    assert due == date.fromisoformat(case.due or case.dated)
    assert is_missing == (case.due is None)


def test_what_is_no_rule_is_asked_with_a_reason_and_nothing_else_is(books: Warehouse) -> None:
    assert asked(books) == {(company, case.term) for company, case in CASES if case.due is None}


def test_no_line_of_a_master_is_set_aside(books: Warehouse) -> None:
    assert books.query("select * from marts.mart_data_quality where rule = 'rejected_row'") == []


def test_a_term_is_known_by_its_number_and_by_its_name(books: Warehouse) -> None:
    assert due_dates(books, "D365")["DESCRIBED"][0] == date(2026, 3, 1)
    assert due_dates(books, "KINGDEE")["BY_NUMBER"][0] == date(2026, 3, 1)
