"""Why a file was not made: what differs and by how much, what that means, what to do.

Belongs here: a document that the `documents` room refused to make, said in the reader's language. Must not: decide that
it is refused. What the room itself said, in English and with names of relations, stands in a fold for whoever mends it.
"""

from __future__ import annotations

import streamlit as st

from dashboards.data.release import Release
from dashboards.i18n import label, t
from dashboards.ui import numbers, page
from documents.errors import DocumentError, DoesNotClose


def draw(release: Release, problem: DocumentError, *, file_name: str) -> None:
    """Say it, and record that the file was asked for and withheld."""
    page.refuse("file", file=file_name, reason=problem.code)
    st.error(
        t(
            "refused.file",
            found=_found(problem),
            fix=label("refused_fix", problem.code).format(
                release=release.release_id, as_of=numbers.day(release.as_of)
            ),
        ),
        icon=":material/block:",
    )
    with st.expander(t("refused.details")):
        st.code(str(problem), language=None, wrap_lines=True)


def _found(problem: DocumentError) -> str:
    if isinstance(problem, DoesNotClose):
        difference = problem.difference
        return t(
            "refused.difference",
            figure=label("refused_figure", difference.figure),
            place=difference.place,
            found=f"{difference.found:,}",
            against=_against(difference.figure),
            expected=f"{difference.expected:,}",
            difference=f"{abs(difference.amount):,}",
        )
    return label("refused_reason", problem.code)


def _against(figure: str) -> str:
    """What the figure was compared with; proofs of the provision compare too many things to name each."""
    named = label("refused_against", figure)
    return label("refused_against", "other") if named == figure else named
