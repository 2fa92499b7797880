"""The contract loads as written, and a wrong contract says what is wrong with it."""

import duckdb
import polars as pl
import pytest

from ingest.contract import (
    COLUMN_TYPES,
    DUCKDB_TYPES,
    LANDING_COLUMNS,
    POLARS_TYPES,
    ColumnType,
    ContractError,
    LandingColumn,
    load_contract,
    parse_contract,
)

GOOD = """
codes:
  colour: [red, no]
entities:
  thing:
    grain: one row per thing
    key: [company_code, thing_id]
    amount: amount
    columns:
      company_code: [key, required, "legal entity"]
      thing_id: [key, required, "identifier"]
      colour: [code, colour, required, "its colour"]
      amount: [money, "what it is worth"]
      phone: [text, private, "telephone"]
"""


def test_the_contract_names_every_entity_of_the_domain() -> None:
    assert set(load_contract().entities) == {
        "company",
        "customer",
        "contract",
        "payment_term",
        "credit_limit",
        "insurance_cover",
        "document",
        "instalment",
        "receipt",
        "bill_event",
        "allocation",
        "fx_rate",
        "gl_balance",
        "dispute",
        "promise",
        "collection_activity",
        "credit_event",
        "financial_statement",
        "target",
        "bank_statement",
        "bank_transaction",
    }


def test_a_column_carries_its_codes_and_flags() -> None:
    column = load_contract().entities["document"].columns["document_type"]
    assert column.required
    assert not column.private
    assert column.codes is not None
    assert "credit_note" in column.codes


def test_contact_data_is_private_and_never_among_the_public_columns() -> None:
    customer = load_contract().entities["customer"]
    assert {column.name for column in customer.private_columns} == {
        "contact_name",
        "contact_phone",
        "contact_email",
        "contact_address",
    }
    assert not {column.name for column in customer.public_columns} & {
        c.name for c in customer.private_columns
    }


def test_only_bank_lines_are_without_an_identifier_of_their_own() -> None:
    assert [e.name for e in load_contract().entities.values() if e.mode == "append"] == ["bank_transaction"]


def test_a_word_like_no_stays_a_word() -> None:
    assert parse_contract(GOOD).entities["thing"].columns["colour"].codes == ("red", "no")


@pytest.mark.parametrize("name", COLUMN_TYPES)
def test_duckdb_and_polars_agree_on_every_type(name: ColumnType) -> None:
    frame = pl.DataFrame({"value": []}, schema={"value": POLARS_TYPES[name]})
    with duckdb.connect() as connection:
        connection.register("frame", frame)
        described = connection.execute("describe select value from frame").fetchall()
    assert described[0][1].replace(" ", "") == DUCKDB_TYPES[name]


@pytest.mark.parametrize("column", LANDING_COLUMNS, ids=lambda column: column.name)
def test_duckdb_and_polars_agree_on_every_landing_column(column: LandingColumn) -> None:
    frame = pl.DataFrame({"value": []}, schema={"value": column.polars_type})
    with duckdb.connect() as connection:
        connection.register("frame", frame)
        described = connection.execute("describe select value from frame").fetchall()
    assert described[0][1] == column.duckdb_type


@pytest.mark.parametrize(
    ("written", "instead", "said"),
    [
        ("[money, ", "[mony, ", "did you mean 'money'"),
        ("private, ", "privat, ", "unknown flag 'privat' (did you mean 'private'?)"),
        ("[code, colour, ", "[code, color, ", "unknown codes 'color' (did you mean 'colour'?)"),
        ("[code, colour, ", "[text, ", "codes.colour: no column uses it"),
        ("thing_id]", "thing_no]", "key column 'thing_no' is not one of its columns"),
        ("[company_code, thing_id]", "[thing_id]", "must start with company_code"),
        ("amount: amount", "amount: colour", "must name a column of type money"),
        ("grain: one row per thing", "grain: things", "one row per"),
        ('"its colour"', '""', ".colour: has no description"),
        ("[red, no]", "[red, red]", "listed more than once"),
        ("    amount: amount", "    amount: amount\n    mode: full", "unknown mode 'full'"),
        ("    amount: amount", "    amount: amount\n    kee: x", "unknown key 'kee' (did you mean 'key'?)"),
        ("      thing_id: [", "      company_code: [", "given more than once"),
        ("codes:", "code:", "exactly two top-level keys"),
        ('[text, private, "telephone"]', "text", "[type, flags..."),
        ("codes:", "codes: [", "not readable YAML"),
    ],
)
def test_a_wrong_contract_says_what_to_change(written: str, instead: str, said: str) -> None:
    assert written in GOOD
    with pytest.raises(ContractError) as caught:
        parse_contract(GOOD.replace(written, instead, 1))
    assert said in str(caught.value)


def test_an_entity_that_does_not_exist_is_refused_with_the_list_of_those_that_do() -> None:
    with pytest.raises(ContractError, match="bank_transaction"):
        load_contract().entity("invoices")
