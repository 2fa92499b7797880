"""Tables of the manifest.

Belongs here: DDL and the version of it. Must not: queries.
"""

SCHEMA_VERSION = 1

DDL = """
create table if not exists loads (
    load_id integer primary key,
    source text not null,
    entity text not null,
    mode text not null,
    extracted_at text not null,
    known_at text not null,
    landed_at text not null,
    business_date text not null,
    is_required integer not null,
    content_hash text not null,
    path text,                        -- Parquet file relative to home; null when the delivery changed nothing
    columns text not null,            -- names of the contract columns in it
    file_count integer not null,
    rows_read integer not null,
    rows_landed integer not null,
    rows_unchanged integer not null,
    rows_collapsed integer not null,
    rows_rejected integer not null,
    rows_tombstoned integer not null,
    amount_rejected text not null,
    verdict text,                     -- expectations of the front door, JSON
    is_superseded integer not null default 0
);
create index if not exists loads_delivery on loads (source, entity, extracted_at);

create table if not exists files (
    load_id integer not null references loads,
    source text not null,
    entity text not null,
    extracted_at text not null,
    name text not null,
    content_hash text not null,
    size integer not null
);
create index if not exists files_delivery on files (source, entity, extracted_at);
create index if not exists files_load on files (load_id);

create table if not exists file_hashes (
    path text primary key,
    size integer not null,
    modified_ns integer not null,
    content_hash text not null
);

create table if not exists load_companies (
    load_id integer not null references loads,
    company_code text not null,
    primary key (load_id, company_code)
) without rowid;

create table if not exists refusals (
    refusal_id integer primary key,
    source text not null,
    entity text not null,
    extracted_at text not null,
    content_hash text not null,
    is_required integer not null,
    reason_code text not null,
    reason text not null,
    fix text not null,
    refused_at text not null,
    is_resolved integer not null default 0
);
create unique index if not exists refusals_delivery on refusals (source, entity, extracted_at, content_hash);

create table if not exists rejected_rows (
    load_id integer references loads,
    refusal_id integer references refusals,
    source text not null,
    entity text not null,
    file text not null,
    row integer,
    reason_code text not null,
    column_name text,
    original_text text,
    record text,
    company_code text,
    amount text,
    currency text
);
create index if not exists rejected_rows_load on rejected_rows (load_id);
create index if not exists rejected_rows_refusal on rejected_rows (refusal_id);
"""
