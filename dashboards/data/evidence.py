"""Evidence of a warning: the rows of the marts that its rule looked at.

Belongs here: which rows stand behind which rule, as of the release. Must not: the rule's own values (episodes.py).
Every query keeps to the customers of one party and to `MOST_ROWS` rows, the ones that say most first.
"""

from __future__ import annotations

from dataclasses import dataclass

from dashboards.data import customer
from dashboards.data.release import Release, Row, fetch

MOST_ROWS = 50


@dataclass(frozen=True)
class Evidence:
    """Rows behind a warning: their kind, in the words of the page, and the columns to show."""

    kind: str
    columns: tuple[str, ...]
    rows: list[Row]


@dataclass(frozen=True)
class _Query:
    columns: tuple[str, ...]
    relation: str
    condition: str
    order: str


_QUERIES = {
    "item": _Query(
        ("company_code", "document_id", "instalment_no", "document_date", "due_date", "days_past_due", "currency",
         "open_amount_document", "disputed_amount_document", "open_amount_reporting"),
        "mart_aging", "found.receivable_class = 'trade' and found.open_amount_document > 0 and found.days_past_due > 0",
        "found.days_past_due desc, found.open_item_id",
    ),
    "credit": _Query(
        ("company_code", "document_id", "item_kind", "document_date", "currency", "open_amount_document",
         "open_amount_reporting"),
        "mart_aging", "found.receivable_class = 'trade' and found.open_amount_document < 0",
        "found.document_date, found.open_item_id",
    ),
    "promise": _Query(
        ("company_code", "promise_id", "document_id", "kind", "made_on", "promised_date", "currency",
         "promised_amount_document", "received_by_grace_end_document", "shortfall_document", "promise_status"),
        "mart_promise", "found.kind != 'extension'", "found.promised_date desc, found.promise_id",
    ),
    "payment": _Query(
        ("company_code", "receipt_id", "receipt_date", "method", "currency", "amount_document", "receipt_status"),
        "fct_receipt", "true", "found.receipt_date desc, found.receipt_id",
    ),
    "returned": _Query(
        ("company_code", "receipt_id", "receipt_date", "method", "currency", "amount_document", "receipt_status",
         "status_date"),
        "fct_receipt", "found.status = 'bounced'", "found.status_date desc, found.receipt_id",
    ),
    "bill": _Query(
        ("company_code", "receipt_id", "method", "acceptor", "received_on", "maturity_date", "currency",
         "amount_document", "bill_state"),
        "mart_bill", "true", "found.received_on desc, found.receipt_id",
    ),
    "dispute": _Query(
        ("company_code", "dispute_id", "document_id", "reason", "opened_on", "closed_on", "currency",
         "disputed_amount_document", "credited_amount_document", "dispute_outcome"),
        "mart_dispute", "true", "found.is_open desc, found.opened_on desc, found.dispute_id",
    ),
    "exposure": _Query(
        ("company_code", "customer_id", "trade_debit_reporting", "unbilled_reporting", "bill_held_reporting",
         "bill_transferred_reporting", "unapplied_cash_reporting", "open_credit_reporting", "exposure_reporting",
         "limit_reporting", "utilisation_rate", "excess_reporting", "uncovered_exposure_reporting"),
        "mart_credit_exposure", "found.scope = 'customer'", "found.exposure_reporting desc, found.subject_id",
    ),
    "limitation": _Query(
        ("company_code", "document_id", "instalment_no", "due_date", "currency", "claim_amount_document",
         "claim_amount_reporting", "last_restart_date", "deadline_date", "days_left"),
        "mart_limitation", "found.limitation_state = 'running'", "found.deadline_date, found.open_item_id",
    ),
    "document": _Query(
        ("company_code", "document_id", "document_type", "document_date", "due_date", "currency", "amount_document",
         "payment_terms"),
        "fct_document", "true", "found.document_date desc, found.document_id",
    ),
}  # fmt: skip
# columns whose name would say something else on a page: the status of a receipt is not that of a promise
_PUBLISHED_AS = {"promise_status": "status", "receipt_status": "status", "dispute_outcome": "outcome"}
_SCORECARD = ("component", "weight", "points", "points_before", "raw_value", "data_of")
_OF_GROUP = ("company_code", "customer_name", "rule", "first_seen_on", "message")
# A rule of a company's own is shown the items: whatever it measures, they are what is owed.
KIND_OF_RULE = {
    "B04": "payment", "B06": "promise", "B07": "payment", "B08": "returned", "B09": "payment", "B10": "bill",
    "B11": "dispute", "C01": "scorecard", "D01": "limitation", "E01": "exposure", "E01N": "exposure", "E02": "exposure",
    "E03": "exposure", "G01": "group", "P01": "credit", "P03": "document", "X01": "exposure", "X02": "scorecard",
    "X03": "scorecard", "X04": "exposure", "X05": "scorecard",
}  # fmt: skip


def behind(release: Release, *, episode: Row, party_id: str) -> Evidence:
    """Rows that the rule of an episode looked at, as they are now."""
    kind = KIND_OF_RULE.get(episode["rule_id"], "item")
    if kind == "scorecard":
        return Evidence(kind, _SCORECARD, customer.scorecard(release, party_id=party_id))
    if kind == "group":
        return Evidence(kind, _OF_GROUP, _of_group(release, episode=episode, party_id=party_id))
    query = _QUERIES[kind]
    condition, parameters = query.condition, {"party_id": party_id}
    if episode["document_id"] is not None:
        condition += " and found.document_id = $document_id"
        parameters["document_id"] = episode["document_id"]
    columns = ", ".join(f"found.{_PUBLISHED_AS.get(column, column)} as {column}" for column in query.columns)
    rows = fetch(
        release,
        f"""
select {columns}
from marts.{query.relation} as found
inner join marts.dim_customer as customer
    on found.company_code = customer.company_code and found.customer_id = customer.customer_id
where customer.party_id = $party_id and {condition}
order by {query.order}
limit {MOST_ROWS}""",
        **parameters,
    )
    return Evidence(kind, query.columns, rows)


def _of_group(release: Release, *, episode: Row, party_id: str) -> list[Row]:
    """Severe warnings about the other members."""
    return fetch(
        release,
        f"""
select
    company_code, coalesce(name, customer_id) as customer_name, rule_id, rule_name_zh, rule_name_en, first_seen_on,
    message_zh, message_en
from marts.mart_risk_warning
where is_open and severity = 'severe' and group_id = $group_id and party_id != $party_id
order by first_seen_on, episode_id
limit {MOST_ROWS}""",
        group_id=episode["group_id"],
        party_id=party_id,
    )
