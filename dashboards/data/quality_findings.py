"""What is wrong with the data, and what changed of days that were reported before.

Belongs here: findings with their records, the ledger's differences and their causes, restatements. Must not: loads
(quality.py).
"""

from __future__ import annotations

from datetime import datetime

from dashboards.data.release import Release, Row, fetch

MOST_FINDINGS = 500
# entity of a finding -> the relation and key of its record
_RECORDS = {
    "document": ("fct_document", "document_id"),
    "instalment": ("fct_instalment", "document_id"),
    "receipt": ("fct_receipt", "receipt_id"),
    "allocation": ("fct_allocation", "allocation_id"),
    "customer": ("dim_customer", "customer_id"),
}
# third part of an open item: whose number it is
_ITEM_KINDS = {"D": "document", "R": "receipt", "B": "receipt"}


def by_rule(release: Release) -> list[Row]:
    """Findings by rule and currency, errors first; amounts are never added up over currencies."""
    return fetch(
        release,
        """
select
    rule, max(severity) as severity, currency, count(*) as finding_count,
    count(distinct company_code) as company_count, sum(abs(amount_document)) as amount_document
from marts.mart_data_quality
group by rule, currency
order by max(severity) = 'warning', rule, currency""",
    )


def of_rule(release: Release, *, rule: str) -> list[Row]:
    """Findings of one rule, largest amount first, at most `MOST_FINDINGS`."""
    return fetch(
        release,
        f"""
select finding.*, load.source, load.extracted_at, count(*) over () as found_count
from marts.mart_data_quality as finding
left join marts.dim_release_load as load
    on finding._load_id = load.load_id
where finding.rule = $rule
order by abs(finding.amount_document) desc nulls last, finding.company_code, finding.record_id
limit {MOST_FINDINGS}""",
        rule=rule,
    )


def of_load(release: Release, *, load_id: int) -> list[Row]:
    """Rows of one delivery that were set aside, in the order of the file, at most `MOST_FINDINGS`."""
    return fetch(
        release,
        f"""
select *
from marts.mart_data_quality
where rule = 'rejected_row' and _load_id = $load_id
order by _row, record_id
limit {MOST_FINDINGS}""",
        load_id=load_id,
    )


def record(release: Release, finding: Row) -> Row | None:
    """The published source row that a finding is about, with file and row; None where none is published."""
    entity, key = finding["entity"], str(finding["record_id"])
    parts = key.split("|")
    if len(parts) > 2:
        # an open item is named company|kind|number|instalment
        entity, key = _ITEM_KINDS.get(parts[1], entity), parts[2]
    if entity not in _RECORDS or finding["rule"] == "rejected_row":
        return None
    table, column = _RECORDS[entity]
    rows = fetch(
        release,
        f"select * from marts.{table} where company_code = $company_code and {column} = $key limit 1",
        company_code=finding["company_code"],
        key=key,
    )
    return rows[0] if rows else None


def tie_out_history(release: Release) -> list[Row]:
    """State of every control balance on its day: agrees, explained by later postings, or not explained."""
    return fetch(
        release,
        """
select
    company_code, account_role, currency, balance_date, difference, late_posting_amount, unexplained_difference,
    case
        when unexplained_difference is null then 'unknown'
        when unexplained_difference <> 0 then 'unexplained'
        when difference <> 0 then 'late'
        else 'agrees'
    end as state
from marts.mart_gl_tie_out
qualify dense_rank() over (order by balance_date desc) <= 37
order by company_code, account_role, currency, balance_date""",
    )


def gl_causes(release: Release, tie: Row) -> list[Row]:
    """What may explain the difference of one control balance, largest first, at most `MOST_FINDINGS`."""
    return fetch(
        release,
        f"""
select *
from marts.mart_gl_difference
where company_code = $company_code and account_role = $account_role and currency = $currency
    and balance_date = cast($balance_date as date)
order by abs(amount) desc nulls last, effective_date, open_item_id
limit {MOST_FINDINGS}""",
        company_code=tie["company_code"],
        account_role=tie["account_role"],
        currency=tie["currency"],
        balance_date=tie["balance_date"],
    )


def restatements(release: Release) -> list[Row]:
    """Deliveries that changed days reported before, newest first: how many items, by how much, how far back."""
    return fetch(
        release,
        f"""
select
    restatement.restated_at, restatement.company_code, max(company.functional_currency) as currency,
    count(distinct restatement.open_item_id) as item_count,
    min(restatement.effective_date) as first_day, max(restatement.effective_date) as last_day,
    sum(restatement.amount_functional) as amount_functional,
    sum(abs(restatement.amount_functional)) as moved_functional
from marts.mart_restatement as restatement
left join marts.dim_company as company
    on restatement.company_code = company.company_code
group by restatement.restated_at, restatement.company_code
order by restatement.restated_at desc, restatement.company_code
limit {MOST_FINDINGS}""",
    )


def restatements_by_month(release: Release) -> list[Row]:
    """Items of days reported before that the deliveries of each month changed, by company."""
    return fetch(
        release,
        """
with

delivery as (

    select restated_at, company_code, count(distinct open_item_id) as item_count
    from marts.mart_restatement
    group by restated_at, company_code

)

select
    strftime(restated_at, '%Y-%m') as month, company_code, count(*) as delivery_count,
    cast(sum(item_count) as bigint) as item_count
from delivery
group by month, company_code
order by month, company_code""",
    )


def restated(release: Release, *, restated_at: datetime, company_code: str) -> list[Row]:
    """Rows of one delivery that changed days reported before, largest first, at most `MOST_FINDINGS`."""
    return fetch(
        release,
        f"""
select *
from marts.mart_restatement
where restated_at = cast($restated_at as timestamp) and company_code = $company_code
order by abs(amount_functional) desc nulls last, open_item_id, change_kind
limit {MOST_FINDINGS}""",
        restated_at=restated_at,
        company_code=company_code,
    )
