"""What happens to files on their way: bytes lost, doubled, swapped, replaced, cut off.

Belongs here: damage, drawn from a seed so that a finding can be repeated. Must not: knowledge of a format beyond a
few words that parsers stumble over.
"""

import io
import re
import zipfile
from random import Random

_WORDS = (
    b"", b"\n", b"\r\n", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\xc3", b"\xe5\x8d", b'"', b",", b";", b"/", b"-",
    b":", b":61:", b":62F:", b":86:", b"9" * 40, b"1e400", b"NaN", b"inf", b"-0", b"0.005", b"1.234,56", b"260230",
    b"20269999", b"0000-00-00", b"9999-12-31", b"<", b">", b"&", b"&#0;", b"&amp;", b"<!DOCTYPE x>", b"<Ntry>",
    b"</Stmt>", b"<STMTTRN>", b"88,", b"16,", b"V,", b"S,", b"D,99", b"^", b"!Type:Bank", b"=1+1", b"@SUM(A1)",
    b" ", b"\t", b"\x1f", b"\x85", "应收".encode(), "\u202e".encode(), "\u200b".encode(), b"\x1b[31m",
    "\ufeff".encode(), "１２３".encode(), "٢٦٠٣٣١".encode(), b"\xed\xa0\x80", b"#REF!", b"TRUE", b"x" * 70_000,
    b"?" * 3_000, b'""' * 500, b' r="XFD1048576"', b' t="e"',
    b"<!ENTITY a SYSTEM 'file:///etc/hostname'>", b"-2+3", b"2026-02-30",
)  # fmt: skip


def damaged(data: bytes, *, random: Random) -> bytes:
    """The data after one to eight damages; now and then something else altogether."""
    if random.random() < 0.02:
        return random.randbytes(random.randrange(200))
    if data.startswith(b"PK\x03\x04") and random.random() < 0.8:
        return _repacked(data, random)
    # half of what has tags keeps them: damaged markup is refused before anything in it is looked at
    damages = (_retell,) if b"><" in data and random.random() < 0.5 else _DAMAGES
    for _ in range(random.randint(1, 8)):
        data = random.choice(damages)(data, random)
    return data


def _repacked(data: bytes, random: Random) -> bytes:
    """One part of an archive damaged and packed again, so that what is inside is looked at and not only the archive."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    # sheets and texts are what is read of a workbook
    name = random.choice([name for name in parts if "sheet" in name or "Strings" in name] or list(parts))
    for _ in range(random.randint(1, 8)):
        parts[name] = random.choice((_retell, *_DAMAGES))(parts[name], random)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
    return buffer.getvalue()


def _cut(data: bytes, random: Random) -> bytes:
    return data[: random.randrange(len(data) + 1)]


def _lose(data: bytes, random: Random) -> bytes:
    start = random.randrange(len(data) + 1)
    return data[:start] + data[start + random.randint(1, 40) :]


def _double(data: bytes, random: Random) -> bytes:
    start = random.randrange(len(data) + 1)
    return data[:start] + data[start : start + random.randint(1, 200)] * random.randint(2, 5) + data[start:]


def _insert(data: bytes, random: Random) -> bytes:
    start = random.randrange(len(data) + 1)
    return data[:start] + random.choice(_WORDS) + data[start:]


def _replace(data: bytes, random: Random) -> bytes:
    start = random.randrange(len(data) + 1)
    return data[:start] + random.choice(_WORDS) + data[start + random.randint(1, 12) :]


def _flip(data: bytes, random: Random) -> bytes:
    if not data:
        return data
    position = random.randrange(len(data))
    return data[:position] + bytes([data[position] ^ (1 << random.randrange(8))]) + data[position + 1 :]


def _retell(data: bytes, random: Random) -> bytes:
    """Another text between two tags, so that XML stays whole."""
    texts = list(re.finditer(rb">([^<>]*)<", data))
    if not texts:
        return data
    text = random.choice(texts)
    return data[: text.start(1)] + random.choice(_HARMLESS) + data[text.end(1) :]


def _swap_lines(data: bytes, random: Random) -> bytes:
    lines = data.split(b"\n")
    first, second = random.randrange(len(lines)), random.randrange(len(lines))
    lines[first], lines[second] = lines[second], lines[first]
    return b"\n".join(lines)


_HARMLESS = tuple(
    word
    for word in _WORDS
    if not set(word) & set(b"<>&\x00") and word.decode(errors="ignore").encode() == word
)
_DAMAGES = (_cut, _lose, _double, _insert, _replace, _flip, _swap_lines)
