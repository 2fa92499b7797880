"""The results as a page of Markdown.

Belongs here: the table, its order and titles, ratios and aims. Must not: measuring.
"""

import os
import platform
from collections.abc import Iterator, Sequence

import duckdb

from orchestration.phases import LANDING, MODELS, PREPARE, PUBLISH, TESTS
from tests.benchmark.measure import Figure, SizeFigures

GIB = 2**30

# names of the figures in the order of the table, and what each says
ROWS = {
    "csv to parquet": "DuckDB's CSV to Parquet",
    LANDING: "CSV to landing",
    PREPARE: "input of the build",
    "reference": "reference script",
    MODELS: "models",
    TESTS: "tests and gates",
    PUBLISH: "publish",
    "fixed cost": "fixed cost (Dagster, dbt)",
    "refresh": "first refresh, all of it",
    "no-change refresh": "refresh, nothing new",
    "delta refresh": "refresh, one more day",
    f"delta: {LANDING}": "  of it landing",
    f"delta: {MODELS}": "  of it models",
    f"delta: {TESTS}": "  of it tests and gates",
    f"delta: {PUBLISH}": "  of it publish",
}


def render(sizes: Sequence[SizeFigures]) -> str:
    """Every figure of a run; sizes in ascending order."""
    return "\n".join([*_head(sizes), "", *_table(sizes), "", *_ratios(sizes), "", *_models(sizes), ""])


def _head(sizes: Sequence[SizeFigures]) -> Iterator[str]:
    yield (
        f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, DuckDB"
        f" {duckdb.__version__}; load average at the end {os.getloadavg()[0]:.1f}."
        " Each cell: wall seconds / CPU seconds (user and system) / peak GiB resident in the whole process tree."
    )
    for size in sizes:
        yield (
            f"{size.documents:,} documents = {size.rows:,} delivered rows; release {size.release_bytes / GIB:.2f} GiB,"
            f" folder at the end {size.disk_bytes / GIB:.1f} GiB."
        )


def _table(sizes: Sequence[SizeFigures]) -> Iterator[str]:
    yield "| | " + " | ".join(f"{size.documents:,}" for size in sizes) + " |"
    yield "|---|" + "---|" * len(sizes)
    for name, title in ROWS.items():
        yield f"| {title} | " + " | ".join(_cell(size.figures.get(name)) for size in sizes) + " |"
    for title, parts in (("questions: connection and query", ("connect", "query")), ("  with import", None)):
        cells = []
        for size in sizes:
            seconds = sorted(
                sum(told[part] for part in parts or ("import", "connect", "query")) for told in size.questions
            )
            cells.append(
                f"p50 {_quantile(seconds, 0.5):.3f} / p95 {_quantile(seconds, 0.95):.3f} / max {seconds[-1]:.3f}"
                if seconds
                else ""
            )
        yield f"| {title} | " + " | ".join(cells) + " |"


def _cell(figure: Figure | None) -> str:
    if figure is None:
        return ""
    peak = f" / {figure.peak_bytes / GIB:.2f}" if figure.peak_bytes else ""
    return f"{figure.seconds:.1f} / {figure.cpu_seconds:.1f}{peak}"


def _quantile(ordered: Sequence[float], share: float) -> float:
    """The smallest value that at least this share of the values does not exceed."""
    position = max(-(-len(ordered) * share // 1), 1)
    return ordered[int(position) - 1]


def _ratios(sizes: Sequence[SizeFigures]) -> Iterator[str]:
    for size in sizes:
        yield (
            f"- {size.documents:,}: models / reference {_ratio(size, MODELS, 'reference')};"
            f" landing / csv to parquet {_ratio(size, LANDING, 'csv to parquet')} (aim 2)"
        )
    if len(sizes) >= 3:
        for name in (LANDING, MODELS, TESTS, "refresh", "reference"):
            yield f"- marginal cost of {name}, last step over first: {_marginal(sizes, name)} (aim 1.3)"
    peak = max((figure.peak_bytes for size in sizes for figure in size.figures.values()), default=0)
    yield f"- peak memory of anything: {peak / GIB:.2f} GiB (aim 10)"
    for size in sizes:
        for name, told in size.checks.items():
            yield f"- {size.documents:,}, {name}: {told}"


def _ratio(size: SizeFigures, one: str, other: str) -> str:
    mine, theirs = size.figures.get(one), size.figures.get(other)
    if mine is None or theirs is None:
        return "not measured"
    return f"{mine.seconds / theirs.seconds:.2f} wall, {mine.cpu_seconds / max(theirs.cpu_seconds, 1e-9):.2f} CPU"


def _marginal(sizes: Sequence[SizeFigures], name: str) -> str:
    """Cost of a document more between the last two sizes over that between the first two."""
    first_step, last_step = (sizes[0], sizes[1]), (sizes[-2], sizes[-1])
    if any(name not in size.figures for size in (*first_step, *last_step)):
        return "not measured"

    def per_document(small: SizeFigures, large: SizeFigures, measure: str) -> float:
        grown = getattr(large.figures[name], measure) - getattr(small.figures[name], measure)
        return float(grown) / (large.documents - small.documents)

    told = []
    for measure, title in (("seconds", "wall"), ("cpu_seconds", "CPU")):
        before, after = per_document(*first_step, measure), per_document(*last_step, measure)
        told.append(f"{after / before:.2f} {title}" if before > 0 else f"- {title}")
    return ", ".join(told)


def _models(sizes: Sequence[SizeFigures]) -> Iterator[str]:
    yield f"Slowest models at {sizes[-1].documents:,} documents (seconds as dbt tells them, two at a time):"
    yield ""
    for name, seconds in sizes[-1].slowest:
        yield f"- {name} {seconds:.1f}"
