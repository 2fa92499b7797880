"""`python -m tests.benchmark.warnings`: whether warnings find the payers that turned bad, which the simulator knows.

Belongs here: lists of customers by method, held against the simulator's truth. Must not: thresholds tuned to one seed.

A payer that fails or deteriorates does so from a day on that only the simulator knows (truth/payer.csv). Of every
method the list is looked at on each month end, without who is in default already:

- precision: customer-months on the list that belong to such a payer after its day;
- recall: of such payers that came to default, those that stood on the list 30 days or more before it.

A method with a threshold is compared with the naive list where it recalls as many: at the strictest threshold that
does. A default is one of mart_customer_default. Most of those are payers that forgot an invoice for 90 days; nobody can
be warned of them, and `arrears backtest`, which knows no truth, counts them.
"""

import argparse
import tempfile
from pathlib import Path

import duckdb

from ingest.simulator import simulate
from tests.kit import build

LEAD_DAYS = 30
_PREPARE = """
create table month as
select distinct as_of_day as day
from marts.mart_credit_rating
where is_month_end;

create table spell as
select party_id, defaulted_on, coalesce(cured_on, date '9999-12-31') as cured_on
from marts.mart_customer_default;

create table turned as
select customer.party_id, min(cast(payer.turned_on as date)) as turned_on
from read_csv($payer, all_varchar = true) as payer
inner join marts.dim_customer as customer using (company_code, customer_id)
where payer.turned_on is not null
group by customer.party_id;

create table failed as
select turned.party_id, turned.turned_on, min(spell.defaulted_on) as defaulted_on
from turned
inner join spell on turned.party_id = spell.party_id and spell.defaulted_on >= turned.turned_on
group by turned.party_id, turned.turned_on;

-- one row per customer and month end on which a method has it on its list; `level`: the lower, the surer
create table listed as
select method, party_id, day, level
from (
    select coalesce(rule_id, method) as method, alert.party_id, month.day, 0.0 as level
    from build.intermediate.int_warning__alert as alert
    inner join month
        on alert.first_seen_on <= month.day and coalesce(alert.closed_on, date '9999-12-31') > month.day
    union all
    select 'all rules', alert.party_id, month.day, 0.0
    from build.intermediate.int_warning__alert as alert
    inner join month
        on alert.first_seen_on <= month.day and coalesce(alert.closed_on, date '9999-12-31') > month.day
    where alert.is_counted_overall
    union all
    select 'score', party_id, as_of_day, min(score)
    from marts.mart_credit_rating
    where is_month_end and score is not null
    group by party_id, as_of_day
    union all
    select 'outlook', party_id, effective_from, outlook
    from build.intermediate.int_warning__outlook
    inner join month on effective_from = month.day
) as candidate
where not exists (
    select 1 from spell
    where spell.party_id = candidate.party_id and spell.defaulted_on <= candidate.day and spell.cured_on > candidate.day
)
group by all;
"""
_MEASURED = """
with listed_then as (
    select listed.*, turned.party_id is not null as is_true
    from listed
    left join turned on listed.party_id = turned.party_id and listed.day >= turned.turned_on
    where listed.method = $method and listed.level <= $level
),
warned as (
    select distinct failed.party_id
    from failed
    inner join listed_then
        on failed.party_id = listed_then.party_id
        and listed_then.day >= failed.turned_on
        and listed_then.day + $lead <= failed.defaulted_on
)
select
    (select count(*) from listed_then),
    (select count(*) filter (where is_true) from listed_then),
    (select count(distinct party_id) filter (where is_true) from listed_then),
    (select count(*) from warned)
"""
NAIVE = "net_overdue_30"
RANKED = ("score", "outlook")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--scale", default="small")
    chosen = parser.parse_args()
    for seed in chosen.seeds:
        with tempfile.TemporaryDirectory() as name:
            simulate(Path(name), scale=chosen.scale, seed=seed)
            config = Path(name) / "arrears.yml"
            config.write_text(config.read_text(encoding="utf-8") + "\nprediction: none\n", encoding="utf-8")
            build(config).close()
            print(f"\nseed {seed}")
            report(Path(name))


def report(folder: Path) -> None:
    """Print every method of a company that `simulate` and `build` made in `folder`."""
    with duckdb.connect() as connection:
        connection.execute(f"attach '{folder}/models/candidate.duckdb' as release (read_only)")
        connection.execute(f"attach '{folder}/models/models.duckdb' as build (read_only)")
        script = _PREPARE.replace("marts.", "release.marts.").replace("$payer", f"'{folder}/truth/payer.csv'")
        connection.execute(script)
        turned, failed = connection.execute(
            "select (select count(*) from turned), (select count(*) from failed)"
        ).fetchall()[0]
        print(f"{turned} payers turned bad, {failed} of them came to default")
        print(f"{'method':26}{'months':>8}{'precision':>11}{'bad payers':>12}{'warned in time':>16}")
        methods = [
            method for (method,) in connection.execute("select distinct method from listed").fetchall()
        ]
        least = _measure(connection, NAIVE, level=0)[3]
        for method in sorted(methods):
            if method in RANKED:
                level = _level_that_recalls(connection, method, least)
                _print(f"{method} <= {level:.1f}", _measure(connection, method, level=level), turned, failed)
            else:
                _print(method, _measure(connection, method, level=0), turned, failed)


def _measure(
    connection: duckdb.DuckDBPyConnection, method: str, *, level: float
) -> tuple[int, int, int, int]:
    row = connection.execute(_MEASURED, {"method": method, "level": level, "lead": LEAD_DAYS}).fetchall()[0]
    return row[0], row[1], row[2], row[3]


def _level_that_recalls(connection: duckdb.DuckDBPyConnection, method: str, least: int) -> float:
    """The strictest level at which so many payers were warned in time."""
    levels = [
        float(level)
        for (level,) in connection.execute(
            "select distinct round(level, 1) from listed where method = $1 order by 1", [method]
        ).fetchall()
    ]
    low, high = 0, len(levels) - 1
    while low < high:
        middle = (low + high) // 2
        if _measure(connection, method, level=levels[middle])[3] >= least:
            high = middle
        else:
            low = middle + 1
    return levels[low]


def _print(name: str, measured: tuple[int, int, int, int], turned: int, failed: int) -> None:
    months, true, payers, warned = measured
    precision = f"{true / months:.3f}" if months else "-"
    print(f"{name:26}{months:8,}{precision:>11}{f'{payers} of {turned}':>12}{f'{warned} of {failed}':>16}")


if __name__ == "__main__":
    main()
