"""The workpaper as files: the same one that `arrears provision` writes.

Belongs here: its buttons. Must not: what it holds (`documents`). A workpaper whose figures disagree is not handed out,
so it is read once before the buttons stand there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from dashboards.data.release import Release
from dashboards.i18n import language, t
from dashboards.ui import exports
from dashboards.views.parts import refused
from documents.blocks import Document
from documents.errors import DocumentError
from documents.file_names import provision_file
from documents.paper import pdf_bytes
from documents.provision import Provision, read_provision
from documents.provision_document import provision_document
from documents.words import Language
from documents.workbook import xlsx_bytes

FORMATS: dict[str, tuple[str, Callable[[Document], bytes]]] = {
    "xlsx": (exports.XLSX, xlsx_bytes),
    "pdf": (exports.PDF, pdf_bytes),
}


def draw(release: Release, *, companies: Sequence[str]) -> None:
    """A button per format, of one company or of all; there is no workpaper of some."""
    if len(companies) > 1:
        st.caption(t("provision.workpaper_one"))
        return
    company = companies[0] if companies else None
    spoken: Language = "zh" if language() == "zh" else "en"
    try:
        found = _read(release.cache_key, company, _release=release)
    except DocumentError as problem:
        refused.draw(
            release, problem, file_name=_file_name(release, company, spoken=spoken, extension="xlsx")
        )
        return
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key="workpaper"):
        for extension, (mime, render) in FORMATS.items():
            exports.button(
                t("provision.workpaper_xlsx") if extension == "xlsx" else t("provision.workpaper_pdf"),
                _maker(found, spoken=spoken, is_summary=extension == "pdf", render=render),
                file_name=_file_name(release, company, spoken=spoken, extension=extension),
                mime=mime, key=f"workpaper_{extension}", icon=":material/description:",
                help=t("provision.workpaper_help"),
            )  # fmt: skip


def _file_name(release: Release, company: str | None, *, spoken: Language, extension: str) -> str:
    return provision_file(
        company, as_of=release.as_of, release_id=release.release_id, language=spoken, extension=extension
    )


def _maker(
    found: Provision, *, spoken: Language, is_summary: bool, render: Callable[[Document], bytes]
) -> Callable[[], bytes]:
    return lambda: render(provision_document(found, language=spoken, is_summary=is_summary))


@st.cache_resource(max_entries=8, show_spinner=False)
def _read(cache_key: str, company: str | None, _release: Release) -> Provision:
    # of its own cursor, so that a restricted reader's workpaper holds what that reader sees
    with _release.cursor() as cursor:
        return read_provision(cursor, company_code=company)
