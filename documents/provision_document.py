"""The workpaper of the expected credit loss: which sheets, and the first of them, which the accounts are made from.

Belongs here: the summary with the tables of the note to the accounts and the entry proposed, what each sheet is. Must
not: query, render, compute more than sums and shares of what stands there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from documents.blocks import Block, Column, Document, Facts, Heading, Note, Sheet, Table, Value
from documents.provision import Provision
from documents.provision_history import History
from documents.provision_lists import Lists
from documents.provision_matrix import matrix_sheet
from documents.provision_names import Names, quotient
from documents.provision_proof import total
from documents.reading import Row
from documents.statement import ZERO
from documents.words import Language, Words

SHEETS = (
    "summary",
    "matrix",
    "rates",
    "rolls",
    "individual",
    "sensitivity",
    "allowance",
    "vintages",
    "backtest",
    "defaults",
    "read_me",
)


def provision_document(provision: Provision, *, language: Language, is_summary: bool = False) -> Document:
    """The workpaper; its summary and read me alone where it is to be read on paper."""
    words = Words(language)
    names = Names(provision, words)
    lists, history = Lists(names), History(names)
    summary, read_me = _Summary(names).sheet(), _read_me(names)
    between = [
        matrix_sheet(names),
        lists.rates(),
        lists.rolls(),
        lists.individual(),
        lists.sensitivity(),
        history.allowance(),
        history.vintages(),
        history.backtest(),
        history.defaults(),
    ]
    codes = " ".join(str(company["company_code"]) for company in provision.companies)
    release = provision.release
    return Document(
        title=words("provision.title"),
        foot=f"{words('provision.title')} · {codes} · {release.as_of} · {release.release_id}",
        page_of=words.raw("page.of"),
        sheets=[summary, read_me] if is_summary else [summary, *between, read_me],
        is_wide=True,
    )


class _Summary:
    """The first sheet."""

    def __init__(self, names: Names) -> None:
        self.names, self.words, self.provision = names, names.words, names.provision
        self.rows = names.provision.counted

    def sheet(self) -> Sheet:
        words = self.words
        blocks: list[Block] = [
            Heading(words("provision.title"), 1),
            Facts(self._facts()),
            Heading(words("provision.by_segment")),
            self._by_segment(),
            Heading(words("provision.note")),
            self._by_method(),
            Heading(words("provision.note_individual")),
            *self._individual(),
            Heading(words("provision.note_groups")),
            self._groups(),
            Note(words("provision.note_scope")),
            Heading(words("provision.journal")),
            *self._journal(),
        ]
        return Sheet(words("provision.sheet_summary"), blocks)

    def _facts(self) -> list[tuple[str, Value]]:
        words, provision, release = self.words, self.provision, self.provision.release
        lowered = [str(gate["gate"]) for gate in provision.gates if gate["is_lowered"]]
        warned = [
            f"{gate['gate']} ({gate['failing_row_count']})"
            for gate in provision.gates
            if gate["status"] == "warned"
        ]
        versions = {
            row[column] for row in self.rows for column in ("policy_version", "fallback_policy_version")
        } - {None}
        unconverted = sum(int(row["unconverted_count"]) for row in self.rows)
        facts: list[tuple[str, Value]] = [
            (str(company["company_code"]), f"{company['name']} ({company['functional_currency']})")
            for company in provision.companies
        ]
        facts += [
            (words("statement.as_of"), release.as_of),
            (words("provision.reporting_currency"), provision.reporting_currency),
            (words("provision.policy_version"), ", ".join(sorted(versions))),
            (words("provision.policy_hash"), release.policy_hash),
            (words("statement.release"), release.release_id),
            (words("statement.known_at"), f"{release.known_at:%Y-%m-%d %H:%M:%S}"),
            (words("statement.code_version"), release.code_version),
            (words("provision.gates_lowered"), ", ".join(lowered) or words("provision.none")),
            (words("provision.gates_warned"), ", ".join(warned) or words("provision.none")),
        ]
        if unconverted:
            facts.append((words("provision.unconverted"), str(unconverted)))
        return facts

    def _grouped(
        self, rows: Sequence[Row], line: Callable[[str, Sequence[Row]], tuple[Value, ...]]
    ) -> list[tuple[Value, ...]]:
        """One line per company and segment, in the order of the policy."""
        keys = dict.fromkeys(
            (row["company_code"], row["segment_no"], row["segment"])
            for row in sorted(rows, key=lambda row: (row["company_code"], row["segment_no"], row["segment"]))
        )
        return [
            line(
                code,
                [row for row in rows if row["company_code"] == code and row["segment"] == segment],
            )
            for code, _, segment in keys
        ]

    def _presentation(self, rows: Sequence[Row]) -> str:
        return " / ".join(
            self.words.label("presentation", code) for code in sorted({row["presentation"] for row in rows})
        )

    def _by_segment(self) -> Table:
        names = self.names

        def line(code: str, rows: Sequence[Row], segment: str = "", presented: str = "") -> tuple[Value, ...]:
            exposure = total(rows, "exposure_reporting")
            loss = total(rows, "expected_credit_loss_reporting")
            currencies = {row["functional_currency"] for row in rows}
            return (
                code,
                segment,
                presented,
                total(rows, "open_amount_reporting"),
                total(rows, "absorbed_reporting"),
                exposure,
                total(rows, "covered_reporting"),
                loss,
                quotient(loss, exposure),
                names.functional(rows, "exposure_functional"),
                names.functional(rows, "expected_credit_loss_functional"),
                currencies.pop() if len(currencies) == 1 else None,
            )

        sums = names.sums(self.rows, line)
        return Table(
            (
                names.column("company", width=10),
                names.column("segment", width=28),
                names.column("presentation", width=24),
                names.money("open"),
                names.money("absorbed"),
                names.money("exposure"),
                names.money("covered"),
                names.money("allowance"),
                names.column("allowance_rate", "rate", 11),
                names.money("exposure", is_functional=True),
                names.money("allowance", is_functional=True),
                names.column("functional_currency", width=9),
            ),
            self._grouped(
                self.rows,
                lambda code, rows: line(
                    code, rows, names.segment(rows[0]["segment"]), self._presentation(rows)
                ),
            ),
            subtotals=sums.subtotals,
            last=sums.last,
        )

    # -- the note to the accounts -------------------------------------------------------------------------

    def _note_columns(self, second: str, third: str) -> tuple[Column, ...]:
        names = self.names
        return (
            names.column("company", width=10),
            names.column(second, width=28),
            names.column(third, width=24),
            names.money("gross"),
            names.money("allowance"),
            names.money("carrying"),
            names.column("allowance_rate", "rate", 11),
        )

    def _note_line(
        self, code: str, rows: Sequence[Row], second: str = "", third: str = ""
    ) -> tuple[Value, ...]:
        gross = total(rows, "exposure_reporting")
        loss = total(rows, "expected_credit_loss_reporting")
        return (code, second, third, gross, loss, gross - loss, quotient(loss, gross))

    def _is_alone(self, row: Row) -> bool:
        return bool(row["segment"] == "individual" or row["method"] == "individual")

    def _by_method(self) -> Table:
        words = self.words
        lines = []
        for company in self.provision.companies:
            code = str(company["company_code"])
            mine = [row for row in self.rows if row["company_code"] == code]
            for name, is_alone in (("by_individual", True), ("by_groups", False)):
                chosen = [row for row in mine if self._is_alone(row) == is_alone]
                lines.append(self._note_line(code, chosen, words(f"provision.{name}")))
        sums = self.names.sums(self.rows, self._note_line)
        return Table(self._note_columns("assessed", "blank"), lines, subtotals=sums.subtotals, last=sums.last)

    def _individual(self) -> list[Block]:
        names, words = self.names, self.words
        rows = self.provision.individual
        if not rows:
            return [Note(words("provision.no_individual"))]
        overlays = [row for row in self.rows if self._is_alone(row) and row["component"] == "overlay"]
        lines = [
            self._note_line(
                row["company_code"], [row], row["name"] or row["customer_id"], names.why_alone(row)
            )
            for row in rows
        ]
        lines += [
            self._note_line(
                row["company_code"], [row], words("rate_source.overlay"), row["overlay_reason"] or ""
            )
            for row in overlays
        ]
        sums = names.sums([*rows, *overlays], self._note_line)
        return [
            Table(
                self._note_columns("customer_name", "individual_reason"),
                lines,
                subtotals=sums.subtotals,
                last=sums.last,
            )
        ]

    def _groups(self) -> Table:
        names = self.names
        rows = [row for row in self.rows if not self._is_alone(row)]
        sums = names.sums(rows, self._note_line)
        return Table(
            self._note_columns("group", "presentation"),
            self._grouped(
                rows,
                lambda code, some: self._note_line(
                    code, some, names.segment(some[0]["segment"]), self._presentation(some)
                ),
            ),
            subtotals=sums.subtotals,
            last=sums.last,
        )

    # -- the entry ----------------------------------------------------------------------------------------

    def _journal(self) -> list[Block]:
        names, words = self.names, self.words
        lines: list[tuple[Value, ...]] = []
        notes: list[Block] = []
        proposed = {row["company_code"]: row for row in self.provision.allowance if row["step"] == "proposed"}
        for company in self.provision.companies:
            code, currency = str(company["company_code"]), str(company["functional_currency"])
            lines += self._entry(code, currency, proposed.get(code))
            on_assets = total(
                [row for row in self.rows if row["company_code"] == code and row["presentation"] == "asset"],
                "expected_credit_loss_functional",
            )
            if on_assets:
                notes.append(
                    Note(
                        words("provision.on_assets", company=code, amount=f"{on_assets:,}", currency=currency)
                    )
                )
        columns = (
            names.column("company", width=10),
            names.column("account", width=28),
            names.column("remark", width=24),
            names.column("debit", "money", 15),
            names.column("credit", "money", 15),
            names.column("functional_currency", width=9),
            names.column("booked", "money", 15),
            names.column("written_off", "money", 15),
            names.column("recovered", "money", 11),
            names.column("expected", "money", 15),
        )
        return [Table(columns, lines), *notes, Note(words("provision.journal_note"))]

    def _entry(self, code: str, currency: str, step: Row | None) -> list[tuple[Value, ...]]:
        words = self.words
        if step is None:
            return [(code, words("provision.nothing_owed"), "", None, None, currency, None, None, None, ZERO)]
        amounts = (step["opening_functional"], step["written_off_functional"], step["recovered_functional"])
        expected: Decimal = step["closing_functional"]
        if step["opening_functional"] is None:
            remark = words("provision.not_delivered_why")
            return [
                (
                    code,
                    words("provision.not_delivered"),
                    remark,
                    None,
                    None,
                    currency,
                    None,
                    None,
                    None,
                    expected,
                )
            ]
        remark = words("provision.booked_on", day=step["from_date"])
        entry: Decimal = step["charge_functional"] - step["reversal_functional"]
        if not entry:
            return [(code, words("provision.no_entry"), remark, None, None, currency, *amounts, expected)]
        loss, allowance = words("provision.account_loss"), words("provision.account_allowance")
        debit, credit = (loss, allowance) if entry > 0 else (allowance, loss)
        return [
            (code, debit, remark, abs(entry), None, currency, *amounts, expected),
            (code, credit, "", None, abs(entry), currency, None, None, None, None),
        ]


def _read_me(names: Names) -> Sheet:
    words, provision = names.words, names.provision
    about = Table(
        (
            names.column("sheet", width=30),
            names.column("about", width=64),
            names.column("from", width=34),
        ),
        [
            (
                words(f"provision.sheet_{name}"),
                words(f"provision.about_{name}"),
                ", ".join(f"marts.{relation}" for relation in _SOURCES[name]),
            )
            for name in SHEETS
        ],
    )
    ties = Table(
        (
            names.column("tie", width=30),
            names.column("found", width=64),
            names.column("company", width=34),
            names.column("tie_currency", width=10),
            names.column("left", "money", 18),
            names.column("right", "money", 18),
            names.column("difference", "money", 10),
        ),
        [
            (
                words(tie.what),
                words(f"{tie.what}_where"),
                tie.company_code,
                tie.currency,
                tie.left,
                tie.right,
                tie.left - tie.right,
            )
            for tie in provision.ties
        ],
    )
    rules: list[Block] = [Note(words(f"provision.rule_{number}")) for number in range(1, 10)]
    return Sheet(
        words("provision.sheet_read_me"),
        [
            Heading(words("provision.sheet_read_me"), 1),
            Heading(words("provision.sheets")),
            about,
            Heading(words("provision.rules")),
            *rules,
            Heading(words("provision.ties")),
            Note(words("provision.ties_note")),
            ties,
        ],
        starts_page=True,
    )


_SOURCES = {
    "summary": (
        "mart_expected_credit_loss",
        "mart_individual_assessment",
        "mart_allowance_roll_forward",
        "dim_release",
        "dim_release_gate",
    ),
    "matrix": ("mart_expected_credit_loss",),
    "rates": ("mart_credit_loss_rate", "mart_roll_rate"),
    "rolls": ("mart_roll_rate",),
    "individual": ("mart_individual_assessment",),
    "sensitivity": ("mart_credit_loss_sensitivity",),
    "allowance": ("mart_allowance_roll_forward",),
    "vintages": ("mart_write_off_vintage",),
    "backtest": ("mart_credit_loss_backtest",),
    "defaults": ("mart_customer_default", "dim_customer"),
    "read_me": ("mart_aging_customer",),
}
