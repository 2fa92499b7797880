"""Charts on their way to streamlit: checked where tests ask for it, written out unchecked by a server."""

from __future__ import annotations

from collections.abc import Iterator

import altair as alt
import pandas as pd
import pytest
from altair.utils import schemapi
from streamlit.testing.v1 import AppTest

from dashboards.ui import vega

NO_MARK = "asterisk"


@pytest.fixture(autouse=True)
def switch_as_found() -> Iterator[None]:
    with schemapi.debug_mode(schemapi.DEBUG_MODE):
        yield


def _bars(mark: str = "bar") -> alt.Chart:
    frame = pd.DataFrame([{"bucket": "1-30", "amount": 1.5}])
    chart = alt.Chart(frame).encode(x="amount:Q", y="bucket:N")
    chart["mark"] = mark
    return chart


def _shown(mark: str) -> AppTest:
    def script(mark: str) -> None:
        from dashboards.ui import vega
        from tests.dashboards.test_vega import _bars

        vega.settle_checking()
        vega.show(_bars(mark))

    return AppTest.from_function(script, kwargs={"mark": mark}, default_timeout=60).run()


def test_tests_stop_at_a_chart_that_is_no_vega_lite_and_a_server_does_not_look(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert _shown(NO_MARK).exception
    monkeypatch.delenv(vega.CHECK_VARIABLE)
    assert not _shown(NO_MARK).exception


def test_what_is_written_out_is_the_same_either_way(monkeypatch: pytest.MonkeyPatch) -> None:
    checked = _shown("bar").get("vega_lite_chart")[0].proto
    monkeypatch.delenv(vega.CHECK_VARIABLE)
    unchecked = _shown("bar").get("vega_lite_chart")[0].proto
    # names of data follow the objects that hold them
    assert [len(checked.spec), checked.datasets[0].data.data] == [
        len(unchecked.spec),
        unchecked.datasets[0].data.data,
    ]
