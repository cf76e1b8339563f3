"""Files passed by 9101 and 9102: catalogue downloads, reconciliation lists (institution-interfaces.md 3.2)."""

from base64 import b64decode
from dataclasses import dataclass, replace
from typing import ClassVar

from simulator.domain.moment import DAY_MS
from simulator.domain.ports import Unit
from simulator.domain.refused import Refusal

PUBLIC = "plc"
"""The owner named for a file that every institution may fetch: the downloads of 13xx."""


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file kept for one institution, or for all; ``content`` is emptied when its time is over."""

    KEY: ClassVar[str] = "file_qury_no"
    INDEXES: ClassVar[tuple[str, ...]] = ("expires_ms",)

    file_qury_no: str
    filename: str
    fixmedins_code: str
    """Who may fetch it; ``plc`` for everybody."""
    content: bytes
    expires_ms: int
    """Fetched after this it is refused; 0 once the content is gone."""


def keep(unit: Unit, *, filename: str, fixmedins_code: str, content: bytes) -> File:
    """Store a file under a new query number, for as long as the switch ``file_days`` says.

    The number has the published shape ``fsi/plc/<hex>`` and fits the 30 printed characters; ``org`` stands for an
    institution's own file (house).
    """
    _empty_expired(unit)
    shelf = PUBLIC if fixmedins_code == PUBLIC else "org"
    token = unit.token(f"file/{unit.next_number('file')}", 22).lower()
    file = File(
        file_qury_no=f"fsi/{shelf}/{token}", filename=filename, fixmedins_code=fixmedins_code, content=content,
        expires_ms=unit.now_ms + unit.switches.file_days * DAY_MS,
    )  # fmt: skip
    unit.put(file)
    return file


def fetch(unit: Unit, file_qury_no: str, *, fixmedins_code: str) -> File:
    """A file of this institution, or with ``plc`` a public one; anybody else's is as good as unknown.

    Raises:
        Refusal: ``unknown_file``, ``file_expired``.
    """
    file = unit.get(File, file_qury_no)
    if file is None or file.fixmedins_code != fixmedins_code:
        raise Refusal("unknown_file", "file_qury_no", value=file_qury_no)
    if file.expires_ms <= unit.now_ms:
        raise Refusal("file_expired", "file_qury_no", value=file_qury_no, days=unit.switches.file_days)
    return file


def content(sent: object) -> bytes:
    """The bytes of 9101's ``in``: an array of numbers, signed ones as Java prints them too, or Base64 text.

    Raises:
        Refusal: ``file_bytes``.
    """
    raw = b""
    try:
        if isinstance(sent, str):
            raw = b64decode(sent, validate=True)
        elif isinstance(sent, list) and all(type(one) is int and -128 <= one <= 255 for one in sent):
            raw = bytes(one % 256 for one in sent)
    except ValueError as fault:
        raise Refusal("file_bytes", "in") from fault
    if not raw:
        raise Refusal("file_bytes", "in")
    return raw


def _empty_expired(unit: Unit) -> None:
    """A room does not grow by files that nobody may fetch any more."""
    for file in unit.due(File, "expires_ms", unit.now_ms):
        unit.put(replace(file, content=b"", expires_ms=0))
