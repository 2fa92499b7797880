"""Statements as CSV and Excel that other projects test against (../shared/data/bank_statements): each file as lines.

Belongs here: which profile reads each file, and what comes of it, beside another program's parse. Must not: rules of
profiles (tests/ingest/test_tables.py), the banks' own formats (test_corpus.py).
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from ingest.formats import UnreadableFile
from ingest.profiles import PROFILE_FOLDER, Profile, load_profile, profile_names
from tests.ingest.tables import Fed, feed, statements
from tests.kit.shared import needs_shared, shared_folder

pytestmark = [pytest.mark.shared, needs_shared("data", "bank_statements")]

D = Decimal
OWN_PROFILES = Path(__file__).with_name("own_profiles")
CONSTANTS = {"company_code": "C1", "account": "A1", "currency": "CNY"}

DEG = "deb-sig+double-entry-generator/example"
OCA = "OCA+bank-statement-import/account_statement_import_sheet_file/tests/fixtures"

NOT_A_STATEMENT = {
    f"csv/{DEG}/huobi/example-huobi-records.csv": "trades of a crypto exchange: pairs and quantities",
    f"csv/{DEG}/oklink/example-oklink-token-transfer.csv": "transfers of tokens on a chain",
    f"xlsx/{DEG}/htsec/example-htsec-records.xlsx": "trades of a securities account",
    "csv/heyeshuang+beancount-homemade-importers/documents.tmp/youqian-example.csv": (
        "notes of an expense app over several accounts, without what was money in or out"
    ),
}


@dataclass(frozen=True)
class Expected:
    """`balances`: for each statement of running balances, closing - opening - lines."""

    profile: str
    lines: int
    set_aside: Counter[str] = field(default_factory=Counter)
    balances: tuple[str | None, ...] = ()


EXPECTED = {
    # these samples were altered, so that their balances do not follow from each other
    f"csv/{DEG}/abc_debit/example-abc_debit-records.csv": Expected("bank_cn", 5, balances=("1479.23",)),
    f"csv/{DEG}/bocom_debit/example-bocom_debit-records.csv": Expected("bank_cn", 6, balances=("-900.45",)),
    f"csv/{DEG}/cmb/debit/example-cmb-records.csv": Expected("bank_cn", 5, balances=("822.70",)),
    # their balances are blacked out: xx,yyyy.zz
    f"csv/{DEG}/icbc/debit-v1/example-icbc-debit-v1-records.csv": Expected("bank_cn", 11),
    f"csv/{DEG}/icbc/debit-v2/example-icbc-debit-v2-records.csv": Expected("bank_cn", 11),
    f"csv/{DEG}/boc/debit/example-boc-records.csv": Expected("bank_cn", 17, balances=("0.00",)),
    f"csv/{DEG}/boc/credit/example-boc-records.csv": Expected("card_cn", 14),
    # lines in between were left out
    f"csv/{DEG}/icbc/credit/example-icbc-credit-records.csv": Expected("card_cn", 9, balances=("8026.78",)),
    f"csv/{DEG}/bocom_credit/example-bocom_credit-records.csv": Expected("card_cn", 8),
    f"csv/{DEG}/cgb_credit/example-cgb_credit-records.csv": Expected("card_cn", 4),
    f"csv/{DEG}/cmb/credit/example-cmb-records.csv": Expected(
        "card_cn", 0, Counter({"date_without_year booking_date": 6})
    ),
    # made up by hand: the balances in HKD do not follow from each other
    f"csv/{DEG}/hsbchk/debit/example-hsbchk-debit-records.csv": Expected(
        "hsbc_hk", 10, balances=("-16422.66", "0.00")
    ),
    f"csv/{DEG}/hsbchk/credit/example-hsbchk-credit-records.csv": Expected("hsbc_hk", 11),
    f"csv/{DEG}/alipay/example-alipay-records.csv": Expected("alipay", 10),
    f"csv/{DEG}/wechat/example-wechat-records.csv": Expected("wechat", 27),
    f"xlsx/{DEG}/wechat/example-wechat-records.xlsx": Expected("wechat", 27),
    f"csv/{DEG}/bmo/credit/example-bmo-records.csv": Expected("bmo", 3),
    f"csv/{DEG}/bmo/debit/example-bmo-records.csv": Expected("bmo", 4),
    # the newest line first, under days that were altered to run the other way; one balance is 2 cents out
    f"csv/{DEG}/td/example-td-records.csv": Expected("td", 9, balances=("-0.02",)),
    f"csv/{DEG}/mt/example-mt-records.csv": Expected("meituan", 29),
    f"csv/{DEG}/jd/example-jd-records.csv": Expected("jd", 26),
    "csv/fjacquet+camt-csv/internal/visecaparser/testdata/viseca.csv": Expected("viseca", 9),
    f"csv/{OCA}/balance.csv": Expected("sheet", 2, balances=("0.00",)),
    f"csv/{OCA}/debit_credit.csv": Expected("sheet", 2, balances=("0.00",)),
    f"csv/{OCA}/debit_credit_amount.csv": Expected("sheet", 4, balances=("0.00",)),
    f"csv/{OCA}/empty_statement_en.csv": Expected("sheet", 0),
    f"csv/{OCA}/multi_currency.csv": Expected("sheet", 2),
    f"csv/{OCA}/original_currency.csv": Expected("sheet", 1),
    f"csv/{OCA}/original_currency_empty.csv": Expected("sheet", 1),
    f"csv/{OCA}/sample_statement_en.csv": Expected("sheet", 2),
    f"csv/{OCA}/sample_statement_credit_card_inverse_sign_en.csv": Expected("sheet_card", 2),
    f"csv/{OCA}/original_currency_no_header.csv": Expected("sheet_bare", 1),
    f"csv/{OCA}/meta_data_separated_credit_debit.csv": Expected("sheet_fr", 4),
    f"xlsx/{OCA}/empty_statement_en.xlsx": Expected("sheet", 0),
    f"xlsx/{OCA}/sample_statement_en.xlsx": Expected("sheet", 2),
    f"xlsx/{OCA}/meta_data_separated_credit_debit.xlsx": Expected("sheet_fr", 4),
    f"xlsx/{OCA}/sample_statement_en_empty_values.xlsx": Expected("sheet_es", 3, balances=("0.00",)),
}


def _folder() -> Path:
    return shared_folder() / "data" / "bank_statements"


def _profile(name: str) -> Profile:
    folder = OWN_PROFILES if name in profile_names(OWN_PROFILES) else PROFILE_FOLDER
    return load_profile(name, folder=folder)


def _lines(name: str) -> Fed:
    profile = _profile(EXPECTED[name].profile)
    return feed(_folder() / name, profile=profile, entity="bank_transaction", constants=CONSTANTS)


def _differences(name: str) -> Iterator[str | None]:
    profile = _profile(EXPECTED[name].profile)
    for row in statements(_folder() / name, profile=profile, constants=CONSTANTS):
        ends = (row["closing_balance"], row["opening_balance"])
        yield None if None in ends else str(D(ends[0]) - D(ends[1]) - D(row["line_total"]))


def test_every_file_of_the_corpus_is_read_or_named_as_no_statement() -> None:
    files = [p for kind in ("csv", "xlsx") for p in (_folder() / kind).rglob("*") if p.is_file()]
    assert {p.relative_to(_folder()).as_posix() for p in files} == {*EXPECTED, *NOT_A_STATEMENT}


@pytest.mark.parametrize("name", EXPECTED)
def test_a_file_gives_these_lines_and_balances(name: str) -> None:
    fed, expected = _lines(name), EXPECTED[name]
    assert len(fed.accepted) == expected.lines
    assert Counter(f"{reason} {column}" for reason, column, _ in fed.faults) == expected.set_aside
    assert tuple(_differences(name)) == expected.balances


@pytest.mark.parametrize("name", NOT_A_STATEMENT)
@pytest.mark.parametrize("profile", ["bank_cn", "card_cn", "hsbc_hk", "alipay", "wechat"])
def test_what_is_no_statement_is_refused(name: str, profile: str) -> None:
    with pytest.raises((UnreadableFile, AssertionError)) as refusal:
        feed(_folder() / name, profile=_profile(profile), entity="bank_transaction", constants=CONSTANTS)
    assert refusal.value


@dataclass(frozen=True)
class Compared:
    """Another program's parse of a file.

    `own`: its accounts that are ours, so that the sign can be told; None compares without sign, as the wallets pay from
    many accounts. `day`: our date that it took. `ours` and `theirs` are what only one of the two has, and `why`.
    """

    output: str
    own: str | None
    day: str = "booking_date"
    ours: tuple[str, ...] = ()
    theirs: tuple[str, ...] = ()
    why: str = ""


WALLETS_LEFT_OUT = "their rules leave out what Alipay and WeChat paid, as it is in the files of those"
ZERO_BETWEEN_POCKETS = (
    "what is neither income nor expense is a line of 0.00 here, and moves between pockets there"
)

COMPARED = {
    f"csv/{DEG}/abc_debit/example-abc_debit-records.csv": Compared(
        "abc_debit/example-abc_debit-output.beancount", "Assets:ABC"
    ),
    f"csv/{DEG}/bocom_debit/example-bocom_debit-records.csv": Compared(
        "bocom_debit/example-bocom_debit-output.beancount", "Assets:DebitCard"
    ),
    f"csv/{DEG}/cmb/debit/example-cmb-records.csv": Compared(
        "cmb/debit/example-cmb-debit-output.beancount", "Assets:DebitCard"
    ),
    f"csv/{DEG}/icbc/debit-v1/example-icbc-debit-v1-records.csv": Compared(
        "icbc/debit-v1/example-icbc-debit-v1-output.beancount",
        "Assets:Bank:CN:ICBC",
        ours=("2023-02-08 1.04", "2023-02-09 -24.00", "2023-02-28 341.58", "2023-04-25 -1234.56"),
        why=WALLETS_LEFT_OUT + ", and the payment of the card, which is in the file of the card",
    ),
    f"csv/{DEG}/icbc/debit-v2/example-icbc-debit-v2-records.csv": Compared(
        "icbc/debit-v2/example-icbc-debit-v2-output.beancount",
        "Assets:Bank:CN:ICBC",
        ours=("2023-02-08 1.04", "2023-02-09 -24.00", "2023-02-28 341.58", "2023-04-25 -1234.56"),
        why=WALLETS_LEFT_OUT + ", and the payment of the card, which is in the file of the card",
    ),
    f"csv/{DEG}/icbc/credit/example-icbc-credit-records.csv": Compared(
        "icbc/credit/example-icbc-credit-output.beancount",
        "Liabilities:Bank",
        ours=(
            "2023-03-20 -22.00",
            "2023-04-22 -238.00",
            "2023-05-02 -17.32",
            "2023-05-05 -18.00",
            "2023-05-05 -26.00",
        ),
        why=WALLETS_LEFT_OUT,
    ),
    f"csv/{DEG}/boc/debit/example-boc-records.csv": Compared(
        "boc/debit/example-boc-debit-output.beancount",
        "Assets:DC:BoC",
        ours=(
            "2025-08-03 -196.90",
            "2025-08-04 3000.00",
            "2025-08-06 -16.00",
            "2025-08-07 -15.48",
            "2025-08-09 -13.50",
            "2025-08-19 -60.00",
            "2025-08-22 -326.00",
            "2025-08-22 -50.00",
            "2025-08-22 50.00",
        ),
        why=WALLETS_LEFT_OUT,
    ),
    f"csv/{DEG}/boc/credit/example-boc-records.csv": Compared(
        "boc/credit/example-boc-credit-output.beancount",
        "Liabilities:CC:BoC|Assets:[A-Z]+$",
        ours=(
            "2024-12-16 -0.59",
            "2024-12-20 0.01",
            "2024-12-20 361.19",
            "2024-12-22 -68.19",
            "2024-12-25 -448.32",
            "2024-12-25 -468.32",
            "2024-12-29 -131.77",
            "2024-12-31 -60.90",
        ),
        theirs=("2024-12-20 -0.01",),
        why="their rules leave out what wallets and JD paid, and a repayment (361.19); they take interest, which the"
        " bank has under 存入, for money out",
    ),
    f"csv/{DEG}/bocom_credit/example-bocom_credit-records.csv": Compared(
        "bocom_credit/example-bocom_credit-output.beancount", "Liabilities:BOCOM", day="value_date"
    ),
    f"csv/{DEG}/cgb_credit/example-cgb_credit-records.csv": Compared(
        "cgb_credit/example-cgb_credit-output.beancount", "Liabilities:CGB", day="value_date"
    ),
    f"csv/{DEG}/cmb/credit/example-cmb-records.csv": Compared(
        "cmb/credit/example-cmb-credit-output.beancount",
        "Liabilities:",
        day="value_date",
        theirs=(
            "2023-12-29 1.23",
            "2024-01-01 30.00",
            "2024-01-02 -56.78",
            "2024-01-03 3.90",
            "2024-01-05 -8000.00",
        ),
        why="the days have no year; they take it from the title and turn December back by a rule of thumb",
    ),
    f"csv/{DEG}/hsbchk/debit/example-hsbchk-debit-records.csv": Compared(
        "hsbchk/debit/example-hsbchk-debit-output.beancount",
        "Assets:Bank:HK",
        ours=("2025-03-24 -1.00",),
        why="their rules leave out one payee",
    ),
    f"csv/{DEG}/hsbchk/credit/example-hsbchk-credit-records.csv": Compared(
        "hsbchk/credit/example-hsbchk-credit-output.beancount", "Liabilities:", day="value_date"
    ),
    f"csv/{DEG}/alipay/example-alipay-records.csv": Compared(
        "alipay/example-alipay-output.beancount",
        None,
        ours=("2023-01-09 50.00", "2023-01-09 50.00", "2023-01-10 0.00", "2023-02-02 0.00"),
        theirs=("2023-02-02 99.34",),
        why="they drop a purchase and its refund as a pair (50.00, which add up to nothing here) and an order that was"
        " never paid (0.00 here); a sale of fund shares stays between pockets of the owner",
    ),
    f"csv/{DEG}/wechat/example-wechat-records.csv": Compared(
        "wechat/example-wechat-output.beancount",
        None,
        ours=(
            "2017-10-20 0.00",
            *("2020-02-14 0.00",) * 4,
            "2020-07-06 0.00",
            "2021-01-17 0.00",
        ),
        theirs=(
            "2017-10-20 548.58",
            "2020-02-14 1.23",
            "2020-02-14 10000.00",
            "2020-02-14 2634.78",
            "2020-02-14 3000.00",
            "2020-07-06 5505.00",
            "2021-01-17 2000.00",
        ),
        why=ZERO_BETWEEN_POCKETS,
    ),
    f"csv/{DEG}/bmo/credit/example-bmo-records.csv": Compared(
        "bmo/credit/example-bmo-credit-output.beancount", "Liabilities:", day="value_date"
    ),
    f"csv/{DEG}/bmo/debit/example-bmo-records.csv": Compared(
        "bmo/debit/example-bmo-debit-output.beancount", "Assets:DebitCard"
    ),
    f"csv/{DEG}/td/example-td-records.csv": Compared("td/example-td-output.beancount", "Assets:DebitCard"),
    f"csv/{DEG}/mt/example-mt-records.csv": Compared(
        "mt/example-mt-output.beancount",
        None,
        ours=(
            "2025-02-02 19.20",
            "2025-02-16 11.90",
            "2025-02-19 68.00",
            "2025-02-19 88.00",
            "2025-02-22 11.90",
            "2025-02-22 119.00",
            "2025-02-22 139.00",
            "2025-02-22 139.80",
            "2025-02-22 149.70",
            "2025-02-22 218.00",
            "2025-02-22 34.90",
        ),
        why="their rules leave out what WeChat paid, as it is in the file of WeChat",
    ),
    f"csv/{DEG}/jd/example-jd-records.csv": Compared(
        "jd/example-jd-output.beancount",
        None,
        ours=("2024-12-18 14.99", "2024-12-21 0.00", "2024-12-26 0.00", "2024-12-26 0.00"),
        why="their rules leave out what WeChat paid (14.99) and what was bought now to be paid later (0.00 here)",
    ),
}
COMPARED[f"xlsx/{DEG}/wechat/example-wechat-records.xlsx"] = COMPARED[
    f"csv/{DEG}/wechat/example-wechat-records.csv"
]


def _their_lines(compared: Compared) -> Counter[str]:
    """Day and amount of every transaction: what reached our accounts, or what was moved at all."""
    text = (_folder() / "expected/double-entry-generator/example" / compared.output).read_text(
        encoding="utf-8"
    )
    found: Counter[str] = Counter()
    for block in re.split(r"^(?=\d{4}-\d\d-\d\d \*)", text, flags=re.MULTILINE)[1:]:
        postings = re.findall(r"^\t([A-Z]\w+:\S+) (-?[0-9.]+) [A-Z]{3}$", block, flags=re.MULTILINE)
        amounts = [
            D(amount)
            for account, amount in postings
            if (D(amount) > 0 if compared.own is None else re.match(compared.own, account))
        ]
        found[f"{block[:10]} {sum(amounts, D('0.00'))}"] += 1
    return found


def _our_lines(name: str, compared: Compared) -> Counter[str]:
    found: Counter[str] = Counter()
    for row in _lines(name).accepted:
        day: date = row[compared.day] or row["booking_date"]
        amount: Decimal = row["amount"]
        found[f"{day} {amount if compared.own else abs(amount)}"] += 1
    return found


@pytest.mark.parametrize("name", COMPARED)
def test_lines_are_those_of_another_program(name: str) -> None:
    compared = COMPARED[name]
    ours, theirs = _our_lines(name, compared), _their_lines(compared)
    assert (tuple(sorted((ours - theirs).elements())), tuple(sorted((theirs - ours).elements()))) == (
        compared.ours,
        compared.theirs,
    ), compared.why
