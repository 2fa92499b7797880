"""Yonyou U8 and NC (用友): lists exported to Excel, with a title above, subtotals between and a total below.

Belongs here: headers, codes and quirks of these lists. Must not: how they are read (ingest/profiles/yonyou.yml).
"""

from collections.abc import Iterator

from ingest.simulator.dialects.chinese import NATURES, OWNERSHIPS, RELATIONS, SIZES, currency, grouped
from ingest.simulator.dialects.model import Dialect, Sheet, State, Stored, Style
from ingest.simulator.dialects.terms import NUMBERS, is_net, percentage, terms_in_use

BILL_TYPES = {
    "invoice": "销售专用发票",
    "credit_note": "红字销售专用发票",
    "debit_note": "其他应收单",
    "interest": "利息单",
    "opening_balance": "期初应收单",
    "unbilled": "暂估应收单",
}
SETTLE_TYPES = {
    "": "",
    "transfer": "电汇",
    "card": "刷卡",
    "cash": "现金结算",
    "cheque": "转账支票",
    "bank_acceptance": "银行承兑汇票",
    "commercial_acceptance": "商业承兑汇票",
    "receivable_certificate": "电子债权凭证",
    "alipay": "支付宝",
    "wechat": "微信支付",
    "other": "其他结算",
}
STATUSES = {"": "", "pending": "在途", "cleared": "入账", "bounced": "退票", "cancelled": "作废"}
ACCEPTORS = {
    "": "",
    "major_bank": "大型银行",
    "other_bank": "一般银行",
    "finance_company": "财务公司",
    "corporate": "企业",
}
MATCH_TYPES = {
    "receipt": "按单据核销",
    "credit_note": "红票对冲",
    "document": "并账",
    "discount": "现金折扣",
    "write_off": "坏账发生",
    "fx_difference": "汇兑损益",
    "offset": "应收冲应付",
}
MATCHED = {"document": "应收", "credit_note": "红字应收", "receipt": "收款", "refund": "付款退回"}
BASES = {
    "": "",
    "document_date": "发票日期",
    "posting_date": "审核日期",
    "invoice_received": "客户收票日",
    "acceptance": "验收日",
    "delivery": "发货日",
}
ROLES = {
    "trade_control": "应收账款",
    "bill_control": "应收票据",
    "contract_asset": "合同资产",
    "unbilled": "暂估应收账款",
    "allowance": "坏账准备",
    "advances": "预收账款",
}


STYLE = Style(
    suffix=".xlsx",
    number=grouped,
    above=(("单据列表",), ("制表人:", "会计")),
    below=lambda rows: (("总计", str(rows)),),
)


def _agreements(state: State) -> Iterator[Stored]:
    """Agreements of days behind an event. Closing days are kept with the customer, so terms by the month are words."""
    for terms in terms_in_use(state):
        if is_net(terms) and not terms.discount_days:
            yield {
                "协议编码": f"XY{NUMBERS[terms.text]:02d}",
                "协议名称": terms.text,
                "行号": "1",
                "起算依据": BASES[terms.basis],
                "起效日期延迟天数": "0",
                "账期天数": str(terms.days_after),
                "固定结账日": "",
                "附加月": "",
                "收款比例": "100",
            }


def _conditions(state: State) -> Iterator[Stored]:
    for terms in terms_in_use(state):
        if is_net(terms) and terms.discount_days:
            yield {
                "付款条件编码": f"TJ{NUMBERS[terms.text]:02d}",
                "付款条件名称": terms.text,
                "信用天数": str(terms.days_after),
                "优惠天数1": str(terms.discount_days),
                "优惠率1": percentage(terms),
            }


YONYOU = Dialect(
    profile="yonyou",
    style=STYLE,
    make={"收付款协议": _agreements, "付款条件": _conditions},
    sheets=(
        Sheet(
            "客户档案",
            "customer",
            (
                ("所属组织", "company_code"),
                ("客户编码", "customer_id"),
                ("客户名称", "name"),
                ("税号", "tax_id"),
                ("国家", "country"),
                ("所属地区", "region"),
                ("所属行业", "industry"),
                (
                    "客户性质",
                    lambda row: {"enterprise": "单位", "individual": "个人"}.get(row["customer_type"], ""),
                ),
                ("成交性质", lambda row: NATURES.get(row["deal_nature"], "")),
                ("企业性质", lambda row: OWNERSHIPS.get(row["ownership"], "")),
                ("企业规模", lambda row: SIZES.get(row["size_class"], "")),
                ("关联关系", lambda row: RELATIONS.get(row["related_party"], "")),
                ("客户总公司", "parent_customer_id"),
                ("担保客户", "guarantor_customer_id"),
                ("对应组织", "counterparty_company_code"),
                ("付款条件", "payment_terms"),
                ("专营业务员", "sales_owner"),
                ("催收员", "collector"),
                ("停用日期", lambda row: "2026-06-30" if row["status"] == "closed" else ""),
                ("信用控制", lambda row: {"hold": "冻结", "legal": "诉讼"}.get(row["status"], "正常")),
                ("发展日期", "onboarded_on"),
                ("联系人", "contact_name"),
                ("手机", "contact_phone"),
                ("Email地址", "contact_email"),
                ("地址", "contact_address"),
            ),
        ),
        Sheet(
            "应收单列表",
            "document",
            (
                ("财务组织", "company_code"),
                ("单据号", "document_id"),
                ("单据类型", lambda row: BILL_TYPES[row["document_type"]]),
                ("客户编码", "customer_id"),
                ("单据日期", "document_date"),
                ("记账日期", "posting_date"),
                ("到期日", "due_date"),
                ("收付款协议", "payment_terms"),
                ("立账依据", lambda row: BASES[row["terms_basis"]]),
                ("客户收票日", "invoice_received_on"),
                ("验收日", "accepted_on"),
                ("发货日", "delivery_date"),
                ("币种", currency("currency")),
                ("原币金额", "amount"),
                ("本币金额", "functional_amount"),
                ("税额", "tax_amount"),
                ("客户订单号", "reference"),
                ("订单号", "sales_order"),
                ("合同编码", "contract_id"),
                ("项目", "project"),
                ("业务员", "salesperson"),
                ("红冲原单据号", "replaces_document_id"),
                ("开票单据号", "billed_by_document_id"),
                ("科目编码", "control_account"),
                ("审核人", lambda row: "审核员"),
                ("作废", lambda row: "Y" if row["is_cancelled"] == "true" else "N"),
                ("作废日期", "cancelled_on"),
            ),
        ),
        Sheet(
            "收款协议明细",
            "instalment",
            (
                ("财务组织", "company_code"),
                ("单据号", "document_id"),
                ("期号", "instalment_no"),
                ("到期日", "due_date"),
                ("应收金额", "amount"),
                ("是否质保金", lambda row: "是" if row["kind"] == "retention" else "否"),
                ("质保到期日", "unconditional_on"),
            ),
        ),
        Sheet(
            "收款单列表",
            "receipt",
            (
                ("财务组织", "company_code"),
                ("单据号", "receipt_id"),
                ("客户编码", "customer_id"),
                ("单据日期", "receipt_date"),
                ("记账日期", "posting_date"),
                ("入账日期", "cleared_on"),
                ("币种", currency("currency")),
                ("原币金额", "amount"),
                ("本币金额", "functional_amount"),
                ("结算方式", lambda row: SETTLE_TYPES[row["method"]]),
                ("票据号", "bill_id"),
                ("票据到期日", "maturity_date"),
                ("承兑人", "acceptor"),
                ("承兑人性质", lambda row: ACCEPTORS[row["acceptor_kind"]]),
                ("资金状态", lambda row: STATUSES[row["status"]]),
                ("状态日期", "status_date"),
                ("本单位银行账号", "bank_account"),
                ("科目编码", "control_account"),
                ("摘要", "reference"),
                ("审核人", lambda row: "审核员"),
            ),
        ),
        Sheet(
            "核销明细",
            "allocation",
            (
                ("财务组织", "company_code"),
                ("核销号", "allocation_id"),
                ("处理类型", lambda row: MATCH_TYPES[row["from_kind"]]),
                ("对方单据号", "from_id"),
                ("本方单据大类", lambda row: MATCHED[row["to_kind"]]),
                ("本方单据号", "to_id"),
                ("期号", "to_instalment_no"),
                ("核销日期", "allocated_on"),
                ("原币核销金额", "amount"),
                ("对方原币金额", "from_amount"),
                ("本币差额", "functional_amount"),
                ("备注", "reason"),
                ("审批人", "approved_by"),
                ("审批日期", "approved_on"),
                ("是否取消", lambda row: "是" if row["is_reversal"] == "true" else "否"),
                ("被取消核销号", "reverses_allocation_id"),
            ),
        ),
        Sheet(
            "外币汇率",
            "fx_rate",
            (
                ("日期", "rate_date"),
                ("源币种", currency("from_currency")),
                ("目的币种", currency("to_currency")),
                ("汇率", lambda row: row["rate"]),
                (
                    "类型",
                    lambda row: {"booked": "记账汇率", "average": "平均汇率"}.get(
                        row["rate_type"], "调整汇率"
                    ),
                ),
                ("来源", "source"),
            ),
        ),
        Sheet(
            "科目余额",
            "gl_balance",
            (
                ("财务组织", "company_code"),
                ("科目编码", "account"),
                ("科目性质", lambda row: ROLES[row["account_role"]]),
                ("日期", "balance_date"),
                ("币种", currency("currency")),
                ("余额", "balance"),
            ),
        ),
    ),
)
