"""Sentence and cards of the overview.

Belongs here: which headline figures stand on which card, with which companions. Must not: SQL.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from dashboards.data import overview
from dashboards.data.release import Release
from dashboards.i18n import label, t
from dashboards.ui import cards, numbers, sparkline
from dashboards.ui.cards import Card
from dashboards.views.parts.overview_figures import Headlines


def sentence(shown: Headlines) -> None:
    """The page in one sentence."""
    words = {
        "as_of": numbers.day(shown.as_of),
        "receivable": shown.text("receivable"),
        "bills": shown.text("bills"),
        "contract_assets": shown.text("contract_assets"),
        "overdue": shown.text("overdue"),
        "rate": shown.text("overdue_rate"),
        "change": numbers.points(shown["overdue_rate"].change),
        "over_90": shown.text("over_90"),
        "expected": shown.text("expected_cash"),
        "low": shown.text("low_cash"),
        "high": shown.text("high_cash"),
    }
    if shown.where.is_group:
        cards.sentence(t("overview.sentence", **words))
    else:
        cards.sentence(t("overview.sentence_company", company=shown.where.company, **words))


def draw(release: Release, shown: Headlines) -> None:
    """Six cards, each with 13 months in it."""
    rate, net_rate, due = shown["overdue_rate"], shown["net_overdue_rate"], shown["due_collection_rate"]

    def card(name: str, notes: Sequence[str], definition: str, *, rows: str | None = None, history: str | None = None,
             is_strong: bool = False) -> Card:  # fmt: skip
        text = definition if shown.where.is_group else f"{definition} {t('overview.company_note')}"
        return Card(label("overview_figure", name), shown.text(name), tuple(notes), text, is_strong,
                    _picture(shown, history or name), rows)  # fmt: skip

    cards.row(
        [
            card("receivable_with_bills",
                 (t("overview.of_which_bills", bills=shown.text("bills")), *shown.changes("receivable_with_bills")),
                 t("overview.receivable_with_bills_definition", receivable=shown.text("receivable"),
                   bills=shown.text("bills")), rows="aging"),
            card("overdue", _overdue_notes(release, shown),
                 t("overview.overdue_definition", overdue=shown.text("overdue"), debits=shown.told(rate.denominator),
                   rate=shown.text("overdue_rate"), net_overdue=shown.told(net_rate.numerator),
                   net_receivable=shown.told(net_rate.denominator), net_rate=shown.text("net_overdue_rate")),
                 rows="trend", is_strong=True),
            card("over_90",
                 (t("overview.of_debits", rate=shown.text("over_90_rate")), *shown.changes("over_90")),
                 t("overview.over_90_definition", over_90=shown.text("over_90"), debits=shown.told(rate.denominator)),
                 rows="aging"),
            card("dso",
                 (t("overview.dso_with_bills_note", days=shown.text("dso_with_bills")),
                  t("overview.best_possible_note", days=shown.text("best_possible_dso")), *shown.changes("dso")),
                 t("overview.dso_definition", receivable=shown.told(shown["dso"].numerator))),
            card("cash",
                 (*_target_notes(shown), t("overview.due_collection_note", rate=shown.text("due_collection_rate")),
                  *shown.changes("cash")),
                 " ".join([t("overview.cash_definition", applied=shown.told(due.numerator),
                             due=shown.told(due.denominator), rate=shown.text("due_collection_rate")),
                           _target_definition(shown)]), rows="cash"),
            card("expected_loss", _loss_notes(shown), t("overview.expected_loss_definition"), rows="provision",
                 history="allowance"),
        ]
    )  # fmt: skip


def _target_notes(shown: Headlines) -> tuple[str, ...]:
    target = shown.cash_target
    if target is None:
        return ()
    return (
        t("overview.target_note", rate=shown.text("target_attainment"), target=shown.text("cash_target"),
          period=target["stated_period"]),
    )  # fmt: skip


def _target_definition(shown: Headlines) -> str:
    target = shown.cash_target
    if target is None:
        return t("overview.no_target")
    return t("overview.target_definition", period=target["stated_period"], target=shown.text("cash_target"),
             actual=shown.told(shown["target_attainment"].numerator), rate=shown.text("target_attainment"),
             file=target["_file"], row=target["_row"])  # fmt: skip


def _overdue_notes(release: Release, shown: Headlines) -> Sequence[str]:
    notes = [
        t("overview.rate_note", rate=shown.text("overdue_rate"), net_rate=shown.text("net_overdue_rate"))
    ]
    cases = overview.overdue_range(release, shown.where)
    best, worst = cases.get("best_case"), cases.get("worst_case")
    overdue = shown["overdue"].value or Decimal(0)
    # the range is worth a line where it is one
    if best is not None and worst is not None and shown.told(best) != shown.told(worst) and overdue:
        notes.append(t("overview.range_note", best=shown.told(best), worst=shown.told(worst)))
    if shown["overdue_rate_target"].value is not None:
        notes.append(t("overview.rate_target_note", rate=shown.text("overdue_rate_target")))
    return (*notes, *shown.changes("overdue"))


def _loss_notes(shown: Headlines) -> tuple[str, ...]:
    allowance, expected = shown["allowance"], shown["expected_loss"]
    if allowance.value is None:
        return (t("overview.allowance_missing", companies=allowance.reason or shown.where.company),
                t("overview.no_history"))  # fmt: skip
    missing = None if expected.value is None else expected.value - allowance.value
    return (
        t("overview.allowance_note", amount=shown.text("allowance")),
        t("overview.allowance_gap", amount=shown.told(missing, is_signed=True)),
    )


def _picture(shown: Headlines, name: str) -> str:
    figure = shown[name]
    known = [value for value in figure.history if value is not None]
    if len(known) < 2:
        return ""
    spoken = t(
        "overview.spark",
        count=len(figure.history),
        low=shown.told(min(known), form=figure.form),
        high=shown.told(max(known), form=figure.form),
        last=shown.told(known[-1], form=figure.form),
    )
    return sparkline.picture(figure.history, spoken=spoken)
