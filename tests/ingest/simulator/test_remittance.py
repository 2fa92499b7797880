"""What payers write: each wording keeps its word, whatever is paid.

Belongs here: `ingest.simulator.remittance` on payments made by hand, drawn often enough to show every kind. Must not:
bank lines of a simulated company (test_truth.py).
"""

from collections import defaultdict
from random import Random

import pytest

from ingest.simulator.model import Claim, Customer, World
from ingest.simulator.remittance import Remittance, remit
from tests.ingest.simulator.factories import DUE, make_customer, make_invoice

DRAWS = 3_000


def remittances(
    customer: Customer, world: World, numbers: list[str], *, others: tuple[str, ...] = ()
) -> dict[str, list[Remittance]]:
    """Many remittances of one payment, by kind of text."""
    claims = [Claim(make_invoice(world, customer, number, 100), 100, DUE) for number in numbers]
    rng = Random("remittance")
    found: dict[str, list[Remittance]] = defaultdict(list)
    for _ in range(DRAWS):
        drawn = remit(customer, claims, others={*numbers, *others}, is_foreign=True, rng=rng)
        found[drawn.kind].append(drawn)
    return found


@pytest.fixture
def world() -> World:
    return World()


def test_a_range_stands_for_neighbours_of_other_customers(world: World) -> None:
    found = remittances(make_customer(world), world, ["AR24000101", "AR24000117"])
    assert {each.text for each in found["range"]} == {"付货款 AR24000101-17"}


@pytest.mark.parametrize("between", ["AR24000102", "AR24000110"])
def test_nobody_writes_a_range_over_an_invoice_of_its_own(world: World, between: str) -> None:
    found = remittances(make_customer(world), world, ["AR24000101", "AR24000117"], others=(between,))
    assert found["plain"] and "range" not in found


def test_a_range_holds_documents_of_one_kind(world: World) -> None:
    assert "range" not in remittances(make_customer(world), world, ["AR24000101", "JX24000003"])


def test_two_instalments_of_an_invoice_are_one_number(world: World) -> None:
    customer = make_customer(world)
    invoice = make_invoice(world, customer, "AR24000101", 100)
    claims = [Claim(invoice, 50, DUE, meant_part=1), Claim(invoice, 50, DUE, meant_part=2)]
    rng = Random("instalments")
    texts: dict[str, set[str]] = defaultdict(set)
    for _ in range(DRAWS):
        drawn = remit(customer, claims, others={"AR24000101"}, is_foreign=True, rng=rng)
        texts[drawn.kind].add(drawn.text)
    assert texts["plain"] == {"付货款 AR24000101"}
    assert not texts.keys() & {"range", "tails"}


@pytest.mark.parametrize("number", ["AR24000101", "AR24222212"])
def test_a_confused_number_has_at_least_one_wrong_character(world: World, number: str) -> None:
    found = remittances(make_customer(world), world, [number])
    assert found["confused"]
    assert all(number not in each.text for each in found["confused"])


def test_a_number_without_zero_and_one_cannot_be_confused(world: World) -> None:
    assert "confused" not in remittances(make_customer(world), world, ["AR24222222"])


@pytest.mark.parametrize(
    "name", ["苏州恒昌机械制造有限公司", "国际机场能源", "王伟", "Brunner Machinery GmbH", "Novak AB"]
)
def test_a_variant_is_another_spelling_of_the_name(world: World, name: str) -> None:
    customer = make_customer(world, name=name)
    drawn = [each for found in remittances(customer, world, ["AR24000101"]).values() for each in found]
    for each in drawn:
        assert (each.payer == name) == (each.payer_kind == "customer")
    variants = {each.payer for each in drawn if each.payer_kind == "variant"}
    assert min((len(variant) for variant in variants), default=2) >= 2
    # two characters leave nothing to cut
    assert bool(variants) == (name != "王伟")
