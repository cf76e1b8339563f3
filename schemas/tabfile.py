"""The one door for the files of the institution interfaces: one TXT in a ZIP, UTF-8, tabs, no header (1.4, 3.1, 5.3).

Reading is strict and bounded: a ZIP may hold nothing but the list, and unfolds to so much and no more.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterable, Sequence

MAX_TEXT_BYTES = 8 * 1024 * 1024
"""House: how much a ZIP may unfold to; nothing beyond it is ever unpacked."""
NULL = "null"
_BROKEN = (
    zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, EOFError, OverflowError, OSError, zlib.error,
    struct.error,
)  # fmt: skip
"""What reading a damaged, encrypted or exotic ZIP ends in."""
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


class TabFileError(Exception):
    """Not one acceptable list. ``kind``: ``zip``, ``text`` (not UTF-8, at ``line``) or ``too_long``."""

    def __init__(self, kind: str, zh: str, en: str, *, line: int = 0) -> None:
        super().__init__(en)
        self.kind = kind
        self.zh = zh
        self.en = en
        self.line = line


def pack(name: str, rows: Iterable[Sequence[str]]) -> bytes:
    """A ZIP holding ``name``.txt with these rows; the same rows give the same bytes."""
    text = "".join("\t".join(cell or NULL for cell in row) + "\n" for row in rows)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr(zipfile.ZipInfo(f"{name}.txt"), text, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def unpack(raw: bytes, *, most_rows: int) -> list[list[str]]:
    """The rows of the one TXT in a ZIP, empty cells as ``""``; a file without any row is a good file.

    Raises:
        TabFileError: it is none, or has more than ``most_rows``.
    """
    text = _decoded(_only_text(raw))
    lines = text.split("\n")
    while lines and not lines[-1].strip("\r"):
        lines.pop()
    if len(lines) > most_rows:
        raise TabFileError("too_long", f"超过 {most_rows} 行", f"more than {most_rows} rows")
    return [["" if cell == NULL else cell for cell in line.rstrip("\r").split("\t")] for line in lines]


def _only_text(raw: bytes) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
            if len(members) != 1 or not members[0].filename.lower().endswith(".txt"):
                names = ", ".join(member.filename[:40] for member in members[:3])
                raise _not_so(f"内含 {len(members)} 个文件 {names}", f"it holds {len(members)} files: {names}")
            if members[0].compress_type not in _METHODS:
                raise _not_so("压缩方式应为 deflate", "compress with deflate")
            with archive.open(members[0]) as text:
                read = text.read(MAX_TEXT_BYTES + 1)
    except _BROKEN as fault:
        raise _not_so("文件损坏或已加密", f"damaged or encrypted ({type(fault).__name__})") from fault
    if len(read) > MAX_TEXT_BYTES:
        raise _not_so(f"解压后超过 {MAX_TEXT_BYTES} 字节", f"more than {MAX_TEXT_BYTES} bytes unpacked")
    return read


def _not_so(zh: str, en: str) -> TabFileError:
    return TabFileError("zip", zh, en)


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = raw.count(b"\n", 0, fault.start) + 1
        raise TabFileError("text", f"第 {line} 行不是 UTF-8 文本", f"line {line} is not UTF-8", line=line) from fault
