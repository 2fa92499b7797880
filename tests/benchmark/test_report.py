"""The page of results: complete at the end, and readable after every step."""

import pytest

from tests.benchmark.measure import Figure, SizeFigures
from tests.benchmark.report import render


def figures(documents: int, **seconds: float) -> SizeFigures:
    size = SizeFigures(documents=documents)
    size.figures = {
        name.replace("_", " "): Figure(value, 2 * value, 2**30) for name, value in seconds.items()
    }
    return size


@pytest.mark.parametrize(
    "seen", [{}, {"csv_to_parquet": 2.0}, {"csv_to_parquet": 2.0, "landing": 6.0, "models": 50.0}]
)
def test_a_run_that_has_only_begun_tells_what_it_has_seen(seen: dict[str, float]) -> None:
    page = render([figures(1_000_000, **seen)])
    assert "models / reference not measured" in page
    assert ("landing / csv to parquet 3.00 wall, 3.00 CPU" in page) == ("landing" in seen)


def test_marginal_cost_is_the_cost_of_a_document_more() -> None:
    # 1 to 3 million: 20 s for 2 million, 10 s each; 3 to 10 million: 140 s for 7 million, 20 s each
    sizes = [figures(1_000_000, models=10), figures(3_000_000, models=30), figures(10_000_000, models=170)]
    assert "marginal cost of models, last step over first: 2.00 wall, 2.00 CPU (aim 1.3)" in render(sizes)
    # 3 to 5 million, 50 s each, is neither the first step nor the last; 5 to 10 million: 10 s each again
    sizes = [
        figures(1_000_000, models=10),
        figures(3_000_000, models=30),
        figures(5_000_000, models=130),
        figures(10_000_000, models=180),
    ]
    assert "marginal cost of models, last step over first: 1.00 wall" in render(sizes)
