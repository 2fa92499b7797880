"""Which customers are proposed to be one, by which reasons, and what is held against it.

Belongs here: hand-made pairs for every reason and doubt, and properties of the whole. Must not: the file of decisions.
"""

import random
import time
from collections.abc import Iterable
from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.crosswalk import COLUMNS, MOST_NAMES_OF_A_NUMBER, PROPOSED_FROM, propose
from analytics.customer_names import comparable, similarity

SUZHOU, SHANGHAI = "远衡工业设备（苏州）有限公司", "远衡工业设备（上海）有限公司"
KNOWN = ("company_code", "customer_id", "party_company_code", "party_id", "decision")


def customer(customer_id: str, **columns: Any) -> dict[str, Any]:
    row = {
        "company_code": "CN01",
        "customer_id": customer_id,
        "name": f"客户{customer_id}号工厂",
        "tax_id": None,
    }
    return {**row, "country": "CN", "customer_type": "enterprise", "onboarded_on": None, **columns}


def proposals(
    *customers: dict[str, Any],
    accounts: Iterable[tuple[str, str]] = (),
    known: Iterable[tuple[str, str, str, str, str]] = (),
) -> list[dict[str, Any]]:
    schema = {**dict.fromkeys(customer("1"), pl.String()), "onboarded_on": pl.Date()}
    return propose(
        pl.DataFrame(list(customers), schema=schema),
        pl.DataFrame(list(accounts), schema={"name": pl.String(), "account": pl.String()}, orient="row"),
        pl.DataFrame(list(known), schema=dict.fromkeys(KNOWN, pl.String()), orient="row"),
    ).to_dicts()


def only(*customers: dict[str, Any], **options: Any) -> dict[str, Any]:
    (proposal,) = proposals(*customers, **options)
    return proposal


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (SUZHOU, "远衡工业设备(苏州) 有限责任公司"),
        (SUZHOU, "远衡工业设备苏州股份有限公司"),
        ("远衡集团有限公司", "远衡有限公司"),
        ("成都远洋电子科技股份有限公司", "成都远洋电子科技股份"),
        ("Nordfeld Machinery GmbH", "ＮＯＲＤＦＥＬＤ　machinery"),
        ("Nordfeld Machinery GmbH & Co. KG", "Nordfeld-Machinery AG"),
        ("Marchetti S.p.A.", "MARCHETTI SPA"),
        ("Vandermeer B.V.", "Vandermeer bv"),
        ("Shenzhen Jinqiao Co.,Ltd.", "Shenzhen Jinqiao Limited"),
        ("Lindqvist AB", "Lindqvist"),
        ("Kestrel, LLC", "Kestrel Inc."),
        ("Müller Automotive (Berlin) GmbH", "Muller Automotive GmbH (Berlin)"),
        ("Zielinski Sp. z o.o.", "Zielinski"),
    ],
)
def test_spelling_and_legal_form_do_not_tell_two_names_apart(one: str, other: str) -> None:
    assert comparable(one).core == comparable(other).core != ""
    assert only(customer("1", name=one), customer("2", name=other))["reasons"] == ["name"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (SUZHOU, SHANGHAI),
        ("中铁十二局集团第一工程有限公司", "中铁十二局集团第二工程有限公司"),
        ("Oakridge Distribution Centre 12 Ltd", "Oakridge Distribution Centre 13 Ltd"),
        ("Nordfeld International Machinery (Suzhou)", "Nordfeld International Machinery (Suzhoo)"),
    ],
)
def test_branches_and_numbered_works_are_different_customers(one: str, other: str) -> None:
    assert proposals(customer("1", name=one), customer("2", name=other)) == []


@pytest.mark.parametrize("name", ["散客", "Cash sales", "N/A", "有限公司", "", None])
def test_a_name_for_nobody_in_particular_is_no_reason(name: str | None) -> None:
    assert proposals(customer("1", name=name), customer("2", name=name)) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("91320594MA1000001X", "91320594-ma 1000001x"),
        ("91320594MA1000001X", "９１３２０５９４ＭＡ１０００００１Ｘ"),
        # the organisation code of the number before 2015 is part of the credit code
        ("91320594MA100001XY", "320594MA100001X"),
        ("DE123456780", "123456780"),
    ],
)
def test_the_same_tax_id_in_another_spelling_is_a_strong_reason(one: str, other: str) -> None:
    country = "DE" if one.startswith("DE") else "CN"
    found = only(
        customer("1", tax_id=one, country=country, name=SUZHOU),
        customer("2", tax_id=other, country=country, name=SUZHOU),
    )
    assert (found["reasons"], found["doubts"], found["score"]) == (["tax_id", "name"], [], 100)


@pytest.mark.parametrize(
    "tax_id",
    [
        "0000000000",
        "111111111111111",
        "无",
        "N/A",
        "-",
        "",
        None,
        "12345",
        "123456789",
        "AAAAAAAA",
        "DE000000000",
    ],
)
def test_a_placeholder_is_no_tax_id(tax_id: str | None) -> None:
    assert proposals(customer("1", tax_id=tax_id), customer("2", tax_id=tax_id)) == []


def test_a_tax_id_under_many_names_belongs_to_nobody() -> None:
    many = [
        customer(str(n), name=f"{'甲乙丙丁戊己庚辛壬癸子'[n]}号独立工厂", tax_id="9199887766")
        for n in range(11)
    ]
    assert len(many) > MOST_NAMES_OF_A_NUMBER
    assert proposals(*many) == []
    assert len(proposals(*many[:10])) == 9


def test_a_tax_id_is_never_shown_whole_and_neither_is_the_name_of_a_person() -> None:
    identity = "320501198001011234"
    person = {"tax_id": identity, "name": "王小明", "customer_type": "individual"}
    found = only(customer("1", **person), customer("2", **{**person, "name": "王晓明"}))
    assert found["reasons"] == ["tax_id"]
    assert found["doubts"] == ["different_name"]
    text = str(found)
    assert "32****34" in text
    assert not any(secret in text for secret in (identity, identity[2:-2], "小明", "晓明"))
    other = customer("3", name=SUZHOU, tax_id="91320594MA1000001X")
    found = only(other, customer("4", name=SUZHOU, tax_id="91320594MA2222222X"))
    assert not any(row in str(found) for row in ("MA1000001", "MA2222222"))


def test_the_same_name_with_other_tax_ids_is_said_and_counts_less() -> None:
    alike = only(customer("1", name=SUZHOU), customer("2", name=SUZHOU))
    doubtful = only(
        customer("1", name=SUZHOU, tax_id="91320594MA1000001X"),
        customer("2", name=SUZHOU, tax_id="91320594MA2222222X"),
    )
    assert (alike["score"], doubtful["score"]) == (50, 10)
    assert doubtful["doubts"] == ["different_tax_id"]
    assert doubtful["sentence_en"].startswith(
        "same name 远衡工业设备（苏州）有限公司; but tax ids differ: 91****2X"
    )
    assert doubtful["sentence_zh"].startswith(
        "名称相同（远衡工业设备（苏州）有限公司）；但税号不同（91****2X、"
    )


def test_tax_ids_of_two_countries_do_not_contradict_but_the_countries_do() -> None:
    found = only(
        customer("1", name="Nordfeld Machinery GmbH", country="DE", tax_id="DE912345670"),
        customer("2", name="Nordfeld Machinery SAS", country="FR", tax_id="FR887766554"),
    )
    assert (found["doubts"], found["score"]) == (["different_country"], 25)
    assert "countries differ" in found["sentence_en"]


def test_one_account_under_two_names_is_a_reason() -> None:
    old, new = customer("1", name="华腾机械厂"), customer("2", name="瑞丰装备制造有限公司")
    paid = [("华腾机械厂", "6228 0000 1111 2222"), ("瑞丰装备制造有限公司", "6228-0000-1111-2222")]
    found = only(old, new, accounts=paid)
    assert (found["reasons"], found["doubts"], found["score"]) == (["bank_account"], [], 40)
    assert "6228000011112222" not in str(found)


@pytest.mark.parametrize(
    "paid",
    [
        # the bank knows one name: it says nothing beyond the name
        [("华腾机械厂", "62280000"), ("华腾机械厂", "62280001")],
        # digits are hidden
        [("华腾机械厂", "6228****2222"), ("瑞丰装备制造", "6228****2222")],
        # too short for an account
        [("华腾机械厂", "12"), ("瑞丰装备制造", "12")],
        # a payment platform pays for everybody
        [(name, "62280000") for name in ("华腾机械厂", "瑞丰装备制造", *(f"付款人{n}" for n in range(10)))],
    ],
)
def test_an_account_that_tells_nothing_is_no_reason(paid: list[tuple[str, str]]) -> None:
    assert (
        proposals(customer("1", name="华腾机械厂"), customer("2", name="瑞丰装备制造"), accounts=paid) == []
    )


def test_the_account_of_customers_of_one_name_is_not_counted_beside_the_name() -> None:
    found = only(
        customer("1", name="华腾机械厂"),
        customer("2", name="华腾机械厂"),
        accounts=[("华腾机械厂", "62280000")],
    )
    assert found["reasons"] == ["name"]


def test_ids_equal_apart_from_leading_zeros_are_proposed_inside_a_company_only() -> None:
    found = only(customer("00123", name=None), customer("123"))
    assert (found["reasons"], found["customer_id"], found["party_id"]) == (["leading_zeros"], "123", "00123")
    assert proposals(customer("00123"), customer("123", company_code="CN02")) == []
    assert proposals(customer("1230"), customer("123")) == []
    assert only(customer("000", name=None), customer("0"))["reasons"] == ["leading_zeros"]
    # beside another reason it counts across companies too
    found = only(customer("00123", name=SUZHOU), customer("123", name=SUZHOU, company_code="CN02"))
    assert (found["reasons"], found["score"]) == (["name", "leading_zeros"], 65)


def test_a_near_name_alone_proposes_from_a_threshold_on() -> None:
    # one character of 14 and one of 8: 0.93 and 0.88
    near, far = ("Thornburyworks Ltd", "Thornburywerks Ltd"), ("Thornbru Ltd", "Thornbry Ltd")
    assert only(customer("1", name=near[0]), customer("2", name=near[1]))["reasons"] == ["near_name"]
    assert proposals(customer("1", name=far[0]), customer("2", name=far[1])) == []
    assert similarity(comparable(far[0]), comparable(far[1])) == pytest.approx(0.875)
    # below it, it adds to another reason
    found = only(customer("01", name=far[0]), customer("1", name=far[1]))
    assert found["reasons"] == ["leading_zeros", "near_name"]


def test_a_near_name_does_not_outweigh_other_tax_ids() -> None:
    one, other = customer("1", name="Thornburyworks Ltd"), customer("2", name="Thornburywerks Ltd")
    assert proposals(one | {"tax_id": "91887766"}, other | {"tax_id": "91887767"}) == []


def test_people_of_one_name_are_many() -> None:
    assert proposals(customer("1", name="王伟"), customer("2", name="王伟")) == []
    assert proposals(*(customer(n, name="欧阳志强", customer_type="individual") for n in "12")) == []
    assert only(customer("01", name="王伟"), customer("1", name="王伟"))["reasons"] == [
        "leading_zeros",
        "person_name",
    ]
    # 华为 is as short, and its legal form says that it is nobody's name
    assert only(customer("1", name="华为有限公司"), customer("2", name="华为有限责任公司"))["reasons"] == [
        "name"
    ]


@pytest.mark.parametrize(
    ("days", "main"),
    [((None, None), "A1"), ((date(2020, 1, 1), date(2019, 1, 1)), "B1"), ((None, date(2030, 1, 1)), "B1")],
)
def test_the_main_id_is_the_one_onboarded_first_then_the_smaller(
    days: tuple[date | None, date | None], main: str
) -> None:
    pair = [
        customer(number, name=SUZHOU, onboarded_on=day)
        for number, day in zip(("A1", "B1"), days, strict=True)
    ]
    assert only(*pair)["party_id"] == main


def test_many_of_one_name_are_asked_about_one_by_one() -> None:
    found = proposals(*(customer(f"K{n}", name=SUZHOU) for n in range(5)))
    assert [(row["customer_id"], row["party_id"]) for row in found] == [(f"K{n}", "K0") for n in range(1, 5)]


def test_what_is_confirmed_is_one_party_with_all_that_is_known_of_it() -> None:
    # K2 is K1 by a person's word; K3 knows only the tax id of K2
    rows = [
        customer("K1", name=SUZHOU),
        customer("K2", tax_id="91320594MA1000001X", onboarded_on=date(2000, 1, 1)),
    ]
    rows.append(customer("K3", tax_id="91320594MA1000001X"))
    found = only(*rows, known=[("CN01", "K2", "CN01", "K1", "same")])
    assert (found["customer_id"], found["party_id"]) == ("K3", "K1")


def test_what_is_decided_different_is_asked_about_with_the_next_one_only() -> None:
    rows = [customer(number, name=SUZHOU) for number in ("K1", "K2", "K3")]
    apart = [("CN01", "K2", "CN01", "K1", "different"), ("CN01", "K1", "CN01", "K3", "different")]
    assert [(row["customer_id"], row["party_id"]) for row in proposals(*rows, known=apart)] == [("K3", "K2")]
    assert proposals(*rows, known=[*apart, ("CN01", "K3", "CN01", "K2", "same")]) == []


def test_nothing_gives_an_empty_frame_of_the_same_shape() -> None:
    empty = pl.DataFrame(schema={**dict.fromkeys(customer("1"), pl.String()), "onboarded_on": pl.Date()})
    accounts = pl.DataFrame(schema={"name": pl.String(), "account": pl.String()})
    found = propose(empty, accounts, pl.DataFrame(schema=dict.fromkeys(KNOWN, pl.String())))
    assert (found.height, dict(found.schema)) == (0, COLUMNS)


def test_the_cost_grows_with_the_customers_and_not_with_their_pairs() -> None:
    def seconds(count: int) -> float:
        rows = [
            customer(f"{n:06d}", name=SUZHOU if n % 2 else f"{chr(0x4E00 + n)}{chr(0x5E00 + n)}机械")
            for n in range(count)
        ]
        paid = [(row["name"], f"6228{n:08d}") for n, row in enumerate(rows)]
        started = time.process_time()
        proposals(*rows, accounts=paid)
        return time.process_time() - started

    # quadratic would be 64 times
    assert seconds(4000) < 24 * max(seconds(500), 0.02)


@st.composite
def worlds(draw: st.DrawFn) -> tuple[list[dict[str, Any]], list[tuple[str, str]]]:
    names = [
        SUZHOU,
        SHANGHAI,
        "远衡工业设备苏州",
        "华腾机械厂",
        "Thornburyworks Ltd",
        "Thornburywerks",
        "王伟",
        None,
    ]
    keys = draw(
        st.lists(
            st.tuples(
                st.sampled_from(["CN01", "EU01"]), st.sampled_from(["1", "01", "001", "2", "02", "K3", "K4"])
            ),
            unique=True,
            max_size=9,
        )
    )
    rows = [
        customer(
            number,
            company_code=company,
            name=draw(st.sampled_from(names)),
            tax_id=draw(
                st.sampled_from([None, "无", "91320594MA1000001X", "91320594MA2222222X", "DE912345670"])
            ),
            country=draw(st.sampled_from([None, "CN", "DE"])),
            customer_type=draw(st.sampled_from(["enterprise", "individual"])),
            onboarded_on=draw(st.sampled_from([None, date(2020, 1, 1), date(2021, 1, 1)])),
        )
        for company, number in keys
    ]
    payers = st.tuples(
        st.sampled_from([name for name in names if name]), st.sampled_from(["62280000", "62280001"])
    )
    return rows, draw(st.lists(payers, max_size=6))


@given(worlds(), st.randoms(use_true_random=False))
@settings(max_examples=150)
def test_the_order_of_rows_never_matters_and_a_pair_is_proposed_once(
    world: tuple[list[dict[str, Any]], list[tuple[str, str]]], order: random.Random
) -> None:
    rows, paid = world
    found = proposals(*rows, accounts=paid)
    order.shuffle(rows)
    order.shuffle(paid)
    assert proposals(*rows, accounts=paid) == found
    pairs = [_pair(row) for row in found]
    assert len(set(pairs)) == len(pairs)
    assert all(len(pair) == 2 for pair in pairs)
    assert all(1 <= row["score"] <= 100 and row["reasons"] for row in found)
    assert PROPOSED_FROM > 0


@given(worlds(), st.randoms(use_true_random=False))
@settings(max_examples=150)
def test_whatever_is_decided_is_never_asked_again_and_the_questions_end(
    world: tuple[list[dict[str, Any]], list[tuple[str, str]]], person: random.Random
) -> None:
    rows, paid = world
    known: list[tuple[str, str, str, str, str]] = []
    asked: set[frozenset[tuple[str, str]]] = set()
    while found := proposals(*rows, accounts=paid, known=known):
        assert not asked & {_pair(row) for row in found}
        row = person.choice(found)
        asked.add(_pair(row))
        # written down in either direction where it is `different`
        ends = [(row["company_code"], row["customer_id"]), (row["party_company_code"], row["party_id"])]
        decision = person.choice(["same", "different"])
        one, other = ends if decision == "same" or person.random() < 0.5 else ends[::-1]
        known.append((*one, *other, decision))
    assert len(known) <= len(rows) * len(rows)


def _pair(row: dict[str, Any]) -> frozenset[tuple[str, str]]:
    return frozenset(
        ((row["company_code"], row["customer_id"]), (row["party_company_code"], row["party_id"]))
    )
