"""A warehouse small enough to build in seconds: two models, two gates, landing steps that read one CSV file.

Belongs here: stand-ins at the seams of orchestration. Must not: assertions.
"""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

import duckdb

from ingest.settings import Settings
from orchestration.gates import GateOutcome
from orchestration.landing_steps import LandingSteps, Progress
from orchestration.records import Inputs

DOCUMENTS = "documents.csv"
REPOSITORY = Path(__file__).resolve().parents[2]

_MODELS = {
    "models/sources.yml": """
version: 2
sources:
  - name: landing
    schema: landing
    tables: [{name: document}]
models:
  - name: mart_aging
    columns:
      - name: document_id
        data_tests:
          - not_null: {config: {meta: {gate: unique_key}}}
""",
    "models/staging/stg_landing__document.sql": """
select document_id, company_code, cast(amount as decimal(18, 2)) as amount
from {{ source('landing', 'document') }}
""",
    "models/intermediate/int_control_total.sql": """
select company_code, 'trade' as receivable_class, 'CNY' as currency,
    sum(amount) as amount_document, sum(amount) as amount_functional
from {{ ref('stg_landing__document') }} group by company_code
""",
    "models/marts/mart_aging.sql": """
select document_id, company_code, amount, cast('{{ var("as_of_date") }}' as date) as as_of_date
from {{ ref('stg_landing__document') }}
""",
    "models/marts/dim_release_total.sql": """
select company_code, 'trade' as receivable_class, 'CNY' as currency,
    sum(amount) as amount_document, sum(amount) as amount_functional
from {{ ref('mart_aging') }} group by company_code
""",
    "tests/no_negative_amount.sql": """
{{ config(meta={'gate': 'bucket_sum'}, severity=var('gates').get('bucket_sum', 'error')) }}
select mart.document_id from {{ ref('mart_aging') }} as mart
inner join {{ ref('stg_landing__document') }} as staged on mart.document_id = staged.document_id
where mart.amount < 0
""",
    "macros/generate_schema_name.sql": """
{% macro generate_schema_name(custom_schema_name, node) %}
    {{- (custom_schema_name or target.schema) | trim -}}
{% endmacro %}
""",
    # named so that the one that is used comes after the one that uses it
    "published_macros/aging_total.sql": """
create or replace macro marts.aging_total(company) as table
select sum(amount) as amount from marts.documents_of(company)
""",
    "published_macros/documents_of.sql": """
create or replace macro marts.documents_of(company) as table
select * from marts.mart_aging where company_code = company
""",
    "dbt_project.yml": """
name: arrears
version: 0.1.0
config-version: 2
profile: arrears
vars: {as_of_date: "1900-01-01", known_at: "1900-01-01 00:00:00", gates: {}, policy_overrides: []}
models:
  arrears:
    staging: {+schema: staging, +materialized: view}
    intermediate: {+schema: intermediate, +materialized: table}
    marts: {+schema: marts, +database: release, +materialized: table}
data_tests:
  arrears: {+schema: audit, +store_failures: true}
""",
}


def write_dbt_project(folder: Path) -> Path:
    """The fake project, with the real profile."""
    for name, text in _MODELS.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text.lstrip(), encoding="utf-8")
    shutil.copy(REPOSITORY / "dbt" / "profiles.yml", folder / "profiles.yml")
    return folder


def write_config(folder: Path, *, extra: str = "") -> Path:
    """An arrears.yml with one source and its home beside it."""
    config = folder / "arrears.yml"
    config.write_text(
        "home: ./home\n"
        "time_zone: Asia/Shanghai\n"
        "reporting_currency: CNY\n"
        "sources:\n"
        "  - name: erp\n"
        "    path: in/{extracted_at:%Y-%m-%d}/\n" + extra,
        encoding="utf-8",
    )
    return config


def write_documents(folder: Path, rows: list[tuple[str, str, str]]) -> Path:
    """Documents as the fake landing reads them: id, company, amount."""
    file = folder / DOCUMENTS
    file.write_text("document_id,company_code,amount\n" + "".join(f"{','.join(row)}\n" for row in rows))
    return file


@dataclass(frozen=True)
class FakeRefusal:
    """A refused delivery."""

    source: str = "erp"
    entity: str = "document"
    required: bool = True
    reason: str = "the dump is empty"
    fix: str = "export it again"


@dataclass(frozen=True)
class FakeReport:
    """What the fake landing reports."""

    loads: tuple[object, ...] = ()
    refused: tuple[FakeRefusal, ...] = ()
    rejected_row_count: int = 0
    warnings: tuple[str, ...] = ()

    @property
    def has_required_refusal(self) -> bool:
        return any(refusal.required for refusal in self.refused)


@dataclass(frozen=True)
class FakeBuildInput:
    """What the fake build reads."""

    fingerprint: str
    as_of: date = date(2026, 3, 31)
    known_at: datetime = datetime(2026, 3, 31, 15, 59, 59, 999999)


@dataclass
class FakeLanding:
    """Landing steps over one CSV file beside arrears.yml."""

    report: FakeReport = field(default_factory=FakeReport)

    def land(self, settings: Settings, progress: Progress) -> FakeReport:
        return self.report

    def prepare_build(self, path: Path, settings: Settings, known_at: datetime | None) -> FakeBuildInput:
        file = settings.root / DOCUMENTS
        with duckdb.connect(str(path)) as connection:
            connection.execute("create schema landing")
            connection.execute(
                f"create table landing.document as select * from read_csv('{file}', all_varchar = true)"
            )
        return FakeBuildInput(fingerprint=hashlib.sha256(file.read_bytes()).hexdigest())

    @property
    def steps(self) -> LandingSteps:
        return LandingSteps(
            land=self.land, prepare_build=self.prepare_build, sweep_orphans=lambda settings: []
        )


INPUTS = Inputs(
    landing_fingerprint="f1",
    as_of=date(2026, 3, 31),
    configuration_hash="c1",
    policy_hash="p1",
    code_version="v1",
)


def passed_gates() -> tuple[GateOutcome, ...]:
    """One gate that passed."""
    return (GateOutcome("bucket_sum", "error", "error", "passed"),)


def write_build(
    build_file: Path, candidate: Path, *, amount: str = "100.00", published: str | None = None
) -> None:
    """A build and its candidate whose totals are `amount` and `published` (default: equal)."""
    for file, schema, table, value in (
        (build_file, "intermediate", "int_control_total", amount),
        (candidate, "marts", "dim_release_total", published or amount),
    ):
        file.parent.mkdir(parents=True, exist_ok=True)
        with duckdb.connect(str(file)) as connection:
            connection.execute(f"create schema {schema}")
            connection.execute(
                f"create table {schema}.{table} as select 'CN01' as company_code, 'trade' as receivable_class,"
                f" 'CNY' as currency, cast('{value}' as decimal(18, 2)) as amount_document,"
                f" cast('{value}' as decimal(18, 2)) as amount_functional"
            )
            if schema == "marts":
                connection.execute(
                    f"create table marts.mart_aging as select 'CN01' as company_code, {value} as amount"
                )
