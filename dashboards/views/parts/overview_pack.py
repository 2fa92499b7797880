"""The monthly pack: the figures of the overview as one document, as XLSX and as PDF.

Belongs here: its sheets, their columns and notes. Must not: SQL, cells, layout (documents/). Both files are made of the
same blocks, so a figure cannot stand in one and be missing in the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import streamlit as st

from dashboards.data import aging, bridge, overview
from dashboards.data.overview import Where
from dashboards.data.release import Release, Row
from dashboards.data.trend import RATE_SCHEME
from dashboards.i18n import label, language, t
from dashboards.ui import exports, numbers
from dashboards.views.parts import overview_change, overview_figures, overview_pictures, overview_proof
from dashboards.views.parts.dates import months_before
from dashboards.views.parts.overview_figures import MONTHS, Figure, Headlines
from dashboards.views.parts.overview_proof import Line
from documents.blocks import Block, Cell, Column, Document, Facts, Form, Heading, Note, Sheet, Table
from documents.paper import pdf_bytes
from documents.words import Words
from documents.workbook import xlsx_bytes

MOST_LISTED = 100
FIGURES = (
    "receivable", "bills", "contract_assets", "receivable_with_bills", "overdue", "overdue_rate", "net_overdue_rate",
    "overdue_rate_target", "over_90", "over_90_rate", "dso", "dso_with_bills", "best_possible_dso", "collection_index",
    "cash", "cash_target", "target_attainment", "collection_rate", "due_collection_rate",
    "expected_loss", "allowance", "expected_cash", "low_cash", "high_cash",
)  # fmt: skip
MONTHLY = (
    "receivable", "overdue", "overdue_rate", "net_overdue_rate", "over_90", "dso", "dso_with_bills",
    "best_possible_dso", "collection_index", "cash", "due_collection_rate",
)  # fmt: skip
BRIDGE = ("opening", *overview_change.TOLD, "other", "closing")
PERCENT = Decimal(100)


def draw(release: Release, where: Where) -> None:
    """The two buttons."""
    of = "group" if where.is_group else where.company
    stem = f"monthly-pack-{of}-{release.as_of:%Y-%m-%d}-{release.release_id}"
    left, right = st.columns(2)
    with left:
        exports.button(
            t("overview.pack_xlsx"), lambda: xlsx_bytes(document(release, where)), file_name=f"{stem}.xlsx",
            mime=exports.XLSX, key="pack_xlsx", icon=":material/download:", width="stretch",
            help=t("overview.pack_help"),
        )  # fmt: skip
    with right:
        exports.button(
            t("overview.pack_pdf"), lambda: pdf_bytes(document(release, where)), file_name=f"{stem}.pdf",
            mime=exports.PDF, key="pack_pdf", icon=":material/download:", width="stretch",
            help=t("overview.pack_help"),
        )  # fmt: skip


def document(release: Release, where: Where) -> Document:
    """The pack of the group or a company.

    Raises:
        LookupError: nothing has ever been open, so there is no pack; the page offers none then.
    """
    shown = overview_figures.gather(release, where)
    if shown is None:
        raise LookupError("no open item in the release")
    name = t("overview.group") if where.is_group else where.company
    title = t("pack.title", name=name, as_of=numbers.day(release.as_of))
    words = Words("zh" if language() == "zh" else "en")
    return Document(
        title=title,
        foot=t("pack.foot", title=title, release=release.release_id),
        page_of=words.raw("page.of"),
        is_wide=True,
        sheets=[
            _sheet("headlines", [Heading(title, 1), _scope(release, name, shown), _headlines(shown)]),
            _sheet("months", [_months(shown)]),
            _sheet("aging", [_aging(release, shown)]),
            _sheet("bridge", [_bridge(release, shown)]),
            _sheet("largest", [_largest(release, shown)]),
            _sheet("watchlist", _watchlist(release, shown)),
            _sheet("losses", [_losses(release, shown, words)]),
            _sheet("proof", _proof(release, shown)),
        ],
    )


# on paper short sheets follow each other
_NEW_PAGE = frozenset({"months", "bridge", "watchlist", "losses"})


def _sheet(name: str, blocks: Sequence[Block]) -> Sheet:
    head: list[Block] = [] if name == "headlines" else [Heading(label("pack_sheet", name), 2)]
    return Sheet(label("pack_sheet", name), [*head, *blocks], starts_page=name in _NEW_PAGE)


def _scope(release: Release, name: str, shown: Headlines) -> Facts:
    return Facts(
        [
            (t("overview.scope"), name),
            (t("strip.as_of"), numbers.day(release.as_of)),
            (t("pack.currency"), shown.currency),
            (t("strip.release"), release.release_id),
            (t("pack.known_at"), numbers.moment(release.known_at)),
        ]
    )


def _headlines(shown: Headlines) -> Table:
    def row(figure: Figure) -> list[Cell]:
        return [
            label("overview_figure", figure.name),
            _plain(figure.value, figure),
            _unit(figure, shown),
            _plain(figure.month_end, figure),
            _plain(figure.last_year, figure),
            figure.numerator,
            figure.denominator,
            # why there is none stands where a reader looks next
            f"{_reason(figure)}{label('overview_definition', figure.name)}",
        ]

    columns: list[tuple[str, Form, int]] = [
        ("figure", "text", 20), ("value", "money", 16), ("unit", "text", 6), ("month_end", "money", 16),
        ("last_year", "money", 16), ("numerator", "money", 18), ("denominator", "money", 18),
        ("definition", "text", 60),
    ]  # fmt: skip
    return Table(
        [Column(label("pack_column", name), form, width) for name, form, width in columns],
        [row(shown[name]) for name in FIGURES],
    )


def _plain(value: Decimal | None, figure: Figure) -> Decimal | None:
    # amounts, days and percentages stand in one column, with their unit beside them
    return None if value is None else value * PERCENT if figure.form == "share" else value


def _unit(figure: Figure, shown: Headlines) -> str:
    return shown.currency if figure.form == "money" else label("pack_unit", figure.form)


def _reason(figure: Figure) -> str:
    if figure.value is not None:
        return ""
    if figure.name == "allowance":
        return t("pack.reason_first", reason=t("overview.allowance_missing_short"))
    return t("pack.reason_first", reason=label("metric_reason", figure.reason or "not_published"))


def _months(shown: Headlines) -> Table:
    forms: dict[str, Form] = {"money": "money", "days": "money", "share": "share"}
    columns = [
        Column(t("pack.month"), width=10),
        *(
            Column(label("overview_figure", name), forms[shown[name].form], 14)
            for name in MONTHLY
        ),
    ]  # fmt: skip
    rows: list[list[Cell]] = [
        [f"{day:%Y-%m}", *(_of_month(shown[name], position, len(shown.months)) for name in MONTHLY)]
        for position, day in enumerate(shown.months)
    ]
    return Table(columns, rows)


def _of_month(figure: Figure, position: int, count: int) -> Decimal | None:
    # a history that begins later ends together with the others
    place = position - (count - len(figure.history))
    return figure.history[place] if place >= 0 else None


def _aging(release: Release, shown: Headlines) -> Table:
    scheme = aging.schemes(release)[RATE_SCHEME]
    balances: dict[str, dict[str, Decimal]] = {}
    for row in overview.aging_by_company(release, shown.where):
        balances.setdefault(row["company_code"], {})[row["bucket"]] = row["balance"] or Decimal(0)
    codes = [bucket.code for bucket in scheme.buckets]

    def amounts(found: dict[str, Decimal]) -> list[Cell]:
        parts = [found.get(code, Decimal(0)) for code in codes]
        return [*parts, sum(parts, Decimal(0))]

    total = {
        code: sum((found.get(code, Decimal(0)) for found in balances.values()), Decimal(0)) for code in codes
    }
    titles = [*(bucket.label(language()) for bucket in scheme.buckets), label("column", "outstanding")]
    return Table(
        [
            Column(label("column", "company_code"), width=12),
            *(Column(title, "money", 16) for title in titles),
        ],
        [[company, *amounts(found)] for company, found in balances.items()],
        last=[t("overview.total"), *amounts(total)],
    )


def _bridge(release: Release, shown: Headlines) -> Table:
    since = months_before(release.as_of, months=MONTHS - 1)
    rows = [
        {"opening": row["opening"], "closing": row["closing"], "day": row["day"]}
        | overview_change.together(row)
        for row in bridge.by_month(release, shown.where, since=since)
    ]
    return Table(
        [
            Column(t("pack.month"), width=10),
            *(Column(label("pack_bridge", name), "money", 16) for name in BRIDGE),
        ],
        [[f"{row['day']:%Y-%m}", *(row[name] for name in BRIDGE)] for row in rows],
    )


def _largest(release: Release, shown: Headlines) -> Table:
    rows = overview.largest_overdue(release, shown.where, limit=overview_pictures.LARGEST)
    columns = [
        Column(t("pack.rank"), "count", 6), Column(label("column", "company_code"), width=10),
        Column(label("column", "customer_id"), width=14), Column(label("column", "customer_name"), width=34),
        Column(label("column", "net_overdue"), "money", 18), Column(label("column", "oldest_days"), "count", 12),
        Column(label("column", "grade"), width=8), Column(label("column", "collector"), width=14),
    ]  # fmt: skip
    return Table(
        columns,
        [
            [number, row["company_code"], row["customer_id"], row["customer_name"], row["net_overdue"],
             row["oldest_days"], row["grade"] or "", row["collector"] or ""]
            for number, row in enumerate(rows, start=1)
        ],
    )  # fmt: skip


def _watchlist(release: Release, shown: Headlines) -> list[Block]:
    rows = overview.watchlist(release, shown.where, limit=MOST_LISTED)
    columns = [
        Column(t("pack.rank"), "count", 6), Column(label("column", "customer_name"), width=30),
        Column(t("pack.severity"), width=10), Column(label("column", "grade"), width=8),
        Column(label("column", "net_overdue"), "money", 16), Column(label("column", "oldest_days"), "count", 10),
        Column(t("pack.uncovered"), "money", 16), Column(label("overview_figure", "expected_loss"), "money", 16),
        Column(t("pack.owner"), width=14), Column(t("pack.react_by"), "day", 12), Column(t("pack.reason"), width=50),
    ]  # fmt: skip
    body: list[list[Cell]] = [
        [row["watchlist_rank"], row["name"] or row["customer_id"], label("pack_severity", row["severity"]),
         row["grade"] or "", row["net_overdue_reporting"], row["oldest_overdue_days"],
         row["uncovered_exposure_reporting"], row["expected_loss_reporting"], row[f"owner_{language()}"] or "",
         row["react_by"], row[f"message_{language()}"] or ""]
        for row in rows
    ]  # fmt: skip
    count = rows[0]["listed_count"] if rows else 0
    return [Note(t("pack.watchlist_note", count=count, shown=len(rows))), Table(columns, body)]


def _losses(release: Release, shown: Headlines, words: Words) -> Table:
    rows = overview.expected_losses(release, shown.where)

    def total(name: str) -> Decimal:
        return sum((row[name] or Decimal(0) for row in rows), Decimal(0))

    columns = [
        Column(t("pack.segment"), width=26), Column(t("pack.presentation"), width=18),
        Column(t("pack.exposure"), "money", 18), Column(t("pack.covered"), "money", 18),
        Column(t("pack.overlay"), "money", 16), Column(label("overview_figure", "expected_loss"), "money", 18),
        Column(t("pack.loss_rate"), "share", 10),
    ]  # fmt: skip

    def cells(name: str, kind: str, values: Row) -> list[Cell]:
        rate = numbers.ratio(values["expected_loss"] or Decimal(0), whole=values["exposure"] or Decimal(0))
        return [
            name,
            kind,
            values["exposure"],
            values["covered"],
            values["overlay"],
            values["expected_loss"],
            rate,
        ]

    return Table(
        columns,
        [
            cells(
                words.label("segment", row["segment"]), label("pack_presentation", row["presentation"]), row
            )
            for row in rows
        ],
        last=cells(
            t("overview.total"),
            "",
            {name: total(name) for name in ("exposure", "covered", "overlay", "expected_loss")},
        ),
    )


def _proof(release: Release, shown: Headlines) -> list[Block]:
    proof = overview_proof.gather(release, shown)

    def table(lines: Sequence[Line]) -> Table:
        columns = [
            Column(t("pack.line"), width=40),
            Column(shown.currency, "money", 20),
            Column(t("pack.note"), width=60),
        ]
        return Table(columns, [[line.name, line.amount, line.note] for line in lines])

    return [
        table(proof.steps),
        Note(overview_proof.verdict(proof, currency=shown.currency)),
        Heading(t("proof.beside"), 2),
        table(proof.beside),
        Heading(t("proof.ledger_title"), 2),
        _ties(release, shown),
    ]


def _ties(release: Release, shown: Headlines) -> Table:
    columns: list[tuple[str, Form]] = [
        ("company_code", "text"), ("account_role", "text"), ("balance_date", "day"), ("currency", "text"),
        ("subledger_balance", "money"), ("gl_balance", "money"), ("difference", "money"),
        ("late_posting_amount", "money"), ("unexplained_difference", "money"),
    ]  # fmt: skip
    rows = overview_proof.ties(release, shown)
    return Table(
        [Column(label("column", name), form, 16) for name, form in columns],
        [[row[name] for name, _ in columns] for row in rows],
    )
