"""Values as a reader writes them: dbt/macros/readable.sql.

Belongs here: the text of amounts at the edges of 万, 亿, k and m. Must not: sentences
(tests/integration/test_risk_warning.py).
"""

from datetime import date

import duckdb
import pytest

from tests.kit.macros import render


def _written(expression: str, *, call: str) -> str:
    text = render(call, files=("readable.sql",), as_of=date(2026, 1, 1))
    with duckdb.connect() as connection:
        query = f"select {text} as written from (select {expression} as value) as given"
        row = connection.execute(query).fetchone()
    assert row is not None
    return str(row[0])


@pytest.mark.parametrize(
    ("amount", "chinese", "english"),
    [
        ("0", "0", "0"),
        ("999.49", "999", "999"),
        ("999.50", "1000", "1.0k"),
        # what would round to 10000 is the next unit
        ("9999.49", "9999", "10.0k"),
        ("9999.50", "1.0万", "10.0k"),
        ("123456.78", "12.3万", "123.5k"),
        ("999949.99", "100.0万", "999.9k"),
        ("999950.00", "100.0万", "1.00m"),
        ("99994999.99", "9999.5万", "99.99m"),
        ("99995000.00", "1.00亿", "100.00m"),
        ("-345678901.20", "-3.46亿", "-345.68m"),
    ],
)
def test_an_amount_is_written_in_the_unit_that_it_rounds_to(amount: str, chinese: str, english: str) -> None:
    value = f"cast({amount} as decimal(18, 2))"
    assert _written(value, call="readable_amount('value', 'zh')") == chinese
    assert _written(value, call="readable_amount('value', 'en')") == english


def test_a_rate_is_a_percentage_and_what_is_missing_is_said_to_be() -> None:
    assert _written("cast(0.4286 as decimal(18, 6))", call="readable('value', 'rate', 'zh')") == "42.9%"
    assert _written("cast(null as decimal(18, 6))", call="readable('value', 'rate', 'en')") == "n/a"
    assert _written("cast(null as date)", call="readable('value', 'date', 'zh')") == "无"
    assert _written("date '2026-06-10'", call="readable('value', 'date', 'en')") == "2026-06-10"
