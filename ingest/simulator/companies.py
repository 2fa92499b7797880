"""The two companies of the demo group.

Belongs here: their books, accounts and people, and how large each is. Does not: customers and events.
"""

from ingest.simulator.model import Company

CHINA = Company(
    code="CN01",
    name="远衡工业设备（苏州）有限公司",
    functional="CNY",
    time_zone="Asia/Shanghai",
    country="CN",
    source="erp_cn",
    trade_account="1122",
    contract_asset_account="1473",
    unbilled_account="1122.99",
    other_account="1221",
    contra_accounts={
        "revenue": "6001",
        "tax": "2221.01",
        "bank": "1002",
        "discount": "6603.02",
        "write_off": "6702",
        "offset": "2202",
        "fx_difference": "6603.03",
        "opening": "4104",
        "revaluation": "6603.04",
        "bill": "1121",
        "certificate": "1124",
        "borrowing": "2001",
        "continuing_involvement": "2241.09",
        "payable": "2202",
        "factor": "1221.07",
        "financing_cost": "6603.01",
    },
    tax_per_mille=130,
    bank_accounts={
        "CNY": "3100660001018800001",
        "USD": "3100660001018800002",
        "EUR": "3100660001018800003",
    },
    sister="EU01",
    approvers=("陈立群", "许静怡"),
    bank_charge_text="银行手续费",
)

EUROPE = Company(
    code="EU01",
    name="Yuanheng Industrial Europe GmbH",
    functional="EUR",
    time_zone="Europe/Berlin",
    country="DE",
    source="erp_eu",
    trade_account="1200",
    contract_asset_account="1480",
    unbilled_account="1490",
    other_account="1300",
    contra_accounts={
        "revenue": "4400",
        "tax": "3806",
        "bank": "1800",
        "discount": "4730",
        "write_off": "6930",
        "offset": "3300",
        "fx_difference": "4840",
        "opening": "9000",
        "revaluation": "4845",
        "bill": "1230",
        "certificate": "1235",
        "borrowing": "3150",
        "continuing_involvement": "3500",
        "payable": "3300",
        "factor": "1340",
        "financing_cost": "7300",
    },
    tax_per_mille=190,
    bank_accounts={
        "EUR": "DE02500105170137075030",
        "USD": "DE88500700100175526303",
        "CNY": "DE12500105170648489890",
    },
    sister="CN01",
    approvers=("K. Brandt", "M. Olsen"),
    bank_charge_text="bank charges",
)

COMPANIES = (CHINA, EUROPE)
GROUP = "YUANHENG"
# of the customers and documents, in thousandths
SHARES = {"CN01": 620, "EU01": 380}
