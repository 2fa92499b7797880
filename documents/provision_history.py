"""What went before, row by row as published: allowance, losses by age of sale, past predictions, defaults.

Belongs here: one method per sheet. Must not: queries, formulas, the summary.
"""

from __future__ import annotations

from documents.blocks import Column, Sheet, Table
from documents.provision_names import Names
from documents.provision_proof import BACKTEST_PARTS
from documents.reading import Row

_DEFAULT_REASONS = (
    "overdue",
    "insolvency",
    "dishonest_debtor",
    "write_off",
    "forbearance",
    "dishonoured_bill",
)
_STEPS = ("opening", "charge", "reversal", "written_off", "recovered", "fx", "closing")


class History:
    """The sheets before the read me."""

    def __init__(self, names: Names) -> None:
        self.names, self.words, self.provision = names, names.words, names.provision

    def allowance(self) -> Sheet:
        names, words = self.names, self.words
        columns: list[Column] = [
            names.column("company", width=9),
            names.column("step", width=20),
            names.column("from_day", "day", 12),
            names.column("to_day", "day", 12),
        ]
        columns += [names.money(step, is_functional=True, width=16) for step in _STEPS if step != "fx"]
        columns.append(names.column("functional_currency", width=8))
        columns += [names.money(step, width=16) for step in _STEPS]
        columns.append(names.column("remark", width=24))
        rows = [
            (
                row["company_code"],
                words.label("step", row["step"]),
                row["from_date"],
                row["to_date"],
                *(row[f"{step}_functional"] for step in _STEPS if step != "fx"),
                row["functional_currency"],
                *(row[f"{step}_reporting"] for step in _STEPS),
                words("provision.not_delivered") if row["reason_when_null"] == "not_delivered" else "",
            )
            for row in self.provision.allowance
        ]
        return self.names.sheet("allowance", Table(columns, rows))

    def vintages(self) -> Sheet:
        names = self.names
        columns = (
            names.column("company", width=9),
            names.column("quarter", "day", 12),
            names.column("months_since", "count", 9),
            names.money("billed", width=18),
            names.money("written_off", width=18),
            names.money("recovered", width=18),
            names.money("lost", width=18),
            names.column("lost_rate", "rate", 12),
            names.column("last_loss_on", "day", 14),
        )
        rows = [
            (
                row["company_code"],
                row["quarter_start"],
                row["months_since"],
                row["billed_reporting"],
                row["written_off_reporting"],
                row["recovered_reporting"],
                row["lost_reporting"],
                row["loss_rate"],
                row["last_loss_on"],
            )
            for row in self.provision.vintages
        ]
        return self.names.sheet("vintages", Table(columns, rows))

    def backtest(self) -> Sheet:
        names, words = self.names, self.words
        columns = (
            names.column("company", width=9),
            names.column("predicted_on", "day", 12),
            names.column("segment", width=22),
            names.column("bucket", width=16),
            names.money("gross_then", width=18),
            names.money("base_then", width=18),
            names.column("rate", "rate", 10),
            names.column("source", width=16),
            names.money("expected_then", width=16),
            *(names.money(f"became_{part.removesuffix('_reporting')}", width=16) for part in BACKTEST_PARTS),
            names.money("realised", width=16),
            names.money("still_doubtful", width=16),
            names.money("outcome", width=16),
            names.money("too_little", width=16),
            names.column("outcome_ratio", "rate", 10),
            names.column("remark", width=18),
            names.money("lost_new", width=16),
            names.money("lost_settled", width=16),
        )
        rows = [
            (
                row["company_code"],
                row["valuation_date"],
                words("provision.total") if row["level"] == "company" else names.segment(row["segment"]),
                self._backtest_bucket(row),
                row["gross_reporting"],
                row["uncovered_base_reporting"],
                row["rate"],
                words.label("rate_source", row["rate_source"]) if row["rate_source"] else "",
                row["expected_loss_reporting"],
                *(row[part] for part in BACKTEST_PARTS),
                row["realised_loss_reporting"],
                row["expected_in_default_reporting"] + row["expected_younger_reporting"],
                row["outcome_loss_reporting"],
                row["difference_reporting"],
                row["ratio"],
                words.label("backtest", row["reason_when_null"]) if row["reason_when_null"] else "",
                row["new_business_loss_reporting"],
                row["settled_before_loss_reporting"],
            )
            for row in self.provision.backtest
        ]
        return self.names.sheet("backtest", Table(columns, rows))

    def _backtest_bucket(self, row: Row) -> str:
        if row["level"] != "bucket":
            return self.words("provision.total")
        return self.names.bucket(row["aging"], row["bucket"])

    def defaults(self) -> Sheet:
        names, words = self.names, self.words
        columns = (
            names.column("party", width=16),
            names.column("customers", width=22),
            names.column("customer_name", width=30),
            names.column("spell", "count", 6),
            names.column("defaulted_on", "day", 11),
            names.column("first_reason", width=14),
            names.column("reasons", width=34),
            names.money("largest_overdue", width=16),
            names.column("reasons_ended_on", "day", 11),
            names.column("cured_on", "day", 11),
            names.column("in_default", width=8),
            names.column("policy_version", width=12),
        )
        rows = [
            (
                row["party_id"],
                row["customers"],
                row["name"] or "",
                row["spell_no"],
                row["defaulted_on"],
                words.label("default", row["first_reason"]),
                ", ".join(
                    words.label("default", reason) for reason in _DEFAULT_REASONS if row[f"has_{reason}"]
                ),
                row["largest_overdue_reporting"],
                row["reasons_ended_on"],
                row["cured_on"],
                names.yes(row["is_in_default"]),
                row["policy_version"],
            )
            for row in self.provision.defaults
        ]
        return self.names.sheet("defaults", Table(columns, rows))
