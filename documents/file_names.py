"""File names that every system takes, and no two alike.

Belongs here: ids of a source in, a name out. Must not: touch a disk.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from datetime import date

# As they are: what stays distinct where case does not count, and is no word of any shell or file system.
_PLAIN = re.compile(r"[A-Z0-9][A-Z0-9-]{0,39}")
_OTHER = re.compile(r"[^A-Za-z0-9-]+")


def statement_file(
    ids: Sequence[str], *, first_day: date, last_day: date, language: str, copy: str, extension: str
) -> str:
    """`statement_CN01_K00012_2026-06-01_2026-06-30_zh.pdf`; an auditor's copy says so."""
    parts = ["statement", *(safe(text) for text in ids), f"{first_day}", f"{last_day}", language]
    if copy != "customer":
        parts.append(copy)
    return f"{'_'.join(parts)}.{extension}"


def provision_file(
    company_code: str | None, *, as_of: date, release_id: str, language: str, extension: str
) -> str:
    """`provision_CN01_2026-06-30_r0007_zh.xlsx`; without a company that of all of them."""
    company = [safe(company_code)] if company_code is not None else []
    return f"{'_'.join(['provision', *company, f'{as_of}', release_id, language])}.{extension}"


def safe(text: str) -> str:
    """The id where it is plain; else what is readable of it and a mark of the exact id, after `_`, which none has."""
    if _PLAIN.fullmatch(text):
        return text
    readable = _OTHER.sub("-", text).strip("-")[:40] or "id"
    return f"{readable}_{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:12]}"
