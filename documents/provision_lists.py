"""What stands behind the matrix, row by row as published: rates, roll rates, customers, assumptions, history.

Belongs here: one method per sheet. Must not: queries, formulas, the summary.
"""

from __future__ import annotations

from collections.abc import Sequence

from documents.blocks import Block, Column, Heading, Note, Sheet, Table, Value
from documents.provision import BACKTEST_PARTS, ROLLED_PARTS, roll_behind, sums_of_pairs, total
from documents.provision_names import Names, quotient
from documents.reading import Row

_TAKEN = {"own": "own_loss_rate", "pooled": "pooled_loss_rate", "fallback": "fallback_loss_rate"}
_DEFAULT_REASONS = (
    "overdue",
    "insolvency",
    "dishonest_debtor",
    "write_off",
    "forbearance",
    "dishonoured_bill",
)
_STEPS = ("opening", "charge", "reversal", "written_off", "recovered", "fx", "closing")


class Lists:
    """The sheets between the matrix and the read me."""

    def __init__(self, names: Names) -> None:
        self.names, self.words, self.provision = names, names.words, names.provision

    def _sheet(self, name: str, table: Table) -> Sheet:
        words = self.words
        blocks: list[Block] = [
            Heading(words(f"provision.sheet_{name}"), 1),
            Note(words(f"provision.about_{name}")),
            table,
        ]
        if not table.rows:
            blocks.append(Note(words("provision.empty")))
        return Sheet(words(f"provision.sheet_{name}"), blocks)

    # -- where rates come from ----------------------------------------------------------------------------

    def rates(self) -> Sheet:
        names = self.names
        columns = (
            names.column("company", width=9),
            names.column("segment", width=22),
            names.column("rate_segment", width=20),
            names.column("bucket", width=14),
            names.column("fine_bucket", width=14),
            names.column("source", width=12),
            names.column("why", width=26),
            names.column("pairs", "count", 7),
            names.column("observed", "count", 9),
            names.column("default_pairs", "count", 9),
            names.money("numerator", width=16),
            names.money("denominator", width=16),
            names.column("roll_rate", "rate", 11),
            names.column("default_probability", "rate", 11),
            names.column("loss_given_default", "rate", 11),
            names.column("loss_given_default_source", width=10),
            names.column("recoveries", "count", 9),
            names.column("own_rate", "rate", 11),
            names.column("pooled_rate", "rate", 11),
            names.column("policy_rate", "rate", 11),
            names.column("multiple", "factor", 10),
            names.column("raised", width=14),
            names.column("fine_rate", "rate", 11),
            names.money("weight"),
            names.column("loss_rate", "rate", 11),
            names.column("factor", "factor", 10),
            names.column("capped", width=10),
            names.column("rate", "rate", 11),
            names.column("policy_version", width=12),
        )
        sums = sums_of_pairs(self.provision.rolls)
        return self._sheet(
            "rates", Table(columns, [self._rate(row, roll_behind(row, sums)) for row in self.provision.rates])
        )

    def _rate(self, row: Row, behind: Row | None) -> tuple[Value, ...]:
        names, words = self.names, self.words
        taken = row[_TAKEN[row["rate_source"]]] if row["rate_source"] in _TAKEN else None
        is_raised = taken is not None and row["fine_loss_rate"] > taken
        is_capped = row["loss_rate"] < 1 < row["loss_rate"] * row["forward_factor"]
        versions = dict.fromkeys(
            version for version in (row["policy_version"], row["fallback_policy_version"]) if version
        )
        return (
            row["company_code"],
            names.segment(row["segment"]),
            names.segment(row["rate_segment"]) if row["rate_segment"] != row["segment"] else "",
            names.bucket(row["aging"], row["bucket"]),
            names.bucket("monthly_30" if row["aging"] == "standard" else row["aging"], row["fine_bucket"]),
            words.label("rate_source", row["rate_source"]),
            names.why(row),
            row["pair_count"],
            row["item_count"],
            row["default_pair_count"],
            behind["numerator_reporting"] if behind else None,
            behind["denominator_reporting"] if behind else None,
            row["roll_rate"],
            row["default_probability"],
            row["loss_given_default"],
            words.label("loss_source", row["loss_given_default_source"] or "none"),
            row["recovery_item_count"],
            row["own_loss_rate"],
            row["pooled_loss_rate"],
            row["fallback_loss_rate"],
            row["fallback_multiple"],
            names.yes(is_raised),
            row["fine_loss_rate"],
            row["weight_reporting"],
            row["loss_rate"],
            row["forward_factor"],
            names.yes(is_capped),
            row["rate"],
            ", ".join(versions),
        )

    def rolls(self) -> Sheet:
        names, words = self.names, self.words
        columns = (
            names.column("variant", width=16),
            names.column("level", width=9),
            names.column("company", width=9),
            names.column("segment", width=22),
            names.column("bucket", width=14),
            names.column("pair", width=8),
            names.column("start_day", "day", 11),
            names.column("end_day", "day", 11),
            names.money("amount", width=16),
            *(names.money(part.removesuffix("_reporting")) for part in ROLLED_PARTS),
            names.money("numerator", width=16),
            names.money("denominator", width=16),
            names.column("roll_rate", "rate", 11),
            names.column("dilution_rate", "rate", 11),
            names.column("observations", "count", 8),
            names.column("unconverted_count", "count", 8),
        )
        rows = [
            (
                words.label("variant", row["variant"]),
                words.label("level", row["level"]),
                row["company_code"],
                words("provision.all_segments") if row["segment"] == "*" else names.segment(row["segment"]),
                names.bucket(row["variant"], row["bucket"]),
                words("provision.all_pairs") if row["pair_no"] == 0 else str(row["pair_no"]),
                row["start_day"],
                row["end_day"],
                row["amount_reporting"],
                *(row[part] for part in ROLLED_PARTS),
                row["numerator_reporting"],
                row["denominator_reporting"],
                row["roll_rate"],
                row["dilution_rate"],
                row["observation_count"],
                row["unconverted_count"],
            )
            for row in self.provision.rolls
        ]
        return self._sheet("rolls", Table(columns, rows))

    # -- what was decided, and what if --------------------------------------------------------------------

    def individual(self) -> Sheet:
        names, words = self.names, self.words
        columns = (
            names.column("company", width=9),
            names.column("customer", width=12),
            names.column("customer_name", width=30),
            names.column("individual_reason", width=24),
            names.column("defaulted_on", "day", 11),
            names.column("default_reason", width=14),
            names.column("matrix_segment", width=20),
            names.column("decided_method", width=18),
            names.column("decided_by", width=12),
            names.column("decided_on", "day", 11),
            names.column("items", "count", 8),
            names.money("exposure"),
            names.money("covered"),
            names.money("uncovered_base"),
            names.column("rate", "rate", 11),
            names.money("published"),
            names.money("exposure", is_functional=True),
            names.money("published", is_functional=True),
            names.column("functional_currency", width=8),
        )

        def line(code: str, some: Sequence[Row]) -> tuple[Value, ...]:
            currencies = {self.provision.currency(row["company_code"]) for row in some}
            return (
                code,
                *(None,) * 9,
                sum(int(row["item_count"]) for row in some),
                total(some, "exposure_reporting"),
                total(some, "covered_reporting"),
                total(some, "uncovered_base_reporting"),
                quotient(total(some, "expected_credit_loss_reporting"), total(some, "exposure_reporting")),
                total(some, "expected_credit_loss_reporting"),
                names.functional(some, "exposure_functional"),
                names.functional(some, "expected_credit_loss_functional"),
                currencies.pop() if len(currencies) == 1 else None,
            )

        rows = [
            (
                row["company_code"],
                row["customer_id"],
                row["name"] or "",
                names.why_alone(row),
                row["defaulted_on"],
                words.label("default", row["default_reason"] or "none"),
                names.segment(row["matrix_segment"]) if row["matrix_segment"] else "",
                (row["decided_method"] or "") if row["is_decided"] else words("provision.undecided"),
                row["decided_by"] or "",
                row["decided_on"],
                row["item_count"],
                row["exposure_reporting"],
                row["covered_reporting"],
                row["uncovered_base_reporting"],
                row["rate"],
                row["expected_credit_loss_reporting"],
                row["exposure_functional"],
                row["expected_credit_loss_functional"],
                self.provision.currency(row["company_code"]),
            )
            for row in self.provision.individual
        ]
        sums = names.sums(self.provision.individual, line)
        return self._sheet("individual", Table(columns, rows, subtotals=sums.subtotals, last=sums.last))

    def sensitivity(self) -> Sheet:
        names, words = self.names, self.words
        columns = (
            names.column("company", width=9),
            names.column("segment", width=24),
            names.column("assumption", width=30),
            names.money("exposure", width=16),
            names.money("published", width=16),
            names.money("change", width=16),
            names.money("published", is_functional=True, width=16),
            names.money("change", is_functional=True, width=16),
            names.column("functional_currency", width=8),
        )
        rows: list[tuple[Value, ...]] = [
            (
                row["company_code"],
                names.segment(row["segment"]),
                words.label("assumption", row["sensitivity"]),
                row["exposure_reporting"],
                row["expected_credit_loss_reporting"],
                row["change_reporting"],
                row["expected_credit_loss_functional"],
                row["change_functional"],
                self.provision.currency(row["company_code"]),
            )
            for row in self.provision.sensitivity
        ]
        keys = dict.fromkeys(
            (row["company_code"], row["sensitivity"])
            for row in sorted(
                self.provision.sensitivity,
                key=lambda row: (row["company_code"], row["sensitivity"] != "base", row["sensitivity"]),
            )
        )
        sums = [self._sensitivity_sum(code, sensitivity) for code, sensitivity in keys]
        return self._sheet("sensitivity", Table(columns, rows, subtotals=sums))

    def _sensitivity_sum(self, code: str, sensitivity: str) -> tuple[Value, ...]:
        some = [
            row
            for row in self.provision.sensitivity
            if row["company_code"] == code and row["sensitivity"] == sensitivity
        ]
        return (
            code,
            self.words("provision.total"),
            self.words.label("assumption", sensitivity),
            total(some, "exposure_reporting"),
            total(some, "expected_credit_loss_reporting"),
            total(some, "change_reporting"),
            total(some, "expected_credit_loss_functional"),
            total(some, "change_functional"),
            self.provision.currency(code),
        )

    # -- what the books and the years before say ----------------------------------------------------------

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
        return self._sheet("allowance", Table(columns, rows))

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
        return self._sheet("vintages", Table(columns, rows))

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
        return self._sheet("backtest", Table(columns, rows))

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
        return self._sheet("defaults", Table(columns, rows))
