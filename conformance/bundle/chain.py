"""A hash chain over lines: each carries the digest of the one before it, a closing line carries their number.

So the trace proves by itself that nothing was taken out, put in, altered or cut off, and says where. Its root, the
digest of the closing line, stands in the certificate.
"""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from conformance.findings import Both
from schemas import jsontext

FIRST = "0" * 64
"""What the first line carries."""


class ChainFault(ValueError):
    """The chain does not hold: wording for people."""

    def __init__(self, both: Both) -> None:
        super().__init__(both.en)
        self.both = both


def chained(rows: Iterable[Mapping[str, Any]]) -> bytes:
    """The lines and the closing one."""
    lines, prev = [], FIRST
    for row in rows:
        lines.append(jsontext.compact({"prev": prev, **row}))
        prev = _digest(lines[-1])
    lines.append(jsontext.compact({"prev": prev, "closing": True, "count": len(lines)}))
    return b"".join(line + b"\n" for line in lines)


def root(raw: bytes) -> tuple[str, int]:
    """Digest of the closing line, and how many lines come before it.

    Raises:
        ChainFault: the chain does not hold; says at which line.
    """
    lines, prev = raw.splitlines(), FIRST
    for number, line in enumerate(lines, 1):
        document = _read(line, number)
        if document.get("prev") != prev:
            raise ChainFault(
                Both(
                    f"第{number}行与前一行不衔接：有行被改动、删去或插入",
                    f"line {number} does not follow from the line before: a line was altered, removed or put in",
                )
            )
        prev = _digest(line)
        if document.get("closing"):
            return _closed(document, lines, number, prev)
    raise ChainFault(Both("缺少收尾行：文件被截断", "the closing line is missing: the file is cut off"))


def closing(raw: bytes) -> tuple[str, int]:
    """The same of what ``chained`` has just made, without reading every line again."""
    lines = raw.splitlines()
    return _digest(lines[-1]), len(lines) - 1


def _read(line: bytes, number: int) -> Mapping[str, Any]:
    try:
        document = jsontext.parse(line)
    except jsontext.JsonError as fault:
        raise ChainFault(Both(f"第{number}行不是JSON：{fault}", f"line {number} is not JSON: {fault}")) from None
    return document if isinstance(document, Mapping) else {}


def _closed(document: Mapping[str, Any], lines: list[bytes], number: int, digest: str) -> tuple[str, int]:
    if number != len(lines):
        raise ChainFault(
            Both(f"收尾行之后还有{len(lines) - number}行", f"{len(lines) - number} lines after the closing line")
        )
    if document.get("count") != number - 1:
        raise ChainFault(
            Both(
                f"收尾行写明{document.get('count')}行，实有{number - 1}行",
                f"the closing line counts {document.get('count')} lines, there are {number - 1}",
            )
        )
    return digest, number - 1


def _digest(line: bytes) -> str:
    return hashlib.sha256(line).hexdigest()
