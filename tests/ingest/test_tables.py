"""A profile with tables turns the columns of any system into those of the contract; what it cannot is told."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter

from ingest.formats import UnreadableFile
from ingest.profiles import ProfileError, load_profile
from ingest.profiles.cells import needed_fields, read_cell
from tests.ingest.tables import Fed, feed, own_profile

D = Decimal
GIVEN = {"company_code": "C1", "account": "A1", "currency": "CNY"}


def _table(columns: str, *, layout: str = "", table: str = "") -> str:
    """A profile of one table for bank lines."""
    return f"""
{layout}
tables:
  t:
    files: "*"
{table}
    feeds:
      - entity: bank_transaction
        columns:
          booking_date: day
{columns}
"""


def _read(tmp_path: Path, profile: str, content: str, *, encoding: str = "utf-8") -> Fed:
    path = tmp_path / "lines.csv"
    path.write_bytes(content.encode(encoding))
    return feed(path, profile=own_profile(tmp_path, profile), entity="bank_transaction", constants=GIVEN)


@pytest.mark.parametrize(
    ("cell", "header", "cells", "expected"),
    [
        ("amount", "amount", "12.50", D("12.50")),
        ("{first: [a, b]}", "a,b", ",7", D("7.00")),
        ("{of: a, negate: true}", "a", "7.00", D("-7.00")),
        ("{of: a, negate: true}", "a", "-7.00", D("7.00")),
        ("{of: a, magnitude: true}", "a", "-7.00", D("7.00")),
        ("{of: a, percent: true}", "a", "700", D("7.00")),
        ("{of: a, percent: true}", "a", "-2.0000000000", D("-0.02")),
        ("{debit: d, credit: c}", "d,c", "5.00,", D("5.00")),
        ("{debit: d, credit: c}", "d,c", ",5.00", D("-5.00")),
        ("{debit: d, credit: c}", "d,c", "0.00,5.00", D("-5.00")),
        ("{debit: d, credit: c}", "d,c", "5.00,0", D("5.00")),
        ("{debit: d, credit: c}", "d,c", "0,0.00", D("0.00")),
        ("{amount: a, sign: s, negative: [H]}", "a,s", "5.00,H", D("-5.00")),
        ("{amount: a, sign: s, negative: [H]}", "a,s", "5.00,S", D("5.00")),
        ('{amount: a, sign: s, negative: ["借*"], positive: ["贷*"]}', "a,s", "5.00,借 Dr", D("-5.00")),
        ('{of: text, pattern: "([0-9.]+) EUR"}', "text", "paid 3.20 EUR", D("3.20")),
        ("{sum: [a, {of: b, negate: true}]}", "a,b", "1000.00,20.00", D("980.00")),
        ("{sum: [a, {of: b, negate: true}]}", "a,b", "1000.00,", D("1000.00")),
        ("{sum: [a, b]}", "a,b", "100,-100.00", D("0.00")),
    ],
)
def test_an_amount_is_worked_out_as_the_profile_says(
    tmp_path: Path, cell: str, header: str, cells: str, expected: Decimal
) -> None:
    fed = _read(tmp_path, _table(f"          amount: {cell}"), f"day,{header}\n2026-01-31,{cells}\n")
    assert (fed.column("amount"), fed.faults) == ([expected], [])


@pytest.mark.parametrize(
    ("cell", "header", "cells", "shown"),
    [
        ("{debit: d, credit: c}", "d,c", "5.00,6.00", "5.00 and 6.00"),
        ("{amount: a, sign: s, negative: [H], positive: [S]}", "a,s", "5.00,X", "5.00 X"),
        ("{amount: a, sign: s, negative: [H], positive: [S]}", "a,s", "5.00,", "5.00 without sign"),
        ("{of: a, negate: true}", "a", "five", "five"),
        ("{of: a, percent: true}", "a", "5 in the hundred", "5 in the hundred"),
        ("{sum: [a, b]}", "a,b", "5.00,six", "5.00 and six"),
    ],
)
def test_an_amount_that_cannot_be_worked_out_is_set_aside_as_it_was_written(
    tmp_path: Path, cell: str, header: str, cells: str, shown: str
) -> None:
    fed = _read(tmp_path, _table(f"          amount: {cell}"), f"day,{header}\n2026-01-31,{cells}\n")
    assert (fed.accepted, fed.faults) == ([], [("not_exact", "amount", shown)])


@pytest.mark.parametrize(
    ("layout", "text", "expected"),
    [
        ("thousands_separator: ','", "1,234,567.89", D("1234567.89")),
        ("thousands_separator: ','", "1234.5", D("1234.50")),
        ("{decimal_separator: ',', thousands_separator: '.'}", "1.234,56", D("1234.56")),
        ("{decimal_separator: ',', thousands_separator: '.'}", "-1.234,5", D("-1234.50")),
        ("trailing_minus: true", "12.30-", D("-12.30")),
        ("parentheses: true", "(12.30)", D("-12.30")),
        ("{number_prefixes: [¥], thousands_separator: ','}", "¥1,000.00", D("1000.00")),
        ("{number_prefixes: [¥]}", "-¥1.00", D("-1.00")),
        ("{number_suffixes: [元]}", "28.16元", D("28.16")),
        ("{number_prefixes: ['+']}", "+0.01", D("0.01")),
    ],
)
def test_numbers_are_read_as_the_layout_writes_them(
    tmp_path: Path, layout: str, text: str, expected: Decimal
) -> None:
    profile = _table("          amount: a", table=f"    layout: {_braced(layout)}")
    fed = _read(tmp_path, profile, f'day,a\n2026-01-31,"{text}"\n')
    assert (fed.column("amount"), fed.faults) == ([expected], [])


def _braced(layout: str) -> str:
    return layout if layout.startswith("{") else f"{{{layout}}}"


@pytest.mark.parametrize(
    ("layout", "text"),
    [
        ("{thousands_separator: ','}", "1,25"),
        ("{thousands_separator: ','}", "12,34.00"),
        ("{decimal_separator: ','}", "1.50"),
        ("{decimal_separator: ',', thousands_separator: '.'}", "1.50"),
        ("{}", "(1.50)"),
        ("{}", "1.50-"),
    ],
)
def test_a_number_of_another_layout_is_not_guessed_at(tmp_path: Path, layout: str, text: str) -> None:
    profile = _table("          amount: a", table=f"    layout: {layout}")
    fed = _read(tmp_path, profile, f'day,a\n2026-01-31,"{text}"\n')
    assert [(reason, column) for reason, column, _ in fed.faults] == [("not_exact", "amount")]
    assert (fed.faults[0][2] or "").startswith(text)


def test_a_text_may_be_joined_mapped_and_cut_out(tmp_path: Path) -> None:
    columns = """
          amount: {value: "1.00"}
          account: {join: [bank, no], with: "/"}
          currency: {of: cur, values: currency, empty: CNY}
          counterparty_name: {of: who, values: {"-": ""}}
          remittance_text: {join: [use, note], with: " ", skip_empty: true}
          transaction_code: {of: kind, values: {IN: in}, otherwise: other}
"""
    fed = _read(
        tmp_path,
        _table(columns),
        "day,bank,no,cur,who,use,note,kind\n"
        "2026-01-31,B,1,美元,-,rent,,IN\n"
        "2026-01-31,B,2,,Ann,,May,OUT\n"
        "2026-01-31,B,,EUR,Bob,a,b,\n",
    )
    names = ("account", "currency", "counterparty_name", "remittance_text", "transaction_code")
    assert [tuple(row[name] for name in names) for row in fed.accepted] == [
        ("B/1", "USD", None, "rent", "in"),
        ("B/2", "CNY", "Ann", "May", "other"),
        # half a key is none: the constant of the source is what is left
        ("A1", "EUR", "Bob", "a b", None),
    ]


@pytest.mark.parametrize("last", [{"value": "EUR"}, {"of": "b", "values": {"X": "Y"}, "empty": "Z"}])
def test_a_fixed_text_for_want_of_another_asks_nothing_of_the_header(last: dict[str, object]) -> None:
    assert needed_fields(read_cell({"first": ["a", last]})) == ()
    assert needed_fields(read_cell({"first": ["a", "b"]})) == (frozenset({"a", "b"}),)


def test_a_due_date_is_the_baseline_and_the_days_of_the_terms(tmp_path: Path) -> None:
    columns = '          amount: {value: "1.00"}\n          value_date: {date: base, plus_days: [d3, d2, d1]}'
    content = (
        "day,base,d1,d2,d3\n2026-01-31,2026-01-31,14,30,\n2026-01-31,2026-01-31,,,\n2026-01-31,31.1.,5,,\n"
    )
    fed = _read(tmp_path, _table(columns), content)
    assert fed.column("value_date") == [date(2026, 3, 2), date(2026, 1, 31)]
    assert fed.faults == [("bad_date", "value_date", "31.1. and 5 days")]


def test_a_date_may_have_a_time_that_is_left_out(tmp_path: Path) -> None:
    profile = _table(
        '          amount: {value: "1.00"}', layout='date_formats: ["%Y-%m-%d %H:%M:%S", "%Y-%m-%d"]'
    )
    fed = _read(tmp_path, profile, "day\n2026-01-31 23:59:59\n2026-02-01\n2026-01-31 25:00:00\n2026-02-30\n")
    assert fed.column("booking_date") == [date(2026, 1, 31), date(2026, 2, 1)]
    assert [reason for reason, _, _ in fed.faults] == ["bad_date", "bad_date"]


@pytest.mark.parametrize("text", ["12/29", "12-29", "29.12.", "1/3", "12月29日"])
def test_a_day_without_a_year_is_not_guessed_at(tmp_path: Path, text: str) -> None:
    profile = _table('          amount: {value: "1.00"}', layout='date_formats: ["%Y/%m/%d", "%Y-%m-%d"]')
    fed = _read(tmp_path, profile, f"day\n{text}\n")
    assert (fed.accepted, fed.faults) == ([], [("date_without_year", "booking_date", text)])


def test_a_date_may_be_as_a_spreadsheet_writes_it_into_csv(tmp_path: Path) -> None:
    profile = _table('          amount: {value: "1.00"}', layout='date_formats: ["%Y/%-m/%-d %-H:%M"]')
    fed = _read(tmp_path, profile, "day\n2026/1/5 9:05\n2026/12/31 23:59\n2026/1/5 25:00\n")
    assert fed.column("booking_date") == [date(2026, 1, 5), date(2026, 12, 31)]
    assert [reason for reason, _, _ in fed.faults] == ["bad_date"]


BANK = """
encoding: utf-8
fallback_encoding: gb18030
quotes: lenient
short_records: pad
header: found
thousands_separator: ","
tables:
  t:
    files: "*"
    fields: {day: [记账日期, 交易日期], amount: [金额], text: [摘要], card: []}
    from_preamble: {card: '卡号[:：]\\s*([0-9*]+)'}
    ignore: {day: ["*合计*"]}
    feeds:
      - entity: bank_transaction
        columns: {booking_date: day, amount: amount, remittance_text: text, account: card}
"""
PREAMBLED = """明细查询

卡号: 6222****9876,别名

交易日期,金额 ,摘要
2026-01-31\t,"1,000.00"\t,工资
2026-02-01,-3.00
 合计,"997.00",,,
"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_a_table_is_found_between_what_a_bank_writes_around_it(
    tmp_path: Path, encoding: str, line_end: str
) -> None:
    fed = _read(tmp_path, BANK, PREAMBLED.replace("\n", line_end), encoding=encoding)
    names = ("account", "booking_date", "amount", "remittance_text")
    assert [tuple(row[name] for name in names) for row in fed.accepted] == [
        ("6222****9876", date(2026, 1, 31), D("1000.00"), "工资"),
        ("6222****9876", date(2026, 2, 1), D("-3.00"), None),
    ]
    assert fed.faults == []


def test_records_of_nothing_but_delimiters_are_no_records_where_short_ones_are_filled_up(
    tmp_path: Path,
) -> None:
    fed = _read(tmp_path, BANK, PREAMBLED + ",,,\n , ,\n")
    assert (len(fed.accepted), fed.faults) == (2, [])


def test_a_file_without_the_header_is_refused_with_the_names_that_it_may_have(tmp_path: Path) -> None:
    with pytest.raises(
        UnreadableFile, match="no record has the columns 金额, 交易日期 or 记账日期|记账日期 or 交易日期"
    ):
        _read(tmp_path, BANK, "Datum,Betrag\n2026-01-31,5\n")


def test_a_file_may_have_no_header_at_all(tmp_path: Path) -> None:
    profile = _table(
        "          amount: {debit: in, credit: out}",
        layout="header: [day, text, out, in]\ndate_formats: ['%m/%d/%Y']",
    )
    fed = _read(tmp_path, profile, "05/01/2023,SHOP,1.96,,13.04\n05/02/2023,PAY,,3.00,16.04\n")
    assert fed.column("amount") == [D("-1.96"), D("3.00")]
    assert fed.column("_row") == [1, 2]


def test_of_tables_with_one_name_the_header_decides(tmp_path: Path) -> None:
    profile = """
tables:
  two_columns:
    files: "*"
    feeds: [{entity: bank_transaction, columns: {booking_date: day, amount: {debit: in, credit: out}}}]
  one_column:
    files: "*"
    feeds: [{entity: bank_transaction, columns: {booking_date: day, amount: amount}}]
"""
    assert _read(tmp_path, profile, "day,in,out\n2026-01-31,,5.00\n").column("amount") == [D("-5.00")]
    assert _read(tmp_path, profile, "day,amount\n2026-01-31,5.00\n").column("amount") == [D("5.00")]


ITEMS = """
tables:
  items:
    files: "*"
    feeds:
      - entity: document
        where: {kind: [RV, "D*"]}
        columns: {document_id: no, document_type: {value: invoice}, document_date: day, amount: amount}
      - entity: receipt
        where: {kind: [ZP]}
        unless: {status: [void]}
        columns: {receipt_id: no, receipt_date: day, amount: {of: amount, negate: true}}
"""


def test_one_table_feeds_several_entities_and_a_row_that_none_takes_is_set_aside(tmp_path: Path) -> None:
    path = tmp_path / "items.csv"
    path.write_text(
        "no,kind,day,amount,status\n1,RV,2026-01-01,10.00,\n2,DG,2026-01-02,20.00,\n3,ZP,2026-01-03,-5.00,\n"
        "4,ZP,2026-01-04,-6.00,void\n5,??,2026-01-05,7.00,\n"
    )
    profile = own_profile(tmp_path, ITEMS)
    documents = feed(path, profile=profile, entity="document", constants=GIVEN)
    receipts = feed(path, profile=profile, entity="receipt", constants=GIVEN)
    assert (documents.column("document_id"), documents.column("_row")) == (["1", "2"], [1, 2])
    assert (receipts.column("receipt_id"), receipts.column("amount")) == (["3"], [D("5.00")])
    # the first feed answers for rows that nobody takes: nothing is lost without a word
    assert [(r["_row"], r["reason_code"]) for r in documents.rejected] == [
        (4, "unclaimed_row"),
        (5, "unclaimed_row"),
    ]
    assert '"kind": "??"' in documents.rejected[1]["original_text"]
    assert receipts.rejected == []


def test_a_workbook_gives_the_sheet_that_is_named_with_text_and_numbers_alike(tmp_path: Path) -> None:
    path = tmp_path / "export.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("说明").write(0, 0, "read me")
        sheet = book.add_worksheet("应收单 2026")
        sheet.write_row(0, 0, ["某公司 应收单"])
        sheet.write_row(2, 0, ["编号", "日期", "金额*", "币别"])
        sheet.write_row(3, 0, ["001", "2026/01/05", "1,234.50", "人民币"])
        sheet.write_row(4, 0, ["002", "2026/01/06", 0.1 + 0.2, "人民币"])
        sheet.write_row(5, 0, ["合计", None, 1234.8])
    profile = own_profile(
        tmp_path,
        """
header: found
thousands_separator: ","
date_formats: ["%Y/%m/%d"]
tables:
  t:
    files: "EXPORT*"
    sheet: "应收单*"
    ignore: {编号: [合计]}
    feeds:
      - entity: document
        columns:
          document_id: 编号
          document_type: {value: invoice}
          document_date: 日期
          amount: 金额
          currency: {of: 币别, values: currency}
""",
    )
    fed = feed(path, profile=profile, entity="document", constants={"company_code": "C1"})
    assert fed.faults == []
    assert [(r["document_id"], r["amount"], r["currency"]) for r in fed.accepted] == [
        ("001", D("1234.50"), "CNY"),
        ("002", D("0.30"), "CNY"),
    ]


@pytest.mark.parametrize(
    ("formats", "days"),
    [
        ('["%Y-%m-%d %H:%M:%S"]', [date(2026, 1, 5), date(2026, 1, 6)]),
        # a profile that knows no times takes none for a date
        ('["%Y-%m-%d"]', [date(2026, 1, 6)]),
    ],
)
def test_a_moment_of_a_workbook_is_a_date_where_dates_have_times(
    tmp_path: Path, formats: str, days: list[date]
) -> None:
    path = tmp_path / "export.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        shown = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        sheet.write(0, 0, "day")
        sheet.write_datetime(1, 0, datetime(2026, 1, 5, 14, 6, 51), shown)
        sheet.write_datetime(2, 0, datetime(2026, 1, 6), shown)
    profile = _table('          amount: {value: "1.00"}', layout=f"date_formats: {formats}")
    fed = feed(path, profile=own_profile(tmp_path, profile), entity="bank_transaction", constants=GIVEN)
    assert fed.column("booking_date") == days


@pytest.mark.parametrize("content", ["<html><table><tr><td>day</td></tr></table></html>", "day\tamount\n"])
def test_a_page_or_text_under_the_name_of_a_workbook_is_refused_with_the_fix(
    tmp_path: Path, content: str
) -> None:
    path = tmp_path / "export.xls"
    path.write_text(content)
    with pytest.raises(UnreadableFile, match="is not a readable workbook") as refusal:
        feed(path, profile=own_profile(tmp_path, BANK), entity="bank_transaction", constants=GIVEN)
    assert "save it again as .xlsx" in refusal.value.fix
    assert "\n" not in str(refusal.value)


def _of(columns: str, *, entity: str = "document", more: str = "") -> str:
    return f"tables: {{t: {{files: x, {more}feeds: [{{entity: {entity}, columns: {{{columns}}}}}]}}}}"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (_of("", entity="invoice"), "there is no entity 'invoice'"),
        (_of("colour: a"), "has no column 'colour'"),
        (_of("amount: {debit: a}"), "`credit` is missing"),
        (_of("amount: {total: a}"), "none of the forms"),
        (_of("currency: {of: a, values: money}"), "no vocabulary 'money'"),
        (_of("currency: {of: a, pattern: '['}"), "no regular expression"),
        (_of("currency: {of: a, pattern: x}"), "has no group"),
        (_of("currency: b", more="fields: {a: A}, "), "'b' is not among the fields"),
        (_of("currency: b", more="layout: {speed: 1}, "), "speed"),
        ("tables: {t: {files: x, feeds: []}}", "feeds nothing"),
        (_of("a: b, a: c"), "given more than once"),
    ],
)
def test_a_wrong_table_is_refused(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ProfileError, match=message):
        own_profile(tmp_path, text)


def test_a_profile_may_build_on_another(tmp_path: Path) -> None:
    (tmp_path / "base.yml").write_text(
        _table("          amount: a", layout="thousands_separator: ','"), encoding="utf-8"
    )
    profile = own_profile(tmp_path, "base: base\nthousands_separator: '.'\ndecimal_separator: ','")
    assert (profile.thousands_separator, profile.decimal_separator, set(profile.tables)) == (".", ",", {"t"})
    with pytest.raises(ProfileError, match="no profile 'nowhere' to build on"):
        (tmp_path / "lost.yml").write_text("base: nowhere")
        load_profile("lost", folder=tmp_path)


def test_tables_of_one_name_must_feed_the_same(tmp_path: Path) -> None:
    feeds = "feeds: [{{entity: {}, columns: {{}}}}]"
    tables = [
        f"{name}: {{files: x, {feeds.format(entity)}}}"
        for name, entity in [("t", "document"), ("u", "receipt")]
    ]
    with pytest.raises(ProfileError, match="must feed the same entities"):
        own_profile(tmp_path, f"tables: {{{', '.join(tables)}}}")
