"""File names that every system takes, and amounts in capital Chinese numerals."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.chinese_amount import in_capitals
from documents.file_names import safe, statement_file

IDS = [
    "K1",
    "k1",
    "A/B",
    "A:B",
    "A?B",
    "A-B",
    "A B",
    "",
    ".",
    "..",
    "客户一",
    "客户二",
    "CON",
    "ß",
    "ẞ",
    "a" * 300,
    "a" * 301,
]


def _file(*ids: str) -> str:
    return statement_file(
        ids,
        first_day=date(2026, 6, 1),
        last_day=date(2026, 6, 30),
        language="zh",
        copy="customer",
        extension="pdf",
    )


def test_a_plain_id_stands_in_the_name_as_it_is() -> None:
    assert _file("CN01", "K00012") == "statement_CN01_K00012_2026-06-01_2026-06-30_zh.pdf"


def test_ids_that_differ_have_names_that_differ_also_where_case_does_not_count() -> None:
    names = [safe(text).lower() for text in IDS]
    assert len(set(names)) == len(IDS)


@given(st.text(max_size=60))
def test_a_name_is_ascii_short_and_free_of_what_systems_refuse(text: str) -> None:
    name = _file("CN01", text)
    assert name.isascii()
    assert len(name) < 140
    assert not set(name) & set('/\\:*?"<>| \t\n')
    assert not name.startswith(("-", "."))


@given(st.text(max_size=12), st.text(max_size=12))
def test_no_two_ids_share_a_name(one: str, other: str) -> None:
    assert (safe(one).lower() == safe(other).lower()) == (one == other)


def test_company_and_customer_do_not_run_into_each_other() -> None:
    assert _file("A", "B-C") != _file("A-B", "C")
    assert _file("A_B", "C") != _file("A", "B_C")


# 支付结算办法, annex 1, and the corners of it
CAPITALS = {
    "1409.50": "人民币壹仟肆佰零玖元伍角整",
    "6007.14": "人民币陆仟零柒元壹角肆分",
    "1680.32": "人民币壹仟陆佰捌拾元叁角贰分",
    "107000.53": "人民币壹拾万柒仟元伍角叁分",
    "16409.02": "人民币壹万陆仟肆佰零玖元零贰分",
    "325.04": "人民币叁佰贰拾伍元零肆分",
    "0.00": "人民币零元整",
    "0.05": "人民币伍分",
    "0.50": "人民币伍角整",
    "10.00": "人民币壹拾元整",
    "100000000.00": "人民币壹亿元整",
    "100000001.00": "人民币壹亿零壹元整",
    "1234500000000.00": "人民币壹万贰仟叁佰肆拾伍亿元整",
    "-545.00": "人民币负伍佰肆拾伍元整",
}


@pytest.mark.parametrize(("amount", "text"), CAPITALS.items())
def test_an_amount_in_capitals_follows_the_rules_of_payment(amount: str, text: str) -> None:
    assert in_capitals(Decimal(amount), currency="CNY") == text


def test_a_currency_without_a_name_is_not_guessed() -> None:
    assert in_capitals(Decimal("1.00"), currency="XTS") is None
