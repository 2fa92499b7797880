"""Whatever way a table is written: the layout that is inferred reads every value back, or says what it cannot know.

Belongs here: the property, over random tables in random layouts. Must not: what columns mean.
"""

import csv
import io
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from ingest.canonical_text import clean, parsed_date, plain_number
from ingest.formats import StructureError
from ingest.formats.csv_text import open_csv
from ingest.formats.preamble import Sought
from ingest.inspection.columns import facts_of
from ingest.inspection.dictionary import is_known
from ingest.inspection.grid import open_grid
from ingest.inspection.layout import written as written_layout
from ingest.profiles import Layout, plain_header

NAMES = {
    "utf-8": ("Müller & Söhne", "甲公司", "Łódź SA", "plain"),
    "utf-8-sig": ("Müller & Söhne", "甲公司", "plain"),
    "gb18030": ("上海某某贸易有限公司", "北京甲公司", "深圳市乙科技有限公司"),
    "cp1252": ("Müller & Söhne GmbH", "Crème brûlée SARL", "plain", "Groß € AG"),
}
HEADERS = {
    "utf-8": ("Invoice No", "Customer", "Invoice Date", "Due Date", "Amount"),
    "utf-8-sig": ("Rechnungsnummer", "Kunde", "Rechnungsdatum", "Fälligkeitsdatum", "Betrag"),
    "gb18030": ("单据编号", "客户名称", "单据日期", "到期日", "价税合计"),
    "cp1252": ("Rechnungsnummer", "Kunde", "Rechnungsdatum", "Fälligkeitsdatum", "Betrag"),
}
DATES = ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%Y%m%d", "%Y/%-m/%-d", "%-m/%-d/%Y", "%Y年%m月%d日")
THOUSANDS = {".": ("", ",", "'", " "), ",": ("", ".", "'", " ")}


@dataclass(frozen=True)
class Written:
    """A table and the way it is written."""

    rows: tuple[tuple[str, str, date, date, Decimal], ...]
    encoding: str
    delimiter: str
    decimal: str
    thousands: str
    date_format: str
    prefix: str
    above: tuple[str, ...]
    trailing_minus: bool
    places: int

    def number(self, value: Decimal) -> str:
        text = (
            f"{abs(value):,.{self.places}f}".replace(",", "T")
            .replace(".", self.decimal)
            .replace("T", self.thousands)
        )
        text = f"{self.prefix}{text}"
        if value >= 0:
            return text
        return f"{text}-" if self.trailing_minus else f"-{text}"

    def content(self) -> bytes:
        text = io.StringIO()
        for line in self.above:
            text.write(f"{line}\r\n")
        writer = csv.writer(text, delimiter=self.delimiter)
        writer.writerow(HEADERS[self.encoding])
        for number, name, issued, due, amount in self.rows:
            days = (issued.strftime(self.date_format), due.strftime(self.date_format))
            writer.writerow((number, name, *days, self.number(amount)))
        return text.getvalue().encode(self.encoding)


@st.composite
def tables(draw: st.DrawFn) -> Written:
    encoding = draw(st.sampled_from(sorted(NAMES)))
    decimal = draw(st.sampled_from((".", ",")))
    # days up to the 12th may be months: they are what makes an order doubtful
    doubtful = st.builds(date, st.integers(2019, 2027), st.integers(1, 12), st.integers(1, 12))
    day = draw(st.sampled_from((st.dates(date(2019, 1, 1), date(2027, 12, 31)), doubtful)))
    places = draw(st.sampled_from((2, 2, 0, 3)))
    count = draw(st.integers(1, 12))
    rows = []
    for number in range(1, count + 1):
        issued = draw(day)
        units = draw(st.integers(-5_000_000, 50_000_000))
        rows.append(
            (
                f"{number:06d}",
                draw(st.sampled_from(NAMES[encoding])),
                issued,
                issued if day is doubtful else issued + timedelta(days=draw(st.integers(0, 90))),
                Decimal(units) / 10**places,
            )
        )
    return Written(
        tuple(rows),
        encoding,
        draw(st.sampled_from((",", ";", "\t", "|"))),
        decimal,
        draw(st.sampled_from(THOUSANDS[decimal])),
        draw(st.sampled_from(DATES[:-1] if encoding == "cp1252" else DATES)),
        draw(st.sampled_from(("", "$", "€") if encoding in ("utf-8", "utf-8-sig") else ("",))),
        draw(st.sampled_from(((), ("List of 2026",), ("List of 2026", "", "printed by hand")))),
        draw(st.booleans()),
        places,
    )


def _read(path: Path, *, layout: Layout, header: tuple[str, ...]) -> pl.DataFrame:
    groups = tuple(frozenset({plain_header(name)}) for name in header)
    opened = open_csv(path, layout=layout, sought=Sought(groups, header))
    try:
        batches = list(opened.batches())
    except StructureError:
        batches = list(opened.salvaged())
    assert not any(batch.bad for batch in batches)
    return pl.concat([batch.frame for batch in batches])


@given(written=tables())
@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
def test_every_value_is_read_back_or_the_layout_is_doubted(written: Written) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "list.csv"
        path.write_bytes(written.content())
        grid = open_grid(path, knows=is_known)
        found = written_layout(grid, facts_of(grid))
        doubted = {doubt.topic for doubt in found.doubts}
        layout = Layout.model_validate(found.keys)
        frame = _read(path, layout=layout, header=HEADERS[written.encoding])
    columns = [clean(pl.col(name), layout=layout) for name in HEADERS[written.encoding]]
    number, name, issued, due, amount = columns
    back = frame.select(
        number.alias("number"),
        name.alias("name"),
        parsed_date(issued, layout=layout).alias("issued"),
        parsed_date(due, layout=layout).alias("due"),
        plain_number(amount, layout=layout).alias("amount"),
    )
    assert back["number"].to_list() == [row[0] for row in written.rows]
    if back["name"].to_list() != [row[1] for row in written.rows]:
        assert "encoding" in doubted
    days = [(row[2], row[3]) for row in written.rows]
    if list(zip(back["issued"], back["due"], strict=True)) != days:
        assert "date_formats" in doubted
        event("dates doubted")
    if [_decimal(text) for text in back["amount"]] != [row[4] for row in written.rows]:
        assert doubted & {"thousands_separator", "decimal_separator"}
        event("numbers doubted")


def _decimal(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except ArithmeticError:
        return None
