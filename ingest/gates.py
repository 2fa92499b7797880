"""Gates: the checks a refresh must pass, and how severe each is unless `arrears.yml` says otherwise.

Belongs here: names, default severities and one line of description each. Must not: the checks themselves.
"""

from typing import Literal, get_args

Severity = Literal["error", "warn"]
SEVERITIES: tuple[Severity, ...] = get_args(Severity)

_GATES: tuple[tuple[str, Severity, str], ...] = (
    ("front_door", "error", "every landed delivery met its expectations"),
    ("unique_key", "error", "no key is twice in a published table"),
    (
        "roll_forward",
        "error",
        "opening + movements = closing, for every company, class, currency, customer and day",
    ),
    ("bucket_sum", "error", "the buckets of every scheme sum to what is outstanding"),
    ("source_total", "error", "amounts in the marts equal amounts landed, rejected ones apart"),
    ("gl_tie_out", "error", "open items equal the control accounts of the general ledger"),
    ("control_total", "error", "row counts and totals of the release equal those of its build"),
    ("conflicting_version", "error", "no key has two different contents at the same known time"),
    ("unknown_company", "error", "every row belongs to a company that is configured"),
    ("reversal_exceeds_allocation", "error", "no allocation is reversed for more than its amount"),
    ("restatement_identity", "error", "changes of closed days are explained in full by restatement rows"),
    ("ledger_identity", "error", "balances are the sum of their movements, on both clocks"),
    (
        "metric_identity",
        "error",
        "metrics agree with aging and roll-forward, and their parts sum to the group",
    ),
    (
        "overdue_bridge",
        "error",
        "what is overdue changes by what the bridge tells, on every item and day, and ends in the aging",
    ),
    ("customer_party", "error", "every customer belongs to one party, and each party to itself"),
    ("orphan_allocation", "warn", "both items of every allocation are known"),
    ("over_allocation", "warn", "no item is settled for more than was open on it"),
    ("clearing_does_not_net", "warn", "the items of every clearing add up to nothing"),
    ("bill", "warn", "every bill has a maturity and an outcome, and every event of one a bill to act on"),
    ("missing_rate", "warn", "every amount has the exchange rate it needs"),
    ("future_dated", "warn", "nothing is dated after the as-of date"),
    ("instalment_sum", "warn", "the instalments of a document sum to the document"),
    ("bank_statement", "warn", "every bank statement adds up and continues the one before"),
    ("missing_due_date", "warn", "every document has a due date or readable payment terms"),
    ("unknown_crosswalk_customer", "warn", "every customer that the crosswalk file confirms is known"),
)

DEFAULT_GATES: dict[str, Severity] = {name: severity for name, severity, _ in _GATES}
GATE_DESCRIPTIONS: dict[str, str] = {name: description for name, _, description in _GATES}
