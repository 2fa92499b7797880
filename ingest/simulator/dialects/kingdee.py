"""Kingdee K/3 Cloud (金蝶云星空): lists exported as CSV in GBK, with a title above and totals below.

Belongs here: headers, codes and quirks of these lists. Must not: how they are read (ingest/profiles/kingdee.yml).
"""

from collections.abc import Iterator

from ingest.simulator.dialects.chinese import NATURES, OWNERSHIPS, RELATIONS, SIZES, currency, grouped
from ingest.simulator.dialects.model import Dialect, Record, Sheet, State, Stored, Style
from ingest.simulator.dialects.terms import NUMBERS, is_after_month_end, is_net, terms_in_use

BILL_TYPES = {
    "invoice": "标准应收单",
    "credit_note": "标准应收单",
    "debit_note": "其他应收单",
    "interest": "逾期利息单",
    "opening_balance": "期初应收单",
    "unbilled": "暂估应收单",
}
SETTLE_TYPES = {
    "": "",
    "transfer": "电汇",
    "card": "银行卡",
    "cash": "现金",
    "cheque": "支票",
    "bank_acceptance": "银行承兑汇票",
    "commercial_acceptance": "商业承兑汇票",
    "receivable_certificate": "应收账款电子凭证",
    "alipay": "支付宝",
    "wechat": "微信",
    "other": "其他",
}
STATUSES = {"": "", "pending": "未到账", "cleared": "已到账", "bounced": "退票", "cancelled": "作废"}
ACCEPTORS = {
    "": "",
    "major_bank": "国有及股份制银行",
    "other_bank": "其他银行",
    "finance_company": "财务公司",
    "corporate": "企业",
}
MATCH_TYPES = {
    "receipt": "收款核销",
    "credit_note": "红蓝对冲",
    "document": "应收转销",
    "discount": "现金折扣",
    "write_off": "坏账核销",
    "fx_difference": "汇兑损益",
    "offset": "应收冲应付",
}
MATCHED = {"document": "应收单", "credit_note": "红字应收单", "receipt": "收款单", "refund": "收款退款单"}
BASES = {
    "": "",
    "document_date": "单据日期",
    "posting_date": "记账日期",
    "invoice_received": "票到",
    "acceptance": "验收",
    "delivery": "到货",
}
# what a receivable of an event waits for is told by the receivable itself
START_DAYS = {"document_date": "应收单日期", "delivery": "销售出库日期"}
RATE_TYPES = {"booked": "记账汇率", "average": "平均汇率"}
YES = {"true": "是", "": "否", "false": "否"}


def _date(text: str) -> str:
    """2026-01-05 is 2026/1/5 in a list."""
    year, month, day = text.split("-")
    return f"{year}/{int(month)}/{int(day)}"


def _red(text: str, row: Record) -> str:
    """A credit note is a red bill: the same list with negative amounts."""
    if not text:
        return ""
    is_red = row["document_type"] == "credit_note" and float(text) != 0
    return grouped(f"-{text}" if is_red and not text.startswith("-") else text)


def _terms(state: State) -> Iterator[Stored]:
    """Terms of one line each; 月结 is said in words."""
    for terms in terms_in_use(state):
        if terms.is_immediate:
            method, words = "交易日", ""
        elif is_net(terms):
            method, words = "某天后", f"交易日后{terms.days_after}天"
        elif is_after_month_end(terms):
            method, words = "月结", f"月结{terms.days_after}天"
        elif terms.cutoff_day is not None and not (terms.months_after or terms.days_before):
            method, words = "月结", f"每月{terms.cutoff_day}日截止 月结{terms.days_after}天"
        else:
            continue
        yield {
            "编码": f"SKTJ{NUMBERS[terms.text]:02d}",
            "名称": terms.text,
            "收款方式": "按到期日",
            "到期日计算日期": START_DAYS.get(terms.basis, ""),
            "行号": "1",
            "到期日确定方式": method,
            "到期日确定方式描述": words,
            "收款比例(%)": "100",
            "是否预收": "否",
        }


STYLE = Style(
    encoding="gb18030",
    date=_date,
    number=grouped,
    above=(("列表导出",), ("导出人:", "财务"), ()),
    below=lambda rows: (("合计", f"共{rows}条"),),
)

KINGDEE = Dialect(
    profile="kingdee",
    style=STYLE,
    sheets=(
        Sheet(
            "客户",
            "customer",
            (
                ("使用组织", "company_code"),
                ("客户编码", "customer_id"),
                ("客户名称", "name"),
                ("纳税登记号", "tax_id"),
                ("国家", "country"),
                ("地区", "region"),
                ("行业", "industry"),
                (
                    "客户性质",
                    lambda row: {"enterprise": "企业", "individual": "个人"}.get(row["customer_type"], ""),
                ),
                ("成交性质", lambda row: NATURES.get(row["deal_nature"], "")),
                ("所有制", lambda row: OWNERSHIPS.get(row["ownership"], "")),
                ("企业规模", lambda row: SIZES.get(row["size_class"], "")),
                ("关联关系", lambda row: RELATIONS.get(row["related_party"], "")),
                ("上级客户", "parent_customer_id"),
                ("担保客户", "guarantor_customer_id"),
                ("内部组织", "counterparty_company_code"),
                ("收款条件", "payment_terms"),
                ("销售员", "sales_owner"),
                ("催收员", "collector"),
                ("禁用状态", lambda row: {"closed": "是"}.get(row["status"], "否")),
                ("信用状态", lambda row: {"hold": "冻结", "legal": "诉讼"}.get(row["status"], "正常")),
                ("创建日期", "onboarded_on"),
                ("联系人", "contact_name"),
                ("电话", "contact_phone"),
                ("邮箱", "contact_email"),
                ("地址", "contact_address"),
            ),
        ),
        Sheet(
            "应收单",
            "document",
            (
                ("结算组织", "company_code"),
                ("单据编号", "document_id"),
                ("单据类型", lambda row: BILL_TYPES[row["document_type"]]),
                ("客户编码", "customer_id"),
                ("业务日期", "document_date"),
                ("记账日期", "posting_date"),
                ("到期日", "due_date"),
                ("收款条件", "payment_terms"),
                ("到期日计算依据", lambda row: BASES[row["terms_basis"]]),
                ("收票日期", "invoice_received_on"),
                ("验收日期", "accepted_on"),
                ("发货日期", "delivery_date"),
                ("币别", currency("currency")),
                ("价税合计", lambda row: _red(row["amount"], row)),
                ("价税合计本位币", lambda row: _red(row["functional_amount"], row)),
                ("税额", lambda row: _red(row["tax_amount"], row)),
                ("客户订单号", "reference"),
                ("销售订单号", "sales_order"),
                ("合同号", "contract_id"),
                ("项目", "project"),
                ("销售员", "salesperson"),
                ("红冲原单号", "replaces_document_id"),
                ("开票应收单号", "billed_by_document_id"),
                ("应收科目", "control_account"),
                ("单据状态", lambda row: "已审核"),
                ("作废状态", lambda row: YES[row["is_cancelled"]]),
                ("作废日期", "cancelled_on"),
            ),
        ),
        Sheet(
            "收款计划",
            "instalment",
            (
                ("结算组织", "company_code"),
                ("应收单号", "document_id"),
                ("行号", "instalment_no"),
                ("到期日", "due_date"),
                ("应收金额", "amount"),
                ("款项性质", lambda row: {"retention": "质保金"}.get(row["kind"], "货款")),
                ("质保到期日", "unconditional_on"),
            ),
        ),
        Sheet(
            "收款单",
            "receipt",
            (
                ("收款组织", "company_code"),
                ("单据编号", "receipt_id"),
                ("往来单位编码", "customer_id"),
                ("业务日期", "receipt_date"),
                ("记账日期", "posting_date"),
                ("到账日期", "cleared_on"),
                ("币别", currency("currency")),
                ("实收金额", "amount"),
                ("实收金额本位币", "functional_amount"),
                ("结算方式", lambda row: SETTLE_TYPES[row["method"]]),
                ("票据号", "bill_id"),
                ("票据到期日", "maturity_date"),
                ("承兑人", "acceptor"),
                ("承兑人类型", lambda row: ACCEPTORS[row["acceptor_kind"]]),
                ("到账状态", lambda row: STATUSES[row["status"]]),
                ("状态日期", "status_date"),
                ("我方银行账号", "bank_account"),
                ("应收科目", "control_account"),
                ("备注", "reference"),
                ("单据状态", lambda row: "已审核"),
            ),
        ),
        Sheet(
            "应收核销记录",
            "allocation",
            (
                ("核销组织", "company_code"),
                ("核销序号", "allocation_id"),
                ("核销类型", lambda row: MATCH_TYPES[row["from_kind"]]),
                ("结算单据编号", "from_id"),
                ("应收单据类型", lambda row: MATCHED[row["to_kind"]]),
                ("应收单据编号", "to_id"),
                ("收款计划行号", "to_instalment_no"),
                ("核销日期", "allocated_on"),
                ("本次核销金额", "amount"),
                ("结算币别核销金额", "from_amount"),
                ("汇兑损益本位币", "functional_amount"),
                ("备注", "reason"),
                ("审批人", "approved_by"),
                ("审批日期", "approved_on"),
                ("反核销", lambda row: YES[row["is_reversal"]]),
                ("原核销序号", "reverses_allocation_id"),
            ),
        ),
        Sheet(
            "汇率",
            "fx_rate",
            (
                ("生效日期", "rate_date"),
                ("原币", currency("from_currency")),
                ("目标币", currency("to_currency")),
                ("直接汇率", lambda row: row["rate"]),
                (
                    "汇率类型",
                    lambda row: {"booked": "记账汇率", "average": "平均汇率"}.get(
                        row["rate_type"], "固定汇率"
                    ),
                ),
                ("来源", "source"),
            ),
        ),
        Sheet(
            "科目余额表",
            "gl_balance",
            (
                ("账簿组织", "company_code"),
                ("科目编码", "account"),
                (
                    "科目用途",
                    lambda row: {
                        "trade_control": "应收账款",
                        "bill_control": "应收票据",
                        "contract_asset": "合同资产",
                        "unbilled": "暂估应收",
                        "allowance": "坏账准备",
                        "advances": "预收账款",
                    }[row["account_role"]],
                ),
                ("截止日期", "balance_date"),
                ("币别", currency("currency")),
                ("期末余额", "balance"),
            ),
        ),
    ),
)
