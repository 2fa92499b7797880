"""Documents as files: which formats there are, and a file that is whole or not there.

Belongs here: formats, folders, writing. Must not: what a document holds (`documents`), for whom it is.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from documents.blocks import Document
from documents.paper import pdf_bytes
from documents.workbook import xlsx_bytes
from orchestration.errors import OrchestrationError

RENDERERS: dict[str, Callable[[Document], bytes]] = {"xlsx": xlsx_bytes, "pdf": pdf_bytes}


def parse_formats(text: str) -> tuple[str, ...]:
    """`xlsx,pdf`.

    Raises:
        OrchestrationError: it names another format, or none.
    """
    formats = tuple(dict.fromkeys(name.strip().lower() for name in text.split(",") if name.strip()))
    if unknown := [name for name in formats if name not in RENDERERS] or ([] if formats else [text]):
        raise OrchestrationError(f"{unknown[0]!r} is no format of a document", fix="--format xlsx,pdf")
    return formats


def make_folder(folder: Path) -> None:
    """The folder that was asked for.

    Raises:
        OrchestrationError: something else is in its place.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError) as error:
        raise OrchestrationError(f"{folder} is no folder", fix="name another one with --out") from error


def write_whole(file: Path, content: bytes) -> None:
    """Whole or not at all: who opens the file never sees half of it."""
    unfinished = file.with_name(f".{file.name}.part")
    unfinished.write_bytes(content)
    unfinished.replace(file)
