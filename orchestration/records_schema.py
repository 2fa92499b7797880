"""Tables of runs and releases in the manifest, beside those of landing.

Belongs here: DDL. Must not: queries. Landing reads `releases.known_at` for the knowledge clock.
"""

DDL = """
create table if not exists runs (
    run_id text primary key,
    command text not null,
    status text not null,             -- started, published, nothing_new, gate_failed, refused, failed, done
    started_at text not null,
    finished_at text,
    pid integer not null,
    message text not null default '',
    release_id text,
    as_of text,
    gates text not null default '[]'  -- JSON
);

create table if not exists run_phases (
    run_id text not null references runs,
    phase text not null,              -- landing, prepare, dbt_overhead, models, tests, publish
    started_at text not null,
    seconds real not null,
    primary key (run_id, phase)
) without rowid;

create table if not exists releases (
    release_id text primary key,
    status text not null,             -- publishing until the switch has happened, then published
    run_id text not null,
    published_at text not null,
    as_of text not null,
    known_at text not null,
    file text not null,               -- relative to home
    landing_fingerprint text not null,
    configuration_hash text not null,
    policy_hash text not null,
    code_version text not null,
    gates text not null default '[]'  -- JSON
);

create table if not exists release_totals (
    release_id text not null references releases,
    company_code text not null,
    receivable_class text not null,
    bucket text not null,
    currency text not null,
    amount_document text,
    amount_functional text,
    primary key (release_id, company_code, receivable_class, bucket, currency)
) without rowid;
"""
