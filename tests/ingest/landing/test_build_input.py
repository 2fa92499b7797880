"""Schema `landing` of a build file: typed whatever has landed, and complete."""

from decimal import Decimal

import duckdb
import pytest

from ingest.contract import LANDING_COLUMNS, load_contract
from tests.ingest.landing.world import CUSTOMER, DOCUMENT, World, document, documents, table


def described(world: World, relation: str) -> dict[str, str]:
    return {row["column_name"]: row["column_type"] for row in world.query(f"describe landing.{relation}")}


def test_every_entity_is_a_typed_relation_even_without_rows(world: World) -> None:
    world.deliver("2026-01-31", documents(1))
    world.land()
    world.build()
    for entity in load_contract().entities.values():
        expected = {column.name: column.duckdb_type for column in entity.public_columns}
        expected |= {column.name: column.duckdb_type for column in LANDING_COLUMNS}
        assert described(world, entity.name) == expected, entity.name
        assert bool(world.query(f"select 1 from landing.{entity.name}")) == (entity.name == "document")


def test_a_landed_row_can_be_followed_to_its_file_and_record(world: World) -> None:
    world.deliver("2026-01-31", documents(1, 2))
    world.land()
    row = world.rows()[-1]
    assert (row["_source"], row["_load_id"], row["_file"]) == ("erp", 1, "in/2026-01-31/document.csv")
    assert {row["_row"] for row in world.rows()} == {1, 2}


def test_a_column_that_an_extract_lacks_is_left_out_of_its_file_and_null_to_a_reader(world: World) -> None:
    world.deliver("2026-01-31", documents(1))
    world.deliver("2026-02-01", table(DOCUMENT + ",project", document(2) + ",Bridge"))
    first, second = world.land().loads
    with duckdb.connect() as connection:
        written = connection.sql(f"select * from read_parquet('{world.home / str(first.path)}')").columns
    assert "project" not in written
    assert "project" not in first.columns
    assert "project" in second.columns
    assert {row["document_id"]: row["project"] for row in world.rows()} == {"1": None, "2": "Bridge"}


def test_loads_balance(world: World) -> None:
    world.source["reject_threshold"] = 0.9
    world.deliver(
        "2026-01-31", table(DOCUMENT, document(1), document(1), document(2), document(3, amount="x"))
    )
    world.deliver("2026-02-01", table(DOCUMENT, document(1), document(4), document(4, amount="1.00")))
    world.land()
    world.build()
    loads = world.query("select * from landing.load order by load_id")
    assert [
        (r["rows_read"], r["rows_landed"], r["rows_unchanged"], r["rows_collapsed"], r["rows_rejected"])
        for r in loads
    ] == [
        (4, 2, 0, 1, 1),
        (3, 0, 1, 0, 2),
    ]
    assert [row["rows_tombstoned"] for row in loads] == [0, 1]


def test_a_load_serves_every_company_its_source_has_shown_so_far(world: World) -> None:
    world.deliver("2026-01-31", documents(1))
    world.deliver("2026-02-01", table(DOCUMENT, document(1), document(1, company="CN02")))
    world.deliver("2026-02-02", table(CUSTOMER, "CN02,C1,One"), name="customer.csv")
    world.land()
    world.build()
    sql = "select business_date, company_code from landing.load_company join landing.load using (load_id) order by all"
    assert [(str(row["business_date"]), row["company_code"]) for row in world.query(sql)] == [
        ("2026-01-31", "CN01"),
        ("2026-02-01", "CN01"),
        ("2026-02-01", "CN02"),
        ("2026-02-02", "CN01"),
        ("2026-02-02", "CN02"),
    ]


def test_payment_terms_of_all_entities_are_read_once(world: World) -> None:
    world.deliver(
        "2026-01-31", table(f"{DOCUMENT},payment_terms", f"{document(1)},NET30", f"{document(2)},whenever")
    )
    world.deliver(
        "2026-01-31",
        table(f"{CUSTOMER},payment_terms", "CN01,C1,One,NET30", "CN01,C2,Two,2/10 NET45"),
        name="customer.csv",
    )
    world.land()
    world.build()
    rows = {row["terms_text"]: row for row in world.query("from landing.terms_reading")}
    assert set(rows) == {"NET30", "whenever", "2/10 NET45"}
    assert (rows["NET30"]["days_after"], rows["NET30"]["is_readable"]) == (30, True)
    assert not rows["whenever"]["is_readable"]
    assert rows["2/10 NET45"]["discount_rate"] == Decimal("0.020000")


def test_company_settings_win_over_the_company_extract_and_are_completed_by_it(world: World) -> None:
    world.top["companies"] = [
        {
            "company_code": "CN01",
            "name": "Configured",
            "control_accounts": {"trade_control": ["1122", "1123"]},
        }
    ]
    header = "company_code,name,functional_currency,time_zone,borrowing_rate"
    lines = ["CN01,Delivered,CNY,Asia/Tokyo,0.045", "US01,American,USD,America/New_York,"]
    world.deliver("2026-01-31", table(header, *lines), name="company.csv")
    world.land()
    world.build()
    rows = {row["company_code"]: row for row in world.query("from landing.company_setting")}
    assert (rows["CN01"]["name"], rows["CN01"]["functional_currency"]) == ("Configured", "CNY")
    assert rows["CN01"]["time_zone"] == "Asia/Tokyo"
    assert rows["CN01"]["borrowing_rate"] == Decimal("0.045")
    assert (rows["US01"]["name"], rows["US01"]["day_cutoff"]) == ("American", "06:00")
    accounts = world.query("from landing.control_account order by account")
    assert [(row["account"], row["account_role"]) for row in accounts] == [
        ("1122", "trade_control"),
        ("1123", "trade_control"),
    ]


def test_how_each_source_tells_of_settlements_is_a_table(world: World) -> None:
    world.deliver("2026-01-31", documents(1))
    world.land()
    world.build()
    assert world.query("select settlement, vanished from landing.source_setting") == [
        {"settlement": "allocations", "vanished": "deleted"}
    ]


def test_confirmed_customers_are_a_table_that_is_empty_where_none_is_configured(world: World) -> None:
    world.deliver("2026-01-31", documents(1))
    world.land()
    world.build()
    assert set(described(world, "customer_crosswalk").values()) == {"VARCHAR"}
    assert world.query("from landing.customer_crosswalk") == []
    world.top["crosswalk"] = "decided.csv"
    header = "company_code,customer_id,party_company_code,party_id,decision"
    lines = (
        "CN01,00123,CN01,123,same",
        "CN01,123,CN02,0X,same",
        "CN01,7,CN01,8,different",
        "CN01,9,CN01,10,",
    )
    world.put("decided.csv", table(header, *lines))
    world.build()
    rows = world.query("from landing.customer_crosswalk")
    assert {tuple(row.values()) for row in rows} == {
        ("CN01", "00123", "CN02", "0X"),
        ("CN01", "123", "CN02", "0X"),
    }


def test_policy_files_become_tables_of_text(world: World) -> None:
    world.top["policy"] = "./policy"
    world.put("policy/aging_bucket.csv", "scheme,lower_bound\nown,007\n")
    world.deliver("2026-01-31", documents(1))
    world.land()
    world.build()
    assert world.query("from policy_override.aging_bucket") == [{"scheme": "own", "lower_bound": "007"}]


def test_the_fingerprint_depends_on_what_landed_and_not_on_when(
    world: World, tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = World(tmp_path_factory.mktemp("other"))
    for one in (world, other):
        one.deliver("2026-01-31", documents(1))
        one.deliver("2026-01-31", table(CUSTOMER, "CN01,C1,One"), name="customer.csv")
    world.land()
    other.deliver("2026-01-31", documents(1))
    other.land()
    assert world.build().fingerprint == other.build().fingerprint
    other.deliver("2026-02-01", documents(1))
    other.land()
    assert world.build().fingerprint != other.build().fingerprint
