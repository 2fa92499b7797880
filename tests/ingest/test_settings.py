"""`arrears.yml` is read strictly, and everything wrong with it is said at once, with line and fix."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from ingest.home import HOME_VARIABLE
from ingest.settings import (
    DEFAULT_GATES,
    GATE_DESCRIPTIONS,
    Settings,
    SettingsError,
    load_settings,
)

SMALL = """\
reporting_currency: CNY
sources:
  - name: erp
    path: in/{extracted_at:%Y-%m-%d}/
"""

FULL = """\
home: ./home
time_zone: Asia/Shanghai
reporting_currency: CNY
companies:
  - company_code: 001
    name: 示例公司
    functional_currency: CNY
    country: NO
    intercompany_group: G1
    borrowing_rate: 0.045
    tax_relief_on_bad_debt: yes
    day_cutoff: 12:00
    control_accounts: {trade_control: ["1122"], unbilled: 1122.90}
sources:
  - name: erp_cn
    profile: generic
    path: in/erp_cn/{extracted_at:%Y-%m-%dT%H%M%S}/
    settlement: allocations
    entities: {gl_balance: {mode: append}}
    constants: {company_code: 001}
    lost_key_share: 0.5
  - name: bank_cn
    path: in/bank_cn/
    mode: append
    required: false
    extracted_at: 2026-03-31
    constants: {company_code: 001}
policy: ./policy
gates: {gl_tie_out: warn, missing_rate: error}
dbt_threads: 4
memory_limit: 8 GiB
keep_releases: 3
schedule: "30 6 * * mon-fri"
prediction: simple
alerts:
dashboard: {language: en}
"""


DATABASE = """\
time_zone: Asia/Shanghai
reporting_currency: CNY
sources:
  - name: erp
    dsn_env: ERP_DSN
    profile: tryton
"""


@pytest.fixture(autouse=True)
def _no_home_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(HOME_VARIABLE, raising=False)


def load(folder: Path, text: str) -> Settings:
    path = folder / "arrears.yml"
    path.write_text(text, encoding="utf-8")
    return load_settings(path)


def refusal(folder: Path, text: str) -> str:
    with pytest.raises(SettingsError) as caught:
        load(folder, text)
    return str(caught.value)


def test_a_small_file_is_enough_and_the_rest_has_defaults(tmp_path: Path) -> None:
    settings = load(tmp_path, SMALL)
    assert settings.home.root == tmp_path / "home"
    assert settings.gates == DEFAULT_GATES
    assert settings.time_zone == "UTC"
    assert settings.policy is None
    source = settings.sources[0]
    assert (source.profile, source.mode, source.required, source.settlement) == (
        "generic",
        "full",
        True,
        "allocations",
    )
    assert (source.lost_key_share, source.reject_threshold) == (0.3, 0.05)


def test_every_key_is_read(tmp_path: Path) -> None:
    settings = load(tmp_path, FULL)
    company = settings.companies[0]
    assert company.borrowing_rate == Decimal("0.045")
    assert company.tax_relief_on_bad_debt is True
    assert company.cutoff == timedelta(hours=12)
    assert company.control_accounts == {"trade_control": ("1122",), "unbilled": ("1122.90",)}
    assert settings.gates["gl_tie_out"] == "warn"
    assert settings.gates["missing_rate"] == "error"
    assert settings.policy == tmp_path / "policy"
    assert settings.dashboard.language == "en"
    assert settings.alerts == {}
    assert settings.prediction == "simple"
    assert (settings.dbt_threads, settings.memory_limit, settings.keep_releases) == (4, "8 GiB", 3)


def test_a_code_is_kept_as_it_is_written(tmp_path: Path) -> None:
    company = load(tmp_path, FULL).companies[0]
    assert company.company_code == "001"
    assert company.country == "NO"
    assert company.day_cutoff == "12:00"


def test_the_environment_moves_the_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "other"))
    assert load(tmp_path, SMALL).home.root == tmp_path / "other"


def test_paths_are_relative_to_the_file_not_to_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "arrears.yml").write_text(SMALL)
    monkeypatch.chdir(tmp_path)
    settings = load_settings(Path("arrears.yml"))
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert settings.path_of(settings.sources[0]) == str(tmp_path / "in" / "{extracted_at:%Y-%m-%d}")


def test_the_mode_of_an_entity_is_the_contracts_then_its_own_then_the_sources(tmp_path: Path) -> None:
    erp = load(tmp_path, FULL).source("erp_cn")
    assert erp.mode_of("document") == "full"
    assert erp.mode_of("gl_balance") == "append"
    assert erp.mode_of("bank_transaction") == "append"


def test_a_placeholder_gives_the_format_of_the_extraction_time(tmp_path: Path) -> None:
    settings = load(tmp_path, FULL)
    assert settings.source("erp_cn").placeholder_format == "%Y-%m-%dT%H%M%S"
    assert settings.source("bank_cn").placeholder_format is None


def test_the_pulls_of_a_database_lie_in_the_home_and_are_named_in_utc(tmp_path: Path) -> None:
    settings = load(tmp_path, DATABASE)
    source = settings.source("erp")
    expected = tmp_path / "home" / "extracts" / "erp" / "{extracted_at:%Y-%m-%dT%H%M%S}"
    assert settings.path_of(source) == str(expected)
    assert source.placeholder_format == "%Y-%m-%dT%H%M%S"
    assert settings.fixed_extracted_at(source) is None
    assert settings.extraction_zone_of(source).key == "UTC"
    assert settings.zone_of(source).key == "Asia/Shanghai"
    files = load(tmp_path, FULL)
    assert files.extraction_zone_of(files.source("erp_cn")).key == "Asia/Shanghai"


@pytest.mark.parametrize(
    ("written", "instead", "line", "said"),
    [
        ("    dsn_env: ERP_DSN\n", "", 4, "sources[0].path: is missing. Fix: add `path:"),
        ("    dsn_env: ERP_DSN\n", "", 4, "or `dsn_env: ERP_DSN` for a database"),
        ("ERP_DSN", "ERP_DSN\n    path: in/", 5, "keep one of `path` and `dsn_env`"),
        ("ERP_DSN", "ERP_DSN\n    extracted_at: file_mtime", 6, "Fix: remove `extracted_at`"),
        ("tryton", "mt940", 5, "the profile mt940 reads files"),
        ("ERP_DSN", "postgresql://reader:hunter2@db/erp", 5, "write the name of an environment variable"),
        ("ERP_DSN", "host=db password=hunter2", 5, "write the name of an environment variable"),
        ("ERP_DSN", "ERP-DSN", 5, "use letters, digits and _"),
        ("ERP_DSN", "[hunter2]", 5, "write one value here"),
        ("dsn_env: ERP_DSN", "dsn: postgresql://reader:hunter2@db/erp", 5, "did you mean `dsn_env`?"),
        ("dsn_env: ERP_DSN", "path: postgresql://reader:hunter2@db/erp", 5, "write `dsn_env:` with its name"),
    ],
)
def test_a_database_source_is_refused_with_the_fix_and_without_its_password(
    tmp_path: Path, written: str, instead: str, line: int, said: str
) -> None:
    assert written in DATABASE
    message = refusal(tmp_path, DATABASE.replace(written, instead))
    matching = [entry for entry in message.splitlines() if f"arrears.yml:{line}:" in entry]
    assert any(said in entry for entry in matching), message
    assert "hunter2" not in message


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        # a date alone is the end of that day in Shanghai
        ("2026-03-31", datetime(2026, 3, 31, 15, 59, 59, 999999, tzinfo=UTC)),
        ("2026-03-31T18:00:00", datetime(2026, 3, 31, 10, 0, tzinfo=UTC)),
        ("2026-03-31T18:00:00+02:00", datetime(2026, 3, 31, 16, 0, tzinfo=UTC)),
        ("file_mtime", None),
    ],
)
def test_a_written_extraction_time_is_local_unless_it_says_otherwise(
    tmp_path: Path, written: str, moment: datetime | None
) -> None:
    settings = load(tmp_path, FULL.replace("extracted_at: 2026-03-31", f"extracted_at: {written}"))
    assert settings.fixed_extracted_at(settings.source("bank_cn")) == moment


def test_a_source_that_is_not_there_is_answered_with_those_that_are(tmp_path: Path) -> None:
    with pytest.raises(LookupError, match="did you mean `erp_cn`"):
        load(tmp_path, FULL).source("erp_ch")


def test_the_configuration_hash_ignores_where_things_are_and_how_fast_they_run(tmp_path: Path) -> None:
    base = load(tmp_path, FULL).configuration_hash
    same = FULL.replace("./home", "/elsewhere").replace("dbt_threads: 4", "dbt_threads: 1")
    same = same.replace("in/bank_cn/", "moved/").replace("language: en", "language: zh")
    assert load(tmp_path, same).configuration_hash == base
    database = load(tmp_path, DATABASE).configuration_hash
    assert load(tmp_path, DATABASE.replace("ERP_DSN", "OTHER_DSN")).configuration_hash == database
    default_written_out = FULL.replace(
        "    required: false", "    reject_threshold: 0.05\n    required: false"
    )
    assert load(tmp_path, default_written_out).configuration_hash == base


@pytest.mark.parametrize(
    ("written", "instead"),
    [
        ("reporting_currency: CNY", "reporting_currency: EUR"),
        ("gl_tie_out: warn, ", ""),
        ("required: false", "required: true"),
        ("lost_key_share: 0.5", "lost_key_share: 0.4"),
        ("day_cutoff: 12:00", "day_cutoff: 05:00"),
        ("time_zone: Asia/Shanghai", "time_zone: Asia/Tokyo"),
    ],
)
def test_the_configuration_hash_changes_with_whatever_can_change_a_figure(
    tmp_path: Path, written: str, instead: str
) -> None:
    changed = FULL.replace(written, instead)
    assert changed != FULL
    assert load(tmp_path, changed).configuration_hash != load(tmp_path, FULL).configuration_hash


def test_every_gate_has_a_severity_and_a_description() -> None:
    assert set(DEFAULT_GATES) == set(GATE_DESCRIPTIONS)
    assert DEFAULT_GATES["roll_forward"] == "error"
    assert DEFAULT_GATES["missing_rate"] == "warn"


@pytest.mark.parametrize(
    ("written", "instead", "line", "said"),
    [
        ("reporting_currency: CNY", "reporting_curency: CNY", 3, "did you mean `reporting_currency`?"),
        ("reporting_currency: CNY", "reporting_curency: CNY", 1, "reporting_currency: is missing. Fix: add"),
        ("reporting_currency: CNY", "reporting_currency: cny", 3, "three capital letters"),
        ("reporting_currency: CNY", "reporting_currency: KWD", 3, "KWD (Kuwaiti dinar) has three decimals"),
        (
            "functional_currency: CNY",
            "functional_currency: TND",
            7,
            "TND (Tunisian dinar) has three decimals",
        ),
        ("time_zone: Asia/Shanghai", "time_zone: Asia/Shangai", 2, "did you mean `Asia/Shanghai`?"),
        ("time_zone: Asia/Shanghai", "time_zone: asia/shanghai", 2, "did you mean `Asia/Shanghai`?"),
        ("time_zone: Asia/Shanghai", "time_zone: ../etc/passwd", 2, "use an IANA name"),
        ("day_cutoff: 12:00", "day_cutoff: 6 am", 12, 'as in "06:00"'),
        ("borrowing_rate: 0.045", "borrowing_rate: 4.5", 10, "5 % is 0.05"),
        ("on_bad_debt: yes", "on_bad_debt: perhaps", 11, "write true or false"),
        ("{trade_control:", "{trade_controll:", 13, "did you mean `trade_control`?"),
        ("  - name: bank_cn", "  - name: ERP_CN", 22, "already the name of sources[0]"),
        ("  - name: bank_cn", "  - name: ../bank", 22, "cannot name a folder"),
        ("profile: generic", "profile: genric", 16, "did you mean `generic`?"),
        ("settlement: allocations", "vanished: settled", 18, "but settlement is allocations"),
        (
            "settlement: allocations",
            "settlement: clearing_date\n    vanished: settled",
            19,
            "or remove `vanished`",
        ),
        (
            "settlement: allocations",
            "settlement: residual\n    mode: delta\n    vanished: settled",
            20,
            "a document only vanishes from a full dump",
        ),
        (
            "settlement: allocations",
            "settlement: residual\n    vanished: setled",
            19,
            "did you mean `settled`?",
        ),
        ("settlement: allocations", "settlement: alocations", 18, "did you mean `allocations`?"),
        ("mode: append\n    required", "mode: apend\n    required", 24, "did you mean `append`?"),
        ("    extracted_at: 2026-03-31\n", "", 23, "nothing says when the files were extracted"),
        (
            "    extracted_at: 2026-03-31\n",
            "    extracted_at: yesterday\n",
            26,
            "neither file_mtime nor an ISO",
        ),
        ("    settlement: allocations", "    extracted_at: file_mtime", 18, "the path already holds"),
        ("%Y-%m-%dT%H%M%S", "%Y-%m", 17, "does not say a date"),
        ("{extracted_at:%Y-%m-%dT%H%M%S}", "{day}", 17, "unknown placeholder {day}"),
        ("{extracted_at:%Y-%m-%dT%H%M%S}", "{extracted_at:%Y", 17, "not closed"),
        ("{gl_balance: {mode", "{gl_balanse: {mode", 19, "did you mean `gl_balance`?"),
        ("{gl_balance: {mode: append}}", "{bank_transaction: {mode: full}}", 19, "so it is always append"),
        ("{gl_balance: {mode", "{gl_balance: {mod", 19, "did you mean `mode`?"),
        ("constants: {company_code", "constants: {company_cod", 20, "did you mean `company_code`?"),
        ("lost_key_share: 0.5", "lost_key_share: 50%", 21, "write a number, as in 0.3"),
        ("gl_tie_out: warn", "gl_tieout: warn", 29, "did you mean `gl_tie_out`?"),
        ("gl_tie_out: warn", "gl_tie_out: warning", 29, "did you mean `warn`?"),
        ("dbt_threads: 4", "dbt_threads: many", 30, "write a whole number"),
        ("memory_limit: 8 GiB", "memory_limit: plenty", 31, "as in 6GB"),
        ("keep_releases: 3", "keep_releases: 0", 32, "counts start at 1"),
        ("30 6 * * mon-fri", "30 6 * *", 33, "a cron line has 5"),
        ("30 6 * * mon-fri", "30 24 * * *", 33, "the hour '24' is not readable"),
        ("30 6 * * mon-fri", "*/0 6 * * *", 33, "the minute '*/0' is not readable"),
        ("prediction: simple", "prediction: sinple", 34, "did you mean `simple`?"),
        ("prediction: simple", "prediction: often", 34, "not one of full, simple, none"),
        ("language: en", "language: fr", 36, "not one of zh, en"),
        ("keep_releases: 3", "home: again", 1, "is given twice, here and on line 32"),
        ("sources:", "sourcs:", 14, "did you mean `sources`?"),
    ],
)
def test_a_wrong_value_is_reported_with_its_line_and_the_fix(
    tmp_path: Path, written: str, instead: str, line: int, said: str
) -> None:
    assert written in FULL
    message = refusal(tmp_path, FULL.replace(written, instead, 1))
    matching = [entry for entry in message.splitlines() if f"arrears.yml:{line}:" in entry]
    assert any(said in entry for entry in matching), message


def test_all_problems_come_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = (
        FULL.replace("CNY\ncompanies", "KWD\ncompanies").replace("12:00", "noon").replace("8 GiB", "plenty")
    )
    text = text.replace("profile: generic", "profile: abacus").replace("missing_rate", "mising_rate")
    message = refusal(tmp_path, text)
    assert "has 5 problems" in message
    lines = [int(entry.split(":")[1]) for entry in message.splitlines()[1:]]
    assert lines == sorted(lines) == [3, 12, 16, 29, 31]


def test_a_company_gets_its_documents_from_one_source(tmp_path: Path) -> None:
    second = "  - {name: erp_2, path: 'b/{extracted_at:%Y-%m-%d}', constants: {company_code: 001}}\npolicy:"
    assert "001 already gets its documents from source 'erp_cn'" in refusal(
        tmp_path, FULL.replace("policy:", second, 1)
    )


def test_a_second_source_of_a_company_may_list_that_it_carries_no_documents(tmp_path: Path) -> None:
    second = (
        "  - {name: crm, path: 'b/{extracted_at:%Y-%m-%d}', constants: {company_code: 001},"
        " entities: {promise: {}, dispute: {}}}\npolicy:"
    )
    assert len(load(tmp_path, FULL.replace("policy:", second, 1)).sources) == 3


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"home: [unclosed\n", "is not valid YAML"),
        (b"- a list\n", "is not a mapping"),
        (b"", "is not a mapping"),
        (b"name: \xff\xfe\n", "not UTF-8"),
        (b"sources: []\nreporting_currency: CNY\n", "add at least one source"),
        (b"sources: erp\nreporting_currency: CNY\n", "write a list"),
        (b"config_path: x\n", "config_path: is not a setting"),
    ],
)
def test_a_file_of_another_shape_is_refused_with_the_reason(
    tmp_path: Path, content: bytes, said: str
) -> None:
    path = tmp_path / "arrears.yml"
    path.write_bytes(content)
    with pytest.raises(SettingsError, match=said):
        load_settings(path)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="no such file"):
        load_settings(tmp_path / "arrears.yml")


def test_a_byte_order_mark_is_not_part_of_the_first_key(tmp_path: Path) -> None:
    assert load(tmp_path, "\ufeff" + SMALL).reporting_currency == "CNY"


@pytest.mark.parametrize(
    ("written", "bytes_"),
    [("4GB", 4_000_000_000), ("512 MiB", 512 * 2**20), ("1.5KB", 1_500), ("2TiB", 2 * 2**40)],
)
def test_the_largest_file_is_a_size(tmp_path: Path, written: str, bytes_: int) -> None:
    source = load(tmp_path, f"{SMALL}    largest_file: {written}\n").sources[0]
    assert source.largest_bytes == bytes_


@pytest.mark.parametrize("line", ["largest_file: huge", "settle_seconds: -1", "settle_seconds: soon"])
def test_what_guards_the_folder_is_checked_like_every_key(tmp_path: Path, line: str) -> None:
    assert line.partition(":")[0] in refusal(tmp_path, f"{SMALL}    {line}\n")


def test_what_guards_the_folder_changes_no_figure(tmp_path: Path) -> None:
    plain = load(tmp_path, SMALL).configuration_hash
    guarded = load(tmp_path, f"{SMALL}    largest_file: 1GB\n    settle_seconds: 60\n")
    assert guarded.configuration_hash == plain
    assert guarded.sources[0].settle_seconds == 60
