"""`python -m tests.benchmark.prediction`: payment prediction out of time on real data, and its cost on made-up frames.

Belongs here: turning the shared data into the engine's frames, cuts, what is measured and printed. Must not:
assertions, or settings of the engine tuned to one data set.

At a cut the candidates learn what was known that evening. Predicted are the items created after it, each at its
creation with its features as then known, and the cash that the items open at the cut bring in the next four
weeks.
"""

import argparse
import resource
import time
from dataclasses import replace
from datetime import date, datetime
from datetime import time as clock

import holidays
import numpy as np
import polars as pl

from analytics.prediction import Settings, predict_payments
from analytics.prediction.backtest import band_levels, champions, past_origins, scored_rows, scores
from analytics.prediction.candidates import Candidate, View
from analytics.prediction.cash import Calibration, calibrate, expected_by_week, forecast
from analytics.prediction.contract import ITEMS, SETTLEMENTS, reconstruct_knowledge
from analytics.prediction.engine import available, fit_today, settled_by_company
from analytics.prediction.features import Facts, features
from analytics.prediction.habits import Payments
from analytics.prediction.lives import Lives, encode, known_lives
from analytics.prediction.running import NEVER
from analytics.prediction.schedule import Schedule
from analytics.prediction.training import lessons
from analytics.prediction.wording import in_words
from tests.kit.shared import VARIABLE, is_there, shared_folder

IBM = ("data", "ibm_ar", "month_first.csv")
DISTRIBUTOR = ("data", "distributor", "invoices_until_2019-11-17.csv")
SETTLED_LAG = 30
"""Items created less than so many days before the end of the data are left out of one line: few of them are settled."""


def ibm_frames() -> tuple[pl.DataFrame, pl.DataFrame]:
    """The 2,466 invoices, month-first dates; only what is known at the creation of an invoice is taken."""
    raw = pl.read_csv(shared_folder().joinpath(*IBM), infer_schema=False)
    day = "%m/%d/%Y"
    return _frames(
        raw.select(
            open_item_id="invoiceNumber",
            company_code="countryCode",
            customer_id="customerID",
            document_date=pl.col("InvoiceDate").str.to_date(day),
            due_date=pl.col("DueDate").str.to_date(day),
            settled_on=pl.col("SettledDate").str.to_date(day),
            amount=pl.col("InvoiceAmount").str.to_decimal(scale=2),
            currency=pl.lit("USD"),
            payment_terms=pl.lit(None, dtype=pl.String),
        )
    )


def distributor_frames() -> tuple[pl.DataFrame, pl.DataFrame]:
    """The distributor's invoices; one company, its currency unknown where the source says none."""
    raw = pl.read_csv(shared_folder().joinpath(*DISTRIBUTOR), infer_schema=False)
    day = "%Y-%m-%d"
    return _frames(
        raw.select(
            open_item_id="document_id",
            company_code=pl.lit("distributor"),
            customer_id="customer_id",
            document_date=pl.col("document_date").str.to_date(day),
            due_date=pl.col("due_date").str.to_date(day),
            settled_on=pl.col("clear_date").str.to_date(day, strict=False),
            amount=pl.col("amount").str.to_decimal(scale=2),
            currency=pl.col("currency").fill_null("unknown"),
            payment_terms="payment_terms_code",
        )
    )


def _frames(rows: pl.DataFrame, landed: datetime = datetime(2026, 1, 1)) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Invoices with their clearing date to the two frames of the engine; knowledge follows from the dates.

    All of it landed at once, after the newest date: what bears a later one would be known before it happened.
    """
    items = rows.with_columns(
        posting_date="document_date",
        item_kind=pl.lit("invoice"),
        known_from=pl.lit(landed, dtype=pl.Datetime("us")),
    ).select(pl.col(name).cast(dtype) for name, dtype in ITEMS.items())
    settlements = (
        rows.filter(pl.col("settled_on").is_not_null())
        .with_columns(
            settled_kind=pl.lit("cash"),
            known_from=pl.lit(landed, dtype=pl.Datetime("us")),
            known_to=pl.lit(None, dtype=pl.Datetime("us")),
        )
        .select(pl.col(name).cast(dtype) for name, dtype in SETTLEMENTS.items())
    )
    return (
        reconstruct_knowledge(items, effective="posting_date", first_delivery=landed),
        reconstruct_knowledge(settlements, effective="settled_on", first_delivery=landed),
    )


def area_under_curve(late: np.ndarray, chance: np.ndarray) -> float:
    """The chance that a late item was given the higher probability of the two."""
    ranks = pl.Series(chance).rank().to_numpy()
    positives = int(late.sum())
    pairs = positives * (len(late) - positives)
    return float((ranks[late].sum() - positives * (positives + 1) / 2) / pairs) if pairs else float("nan")


def out_of_time(
    name: str, frames: tuple[pl.DataFrame, pl.DataFrame], cut: date, end: date, settings: Settings
) -> None:
    """Print what every candidate scores on items created after the cut, and on cash."""
    started = time.monotonic()
    items, settlements = encode(frames[0]), frames[1]
    past = known_lives(items, settlements, as_of=cut, knowledge=_evening(cut))
    now = known_lives(items, settlements, as_of=end, knowledge=_evening(end))
    names, missing = available(settings.candidates)
    for candidate, reason in missing.items():
        print(f"{candidate}: {reason}")
    schedule = Schedule.of(past, settings)
    facts = Facts.of(past, schedule.moments())
    learnt = lessons(past, facts, schedule, settings)
    origins = past_origins(past, learnt, schedule, settings, names, ())
    said = scored_rows(past, learnt, origins, facts, schedule)
    levels = band_levels(said)
    chosen = champions(scores(said), settled_by_company(past), settings)
    fitted = fit_today(past, learnt, settings, names, ())
    print(f"\n== {name}, cut {cut}: {past.items.height} items known, {len(origins)} origins before it")
    print(
        "champions by companies: "
        + ", ".join(
            f"{row['horizon']} {row['champion']} {row['len']}"
            for row in chosen.group_by("horizon", "champion").len().sort("horizon", "champion").to_dicts()
        )
    )
    created = now.items.filter(pl.col("created") > past.today).select("item", moment=pl.col("created") - 1)
    # features know what each creation knew; item numbers differ between the two cuts, codes do not
    view = View.of(features(now, created), Payments(now), learnt.calendar)
    # items paid before their (estimated) document date are no lesson, and are predicted all the same
    paid_on = (
        view.rows.select("item").join(now.outcomes(), on="item", maintain_order="left")["paid_on"].to_numpy()
    )
    is_paid = paid_on < NEVER
    old = view.rows["created"].to_numpy() <= now.today - SETTLED_LAG
    sets = {"settled by the end": is_paid, f"created {SETTLED_LAG} days before it": is_paid & old}
    if is_paid.all():
        sets = {"all": is_paid}
    sets |= {"due 20 days before it": view.due + 20 < now.today} if not is_paid.all() else {}
    late = paid_on > view.due
    seen = np.minimum(paid_on, now.today)
    print("candidate  tested on                         items  late     AUC   Brier days MAE   band left out")
    for candidate, model in fitted.items():
        curves = view.curves(model)
        chance, middle = curves.late(0), curves.day_at(0.5)
        level = levels.get(candidate, 0.1)
        held = (curves.day_at(level) <= seen) & (seen <= curves.day_at(1 - level))
        for label, where in sets.items():
            print(
                f"{candidate:10} {label:32} {where.sum():6d} {late[where].mean():5.3f} "
                f"{area_under_curve(late[where], chance[where]):7.4f} {((late - chance)[where] ** 2).mean():7.4f} "
                f"{np.abs(middle - seen)[where].mean():8.3f} {held[where].mean():6.3f} {level:8.3f}"
            )
    _reliability(late, view.curves(fitted[names[-1]]).late(0), next(iter(sets.values())))
    at_cut = View.of(facts.rows(schedule.opened), learnt.payments, learnt.calendar)
    _cash(past, now, schedule.opened, at_cut, fitted)
    _cash_bands(past, now, schedule.opened, at_cut, fitted, calibrate(past, learnt, origins, facts, schedule))
    print(f"({time.monotonic() - started:.0f} s)", flush=True)


def _reliability(late: np.ndarray, chance: np.ndarray, where: np.ndarray) -> None:
    bins = np.clip((chance[where] * 10).astype(int), 0, 9)
    cells = [
        f"{chance[where][at].mean():.2f}/{late[where][at].mean():.2f} ({at.sum()})"
        for at in (bins == number for number in range(10))
        if at.any()
    ]
    print("reliability of the last candidate, predicted/observed (items): " + "  ".join(cells))


def _cash(past: Lives, now: Lives, opened: pl.DataFrame, view: View, fitted: dict[str, Candidate]) -> None:
    """Absolute error of four weeks' cash from the items open at the cut, as a share of what they paid."""
    ids = past.items.select("item", "open_item_id").join(opened.select("item"), on="item", how="semi")
    paid = (
        now.payments.join(now.items.select("item", "open_item_id"), on="item")
        .join(ids.select("open_item_id"), on="open_item_id", how="semi")
        .filter(pl.col("settled_on") > past.today)
        .with_columns(week_ahead=(pl.col("settled_on") - past.today - 1) // 7 + 1)
        .group_by("week_ahead")
        .agg(actual=pl.col("amount").sum())
    )
    weeks = pl.DataFrame({"week_ahead": [1, 2, 3, 4]}, schema={"week_ahead": pl.Int64})
    for candidate, model in fitted.items():
        forecast = (
            expected_by_week(past, opened, view, model).group_by("week_ahead").agg(pl.col("expected").sum())
        )
        both = (
            weeks.join(forecast, on="week_ahead", how="left")
            .join(paid, on="week_ahead", how="left")
            .fill_null(0.0)
        )
        error, actual = both["expected"] - both["actual"], both["actual"].sum()
        shown = " ".join(f"{e:,.0f}/{a:,.0f}" for e, a in zip(both["expected"], both["actual"], strict=True))
        print(
            f"cash {candidate:10} weekly error {error.abs().sum() / actual:6.1%}, over four weeks "
            f"{abs(error.sum()) / actual:6.1%}; expected/actual {shown}"
        )


def _cash_bands(
    past: Lives,
    now: Lives,
    opened: pl.DataFrame,
    view: View,
    fitted: dict[str, Candidate],
    calibration: Calibration,
) -> None:
    """How many weeks of every company and currency came in within the band, over the weeks that have passed."""
    weeks = min(13, (now.today - past.today) // 7)
    expected = expected_by_week(past, opened, view, fitted[calibration.champion])
    bands = forecast(past, expected, calibration).filter(pl.col("week_ahead") <= weeks)
    ids = past.items.select("item", "open_item_id").join(opened.select("item"), on="item", how="semi")
    paid = (
        now.payments.join(now.items.select("item", "open_item_id", "company_code", "currency"), on="item")
        .join(ids.select("open_item_id"), on="open_item_id", how="semi")
        .filter(pl.col("settled_on") > past.today)
        .with_columns(week_ahead=(pl.col("settled_on") - past.today - 1) // 7 + 1)
        .group_by("company_code", "currency", "week_ahead")
        .agg(actual=pl.col("amount").sum())
    )
    both = bands.join(paid, on=["company_code", "currency", "week_ahead"], how="left").with_columns(
        pl.col("actual").fill_null(0.0)
    )
    held = both.filter(pl.col("actual").is_between("low", "high")).height
    print(
        f"cash by {calibration.champion}, band factor {calibration.factor:.2f}: {held} of {both.height} weeks held"
    )


def _evening(day: date) -> datetime:
    return datetime.combine(day, clock(23, 59, 59))


def synthetic_frames(
    open_count: int, settled_count: int, seed: int
) -> tuple[pl.DataFrame, pl.DataFrame, date]:
    """Books of any size: customers with a habit each, a tenth of them bad, who all let large documents wait.

    What an amount has to do with the day is no habit: only trees learn it, so that they predict and their cost is seen.
    """
    generator = np.random.default_rng(seed)
    today = date(2026, 6, 30)
    count = open_count + settled_count
    customer = generator.integers(0, max(10, count // 60), size=count)
    habit = generator.normal(2, 6, size=customer.max() + 1) + 20 * (
        generator.random(customer.max() + 1) < 0.1
    )
    terms = generator.choice([15, 30, 45, 60], size=count)
    age = np.concatenate(
        [generator.integers(1, 75, size=open_count), generator.integers(80, 720, size=settled_count)]
    )
    amount = np.round(generator.lognormal(8, 1.2, size=count), 2)
    waits = np.where(amount > 5_000, 12, 0)
    late = np.round(habit[customer] + waits + generator.gamma(2.0, 3.0, size=count) - 6).astype(int)
    days = np.maximum(terms + late, 1)
    is_settled = (np.arange(count) >= open_count) & (days < age)
    start = np.datetime64(today)
    document = (start - age).astype("datetime64[D]")
    frame = pl.DataFrame(
        {
            "open_item_id": np.char.add("I", np.arange(count).astype(str)),
            "company_code": np.char.add("C", (customer % 5).astype(str)),
            "customer_id": np.char.add("K", customer.astype(str)),
            "document_date": document,
            "due_date": document + terms,
            "settled_on": document + days,
            "amount": amount,
            "payment_terms": np.char.add("T", terms.astype(str)),
        }
    ).with_columns(settled_on=pl.when(pl.Series(is_settled)).then("settled_on"), currency=pl.lit("CNY"))
    return *_frames(frame, landed=_evening(today)), today


def cost(open_count: int, settled_count: int, settings: Settings) -> None:
    """Print what a refresh spends on prediction, back-test, forecast and reasons in words included."""
    items, settlements, today = synthetic_frames(open_count, settled_count, settings.seed)
    started, processor = time.monotonic(), time.process_time()
    found = predict_payments(items, settlements, as_of=today, knowledge=_evening(today), settings=settings)
    told = in_words(found.items)
    # seconds of the processor too: other work on the machine shows in the first and not in the second
    seconds, of_processor = time.monotonic() - started, time.process_time() - processor
    champions_of = dict(found.champions.group_by("champion").len().sort("champion").iter_rows())
    print(
        f"cost, {settings.threads} threads: {told.height:,} open items of {items.height:,}, champions {champions_of}: "
        f"{seconds:.1f} s, of the processor {of_processor:.1f} s, "
        f"{of_processor / told.height * 1e6:.0f} s per million open items, "
        f"peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20:.1f} GiB with the frames",
        flush=True,
    )


def main() -> None:
    """Measure the data sets that are there, and the cost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument(
        "--only",
        nargs="+",
        choices=["ibm", "distributor", "cost"],
        default=["ibm", "distributor", "cost"],
    )
    parser.add_argument("--open", type=int, nargs="+", default=[1_000_000], help="open items, for `cost`")
    parser.add_argument("--settled-per-open", type=int, default=2, help="older items for each of them")
    parser.add_argument("--candidates", nargs="+", default=list(Settings().candidates))
    options = parser.parse_args()
    settings = replace(Settings(), threads=options.threads, candidates=tuple(options.candidates))
    for data in (IBM, DISTRIBUTOR):
        if not is_there(*data):
            print(f"left out: {'/'.join(data)} is not in {shared_folder()}; set {VARIABLE}")
    if "ibm" in options.only and is_there(*IBM):
        out_of_time("ibm_ar", ibm_frames(), date(2013, 6, 30), date(2014, 3, 31), settings)
    if "distributor" in options.only and is_there(*DISTRIBUTOR):
        bank_holidays = frozenset(holidays.country_holidays("US", years=[2019, 2020]))
        closed = replace(settings, closed_days={"distributor": bank_holidays})
        for cut in (date(2019, 8, 18), date(2019, 9, 30)):
            out_of_time("distributor", distributor_frames(), cut, date(2019, 11, 17), closed)
    if "cost" in options.only:
        for open_count in options.open:
            cost(open_count, open_count * options.settled_per_open, settings)


if __name__ == "__main__":
    main()
