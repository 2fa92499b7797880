"""The one face of PDF documents, embedded so that a reader needs no font.

Belongs here: registering it, measuring, and what stands for a character that it lacks. Must not: layout. Licence and
source: fonts/README.md.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

FACE = "WenQuanYiMicroHei"
# No name is as long, and paper is no place for what is: layout costs the square of it.
LONGEST = 2_000
# the printer's sign for a character that is not in the case
STAND_IN = "〓"
_FILE = Path(__file__).with_name("fonts") / "wqy-microhei.ttc"


@cache
def register() -> frozenset[int]:
    """Make the face known to reportlab; the code points that it has."""
    font = TTFont(FACE, str(_FILE), subfontIndex=0)
    pdfmetrics.registerFont(font)
    # there is one weight: emphasis is size and shade
    pdfmetrics.registerFontFamily(FACE, normal=FACE, bold=FACE, italic=FACE, boldItalic=FACE)
    return frozenset(font.face.charToGlyph)


def shown(text: str) -> str:
    """The text as the face can show it: composed, on one line, 〓 for what it has no glyph for, at most `LONGEST`."""
    glyphs = register()
    line = " ".join(unicodedata.normalize("NFC", text).split())
    if len(line) > LONGEST:
        line = f"{line[:LONGEST]}…"
    return "".join(
        character if ord(character) in glyphs else STAND_IN for character in line if not _is_unseen(character)
    )


def _is_unseen(character: str) -> bool:
    # composed already, so that a mark left over would stand alone; controls and joiners are no glyphs
    return unicodedata.category(character) in ("Cc", "Cf", "Mn")


def width(text: str, *, size: float) -> float:
    """Points that a text takes."""
    register()
    return float(pdfmetrics.stringWidth(text, FACE, size))
