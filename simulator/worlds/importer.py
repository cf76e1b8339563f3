"""Reads an official drug catalogue: every row becomes a drug or is refused with its reason.

Shapes: see ``simulator.worlds.layouts``; a ZIP with one file of either shape inside (as 9102 sends it) is
opened. Rows are judged one by one, so a bad row never hides a good one; only a file that cannot be read at
all raises.
"""

import io
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from simulator.domain.records import Drug
from simulator.worlds import layouts, rows
from simulator.worlds.rows import BadCell

UNZIPPED_LIMIT_BYTES = 512 * 1024 * 1024
"""A full national table is below 300 MB; more than this is a mistake or an attack."""


class CatalogueError(ValueError):
    """The file as a whole cannot be read as a catalogue."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """A row that is no drug, and why."""

    line: int
    code: str
    field: str
    reason_zh: str
    reason_en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """An assumption made about an accepted row, or about all of them (line 0)."""

    line: int
    code: str
    field: str
    note_zh: str
    note_en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """The outcome: accepted and rejected rows add up to the rows of the file."""

    accepted: tuple[Drug, ...]
    rejected: tuple[Rejected, ...]
    notes: tuple[Noted, ...] = ()


def read_catalogue(path: Path | str, *, rx_flag_if_unknown: str = "1") -> Import:
    """Read a catalogue file.

    ``rx_flag_if_unknown``: what a drug is taken for where the file does not say whether it needs a
    prescription. The default keeps such drugs out of an OTC sale (house).

    Raises:
        CatalogueError: not UTF-8, an unknown layout, or a ZIP that does not hold exactly one file.
        OSError: the file cannot be opened.
    """
    raw = Path(path).read_bytes()
    return read_text(_text(_unzipped(raw)), rx_flag_if_unknown=rx_flag_if_unknown)


def read_text(text: str, *, rx_flag_if_unknown: str = "1") -> Import:
    """Like ``read_catalogue``, for a text at hand."""
    try:
        table = layouts.table(text)
        gathering = _Gathering(table, rx_flag_if_unknown)
        gathering.take(table.rows)
    except layouts.UnknownLayout as error:
        raise CatalogueError(str(error)) from error
    return gathering.outcome()


class _Gathering:
    """Rows seen so far: what was accepted, what was not, and which codes are taken."""

    def __init__(self, table: layouts.Table, rx_flag_if_unknown: str) -> None:
        self._table = table
        self._rx_flag = rx_flag_if_unknown
        self._accepted: list[Drug] = []
        self._rejected: list[Rejected] = []
        self._notes = [
            Noted(line=0, code="", field=field, note_zh=zh, note_en=en)
            for field, zh, en in rows.assumptions(table.columns, rx_flag_if_unknown)
        ]
        self._lines: dict[tuple[str, str], int] = {}

    def take(self, found: Iterable[layouts.Row]) -> None:
        for row in found:
            try:
                self._accept(row)
            except BadCell as bad:
                code = row.values["med_list_codg"]
                rejected = Rejected(line=row.line, code=code, field=bad.field, reason_zh=bad.zh, reason_en=bad.en)
                self._rejected.append(rejected)

    def _accept(self, row: layouts.Row) -> None:
        if row.width is not None:
            wanted = self._table.widths[0]
            raise BadCell("", f"应有 {wanted} 列，实有 {row.width} 列", f"{wanted} columns expected, {row.width} found")
        drug, notes = rows.drug_of(row.values, rx_flag_if_unknown=self._rx_flag)
        self._claim(row.line, {"med_list_codg": drug.med_list_codg, "trace_prefix": drug.trace_prefix})
        self._accepted.append(drug)
        for field, zh, en in notes:
            self._notes.append(Noted(line=row.line, code=drug.med_list_codg, field=field, note_zh=zh, note_en=en))

    def _claim(self, line: int, names: Mapping[str, str]) -> None:
        """A code, and a trace prefix where there is one, names one pack only; a refused row claims nothing."""
        wanted = {(field, value): line for field, value in names.items() if value}
        for field, value in wanted:
            first = self._lines.get((field, value))
            if first is not None:
                raise BadCell(field, f"{value} 已在第 {first} 行出现", f"{value} already stands in line {first}")
        self._lines |= wanted

    def outcome(self) -> Import:
        return Import(accepted=tuple(self._accepted), rejected=tuple(self._rejected), notes=tuple(self._notes))


def _unzipped(raw: bytes) -> bytes:
    if not raw.startswith(b"PK"):
        return raw
    try:
        return _only_member(raw)
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError) as error:
        raise CatalogueError(f"压缩包无法打开 / the ZIP cannot be opened: {error}") from error


def _only_member(raw: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        members = [member for member in archive.infolist() if not member.is_dir()]
        if len(members) != 1:
            names = ", ".join(member.filename for member in members) or "-"
            raise CatalogueError(f"压缩包应只含一个文件 / the ZIP must hold exactly one file, found: {names}")
        if members[0].file_size > UNZIPPED_LIMIT_BYTES:
            raise CatalogueError(f"文件超过 {UNZIPPED_LIMIT_BYTES} 字节 / the file in the ZIP is larger than that")
        return archive.read(members[0])


def _text(raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        place = f"byte {error.start}"
        raise CatalogueError(f"文件不是 UTF-8，请另存为 UTF-8 / not UTF-8 at {place}: save it as UTF-8") from error
