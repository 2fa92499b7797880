"""Who is let in, what is left of the marts for whom, and what is written down of it.

Belongs here: dashboards/access, data/visible.py. Must not: a provider or a browser (tests/e2e).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb
import pytest
import yaml

from dashboards.access import audit
from dashboards.access.identity import NotAdmitted, admitted, local_viewer, proxied
from dashboards.access.viewer import EVERYTHING, PAGES, Restriction, Viewer
from dashboards.data import visible
from dashboards.data.release import Release, current_release, fetch
from ingest.settings import SettingsError, load_settings
from ingest.settings_dashboard import Auth, Dashboard, Grant

MODELS = Path(__file__).parents[2] / "dbt" / "models" / "marts"
SECRET = "ARREARS_PROXY_SECRET"
PROXY = Auth(mode="proxy", secret_env=SECRET)
GRANTS = (
    Grant(role="cfo", users=("cfo@example.com",)),
    Grant(role="controller", groups=("credit-cn",), companies=("CN01",)),
    Grant(role="sales", groups=("sales",)),
    Grant(role="auditor", users=("auditor@example.com", "cfo@example.com")),
)


def said(**claims: object) -> dict[str, object]:
    return {"email": "somebody@example.com", "groups": [], "name": "", **claims}


def let_in(**claims: object) -> Viewer:
    return admitted(Dashboard(auth=Auth(mode="oidc"), roles=GRANTS), said(**claims))


def turned_away(**claims: object) -> str:
    with pytest.raises(NotAdmitted) as refused:
        let_in(**claims)
    return refused.value.reason


def test_the_first_grant_that_fits_is_the_role() -> None:
    assert let_in(email="cfo@example.com") == Viewer("cfo@example.com", "cfo")
    assert let_in(email="auditor@example.com").role == "auditor"
    assert let_in(groups=["x", "credit-cn"]).restriction == Restriction(("CN01",))
    # a provider with one group writes it without a list
    assert let_in(groups="credit-cn").role == "controller"


def test_somebody_without_a_grant_is_not_let_in() -> None:
    assert turned_away() == "no_role"
    assert turned_away(email="") == "no_user"
    assert turned_away(email="cfo@example.com", email_verified=False) == "no_user"
    # some providers say it in a word
    assert turned_away(email="cfo@example.com", email_verified="false") == "no_user"
    assert let_in(email="cfo@example.com", email_verified="true").role == "cfo"
    assert turned_away(groups=["sales"]) == "no_sales_owner"


def test_sales_see_their_own_customers_by_the_name_the_sign_in_says() -> None:
    viewer = let_in(groups=["sales"], name="赵雪")
    assert viewer.restriction == Restriction((), "赵雪")
    assert "overview" not in viewer.pages
    assert set(viewer.pages) < set(PAGES)


@pytest.mark.parametrize("address", [None, "", "0.0.0.0", "10.0.0.5", "::"])
def test_without_sign_in_nobody_is_let_in_unless_the_server_is_on_loopback(address: str | None) -> None:
    with pytest.raises(NotAdmitted) as refused:
        local_viewer(Auth(), address=address, headers={})
    assert refused.value.reason == "not_loopback"


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "arrears.example.com"},
        {"Host": "10.0.0.5:8501"},
        {"host": "127.0.0.1.example.com:8501"},
        {"Host": "127.0.0.1:8501", "X-Forwarded-For": "10.0.0.7"},
        {"Host": "localhost", "forwarded": "for=10.0.0.7"},
    ],
)
def test_without_sign_in_nobody_comes_through_a_proxy_or_by_another_name(headers: dict[str, str]) -> None:
    with pytest.raises(NotAdmitted) as refused:
        local_viewer(Auth(), address="127.0.0.1", headers=headers)
    assert refused.value.reason == "not_local"


@pytest.mark.parametrize("host", ["127.0.0.1:8501", "localhost:8501", "localhost", "[::1]:8501"])
def test_without_sign_in_the_reader_has_the_role_of_the_file(host: str) -> None:
    assert local_viewer(Auth(role="auditor"), address="127.0.0.1", headers={"Host": host}).role == "auditor"


def test_a_header_counts_only_with_the_proxys_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    named = {"x-forwarded-email": "cfo@example.com", "X-Forwarded-Groups": "a, credit-cn"}
    monkeypatch.delenv(SECRET, raising=False)
    with pytest.raises(NotAdmitted) as refused:
        proxied(PROXY, headers=named)
    assert refused.value.reason == "no_secret"
    monkeypatch.setenv(SECRET, "s3cret")
    for headers in (
        named,
        named | {"X-Arrears-Proxy-Secret": "guess"},
        named | {"X-Arrears-Proxy-Secret": ""},
    ):
        with pytest.raises(NotAdmitted) as refused:
            proxied(PROXY, headers=headers)
        assert refused.value.reason == "no_proxy"
    found = proxied(PROXY, headers=named | {"x-arrears-proxy-secret": "s3cret"})
    assert found["X-Forwarded-Email"] == "cfo@example.com"
    assert found["X-Forwarded-Groups"] == ["a", "credit-cn"]


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("{auth: {mode: proxy}, roles: [{role: cfo, users: [a]}]}", "anybody who reaches the port"),
        ("{auth: {mode: oidc}}", "lets nobody in"),
        ("{roles: [{role: cfo}]}", "names nobody"),
        ("{roles: [{role: cfo, users: [a], sales_owner: B}]}", "says nothing for role cfo"),
        ("{roles: [{role: boss, users: [a]}]}", "is not one of cfo"),
        ("{auth: {moed: none}}", "did you mean `mode`"),
        ("{roles: [{rol: cfo, users: [a]}]}", "did you mean `role`"),
    ],
)
def test_settings_that_would_let_the_wrong_people_in_are_refused_with_the_fix(
    tmp_path: Path, written: str, words: str
) -> None:
    config = tmp_path / "arrears.yml"
    config.write_text(
        "reporting_currency: CNY\nsources: [{name: erp, path: in/, extracted_at: file_mtime}]\n"
        f"dashboard: {written}\n",
        encoding="utf-8",
    )
    with pytest.raises(SettingsError) as refused:
        load_settings(config)
    assert words in str(refused.value)


def rows_of(release: Release, sql: str) -> set[tuple[object, ...]]:
    return {tuple(row.values()) for row in fetch(release, sql)}


def test_a_restricted_reader_meets_only_his_rows_whatever_is_asked(home: Path) -> None:
    whole = current_release()
    own = current_release(Restriction(sales_owner="赵雪"))
    customers = rows_of(
        whole, "select company_code, customer_id from marts.dim_customer where sales_owner = '赵雪'"
    )
    everybody = rows_of(whole, "select company_code, customer_id from marts.dim_customer")
    assert customers and customers < everybody
    for relation in ("fct_open_item_balance", "fct_document", "fct_receipt", "mart_aging", "dim_customer"):
        seen = rows_of(own, f"select distinct company_code, customer_id from marts.{relation}")
        expected = (
            rows_of(whole, f"select distinct company_code, customer_id from marts.{relation}") & customers
        )
        assert seen == expected, relation
    # figures of whole companies are not those of one salesperson
    for relation in ("mart_overdue_trend", "mart_gl_tie_out", "mart_data_quality", "fct_bank_transaction"):
        if rows_of(
            whole, f"select table_name from information_schema.tables where table_name = '{relation}'"
        ):
            assert fetch(own, f"select 1 from marts.{relation}") == [], relation


def test_macros_of_a_restricted_reader_read_his_rows(home: Path) -> None:
    whole, own = current_release(), current_release(Restriction(sales_owner="赵雪"))
    question = "select distinct customer_id from marts.open_items_as_of(date '2026-06-30')"
    assert rows_of(own, question) < rows_of(whole, question)
    seen = rows_of(own, "select customer_id from marts.dim_customer")
    assert rows_of(own, question) <= seen


def test_a_company_is_all_that_its_reader_sees(home: Path) -> None:
    whole, one = current_release(), current_release(Restriction(("DE01",)))
    for relation in ("fct_open_item_balance", "mart_overdue_trend", "mart_gl_tie_out", "dim_company"):
        question = f"select * from marts.{relation} where company_code = 'DE01'"
        assert fetch(one, f"select count(*) as n from marts.{relation}") == fetch(
            whole, f"select count(*) as n from ({question})"
        )
        assert fetch(one, f"select distinct company_code from marts.{relation}") == [{"company_code": "DE01"}]


def test_what_one_reader_asked_is_not_the_answer_of_another(home: Path) -> None:
    question = "select count(*) as n from marts.fct_open_item_balance"
    counts = [
        fetch(current_release(restriction), question)[0]["n"]
        for restriction in (EVERYTHING, Restriction(("DE01",)), Restriction(("CN01",)), EVERYTHING)
    ]
    assert counts[0] == counts[3] == counts[1] + counts[2]


@pytest.mark.parametrize("name", ["'; drop view marts.dim_customer; --", "nobody", '"'])
def test_a_name_is_data_never_sql(home: Path, name: str) -> None:
    own = current_release(Restriction(sales_owner=name))
    assert fetch(own, "select * from marts.dim_customer") == []
    assert fetch(own, "select * from marts.fct_document") == []


@pytest.mark.parametrize(
    "restriction", [Restriction(("CN01",)), Restriction((), "A"), Restriction(("CN01",), "A")]
)
def test_every_published_relation_has_a_rule_and_amounts_have_no_way_out(restriction: Restriction) -> None:
    """Of the contract's relations, the open ones hold no customer and no company."""
    for file in sorted(MODELS.glob("*.yml")):
        model = yaml.safe_load(file.read_text(encoding="utf-8"))["models"][0]
        columns = [column["name"] for column in model["columns"]]
        condition = visible._condition(model["name"], columns, restriction)
        if condition == "true":
            assert not {"customer_id", "company_code", "party_id"} & set(columns) or model["name"] in (
                "fct_closing_rate",
            ), model["name"]


def test_money_of_the_whole_group_is_not_in_what_everyone_may_read(home: Path) -> None:
    whole, own = current_release(), current_release(Restriction(("DE01",)))
    amounts = [
        (row["table_name"], row["column_name"])
        for row in fetch(
            whole,
            """
select table_name, column_name
from duckdb_columns()
where
    schema_name = 'marts'
    and (data_type = 'DECIMAL(18,2)' or (contains(column_name, 'amount') and not contains(column_name, 'rate')))""",
        )
        if row["table_name"] in visible._FOR_EVERYONE
    ]
    said = [
        (relation, column, fetch(release, f"select count({column}) as n from marts.{relation}")[0]["n"])
        for relation, column in amounts
        for release in (whole, own)
    ]
    assert any(count for _, _, count in said[::2]), "the sample release holds no such amount"
    assert [(relation, column) for relation, column, count in said[1::2] if count] == []


def test_a_catalog_that_cannot_be_made_leaves_nothing_behind(tmp_path: Path) -> None:
    """Otherwise the next attempt says only that it exists already."""
    file = tmp_path / "release.duckdb"
    with duckdb.connect(str(file)) as made:
        made.execute("create schema marts; create table marts.dim_customer as select 'A' as company_code")
    with duckdb.connect() as connection:
        connection.execute(f"attach '{file}' as {visible.RELEASE} (read_only)")
        for _ in range(2):
            with pytest.raises(duckdb.Error, match="sales_owner"):
                visible.open_for(connection, Restriction((), "A"), catalog="reader_1")


def test_queries_of_the_pages_never_name_the_catalog() -> None:
    """`release.marts.x` would go around the views."""
    folder = Path(visible.__file__).parent
    named = [
        file.name
        for file in folder.glob("*.py")
        if file.name != "visible.py" and "release.marts" in file.read_text(encoding="utf-8")
    ]
    assert named == []


def test_the_audit_log_has_one_line_of_json_per_event_and_is_private(tmp_path: Path) -> None:
    audit.record(tmp_path, event="exported", user="王芳", role="cfo", file="a.xlsx", day=date(2026, 6, 30))
    audit.record(tmp_path, event="refused", user="x\ny", page="overview")
    file = tmp_path / "audit" / "dashboard.jsonl"
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert [line["event"] for line in lines] == ["exported", "refused"]
    assert (lines[0]["user"], lines[0]["day"], lines[1]["user"]) == ("王芳", "2026-06-30", "x\ny")
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_page_outside_the_role_says_so_and_is_recorded(
    sample_home: Path, monkeypatch: pytest.MonkeyPatch, open_page: Callable[..., object]
) -> None:
    log = sample_home / "audit" / "dashboard.jsonl"
    before = log.read_text(encoding="utf-8").count("\n") if log.exists() else 0
    monkeypatch.setattr(
        "dashboards.ui.page.current_viewer", lambda _: Viewer("li", "sales", Restriction((), "赵雪"))
    )
    app = open_page("trend", language="en")
    assert any("not part of the role" in error.value for error in app.error)
    lines = log.read_text(encoding="utf-8").splitlines()[before:]
    assert [(json.loads(line)["event"], json.loads(line)["page"]) for line in lines] == [("refused", "trend")]
