"""Text from delivered files as messages and terminals may show it.

Belongs here: characters that nobody sees, or that a terminal obeys, and length. Must not: changing what lands.
"""

import unicodedata

LONGEST_MESSAGE = 2_000
# control and format characters, halves of surrogate pairs, line and paragraph separators
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def is_unseen(character: str) -> bool:
    """Whether a reader would not see the character."""
    return unicodedata.category(character) in _UNSEEN


def printable(text: str, *, longest: int | None = None) -> str:
    """The text with `<U+200B>` for what would not be seen; line ends and tabs become blanks.

    Args:
        longest: characters after which it is cut off.
    """
    cut = text if longest is None or len(text) <= longest else f"{text[:longest]}…"
    if cut.isascii() and cut.isprintable():
        return cut
    return "".join(" " if c in "\t\n\r" else f"<U+{ord(c):04X}>" if is_unseen(c) else c for c in cut)
