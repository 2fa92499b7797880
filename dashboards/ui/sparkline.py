"""Small pictures inside cards: a line of thirteen months, drawn as text.

Belongs here: SVG in an image. Must not: choose or format figures. A card is no place for a chart library: six of them
would take longer to draw than the page.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from decimal import Decimal
from html import escape

WIDTH, HEIGHT, EDGE = 160, 30, 4
LINE = "#4F7DA6"
"""Seen on light and on dark ground."""


def picture(values: Sequence[Decimal | None], *, spoken: str) -> str:
    """A line through the values, the newest marked; nothing for fewer than two of them.

    Args:
        values: oldest first; None leaves a gap.
        spoken: what a screen reader says, and a mouse shows.
    """
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return ""
    low, spread = min(known), (max(known) - min(known)) or Decimal(1)
    step = Decimal(WIDTH - 2 * EDGE) / max(len(values) - 1, 1)
    points = [
        None
        if value is None
        else (EDGE + step * position, HEIGHT - EDGE - (value - low) / spread * (HEIGHT - 2 * EDGE))
        for position, value in enumerate(values)
    ]
    lines = "".join(
        f'<polyline fill="none" stroke="{LINE}" stroke-width="1.6" stroke-linejoin="round" points="{run}"/>'
        for run in _runs(points)
    )
    x, y = next(point for point in reversed(points) if point is not None)
    drawing = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}">'
        f'{lines}<circle cx="{x:.1f}" cy="{y:.1f}" r="2.6" fill="{LINE}"/></svg>'
    )
    # as an image: the page takes drawings out of HTML, and images stay
    data = b64encode(drawing.encode()).decode()
    told = escape(spoken)
    return f'<img class="ar-spark" src="data:image/svg+xml;base64,{data}" alt="{told}" title="{told}">'


def _runs(points: Sequence[tuple[Decimal, Decimal] | None]) -> list[str]:
    """Coordinates of the stretches between gaps."""
    runs: list[list[str]] = [[]]
    for point in points:
        if point is None:
            runs.append([])
        else:
            runs[-1].append(f"{point[0]:.1f},{point[1]:.1f}")
    return [" ".join(run) for run in runs if len(run) > 1]
