"""A statement that does not close is an error, whichever side is wrong."""

from dataclasses import replace

import pytest

from documents.errors import DoesNotClose
from documents.statement import CurrencyAccount, prove
from tests.documents.kit import D, item, line, part, statement


def _closing_account() -> CurrencyAccount:
    return part(
        item("INV1", "90.00"),
        item("R1", "-10.00", kind="receipt"),
        lines=(line("invoice", "30.00", "100.00"), line("cash", "-20.00", "80.00")),
        opening="70.00",
        beside=(item("B1", "5.00", receivable_class="bill"),),
        beside_moved=(("bill", D("5.00")),),
    )


def test_a_statement_that_closes_is_returned() -> None:
    whole = statement(_closing_account())
    assert prove(whole) is whole
    assert whole.currencies[0].closing == D("80.00")
    assert whole.currencies[0].debits == D("30.00")
    assert whole.currencies[0].credits == D("20.00")


WRONG = {
    "the running balance": {"lines": (line("invoice", "30.00", "100.00"), line("cash", "-20.00", "80.01"))},
    "the open items give": {"items": (item("INV1", "90.00"),)},
    "the aging": {"aging": ()},
    "the open items in functional currency": {"opening_functional": D("70.01")},
    "open items beside of class bill": {"beside": ()},
}


@pytest.mark.parametrize(("name", "changes"), WRONG.items())
def test_a_statement_that_does_not_close_says_which_side_and_how_far(
    name: str, changes: dict[str, object]
) -> None:
    broken = statement(replace(_closing_account(), **changes))  # type: ignore[arg-type]
    with pytest.raises(DoesNotClose) as error:
        prove(broken)
    assert name in str(error.value)
    assert "CN01 K00012 in CNY" in str(error.value)
    assert "fix:" in str(error.value)


def test_a_missing_rate_leaves_the_functional_proof_out_and_the_rest_in() -> None:
    unknown = replace(_closing_account(), opening_functional=None)
    assert prove(statement(unknown)).currencies[0].closing_functional is None
    with pytest.raises(DoesNotClose):
        prove(statement(replace(unknown, aging=())))
