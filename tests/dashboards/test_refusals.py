"""What is expected to go wrong is said on the page, in the reader's language, with what to do.

Belongs here: documents that do not close, files beside the release that cannot be read or written. Must not: a release
that cannot be opened (test_release.py), readers who are not let in (test_access.py).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import streamlit as st
from streamlit.errors import StreamlitAuthError
from streamlit.testing.v1 import AppTest

from dashboards.access import audit
from dashboards.access.identity import NotAdmitted
from dashboards.access.viewer import EVERYTHING, Restriction, Viewer
from dashboards.data.contacts import ContactsUnreadable, of_customers
from dashboards.data.release import ReleaseUnavailable, current_release
from dashboards.i18n import LANGUAGES, catalogue
from documents.errors import FIGURES, DocumentError
from tests.dashboards.own_release import make_own, open_page
from tests.dashboards.test_mine import workbook_text

# one open item of DE01|K200 is a cent more than its movements
A_CENT_MORE = """
update marts.fct_open_item_balance set open_amount_document = open_amount_document + 0.01
where company_code = 'DE01' and document_id = 'RE-6002'"""
# what was received since is a cent less than what it took off the item
A_CENT_LESS_RECEIVED = """
update marts.fct_receivable_movement set amount_document = amount_document + 0.01
where
    amount_document < 0
    and open_item_id in (select open_item_id from marts.mart_aging where document_id = 'RE-6001')"""
WITHOUT_OWNERS = "alter table marts.dim_customer drop column sales_owner"
ASKED = {"company": "DE01", "customer": "K200"}
LI = Viewer("li", "controller", EVERYTHING)

MakeHome = Callable[..., Path]


@pytest.fixture
def make_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> MakeHome:
    def make(*, more: str = "") -> Path:
        make_own(tmp_path, "customer", more=more)
        monkeypatch.setenv("ARREARS_HOME", str(tmp_path))
        return tmp_path

    return make


def events(home: Path) -> list[dict[str, object]]:
    file = home / audit.FOLDER / audit.FILE
    return (
        [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()] if file.exists() else []
    )


def errors(app: AppTest) -> str:
    assert not app.exception
    return " ".join(error.value for error in app.error)


# -- documents


@pytest.mark.parametrize("key", ["statement_xlsx", "statement_pdf"])
@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh", ("未清明细合计为 60,250.76,期初加期间变动为 60,250.75,相差 0.01", "DE01 K200 EUR", "不提供文件",
                "管理员")),
        ("en", ("the sum of open items is 60,250.76 and by opening balance and movements 60,250.75",
                "a difference of 0.01",
                "DE01 K200 EUR", "nothing is handed out", "whoever runs Arrears")),
    ],
)  # fmt: skip
def test_a_statement_that_does_not_close_says_what_differs_and_what_to_do(
    make_home: MakeHome, language: str, words: tuple[str, ...], key: str
) -> None:
    home = make_home(more=A_CENT_MORE)
    app = open_page("customer", language=language, **ASKED)
    assert errors(app) == ""
    app.download_button(key=key).click().run()
    said = errors(app)
    assert [word for word in words if word not in said] == []
    (recorded,) = events(home)
    assert (recorded["event"], recorded["what"], recorded["reason"]) == ("refused", "file", "does_not_close")
    assert str(recorded["file"]).endswith(key.removeprefix("statement_"))


def test_receipts_after_a_day_that_do_not_add_up_say_so(make_home: MakeHome) -> None:
    home = make_home(more=A_CENT_LESS_RECEIVED)
    app = open_page("customer", language="zh", **ASKED)
    # on which RE-6001 alone was open
    app.date_input(key="subsequent_from").set_value(date(2026, 1, 31)).run()
    app.download_button(key="subsequent").click().run()
    assert "DE01 K200 RE-6001 EUR 的剩余未清金额" in errors(app)
    assert [line["reason"] for line in events(home)] == ["does_not_close"]


def test_a_statement_that_closes_says_nothing_and_is_no_refusal(make_home: MakeHome) -> None:
    home = make_home()
    app = open_page("customer", language="zh", **ASKED)
    app.download_button(key="statement_pdf").click().run()
    assert errors(app) == ""
    assert events(home) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_proof_and_every_refusal_has_its_words(language: str) -> None:
    words = catalogue(language)
    kinds = [kind.code for kind in (DocumentError, *DocumentError.__subclasses__())]
    assert [figure for figure in FIGURES if f"refused_figure.{figure}" not in words] == []
    assert [kind for kind in kinds if f"refused_fix.{kind}" not in words] == []
    told = [kind for kind in kinds if kind != "does_not_close"]
    assert [kind for kind in told if f"refused_reason.{kind}" not in words] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_button_whose_file_could_not_be_made_says_so_in_the_readers_language(
    make_home: MakeHome, language: str
) -> None:
    """Streamlit's own words there are English; the style sheet puts these in their place."""
    make_home()
    app = open_page("about", language=language)
    words = catalogue(language)["download.failed"]
    assert any(f'--ar-no-file: "{words}"' in str(block.proto.body) for block in app.get("html"))


# -- contacts


def test_contacts_that_cannot_be_read_are_told_of_and_the_list_is_there(
    make_home: MakeHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = make_home()
    file = home / "private" / "contacts.parquet"
    file.parent.mkdir()
    file.write_bytes(b"cut short")
    with pytest.raises(ContactsUnreadable):
        of_customers(file, customers=[("CN01", "C001")])
    monkeypatch.setattr("dashboards.ui.page.current_viewer", lambda _: LI)
    app = open_page("mine", language="zh")
    assert not app.exception
    assert sum("联系人文件无法读取" in warning.value for warning in app.warning) == 1
    assert len(app.dataframe) > 0
    book = workbook_text(current_release(), LI)
    assert "联系人文件无法读取" in book or "file of contacts cannot be read" in book


# -- the audit log


def block_audit(home: Path) -> None:
    (home / audit.FOLDER).write_text("a file where the folder should be", encoding="utf-8")


@pytest.mark.parametrize(
    ("language", "words"), [("zh", "审计日志无法写入"), ("en", "audit log cannot be written")]
)
def test_without_an_audit_log_pages_are_shown_and_no_file_is_handed_out(
    make_home: MakeHome, language: str, words: str
) -> None:
    block_audit(make_home())
    app = open_page("aging", language=language)
    assert words in errors(app)
    assert app.dataframe
    assert app.download_button
    assert [button.label for button in app.download_button if not button.disabled] == []


def test_a_sign_in_that_cannot_be_recorded_lets_nobody_in(
    make_home: MakeHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    block_audit(make_home())
    monkeypatch.setattr("dashboards.ui.page.current_viewer", lambda _: Viewer("li", "sales", Restriction()))
    app = open_page("overview", language="zh")
    assert "因此暂不显示数据" in errors(app)
    assert not app.dataframe


# -- identity


def test_a_sign_in_that_cannot_begin_says_whom_to_ask(
    make_home: MakeHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_home()

    def refuse(_: object) -> Viewer:
        raise NotAdmitted("not_signed_in")

    def login() -> None:
        raise StreamlitAuthError("client_id is missing")

    monkeypatch.setattr("dashboards.ui.page.current_viewer", refuse)
    monkeypatch.setattr(st, "login", login)
    app = open_page("overview", language="zh")
    app.button[0].click().run()
    assert "client_id is missing" in errors(app)
    assert "docs/access.md" in errors(app)


def test_a_release_without_what_tells_readers_apart_is_of_another_shape(make_home: MakeHome) -> None:
    make_home(more=WITHOUT_OWNERS)
    with pytest.raises(ReleaseUnavailable) as refused:
        current_release(Restriction(sales_owner="赵雪"))
    assert refused.value.reason == "other_shape"
