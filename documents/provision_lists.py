"""What stands behind the matrix, row by row as published: rates, roll rates, customers, assumptions.

Belongs here: one method per sheet. Must not: queries, formulas, the summary.
"""

from __future__ import annotations

from collections.abc import Sequence

from documents.blocks import Sheet, Table, Value
from documents.provision_names import Names, quotient
from documents.provision_proof import ROLLED_PARTS, roll_behind, sums_of_pairs, total
from documents.reading import Row

_TAKEN = {"own": "own_loss_rate", "pooled": "pooled_loss_rate", "fallback": "fallback_loss_rate"}


class Lists:
    """The sheets that follow the matrix."""

    def __init__(self, names: Names) -> None:
        self.names, self.words, self.provision = names, names.words, names.provision

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
        return self.names.sheet(
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
        return self.names.sheet("rolls", Table(columns, rows))

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
        return self.names.sheet("individual", Table(columns, rows, subtotals=sums.subtotals, last=sums.last))

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
        return self.names.sheet("sensitivity", Table(columns, rows, subtotals=sums))

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
