"""Netting: SQL of what credits take off the items they reach.

Belongs here: the queue of a customer's items behind its credits (accounting.md B5). Must not: decide which items are
asked (scope.py), or run a query.
"""

from __future__ import annotations

from dashboards.data.exact import exact_share

TRADE = "trade"


def absorbed_by_credits(*, has_disputes: bool, source: str = "bucketed", condition: str = "true") -> str:
    """CTEs ending in `absorbed`: what credits take off each item they reach, class trade only.

    First the undisputed part of every item, oldest first, then what is contested.

    Args:
        has_disputes: whether any item of the source has a contested part; without, half of the work is left out.
        source: relation of open items.
        condition: SQL that leaves a beginning of that order; what comes later takes nothing from what came before.
    """
    share = exact_share("amount", part="absorbed_document", whole="open_amount_document")
    undisputed = "debit.open_amount_document - debit.disputed_document"
    taken = "least(debit_part, greatest(credit_pool - part_before, 0))"
    contested = ""
    if has_disputes:
        taken += " + least(contested_part, greatest(credit_pool - parts - contested_before, 0))"
        contested = """
        debit.disputed_document as contested_part,
        coalesce(sum(debit.disputed_document) over earlier, 0) as contested_before,
        -- of the whole pool, also where only a beginning of the order is asked
        pool.parts,"""
    return f"""
pool as (

    -- who has no credit in a currency has nothing to net there; numbered, because sorting by one number is quick
    select
        credit.*,
        {"debit.parts," if has_disputes else ""}
        row_number() over () as pool_no
    from (
        select
            company_code, customer_id, currency,
            sum(-open_amount_document) as credit_pool,
            min(open_item_id) as first_credit
        from {source}
        where is_credit and receivable_class = '{TRADE}'
        group by company_code, customer_id, currency
    ) as credit
    {_debit_parts(source) if has_disputes else ""}

),

queued as (

    select
        debit.open_item_id,
        debit.shown_currency,
        debit.days_past_due,
        debit.open_amount_document,
        debit.amount,
        {undisputed} as debit_part,
        pool.credit_pool,
        pool.first_credit,{contested}
        coalesce(sum({undisputed}) over earlier, 0) as part_before
    from {source} as debit
    inner join pool
        on debit.company_code = pool.company_code
        and debit.customer_id = pool.customer_id
        and debit.currency = pool.currency
    where not debit.is_credit and debit.receivable_class = '{TRADE}' and {condition}
    window earlier as (
        partition by pool.pool_no
        order by debit.due_date, debit.document_date, debit.document_id, debit.instalment_no
        rows between unbounded preceding and 1 preceding
    )

),

absorbed as (

    select
        *,
        case when absorbed_document = open_amount_document then amount else {share} end as absorbed_amount
    from (select *, {taken} as absorbed_document from queued)
    where absorbed_document != 0

)"""


def _debit_parts(source: str) -> str:
    return f"""left join (
        select company_code, customer_id, currency, sum(open_amount_document - disputed_document) as parts
        from {source}
        where not is_credit and receivable_class = '{TRADE}'
        group by company_code, customer_id, currency
    ) as debit
        using (company_code, customer_id, currency)"""
