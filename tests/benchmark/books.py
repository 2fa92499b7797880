"""Synthetic books of any size, written as generic Parquet extracts.

Belongs here: rows made in DuckDB, so that ten million documents are a matter of seconds. Must not: realism; the demo
company is for that. Mix: 15 % foreign, 10 % in two instalments, 5 % delivered in two versions, 90 % paid in full.
"""

from pathlib import Path

import duckdb

FIRST_DELIVERY, SECOND_DELIVERY = "2025-12-31", "2026-01-31"
CONFIG = """\
home: ./home
time_zone: UTC
reporting_currency: CNY
companies:
  - {company_code: C1, name: Benchmark, functional_currency: CNY}
sources:
  - {name: erp, profile: generic, mode: delta, path: "in/{extracted_at:%Y-%m-%d}/"}
"""
_DOCUMENT = """
    select
        number,
        date '2024-01-01' + cast(number * 7919 % 700 as integer) as document_date,
        number % 100 < 15 as is_foreign,
        cast(100 + number * 37 % 100000 as decimal(18, 2)) as amount
    from range({documents}) as series (number)
"""
_COLUMNS = """
    'C1' as company_code,
    'D' || number as document_id,
    'invoice' as document_type,
    'K' || (number % 2000) as customer_id,
    document_date,
    document_date + 30 as due_date,
    case when is_foreign then 'USD' else 'CNY' end as currency,
    amount,
    case when is_foreign then cast(amount * 7.123 as decimal(18, 2)) end as functional_amount
"""
_FILES = {
    (FIRST_DELIVERY, "customer"): (
        "select 'C1' as company_code, 'K' || number as customer_id, 'Customer ' || number as name"
        " from range(2000) as series (number)"
    ),
    (FIRST_DELIVERY, "document"): f"select {_COLUMNS} from ({_DOCUMENT})",
    (
        SECOND_DELIVERY,
        "document",
    ): f"select {_COLUMNS}, 'corrected' as reference from ({_DOCUMENT}) where number % 20 = 3",
    (FIRST_DELIVERY, "instalment"): f"""
        select 'C1' as company_code, 'D' || number as document_id, part as instalment_no,
            document_date + cast(30 * part as integer) as due_date,
            case part
                when 1 then cast(amount * 0.4 as decimal(18, 2))
                else amount - cast(amount * 0.4 as decimal(18, 2))
            end as amount
        from ({_DOCUMENT}), (values (1), (2)) as parts (part) where number % 10 = 0
    """,
    (FIRST_DELIVERY, "receipt"): f"""
        select 'C1' as company_code, 'R' || number as receipt_id, 'K' || (number % 2000) as customer_id,
            document_date + cast(20 + number % 60 as integer) as receipt_date,
            case when is_foreign then 'USD' else 'CNY' end as currency, amount,
            case when is_foreign then cast(amount * 7.05 as decimal(18, 2)) end as functional_amount
        from ({_DOCUMENT}) where number % 10 < 9
    """,
    (FIRST_DELIVERY, "allocation"): f"""
        select 'C1' as company_code, 'A' || number as allocation_id, 'receipt' as from_kind, 'R' || number as from_id,
            'document' as to_kind, 'D' || number as to_id,
            document_date + cast(20 + number % 60 as integer) as allocated_on, amount
        from ({_DOCUMENT}) where number % 10 < 9
    """,
}


def write_books(folder: Path, *, documents: int) -> Path:
    """Write extracts of `documents` invoices and what belongs to them; returns arrears.yml."""
    with duckdb.connect() as connection:
        for (day, entity), query in _FILES.items():
            target = folder / "in" / day
            target.mkdir(parents=True, exist_ok=True)
            statement = query.format(documents=documents)
            connection.execute(f"copy ({statement}) to '{target / entity}.parquet' (format parquet)")
    config = folder / "arrears.yml"
    config.write_text(CONFIG, encoding="utf-8")
    return config
